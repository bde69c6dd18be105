"""Fields: what differs between two versions of one thing, field by field.

Owns when two values are the same: order counts neither among keys nor in a list of prefixes or names, a default that
is written is the default that is not, and what the program does not know is compared to the letter.
Invariant: two parts have the same `content` exactly if they and all below them have no changed field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias, get_args, get_origin

from tui.topology.keypath import toml_key
from tui.topology.model import Part
from tui.topology.table import Table


class FieldChange(NamedTuple):
    """A field that differs. None stands for what is not there."""

    field: str
    """Its key path below the thing: "region", "tags.owner"."""
    before: Any
    after: Any
    came: tuple[Any, ...] = ()
    """For a list whose order says nothing: what it gained."""
    went: tuple[Any, ...] = ()
    """For a list whose order says nothing: what it lost."""


_Kind: TypeAlias = Literal["value", "list", "table", "carried", "part", "parts"]


class Field(NamedTuple):
    """A field of the model, and what is in it: `list` has no order, `part` and `parts` are things of their own."""

    name: str
    key: str
    """As the file has it."""
    kind: _Kind


@cache
def fields_of(kind: type[Part]) -> tuple[Field, ...]:
    """Return the fields of a part in the order of the model, without the marks that are not in the file."""
    return tuple(
        Field(name, field.alias or name, _kind(field.annotation))
        for name, field in kind.model_fields.items()
        if not field.exclude
    )


def changes(before: Part, after: Part, *, without: str | None = None) -> Iterator[FieldChange]:
    """Yield what differs between two parts of one kind, without the parts in them and the field `without`."""
    for name, key, kind in _own_fields(type(after)):
        old, new = getattr(before, name), getattr(after, name)
        if old is new or name == without:
            continue
        if kind == "value":
            if old != new:
                yield FieldChange(key, old, new)
        elif kind == "list":
            if old != new and _content(old, kind) != _content(new, kind):
                yield _list_change(key, old, new)
        else:
            yield from _carried_changes(key, old, new)
    if before.__pydantic_extra__ or after.__pydantic_extra__:
        yield from entry_changes(before.unknown, after.unknown)


def entry_changes(before: Table[Any], after: Table[Any], prefix: str = "") -> Iterator[FieldChange]:
    """Yield what differs between two tables of plain values, entry by entry: in the order of `after`, then what went.

    `prefix` is the key path of the table below the thing, with a point at its end.
    """
    for key in (*after, *(key for key in before if key not in after)):
        yield from _carried_changes(f"{prefix}{toml_key(key)}", before.get(key), after.get(key))


def content(part: Part) -> Hashable:
    """Return everything that `part` and the parts in it say: equal for two parts without a difference."""
    return (
        type(part),
        tuple(_content(getattr(part, field.name), field.kind) for field in fields_of(type(part))),
        _literal(part.unknown),
    )


def _kind(annotation: Any) -> _Kind:
    kinds = [annotation, *get_args(annotation)]
    if annotation is Any:
        return "carried"
    if get_origin(annotation) is Table:
        return "parts" if any(isinstance(kind, type) and issubclass(kind, Part) for kind in kinds[1:]) else "table"
    if any(isinstance(kind, type) and issubclass(kind, Part) for kind in kinds):
        return "part"
    return "list" if any(get_origin(kind) is tuple for kind in kinds) else "value"


@cache
def _own_fields(kind: type[Part]) -> tuple[Field, ...]:
    return tuple(field for field in fields_of(kind) if field.kind not in ("part", "parts"))


def _content(value: Any, kind: _Kind) -> Hashable:
    if kind == "part":
        return None if value is None else content(value)
    if kind == "parts":
        return frozenset((name, content(part)) for name, part in value.items())
    if kind == "list":
        return None if value is None else frozenset(Counter(value).items())
    hashable: Hashable = value if kind == "value" else _literal(value)
    return hashable


def _list_change(key: str, before: tuple[Any, ...] | None, after: tuple[Any, ...] | None) -> FieldChange:
    if before is None or after is None or key == "between":
        return FieldChange(key, before, after)
    came, went = Counter(after) - Counter(before), Counter(before) - Counter(after)
    # A Counter keeps the order in which it first met things.
    return FieldChange(key, before, after, tuple(came.elements()), tuple(went.elements()))


def _carried_changes(field: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if isinstance(before, Table) and isinstance(after, Table):
        yield from entry_changes(before, after, f"{field}.")
    elif _literal(before) != _literal(after):
        yield FieldChange(field, before, after)


def _literal(value: Any) -> Hashable:
    """A value to the letter: 1, 1.0 and true are three, and nan is itself."""
    if isinstance(value, Table):
        return frozenset((key, _literal(entry)) for key, entry in value.items())
    if isinstance(value, tuple):
        return tuple(map(_literal, value))
    return type(value), repr(value)
