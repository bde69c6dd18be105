"""The start screen: recent files, samples, something new, or what there is in Azure.

Invariant: whatever is chosen is opened by the app; nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style

from tui.app.screens.choices import openable_rows
from tui.app.screens.picker import PickerScreen


class StartScreen(PickerScreen):
    """What is shown when no file was named."""

    def __init__(self, palette: Mapping[str, Style], *, ascii_only: bool = False) -> None:
        super().__init__(
            "vnet-tui: open a recent file or a sample, or type the name of a file",
            openable_rows(with_new=True),
            palette=palette,
            ascii_only=ascii_only,
            empty="no such file",
        )
