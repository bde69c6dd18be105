"""References: who names whom in a topology.

Owns the list of places in which one thing's name stands inside another, for renaming and deleting.
Invariant: after a rename no place names the old name, after a deletion none names what is gone, except
waivers' globs, which name nothing in particular.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tui.topology.keypath import key_path
from tui.topology.model import Part, Topology
from tui.topology.parts import Path, replace_part, table_at, with_fields, with_table
from tui.topology.table import Table

_GONE: Any = object()
"""What a reference becomes when the part that holds it cannot be without it."""


@dataclass(frozen=True, slots=True)
class Referrer:
    """A field of the parts in one table that may name the thing at a path."""

    place: Path
    field: str
    name: str
    without: Literal["goes", "goes when empty", "stays"]
    """What becomes of a part that loses what it names here."""
    applies: Callable[[Part], bool] = lambda part: True

    def renamed(self, topology: Topology, new_name: str) -> Topology:
        """Return the topology in which this place names `new_name`."""
        return self._each(topology, lambda value: _renamed(value, self.name, new_name))

    def removed(self, topology: Topology) -> Topology:
        """Return the topology in which this place no longer names the thing."""
        return self._each(topology, lambda value: _removed(value, self.name, self.without))

    def _each(self, topology: Topology, change: Callable[[Any], Any]) -> Topology:
        table = table_at(topology, self.place)
        changed = table
        for name, part in table.items():
            value = getattr(part, self.field)
            if value is None or not _names(value, self.name) or not self.applies(part):
                continue
            replacement = change(value)
            changed = (
                changed.without(name)
                if replacement is _GONE
                else changed.set(name, with_fields(part, **{self.field: replacement}))
            )
        return topology if changed is table else with_table(topology, self.place, changed)


def referrers(topology: Topology, path: Path) -> Iterator[Referrer | _Waivers]:
    """Yield the places that may name the thing at `path`."""
    name = path[-1]
    if path[0] == "subscriptions":
        for table in ("vnets", "sites", "connections"):
            yield Referrer((table,), "subscription", name, "stays")
    elif path[0] in ("vnets", "sites") and len(path) == 2:
        yield Referrer(("connections",), "between", name, "goes")
        yield Referrer(("peerings",), "between", name, "goes")
        yield Referrer(("peerings",), "gateway_transit", name, "stays")
        if path[0] == "vnets":
            yield Referrer(("services",), "vnets", name, "goes when empty")
    elif path[0] == "sites" and len(path) == 4:
        site = path[1]
        yield Referrer(
            ("connections",), "devices", name, "goes when empty", lambda part: site in getattr(part, "between", ())
        )
    elif path[:2] == ("planning", "pools"):
        yield Referrer(("vnets",), "pool", name, "stays")
    yield _Waivers(path)


def without_references(topology: Topology, path: Path) -> Topology:
    """Return the topology in which nothing names the thing at `path` any more."""
    for referrer in referrers(topology, path):
        before = topology
        topology = referrer.removed(topology)
        if isinstance(referrer, Referrer) and referrer.place[0] in ("connections", "peerings", "services"):
            # What went with it may itself be named by a waiver.
            for name in _lost(before, topology, referrer.place):
                topology = _Waivers((*referrer.place, name)).removed(topology)
    return topology


def _lost(before: Topology, after: Topology, place: Path) -> list[str]:
    left = set(table_at(after, place))
    return [name for name in table_at(before, place) if name not in left]


@dataclass(frozen=True, slots=True)
class _Waivers:
    """The waivers whose `where` names a path or something below it."""

    path: Path

    def renamed(self, topology: Topology, new_name: str) -> Topology:
        old, new = key_path(self.path), key_path((*self.path[:-1], new_name))
        return self._each(topology, lambda text: new + text[len(old) :])

    def removed(self, topology: Topology) -> Topology:
        return self._each(topology, lambda text: None)

    def _each(self, topology: Topology, change: Callable[[str], str | None]) -> Topology:
        old = key_path(self.path)
        waivers: Table[Any] = topology.waivers
        for name, waiver in topology.waivers.items():
            if not any(_at_or_below(text, old) for text in waiver.where):
                continue
            where = tuple(
                kept for text in waiver.where if (kept := change(text) if _at_or_below(text, old) else text) is not None
            )
            waivers = waivers.set(name, with_fields(waiver, where=where)) if where else waivers.without(name)
        return topology if waivers is topology.waivers else replace_part(topology, (), waivers=waivers)


def _at_or_below(text: str, path: str) -> bool:
    return text == path or text.startswith(path + ".")


def _names(value: Any, name: str) -> bool:
    return value == name if isinstance(value, str) else name in value


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return new
    return tuple(new if item == old else item for item in value)


def _removed(value: Any, name: str, without: str) -> Any:
    left = None if isinstance(value, str) else tuple(item for item in value if item != name)
    return _GONE if without == "goes" or (without == "goes when empty" and not left) else left
