"""The arithmetic of free stretches agrees with looking at every block, at every end of the address space."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.planner.small_spaces import (
    UNIVERSES,
    block_of,
    blocks_of,
    free_by_looking,
    maximal_by_looking,
    shapes,
)
from tui.planner.free_space import FreeSpace
from tui.planner.gaps import Gaps, largest_of, maximal_blocks
from tui.topology.intervals import free_blocks
from tui.topology.intervals import gaps as stretches_between
from tui.topology.prefix import BITS, Prefix

P = Prefix.parse

IN_UNIVERSE = st.sampled_from(UNIVERSES)


def of(universe: Prefix, used: list[Prefix]) -> Gaps:
    """The gaps, made of what the oracle leaves free."""
    free = stretches_between(universe, used)
    return Gaps(universe, [first for first, _ in free], [last + 1 for _, last in free])


@given(IN_UNIVERSE, shapes())
def test_the_maximal_blocks_are_those_that_no_free_block_holds(universe: Prefix, drawn: list[tuple[int, int]]) -> None:
    used = blocks_of(universe, drawn)
    gaps = of(universe, used)
    maximal = maximal_by_looking([universe], used)
    assert list(gaps.blocks()) == maximal == free_blocks(universe, used)
    assert gaps.number() == len(maximal)
    assert gaps.addresses() == sum(block.size for block in maximal)
    assert gaps.sizes == sum({block.size for block in maximal})
    assert gaps.largest() == min(maximal, key=lambda block: (block.length, block.first), default=None)
    assert gaps.stretches == stretches_between(universe, used)
    lengths = Counter(block.length for block in maximal)
    bits = BITS[universe.version]
    assert maximal_blocks([gaps], bits) == lengths
    assert maximal_blocks([gaps, gaps, gaps], bits) == {length: 3 * number for length, number in lengths.items()}
    assert largest_of([gaps, gaps]) == gaps.largest()


@given(IN_UNIVERSE, shapes())
def test_of_every_size_the_maximal_blocks_are_given_in_order(universe: Prefix, drawn: list[tuple[int, int]]) -> None:
    used = blocks_of(universe, drawn)
    gaps = of(universe, used)
    bits = BITS[universe.version]
    maximal = [(block.first, bits - block.length) for block in maximal_by_looking([universe], used)]
    for bit in range(8):
        assert list(gaps.pieces(bit)) == [first for first, size in maximal if size == bit]
        assert list(gaps.pieces_from(bit)) == [(first, size) for first, size in maximal if size >= bit]


@given(IN_UNIVERSE, shapes(), st.integers(-2, 6))
def test_of_every_size_all_free_aligned_blocks_are_given_and_counted(
    universe: Prefix, drawn: list[tuple[int, int]], depth: int
) -> None:
    used = blocks_of(universe, drawn)
    gaps = of(universe, used)
    bits = BITS[universe.version]
    length = universe.length + depth
    expected = free_by_looking([universe], used, length)
    assert gaps.fitting(length) == len(expected)
    if length <= bits:
        assert list(gaps.in_order(bits - length)) == [block.first for block in expected]


@given(IN_UNIVERSE, shapes(), st.integers(0, 31))
def test_the_stretch_around_a_free_address_is_found(universe: Prefix, drawn: list[tuple[int, int]], at: int) -> None:
    gaps = of(universe, blocks_of(universe, drawn))
    address = universe.first + at
    around = [stretch for stretch in gaps.stretches if stretch[0] <= address <= stretch[1]]
    if around:
        assert [gaps.around(address)] == around


@given(IN_UNIVERSE, shapes(), st.lists(st.tuples(st.integers(-2, 5), st.integers(0, 31)), max_size=4))
def test_what_lies_outside_of_inner_prefixes_stays_free(
    universe: Prefix, drawn: list[tuple[int, int]], inner: list[tuple[int, int]]
) -> None:
    used = blocks_of(universe, drawn)
    without = of(universe, used).without(blocks_of(universe, inner))
    expected = of(universe, [*used, *blocks_of(universe, inner)])
    assert without.stretches == expected.stretches
    assert list(without.blocks()) == list(expected.blocks())
    assert without.pool == universe


@given(IN_UNIVERSE, st.integers(0, 2), shapes(most=12))
def test_used_blocks_outside_of_a_pool_across_its_edge_and_twice_leave_what_they_leave(
    universe: Prefix, depth: int, drawn: list[tuple[int, int]]
) -> None:
    pool = block_of(universe, depth, 31)
    used = blocks_of(universe, drawn)
    gaps = FreeSpace([*used, *used]).gaps(pool)
    assert gaps.stretches == stretches_between(pool, used)
    assert list(gaps.blocks()) == free_blocks(pool, used)


@given(st.sampled_from([4, 6]), st.lists(st.tuples(st.integers(0, 128), st.integers(0, (1 << 128) - 1)), max_size=6))
def test_of_the_whole_space_the_same_is_left_as_the_sweep_says(version: int, drawn: list[tuple[int, int]]) -> None:
    bits = BITS[version]
    used = [Prefix(version, at >> 128 - bits, bits).shortened(length % (bits + 1)) for length, at in drawn]
    whole = Prefix(version, 0, 0)
    gaps = FreeSpace(used).gaps(whole)
    assert list(gaps.blocks()) == free_blocks(whole, used)
    for length in range(0, bits + 1, 8):
        expected = sum(1 << (length - block.length) for block in gaps.blocks() if block.length <= length)
        assert gaps.fitting(length) == expected


def test_a_prefix_of_one_address_and_one_that_is_full_and_one_that_is_empty() -> None:
    last = P("255.255.255.255/32")
    assert list(FreeSpace([]).gaps(last).blocks()) == [last]
    full = FreeSpace([P("0.0.0.0/0")]).gaps(last)
    assert (full.number(), full.largest(), full.addresses(), full.sizes, full.stretches) == (0, None, 0, 0, [])
    assert not [*full.in_order(0), *full.pieces(0), *full.pieces_from(0)]
    whole = FreeSpace([]).gaps(P("::/0"))
    assert whole.largest() == P("::/0")
    assert whole.fitting(128) == 1 << 128


def test_nothing_is_listed_before_it_is_asked_for() -> None:
    whole = FreeSpace([P("128.0.0.0/32")]).gaps(P("0.0.0.0/0"))
    assert list(islice(whole.in_order(0), 2)) == [0, 1]
    six = FreeSpace([]).gaps(P("::/0"))
    assert list(islice(six.in_order(0), 2)) == [0, 1]
