"""Sources of an import: files, folders and standard input, as bytes with the names that they go by.

Owns what a folder means: every file in it and below it that is not hidden, in the order of their names.
Invariant: nothing is read twice, nothing beyond the limits, and what cannot be read is a FileError.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tui.errors import FileError
from tui.storage.files import read_bytes

MOST_FILES: Final = 10_000
"""Files of one folder: beyond, it is likely not the folder that was meant."""


class SourceBytes(NamedTuple):
    """What a file holds."""

    name: str
    """As it was typed; for a file of a folder, its path."""
    data: bytes
    asked_for: bool
    """False for a file that stands here because its folder was named: it may be something else altogether."""


def read_sources(names: Sequence[str], most_bytes: int) -> Iterator[SourceBytes]:
    """Yield what `names` name, each of at most `most_bytes` bytes: files, folders, and `-` for standard input.

    Raises FileError for what cannot be read.
    """
    seen: set[str] = set()
    for name in names:
        if name == "-":
            if name not in seen:
                seen.add(name)
                data = standard_input(most_bytes)
                if len(data) > most_bytes:
                    raise FileError(f"standard input is larger than {most_bytes >> 20} MiB", "is it the right data?")
                yield SourceBytes("-", data, True)
            continue
        path = Path(name)
        is_folder = path.is_dir()
        for file in _files_in(path) if is_folder else [path]:
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                yield SourceBytes(str(file), read_bytes(file, most_bytes), not is_folder)


def _files_in(folder: Path) -> list[Path]:
    found: list[Path] = []
    try:
        for parent, folders, files in os.walk(folder):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            visible = sorted(one for one in files if not one.startswith("."))
            found += (path for one in visible if (path := Path(parent, one)).is_file())
            if len(found) > MOST_FILES:
                raise FileError(f"{folder} holds more than {MOST_FILES} files", "name a folder closer to them")
    except OSError as error:
        raise FileError(f"cannot read the folder {folder}: {error.strerror or error}", "check the path") from error
    if not found:
        raise FileError(f"there is no file in {folder}", "name the files, or the folder that they are in")
    return found


def standard_input(most_bytes: int) -> bytes:
    """Return what the standard input holds, cut behind one byte more than `most_bytes`. Raises FileError."""
    if sys.stdin is None:
        raise FileError("there is no standard input to read", "give the name of a file")
    try:
        data: bytes = sys.stdin.buffer.read(most_bytes + 1)
    except OSError as error:
        raise FileError(f"cannot read the standard input: {error.strerror or error}") from error
    return data
