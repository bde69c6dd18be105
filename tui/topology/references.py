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
from tui.topology.parts import Path, table_at, with_fields, with_table
from tui.topology.table import Table

_GONE: Any = object()
"""What a reference becomes when the part that holds it cannot be without it."""


@dataclass(frozen=True, slots=True)
class Referrer:
    """A field of the parts in one table that may name one of the things called `names`."""

    place: Path
    field: str
    names: frozenset[str]
    without: Literal["goes", "goes when empty", "stays"]
    """What becomes of a part that loses what it names here."""
    applies: Callable[[Part], bool] = lambda part: True

    def renamed(self, topology: Topology, new_name: str) -> Topology:
        """Return the topology in which this place names `new_name`."""
        return self._each(topology, lambda value: _renamed(value, self.names, new_name))

    def removed(self, topology: Topology) -> Topology:
        """Return the topology in which this place no longer names the thing."""
        return self._each(topology, lambda value: _removed(value, self.names, self.without))

    def _each(self, topology: Topology, change: Callable[[Any], Any]) -> Topology:
        table = table_at(topology, self.place)
        changed = table
        for name, part in table.items():
            value = getattr(part, self.field)
            if value is None or not _names(value, self.names) or not self.applies(part):
                continue
            replacement = change(value)
            changed = (
                changed.without(name)
                if replacement is _GONE
                else changed.set(name, with_fields(part, **{self.field: replacement}))
            )
        return topology if changed is table else with_table(topology, self.place, changed)


def referrers(topology: Topology, *paths: Path) -> Iterator[Referrer | _Waivers]:
    """Yield the places that may name one of the things at `paths`, which stand in one table."""
    *place, _ = paths[0]
    names = frozenset(path[-1] for path in paths)
    if place == ["subscriptions"]:
        for table in ("vnets", "sites", "connections"):
            yield Referrer((table,), "subscription", names, "stays")
    elif place in (["vnets"], ["sites"]):
        # Where a VNet and a site have the same name, it means the VNet.
        ends = names.difference(topology.vnets) if place == ["sites"] else names
        yield Referrer(("connections",), "between", ends, "goes")
        yield Referrer(("peerings",), "between", ends, "goes")
        yield Referrer(("peerings",), "gateway_transit", ends, "stays")
        if place == ["vnets"]:
            yield Referrer(("services",), "vnets", names, "goes when empty")
    elif place[::2] == ["sites", "devices"] and place[1] not in topology.vnets:
        site = place[1]
        yield Referrer(
            ("connections",), "devices", names, "goes when empty", lambda part: site in getattr(part, "between", ())
        )
    elif place == ["planning", "pools"]:
        yield Referrer(("vnets",), "pool", names, "stays")
    yield _Waivers(paths)


def without_references(topology: Topology, *paths: Path) -> Topology:
    """Return the topology in which nothing names the things at `paths`, which stand in one table, any more."""
    for referrer in referrers(topology, *paths):
        before = topology
        topology = referrer.removed(topology)
        if isinstance(referrer, Referrer) and referrer.place[0] in ("connections", "peerings", "services"):
            # What went with it may itself be named by a waiver.
            lost = _lost(before, topology, referrer.place)
            topology = _Waivers(tuple((*referrer.place, name) for name in lost)).removed(topology)
    return topology


def _lost(before: Topology, after: Topology, place: Path) -> list[str]:
    left = set(table_at(after, place))
    return [name for name in table_at(before, place) if name not in left]


@dataclass(frozen=True, slots=True)
class _Waivers:
    """The waivers whose `where` names one of the paths or something below it."""

    paths: tuple[Path, ...]

    def renamed(self, topology: Topology, new_name: str) -> Topology:
        (path,) = self.paths
        old, new = key_path(path), key_path((*path[:-1], new_name))
        return self._each(topology, lambda text: new + text[len(old) :])

    def removed(self, topology: Topology) -> Topology:
        return self._each(topology, lambda text: None)

    def _each(self, topology: Topology, change: Callable[[str], str | None]) -> Topology:
        written = set(map(key_path, self.paths))
        waivers: Table[Any] = topology.waivers
        for name, waiver in topology.waivers.items():
            if not any(_at_or_below(text, written) for text in waiver.where):
                continue
            changed = (change(text) if _at_or_below(text, written) else text for text in waiver.where)
            where = tuple(text for text in changed if text is not None)
            waivers = waivers.set(name, with_fields(waiver, where=where)) if where else waivers.without(name)
        return topology if waivers is topology.waivers else with_table(topology, ("waivers",), waivers)


def _at_or_below(text: str, paths: set[str]) -> bool:
    return text in paths or any(text[:end] in paths for end, sign in enumerate(text) if sign == ".")


def _names(value: Any, names: frozenset[str]) -> bool:
    return value in names if isinstance(value, str) else not names.isdisjoint(value)


def _renamed(value: Any, old: frozenset[str], new: str) -> Any:
    if isinstance(value, str):
        return new
    return tuple(new if item in old else item for item in value)


def _removed(value: Any, names: frozenset[str], without: str) -> Any:
    left = None if isinstance(value, str) else tuple(item for item in value if item not in names)
    return _GONE if without == "goes" or (without == "goes when empty" and not left) else left
