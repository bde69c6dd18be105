"""Values as text: what stands in a form for a field of the model, and which value a typed text means.

Owns the shape of each field, which follows from its type in the model.
Invariant: a text written here is read back as the value that it was written for, if that value is displayable.
"""

from __future__ import annotations

import datetime
import re
import types
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from tui.display import displayable
from tui.errors import EditError
from tui.topology import catalog
from tui.topology.model import Carried, Part, RuleSetting
from tui.topology.prefix import Prefix
from tui.topology.table import Table

Shape = Literal[
    "prefixes",
    "names",
    "pair",
    "words",
    "choice",
    "flag",
    "whole",
    "number",
    "day",
    "text",
    "tags",
    "pairs",
    "toml",
    "part",
]

YES, NO = "yes", "no"
_WHOLE = re.compile(r"-?[0-9]{1,18}\Z")
_BARE = re.compile(r'[^,"\s]+(?: +[^,"\s]+)*\Z')
_ITEM = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|\Z)')
_PAIR = re.compile(
    r"""\s*(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[^=,"']+?)\s*=\s*"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|[^,]*?)\s*(?:,|\Z)"""
)


@cache
def shape(kind: type[Part], name: str) -> Shape:
    """Return what may stand in the field `name` of the model `kind`."""
    return _shape(kind.model_fields[name].annotation)


@cache
def choices(kind: type[Part], name: str) -> tuple[str, ...]:
    """Return the words that the field allows, empty where any will do."""
    found = shape(kind, name)
    if found == "flag":
        return (YES, NO)
    return tuple(_literals(kind.model_fields[name].annotation)) if found in ("choice", "words") else ()


def _shape(annotation: Any) -> Shape:
    annotation = _plain(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        first = _plain(arguments[0])
        if first is Prefix:
            return "prefixes"
        if get_origin(first) is Literal:
            return "words"
        return "names" if arguments[1:] == (...,) else "pair"
    if origin is Literal:
        return "choice"
    if origin is Table:
        if arguments[0] in (Carried, Any):
            return "tags"
        return "pairs" if arguments[0] in (str, RuleSetting) else "part"
    if origin in (Union, types.UnionType):
        return "number"
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return "part"
    simple: dict[Any, Shape] = {bool: "flag", int: "whole", float: "number", str: "text", datetime.date: "day"}
    return simple.get(annotation, "toml")


def _plain(annotation: Any) -> Any:
    """The type without its constraints, and without None."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        if get_origin(annotation) in (Union, types.UnionType):
            left = [one for one in get_args(annotation) if one is not type(None)]
            if len(left) == 1:
                annotation = left[0]
                continue
        return annotation


def _literals(annotation: Any) -> Iterable[str]:
    annotation = _plain(annotation)
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    return [word for one in get_args(annotation) if one is not ... for word in _literals(one)]


def text_of(kind: type[Part], name: str, value: Any) -> str:
    """Return what stands in a form for `value`: one line of displayable text, empty for None and for nothing."""
    return displayable(_text(shape(kind, name), value))


def default_text(kind: type[Part], name: str) -> str:
    """Return what stands in the field while the file says nothing."""
    field = kind.model_fields[name]
    return "" if field.is_required() else text_of(kind, name, field.get_default(call_default_factory=True))


def _text(found: Shape, value: Any) -> str:
    if value is None:
        return ""
    if found == "flag":
        return YES if value else NO
    if found in ("names", "pair", "words"):
        return ", ".join(map(_item, value))
    if found == "prefixes":
        return ", ".join(map(str, value))
    if found in ("tags", "pairs"):
        from tui.storage.literal import literal

        return ", ".join(literal({key: item})[2:-2] for key, item in value.items())
    if found == "toml":
        from tui.storage.literal import literal

        return literal(value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _item(name: str) -> str:
    if _BARE.match(name) and displayable(name) == name:
        return name
    from tui.storage.literal import literal

    return literal(name)


def value_of(kind: type[Part], name: str, text: str) -> Any:
    """Return the value that `text` means, None for an empty one.

    Raises EditError, where the field takes known words with the text that would be right as hint. Prefixes are read
    elsewhere, where more can be said about them.
    """
    text = text.strip()
    if not text:
        return None
    found = shape(kind, name)
    if found in ("choice", "flag"):
        word = _word(text, choices(kind, name))
        return word == YES if found == "flag" else word
    if found == "words":
        return _words(_items(text), choices(kind, name))
    if found in ("names", "pair"):
        items = _items(text)
        if found == "pair" and len(items) != 2:
            raise EditError(f"it takes two names, and here are {len(items)}", "write them as hub, app")
        return items
    if found in ("whole", "number"):
        return _number(kind, name, text, found)
    if found == "day":
        return _day(text)
    if found in ("tags", "pairs"):
        return _pairs(text)
    return _toml(text) if found == "toml" else text


def _word(text: str, words: tuple[str, ...]) -> str:
    for word in words:
        if word.casefold() == text.casefold():
            return word
    nearest = catalog.nearest(text, words)
    raise EditError(f"it is one of {', '.join(words)}", nearest or "")


def _words(items: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for place, item in enumerate(items):
        try:
            found.append(_word(item, words))
        except EditError as error:
            offer = ", ".join((*items[:place], error.hint, *items[place + 1 :])) if error.hint else ""
            raise EditError(error.message.replace("it is one of", "each is one of"), offer) from None
    return tuple(found)


def _items(text: str) -> tuple[str, ...]:
    items: list[str] = []
    place = 0
    while place < len(text):
        match = _ITEM.match(text, place)
        if match is None:
            raise EditError("names are parted by commas; a name with a comma stands in quotes", "")
        place = match.end()
        word = match[1].strip()
        if word:
            items.append(str(_toml(word)) if word.startswith('"') else word)
    return tuple(items)


def _number(kind: type[Part], name: str, text: str, found: Shape) -> int | float:
    from math import isfinite

    if _WHOLE.match(text):
        return int(text)
    if found == "whole":
        raise EditError("it is a whole number", "")
    try:
        number = float(text)
    except ValueError:
        number = float("inf")
    if not isfinite(number):
        raise EditError("it is a number, such as 200 or 2.5", "")
    return number


def _day(text: str) -> datetime.date:
    try:
        if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        raise EditError("there is no such day", "") from None
    raise EditError("a day is written as year-month-day, such as 2027-04-30", "")


def _toml(text: str) -> Any:
    from tomledit import Document

    try:
        value = Document.parse(f"v = {text}").value
    except ValueError:
        raise EditError('it is a TOML value: "text", 12, true or a list such as ["10.0.0.4", "10.0.0.5"]', "") from None
    if len(value) != 1:
        raise EditError("it is one TOML value", "")
    return value["v"]


def _pairs(text: str) -> dict[str, Any]:
    """The pairs of a text as TOML writes them; a value that is no TOML is the text itself."""
    try:
        whole: Mapping[str, Any] = _toml(f"{{ {text} }}")
        return dict(whole)
    except EditError:
        pass
    found: dict[str, Any] = {}
    place = 0
    while place < len(text):
        match = _PAIR.match(text, place)
        if match is None or not match["value"]:
            raise EditError('it takes pairs, parted by commas: owner = "network team", ticket = NET-12', "")
        key, value = match["key"].strip(), match["value"]
        name = str(_toml(key)) if key[0] in "\"'" else key
        if name in found:
            raise EditError(f"{name} stands there twice", "")
        try:
            found[name] = _toml(value)
        except EditError:
            if value[0] in "\"'[{":
                raise
            found[name] = value
        place = match.end()
    return found
