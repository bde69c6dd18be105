"""Screens of Textual and terminals that show them, for the tests of what is sent.

Invariant: what `seen` gives is what a person could tell apart; the colour of a blank's missing letter is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias
from unicodedata import normalize

import pyte
import pyte.modes
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tui.app.terminal.cells import Line

COLOURS = ColorSystem.TRUECOLOR
CONSOLE = Console(color_system="truecolor", force_terminal=True, legacy_windows=False)
STYLES = (
    None,
    Style(color="red"),
    Style(color="#804020", bgcolor="blue", bold=True),
    Style(bgcolor="#101010"),
    Style(color="#e0e0e0", bgcolor="#101010"),
    Style(color="bright_green", bgcolor="color(200)", italic=True, dim=True),
    Style(underline=True),
    Style(reverse=True, bgcolor="bright_red"),
    Style(strike=True, bold=True, bgcolor="#101010", meta={"row": 1}),
    Style(color="default", bgcolor="default"),
)

Texts: TypeAlias = Sequence[tuple[str, Style | None]]


def strip(texts: Texts, columns: int) -> Strip:
    """Texts one after the other, cut or filled to so many columns."""
    return Strip([Segment(text, style) for text, style in texts]).adjust_cell_length(columns)


def whole(lines: Sequence[Strip]) -> LayoutUpdate:
    """All lines of a screen, as Textual shows them."""
    return LayoutUpdate([[line] for line in lines], Region(0, 0, lines[0].cell_length, len(lines)))


def parts(lines: Sequence[Sequence[Strip]], spans: list[tuple[int, int, int]]) -> ChopsUpdate:
    """Strips side by side on each line, of which the spans (line, from, to) are shown."""
    ends: list[list[int]] = []
    chops: list[dict[int, Strip | None]] = []
    for line in lines:
        ends.append([])
        chops.append({})
        column = 0
        for piece in line:
            chops[-1][column] = piece
            column += piece.cell_length
            ends[-1].append(column)
    return ChopsUpdate(chops, spans, ends)


def terminal(columns: int, rows: int) -> pyte.Screen:
    """A terminal as Textual leaves it at the start: empty, and lines do not wrap."""
    screen = pyte.Screen(columns, rows)
    screen.reset_mode(pyte.modes.DECAWM >> 5, private=True)
    return screen


def feed(screen: pyte.Screen, text: str) -> None:
    """Send a text to a terminal."""
    pyte.Stream(screen).feed(text)


def seen(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """What each cell shows: its character and how it looks."""

    def look(cell: pyte.screens.Char) -> tuple[object, ...]:
        if cell.data == " " and not (cell.underscore or cell.reverse or cell.strikethrough):
            return (" ", cell.bg)
        return (normalize("NFC", cell.data), *cell[1:])

    return [[look(screen.buffer[row][column]) for column in range(screen.columns)] for row in range(screen.lines)]


def texts_seen(screen: pyte.Screen) -> list[list[str]]:
    """The characters of each cell; none for the second half of a wide one."""
    return [
        [normalize("NFC", screen.buffer[row][column].data) for column in range(screen.columns)]
        for row in range(screen.lines)
    ]


def texts_of(lines: Sequence[Line]) -> list[list[str]]:
    """The same of lines of cells."""
    return [[normalize("NFC", text) for text, _ in line] for line in lines]
