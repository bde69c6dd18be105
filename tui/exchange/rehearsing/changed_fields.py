"""Changed fields: what differs between two versions of one thing, for people.

Owns how a field's value is written in a comparison. Invariant: every field that differs is named, one inside a subnet,
a device, a gateway or a tag by its path ("subnets.web.prefixes").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tui.topology.keypath import toml_key
from tui.topology.model import Part


class FieldChange(NamedTuple):
    """A field that changes, with its values as text; an empty text stands for none."""

    field: str
    before: str
    after: str


def field_changes(before: Part, after: Part) -> tuple[FieldChange, ...]:
    """Return the fields in which two versions of a thing differ, in the order of the model."""
    return tuple(_changes("", before, after))


def _changes(path: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if before == after and type(before) is type(after):
        return
    mine, theirs = _fields(before), _fields(after)
    if mine is None and theirs is None:
        yield FieldChange(path, _text(before), _text(after))
        return
    for name in dict.fromkeys((*(mine or ()), *(theirs or ()))):
        below = f"{path}.{toml_key(name)}" if path else toml_key(name)
        yield from _changes(below, (mine or {}).get(name), (theirs or {}).get(name))


def _fields(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, Part):
        named = {name: getattr(value, name) for name, field in type(value).model_fields.items() if not field.exclude}
        return {**named, **value.unknown}
    return value if isinstance(value, Mapping) else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{toml_key(str(name))} = {_text(item)}" for name, item in value.items())
    # A prefix is a tuple of numbers that knows how to write itself.
    if type(value) is tuple:
        return ", ".join(map(_text, value))
    return str(value)
