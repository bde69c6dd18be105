"""REF: names that lead nowhere, links that cannot be, and keys that this program does not know.

Invariant: every dangling name is reported at the place where it is written, with the nearest one that exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.checks.rule import Day, Found, listed, registered, rule
from tui.connectivity.links import links, networks
from tui.topology import catalog
from tui.topology.derived import LINKS, SITES, gateways
from tui.topology.edits import Edit, change
from tui.topology.model import Connection, Limits, Part, Peering, Planning, Site, Topology, VNet
from tui.topology.parts import Path
from tui.topology.table import Table

_NESTING: dict[type[Part], tuple[str, ...]] = {
    Topology: (
        "planning",
        "limits",
        "subscriptions",
        "vnets",
        "sites",
        "connections",
        "peerings",
        "services",
        "waivers",
    ),
    Planning: ("pools",),
    Limits: ("skus",),
    VNet: ("subnets", "gateway"),
    Site: ("devices",),
}
"""The fields of each part that hold further parts."""

_FORMAT = "vnet-tui: the file format (vnet-tui schema)"


REF001 = rule(
    "REF001",
    "error",
    "something named does not exist",
    why="A link, a VNet or a service that names what is not there plans nothing: Azure would refuse the deployment.",
    source=_FORMAT,
    help="correct the name, or add what it names",
)


@REF001.in_topology
def dangling(topology: Topology, day: Day) -> Iterator[Found]:
    """Every name that leads nowhere."""
    subscriptions = topology.subscriptions
    for place, table in (
        ("vnets", topology.vnets),
        ("sites", topology.sites),
        ("connections", topology.connections),
    ):
        for name, part in table.items():
            wanted = part.subscription
            if wanted is not None and wanted not in subscriptions:
                yield _dangling((place, name), "subscription", wanted, "subscription", subscriptions)
    for name, vnet in topology.vnets.items():
        if vnet.pool is not None and vnet.pool not in topology.planning.pools:
            yield _dangling(("vnets", name), "pool", vnet.pool, "pool", topology.planning.pools)
    yield from _dangling_ends(topology)
    for name, service in topology.services.items():
        for wanted in dict.fromkeys(service.vnets):
            if wanted not in topology.vnets:
                yield _dangling(("services", name), "vnets", wanted, "VNet", topology.vnets, service.vnets)


def _dangling_ends(topology: Topology) -> Iterator[Found]:
    known = networks(topology)
    for path, link in _drawn(topology):
        a, b = link.between
        if a in known and b in known:
            continue
        for end in dict.fromkeys(link.between):
            if end not in known:
                yield _dangling(path, "between", end, "network", _possible_ends(topology, link, end), link.between)
    for name, connection in topology.connections.items():
        if not connection.devices:
            continue
        sites = [known[end] for end in connection.between if isinstance(known.get(end), Site)]
        devices = [device for site in sites if isinstance(site, Site) for device, _ in site.tunnel_ends()]
        for wanted in dict.fromkeys(connection.devices or ()):
            if wanted not in devices and all(end in known for end in connection.between):
                yield _dangling(("connections", name), "devices", wanted, "device", devices, connection.devices)
    for name, peering in topology.peerings.items():
        hub = peering.gateway_transit
        if hub is not None and hub not in peering.between:
            yield _dangling(("peerings", name), "gateway_transit", hub, "end of this peering", peering.between)


def _possible_ends(topology: Topology, link: Connection | Peering, end: str) -> Iterable[str]:
    """The networks that `end` can have been meant to be: a site has no second site and no peering."""
    sites = {name for name, network in networks(topology).items() if isinstance(network, Site)}
    vnet_only = isinstance(link, Peering) or not sites.isdisjoint(link.between)
    return topology.vnets if vnet_only else networks(topology)


def _drawn(topology: Topology) -> Iterator[tuple[Path, Connection | Peering]]:
    """Every connection and peering as it stands in the file, with its key path."""
    for name, connection in topology.connections.items():
        yield ("connections", name), connection
    for name, peering in topology.peerings.items():
        yield ("peerings", name), peering


def _dangling(
    path: Path, field: str, wanted: str, kind: str, known: Iterable[str], values: tuple[str, ...] | None = None
) -> Found:
    # Never one that stands beside it: correcting one end must not join a network to itself.
    nearest = catalog.nearest(wanted, (name for name in known if values is None or name not in values))
    fixes: tuple[Edit, ...] = ()
    if nearest is not None:
        right = nearest if values is None else tuple(nearest if value == wanted else value for value in values)
        fixes = (Edit(f"Write {nearest} for {wanted}", change(path, **{field: right}).apply),)
    hint = f"; did you mean {nearest}?" if nearest else ""
    return Found((path,), f"{field} of {path[-1]} names {wanted}, and there is no such {kind}{hint}", fixes=fixes)


REF002 = rule(
    "REF002",
    "error",
    "a link that joins a network to itself, a site to a site, or a site by peering",
    why="A VPN connection has a VNet's gateway at one end at least; a peering joins two VNets.",
    source="Microsoft: VPN Gateway design; Virtual network peering",
    help="name two different networks, at least one of them a VNet (both, for a peering)",
)


@REF002.reading(*LINKS)
def impossible_links(topology: Topology, day: Day) -> Iterator[Found]:
    """Links that Azure has no resource for."""
    known = networks(topology)
    for path, link in _drawn(topology):
        a, b = link.between
        ends = [known.get(a), known.get(b)]
        at_sites = sum(isinstance(end, Site) for end in ends)
        if a == b:
            yield Found((path,), f"{path[1]} joins {a} to itself")
        elif at_sites == 2:
            yield Found((path,), f"{path[1]} joins the site {a} to the site {b}; one end must be a VNet")
        elif at_sites == 1 and isinstance(link, Peering):
            site = a if isinstance(ends[0], Site) else b
            yield Found((path,), f"{path[1]} peers the site {site}; a peering joins two VNets")


REF003 = rule(
    "REF003",
    "warning",
    "the same pair is connected twice",
    why="More tunnels between two gateways bring no bandwidth; redundancy comes from active-active gateways, or from "
    "several devices at a site.",
    source="Microsoft: VPN Gateway FAQ; Highly available gateway connections",
    help="delete one of the two, make a gateway active-active, or give each connection a device of its own",
)


@REF003.reading(*LINKS, SITES, gateways)
def doubled_links(topology: Topology, day: Day) -> Iterator[Found]:
    """Pairs with two connections on the same device, two VNet-to-VNet connections, or two peerings."""
    pairs: dict[tuple[frozenset[str], bool], list[str]] = {}
    for link in links(topology):
        if link.kind != "expressroute":
            pairs.setdefault((frozenset(link.ends), link.kind == "peering"), []).append(link.name)
    for (ends, peered), names in pairs.items():
        if len(names) < 2:
            continue
        first = topology.peerings[names[0]].between if peered else topology.connections[names[0]].between
        a, b = (end for end in networks(topology) if end in ends) if len(ends) == 2 else first
        if peered:
            yield Found(tuple(("peerings", name) for name in names), f"{a} and {b} are peered by {listed(names)}")
        elif reason := _doubled(topology, names, (a, b)):
            paths = tuple(("connections", name) for name in names)
            yield Found(paths, f"{a} and {b} are connected by {listed(names)}{reason}")


def _doubled(topology: Topology, names: list[str], ends: tuple[str, str]) -> str | None:
    """How the connections `names` between `ends` get in each other's way, or None."""
    known = networks(topology)
    sites = [network for end in ends if isinstance(network := known[end], Site)]
    if len(sites) == 2:
        # A link between two sites is REF002's alone.
        return None
    if not sites:
        gateways = [topology.vnets[end].gateway for end in ends]
        active = any(gateway is not None and gateway.active_active for gateway in gateways)
        return None if active else ", and neither gateway is active-active"
    every = [device for device, _ in sites[0].tunnel_ends()]
    taken: set[str] = set()
    for name in names:
        devices = topology.connections[name].devices
        mine = set(every if devices is None else devices)
        if not mine or mine & taken:
            return f", both on {listed(sorted(mine & taken))}" if mine & taken else ", and the site has no device"
        taken |= mine
    return None


REF004 = rule(
    "REF004",
    "info",
    "unknown key in the file",
    why="An unknown key is kept as it is and has no effect; most often it is a known one, misspelt.",
    source=_FORMAT,
    help="correct the key, or leave it if another tool reads it",
)


@REF004.in_vnet
def unknown_keys_of_vnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Unknown keys of a VNet, its gateway and its subnets."""
    return _unknown_in(("vnets", name), vnet)


@REF004.in_topology
def unknown_keys(topology: Topology, day: Day) -> Iterator[Found]:
    """Unknown keys everywhere else, codes in [checks] and SKUs in [limits] included."""
    yield from _unknown_in((), topology, but="vnets")
    for code in topology.checks:
        if code not in registered():
            yield _unknown(("checks", code), f"{code} is no rule", catalog.nearest(code, registered()))
    for name in topology.limits.skus:
        if name not in catalog.sku_names():
            nearest = catalog.nearest(name, catalog.sku_names())
            yield _unknown(("limits", "skus", name), f"{name} is no gateway SKU that this program knows", nearest)


def _unknown_in(path: Path, part: Part, but: str = "") -> Iterator[Found]:
    if part.__pydantic_extra__:
        known = [field.alias or name for name, field in type(part).model_fields.items()]
        keys = [key for key in known if not key.startswith("\0")]
        for key in part.__pydantic_extra__:
            yield _unknown((*path, key), f"unknown key {key}", catalog.nearest(key, keys))
    for name in _NESTING.get(type(part), ()):
        value = getattr(part, name)
        if isinstance(value, Part):
            yield from _unknown_in((*path, name), value)
        elif isinstance(value, Table) and name != but:
            for entry, held in value.items():
                yield from _unknown_in((*path, name, entry), held)


def _unknown(path: Path, message: str, nearest: str | None) -> Found:
    return Found((path,), f"{message}; did you mean {nearest}?" if nearest else message)


REF005 = rule(
    "REF005",
    "error",
    "a VNet marked isolated is linked",
    why="A VNet is isolated until it is linked; isolated = true says that it is to stay so.",
    source="vnet-tui: the file, isolated",
    help="delete the link, or take isolated away",
)


@REF005.in_topology
def linked_though_isolated(topology: Topology, day: Day) -> Iterator[Found]:
    """Links at VNets that are never to be linked."""
    for link in links(topology):
        for end in link.ends:
            vnet = topology.vnets.get(end)
            if vnet is not None and vnet.isolated:
                yield Found(
                    (("vnets", end), link.where),
                    f"{end} is marked isolated, and {link.name} links it to {link.other(end)}",
                    fixes=(change(("vnets", end), isolated=None),),
                )
