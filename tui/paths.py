"""Where things lie: the person's own folders, and the data that ships with vnet-tui.

Owns the XDG folders, the place of themes and samples in a wheel and in a checkout, and what a FILE on
the command line stands for.
Invariant: nothing here opens, creates or changes a file; every folder returned is absolute.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from tui.errors import FileError

_PACKAGE = Path(__file__).resolve().parent


def config_folder() -> Path:
    """Return the folder of the person's settings; it need not exist."""
    return _xdg("XDG_CONFIG_HOME", ".config")


def state_folder() -> Path:
    """Return the folder of what is remembered between runs (recovery, recent files); it need not exist."""
    return _xdg("XDG_STATE_HOME", ".local/state")


def shipped(kind: Literal["themes", "sample_topologies"]) -> Path:
    """Return the folder of the data of one kind that ships with vnet-tui."""
    inside_wheel = _PACKAGE / kind
    return inside_wheel if inside_wheel.is_dir() else _PACKAGE.parent / kind


def samples() -> dict[str, Path]:
    """Return the shipped sample topologies by name, in the order of their names."""
    return {path.stem: path for path in sorted(shipped("sample_topologies").glob("*.toml"))}


def resolve_topology(argument: str) -> Path:
    """Return the file that `argument` means: an existing path, else a shipped sample, else the path as typed."""
    path = Path(argument)
    # lexists, because Path.exists raises where a folder may not be searched, and a dangling link is the person's own.
    if argument and os.path.lexists(path):
        return path
    return samples().get(argument.removesuffix(".toml"), path)


def _xdg(variable: str, default: str) -> Path:
    configured = Path(os.environ.get(variable, ""))
    if configured.is_absolute():
        return configured / "vnet-tui"
    home = Path(os.path.expanduser("~"))
    if not home.is_absolute():
        raise FileError("There is no home folder to keep settings in", f"Set HOME or {variable} to an absolute path.")
    return home / default / "vnet-tui"
