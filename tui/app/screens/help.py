"""Help and palette: every command with its keys, searchable; one that is not available says why.

Owns the words of the `:` line (`w`, `q`, `wq`, `e FILE` …), which are commands too.
Invariant: it is made from the command table, so it cannot drift from what the keys do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.app.commands import Workbench, commands
from tui.app.keys import Keymap, shown
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


def command_rows(bench: Workbench, keymap: Keymap) -> Callable[[str], Sequence[Row]]:
    """Return the function from what is typed to the rows of the commands that it may mean."""
    rows = []
    for command in commands().values():
        why = command.unavailable(bench)
        rows.append(
            Row(
                ("command", command.id),
                (
                    Cell(", ".join(map(shown, keymap.keys.get(command.id, ())))),
                    Cell(command.title, "" if why is None else "muted"),
                    Cell(command.help if why is None else f"not now: {why}", "" if why is None else "muted"),
                ),
            )
        )

    def holding(text: str) -> list[Row]:
        words = text.casefold().split()
        fitting = [
            row for row in rows if all(any(word in cell.text.casefold() for cell in row.cells) for word in words)
        ]
        wanted = text.strip().casefold()
        # What is called so, before what merely speaks of it.
        return sorted(fitting, key=lambda row: not row.cells[1].text.casefold().startswith(wanted)) if wanted else rows

    return holding


def word(text: str) -> tuple[str, str, str] | None:
    """Return ("word", command, file) for a line such as `wq` or `e plan.toml`, or None for what is none."""
    first, _, rest = text.strip().removeprefix(":").partition(" ")
    if rest.strip():
        return ("word", _WITH_FILE[first], rest.strip()) if first in _WITH_FILE else None
    return ("word", WORDS[first], "") if first in WORDS else None
