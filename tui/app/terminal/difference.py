"""Two screens, and the shortest text that turns the one on the terminal into the other.

Owns cells, pens (how a cell is coloured), and the choice between drawing, erasing, jumping and scrolling.
Invariant: a terminal that shows `before` and gets `text_between(before, after)` shows `after`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import ne
from typing import NamedTuple, TypeAlias
from unicodedata import category

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

Pen: TypeAlias = str
"""The parameters of the SGR sequence, in the order attributes, foreground, background; a link follows after an ESC."""
Cell: TypeAlias = tuple[str, Pen]
"""A character with its combining marks, and its pen. The cells under the rest of a wide one have no text."""
Line: TypeAlias = list[Cell]

UNKNOWN: Cell = ("\0", "")
BLANK: Cell = (" ", "")

_ATTRIBUTES_OFF = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "21": "24",
    "51": "54",
    "52": "54",
    "53": "55",
}
_SHOW_ON_NO_BLANK = frozenset("12356")  # bold, dim, italic, blinking
_ALL_AGREE = (  # where every terminal draws one cell; East Asian ones differ on some, but not within a line drawing
    *((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x482), (0x2010, 0x2027), (0x2500, 0x259F), (0x2800, 0x28FF)),
)
_LONGEST_BRIDGE = 4  # bytes: a jump over fewer than ten cells costs as many
_WORTH_SCROLLING = 4  # changed lines; scrolling and its search cost more than three lines may
_SCROLL_COST = 24  # bytes, with the jump that follows
_JUMP_COST = 8
_PEN_COST = 12
_FEW_ALIKE = 3  # lines: more of them, blank ones say, tell nothing about where a line went
_SHIFTS_TRIED = 2


# From strips to cells


class NotTextError(Exception):
    """A strip holds something that is no text in cells."""


def cells_of(strip: Strip, colours: ColorSystem) -> Line:
    """The cells that a strip fills, from its first column on. Control characters are left out.

    Raises NotTextError for segments that are commands to the terminal.
    """
    line: Line = []
    for text, style, control in strip:
        if control:
            raise NotTextError(repr(text))
        pen = "" if style is None else _pen(style, colours)
        if text.isascii():
            line.extend(_plain_cells(text, pen))
        else:
            _add_cells(line, text, pen)
    return line


@lru_cache(maxsize=1024)
def _plain_cells(text: str, pen: Pen) -> tuple[Cell, ...]:
    blank = on_blank(pen)
    return tuple((character, blank if character == " " else pen) for character in text if "\x20" <= character < "\x7f")


def _add_cells(line: Line, text: str, pen: Pen) -> None:
    """Append the cells of any text; what has no width of its own goes with what is before it."""
    blank = on_blank(pen)
    joined = False
    for character in text:
        if character < " " or "\x7f" <= character < "\xa0":
            continue
        if joined or not cell_len(character):
            joined = character == "\u200d"
            _widen(line, character)
        else:
            line.append((character, blank if character == " " else pen))
            line.extend([("", pen)] * (cell_len(character) - 1))


def _widen(line: Line, mark: str) -> None:
    """Add a mark to the last character, which may take another cell for it."""
    at = len(line) - 1
    while at >= 0 and not line[at][0]:
        at -= 1
    if at >= 0:
        text, pen = line[at]
        line[at:] = [(text + mark, pen), *([("", pen)] * (max(cell_len(text + mark), 1) - 1))]


# Pens


class _Parts(NamedTuple):
    attributes: tuple[str, ...]
    foreground: str
    background: str
    link: str


@lru_cache(maxsize=4096)
def _pen(style: Style, colours: ColorSystem) -> Pen:
    attributes: list[str] = []
    foreground = background = ""
    codes = iter(Strip.render_ansi(style, colours).split(";"))
    for code in codes:
        number = int(code or 0)
        if number in (38, 48):
            kind = next(codes)
            code = ";".join((code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))))
        if number == 38 or 30 <= number < 38 or 90 <= number < 98:
            foreground = code
        elif number == 48 or 40 <= number < 48 or 100 <= number < 108:
            background = code
        elif number and number not in (39, 49):
            attributes.append(code)
    link = f"id={style.link_id};{style.link}" if style.link and style.link.isprintable() else ""
    return _joined(_Parts(tuple(attributes), foreground, background, link))


def _joined(parts: _Parts) -> Pen:
    sgr = ";".join(filter(None, (*parts.attributes, parts.foreground, parts.background)))
    return sys.intern(f"{sgr}\x1b{parts.link}" if parts.link else sgr)


@lru_cache(maxsize=4096)
def _parts(pen: Pen) -> _Parts:
    sgr, _, link = pen.partition("\x1b")
    attributes: list[str] = []
    foreground = background = ""
    codes = iter(sgr.split(";") if sgr else ())
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes)
            code = ";".join((code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))))
        if (code[0] == "3" and len(code) > 1) or (len(code) == 2 and code[0] == "9"):
            foreground = code
        elif (code[0] == "4" and len(code) > 1) or code[:2] == "10":
            background = code
        else:
            attributes.append(code)
    return _Parts(tuple(attributes), foreground, background, link)


@lru_cache(maxsize=4096)
def on_blank(pen: Pen) -> Pen:
    """What is seen of a pen on a blank: its background, and all of it where a blank shows lines or swapped colours."""
    parts = _parts(pen)
    return pen if parts.link or not _SHOW_ON_NO_BLANK.issuperset(parts.attributes) else parts.background


@lru_cache(maxsize=4096)
def _change(before: Pen, after: Pen) -> str:
    """The shortest text that makes one pen another."""
    old, new = _parts(before), _parts(after)
    afresh = ";".join(filter(None, ("0" if old[:3] != ((), "", "") else "", after.partition("\x1b")[0])))
    gone = [_ATTRIBUTES_OFF[code] for code in old.attributes if code not in new.attributes]
    kept = () if gone else old.attributes  # one code ends several attributes: begin all that are wanted again
    changes = [*dict.fromkeys(gone), *(code for code in new.attributes if code not in kept)]
    if old.foreground != new.foreground:
        changes.append(new.foreground or "39")
    if old.background != new.background:
        changes.append(new.background or "49")
    shortest = min(";".join(changes), afresh, key=len)
    text = "\x1b[m" if new[:3] == ((), "", "") else f"\x1b[{shortest}m"
    if old[:3] == new[:3]:
        text = ""
    return text if old.link == new.link else f"{text}\x1b]8;{new.link or ';'}\x1b\\"


# From cells to text


def text_between(before: Sequence[Line], after: Sequence[Line]) -> str:
    """What a terminal must be sent that shows `before` and shall show `after`, two screens of the same size.

    UNKNOWN cells of `before` differ from all others; a cell of `after` may be UNKNOWN where it is so in `before`.
    Lines that are the same object in both are not looked at. The pen is the default before and after the text; the
    cursor may stand anywhere.
    """
    changed = _changed(before, after)
    text = _drawn(before, after, changed)
    if len(changed) >= _WORTH_SCROLLING and (scroll := _best_scroll(before, after, changed)):
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
            self.parts.append(_change(self._pen, pen))
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
            and all(map(_certain, text))
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
        certain = True
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
                if _widths_differ(text):  # blank first: a terminal that sees one cell leaves the other as it is
                    self.parts.append(" " * max(cell_len(text), 1))
                    self._cursor = None
                    self._move(row, column + at)
                    self._cursor = None
                certain = certain and _certain(text)
            self.parts.append(text)
        if self._cursor is not None:
            self._cursor = (row, column + len(cells)) if certain else None


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
        drawn = at + 1
        while drawn < len(line) and line[drawn] != UNKNOWN:
            if line[drawn][0] and not _widths_differ(line[drawn - 1][0] or line[start][0]):
                break
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


@lru_cache(maxsize=4096)
def _certain(text: str) -> bool:
    """Whether all terminals agree how wide this is."""
    return all(any(first <= ord(character) <= last for first, last in _ALL_AGREE) for character in text)


@lru_cache(maxsize=4096)
def _widths_differ(text: str) -> bool:
    """Whether terminals are known to disagree how wide this is: emoji, and what joins or selects them."""
    return any(
        ord(character) >= 0x1F000 or (0x2000 <= ord(character) < 0x2C00 and cell_len(character) > 1)
        for character in text
    ) or any(category(mark) != "Mn" or "\ufe00" <= mark <= "\ufe0f" for mark in text[1:])


# Scrolling


class _Scroll(NamedTuple):
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


def _best_scroll(before: Sequence[Line], after: Sequence[Line], changed: Sequence[int]) -> _Scroll | None:
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
            best, spared = _Scroll(first + top, first + bottom, up), gain
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
