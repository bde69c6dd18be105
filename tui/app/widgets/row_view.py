"""The drawing half of the one list: what of it is on the screen, and what must be sent when that changes.

Owns the lines as they were last drawn, the styles and the scroll bar; `RowList` adds the cursor's moves and the keys.
Invariant: a line is sent to the terminal only if its characters or styles differ from what was drawn there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from tui.app.widgets.rows import (
    ASCII,
    UNICODE,
    Column,
    Look,
    Row,
    changed_cells,
    draw_header,
    draw_row,
    draw_text,
)


class RowView(ScrollView, inherit_bindings=False):
    """Rows on the screen, one of them under the cursor. Use `RowList`."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--header",
        "row-list--cursor",
        "row-list--marked",
        "row-list--group",
        "row-list--empty",
    }
    DEFAULT_CSS = """
    RowView {
        width: 1fr;
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        color: $foreground;
        background: $surface;
        & > .row-list--header { color: $text-muted; text-style: bold; }
        & > .row-list--cursor {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .row-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        & > .row-list--marked { text-style: bold; }
        & > .row-list--group { color: $text-muted; text-style: bold; }
        & > .row-list--empty { color: $text-muted; }
    }
    """

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        palette: Mapping[str, Style] | None = None,
        empty: str = "",
        header: bool = True,
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.set_reactive(Widget.auto_links, False)
        self._columns = tuple(columns)
        self._palette: Mapping[str, Style] = dict(palette or {})
        self._empty = empty
        self._header_lines = 1 if header else 0
        self._glyphs = ASCII if ascii_only else UNICODE
        self._sorted_by: int | None = None
        self._descending = False
        self._rows: Sequence[Row] = ()
        self._cursor = 0  # an index, with a meaning only while there are rows
        self._look: Look | None = None
        self._drawn: dict[int, Strip] = {}  # by line of the widget
        self._drawn_for: tuple[int, int, bool] = (0, 0, False)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns from now on."""
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._repaint()

    def set_palette(self, palette: Mapping[str, Style]) -> None:
        """Show cells with a role in these styles from now on; a style that says no background takes the row's."""
        self._palette = dict(palette)
        self._look = None
        self._repaint()

    def set_sorted(self, column: int | None, descending: bool = False) -> None:
        """Show in the header by which column the rows are sorted."""
        self._sorted_by, self._descending = column, descending
        self._repaint()

    def set_empty(self, text: str) -> None:
        """Show this text while there are no rows."""
        if text != self._empty:
            self._empty = text
            self._repaint()

    @property
    def _lines(self) -> int:
        """How many rows are in view."""
        return max(self.scrollable_content_region.height - self._header_lines, 0)

    @property
    def _top(self) -> int:
        """The index of the first row in view."""
        return self.scroll_offset.y

    def on_mount(self) -> None:
        """Take a scroll bar that any terminal can draw."""
        self.vertical_scrollbar.renderer = _WholeCells  # type: ignore[misc]  # the way that Textual documents

    # What is drawn

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint what differs: Textual would send the whole page and the whole scroll bar."""
        if self.show_vertical_scrollbar:
            _move_thumb(self.vertical_scrollbar, new_value)
        if round(old_value) != round(new_value):
            self._repaint()

    def notify_style_update(self) -> None:
        """Forget the styles: the theme or the focus is another."""
        super().notify_style_update()
        self._look = None
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget."""
        state = self._state()
        if state != self._drawn_for:
            self._drawn.clear()
            self._drawn_for = state
        strip = self._drawn.get(y)
        if strip is None:
            strip = self._drawn[y] = self._draw(y, state[0])
        return strip

    def _state(self) -> tuple[int, int, bool]:
        return self.scrollable_content_region.width, self._top, self.has_focus

    def _repaint(self, indices: Iterable[int] | None = None) -> None:
        """Send the lines of these rows, or all lines in view, as far as they differ from what was drawn."""
        if not self.size:  # not on the screen: nothing to compare with, and nothing old may come back with it
            self._drawn.clear()
            self.refresh()
            return
        self._drawn_for = self._state()
        width, top = self._drawn_for[:2]
        height = self.scrollable_content_region.height
        lines = range(height) if indices is None else sorted({index - top + self._header_lines for index in indices})
        regions: list[Region] = []
        for y in lines:
            if not (0 <= y < height and (indices is None or y >= self._header_lines)):
                continue
            before, after = self._drawn.get(y), self._draw(y, width)
            if cells := width if before is None else changed_cells(before, after):
                regions.append(Region(0, y, cells, 1))
            self._drawn[y] = after
        if regions:
            self.refresh(*regions)

    def _draw(self, y: int, width: int) -> Strip:
        look = self._look = self._look or self._current_look()
        if y < self._header_lines:
            return draw_header(self._columns, width, look, self._glyphs, self._sorted_by, self._descending)
        index = self._top + y - self._header_lines
        if index < len(self._rows):
            return draw_row(
                self._rows[index],
                self._columns,
                width,
                look,
                self._glyphs,
                cursor=index == self._cursor,
                focused=self.has_focus,
            )
        text = self._empty if index == 0 and not self._rows else ""
        return draw_text(text, width, look.empty if text else look.base, self._glyphs)

    def _current_look(self) -> Look:
        def part(name: str) -> Style:
            return self.get_component_rich_style(f"row-list--{name}")

        return Look(
            base=self.rich_style,
            header=part("header"),
            cursor=part("cursor"),
            marked=part("marked"),
            group=part("group"),
            empty=part("empty"),
            roles=self._palette,
        )


class _WholeCells(ScrollBarRender):
    """A scroll bar of whole cells: any terminal can draw it, and it changes seldom."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


def _thumb(bar: ScrollBar, position: float) -> tuple[int, int]:
    """The first and the last cell of the thumb, as the renderer works it out."""
    size, window, virtual = bar.size.height, bar.window_size, bar.window_virtual_size
    if not size or window >= virtual:
        return 0, 0
    length = max(1.0, window * size / virtual)
    first = int((size - length) * position / (virtual - window))
    return first, first + ceil(length)


def _move_thumb(bar: ScrollBar, position: float) -> None:
    """Tell a scroll bar its position; it is sent only as far as its thumb moved."""
    before, after = _thumb(bar, bar.position), _thumb(bar, position)
    bar.set_reactive(ScrollBar.position, position)
    if before != after:
        first, last = min(before[0], after[0]), max(before[1], after[1])
        bar.refresh(Region(0, first, bar.size.width, last - first + 1))
