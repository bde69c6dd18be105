"""REF001 to REF005: names that lead nowhere, links that cannot be, unknown keys."""

from __future__ import annotations

import pytest

from tests.building import topology
from tests.unit.checks import Case, assert_holds, case, error, info, of_code, warning
from tui.topology.model import Topology

PAIR = 'vnets.hub.address_space = ["10.1.0.0/16"]\nvnets.app.address_space = ["10.2.0.0/16"]\n'
SITES = 'sites.dublin.vpn_device = "203.0.113.1"\nsites.cork.vpn_device = "203.0.113.2"\n'
DEVICES = 'vnets.hub = {}\nsites.hq.devices = { fw-1 = "203.0.113.1", fw-2 = "203.0.113.2" }\n'

CASES = (
    case(
        "REF001",
        "subscription of a VNet, a site and a connection",
        'subscriptions.prod = {}\nvnets.a.subscription = "prdo"\nsites.s.subscription = "nowhere"\n'
        'connections.c = { between = ["a", "s"], subscription = "prod2" }',
        error("vnets.a", says=("prdo", "did you mean prod?")),
        error("sites.s", says=("nowhere", "no such subscription")),
        error("connections.c", says=("prod2", "did you mean prod?")),
    ),
    case("REF001", "a VNet without subscription", "vnets.a = {}"),
    case(
        "REF001",
        "ends of connections and peerings",
        PAIR + 'connections.c.between = ["hub", "ap"]\npeerings.p.between = ["hubb", "app"]',
        error("connections.c", says=("between of c names ap", "did you mean app?")),
        error("peerings.p", says=("hubb", "did you mean hub?")),
        follow_up={"GWY001": "a connection whose ends exist asks for gateways, which these VNets do not have"},
    ),
    case(
        "REF001",
        "both ends, and nothing near",
        'connections.c.between = ["xyz", "qqq"]',
        error("connections.c", says="xyz, and there is no such network"),
        error("connections.c", says="qqq, and there is no such network"),
    ),
    case(
        "REF001",
        "the nearest name is the other end already",
        'vnets.hub = {}\nconnections.c.between = ["hub", "hub1"]',
        error("connections.c", says="hub1, and there is no such network"),
    ),
    case(
        "REF001",
        "the nearest name is a site, at the other end of a site",
        SITES + 'connections.c.between = ["dublin", "corkk"]\npeerings.p.between = ["dublin", "corkk"]',
        error("connections.c", says="corkk, and there is no such network"),
        error("peerings.p", says="corkk, and there is no such network"),
    ),
    case("REF001", "links whose ends are there", PAIR + SITES + 'connections.c.between = ["hub", "dublin"]'),
    case(
        "REF001",
        "VNets of a service, each once",
        PAIR + 'services.shop = { kind = "cloud-service", vnets = ["appp", "appp", "hub"] }',
        error("services.shop", says=("vnets of shop names appp", "did you mean app?")),
    ),
    case("REF001", "a service in VNets", PAIR + 'services.shop = { kind = "cloud-service", vnets = ["app"] }'),
    case(
        "REF001",
        "a service in a site",
        SITES + 'services.shop = { kind = "online-backup", vnets = ["cork"] }',
        error("services.shop", says="cork, and there is no such VNet"),
    ),
    case(
        "REF001",
        "hub of a transit",
        PAIR + 'vnets.third = {}\npeerings.p = { between = ["hub", "app"], gateway_transit = "third" }',
        error("peerings.p", says=("gateway_transit of p names third", "end of this peering")),
    ),
    case("REF001", "a hub that is an end", PAIR + 'peerings.p = { between = ["hub", "app"], gateway_transit = "app" }'),
    case(
        "REF001",
        "pool of a VNet",
        'planning.pools.prod = ["10.0.0.0/8"]\nvnets.a.pool = "prd"',
        error("vnets.a", says=("prd", "did you mean prod?")),
    ),
    case("REF001", "a pool that is there", 'planning.pools.prod = ["10.0.0.0/8"]\nvnets.a.pool = "prod"'),
    case(
        "REF001",
        "device of a site",
        DEVICES + '[connections.c]\nbetween = ["hub", "hq"]\ndevices = ["fw-1", "fw-22"]',
        error("connections.c", says=("fw-22", "no such device; did you mean fw-2?")),
    ),
    case(
        "REF001",
        "devices between VNets",
        PAIR + 'connections.c = { between = ["hub", "app"], devices = ["fw-1"] }',
        error("connections.c", says="fw-1, and there is no such device"),
    ),
    case("REF001", "devices that are there", DEVICES + '[connections.c]\nbetween = ["hub", "hq"]\ndevices = ["fw-1"]'),
    case(
        "REF001",
        "the short form's device",
        'vnets.a = {}\nsites.s.vpn_device = "h"\nconnections.c = { between = ["a", "s"], devices = ["vpn_device"] }',
    ),
    case(
        "REF002",
        "to itself",
        PAIR + 'connections.c.between = ["hub", "hub"]\npeerings.p.between = ["app", "app"]',
        error("connections.c", says="hub to itself"),
        error("peerings.p", says="app to itself"),
    ),
    case(
        "REF002",
        "site to site",
        SITES + 'connections.c.between = ["dublin", "cork"]\npeerings.p.between = ["cork", "dublin"]',
        error("connections.c", says=("dublin", "cork")),
        error("peerings.p", says=("dublin", "cork")),
    ),
    case(
        "REF002",
        "a site by peering",
        PAIR + SITES + 'peerings.p.between = ["hub", "cork"]',
        error("peerings.p", says="the site cork"),
    ),
    case("REF002", "VNet to site, VNet to VNet", PAIR + SITES + 'connections.c.between = ["cork", "hub"]'),
    case("REF002", "an end that is not there", SITES + 'connections.c.between = ["cork", "gone"]'),
    case(
        "REF003",
        "VNets twice, neither active-active",
        PAIR + 'connections.c.between = ["hub", "app"]\nconnections.d.between = ["app", "hub"]',
        warning("connections.c", "connections.d", says=("hub and app", "neither gateway is active-active")),
    ),
    case(
        "REF003",
        "VNets twice, one active-active",
        'vnets.hub.gateway = { sku = "VpnGw1AZ", active_active = true }\nvnets.app = {}\n'
        'connections.c.between = ["hub", "app"]\nconnections.d.between = ["app", "hub"]',
    ),
    case(
        "REF003",
        "sites twice on the same device",
        DEVICES + '[connections]\nc = { between = ["hub", "hq"], devices = ["fw-1"] }\nd = { between = ["hq", "hub"] }',
        warning("connections.c", "connections.d", says=("hub and hq", "both on fw-1")),
    ),
    case(
        "REF003",
        "sites twice on two devices",
        DEVICES + "[connections]\n"
        'c = { between = ["hub", "hq"], devices = ["fw-1"] }\nd = { between = ["hq", "hub"], devices = ["fw-2"] }',
    ),
    case(
        "REF003",
        "two sites twice are REF002",
        SITES + 'connections.c.between = ["dublin", "cork"]\nconnections.d.between = ["cork", "dublin"]',
    ),
    case(
        "REF003",
        "sites twice without any device",
        'vnets.hub = {}\nsites.hq = {}\nconnections.c.between = ["hub", "hq"]\nconnections.d.between = ["hub", "hq"]',
        warning("connections.c", "connections.d", says="the site has no device"),
    ),
    case(
        "REF003",
        "one by VPN, one by ExpressRoute",
        DEVICES + '[connections]\nc.between = ["hub", "hq"]\nd = { between = ["hub", "hq"], kind = "expressroute" }',
    ),
    case(
        "REF003",
        "two peerings",
        PAIR + 'peerings.p.between = ["hub", "app"]\npeerings.q.between = ["app", "hub"]',
        warning("peerings.p", "peerings.q", says="hub and app"),
    ),
    case(
        "REF004",
        "unknown keys everywhere",
        """
        colour = 1
        [planning]
        workload = ["aks"]
        [planning.pools.p]
        prefixs = []
        [limits]
        vnet_per_region = 3
        [limits.skus.VpnGw1AZ]
        tunnel = 3
        [subscriptions.s]
        clud = "public"
        [vnets.a]
        adress_space = []
        subnets.w.prefix = "10.0.0.0/24"
        gateway.skus = "Basic"
        [sites.s]
        advertise = []
        devices.d.adress = "h"
        [connections.c]
        between = ["a", "s"]
        bandwith_mbps = 3
        [peerings.p]
        between = ["a", "a"]
        gateway-transit = "a"
        [services.x]
        kind = "cloud-service"
        vnet = ["a"]
        [waivers.w]
        code = "ADR001"
        wher = []
        """,
        info("vnets.a.adress_space", says="did you mean address_space?"),
        info("vnets.a.subnets.w.prefix", says="did you mean prefixes?"),
        info("vnets.a.gateway.skus", says="did you mean sku?"),
        info("colour"),
        info("planning.workload", says="did you mean workloads?"),
        info("planning.pools.p.prefixs", says="did you mean prefixes?"),
        info("limits.vnet_per_region", says="did you mean vnets_per_region?"),
        info("limits.skus.VpnGw1AZ.tunnel", says="did you mean tunnels?"),
        info("subscriptions.s.clud", says="did you mean cloud?"),
        info("sites.s.advertise", says="did you mean advertises?"),
        info("sites.s.devices.d.adress", says="did you mean address?"),
        info("connections.c.bandwith_mbps", says="did you mean bandwidth_mbps?"),
        info("peerings.p.gateway-transit", says="did you mean gateway_transit?"),
        info("services.x.vnet", says="did you mean vnets?"),
        info("waivers.w.wher", says="did you mean where?"),
    ),
    case(
        "REF004",
        "codes and SKUs that do not exist",
        'checks.ADR01 = "off"\n[limits.skus.VpnGw1Z]\ntunnels = 3',
        info("checks.ADR01", says="did you mean ADR0"),
        info("limits.skus.VpnGw1Z", says="did you mean VpnGw1"),
    ),
    case(
        "REF004",
        "tags and keys that are carried",
        'vnets.a.tags = { anything = 1 }\nvnets.a.dns_servers = ["10.0.0.4"]\nvnets.a.gateway = { zones = [1] }',
    ),
    case(
        "REF005",
        "isolated and linked, twice",
        PAIR + 'vnets.app.isolated = true\n[connections.c]\nbetween = ["hub", "app"]\n[peerings.p]\n'
        'between = ["app", "hub"]',
        error("vnets.app", "connections.c", says="links it to hub"),
        error("vnets.app", "peerings.p", says="links it to hub"),
    ),
    case(
        "REF005",
        "isolated and not linked",
        PAIR + 'vnets.app.isolated = true\n[connections.c]\nbetween = ["app", "gone"]',
    ),
    case(
        "REF005", "linked and not isolated", PAIR + 'vnets.app.isolated = false\n[peerings.p]\nbetween = ["hub", "app"]'
    ),
)


@pytest.mark.parametrize("one", CASES, ids=str)
def test_cases(one: Case) -> None:
    assert_holds(one)


def fixed(text: str, place: str) -> Topology:
    """The topology after the first fix of REF001 at `place`."""
    (finding,) = (finding for finding in of_code("REF001", text) if finding.places == (place,))
    return finding.fixes[0].apply(topology(text))


def test_fix_writes_the_nearest_name_and_says_so() -> None:
    text = PAIR + 'connections.c.between = ["hub", "ap"]'
    (finding,) = of_code("REF001", text)
    assert finding.fixes[0].title == "Write app for ap"
    assert fixed(text, "connections.c").connections["c"].between == ("hub", "app")


def test_fix_never_joins_a_network_to_itself() -> None:
    (finding,) = of_code("REF001", 'vnets.hub = {}\nconnections.c.between = ["hub", "hub1"]')
    assert finding.fixes == ()


def test_fix_names_a_vnet_where_a_site_cannot_be() -> None:
    text = 'vnets.core1 = {}\nsites.core2 = {}\nsites.s = {}\nconnections.c.between = ["s", "core2x"]'
    assert fixed(text, "connections.c").connections["c"].between == ("s", "core1")
    free = 'vnets.core1 = {}\nsites.core2 = {}\nconnections.c.between = ["core1", "core2x"]'
    assert fixed(free, "connections.c").connections["c"].between == ("core1", "core2")


def test_fix_does_not_name_a_device_twice() -> None:
    text = DEVICES + '[connections.c]\nbetween = ["hub", "hq"]\ndevices = ["fw-1", "fw-11"]'
    assert fixed(text, "connections.c").connections["c"].devices == ("fw-1", "fw-2")
