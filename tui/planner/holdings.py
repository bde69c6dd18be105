"""Holdings: who has which part of the address space, and what is free because nobody has it.

Owns what counts as used: every prefix of a VNet or a site, held growth, addresses of VPN clients, what is to be
avoided, and what Azure refuses. What a site advertises is a summary and uses nothing up.
Invariant: a block that is handed out overlaps none of these and lies within one prefix of one pool.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Literal, NamedTuple, TypeAlias

from tui.planner.free_space import FreeSpace
from tui.planner.pools import pools
from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.intervals import PrefixIndex, first_fit
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

_ASKERS = 4
"""Free spaces that are remembered for one topology: those of the forms that are open."""

What: TypeAlias = Literal["address_space", "growth", "p2s_pools", "avoid", "refused"]


class Holder(NamedTuple):
    """Who keeps a block from being handed out."""

    what: What
    name: str
    """The network that has it; for what is avoided or refused, the reason."""


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


@derived
def free(topology: Topology) -> FreeSpace:
    """Return what nobody uses or holds."""
    return FreeSpace(used(topology))


def next_free(topology: Topology, length: int, *, region: str | None = None, family: int = 4) -> Prefix | None:
    """Return the lowest free block of prefix length `length` in the first pool that has one, or None."""
    return first_fit(pools(topology, region=region, family=family), used(topology), length)


class Holdings:
    """Every block that cannot be handed out, with who has it."""

    def __init__(self, held: Iterable[tuple[Prefix, Holder]]) -> None:
        # By block alone: sorting what is sorted costs next to nothing later.
        self._held = sorted(held, key=itemgetter(0))
        self.index = PrefixIndex(self._held)
        self._free: dict[frozenset[Holder], FreeSpace] = {}

    def free(self, own: frozenset[Holder] = frozenset()) -> FreeSpace:
        """Return what is free for somebody who may have what `own` hold."""
        known = self._free.get(own)
        if known is None:
            known = FreeSpace(prefix for prefix, holder in self._held if holder not in own)
            if len(self._free) >= _ASKERS:
                self._free.clear()
            self._free[own] = known
        return known


@derived
def holdings(topology: Topology) -> Holdings:
    """Return who holds what of the address space: all that `used` lists."""
    held: list[tuple[Prefix, Holder]] = []
    for name, vnet in topology.vnets.items():
        if vnet.address_space:
            holder = Holder("address_space", name)
            held += ((prefix, holder) for prefix in vnet.address_space)
        held += ((prefix, Holder("growth", name)) for prefix in vnet.growth)
        if vnet.gateway is not None:
            held += ((prefix, Holder("p2s_pools", name)) for prefix in vnet.gateway.p2s_pools)
    for name, site in topology.sites.items():
        held += ((prefix, Holder("address_space", name)) for prefix in site.address_space)
    held += ((prefix, Holder("avoid", reason)) for prefix, reason in topology.planning.avoided())
    refused = catalog.special_ranges("refused")
    held += ((Prefix.parse(one.prefix), Holder("refused", one.reason)) for one in refused)
    return Holdings(held)
