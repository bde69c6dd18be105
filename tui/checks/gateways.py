"""GWY: what a gateway must have, what its SKU allows, and how much of it is spoken for.

Invariant: a limit is quoted with its source, so that an override in the file is seen wherever it is used.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.checks.rule import Day, Found, listed, rule
from tui.connectivity.budgets import ACTIVE_ACTIVE_ASSUMPTION, Budget, budgets, sku_record
from tui.connectivity.domains import bgp_domains
from tui.connectivity.links import Link, is_vnet, links, links_of, networks
from tui.topology import catalog
from tui.topology.derived import LIMITS, LINKS, SITES, gateways
from tui.topology.edits import add_gateway, change, free_gateway_subnet
from tui.topology.model import Gateway, Planning, Site, Topology, VNet
from tui.topology.naming import is_gateway_subnet
from tui.topology.parts import Path

_SKUS = "Microsoft: About gateway SKUs"
_FAQ = "Microsoft: VPN Gateway FAQ"
_NEARLY_FULL = 80
"""Percent."""
_SMALLEST_TO_WARN = 10

GWY001 = rule(
    "GWY001",
    "error",
    "an end of a VPN connection is a VNet without a gateway",
    why="A VPN connection ends at the VPN gateway of a VNet; a spoke can only use a gateway that its hub has.",
    source="Microsoft: VPN Gateway design",
    help="add a gateway (SKU VpnGw1AZ for production), or delete the connection",
)


@GWY001.in_topology
def missing_gateway(topology: Topology, day: Day) -> Iterator[Found]:
    """VNets that are to end tunnels, or lend a gateway, and have none."""
    for name, at in links_of(topology).items():
        vnet = topology.vnets.get(name) if name in topology.vnets else None
        if vnet is None or vnet.gateway is not None:
            continue
        # What a hub with ExpressRoute lends is its ExpressRoute gateway.
        private = any(link.kind == "expressroute" for link in at)
        needing = [link.name for link in at if link.kind == "vpn" or (link.gateway_transit == name and not private)]
        if needing:
            lends = all(link.kind != "vpn" for link in at)
            what = "lends its gateway to" if lends else "is an end of"
            # Without room for its GatewaySubnet a gateway cannot be added.
            room = any(map(is_gateway_subnet, vnet.subnets)) or free_gateway_subnet(vnet) is not None
            fixes = (add_gateway(name, Gateway(sku="VpnGw1AZ")),) if room else ()
            yield Found((("vnets", name),), f"{name} {what} {listed(needing)} and has no gateway", fixes=fixes)


GWY002 = rule(
    "GWY002",
    "error",
    "a static-routing gateway on a VNet-to-VNet connection",
    why="VNet-to-VNet needs dynamic routing at both ends: gateways of vpn_type RouteBased.",
    source=_FAQ,
    help="make the gateway RouteBased; Azure cannot convert one in place, it has to be created anew",
)


@GWY002.reading(*LINKS, gateways)
def static_routing(topology: Topology, day: Day) -> Iterator[Found]:
    """PolicyBased gateways at VNet-to-VNet connections."""
    static = {name for name, gateway in gateways(topology) if gateway.vpn_type == "PolicyBased"}
    for link in links(topology) if static else ():
        if link.kind != "vpn" or not all(is_vnet(topology, end) for end in link.ends):
            continue
        for name in link.ends:
            if name in static:
                path = _path(name)
                yield Found(
                    (path, link.where),
                    f"the gateway of {name} is PolicyBased (static routing), and {link.name} joins it to the VNet "
                    f"{link.other(name)}",
                    fixes=(change(path, vpn_type="RouteBased"),),
                )


GWY003 = rule(
    "GWY003",
    "error",
    "more tunnels than the gateway may have",
    why="A VNet has a single VPN gateway, and its SKU allows so many tunnels, VNet-to-VNet and site-to-site together.",
    source=_SKUS,
    help="choose a larger SKU, route some links over another hub, or use peering inside a region",
)


@GWY003.reading(*LINKS, SITES, LIMITS, gateways)
def over_budget(topology: Topology, day: Day) -> Iterator[Found]:
    """Gateways with more tunnels than Azure's limit, or than one's own."""
    for budget in budgets(topology).values():
        azure = budget.azure_limit
        if azure.whole is not None and budget.used > azure.whole:
            yield _too_many(budget, f"{azure.whole} {'is' if azure.whole == 1 else 'are'} allowed ({azure.source})")
        elif budget.own_limit is not None and budget.used > budget.own_limit:
            text = f"its own tunnel_budget is {budget.own_limit}"
            yield _too_many(budget, text)._replace(severity="warning", help="raise tunnel_budget, or take tunnels away")


def _too_many(budget: Budget, allowed: str) -> Found:
    both = f"{budget.vnet_to_vnet} VNet-to-VNet, {budget.site_to_site} site-to-site"
    note = f"; {ACTIVE_ACTIVE_ASSUMPTION}" if budget.ipsec_tunnels > budget.used else ""
    return Found(
        (_path(budget.vnet),), f"the gateway of {budget.vnet} has {budget.used} tunnels ({both}); {allowed}{note}"
    )


GWY004 = rule(
    "GWY004",
    "warning",
    "a tunnel budget that is nearly used up",
    why="When the last tunnel is taken, the next link needs another SKU or another hub, which takes planning.",
    source=_SKUS,
    help="plan a larger SKU or a second hub before it is full",
)


@GWY004.reading(*LINKS, SITES, LIMITS, gateways)
def nearly_full(topology: Topology, day: Day) -> Iterator[Found]:
    """Gateways with 80 % or more of a budget of at least ten used, and not over it."""
    for budget in budgets(topology).values():
        limit = budget.limit.whole
        if (
            limit is not None
            and limit >= _SMALLEST_TO_WARN
            and _NEARLY_FULL * limit <= 100 * budget.used <= 100 * limit
        ):
            left = f"{limit - budget.used} left" if limit > budget.used else "none left"
            text = f"the gateway of {budget.vnet} uses {budget.used} of {limit} tunnels, {left} ({budget.limit.source})"
            yield Found((_path(budget.vnet),), text)


GWY005 = rule(
    "GWY005",
    "warning",
    "a SKU that is retiring or retired",
    why="Azure retires SKUs; a gateway on a retired one cannot be created, changed or relied on.",
    source="Microsoft: VPN Gateway SKU consolidation and migration; What's new in Azure VPN Gateway",
    help="plan the move to the successor",
)


@GWY005.reading(gateways)
def retiring(topology: Topology, day: Day) -> Iterator[Found]:
    """Gateways on SKUs whose days are counted."""
    for name, gateway in gateways(topology):
        sku = sku_record(gateway)
        if sku is None or sku.lifecycle == "available":
            continue
        when = sku.retires.isoformat() if sku.retires else "a day not announced"
        past = sku.retires is not None and sku.retires <= day.today
        state = f"has been retired since {when}" if past else f"retires on {when}"
        successor = f"; its successor is {sku.successor}" if sku.successor else ""
        fixes = (change(_path(name), sku=sku.successor),) if sku.successor else ()
        yield Found((_path(name),), f"SKU {sku.name} of the gateway of {name} {state}{successor}", fixes=fixes)


GWY006 = rule(
    "GWY006",
    "warning",
    "more bandwidth expected than the gateway has",
    why="All tunnels of a gateway share the aggregate throughput of its SKU; more tunnels bring no more bandwidth.",
    source=_SKUS,
    help="choose a larger SKU, or ExpressRoute for what VPN cannot carry",
)


@GWY006.reading(*LINKS, SITES, LIMITS, gateways)
def over_bandwidth(topology: Topology, day: Day) -> Iterator[Found]:
    """Gateways whose connections are expected to carry more than the SKU does, and single ones that do."""
    for budget in budgets(topology).values():
        limit = budget.bandwidth
        if limit.value is not None and budget.bandwidth_used > limit.value:
            text = (
                f"the connections of {budget.vnet} are expected to carry {budget.bandwidth_used:g} Mbps together; "
                f"its gateway has {limit.value:g} Mbps ({limit.source})"
            )
            yield Found((_path(budget.vnet),), text)
        gateway = topology.vnets[budget.vnet].gateway
        sku = sku_record(gateway) if gateway else None
        for name in budget.connections if sku and sku.per_tunnel_mbps else ():
            expected = topology.connections[name].bandwidth_mbps
            if sku and sku.per_tunnel_mbps and expected is not None and expected > sku.per_tunnel_mbps:
                text = (
                    f"{name} is expected to carry {expected:g} Mbps; one tunnel of {sku.name} ({budget.vnet}) was "
                    f"measured to carry {sku.per_tunnel_mbps:g} Mbps"
                )
                yield Found((("connections", name), _path(budget.vnet)), text, "info", "spread it over several devices")


GWY007 = rule(
    "GWY007",
    "error",
    "a SKU that does not exist, or not in this form",
    why="Azure knows a fixed list of SKUs; PolicyBased exists on Basic (and the classic gateway) alone, and each SKU "
    "exists in one generation or two.",
    source=_SKUS,
    help="choose a SKU from the list, RouteBased, in a generation that it has",
)


@GWY007.in_vnet
def impossible_sku(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """SKUs that Azure does not offer, alone or with this vpn_type or generation."""
    gateway = vnet.gateway
    if gateway is None:
        return
    chosen, path = gateway.sku or catalog.DEFAULT_SKU, _path(name)
    offered = catalog.generations(chosen)
    if not offered:
        nearest = catalog.nearest(chosen, catalog.sku_names())
        hint = f"; did you mean {nearest}?" if nearest else ""
        fixes = (change(path, sku=nearest),) if nearest else ()
        yield Found((path,), f"the gateway of {name} has the unknown SKU {chosen}{hint}", fixes=fixes)
        return
    if gateway.generation is not None and gateway.generation not in offered:
        text = f"the gateway of {name} is {chosen} of generation {gateway.generation}; it exists in {listed(offered)}"
        yield Found((path,), text, fixes=(change(path, generation=offered[0]),))
    sku = sku_record(gateway)
    if sku is not None and gateway.vpn_type not in sku.tunnels:
        text = f"the gateway of {name} is {gateway.vpn_type}, and {chosen} is not offered so"
        yield Found((path,), text, fixes=(change(path, vpn_type="RouteBased"),))


GWY008 = rule(
    "GWY008",
    "error",
    "a feature that the SKU lacks",
    why="Basic has neither BGP nor active-active; neither it nor a PolicyBased gateway can stand beside ExpressRoute.",
    source=_SKUS + "; Configure ExpressRoute and Site-to-Site coexisting connections",
    help="choose a SKU that has it, VpnGw1AZ or larger",
)


@GWY008.reading(*LINKS, gateways)
def missing_feature(topology: Topology, day: Day) -> Iterator[Found]:
    """BGP, active-active or ExpressRoute beside a gateway that lacks it."""
    for name, gateway in gateways(topology):
        sku = sku_record(gateway)
        if sku is None:
            continue
        at = links_of(topology).get(name, ())
        speaking = [link.name for link in at if link.kind == "vpn" and link.bgp]
        if speaking and not (sku.bgp and gateway.vpn_type == "RouteBased"):
            which = sku.name if not sku.bgp else "a PolicyBased gateway"
            yield Found((_path(name),), f"{listed(speaking)} use BGP at {name}, and {which} has no BGP")
        if gateway.active_active and not sku.active_active:
            yield Found((_path(name),), f"the gateway of {name} is active-active, and {sku.name} cannot be")
        private = [link.name for link in at if link.kind == "expressroute"]
        if private and not (sku.expressroute_coexistence and gateway.vpn_type == "RouteBased"):
            which = sku.name if not sku.expressroute_coexistence else "a PolicyBased gateway"
            yield Found(
                (_path(name),),
                f"{name} has ExpressRoute ({listed(private)}) beside a VPN gateway, and {which} cannot be",
            )


GWY009 = rule(
    "GWY009",
    "error",
    "two BGP neighbours with the same ASN",
    why="BGP drops a route that already holds its own ASN: every gateway of a BGP domain, and every site it speaks BGP "
    "with, needs an ASN of its own. 65515 is what Azure gives a gateway that is not told otherwise.",
    source=_FAQ + " (BGP); Configure BGP for VPN Gateway",
    help="give each an ASN of its own, from 64512 to 65514 or 65521 to 65534",
)


@GWY009.reading(*LINKS, SITES, gateways)
def same_asn(topology: Topology, day: Day) -> Iterator[Found]:
    """Gateways of one domain, or a gateway and a site, that share an ASN."""
    for domain in bgp_domains(topology):
        by_asn: dict[int, list[str]] = {}
        for name in domain.core:
            gateway = topology.vnets[name].gateway
            if gateway is not None:
                by_asn.setdefault(gateway.asn, []).append(name)
        for asn, names in by_asn.items():
            if len(names) > 1:
                text = f"the gateways of {listed(names)} are in one BGP domain and share the ASN {asn}"
                yield Found(tuple(map(_path, names)), text)
    for link in links(topology):
        if link.bgp and link.kind == "vpn":
            yield from _same_asn_at_site(topology, link)


def _same_asn_at_site(topology: Topology, link: Link) -> Iterator[Found]:
    known = networks(topology)
    for end in link.ends:
        site, vnet = known[end], known[link.other(end)]
        if not isinstance(site, Site) or not isinstance(vnet, VNet) or vnet.gateway is None:
            continue
        chosen = topology.connections[link.name].devices
        spoken = {site.asn_of(device) for name, device in site.tunnel_ends() if chosen is None or name in chosen}
        shared = vnet.gateway.asn
        if shared in (spoken or {site.asn}):
            text = f"{end} and the gateway of {link.other(end)} speak BGP over {link.name} with the same ASN {shared}"
            yield Found((("sites", end), _path(link.other(end))), text)


GWY010 = rule(
    "GWY010",
    "error",
    "an ASN that is reserved",
    why="Azure keeps 8074, 8075, 12076 and 65515 to 65520 (but 65516) for itself, IANA further ranges; a VNet gateway "
    "may keep 65515.",
    source=_FAQ + " (BGP)",
    help="choose a private ASN from 64512 to 65514 or 65521 to 65534",
)


@GWY010.reading(SITES, gateways)
def reserved_asn(topology: Topology, day: Day) -> Iterator[Found]:
    """Reserved ASNs at gateways, sites and devices."""
    for name, gateway in gateways(topology):
        problem = catalog.asn_problem(gateway.asn, gateway=True)
        if problem:
            yield Found((_path(name),), f"ASN {gateway.asn} of the gateway of {name} {problem}")
    for name, site in topology.sites.items():
        owned: list[tuple[Path, int | None, str]] = [(("sites", name), site.asn, f"site {name}")]
        owned += (
            (("sites", name, "devices", device), part.asn, f"device {device} of {name}")
            for device, part in site.devices.items()
        )
        for path, asn, who in owned:
            problem = catalog.asn_problem(asn, gateway=False) if asn is not None else None
            if problem:
                yield Found((path,), f"ASN {asn} of {who} {problem}")


GWY011 = rule(
    "GWY011",
    "info",
    "no SKU given",
    why="A plan without a SKU is counted with the smallest one, Basic: 10 tunnels, 100 Mbps, no BGP.",
    source=_SKUS,
    help="write down the SKU",
)


@GWY011.in_vnet
def no_sku(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Gateways that are counted as Basic because nothing is said."""
    if vnet.gateway is not None and vnet.gateway.sku is None:
        # Static routing exists on Basic alone.
        fix = change(_path(name), sku="VpnGw1AZ" if vnet.gateway.vpn_type == "RouteBased" else catalog.DEFAULT_SKU)
        yield Found((_path(name),), f"the gateway of {name} has no SKU: counted as Basic", fixes=(fix,))


def _path(vnet: str) -> Path:
    return ("vnets", vnet, "gateway")
