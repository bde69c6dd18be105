"""What is shown while a large file is read.

Invariant: nothing can be edited meanwhile that would be gone when the file is there.
"""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from tui.display import displayable


class ReadingScreen(Screen[None]):
    """One line that says which file is read."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(displayable(f" reading {self._path}"), markup=False)
