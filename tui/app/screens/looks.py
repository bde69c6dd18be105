"""Help, palette, themes, and the way to the shell and back.

Invariant: nothing here changes the topology.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from tui.app.screens import help as pages
from tui.app.widgets.rows import Cell, Row

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen


def show_help(bench: WorkbenchScreen) -> None:
    """List every command that applies here, and what moves in lists."""
    _commands(
        bench, "Help: every command, with its keys", pages.help_rows(bench, bench.keymap, ascii_only=bench.ascii_only)
    )


def show_palette(bench: WorkbenchScreen) -> None:
    """Let a command be typed."""
    title = "What would you like to do? (w, q, wq, e FILE and saveas FILE work too)"
    _commands(bench, title, pages.palette_rows(bench, bench.keymap, ascii_only=bench.ascii_only))


def _commands(bench: WorkbenchScreen, title: str, rows: Callable[[str], Sequence[Row]]) -> None:
    def run(key: Hashable) -> None:
        kind, name, *rest = key if isinstance(key, tuple) else ("", "")
        if kind == "word" and rest and rest[0]:
            _with_file(bench, str(name), str(rest[0]))
        elif kind == "movement":
            bench.say("that moves in a list, and has nothing else to do")
        else:
            bench.action_command(str(name))

    bench.pick(title, rows, run, columns=pages.COLUMNS, empty="no command is called so", whole=2)


def _with_file(bench: WorkbenchScreen, name: str, file: str) -> None:
    from tui.app.screens import files

    if name == "open":
        files.open_path(bench, file)
    else:
        files.save_to(bench, file)


def choose_theme(bench: WorkbenchScreen) -> None:
    """Let a theme be chosen, showing each while the cursor is on it."""
    app = bench.host
    before = app.theme
    names = app.theme_names

    def rows(text: str) -> list[Row]:
        return [Row(name, (Cell(name), Cell(what, "muted"))) for name, what in names.items() if text.casefold() in name]

    def show(name: Hashable | None) -> None:
        if isinstance(name, str):
            app.take_theme(name)

    def chosen(name: Hashable) -> None:
        app.take_theme(str(name))
        keep = f'; to keep it: theme = "{name}" in {app.settings_file}' if app.settings_file else ""
        bench.say(f"theme {name}{keep}")

    def left() -> None:
        app.take_theme(before)

    bench.pick("Theme", rows, chosen, highlighted=show, left=left, at=before)


def suspend(bench: WorkbenchScreen) -> None:
    """Go to the shell; `fg` comes back."""
    try:
        bench.app.action_suspend_process()
    except SuspendNotSupported:
        bench.say("this terminal cannot be given back to the shell")
