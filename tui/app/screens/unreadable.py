"""A file that does not load: all its problems by line, and the ways on from there.

Invariant: the file is not touched from here but by the person's own editor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Cell, Column, Row
from tui.display import displayable
from tui.storage.problems import Problem

_COLUMNS = (Column("line", 6, 0, "right"), Column("key", 16, 1), Column("what is wrong", 30, 4))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file could not be opened."""

    path: Path
    message: str
    problems: Sequence[Problem] = ()


class UnreadableScreen(Screen[str]):
    """The problems of a file. Dismissed with "edit", "retry", "open" or "quit"."""

    DEFAULT_CSS = """
    UnreadableScreen { layout: vertical; }
    UnreadableScreen > .line { height: 1; background: $panel; text-wrap: nowrap; }
    UnreadableScreen > .whole { height: 3; background: $panel; }
    UnreadableScreen > .title { height: 1; background: $panel; text-style: bold; text-wrap: nowrap; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("E,e", "leave('edit')", "Edit", show=False),
        Binding("r", "leave('retry')", "Retry", show=False),
        Binding("O,o", "leave('open')", "Open another", show=False),
        Binding("q,escape", "leave('quit')", "Quit", show=False),
    ]

    def __init__(
        self,
        why: Unreadable,
        palette: Mapping[str, Style],
        *,
        ascii_only: bool = False,
        back: bool = False,
        said: str = "",
    ) -> None:
        """`back`: q goes back to what was open before, instead of leaving. `said`: what went wrong just before."""
        super().__init__()
        self.why = why
        self._leaving = "q goes back" if back else "q leaves"
        self._said = said
        self._list = RowList(_COLUMNS, palette=palette, empty=why.message, ascii_only=ascii_only)
        self._status = Static("", classes="whole", markup=False)

    def compose(self) -> ComposeResult:
        """What does not load, why, and what can be done."""
        yield Static(displayable(f" {self.why.message}"), classes="title", markup=False)
        yield self._list
        yield self._status
        keys = f" E edits it at this line, r tries again, O opens another file, {self._leaving}"
        yield Static(keys, classes="line", markup=False)

    def on_mount(self) -> None:
        """List the problems."""
        self._list.set_rows(
            [
                Row(
                    number,
                    (
                        Cell(str(problem.line or "")),
                        Cell(str(problem.key or "")),
                        Cell(problem.message.removeprefix(f"{problem.key}: ")),
                    ),
                )
                for number, problem in enumerate(self.why.problems)
            ]
        )
        self._list.focus()
        if self._said:
            self.call_after_refresh(self.say, self._said)

    @property
    def line(self) -> int | None:
        """The line of the file that the cursor is on."""
        key = self._list.cursor_key
        return self.why.problems[key].line if isinstance(key, int) else None

    def say(self, text: str) -> None:
        """Show a message."""
        self._status.update(displayable(f" {text}"), layout=False)

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Show the whole of a message that the list had to cut."""
        if isinstance(event.key, int):
            self.say(self.why.problems[event.key].message)

    def on_row_list_selected(self) -> None:
        """Enter, which the list takes: edit at the line."""
        self.action_leave("edit")

    def action_leave(self, how: str) -> None:
        """Go on."""
        if self.is_current:
            self.dismiss(how)
