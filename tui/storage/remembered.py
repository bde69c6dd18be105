"""What is remembered between runs: the files that were open last, and how the screen stood for each.

Owns remembered.json in the state folder: newest first, bounded in every way, readable by its owner alone.
Invariant: nothing here ever raises, and a file that is broken, hostile or out of reach is as if it were not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from tui.errors import FileError
from tui.paths import state_folder
from tui.storage.files import (
    ABSENT,
    FileChangedError,
    FileMissingError,
    Fingerprint,
    fingerprint_of,
    read_text,
    write_atomically,
)

FILE_NAME: Final = "remembered.json"
MOST_RECENT: Final = 20
MOST_FILES: Final = 50
MOST_VALUES: Final = 64
"""How many values are kept for one file."""

_VERSION: Final = 1
_MOST_BYTES: Final = 256 * 1024
_LONGEST_PATH: Final = 4096
_LONGEST_TEXT: Final = 100
_LARGEST: Final = 2**31
_TRIES: Final = 5
"""How often to write anew where another session wrote in between."""

_EMPTY: Final = Fingerprint(hashlib.sha256(b"").hexdigest(), 0, 0, 0)

Value: TypeAlias = int | str | bool
State: TypeAlias = Mapping[str, Value]
_Files: TypeAlias = dict[str, dict[str, Value]]
"""The state of each file by its absolute path, newest first."""

_NOTHING: Final[State] = MappingProxyType({})


def recent() -> tuple[Path, ...]:
    """Return the files that were remembered last and still exist, newest first; at most MOST_RECENT.

    A path may hold any character that a path can hold: it is foreign text to whoever shows it.
    """
    with contextlib.suppress(FileError):
        existing = (Path(path) for path in _read(_place())[0] if os.path.isfile(path))
        return tuple(path for path, _ in zip(existing, range(MOST_RECENT), strict=False))
    return ()


def recall(path: Path) -> State:
    """Return what was remembered for the file at `path`; empty where nothing was."""
    with contextlib.suppress(FileError, OSError, ValueError):
        return MappingProxyType(_read(_place())[0].get(os.path.abspath(path), {}))
    return _NOTHING


def remember(path: Path, state: State = _NOTHING) -> bool:
    """Make the file at `path` the newest, with `state` laid over what was remembered for it; False if it cannot be.

    Of `state` only small values are kept: at most MOST_VALUES short texts, numbers of 32 bits, and flags.
    """
    with contextlib.suppress(FileError, OSError, ValueError):
        name, place = os.path.abspath(path), _place()
        if not _is_path(name):
            return False
        for _ in range(_TRIES):
            files, expected = _read(place)
            # What is new goes first, so that it is not what the bound cuts off.
            new = _small(state)
            old = {key: value for key, value in files.pop(name, {}).items() if key not in new}
            data = _written({name: _small({**new, **old}), **files})
            with contextlib.suppress(FileChangedError):
                _write(place, data, expected)
                return True
    return False


def _place() -> Path:
    return state_folder() / FILE_NAME


def _read(place: Path) -> tuple[_Files, Fingerprint]:
    """What the file holds, and what it was; raises FileError where it can be neither read nor replaced."""
    if not os.path.lexists(place):
        return {}, ABSENT
    try:
        contents = read_text(place)
    except FileMissingError:
        return {}, ABSENT
    except FileError:
        return {}, fingerprint_of(place)
    if contents.fingerprint.size > _MOST_BYTES:
        return {}, contents.fingerprint
    try:
        return _files(json.loads(contents.text)), contents.fingerprint
    except (ValueError, RecursionError):
        return {}, contents.fingerprint


def _files(document: Any) -> _Files:
    """What is sound in a document that may hold anything."""
    files: _Files = {}
    entries = document.get("files") if isinstance(document, dict) and document.get("version") == _VERSION else None
    for entry in entries if isinstance(entries, list) else ():
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str) and _is_path(path) and path not in files:
            state = entry.get("state")
            files[path] = _small(state) if isinstance(state, dict) else {}
        if len(files) == MOST_FILES:
            break
    return files


def _is_path(path: str) -> bool:
    return len(path) <= _LONGEST_PATH and os.path.isabs(path) and "\0" not in path


def _small(state: Mapping[Any, Any]) -> dict[str, Value]:
    kept = {}
    for key, value in state.items():
        if isinstance(key, str) and len(key) <= _LONGEST_TEXT and _is_small(value):
            kept[key] = value
        if len(kept) == MOST_VALUES:
            break
    return kept


def _is_small(value: Any) -> bool:
    if type(value) is int:
        return -_LARGEST <= value < _LARGEST
    return isinstance(value, bool) or (isinstance(value, str) and len(value) <= _LONGEST_TEXT)


def _written(files: _Files) -> bytes:
    """The file's content: as many of `files` as may be and fit, newest first."""
    entries: list[str] = []
    size = 100  # what stands round them
    for path, state in list(files.items())[:MOST_FILES]:
        entry = json.dumps({"path": path, "state": state})
        size += len(entry) + 2
        if entries and size > _MOST_BYTES:
            break
        entries.append(entry)
    body = ",\n".join(entries)
    return f'{{"version": {_VERSION}, "files": [\n{body}\n]}}\n'.encode()


def _write(place: Path, data: bytes, expected: Fingerprint) -> None:
    """Replace the file, private from its first byte on; raises FileChangedError where `expected` is not there now."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if expected == ABSENT:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            expected = _EMPTY
    else:
        with contextlib.suppress(OSError):
            os.chmod(place, 0o600)
    write_atomically(place, data, expected)
