"""Pools: where the planner may look for address space, and in which order.

Owns how a request finds its pools: the one that is named, else those of its region, else those of no region before
those of others, else RFC 1918. What comes first does not depend on the order of the file.
Invariant: the prefixes of an answer are of one family, each is named once, and they are never merged.
"""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple

from tui.errors import PrefixError, VnetTuiError
from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.intervals import Stretches
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

RFC1918 = (Prefix(4, 10 << 24, 8), Prefix(4, 172 << 24 | 16 << 16, 12), Prefix(4, 192 << 24 | 168 << 16, 16))
"""Where addresses come from when the file names no pool."""


class Source(NamedTuple):
    """A prefix that blocks may come from."""

    prefix: Prefix
    pool: str | None
    """The name of its pool, or None where no pool of the file lists it."""
    region: str | None = None
    """The region that the pool is for."""
    choice: int = 0
    """Blocks of the next higher number are handed out only where none of this one is left."""

    def __str__(self) -> str:
        named = [name for name in (self.pool, self.region) if name is not None]
        return f"{self.prefix} ({', '.join(named)})" if named else str(self.prefix)


# Home routers have the last one.
_PRIVATE = tuple(Source(prefix, None, None, int(prefix == RFC1918[-1])) for prefix in RFC1918)


def sources(
    topology: Topology, *, pool: str | None = None, region: str | None = None, family: int = 4
) -> tuple[Source, ...]:
    """Return where blocks of `family` may come from, the first choice first, and then the lowest.

    `pool`: a pool's name, or any block as text. Of the prefixes of a region's pools those are the first choice in which
    it has networks, so that its routes summarise; where it has none of the family, those of pools without a region.
    Raises VnetTuiError for a pool that is not there.
    """
    known = topology.planning.pools
    if pool is not None and pool not in known:
        return tuple(one for one in (Source(_block(pool, topology), None),) if one.prefix.version == family)
    if pool is not None:
        return _listed(topology, [pool], family)
    if not known:
        return _PRIVATE if family == 4 else ()
    if region is None:
        return _listed(topology, list(known), family)
    own = _listed(topology, [name for name, one in known.items() if catalog.same_region(one.region, region)], family)
    if own:
        return _lived_in_first(topology, region, own)
    shared = _listed(topology, [name for name, one in known.items() if one.region is None], family)
    there = {source.prefix for source in shared}
    others = [one for one in _listed(topology, list(known), family) if one.prefix not in there]
    return (*shared, *(one._replace(choice=int(bool(shared))) for one in others))


def pools(topology: Topology, *, region: str | None = None, family: int = 4) -> tuple[Prefix, ...]:
    """Return where blocks may come from: the pools of `region` if it has any, else all pools, else RFC 1918.

    In the order of `sources`.
    """
    return tuple(source.prefix for source in sources(topology, region=region, family=family))


def pools_of(topology: Topology, pool: str | None, *, region: str | None = None, family: int = 4) -> tuple[Prefix, ...]:
    """Return where blocks for something in the pool named `pool` may come from; as `pools` where it names none."""
    named = topology.planning.pools.get(pool) if pool is not None else None
    if named is None:
        return pools(topology, region=region, family=family)
    return tuple(prefix for prefix in named.prefixes if prefix.version == family)


def default_length(topology: Topology, pool: str | None, region: str | None, family: int = 4) -> int | None:
    """Return the prefix length that the pools say for a VNet that nobody gave a size; None where they say none.

    That of the pool named `pool`, where there is one; else that of the first pool of `region` that has one. In a pool
    of both families a length up to /32 is that of its IPv4 blocks, a longer one that of its IPv6 blocks.
    """
    known = topology.planning.pools
    if pool is not None and pool in known:
        asked = [known[pool]]
    else:
        asked = [one for one in known.values() if region is not None and catalog.same_region(one.region, region)]
    for one in asked:
        if one.default_size is not None:
            length, families = int(one.default_size[1:]), {prefix.version for prefix in one.prefixes}
            if families == {family} or (family in families and (length > BITS[4]) == (family == 6)):
                return length
    return None


def _block(text: str, topology: Topology) -> Prefix:
    try:
        return Prefix.parse(text)
    except PrefixError as error:
        if "/" in text:
            raise
        close = catalog.nearest(text, topology.planning.pools)
        named = ", ".join(topology.planning.pools) or "none"
        hint = f"did you mean {close}?" if close else f"the pools are: {named}; or write a block such as 10.0.0.0/16"
        raise VnetTuiError(f"there is no pool {text}", hint) from error


def _listed(topology: Topology, names: list[str], family: int) -> tuple[Source, ...]:
    """The prefixes of these pools, lowest first; what several list, by the one whose name sorts first."""
    found: dict[Prefix, Source] = {}
    for name in sorted(names):
        pool = topology.planning.pools[name]
        for prefix in pool.prefixes:
            if prefix.version == family:
                found.setdefault(prefix, Source(prefix, name, pool.region))
    return tuple(sorted(found.values(), key=itemgetter(0)))


def _lived_in_first(topology: Topology, region: str, found: tuple[Source, ...]) -> tuple[Source, ...]:
    space = _space_of_regions(topology).get(catalog.region_key(region))
    if len(found) < 2 or space is None:
        return found
    lived_in = [one for one in found if space.touch(one.prefix)]
    empty = [one for one in found if not space.touch(one.prefix)]
    return (*lived_in, *(one._replace(choice=int(bool(lived_in))) for one in empty))


@derived
def _space_of_regions(topology: Topology) -> dict[str, Stretches]:
    spaces: dict[str, list[Prefix]] = {}
    for vnet in topology.vnets.values():
        if vnet.region is not None:
            spaces.setdefault(catalog.region_key(vnet.region), []).extend(vnet.address_space)
    return {region: Stretches(prefixes) for region, prefixes in spaces.items()}
