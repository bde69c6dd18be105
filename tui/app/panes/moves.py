"""Where a network could move to, one line for each place, with all that would change with it.

Invariant: the key of a line is the place of its move in what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.app.widgets.rows import Cell, Column, Row
from tui.planner.renumber.moving import Move

COLUMNS = (Column("to", 20, 1), Column("what changes", 20, 4))

_MOST_NAMED = 4


def rows(found: Sequence[Move], text: str) -> list[Row]:
    """Return a line for each of the moves that hold `text`."""
    lines = [
        Row(number, (Cell(", ".join(str(new) for _, new in move.blocks), "free"), Cell("; ".join(changes(move)))))
        for number, move in enumerate(found)
    ]
    return [row for row in lines if any(text.casefold() in cell.text.casefold() for cell in row.cells)]


def chosen(found: Sequence[Move], key: object) -> Move:
    """Return the move whose line has that key."""
    return found[key] if isinstance(key, int) else found[0]


def changes(move: Move) -> Iterator[str]:
    """Yield why a network moves there, and what changes with it, in sentences."""
    if move.reason:
        yield move.reason
    if move.subnets:
        shown = [f"{name} to {new}" for name, _, new in move.subnets[:_MOST_NAMED]]
        more = len(move.subnets) - _MOST_NAMED
        yield f"subnets: {', '.join(shown)}{f' and {more} more' if more > 0 else ''}"
    yield from move.consequences
