"""The editor as a Textual app: themes, the first screen, and nothing else.

Invariant: no facts about a topology live here; the store has them.
"""

from __future__ import annotations

import os
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from tui.app.screens.workbench import WorkbenchScreen
from tui.app.store import Store
from tui.app.themes import ansi_color_for, palette, textual_theme, theme_name_for, variables
from tui.storage.theme_files import find_themes


class VnetTuiApp(App[None]):
    """vnet-tui on a terminal."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, store: Store, *, theme: str | None = None, ascii_only: bool = False) -> None:
        # What is wrong with a theme file is told by `vnet-tui themes`.
        themes, _ = find_themes()
        self._theme_files = {one.name: one for one in themes}
        super().__init__(ansi_color=ansi_color_for(os.environ))
        self.animation_level = "none"
        self._store, self._ascii_only = store, ascii_only
        wanted = theme_name_for(theme, os.environ)
        self._theme_name = wanted if wanted in self._theme_files else "dark"
        for one in themes:
            self.register_theme(textual_theme(one))
        self.theme = self._theme_name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our own variables a value before a theme is set."""
        return variables(self._theme_files["dark"])

    def on_mount(self) -> None:
        """Open the workbench."""
        styles = palette(self._theme_files[self._theme_name]).styles
        self.push_screen(WorkbenchScreen(self._store, styles, ascii_only=self._ascii_only))

    async def action_quit(self) -> None:
        """Ctrl+Q leaves like q does: not without a word about what is unsaved."""
        screen = self.screen
        if isinstance(screen, WorkbenchScreen):
            screen.action_command("quit")
