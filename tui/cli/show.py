"""`vnet-tui show`: tables of what a topology holds.

Invariant: text and JSON show the same rows; the JSON has every figure, the text what fits a line.
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from tui.cli.opening import open_topology, telling_problems
from tui.cli.output import say, say_json, say_table
from tui.connectivity.budgets import ACTIVE_ACTIVE_ASSUMPTION, Budget, budgets, tunnels_of
from tui.connectivity.links import is_vnet
from tui.display import whole
from tui.topology.model import Connection, Subnet, Topology
from tui.topology.subnet_sizes import usable_addresses

Row = dict[str, Any]


@telling_problems
def run(options: argparse.Namespace) -> int:
    """Print one section, or all of them."""
    topology, _ = open_topology(options.file)
    if options.format == "json":
        sections = {name: rows(topology) for name, rows in _SECTIONS.items()}
        say_json(sections[options.section] if options.section else sections)
        return 0
    for name in [options.section] if options.section else _SECTIONS:
        rows = _SECTIONS[name](topology)
        if not options.section:
            say(f"{name} ({len(rows)})")
        if rows:
            columns = [column for column in rows[0] if column not in _JSON_ONLY]
            say_table([column.replace("_", " ") for column in columns], [[row[c] for c in columns] for row in rows])
        if name == "gateways":
            _say_sources(topology)
        if not options.section:
            say()
    return 0


_JSON_ONLY = {"tunnels_limit_source", "bandwidth_limit_source", "sla_source", "id", "azure_name"}


def _subscriptions(topology: Topology) -> list[Row]:
    vnets = Counter(vnet.subscription for vnet in topology.vnets.values())
    return [
        {"subscription": key, "name": part.name or key, "id": part.id, "cloud": part.cloud, "vnets": vnets[key]}
        for key, part in topology.subscriptions.items()
    ]


def _vnets(topology: Topology) -> list[Row]:
    return [
        {
            "vnet": name,
            "subscription": vnet.subscription,
            "region": vnet.region,
            "address_space": list(map(str, vnet.address_space)),
            "state": vnet.state,
            "subnets": len(vnet.subnets),
            "gateway": vnet.gateway is not None,
            "azure_name": vnet.azure_name or name,
        }
        for name, vnet in topology.vnets.items()
    ]


def _subnets(topology: Topology) -> list[Row]:
    return [
        {
            "vnet": name,
            "subnet": subnet_name,
            "prefixes": list(map(str, subnet.prefixes)),
            "usable_addresses": usable_ipv4_addresses(subnet),
        }
        for name, vnet in topology.vnets.items()
        for subnet_name, subnet in vnet.subnets.items()
    ]


def usable_ipv4_addresses(subnet: Subnet) -> int:
    """Return how many IPv4 addresses of the subnet are left when Azure has kept its five of each prefix."""
    return sum(usable_addresses(prefix) for prefix in subnet.prefixes if prefix.version == 4)


def _gateways(topology: Topology) -> list[Row]:
    return [_gateway(topology, budget) for budget in budgets(topology).values()]


def _gateway(topology: Topology, budget: Budget) -> Row:
    gateway = topology.vnets[budget.vnet].gateway
    return {
        "vnet": budget.vnet,
        "sku": budget.sku,
        "vpn_type": gateway.vpn_type if gateway else None,
        "tunnels_used": budget.used,
        "tunnels_limit": budget.limit.whole,
        "tunnels_left": budget.left,
        "bandwidth_used_mbps": whole(budget.bandwidth_used),
        "bandwidth_limit_mbps": whole(budget.bandwidth.value),
        "sla_percent": budget.sla.value,
        "connections": list(budget.connections),
    }


def _say_sources(topology: Topology) -> None:
    """Say which figures are not Azure's own, and what is assumed."""
    for budget in budgets(topology).values():
        for what, limit in (("tunnels", budget.limit), ("bandwidth", budget.bandwidth), ("SLA", budget.sla)):
            if not limit.source.startswith("Azure's"):
                say(f"{budget.vnet}: {what}: {limit.source}")
        if budget.ipsec_tunnels > budget.used:
            say(f"{budget.vnet}: {budget.ipsec_tunnels} IPsec tunnels; {ACTIVE_ACTIVE_ASSUMPTION}")


def _sites(topology: Topology) -> list[Row]:
    return [
        {
            "site": name,
            "address_space": list(map(str, site.address_space)),
            "advertises": list(map(str, site.advertises)),
            "devices": [device.address or device_name for device_name, device in site.tunnel_ends()],
            "asn": site.asn,
            "azure_name": site.azure_name or name,
        }
        for name, site in topology.sites.items()
    ]


def _connections(topology: Topology) -> list[Row]:
    rows = [
        {
            "connection": name,
            "between": list(connection.between),
            "kind": _kind(topology, connection),
            "bgp": connection.bgp,
            "tunnels": tunnels_of(connection, topology) if connection.kind == "vpn" else 0,
            "bandwidth_mbps": whole(connection.bandwidth_mbps),
        }
        for name, connection in topology.connections.items()
    ]
    rows += [
        {
            "connection": name,
            "between": list(peering.between),
            "kind": "peering",
            "bgp": False,
            "tunnels": 0,
            "bandwidth_mbps": None,
        }
        for name, peering in topology.peerings.items()
    ]
    return rows


def _kind(topology: Topology, connection: Connection) -> str:
    if connection.kind == "expressroute":
        return "expressroute"
    return "vnet-to-vnet" if all(is_vnet(topology, end) for end in connection.between) else "site-to-site"


_SECTIONS = {
    "subscriptions": _subscriptions,
    "vnets": _vnets,
    "subnets": _subnets,
    "gateways": _gateways,
    "sites": _sites,
    "connections": _connections,
}
