"""The editor as a Textual app: which screen is shown, themes, keys, and opening files.

Owns the way from a path to a screen: the workbench, the problems of a file that does not load, or the start screen.
Invariant: no facts about a topology live here; the store has them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen

from tui.app.keys import Keymap, resolve
from tui.app.keys_in_order import KeysInOrderApp
from tui.app.screens.workbench import WorkbenchScreen
from tui.app.store import Store
from tui.app.terminal.frames import FramesApp
from tui.app.themes import Palette, ansi_color_for, palette, textual_theme, theme_name_for, variables
from tui.errors import FileError
from tui.storage.in_force import InForce, in_force, settings_file, unknown_theme
from tui.storage.problems import UnreadableTopologyError
from tui.storage.theme_files import find_themes

_LARGE = 1_000_000
"""Bytes of a file that takes long enough to read to say so first."""


class VnetTuiApp(FramesApp[None], KeysInOrderApp[None]):
    """vnet-tui on a terminal."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[str] = "screens/workbench.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        start: Store | Path | None,
        *,
        sample: bool = False,
        read_only: bool = False,
        looks: InForce | None = None,
        keymap: Keymap | None = None,
        notices: tuple[str, ...] = (),
        driver_class: type[Driver] | None = None,
        when_ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin with a store, with the file at a path, or, for None, by asking which.

        `notices`: what is wrong with the settings, to be said when the first screen is there. `when_ready` is called
        when a workbench takes keys.
        """
        # What is wrong with a theme file is told by `vnet-tui themes`.
        themes, _ = find_themes()
        self._theme_files = {one.name: one for one in themes}
        super().__init__(ansi_color=ansi_color_for(os.environ), driver_class=driver_class)
        self.animation_level = "none"
        self._start, self._sample, self._read_only = start, sample, read_only
        self._when_ready = when_ready
        self.looks = looks or in_force(None, {})
        self.keymap = keymap or resolve({})
        self.set_keymap(self.keymap.for_textual())
        self._went_wrong = ""
        """What the next screen of a file that does not load is to say."""
        self._goes_on_with = ""
        """The command that the next workbench begins with."""
        theme_problem = unknown_theme(self.looks, self._theme_files)
        self._notices = tuple(filter(None, (*notices, *self.keymap.problems, theme_problem)))
        wanted = theme_name_for(self.looks.theme, os.environ)
        for one in themes:
            self.register_theme(textual_theme(one))
        self.theme = wanted if wanted in self._theme_files else "dark"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our own variables a value before a theme is set."""
        return variables(self._theme_files["dark"])

    @property
    def theme_names(self) -> dict[str, str]:
        """The themes there are, with what they are."""
        return {name: one.description or ("dark" if one.dark else "light") for name, one in self._theme_files.items()}

    @property
    def settings_file(self) -> Path | None:
        """Where the person's settings are, or would be."""
        return settings_file()

    @property
    def palette(self) -> Palette:
        """The styles of the theme."""
        return palette(self._theme_files[self.theme])

    def take_theme(self, name: str) -> None:
        """Show everything in another theme."""
        if name in self._theme_files and name != self.theme:
            self.theme = name
            for screen in self.screen_stack:
                take = getattr(screen, "set_palette", None)
                if take is not None:
                    take(self.palette.styles)

    def get_default_screen(self) -> Screen[Any]:
        """Begin with the workbench where the file can be read at once: that is a screen less to make."""
        start = self._start
        if isinstance(start, Path) and not _is_large(start):
            # What is wrong with the file is said when it is opened in the usual way.
            with contextlib.suppress(UnreadableTopologyError, FileError):
                start = self._read(start, self._sample)
        if isinstance(start, Store):
            self.hold_keys()
            return self._workbench(start)
        return super().get_default_screen()

    def on_mount(self) -> None:
        """Show the first screen."""
        self.hold_keys()
        start = self._start
        if isinstance(self.screen, WorkbenchScreen):
            # As a pushed screen has one: without it Textual cannot put another in the place of the first.
            self.screen._push_result_callback(self, None)
            self._greet(self.screen)
        elif isinstance(start, Path):
            self.open(start, sample=self._sample)
        else:
            self.ask_what_to_open()

    def ask_what_to_open(self) -> None:
        """Show the start screen; leaving it goes back to the workbench, or leaves the program where there is none."""
        from tui.app.screens.choices import IMPORT, chosen_path
        from tui.app.screens.start import StartScreen

        def chosen(key: Hashable | None) -> None:
            if key is None:
                if self._bench is None:
                    self.exit()
                return
            path, sample = chosen_path(key)
            if path is None:
                self._goes_on_with = "import" if key == IMPORT else ""
                self.show(Store.new())
            else:
                self.open(path, sample=sample)

        self.push_screen(StartScreen(self.palette.styles, ascii_only=self.looks.ascii_only), chosen)
        self.call_after_refresh(self.release_keys)

    def open(self, path: Path, *, sample: bool = False) -> None:
        """Open the file at `path` on a new workbench; a path where nothing is begins a new file."""

        def read() -> Store:
            return self._read(path, sample)

        if not _is_large(path):
            self._opened(path, read)
            return

        # Nothing can be edited meanwhile that would be gone when the file is there.
        self.hold_keys()
        from tui.app.screens.reading import ReadingScreen

        self.push_screen(ReadingScreen(path))

        async def beside() -> None:
            try:
                store = await asyncio.to_thread(read)
            except (UnreadableTopologyError, FileError) as error:
                self.pop_screen()
                self._refused(path, error)
            else:
                self.pop_screen()
                self.show(store)

        self.run_worker(beside(), group="open")

    def _read(self, path: Path, sample: bool) -> Store:
        if sample:
            return Store.sample(path, read_only=self._read_only)
        if not os.path.isdir(path.parent):
            raise FileError(f"the folder of {path} does not exist", "make the folder first")
        return Store.open(path, read_only=self._read_only) if os.path.lexists(path) else Store.new(path)

    def _opened(self, path: Path, read: Callable[[], Store]) -> None:
        try:
            store = read()
        except (UnreadableTopologyError, FileError) as error:
            self._refused(path, error)
        else:
            self.show(store)

    def show(self, store: Store) -> None:
        """Show a store on a workbench, in place of the one that is there."""
        self.hold_keys()
        screen = self._workbench(store)
        if isinstance(self.screen, WorkbenchScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        self._greet(screen)

    def _workbench(self, store: Store) -> WorkbenchScreen:
        return WorkbenchScreen(store, self.palette.styles, self.keymap, ascii_only=self.looks.ascii_only)

    def _greet(self, screen: WorkbenchScreen) -> None:
        """Say what there is to say first, and remember the file for the next start."""
        store = screen.store
        if self._went_wrong:
            screen.call_after_refresh(screen.say, self._went_wrong)
            self._went_wrong = ""
        elif self._notices:
            more = f" (and {len(self._notices) - 1} more: vnet-tui settings)" if len(self._notices) > 1 else ""
            screen.call_after_refresh(screen.say, f"{self._notices[0]}{more}")
            self._notices = ()
        elif store.path is not None and not os.path.lexists(store.path):
            screen.call_after_refresh(screen.say, f"{store.path} is a new file: it is written when you save")
        if store.path is not None:
            from tui.storage import remembered

            self.run_worker(asyncio.to_thread(remembered.remember, store.path), group="remember")

    @property
    def _bench(self) -> WorkbenchScreen | None:
        """The workbench, on top or below other screens."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, WorkbenchScreen)), None)

    def _refused(self, path: Path, error: UnreadableTopologyError | FileError) -> None:
        from tui.app.screens.importable import importable
        from tui.app.screens.unreadable import Unreadable, UnreadableScreen

        problems = (*importable(path), *error.problems) if isinstance(error, UnreadableTopologyError) else ()
        message = error.message if problems else f"{error.message}. {error.hint}".rstrip(" .")
        screen = UnreadableScreen(
            Unreadable(path, message, problems),
            self.palette.styles,
            ascii_only=self.looks.ascii_only,
            back=self._bench is not None,
            said=self._went_wrong,
        )
        self._went_wrong = ""

        def left(how: str | None) -> None:
            if how == "retry":
                self.open(path)
            elif how == "open":
                self.ask_what_to_open()
            elif how == "edit":
                from tui.app.screens.editors import edit_on_disk

                self._went_wrong = edit_on_disk(self, self.looks, path, screen.line)
                self.open(path)
            elif self._bench is None:
                self.exit(return_code=2)

        self.push_screen(screen, left)
        self.call_after_refresh(self.release_keys)

    def is_ready(self) -> None:
        """The workbench takes keys from now on."""
        command, self._goes_on_with = self._goes_on_with, ""
        if command and self._bench is not None:
            # Before what was typed ahead, which is the answer to what it asks.
            self._bench.action_command(command)
        self.release_keys()
        self._when_ready()

    def action_help_quit(self) -> None:
        """Ctrl+C where no text is selected: say how to leave in the status line, not over what one looks at."""
        from tui.app.screens.accepting import AcceptingScreen
        from tui.app.screens.address_map import AddressMapScreen
        from tui.app.screens.unreadable import UnreadableScreen

        if isinstance(self.screen, WorkbenchScreen | UnreadableScreen | AddressMapScreen | AcceptingScreen):
            self.screen.say("no text is selected to be copied; ctrl+q leaves")

    async def action_quit(self) -> None:
        """Ctrl+Q leaves like q does: not without a word about what is unsaved."""
        from tui.app.screens.accepting import AcceptingScreen
        from tui.app.screens.address_map import AddressMapScreen
        from tui.app.screens.picker import PickerScreen
        from tui.app.screens.unreadable import UnreadableScreen

        bench = self._bench
        if bench is None or not bench.takes_keys:
            self.exit(return_code=2 if isinstance(self.screen, UnreadableScreen) else 0)
            return
        if isinstance(self.screen, PickerScreen | AddressMapScreen | AcceptingScreen):
            self.screen.action_leave()
        elif isinstance(self.screen, UnreadableScreen):
            self.screen.action_leave("quit")
        if bench.has_class("-form"):
            bench.say("a form is open: Escape leaves it, then ctrl+q quits")
            return
        if bench.prompt.is_open:
            bench.prompt.action_give_up()
        bench.action_command("quit")


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > _LARGE
    except OSError:
        return False
