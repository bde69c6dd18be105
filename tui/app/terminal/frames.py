"""The hook into Textual: an app whose frames are sent as the difference to what the terminal shows.

Owns the shadow, a copy of what the terminal shows; what Textual draws in another way than usual makes it forgotten.
Invariant: a cell of the shadow is UNKNOWN, or it is what a terminal shows that got all the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console, RenderableType
from textual import events, on
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App, ReturnType
from textual.driver import Driver
from textual.screen import Screen
from textual.strip import Strip
from textual.types import CSSPathType

from tui.app.terminal.cells import UNKNOWN, Line, NotTextError, cells_of, on_blank
from tui.app.terminal.difference import text_between


class Shadow:
    """What the terminal shows, as far as it is known."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def forget(self) -> None:
        """Know nothing: whatever is drawn next is sent in full."""
        self.lines = []

    def draw(self, update: LayoutUpdate | ChopsUpdate, colours: ColorSystem) -> str:
        """What a terminal must be sent to show this update; from then on the shadow shows it.

        Raises NotTextError for an update that is no text in cells, and forgets what the terminal shows.
        """
        try:
            lines = self._updated(update, colours)
        except NotTextError:
            self.forget()
            raise
        text = text_between(self.lines, lines)
        self.lines = lines
        return text

    def _updated(self, update: LayoutUpdate | ChopsUpdate, colours: ColorSystem) -> list[Line]:
        columns, rows, places = _layout(update) if isinstance(update, LayoutUpdate) else _chops(update)
        if len(self.lines) != rows or len(self.lines[0]) != columns:
            self.forget()
            self.lines = [[UNKNOWN] * columns for _ in range(rows)]
        lines = [*self.lines]
        for row, column, strip in places:
            if lines[row] is self.lines[row]:
                lines[row] = [*lines[row]]
            put(lines[row], column, cells_of(strip, colours))
        return lines


_Places = Iterator[tuple[int, int, Strip]]


def _layout(update: LayoutUpdate) -> tuple[int, int, _Places]:
    """Columns, rows, and where which strip goes."""

    def places() -> _Places:
        for row, strips in enumerate(update.strips, y):
            column = x
            for strip in strips:
                yield row, column, strip
                column += strip.cell_length

    x, y, width, height = update.region
    if x or y or not height or len(update.strips) != height:
        raise NotTextError(f"a part of the screen: {update.region}")
    return width, height, places()


def _chops(update: ChopsUpdate) -> tuple[int, int, _Places]:
    """As for a layout: the strips that Textual itself would write, cut where it would cut them."""

    def places() -> _Places:
        for row, first, last in update.spans:
            for end, (column, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
                if strip is not None and column <= last and end > first:
                    inside = first <= column < last and end <= last
                    yield row, column, strip if inside else strip.crop(0, min(end, last) - column)

    return update.chop_ends[0][-1], len(update.chops), places()


def put(line: Line, column: int, cells: Line) -> None:
    """Write cells over those of a line. Of a wide character that an edge cuts, blanks are left."""
    end = min(column + len(cells), len(line))
    line[column:end] = cells[: max(end - column, 0)]
    for edge in (column, end):
        _mend(line, edge)


def _mend(line: Line, edge: int) -> None:
    """Leave no half of a wide character on either side of an edge."""
    base, rest = edge - 1, edge
    while base >= 0 and not line[base][0]:
        base -= 1
    while rest < len(line) and not line[rest][0]:
        rest += 1
    reach = base + max(cell_len(line[base][0]), 1) if base >= 0 else 0
    if reach != rest:
        for at in range(base, edge) if reach > edge else range(edge, rest):
            line[at] = (" ", on_blank(line[at][1]))


class _Sequences(CompositorUpdate):
    """An update that is known as text already."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        """Give the text."""
        return self._text


class FramesApp(App[ReturnType]):
    """An app that sends differences. What it cannot tell apart from the rest is sent in Textual's own way."""

    def __init__(
        self,
        driver_class: type[Driver] | None = None,
        css_path: CSSPathType | None = None,
        watch_css: bool = False,
        ansi_color: bool | None = None,
    ) -> None:
        self._shadow = Shadow()
        super().__init__(driver_class, css_path, watch_css, ansi_color)

    def action_redraw(self) -> None:
        """Send the whole screen again, whatever is on the terminal."""
        self._shadow.forget()
        self.refresh()

    @on(events.Resize)
    def _forget_shadow(self) -> None:
        """The terminal has another size, or it is ours again: the driver sends this at every start and continuation."""
        self.action_redraw()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Show an update, as Textual asks for it."""
        if renderable is None or not self._writes():
            super()._display(screen, renderable)
            return
        sequences = self._sequences(renderable)
        if sequences is None:
            self._shadow.forget()
            super()._display(screen, renderable)
            return
        silent = not sequences and not self._cursor_moved()
        super()._display(screen, None if silent else _Sequences(sequences))  # type: ignore[arg-type]  # as all updates

    def _sequences(self, renderable: RenderableType) -> str | None:
        """What this update sends; None where only Textual knows."""
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate) or self.is_inline:
            return None
        colours = COLOR_SYSTEMS.get(self.console.color_system or "", ColorSystem.TRUECOLOR)
        try:
            return self._shadow.draw(renderable, colours)
        except NotTextError:
            return None

    def _writes(self) -> bool:
        """Whether Textual would write an update to the terminal now; else the terminal shows what it showed."""
        return not (self._batch_count or not self._running or self._closed or self.is_headless or self._driver is None)

    def _cursor_moved(self) -> bool:
        return self.screen.outer_size.clamp_offset(self.cursor_position) != self._previous_cursor_position
