"""Surroundings: what lies around a free block, and which route it would join.

Owns looking up neighbours, summaries that sites advertise, and where the networks of a region lie together.
Invariant: nothing here says whether a block is free; it speaks of blocks that are.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tui.planner.free import Holder, holdings
from tui.planner.pools import Source, same_region
from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.intervals import PrefixIndex
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

_MOST_IN_A_ROUTE = 2000
"""Networks of one route that are looked at, whether they are all of one region: somebody is typing meanwhile."""


class Route(NamedTuple):
    """One prefix that would lead to the new block and to networks that are there already."""

    prefix: Prefix
    networks: tuple[str, ...]
    """In the order of their addresses."""


def neighbours(topology: Topology, source: Prefix, stretch: tuple[int, int]) -> tuple[str, str]:
    """Return, in words, what lies before and behind a free stretch of `source`; nothing at the ends of `source`."""
    first, last = stretch
    before = _at(topology, source.version, first - 1) if first > source.first else ""
    behind = _at(topology, source.version, last + 1) if last < source.last else ""
    return before, behind


def in_words(prefix: Prefix, holder: Holder) -> str:
    """Return who has what, as a noun: "app", "app's growth 10.1.0.0/24"."""
    match holder.what:
        case "address_space":
            return holder.name
        case "growth":
            return f"{holder.name}'s growth {prefix}"
        case "p2s_pools":
            return f"the VPN clients of {holder.name}"
        case "avoid":
            return f"{prefix} (avoided: {holder.name})"
        case "refused":
            return f"{prefix} (refused by Azure)"


def _at(topology: Topology, version: int, address: int) -> str:
    here = Prefix(version, address, BITS[version])
    # The widest comes first, and says the most.
    found = next(holdings(topology).index.overlapping(here), None)
    return in_words(*found) if found is not None else ""


def route_joined(topology: Topology, source: Source, block: Prefix) -> Route | None:
    """Return the smallest prefix of `source` that holds `block` and all networks of its region there.

    None where the source is for no region, holds no network of it, or another region's lies in between.
    """
    if source.region is None:
        return None
    own = _in_source(topology, source)
    if not own:
        return None
    low, high = min(own[0][0].first, block.first), max(max(prefix.last for prefix, _ in own), block.last)
    length = BITS[block.version] - (low ^ high).bit_length()
    route = Prefix(block.version, low >> BITS[block.version] - length << BITS[block.version] - length, length)
    if not source.prefix.contains(route):
        route = source.prefix
    names = dict.fromkeys(name for _, name in own)
    for place, (_, holder) in enumerate(holdings(topology).index.overlapping(route)):
        foreign = holder.what in ("address_space", "growth", "p2s_pools") and holder.name not in names
        if foreign or place >= _MOST_IN_A_ROUTE:
            return None
    return Route(route, tuple(names))


def _in_source(topology: Topology, source: Source) -> list[tuple[Prefix, str]]:
    """The prefixes of the source's region that lie in it, lowest first."""
    known = _by_source(topology)
    found = known.get(source)
    if found is None:
        lying = holdings(topology).index.overlapping(source.prefix)
        found = [
            (prefix, holder.name)
            for prefix, holder in lying
            if holder.what == "address_space" and source.prefix.contains(prefix)
            if holder.name in topology.vnets and same_region(topology.vnets[holder.name].region, source.region)
        ]
        known[source] = found
    return found


@derived
def _by_source(topology: Topology) -> dict[Source, list[tuple[Prefix, str]]]:
    return {}


def advertised(topology: Topology, block: Prefix) -> tuple[Prefix, tuple[str, ...]] | None:
    """Return the narrowest summary that holds `block`, with the sites that advertise it; a default route is none."""
    found = [(prefix, site) for prefix, site in _summaries(topology).overlapping(block) if prefix.contains(block)]
    if not found:
        return None
    narrowest = max(prefix.length for prefix, _ in found)
    return next(
        (prefix, tuple(dict.fromkeys(site for one, site in found if one == prefix)))
        for prefix, _ in found
        if prefix.length == narrowest
    )


@derived
def _summaries(topology: Topology) -> PrefixIndex[str]:
    return PrefixIndex(
        (prefix, name) for name, site in topology.sites.items() for prefix in site.advertises if prefix.length
    )


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
