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
from tui.app.widgets.lazy_rows import key_at
from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Column, Row
from tui.display import displayable, in_ascii
from tui.errors import VnetTuiError

T = TypeVar("T")


class AcceptingScreen(WorkBeside, ModalScreen[T | None], Generic[T]):
    """Shows a proposal, of which what may be left out can be. Dismissed with what was accepted, or None."""

    DEFAULT_CSS = """
    AcceptingScreen { layout: vertical; background: transparent; }
    AcceptingScreen > .title { height: 1; background: $panel; text-style: bold; text-wrap: nowrap; }
    AcceptingScreen > RowList { width: 100%; height: 1fr; }
    AcceptingScreen > .whole { height: 7; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave", show=False),
        Binding("space", "leave_out", "Leave it out, or take it", show=False),
    ]

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
        self._whole = Static("", classes="whole", markup=False)

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
        self._whole.update(self._shown(text), layout=False)

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

    def action_leave_out(self) -> None:
        """Leave out what the cursor is on, or take it again."""
        if self.list.cursor_key is not None:
            self.leave_out(self.list.cursor_key)

    def action_leave(self) -> None:
        """Change nothing."""
        if self.is_current:
            self.dismiss(None)


class TreeScreen(AcceptingScreen[T], Generic[T]):
    """A proposal whose lines stand in groups, which are folded and unfolded with left and right."""

    DEFAULT_CSS = """
    TreeScreen > .whole { height: 5; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "fold(True)", "Fold the group", show=False),
        Binding("right,l", "fold(False)", "Unfold the group", show=False),
    ]

    def __init__(
        self, columns: Sequence[Column], *, palette: Mapping[str, Style], ascii_only: bool = False, empty: str = ""
    ) -> None:
        super().__init__(columns, palette=palette, empty=empty, ascii_only=ascii_only, header=False)
        self.toggled: set[str] = set()
        """The groups that are not as they were to begin with: unfolded, or folded."""

    def tree_rows(self) -> Sequence[Row]:
        """Return the rows, as they are folded now; those of groups have the key ("group", name)."""
        raise NotImplementedError

    def is_folded(self, name: str) -> bool:
        """True if of the group of that name only its own line is shown."""
        raise NotImplementedError

    def show_tree(self) -> None:
        """Show the rows anew."""
        is_first = not self.list.rows
        self.list.set_rows(self.tree_rows())
        if is_first:
            # The first line says how much there is; what one can do something with begins below.
            self.list.action_cursor_down()

    def toggle(self, name: str) -> None:
        """Fold or unfold a group."""
        self.toggled ^= {name}
        self.show_tree()

    def action_fold(self, folded: bool) -> None:
        """Fold the group that the cursor is in, or unfold the one that it is on."""
        rows, place = self.list.rows, self.list.cursor_index
        while place is not None and place >= 0:
            name = group_of(key_at(rows, place))
            if name is not None:
                if self.is_folded(name) != folded:
                    self.list.move_to(("group", name))
                    self.toggle(name)
                return
            if not folded:
                return
            place -= 1


def group_of(key: Hashable) -> str | None:
    """Return the name of the group whose own line has that key, or None."""
    return str(key[1]) if isinstance(key, tuple) and key[:1] == ("group",) else None
