"""What a list shows and how one line of it is drawn: rows, cells and columns in, one Strip out.

Owns the place of every cell of text: measured in terminal cells, cut, padded and coloured.
Invariant: a drawn line is exactly as wide as asked for, and every foreign text in it went through `displayable`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.display import displayable, in_ascii

GUTTER = 2  # the cursor's cell and the mark's cell
GAP = 2  # between two columns
_NO_BASE = "◌"  # carries a combining mark that has no character to stand on
_MARKS_ON_ONE = 3  # combining marks shown on one character; piled higher they would cover other lines


class Cell(NamedTuple):
    """A text, as it came from the file, and the role that says in which colour it is shown."""

    text: str
    role: str = ""


class Row(NamedTuple):
    """One line of the list. Its key says which thing it is; a row of one cell spans all columns."""

    key: Hashable
    cells: tuple[Cell, ...]
    marked: bool = False
    group: bool = False


class Column(NamedTuple):
    """A column: `width` cells that it always gets, and its `weight` in what is left over."""

    title: str
    width: int = 0
    weight: int = 0
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that a list draws by itself."""

    cursor: str = "▌"
    resting: str = "▏"  # the cursor of a list that has not the focus
    mark: str = "●"
    cut: str = "…"
    ascending: str = "↑"
    descending: str = "↓"


UNICODE = Glyphs()
ASCII = Glyphs(cursor=">", resting=":", mark="*", cut="...", ascending="^", descending="v")


@dataclass(frozen=True, slots=True)
class Look:
    """The styles of a list, as they are now: `cursor` already says whether the list has the focus."""

    base: Style
    header: Style
    cursor: Style
    marked: Style
    group: Style
    empty: Style
    roles: Mapping[str, Style]


def column_widths(columns: Sequence[Column], room: int) -> tuple[int, ...]:
    """Return the cells of each column that fits into `room`; columns at the right end that do not fit are left out."""
    shown = len(columns)
    while shown > 1 and sum(column.width or 1 for column in columns[:shown]) + GAP * (shown - 1) > room:
        shown -= 1
    widths = [column.width for column in columns[:shown]]
    left = room - sum(widths) - GAP * max(shown - 1, 0)
    if left < 0 and widths:
        return (max(room, 0),)
    weights = sum(column.weight for column in columns[:shown])
    for place, column in enumerate(columns[:shown]):
        if column.weight:
            share = left * column.weight // weights
            widths[place] += share
            left -= share
            weights -= column.weight
    return tuple(widths)


def fit(text: str, width: int, cut: str) -> str:
    """Return `text` as something displayable of at most `width` cells, with `cut` at its end if it is longer."""
    # A cell holds at most one character and the marks on it: what lies behind cannot come into view.
    within = text[: width * (_MARKS_ON_ONE + 1) + 1]
    whole = len(within) == len(text)
    shown = displayable(within)
    if shown.isascii():
        if whole and len(shown) <= width:
            return shown
        return (shown[: max(width - len(cut), 0)] + cut)[:width]
    if cell_len(shown[0]) == 0:
        shown = _NO_BASE + shown
    spans = [(start, min(end, start + 1 + _MARKS_ON_ONE), cells) for start, end, cells in split_graphemes(shown)[0]]
    if whole and sum(cells for _, _, cells in spans) <= width:
        return "".join(shown[start:end] for start, end, _ in spans)
    if width < len(cut):
        return cut[:width]
    kept, room = "", width - len(cut)
    for start, end, cells in spans:
        room -= cells
        if room < 0:
            break
        kept += shown[start:end]
    return kept + cut


def fit_middle(text: str, width: int, cut: str) -> str:
    """Return `text` as `fit` does, but cut in its middle: of names, the ends tell one from the other."""
    room = (width - len(cut)) // 2
    end = displayable(text[-width * (_MARKS_ON_ONE + 1) :]) if room > 0 else ""
    if room < 1 or (len(text) <= width * (_MARKS_ON_ONE + 1) and cell_len(end) <= width):
        return fit(text, width, cut)
    tail = ""
    for start, stop, cells in reversed(split_graphemes(end)[0]):
        room -= cells
        if room < 0 or stop - start > 1 + _MARKS_ON_ONE:
            break
        tail = end[start:stop] + tail
    return fit(text, width - cell_len(tail), cut) + tail


def draw_header(
    columns: Sequence[Column], width: int, look: Look, glyphs: Glyphs, sorted_by: int | None, descending: bool
) -> Strip:
    """Return the line of the column titles; the column that the rows are sorted by has an arrow after its title."""
    line = _Line(look.header)
    line.blank(GUTTER)
    for place, (column, cells) in enumerate(zip(columns, column_widths(columns, width - GUTTER), strict=False)):
        arrow = f" {glyphs.descending if descending else glyphs.ascending}" if place == sorted_by else ""
        title = fit(column.title, cells - len(arrow), glyphs.cut) + arrow if cells > len(arrow) else arrow[:cells]
        line.cell(title, cells, column.align, look.header, last=False)
    return line.strip(width)


def draw_row(
    row: Row, columns: Sequence[Column], width: int, look: Look, glyphs: Glyphs, *, cursor: bool, focused: bool
) -> Strip:
    """Return the line of a row. The cursor's line is all in one style, so that it stands out and costs little."""
    base = look.cursor if cursor else look.marked if row.marked else look.group if row.group else look.base
    line = _Line(base)
    line.text((glyphs.cursor if focused else glyphs.resting) if cursor else " ", base)
    line.text(glyphs.mark if row.marked else " ", base)
    room = width - GUTTER
    spanning = len(row.cells) == 1
    widths = (room,) if spanning else column_widths(columns, room)
    for place, (cell, cells) in enumerate(zip(row.cells, widths, strict=False)):
        role = None if cursor or not cell.role else look.roles.get(cell.role)
        style = base + role if role else base
        align = "left" if spanning else columns[place].align
        text = in_ascii(cell.text) if glyphs is ASCII else cell.text
        line.cell(fit(text, cells, glyphs.cut), cells, align, style, last=place == len(widths) - 1)
    return line.strip(width)


def draw_text(text: str, width: int, style: Style, glyphs: Glyphs) -> Strip:
    """Return a line of the program's own words, such as what to do with an empty list."""
    line = _Line(style)
    line.blank(GUTTER)
    line.text(fit(text, max(width - GUTTER, 0), glyphs.cut), style)
    return line.strip(width)


def changed_cells(before: Strip, after: Strip) -> int:
    """Return how many cells from the left hold all that differs between two lines; 0 when nothing does.

    The compositor sends a line from its left end, so what is the same at the right end need not be sent.
    """
    if before == after:
        return 0
    old = [(character, style) for text, style, _ in before for character in text]
    new = [(character, style) for text, style, _ in after for character in text]
    same = 0
    for this, that in zip(reversed(old), reversed(new), strict=False):
        if this != that:
            break
        same += 1
    return cell_len("".join(character for character, _ in new[: len(new) - same]))


class _Line:
    """A line under construction: runs of text, in as few styles as can be, for each style costs some 40 bytes."""

    def __init__(self, base: Style) -> None:
        self._base = base
        self._runs: list[tuple[str, Style]] = []
        self._width = 0

    def text(self, text: str, style: Style) -> None:
        """Add a text in a style."""
        if not text:
            return
        self._width += cell_len(text)
        if self._runs and self._runs[-1][1] == style:
            text = self._runs.pop()[0] + text
        self._runs.append((text, style))

    def blank(self, cells: int) -> None:
        """Add blanks, in the style of the text before them where nobody can see the difference."""
        before = self._runs[-1][1] if self._runs else self._base
        seen = before.bgcolor != self._base.bgcolor or before.underline or before.reverse or before.strike
        self.text(" " * cells, self._base if seen else before)

    def cell(self, text: str, cells: int, align: Literal["left", "right"], style: Style, *, last: bool) -> None:
        """Add a text in a column of `cells` cells, and the gap behind it."""
        pad = cells - cell_len(text)
        if align == "right":
            self.blank(pad)
            pad = 0
        self.text(text, style)
        self.blank(pad + (0 if last else GAP))

    def strip(self, width: int) -> Strip:
        """Return the line, padded or cut to `width` cells."""
        self.blank(width - self._width)
        strip = Strip([Segment(text, style) for text, style in self._runs], self._width)
        return strip if self._width <= width else strip.crop(0, width)
