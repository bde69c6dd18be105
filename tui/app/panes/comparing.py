"""The lines of a comparison: what came, went and changed between two topologies, with findings and gateways.

Owns which things stand together, and where in the open topology a line leads.
Invariant: every thing that the difference names has a line; the line of a field stands below its thing's.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from tui.app.panes.tree import AS_IT_IS, Branch, Line, View, is_folded, rows
from tui.app.widgets.rows import Cell, Row
from tui.checks.rule import Finding
from tui.exchange.comparing.difference import Difference, Meter, Thing
from tui.exchange.comparing.fields import FieldChange, Said, said
from tui.exchange.comparing.words import bandwidth_text, field_text, name_of, says, shown, summary, tunnels_text
from tui.topology.parts import Path


class Comparison:
    """A difference, in lines."""

    def __init__(self, difference: Difference, *, title: str, shortcoming: str = "") -> None:
        """`title` says what is compared, the earlier first; `shortcoming` why it is not all of it."""
        self.difference, self.title, self.shortcoming = difference, title, shortcoming
        self._said: dict[Hashable, list[Said]] = {}
        self._texts: dict[Hashable, str] = {}
        self._branches = list(self._grouped())

    def is_folded(self, line: Hashable, view: View) -> bool | None:
        """Return whether the group of that name, or the line of that key, is folded; None where it cannot be."""
        return is_folded(self._branches, line, view.toggled)

    def rows(self, view: View = AS_IT_IS) -> Sequence[Row]:
        """Return the lines."""
        told = "no difference" if self.difference.same else summary(self.difference)
        if self.shortcoming:
            told = f"{told}; {self.shortcoming}"
        wanted = view.wanted.casefold()

        def holds(key: Hashable) -> bool:
            return wanted in self._text(key)

        return rows(told, self._branches, lambda key: self._line(key).cells, view, holds=holds)

    def paths(self, key: Hashable) -> tuple[Path, ...]:
        """Return where the line of that key leads: the places of what it is about, the likeliest first."""
        return self._line(key).paths

    def explained(self, key: Hashable) -> str:
        """Return, in sentences, what is to be said about the line of that key."""
        return "; ".join(filter(None, self._line(key).explained()))

    def _grouped(self) -> Iterator[Branch]:
        found = self.difference
        groups: tuple[tuple[str, str, Sequence[object], str], ...] = (
            ("added", "added", found.added, "free"),
            ("removed", "removed", found.removed, "retiring"),
            ("changed", "changed", found.changed, "warning"),
            ("renamed", "renamed", found.renamed, "warning"),
            ("new", "new findings", found.findings_new, "error"),
            ("gone", "findings gone", found.findings_gone, "ok"),
            ("meter", "gateways", found.meters, "gateway"),
        )
        for name, title, things, role in groups:
            if things:
                keys = [(name, number) for number in range(len(things))]
                below = self._fields if name in ("added", "removed", "changed") else None
                yield Branch(name, f"{title} ({len(things)})", keys, role, below, unfolds=name == "changed")

    def _fields(self, key: Any) -> Sequence[Hashable]:
        """The lines below a thing's: its fields."""
        which, number = key
        count = len(self.difference.changed[number].fields if which == "changed" else self._said_by(which, number))
        return [("field", which, number, place) for place in range(count)]

    def _thing(self, which: str, number: int) -> Thing:
        return (self.difference.added if which == "added" else self.difference.removed)[number]

    def _said_by(self, which: str, number: int) -> list[Said]:
        key = which, number
        if key not in self._said:
            self._said[key] = list(said(self._thing(which, number).part))
        return self._said[key]

    def _thing_explained(self, which: str, number: int) -> Iterator[str]:
        yield f"{name_of(self._thing(which, number).path)} was {which}"
        yield from map(_said, self._said_by(which, number))

    def prepare(self) -> None:
        """Make what is sought in, which takes a while with ten thousand things; may be called beside the person."""
        for branch in self._branches:
            for key in branch.keys:
                self._text(key)

    def _text(self, key: Hashable) -> str:
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = "\n".join(cell.text for cell in self._line(key).cells).casefold()
        return text

    def _line(self, key: Any) -> Line:
        found = self.difference
        match key:
            case ("head",) | ("group", _):
                return Line((Cell(""),), lambda: (self.title, self.shortcoming))
            case (("added" | "removed") as which, int(number)):
                thing = self._thing(which, number)
                cells = Cell(name_of(thing.path)), Cell(says(thing.part))
                return Line(cells, partial(self._thing_explained, which, number), (thing.path,))
            case ("field", ("added" | "removed") as which, int(number), int(place)):
                thing, one = self._thing(which, number), self._said_by(which, number)[place]
                told = f"{name_of(thing.path)} was {which}", _said(one)
                return Line((Cell(one.field, "muted"), Cell(shown(one.value))), lambda: told, (thing.path,))
            case ("renamed", int(number)):
                old, new = found.renamed[number]
                cells = Cell(name_of(new)), Cell(f"was {name_of(old)}")
                return Line(cells, lambda: (f"{name_of(new)} was {name_of(old)}",), (new, old))
            case ("changed", int(number)):
                path, fields = found.changed[number]
                count = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
                return Line((Cell(name_of(path)), Cell(count, "muted")), partial(_changed, path, fields), (path,))
            case ("field", "changed", int(number), int(place)):
                path, fields = found.changed[number]
                change = fields[place]
                cells = Cell(change.field, "muted"), Cell(field_text(change))
                return Line(cells, partial(_changed, path, (change,)), (path,))
            case (("new" | "gone") as which, int(number)):
                return _finding_line((found.findings_new if which == "new" else found.findings_gone)[number], which)
            case ("meter", int(number)):
                vnet, before, after = found.meters[number]
                meters = _meters(before, after)
                explained = (f"the gateway of {vnet}: {meters}",)
                return Line((Cell(vnet), Cell(meters)), lambda: explained, (("vnets", vnet, "gateway"),))
        return Line((Cell(""),))


def _changed(path: Path, fields: Iterable[FieldChange]) -> Iterator[str]:
    yield f"{name_of(path)} has changed"
    yield from (f"{one.field}: {field_text(one)}" for one in fields)


def _said(one: Said) -> str:
    return f"{one.field}: {shown(one.value)}"


def _finding_line(finding: Finding, which: str) -> Line:
    waived = f" (waived: {finding.waived})" if finding.waived is not None else ""
    text = f"{finding.severity} {finding.code} {finding.message}"

    def explained() -> Iterator[str]:
        yield text
        if which == "new" and finding.help and finding.waived is None:
            yield f"what to do: {finding.help}"
        if finding.waived is not None:
            yield f"it is accepted: {finding.waived}"

    return Line((Cell(f"{text}{waived}", finding.severity),), explained, finding.where)


def _meters(before: Meter | None, after: Meter | None) -> str:
    tunnels = f"tunnels {tunnels_text(before)} → {tunnels_text(after)}"
    return f"{tunnels}, {bandwidth_text(before)} → {bandwidth_text(after)} Mbps"
