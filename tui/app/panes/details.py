"""Tab 4: what is selected, in full: its fields, its subnets with the gaps between them, whom it reaches, and why.

Invariant: what is a thing of its own (a subnet, a device, a link) has its key path as the key of its row.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence

from tui.app.meters import bandwidth, bar, bar_of, percent, role, tunnels
from tui.app.panes.listed import (
    MOST_LISTED,
    counted,
    fact,
    field,
    heading,
    more,
    network_row,
    planning_rows,
    pool_rows,
    service_row,
    service_rows,
    topology_rows,
    waiver_rows,
)
from tui.app.panes.strip import strip_rows
from tui.app.panes.vnets import use_percent
from tui.app.widgets.rows import Cell, Column, Row
from tui.checks.rule import Finding
from tui.connectivity.budgets import ACTIVE_ACTIVE_ASSUMPTION, budgets, tunnels_of
from tui.connectivity.joined import in_words, joined_groups, meeting
from tui.connectivity.links import links_of, networks
from tui.connectivity.reach import reachable
from tui.errors import EditError
from tui.storage.file_form import part_form
from tui.topology.intervals import free_blocks
from tui.topology.keypath import key_path
from tui.topology.model import (
    Connection,
    Gateway,
    Part,
    Peering,
    Planning,
    Pool,
    Service,
    Site,
    Subnet,
    Subscription,
    Topology,
    VNet,
    Waiver,
)
from tui.topology.parts import Path, entry_at
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import usable_addresses

COLUMNS = (Column("what", 22), Column("", 24, 1))
_SHOWN_BELOW = ("subnets", "gateway", "devices", "growth")


def rows(
    topology: Topology,
    path: Path | None,
    *,
    today: datetime.date | None = None,
    findings: Sequence[Finding] = (),
) -> list[Row]:
    """Return the lines that describe what stands at `path`; the empty path is the topology itself.

    `today` tells how long a waiver holds, `findings` what it accepts.
    """
    if path is None:
        return []
    if not path:
        return list(topology_rows(topology, today))
    try:
        part = entry_at(topology, path)
    except EditError:
        return []
    if not isinstance(part, Part):
        return []
    lines = [heading("title", key_path(path))]
    if not isinstance(part, Planning):
        form = part_form(part)
        lines += (field(name, _text(form[name])) for name in form if name not in _SHOWN_BELOW)
    return [*lines, *_about(topology, path, part, today, findings)]


def _about(
    topology: Topology, path: Path, part: Part, today: datetime.date | None, findings: Sequence[Finding]
) -> Iterator[Row]:
    """What follows from a part, beyond its fields."""
    name = path[-1]
    match part:
        case VNet():
            yield from _vnet(topology, path, part)
        case Site():
            yield from _devices(path, part)
            if networks(topology).get(name) is part:
                yield from _links(topology, name)
                yield from _collisions(topology, name, part.address_space)
                yield from _reach(topology, name)
        case Subscription():
            yield from _subscription(topology, name)
        case Connection() | Peering():
            yield from _link(topology, part)
        case Gateway():
            yield from _meters(topology, path[1])
            yield from _links(topology, path[1], vpn_only=True)
        case Subnet():
            yield from _subnet(part)
        case Pool():
            yield from pool_rows(topology, name, part)
        case Planning():
            yield from planning_rows(topology)
        case Service():
            yield from service_rows(topology, part)
        case Waiver():
            yield from waiver_rows(name, part, findings, today)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_text(item)}" for key, item in value.items())
    return str(value)


def _vnet(topology: Topology, path: Path, vnet: VNet) -> Iterator[Row]:
    name = path[1]
    share = use_percent(vnet)
    if share is not None:
        yield fact("use", f"{share} % of its address space is in subnets {bar_of(share, 100, 8)}")
    yield from _growth(topology, name, vnet)
    yield from _subnets(path, vnet)
    if vnet.gateway is not None:
        yield Row((*path, "gateway"), (Cell("gateway"),), group=True)
        yield from _meters(topology, name)
    yield from _links(topology, name)
    services = [(key, service) for key, service in topology.services.items() if name in service.vnets]
    if services:
        yield heading("services", f"services in it ({len(services)})")
        yield from (service_row(key, service) for key, service in services[:MOST_LISTED])
        yield from more("services", len(services) - MOST_LISTED)
    if networks(topology).get(name) is vnet:
        yield from _collisions(topology, name, vnet.address_space)
        yield from _reach(topology, name)


def _growth(topology: Topology, name: str, vnet: VNet) -> Iterator[Row]:
    """What is held for the VNet, and whether it is still free: by rights only the VNet itself takes of it."""
    takers: dict[Prefix, dict[str, None]] = {}
    for other, _, block in _overlapping(topology, vnet.growth, name):
        takers.setdefault(block, {})[other] = None
    for block in dict.fromkeys(vnet.growth):
        inside = [prefix for prefix in vnet.address_space if prefix.overlaps(block)]
        left = sum(free.size for free in free_blocks(block, inside))
        if block in takers:
            state, colour = f"taken by {', '.join(list(takers[block])[:4])}", "error"
        elif not left:
            state, colour = "used", "used"
        elif inside:
            state, colour = f"held, {left} of {block.size} addresses free", "held"
        else:
            state, colour = "held, free", "held"
        yield Row(("growth", str(block)), (Cell("growth", "muted"), Cell(f"{block}  {state}", colour)))


def _subnets(path: Path, vnet: VNet) -> Iterator[Row]:
    """The subnets in the order of their addresses, with the free blocks between them."""
    yield heading("subnets", f"subnets ({len(vnet.subnets)})")
    yield from strip_rows(vnet)
    lines = []
    for name, subnet in vnet.subnets.items():
        if not subnet.prefixes:
            yield Row((*path, "subnets", name), (Cell(name), Cell("no prefix")))
        for number, prefix in enumerate(subnet.prefixes):
            # A second prefix is a line of the same thing, and keys tell lines apart.
            key = (*path, "subnets", name) if not number else ("subnet", name, str(number))
            lines.append((prefix, Row(key, (Cell(name), Cell(_usable(prefix))))))
    used = [prefix for subnet in vnet.subnets.values() for prefix in subnet.prefixes]
    free = [block for space in dict.fromkeys(vnet.address_space) for block in free_blocks(space, used)]
    for block in dict.fromkeys(sorted(free, key=lambda block: block.length)[:MOST_LISTED]):
        lines.append((block, Row(("free", str(block)), (Cell("free", "free"), Cell(str(block), "free")))))
    yield from (row for _, row in sorted(lines, key=lambda line: line[0]))
    yield from more("free blocks", len(free) - MOST_LISTED)


def _usable(prefix: Prefix) -> str:
    return f"{prefix}  {usable_addresses(prefix)} usable" if prefix.version == 4 else str(prefix)


def _subnet(subnet: Subnet) -> Iterator[Row]:
    for number, prefix in enumerate(subnet.prefixes):
        yield Row(("prefix", number), (Cell("addresses", "muted"), Cell(_usable(prefix))))


def _meters(topology: Topology, name: str) -> Iterator[Row]:
    budget = budgets(topology).get(name)
    gateway = topology.vnets[name].gateway
    if budget is None or gateway is None:
        return
    limit, mbps = budget.limit.whole, budget.bandwidth.value
    carried = bar_of(budget.bandwidth_used, mbps)
    sla = f"{percent(budget.sla)} ({budget.sla.source})" if budget.sla.value is not None else "not known"
    facts = [
        ("SKU", f"{budget.sku}, {gateway.vpn_type}, ASN {gateway.asn}", ""),
        ("tunnels", f"{bar(budget)} {tunnels(budget)} ({budget.limit.source})".lstrip(), role(budget.used, limit)),
        (
            "bandwidth",
            f"{carried} {bandwidth(budget)} ({budget.bandwidth.source})".lstrip(),
            role(budget.bandwidth_used, mbps),
        ),
        ("SLA", sla, ""),
    ]
    if budget.ipsec_tunnels > budget.used:
        facts.append(("IPsec tunnels", f"{budget.ipsec_tunnels}; {ACTIVE_ACTIVE_ASSUMPTION}", ""))
    yield from (Row(("gateway", label), (Cell(label, "muted"), Cell(text, colour))) for label, text, colour in facts)


def _links(topology: Topology, name: str, *, vpn_only: bool = False) -> Iterator[Row]:
    """The connections and peerings of a network, each with its other end."""
    at = [link for link in links_of(topology).get(name, ()) if link.kind == "vpn" or not vpn_only]
    if not at:
        return
    yield heading("links", f"linked to ({len(at)})")
    for link in at[:MOST_LISTED]:
        kind = f"{link.kind} with BGP" if link.bgp else link.kind
        lent = f", uses the gateway of {link.gateway_transit}" if link.gateway_transit else ""
        yield Row(link.where, (Cell(link.name), Cell(f"{link.other(name)} ({kind}{lent})", _LINK_ROLES[link.kind])))
    yield from more("links", len(at) - MOST_LISTED)


_LINK_ROLES = {"vpn": "connection", "expressroute": "connection", "peering": "peering"}


def _link(topology: Topology, link: Connection | Peering) -> Iterator[Row]:
    """What a link carries, and the meters of the gateways at its ends."""
    yield heading("ends", "ends")
    yield from (network_row(topology, end) for end in dict.fromkeys(link.between))
    if isinstance(link, Peering) or link.kind == "expressroute":
        yield fact("tunnels", "takes no tunnel")
        return
    yield fact("tunnels", f"takes {tunnels_of(link, topology)} at each gateway")
    for end in dict.fromkeys(link.between):
        budget = budgets(topology).get(end)
        if budget is None:
            if end in topology.vnets:
                yield Row(("no gateway", end), (Cell(f"{end}: gateway"), Cell("none, and it needs one", "error")))
            continue
        limit = budget.bandwidth.value
        share = link.bandwidth_mbps
        carries = f"; carries {share:g} of {limit:g}" if share is not None and limit else ""
        yield Row(
            ("vnets", end, "gateway"),
            (
                Cell(f"{end}: gateway"),
                Cell(
                    f"{tunnels(budget)} {bar(budget)}; {bandwidth(budget)}{carries}",
                    role(budget.used, budget.limit.whole),
                ),
            ),
        )


def _devices(path: Path, site: Site) -> Iterator[Row]:
    """The VPN devices, with the ASN that each speaks BGP with."""
    devices = list(site.tunnel_ends())
    yield heading("devices", f"VPN devices ({len(devices)})")
    for name, device in devices:
        asn = site.asn_of(device)
        facts = (
            device.address or "no address",
            f"ASN {asn}" if asn is not None else "no BGP",
            f"BGP peer {device.bgp_peer}" if device.bgp_peer else "",
        )
        key: tuple[str, ...] = (*path, "devices", name) if name in site.devices else ("device", name)
        yield Row(key, (Cell(name), Cell(", ".join(filter(None, facts)))))


def _subscription(topology: Topology, name: str) -> Iterator[Row]:
    """The VNets of a subscription, with figures."""
    owned = [(key, vnet) for key, vnet in topology.vnets.items() if vnet.subscription == name]
    addresses = sum(prefix.size for _, vnet in owned for prefix in vnet.address_space if prefix.version == 4)
    gateways = sum(vnet.gateway is not None for _, vnet in owned)
    regions = Counter(vnet.region or "no region" for _, vnet in owned)
    yield fact("figures", f"{counted(len(owned), 'VNet')}, {counted(gateways, 'gateway')}, {addresses} IPv4 addresses")
    if regions:
        yield fact("regions", ", ".join(f"{region} {count}" for region, count in regions.most_common(6)))
    yield heading("members", f"VNets ({len(owned)})")
    yield from (network_row(topology, key) for key, _ in owned[:MOST_LISTED])
    yield from more("members", len(owned) - MOST_LISTED)


def _collisions(topology: Topology, name: str, prefixes: Sequence[Prefix]) -> Iterator[Row]:
    """The networks that overlap this one, those that are joined with it first, and why they are."""
    found: dict[str, tuple[Prefix, Prefix]] = {}
    for other, theirs, mine in _overlapping(topology, prefixes, name):
        found.setdefault(other, (mine, theirs))
    if not found:
        return
    groups = joined_groups(topology)
    listed = sorted(found, key=lambda other: not groups.joined(name, other))
    yield heading("overlaps", f"overlaps ({len(found)})")
    for other in listed[:MOST_LISTED]:
        mine, theirs = found[other]
        met = meeting(topology, name, other)
        why = f"joined: {in_words(met)}" if met is not None else "not joined: they can never be connected"
        yield Row(
            ("overlaps", other), (Cell(other), Cell(f"{mine} with {theirs}; {why}", "error" if met else "warning"))
        )
    yield from more("overlaps", len(found) - MOST_LISTED)


_SIZES = {version: [1 << (bits - length) for length in range(bits + 1)] for version, bits in BITS.items()}


def _overlapping(topology: Topology, prefixes: Sequence[Prefix], name: str) -> Iterator[tuple[str, Prefix, Prefix]]:
    """Yield (network, its prefix, mine) for every other network that overlaps one of `prefixes`."""
    for version in {prefix.version for prefix in prefixes}:
        mine = [prefix for prefix in prefixes if prefix.version == version]
        low, high, sizes = min(mine).first, max(prefix.last for prefix in mine), _SIZES[version]
        # Ten thousand networks are looked at whenever the cursor rests: numbers first, then blocks.
        for other, network in networks(topology).items():
            for theirs in network.address_space:
                of_version, first, length = theirs
                if of_version == version and first <= high and first + sizes[length] > low and other != name:
                    yield from ((other, theirs, one) for one in mine if one.overlaps(theirs))


def _reach(topology: Topology, name: str) -> Iterator[Row]:
    routes = reachable(topology, name)
    yield heading("reach", f"reaches ({len(routes)})")
    for other, route in list(routes.items())[:MOST_LISTED]:
        how = " – ".join(route.path) + (f" ({'; '.join(route.conditions)})" if route.conditions else "")
        yield Row(("reach", other), (Cell(other), Cell(how)))
    yield from more("reach", len(routes) - MOST_LISTED)
    groups = joined_groups(topology)
    joined = {other for number in groups.of.get(name, ()) for other in groups.groups[number]} - {name} - routes.keys()
    if joined:
        listed = sorted(joined)[:MOST_LISTED]
        rest = f" and {len(joined) - len(listed)} more" if len(joined) > len(listed) else ""
        text = f"{', '.join(listed)}{rest} (must not overlap, though there is no way between them)"
        yield Row("joined", (Cell("joined with", "muted"), Cell(text)))
