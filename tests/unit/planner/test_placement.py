"""Three orders of the free blocks: each names all of them once, and is what one placement after another would give."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.planner.small_spaces import (
    UNIVERSES,
    block_of,
    blocks_of,
    free_by_looking,
    maximal_by_looking,
    shapes,
    unnamed,
)
from tui.planner.free_space import FreeSpace
from tui.planner.placement import STRATEGIES, Placed, Strategy, placed, spaces
from tui.planner.pools import Source
from tui.topology.intervals import outermost
from tui.topology.prefix import BITS, Prefix

P = Prefix.parse

IN_UNIVERSE = st.sampled_from(UNIVERSES)
DEPTHS = st.integers(0, 5)
STRATEGY = st.sampled_from(STRATEGIES)


def stream(pools: Sequence[Prefix], used: Sequence[Prefix], length: int, strategy: Strategy) -> list[Placed]:
    return list(placed(spaces(FreeSpace(used), unnamed(pools), length), length, strategy))


def given_out(pools: Sequence[Prefix], used: Sequence[Prefix], length: int, strategy: Strategy) -> list[Prefix]:
    return [one.block for one in stream(pools, used, length, strategy)]


def one_by_one(pools: Sequence[Prefix], used: Sequence[Prefix], length: int, strategy: Strategy) -> list[Prefix]:
    """What is given when the first is taken, and the question is put again."""
    taken: list[Prefix] = []
    while True:
        where = spaces(FreeSpace([*used, *taken]), unnamed(pools), length)
        best = next(placed(where, length, strategy), None)
        if best is None:
            return taken
        taken.append(best.block)


@settings(max_examples=150)
@given(IN_UNIVERSE, shapes(), shapes(most=4, least=1), DEPTHS, STRATEGY)
def test_every_order_names_each_free_block_within_one_pool_once(
    universe: Prefix,
    drawn: list[tuple[int, int]],
    pools: list[tuple[int, int]],
    depth: int,
    strategy: Strategy,
) -> None:
    where, used, length = blocks_of(universe, pools), blocks_of(universe, drawn), universe.length + depth
    found = stream(where, used, length, strategy)
    blocks = [one.block for one in found]
    assert sorted(blocks) == free_by_looking(where, used, length)
    for one in found:
        assert one.space.source.prefix.contains(one.opens)
        assert one.opens.contains(one.block)
        assert not any(one.opens.overlaps(taken) for taken in used)


@settings(max_examples=150)
@given(IN_UNIVERSE, shapes(), shapes(most=4, least=1), DEPTHS, STRATEGY)
def test_each_order_is_what_one_placement_after_another_gives(
    universe: Prefix,
    drawn: list[tuple[int, int]],
    pools: list[tuple[int, int]],
    depth: int,
    strategy: Strategy,
) -> None:
    where, used, length = blocks_of(universe, pools), blocks_of(universe, drawn), universe.length + depth
    assert given_out(where, used, length, strategy) == one_by_one(where, used, length, strategy)


@settings(max_examples=150)
@given(IN_UNIVERSE, shapes(), st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True), st.integers(3, 5))
def test_which_block_comes_first(
    universe: Prefix, drawn: list[tuple[int, int]], eighths: list[int], depth: int
) -> None:
    """The pools are eighths of the universe in any order, so that none lies in another."""
    pools = [block_of(universe, 3, eighth * 4) for eighth in eighths]
    used, length = blocks_of(universe, drawn), universe.length + depth
    fitting = [block for pool in pools for block in maximal_by_looking([pool], used) if block.length <= length]
    if not fitting:
        assert not any(given_out(pools, used, length, strategy) for strategy in STRATEGIES)
        return
    # The lowest of equals, in whatever order the pools are.
    fitting.sort()
    smallest = max(fitting, key=lambda block: block.length)
    tightest = stream(pools, used, length, "tightest")[0]
    assert (tightest.opens, tightest.block) == (smallest, Prefix(smallest.version, smallest.first, length))
    largest = min(fitting, key=lambda block: block.length)
    widest = stream(pools, used, length, "room-to-grow")[0]
    assert (widest.opens, widest.block) == (largest, Prefix(largest.version, largest.first, length))
    assert given_out(pools, used, length, "in-order") == free_by_looking(pools, used, length)


@pytest.mark.parametrize("pool", ["10.0.0.0/8", "128.0.0.0/1", "fd00::/48", "::/0"])
def test_room_to_grow_bisects_an_empty_pool_as_rfc_3531_does(pool: str) -> None:
    whole = P(pool)
    length = whole.length + 8
    size = 1 << (BITS[whole.version] - length)
    found = [(block.first - whole.first) // size for block in given_out([whole], [], length, "room-to-grow")]
    # The leftmost counting of the RFC: the number of the request with its bits reversed; equal distances lowest first.
    assert found[:8] == [0, 128, 64, 192, 32, 96, 160, 224]
    for level in range(9):
        assert sorted(found[: 1 << level]) == list(range(0, 256, 256 >> level))


def test_the_tightest_order_leaves_large_blocks_whole() -> None:
    used = [P("10.0.0.0/26"), P("10.0.0.128/27")]
    found = stream([P("10.0.0.0/24")], used, 27, "tightest")
    assert [str(one.block) for one in found] == [
        "10.0.0.160/27",
        "10.0.0.64/27",
        "10.0.0.96/27",
        "10.0.0.192/27",
        "10.0.0.224/27",
    ]
    assert [str(one.opens) for one in found[:2]] == ["10.0.0.160/27", "10.0.0.64/26"]


@given(IN_UNIVERSE, shapes(), shapes(most=4, least=1), DEPTHS, st.randoms(), STRATEGY)
def test_the_order_of_the_pools_does_not_matter(
    universe: Prefix,
    drawn: list[tuple[int, int]],
    pools: list[tuple[int, int]],
    depth: int,
    chance: Random,
    strategy: Strategy,
) -> None:
    where, used, length = blocks_of(universe, pools), blocks_of(universe, drawn), universe.length + depth
    other = chance.sample(where, len(where))
    assert given_out(where, used, length, strategy) == given_out(other, used, length, strategy)


@given(
    IN_UNIVERSE,
    shapes(),
    shapes(most=4, least=1),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
    DEPTHS,
    STRATEGY,
)
def test_a_later_choice_is_handed_out_when_nothing_is_left_of_the_earlier_ones(
    universe: Prefix,
    drawn: list[tuple[int, int]],
    pools: list[tuple[int, int]],
    choices: list[int],
    depth: int,
    strategy: Strategy,
) -> None:
    where, used, length = blocks_of(universe, pools), blocks_of(universe, drawn), universe.length + depth
    sources = [Source(prefix, None, None, choice) for prefix, choice in zip(where, choices, strict=False)]
    found = list(placed(spaces(FreeSpace(used), sources, length), length, strategy))
    assert sorted(one.block for one in found) == free_by_looking(where, used, length)
    given_choices = [one.space.source.choice for one in found]
    assert given_choices == sorted(given_choices)


@given(IN_UNIVERSE, shapes(), shapes(), DEPTHS, STRATEGY)
def test_doubts_decide_between_equals_only(
    universe: Prefix,
    drawn: list[tuple[int, int]],
    doubted: list[tuple[int, int]],
    depth: int,
    strategy: Strategy,
) -> None:
    used, doubts, length = blocks_of(universe, drawn), blocks_of(universe, doubted), universe.length + depth

    def doubtful(block: Prefix) -> bool:
        return any(block.overlaps(one) for one in doubts)

    where = spaces(FreeSpace(used), unnamed([universe]), length)
    found = list(placed(where, length, strategy, doubtful))
    plain = list(placed(where, length, strategy))
    if strategy == "in-order":
        assert found == plain
        return
    grades = [one.opens.length for one in plain]
    assert [one.opens.length for one in found] == grades, "the better grade still comes first"
    for grade in set(grades):
        same = [one for one in plain if one.opens.length == grade]
        assert [one for one in found if one.opens.length == grade] == sorted(same, key=lambda one: doubtful(one.block))


def test_where_all_are_doubtful_the_first_is_there_at_once() -> None:
    where = spaces(FreeSpace([]), unnamed([P("0.0.0.0/0")]), 32)
    assert [one.block for one in islice(placed(where, 32, "tightest", lambda block: True), 2)] == [
        P("0.0.0.0/32"),
        P("0.0.0.1/32"),
    ]


@given(IN_UNIVERSE, shapes(), shapes(most=4, least=1), DEPTHS)
def test_a_block_belongs_to_the_narrowest_source_that_can_hold_it(
    universe: Prefix, drawn: list[tuple[int, int]], pools: list[tuple[int, int]], depth: int
) -> None:
    where, used, length = blocks_of(universe, pools), blocks_of(universe, drawn), universe.length + depth
    for one in stream(where, used, length, "in-order"):
        holding = [pool for pool in where if pool.contains(one.block)]
        assert one.space.source.prefix == max(holding, key=lambda pool: pool.length)


@given(IN_UNIVERSE, shapes(most=6))
def test_the_outermost_pools_hold_all_others_and_do_not_overlap(universe: Prefix, pools: list[tuple[int, int]]) -> None:
    where = blocks_of(universe, pools)
    found = outermost(source.prefix for source in unnamed(where))
    assert all(any(one.contains(pool) for one in found) for pool in where)
    assert not any(a.overlaps(b) for a in found for b in found if a is not b)
    assert set(found) <= set(where)
    assert found == sorted(found)


def test_neighbouring_pools_are_never_merged() -> None:
    halves = [P("10.0.0.0/25"), P("10.0.0.128/25")]
    assert all(not given_out(halves, [], 24, strategy) for strategy in STRATEGIES)


def test_a_block_longer_than_an_address_is_nowhere() -> None:
    assert all(not given_out([P("10.0.0.0/24")], [], 33, strategy) for strategy in STRATEGIES)
    assert all(not given_out([], [], 24, strategy) for strategy in STRATEGIES)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("pool", "length"), [("0.0.0.0/0", 32), ("::/0", 128), ("10.0.0.0/8", 28)])
def test_the_first_blocks_of_billions_are_there_at_once(pool: str, length: int, strategy: Strategy) -> None:
    used = [P("10.1.2.0/24"), P("fd00::/64")]
    where = spaces(FreeSpace(used), unnamed([P(pool)]), length)
    blocks = [one.block for one in islice(placed(where, length, strategy), 1000)]
    assert len(set(blocks)) == 1000
    assert not any(block.overlaps(one) for block in blocks for one in used)
