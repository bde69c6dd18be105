"""Screens that propose something: a list of what was found, what the cursor is on in full below it, and Enter.

Owns what all of them have in common: work is done beside the person, what goes wrong is said, Escape leaves.
Invariant: nothing changes here; such a screen is dismissed with what was accepted, or with None.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.screens.beside import WorkBeside
from tui.app.widgets.explanation import Explanation
from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Column
from tui.display import displayable, in_ascii
from tui.errors import VnetTuiError

T = TypeVar("T")


class AcceptingScreen(WorkBeside, ModalScreen[T | None], Generic[T]):
    """Shows a proposal, of which what may be left out can be. Dismissed with what was accepted, or None."""

    DEFAULT_CSS = """
    AcceptingScreen { layout: vertical; background: transparent; }
    AcceptingScreen > .title { height: 1; background: $panel; text-style: bold; text-wrap: nowrap; }
    AcceptingScreen > RowList { width: 100%; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave", show=False),
        Binding("space", "leave_out", "Leave it out, or take it", show=False),
        Binding("tab", "read_on", "Read on below", show=False, priority=True),
    ]
    EXPLAINED_IN: ClassVar[int] = 7
    """Lines that what the cursor is on is always given; more where the list leaves them."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        palette: Mapping[str, Style],
        empty: str = "",
        ascii_only: bool = False,
        header: bool = True,
    ) -> None:
        """`empty` stands in the list while there is nothing to show."""
        super().__init__()
        self.ascii_only = ascii_only
        self._heading = Static("", classes="title", markup=False)
        self.list = RowList(columns, empty=empty, palette=palette, ascii_only=ascii_only, header=header)
        self._whole = Explanation(self.EXPLAINED_IN, self._lines_free, ascii_only=ascii_only)

    # What each of them decides.

    def begin(self) -> None:
        """Begin to look for what is proposed."""
        raise NotImplementedError

    def explained(self, key: Hashable) -> str | None:
        """Return what is to be said in full about the row of that key; None leaves what stands there."""
        raise NotImplementedError

    def accept(self, key: Hashable) -> None:
        """Enter was pressed on the row of that key."""
        raise NotImplementedError

    def leave_out(self, key: Hashable) -> None:
        """Leave out what the row of that key stands for, or take it again."""

    # What they have in common.

    def compose(self) -> ComposeResult:
        """The keys, the proposal, and what the cursor is on in full."""
        yield self._heading
        yield self.list
        yield self._whole

    def on_mount(self) -> None:
        """Begin to look."""
        self.list.focus()
        self.begin()

    def set_palette(self, palette: Mapping[str, Style]) -> None:
        """Show roles in these styles."""
        self.list.set_palette(palette)

    def head(self, text: str) -> None:
        """Show what this is, and its keys, in the first line."""
        self._heading.update(self._shown(f" {text}"), layout=False)

    def say(self, text: str) -> None:
        """Show a message in the place of what the cursor is on."""
        self._whole.say(text)

    def _lines_free(self) -> int:
        """How many lines neither the title nor the list needs."""
        return self.size.height - 1 - self.list.virtual_size.height

    def say_error(self, error: VnetTuiError) -> None:
        """Say what went wrong."""
        self.say(f"{error.message}. {error.hint}".rstrip(" ."))

    def _shown(self, text: str) -> str:
        return displayable(in_ascii(text) if self.ascii_only else text)

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Say in full what the cursor is on."""
        self.explain()

    def explain(self) -> None:
        """Say in full what the cursor is on, as it is now."""
        key = self.list.cursor_key
        said = self.explained(key) if key is not None else None
        if said is not None:
            self.say(said)

    def on_row_list_selected(self, event: RowList.Selected) -> None:
        """Accept, if this was not left already."""
        if self.is_current:
            self.accept(event.key)

    def action_read_on(self) -> None:
        """Show what follows of what is said about the row."""
        self._whole.read_on()

    def action_leave_out(self) -> None:
        """Leave out what the cursor is on, or take it again."""
        if self.list.cursor_key is not None:
            self.leave_out(self.list.cursor_key)

    def action_leave(self) -> None:
        """Change nothing."""
        if self.is_current:
            self.dismiss(None)
