"""Holdings: who has which part of the address space, and what is free because nobody has it.

Owns what counts as used: every prefix of a VNet or a site, subnets that lie outside of their VNet, held growth,
addresses of VPN clients and of BGP peers, what is to be avoided, and what Azure refuses; and the words for each. What a
site advertises is a summary and uses nothing up.
Invariant: a block that is handed out overlaps none of these and lies within one prefix of one pool.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from ipaddress import IPv6Address
from operator import itemgetter
from typing import ClassVar, Literal, NamedTuple, TypeAlias

from tui.errors import EditError, PrefixError
from tui.planner.free_space import FreeSpace
from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.intervals import PrefixIndex
from tui.topology.model import Site, Topology, VNet
from tui.topology.prefix import Prefix

_ASKERS = 4
"""Free spaces that are remembered for one topology: those of the forms that are open."""

What: TypeAlias = Literal["address_space", "subnet", "growth", "p2s_pools", "bgp_peer", "avoid", "refused"]

_NOUNS: dict[What, str] = {
    "address_space": "{name}",
    "subnet": "{name}'s subnet {prefix}",
    "growth": "{name}'s growth {prefix}",
    "p2s_pools": "the VPN clients of {name}",
    "bgp_peer": "{name}'s BGP peer {address}",
    "avoid": "{prefix} (avoided: {name})",
    "refused": "{prefix} (refused by Azure)",
}
_CLAUSES: dict[What, str] = {
    "address_space": "{name} has {prefix}",
    "subnet": "{name} has a subnet {prefix}",
    "growth": "{prefix} is held for {name}",
    "p2s_pools": "{prefix} is for the VPN clients of {name}",
    "bgp_peer": "{address} is the BGP peer of {name}",
    "avoid": "{prefix} is avoided ({name})",
    "refused": "Azure refuses {prefix} ({name})",
}


class Holder(NamedTuple):
    """Who keeps a block from being handed out."""

    what: What
    name: str
    """The network that has it; for what is avoided or refused, the reason."""

    @property
    def is_network(self) -> bool:
        """True if a network has it, or it is held for one; False where it is avoided or refused."""
        return self.what not in ("avoid", "refused")

    @property
    def is_in_use(self) -> bool:
        """True if a network, its VPN clients or its BGP peer have it now."""
        return self.is_network and self.what != "growth"

    def noun(self, prefix: Prefix) -> str:
        """Return who has `prefix`, as a noun: "app", "app's growth 10.1.0.0/24"."""
        return self._said(_NOUNS, prefix)

    def clause(self, prefix: Prefix) -> str:
        """Return the same as a clause: "app has 10.1.0.0/24", "10.1.0.0/24 is held for app"."""
        return self._said(_CLAUSES, prefix)

    def _said(self, words: dict[What, str], prefix: Prefix) -> str:
        text, address = str(prefix), str(prefix).partition("/")[0]
        # The name comes last: it may hold anything.
        said = words[self.what].replace("{prefix}", text).replace("{address}", address)
        return said.replace("{name}", self.name)


@derived
def used(topology: Topology) -> tuple[Prefix, ...]:
    """Return every prefix that cannot be handed out, in no particular order."""
    return used_now(topology)


def used_now(topology: Topology) -> tuple[Prefix, ...]:
    """Return the same as `used`, and remember nothing: for a topology that is only tried out."""
    # The prefixes of `holdings`, without their holders: a hundred thousand are taken in at once.
    taken: list[Prefix] = []
    strays = _Strays()
    for vnet in topology.vnets.values():
        taken += vnet.address_space
        taken += vnet.growth
        if vnet.subnets:
            taken += strays.of(vnet)
        if vnet.gateway is not None:
            taken += vnet.gateway.p2s_pools
    for site in topology.sites.values():
        taken += site.address_space
        taken += _bgp_peers(site)
    strays.keep()
    taken += (prefix for prefix, _ in topology.planning.avoided())
    taken += (prefix for prefix, _ in _refused())
    return tuple(taken)


@derived
def free(topology: Topology) -> FreeSpace:
    """Return what nobody uses or holds."""
    return FreeSpace(used(topology))


@derived
def in_no_pool(topology: Topology) -> FreeSpace:
    """Return what nobody uses or holds, and no pool names."""
    return FreeSpace((*used(topology), *(one for pool in topology.planning.pools.values() for one in pool.prefixes)))


class _Strays:
    """The subnets of VNets that lie outside of their address space: asked once of each VNet that stays as it is."""

    _known: ClassVar[dict[int, tuple[VNet, tuple[Prefix, ...]]]] = {}

    def __init__(self) -> None:
        self._now: dict[int, tuple[VNet, tuple[Prefix, ...]]] = {}

    def of(self, vnet: VNet) -> tuple[Prefix, ...]:
        """Return the prefixes of subnets that no prefix of the address space contains."""
        # An entry keeps its VNet alive, so its id is nobody else's.
        entry = self._known.get(id(vnet))
        if entry is None:
            space = vnet.address_space
            every = (prefix for subnet in vnet.subnets.values() for prefix in subnet.prefixes)
            entry = vnet, tuple([prefix for prefix in every if not any(one.contains(prefix) for one in space)])
        self._now[id(vnet)] = entry
        return entry[1]

    def keep(self) -> None:
        """Remember what was asked, and forget all else."""
        _Strays._known = self._now


@cache
def _refused() -> tuple[tuple[Prefix, str], ...]:
    """What Azure refuses, each with the reason."""
    return tuple((_range(one.prefix), one.reason) for one in catalog.special_ranges("refused"))


def _range(text: str) -> Prefix:
    """A block of the catalogue, where nothing has to be checked: what reads IPv6 as people write it starts slowly."""
    address, _, length = text.partition("/")
    return Prefix(6, int(IPv6Address(address)), int(length)) if ":" in address else Prefix.parse(text)


def _bgp_peers(site: Site) -> Iterator[Prefix]:
    """The addresses of BGP peers that lie outside of the site's address space."""
    for text in (site.bgp_peer, *(device.bgp_peer for device in site.devices.values())):
        if text is None:
            continue
        try:
            peer = Prefix.of_address(text)
        except PrefixError:
            continue
        if not any(prefix.contains(peer) for prefix in site.address_space):
            yield peer


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
    strays = _Strays()
    for name, vnet in topology.vnets.items():
        if vnet.address_space:
            holder = Holder("address_space", name)
            held += ((prefix, holder) for prefix in vnet.address_space)
        held += ((prefix, Holder("growth", name)) for prefix in vnet.growth)
        if vnet.subnets:
            held += ((prefix, Holder("subnet", name)) for prefix in strays.of(vnet))
        if vnet.gateway is not None:
            held += ((prefix, Holder("p2s_pools", name)) for prefix in vnet.gateway.p2s_pools)
    for name, site in topology.sites.items():
        held += ((prefix, Holder("address_space", name)) for prefix in site.address_space)
        held += ((peer, Holder("bgp_peer", name)) for peer in _bgp_peers(site))
    strays.keep()
    held += ((prefix, Holder("avoid", reason)) for prefix, reason in topology.planning.avoided())
    held += ((prefix, Holder("refused", reason)) for prefix, reason in _refused())
    return Holdings(held)


def refuse_taken(topology: Topology, blocks: Iterable[tuple[str, Prefix]], again: str) -> None:
    """Raise EditError where one of `blocks`, each with the network that is to get it, is no longer free.

    `again`: what to do then.
    """
    index = holdings(topology).index
    for name, block in blocks:
        taken = next(iter(index.overlapping(block)), None)
        if taken is not None:
            prefix, holder = taken
            raise EditError(f"{block} is no longer free for {name}: {holder.clause(prefix)}", again)
