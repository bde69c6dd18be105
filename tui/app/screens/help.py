"""Help and palette: every command with its keys, searchable; one that is not available says why.

Owns the words of the `:` line (`w`, `q`, `wq`, `e FILE` …), which are commands too: each is a row that says what it
does before Enter does it. Invariant: it is made from the command table, so it cannot drift from what the keys do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.app.commands import Workbench, commands
from tui.app.keys import MOVEMENTS, Keymap, shown
from tui.app.widgets.rows import Cell, Column, Row

COLUMNS = (Column("key", 12), Column("command", 18), Column("what it does", 20, 1))

WORDS = {
    "w": "save",
    "q": "quit",
    "wq": "save-and-quit",
    "x": "save-and-quit",
    "q!": "quit-now",
    "e": "open",
    "e!": "reload",
    "enew": "new",
    "u": "undo",
    "saveas": "save-as",
    "sav": "save-as",
    "h": "help",
    "help": "help",
}
"""What people who know vi type behind the colon, and the command that it means."""
_WITH_FILE = {"w": "save-as", "e": "open", "saveas": "save-as", "sav": "save-as"}


def help_rows(bench: Workbench, keymap: Keymap, *, ascii_only: bool = False) -> Callable[[str], Sequence[Row]]:
    """Return the function from what is sought to the rows of the commands, and of the keys in lists, that hold it."""
    moving = [
        Row(("movement", one.id), (_keys(keymap, one.id), Cell(one.title), Cell(f"in every list: {one.help}")))
        for one in MOVEMENTS
    ]
    return _searched([*_command_rows(bench, keymap, ascii_only=ascii_only), *moving])


def palette_rows(bench: Workbench, keymap: Keymap, *, ascii_only: bool = False) -> Callable[[str], Sequence[Row]]:
    """Return the function from what is typed to the rows of the commands that it may mean, a word of vi's first."""
    searched = _searched(_command_rows(bench, keymap, ascii_only=ascii_only))

    def rows(text: str) -> Sequence[Row]:
        meant = _word_row(text)
        return searched(text) if meant is None else [meant, *searched(text)]

    return rows


def _command_rows(bench: Workbench, keymap: Keymap, *, ascii_only: bool) -> list[Row]:
    def own(text: str) -> str:
        return text.replace("…", "...") if ascii_only else text

    rows = []
    for command in commands().values():
        why = command.unavailable(bench)
        rows.append(
            Row(
                ("command", command.id),
                (
                    _keys(keymap, command.id),
                    Cell(own(command.title), "" if why is None else "muted"),
                    Cell(own(command.help) if why is None else f"not now: {why}", "" if why is None else "muted"),
                ),
            )
        )
    return rows


def _keys(keymap: Keymap, name: str) -> Cell:
    return Cell(", ".join(map(shown, keymap.keys.get(name, ()))))


def _searched(rows: Sequence[Row]) -> Callable[[str], Sequence[Row]]:
    def holding(text: str) -> Sequence[Row]:
        words = text.casefold().split()
        fitting = [
            row for row in rows if all(any(word in cell.text.casefold() for cell in row.cells) for word in words)
        ]
        wanted = text.strip().casefold()
        # What is called so, before what merely speaks of it.
        return sorted(fitting, key=lambda row: not row.cells[1].text.casefold().startswith(wanted)) if wanted else rows

    return holding


def _word_row(text: str) -> Row | None:
    """The row of a line such as `wq` or `e plan.toml`, with the key ("word", command, file); None for what is none."""
    first, _, rest = text.strip().removeprefix(":").partition(" ")
    file = rest.strip()
    name = (_WITH_FILE if file else WORDS).get(first)
    if name is None:
        return None
    command = commands()[name]
    return Row(("word", name, file), (Cell(f":{first}"), Cell(command.title), Cell(file or command.help)))
