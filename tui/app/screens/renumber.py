"""The renumbering assistant: the proposal, step by step, of which all or some are accepted.

Owns which steps are left out. The proposal is made beside the person, and anew when sites may move too.
Invariant: nothing changes before Enter, and then all accepted steps are one edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.panes import renumbering as lines
from tui.app.screens.beside import WorkBeside
from tui.app.widgets.row_list import RowList
from tui.display import displayable, in_ascii
from tui.errors import VnetTuiError
from tui.planner.renumber.proposal import Renumbering, Step, renumbering
from tui.topology.model import Topology

_KEYS = "Enter: make the marked steps; space: leave one out"


class RenumberScreen(WorkBeside, ModalScreen[tuple[Step, ...] | None]):
    """Shows a way out of all overlaps. Dismissed with the accepted steps, or None."""

    DEFAULT_CSS = """
    RenumberScreen { layout: vertical; background: transparent; }
    RenumberScreen > .title { height: 1; background: $panel; text-style: bold; text-wrap: nowrap; }
    RenumberScreen > RowList { width: 100%; height: 1fr; }
    RenumberScreen > .whole { height: 7; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave", show=False),
        Binding("space", "leave_out", "Leave the step out, or take it", show=False),
        Binding("s", "sites", "Sites may move too", show=False),
    ]

    def __init__(self, topology: Topology, *, palette: Mapping[str, Style], ascii_only: bool = False) -> None:
        super().__init__()
        self._topology, self._ascii_only = topology, ascii_only
        self._found: Renumbering | None = None
        self._left_out: set[str] = set()
        self._sites = False
        self._heading = Static("", classes="title", markup=False)
        self._list = RowList(
            lines.COLUMNS, empty="looking for the cheapest way out", palette=palette, ascii_only=ascii_only
        )
        self._whole = Static("", classes="whole", markup=False)

    def compose(self) -> ComposeResult:
        """The keys, the proposal, and what the cursor is on in full."""
        yield self._heading
        yield self._list
        yield self._whole

    def on_mount(self) -> None:
        """Begin to look."""
        self._list.focus()
        self._look()

    def set_palette(self, palette: Mapping[str, Style]) -> None:
        """Show roles in these styles."""
        self._list.set_palette(palette)

    def _look(self) -> None:
        self._found = None
        self._list.set_rows(())
        topology, sites = self._topology, self._sites
        others = "no sites" if sites else "sites too"
        self._heading.update(f" Renumber: {_KEYS}; s: {others}; Esc", layout=False)
        self.beside(lambda: renumbering(topology, sites=sites), self._show, self._say_error, "renumber")

    def _show(self, found: Renumbering) -> None:
        self._found = found
        self._left_out &= {step.move.network for step in found.steps}
        self._list.set_rows(lines.rows(found, self._left_out))
        if found.steps:
            self._list.action_cursor_down()

    def _say_error(self, error: VnetTuiError) -> None:
        self.say(error.message)

    def say(self, text: str) -> None:
        """Show a message in the place of what the cursor is on."""
        self._whole.update(displayable(in_ascii(text) if self._ascii_only else text), layout=False)

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Say in full what the cursor is on."""
        if self._found is not None:
            # A line is a step of ours or a sentence; names in it are shown as text.
            self.say("; ".join(lines.explained(self._found, event.key)))

    def on_row_list_selected(self, event: RowList.Selected) -> None:
        """Accept what is marked."""
        if self._found is None or not self.is_current:
            return
        accepted = tuple(step for step in self._found.steps if step.move.network not in self._left_out)
        if accepted:
            self.dismiss(accepted)
        elif self._found.steps:
            self.say("every step is left out: space takes one again, Escape changes nothing")
        else:
            self.say("no network has to move, or can; Escape leaves")

    def action_leave_out(self) -> None:
        """Leave the step under the cursor out, or take it again."""
        step = lines.step_of(self._found, self._list.cursor_key) if self._found is not None else None
        if step is None or self._found is None:
            return
        self._left_out ^= {step.move.network}
        self._list.set_rows(lines.rows(self._found, self._left_out))
        self._list.action_cursor_down()

    def action_sites(self) -> None:
        """Let sites be renumbered too, or not."""
        if self._found is not None:
            self._sites = not self._sites
            self._look()

    def action_leave(self) -> None:
        """Change nothing."""
        if self.is_current:
            self.dismiss(None)
