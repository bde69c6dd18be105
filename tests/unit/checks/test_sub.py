"""SUB001 to SUB007: subnets within their VNet, and the names that Azure gives a meaning to."""

from __future__ import annotations

import pytest

from tests.building import topology
from tests.unit.checks import Case, assert_holds, case, error, info, of_code, warning

V = 'vnets.a.address_space = ["10.0.0.0/16", "10.1.0.0/16", "fd00::/48"]\n'
G = "vnets.a.subnets.GatewaySubnet"

CASES = (
    case(
        "SUB001",
        "outside, and across two prefixes",
        V + 'vnets.a.subnets = { far = "10.9.0.0/24", wide = "10.0.0.0/15" }',
        error("vnets.a.subnets.far", says=("of a", "10.9.0.0/24 lies outside")),
        error("vnets.a.subnets.wide", says=("of a", "10.0.0.0/15 is not within a single prefix")),
    ),
    case(
        "SUB001",
        "the second prefix of a subnet",
        V + 'vnets.a.subnets.w = ["10.0.0.0/24", "10.2.0.0/24"]',
        error("vnets.a.subnets.w", says="10.2.0.0/24"),
    ),
    case(
        "SUB001",
        "a quoted name",
        V + 'vnets.a.subnets."w.1" = "10.2.0.0/24"',
        error('vnets.a.subnets."w.1"', says="10.2.0.0/24"),
    ),
    case("SUB001", "equal to a prefix", V + 'vnets.a.subnets = { all = "10.1.0.0/16", six = "fd00::/64" }'),
    case("SUB001", "a VNet without address space is ADR007", 'vnets.a.subnets.w = "10.2.0.0/24"'),
    case(
        "SUB002",
        "one inside another, two equal",
        V + 'vnets.a.subnets = { c = "10.0.0.0/24", a = "10.0.0.0/20", b = "10.0.0.0/24" }',
        error("vnets.a.subnets.c", "vnets.a.subnets.a", says=("10.0.0.0/24 and 10.0.0.0/20", "of a")),
        error("vnets.a.subnets.c", "vnets.a.subnets.b", says="10.0.0.0/24 and 10.0.0.0/24"),
        error("vnets.a.subnets.a", "vnets.a.subnets.b", says="10.0.0.0/20 and 10.0.0.0/24"),
    ),
    case(
        "SUB002",
        "the second prefix alone",
        V + 'vnets.a.subnets = { x = ["10.0.0.0/24", "10.0.2.128/25"], y = "10.0.2.0/24" }',
        error("vnets.a.subnets.x", "vnets.a.subnets.y", says="10.0.2.128/25 and 10.0.2.0/24"),
    ),
    case(
        "SUB002",
        "prefixes of one subnet",
        V + 'vnets.a.subnets.x = ["10.0.0.0/24", "10.0.0.0/25"]',
        error("vnets.a.subnets.x", says="10.0.0.0/24 and 10.0.0.0/25"),
    ),
    case("SUB002", "side by side", V + 'vnets.a.subnets = { x = "10.0.0.0/25", y = "10.0.0.128/25" }'),
    case("SUB002", "of two VNets", V + 'vnets.a.subnets.x = "10.0.0.0/24"\nvnets.b.subnets.x = "10.0.0.0/24"'),
    case(
        "SUB003",
        "IPv4 /30, IPv6 /63 and /65",
        V + 'vnets.a.subnets = { x = "10.0.0.0/30", y = "fd00::/63", z = ["10.0.1.0/24", "fd00:0:0:8::/65"] }',
        error("vnets.a.subnets.x", says=("of a", "10.0.0.0/30", "smaller than /29")),
        error("vnets.a.subnets.y", says=("fd00::/63", "not /64")),
        error("vnets.a.subnets.z", says=("fd00:0:0:8::/65", "not /64")),
    ),
    case("SUB003", "IPv4 /29, IPv6 /64", V + 'vnets.a.subnets = { x = "10.0.0.0/29", y = "fd00::/64" }'),
    case("SUB003", "GatewaySubnet is SUB005", V + 'vnets.a.subnets.gatewaysubnet = ["10.0.0.0/30", "fd00::/63"]'),
    case(
        "SUB004",
        "a gateway without",
        V + 'vnets.a.gateway.sku = "VpnGw1AZ"',
        error("vnets.a", says="10.1.255.224/27 is free for it"),
    ),
    case(
        "SUB004",
        "no room for it",
        'vnets.a = { address_space = ["10.0.0.0/24"], subnets = { all = "10.0.0.0/24" }, gateway = {} }',
        error("vnets.a", says="no /27 is free"),
    ),
    case(
        "SUB004",
        "the end is taken",
        'vnets.a = { address_space = ["10.0.0.0/24"], subnets = { w = "10.0.0.248/29" }, gateway = {} }',
        error("vnets.a", says="10.0.0.192/27 is free for it"),
    ),
    case("SUB004", "another spelling will do", "vnets.a = { gateway = {}, subnets = { gatewaySUBNET = [] } }"),
    case("SUB004", "no gateway, no GatewaySubnet", V),
    case(
        "SUB005",
        "below /29",
        V + f'{G} = "10.0.0.0/30"',
        error(G, says=("of a", "/30", "smaller than /29")),
    ),
    case(
        "SUB005",
        "below /27, whatever the SKU",
        V + 'vnets.a.gateway.sku = "Basic"\nvnets.a.subnets.gatewaysubnet = "10.0.0.0/29"',
        warning("vnets.a.subnets.gatewaysubnet", says=("of a", "/29", "smaller than the /27")),
    ),
    case(
        "SUB005",
        "below /27 beside ExpressRoute",
        V + f'{G} = "10.0.0.0/28"\nsites.s = {{}}\nconnections.c = {{ between = ["s", "a"], kind = "expressroute" }}',
        error(G, says=("of a", "/28", "smaller than /27, beside ExpressRoute")),
    ),
    case(
        "SUB005",
        "below /27 beside VPN and somebody else's ExpressRoute",
        V + f'{G} = "10.0.0.0/28"\nsites.s = {{}}\nvnets.b = {{}}\n[connections]\n'
        'c = { between = ["s", "b"], kind = "expressroute" }\nd = { between = ["s", "a"] }',
        warning(G, says="/28"),
    ),
    case("SUB005", "exactly /27", V + f'{G} = "10.0.0.0/27"'),
    case("SUB005", "the larger of two prefixes counts", V + f'{G} = ["10.0.0.0/29", "10.0.1.0/27"]'),
    case("SUB005", "IPv6 alone", V + f'{G} = "fd00::/64"'),
    case(
        "SUB006",
        "in lower case",
        V + 'vnets.a.subnets.gatewaysubnet = "10.0.0.0/27"',
        info("vnets.a.subnets.gatewaysubnet", says=("a writes", "for GatewaySubnet")),
    ),
    case(
        "SUB006",
        "beside the right one",
        V + 'vnets.a.subnets = { GATEWAYSUBNET = "10.0.0.0/27", GatewaySubnet = "10.0.1.0/27" }',
        info("vnets.a.subnets.GATEWAYSUBNET"),
    ),
    case(
        "SUB006",
        "as it should be, or another name",
        V + "vnets.a.subnets = { GatewaySubnet = [], GatewaySubnets = [] }",
    ),
    case(
        "SUB007",
        "/27 where /26 is needed",
        V + "[vnets.a.subnets]\nAzureFirewallSubnet = '10.0.0.0/27'\n"
        "azurebastionsubnet = ['10.0.1.0/28', '10.0.2.0/27']\n"
        "RouteServerSubnet = '10.0.3.0/29'",
        error("vnets.a.subnets.AzureFirewallSubnet", says=("of a", "/27", "/26 or larger")),
        error("vnets.a.subnets.azurebastionsubnet", says=("/27", "/26 or larger")),
        error("vnets.a.subnets.RouteServerSubnet", says=("/29", "/26 or larger")),
    ),
    case(
        "SUB007",
        "/26, and names that mean nothing",
        V + "[vnets.a.subnets]\nAzureFirewallSubnet = '10.0.0.0/26'\n"
        "AzureBastionSubnet = ['10.0.1.0/28', '10.0.2.0/26']\n"
        "RouteServerSubnet = 'fd00::/64'\nAzureFirewall = '10.0.4.0/28'",
    ),
)


@pytest.mark.parametrize("one", CASES, ids=str)
def test_cases(one: Case) -> None:
    assert_holds(one)


def test_fix_adds_a_gateway_subnet_at_the_end_of_the_space() -> None:
    text = V + "vnets.a.gateway = {}"
    (finding,) = of_code("SUB004", text)
    after = finding.fixes[0].apply(topology(text))
    assert [str(prefix) for prefix in after.vnets["a"].subnets["GatewaySubnet"].prefixes] == ["10.1.255.224/27"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("SUB004", 'vnets.a = { address_space = ["10.0.0.0/28"], gateway = {} }'),
        ("SUB006", 'vnets.a.subnets = { GATEWAYSUBNET = "10.0.0.0/27", GatewaySubnet = "10.0.1.0/27" }'),
    ],
)
def test_no_fix_is_offered_that_cannot_be_made(code: str, text: str) -> None:
    (finding,) = of_code(code, text)
    assert finding.fixes == ()
