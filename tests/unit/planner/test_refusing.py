"""Who is refused is told what is free, what stands in the way, and what makes room: which then does make room."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.planner.small_spaces import block_of, blocks_of, shapes
from tui.planner.refusal import Refusal
from tui.planner.renumber.moving import moved, moves
from tui.planner.request import Request
from tui.planner.suggest import placements, suggestions
from tui.topology.edits import Edit, change
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse


def refused(plan: Topology, request: Request) -> Refusal:
    refusal = suggestions(plan, request).refusal
    assert refusal is not None
    return refusal


def ways(plan: Topology, request: Request) -> list[str]:
    return [way.text for way in refused(plan, request).ways]


@st.composite
def plans(draw: st.DrawFn) -> Topology:
    """Two or three pools of 32 addresses, of which some are for a region, with all that can hold address space."""
    universe = draw(st.sampled_from([P("10.9.0.0/27"), P("fd00::40/123")]))

    def some(least: int, most: int, shallowest: int = 1) -> list[str]:
        return list(map(str, blocks_of(universe, draw(shapes(shallowest, least=least, most=most)))))

    data: dict[str, Any] = {
        "planning": {
            "pools": {
                name: {"prefixes": some(1, 2, 0), **draw(st.sampled_from([{}, {"region": "westeurope"}]))}
                for name in draw(st.sampled_from(["", "a", "ab"]))
            },
            "avoid": dict.fromkeys(some(0, 1, 3), "pods"),
        },
        "vnets": {
            f"v{number}": {
                "address_space": some(0, 2, 2),
                "growth": some(0, 2, 2),
                "renumber": draw(st.booleans()),
                "state": draw(st.sampled_from(["planned", "deployed"])),
            }
            for number in range(draw(st.integers(0, 3)))
        },
        "sites": {"s": {"address_space": some(0, 1, 3)}},
    }
    return Topology.model_validate(data)


@st.composite
def questions(draw: st.DrawFn, plan: Topology) -> Request:
    pools = plan.planning.pools
    families = {prefix.version for pool in pools.values() for prefix in pool.prefixes} or {4}
    family = families.pop()
    length = draw(st.integers(26, 32)) + (96 if family == 6 else 0)
    return Request(
        length=length,
        count=draw(st.sampled_from([1, 1, 2, 3, 7])),
        family=family,
        pool=draw(st.sampled_from([None, *pools, *(["10.9.0.0/27"] if family == 4 else [])])),
        region=draw(st.sampled_from([None, "westeurope", "eastus"])),
        growth=draw(st.sampled_from([None, None, length - 1])),
    )


def granted(plan: Topology, request: Request) -> bool:
    return suggestions(plan, request).refusal is None


@settings(max_examples=400)
@given(st.data())
def test_every_way_out_with_an_edit_makes_room_for_all_that_was_asked(data: st.DataObject) -> None:
    plan = data.draw(plans())
    request = data.draw(questions(plan))
    found = suggestions(plan, request)
    if found.refusal is None:
        return
    assert found.refusal.largest_free == found.largest_free
    assert found.largest_free is None or str(found.largest_free) in found.refusal.message + " ".join(
        way.text for way in found.refusal.ways
    )
    for way in found.refusal.ways:
        assert way.edit is None or granted(way.edit.apply(plan), request), way.text
        assert way.request is None or granted(plan, way.request), way.text
    assert len({way.text for way in found.refusal.ways}) == len(found.refusal.ways)


@settings(max_examples=300)
@given(st.data())
def test_the_smallest_growth_whose_release_is_enough_is_found_if_there_is_one(data: st.DataObject) -> None:
    plan = data.draw(plans())
    request = data.draw(questions(plan))
    if granted(plan, request):
        return
    said = [way for way in refused(plan, request).ways if way.text.startswith("release")]
    enough: list[int] = []
    for name, vnet in plan.vnets.items():
        for kept in [(), *(tuple(other for other in vnet.growth if other != one) for one in vnet.growth)]:
            if vnet.growth and granted(change(("vnets", name), growth=kept).apply(plan), request):
                enough.append(sum(one.size for one in vnet.growth if one not in kept))
    assert len(said) == bool(enough)
    if said:
        assert said[0].edit is not None
        after = said[0].edit.apply(plan)
        released = sum(one.size for vnet in plan.vnets.values() for one in vnet.growth) - sum(
            one.size for vnet in after.vnets.values() for one in vnet.growth
        )
        assert released <= 2 * min(enough), "of a growth that is written twice both go"
        assert said[0].edit.title.startswith("Release growth of v")


@settings(max_examples=300)
@given(st.data())
def test_the_vnet_whose_move_is_enough_is_found_if_there_is_one_and_a_place_for_it(data: st.DataObject) -> None:
    plan = data.draw(plans())
    request = data.draw(questions(plan))
    if granted(plan, request):
        return
    said = [way for way in refused(plan, request).ways if way.text.startswith("move")]
    enough = [
        (vnet.state != "planned", sum(one.size for one in vnet.address_space), name)
        for name, vnet in plan.vnets.items()
        if vnet.renumber and any(granted(edit.apply(plan), request) for edit in moves_of(plan, name))
    ]
    assert len(said) <= 1
    assert said or not enough
    for way in said:
        assert way.moves is not None
        assert way.edit is not None, "it says where to"
        vnet = plan.vnets[way.moves]
        deployed = vnet.state != "planned"
        assert way.text.startswith(f"move {way.moves}{', which is deployed,' if deployed else ''} to ")
        key = deployed, sum(one.size for one in vnet.address_space), way.moves
        assert not enough or key <= min(enough), "the smallest"


def moves_of(plan: Topology, name: str) -> list[Edit]:
    """The edits that take the VNet to one of three places; none where there is no place."""
    found = moves(plan, name, count=3)
    return [] if isinstance(found, Refusal) else [moved(one) for one in found]


@settings(max_examples=200)
@given(st.data())
def test_the_size_that_is_offered_instead_is_the_largest_of_which_there_are_enough(data: st.DataObject) -> None:
    plan = data.draw(plans())
    request = data.draw(questions(plan))
    if granted(plan, request):
        return
    said = [int(found[1]) for text in ways(plan, request) if (found := re.match(r"ask for .*?/(\d+) or smaller", text))]
    most = {4: 32, 6: 128}[request.family]
    others = (Request(n, request.count, request.family, request.pool, request.region) for n in range(most + 1))
    enough = [other.length for other in others if other.length > request.searched and granted(plan, other)]
    assert said == enough[:1]


@settings(max_examples=100)
@given(st.data())
def test_all_orders_refuse_with_the_same_words(data: st.DataObject) -> None:
    plan = data.draw(plans())
    request = data.draw(questions(plan))
    first, *others = placements(plan, request)
    assert all(other.refusal == first.refusal for other in others)


POOLS = """
    [planning.pools]
    weu = { prefixes = ["10.1.0.0/24"], region = "westeurope" }
    lab = ["10.2.0.0/24"]
    six = ["fd00::/40"]
    [vnets.a]
    address_space = ["10.1.0.0/25"]
    [vnets.b]
    address_space = ["10.2.0.0/26"]
    growth = ["10.2.0.64/26"]
"""


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (
            Request(24, pool="weu"),
            "no /24 is free in pool weu: the largest free block is 10.1.0.128/25; in the way: a (10.1.0.0/25)",
        ),
        (
            Request(20),
            "no prefix of the pools is as large as a /20: the largest is 10.1.0.0/24, "
            "the largest free block 10.1.0.128/25",
        ),
        (
            Request(24, region="westeurope"),
            "no /24 is free in what westeurope may use: the largest free block is 10.1.0.128/25; "
            "in the way: a (10.1.0.0/25)",
        ),
        (
            Request(24),
            "no /24 is free in the pools: the largest free block is 10.1.0.128/25; "
            "in the way: a (10.1.0.0/25), b (10.2.0.0/26), b's growth 10.2.0.64/26",
        ),
        (
            Request(25, count=3),
            "only 2 of 3 × /25 are free in the pools: the largest free block is 10.1.0.128/25; "
            "in the way: a (10.1.0.0/25), b (10.2.0.0/26), b's growth 10.2.0.64/26",
        ),
        (Request(24, pool="six"), "pool six holds no IPv4 prefix"),
        (Request(48, family=6, pool="lab"), "pool lab holds no IPv6 prefix"),
        (Request(24, pool="10.1.0.0/25"), "no prefix of 10.1.0.0/25 is as large as a /24: the largest is 10.1.0.0/25"),
        (Request(28, pool="10.1.0.0/25"), "everything in 10.1.0.0/25 is used or held; in the way: a (10.1.0.0/25)"),
    ],
)
def test_it_is_said_what_is_free_and_what_stands_in_the_way(request_: Request, why: str) -> None:
    assert refused(topology(POOLS), request_).message == why


def test_many_in_the_way_are_counted_the_widest_named() -> None:
    plan = Topology.model_validate(
        {
            "planning": {"pools": {"p": ["10.0.0.0/24"]}},
            "vnets": {
                **{f"v{n}": {"address_space": [f"10.0.0.{n * 32}/27"]} for n in range(7)},
                "wide": {"gateway": {"p2s_pools": ["10.0.0.224/28"]}, "growth": ["10.0.0.0/25"]},
            },
        }
    )
    assert refused(plan, Request(26)).message == (
        "no /26 is free in the pools: the largest free block is 10.0.0.240/28; "
        "in the way: wide's growth 10.0.0.0/25, v0 (10.0.0.0/27), v1 (10.0.0.32/27) and 6 more"
    )


def test_without_any_prefix_of_the_family_there_is_nothing_to_look_in() -> None:
    assert refused(topology(""), Request(48, family=6)).message == "the pools hold no IPv6 prefix"


def test_where_there_is_no_ipv6_a_unique_local_prefix_is_offered_always_the_same() -> None:
    assert ways(topology(""), Request(64, family=6)) == [
        "add fdff:f41:3c00::/48 to planning.pools: it is unique local (RFC 4193), and free"
    ]
    text = """
        name = "Contoso"
        planning.pools.weu = { prefixes = ["10.1.0.0/24"], region = "West Europe" }
    """
    for request, place in (
        (Request(64, family=6, pool="weu"), "to pool weu"),
        (Request(64, family=6, region="westeurope"), "to pool weu"),
        (Request(64, family=6), "to pool weu"),
    ):
        (way,) = refused(topology(text), request).ways
        assert way.text == f"add fdb8:b2d:1700::/48 {place}: it is unique local (RFC 4193), and free"
        assert way.edit is not None
        assert granted(way.edit.apply(topology(text)), request)
    (way,) = refused(topology(text), Request(64, count=3, family=6, region="uksouth")).ways
    assert way.text == "add a pool for uksouth, fdb8:b2d:1700::/48: it is unique local (RFC 4193), and free"
    assert way.edit is not None
    after = way.edit.apply(topology(text))
    assert after.planning.pools["uksouth"].region == "uksouth"
    assert granted(after, Request(64, count=3, family=6, region="uksouth"))
    used = topology(f'{text}\n        vnets.a.address_space = ["fdb8:b2d:1700::/48"]')
    assert ways(used, Request(64, family=6))[0].startswith("add fdb8:b2d:16ff::/48")


def test_a_region_without_a_pool_is_not_told_to_widen_that_of_another() -> None:
    plan = topology("""
        planning.pools.weu = { prefixes = ["10.64.0.0/24"], region = "westeurope" }
        vnets.hub = { region = "westeurope", address_space = ["10.64.0.0/24"], renumber = false }
    """)
    request = Request(25, count=3, region="uksouth")
    (way,) = refused(plan, request).ways
    assert way.text == "add a pool for uksouth, 10.128.0.0/23: it is private, and free"
    assert way.edit is not None
    assert granted(way.edit.apply(plan), request)


def test_the_ways_out_are_written_out() -> None:
    assert ways(topology(POOLS), Request(25, pool="lab", count=2)) == [
        "10.1.0.128/25 is free in 10.1.0.0/24 (weu, westeurope): ask there",
        "move b to 10.1.0.128/26: that frees 10.2.0.0/25",
        "ask for 2 × /26 or smaller: 2 are free",
    ]
    assert ways(topology(POOLS), Request(26, pool="lab", count=3)) == [
        "release 10.2.0.64/26, which is held for b",
        "10.1.0.128/26 is free in 10.1.0.0/24 (weu, westeurope): ask there",
        "move b to 10.1.0.128/26: that frees 10.2.0.0/26",
        "ask for 3 × /27 or smaller: 4 are free",
    ]
    assert ways(topology(POOLS), Request(24, pool="lab")) == [
        "add 10.128.0.0/24 to pool lab: it is private, and free",
        "move b to 10.1.0.128/26: that frees 10.2.0.0/24",
        "ask for a /25 or smaller: 10.2.0.128/25 is free",
    ]
    assert ways(topology(POOLS), Request(24)) == [
        "add 10.128.0.0/24 to a pool: it is private, and free",
        "move b to 10.1.0.128/26: that frees 10.2.0.0/24",
        "ask for a /25 or smaller: 10.1.0.128/25 is free",
    ]


def test_of_several_growths_of_one_vnet_all_that_are_in_the_way_are_released_and_no_other() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.0.0/24"]
        vnets.a.growth = ["10.0.0.0/25", "10.0.0.128/25", "10.9.0.0/16"]
    """)
    way = refused(plan, Request(24)).ways[0]
    assert way.text == "release 10.0.0.0/25 and 10.0.0.128/25, which are held for a"
    assert way.edit is not None
    assert way.edit.apply(plan).vnets["a"].growth == (P("10.9.0.0/16"),)


def test_what_is_added_to_a_pool_is_new_to_it_and_enough_for_all_blocks() -> None:
    plan = topology('planning.pools.p = ["10.0.0.0/24"]')
    way = refused(plan, Request(25, count=5)).ways[0]
    assert way.edit is not None
    added = way.edit.apply(plan).planning.pools["p"].prefixes[-1]
    assert added.length == 23
    assert not added.overlaps(P("10.0.0.0/24"))
    assert way.text == f"add {added} to pool p: it is private, and free"


def test_who_is_pinned_is_not_asked_to_move_and_who_is_planned_is_asked_before_who_is_deployed() -> None:
    text = """
        planning.pools.p = ["10.0.0.0/23"]
        planning.pools.spare = ["10.7.0.0/24"]
        vnets.a = { address_space = ["10.0.0.0/25"], state = "deployed" }
        vnets.b = { address_space = ["10.0.1.0/24"] }
        vnets.c = { address_space = ["10.0.0.128/26"], growth = ["10.0.0.192/26"], renumber = false }
    """
    assert "move b to 10.7.0.0/24: that frees 10.0.1.0/24" in ways(topology(text), Request(24, pool="p"))
    pinned = text.replace('["10.0.1.0/24"]', '["10.0.1.0/24"], renumber = false')
    said = ways(topology(pinned), Request(25, pool="p"))
    assert "move a, which is deployed, to 10.7.0.0/25: that frees 10.0.0.0/25" in said
    assert not any(way.startswith("move") for way in ways(topology(pinned), Request(24, pool="p")))


def test_who_has_nowhere_to_go_or_would_take_what_is_missing_is_not_asked_to_move() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.0.0/24"]
        vnets.a.address_space = ["10.0.0.0/25"]
        vnets.b.address_space = ["10.0.0.128/26"]
    """)
    assert ways(plan, Request(25)) == [
        "add 10.128.0.0/25 to pool p: it is private, and free",
        "ask for a /26 or smaller: 10.0.0.192/26 is free",
    ]


def test_networks_of_both_families_hold_only_their_own() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.0.0/24", "fd00::/56"]
        vnets.a.address_space = ["10.0.0.0/24", "fd00::/57"]
        vnets.b.growth = ["10.9.0.0/16", "fd00:0:0:80::/58"]
    """)
    private = "add fdff:f41:3c00::/48 to pool p: it is unique local (RFC 4193), and free"
    assert ways(plan, Request(56, family=6)) == [private, "ask for a /58 or smaller: fd00:0:0:c0::/58 is free"]
    assert ways(plan, Request(57, family=6)) == [
        "release fd00:0:0:80::/58, which is held for b",
        private,
        "ask for a /58 or smaller: fd00:0:0:c0::/58 is free",
    ]
    assert ways(plan, Request(24)) == ["add 10.128.0.0/24 to pool p: it is private, and free"]


def test_a_growth_that_covers_the_whole_pool_and_more_can_be_released() -> None:
    plan = topology("""
        planning.pools.p = ["10.0.7.0/24"]
        vnets.a.growth = ["10.0.0.0/16"]
    """)
    way = refused(plan, Request(25, count=2)).ways[0]
    assert way.text == "release 10.0.7.0/24, which is held for a"
    assert way.edit is not None
    assert granted(way.edit.apply(plan), Request(25, count=2))


@pytest.mark.parametrize(
    "growth", [("10.64.2.0/23",), ("10.64.1.0/24", "10.64.2.0/23"), ("10.64.2.0/23", "10.64.1.0/24")]
)
def test_of_held_growth_that_is_released_which_is_farthest_from_the_vnet(growth: tuple[str, ...]) -> None:
    plan = topology(f"""
        [planning.pools]
        p = ["10.64.0.0/22"]
        [vnets.hub]
        address_space = ["10.64.0.0/24"]
        growth = {list(growth)}
        renumber = false
    """)
    free_now = 2 - len(growth)
    way = refused(plan, Request(24, count=free_now + 1)).ways[0]
    assert way.text == "release 10.64.3.0/24, which is held for hub"
    assert way.edit is not None
    after = way.edit.apply(plan)
    assert granted(after, Request(24, count=free_now + 1))
    kept = [str(one) for one in after.vnets["hub"].growth]
    assert sorted(kept) == ["10.64.1.0/24", "10.64.2.0/24"][1 - (len(growth) - 1) :]


def test_a_pool_that_thousands_of_vnets_fill_is_full() -> None:
    whole = P("10.0.0.0/8")
    plan = Topology.model_validate(
        {
            "planning": {"pools": {"p": [str(whole)]}},
            "vnets": {f"v{n}": {"address_space": [str(block_of(whole, 14, n << 10))]} for n in range(16384)},
        }
    )
    assert refused(plan, Request(9)).message.startswith("everything in the pools is used or held; in the way: v0 (")
