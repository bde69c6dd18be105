"""Help: every command that applies here, searchable; Enter runs it, and one that is not available says why.

Invariant: it is made from the command table, so it cannot drift from what the keys do.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.app.commands import Workbench, commands
from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Cell, Column, Row

_COLUMNS = (Column("key", 8), Column("command", 16), Column("what it does", 20, 1))
_KEY_NAMES = {"slash": "/", "question_mark": "?"}


class HelpScreen(ModalScreen[str | None]):
    """The list of commands. Dismissed with the id of the one to run, or None."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Input { dock: top; height: 1; border: none; padding: 0 1; width: 100%; }
    HelpScreen > RowList { width: 100%; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", show=False),
        Binding("down", "list('cursor_down')", show=False, priority=True),
        Binding("up", "list('cursor_up')", show=False, priority=True),
        Binding("pagedown", "list('page_down')", show=False, priority=True),
        Binding("pageup", "list('page_up')", show=False, priority=True),
    ]

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._rows = [
            Row(
                command.id,
                (
                    Cell(", ".join(_KEY_NAMES.get(key, key) for key in command.keys)),
                    Cell(command.title),
                    Cell(
                        command.help if (why := command.unavailable(bench)) is None else f"not now: {why}",
                        "" if why is None else "muted",
                    ),
                ),
            )
            for command in commands().values()
        ]
        self._list = RowList(_COLUMNS, empty="no command is called so")

    def compose(self) -> ComposeResult:
        """A line to search in, and the list."""
        search = Input(placeholder="type to search; Enter runs, Escape closes", compact=True)
        search.cursor_blink = False
        yield search
        yield self._list

    def on_mount(self) -> None:
        """Show all commands."""
        self._list.set_rows(self._rows)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        wanted = event.value.casefold()
        self._list.set_rows([row for row in self._rows if any(wanted in cell.text.casefold() for cell in row.cells)])

    def on_input_submitted(self) -> None:
        """Run the command under the cursor."""
        key = self._list.cursor_key
        self.dismiss(key if isinstance(key, str) else None)

    def on_row_list_selected(self, event: RowList.Selected) -> None:
        """Run it."""
        self.dismiss(event.key if isinstance(event.key, str) else None)

    def action_list(self, what: str) -> None:
        """Move in the list while typing in the line above."""
        getattr(self._list, f"action_{what}")()
