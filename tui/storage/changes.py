"""What is to change in a document, by key path.

Owns the three kinds of change and how those of one call add up. Invariant: every path uses the names that the
document has before any of the changes is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tui.storage.literal import Value
from tui.topology.keypath import key_path

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class SetValue:
    """The value at `path` becomes `value`, whether the key exists or not."""

    path: Path
    value: Value


@dataclass(frozen=True)
class Insert:
    """A new entry at `path`, whose old holder, if there was one, is renamed or deleted by the same changes."""

    path: Path
    value: Value


@dataclass(frozen=True)
class Delete:
    """What stands at `path` goes; nothing happens if nothing does. With a new value for `path`: it is replaced."""

    path: Path


@dataclass(frozen=True)
class Rename:
    """The last key of `path` becomes `new_name`."""

    path: Path
    new_name: str


Change: TypeAlias = SetValue | Insert | Delete | Rename


class _Nothing:
    """No value: None would not be told from a value."""


NOTHING: Final = _Nothing()


@dataclass
class Plan:
    """All that happens at one path and below it."""

    value: Value = NOTHING
    inserted: Value = NOTHING
    delete: bool = False
    new_name: str | None = None
    below: dict[str, Plan] = field(default_factory=dict)

    def settle(self) -> None:
        """Read an insertion where nothing is moved away as the setting of a value, and that as no deletion."""
        if self.new_name is None or self.delete:
            self.value = self.value if self.inserted is NOTHING else self.inserted
            self.inserted = NOTHING
        self.delete = self.delete and self.value is NOTHING

    def created(self) -> Value:
        """Return what this plan makes of a path where nothing stands; NOTHING if it makes nothing."""
        for value in (self.value, self.inserted):
            if value is not NOTHING:
                return value
        below = {name: plan.created() for name, plan in self.below.items()}
        return {name: value for name, value in below.items() if value is not NOTHING} or NOTHING


def plan(changes: Iterable[Change]) -> Plan:
    """Return the plan for the whole document; ValueError where one change is below another's value or deletion."""
    root = Plan()
    for change in changes:
        here = root
        for name in change.path:
            here = here.below.setdefault(name, Plan())
        match change:
            case SetValue():
                here.value = change.value
            case Insert():
                here.inserted = change.value
            case Delete():
                here.delete = True
            case Rename():
                here.new_name = change.new_name
    if root.delete or root.new_name is not None:
        raise ValueError("the document itself can be neither deleted nor renamed")
    _settle(root, ())
    return root


def replacing(names: Iterable[str], value: Mapping[str, Value]) -> dict[str, Plan]:
    """Return the plans that turn a table with `names` into `value`."""
    plans = {name: Plan(delete=True) for name in names if name not in value}
    return plans | {name: Plan(value=item) for name, item in value.items()}


def _settle(here: Plan, path: Path) -> None:
    here.settle()
    if here.below and (here.delete or here.value is not NOTHING):
        raise ValueError(f"{key_path(path)} is replaced or deleted, and there is a change below it")
    for name, below in here.below.items():
        _settle(below, (*path, name))
