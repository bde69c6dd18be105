"""What the screens may ask of the app that shows them.

Invariant: it is all that a screen knows of the app beyond what every Textual app has.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui.app.store import Store

if TYPE_CHECKING:
    from tui.storage.in_force import InForce


class Host(Protocol):
    """The app, as screens know it."""

    looks: InForce
    theme: str

    @property
    def theme_names(self) -> dict[str, str]:
        """The themes there are, with what they are."""

    @property
    def settings_file(self) -> Path | None:
        """Where the person's settings are, or would be."""

    def take_theme(self, name: str) -> None:
        """Show everything in another theme."""

    def open(self, path: Path, *, sample: bool = False) -> None:
        """Open the file at `path` on a new workbench."""

    def show(self, store: Store) -> None:
        """Show a store on a workbench, in place of the one that is there."""

    def is_ready(self) -> None:
        """The workbench takes keys from now on."""
