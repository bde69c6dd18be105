"""Keys: what they are called, which command has which, and what is wrong with the ones that a person chose.

Owns the names of keys as Textual reports them, the keys that move the cursor in every list, and how `[keys]` of
the settings changes the defaults of the command table.
Invariant: no two commands have the same key, unless two defaults share it; every text of a problem is displayable.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from tui.app.commands import commands
from tui.display import displayable
from tui.topology.catalog import nearest
from tui.topology.keypath import toml_key

NO_KEY: Final = "<none>"
"""A key that no terminal sends: for Textual, which can bind nothing to no key and forgets what has none."""

NEEDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "enter": "opens what the cursor is on and confirms a form",
        "escape": "leaves a form, a question and a filter",
        "tab": "goes to the next pane and the next field",
        "shift+tab": "goes to the previous pane and the previous field",
        "ctrl+c": "copies the selected text",
        "ctrl+q": "leaves the program; a form is left with Escape first",
    }
)
"""Keys that no command can be given, with what they do."""

_MODIFIERS: Final = ("alt", "ctrl", "hyper", "meta", "shift", "super")
_NAMED: Final = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *("insert", "delete", "backspace", "enter", "tab", "escape", "space"),
    *(f"f{number}" for number in range(1, 25)),
)
_OTHER_NAMES: Final = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    "ctrl+@": "ctrl+space",
    "ctrl+at": "ctrl+space",
    # What a terminal sends for these is the same byte.
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
}
_SHORTER: Final = {  # Textual's names where they are not those of Unicode
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_WORDS: Final = ("space", "comma")
"""Keys that are clearer as words, in a list of keys."""

_LONGEST: Final = 100
_MOST_FOUND: Final = 40
_MOST_PROBLEMS: Final = 50


class Entry(Protocol):
    """What can have a key: a command, or a movement."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def help(self) -> str: ...
    @property
    def keys(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Movement:
    """A way for the cursor to move in a list."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]


MOVEMENTS: Final = (
    Movement("move-up", "Up", "one row up", ("up", "k")),
    Movement("move-down", "Down", "one row down", ("down", "j")),
    Movement("page-up", "Page up", "a page up", ("pageup",)),
    Movement("page-down", "Page down", "a page down", ("pagedown",)),
    Movement("half-page-up", "Half a page up", "half a page up", ("ctrl+u",)),
    Movement("half-page-down", "Half a page down", "half a page down", ("ctrl+d",)),
    Movement("first", "First", "to the first row", ("home", "g")),
    Movement("last", "Last", "to the last row", ("end", "G")),
    Movement("open-row", "Open row", "open what the cursor is on", ("enter",)),
)
"""What moves in every list. The bindings of lists have these ids."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """Which keys are whose."""

    keys: Mapping[str, tuple[str, ...]]
    """The keys of every command and movement by its id, under Textual's names; may be none."""
    problems: tuple[str, ...]
    """A displayable sentence for each thing that is wrong with the keys that a person chose."""

    def for_textual(self) -> dict[str, str]:
        """Return what `App.set_keymap` takes: what differs from the defaults, for it is applied at every key."""
        return {name: bound(self.keys[name]) for name, entry in entries().items() if self.keys[name] != entry.keys}


def entries() -> dict[str, Entry]:
    """Return all that can have a key by its id: the commands, then the movements."""
    return {**commands(), **{movement.id: movement for movement in MOVEMENTS}}


def bound(keys: Iterable[str]) -> str:
    """Return `keys` as the first argument of Textual's Binding; where there are none, a key that is never pressed.

    Only what has a binding can be given other keys later on.
    """
    # Older terminals send ctrl+@ for it.
    sent = [name for key in keys for name in (("ctrl+@", key) if key == "ctrl+space" else (key,))]
    return ",".join(sent) or NO_KEY


# Names of keys.


def normalised(text: str) -> str | None:
    """Return Textual's name for a key that is written as its name or its character; None where there is none.

    "/" and "slash" are "slash", "Ctrl+S" is "ctrl+s", "shift+g" is "G".
    """
    if not 0 < len(text) <= _LONGEST:
        return None
    head, base = ("", text) if len(text) == 1 else (text[:-2], "+") if text.endswith("++") else _parted(text)
    modifiers = sorted(head.lower().split("+")) if head else []
    if len(set(modifiers)) < len(modifiers) or not set(modifiers) <= set(_MODIFIERS):
        return None
    name = base.lower()
    name = _OTHER_NAMES.get(name, name)
    if name not in _NAMED:
        character = base if len(base) == 1 else _character(name)
        called = _name(character) if character else None
        if called is None:
            return None
        name = called
        if modifiers and len(name) == 1:
            if name.isupper() and modifiers == ["alt"]:
                modifiers.append("shift")
            name = name.lower()
        if modifiers == ["shift"]:
            # Terminals send the character alone, and which one shift types depends on the keyboard.
            return name.upper() if name.isalpha() and len(name.upper()) == 1 else None
    key = "+".join((*modifiers, name))
    return _OTHER_NAMES.get(key, key)


def shown(key: str) -> str:
    """Return a key of Textual's as a person writes it, "/" for "slash"; `normalised` understands it."""
    head, base = _parted(key)
    character = None if base in _NAMED or base in _WORDS else _character(base)
    return f"{head}+{character or base}" if head else character or base


def _parted(text: str) -> tuple[str, str]:
    head, _, base = text.rpartition("+")
    return head, base


def _character(name: str) -> str | None:
    """The visible character that is called so."""
    if len(name) == 1:
        return name
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    try:
        character = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return None
    return character if _name(character) else None


def _name(character: str) -> str | None:
    """Textual's name for the key of a character, None where it is no visible character."""
    if displayable(character) != character:
        return None
    if character.isalnum():
        return character
    unicode_name = unicodedata.name(character, "").lower()
    if "-" in unicode_name and ord(character) > _LATIN:
        return None  # its name does not lead back to it
    name = unicode_name.replace("-", "_").replace(" ", "_")
    return _SHORTER.get(name, name) or None


_LATIN: Final = 0xFF
_CHARACTERS: Final = {
    name: character for character in map(chr, range(_LATIN + 1)) if (name := _name(character)) and len(name) > 1
}
"""The characters of most keyboards by Textual's names, which do not tell a hyphen from a space."""


# Whose they are.


def resolve(chosen: Mapping[str, tuple[str, ...]], places: Mapping[str, str] | None = None) -> Keymap:
    """Return who has which key, where a person chose keys for some ids (`Settings.keys`; an empty tuple: none).

    What is chosen wins over what is default; of two that are chosen, the first one wins. `places` says for an id where
    it was chosen (`Settings.places`), and goes before its problems. A choice that holds no known key changes nothing.
    """
    return _Resolver(entries(), chosen, places or {}).keymap()


class _Resolver:
    def __init__(
        self, known: Mapping[str, Entry], chosen: Mapping[str, tuple[str, ...]], places: Mapping[str, str]
    ) -> None:
        self.known, self.chosen, self.places = known, chosen, places
        self.problems: list[str] = []
        self.owners: dict[str, str] = {}

    def keymap(self) -> Keymap:
        keys = {}
        for name, texts in self.chosen.items():
            valid = self._valid(name, texts)
            if valid is not None:
                keys[name] = tuple(key for key in valid if self._claim(name, key))
        for name, entry in self.known.items():
            if name not in keys:
                keys[name] = self._left(name, entry.keys)
        more = len(self.problems) - _MOST_PROBLEMS
        rest = (f"and {more} problems with keys more",) if more > 0 else ()
        return Keymap(
            MappingProxyType({name: keys[name] for name in self.known}), (*self.problems[:_MOST_PROBLEMS], *rest)
        )

    def _valid(self, name: str, texts: tuple[str, ...]) -> list[str] | None:
        """The keys that can be had, each once; None where nothing is changed by this choice."""
        if name not in self.known:
            near = self._nearest(name, self.known)
            hint = f"did you mean {near}?" if near else "vnet-tui keys lists all of them"
            self._tell(name, f"there is no command {_quoted(name)}; {hint}")
            return None
        valid: dict[str, None] = {}
        for text in texts:
            key = normalised(text)
            if key is None:
                self._tell(name, f"{name}: {self._why_not(text)}")
            elif key in NEEDED and key not in self.known[name].keys:
                self._tell(name, f"{name} cannot have {shown(key)}, which {NEEDED[key]}")
            else:
                valid[key] = None
        return list(valid) if valid or not texts else None

    def _claim(self, name: str, key: str) -> bool:
        owner = self.owners.setdefault(key, name)
        if owner != name:
            self._tell(name, f"{owner} and {name} are both given the key {shown(key)}: {owner} keeps it")
        return owner == name

    def _left(self, name: str, defaults: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the default keys that nobody else was given."""
        left = tuple(key for key in defaults if key not in self.owners)
        for key in defaults:
            if key in self.owners:
                rest = f"keeps {' and '.join(map(shown, left))}" if left else "has no key any more"
                owner = self.owners[key]
                self._tell(owner, f"{owner} is given the key {shown(key)}, which {name} has by default: {name} {rest}")
        return left

    def _why_not(self, text: str) -> str:
        said = f"there is no key {_quoted(text)}"
        several = [part.strip() for part in text.split(",")]
        if len(several) > 1 and all(map(normalised, several)):
            return f"{said}; several keys are a list: [{', '.join(map(_quoted, several))}]"
        if text.lower().startswith("shift+") and normalised(text[6:]):
            return f"{said}; write the character that it types"
        near = self._nearest(
            text, (*_NAMED, *(f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"), *_CHARACTERS)
        )
        return f"{said}; did you mean {_quoted(shown(near))}?" if near else f"{said}; keys are written {_EXAMPLES}"

    def _nearest(self, word: str, words: Iterable[str]) -> str | None:
        # Looking takes its time, and hostile settings may hold thousands.
        return nearest(word[:_MOST_FOUND], words) if len(self.problems) < _MOST_PROBLEMS else None

    def _tell(self, name: str, problem: str) -> None:
        place = self.places.get(name)
        self.problems.append(f"{place}: {problem}" if place else problem)


_WITH_CTRL: Final = tuple(f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
_EXAMPLES: Final = '"a", "A", "/", "space", "f2" or "ctrl+s"'


def _quoted(text: str) -> str:
    written = toml_key(text[:_MOST_FOUND])
    return displayable(written if written.startswith('"') else f'"{written}"')
