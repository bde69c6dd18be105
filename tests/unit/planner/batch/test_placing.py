"""A batch of blocks is placed whenever it can be, all of it or none."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.planner.batch import shares
from tui.planner.batch.placing import NoRoom, Wanted, place
from tui.planner.free_space import FreeSpace
from tui.topology.prefix import BITS, Prefix

P = Prefix.parse
SPACES = [P("192.0.2.0/28"), P("255.255.255.240/28"), P("0.0.0.0/28"), P("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124")]


def block_in(space: Prefix, depth: int, at: int) -> Prefix:
    """The block of `space` that is `depth` bits longer and holds its address number `at`."""
    size = 1 << (BITS[space.version] - space.length - depth)
    return Prefix(space.version, space.first + at // size * size, space.length + depth)


BLOCKS = st.tuples(st.integers(0, 4), st.integers(0, 15))


def exists(used: Sequence[Prefix], wanted: Sequence[Wanted[str]]) -> bool:
    """Whether any placement has room for all, by trying every one."""
    if not wanted:
        return True
    first, *rest = wanted
    blocks = {block for pool in first.pools if pool.length <= first.length for block in pool.split(first.length)}
    return any(exists([*used, block], rest) for block in sorted(blocks) if not any(block.overlaps(one) for one in used))


def refuses_or_fits(used: Sequence[Prefix], wanted: Sequence[Wanted[str]]) -> None:
    found = place(FreeSpace(used), wanted)
    possible = exists(used, sorted(wanted, key=lambda one: one.length))
    if isinstance(found, NoRoom):
        assert not possible
        assert found.certain
        assert found.wanted in wanted
        ordered = sorted(wanted, key=lambda one: (one.length, one.key))
        before = ordered.index(found.wanted)
        assert exists(used, ordered[:before])
        assert not exists(used, ordered[: before + 1]), "what is named is the first that does not fit"
        return
    assert possible
    assert set(found) == {one.key for one in wanted}
    for one in wanted:
        block = found[one.key]
        assert block.length == one.length
        assert any(pool.contains(block) for pool in one.pools)
    taken = [*found.values()]
    assert not any(a.overlaps(b) for number, a in enumerate(taken) for b in [*taken[:number], *used])


@settings(max_examples=300)
@given(
    st.sampled_from(SPACES),
    st.lists(BLOCKS, max_size=4),
    st.lists(BLOCKS, min_size=1, max_size=3),
    st.lists(st.integers(0, 4), max_size=6),
)
def test_requests_of_one_list_of_pools_are_placed_whenever_they_can_be(
    space: Prefix, used: list[tuple[int, int]], pools: list[tuple[int, int]], depths: list[int]
) -> None:
    where = tuple(block_in(space, *pool) for pool in pools)
    wanted = [Wanted(f"w{number}", space.length + depth, where) for number, depth in enumerate(depths)]
    refuses_or_fits([block_in(space, *one) for one in used if one[0]], wanted)


@settings(max_examples=600)
@given(
    st.sampled_from(SPACES),
    st.lists(BLOCKS, max_size=3),
    st.lists(st.lists(BLOCKS, min_size=1, max_size=3), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=7),
)
def test_requests_of_different_lists_of_pools_are_placed_whenever_they_can_be(
    space: Prefix,
    used: list[tuple[int, int]],
    lists: list[list[tuple[int, int]]],
    asked: list[tuple[int, int]],
) -> None:
    where = [tuple(block_in(space, *pool) for pool in pools) for pools in lists]
    wanted = [
        Wanted(f"w{number}", space.length + depth, where[which % len(where)])
        for number, (depth, which) in enumerate(asked)
    ]
    refuses_or_fits([block_in(space, *one) for one in used if one[0] > 1], wanted)


@given(
    st.lists(st.lists(BLOCKS, min_size=1, max_size=3), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 2)), max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_requests_and_of_their_pools_does_not_matter(
    lists: list[list[tuple[int, int]]], asked: list[tuple[int, int]], random: Random
) -> None:
    space = SPACES[0]
    where = [tuple(block_in(space, *pool) for pool in pools) for pools in lists]
    wanted = [
        Wanted(f"w{n}", space.length + depth, where[which % len(where)]) for n, (depth, which) in enumerate(asked)
    ]
    shuffled = [Wanted(one.key, one.length, tuple(random.sample(one.pools, len(one.pools)))) for one in wanted]
    random.shuffle(shuffled)
    one, other = place(FreeSpace([]), wanted), place(FreeSpace([]), shuffled)
    if isinstance(one, NoRoom) or isinstance(other, NoRoom):
        assert isinstance(one, NoRoom)
        assert isinstance(other, NoRoom)
        assert one.wanted.key == other.wanted.key
    else:
        assert one == other


def test_four_of_five_that_would_fit_are_not_handed_out() -> None:
    free = FreeSpace([])
    pool = (P("192.0.2.0/28"),)
    found = place(free, [Wanted(name, 30, pool) for name in "abcde"])
    assert isinstance(found, NoRoom)
    assert found.certain
    assert found.wanted.key == "e"
    assert not found.alone, "one fits, five do not"
    assert len(placed(place(free, [Wanted(name, 30, pool) for name in "abcd"]))) == 4


def placed(found: dict[str, Prefix] | NoRoom[str]) -> dict[str, Prefix]:
    assert not isinstance(found, NoRoom), found
    return found


def test_small_requests_before_a_large_one_do_not_break_up_its_space() -> None:
    pool = (P("10.0.0.0/24"),)
    found = place(FreeSpace([]), [Wanted("a", 26, pool), Wanted("b", 26, pool), Wanted("c", 25, pool)])
    assert found == {"c": P("10.0.0.0/25"), "a": P("10.0.0.128/26"), "b": P("10.0.0.192/26")}


def test_the_tightest_free_block_is_taken_so_that_large_ones_stay_whole() -> None:
    found = place(FreeSpace([P("10.0.0.0/26"), P("10.0.0.128/27")]), [Wanted("a", 27, (P("10.0.0.0/24"),))])
    assert found == {"a": P("10.0.0.160/27")}


def test_a_pool_that_is_listed_twice_or_lies_in_another_one_gives_its_space_once() -> None:
    pool = (P("10.0.0.0/25"), P("10.0.0.0/24"), P("10.0.0.0/24"), P("10.0.0.192/26"))
    assert len(placed(place(FreeSpace([]), [Wanted(str(n), 26, pool) for n in range(4)]))) == 4
    assert isinstance(place(FreeSpace([]), [Wanted(str(n), 26, pool) for n in range(5)]), NoRoom)


def test_neighbouring_pools_are_never_merged() -> None:
    halves = (P("10.0.0.0/25"), P("10.0.0.128/25"))
    refused = place(FreeSpace([]), [Wanted("a", 24, halves)])
    assert isinstance(refused, NoRoom)
    assert refused.too_large
    found = placed(place(FreeSpace([]), [Wanted("a", 25, halves), Wanted("b", 25, halves)]))
    assert found == {"a": halves[0], "b": halves[1]}


def test_a_block_that_spans_a_smaller_pool_is_found_and_left_alone_where_it_can_be() -> None:
    wide, narrow = (P("10.0.0.0/8"),), (P("10.64.0.0/12"),)
    assert place(FreeSpace([]), [Wanted("all", 8, wide)]) == {"all": P("10.0.0.0/8")}
    found = placed(place(FreeSpace([]), [Wanted("half", 9, wide), Wanted("n", 12, narrow)]))
    assert found == {"half": P("10.128.0.0/9"), "n": P("10.64.0.0/12")}
    # The half with the smaller pool is the only one that is free, and nobody else needs it all.
    used = FreeSpace([P("10.128.0.0/16")])
    assert place(used, [Wanted("half", 9, wide), Wanted("x", 16, wide)]) == {
        "half": P("10.0.0.0/9"),
        "x": P("10.129.0.0/16"),
    }
    refused = place(used, [Wanted("half", 9, wide), Wanted("n", 24, narrow)])
    assert isinstance(refused, NoRoom)
    assert refused.wanted.key == "n"


def test_a_wide_list_leaves_a_nested_one_its_space() -> None:
    wide, narrow = (P("10.0.0.0/24"),), (P("10.0.0.0/26"),)
    wanted = [Wanted(f"a{n}", 26, wide) for n in range(3)] + [Wanted(f"z{n}", 28, narrow) for n in range(4)]
    found = placed(place(FreeSpace([]), wanted))
    assert all(P("10.0.0.0/26").contains(found[f"z{n}"]) for n in range(4))


def test_the_whole_space_and_its_very_end_are_handed_out() -> None:
    assert place(FreeSpace([]), [Wanted("v4", 0, (P("0.0.0.0/0"),)), Wanted("v6", 0, (P("::/0"),))]) == {
        "v4": P("0.0.0.0/0"),
        "v6": P("::/0"),
    }
    used = FreeSpace([P("0.0.0.0/1")])
    pool = (P("0.0.0.0/0"),)
    assert place(used, [Wanted("a", 1, pool)]) == {"a": P("128.0.0.0/1")}
    end = (P("255.255.255.252/30"),)
    assert place(FreeSpace([]), [Wanted(str(n), 32, end) for n in range(4)]) == {
        str(n): Prefix(4, 0xFFFFFFFC + n, 32) for n in range(4)
    }
    six = (P("fd00::/8"),)
    found = placed(place(FreeSpace([P("fd00::/9")]), [Wanted("a", 128, six), Wanted("b", 64, six)]))
    assert found == {"b": P("fd80::/64"), "a": P("fd80:0:0:1::/128")}


def test_a_length_that_no_address_has_and_an_empty_list_of_pools_have_no_room() -> None:
    for wanted in (Wanted("a", 33, (P("10.0.0.0/8"),)), Wanted("a", 24, ())):
        refused = place(FreeSpace([]), [wanted])
        assert isinstance(refused, NoRoom)
        assert refused.certain
    assert place(FreeSpace([]), []) == {}


def test_two_of_one_name_are_an_error_of_the_caller() -> None:
    pool = (P("10.0.0.0/8"),)
    with pytest.raises(ValueError, match="under one name"):
        place(FreeSpace([]), [Wanted("a", 24, pool), Wanted("a", 25, pool)])


def triangle(each: int) -> list[Wanted[str]]:
    """Three lists that share their space two by two, each with `each` requests for half of what there is."""
    a, b, c = P("10.0.0.0/24"), P("10.0.1.0/24"), P("10.0.2.0/24")
    lists = [(a, b), (b, c), (a, c)]
    return [Wanted(f"{n}-{k}", 26, lists[n]) for n in range(3) for k in range(each)]


def test_lists_that_share_their_space_in_a_circle_are_served_to_the_last_block() -> None:
    assert len(placed(place(FreeSpace([]), triangle(4)))) == 12
    refused = place(FreeSpace([]), [*triangle(4), Wanted("x", 27, (P("10.0.1.0/24"),))])
    assert isinstance(refused, NoRoom)
    assert refused.certain
    assert refused.wanted.key == "x"


def test_a_search_that_ends_at_its_bound_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "STEPS", 1)
    refused = place(FreeSpace([]), triangle(4))
    assert isinstance(refused, NoRoom)
    assert not refused.certain
