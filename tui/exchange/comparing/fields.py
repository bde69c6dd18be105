"""Fields: what differs between two versions of one thing, field by field.

Owns when two values are the same: order counts neither among keys nor in a list of prefixes or names, a default that
is written is the default that is not, and what the program does not know is compared to the letter. It also owns what
one thing says by itself, which is what differs between it and nothing.
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


class Said(NamedTuple):
    """A field that a thing sets."""

    field: str
    """Its key path below the thing: "region", "subnets.web.prefixes"."""
    value: Any


FieldKind: TypeAlias = Literal["value", "list", "table", "carried", "part", "parts"]
"""What is in a field: `list` has no order, `table` and `carried` are plain values, `part` and `parts` are things."""


class Field(NamedTuple):
    """A field of the model, and what is in it."""

    name: str
    key: str
    """As the file has it."""
    kind: FieldKind


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


def changes_below(before: Part, after: Part, prefix: str = "") -> Iterator[FieldChange]:
    """Yield what differs between two parts of one kind, and between the parts in them by their names.

    The fields of what is inside have its key path before them: "subnets.web.prefixes". `prefix` is that of the parts
    themselves, with a point at its end.
    """
    if before is after:
        return
    for change in changes(before, after):
        yield change._replace(field=f"{prefix}{change.field}") if prefix else change
    for name, key, kind in fields_of(type(after)):
        if kind in ("part", "parts"):
            old, new = _inside(key, kind, getattr(before, name)), _inside(key, kind, getattr(after, name))
            for below in (*new, *(below for below in old if below not in new)):
                yield from _changes_inside(f"{prefix}{below}", old.get(below), new.get(below))


def _changes_inside(path: str, before: Part | None, after: Part | None) -> Iterator[FieldChange]:
    if before is not None and after is not None:
        yield from changes_below(before, after, f"{path}.")
    elif after is not None:
        yield from (FieldChange(field, None, value) for field, value in _said_inside(path, after))
    elif before is not None:
        yield from (FieldChange(field, value, None) for field, value in _said_inside(path, before))


def said(part: Part, prefix: str = "") -> Iterator[Said]:
    """Yield every field that `part` and the parts in it set, in the order of the model.

    A part inside that says nothing is an empty table. `prefix` is a key path with a point at its end.
    """
    for name, kind, value in set_fields(part):
        key = toml_key(name)
        if kind in ("part", "parts"):
            for below, inside in _inside(key, kind, value).items():
                yield from _said_inside(f"{prefix}{below}", inside)
        elif isinstance(value, Table) and value:
            yield from (Said(one.field, one.after) for one in entry_changes(Table(), value, f"{prefix}{key}."))
        else:
            yield Said(f"{prefix}{key}", value)


def set_fields(part: Part) -> Iterator[tuple[str, FieldKind, Any]]:
    """Yield key, kind and value of every field that says something else than its default, then the unknown ones."""
    defaults = _defaults(type(part))
    for name, key, kind in fields_of(type(part)):
        value = getattr(part, name)
        if name not in defaults or value != defaults[name]:
            yield key, kind, value
    for key, value in part.unknown.items():
        yield key, "carried", value


def _said_inside(path: str, part: Part) -> Iterator[Said]:
    told = list(said(part, f"{path}."))
    yield from told or (Said(path, Table()),)


def _inside(key: str, kind: FieldKind, value: Any) -> dict[str, Part]:
    """The parts in a field, by their key paths."""
    if kind == "parts":
        return {f"{key}.{toml_key(name)}": part for name, part in value.items()}
    return {key: value} if value is not None else {}


@cache
def _defaults(kind: type[Part]) -> dict[str, Any]:
    """The defaults of the fields that need not be said."""
    optional = ((name, field) for name, field in kind.model_fields.items() if not field.is_required())
    return {name: field.get_default(call_default_factory=True) for name, field in optional}


def content(part: Part) -> Hashable:
    """Return everything that `part` and the parts in it say: equal for two parts without a difference."""
    return (
        type(part),
        tuple(_content(getattr(part, field.name), field.kind) for field in fields_of(type(part))),
        _literal(part.unknown),
    )


def _kind(annotation: Any) -> FieldKind:
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


def _content(value: Any, kind: FieldKind) -> Hashable:
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
