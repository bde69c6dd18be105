"""Suggestions are free, can be taken together, leave nothing out, and say why they are offered."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.planner.small_spaces import (
    block_of,
    blocks_of,
    free_by_looking,
    maximal_by_looking,
    planned,
    shapes,
)
from tui.errors import VnetTuiError
from tui.planner.placement import STRATEGIES
from tui.planner.pools import sources
from tui.planner.request import Request
from tui.planner.suggest import Suggestions, every, placements, suggestions
from tui.topology.intervals import outermost
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse

REFUSED = list(
    map(P, ["224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32"])
) + list(map(P, ["::/127", "fe80::/10", "ff00::/8"]))
"""Microsoft: Virtual network FAQ; of IPv6 what is of the same kind."""

SPACES = list(
    map(P, ["0.0.0.0/27", "10.9.0.0/27", "168.63.129.0/27", "126.255.255.224/27", "223.255.255.224/27"])
) + list(map(P, ["::/123", "fd00::40/123", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffe0/123"]))

STRATEGY = st.sampled_from(STRATEGIES)


def reasons(found: Suggestions) -> dict[str, str]:
    return {str(one.prefix): one.reason for one in found.blocks}


def grows_to(reason: str, block: Prefix) -> Prefix:
    """The block that `block` can become in place, as the reason says."""
    said = re.search(r"can grow to /(\d+)|double up to [^;]*/(\d+)", reason)
    return block if said is None else block.shortened(int(said[1] or said[2]))


def everything_in(universe: Prefix, drawn: dict[str, list[tuple[int, int]]]) -> dict[str, list[str]]:
    return {what: list(map(str, blocks_of(universe, shape))) for what, shape in drawn.items()}


HELD = st.fixed_dictionaries(
    {
        "vnet": shapes(1, most=3),
        "growth": shapes(2, most=2),
        "clients": shapes(3, most=2),
        "site": shapes(2, most=2),
        "avoid": shapes(3, most=2),
        "pools": shapes(most=3, least=1),
        "advertised": shapes(most=2),
    }
)


def plan_of(held: dict[str, list[str]]) -> Topology:
    return Topology.model_validate(
        {
            "planning": {
                "pools": {f"p{n}": [pool] for n, pool in enumerate(held["pools"])},
                "avoid": dict.fromkeys(held["avoid"], "pods"),
            },
            "vnets": {
                "a": {"address_space": held["vnet"][:1], "growth": held["growth"]},
                "b": {"address_space": held["vnet"][1:], "gateway": {"p2s_pools": held["clients"]}},
            },
            "sites": {"s": {"address_space": held["site"], "advertises": held["advertised"]}},
        }
    )


@settings(max_examples=500)
@given(
    st.sampled_from(SPACES),
    HELD,
    st.integers(0, 5),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([1, 3, 99]),
    STRATEGY,
)
def test_what_is_suggested_is_free_of_everything_and_counted_as_looking_counts(
    universe: Prefix,
    drawn: dict[str, list[tuple[int, int]]],
    depth: int,
    growth: int | None,
    count: int,
    strategy: Any,
) -> None:
    held = everything_in(universe, drawn)
    plan = plan_of(held)
    used = [P(text) for what in ("vnet", "growth", "clients", "site", "avoid") for text in held[what]] + REFUSED
    pools = list(map(P, held["pools"]))
    length = universe.length + depth
    request = Request(length, count, universe.version, growth=None if growth is None else length - growth)
    found = suggestions(plan, request, strategy)

    free = free_by_looking(pools, used, request.searched)
    assert found.fitting == len(free)
    assert len(found.blocks) == min(count, len(free))
    assert found.left == len(free) - len(found.blocks)
    assert (found.refusal is None) is (len(free) >= count)

    taken = [one.prefix.shortened(request.searched) for one in found.blocks]
    assert len(set(taken)) == len(taken), "all can be taken together"
    assert set(taken) <= set(free)
    for one, block in zip(found.blocks, taken, strict=True):
        assert one.prefix == Prefix(block.version, block.first, length)
        assert sum(part.size for part in (one.prefix, *one.held)) == block.size
        assert all(block.contains(part) and not part.overlaps(one.prefix) for part in one.held)
        assert one.source.prefix.contains(block)
        others = [other for other in taken if other != block]
        around = [block.shortened(wide) for wide in range(one.source.prefix.length, request.searched + 1)]
        assert grows_to(one.reason, block) == next(
            w for w in around if not any(w.overlaps(o) for o in [*used, *others])
        )
        assert one.reason

    outer = outermost(source.prefix for source in sources(plan, family=universe.version))
    maximal = maximal_by_looking(outer, used)
    left = maximal_by_looking(outer, [*used, *taken])
    assert found.free_blocks == len(maximal)
    assert found.largest_free == min(maximal, key=lambda block: (block.length, block.first), default=None)
    assert found.largest_left == min(left, key=lambda block: (block.length, block.first), default=None)


@given(st.sampled_from(SPACES), HELD, st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter(
    universe: Prefix, drawn: dict[str, list[tuple[int, int]]], depth: int, random: Any
) -> None:
    held = everything_in(universe, drawn)
    request = Request(universe.length + depth, 3, universe.version)
    plan = plan_of(held)
    other = plan_of(
        {what: those if what == "pools" else random.sample(those, len(those)) for what, those in held.items()}
    )
    for one, two in zip(placements(plan, request), placements(other, request), strict=True):
        assert [b.prefix for b in one.blocks] == [b.prefix for b in two.blocks]
        assert (one.fitting, one.free_blocks, one.largest_left) == (two.fitting, two.free_blocks, two.largest_left)


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_the_vnets_changes_neither_blocks_nor_reasons(names: list[str]) -> None:
    spaces = {"a": "10.0.0.0/24", "b": "10.0.2.0/24", "c": "10.0.9.0/24", "d": "10.0.0.0/23"}

    def plan(ordered: list[str]) -> Topology:
        vnets = {name: {"address_space": [spaces[name]], "region": "westeurope"} for name in ordered}
        pools = {"p": {"prefixes": ["10.0.0.0/20"], "region": "westeurope"}}
        return Topology.model_validate({"planning": {"pools": pools}, "vnets": vnets})

    assert list(plan(names).vnets) == names
    assert placements(plan(names), Request(24, 3)) == placements(plan(sorted(names)), Request(24, 3))


@given(st.sampled_from(SPACES), HELD, st.integers(0, 5), STRATEGY)
def test_the_whole_list_is_what_asking_for_all_of_them_gives(
    universe: Prefix, drawn: dict[str, list[tuple[int, int]]], depth: int, strategy: Any
) -> None:
    plan = plan_of(everything_in(universe, drawn))
    request = Request(universe.length + depth, 99, universe.version)
    listed = [one.prefix for one in every(plan, request, strategy)]
    assert listed == [one.prefix for one in suggestions(plan, request, strategy).blocks]


@given(st.sampled_from(SPACES[:2]), shapes(most=5), shapes(most=3), st.integers(1, 5), STRATEGY)
def test_what_was_handed_out_stays_where_it_is_when_more_is_asked_for(
    universe: Prefix, drawn: list[tuple[int, int]], more: list[tuple[int, int]], depth: int, strategy: Any
) -> None:
    used = blocks_of(universe, drawn)
    length = universe.length + depth
    few = suggestions(planned([universe], used), Request(length, 2), strategy).blocks
    many = suggestions(planned([universe], used), Request(length, 9), strategy).blocks
    assert [one.prefix for one in many[: len(few)]] == [one.prefix for one in few]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("pool", "length"), [("0.0.0.0/0", 32), ("10.0.0.0/8", 28), ("fd00::/8", 128)])
def test_the_whole_list_begins_before_it_is_made(pool: str, length: int, strategy: Any) -> None:
    plan = planned([P(pool)], [P("10.0.0.0/24")])
    found = list(islice(every(plan, Request(length, family=P(pool).version), strategy), 200))
    assert len({one.prefix for one in found}) == 200


def test_what_is_left_is_told_of_each_order() -> None:
    plan = topology("""
        planning.pools.lab = ["10.4.0.0/22"]
        vnets.a.address_space = ["10.4.0.0/26"]
    """)
    told = {
        one.strategy: (str(one.blocks[0].prefix), str(one.largest_left), one.left)
        for one in placements(plan, Request(26))
    }
    assert told == {
        "tightest": ("10.4.0.64/26", "10.4.2.0/23", 14),
        "in-order": ("10.4.0.64/26", "10.4.2.0/23", 14),
        "room-to-grow": ("10.4.2.0/26", "10.4.1.0/24", 14),
    }


REGIONAL = """
    [planning]
    pools.weu-prod = { prefixes = ["10.64.0.0/12"], region = "westeurope" }
    avoid = { "10.64.14.0/24" = "pods" }
    [vnets.hub-weu]
    region = "westeurope"
    address_space = ["10.64.0.0/22"]
    [vnets.app-weu]
    region = "westeurope"
    address_space = ["10.64.8.0/22"]
    [sites.dublin]
    address_space = ["192.168.10.0/24"]
    advertises = ["10.0.0.0/8", "0.0.0.0/0"]
"""


def test_the_reasons_are_written_out() -> None:
    said = {one.strategy: reasons(one) for one in placements(topology(REGIONAL), Request(22, region="westeurope"))}
    assert said == {
        "tightest": {
            "10.64.4.0/22": "a free block of just this size in 10.64.0.0/12 (weu-prod, westeurope); "
            "between hub-weu and app-weu; cannot grow in place; leaves 1020 × /22; "
            "joins the route 10.64.0.0/20 with hub-weu and 1 more; dublin advertises 10.0.0.0/8 over it"
        },
        "in-order": {
            "10.64.4.0/22": "lowest free /22 in 10.64.0.0/12 (weu-prod, westeurope); "
            "between hub-weu and app-weu; cannot grow in place; leaves 1020 × /22; "
            "joins the route 10.64.0.0/20 with hub-weu and 1 more; dublin advertises 10.0.0.0/8 over it"
        },
        "room-to-grow": {
            "10.72.0.0/22": "begins the free 10.72.0.0/13 in 10.64.0.0/12 (weu-prod, westeurope), so that it can "
            "double up to 10.72.0.0/13; after 10.64.14.0/24 (avoided: pods); leaves 1020 × /22; "
            "joins the route 10.64.0.0/12 with hub-weu and 1 more; dublin advertises 10.0.0.0/8 over it"
        },
    }


def test_the_reason_names_what_is_held_for_growth() -> None:
    plan = topology("""
        planning.pools.lab = ["10.4.0.0/20"]
        vnets.a.address_space = ["10.4.0.0/24"]
        sites.s.advertises = ["10.4.0.0/16"]
        sites.t.advertises = ["10.4.0.0/16"]
    """)
    (one,) = suggestions(plan, Request(24, growth=22), "in-order").blocks
    assert one.prefix == P("10.4.4.0/24")
    assert one.held == (P("10.4.5.0/24"), P("10.4.6.0/23"))
    assert one.reason == (
        "lowest free /22 in 10.4.0.0/20 (lab); after a; 10.4.5.0/24, 10.4.6.0/23 held for it to grow to 10.4.4.0/22; "
        "leaves 2 × /22; s and 1 more advertise 10.4.0.0/16 over it"
    )


def test_of_several_blocks_the_later_ones_are_next_and_none_grows_into_another() -> None:
    plan = topology('planning.pools.lab = ["10.4.0.0/22"]')
    found = suggestions(plan, Request(24, 3), "in-order")
    assert reasons(found) == {
        "10.4.0.0/24": "lowest free /24 in 10.4.0.0/22 (lab); cannot grow in place; leaves 1 × /24",
        "10.4.1.0/24": "next free /24 in 10.4.0.0/22 (lab); cannot grow in place; leaves 1 × /24",
        "10.4.2.0/24": "next free /24 in 10.4.0.0/22 (lab); can grow to /23; leaves 1 × /24",
    }


def test_a_known_clash_ends_the_reason() -> None:
    (one,) = suggestions(topology(""), Request(24, pool="192.168.0.0/23")).blocks
    assert one.reason.startswith("from 192.168.0.0/23, the smallest free block that holds a /24 in 192.168.0.0/23; ")
    assert one.reason.endswith("in the way of VPN users: stays available, but may clash with what is linked later")


def test_what_is_advertised_is_not_used_up() -> None:
    plan = topology('sites.s.advertises = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]')
    found = suggestions(plan, Request(8))
    assert [str(one.prefix) for one in found.blocks] == ["10.0.0.0/8"]
    assert "s advertises this very prefix: a VNet here and that route would compete" in found.blocks[0].reason


def test_a_block_in_which_a_site_advertises_something_says_so_and_comes_after_others_as_good() -> None:
    """Such a route competes with the VNet's own (rule ADR011)."""
    text = """
        planning.pools.p = ["10.9.0.0/21"]
        sites.dub.advertises = ["10.9.2.0/24", "10.9.1.0/25"]
        sites.cork.advertises = ["10.9.2.0/24"]
    """
    for strategy in ("tightest", "in-order"):
        first, second = suggestions(topology(text), Request(22, 2), strategy).blocks
        assert first.prefix == P("10.9.4.0/22" if strategy == "tightest" else "10.9.0.0/22")
        doubtful = second if strategy == "tightest" else first
        said = "dub and 1 more advertise 10.9.2.0/24 and 1 more inside it: a VNet here and that route would compete"
        assert said in doubtful.reason
    plain = suggestions(topology(text), Request(22)).blocks[0]
    assert "advertise" not in plain.reason


def test_home_routers_networks_come_last_where_the_file_has_no_pools() -> None:
    for found in placements(topology(""), Request(24)):
        assert "home router" not in found.blocks[0].reason
    taken = topology('vnets.a.address_space = ["10.0.0.0/8", "172.16.0.0/12"]')
    assert [str(found.blocks[0].prefix) for found in placements(taken, Request(24))] == [
        "192.168.2.0/24",
        "192.168.0.0/24",
        "192.168.0.0/24",
    ], "of what is free in one piece, only tightest has blocks to choose from"


def test_a_region_without_a_pool_is_told_so_and_joins_no_route_of_another() -> None:
    text = """
        [planning.pools]
        weu = { prefixes = ["10.64.0.0/24"], region = "westeurope" }
        shared = ["10.200.0.0/24"]
        [vnets.hub]
        region = "westeurope"
        address_space = ["10.64.0.0/26"]
    """
    for found in placements(topology(text), Request(25, count=3, region="uksouth")):
        assert [one.source.pool for one in found.blocks] == ["shared", "shared", "weu"]
        assert all("uksouth has no pool of its own" in one.reason for one in found.blocks)
        assert not any("joins the route" in one.reason for one in found.blocks)
    (own,) = suggestions(topology(text), Request(25, region="westeurope")).blocks
    assert "no pool" not in own.reason
    assert "joins the route 10.64.0.0/24 with hub" in own.reason


def test_a_region_whose_pools_have_no_ipv6_gets_it_from_the_others() -> None:
    plan = topology("""
        [planning.pools]
        weu = { prefixes = ["10.64.0.0/16"], region = "westeurope" }
        neu = { prefixes = ["10.65.0.0/16", "fd00:1::/40"], region = "northeurope" }
        six = ["fd00:9::/40"]
    """)
    (one,) = suggestions(plan, Request(64, family=6, region="westeurope")).blocks
    assert one.source.pool == "six"
    assert "westeurope has no IPv6 pool of its own" in one.reason


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_where_a_region_has_networks_goes_before_how_well_a_block_fits(strategy: Any) -> None:
    plan = topology("""
        [planning.pools]
        weu1 = { prefixes = ["10.64.0.0/16"], region = "westeurope" }
        weu2 = { prefixes = ["10.8.0.0/24", "10.16.0.0/12"], region = "westeurope" }
        [vnets.hub]
        region = "westeurope"
        address_space = ["10.64.0.0/20"]
    """)
    (one,) = suggestions(plan, Request(24, region="westeurope"), strategy).blocks
    assert one.source.pool == "weu1"


def test_what_is_left_is_counted_in_the_source_that_is_named() -> None:
    plan = topology('planning.pools = { a = ["10.1.0.0/24"], b = ["10.2.0.0/22"] }')
    found = suggestions(plan, Request(24, 2))
    assert {one.source.pool: one.reason[one.reason.index("leaves") :] for one in found.blocks} == {
        "a": "leaves 0 × /24",
        "b": "leaves 3 × /24",
    }


def test_a_block_that_touches_its_neighbour_is_not_called_far_from_it() -> None:
    plan = topology("""
        planning.pools.p = ["10.8.0.0/16"]
        vnets.hub.address_space = ["10.8.0.0/17"]
        vnets.far.address_space = ["10.8.192.0/18"]
    """)
    (one,) = suggestions(plan, Request(24), "room-to-grow").blocks
    assert one.reason == (
        "begins the free 10.8.128.0/18 in 10.8.0.0/16 (p), so that it can double up to 10.8.128.0/18; "
        "between hub and far; leaves 63 × /24"
    )


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_of_equal_blocks_the_lowest_is_handed_out_in_whatever_order_the_pools_are(strategy: Any) -> None:
    for text in ('{ b = ["10.2.0.0/24"], a = ["10.1.0.0/24"] }', '{ a = ["10.1.0.0/24"], b = ["10.2.0.0/24"] }'):
        (one,) = suggestions(topology(f"planning.pools = {text}"), Request(24), strategy).blocks
        assert one.prefix == P("10.1.0.0/24")


def test_numbers_that_nobody_would_read_are_powers_of_two() -> None:
    plan = topology('planning.pools.six = ["fd00::/40"]')
    (one,) = suggestions(plan, Request(128, family=6)).blocks
    assert one.reason.endswith("leaves ≈2^88.0 × /128")


def test_a_region_looks_first_where_its_networks_are() -> None:
    plan = topology("""
        planning.pools.weu = { prefixes = ["10.1.0.0/16", "10.2.0.0/16"], region = "westeurope" }
        planning.pools.lab = ["10.3.0.0/16"]
        vnets.a = { region = "West Europe", address_space = ["10.2.0.0/24"] }
    """)
    (one,) = suggestions(plan, Request(24, region="westeurope"), "in-order").blocks
    assert one.prefix == P("10.2.1.0/24")
    assert "joins the route 10.2.0.0/23 with a" in one.reason
    found = suggestions(plan, Request(24, 300, region="westeurope"), "in-order").blocks
    assert [str(block.source.prefix) for block in found[254:256]] == ["10.2.0.0/16", "10.1.0.0/16"]
    assert not any(P("10.3.0.0/16").contains(block.prefix) for block in found)


def test_a_pool_that_is_not_there_is_an_error() -> None:
    for ask in (suggestions, placements, lambda plan, request: list(every(plan, request))):
        with pytest.raises(VnetTuiError, match="there is no pool prod"):
            ask(topology(""), Request(24, pool="prod"))


def test_where_nothing_is_free_the_answer_is_empty_and_says_so() -> None:
    plan = topology('planning.pools.p = ["10.0.0.0/24"]\nvnets.a.address_space = ["10.0.0.0/8"]')
    for found in placements(plan, Request(28, 3)):
        assert (found.blocks, found.fitting, found.free_blocks, found.largest_free, found.largest_left) == (
            *((), 0, 0),
            *(None, None),
        )
        assert found.refusal is not None
        assert re.match("everything in the pools is used or held", found.refusal.message)


def test_a_thousand_blocks_are_handed_out_in_one_answer() -> None:
    pool = P("10.0.0.0/8")
    plan = planned([pool], [block_of(pool, 16, n << 9) for n in range(1000)])
    for found in placements(plan, Request(24, 1000)):
        assert len({one.prefix for one in found.blocks}) == 1000
        assert found.refusal is None
        assert found.left == 65536 - 2000
        assert not any("can grow to /25" in one.reason for one in found.blocks)
