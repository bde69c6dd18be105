"""Theme files: the shipped ones and the person's own, read and validated as plain data.

Owns the format of a theme: its keys, how a colour and a role is written, where themes are searched and who wins.
Invariant: whatever lies in the theme folders, reading never raises; a returned theme is complete, and every text
of a problem is displayable.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tui.display import displayable
from tui.errors import FileError
from tui.paths import config_folder, shipped
from tui.storage.files import read_text
from tui.storage.layout import Layout
from tui.storage.load import plain
from tui.storage.nesting import check_nesting
from tui.storage.problems import Problem, UnreadableTopologyError
from tui.topology.catalog import nearest
from tui.topology.keypath import key_path

COLOURS: Final = (
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "warning",
    "error",
    "success",
)
"""The colours that every theme has at its top."""

ROLES: Final = (
    *("error", "warning", "info", "ok", "waived"),
    *("free", "used", "held", "avoided"),
    *("selected", "marked"),
    *("gateway", "peering", "connection"),
    *("planned", "deployed", "retiring"),
    *("meter_used", "meter_nearly_full", "meter_over"),
    "muted",
)
"""What every theme styles in its table `[status]`."""

ATTRIBUTES: Final = ("bold", "dim", "italic", "underline", "reverse", "strike")

_HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI_NAMES: Final = ("ansi_default", *(f"ansi_{light}{hue}" for light in ("", "bright_") for hue in _HUES))
"""The terminal's own colours."""

_REQUIRED: Final = ("dark", *COLOURS, "status")
_KEYS: Final = ("description", "author", "ansi", "boost", *_REQUIRED)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_RGB: Final = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_BYTES: Final = 64 * 1024
_MOST_FOUND: Final = 60


@dataclass(frozen=True, slots=True)
class RoleStyle:
    """How one role looks: attributes, then its colour, then `on` and the colour behind it; each may be absent."""

    attributes: tuple[str, ...]
    colour: str | None
    background: str | None

    def __str__(self) -> str:
        behind = ("on", self.background) if self.background else ()
        return " ".join((*self.attributes, *((self.colour,) if self.colour else ()), *behind))


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """A complete theme as its file says it; the stem of the file is its name."""

    name: str
    path: Path
    description: str
    author: str
    dark: bool
    ansi: bool
    """Whether its colours are the terminal's own."""
    colours: Mapping[str, str]
    """All of COLOURS, and `boost` where the file has it."""
    status: Mapping[str, RoleStyle]
    """All of ROLES."""
    is_shipped: bool = False
    replaces_shipped: bool = False
    """Whether it is the person's own and has the name of a shipped one."""


@dataclass(frozen=True, slots=True)
class ThemeProblem:
    """Something wrong with one theme file."""

    path: Path
    problem: Problem

    def __str__(self) -> str:
        line, column = self.problem.line, self.problem.column
        place = f":{line}:{column}" if line else ""
        return f"{displayable(str(self.path))}{place}: {self.problem.message}"


def find_themes() -> tuple[tuple[ThemeFile, ...], tuple[ThemeProblem, ...]]:
    """Return all usable themes by name, and what is wrong with theme files. The person's own win over shipped ones."""
    problems: list[ThemeProblem] = []
    found = {theme.name: replace(theme, is_shipped=True) for theme in _in_folder(shipped("themes"), problems)}
    own = _own_folder()
    for theme in _in_folder(own, problems) if own else ():
        found[theme.name] = replace(theme, replaces_shipped=theme.name in found)
    return tuple(found[name] for name in sorted(found)), tuple(problems)


def read_theme(path: Path) -> tuple[ThemeFile | None, tuple[ThemeProblem, ...]]:
    """Return the theme at `path`, None if it cannot be used, and what is wrong: an unknown key alone does no harm."""
    try:
        if not _NAME.fullmatch(path.stem):
            wanted = "a name of at most 40 small letters, digits, - and _"
            found = f'"{displayable(path.stem, _MOST_FOUND)}"'
            raise _UnusableError(
                Problem(None, None, "", found, wanted, None, f"the theme is named {found}; allowed is {wanted}")
            )
        contents = read_text(path)
        if contents.fingerprint.size > _MOST_BYTES:
            wanted = f"at most {_MOST_BYTES // 1024} KiB"
            found = f"{contents.fingerprint.size // 1024} KiB"
            raise _UnusableError(
                Problem(None, None, "", found, wanted, None, f"no theme is that large; allowed is {wanted}")
            )
        check_nesting(contents.text, str(path))
        reader = _Reader(contents.text, plain(contents.text, str(path)))
    except _UnusableError as unusable:
        return None, (ThemeProblem(path, unusable.problem),)
    except UnreadableTopologyError as error:
        return None, tuple(ThemeProblem(path, problem) for problem in error.problems)
    except FileError as error:
        message = displayable(" ".join(filter(None, (error.message, error.hint))))
        return None, (ThemeProblem(path, Problem(None, None, "", "", "a theme in TOML", None, message)),)
    theme = reader.theme(path)
    return theme, tuple(ThemeProblem(path, problem) for problem in reader.problems)


class _UnusableError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _own_folder() -> Path | None:
    try:
        return config_folder() / "themes"
    except FileError:  # a person without a home has no themes of their own
        return None


def _in_folder(folder: Path, problems: list[ThemeProblem]) -> Iterator[ThemeFile]:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".toml") and not name.startswith("."))
    except FileNotFoundError:
        return
    except OSError as error:
        message = f"cannot look for themes: {displayable(error.strerror or str(error))}"
        problems.append(ThemeProblem(folder, Problem(None, None, "", "", "a folder of themes", None, message)))
        return
    for name in names:
        theme, wrong = read_theme(folder / name)
        problems += wrong
        if theme:
            yield theme


class _Reader:
    """One theme file, and what is wrong with it as it is read."""

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self.data = data
        self.layout = Layout(text)
        self.problems: list[Problem] = []
        self.is_usable = True

    def theme(self, path: Path) -> ThemeFile | None:
        """The theme, or None where something of it is missing or wrong."""
        ansi = self._flag("ansi") if "ansi" in self.data else False
        colour, wanted = _colours(ansi)
        colours = {}
        for key in (*COLOURS, *(("boost",) if "boost" in self.data else ())):
            value = self.data.get(key)
            if key not in self.data:
                self._missing((key,))
            elif isinstance(value, str) and colour(value):
                colours[key] = value.lower()
            else:
                self._wrong((key,), value, wanted, _near_colour(value, ansi))
        theme = ThemeFile(
            name=path.stem,
            path=path,
            description=self._text("description"),
            author=self._text("author"),
            dark=bool(self._flag("dark")),
            ansi=bool(ansi),
            colours=MappingProxyType(colours),
            status=MappingProxyType(self._status(ansi)),
        )
        self._unknown(self.data, (), _KEYS)
        self.problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
        return theme if self.is_usable else None

    def _status(self, ansi: bool | None) -> dict[str, RoleStyle]:
        table = self.data.get("status")
        styles: dict[str, RoleStyle] = {}
        if not isinstance(table, dict):
            if "status" in self.data:
                self._wrong(("status",), table, "a table", None)
            else:
                self._missing(("status",), f"the table [status] with {', '.join(ROLES)}")
            return styles
        colour, wanted = _colours(ansi)
        for role in ROLES:
            if role not in table:
                self._missing(("status", role))
                continue
            style = _role_style(table[role], colour)
            if isinstance(style, RoleStyle):
                styles[role] = style
            else:
                words = (*ATTRIBUTES, "on", *(() if ansi is False else ANSI_NAMES))
                form = f"{', '.join(ATTRIBUTES)}, then a colour, then on and a colour; a colour is {wanted}"
                self._wrong(("status", role), table[role], form, nearest(style, words) if style else None)
        self._unknown(table, ("status",), ROLES)
        return styles

    def _flag(self, key: str) -> bool | None:
        if key not in self.data:
            self._missing((key,))
            return None
        value = self.data[key]
        if isinstance(value, bool):
            return value
        self._wrong((key,), value, "true or false", None)
        return None

    def _text(self, key: str) -> str:
        value = self.data.get(key, "")
        if isinstance(value, str):
            return value
        self._wrong((key,), value, "text in quotes", None)
        return ""

    def _missing(self, path: tuple[str, ...], what: str | None = None) -> None:
        key = key_path(path)
        wanted = what or f"the key {key}"
        self.is_usable = False
        self._add(path, "", wanted, None, f"the theme lacks {wanted}")

    def _wrong(self, path: tuple[str, ...], value: Any, allowed: str, near: str | None) -> None:
        found = _shown(value)
        hint = f"; did you mean {near}?" if near else ""
        self.is_usable = False
        self._add(path, found, allowed, near, f"{displayable(key_path(path))} is {found}; allowed is {allowed}{hint}")

    def _unknown(self, table: Mapping[str, Any], above: tuple[str, ...], known: Iterable[str]) -> None:
        for key in table:
            if key not in known:
                path = (*above, key)
                shown = displayable(key_path(path), _MOST_FOUND)
                near = nearest(key[:_MOST_FOUND], known)
                hint = f"; did you mean {near}?" if near else ""
                self._add(path, shown, ", ".join(known), near, f"no theme has a key {shown}{hint}")

    def _add(self, path: tuple[str, ...], found: str, allowed: str, near: str | None, message: str) -> None:
        line, column = self.layout.position(path)
        self.problems.append(Problem(line, column, displayable(key_path(path)), found, allowed, near, message))


def _colours(ansi: bool | None) -> tuple[Callable[[str], bool], str]:
    """What tells a colour of a theme, and in words; either kind where it is not known whether the theme is ansi."""
    if ansi is None:
        return lambda text: _is_rgb(text) or _is_ansi(text), "#rrggbb, or a name such as ansi_blue"
    if ansi:
        return _is_ansi, "ansi_default, ansi_blue, ansi_bright_blue or the like (the theme says ansi = true)"
    return _is_rgb, "#rrggbb"


def _is_rgb(text: str) -> bool:
    return _RGB.fullmatch(text) is not None


def _is_ansi(text: str) -> bool:
    return text in ANSI_NAMES


def _near_colour(value: Any, ansi: bool | None) -> str | None:
    return nearest(value[:_MOST_FOUND], ANSI_NAMES) if ansi is not False and isinstance(value, str) else None


def _role_style(value: Any, is_colour: Callable[[str], bool]) -> RoleStyle | str:
    """The style that `value` says, or the word at which it makes no sense."""
    words = value.split() if isinstance(value, str) and len(value) <= 200 else []
    attributes = []
    while words and words[0] in ATTRIBUTES:
        attributes.append(words.pop(0))
    colour = words.pop(0).lower() if words and is_colour(words[0]) else None
    background = words[1].lower() if words[:1] == ["on"] and words[1:] and is_colour(words[1]) else None
    rest = words[2:] if background else words
    if rest or not (attributes or colour or background):
        return rest[0] if rest else ""
    return RoleStyle(tuple(attributes), colour, background)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{displayable(value, _MOST_FOUND)}"'
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return displayable(str(value).lower() if isinstance(value, bool) else str(value), _MOST_FOUND)
