"""What lies around a free block, which route it joins, and what is known against it."""

from __future__ import annotations

import pytest

from tests.building import topology
from tui.planner.holdings import Holder, free
from tui.planner.pools import sources
from tui.planner.surroundings import Route, doubtful, known_to_clash, neighbours, route_joined
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse

PLAN = topology("""
    [planning]
    pools.weu-prod = { prefixes = ["10.64.0.0/12"], region = "westeurope" }
    pools.lab = ["172.20.0.0/16"]
    avoid = { "10.64.14.0/24" = "pods" }
    [vnets.hub]
    region = "West Europe"
    address_space = ["10.64.0.0/22"]
    [vnets.app]
    region = "westeurope"
    address_space = ["10.64.5.0/24"]
    growth = ["10.64.8.0/24"]
    gateway.p2s_pools = ["10.64.12.0/24"]
    [sites.dublin]
    address_space = ["10.80.0.0/16"]
""")


def around(plan: Topology, pool: str, block: str) -> tuple[str, str]:
    whole = P(pool)
    return neighbours(plan, whole, free(plan).gaps(whole).around(P(block).first))


@pytest.mark.parametrize(
    ("block", "before", "behind"),
    [
        ("10.64.4.0/24", "hub", "app"),
        ("10.64.6.0/24", "app", "app's growth 10.64.8.0/24"),
        ("10.64.9.0/24", "app's growth 10.64.8.0/24", "the VPN clients of app"),
        ("10.64.13.0/24", "the VPN clients of app", "10.64.14.0/24 (avoided: pods)"),
        ("10.70.0.0/16", "10.64.14.0/24 (avoided: pods)", ""),
    ],
)
def test_the_neighbours_within_a_source_are_named(block: str, before: str, behind: str) -> None:
    assert around(PLAN, "10.64.0.0/12", block) == (before, behind)


def test_the_ends_of_the_address_space_have_no_neighbours() -> None:
    assert around(topology(""), "0.0.0.0/0", "0.0.0.0/8") == ("", "127.0.0.0/8 (refused by Azure)")
    assert around(topology(""), "fc00::/7", "fd00::/64") == ("", "")
    assert around(topology(""), "::/0", "::2/128") == ("::1/128 (refused by Azure)", "fe80::/10 (refused by Azure)")


def test_of_two_neighbours_that_overlap_the_wider_one_is_named() -> None:
    plan = topology("""
        vnets.inner.address_space = ["10.0.255.0/24"]
        vnets.outer.address_space = ["10.0.0.0/16"]
    """)
    assert around(plan, "10.0.0.0/8", "10.1.0.0/16") == ("outer", "")


def test_every_holder_has_words() -> None:
    assert Holder("refused", "loopback").noun(P("10.0.0.0/8")) == "10.0.0.0/8 (refused by Azure)"


def joined(plan: Topology, block: str) -> Route | None:
    source = next(one for one in sources(plan) if one.prefix.contains(P(block)))
    return route_joined(plan, source, P(block))


def test_the_route_joined_is_the_smallest_one_around_the_block_and_its_regions_networks() -> None:
    assert joined(PLAN, "10.64.4.0/24") == Route(P("10.64.0.0/21"), ("hub", "app"))
    assert joined(PLAN, "10.64.9.0/24") == Route(P("10.64.0.0/20"), ("hub", "app"))
    assert joined(PLAN, "10.72.0.0/16") == Route(P("10.64.0.0/12"), ("hub", "app"))


def test_a_pool_of_no_region_or_without_networks_has_no_route() -> None:
    assert joined(PLAN, "172.20.0.0/24") is None
    empty = topology('planning.pools.weu = { prefixes = ["10.0.0.0/16"], region = "westeurope" }')
    assert joined(empty, "10.0.0.0/24") is None


@pytest.mark.parametrize(
    "other",
    [
        'vnets.other = { region = "eastus", address_space = ["10.64.6.0/24"] }',
        'vnets.other = { address_space = ["10.64.6.0/24"] }',
        'vnets.other = { region = "eastus", growth = ["10.64.6.0/24"] }',
        'sites.other = { address_space = ["10.64.6.0/24"] }',
    ],
)
def test_a_route_that_would_also_lead_to_others_is_none(other: str) -> None:
    plan = topology(f"""
        planning.pools.weu = {{ prefixes = ["10.64.0.0/16"], region = "westeurope" }}
        vnets.hub = {{ region = "westeurope", address_space = ["10.64.0.0/22"] }}
        {other}
    """)
    assert joined(plan, "10.64.4.0/24") is None
    assert joined(plan, "10.64.7.0/24") is None


def test_routes_of_ipv6_are_found_at_the_end_of_its_space() -> None:
    plan = topology("""
        planning.pools.p = { prefixes = ["ffff:ffff:ffff:ffff::/64"], region = "westeurope" }
        vnets.hub = { region = "westeurope", address_space = ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128"] }
    """)
    last = P("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")
    route = route_joined(plan, sources(plan, family=6)[0], last)
    assert route == Route(P("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"), ("hub",))


@pytest.mark.parametrize(
    ("block", "what"),
    [
        ("10.0.0.0/16", "is what the Azure CLI gives a VNet when no prefix is passed"),
        ("10.0.4.0/22", "is inside 10.0.0.0/16, what the Azure CLI gives a VNet when no prefix is passed"),
        ("172.16.0.0/15", "contains 172.17.0.0/16, Docker's default bridge (docker0)"),
        (
            "192.168.1.0/26",
            "is inside 192.168.1.0/24, the commonest home router's network, in the way of VPN users",
        ),
    ],
)
def test_a_range_that_turns_up_elsewhere_stays_available_with_a_warning(block: str, what: str) -> None:
    assert known_to_clash(P(block), ()) == f"{what}: stays available, but may clash with what is linked later"


def test_ranges_of_workloads_are_mentioned_where_the_workload_matters() -> None:
    block = P("10.244.7.0/24")
    assert known_to_clash(block, ()) == ""
    assert known_to_clash(block, ("aks",)).startswith("is inside 10.244.0.0/16, the default pod CIDR of AKS")
    assert known_to_clash(P("fd00::/48"), ("aks",)) == ""


@pytest.mark.parametrize(
    ("block", "doubts"),
    [
        ("10.0.0.0/16", True),
        ("10.1.0.0/16", False),
        ("172.17.4.0/24", True),
        ("172.18.0.0/16", False),
        ("10.244.7.0/24", True),
        ("10.9.0.0/16", True),
        ("10.9.0.0/24", False),
        ("fd00::/48", False),
    ],
)
def test_there_are_doubts_where_a_rule_would_warn(block: str, doubts: bool) -> None:
    plan = topology("""
        planning.workloads = ["aks", "docker"]
        sites.s.advertises = ["10.9.0.0/16", "0.0.0.0/0"]
    """)
    assert doubtful(plan, P(block)) is doubts
