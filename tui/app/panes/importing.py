"""The lines of an import's rehearsal: what is new, changed, gone or in conflict, what would be wrong, what to know.

Owns which things stand together, and what is said about each in full.
Invariant: the line of a thing has the key ("item", its path); it is marked while it is to be taken.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from tui.app.panes.tree import AS_IT_IS, HEAD, Branch, Line, View, is_folded, rows
from tui.app.widgets.rows import Cell, Row
from tui.checks.rule import SEVERITIES, Finding
from tui.exchange.comparing.fields import Said, said
from tui.exchange.comparing.words import field_text, says, shown
from tui.exchange.found import Place
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
_NOTICES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not understood": "what stands here could not be read, and nothing of it is taken",
        "left out": "what a topology has no place for",
        "assumed": "what was read as more than it says",
        "missing": "what something here leads to, and no source tells",
        "differs": "two halves of one thing that disagree",
        "secret": "what is never read, kept or shown",
    }
)
"""What a kind of notices means."""


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
        self._keys = {name: [("item", item.path) for item in items] for name, items in self._groups.items()}
        self._said: dict[Path, list[Said]] = {}
        self._texts: dict[Hashable, str] = {}
        self._folder = _folder_of(
            (*(item.place for item in rehearsal.items), *(one.place for one in rehearsal.notices))
        )
        self.takeable: frozenset[Path] = frozenset().union(*self._paths.values())
        """The paths of what can be taken or left out."""

    def taken_by(self, key: Hashable) -> frozenset[Path]:
        """Return the paths of what the line of that key stands for: a thing, or all things of a group."""
        if not isinstance(key, tuple) or key == HEAD:
            return frozenset()
        if key[0] == "group":
            return self._paths.get(key[1], frozenset())
        return frozenset({key[1]}) & self.takeable if key[0] in ("item", "field") else frozenset()

    def is_folded(self, line: Hashable, judgement: Judgement | None, view: View) -> bool | None:
        """Return whether the group of that name, or the line of that key, is folded; None where it cannot be."""
        return is_folded(self._branches(frozenset(), judgement), line, view.toggled)

    def rows(self, left_out: Collection[Path], judgement: Judgement | None, view: View = AS_IT_IS) -> Sequence[Row]:
        """Return the lines; what is in `left_out` is not marked. Without a judgement, findings are still looked for."""
        out, wanted = frozenset(left_out), view.wanted.casefold()

        def marked(key: Hashable) -> bool:
            is_field = isinstance(key, tuple) and key[:1] == ("field",)
            paths = self.taken_by(key)
            return bool(paths) and not is_field and not paths & out

        return rows(
            self.summary(judgement),
            self._branches(out, judgement),
            lambda key: self._line(key, out, judgement).cells,
            view,
            marked=marked,
            holds=lambda key: wanted in self._text(key, judgement),
        )

    def summary(self, judgement: Judgement | None) -> str:
        """Return in one line how much there is, and what would be wrong with it."""
        counts = [f"{self._counts[status]} {word}" for status, word in _WORDS.items() if self._counts[status]]
        found = ", ".join(counts) or "there is nothing that could be imported"
        return f"{found}; {_findings(judgement)}" if self.takeable else found

    def explained(self, key: Hashable, left_out: Collection[Path], judgement: Judgement | None) -> str:
        """Return, in sentences, what is to be said about the line of that key."""
        return "; ".join(filter(None, self._line(key, left_out, judgement).explained()))

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
            below = self._fields if status != "gone" else None
            found.append(Branch(name, title, self._keys[name], _ROLES[status], below, unfolds=status == "changed"))
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

    def _fields(self, key: Any) -> Sequence[Hashable]:
        """The lines below a thing's: what it says, or what changes of it."""
        path = key[1]
        item = self._items[path]
        count = len(item.changes) if item.status == "changed" else len(self._said_by(path))
        return [("field", path, number) for number in range(count)]

    def _said_by(self, path: Path) -> list[Said]:
        if path not in self._said:
            self._said[path] = list(said(self.rehearsal.parts[path]))
        return self._said[path]

    def _field(self, item: Item, number: int) -> str:
        if item.status == "changed":
            return f"{item.changes[number].field}: {field_text(item.changes[number])}"
        one = self._said_by(item.path)[number]
        return f"{one.field}: {shown(one.value)}"

    def prepare(self) -> None:
        """Make what is sought in, which takes a while with ten thousand things; may be called beside the person."""
        for branch in self._branches(frozenset(), None):
            for key in branch.keys:
                self._text(key, None)

    def _text(self, key: Any, judgement: Judgement | None) -> str:
        """What a line holds, as it is sought."""
        text = self._texts.get(key)
        if text is None:
            text = "\n".join(cell.text for cell in self._line(key, (), judgement).cells).casefold()
            if key[0] not in ("finding", "more"):  # another judgement has others of these
                self._texts[key] = text
        return text

    def _line(self, key: Any, left_out: Collection[Path], judgement: Judgement | None) -> Line:
        match key:
            case ("item", path):
                return self._item_line(self._items[path], left_out, judgement)
            case ("field", path, number):
                item, told = self._items[path], self._field(self._items[path], number)
                # One cell spans the line: values are long, and what differs stands at their ends.
                return Line((Cell(told),), lambda: (f"{key_path(path)} is {item.status}", told))
            case ("absent", path):
                return Line((Cell(_name(path)), Cell(noun(path)), Cell("")), partial(_absent, path))
            case ("notice", int(number)):
                notice = self.rehearsal.notices[number]
                told = f"{notice.kind}: {notice.text}"
                return Line(
                    (Cell(f"{notice.text} ({self._found_in(notice.place)})"),), lambda: (told, str(notice.place))
                )
            case ("finding", int(number)) if judgement is not None and number < len(judgement.new):
                return _finding_line(judgement.new[number])
            case ("more",) if judgement is not None:
                more = len(judgement.new) - _MOST_FINDINGS
                told = f"and {more} more: the problems (6) have them once it is taken"
                return Line((Cell(told, "muted"),), lambda: (told,))
            case ("head",):
                return Line((Cell(""),), lambda: (self.summary(judgement),))
            case ("group", str(name)):
                return Line((Cell(""),), lambda: (self._of_group(name),))
        return Line((Cell(""),))

    def _item_line(self, item: Item, left_out: Collection[Path], judgement: Judgement | None) -> Line:
        path = item.path
        if item.status == "conflict":
            return Line((Cell(f"{_name(path)}: {item.why}"),), partial(self._of_item, item, "is in conflict"))
        what, became = Cell(self._what(item)), f"is {item.status}"
        if path in left_out and judgement is not None and path in judgement.needed:
            what = Cell("comes along: what is taken leads to it", "muted")
            became = "was left out and comes along: something that is taken leads to it"
        elif path in left_out:
            became = "is left out"
        cells = Cell(_name(path)), what, Cell(_short(item.place), "muted")
        return Line(cells, partial(self._of_item, item, became))

    def _what(self, item: Item) -> str:
        if item.status == "new":
            return says(self.rehearsal.parts[item.path])
        if item.status == "changed":
            return "1 field" if len(item.changes) == 1 else f"{len(item.changes)} fields"
        return "not in Azure any more"

    def _of_item(self, item: Item, became: str) -> Iterator[str]:
        yield f"{key_path(item.path)} {became}"
        if item.status in ("new", "changed"):
            count = len(self._said_by(item.path) if item.status == "new" else item.changes)
            yield from (self._field(item, number) for number in range(count))
        if item.why:
            yield item.why
        if item.place is not None:
            yield f"from {self._found_in(item.place)}"

    def _found_in(self, place: Place | None) -> str:
        """Where something was found, without the folder that all sources share: "prod/list.json: [3]"."""
        return str(place).removeprefix(self._folder) if place is not None else ""

    def _of_group(self, name: str) -> str:
        if name in self._groups:
            return f"{_count(len(self._groups[name]))}: space leaves all of it out, or takes it; left and right fold"
        if name == "conflict":
            return "sources or the file disagree about these: they stay as they are, whatever is taken"
        if name == "absent":
            return "deployed according to the file, and the sources do not tell of it: it stays, unless p takes it out"
        if name == "findings":
            return "what would be wrong then, and is not wrong now"
        return _NOTICES.get(name.removeprefix("notice "), "")


def _name(path: Path) -> str:
    """What a thing is called below the title of its group."""
    return path[-1] if len(path) == 2 else noun(path)


def _absent(path: Path) -> Iterator[str]:
    yield f"{key_path(path)} is deployed according to the file, and the sources do not tell of it"
    yield "p takes out what is so; planned things always stay"


def _finding_line(one: Finding) -> Line:
    waived = f" (waived: {one.waived})" if one.waived is not None else ""
    told = f"{one.severity} {one.code} {one.message}"
    more = f"it is accepted: {one.waived}" if waived else f"what to do: {one.help}" if one.help else ""
    return Line((Cell(f"{told}{waived}", one.severity),), lambda: (told, more))


def _findings(judgement: Judgement | None) -> str:
    if judgement is None:
        return "checking what would be wrong then"
    count = Counter(finding.severity for finding in judgement.new if finding.waived is None)
    new = [f"{count[one]} {one}{'s' if count[one] != 1 and one != 'info' else ''}" for one in SEVERITIES if count[one]]
    gone = f", {judgement.gone} of the present ones {'goes' if judgement.gone == 1 else 'go'}" if judgement.gone else ""
    return f"new findings: {', '.join(new) or 'none'}{gone}"


def _count(number: int) -> str:
    return "1 thing" if number == 1 else f"{number} things"


def _short(place: Place | None) -> str:
    """Where something was found, without any folder: a column has no room for more than "list.json: [3]"."""
    if place is None:
        return ""
    name = os.path.basename(place.source) or place.source
    return f"{name}: {place.where}" if place.where else name


def _folder_of(places: Iterable[Place | None]) -> str:
    """The folder that all sources lie in, as the beginning of their names; empty where there is none."""
    folders = {os.path.dirname(source) for source in {place.source for place in places if place is not None}}
    same = os.path.commonpath(folders) if folders and len({os.path.isabs(one) for one in folders}) == 1 else ""
    return os.path.join(same, "") if same else ""
