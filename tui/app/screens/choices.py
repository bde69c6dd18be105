"""What can be opened: the files that were open last, the samples, and what is typed.

Invariant: every key that a row here has is fit for `VnetTuiApp.open`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

from tui.app.widgets.rows import Cell, Row
from tui.paths import samples
from tui.storage import remembered

NEW = ("new", "")


def openable_rows(*, with_new: bool) -> Callable[[str], Sequence[Row]]:
    """Return the function from what is typed to the rows of what can be opened."""
    recent = remembered.recent()
    shipped = samples()

    def rows(text: str) -> list[Row]:
        wanted = text.casefold()
        found: list[Row] = []
        typed = Path(text.strip()).expanduser() if text.strip() else None
        if with_new and not wanted:
            found.append(Row(NEW, (Cell("new"), Cell("begin an empty topology", "muted"))))
        if typed is not None:
            what = "this file" if typed.is_file() else "begin a new file of this name"
            found.append(Row(("file", str(typed)), (Cell(str(typed)), Cell(what, "muted"))))
        found += [
            Row(("file", str(path)), (Cell(path.name), Cell(str(path.parent), "muted")))
            for path in recent
            if wanted in str(path).casefold()
        ]
        found += [
            Row(("sample", name), (Cell(name), Cell("sample", "muted")))
            for name in shipped
            if wanted in name.casefold()
        ]
        return found

    return rows


def chosen_path(key: Hashable) -> tuple[Path | None, bool]:
    """Return the path that was chosen (None: a new topology), and whether it is a sample."""
    kind, name = key if isinstance(key, tuple) and len(key) == 2 else NEW
    if kind == "sample":
        return samples()[str(name)], True
    return (Path(str(name)), False) if kind == "file" else (None, False)
