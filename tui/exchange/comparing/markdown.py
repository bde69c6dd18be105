"""A difference as Markdown, for a pull request.

Owns the layout, how foreign text stays text in it (it stands in code spans alone, in which neither Markdown nor HTML
nor a mention or a link of the forge means anything), and how much of it a forge takes as one comment.
Invariant: every line is one line, and what is left out is counted where it would stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tui.checks.rule import Finding
from tui.display import displayable
from tui.exchange.comparing.difference import Changed, Difference, MeterChange, Renamed, Thing
from tui.exchange.comparing.fields import FieldChange, said
from tui.exchange.comparing.words import (
    NOTHING,
    bandwidth_text,
    name_of,
    shown,
    summary,
    tunnels_text,
)

MOST_CHARACTERS = 60_000
"""GitHub takes 65,536 characters as a comment; the rest is for words around it."""

_MOST_BACKTICKS = 60
"""Longer runs are written out: renderers stop looking for the end of a code span that begins with some 80."""


def markdown(difference: Difference, before: str, after: str, *, whole: bool = False) -> Iterator[str]:
    """Yield the difference of what is called `before` and `after`, line by line, as Markdown for a pull request.

    Its tables are cut so that it fits into one comment of a forge, unless `whole`.
    """
    yield f"## Difference of {code(before, in_table=False)} and {code(after, in_table=False)}"
    yield ""
    if difference.same:
        yield "No difference."
        return
    yield f"{summary(difference)}."
    tables = [table for table in _tables(difference) if table.rows]
    for table, room in zip(tables, _rooms([table.size for table in tables]), strict=True):
        yield from table.lines(None if whole else room)


def code(foreign: str, *, in_table: bool = True) -> str:
    """Return foreign text as a code span of Markdown, or the word for an empty one."""
    foreign = displayable(foreign)
    if not foreign:
        return NOTHING
    longest = max(map(len, re.findall("`+", foreign)), default=0)
    if longest > _MOST_BACKTICKS:
        foreign, longest = foreign.replace("`", "\\x60"), 0
    # One space at either end is the fence's own, where there is one at both.
    pad = " " if foreign[0] == "`" or foreign[-1] == "`" or (foreign[0] == foreign[-1] == " " != foreign) else ""
    if in_table:
        foreign = foreign.replace("|", "\\|")
    fence = "`" * (longest + 1)
    return f"{fence}{pad}{foreign}{pad}{fence}"


class _Table(NamedTuple):
    """A table under a title; each row is a line."""

    title: str
    columns: Sequence[str]
    rows: list[str]

    @property
    def size(self) -> int:
        """How many characters all its rows have."""
        return sum(map(len, self.rows)) + len(self.rows)

    def lines(self, room: int | None) -> Iterator[str]:
        """Yield the rows that have room, and how many there are besides."""
        yield from ("", f"### {self.title}", "")
        yield from (f"| {' | '.join(self.columns)} |", f"|{' --- |' * len(self.columns)}")
        for number, row in enumerate(self.rows):
            room = room - len(row) - 1 if room is not None else None
            if room is not None and room < 0:
                left = len(self.rows) - number
                yield ""
                yield f"{left} more of {len(self.rows)} rows are left out: `--verbose` writes them all."
                return
            yield row


def _rooms(sizes: Sequence[int]) -> list[int]:
    """The characters for each table: all that the small ones need, and the large ones share the rest alike."""
    rooms, left = [0] * len(sizes), MOST_CHARACTERS
    for taken, place in enumerate(sorted(range(len(sizes)), key=sizes.__getitem__)):
        rooms[place] = min(sizes[place], left // (len(sizes) - taken))
        left -= rooms[place]
    return rooms


def _tables(difference: Difference) -> Iterator[_Table]:
    fields, findings = ("thing", "field", "value"), ("severity", "code", "finding")
    meters = ("gateway", "tunnels before", "tunnels after", "Mbps before", "Mbps after")
    yield _table("Added", fields, _thing_rows(difference.added))
    yield _table("Renamed", ("before", "after"), map(_renamed_row, difference.renamed))
    yield _table("Changed", ("thing", "field", "before", "after"), _changed_rows(difference.changed))
    yield _table("Removed", fields, _thing_rows(difference.removed))
    yield _table("New findings", findings, (_finding_row(one, "waived") for one in difference.findings_new))
    yield _table("Findings gone", findings, (_finding_row(one, "waived now") for one in difference.findings_gone))
    yield _table("Gateways", meters, map(_meter_row, difference.meters))


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> _Table:
    return _Table(title, columns, [f"| {' | '.join(row)} |" for row in rows])


def _thing_rows(things: Iterable[Thing]) -> Iterator[tuple[str, str, str]]:
    for thing in things:
        name = code(name_of(thing.path))
        told = [(name, code(one.field), code(shown(one.value))) for one in said(thing.part)]
        yield from told or [(name, NOTHING, NOTHING)]


def _renamed_row(renamed: Renamed) -> tuple[str, str]:
    return code(name_of(renamed.old)), code(name_of(renamed.new))


def _changed_rows(changed: Iterable[Changed]) -> Iterator[tuple[str, str, str, str]]:
    for path, fields in changed:
        thing = code(name_of(path)) if path else name_of(path)
        for one in fields:
            yield thing, code(one.field), *_before_and_after(one)


def _before_and_after(change: FieldChange) -> tuple[str, str]:
    if change.came or change.went:
        went = ", ".join(f"− {code(shown(item))}" for item in change.went)
        came = ", ".join(f"+ {code(shown(item))}" for item in change.came)
        return went or NOTHING, came or NOTHING
    before, after = (NOTHING if value is None else code(shown(value)) for value in (change.before, change.after))
    return before, after


def _finding_row(finding: Finding, word: str) -> tuple[str, str, str]:
    waived = f", {word}: {code(finding.waived)}" if finding.waived is not None else ""
    return finding.severity, finding.code, f"{code(finding.message)}{waived}"


def _meter_row(change: MeterChange) -> tuple[str, ...]:
    meters = (change.before, change.after)
    return (code(change.vnet), *map(tunnels_text, meters), *map(bandwidth_text, meters))
