"""CON: what a connection or a peering asks of its two ends.

Invariant: a link with a dangling end is REF001's alone; here both ends exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.checks.rule import Day, Found, listed, rule
from tui.connectivity.budgets import sku_record
from tui.connectivity.links import Link, is_vnet, links, links_of, networks, spokes
from tui.topology.derived import LINKS, SITES, gateways
from tui.topology.edits import change, combined
from tui.topology.model import Cloud, Device, Site, Topology, VNet

CON001 = rule(
    "CON001",
    "error",
    "a site that a connection cannot end at",
    why="Azure needs the public address or name of the VPN device (a local network gateway), and its ASN for BGP.",
    source="Microsoft: VPN Gateway design; Configure BGP for VPN Gateway",
    help="give the site a vpn_device or devices, and an ASN where BGP is used",
)


@CON001.reading(*LINKS, SITES)
def no_device(topology: Topology, day: Day) -> Iterator[Found]:
    """VPN connections to sites without device, and BGP connections to devices without ASN."""
    for link in links(topology):
        for end in link.ends if link.kind == "vpn" else ():
            site = networks(topology)[end]
            # A link between two sites is REF002's alone.
            if not isinstance(site, Site) or not is_vnet(topology, link.other(end)):
                continue
            devices = _devices(topology, link.name, site)
            silent = [name for name, device in devices if site.asn_of(device) is None]
            if not any(True for _ in site.tunnel_ends()):
                yield Found((link.where, ("sites", end)), f"{link.name} ends at {end}, which has no VPN device")
            elif link.bgp and silent:
                which = f"its device {listed(silent)}" if silent != ["vpn_device"] else "its device"
                yield Found((link.where, ("sites", end)), f"{link.name} speaks BGP with {end}, and {which} has no ASN")


def _devices(topology: Topology, connection: str, site: Site) -> list[tuple[str, Device]]:
    chosen = topology.connections[connection].devices
    return [(name, device) for name, device in site.tunnel_ends() if chosen is None or name in chosen]


CON002 = rule(
    "CON002",
    "warning",
    "a pair has both a peering and a connection",
    why="Where two VNets have both, the traffic takes the peering; the tunnels are paid for and carry nothing.",
    source="Microsoft: Virtual network peering",
    help="delete one of the two",
)


@CON002.reading(*LINKS)
def peered_and_connected(topology: Topology, day: Day) -> Iterator[Found]:
    """Connections that a peering makes idle."""
    peered: dict[frozenset[str], list[Link]] = {}
    for link in links(topology):
        if link.kind == "peering":
            peered.setdefault(frozenset(link.ends), []).append(link)
    for link in links(topology) if peered else ():
        peerings = peered.get(frozenset(link.ends))
        if link.kind == "vpn" and peerings:
            a, b = link.ends
            names = listed(peering.name for peering in peerings)
            text = f"{link.name} connects {a} and {b}, which {names} peers: the peering carries the traffic"
            yield Found((link.where, *(peering.where for peering in peerings)), text)


CON003 = rule(
    "CON003",
    "error",
    "a spoke that cannot use its hub's gateway",
    why="A VNet that uses a remote gateway may not have one of its own, and may use one only.",
    source="Microsoft: Virtual network FAQ (peering); Configure VPN gateway transit",
    help="take the spoke's gateway away, or gateway_transit off the peering",
)


@CON003.reading(*LINKS, gateways)
def impossible_spoke(topology: Topology, day: Day) -> Iterator[Found]:
    """Spokes with a gateway of their own, or with two hubs."""
    for spoke, hubs in spokes(topology).items():
        vnet = topology.vnets.get(spoke) if spoke in topology.vnets else None
        if vnet is None:
            continue
        borrowing = [link for link in links_of(topology)[spoke] if link.gateway_transit in hubs]
        paths = (("vnets", spoke), *(link.where for link in borrowing))
        over = listed(link.name for link in borrowing)
        if vnet.gateway is not None:
            text = f"{spoke} uses the gateway of {listed(hubs)} (by {over}) and has one of its own"
            fix = combined(
                f"Let {spoke} use its own gateway", [change(link.where, gateway_transit=None) for link in borrowing]
            )
            yield Found(paths, text, fixes=(fix,))
        if len(hubs) > 1:
            yield Found(paths, f"{spoke} uses the gateways of {listed(hubs)} (by {over}); it may use one")


CON004 = rule(
    "CON004",
    "warning",
    "several devices of a site on one gateway without BGP",
    why="Several tunnels to one on-premises network need BGP on each, so that routes fail over from one to another.",
    source="Microsoft: Highly available gateway connections",
    help="set bgp = true on the connection and give the devices an ASN",
)


@CON004.reading(*LINKS, SITES, gateways)
def devices_without_bgp(topology: Topology, day: Day) -> Iterator[Found]:
    """Pairs of a VNet and a site with two or more tunnels of which one has no BGP."""
    tunnels: dict[tuple[str, str], list[str]] = {}
    static: dict[tuple[str, str], list[str]] = {}
    known = networks(topology)
    for link in links(topology):
        for end in link.ends if link.kind == "vpn" else ():
            site = known[end]
            if isinstance(site, Site) and is_vnet(topology, link.other(end)):
                pair = (link.other(end), end)
                tunnels.setdefault(pair, []).extend(name for name, _ in _devices(topology, link.name, site))
                if not link.bgp:
                    static.setdefault(pair, []).append(link.name)
    for pair, names in static.items():
        devices = dict.fromkeys(tunnels[pair])
        if len(devices) > 1:
            paths = (*(("connections", name) for name in names), ("sites", pair[1]))
            text = (
                f"{pair[1]} has {len(devices)} devices ({listed(devices)}) on the gateway of {pair[0]}, connected by "
                f"{listed(names)} without BGP"
            )
            fix = combined(f"Use BGP on {listed(names)}", [change(("connections", name), bgp=True) for name in names])
            yield Found(paths, text, fixes=(fix,) if _can_speak(topology, *pair, devices) else ())


def _can_speak(topology: Topology, vnet: str, site: str, devices: Iterable[str]) -> bool:
    """True if BGP can be switched on between them: the gateway has it, and each device has an ASN."""
    near, far = networks(topology)[vnet], networks(topology)[site]
    if not isinstance(near, VNet) or near.gateway is None or not isinstance(far, Site):
        return False
    gateway, sku = near.gateway, sku_record(near.gateway)
    if sku is None or not sku.bgp or gateway.vpn_type != "RouteBased":
        return False
    ends = dict(far.tunnel_ends())
    return all(far.asn_of(ends[name]) not in (None, gateway.asn) for name in devices)


CON005 = rule(
    "CON005",
    "error",
    "a VNet-to-VNet connection across clouds",
    why="VNet-to-VNet and peering stay within one cloud; between public Azure, US Government and China only "
    "site-to-site connections work.",
    source="Microsoft: VPN Gateway FAQ (VNet-to-VNet connections)",
    help="model each far end as a site, connected site-to-site",
)


@CON005.in_topology
def across_clouds(topology: Topology, day: Day) -> Iterator[Found]:
    """Links between VNets of different clouds."""
    clouds = {name: subscription.cloud for name, subscription in topology.subscriptions.items()}
    if set(clouds.values()) <= {"public"}:
        return
    for link in links(topology):
        vnets = [topology.vnets.get(end) for end in link.ends]
        found = [_cloud(clouds, vnet) for vnet in vnets if vnet is not None]
        if len(found) == 2 and found[0] != found[1]:
            a, b = link.ends
            yield Found((link.where,), f"{link.name} joins {a} (cloud {found[0]}) to {b} (cloud {found[1]})")


def _cloud(clouds: dict[str, Cloud], vnet: VNet) -> Cloud:
    """The cloud of the VNet's subscription; public where none is known."""
    return "public" if vnet.subscription is None else clouds.get(vnet.subscription, "public")
