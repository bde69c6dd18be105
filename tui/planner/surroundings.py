"""Surroundings: what lies around a free block, and which route it would join.

Owns looking up neighbours, where the networks of a region lie together, and what is known against a block.
Invariant: nothing here says whether a block is free; it speaks of blocks that are.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tui.planner import advertised
from tui.planner.holdings import holdings
from tui.planner.pools import Source
from tui.topology import catalog
from tui.topology.catalog import same_region
from tui.topology.derived import derived_with_argument
from tui.topology.intervals import Stretches
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

_MOST_IN_A_ROUTE = 2000
"""Networks of one route that are looked at, whether they are all of one region: somebody is typing meanwhile."""


class Route(NamedTuple):
    """One prefix that would lead to the new block and to networks that are there already."""

    prefix: Prefix
    networks: tuple[str, ...]
    """In the order of their addresses."""


class _Region(NamedTuple):
    """The networks of a source's region that lie in it."""

    first: int
    """Their lowest address."""
    last: int
    names: tuple[str, ...]
    """In the order of their addresses."""
    pure: dict[Prefix, bool]
    """Of each route that was asked for, whether nothing of another region lies in it."""


def neighbours(topology: Topology, source: Prefix, stretch: tuple[int, int]) -> tuple[str, str]:
    """Return, in words, what lies before and behind a free stretch of `source`; nothing at the ends of `source`."""
    first, last = stretch
    before = _at(topology, source.version, first - 1) if first > source.first else ""
    behind = _at(topology, source.version, last + 1) if last < source.last else ""
    return before, behind


def _at(topology: Topology, version: int, address: int) -> str:
    here = Prefix(version, address, BITS[version])
    # The widest comes first, and says the most.
    found = next(holdings(topology).index.overlapping(here), None)
    return found[1].noun(found[0]) if found is not None else ""


def route_joined(topology: Topology, source: Source, block: Prefix) -> Route | None:
    """Return the smallest prefix of `source` that holds `block` and all networks of its region there.

    None where the source is for no region, holds no network of it, or another region's lies in between.
    """
    if source.region is None:
        return None
    own = _in_source(topology, source)
    if own is None:
        return None
    shift = (min(own.first, block.first) ^ max(own.last, block.last)).bit_length()
    route = Prefix(block.version, block.first >> shift << shift, BITS[block.version] - shift)
    if route not in own.pure:
        own.pure[route] = _is_pure(topology, route, frozenset(own.names))
    return Route(route, own.names) if own.pure[route] else None


def _is_pure(topology: Topology, route: Prefix, names: frozenset[str]) -> bool:
    for place, (_, holder) in enumerate(holdings(topology).index.overlapping(route)):
        foreign = holder.is_network and holder.name not in names
        if foreign or place >= _MOST_IN_A_ROUTE:
            return False
    return True


@derived_with_argument(kept=4096)
def _in_source(topology: Topology, source: Source) -> _Region | None:
    """The networks of the source's region that lie in it; None where there are none."""
    own = [
        (prefix, holder.name)
        for prefix, holder in holdings(topology).index.overlapping(source.prefix)
        if holder.what == "address_space" and source.prefix.contains(prefix)
        if holder.name in topology.vnets and same_region(topology.vnets[holder.name].region, source.region)
    ]
    last = max((prefix.last for prefix, _ in own), default=0)
    names = tuple(dict.fromkeys(name for _, name in own))
    return _Region(own[0][0].first, last, names, {}) if own else None


@cache
def _special(version: int) -> tuple[tuple[Prefix, catalog.SpecialRange], ...]:
    """The ranges that are known to clash, those of one family: what parses IPv6 is slow to import."""
    known = (*catalog.special_ranges("clash"), *catalog.special_ranges("workload"))
    return tuple((Prefix.parse(one.prefix), one) for one in known if (":" in one.prefix) == (version == 6))


def known_to_clash(block: Prefix, workloads: tuple[str, ...]) -> str:
    """Return what is known against the block: the narrowest range that turns up elsewhere too; or nothing."""
    near = [
        (prefix, one)
        for prefix, one in _special(block.version)
        if one.workload is None or one.workload in workloads
        if prefix.overlaps(block)
    ]
    if not near:
        return ""
    prefix, one = max(near, key=lambda known: (known[1].severity != "info", known[0].length))
    what = "is" if prefix == block else "is inside" if prefix.contains(block) else "contains"
    named = f"{what} {prefix}, {one.reason}" if prefix != block else f"is {one.reason}"
    return f"{named}: stays available, but may clash with what is linked later"


def doubtful(topology: Topology, block: Prefix) -> bool:
    """True if a rule would warn of a VNet there: blocks that are as good should go before it."""
    return advertised.competes(topology, block) or _clashing(block.version, topology.planning.workloads).touch(block)


@cache
def _clashing(version: int, workloads: tuple[str, ...]) -> Stretches:
    return Stretches(
        prefix
        for prefix, one in _special(version)
        if one.severity != "info" and not one.only_equal and (one.workload is None or one.workload in workloads)
    )
