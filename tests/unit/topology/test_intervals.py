"""The sweep over sorted blocks, against sets of single addresses.

Invariant: every random input is a handful of blocks of a universe small enough to count; the expected values come
from counting, or from netaddr.
"""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Iterable
from itertools import pairwise

import netaddr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.topology import intervals
from tui.topology.intervals import (
    PrefixIndex,
    Stretches,
    collapsed,
    free_blocks,
    gaps,
    nested_pairs,
)
from tui.topology.prefix import BITS, Prefix, address_text

often = settings(max_examples=150)


def p(text: str) -> Prefix:
    return Prefix.parse(text)


def ps(*texts: str) -> list[Prefix]:
    return list(map(p, texts))


def blocks_of(root: str) -> list[Prefix]:
    network = ipaddress.ip_network(root)
    lengths = range(network.prefixlen, network.max_prefixlen + 1)
    return [p(str(block)) for length in lengths for block in network.subnets(new_prefix=length)]


# Low, across the middle of IPv4, up to its end, and IPv6; `AROUND` lies around them and beside them.
UNIVERSES = [blocks_of(root) for root in ("10.0.0.0/26", "127.255.255.192/26", "255.255.255.192/26", "fd00::/122")]
AROUND = ps("0.0.0.0/0", "10.0.0.0/24", "128.0.0.0/1", "10.0.0.64/26", "11.0.0.0/8", "::/0", "fd00::/64", "fd01::/64")
BLOCKS = st.sampled_from(UNIVERSES).flatmap(lambda universe: st.lists(st.sampled_from(universe), max_size=8))
MIXED = st.lists(st.sampled_from([*UNIVERSES[0], *UNIVERSES[3], *AROUND]), max_size=10)


@st.composite
def pool_and_used(draw: st.DrawFn) -> tuple[Prefix, list[Prefix]]:
    """A pool and what is used: in it, around it, beside it, twice."""
    universe = draw(st.sampled_from(UNIVERSES))
    used = st.lists(st.sampled_from(universe) | st.sampled_from(universe[30:]) | st.sampled_from(AROUND), max_size=8)
    return draw(st.sampled_from(universe[:7])), draw(used)


def addresses(blocks: Iterable[Prefix]) -> set[tuple[int, int]]:
    return {(block.version, address) for block in blocks for address in range(block.first, block.last + 1)}


def free_in(pool: Prefix, used: Iterable[Prefix]) -> list[int]:
    """The free addresses of a small pool, one by one."""
    return [
        address
        for address in range(pool.first, pool.last + 1)
        if not any(block.version == pool.version and block.first <= address <= block.last for block in used)
    ]


# Which blocks overlap


@often
@given(st.lists(st.sampled_from([*UNIVERSES[0][:40], *UNIVERSES[3][:20], *AROUND]), max_size=12), st.randoms())
def test_every_overlapping_pair_comes_once_whatever_the_order(blocks: list[Prefix], rng: random.Random) -> None:
    owned = [(block, number) for number, block in enumerate(blocks)]
    expected = {frozenset((a, b)) for a in range(len(blocks)) for b in range(a) if blocks[a].overlaps(blocks[b])}
    for _ in range(3):
        rng.shuffle(owned)
        pairs = list(nested_pairs(owned))
        assert all(outer.contains(inner) for (outer, _), (inner, _) in pairs)
        found = [frozenset((a, b)) for (_, a), (_, b) in pairs]
        assert len(found) == len(set(found))
        assert set(found) == expected


def test_equal_blocks_come_in_the_order_of_their_owners() -> None:
    owned = [(p("10.0.0.0/24"), "b"), (p("10.0.0.0/24"), "a"), (p("10.0.0.0/16"), "z")]
    assert [(a, b) for (_, a), (_, b) in nested_pairs(owned)] == [("z", "b"), ("z", "a"), ("b", "a")]


def test_owners_need_not_be_comparable() -> None:
    a, b = object(), object()
    owned = [(p("10.0.0.0/24"), a), (p("10.0.0.0/24"), b)]
    assert list(nested_pairs(owned)) == [(owned[0], owned[1])]
    assert list(intervals.groups(owned)) == [(p("10.0.0.0/24"), owned)]


def test_neighbours_and_the_other_family_do_not_overlap() -> None:
    assert not list(nested_pairs([(block, 0) for block in ps("0.0.0.0/1", "128.0.0.0/1", "::/0")]))


@often
@given(MIXED)
def test_groups_are_the_outermost_blocks_that_hold_others(blocks: list[Prefix]) -> None:
    owned = [(block, number) for number, block in enumerate(blocks)]
    outermost = {a for a in blocks if not any(b.contains(a) and b != a for b in blocks)}
    expected = {
        outer: sorted((block, number) for block, number in owned if outer.contains(block)) for outer in outermost
    }
    found = list(intervals.groups(owned))
    assert dict(found) == {outer: members for outer, members in expected.items() if len(members) > 1}
    assert [outer for outer, _ in found] == sorted(outer for outer, _ in found)


@often
@given(MIXED, st.sampled_from([*UNIVERSES[0], *UNIVERSES[3], *AROUND]))
def test_an_index_gives_what_overlaps_a_block_the_outer_ones_first(blocks: list[Prefix], asked: Prefix) -> None:
    index = PrefixIndex((block, number) for number, block in enumerate(blocks))
    found = list(index.overlapping(asked))
    assert sorted(found) == sorted((b, number) for number, b in enumerate(blocks) if b.overlaps(asked))
    assert found == sorted(found, key=lambda entry: asked.contains(entry[0]))
    assert bool(index) == bool(blocks)


# What is used


@often
@given(MIXED)
def test_used_stretches_are_apart_and_cover_the_same(blocks: list[Prefix]) -> None:
    small = [block for block in blocks if block.size <= 256]
    stretches = intervals.merged(small)
    assert {(v, a) for v, first, last in stretches for a in range(first, last + 1)} == addresses(small)
    for (version, _, last), (next_version, first, _) in pairwise(stretches):
        assert (version, last + 1) < (next_version, first)


@often
@given(MIXED, st.sampled_from([*UNIVERSES[0], *UNIVERSES[3]]))
def test_stretches_touch_and_cover_what_their_addresses_do(blocks: list[Prefix], asked: Prefix) -> None:
    used = Stretches(blocks)
    free = free_in(asked, blocks)
    assert used.touch(asked) == (len(free) < asked.size)
    assert used.cover(asked) == (not free)
    assert used.addresses(asked) == asked.size - len(free)


def test_the_addresses_of_both_families_are_counted_apart() -> None:
    used = Stretches(ps("255.0.0.0/8", "::/1", "10.0.0.0/8"))
    assert used.addresses(p("0.0.0.0/0")) == 1 << 25
    assert used.addresses(p("::/0")) == 1 << 127
    assert used.addresses(p("8000::/1")) == 0


@often
@given(MIXED)
def test_collapsed_is_what_netaddr_merges(blocks: list[Prefix]) -> None:
    merged = netaddr.cidr_merge([netaddr.IPNetwork(str(block)) for block in blocks])
    assert collapsed(blocks) == [p(str(network)) for network in merged]


def test_the_halves_of_everything_collapse_to_everything() -> None:
    assert collapsed(ps("128.0.0.0/1", "8000::/1", "0.0.0.0/1", "::/1")) == ps("0.0.0.0/0", "::/0")


# What is free


@often
@given(pool_and_used())
def test_gaps_are_the_free_addresses(case: tuple[Prefix, list[Prefix]]) -> None:
    pool, used = case
    found = gaps(pool, used)
    assert [address for first, last in found for address in range(first, last + 1)] == free_in(pool, used)
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(found))


@often
@given(pool_and_used())
def test_free_blocks_are_the_fewest_that_make_up_the_free_addresses(case: tuple[Prefix, list[Prefix]]) -> None:
    pool, used = case
    free = free_in(pool, used)
    found = free_blocks(pool, used)
    assert [address for block in found for address in range(block.first, block.last + 1)] == free
    assert {block.version for block in found} <= {pool.version}
    one_by_one = [netaddr.IPNetwork(address_text(pool.version, address)) for address in free]
    assert found == [p(str(network)) for network in netaddr.cidr_merge(one_by_one)]


@often
@given(st.sampled_from([4, 6]), st.data())
def test_any_stretch_is_made_of_the_fewest_aligned_blocks(version: int, data: st.DataObject) -> None:
    top = 2 ** BITS[version] - 1
    edge = (
        st.integers(0, top) | st.integers(0, 70) | st.integers(top - 70, top) | st.integers(top // 2 - 9, top // 2 + 9)
    )
    first, last = sorted((data.draw(edge), data.draw(edge)))
    ends = [netaddr.IPAddress(address_text(version, address)) for address in (first, last)]
    expected = [Prefix(version, network.first, network.prefixlen) for network in netaddr.iprange_to_cidrs(*ends)]
    assert list(intervals.blocks(version, first, last)) == expected


@pytest.mark.parametrize(
    ("pool", "used", "free"),
    [
        ("10.0.0.0/24", [], ["10.0.0.0/24"]),
        ("10.0.0.0/24", ["10.0.0.0/24"], []),
        ("10.0.0.0/24", ["10.0.0.0/16"], []),  # covers
        ("10.0.0.0/24", ["0.0.0.0/0"], []),
        ("10.0.0.0/24", ["10.0.1.0/24", "9.0.0.0/8", "fd00::/8"], ["10.0.0.0/24"]),  # outside
        ("10.0.0.0/24", ["10.0.0.0/25", "10.0.0.0/25", "10.0.0.0/26"], ["10.0.0.128/25"]),  # twice
        ("0.0.0.0/0", ["0.0.0.0/1"], ["128.0.0.0/1"]),
        ("0.0.0.0/0", [], ["0.0.0.0/0"]),
        ("255.255.255.254/31", ["255.255.255.255/32"], ["255.255.255.254/32"]),
        ("10.0.0.0/32", [], ["10.0.0.0/32"]),
        ("::/0", ["::/2", "8000::/1"], ["4000::/2"]),
        ("::1/128", ["::1/128"], []),
    ],
)
def test_free_blocks_at_the_edges(pool: str, used: list[str], free: list[str]) -> None:
    assert free_blocks(p(pool), map(p, used)) == ps(*free)
