"""Two screens, and the shortest text that turns the one on the terminal into the other.

Owns the choice between drawing, erasing, jumping and scrolling; what a cell is and where lines moved is told it.
Invariant: a terminal that shows `before` and gets `text_between(before, after)` shows `after`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from tui.app.terminal.cells import (
    BLANK,
    UNKNOWN,
    Line,
    Pen,
    certain,
    change_of_pen,
    on_blank,
    widths_differ,
)
from tui.app.terminal.scrolling import best_scroll

_LONGEST_BRIDGE = 4  # bytes: a jump over fewer than ten cells costs as many
_WORTH_SCROLLING = 4  # changed lines


def text_between(before: Sequence[Line], after: Sequence[Line]) -> str:
    """What a terminal must be sent that shows `before` and shall show `after`, two screens of the same size.

    UNKNOWN cells of `before` differ from all others; a cell of `after` may be UNKNOWN where it is so in `before`.
    Lines that are the same object in both are not looked at. The pen is the default before and after the text; the
    cursor may stand anywhere.
    """
    changed = _changed(before, after)
    text = _drawn(before, after, changed)
    if len(changed) >= _WORTH_SCROLLING and (scroll := best_scroll(before, after, changed)):
        scrolled = scroll.applied(before)
        text = min(text, scroll.text(len(before)) + _drawn(scrolled, after, _changed(scrolled, after)), key=len)
    return text


def _drawn(before: Sequence[Line], after: Sequence[Line], changed: Iterable[int]) -> str:
    output = _Output()
    for row in changed:
        output.line(row, before[row], after[row])
    output.take("")
    return "".join(output.parts)


def _changed(before: Sequence[Line], after: Sequence[Line]) -> list[int]:
    return [row for row, line in enumerate(after) if line is not before[row] and line != before[row]]


class _Output:
    """The text as it grows, with the pen and the cursor that the terminal has after it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._pen: Pen = ""
        self._cursor: tuple[int, int] | None = None  # None: somewhere

    def line(self, row: int, before: Line, after: Line) -> None:
        """Turn one line into another."""
        blank_from = len(after)
        while blank_from and after[blank_from - 1] == BLANK:
            blank_from -= 1
        differ = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        erased = [at for at in differ if at >= blank_from]
        if len(erased) > len("\x1b[K"):
            differ = differ[: -len(erased)]
        else:
            erased = []
        for start, end in _runs(differ, after):
            self._bridge(row, start, after)
            self._draw(row, start, after[start:end])
        if erased:
            self._move(row, erased[0])
            if on_blank(self._pen) != "":
                self.take("")
            self.parts.append("\x1b[K")

    def take(self, pen: Pen) -> None:
        """Draw with a pen from now on."""
        if pen != self._pen:
            self.parts.append(change_of_pen(self._pen, pen))
            self._pen = pen

    def _bridge(self, row: int, column: int, line: Line) -> None:
        """Draw the few cells up to a column anew where that is shorter than to jump over them."""
        if self._cursor is None or self._cursor[0] != row or not 0 < column - self._cursor[1] <= _LONGEST_BRIDGE:
            return
        gap = line[self._cursor[1] : column]
        text = "".join(text for text, _ in gap)
        if (
            all(pen == self._pen or (text == " " and pen == on_blank(self._pen)) for text, pen in gap)
            and len(text.encode()) <= _LONGEST_BRIDGE
            and UNKNOWN not in gap
            and all(map(certain, text))
        ):
            self.parts.append(text)
            self._cursor = (row, column)

    def _move(self, row: int, column: int) -> None:
        if self._cursor == (row, column):
            return
        best = f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H"
        if self._cursor is not None:
            at_row, at_column = self._cursor
            if row == at_row and column > at_column:
                best = min(_right(column - at_column), best, key=len)
            elif row == at_row + 1:
                best = min("\r\n" + _right(column), best, key=len)
        self.parts.append(best)
        self._cursor = (row, column)

    def _draw(self, row: int, column: int, cells: Line) -> None:
        """Draw cells from a column on. Where terminals differ about a width, the next cell is addressed anew."""
        self._move(row, column)
        sure = True
        for at, (text, pen) in enumerate(cells):
            if not text:
                continue
            if self._cursor is None:
                self._move(row, column + at)
            if text == " ":
                if pen != self._pen and pen != on_blank(self._pen):
                    self.take(_pen_ahead(cells, at))
                self.parts.append(text)
                continue
            self.take(pen)
            if not text.isascii():
                if widths_differ(text):  # blank first: a terminal that sees one cell leaves the other as it is
                    self.parts.append(" " * max(cell_len(text), 1))
                    self._cursor = None
                    self._move(row, column + at)
                    self._cursor = None
                sure = sure and certain(text)
            self.parts.append(text)
        if self._cursor is not None:
            self._cursor = (row, column + len(cells)) if sure else None


def _runs(differ: Iterable[int], line: Line) -> list[tuple[int, int]]:
    """The stretches to be drawn: whole characters, and what a terminal may have covered with a doubtful one."""
    runs: list[tuple[int, int]] = []
    drawn = 0
    for at in differ:
        if at < drawn:
            continue
        start = at
        while start and not line[start][0]:
            start -= 1
        drawn, character = at + 1, line[start][0]
        while drawn < len(line) and line[drawn] != UNKNOWN and (not line[drawn][0] or widths_differ(character)):
            character = line[drawn][0] or character
            drawn += 1
        if runs and runs[-1][1] == start:
            start = runs.pop()[0]
        runs.append((start, drawn))
    return runs


def _right(columns: int) -> str:
    """Move the cursor right."""
    return "" if not columns else "\x1b[C" if columns == 1 else f"\x1b[{columns}C"


def _pen_ahead(cells: Line, at: int) -> Pen:
    """The pen of the next character that is no blank, if it also draws this blank: one change does for both."""
    wanted = cells[at][1]
    for text, pen in cells[at + 1 :]:
        if text != " ":
            return pen if on_blank(pen) == wanted else wanted
        if pen != wanted:
            break
    return wanted
