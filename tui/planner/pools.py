"""Pools: where the planner may look for address space, and in which order.

Owns how a request finds its pools: the one that is named, else those of its region, else all, else RFC 1918.
Invariant: the prefixes of an answer are of one family, each is named once, and they are never merged.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.errors import PrefixError, VnetTuiError
from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.intervals import Stretches
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

RFC1918 = (Prefix(4, 10 << 24, 8), Prefix(4, 172 << 24 | 16 << 16, 12), Prefix(4, 192 << 24 | 168 << 16, 16))
"""Where addresses come from when the file names no pool."""


class Source(NamedTuple):
    """A prefix that blocks may come from."""

    prefix: Prefix
    pool: str | None
    """The name of its pool, or None where no pool of the file lists it."""
    region: str | None = None
    """The region that the pool is for."""

    def __str__(self) -> str:
        named = [name for name in (self.pool, self.region) if name is not None]
        return f"{self.prefix} ({', '.join(named)})" if named else str(self.prefix)


def sources(
    topology: Topology, *, pool: str | None = None, region: str | None = None, family: int = 4
) -> tuple[Source, ...]:
    """Return where blocks of `family` may come from, the first choice first.

    `pool`: a pool's name, or any block as text. Of a region's pools those come first in which it has networks, so
    that its routes summarise. Raises VnetTuiError for a pool that is not there.
    """
    known = topology.planning.pools
    if pool is not None and pool not in known:
        return tuple(one for one in (Source(_block(pool, topology), None),) if one.prefix.version == family)
    if pool is not None:
        names = [pool]
    else:
        names = [name for name, one in known.items() if region is not None and catalog.same_region(one.region, region)]
        if names:
            return _used_first(topology, region or "", _listed(topology, names, family))
        names = list(known)
    found = _listed(topology, names, family)
    if known:
        return found
    return tuple(Source(prefix, None) for prefix in RFC1918 if prefix.version == family)


def pools(topology: Topology, *, region: str | None = None, family: int = 4) -> tuple[Prefix, ...]:
    """Return where blocks may come from: the pools of `region` if it has any, else all pools, else RFC 1918."""
    return tuple(source.prefix for source in sources(topology, region=region, family=family))


def pools_of(topology: Topology, pool: str | None, *, region: str | None = None, family: int = 4) -> tuple[Prefix, ...]:
    """Return where blocks for something in the pool named `pool` may come from; as `pools` where it names none."""
    named = topology.planning.pools.get(pool) if pool is not None else None
    if named is None:
        return pools(topology, region=region, family=family)
    return tuple(prefix for prefix in named.prefixes if prefix.version == family)


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
    found: dict[Prefix, Source] = {}
    for name in names:
        pool = topology.planning.pools[name]
        for prefix in pool.prefixes:
            if prefix.version == family:
                found.setdefault(prefix, Source(prefix, name, pool.region))
    return tuple(found.values())


def _used_first(topology: Topology, region: str, found: tuple[Source, ...]) -> tuple[Source, ...]:
    if len(found) < 2:
        return found
    lived_in = _space_of_regions(topology).get(catalog.region_key(region))
    return tuple(sorted(found, key=lambda one: lived_in is None or not lived_in.touch(one.prefix)))


@derived
def _space_of_regions(topology: Topology) -> dict[str, Stretches]:
    spaces: dict[str, list[Prefix]] = {}
    for vnet in topology.vnets.values():
        if vnet.region is not None:
            spaces.setdefault(catalog.region_key(vnet.region), []).extend(vnet.address_space)
    return {region: Stretches(prefixes) for region, prefixes in spaces.items()}
