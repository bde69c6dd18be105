"""Free space: what is left of the pools when everything that is used or held is taken away.

Owns what counts as used: every prefix of a VNet or a site, held growth, addresses of VPN clients, what is to be
avoided, and what Azure refuses. What a site advertises is a summary and uses nothing up.
Invariant: a block that is handed out overlaps none of these and lies within one prefix of one pool.
"""

from __future__ import annotations

from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.intervals import first_fit
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

RFC1918 = (Prefix(4, 10 << 24, 8), Prefix(4, 172 << 24 | 16 << 16, 12), Prefix(4, 192 << 24 | 168 << 16, 16))
"""Where addresses come from when the file names no pool."""


@derived
def used(topology: Topology) -> tuple[Prefix, ...]:
    """Return every prefix that cannot be handed out, in no particular order."""
    taken: list[Prefix] = []
    for vnet in topology.vnets.values():
        taken += vnet.address_space
        taken += vnet.growth
        if vnet.gateway is not None:
            taken += vnet.gateway.p2s_pools
    for site in topology.sites.values():
        taken += site.address_space
    taken += (prefix for prefix, _ in topology.planning.avoided())
    refused = (one.prefix for one in catalog.special_ranges("refused"))
    taken += (Prefix.parse(text) for text in refused)
    return tuple(taken)


def pools(topology: Topology, *, region: str | None = None, family: int = 4) -> tuple[Prefix, ...]:
    """Return where blocks may come from: the pools of `region` if it has any, else all pools, else RFC 1918."""
    named = topology.planning.pools.values()
    of_region = [prefix for pool in named if region is not None and pool.region == region for prefix in pool.prefixes]
    chosen = of_region or [prefix for pool in named for prefix in pool.prefixes] or list(RFC1918)
    return tuple(prefix for prefix in chosen if prefix.version == family)


def next_free(topology: Topology, length: int, *, region: str | None = None, family: int = 4) -> Prefix | None:
    """Return the lowest free block of prefix length `length` in the first pool that has one, or None."""
    return first_fit(pools(topology, region=region, family=family), used(topology), length)
