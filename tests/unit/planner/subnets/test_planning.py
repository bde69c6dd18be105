"""Subnets are planned into the gaps of a VNet whenever they fit, all of them or none."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.planner.subnets.small_vnets import all_fit, candidates, is_free, refused, requests, vnet, vnets
from tui.errors import EditError
from tui.planner.batch.wanted import VNetWanted, subnets_length
from tui.planner.refusal import Refusal
from tui.planner.subnets.planning import PlannedSubnet, plan_subnets, planned
from tui.planner.subnets.wanted import SubnetWanted, parse_wanted
from tui.topology.edits import add
from tui.topology.model import Subnet, VNet
from tui.topology.prefix import Prefix

P = Prefix.parse


def places(app: VNet, text: str) -> dict[str, str]:
    found = plan_subnets("app", app, parse_wanted(text))
    assert not isinstance(found, Refusal), found
    return {one.name: str(one.prefix) for one in found}


def reasons(app: VNet, text: str) -> dict[str, str]:
    found = plan_subnets("app", app, parse_wanted(text))
    assert not isinstance(found, Refusal), found
    return {one.name: one.reason for one in found}


# Whatever is asked for


@given(vnets(), requests())
def test_a_batch_finds_places_exactly_when_there_is_any_way_to_place_it(app: VNet, wanted: list[SubnetWanted]) -> None:
    found = plan_subnets("app", app, wanted)
    assert isinstance(found, Refusal) != all_fit(app, [one.length for one in wanted])


@given(vnets(), requests())
def test_what_is_planned_is_free_apart_from_each_other_and_within_one_prefix(
    app: VNet, wanted: list[SubnetWanted]
) -> None:
    found = plan_subnets("app", app, wanted)
    assume(not isinstance(found, Refusal))
    assert not isinstance(found, Refusal)
    assert [(one.name, one.prefix.length) for one in found] == [(one.name, one.length) for one in wanted]
    for number, one in enumerate(found):
        assert one.prefix.first % one.prefix.size == 0
        assert is_free(app, one.prefix)
        assert not any(one.prefix.overlaps(other.prefix) for other in found[:number])
        assert one.reason


@given(vnets(), requests(), st.randoms())
def test_the_order_of_the_requests_changes_no_place_and_no_refusal(
    app: VNet, wanted: list[SubnetWanted], random: Random
) -> None:
    shuffled = list(wanted)
    random.shuffle(shuffled)
    found, again = plan_subnets("app", app, wanted), plan_subnets("app", app, shuffled)
    if isinstance(found, Refusal) or isinstance(again, Refusal):
        assert found == again
    else:
        assert sorted(found, key=lambda one: one.name) == sorted(again, key=lambda one: one.name)


@given(vnets(), requests())
def test_the_gateway_subnet_lies_at_the_highest_place_that_leaves_room_for_the_others(
    app: VNet, wanted: list[SubnetWanted]
) -> None:
    gateway, *others = [SubnetWanted("GatewaySubnet", wanted[0].length), *wanted[1:]]
    found = plan_subnets("app", app, [*others, gateway])
    assume(not isinstance(found, Refusal))
    assert not isinstance(found, Refusal)
    lengths = [one.length for one in others]
    fitting = (block for block in reversed(candidates(app, gateway.length)) if all_fit(app, lengths, taken=[block]))
    assert found[-1].prefix == next(fitting)


@given(st.lists(st.integers(24, 29), min_size=1, max_size=8))
def test_the_vnet_for_some_subnets_is_the_smallest_one_that_holds_them(lengths: list[int]) -> None:
    wanted = [SubnetWanted(f"w{number}", length) for number, length in enumerate(lengths)]
    length = subnets_length(VNetWanted("app", subnets=tuple(wanted)))
    assert length is not None
    assert not isinstance(plan_subnets("app", vnet(f"10.0.0.0/{length}"), wanted), Refusal)
    assert isinstance(plan_subnets("app", vnet(f"10.0.0.0/{length + 1}"), wanted), Refusal)


@given(st.lists(st.integers(0, 7), max_size=6), st.integers(1, 8))
def test_ipv6_subnets_find_places_while_there_are_any(used: list[int], number: int) -> None:
    taken = {f"s{place}": f"fd00:0:0:{place:x}::/64" for place in used}
    app = vnet("fd00::/62", "fd00:0:0:4::/62", **taken)
    found = plan_subnets("app", app, [SubnetWanted(f"w{one}", 64, 6) for one in range(number)])
    assert isinstance(found, Refusal) == (number > 8 - len(taken))
    if not isinstance(found, Refusal):
        blocks = {one.prefix for one in found} | {P(text) for text in taken.values()}
        assert len(blocks) == number + len(taken)
        assert blocks <= set(P("fd00::/61").split(64))


# Known mistakes


def test_a_subnet_is_never_laid_across_two_neighbouring_prefixes() -> None:
    app = vnet("10.0.0.0/25", "10.0.0.128/25")
    refusal = refused(app, "web /24")
    assert "prefixes that touch stay two" in refusal.message
    assert refusal.largest_free == P("10.0.0.0/25")
    assert places(app, "a /25, b /25") == {"a": "10.0.0.0/25", "b": "10.0.0.128/25"}


def test_a_gap_over_the_border_of_two_prefixes_is_two_gaps() -> None:
    app = vnet("10.0.0.0/25", "10.0.0.128/25", a="10.0.0.0/26", b="10.0.0.192/26")
    assert places(app, "x /26, y /26") == {"x": "10.0.0.64/26", "y": "10.0.0.128/26"}
    assert refused(app, "x /25").largest_free == P("10.0.0.64/26")


@pytest.mark.parametrize("text", ["a /29, b /26, c /27", "c /27, a /29, b /26", "b /26, c /27, a /29"])
def test_the_order_of_the_words_does_not_decide_whether_a_plan_fits(text: str) -> None:
    app = vnet("10.0.0.0/25", used="10.0.0.96/29")
    assert places(app, text) == {"b": "10.0.0.0/26", "c": "10.0.0.64/27", "a": "10.0.0.104/29"}


def test_a_prefix_of_the_address_space_inside_another_counts_once() -> None:
    app = vnet("10.0.0.0/28", "10.0.0.0/28", "10.0.0.8/29")
    assert places(app, "a /29, b /29") == {"a": "10.0.0.0/29", "b": "10.0.0.8/29"}
    assert "no room" in refused(app, "a /29, b /29, c /29").message


def test_addresses_in_the_upper_half_are_numbers_like_others() -> None:
    assert places(vnet("192.168.255.0/24", a="192.168.255.0/25"), "b /25") == {"b": "192.168.255.128/25"}


# Places and their reasons


def test_the_smallest_block_that_fits_is_filled_and_large_ones_stay_whole() -> None:
    app = vnet("10.0.0.0/24", web="10.0.0.128/27", db="10.0.0.192/26")
    assert places(app, "api /27") == {"api": "10.0.0.160/27"}
    assert reasons(app, "api /27") == {"api": "fills the gap between web and db"}


def test_the_gateway_subnet_lies_out_of_the_way() -> None:
    app = vnet("10.0.0.0/22")
    assert places(app, "GatewaySubnet, web /24, db /26") == {
        "GatewaySubnet": "10.0.3.224/27",
        "web": "10.0.2.0/24",
        "db": "10.0.3.128/26",
    }
    assert reasons(app, "GatewaySubnet, web /24, db /26") == {
        "GatewaySubnet": "at the end of 10.0.0.0/22, out of the way",
        "web": "between the beginning of 10.0.0.0/22 and db, the smallest free block that holds it",
        "db": "between web and GatewaySubnet, the smallest free block that holds it",
    }


def test_subnets_in_an_empty_vnet_follow_each_other() -> None:
    assert reasons(vnet("10.0.0.0/24"), "web /26, db /25, api /26") == {
        "web": "follows api",
        "db": "at the beginning of 10.0.0.0/24",
        "api": "follows db",
    }
    assert reasons(vnet("10.0.0.0/24"), "all /24") == {"all": "fills 10.0.0.0/24"}
    assert reasons(vnet("10.0.0.0/24", web="10.0.0.0/25"), "db /25") == {
        "db": "fills the gap between web and the end of 10.0.0.0/24"
    }


def test_the_gateway_subnet_makes_way_for_what_would_not_fit_otherwise() -> None:
    app = vnet("10.0.0.0/24", used="10.0.0.0/26")
    assert places(app, "GatewaySubnet, web /25") == {"GatewaySubnet": "10.0.0.96/27", "web": "10.0.0.128/25"}
    assert reasons(app, "GatewaySubnet, web /25")["GatewaySubnet"] == (
        "between used and web, where it leaves room for the others"
    )


def test_the_gateway_subnet_below_the_end_says_that_nothing_is_free_above_it() -> None:
    app = vnet("10.0.0.0/24", used="10.0.0.192/26")
    assert reasons(app, "GatewaySubnet") == {
        "GatewaySubnet": "between the beginning of 10.0.0.0/24 and used, the highest free place"
    }


def test_the_places_come_in_the_order_in_which_they_were_asked_for() -> None:
    assert list(places(vnet("10.0.0.0/22"), "small /28, large /24, middle /26")) == ["small", "large", "middle"]


def test_ipv4_and_ipv6_are_planned_at_once() -> None:
    app = vnet("10.0.0.0/24", "fd00::/60")
    assert places(app, "web /25, six /64") == {"web": "10.0.0.0/25", "six": "fd00::/64"}


# Names


def test_a_name_that_the_vnet_has_is_refused_in_any_spelling() -> None:
    refusal = refused(vnet("10.0.0.0/24", Web="10.0.0.0/26"), "web /29")
    assert "already: Web" in refusal.message


def test_a_name_that_is_asked_for_twice_is_refused() -> None:
    found = plan_subnets("app", vnet("10.0.0.0/24"), [SubnetWanted("a", 29), SubnetWanted("A", 28)])
    assert isinstance(found, Refusal)
    assert "more than once" in found.message


# The edit


PLAN = """
    [vnets.app]
    address_space = ["10.0.0.0/24"]
    subnets.web = "10.0.0.0/26"
"""


def test_a_plan_is_one_edit_that_adds_the_subnets_and_nothing_else() -> None:
    before = topology(PLAN)
    found = plan_subnets("app", before.vnets["app"], parse_wanted("db /26, GatewaySubnet"))
    assert not isinstance(found, Refusal)
    edit = planned("app", found)
    assert edit.title == "Plan 2 subnets of app"
    subnets = edit.apply(before).vnets["app"].subnets
    assert {name: one.prefixes for name, one in subnets.items()} == {
        "web": (P("10.0.0.0/26"),),
        "db": (P("10.0.0.64/26"),),
        "GatewaySubnet": (P("10.0.0.224/27"),),
    }
    assert planned("app", found[:1]).title == "Plan subnet db of app"


def test_a_plan_is_not_made_where_its_place_or_its_name_was_taken_meanwhile() -> None:
    edit = planned("app", [PlannedSubnet("db", P("10.0.0.64/26"), "")])
    taken = add(("vnets", "app", "subnets", "new"), Subnet(prefixes=(P("10.0.0.64/28"),))).apply(topology(PLAN))
    with pytest.raises(EditError, match="no longer free"):
        edit.apply(taken)
    named = add(("vnets", "app", "subnets", "db"), Subnet(prefixes=(P("10.0.0.128/28"),))).apply(topology(PLAN))
    with pytest.raises(EditError, match="exists already"):
        edit.apply(named)
