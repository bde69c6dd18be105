"""GWY001 to GWY011: what a gateway must have, what its SKU allows, and how much of it is spoken for."""

from __future__ import annotations

import datetime

import pytest

from tests.building import topology
from tests.unit.checks import Case, assert_holds, case, error, info, of_code, warning
from tui.checks.engine import check

GW = "{ sku = 'VpnGw1AZ' }"
HUB = f"vnets.hub.gateway = {GW}\n"
LIMIT = "Azure's figure for"


def fan(gateway: str, sites: int, extra: str = "") -> str:
    """A hub with one connection to each of so many sites."""
    names = [f"s{number:03}" for number in range(sites)]
    return (
        f"{extra}\nvnets.hub.gateway = {gateway}\nsites = {{ "
        + ", ".join(f"{name} = {{ vpn_device = 'h' }}" for name in names)
        + " }\n[connections]\n"
        + "\n".join(f"c{name} = {{ between = ['hub', '{name}'] }}" for name in names)
    )


def bgp(a: str, b: str, sites: str = "") -> str:
    """Two gateways on one BGP connection."""
    return f"vnets = {{ a = {{ gateway = {a} }}, b = {{ gateway = {b} }} }}\n{sites}\n" + (
        "connections.ab = { between = ['a', 'b'], bgp = true }\n"
    )


G = "vnets.hub.gateway"
CASES = (
    case(
        "GWY001",
        "both ends, and a site's hub",
        "vnets = { a = { address_space = ['10.0.0.0/24'] }, b = {} }\nsites.s = { vpn_device = 'h' }\n[connections]\n"
        "c.between = ['a', 'b']\nd.between = ['s', 'b']",
        error("vnets.a", says="end of c"),
        error("vnets.b", says="end of c and d"),
    ),
    case(
        "GWY001",
        "a hub that lends what it has not",
        "vnets = { a = {}, b = {} }\npeerings.p = { between = ['a', 'b'], gateway_transit = 'a' }",
        error("vnets.a", says="lends its gateway to p"),
    ),
    case(
        "GWY001",
        "a hub lends its ExpressRoute gateway",
        "vnets = { a = {}, b = {} }\nsites.s = {}\npeerings.p = { between = ['a', 'b'], gateway_transit = 'a' }\n"
        "connections.c = { between = ['a', 's'], kind = 'expressroute' }",
    ),
    case(
        "GWY001", "peerings and ExpressRoute need none", "vnets = { a = {}, b = {} }\npeerings.p.between = ['a', 'b']"
    ),
    case("GWY001", "gateways at both ends", f"{HUB}vnets.b.gateway = {GW}\nconnections.c.between = ['hub', 'b']"),
    case(
        "GWY002",
        "static at one end",
        HUB + "vnets.b.gateway = { sku = 'Basic', vpn_type = 'PolicyBased' }\nconnections.c.between = ['hub', 'b']",
        error("vnets.b.gateway", "connections.c", says=("static routing", "VNet hub")),
    ),
    case(
        "GWY002",
        "static to a site, or peered",
        HUB + "vnets.b.gateway = { vpn_type = 'PolicyBased' }\nsites.s.vpn_device = 'h'\n"
        "connections.c.between = ['s', 'b']\npeerings.p.between = ['hub', 'b']",
    ),
    case("GWY003", "11 on Basic", fan("{ sku = 'Basic' }", 11), error(G, says=("11 tunnels", "10 are allowed", LIMIT))),
    case("GWY003", "10 on Basic", fan("{ sku = 'Basic' }", 10)),
    case("GWY003", "11 on Classic", fan("{ sku = 'Classic' }", 11), error(G, says=("11 tunnels", "10 are allowed"))),
    case(
        "GWY003",
        "2 on static routing",
        fan("{ sku = 'Basic', vpn_type = 'PolicyBased' }", 2),
        error(G, says=("2 tunnels (0 VNet-to-VNet, 2 site-to-site)", "1 is allowed")),
    ),
    case("GWY003", "1 on static routing", fan("{ sku = 'Basic', vpn_type = 'PolicyBased' }", 1)),
    case("GWY003", "31 on VpnGw1AZ", fan(GW, 31), error(G, says=("31 tunnels", "30 are allowed"))),
    case("GWY003", "30 on VpnGw1AZ", fan(GW, 30)),
    case("GWY003", "101 on VpnGw4AZ", fan("{ sku = 'VpnGw4AZ' }", 101), error(G, says="100 are allowed")),
    case(
        "GWY003",
        "an override in the file",
        fan(GW, 4, "limits.skus.VpnGw1AZ.tunnels = 3"),
        error(G, says=("4 tunnels", "3 are allowed", "limits.skus.VpnGw1AZ.tunnels of this file")),
    ),
    case(
        "GWY003",
        "one's own budget",
        fan("{ sku = 'VpnGw1AZ', tunnel_budget = 3 }", 4),
        warning(G, says=("4 tunnels", "tunnel_budget is 3")),
    ),
    case("GWY003", "one's own budget just full", fan("{ sku = 'VpnGw1AZ', tunnel_budget = 4 }", 4)),
    case(
        "GWY003",
        "over both is Azure's error alone",
        fan("{ sku = 'Basic', tunnel_budget = 3, active_active = true }", 11),
        error(G, says=("10 are allowed", "counts connections")),
    ),
    case(
        "GWY003",
        "each device counts",
        "vnets.hub.gateway = { vpn_type = 'PolicyBased' }\nsites.s.devices = { a = 'h', b = 'i' }\n"
        "connections.c.between = ['hub', 's']",
        error(G, says="2 tunnels"),
    ),
    case("GWY004", "8 of 10", fan("{ sku = 'Basic' }", 8), warning(G, says=("8 of 10", "2 left", LIMIT))),
    case("GWY004", "10 of 10", fan("{ sku = 'Basic' }", 10), warning(G, says=("10 of 10", "none left"))),
    case("GWY004", "7 of 10", fan("{ sku = 'Basic' }", 7)),
    case("GWY004", "over is GWY003", fan("{ sku = 'Basic' }", 11)),
    case("GWY004", "24 of 30", fan(GW, 24), warning(G, says="24 of 30")),
    case("GWY004", "23 of 30", fan(GW, 23)),
    case(
        "GWY004",
        "own budget of 10",
        fan("{ sku = 'VpnGw1AZ', tunnel_budget = 10 }", 8),
        warning(G, says=("8 of 10", "tunnel_budget")),
    ),
    case("GWY004", "own budget of 9", fan("{ sku = 'VpnGw1AZ', tunnel_budget = 9 }", 9)),
    case(
        "GWY005",
        "retiring and retired",
        "vnets = { a.gateway.sku = 'VpnGw2', b.gateway.sku = 'Standard', c.gateway.sku = 'Classic' }",
        warning("vnets.a.gateway", says=("SKU VpnGw2", "retires on 2026-09-30", "VpnGw2AZ")),
        warning("vnets.b.gateway", says=("Standard", "has been retired since 2026-06-30", "VpnGw1AZ")),
        warning("vnets.c.gateway", says=("Classic", "has been retired since 2024-08-31")),
    ),
    case(
        "GWY005", "to stay", "vnets = { a.gateway.sku = 'Basic', b.gateway.sku = 'VpnGw2AZ', c.gateway.sku = 'VpnGw' }"
    ),
    case(
        "GWY006",
        "together",
        fan("{ sku = 'Basic' }", 2).replace("'] }", "'], bandwidth_mbps = 50.5 }"),
        warning(G, says=("101 Mbps", "100 Mbps")),
    ),
    case("GWY006", "just as much", fan("{ sku = 'Basic' }", 2).replace("'] }", "'], bandwidth_mbps = 50 }")),
    case(
        "GWY006",
        "one tunnel",
        fan("{ sku = 'VpnGw5AZ' }", 1).replace("'] }", "'], bandwidth_mbps = 2301 }"),
        info("connections.cs000", G, says=("2301 Mbps", "VpnGw5AZ", "2300 Mbps")),
    ),
    case("GWY006", "just one tunnel", fan("{ sku = 'VpnGw5AZ' }", 1).replace("'] }", "'], bandwidth_mbps = 2300 }")),
    case(
        "GWY006",
        "an override, and ExpressRoute aside",
        fan(GW, 1, "limits.skus.VpnGw1AZ.bandwidth_mbps = 10").replace("'] }", "'], bandwidth_mbps = 11 }")
        + "\nx = { between = ['hub', 's000'], kind = 'expressroute', bandwidth_mbps = 1000 }",
        warning(G, says=("11 Mbps", "10 Mbps", "limits.skus.VpnGw1AZ.bandwidth_mbps of this file")),
    ),
    case(
        "GWY007",
        "unknown",
        "vnets = { a.gateway.sku = 'vpngw1az', b.gateway.sku = 'Bsaic', c.gateway.sku = 'Huge' }",
        error("vnets.a.gateway", says=("vpngw1az", "did you mean VpnGw1AZ?")),
        error("vnets.b.gateway", says=("Bsaic", "did you mean Basic?")),
        error("vnets.c.gateway", says="unknown SKU Huge"),
    ),
    case(
        "GWY007",
        "a generation that it has not",
        "vnets.a.gateway = { sku = 'VpnGw1AZ', generation = 2 }\n"
        "vnets.b.gateway = { sku = 'VpnGw4AZ', generation = 1 }",
        error("vnets.a.gateway", says=("VpnGw1AZ of generation 2", "exists in 1")),
        error("vnets.b.gateway", says=("VpnGw4AZ of generation 1", "exists in 2")),
    ),
    case(
        "GWY007",
        "static routing on VpnGw",
        "vnets.a.gateway = { sku = 'VpnGw1AZ', vpn_type = 'PolicyBased' }",
        error("vnets.a.gateway", says=("PolicyBased", "VpnGw1AZ")),
    ),
    case(
        "GWY007",
        "what Azure offers",
        "[vnets]\na.gateway = { sku = 'VpnGw2AZ', generation = 1 }\nb.gateway = { sku = 'VpnGw2AZ', generation = 2 }\n"
        "c.gateway = { sku = 'Basic', vpn_type = 'PolicyBased' }\nd.gateway = { vpn_type = 'PolicyBased' }\n"
        "e.gateway = { sku = 'Classic', vpn_type = 'PolicyBased' }",
    ),
    case(
        "GWY008",
        "BGP and active-active on Basic",
        bgp("{ sku = 'Basic', asn = 65010 }", "{ sku = 'Basic', active_active = true }"),
        error("vnets.a.gateway", says=("ab use BGP", "Basic has no BGP")),
        error("vnets.b.gateway", says=("ab use BGP", "Basic has no BGP")),
        error("vnets.b.gateway", says=("active-active", "Basic")),
    ),
    case(
        "GWY008",
        "BGP on static routing",
        bgp(GW, "{ sku = 'VpnGw1AZ', vpn_type = 'PolicyBased', asn = 65010 }"),
        error("vnets.b.gateway", says=("ab use BGP", "PolicyBased")),
    ),
    case(
        "GWY008",
        "VPN beside ExpressRoute",
        "sites.s = {}\nvnets = { a.gateway.sku = 'Basic', b.gateway = { sku = 'VpnGw1AZ', vpn_type = 'PolicyBased' },"
        f" c.gateway = {GW} }}\n[connections]\nx = {{ between = ['a', 's'], kind = 'expressroute' }}\n"
        "y = { between = ['s', 'b'], kind = 'expressroute' }\nz = { between = ['s', 'c'], kind = 'expressroute' }",
        error("vnets.a.gateway", says=("ExpressRoute (x)", "Basic cannot be")),
        error("vnets.b.gateway", says=("ExpressRoute (y)", "PolicyBased gateway cannot be")),
    ),
    case("GWY008", "all on VpnGw1AZ", bgp("{ sku = 'VpnGw1AZ', asn = 65010, active_active = true }", GW)),
    case("GWY008", "static VPN on Basic", fan("{ sku = 'Basic' }", 1)),
    case("GWY008", "Basic without any, and an unknown SKU", "vnets = { a.gateway.sku = 'Basic', b.gateway.sku = 'X' }"),
    case(
        "GWY009",
        "three gateways of one domain",
        "[vnets]\na.gateway = {}\nb.gateway = {}\nc.gateway = {}\nd.gateway = {}\n[connections]\n"
        "ab = { between = ['a', 'b'], bgp = true }\nbc = { between = ['b', 'c'], bgp = true }\ncd.between = ['c', 'd']",
        error("vnets.a.gateway", "vnets.b.gateway", "vnets.c.gateway", says=("one BGP domain", "ASN 65515")),
    ),
    case("GWY009", "two domains, or static", f"{HUB}vnets.b.gateway = {GW}\nconnections.c.between = ['hub', 'b']"),
    case("GWY009", "ASNs of their own", bgp("{ asn = 65010 }", "{ asn = 65020 }")),
    case(
        "GWY009",
        "a site and its gateway",
        "vnets.a.gateway.asn = 65010\nsites.s = { asn = 65010, vpn_device = 'h' }\n"
        "sites.t.devices = { x = { address = 'h', asn = 64900 }, y = { address = 'i', asn = 65010 } }\n[connections]\n"
        "c = { between = ['a', 's'], bgp = true }\nd = { between = ['a', 't'], bgp = true }",
        error("sites.s", "vnets.a.gateway", says=("over c", "ASN 65010")),
        error("sites.t", "vnets.a.gateway", says=("over d", "ASN 65010")),
    ),
    case(
        "GWY009",
        "the same ASN without BGP, or at another device",
        "vnets.a.gateway.asn = 65010\nsites.s = { asn = 65010, vpn_device = 'h' }\n"
        "sites.t.devices = { x = { address = 'h', asn = 64900 }, y = { address = 'i', asn = 65010 } }\n[connections]\n"
        "c.between = ['a', 's']\nd = { between = ['a', 't'], bgp = true, devices = ['x'] }",
    ),
    case(
        "GWY010",
        "Azure's and IANA's",
        "[vnets]\na.gateway.asn = 65517\nb.gateway.asn = 12076\nc.gateway.asn = 23456\n[sites]\ns.asn = 65515\n"
        "t.devices.fw = { asn = 64496 }\nu.asn = 0",
        error("vnets.a.gateway", says=("ASN 65517", "reserved by Azure")),
        error("vnets.b.gateway", says=("ASN 12076", "reserved by Azure")),
        error("vnets.c.gateway", says=("ASN 23456", "reserved by IANA")),
        error("sites.s", says=("ASN 65515", "reserved by Azure")),
        error("sites.t.devices.fw", says=("ASN 64496", "of t", "reserved by IANA")),
        error("sites.u", says="ASN 0"),
    ),
    case(
        "GWY010",
        "those to use",
        "[vnets]\na.gateway.asn = 65515\nb.gateway.asn = 65516\nc.gateway.asn = 64512\n[sites]\ns.asn = 65521\n"
        "t.asn = 4200000000",
    ),
    case("GWY011", "none given", "vnets.a.gateway = {}", info("vnets.a.gateway", says="counted as Basic")),
    case(
        "GWY011",
        "none given, static routing",
        "vnets.a.gateway.vpn_type = 'PolicyBased'",
        info("vnets.a.gateway", says="counted as Basic"),
    ),
    case("GWY011", "given, or no gateway", HUB + "vnets.b = {}"),
)


@pytest.mark.parametrize("one", CASES, ids=str)
def test_cases(one: Case) -> None:
    assert_holds(one)


@pytest.mark.parametrize(("day", "state"), [(29, "retires on"), (30, "has been retired since")])
def test_retirement_depends_on_the_day(day: int, state: str) -> None:
    found = check(topology("vnets.a.gateway.sku = 'VpnGw1'"), datetime.date(2026, 9, day))
    (message,) = (finding.message for finding in found if finding.code == "GWY005")
    assert message == f"SKU VpnGw1 of the gateway of a {state} 2026-09-30; its successor is VpnGw1AZ"


@pytest.mark.parametrize(("tunnels", "nearly"), [(79, False), (80, True), (100, True), (101, False)])
def test_nearly_full_is_eighty_percent(tunnels: int, nearly: bool) -> None:
    assert bool(of_code("GWY004", fan("{ sku = 'VpnGw5AZ' }", tunnels))) is nearly


def test_no_gateway_is_offered_where_there_is_no_room_for_its_subnet() -> None:
    full = "vnets.a = { address_space = ['10.0.0.0/28'] }\nsites.s = {}\nconnections.c.between = ['a', 's']"
    (finding,) = of_code("GWY001", full)
    assert finding.fixes == ()
    with_subnet = full.replace("'] }", "'], subnets = { gatewaysubnet = '10.0.0.0/28' } }")
    (finding,) = of_code("GWY001", with_subnet)
    after = finding.fixes[0].apply(topology(with_subnet))
    assert after.vnets["a"].gateway
    assert list(after.vnets["a"].subnets) == ["gatewaysubnet"]


def test_fix_of_a_static_gateway_without_sku_is_basic() -> None:
    text = "vnets.a.gateway.vpn_type = 'PolicyBased'"
    (finding,) = of_code("GWY011", text)
    gateway = finding.fixes[0].apply(topology(text)).vnets["a"].gateway
    assert gateway is not None
    assert gateway.sku == "Basic"
