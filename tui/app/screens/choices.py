"""What can be opened: the files that were open last, the samples, and what is typed.

Invariant: every key that a row here has is fit for `VnetTuiApp.open`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

from tui.app.widgets.rows import Cell, Row
from tui.paths import samples
from tui.storage import remembered

NEW = ("new", "")
IMPORT = ("import", "")
"""A new topology too, which begins with an import."""
_MOST_LISTED = 100
_IMPORTING = Row(
    IMPORT,
    (
        Cell("Import from Azure …"),
        Cell("begin with what Azure's own tools print: JSON, templates, Terraform, CSV", "muted"),
    ),
)


def path_typed(text: str) -> Path:
    """Return the path that a person typed, `~` included; whatever was typed, it raises nothing."""
    return Path(os.path.expanduser(text.strip()))


def openable_rows(*, with_new: bool) -> Callable[[str], Sequence[Row]]:
    """Return the function from what is typed to the rows of what can be opened."""
    recent = remembered.recent()
    shipped = samples()

    def rows(text: str) -> list[Row]:
        wanted = text.strip().casefold()
        typed = path_typed(text)
        found: list[Row] = []
        if not wanted:
            if with_new:
                found.append(Row(NEW, (Cell("new"), Cell("begin an empty topology", "muted"))))
        elif os.path.isfile(typed):
            found.append(Row(("file", str(typed)), (Cell(str(typed)), Cell("this file", "muted"))))
        found += [
            Row(("file", str(path)), (Cell(path.name), Cell(str(path.parent), "muted")))
            for path in recent
            if wanted in str(path).casefold() and path != typed
        ]
        begun = [_IMPORTING] if with_new and _is_called(wanted, _IMPORTING) else []
        found += begun if not wanted else []
        found += [
            Row(("sample", name), (Cell(name), Cell("sample", "muted")))
            for name in shipped
            if wanted in name.casefold()
        ]
        # Behind what has such a name: "a" and Enter open what begins so.
        found += begun if wanted else []
        if wanted:
            found += _in_folder(text, typed)
        # Behind what is there: half a name and Enter open what it is a part of.
        if wanted and not os.path.lexists(typed):
            found.append(Row(("file", str(typed)), (Cell(str(typed)), Cell("begin a new file of this name", "muted"))))
        return list({row.key: row for row in found}.values())

    return rows


def _is_called(wanted: str, row: Row) -> bool:
    """True if every word that is typed begins a word of the row."""
    words = re.findall(r"\w+", " ".join(cell.text for cell in row.cells).casefold())
    return all(any(word.startswith(one) for word in words) for one in wanted.split())


def _in_folder(text: str, typed: Path) -> list[Row]:
    """The topologies in the folder that is typed, as far as it is typed."""
    folder, start = (typed, "") if text.rstrip().endswith(os.sep) else (typed.parent, typed.name)
    if os.sep not in text:
        return []
    try:
        names = sorted(name for name in os.listdir(folder) if name.startswith(start) and name.endswith(".toml"))
    except OSError:
        return []
    return [
        Row(("file", str(folder / name)), (Cell(name), Cell(str(folder), "muted")))
        for name in names[:_MOST_LISTED]
        if folder / name != typed
    ]


def chosen_path(key: Hashable) -> tuple[Path | None, bool]:
    """Return the path that was chosen (None: a new topology), and whether it is a sample."""
    kind, name = key if isinstance(key, tuple) and len(key) == 2 else NEW
    if kind == "sample":
        return samples()[str(name)], True
    return (Path(str(name)), False) if kind == "file" else (None, False)
