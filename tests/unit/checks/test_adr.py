"""ADR001 to ADR011: address space that collides, that Azure refuses, or that belongs to others."""

from __future__ import annotations

import pytest

from tests.building import topology
from tests.unit.checks import TODAY, Case, assert_holds, case, error, info, of_code, warning
from tui.checks.engine import check
from tui.topology.model import Topology


def nets(**spaces: str) -> str:
    """VNets, and sites where the name begins with "s", with their prefixes parted by blanks."""
    lines = [
        f"{'sites' if name[0] == 's' else 'vnets'}.{name}.address_space = {prefixes.split()}"
        for name, prefixes in spaces.items()
    ]
    return "\n".join(lines) + "\n"


SAME = nets(a="10.0.0.0/16", b="10.0.0.0/16")
LEFT_EMPTY = {"ADR007": "the site had nothing but the summary: what is used there has to be written down"}

CASES = (
    case(
        "ADR001",
        "linked by a connection of whatever kind, in file order",
        nets(b="10.0.0.0/16", a="10.0.1.0/24") + "connections.c = { between = ['a', 'b'], kind = 'expressroute' }",
        error("vnets.b", "vnets.a", says=("10.0.0.0/16 and 10.0.1.0/24", "linked directly")),
    ),
    case(
        "ADR001",
        "peered",
        SAME + "peerings.p.between = ['a', 'b']",
        error("vnets.a", "vnets.b", says="both use 10.0.0.0/16"),
    ),
    case(
        "ADR001",
        "both linked to a third",
        SAME + nets(hub="10.9.0.0/16") + "connections.c.between = ['a', 'hub']\npeerings.p.between = ['hub', 'b']",
        error("vnets.a", "vnets.b", says="both are linked to hub"),
    ),
    case(
        "ADR001",
        "in one BGP domain",
        SAME + "vnets.m = {}\nvnets.n = {}\n[connections]\n"
        "x = { between = ['a', 'm'], bgp = true }\ny = { between = ['m', 'n'], bgp = true }\n"
        "z = { between = ['n', 'b'], bgp = true }",
        error("vnets.a", "vnets.b", says=("10.0.0.0/16", "BGP domain", "a – m – n – b")),
    ),
    case(
        "ADR001",
        "over transit",
        SAME + "vnets.m.transit = true\nvnets.n.transit = true\n[peerings]\n"
        "x.between = ['a', 'm']\ny.between = ['m', 'n']\nz.between = ['n', 'b']",
        error("vnets.a", "vnets.b", says=("10.0.0.0/16", "transit", "a – m – n – b")),
    ),
    case(
        "ADR001",
        "two sites of one gateway",
        nets(hub="10.0.0.0/16", s1="192.168.0.0/16", s2="192.168.5.0/24")
        + "connections.c.between = ['hub', 's1']\nconnections.d.between = ['s2', 'hub']",
        error("sites.s1", "sites.s2", says=("192.168.0.0/16 and 192.168.5.0/24", "both are linked to hub")),
    ),
    case(
        "ADR001",
        "every prefix by name, up to four",
        nets(a="10.0.0.0/24 10.0.1.0/24 10.0.2.0/24 10.0.3.0/24 10.0.4.0/24 10.0.5.0/24", b="10.0.0.0/16")
        + "peerings.p.between = ['a', 'b']",
        error("vnets.a", "vnets.b", says=("10.0.0.0/24 and", "10.0.3.0/24 and 10.0.0.0/16 (and 2 more)")),
    ),
    case(
        "ADR001",
        "a site's summary over a VNet",
        nets(a="10.1.0.0/16", s="10.0.0.0/8") + "connections.c.between = ['a', 's']",
        error("vnets.a", "sites.s", says="10.1.0.0/16 and 10.0.0.0/8"),
        follow_up=LEFT_EMPTY,
    ),
    case(
        "ADR001",
        "a site with a summary and more",
        nets(a="10.1.0.0/16", s="10.0.0.0/8 192.168.0.0/24") + "connections.c.between = ['a', 's']",
        error("vnets.a", "sites.s"),
    ),
    case(
        "ADR001",
        "IPv6",
        nets(a="fd00::/48", b="fd00::/56") + "peerings.p.between = ['a', 'b']",
        error("vnets.a", "vnets.b"),
    ),
    case(
        "ADR001",
        "three links apart without BGP",
        SAME
        + nets(m="10.8.0.0/16", n="10.9.0.0/16")
        + "[connections]\nx.between = ['a', 'm']\ny.between = ['m', 'n']\nz.between = ['n', 'b']",
    ),
    case("ADR001", "side by side", nets(a="10.0.0.0/17", b="10.0.128.0/17") + "peerings.p.between = ['a', 'b']"),
    case("ADR001", "a link to nowhere", SAME + "connections.c.between = ['a', 'gone']"),
    case("ADR001", "the numbers of IPv4 in IPv6", nets(a="0.0.0.0/8", b="::/8") + "peerings.p.between = ['a', 'b']"),
    case(
        "ADR002", "not linked", SAME, warning("vnets.a", "vnets.b", says=("both use 10.0.0.0/16", "never be connected"))
    ),
    case(
        "ADR002",
        "one is isolated",
        SAME + "vnets.b.isolated = true",
        info("vnets.a", "vnets.b", says=("10.0.0.0/16", "b is isolated")),
    ),
    case(
        "ADR002",
        "a VNet and a site",
        nets(a="10.0.0.0/16", s="10.0.4.0/24"),
        warning("vnets.a", "sites.s", says="10.0.0.0/16 and 10.0.4.0/24"),
    ),
    case("ADR002", "joined is ADR001", SAME + "peerings.p.between = ['a', 'b']"),
    case("ADR002", "apart", nets(a="10.0.0.0/16", b="10.1.0.0/16")),
    case(
        "ADR003",
        "one in another, one twice",
        nets(a="10.0.0.0/16 10.0.1.0/24", s="10.2.0.0/24 10.2.0.0/24"),
        error("vnets.a", says="10.0.1.0/24 lies within 10.0.0.0/16"),
        error("sites.s", says="10.2.0.0/24 stands twice"),
    ),
    case(
        "ADR003",
        "a BGP site's peer",
        nets(s1="10.2.0.0/24 10.2.0.4/32", s2="10.3.0.0/24 10.3.0.4/32", a="10.4.0.0/24")
        + "sites.s1.asn = 64900\nconnections.c = { between = ['a', 's2'], bgp = true }",
        info("sites.s1", says="10.2.0.4/32 lies within 10.2.0.0/24"),
        info("sites.s2", says="10.3.0.4/32 lies within 10.3.0.0/24"),
    ),
    case("ADR003", "side by side", nets(a="10.0.0.0/25 10.0.0.128/25", s="10.2.0.0/24 fd00::/48")),
    case(
        "ADR004",
        "what Azure refuses, within and around",
        nets(a="224.0.0.0/24", b="127.0.0.0/8", c="169.0.0.0/8", d="168.63.129.0/24", e="255.255.255.255/32"),
        error("vnets.a", says=("224.0.0.0/24", "lies in 224.0.0.0/4")),
        error("vnets.b", says=("127.0.0.0/8", "is 127.0.0.0/8")),
        error("vnets.c", says=("169.0.0.0/8", "contains 169.254.0.0/16")),
        error("vnets.d", says=("168.63.129.0/24", "contains 168.63.129.16/32")),
        error("vnets.e", says="is 255.255.255.255/32"),
    ),
    case("ADR004", "their neighbours, and a site", nets(a="168.63.129.0/28", b="223.0.0.0/8", s="169.254.0.0/16")),
    case(
        "ADR005",
        "public, and half public",
        nets(a="8.8.8.0/24", b="192.168.0.0/15", c="2001:4860::/32"),
        warning("vnets.a", says="8.8.8.0/24"),
        warning("vnets.b", says="192.168.0.0/15"),
        warning("vnets.c", says="2001:4860::/32"),
    ),
    case(
        "ADR005",
        "private and special",
        nets(
            a="10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10",
            b="fc00::/7",
            c="203.0.113.0/24",
            d="2001:db8::/48",
        ),
    ),
    case("ADR005", "a site may", nets(s="8.8.8.0/24")),
    case(
        "ADR005",
        "one's own",
        "planning.own_public = ['8.8.8.0/24', '8.8.9.0/24', '9.0.0.0/8']\n" + nets(a="9.1.0.0/16", b="8.8.8.0/23"),
    ),
    case(
        "ADR005",
        "wider than one's own",
        "planning.own_public = ['8.8.8.0/24']\n" + nets(b="8.8.8.0/23"),
        warning("vnets.b", says="8.8.8.0/23"),
    ),
    case(
        "ADR006",
        "known to clash",
        nets(a="172.17.4.0/24", b="192.168.0.0/24", c="192.168.1.0/25", d="10.0.0.0/16", s="172.17.0.0/16"),
        warning("vnets.a", says=("172.17.4.0/24", "172.17.0.0/16", "Docker")),
        warning("vnets.b", says=("192.168.0.0/24", "router")),
        warning("vnets.c", says=("192.168.1.0/25", "192.168.1.0/24", "router")),
        info("vnets.d", says=("10.0.0.0/16", "Azure CLI")),
        warning("sites.s", says=("172.17.0.0/16", "Docker")),
    ),
    case(
        "ADR006",
        "wider, or within 10.0.0.0/16",
        nets(a="172.16.0.0/12", b="10.0.4.0/24", c="192.168.0.0/16", d="10.0.0.0/8"),
    ),
    case(
        "ADR006",
        "of the workloads named",
        "planning.workloads = ['aks', 'container-apps']\n"
        "" + nets(a="10.244.4.0/24", b="10.0.0.0/16", c="100.100.0.0/24"),
        warning("vnets.a", says=("10.244.4.0/24", "pod CIDR of AKS")),
        warning("vnets.b", says=("10.0.0.0/16", "service CIDR of AKS")),
        warning("vnets.c", says=("100.100.0.0/24", "Container Apps")),
    ),
    case("ADR006", "of no workload named", nets(a="10.244.4.0/24", b="100.100.0.0/24", c="172.18.0.0/16")),
    case(
        "ADR006",
        "to be avoided",
        "planning.avoid = { '10.5.0.0/16' = 'lab gear', 'fd00::/31' = 'old' }\n"
        + nets(a="10.5.1.0/24", b="10.4.0.0/15", s="fd00:1::/48", c="10.6.0.0/16"),
        warning("vnets.a", says=("10.5.1.0/24", "10.5.0.0/16", "lab gear")),
        warning("vnets.b", says=("10.4.0.0/15", "10.5.0.0/16", "lab gear")),
        warning("sites.s", says=("fd00:1::/48", "fd00::/31", "old")),
    ),
    case("ADR007", "a VNet, and a site without BGP", nets(a="", s=""), error("vnets.a"), error("sites.s")),
    case("ADR007", "a BGP site", nets(s="") + "sites.s.devices.fw = { asn = 64900 }", info("sites.s")),
    case("ADR007", "with one", nets(a="10.0.0.0/24", s="10.1.0.0/32")),
    case(
        "ADR008",
        "of a network, of another growth",
        nets(a="10.0.0.0/16", b="10.2.0.0/16", s="10.1.4.0/24") + "vnets.a.growth = ['10.1.0.0/16', '10.8.0.0/16']\n"
        "vnets.b.growth = ['10.8.4.0/24']",
        error("vnets.a", "sites.s", says=("growth 10.1.0.0/16", "10.1.4.0/24")),
        error("vnets.a", "vnets.b", says=("growth 10.8.0.0/16", "growth 10.8.4.0/24")),
    ),
    case(
        "ADR008",
        "the same growth, once",
        nets(a="10.0.0.0/16", b="10.2.0.0/16") + "vnets.b.growth = ['10.8.0.0/16']\nvnets.a.growth = ['10.8.0.0/16']",
        error("vnets.a", "vnets.b", says="10.8.0.0/16"),
    ),
    case(
        "ADR008",
        "beside all, or over its own",
        nets(a="10.0.0.0/16", b="10.2.0.0/16") + "vnets.a.growth = ['10.0.0.0/15']",
    ),
    case(
        "ADR009",
        "outside its pool",
        "planning.pools.weu = ['10.64.0.0/12']\n"
        "" + nets(a="10.64.0.0/16 10.0.0.0/16 10.1.0.0/16") + "vnets.a.pool = 'weu'",
        warning("vnets.a", says=("10.0.0.0/16 and 10.1.0.0/16", "weu", "10.64.0.0/12")),
    ),
    case(
        "ADR009",
        "inside two blocks of it",
        "planning.pools.weu = ['10.0.0.0/16', '10.1.0.0/16']\n" + nets(a="10.0.0.0/15") + "vnets.a.pool = 'weu'",
    ),
    case("ADR009", "no pool, or none that exists", nets(a="10.0.0.0/16", b="10.1.0.0/16") + "vnets.a.pool = 'gone'"),
    case(
        "ADR010",
        "its VNet, a neighbour, another pool of its own",
        nets(a="10.0.0.0/16", s="10.7.0.0/16")
        + "vnets.a.gateway.p2s_pools = ['10.0.9.0/24', '10.7.0.0/24', '10.7.0.0/25']\n"
        "connections.c.between = ['a', 's']",
        error("vnets.a.gateway", "vnets.a", says=("10.0.9.0/24", "10.0.0.0/16 of a")),
        error("vnets.a.gateway", "sites.s", says=("10.7.0.0/24", "10.7.0.0/16 of s")),
        error("vnets.a.gateway", "sites.s", says=("10.7.0.0/25", "10.7.0.0/16 of s")),
        error("vnets.a.gateway", says=("10.7.0.0/24", "10.7.0.0/25")),
    ),
    case(
        "ADR010",
        "another pool of the domain",
        nets(a="10.0.0.0/16", b="10.1.0.0/16", m="10.2.0.0/16")
        + "vnets.a.gateway.p2s_pools = ['172.20.0.0/24']\nvnets.b.gateway.p2s_pools = ['172.20.0.0/16']\n"
        "[connections]\n"
        "x = { between = ['a', 'm'], bgp = true }\ny = { between = ['m', 'b'], bgp = true }",
        error("vnets.b.gateway", "vnets.a.gateway", says=("172.20.0.0/16", "172.20.0.0/24")),
    ),
    case(
        "ADR010",
        "no domain, and no link",
        nets(a="10.0.0.0/16", b="10.1.0.0/16", c="172.20.0.0/16")
        + "vnets.a.gateway.p2s_pools = ['172.20.0.0/24']\nvnets.b.gateway.p2s_pools = ['172.20.0.0/24']\n"
        "connections.x.between = ['a', 'b']",
    ),
    case(
        "ADR011",
        "equal, inside, around",
        nets(a="10.1.0.0/16 10.2.0.0/16", s="")
        + "sites.s.advertises = ['10.1.0.0/16', '10.2.3.0/24', '10.0.0.0/8', '0.0.0.0/0']\n"
        "connections.c.between = ['a', 's']",
        error("sites.s", "vnets.a", says=("10.1.0.0/16", "equals")),
        error("sites.s", "vnets.a", says=("10.2.3.0/24", "lies inside 10.2.0.0/16")),
        info("sites.s", "vnets.a", says=("10.0.0.0/8", "contains 10.1.0.0/16", "more specific routes win")),
        info("sites.s", "vnets.a", says=("0.0.0.0/0", "contains 10.1.0.0/16")),
    ),
    case(
        "ADR011",
        "over BGP, but for the default route",
        nets(a="10.1.0.0/16", b="10.2.0.0/16", s="")
        + "sites.s.advertises = ['10.2.0.0/16', '0.0.0.0/0']\n[connections]\n"
        "c = { between = ['a', 's'], bgp = true }\nd = { between = ['a', 'b'], bgp = true }",
        error("sites.s", "vnets.b", says="10.2.0.0/16"),
        info("sites.s", "vnets.a", says="0.0.0.0/0"),
    ),
    case(
        "ADR011",
        "joined and not reached, or not linked",
        nets(a="10.1.0.0/16", b="10.2.0.0/16", s="", c="10.3.0.0/16")
        + "sites.s.advertises = ['10.2.0.0/16', '10.3.0.0/16']\n"
        "connections.c.between = ['a', 's']\nconnections.d.between = ['a', 'b']",
    ),
)


@pytest.mark.parametrize("one", CASES, ids=str)
def test_cases(one: Case) -> None:
    assert_holds(one)


def test_fix_moves_the_summary_to_what_the_site_advertises() -> None:
    text = nets(a="10.1.0.0/16", s="10.0.0.0/8 192.168.0.0/24") + "connections.c.between = ['a', 's']"
    (finding,) = of_code("ADR001", text)
    (fix,) = finding.fixes
    site = fix.apply(topology(text)).sites["s"]
    assert fix.title == "Move 10.0.0.0/8 of s to advertises"
    assert ([*map(str, site.address_space)], [*map(str, site.advertises)]) == (["192.168.0.0/24"], ["10.0.0.0/8"])


@pytest.mark.parametrize("space", ["10.1.0.0/16", "10.1.4.0/24"])
def test_no_summary_no_fix(space: str) -> None:
    (finding,) = of_code("ADR001", nets(a="10.1.0.0/16", s=space) + "connections.c.between = ['a', 's']")
    assert finding.fixes == ()


def test_a_site_that_stands_first_in_the_file_is_named_first() -> None:
    data = {"sites": {"s": {"address_space": ["10.0.0.0/24"]}}, "vnets": {"a": {"address_space": ["10.0.0.0/16"]}}}
    for first, places in ((True, ("sites.s", "vnets.a")), (False, ("vnets.a", "sites.s"))):
        found = check(Topology.model_validate({"\0sites_first": first, **data}), TODAY)
        assert [finding.places for finding in found if finding.code == "ADR002"] == [places]


@pytest.mark.parametrize("count", [100, 150])
def test_growth_over_very_many_names_a_hundred(count: int) -> None:
    many = {f"s{number:03}": f"10.1.{number}.0/24" for number in range(count)}
    found = of_code("ADR008", nets(a="10.0.0.0/16", **many) + "vnets.a.growth = ['10.1.0.0/16']")
    assert [finding.places for finding in found[:100]] == [("vnets.a", f"sites.{name}") for name in list(many)[:100]]
    rest = [finding.message for finding in found[100:]]
    assert rest == (["growth 10.1.0.0/16 of a overlaps 50 more prefixes of others"] if count > 100 else [])


@pytest.mark.parametrize("count", [100, 150])
def test_a_summary_over_very_many_names_a_hundred(count: int) -> None:
    many = {f"v{number:03}": f"10.1.{number}.0/24" for number in range(count)}
    links = "\n".join(f"{name}.between = ['s', '{name}']" for name in many)
    found = of_code("ADR011", nets(**many) + f"sites.s.advertises = ['10.0.0.0/8']\n[connections]\n{links}")
    assert {finding.severity for finding in found} == {"info"}
    assert [finding.places for finding in found[:100]] == [("sites.s", f"vnets.{name}") for name in list(many)[:100]]
    rest = [(finding.places, finding.message) for finding in found[100:]]
    more = "s advertises 10.0.0.0/8, which contains 50 more VNets that it reaches"
    assert rest == ([(("sites.s",), more)] if count > 100 else [])
