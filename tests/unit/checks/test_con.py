"""CON001 to CON005: what a connection or a peering asks of its two ends."""

from __future__ import annotations

import pytest

from tests.building import topology
from tests.unit.checks import Case, assert_holds, case, error, of_code, warning
from tui.connectivity.links import links

HUB = 'vnets.hub.gateway = { sku = "VpnGw1AZ" }\nvnets.app = {}\n'
TWO = HUB + 'sites.hq.devices = { fw1 = { address = "h", asn = 64901 }, fw2 = { address = "i", asn = 64901 } }\n'

CASES = (
    case(
        "CON001",
        "no device, static and BGP",
        HUB
        + "sites.hq.asn = 64900\n[connections]\nc.between = ['hub', 'hq']\nd = { between = ['hq', 'app'], bgp = true }",
        error("connections.c", "sites.hq", says="has no VPN device"),
        error("connections.d", "sites.hq", says="has no VPN device"),
    ),
    case(
        "CON001",
        "BGP to a device without ASN",
        HUB + "sites.hq.vpn_device = 'h'\n"
        "sites.b.devices = { fw1 = 'h', fw2 = { address = 'i', asn = 64901 }, fw3 = 'j' }\n"
        "[connections]\nc = { between = ['hub', 'hq'], bgp = true }\nd = { between = ['b', 'hub'], bgp = true }",
        error("connections.c", "sites.hq", says="its device has no ASN"),
        error("connections.d", "sites.b", says="its device fw1 and fw3 has no ASN"),
    ),
    case(
        "CON001",
        "the ASN of the site will do",
        HUB + "sites.hq = { vpn_device = 'h', devices = { fw = 'i' }, asn = 64900 }\n"
        "connections.c = { between = ['hub', 'hq'], bgp = true }",
    ),
    case(
        "CON001",
        "the silent device is not chosen",
        HUB + "sites.b.devices = { fw1 = 'h', fw2 = { address = 'i', asn = 64901 } }\n"
        "connections.c = { between = ['hub', 'b'], bgp = true, devices = ['fw2'] }",
    ),
    case(
        "CON001",
        "static to a device without ASN",
        HUB + "sites.s.vpn_device = 'h'\nconnections.c.between = ['hub', 's']",
    ),
    case(
        "CON001",
        "ExpressRoute needs no device",
        HUB + "sites.s = {}\nconnections.c = { between = ['hub', 's'], kind = 'expressroute', bgp = true }",
    ),
    case(
        "CON001",
        "two sites are REF002",
        "sites.a = {}\nsites.b.devices = { fw1 = 'h', fw2 = 'i' }\nconnections.c.between = ['a', 'b']",
    ),
    case(
        "CON004",
        "two sites are REF002",
        "sites.a = {}\nsites.b.devices = { fw1 = 'h', fw2 = 'i' }\nconnections.c.between = ['a', 'b']",
    ),
    case(
        "CON002",
        "a peering and a connection",
        HUB + "connections.c.between = ['hub', 'app']\npeerings.p.between = ['app', 'hub']",
        warning("connections.c", "peerings.p", says=("hub and app", "the peering carries the traffic")),
    ),
    case(
        "CON002",
        "two peerings and two connections",
        HUB + "[connections]\nc.between = ['hub', 'app']\nd.between = ['app', 'hub']\n"
        "[peerings]\np.between = ['app', 'hub']\nq.between = ['hub', 'app']",
        warning("connections.c", "peerings.p", "peerings.q"),
        warning("connections.d", "peerings.p", "peerings.q"),
    ),
    case(
        "CON002",
        "on ExpressRoute",
        HUB
        + "connections.c = { between = ['hub', 'app'], kind = 'expressroute' }\npeerings.p.between = ['app', 'hub']",
    ),
    case(
        "CON002",
        "of two pairs",
        HUB + "vnets.b = {}\nconnections.c.between = ['hub', 'app']\npeerings.p.between = ['b', 'hub']",
    ),
    case(
        "CON003",
        "a gateway of its own",
        HUB + "peerings.p = { between = ['app', 'hub'], gateway_transit = 'app' }",
        error("vnets.hub", "peerings.p", says=("gateway of app", "has one of its own")),
    ),
    case(
        "CON003",
        "two hubs",
        HUB + "vnets.b.gateway = {}\n[peerings]\np = { between = ['app', 'hub'], gateway_transit = 'hub' }\n"
        "q = { between = ['b', 'app'], gateway_transit = 'b' }\nr = { between = ['b', 'hub'] }",
        error("vnets.app", "peerings.p", "peerings.q", says="gateways of hub and b"),
    ),
    case(
        "CON003",
        "two hubs and a gateway of its own",
        "vnets = { x = {gateway = {}}, y = {gateway = {}}, z = {gateway = {}} }\n[peerings]\n"
        "p = { between = ['x', 'z'], gateway_transit = 'x' }\nq = { between = ['y', 'z'], gateway_transit = 'y' }",
        error("vnets.z", "peerings.p", "peerings.q", says="has one of its own"),
        error("vnets.z", "peerings.p", "peerings.q", says="it may use one"),
    ),
    case("CON003", "a spoke of one hub", HUB + "peerings.p = { between = ['app', 'hub'], gateway_transit = 'hub' }"),
    case(
        "CON003", "gateways at both ends, no transit", HUB + "vnets.b.gateway = {}\npeerings.p.between = ['b', 'hub']"
    ),
    case(
        "CON003",
        "a hub that is not an end is REF001",
        HUB + "vnets.b.gateway = {}\npeerings.p = { between = ['b', 'app'], gateway_transit = 'hub' }",
    ),
    case(
        "CON004",
        "two devices on one connection",
        TWO + "connections.c.between = ['hub', 'hq']",
        warning("connections.c", "sites.hq", says=("2 devices (fw1 and fw2)", "gateway of hub")),
    ),
    case(
        "CON004",
        "two devices on two connections",
        TWO + "[connections]\nc = { between = ['hub', 'hq'], devices = ['fw1'] }\n"
        "d = { between = ['hq', 'hub'], devices = ['fw2'] }",
        warning("connections.c", "connections.d", "sites.hq", says="2 devices (fw1 and fw2)"),
    ),
    case(
        "CON004",
        "one of two without BGP",
        TWO + "[connections]\nc = { between = ['hub', 'hq'], devices = ['fw1'], bgp = true }\n"
        "d = { between = ['hq', 'hub'], devices = ['fw2'] }",
        warning("connections.d", "sites.hq"),
    ),
    case("CON004", "two devices with BGP", TWO + "connections.c = { between = ['hub', 'hq'], bgp = true }"),
    case("CON004", "one device chosen", TWO + "connections.c = { between = ['hub', 'hq'], devices = ['fw1'] }"),
    case(
        "CON004",
        "two devices on two gateways",
        TWO + "[connections]\nc = { between = ['hub', 'hq'], devices = ['fw1'] }\n"
        "d = { between = ['hq', 'app'], devices = ['fw2'] }",
    ),
    case(
        "CON005",
        "public and US Government",
        "subscriptions = { p = {}, g = { cloud = 'usgov' } }\n"
        "vnets = { a = { subscription = 'p' }, b = { subscription = 'g' } }\n"
        "connections.c.between = ['a', 'b']",
        error("connections.c", says=("a (cloud public)", "b (cloud usgov)")),
    ),
    case(
        "CON005",
        "no subscription counts as public",
        "subscriptions.g.cloud = 'china'\nvnets = { a = {}, b = { subscription = 'g' } }\n"
        "connections.c.between = ['b', 'a']",
        error("connections.c", says=("a (cloud public)", "b (cloud china)")),
    ),
    case(
        "CON005",
        "two subscriptions of one cloud",
        "subscriptions = { p = { cloud = 'china' }, g = { cloud = 'china' } }\n"
        "vnets = { a = { subscription = 'p' }, b = { subscription = 'g' } }\nconnections.c.between = ['a', 'b']",
    ),
    case(
        "CON005",
        "a site of another cloud",
        "subscriptions = { p = {}, g = { cloud = 'usgov' } }\nvnets.a = { subscription = 'p' }\n"
        "sites.b = { subscription = 'g', vpn_device = 'h' }\nconnections.c.between = ['a', 'b']",
    ),
)


@pytest.mark.parametrize("one", CASES, ids=str)
def test_cases(one: Case) -> None:
    assert_holds(one)


def test_fix_lets_go_of_every_hub() -> None:
    text = next(one.text for one in CASES if one.title == "two hubs and a gateway of its own")
    finding = of_code("CON003", text)[0]
    assert not any(link.gateway_transit for link in links(finding.fixes[0].apply(topology(text))))


def test_fix_uses_bgp_on_every_connection_of_the_pair() -> None:
    text = next(one.text for one in CASES if one.title == "two devices on two connections")
    (finding,) = of_code("CON004", text)
    assert finding.fixes[0].title == "Use BGP on c and d"
    assert all(link.bgp for link in links(finding.fixes[0].apply(topology(text))))


@pytest.mark.parametrize(
    "text",
    [
        "vnets.hub.gateway = { sku = 'Basic' }\nsites.hq = { devices = { fw1 = 'h', fw2 = 'i' }, asn = 64901 }\n",
        "vnets.hub.gateway = { sku = 'VpnGw1AZ' }\nsites.hq = { devices = { fw1 = 'h', fw2 = 'i' } }\n",
        "vnets.hub.gateway = { sku = 'VpnGw1AZ', asn = 64901 }\n"
        "sites.hq = { devices = { f = 'h', g = 'i' }, asn = 64901 }\n",
        "vnets.hub = {}\nsites.hq = { devices = { fw1 = 'h', fw2 = 'i' }, asn = 64901 }\n",
    ],
)
def test_no_bgp_is_offered_to_who_cannot_speak_it(text: str) -> None:
    (finding,) = of_code("CON004", text + "connections.c.between = ['hub', 'hq']")
    assert finding.fixes == ()
