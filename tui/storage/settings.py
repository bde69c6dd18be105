"""The settings: what a person has chosen in config.toml.

Owns every key of that file with its documentation, and how the file is read; `in_force` says who wins.
Invariant: whatever the file holds, reading never raises; what is good in it applies, and every problem is displayable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    Strict,
    StringConstraints,
    ValidationError,
)

from tui.display import displayable
from tui.errors import FileError
from tui.storage.in_force import AUTO, is_absent, settings_file
from tui.topology.catalog import nearest
from tui.topology.keypath import key_path

_MOST_BYTES: Final = 64 * 1024
_MOST_PROBLEMS: Final = 50
_MOST_FOUND: Final = 60


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_command(text: str) -> str:
    import shlex  # only for an editor that the file names

    if not shlex.split(text):
        raise ValueError("it is empty")
    return text


_Text: TypeAlias = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
_Keys: TypeAlias = Annotated[tuple[Annotated[str, Strict()], ...], BeforeValidator(_as_list)]


class Settings(BaseModel):
    """What config.toml says; a key that it does not have is at its default.

    The description of a field is its documentation, everywhere; `allowed` says in words what it takes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    theme: _Text = Field(
        AUTO,
        description="The colours of the editor: a theme that `vnet-tui themes` lists. `auto` takes what suits the "
        "terminal: `dark`, with 16 colours `terminal`, without colours `mono`.",
        json_schema_extra={"allowed": 'the name of a theme in quotes, or "auto"'},
    )
    mouse: Literal["auto", "off", "clicks", "full"] = Field(
        AUTO,
        description="What the mouse does: nothing (`off`); clicks, wheel and drag (`clicks`); or also what hovers "
        "(`full`), which sends data for every move. `auto` is `clicks` over SSH and `full` otherwise.",
        json_schema_extra={"allowed": '"auto", "off", "clicks" or "full"'},
    )
    ascii: Annotated[bool, Strict()] = Field(
        False,
        description="Draws lines and signs with ASCII alone, for terminals without box drawing.",
        json_schema_extra={"allowed": "true or false"},
    )
    editor: Annotated[_Text, AfterValidator(_as_command)] = Field(
        AUTO,
        description="The command that opens a file to edit it as text; its arguments may follow it. `auto` takes "
        "`$VISUAL`, else `$EDITOR`, else `vi`.",
        json_schema_extra={"allowed": 'a command in quotes, such as "nano" or "code --wait", or "auto"'},
    )
    keys: Annotated[Mapping[str, _Keys], AfterValidator(MappingProxyType)] = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Other keys for commands: the id of a command, then its key or a list of keys. An empty list "
        "leaves the command without a key. `vnet-tui keys` prints all ids with their keys.",
        json_schema_extra={"allowed": "a table of command ids, each with a key in quotes or a list of keys"},
    )

    _places: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @property
    def places(self) -> Mapping[str, str]:
        """Where in the file each entry of `keys` stands: "FILE:LINE:COLUMN", displayable."""
        return self._places


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of config.toml, for a reader."""

    key: str
    help: str
    """What it is for, in sentences; words in backquotes are literal."""
    allowed: str
    default: str
    """As TOML."""


def known_settings() -> tuple[Setting, ...]:
    """Return every key of config.toml in the order in which they are documented."""
    settings, default = [], Settings()
    for key, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        allowed = str(extra["allowed"]) if isinstance(extra, dict) else ""
        settings.append(Setting(key, field.description or "", allowed, as_toml(getattr(default, key))))
    return tuple(settings)


def as_toml(value: bool | str | Iterable[str] | Mapping[str, Any]) -> str:
    """Return a value of the settings as TOML in one line."""
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key_path((key,))} = {as_toml(item)}' for key, item in value.items())}}}"
    return f"[{', '.join(map(as_toml, value))}]"


# Reading.


def read_settings(path: Path | None = None) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings in the file at `path` (by default one's own) and a sentence for all that is wrong with it.

    A file that is not there is no problem. What cannot be used is at its default, all else applies.
    """
    path = path or settings_file()
    if path is None or is_absent(path):
        return Settings.model_construct(), ()
    # Only a person with a file needs these.
    from tui.storage.files import read_text
    from tui.storage.load import plain
    from tui.storage.nesting import check_nesting
    from tui.storage.problems import UnreadableTopologyError

    source = displayable(str(path))
    try:
        contents = read_text(path)
        if contents.fingerprint.size > _MOST_BYTES:
            return Settings(), (f"{source} is larger than {_MOST_BYTES // 1024} KiB; no settings are that large",)
        check_nesting(contents.text, str(path))
        data = plain(contents.text, str(path))
    except UnreadableTopologyError as error:
        places = ((f":{one.line}:{one.column}" if one.line else "", one.message) for one in error.problems)
        return Settings(), tuple(f"{source}{place}: {message}" for place, message in places)
    except FileError as error:
        return Settings(), (displayable(f"{error.message}. {error.hint}".rstrip(" .")),)
    return _Reader(source, contents.text).settings(data)


class _Reader:
    """One file, and what is wrong with it as it is read."""

    def __init__(self, source: str, text: str) -> None:
        from tui.storage.layout import Layout

        self.source = source
        self.layout = Layout(text)
        self.problems: dict[tuple[str | int, ...], tuple[tuple[int, int], str]] = {}

    def settings(self, data: dict[str, Any]) -> tuple[Settings, tuple[str, ...]]:
        """What is good in `data`, and what is not."""
        while True:
            try:
                settings = Settings.model_validate(data)
                break
            except ValidationError as error:
                data = self._without(data, [each["loc"] for each in error.errors(include_url=False)])
        settings._places = MappingProxyType({name: self._place(("keys", name)) for name in settings.keys})
        said = [message for _, message in sorted(self.problems.values())]
        more = len(said) - _MOST_PROBLEMS
        rest = (f"{self.source}: and {more} problems more",) if more > 0 else ()
        return settings, (*said[:_MOST_PROBLEMS], *rest)

    def _without(self, data: dict[str, Any], wrong: Iterable[tuple[str | int, ...]]) -> dict[str, Any]:
        """`data` without what is wrong, each told of once; an entry of `keys` goes alone."""
        kept = {**data, **({"keys": {**data["keys"]}} if isinstance(data.get("keys"), dict) else {})}
        for steps in wrong:
            path = steps[:2] if steps[0] == "keys" else steps[:1]
            if path in self.problems:
                continue
            holder: dict[Any, Any] = kept["keys"] if len(path) > 1 else kept
            self.problems[path] = (self.layout.position(path), self._problem(path, holder.pop(path[-1])))
        return kept

    def _problem(self, path: tuple[str | int, ...], value: Any) -> str:
        key, known = displayable(key_path(tuple(map(str, path))), _MOST_FOUND), Settings.model_fields
        helps = len(self.problems) < _MOST_PROBLEMS  # looking for the nearest word takes its time
        if path[0] not in known:
            near = nearest(key, known) if helps else None
            hint = f"did you mean {near}?" if near else f"the settings are {', '.join(known)}"
            return f"{self._place(path)}: there is no setting {key}; {hint}"
        if len(path) > 1:
            allowed, near = 'a key in quotes, such as "ctrl+s", or a list of keys', None
        else:
            setting = next(one for one in known_settings() if one.key == path[0])
            words = [word for word in get_args(known[setting.key].annotation) if isinstance(word, str)]
            allowed, near = setting.allowed, nearest(value[:_MOST_FOUND], words) if isinstance(value, str) else None
        hint = f"; did you mean {as_toml(near)}?" if near else ""
        return f"{self._place(path)}: {key} is {_shown(value)}; allowed is {allowed}{hint}"

    def _place(self, path: tuple[str | int, ...]) -> str:
        line, column = self.layout.position(path)
        return f"{self.source}:{line}:{column}"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    text = as_toml(value[:_MOST_FOUND]) if isinstance(value, str) else str(value)
    return displayable(text.lower() if isinstance(value, bool) else text, _MOST_FOUND)
