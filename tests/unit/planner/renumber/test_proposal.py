"""Renumbering leaves no joined networks that overlap, moves nothing that may not move, and is the cheapest way."""

from __future__ import annotations

import datetime
import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.checks.engine import check
from tui.connectivity.collisions import collisions
from tui.errors import EditError
from tui.planner.renumber import conflicts
from tui.planner.renumber.proposal import Renumbering, edit_of, moving_costs, renumbering
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse
NAMES = ("a", "b", "c", "d", "e")
SITES = ("x", "y")
AMPLE = ["10.64.0.0/16", "fd64::/48"]
SCARCE = ["10.9.0.0/27"]


def blocks(root: str, bits: int, size: int) -> st.SearchStrategy[str]:
    """Blocks of a small space."""
    whole = P(root)
    lengths = st.integers(bits - size, bits)
    return st.tuples(lengths, st.integers(0, (1 << size) - 1)).map(
        lambda block: str(Prefix(whole.version, whole.first + block[1], bits).shortened(block[0]))
    )


spaces = st.lists(st.one_of(blocks("10.9.0.0/28", 32, 4), blocks("fd00::/126", 128, 2)), max_size=3)


@st.composite
def estates(draw: st.DrawFn, *, pools: list[str]) -> dict[str, Any]:
    """A small estate: everything is linked with much, and most of it overlaps."""
    vnets = {
        name: {
            "address_space": (space := draw(spaces)),
            "subnets": {f"s{number}": one for number, one in enumerate(space[: draw(st.integers(0, 3))])},
            "renumber": draw(st.sampled_from([True, True, True, False])),
            "state": draw(st.sampled_from(["planned", "planned", "deployed", "retiring"])),
            "transit": draw(st.booleans()),
        }
        for name in NAMES[: draw(st.integers(2, len(NAMES)))]
    }
    sites = {name: {"address_space": draw(spaces)} for name in SITES[: draw(st.integers(0, len(SITES)))]}
    ends = st.sampled_from(list(combinations((*vnets, *sites), 2)))
    links = draw(st.lists(ends, max_size=6, unique=True))
    return {
        "schema": 1,
        "planning": {"pools": {"p": pools}},
        "vnets": vnets,
        "sites": sites,
        "connections": {f"{a}-{b}": {"between": (a, b), "bgp": draw(st.booleans())} for a, b in links},
    }


def model(data: dict[str, Any]) -> Topology:
    """The topology of an estate."""
    return Topology.model_validate(data)


def colliding(plan: Topology) -> set[frozenset[str]]:
    """The pairs of joined networks that overlap."""
    return {frozenset(one.networks) for one in collisions(plan).pairs if one.joined}


def adr001(plan: Topology) -> set[frozenset[str]]:
    """What the check reports of joined networks that overlap."""
    found = check(plan, datetime.date(2026, 1, 1))
    return {frozenset(path[-1] for path in one.where) for one in found if one.code == "ADR001"}


def unsolved(found: Renumbering) -> set[frozenset[str]]:
    """The pairs that are said to stay."""
    return {frozenset((one.network, other)) for one in found.unsolved for other in one.against}


def may_move(plan: Topology, name: str, sites: bool) -> bool:
    """True if a network may be renumbered at all."""
    return plan.vnets[name].renumber if name in plan.vnets else sites


@given(estates(pools=AMPLE), st.booleans())
def test_with_room_for_all_nothing_is_left_but_what_may_not_move(data: dict[str, Any], sites: bool) -> None:
    plan = model(data)
    found = renumbering(plan, sites=sites)
    after = edit_of(found.steps).apply(plan)
    stuck = {pair for pair in colliding(plan) if not any(may_move(plan, name, sites) for name in pair)}
    assert adr001(after) == unsolved(found) == stuck
    assert all(may_move(plan, step.move.network, sites) for step in found.steps)
    for name in (*plan.vnets, *plan.sites):
        if not may_move(plan, name, sites):
            before = plan.vnets.get(name) or plan.sites[name]
            assert (after.vnets.get(name) or after.sites[name]) is before


@given(estates(pools=AMPLE), st.booleans())
def test_no_other_set_of_networks_is_cheaper(data: dict[str, Any], sites: bool) -> None:
    plan = model(data)
    found = renumbering(plan, sites=sites)
    costs = moving_costs(plan, sites=sites)
    movable = [name for name, cost in costs.items() if cost is not None]
    pairs = [pair for pair in colliding(plan) if any(name in movable for name in pair)]
    cheapest = min(
        sum(costs[name] or 0 for name in chosen)
        for number in range(len(movable) + 1)
        for chosen in combinations(movable, number)
        if all(pair & {*chosen} for pair in pairs)
    )
    assert found.exact
    assert found.cost == sum(step.cost for step in found.steps) == cheapest
    assert found.conflicts == len(colliding(plan))


@given(estates(pools=SCARCE), st.booleans())
def test_where_room_is_scarce_what_stays_is_named_and_nothing_else_overlaps(data: dict[str, Any], sites: bool) -> None:
    plan = model(data)
    found = renumbering(plan, sites=sites)
    after = edit_of(found.steps).apply(plan)
    assert adr001(after) == unsolved(found)
    assert all(may_move(plan, step.move.network, sites) for step in found.steps)


def has_room(blocks: list[Prefix], taken: list[Prefix]) -> bool:
    """Whether all blocks find a place in the scarce pool, by trying every one."""
    if not blocks:
        return True
    first, *rest = blocks
    pool = P(SCARCE[0])
    places = pool.split(first.length) if first.version == 4 and first.length >= pool.length else ()
    return any(has_room(rest, [*taken, place]) for place in places if not any(place.overlaps(other) for other in taken))


@given(estates(pools=SCARCE), st.booleans())
def test_no_pair_stays_that_the_blocks_of_one_side_have_room_to_leave(data: dict[str, Any], sites: bool) -> None:
    plan = model(data)
    after = edit_of(renumbering(plan, sites=sites).steps).apply(plan)
    names = (*plan.vnets, *plan.sites)
    taken = [block for where in (plan, after) for name in names for block in plan_space(where, name)]
    for pair in colliding(after):
        for name in pair:
            (other,) = pair - {name}
            mine = [a for a in plan_space(after, name) if any(map(a.overlaps, plan_space(after, other)))]
            moving = [one for one in dict.fromkeys(mine) if not any(a != one and a.contains(one) for a in mine)]
            assert not may_move(plan, name, sites) or not has_room(moving, taken)


def overlaps(plan: Topology) -> set[tuple[frozenset[str], bool]]:
    """Every pair of networks that overlap, joined or not."""
    return {(frozenset(one.networks), one.joined) for one in collisions(plan).pairs}


@given(estates(pools=["10.9.0.0/26", "fd00::/120"]), st.data())
def test_any_of_the_steps_can_be_made_alone_and_makes_no_new_overlap(data: dict[str, Any], draw: st.DataObject) -> None:
    plan = model(data)
    found = renumbering(plan)
    some = [step for step in found.steps if draw.draw(st.booleans())]
    after = edit_of(some).apply(plan)
    assert overlaps(after) <= overlaps(plan)
    moved = {step.move.network for step in some}
    for name, vnet in plan.vnets.items():
        assert (name in moved) != (after.vnets[name].address_space == vnet.address_space)
    for step in some:
        assert step.because
        assert all(frozenset((step.move.network, other)) in colliding(plan) for other in step.because)


@given(estates(pools=[*SCARCE, "fd64::/124"]), st.randoms(use_true_random=False))
def test_the_order_of_the_file_decides_nothing(data: dict[str, Any], chance: random.Random) -> None:
    first = renumbering(model(data))
    shuffled = dict(data)
    for table in ("vnets", "sites"):
        entries = list(data[table].items())
        chance.shuffle(entries)
        shuffled[table] = dict(entries)
    assert renumbering(model(shuffled)) == first


@given(estates(pools=AMPLE), st.booleans())
def test_beyond_the_bound_of_pairs_everything_is_still_solved(data: dict[str, Any], sites: bool) -> None:
    plan = model(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conflicts, "MOST_OVERLAPS", 0)
        found = renumbering(plan, sites=sites)
    after = edit_of(found.steps).apply(plan)
    stuck = {pair for pair in colliding(plan) if not any(may_move(plan, name, sites) for name in pair)}
    assert adr001(after) == unsolved(found) == stuck
    assert not found.exact or not found.conflicts
    assert bool(found.conflicts) == bool(colliding(plan))


PAIR = """
    [vnets.a]
    address_space = ["10.0.0.0/16"]
    [vnets.a.subnets]
    one = "10.0.1.0/24"
    two = "10.0.2.0/24"
    [vnets.b]
    address_space = ["10.0.0.0/20"]
    [peerings.p]
    between = ["a", "b"]
"""


def test_the_network_with_fewer_subnets_moves() -> None:
    (step,) = renumbering(topology(PAIR)).steps
    assert step.move.network == "b"
    assert step.move.blocks == ((P("10.0.0.0/20"), P("10.1.0.0/20")),)
    assert step.because == ("a",)


def test_what_is_planned_moves_rather_than_what_is_deployed() -> None:
    plan = topology(PAIR.replace("[vnets.b]", '[vnets.b]\nstate = "deployed"'))
    (step,) = renumbering(plan).steps
    assert step.move.network == "a"
    assert [str(new) for _, _, new in step.move.subnets] == ["10.1.1.0/24", "10.1.2.0/24"]


def test_a_site_never_moves_unless_it_may_and_then_only_where_no_vnet_can() -> None:
    text = """
        [vnets.a]
        address_space = ["10.0.0.0/16"]
        state = "deployed"
        subnets = { one = "10.0.1.0/24" }
        [sites.x]
        address_space = ["10.0.0.0/24"]
        [connections.c]
        between = ["a", "x"]
    """
    assert [step.move.network for step in renumbering(topology(text), sites=True).steps] == ["a"]
    pinned = topology(text.replace("[vnets.a]", "[vnets.a]\nrenumber = false"))
    found = renumbering(pinned)
    assert not found.steps
    assert [(one.network, one.against) for one in found.unsolved] == [("a", ("x",))]
    assert [step.move.network for step in renumbering(pinned, sites=True).steps] == ["x"]


def test_only_the_prefix_that_collides_moves() -> None:
    plan = topology("""
        [vnets.a]
        address_space = ["10.0.0.0/24", "10.5.0.0/24"]
        [vnets.b]
        address_space = ["10.5.0.0/16"]
        renumber = false
        [peerings.p]
        between = ["a", "b"]
    """)
    after = edit_of(renumbering(plan).steps).apply(plan)
    assert after.vnets["a"].address_space == (P("10.0.0.0/24"), P("10.0.1.0/24"))


def test_networks_that_are_not_joined_may_overlap() -> None:
    plan = topology('vnets.a.address_space = ["10.0.0.0/16"]\nvnets.b.address_space = ["10.0.0.0/16"]')
    assert renumbering(plan) == Renumbering((), (), 0, 0, True)


def test_where_one_end_has_no_room_the_other_one_moves() -> None:
    plan = topology(
        PAIR.replace("one =", "three =").replace("[vnets.b]", '[vnets.b]\npool = "full"')
        + """
    [planning.pools]
    full = ["10.0.0.0/16"]
    roomy = ["10.64.0.0/12"]
    """
    )
    found = renumbering(plan)
    assert [step.move.network for step in found.steps] == ["a"]
    assert not found.unsolved
    assert not found.exact


def test_what_has_no_room_is_named_with_a_way_out_and_the_rest_moves() -> None:
    plan = topology("""
        planning.pools.small = ["10.9.0.0/23"]
        vnets.hub.address_space = ["10.1.0.0/24"]
        vnets.a.address_space = ["10.0.0.0/24"]
        vnets.b.address_space = ["10.0.0.0/24"]
        vnets.c.address_space = ["10.0.0.0/24"]
        vnets.d.address_space = ["10.0.0.0/24"]
        peerings.a.between = ["hub", "a"]
        peerings.b.between = ["hub", "b"]
        peerings.c.between = ["hub", "c"]
        peerings.d.between = ["hub", "d"]
    """)
    found = renumbering(plan)
    assert len(found.steps) == 2
    (one,) = found.unsolved
    assert one.why == (
        "10.0.0.0/24 of a cannot move away from d: no IPv4 /24 is left for a in 10.9.0.0/23 beside what else moves"
    )
    assert one.way == "add 10.0.1.0/24, which is free, to pool small: then it can move"


@given(estates(pools=SCARCE))
def test_a_step_names_all_that_stays_and_is_in_its_way(data: dict[str, Any]) -> None:
    plan = model(data)
    found = renumbering(plan)
    after = edit_of(found.steps).apply(plan)
    for step in found.steps:
        name, olds = step.move.network, [old for old, _ in step.move.blocks]
        stays = {
            other: [one for one in plan_space(after, other) if one in plan_space(plan, other)]
            for pair in colliding(plan)
            if name in pair
            for other in pair - {name}
        }
        assert step.because == tuple(
            sorted(other for other, space in stays.items() if any(a.overlaps(b) for a in space for b in olds))
        )


def plan_space(plan: Topology, name: str) -> tuple[Prefix, ...]:
    """The address space of a network."""
    network = plan.vnets.get(name) or plan.sites[name]
    return network.address_space


def test_prefixes_within_each_other_move_as_one_and_are_not_in_each_others_way() -> None:
    plan = topology("""
        vnets.a.address_space = ["10.0.0.0/24", "10.0.0.0/25", "10.5.0.0/24", "10.5.0.0/25"]
        vnets.b.address_space = ["10.0.0.0/24", "10.6.0.0/24"]
        vnets.c = { address_space = ["10.5.0.0/16", "10.6.0.0/16"], renumber = false }
        peerings.x.between = ["a", "b"]
        peerings.y.between = ["a", "c"]
    """)
    steps = {step.move.network: [str(old) for old, _ in step.move.blocks] for step in renumbering(plan).steps}
    assert steps == {"a": ["10.5.0.0/24"], "b": ["10.0.0.0/24", "10.6.0.0/24"]}


TWO_BLOCKS = """
    [planning.pools]
    all = ["10.0.0.0/16"]
    [planning.avoid]
    "10.0.64.0/18" = "lab"
    "10.0.32.0/20" = "lab"
    [vnets.app]
    address_space = ["10.0.128.0/17", "10.0.16.0/24"]
    [vnets.x1]
    address_space = ["10.0.0.0/19"]
    [vnets.y1]
    address_space = ["10.0.200.0/24"]
    [peerings]
    a = { between = ["app", "x1"] }
    b = { between = ["app", "y1"] }
"""


def test_a_network_of_which_one_block_has_no_room_moves_with_another_one() -> None:
    plan = topology(TWO_BLOCKS)
    found = renumbering(plan)
    assert [(step.move.network, [str(old) for old, _ in step.move.blocks]) for step in found.steps] == [
        ("app", ["10.0.16.0/24"]),
        ("y1", ["10.0.200.0/24"]),
    ]
    assert not found.unsolved
    assert not found.exact
    assert not colliding(edit_of(found.steps).apply(plan))


def test_each_pair_that_stays_says_which_block_has_no_room_and_what_would_give_it_some() -> None:
    pinned = 'renumber = false\n    address_space = ["10.0.200.0/24"]'
    plan = topology(TWO_BLOCKS.replace('address_space = ["10.0.200.0/24"]', pinned))
    (step,), (one,) = (found := renumbering(plan)).steps, found.unsolved
    assert (step.move.network, [str(old) for old, _ in step.move.blocks]) == ("app", ["10.0.16.0/24"])
    assert (one.network, one.against) == ("app", ("y1",))
    assert one.why == (
        "10.0.128.0/17 of app cannot move away from y1: no IPv4 /17 is left for app in 10.0.0.0/16: the largest free "
        "block is 10.0.48.0/20"
    )
    assert one.way == "add 10.1.0.0/17, which is free, to pool all: then it can move"
    roomy = topology(
        TWO_BLOCKS.replace('address_space = ["10.0.200.0/24"]', pinned).replace('/16"]', '/16", "10.1.0.0/17"]')
    )
    assert not renumbering(roomy).unsolved


def test_what_moves_without_solving_a_pair_stays() -> None:
    plan = topology("""
        planning.pools.small = ["10.9.0.0/24"]
        vnets.a.address_space = ["10.0.0.0/16", "10.5.0.0/24"]
        vnets.b = { address_space = ["10.0.0.0/8"], renumber = false }
        peerings.p.between = ["a", "b"]
    """)
    found = renumbering(plan)
    assert found.steps == ()
    assert [(one.network, one.against) for one in found.unsolved] == [("a", ("b",))]


def test_a_plan_that_changed_since_is_refused_whole() -> None:
    plan = topology(PAIR)
    edit = edit_of(renumbering(plan).steps)
    assert edit.title == "Renumber b"
    with pytest.raises(EditError):
        edit.apply(edit.apply(plan))
