"""Wrapping: a text in lines that are no wider than the cells that there are.

Owns where a line is broken: at blanks, and within a word only where it alone is wider than a line.
Invariant: no line is wider than asked for, and the lines hold every character but the blanks at which they are broken.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, split_graphemes


def wrapped(text: str, cells: int) -> list[str]:
    """Return `text`, which is displayable, in lines of at most `cells` terminal cells; at least one line."""
    cells = max(cells, 2)  # a wide character takes two
    return [line for part in text.split("\n") for line in _lines(part, cells)]


def _lines(text: str, cells: int) -> Iterator[str]:
    line, width = "", 0
    for word in text.split(" "):
        room = cell_len(word)
        if line and width + 1 + room <= cells:
            line, width = f"{line} {word}", width + 1 + room
            continue
        if line:
            yield line
        *whole, line = _pieces(word, cells) if room > cells else (word,)
        yield from whole
        width = cell_len(line)
    yield line


def _pieces(word: str, cells: int) -> list[str]:
    """A word that is wider than a line, in pieces that are not."""
    pieces, width = [""], 0
    for start, end, room in split_graphemes(word)[0]:
        if width + room > cells:
            pieces.append("")
            width = 0
        pieces[-1] += word[start:end]
        width += room
    return pieces
