"""Foreign text made displayable: the one door between a file's names and a terminal.

Owns what a name, a note or a message may look like on a terminal, in a log or in a message.
Invariant: the result holds no control, format (bidi, zero-width), surrogate, private-use or otherwise invisible
character and no line break; every such character is shown as a visible escape.
"""

from __future__ import annotations

import unicodedata

_TO_ASCII = str.maketrans({"–": "-", "→": "->", "·": ",", "…": "...", "▸": ">", "●": "*", "×": "x", "≤": "<="})

# Cc control, Cf format (bidi overrides, zero-width), Cs surrogates, Co private use, Zl/Zp line breaks.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Of other categories, and invisible all the same: fillers, joiners and variation selectors.
_FILLERS = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0)
_INVISIBLE = frozenset((*_FILLERS, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


def displayable(text: str, limit: int | None = None) -> str:
    """Return `text` so that it can be shown as nothing but text, cut to `limit` characters if given."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(_visible(character) for character in text)
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    return text


def whole(figure: float | None) -> int | float | None:
    """Return a figure without a useless fraction."""
    return int(figure) if figure is not None and figure == int(figure) else figure


def width(text: str) -> int:
    """Return how many cells of a terminal a displayable `text` takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in ("W", "F")) for one in text
    )


def padded(text: str, cells: int) -> str:
    """Return a displayable `text` with blanks behind it up to that many cells of a terminal."""
    return text + " " * (cells - width(text))


def in_ascii(text: str) -> str:
    """Return `text` with the typographic characters of this program's own words as ASCII has them.

    For terminals that can draw nothing else; names in other scripts stay what they are.
    """
    return text.translate(_TO_ASCII)


def _visible(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) in _HIDDEN or code in _INVISIBLE:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return character
