"""Screens that propose a tree: what is read is shown in groups, which are folded, filtered and gone through.

Owns what is folded and what is sought. What is read is read beside the person, who can leave at any time.
Invariant: a filter hides lines and changes nothing else; leaving it shows them again.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.app.panes.tree import View
from tui.app.screens.accepting import AcceptingScreen
from tui.app.widgets.lazy_rows import key_at
from tui.app.widgets.prompt import Prompt
from tui.app.widgets.rows import Column, Row
from tui.errors import VnetTuiError

T = TypeVar("T")


class LeftError(VnetTuiError):
    """The person did not wait for what is read."""


class TreeScreen(AcceptingScreen[T | VnetTuiError], Generic[T]):
    """A proposal in groups. Dismissed with what was accepted, with why nothing could be read, or None."""

    EXPLAINED_IN = 5
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "let_go", "Show all lines, or leave", show=False),
        Binding("left,h", "fold(True)", "Fold the group", show=False),
        Binding("right,l", "fold(False)", "Unfold the group", show=False),
        Binding("slash", "filter", "Filter", id="filter", show=False),
        Binding("n", "match(1)", "Next match", id="next-match", show=False),
        Binding("N", "match(-1)", "Previous match", id="previous-match", show=False),
    ]

    class Progress(Message):
        """What is being done beside the person."""

        def __init__(self, said: str) -> None:
            super().__init__()
            self.said = said

        def can_replace(self, message: Message) -> bool:
            """Only what is done now matters."""
            return isinstance(message, TreeScreen.Progress)

    def __init__(
        self, columns: Sequence[Column], *, palette: Mapping[str, Style], ascii_only: bool = False, empty: str = ""
    ) -> None:
        super().__init__(columns, palette=palette, empty=empty, ascii_only=ascii_only, header=False)
        self.toggled: set[Hashable] = set()
        """The groups and lines that are not as they were to begin with: unfolded, or folded."""
        self.wanted = ""
        """Only what holds it is shown."""
        self.sought = ""
        """The text that was filtered for last."""
        self._prompt = Prompt()
        self._is_left = False

    # What each of them decides.

    def tree_rows(self) -> Sequence[Row]:
        """Return the rows, as they are looked at now; those of groups have the key ("group", name)."""
        raise NotImplementedError

    def is_folded(self, line: Hashable) -> bool | None:
        """Return whether the group of that name, or the line of that key, is folded; None where it cannot be."""
        raise NotImplementedError

    # What they have in common.

    def compose(self) -> ComposeResult:
        """The proposal, and the line of the filter."""
        yield from super().compose()
        yield self._prompt

    @property
    def view(self) -> View:
        """How the lines are looked at now."""
        return View(self.toggled, self.wanted, self.ascii_only)

    def show_tree(self) -> None:
        """Show the rows anew."""
        is_first = not self.list.rows
        self.list.set_rows(self.tree_rows())
        if is_first:
            # The first line says how much there is; what one can do something with begins below.
            self.list.action_cursor_down()

    def toggle(self, line: Hashable) -> None:
        """Fold or unfold a group, by its name, or a line, by its key."""
        self.toggled ^= {line}
        self.show_tree()

    def action_fold(self, folded: bool) -> None:
        """Fold what the cursor is in, or unfold what it is on."""
        rows, place = self.list.rows, self.list.cursor_index
        while place is not None and place >= 0:
            key = key_at(rows, place)
            name = group_of(key)
            line = key if name is None else name
            if self.is_folded(line) is (not folded):
                self.list.move_to(key)
                self.toggle(line)
                return
            if not folded or name is not None:
                return
            place -= 1

    def shown_in(self, name: str) -> list[Hashable]:
        """Return the keys of the lines that are shown of a group."""
        keys = [key_at(self.list.rows, place) for place in range(len(self.list.rows))]
        begin = keys.index(("group", name)) + 1
        end = next((place for place in range(begin, len(keys)) if group_of(keys[place]) is not None), len(keys))
        return keys[begin:end]

    # Filtering, in the words of the panes.

    def action_filter(self) -> None:
        """Show only the lines that hold a text."""

        def keep(text: str) -> None:
            self.list.focus()
            if text:
                self.say(f"only what holds {text}; Escape shows all again, n and N go through it")

        def give_up() -> None:
            self._narrow("")
            self.list.focus()

        self._prompt.ask("Filter", self.wanted, keep, typed=self._narrow, given_up=give_up)

    def action_match(self, step: int) -> None:
        """Go to the next line that holds the text of the filter, even where the filter is gone."""
        wanted, rows, here = self.sought.casefold(), self.list.rows, self.list.cursor_index or 0
        if not wanted:
            self.say("filter for something first (/)")
            return
        for distance in range(1, len(rows)):
            place = (here + step * distance) % len(rows)
            if place and any(wanted in cell.text.casefold() for cell in rows[place].cells):
                self.list.move_to(key_at(rows, place))
                return
        self.say(f"nothing else here holds {self.sought}")

    def _narrow(self, text: str) -> None:
        self.wanted = text
        self.sought = text or self.sought
        self.show_tree()
        if text and len(self.list.rows) == 1:
            self.say(f"nothing here holds {text}: Escape shows all again")

    # Reading, and leaving it.

    def tell(self, said: str) -> None:
        """Say what is done; from the thread in which it is. Raises LeftError there when nobody waits for it."""
        if self._is_left:
            raise LeftError("nobody waits for it")
        self.post_message(self.Progress(said))

    def on_tree_screen_progress(self, event: Progress) -> None:
        """Say what is done, until there is something to show."""
        if not self.list.rows:
            self.say(event.said)

    def refuse(self, error: VnetTuiError) -> None:
        """Leave, and say why there is nothing to show."""
        if self.is_current:
            self.dismiss(error)

    def action_let_go(self) -> None:
        """Escape: show all lines again, or leave."""
        if self.wanted:
            self._narrow("")
            self.say("all rows are shown")
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Change nothing, and read no further."""
        self._is_left = True
        super().action_leave()


def group_of(key: Hashable) -> str | None:
    """Return the name of the group whose own line has that key, or None."""
    return str(key[1]) if isinstance(key, tuple) and key[:1] == ("group",) else None
