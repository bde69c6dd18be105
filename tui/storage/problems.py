"""Problems: why a file cannot be understood, all of them at once, each with its place.

Owns the translation of what the parser and pydantic say into what a person can act on: file, line, column and
key, what was found, what is allowed, and the nearest known word.
Invariant: a problem's texts are displayable, whatever the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.display import displayable
from tui.errors import PrefixError, VnetTuiError
from tui.storage.layout import Layout
from tui.topology import catalog
from tui.topology.keypath import key_path
from tui.topology.prefix import Prefix

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails, ValidationError

_SYNTAX = re.compile(r"TOML parse error at line (\d+), column (\d+)\n(?:.*\n)*?(?P<said>[^|\n]+)\s*\Z")
_MOST_FOUND = 60

Step = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a file cannot be understood."""

    line: int | None
    column: int | None
    key: str
    """The key path, empty for the file as a whole."""
    found: str
    allowed: str
    nearest: str | None
    message: str


class UnreadableTopologyError(VnetTuiError):
    """A file that is no topology; `problems` holds every reason, in the order of the file."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        count = f"{len(problems)} problems" if len(problems) > 1 else "1 problem"
        super().__init__(f"{source} cannot be understood: {count}", "correct the places listed")
        self.source = source
        self.problems = tuple(problems)


def syntax_problem(text: str, error: ValueError) -> Problem:
    """Return the problem that the TOML parser's complaint about `text` amounts to."""
    match = _SYNTAX.search(str(error))
    if match is None:
        said = displayable(str(error).strip().splitlines()[-1], 120)
        return Problem(None, None, "", "", "TOML", None, f"no valid TOML: {said}")
    line, column = int(match[1]), int(match[2])
    lines = text.removeprefix("\ufeff").split("\n")
    source_line = lines[line - 1].strip("\r") if line <= len(lines) else ""
    found = displayable(source_line.strip(), _MOST_FOUND)
    said = displayable(match["said"].strip(), 120)
    return Problem(line, column, "", found, "TOML", None, f"no valid TOML: {said}")


def schema_problem(text: str, data: Mapping[str, Any], wanted: int) -> Problem | None:
    """Return the problem with the number of the file format, or None if it is `wanted`."""
    if "schema" not in data:
        message = f"the number of the file format is missing: write schema = {wanted} at the top"
        return Problem(1, 1, "schema", "", str(wanted), None, message)
    number = data["schema"]
    if type(number) is int and number == wanted:
        return None
    line, column = Layout(text).position(("schema",))
    found = _shown(number)
    newer = type(number) is int and number > wanted
    advice = "; it was written by a newer vnet-tui: update this one" if newer else ""
    message = f"schema is {found}; this program reads schema {wanted}{advice}"
    return Problem(line, column, "schema", found, str(wanted), None, message)


def name_problems(text: str, data: Mapping[str, Any]) -> list[Problem]:
    """Return a problem for each name with a NUL, which no file needs: it keeps this program's own names apart."""
    if not any(escape in text for escape in ("\\u0000", "\\U00000000", "\\x00")):
        return []
    layout = Layout(text)
    problems = []
    for path in _paths(data, ()):
        if isinstance(path[-1], str) and "\0" in path[-1]:
            line, column = layout.position(path)
            found = _shown(path[-1])
            message = f"the name {found} holds a NUL character; allowed is every other one"
            problems.append(
                Problem(line, column, displayable(key_path(path)), found, "a name without NUL", None, message)
            )
    return sorted(problems, key=_place)


def _paths(data: Any, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        yield (*path, step)
        yield from _paths(value, (*path, step))


def type_problems(text: str, data: Mapping[str, Any], error: ValidationError) -> list[Problem]:
    """Return every wrong value that pydantic found in `data`, in the order of the file."""
    layout = Layout(text)
    problems: dict[tuple[Step, ...], Problem] = {}
    for key, cause in _wrong_keys(data):
        problems[key] = _prefix_problem(cause, key, _shown(key[-1]), *layout.position(key))
    for detail in error.errors(include_url=False):
        path, value = _in_file(data, detail["loc"])
        if path not in problems and not (path == _AVOID and isinstance(value, dict)):
            problems[path] = _problem(detail, path, value, *layout.position(path))
    return sorted(problems.values(), key=_place)


_AVOID = ("planning", "avoid")


def _wrong_keys(data: Any) -> Iterator[tuple[tuple[str, ...], PrefixError]]:
    """The keys that are no CIDR block: pydantic names the first alone, and not where it stands."""
    for step in _AVOID:
        data = data.get(step) if isinstance(data, dict) else None
    for text in data if isinstance(data, dict) else ():
        try:
            Prefix.parse(text)
        except PrefixError as error:
            yield (*_AVOID, text), error


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line or 0, problem.column or 0


def _in_file(data: Any, steps: Sequence[Any]) -> tuple[tuple[Step, ...], Any]:
    """The path of the steps that exist in the file, with the value there: pydantic also names union members."""
    path: list[Step] = []
    for step in steps:
        if step == "prefixes" and isinstance(data, list):
            continue  # the short form: a list that stands for a table with this key
        is_key = isinstance(data, dict) and step in data
        is_item = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if not is_key and not is_item:
            break
        data = data[step]
        path.append(step)
    return tuple(path), data


def _problem(detail: ErrorDetails, path: tuple[Step, ...], value: Any, line: int, column: int) -> Problem:
    key, found = displayable(key_path(path)), _shown(value)
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing" and isinstance(value, dict):
        wanted = str(detail["loc"][-1])
        message = f"{key} lacks {wanted}"
        return Problem(line, column, key, "", f"the key {wanted}", None, message)
    allowed, nearest = _allowed(kind, context, path), None
    cause = context.get("error")
    if isinstance(cause, PrefixError):
        return _prefix_problem(cause, path, found, line, column)
    if kind == "literal_error" and isinstance(value, str):
        words = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        nearest = catalog.nearest(value, words)
    hint = f"; did you mean {nearest}?" if nearest else ""
    return Problem(line, column, key, found, allowed, nearest, f"{key} is {found}; allowed is {allowed}{hint}")


def _prefix_problem(cause: PrefixError, path: tuple[Step, ...], found: str, line: int, column: int) -> Problem:
    key, hint = displayable(key_path(path)), displayable(cause.hint)
    message = f"{key}: {displayable(cause.message)}; {hint}"
    return Problem(line, column, key, found, "a CIDR block", _canonical(cause.hint), message)


def _canonical(hint: str) -> str | None:
    match = re.fullmatch(r"did you mean (\S+)\?", hint)
    return match[1] if match else None


_ALLOWED = {
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "date_type": "a day without quotes, such as 2027-04-30",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "tuple_type": "a list",
    "list_type": "a list",
    "finite_number": "a number that is not infinite",
}


_SHORT = {
    "subnets": "a CIDR block in quotes, a list of them, or a table",
    "pools": "a list of CIDR blocks or a table",
    "devices": "an address in quotes or a table",
}


def _allowed(kind: str, context: Mapping[str, Any], path: tuple[Step, ...]) -> str:
    """What may stand there, in words."""
    if "between" in path and kind in ("too_long", "too_short", "missing", "tuple_type"):
        return "a list of two names"
    if kind.startswith("model_") and len(path) > 1 and path[-2] in _SHORT:
        return _SHORT[str(path[-2])]
    if kind in _ALLOWED:
        return _ALLOWED[kind]
    if kind == "literal_error":
        return str(context.get("expected", "")).replace("'", '"')
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le", 0))
        bound = int(bound) if bound == int(bound) else bound
        return f"a number of at least {bound}" if kind == "greater_than_equal" else f"a number of at most {bound}"
    if kind == "string_pattern_mismatch":
        return 'a prefix length in quotes, such as "/22"'
    return kind.replace("_", " ")


def _shown(value: Any) -> str:
    """A value of the file as a person wrote it, cut and made plain."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{displayable(value, _MOST_FOUND)}"'
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return f"a list of {len(value)}" if len(value) != 1 else "a list of one"
    return displayable(str(value), _MOST_FOUND)
