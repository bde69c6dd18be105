"""What is in force: the choice between an option of the command line, the environment, config.toml and the default.

Owns who wins, and where config.toml is. The model of that file is imported where there is one: most people have none.
Invariant: nothing is read here but what is passed, and whether config.toml is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from tui.display import displayable
from tui.errors import FileError
from tui.paths import config_folder
from tui.topology.catalog import nearest

if TYPE_CHECKING:
    from tui.storage.settings import Settings

AUTO: Final = "auto"
FILE_NAME: Final = "config.toml"

MouseMode: TypeAlias = Literal["off", "clicks", "full"]
Source: TypeAlias = Literal["option", "environment", "file", "default"]

KEYS: Final = ("theme", "mouse", "ascii", "editor", "keys")
"""The keys of config.toml."""

_MOST_FOUND: Final = 60
_SSH: Final = ("SSH_CONNECTION", "SSH_TTY")
_EDITORS: Final = ("VISUAL", "EDITOR")


def settings_file() -> Path | None:
    """Return where config.toml is looked for; None for a person without a home. It need not exist."""
    try:
        return config_folder() / FILE_NAME
    except FileError:
        return None


def is_absent(path: Path) -> bool:
    """True if there is certainly nothing at `path`."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False  # reading it says what is wrong
    return False


def own_settings() -> tuple[Settings | None, tuple[str, ...]]:
    """Return one's own settings, None where there is no file, and a sentence for all that is wrong with them."""
    path = settings_file()
    if path is None or is_absent(path):
        return None, ()
    from tui.storage.settings import read_settings

    return read_settings(path)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from."""

    source: Source
    why: str
    """The option, the variable or the file that says so, in words."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What the editor works with."""

    theme: str | None
    """The name of a theme, which need not exist; None: the one that suits the terminal."""
    mouse: MouseMode
    ascii_only: bool
    editor: str
    """A command with its arguments, for `shlex.split`."""
    origins: Mapping[str, Origin]
    """The origin of each by its key in config.toml."""


def in_force(
    settings: Settings | None,
    environ: Mapping[str, str],
    *,
    theme: str | None = None,
    mouse: MouseMode | None = None,
    ascii_only: bool = False,
) -> InForce:
    """Return what is in force: an option (`theme`, `mouse`, `ascii_only`), else the environment, the file, the default.

    `settings` is None where there is no file. An empty variable counts as none. Nothing is read but what is passed.
    """
    origins = {key: _origin(key, settings) for key in KEYS}
    chosen_theme = settings.theme if settings is not None else AUTO
    if theme:
        chosen_theme, origins["theme"] = theme, Origin("option", "--theme")
    elif wanted := environ.get("VNET_TUI_THEME"):
        chosen_theme, origins["theme"] = wanted, Origin("environment", "VNET_TUI_THEME")
    over_ssh = next((name for name in _SSH if environ.get(name)), None)
    chosen_mouse: MouseMode
    if mouse:
        chosen_mouse, origins["mouse"] = mouse, Origin("option", "--mouse")
    elif settings is not None and settings.mouse != "auto":
        chosen_mouse = settings.mouse
    elif over_ssh:
        chosen_mouse, origins["mouse"] = "clicks", Origin("environment", f"{over_ssh} is set")
    else:
        chosen_mouse = "full"
    if ascii_only:
        origins["ascii"] = Origin("option", "--ascii")
    editor = settings.editor if settings is not None else AUTO
    if editor == AUTO:
        named = next((name for name in _EDITORS if environ.get(name, "").strip()), None)
        editor = environ[named] if named else "vi"
        if named:
            origins["editor"] = Origin("environment", named)
    return InForce(
        None if chosen_theme == AUTO else chosen_theme,
        chosen_mouse,
        ascii_only or (settings is not None and settings.ascii),
        editor,
        MappingProxyType(origins),
    )


def unknown_theme(chosen: InForce, themes: Iterable[str]) -> str | None:
    """Return why the theme in force cannot be used, where it is none of `themes`; a displayable sentence."""
    names = sorted(themes)
    if chosen.theme is None or chosen.theme in names:
        return None
    from tui.storage.settings import as_toml

    near = nearest(chosen.theme[:_MOST_FOUND], names)
    hint = f"did you mean {near}?" if near else f"the themes are {', '.join(names)}"
    name = displayable(as_toml(chosen.theme[:_MOST_FOUND]))
    return f"there is no theme {name} ({chosen.origins['theme'].why} names it); {hint}"


def _origin(key: str, settings: Settings | None) -> Origin:
    in_file = settings is not None and key in settings.model_fields_set
    return Origin("file", FILE_NAME) if in_file else Origin("default", "default")
