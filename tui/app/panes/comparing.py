"""The lines of a comparison: what came, went and changed between two topologies, with findings and gateways.

Owns which things stand together, and where in the open topology a line leads.
Invariant: every thing that the difference names has a line; the line of a field stands below its thing's.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence

from tui.app.panes.tree import Branch, folded, rows
from tui.app.widgets.rows import Cell, Row
from tui.checks.rule import Finding
from tui.exchange.comparing.difference import Difference, Meter
from tui.exchange.comparing.text import bandwidth_of, field_text, name_of, says, summary, tunnels_of
from tui.topology.parts import Path


class Comparison:
    """A difference, in lines."""

    def __init__(self, difference: Difference, *, title: str) -> None:
        """`title` says what is compared, the earlier first."""
        self.difference, self.title = difference, title
        self._branches = list(self._grouped())

    def closed(self, toggled: Collection[str]) -> frozenset[str]:
        """Return the names of the groups that are folded."""
        return folded(self._branches, toggled)

    def rows(self, toggled: Collection[str] = (), *, ascii_only: bool = False) -> Sequence[Row]:
        """Return the lines."""
        said = "no difference" if self.difference.same else summary(self.difference)
        return rows(said, self._branches, self._cells, closed=self.closed(toggled), ascii_only=ascii_only)

    def paths(self, key: Hashable) -> tuple[Path, ...]:
        """Return where the line of that key leads: the places of what it is about, the likeliest first."""
        found = self.difference
        match key:
            case ("added", int(number)):
                return (found.added[number].path,)
            case ("removed", int(number)):
                return (found.removed[number].path,)
            case ("renamed", int(number)):
                return (found.renamed[number].new, found.renamed[number].old)
            case ("changed" | "field", int(number), *_):
                return (found.changed[number].path,)
            case (("new" | "gone") as which, int(number)):
                return self._finding(which, number).where
            case ("meter", int(number)):
                return (("vnets", found.meters[number].vnet, "gateway"),)
        return ()

    def explained(self, key: Hashable) -> str:
        """Return, in sentences, what is to be said about the line of that key."""
        return "; ".join(filter(None, self._explained(key)))

    def _grouped(self) -> Iterator[Branch]:
        found = self.difference
        changed: list[Hashable] = []
        for number, one in enumerate(found.changed):
            changed.append(("changed", number))
            changed += (("field", number, place) for place in range(len(one.fields)))
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
                keys = changed if name == "changed" else [(name, number) for number in range(len(things))]
                yield Branch(name, f"{title} ({len(things)})", keys, role)

    def _cells(self, key: Hashable) -> tuple[Cell, ...]:
        found = self.difference
        match key:
            case ("added", int(number)):
                return (Cell(f"  {name_of(found.added[number].path)}"), Cell(says(found.added[number].part)))
            case ("removed", int(number)):
                return (Cell(f"  {name_of(found.removed[number].path)}"), Cell(says(found.removed[number].part)))
            case ("renamed", int(number)):
                renamed = found.renamed[number]
                return (Cell(f"  {name_of(renamed.new)}"), Cell(f"was {name_of(renamed.old)}"))
            case ("changed", int(number)):
                fields = found.changed[number].fields
                count = "1 field" if len(fields) == 1 else f"{len(fields)} fields"
                return (Cell(f"  {name_of(found.changed[number].path)}"), Cell(count, "muted"))
            case ("field", int(number), int(place)):
                field = found.changed[number].fields[place]
                return (Cell(f"    {field.field}", "muted"), Cell(field_text(field)))
            case ("meter", int(number)):
                meter = found.meters[number]
                return (Cell(f"  {meter.vnet}"), Cell(_meters(meter.before, meter.after)))
            case (("new" | "gone") as which, int(number)):
                one = self._finding(which, number)
                waived = f" (waived: {one.waived})" if one.waived is not None else ""
                return (Cell(f"  {one.severity} {one.code} {one.message}{waived}", one.severity),)
        return (Cell(""),)

    def _finding(self, which: str, number: int) -> Finding:
        return (self.difference.findings_new if which == "new" else self.difference.findings_gone)[number]

    def _explained(self, key: Hashable) -> Iterator[str]:
        match key:
            case ("head",) | ("group", _):
                yield self.title
            case ("changed", int(number)):
                yield f"{name_of(self.difference.changed[number].path)} has changed"
                yield from (f"{one.field}: {field_text(one)}" for one in self.difference.changed[number].fields)
            case ("field", int(number), int(place)):
                changed = self.difference.changed[number]
                yield f"{name_of(changed.path)} has changed"
                yield f"{changed.fields[place].field}: {field_text(changed.fields[place])}"
            case (("added" | "removed") as which, int()):
                cells = self._cells(key)
                yield f"{cells[0].text.strip()} was {which}"
                yield cells[1].text
            case ("renamed", int()):
                cells = self._cells(key)
                yield f"{cells[0].text.strip()} {cells[1].text}"
            case (("new" | "gone") as which, int(number)):
                one = self._finding(which, number)
                yield f"{one.severity} {one.code} {one.message}"
                if which == "new" and one.help:
                    yield f"what to do: {one.help}"
                if one.waived is not None:
                    yield f"it is accepted: {one.waived}"
            case ("meter", int()):
                cells = self._cells(key)
                yield f"the gateway of {cells[0].text.strip()}: {cells[1].text}"


def _meters(before: Meter | None, after: Meter | None) -> str:
    tunnels = f"tunnels {tunnels_of(before)} → {tunnels_of(after)}"
    return f"{tunnels}, {bandwidth_of(before)} → {bandwidth_of(after)} Mbps"
