"""Who has no room for subnets is told what is free, what stands in the way, and what would make room."""

from __future__ import annotations

import re

from hypothesis import assume, given

from tests.unit.planner.subnets.small_vnets import UNIVERSE, candidates, refused, requests, vnet, vnets
from tui.planner.refusal import Refusal
from tui.planner.subnets.planning import plan_subnets
from tui.planner.subnets.wanted import SubnetWanted
from tui.topology.model import VNet
from tui.topology.prefix import Prefix

P = Prefix.parse


def test_a_batch_that_does_not_fit_takes_nothing() -> None:
    refusal = refused(vnet("10.0.0.0/24"), "a /25, b /25, c /29")
    assert refusal.message.startswith("app has no room for c (/29) beside a and b")
    assert "the 3 subnets need 264 addresses, and 256 are free" in refusal.message


def test_one_family_without_room_refuses_the_other_as_well() -> None:
    assert "has no IPv6 prefix" in refused(vnet("10.0.0.0/24"), "web /26, six /64").message


def test_a_refusal_names_the_largest_gap_and_what_stands_in_the_way() -> None:
    app = vnet("10.0.0.0/24", a="10.0.0.0/26", b="10.0.0.96/28", c="10.0.0.192/26")
    refusal = refused(app, "web /25")
    assert refusal.largest_free == P("10.0.0.128/26")
    assert "the largest free block is 10.0.0.128/26, between b and c" in refusal.message
    assert "c stands in the way in 10.0.0.128/25" in refusal.message
    assert [way.text for way in refusal.ways] == [
        "make web a /26, which fits",
        "add an IPv4 prefix of /25 or larger to the address space of app",
    ]


def test_a_refusal_offers_the_growth_that_is_held_for_the_vnet() -> None:
    app = VNet.model_validate({"address_space": ["10.0.0.0/25"], "growth": ["10.0.1.0/26", "10.0.0.128/25"]})
    ways = [way.text for way in refused(app, "web /26, db /25").ways]
    assert "take 10.0.0.128/25 into the address space, which is held for the growth of app" in ways


def test_a_smaller_gateway_subnet_is_offered_with_what_microsoft_says_about_it() -> None:
    ways = [way.text for way in refused(vnet("10.0.0.0/27", web="10.0.0.0/28"), "GatewaySubnet").ways]
    assert ways[0] == "make GatewaySubnet a /28, which fits, though Microsoft asks for /27 or larger"


def test_a_vnet_that_is_full_says_so() -> None:
    refusal = refused(vnet("10.0.0.0/24", all="10.0.0.0/24"), "web /29")
    assert "everything in its address space is used" in refusal.message
    assert refusal.largest_free is None


def test_a_subnet_larger_than_every_prefix_is_told_so() -> None:
    assert "no prefix of the address space is as large as a /23" in refused(vnet("10.0.0.0/24"), "web /23").message


@given(vnets(), requests())
def test_every_way_out_makes_room_and_the_largest_gap_is_the_largest(app: VNet, wanted: list[SubnetWanted]) -> None:
    app = app.model_copy(update={"growth": (P("10.0.2.0/26"), P("10.0.1.0/24"))})
    refusal = plan_subnets("app", app, wanted)
    assume(isinstance(refusal, Refusal))
    assert isinstance(refusal, Refusal)
    free = [block for length in range(24, 33) for block in candidates(app, length)]
    assert refusal.largest_free == (free[0] if free else None)
    assert refusal.ways
    for way in refusal.ways:
        smaller = re.match(r"make (\w+) a /(\d+), which fits", way.text)
        taken = re.match(r"take (\S+) into", way.text)
        added = re.match(r"add an IPv4 prefix of /(\d+) ", way.text)
        if smaller:
            changed = [SubnetWanted(one.name, int(smaller[2])) if one.name == smaller[1] else one for one in wanted]
            assert not isinstance(plan_subnets("app", app, changed), Refusal)
            continue
        assert taken or added
        prefix = P(taken[1]) if taken else P(f"10.128.0.0/{added[1]}") if added else UNIVERSE
        larger = app.model_copy(update={"address_space": (*app.address_space, prefix)})
        assert not isinstance(plan_subnets("app", larger, wanted), Refusal)
        if added and prefix.length < 29:
            half = app.model_copy(update={"address_space": (*app.address_space, next(prefix.split(prefix.length + 1)))})
            assert isinstance(plan_subnets("app", half, wanted), Refusal)
