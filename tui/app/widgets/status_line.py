"""The status line: what was done, what stands in the way, why a block is suggested.

Owns how high it is. Invariant: a message that fits its most lines is shown whole, whoever wrote it.
"""

from __future__ import annotations

from textual.widgets import Static

from tui.app.widgets.wrapping import wrapped
from tui.display import displayable, in_ascii

_MOST_LINES = 4


class StatusLine(Static):
    """A message on as many lines as it takes."""

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__("", id="status", markup=False)
        self._ascii_only = ascii_only

    def say(self, text: str, room_for: str = "") -> None:
        """Show a message. `room_for`: the longest of those it takes turns with; where it fits, nothing above jumps."""
        shown, longest = self._shown(text), self._shown(room_for)
        lines = max(len(wrapped(one, self.screen.size.width)) for one in (shown, longest))
        self.styles.height = min(lines, _MOST_LINES)
        self.update(shown, layout=False)

    def _shown(self, text: str) -> str:
        return displayable(f" {in_ascii(text) if self._ascii_only else text}")
