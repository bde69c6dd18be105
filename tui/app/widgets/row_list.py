"""The one list of the editor: any number of rows, with a cursor that stays on its thing.

Owns the cursor and the keys that move it; the rows are given from outside, `RowView` draws them.
Invariant: the cursor is on a row whenever there is one, and new rows move it off its key only if that is gone.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from tui.app.widgets.lazy_rows import key_at
from tui.app.widgets.row_view import RowView
from tui.app.widgets.rows import Row


class RowList(RowView, can_focus=True):
    """A list of rows with a cursor. It posts `Highlighted` when the cursor comes to another thing, and `Selected`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", id="move-up", show=False),
        Binding("down,j", "cursor_down", "Down", id="move-down", show=False),
        Binding("pageup", "page_up", "Page up", id="page-up", show=False),
        Binding("pagedown", "page_down", "Page down", id="page-down", show=False),
        Binding("ctrl+u", "half_page_up", "Half a page up", id="half-page-up", show=False),
        Binding("ctrl+d", "half_page_down", "Half a page down", id="half-page-down", show=False),
        Binding("home,g", "home", "First", id="first", show=False),
        Binding("end,G", "end", "Last", id="last", show=False),
        Binding("enter", "select", "Open", id="open-row", show=False),
    ]

    class Highlighted(Message):
        """The cursor is on another thing; None: there is nothing."""

        def __init__(self, row_list: RowList, key: Hashable | None) -> None:
            super().__init__()
            self.row_list = row_list
            self.key = key

        @property
        def control(self) -> RowList:
            """The list, for `@on` with a selector."""
            return self.row_list

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor came to rest matters."""
            return isinstance(message, RowList.Highlighted) and message.row_list is self.row_list

    class Selected(Message):
        """A row was chosen, with Enter or a double click."""

        def __init__(self, row_list: RowList, key: Hashable) -> None:
            super().__init__()
            self.row_list = row_list
            self.key = key

        @property
        def control(self) -> RowList:
            """The list, for `@on` with a selector."""
            return self.row_list

    # What is shown

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, as given."""
        return self._rows

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def cursor_key(self) -> Hashable | None:
        """The key of the row under the cursor."""
        return key_at(self._rows, self._cursor) if self._rows else None

    @property
    def cursor_index(self) -> int | None:
        """Where the row under the cursor stands among all rows."""
        return self._cursor if self._rows else None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows from now on. The cursor stays on the same key and, if it is in view, on the same line.

        Where its key is gone it goes to the row that took its place. `rows` must not change afterwards.
        """
        before, key, in_view, top = self._rows, self.cursor_key, self._in_view(self._cursor), self._top
        self._rows = rows
        if before:
            anchor = self._cursor if in_view else min(top, len(before) - 1)
            moved = _find(rows, key_at(before, anchor), anchor)
            found = moved if in_view else _find(rows, key, self._cursor)
            top += 0 if moved is None else moved - anchor
            self._cursor = min(self._cursor, max(len(rows) - 1, 0)) if found is None else found
        else:
            self._cursor = 0
        self.virtual_size = Size(0, len(rows) + self._header_lines)
        self._scroll_top(top)
        if in_view:
            self._reveal()
        self._repaint()
        if self.cursor_key != key:
            self.post_message(self.Highlighted(self, self.cursor_key))

    # Where the cursor is

    def move_to(self, key: Hashable) -> bool:
        """Put the cursor on the row with this key and bring it into view; False where there is none."""
        found = _find(self._rows, key, self._cursor)
        if found is not None:
            self._move(found)
        return found is not None

    def action_cursor_down(self) -> None:
        """One row down."""
        self._move(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """One row up."""
        self._move(self._cursor - 1)

    def action_page_down(self) -> None:
        """A page down."""
        self._turn(self._lines)

    def action_page_up(self) -> None:
        """A page up."""
        self._turn(-self._lines)

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self._turn(max(self._lines // 2, 1))

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self._turn(-max(self._lines // 2, 1))

    def action_home(self) -> None:
        """To the first row."""
        self._move(0)

    def action_end(self) -> None:
        """To the last row."""
        self._move(len(self._rows) - 1)

    def action_select(self) -> None:
        """Choose the row under the cursor."""
        if row := self.cursor_row:
            self.post_message(self.Selected(self, row.key))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the click was; the second click of a double click chooses."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._header_lines:
            return
        index = self._top + offset.y - self._header_lines
        if index < len(self._rows):
            self._move(index)
            if event.chain == 2:
                self.action_select()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._reveal()

    def _in_view(self, index: int) -> bool:
        return self._top <= index < self._top + self._lines

    def _move(self, index: int) -> None:
        index = max(min(index, len(self._rows) - 1), 0)
        if not self._rows or (index == self._cursor and self._in_view(index)):
            return
        before, top, key = self._cursor, self._top, self.cursor_key
        self._cursor = index
        self._reveal()
        if self._top == top:
            self._repaint((before, index))
        if self.cursor_key != key:
            self.post_message(self.Highlighted(self, self.cursor_key))

    def _turn(self, rows: int) -> None:
        """Move the cursor, and the view with it."""
        if not self._in_view(self._cursor):
            self._reveal()
        key = self.cursor_key
        self._cursor = max(min(self._cursor + rows, len(self._rows) - 1), 0)
        self._scroll_top(self._top + rows)
        self._repaint()
        if self.cursor_key != key:
            self.post_message(self.Highlighted(self, self.cursor_key))

    def _reveal(self) -> None:
        """Bring the cursor into view.

        Lines over the whole width of the screen are scrolled by the terminal, one at a time. Elsewhere a page is sent
        anyway, so the cursor goes to the middle: most of the next keys then repaint two lines.
        """
        if not self._lines or self._in_view(self._cursor):
            return
        whole_lines = self.outer_size.width == self.screen.size.width
        if whole_lines and self._cursor == self._top + self._lines:
            self._scroll_top(self._top + 1)
        elif whole_lines and self._cursor == self._top - 1:
            self._scroll_top(self._cursor)
        else:
            self._scroll_top(self._cursor - self._lines // 2)

    def _scroll_top(self, top: int) -> None:
        if self._lines:
            self.scroll_to(y=top, animate=False, force=True)


def _find(rows: Sequence[Row], key: Hashable, near: int) -> int | None:
    """The index of the row with this key, looked for from `near` outwards, for most things stay where they are."""
    near = max(min(near, len(rows) - 1), 0)
    for distance in range(max(near + 1, len(rows) - near)):
        if near + distance < len(rows) and key_at(rows, near + distance) == key:
            return near + distance
        if distance <= near and rows and key_at(rows, near - distance) == key:
            return near - distance
    return None
