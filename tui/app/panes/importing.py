"""The lines of an import's rehearsal: what is new, changed, gone or in conflict, what would be wrong, what to know.

Owns which things stand together, and what is said about each in full.
Invariant: the line of a thing has the key ("item", its path); it is marked while it is to be taken.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from tui.app.panes.tree import HEAD, Branch, folded, rows
from tui.app.widgets.rows import Cell, Row
from tui.checks.rule import SEVERITIES, Finding, listed
from tui.exchange.comparing.text import says
from tui.exchange.found import Place
from tui.exchange.rehearsing.changed_fields import FieldChange
from tui.exchange.rehearsing.rehearsal import TABLES, Item, Rehearsal, Status
from tui.topology.edits import noun
from tui.topology.keypath import key_path
from tui.topology.parts import Path

_TITLES = {"vnets": "VNets"}
_ROLES = {"new": "free", "changed": "warning", "gone": "retiring", "conflict": "error"}
_WORDS: Final[Mapping[Status, str]] = MappingProxyType(
    {"new": "new", "changed": "changed", "gone": "gone", "identical": "identical", "conflict": "in conflict"}
)
_TAKEABLE = ("new", "changed", "gone")
_MOST_FINDINGS = 50


class Judgement(NamedTuple):
    """What follows from taking what is marked."""

    new: tuple[Finding, ...]
    """Findings that the result would have, and the topology has not, gravest first."""
    gone: int
    """How many the result would have no more."""
    needed: frozenset[Path]
    """What was left out, and comes along because something that is taken leads to it."""


class Proposal:
    """A rehearsal, in lines."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self._items = {item.path: item for item in rehearsal.items}
        self._counts = Counter(item.status for item in rehearsal.items)
        groups: dict[str, list[Item]] = {}
        for item in rehearsal.items:
            if item.status in _TAKEABLE:
                groups.setdefault(f"{item.status} {item.path[0]}", []).append(item)
        names = (f"{status} {table}" for status in _TAKEABLE for table in TABLES)
        self._groups = {name: groups[name] for name in names if name in groups}
        self._paths = {name: frozenset(item.path for item in items) for name, items in self._groups.items()}
        self._keys = {name: tuple(_keys(items)) for name, items in self._groups.items()}
        self.takeable: frozenset[Path] = frozenset().union(*self._paths.values())
        """The paths of what can be taken or left out."""

    def taken_by(self, key: Hashable) -> frozenset[Path]:
        """Return the paths of what the line of that key stands for: a thing, or all things of a group."""
        if not isinstance(key, tuple) or key == HEAD:
            return frozenset()
        if key[0] == "group":
            return self._paths.get(key[1], frozenset())
        return frozenset({key[1]}) & self.takeable if key[0] in ("item", "change") else frozenset()

    def closed(self, toggled: Collection[str]) -> frozenset[str]:
        """Return the names of the groups that are folded."""
        return folded(self._branches(frozenset(), None), toggled)

    def rows(
        self,
        left_out: Collection[Path],
        judgement: Judgement | None,
        toggled: Collection[str] = (),
        *,
        ascii_only: bool = False,
    ) -> Sequence[Row]:
        """Return the lines; what is in `left_out` is not marked. Without a judgement, findings are still looked for."""
        out = frozenset(left_out)
        branches = self._branches(out, judgement)

        def marked(key: Hashable) -> bool:
            is_change = isinstance(key, tuple) and key[:1] == ("change",)
            paths = self.taken_by(key)
            return bool(paths) and not is_change and not paths & out

        return rows(
            self.summary(judgement),
            branches,
            lambda key: self._cells(key, out, judgement),
            closed=folded(branches, toggled),
            marked=marked,
            ascii_only=ascii_only,
        )

    def summary(self, judgement: Judgement | None) -> str:
        """Return in one line how much there is, and what would be wrong with it."""
        counts = [f"{self._counts[status]} {word}" for status, word in _WORDS.items() if self._counts[status]]
        found = ", ".join(counts) or "there is nothing that could be imported"
        return f"{found}; {_findings(judgement)}" if self.takeable else found

    def explained(self, key: Hashable, left_out: Collection[Path], judgement: Judgement | None) -> str:
        """Return, in sentences, what is to be said about the line of that key."""
        return "; ".join(filter(None, self._explained(key, left_out, judgement)))

    def why_not(self, key: Any) -> str:
        """Return why what the line of that key stands for cannot be taken or left out."""
        match key:
            case ("item", path):
                return f"it is in conflict and stays as it is: {self._items[path].why}"
            case ("group", "conflict"):
                return "what is in conflict stays as it is"
            case ("absent", path):
                return f"{key_path(path)} stays; p takes out what is not in Azure any more"
        return "there is nothing to take here, or to leave out"

    def _branches(self, left_out: frozenset[Path], judgement: Judgement | None) -> list[Branch]:
        found = []
        for name, items in self._groups.items():
            status, table = name.split(" ")
            out = len(self._paths[name] & left_out)
            count = f"{len(items) - out} of {len(items)}" if out else str(len(items))
            title = f"{status} {_TITLES.get(table, table)} ({count})"
            found.append(Branch(name, title, self._keys[name], _ROLES[status]))
        conflicts = [("item", item.path) for item in self.rehearsal.items if item.status == "conflict"]
        if conflicts:
            found.append(Branch("conflict", f"in conflict: stays as it is ({len(conflicts)})", conflicts, "error"))
        if self.rehearsal.absent:
            absent = [("absent", path) for path in self.rehearsal.absent]
            found.append(Branch("absent", f"not in Azure any more: stays, p takes it out ({len(absent)})", absent))
        if judgement is not None and judgement.new:
            named = min(len(judgement.new), _MOST_FINDINGS)
            keys: list[Hashable] = [("finding", number) for number in range(named)]
            if named < len(judgement.new):
                keys.append(("more",))
            found.append(Branch("findings", f"new findings ({len(judgement.new)})", keys))
        by_kind: dict[str, list[Hashable]] = {}
        for number, notice in enumerate(self.rehearsal.notices):
            by_kind.setdefault(notice.kind, []).append(("notice", number))
        found += (Branch(f"notice {kind}", f"{kind} ({len(keys)})", keys) for kind, keys in by_kind.items())
        return found

    def _cells(self, key: Any, left_out: Collection[Path], judgement: Judgement | None) -> tuple[Cell, ...]:
        match key:
            case ("item", path):
                item = self._items[path]
                if item.status == "conflict":
                    return (Cell(f"  {_name(path)}: {item.why}"),)
                if path in left_out and judgement is not None and path in judgement.needed:
                    what = Cell("comes along: what is taken leads to it", "muted")
                else:
                    what = Cell(self._what(item))
                return (Cell(f"  {_name(path)}"), what, Cell(_short(item.place), "muted"))
            case ("change", path, number):
                change = self._items[path].changes[number]
                # One cell spans the line: values are long, and what differs stands at their ends.
                return (Cell(f"    {_change(change)}"),)
            case ("absent", path):
                return (Cell(f"  {_name(path)}"), Cell(noun(path)), Cell(""))
            case ("notice", int(number)):
                notice = self.rehearsal.notices[number]
                return (Cell(f"  {notice.text} ({_short(notice.place)})"),)
            case ("finding", int(number)) if judgement is not None:
                one = judgement.new[number]
                return (Cell(f"  {one.severity} {one.code} {one.message}", one.severity),)
        more = len(judgement.new) - _MOST_FINDINGS if judgement is not None else 0
        return (Cell(f"  and {more} more: the problems (6) have them once it is taken", "muted"),)

    def _what(self, item: Item) -> str:
        if item.status == "new":
            return says(self.rehearsal.parts[item.path])
        if item.status == "changed":
            return "1 field" if len(item.changes) == 1 else f"{len(item.changes)} fields"
        return "not in Azure any more"

    def _explained(self, key: Any, left_out: Collection[Path], judgement: Judgement | None) -> Iterator[str]:
        match key:
            case ("item" | "change", path, *_):
                yield from self._of_item(self._items[path], left_out, judgement)
            case ("absent", path):
                yield f"{key_path(path)} is deployed according to the file, and the sources do not tell of it"
                yield "p takes out what is so; planned things always stay"
            case ("notice", int(number)):
                notice = self.rehearsal.notices[number]
                yield f"{notice.kind}: {notice.text}"
                yield str(notice.place)
            case ("finding", int(number)) if judgement is not None and number < len(judgement.new):
                one = judgement.new[number]
                yield f"{one.severity} {one.code} {one.message}"
                if one.help:
                    yield f"what to do: {one.help}"
            case ("group", str(name)) if name in self._groups:
                yield f"{_count(len(self._groups[name]))}: space leaves all of it out, or takes it; left and right fold"
            case ("head",):
                yield self.summary(judgement)

    def _of_item(self, item: Item, left_out: Collection[Path], judgement: Judgement | None) -> Iterator[str]:
        path = item.path
        if path in left_out and judgement is not None and path in judgement.needed:
            yield f"{key_path(path)} was left out and comes along: something that is taken leads to it"
        elif path in left_out:
            yield f"{key_path(path)} is left out"
        else:
            yield f"{key_path(path)} is {'in conflict' if item.status == 'conflict' else item.status}"
        if item.status == "new":
            part = self.rehearsal.parts[path]
            yield says(part)
            if getattr(part, "subnets", None):
                yield f"subnets: {listed(part.subnets)}"
            if getattr(part, "gateway", None) is not None:
                yield f"gateway {part.gateway.sku or ''}".rstrip()
        yield from map(_change, item.changes)
        if item.why:
            yield item.why
        if item.place is not None:
            yield f"from {item.place}"


def _keys(items: Sequence[Item]) -> Iterator[Hashable]:
    for item in items:
        yield "item", item.path
        if item.status == "changed":
            yield from (("change", item.path, number) for number in range(len(item.changes)))


def _change(change: FieldChange) -> str:
    return f"{change.field}: {change.before or 'nothing'} -> {change.after or 'nothing'}"


def _name(path: Path) -> str:
    """What a thing is called below the title of its group."""
    return path[-1] if len(path) == 2 else noun(path)


def _findings(judgement: Judgement | None) -> str:
    if judgement is None:
        return "checking what would be wrong then"
    count = Counter(finding.severity for finding in judgement.new)
    new = [f"{count[one]} {one}{'s' if count[one] != 1 and one != 'info' else ''}" for one in SEVERITIES if count[one]]
    gone = f", {judgement.gone} of the present ones {'goes' if judgement.gone == 1 else 'go'}" if judgement.gone else ""
    return f"new findings: {', '.join(new) or 'none'}{gone}"


def _count(number: int) -> str:
    return "1 thing" if number == 1 else f"{number} things"


def _short(place: Place | None) -> str:
    """Where something was found, without the folder: "list.json: [3]"."""
    if place is None:
        return ""
    name = os.path.basename(place.source) or place.source
    return f"{name}: {place.where}" if place.where else name
