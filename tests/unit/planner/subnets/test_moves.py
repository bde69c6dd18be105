"""A subnet is moved and resized only to where it overlaps nothing, within one prefix of its VNet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.planner.subnets.small_vnets import UNIVERSE, candidates, is_free, vnets
from tui.errors import EditError
from tui.planner.subnets.moves import MOST_PLACES, move_subnet, places, resize
from tui.topology.model import Topology, VNet
from tui.topology.prefix import Prefix

P = Prefix.parse

PLAN = """
    [vnets.app]
    address_space = ["10.0.0.0/24", "10.0.1.0/24", "fd00::/62"]
    [vnets.app.subnets]
    web = { prefixes = ["fd00::/64", "10.0.0.0/26"], note = "front" }
    db = "10.0.0.128/26"
    GatewaySubnet = "10.0.1.224/27"
    AzureFirewallSubnet = "10.0.1.0/26"
    six = "fd00:0:0:1::/64"
    two = ["10.0.1.128/28", "10.0.1.160/28"]
"""


@pytest.fixture
def plan() -> Topology:
    return topology(PLAN)


def as_topology(vnet: VNet) -> Topology:
    return Topology.model_validate({"schema": 1, "vnets": {"app": vnet}})


def prefixes(plan: Topology, name: str) -> tuple[Prefix, ...]:
    return plan.vnets["app"].subnets[name].prefixes


# Moving


def test_the_places_of_a_subnet_are_the_free_blocks_of_its_size_the_nearest_first(plan: Topology) -> None:
    assert places(plan.vnets["app"], "web") == (P("10.0.0.64/26"), P("10.0.0.192/26"), P("10.0.1.64/26"))
    assert places(plan.vnets["app"], "six") == (P("fd00:0:0:2::/64"), P("fd00:0:0:3::/64"))


def test_not_every_place_in_a_large_vnet_is_listed() -> None:
    plan = topology('vnets.app = { address_space = ["fd00::/16"], subnets = { six = "fd00::/64" } }')
    assert places(plan.vnets["app"], "six") == tuple(P(f"fd00:0:0:{n:x}::/64") for n in range(1, MOST_PLACES + 1))


def test_a_subnet_with_several_prefixes_has_no_place_of_its_own(plan: Topology) -> None:
    with pytest.raises(EditError, match="several IPv4 prefixes"):
        places(plan.vnets["app"], "two")
    with pytest.raises(EditError, match="no subnet none"):
        places(plan.vnets["app"], "none")


def test_a_moved_subnet_keeps_everything_but_its_address(plan: Topology) -> None:
    edit = move_subnet("app", "web", P("10.0.1.64/26"))
    assert edit.title == "Move web of app to 10.0.1.64/26"
    after = edit.apply(plan)
    assert prefixes(after, "web") == (P("fd00::/64"), P("10.0.1.64/26"))
    assert after.vnets["app"].subnets["web"].note == "front"
    assert list(after.vnets["app"].subnets) == list(plan.vnets["app"].subnets)
    assert prefixes(move_subnet("app", "web", P("fd00:0:0:3::/64")).apply(plan), "web")[0] == P("fd00:0:0:3::/64")


@pytest.mark.parametrize(
    ("name", "prefix", "message"),
    [
        ("web", "10.0.0.128/26", "db lies there"),
        ("web", "10.0.2.0/26", "within one prefix of the address space"),
        ("web", "10.0.0.64/27", "not of the size of web"),
        ("web", "fd00:0:0:1::/64", "six lies there"),
        ("db", "fd00:0:0:2::/64", "db has no IPv6 prefix"),
        ("two", "10.0.1.144/28", "several IPv4 prefixes"),
        ("none", "10.0.1.144/28", "no subnet none"),
    ],
)
def test_a_move_to_where_it_cannot_be_says_why(plan: Topology, name: str, prefix: str, message: str) -> None:
    with pytest.raises(EditError) as caught:
        move_subnet("app", name, P(prefix)).apply(plan)
    assert message in caught.value.message
    assert caught.value.hint


@given(vnets())
def test_each_place_is_free_and_every_free_block_is_a_place(vnet: VNet) -> None:
    plan = as_topology(vnet)
    for name, subnet in vnet.subnets.items():
        (present,) = subnet.prefixes
        found = places(vnet, name)
        expected = [block for block in candidates(vnet, present.length, without=name) if block != present]
        assert len(set(found)) == len(found) == min(len(expected), MOST_PLACES)
        assert set(found) <= set(expected)
        for block in found:
            assert prefixes(move_subnet("app", name, block).apply(plan), name) == (block,)
        if len(expected) <= MOST_PLACES and len(vnet.address_space) == 1:
            assert list(found) == sorted(expected, key=lambda one: (abs(one.first - present.first), one.first))


# Resizing


def test_a_smaller_subnet_keeps_its_lower_part(plan: Topology) -> None:
    edit = resize("app", plan.vnets["app"], "web", 28)
    assert edit.title == "Resize web of app to /28 in place"
    assert prefixes(edit.apply(plan), "web") == (P("fd00::/64"), P("10.0.0.0/28"))


def test_a_larger_subnet_stays_in_place_where_everything_around_it_is_free(plan: Topology) -> None:
    edit = resize("app", plan.vnets["app"], "db", 25)
    assert edit.title == "Resize db of app to /25 in place"
    assert prefixes(edit.apply(plan), "db") == (P("10.0.0.128/25"),)


def test_a_larger_subnet_moves_where_something_stands_in_the_way() -> None:
    plan = topology("""
        [vnets.app]
        address_space = ["10.0.0.0/23"]
        subnets = { web = "10.0.0.0/26", db = "10.0.0.64/26", api = "10.0.0.128/26" }
    """)
    edit = resize("app", plan.vnets["app"], "web", 25)
    assert edit.title == "Resize web of app to /25, moved to 10.0.1.0/25"
    assert prefixes(edit.apply(plan), "web") == (P("10.0.1.0/25"),)


def test_a_subnet_does_not_grow_across_two_neighbouring_prefixes_of_the_vnet() -> None:
    plan = topology("""
        [vnets.app]
        address_space = ["10.0.0.0/24", "10.0.1.0/24"]
        subnets = { web = "10.0.0.0/24" }
    """)
    with pytest.raises(EditError) as caught:
        resize("app", plan.vnets["app"], "web", 23)
    assert "largest block that is free for it is 10.0.0.0/24" in caught.value.message
    assert "add a prefix of /23 or larger" in caught.value.hint


def test_no_subnet_is_to_be_moved_that_has_no_other_place() -> None:
    plan = topology("""
        [vnets.app]
        address_space = ["10.0.0.0/24"]
        subnets = { web = "10.0.0.0/25", db = "10.0.0.128/25" }
        [vnets.growing]
        address_space = ["10.0.2.0/24"]
        growth = ["10.0.3.0/24"]
        subnets = { web = "10.0.2.0/25", db = "10.0.2.128/25" }
    """)
    with pytest.raises(EditError) as caught:
        resize("app", plan.vnets["app"], "web", 24)
    assert caught.value.hint == "add a prefix of /24 or larger to the address space"
    with pytest.raises(EditError) as caught:
        resize("growing", plan.vnets["growing"], "web", 24)
    assert caught.value.hint == "let the VNet grow first: 10.0.3.0/24 is held for it"


@pytest.mark.parametrize(
    ("name", "length", "message", "hint"),
    [
        ("web", 26, "is a /26 already", "another size"),
        ("web", 30, "the smallest IPv4 subnet is /29", "/29"),
        ("web", 64, "the smallest IPv4 subnet is /29", "/29"),
        ("web", 1, "the largest IPv4 subnet is /2", "/2"),
        ("web", 24, "largest block that is free for it is 10.0.0.0/25", "move db out of 10.0.0.0/24"),
        ("GatewaySubnet", 30, "needs an IPv4 range of /29 or larger", "/27"),
        ("AzureFirewallSubnet", 27, "needs an IPv4 range of /26 or larger", "/26"),
        ("six", 26, "has no IPv4 prefix", "/64"),
        ("two", 26, "several IPv4 prefixes", "edit its prefixes"),
        ("none", 26, "no subnet none", "choose one"),
    ],
)
def test_a_size_that_cannot_be_says_why(plan: Topology, name: str, length: int, message: str, hint: str) -> None:
    with pytest.raises(EditError) as caught:
        resize("app", plan.vnets["app"], name, length)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_resize_is_not_made_where_its_place_was_taken_meanwhile(plan: Topology) -> None:
    edit = resize("app", plan.vnets["app"], "db", 25)
    with pytest.raises(EditError, match="web lies there"):
        edit.apply(move_subnet("app", "web", P("10.0.0.192/26")).apply(plan))
    with pytest.raises(EditError, match="no longer at"):
        edit.apply(move_subnet("app", "db", P("10.0.0.64/26")).apply(plan))


@given(vnets(), st.integers(24, 29))
def test_a_resize_finds_a_place_exactly_when_there_is_one_and_stays_if_it_can(vnet: VNet, length: int) -> None:
    plan = as_topology(vnet)
    for name, subnet in vnet.subnets.items():
        (present,) = subnet.prefixes
        if present.length == length:
            continue
        possible = candidates(vnet, length, without=name)
        if not possible:
            with pytest.raises(EditError) as caught:
                resize("app", vnet, name, length)
            assert caught.value.hint
            continue
        edit = resize("app", vnet, name, length)
        (after,) = prefixes(edit.apply(plan), name)
        in_place = next(block for block in UNIVERSE.split(length) if block.overlaps(present))  # the lowest part
        assert after in possible
        assert (after == in_place) == is_free(vnet, in_place, without=name) == edit.title.endswith("in place")
