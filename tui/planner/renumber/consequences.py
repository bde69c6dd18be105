"""Consequences: what else changes when a network gets other addresses, in Azure's words.

Owns those words and the facts behind them: who must learn the new prefixes and how, what must be redeployed, and what
names an old address. Sources: Microsoft Learn, "About VPN Gateway FAQ" (VNet-to-VNet, BGP), "Virtual network peering"
(address space of peered networks), "Add, change, or delete a subnet", "About Point-to-Site VPN".
Invariant: every sentence stands for itself; nothing here decides whether or where something moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

from tui.connectivity.domains import bgp_domains, statically_linked, transit_areas
from tui.connectivity.joined import joined_groups
from tui.connectivity.links import is_vnet, links_of, networks, spokes
from tui.errors import PrefixError
from tui.planner.renumber.carried import Blocks, shifted
from tui.topology.derived import LINKS, derived, derived_from, forwarding
from tui.topology.intervals import PrefixIndex
from tui.topology.keypath import key_path
from tui.topology.model import Site, Topology, VNet
from tui.topology.naming import is_gateway_subnet
from tui.topology.prefix import Prefix, address_text

_MOST_NAMED = 4


class Moving(Protocol):
    """What is known of a move before its consequences are."""

    @property
    def network(self) -> str: ...
    @property
    def blocks(self) -> Blocks: ...
    @property
    def subnets(self) -> tuple[tuple[str, Prefix, Prefix], ...]: ...
    @property
    def growth(self) -> Blocks: ...
    @property
    def released(self) -> tuple[Prefix, ...]: ...


def consequences(topology: Topology, move: Moving) -> Iterator[str]:
    """Yield what else changes when `move` is made, a sentence each."""
    network = networks(topology)[move.network]
    old, new = (listed(str(pair[side]) for pair in move.blocks) for side in (0, 1))
    if isinstance(network, Site):
        yield from _of_a_site(topology, move, network, old, new)
    else:
        yield from _of_a_vnet(topology, move, network, old, new)
    yield from _old_dns_servers(topology, move)
    inner = {
        (site, prefix)
        for _, block in move.blocks
        for prefix, site in _advertised_index(topology).overlapping(block)
        if block.contains(prefix) and site != move.network
    }
    for site, prefix in sorted(inner)[:_MOST_NAMED]:
        yield f"{site} advertises {prefix}, which lies in the new space: its route to it would compete with the network"


def _of_a_vnet(topology: Topology, move: Moving, vnet: VNet, old: str, new: str) -> Iterator[str]:
    name, in_azure = move.network, vnet.state != "planned"
    carried = tuple(dict.fromkeys(subnet for subnet, _, _ in move.subnets))
    if not in_azure:
        yield "it is not deployed yet: nothing has to be moved in Azure"
    elif carried:
        yield (
            f"a subnet's range can be changed only while it is empty: what runs in {listed(carried)} "
            "must be redeployed in the new range"
        )
    if in_azure:
        yield f"route tables, network security groups and firewall rules that name {old} must name {new}"
    if in_azure and vnet.gateway is not None and any(map(is_gateway_subnet, carried)):
        yield (
            "its VPN gateway must be deleted and created again, for GatewaySubnet moves; its BGP peer address "
            "changes with it"
        )
    yield from _told_of(topology, name, new, f"{new} in place of {old}")
    for before, after in move.growth:
        yield f"growth {before} moves along to {after}"
    if move.released:
        kept = listed(map(str, move.released))
        yield f"held growth {kept} is released: it adjoins nothing of {name} any more; hold new room if it is to grow"


def of_growing(topology: Topology, name: str, gained: Iterable[Prefix]) -> Iterator[str]:
    """Yield what else changes when the VNet `name` gets the prefixes `gained` too, a sentence each."""
    new = listed(map(str, gained))
    yield from _told_of(topology, name, new, f"{new} too")


def _told_of(topology: Topology, name: str, new: str, routes: str) -> Iterator[str]:
    """Who must learn that a VNet has `new`, and how. `routes`: what devices must route."""
    vnet = topology.vnets[name]
    in_azure = vnet.state != "planned"
    static, by_bgp = _learning_sites(topology, name)
    if static:
        yield f"the on-premises devices of {listed(static)} must route {routes}"
    if by_bgp:
        yield f"{listed(by_bgp)} {'learns' if len(by_bgp) == 1 else 'learn'} the new prefixes by BGP, without a change"
    near = links_of(topology).get(name, ())
    gateways = {one.other(name) for one in near if one.kind == "vpn" and is_vnet(topology, one.other(name))}
    if gateways:
        them = listed(sorted(gateways))
        yield f"VNet-to-VNet: nothing changes at {them}, for the local network gateway there is implicit and follows"
    peered = {one.name for one in near if one.kind == "peering"}
    if peered and in_azure:
        yield f"the peering{'s' if len(peered) > 1 else ''} {listed(sorted(peered))} must be synced afterwards"
    if in_azure and vnet.gateway is not None and vnet.gateway.p2s_pools:
        pools = listed(map(str, vnet.gateway.p2s_pools))
        yield f"its VPN clients keep their addresses ({pools}) and need a new profile with the routes to {new}"


def _of_a_site(topology: Topology, move: Moving, site: Site, old: str, new: str) -> Iterator[str]:
    name = move.network
    yield f"every host of {name} in {old} gets another address: that is work on premises"
    near = [one for one in links_of(topology).get(name, ()) if one.kind != "peering"]
    static = {one.other(name) for one in near if one.kind == "vpn" and not one.bgp}
    if static:
        ends = [end for end, _ in site.tunnel_ends()]
        devices = f" ({listed(ends)})" if len(ends) > 1 else ""
        ways = listed(sorted(static))
        yield f"the local network gateways of {name}{devices} must name {new} in place of {old}, for the VPN to {ways}"
    announced = {one.other(name) for one in near} - static
    if announced:
        yield f"{listed(sorted(announced))} {'learns' if len(announced) == 1 else 'learn'} the new prefixes by BGP"
    for device_name, device in site.tunnel_ends():
        address = _address(device.bgp_peer)
        if address is not None and shifted(address, move.blocks) != address:
            after = address_text(address.version, shifted(address, move.blocks).first)
            yield (
                f"bgp_peer {device.bgp_peer} of {key_path(('sites', name, device_name))} lies in what moves: "
                f"by the same offset it is {after}"
            )


def _learning_sites(topology: Topology, name: str) -> tuple[list[str], list[str]]:
    """The sites that must learn where a VNet is: whose devices need a route, and those that BGP tells."""
    static: dict[str, None] = {}
    by_bgp: dict[str, None] = {}
    for core in (name, *spokes(topology).get(name, ())):
        for link in links_of(topology).get(core, ()):
            other = link.other(core)
            if not is_vnet(topology, other):
                (by_bgp if link.bgp or link.kind == "expressroute" else static)[other] = None
    direct = {**static, **by_bgp}
    for sites in _sites_of_areas(topology).get(name, ()):
        for site, needs_route in sites:
            if site not in direct:
                (static if needs_route else by_bgp)[site] = None
    return sorted(static), sorted(by_bgp.keys() - static.keys())


@derived_from(*LINKS, forwarding)
def _sites_of_areas(topology: Topology) -> dict[str, list[list[tuple[str, bool]]]]:
    """For each network in areas that routing joins: their sites, each with whether its device needs a route."""
    found: dict[str, list[list[tuple[str, bool]]]] = {}
    for area in (*bgp_domains(topology), *transit_areas(topology)):
        core = set(area.core)
        sites = [
            (one, area.kind == "transit" or statically_linked(topology, one, core))
            for one in area.members
            if not is_vnet(topology, one)
        ]
        for member in area.members if sites else ():
            found.setdefault(member, []).append(sites)
    return found


def _old_dns_servers(topology: Topology, move: Moving) -> Iterator[str]:
    joined = joined_groups(topology)
    by_address: dict[tuple[str, str], list[str]] = {}
    for old, _ in move.blocks:
        for address, vnet in _dns_servers(topology).overlapping(old):
            if vnet == move.network or joined.joined(vnet, move.network):
                after = shifted(address, move.blocks)
                key = (address_text(address.version, address.first), address_text(after.version, after.first))
                by_address.setdefault(key, []).append(vnet)
    for (before, after_text), vnets in islice(sorted(by_address.items()), _MOST_NAMED):
        yield (
            f"dns_servers of {listed(sorted(set(vnets)))} name {before}, which lies in what moves: "
            f"a server of {move.network} there becomes {after_text}"
        )


@derived
def _dns_servers(topology: Topology) -> PrefixIndex[str]:
    """Every DNS server that a VNet names by its address, with the VNet."""
    return PrefixIndex(
        (address, name)
        for name, vnet in topology.vnets.items()
        for text in (vnet.dns_servers if isinstance(vnet.dns_servers, tuple) else (vnet.dns_servers,))
        if (address := _address(text)) is not None
    )


def _address(value: object) -> Prefix | None:
    try:
        return Prefix.of_address(value) if isinstance(value, str) else None
    except PrefixError:
        return None


@derived
def advertised(topology: Topology) -> tuple[tuple[Prefix, str], ...]:
    """Return what sites advertise, each with the site."""
    return tuple((prefix, name) for name, site in topology.sites.items() for prefix in site.advertises)


@derived
def _advertised_index(topology: Topology) -> PrefixIndex[str]:
    return PrefixIndex(advertised(topology))


def listed(texts: Iterable[str]) -> str:
    """Return the texts with commas; where they are many, the first few and how many more."""
    given = list(texts)
    more = len(given) - _MOST_NAMED
    return ", ".join(given[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
