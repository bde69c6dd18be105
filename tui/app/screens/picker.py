"""The picker: a line to type in, and a list that follows it; Enter picks.

Owns the way of choosing one of many: things, commands, themes, files.
Invariant: it knows nothing of what is picked; leaving it picks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.app.widgets.explanation import Explanation
from tui.app.widgets.line_input import LineInput
from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Column, Row
from tui.display import displayable, in_ascii

COLUMNS = (Column("", 24, 2), Column("", 20, 3))


class PickerScreen(ModalScreen[Hashable | None]):
    """Lets one of many rows be picked. Dismissed with its key, or None."""

    DEFAULT_CSS = """
    PickerScreen { layout: vertical; background: transparent; }
    PickerScreen > .title { height: 1; background: $panel; text-style: bold; text-wrap: nowrap; }
    PickerScreen > LineInput { height: 1; border: none; padding: 0 1; width: 100%; }
    PickerScreen > RowList { width: 100%; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("down,ctrl+n,ctrl+j", "list('cursor_down')", "Down", show=False, priority=True),
        Binding("up,ctrl+p", "list('cursor_up')", "Up", show=False, priority=True),
        Binding("pagedown", "list('page_down')", "Page down", show=False, priority=True),
        Binding("pageup", "list('page_up')", "Page up", show=False, priority=True),
        Binding("tab", "read_on", "Read on below", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        rows: Callable[[str], Sequence[Row]],
        *,
        palette: Mapping[str, Style],
        columns: Sequence[Column] = COLUMNS,
        empty: str = "nothing holds this",
        ascii_only: bool = False,
        at: Hashable | None = None,
        text: str = "",
        whole: int = 0,
        placeholder: str = "type to search; Enter picks, Escape leaves",
        highlighted: Callable[[Hashable | None], None] = lambda key: None,
        left: Callable[[], None] = lambda: None,
    ) -> None:
        """`rows`: the rows for what is typed, `text` to begin with.

        `at`: the key of the row that the cursor begins on, instead of the first.
        `whole`: the lines below the list, at least, in which the last column of that row stands once more, all of it.
        `placeholder` stands in the empty line.
        `highlighted` is told what the cursor is on, `left` that nothing was picked.
        """
        super().__init__()
        self._left = left
        self._title, self._rows, self._at, self._highlighted = title, rows, at, highlighted
        self._text, self._ascii_only = text, ascii_only
        self._list = RowList(columns, empty=empty, palette=palette, ascii_only=ascii_only, header=False)
        self._whole = Explanation(whole, self._lines_free, ascii_only=ascii_only) if whole else None
        self._line = LineInput(placeholder=placeholder)

    def compose(self) -> ComposeResult:
        """What is asked, the line, and the list."""
        yield Static(self._shown(self._title), classes="title", markup=False)
        yield self._line
        yield self._list
        if self._whole is not None:
            yield self._whole

    def on_mount(self) -> None:
        """Show everything."""
        with self.prevent(Input.Changed):
            self._line.fill(self._text)
        self._fill(self._text)
        self._line.focus()
        self._line.action_select_all()

    def set_palette(self, palette: Mapping[str, Style]) -> None:
        """Show roles in these styles."""
        self._list.set_palette(palette)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow what is typed."""
        event.stop()
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pick."""
        event.stop()
        self._pick(self._list.cursor_key)

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Tell what the cursor is on."""
        self._highlighted(event.key)
        row = self._list.cursor_row
        if self._whole is not None:
            self._whole.say(row.cells[-1].text if row is not None else "")

    def on_row_list_selected(self, event: RowList.Selected) -> None:
        """Pick what was clicked twice."""
        self._pick(event.key)

    def action_leave(self) -> None:
        """Pick nothing."""
        if self.is_current:
            self._left()
            self.dismiss(None)

    def action_read_on(self) -> None:
        """Show what follows of what is said about the row."""
        if self._whole is not None:
            self._whole.read_on()

    def _lines_free(self) -> int:
        """How many lines neither the title, nor the line that is typed into, nor the list needs."""
        return self.size.height - 2 - self._list.virtual_size.height

    def action_list(self, what: str) -> None:
        """Move in the list while the line is typed into."""
        getattr(self._list, f"action_{what}")()

    def _shown(self, text: str) -> str:
        return displayable(f" {in_ascii(text) if self._ascii_only else text}")

    def _fill(self, text: str) -> None:
        self._list.set_rows(self._rows(text))
        if text or self._at is None or not self._list.move_to(self._at):
            self._list.action_home()
            row = self._list.cursor_row
            if row is not None and row.group:
                self._list.action_cursor_down()

    def _pick(self, key: Hashable | None) -> None:
        # Whatever comes twice picks once: there is another screen then, which is not to go as well.
        if key is not None and self.is_current:
            self.dismiss(key)
