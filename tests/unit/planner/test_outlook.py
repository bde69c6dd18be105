"""The outlook counts every address once, and tells how much more fits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import VnetTuiError
from tui.planner.outlook import PoolOutlook, by_region, outlook
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

P = Prefix.parse

PLAN = """
    [planning]
    pools.weu = { prefixes = ["10.0.0.0/20"], region = "westeurope" }
    pools.neu = { prefixes = ["10.1.0.0/24", "fd00::/56"], region = "northeurope" }
    pools.weu2 = { prefixes = ["10.0.8.0/21", "10.2.0.0/24"], region = "West Europe" }
    avoid = { "10.0.4.0/24" = "pods" }
    [vnets.a]
    region = "westeurope"
    address_space = ["10.0.0.0/24"]
    growth = ["10.0.0.0/23"]
    gateway.p2s_pools = ["10.0.2.0/24"]
    [vnets.b]
    region = "westeurope"
    address_space = ["10.0.0.0/25", "10.2.0.0/25", "fd00::/64"]
    [vnets.c]
    region = "westeurope"
    address_space = ["10.9.0.0/24"]
    [vnets.d]
    region = "northeurope"
    address_space = ["10.0.3.0/24"]
    [sites.s]
    address_space = ["10.0.15.0/24"]
    advertises = ["10.0.0.0/8"]
"""


def test_a_pool_is_summed_up_with_every_address_in_one_sum_only() -> None:
    row = outlook(topology(PLAN), "weu")[0]
    assert (row.name, row.region, row.family, row.prefixes) == ("weu", "westeurope", 4, (P("10.0.0.0/20"),))
    assert (row.size, row.used, row.held, row.avoided, row.free) == (4096, 4 * 256, 256, 256, 10 * 256)
    assert (row.free_blocks, row.largest_free, row.networks) == (5, P("10.0.8.0/22"), 4)
    assert row.fits == {22: 1, 23: 4, 24: 10, 25: 20, 26: 40, 27: 80, 28: 160, 29: 320}


def test_the_families_of_a_pool_are_rows_of_their_own() -> None:
    four, six = outlook(topology(PLAN), "neu")
    assert (four.family, four.prefixes, four.size, four.used) == (4, (P("10.1.0.0/24"),), 256, 0)
    assert (six.family, six.prefixes, six.size, six.used) == (6, (P("fd00::/56"),), 1 << 72, 1 << 64)
    assert six.fits == {57: 1, 58: 3, 59: 7, 60: 15, 61: 31, 62: 63, 63: 127, 64: 255}


def test_the_rows_are_those_of_the_file_in_its_order() -> None:
    assert [(row.name, row.family) for row in outlook(topology(PLAN))] == [
        ("weu", 4),
        ("neu", 4),
        ("neu", 6),
        ("weu2", 4),
    ]


def test_without_pools_the_private_ranges_are_what_there_is() -> None:
    rows = outlook(topology('vnets.a.address_space = ["172.16.0.0/16"]'))
    assert [(row.name, *row.prefixes) for row in rows] == [
        (None, P("10.0.0.0/8")),
        (None, P("172.16.0.0/12")),
        (None, P("192.168.0.0/16")),
    ]
    assert [row.used for row in rows] == [0, 65536, 0]
    assert rows[0].fits[8] == 1


def test_a_pool_without_prefixes_is_shown_as_empty() -> None:
    (row,) = outlook(topology("planning.pools = { none = [], lab = ['10.0.0.0/24'] }"), "none")
    assert (row.size, row.free, row.free_blocks, row.largest_free, dict(row.fits)) == (0, 0, 0, None, {})


def test_any_block_can_be_asked_for() -> None:
    (row,) = outlook(topology(PLAN), "10.0.0.0/22")
    assert (row.name, row.region, row.size, row.used, row.held, row.free) == (None, None, 1024, 768 + 256 - 256, 256, 0)
    (row,) = outlook(topology(PLAN), "fd00::/63")
    assert (row.family, row.size, row.used) == (6, 1 << 65, 1 << 64)


@pytest.mark.parametrize(
    ("asked", "said"), [("wue", "did you mean weu"), ("zzz", "weu, neu, weu2"), ("10.0.0.1/8", "10.0.0.0/8")]
)
def test_what_is_neither_a_pool_nor_a_block_is_refused_with_what_was_meant(asked: str, said: str) -> None:
    with pytest.raises(VnetTuiError) as refused:
        outlook(topology(PLAN), asked)
    assert said in refused.value.hint


def test_a_network_that_covers_the_pool_leaves_nothing() -> None:
    plan = topology("""
        planning.pools.p = ["10.9.0.0/16"]
        [sites.all]
        address_space = ["10.0.0.0/8"]
    """)
    (row,) = outlook(plan)
    assert (row.used, row.free, row.largest_free, dict(row.fits), row.networks) == (65536, 0, None, {}, 1)


def test_used_space_outside_of_the_pool_does_not_count() -> None:
    plan = topology("""
        planning.pools.p = ["10.9.0.0/24"]
        [vnets.a]
        address_space = ["10.8.255.0/24", "10.9.1.0/24", "fd00::/48"]
    """)
    (row,) = outlook(plan)
    assert (row.used, row.free, row.networks) == (0, 256, 0)


def test_the_whole_of_both_families_can_be_a_pool() -> None:
    four, six = outlook(topology('planning.pools.p = ["0.0.0.0/0", "::/0"]'))
    assert (four.size, four.used + four.held + four.avoided + four.free) == (1 << 32, 1 << 32)
    assert four.avoided == (1 << 28) + (1 << 24) + (1 << 16) + 2
    assert (six.size, six.size - six.free) == (1 << 128, six.avoided)
    assert six.avoided == (1 << 120) + (1 << 118) + 2
    assert six.fits[64] == (1 << 64) - (1 << 56) - (1 << 54) - 1


def test_a_region_sums_its_pools_and_counts_what_they_share_once() -> None:
    regions = by_region(topology(PLAN))
    assert [(one.region, one.space.family) for one in regions] == [
        ("westeurope", 4),
        ("northeurope", 4),
        ("northeurope", 6),
    ]
    weu = regions[0]
    assert weu.pools == ("weu", "weu2")
    assert (weu.space.size, weu.space.used) == (4096 + 256, 4 * 256 + 128)
    assert (weu.space.name, weu.space.region) == (None, "westeurope")


def test_a_region_names_its_vnets_that_lie_outside_of_its_pools() -> None:
    outside = {(one.region, one.space.family): one.outside for one in by_region(topology(PLAN))}
    assert outside == {("westeurope", 4): ("c",), ("northeurope", 4): ("d",), ("northeurope", 6): ()}


def test_a_region_is_the_same_however_it_is_written() -> None:
    plan = topology("""
        planning.pools.a = { prefixes = ["10.0.0.0/24"], region = "westeurope" }
        [vnets.z]
        region = "West Europe"
        address_space = ["10.1.0.0/24"]
        [vnets.y]
        region = "westeurope"
        address_space = ["10.2.0.0/24"]
        [vnets.x]
        region = "West Europe"
        address_space = ["10.3.0.0/24"]
    """)
    assert [(one.region, one.outside) for one in by_region(plan)] == [("westeurope", ("z", "y", "x"))]


def test_a_vnet_across_two_neighbouring_pools_lies_within_its_region() -> None:
    plan = topology("""
        planning.pools.a = { prefixes = ["10.0.0.0/17"], region = "westeurope" }
        planning.pools.b = { prefixes = ["10.0.128.0/17"], region = "westeurope" }
        [vnets.both]
        region = "westeurope"
        address_space = ["10.0.0.0/16"]
    """)
    (weu,) = by_region(plan)
    assert (weu.outside, weu.space.free) == ((), 0)


def test_blocks_that_fit_lie_within_one_prefix_of_the_pool() -> None:
    (row,) = outlook(topology('planning.pools.p = ["10.0.0.0/25", "10.0.0.128/25"]'))
    assert row.largest_free == P("10.0.0.0/25")
    assert max(row.fits) == 29
    assert min(row.fits) == 25
    assert row.free_blocks == 2


# Against counting address by address: a universe of 64 units, each one address of IPv4, or a /66

UNIVERSES = {4: P("10.9.0.0/26"), 6: P("fd00:0:0:10::/60")}


def blocks_of(family: int) -> st.SearchStrategy[Prefix]:
    base = UNIVERSES[family]
    unit = base.size >> 6
    return st.tuples(st.integers(0, 6), st.integers(0, 63)).map(
        lambda drawn: Prefix(family, base.first + (drawn[1] >> (6 - drawn[0]) << (6 - drawn[0])) * unit, 0)._replace(
            length=base.length + drawn[0]
        )
    )


def units(prefixes: Iterable[Prefix], family: int) -> set[int]:
    base = UNIVERSES[family]
    unit = base.size >> 6
    return {
        number
        for prefix in prefixes
        for number in range((prefix.first - base.first) // unit, (prefix.last + 1 - base.first) // unit)
    }


@st.composite
def _plans(draw: st.DrawFn) -> tuple[int, Topology, dict[str, list[list[Prefix]]]]:
    family = draw(st.sampled_from([4, 6]))
    block = blocks_of(family)
    several = st.lists(st.lists(block, min_size=1, max_size=2), max_size=4)
    taken = {kind: draw(several) for kind in ("vnets", "sites", "growth", "p2s", "avoid")}
    pool = draw(st.lists(block, min_size=1, max_size=4))
    text: dict[str, Any] = {
        "planning": {
            "pools": {"p": list(map(str, pool))},
            "avoid": {str(prefix): "so" for prefixes in taken["avoid"] for prefix in prefixes},
        },
        "vnets": {
            **{f"v{n}": {"address_space": list(map(str, one))} for n, one in enumerate(taken["vnets"])},
            **{f"g{n}": {"growth": list(map(str, one))} for n, one in enumerate(taken["growth"])},
            **{f"p{n}": {"gateway": {"p2s_pools": list(map(str, one))}} for n, one in enumerate(taken["p2s"])},
        },
        "sites": {f"s{n}": {"address_space": list(map(str, one))} for n, one in enumerate(taken["sites"])},
    }
    return family, Topology.model_validate(text), {**taken, "pool": [pool]}


@given(_plans())
def test_the_sums_are_those_of_counting_every_address(
    drawn: tuple[int, Topology, dict[str, list[list[Prefix]]]],
) -> None:
    family, plan, given_blocks = drawn
    counted = {kind: units((prefix for one in many for prefix in one), family) for kind, many in given_blocks.items()}
    pool = counted["pool"]
    used = pool & (counted["vnets"] | counted["sites"] | counted["p2s"])
    held = (pool & counted["growth"]) - used
    avoided = (pool & counted["avoid"]) - used - held
    free = pool - used - held - avoided
    (row,) = outlook(plan)
    unit = UNIVERSES[family].size >> 6
    assert (row.used, row.held, row.avoided, row.free) == tuple(
        len(part) * unit for part in (used, held, avoided, free)
    )
    assert row.used + row.held + row.avoided + row.free == row.size
    assert row.networks == sum(
        bool(units(one, family) & pool) for kind in ("vnets", "sites") for one in given_blocks[kind]
    )
    _assert_blocks(row, given_blocks["pool"][0], free)


def _assert_blocks(row: PoolOutlook, pool: list[Prefix], free: set[int]) -> None:
    base = UNIVERSES[row.family]
    fitting = {
        length: [
            block
            for block in base.split(length)
            if units([block], row.family) <= free and any(prefix.contains(block) for prefix in pool)
        ]
        for length in range(base.length, base.length + 7)
    }
    every = [block for blocks in fitting.values() for block in blocks]
    maximal = [block for block in every if not any(other != block and other.contains(block) for other in every)]
    largest = next((blocks[0] for blocks in fitting.values() if blocks), None)
    assert row.largest_free == largest
    assert row.free_blocks == len(maximal)
    smallest = {4: 29, 6: 64}[row.family]
    shortest = largest.length if largest else BITS[row.family]
    assert row.fits == {n: len(blocks) for n, blocks in fitting.items() if shortest <= n <= smallest}
