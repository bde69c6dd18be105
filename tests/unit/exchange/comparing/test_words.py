"""The words of a comparison: what a thing is, in a few of them."""

from __future__ import annotations

import pytest

from tests.building import topology
from tui.exchange.comparing.words import says
from tui.topology.parts import table_at

PLAN = topology("""
    [subscriptions.prod]
    [vnets.hub]
    subscription = "prod"
    region = "westeurope"
    address_space = ["10.0.0.0/16", "10.1.0.0/16"]
    subnets = { GatewaySubnet = "10.0.0.0/27", app = "10.0.1.0/24" }
    gateway.sku = "VpnGw1AZ"
    [vnets.many]
    address_space = ["10.2.0.0/24", "10.3.0.0/24", "10.4.0.0/24", "10.5.0.0/24", "10.6.0.0/24", "10.7.0.0/24"]
    gateway = {}
    [sites.dublin]
    address_space = ["192.168.0.0/16"]
    advertises = ["10.0.0.0/8"]
    devices = { fw1 = "203.0.113.1", fw2 = "203.0.113.2" }
    [sites.cork]
    vpn_device = "203.0.113.9"
    [connections.vpn]
    between = ["hub", "dublin"]
    devices = ["fw1"]
    bandwidth_mbps = 500
    bgp = true
    [peerings.peer]
    between = ["hub", "many"]
    gateway_transit = "hub"
    [services.shop]
    kind = "cloud-service"
    vnets = ["hub"]
    [waivers.w]
    code = "ADR002"
    where = ["vnets.*"]
    reason = "on purpose"
""")


@pytest.mark.parametrize(
    ("table", "name", "expected"),
    [
        ("vnets", "hub", "10.0.0.0/16, 10.1.0.0/16, westeurope, prod, subnets GatewaySubnet, app, gateway VpnGw1AZ"),
        ("vnets", "many", "10.2.0.0/24, 10.3.0.0/24, 10.4.0.0/24, 10.5.0.0/24, 2 more, gateway"),
        ("sites", "dublin", "192.168.0.0/16, advertises 10.0.0.0/8, devices fw1, fw2"),
        ("sites", "cork", "device 203.0.113.9"),
        ("connections", "vpn", "hub, dublin, devices fw1, vpn, BGP, 500 Mbps"),
        ("peerings", "peer", "hub, many, by the gateway of hub"),
        ("services", "shop", "cloud-service, in hub"),
        ("waivers", "w", 'ADR002, at "vnets.*", on purpose'),
        ("subscriptions", "prod", ""),
    ],
)
def test_a_few_words_say_what_a_thing_is(table: str, name: str, expected: str) -> None:
    assert says(table_at(PLAN, (table,))[name]) == expected
