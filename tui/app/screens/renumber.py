"""The renumbering assistant: the proposal, step by step, of which all or some are accepted.

Owns which steps are left out. The proposal is made beside the person, and anew when sites may move too.
Invariant: nothing changes before Enter, and then all accepted steps are one edit.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType

from tui.app.panes import renumbering as lines
from tui.app.screens.accepting import AcceptingScreen
from tui.planner.renumber.proposal import Renumbering, Step, renumbering
from tui.topology.model import Topology

_KEYS = "Enter makes the marked steps; space: one, a: all"


class RenumberScreen(AcceptingScreen[tuple[Step, ...]]):
    """Shows a way out of all overlaps. Dismissed with the accepted steps, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sites", "Sites may move too", show=False),
        Binding("a", "all", "Leave all out, or take all", show=False),
    ]

    def __init__(self, topology: Topology, *, palette: Mapping[str, Style], ascii_only: bool = False) -> None:
        super().__init__(
            lines.COLUMNS, empty="looking for the cheapest way out", palette=palette, ascii_only=ascii_only
        )
        self._topology = topology
        self._found: Renumbering | None = None
        self._left_out: set[str] = set()
        self._sites = False

    def begin(self) -> None:
        """Look for a way out, as sites may move or not."""
        self._found = None
        self.list.set_rows(())
        topology, sites = self._topology, self._sites
        others = "no sites" if sites else "sites too"
        self.head(f"Renumber: {_KEYS}; s: {others}; Esc")
        self.beside(lambda: renumbering(topology, sites=sites), self._show, self.say_error, "renumber")

    def _show(self, found: Renumbering) -> None:
        self._found = found
        self._left_out &= {step.move.network for step in found.steps}
        self.list.set_rows(lines.rows(found, self._left_out))
        if found.steps:
            self.list.action_cursor_down()

    def explained(self, key: Hashable) -> str | None:
        """Return why a step is needed and what changes with it, or what would help where there is none."""
        return "; ".join(lines.explained(self._found, key)) if self._found is not None else None

    def accept(self, key: Hashable) -> None:
        """Accept what is marked."""
        if self._found is None:
            return
        accepted = tuple(step for step in self._found.steps if step.move.network not in self._left_out)
        if accepted:
            self.dismiss(accepted)
        elif self._found.steps:
            self.say("every step is left out: space takes one again, Escape changes nothing")
        else:
            self.say("no network has to move, or can; Escape leaves")

    def leave_out(self, key: Hashable) -> None:
        """Leave the step out, or take it again."""
        step = lines.step_of(self._found, key) if self._found is not None else None
        if step is None or self._found is None:
            return
        self._left_out ^= {step.move.network}
        self.list.set_rows(lines.rows(self._found, self._left_out))
        self.list.action_cursor_down()

    def action_all(self) -> None:
        """Take every step; where all are taken, leave all out."""
        if self._found is not None:
            self._left_out = set() if self._left_out else {step.move.network for step in self._found.steps}
            self.list.set_rows(lines.rows(self._found, self._left_out))

    def action_sites(self) -> None:
        """Let sites be renumbered too, or not."""
        if self._found is not None:
            self._sites = not self._sites
            self.begin()
