"""A difference as text for a terminal.

Owns the layout: a sign, the name of a thing, and its fields below each other.
Invariant: every line is one line, told apart by signs and words, never by colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui.checks.rule import Finding
from tui.display import displayable, padded, width
from tui.exchange.comparing.difference import Difference, MeterChange, Thing
from tui.exchange.comparing.fields import said
from tui.exchange.comparing.words import bandwidth_text, field_text, name_of, shown, summary, tunnels_text

_WIDEST = 44
"""Columns for the names of things; a longer one pushes its line to the right."""


def text(difference: Difference, before: str, after: str) -> Iterator[str]:
    """Yield the difference of what is called `before` and `after`, line by line, for a terminal."""
    if difference.same:
        yield "no difference"
        return
    yield displayable(f"{before} → {after}")
    yield ""
    rows = list(_rows(difference))
    room = min(_WIDEST, max(width(name) for _, name, _ in rows))
    for sign, name, told in rows:
        for number, line in enumerate(told or [""]):
            head = f"{sign} {padded(name, room)}" if not number else " " * (max(room, width(name)) + 2)
            yield f"{head}  {line}".rstrip()
    if difference.findings_new or difference.findings_gone:
        yield ""
        yield "findings"
        yield from (_finding_line("+", finding) for finding in difference.findings_new)
        yield from (_finding_line("-", finding) for finding in difference.findings_gone)
    if difference.meters:
        yield ""
        yield "gateways"
        yield from _meter_lines(difference.meters)
    yield ""
    yield summary(difference)


def _rows(difference: Difference) -> Iterator[tuple[str, str, list[str]]]:
    """Sign, name and lines of each thing."""
    for thing in difference.added:
        yield "+", name_of(thing.path), _said(thing)
    for renamed in difference.renamed:
        yield "~", name_of(renamed.new), [f"was {name_of(renamed.old)}"]
    for path, fields in difference.changed:
        yield "~", name_of(path), _aligned([(one.field, field_text(one)) for one in fields])
    for thing in difference.removed:
        yield "-", name_of(thing.path), _said(thing)


def _said(thing: Thing) -> list[str]:
    """All that a thing says, for nothing else tells of it."""
    return _aligned([(one.field, shown(one.value)) for one in said(thing.part)])


def _aligned(fields: Iterable[tuple[str, str]]) -> list[str]:
    told = [(displayable(field), value) for field, value in fields]
    room = max((width(field) for field, _ in told), default=0)
    return [f"{padded(field, room)}  {value}" for field, value in told]


def _finding_line(sign: str, finding: Finding) -> str:
    waived = f" [waived: {finding.waived}]" if finding.waived is not None else ""
    return displayable(f"{sign} {finding.severity} {finding.code} {finding.message}{waived}")


def _meter_lines(meters: Sequence[MeterChange]) -> Iterator[str]:
    names = [displayable(one.vnet) for one in meters]
    room = min(_WIDEST, max(map(width, names)))
    for name, one in zip(names, meters, strict=True):
        sign = "+" if one.before is None else "-" if one.after is None else "~"
        tunnels = f"tunnels {tunnels_text(one.before)} → {tunnels_text(one.after)}"
        bandwidth = f"bandwidth {bandwidth_text(one.before)} → {bandwidth_text(one.after)} Mbps"
        yield f"{sign} {padded(name, room)}  {tunnels}, {bandwidth}"
