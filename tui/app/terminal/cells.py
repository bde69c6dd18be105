"""Cells: one character and how it looks, as a terminal knows them; what Textual draws is turned into lines of them.

Owns cells and pens, and what terminals agree on about the width of a character.
Invariant: a line has as many cells as columns; the cells under the rest of a wide character have no text.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from unicodedata import category

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

Pen: TypeAlias = str
"""The parameters of the SGR sequence: attributes, foreground, background. After an ESC follows a link, if any."""
Cell: TypeAlias = tuple[str, Pen]
"""A character with its combining marks, and its pen. What a blank would not show is not in its pen."""
Line: TypeAlias = list[Cell]

UNKNOWN: Cell = ("\0", "")
BLANK: Cell = (" ", "")

_ATTRIBUTES_OFF = dict(
    zip(
        ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53"),
        ("22", "22", "23", "24", "25", "25", "27", "28", "29", "24", "54", "54", "55"),
        strict=True,
    )
)
_NOT_ON_BLANKS = frozenset("12356")  # bold, dim, italic, blinking
# Latin, Greek, Cyrillic, punctuation, box drawing and Braille: every terminal that is not East Asian draws one cell.
_CERTAIN = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x370, 0x482),
    (0x2010, 0x2027),
    (0x2500, 0x259F),
    (0x2800, 0x28FF),
)


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


class _Parts(NamedTuple):
    attributes: tuple[str, ...]
    foreground: str
    background: str
    link: str


@lru_cache(maxsize=4096)
def _pen(style: Style, colours: ColorSystem) -> Pen:
    parts = _parts(Strip.render_ansi(style, colours))
    sgr = ";".join(filter(None, (*parts.attributes, parts.foreground, parts.background)))
    linked = style.link and style.link.isprintable()
    return sys.intern(f"{sgr}\x1bid={style.link_id};{style.link}" if linked else sgr)


@lru_cache(maxsize=4096)
def _parts(pen: Pen) -> _Parts:
    sgr, _, link = pen.partition("\x1b")
    attributes: list[str] = []
    foreground = background = ""
    codes = iter(sgr.split(";") if sgr else ())
    for code in codes:
        number = int(code)
        if number in (38, 48):  # followed by 5 and a number, or by 2, red, green and blue
            kind = next(codes)
            code = ";".join((code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))))
        if 30 <= number < 40 or 90 <= number < 98:
            foreground = "" if number == 39 else code
        elif 40 <= number < 50 or 100 <= number < 108:
            background = "" if number == 49 else code
        else:
            attributes.append(code)
    return _Parts(tuple(attributes), foreground, background, link)


@lru_cache(maxsize=4096)
def on_blank(pen: Pen) -> Pen:
    """What is seen of a pen on a blank: its background, and all of it where a blank shows lines or swapped colours."""
    parts = _parts(pen)
    return pen if parts.link or not _NOT_ON_BLANKS.issuperset(parts.attributes) else parts.background


@lru_cache(maxsize=4096)
def change_of_pen(before: Pen, after: Pen) -> str:
    """The shortest text that makes one pen another."""
    old, new = _parts(before), _parts(after)
    gone = [_ATTRIBUTES_OFF[code] for code in old.attributes if code not in new.attributes]
    kept = () if gone else old.attributes  # one code ends several attributes: begin all that are wanted again
    changes = [*dict.fromkeys(gone), *(code for code in new.attributes if code not in kept)]
    if old.foreground != new.foreground:
        changes.append(new.foreground or "39")
    if old.background != new.background:
        changes.append(new.background or "49")
    afresh = [code for code in ("0", *new.attributes, new.foreground, new.background) if code]
    sgr = "" if afresh == ["0"] else min(";".join(changes), ";".join(afresh), key=len)
    text = f"\x1b[{sgr}m" if changes else ""
    return text if old.link == new.link else f"{text}\x1b]8;{new.link or ';'}\x1b\\"


@lru_cache(maxsize=4096)
def certain(text: str) -> bool:
    """Whether all terminals agree how wide this is."""
    return all(any(first <= ord(character) <= last for first, last in _CERTAIN) for character in text)


@lru_cache(maxsize=4096)
def widths_differ(text: str) -> bool:
    """Whether terminals are known to disagree how wide this is: emoji, and what joins or selects them."""
    return any(
        ord(character) >= 0x1F000 or (0x2000 <= ord(character) < 0x2C00 and cell_len(character) > 1)
        for character in text
    ) or any(category(mark) != "Mn" or "\ufe00" <= mark <= "\ufe0f" for mark in text[1:])
