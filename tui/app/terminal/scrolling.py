"""Which lines of the terminal to scroll, so that less must be drawn.

Owns the search and the sequences; it counts cells, it does not draw.
Invariant: a scroll touches no line outside its own, and what it reveals is blank on the default background.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import ne
from typing import NamedTuple

from tui.app.terminal.cells import BLANK, UNKNOWN, Line

_SCROLL_COST = 24  # bytes, with the jump that follows
_JUMP_COST = 8
_PEN_COST = 12
_FEW_ALIKE = 3  # lines: more of them, blank ones say, tell nothing about where a line went
_SHIFTS_TRIED = 2


class Scroll(NamedTuple):
    """Lines `top` to `bottom`, both included, move up by so many lines, or down where that is negative."""

    top: int
    bottom: int
    up: int

    def text(self, rows: int) -> str:
        """What the terminal must be sent; it leaves the cursor somewhere."""
        count = "" if abs(self.up) == 1 else str(abs(self.up))
        move = f"\x1b[{self.top + 1}H\x1b[{count}{'M' if self.up > 0 else 'L'}"
        return move if self.bottom == rows - 1 else f"\x1b[{self.top + 1};{self.bottom + 1}r{move}\x1b[r"

    def applied(self, lines: Sequence[Line]) -> list[Line]:
        """The lines as the terminal then shows them."""
        blank = [[BLANK] * len(lines[0])] * abs(self.up)
        moved = lines[self.top : self.bottom + 1]
        moved = [*moved[self.up :], *blank] if self.up > 0 else [*blank, *moved[: self.up]]
        return [*lines[: self.top], *moved, *lines[self.bottom + 1 :]]


def best_scroll(before: Sequence[Line], after: Sequence[Line], changed: Sequence[int]) -> Scroll | None:
    """The scroll that spares most bytes, as far as counting cells can tell; None where none is worth it."""
    first, last = changed[0], changed[-1] + 1
    if any(UNKNOWN in line for line in before[first:last]):
        return None
    old, new = before[first:last], after[first:last]
    best, spared = None, _SCROLL_COST
    for up in _likely_shifts(old, new):
        if up > 0:
            top, bottom, gain = _best_stretch(old, new, up)
        else:
            end, start, gain = _best_stretch(old[::-1], new[::-1], -up)
            top, bottom = len(old) - 1 - start, len(old) - 1 - end
        if gain > spared:
            best, spared = Scroll(first + top, first + bottom, up), gain
    return best


def _likely_shifts(old: Sequence[Line], new: Sequence[Line]) -> list[int]:
    """By how many lines most lines moved up, looking only at the columns in which anything changed."""
    width = len(old[0])
    starts, ends = [width], [0]
    for a, b in zip(old, new, strict=True):
        if a != b:
            differs = [*map(ne, a, b)]
            starts.append(differs.index(True))
            ends.append(width - differs[::-1].index(True))
    start, end = min(starts), max(ends)
    places: dict[int, list[int]] = {}
    for row, line in enumerate(old):
        places.setdefault(hash(tuple(line[start:end])), []).append(row)
    votes = Counter(
        place - row
        for row, line in enumerate(new)
        if len(found := places.get(hash(tuple(line[start:end])), ())) <= _FEW_ALIKE
        for place in found
    )
    del votes[0]
    return [up for up, count in votes.most_common(_SHIFTS_TRIED) if count > 1]


def _best_stretch(old: Sequence[Line], new: Sequence[Line], up: int) -> tuple[int, int, int]:
    """The lines, first and last, whose move up by `up` lines spares most, and how many bytes that is about."""
    blank = [BLANK] * len(old[0])
    drawn = [_cost(a, b) for a, b in zip(old, new, strict=True)]
    revealed = [cost - _cost(blank, line) for cost, line in zip(drawn, new, strict=True)]
    best = (0, 0, 0)
    start, gain = 0, 0
    for row in range(len(old) - up):
        if gain <= 0:
            start, gain = row, 0
        gain += drawn[row] - _cost(old[row + up], new[row])
        total = gain + sum(revealed[row + 1 : row + up + 1])
        if total > best[2]:
            best = (start, row + up, total)
    return best


def _cost(old: Line, new: Line) -> int:
    """About how many bytes turn one line into another."""
    if old == new:
        return 0
    pens = [cell[1] for before, cell in zip(old, new, strict=True) if before != cell]
    return _JUMP_COST + len(pens) + _PEN_COST * len(set(pens))
