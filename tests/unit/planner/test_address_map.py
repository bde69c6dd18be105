"""The address map tells of every cell what its addresses are, one by one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.planner.address_map import (
    MapCell,
    cell_length,
    cells,
    describe,
    map_pools,
    place_of,
    view_of,
    zoomed_in,
    zoomed_out,
)
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

P = Prefix.parse

# Every state, cell by cell, against each address.

KINDS = ("address_space", "growth", "p2s_pools", "avoid", "site")
UNIVERSES = {4: P("10.9.0.0/26"), 6: P("fd00::/122")}
SIZE_BITS = 6


def block(version: int, length: int, at: int) -> Prefix:
    """The block of a length, counted from the whole universe, that holds its address number `at`."""
    universe = UNIVERSES[version]
    length += universe.length
    return Prefix(version, universe.first + (at >> (BITS[version] - length) << (BITS[version] - length)), length)


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, Topology, Mapping[int, str]]:
    """A family, a topology with blocks of all kinds in its universe or around it, and the state of each address."""
    version = draw(st.sampled_from([4, 6]))
    universe = UNIVERSES[version]
    inside = st.tuples(st.integers(0, SIZE_BITS), st.integers(0, 63)).map(lambda one: block(version, *one))
    around = st.integers(1, 3).map(lambda bits: universe.shortened(universe.length - bits))
    beside = st.just(Prefix(version, universe.last + 1, universe.length))
    held = draw(
        st.lists(st.tuples(st.sampled_from(KINDS), st.one_of(inside, inside, inside, around, beside)), max_size=10)
    )
    plan: dict[str, dict[str, object]] = {"vnets": {}, "sites": {}}
    for number, (kind, prefix) in enumerate(held):
        text = str(prefix)
        if kind == "site":
            plan["sites"][f"s{number}"] = {"address_space": [text, text]}
        elif kind == "avoid":
            avoid = plan.setdefault("planning", {}).setdefault("avoid", {})
            assert isinstance(avoid, dict)
            avoid[text] = f"reason {number}"
        elif kind == "p2s_pools":
            plan["vnets"][f"v{number}"] = {"gateway": {"p2s_pools": [text]}}
        else:
            plan["vnets"][f"v{number}"] = {kind: [text]}
    kinds_at = {
        address: {kind for kind, prefix in held if prefix.first <= address <= prefix.last}
        for address in range(universe.first, universe.last + 1)
    }
    states = {address: state_of(kinds) for address, kinds in kinds_at.items()}
    return version, Topology.model_validate({"schema": 1, **plan}), states


def state_of(kinds: set[str]) -> str:
    """What one address is that is in blocks of these kinds."""
    if kinds & {"address_space", "p2s_pools", "site"}:
        return "used"
    return "held" if "growth" in kinds else "avoided" if kinds else "free"


@given(plans(), st.integers(0, SIZE_BITS), st.integers(0, 63), st.integers(0, SIZE_BITS))
def test_the_state_of_a_cell_and_what_is_free_in_it_are_those_of_its_addresses(
    plan: tuple[int, Topology, Mapping[int, str]], view_bits: int, at: int, more: int
) -> None:
    version, made, states = plan
    view = block(version, view_bits, at)
    length = min(view.length + more, BITS[version])
    found = cells(made, view, length)
    assert [cell.prefix for cell in found] == [*view.split(length)]
    for cell in found:
        here = [states[address] for address in range(cell.prefix.first, cell.prefix.last + 1)]
        assert cell.state == (here[0] if len({*here}) == 1 else "mixed")
        assert cell.free_addresses == here.count("free")


@given(plans(), st.integers(0, SIZE_BITS), st.integers(0, 63))
def test_a_cell_names_who_has_blocks_there_and_counts_the_blocks_of_others(
    plan: tuple[int, Topology, Mapping[int, str]], bits: int, at: int
) -> None:
    version, made, _ = plan
    prefix = block(version, bits, at)
    holders = [
        name
        for name, spaces in [
            *(
                (name, (*v.address_space, *v.growth, *(v.gateway.p2s_pools if v.gateway else ())))
                for name, v in made.vnets.items()
            ),
            *((name, site.address_space) for name, site in made.sites.items()),
            *((reason, (prefix,)) for prefix, reason in made.planning.avoided()),
        ]
        for space in spaces
        if space.overlaps(prefix)
    ]
    (cell,) = cells(made, prefix, prefix.length)
    assert len(cell.names) == min(len({*holders}), 3)
    assert {*cell.names} <= {*holders}
    assert cell.more == sum(holder not in cell.names for holder in holders)
    said = describe(made, cell)
    assert ("more" in said) == (len(holders) > 2)
    if len(holders) > 2:
        assert f" and {len(holders) - 2} more" in said


@given(plans(), st.integers(0, SIZE_BITS), st.integers(0, 63))
def test_a_free_cell_is_said_to_be_part_of_the_largest_free_block_around_it(
    plan: tuple[int, Topology, Mapping[int, str]], bits: int, at: int
) -> None:
    version, made, states = plan
    prefix, universe = block(version, bits, at), UNIVERSES[version]
    (cell,) = cells(made, prefix, prefix.length)
    if cell.state != "free":
        return
    around = [prefix.shortened(length) for length in range(universe.length, prefix.length + 1)]
    largest = next(one for one in around if all(states[at] == "free" for at in range(one.first, one.last + 1)))
    part = "" if largest == prefix else f", part of free {largest}"
    assert describe(made, cell, universe) == f"{prefix}: free{part}"


def test_a_cell_is_made_when_it_is_asked_for() -> None:
    found = cells(topology(""), P("::/0"), 60)
    assert found[-1].prefix == P("ffff:ffff:ffff:fff0::/60")
    assert found[1 << 59].prefix == P("8000::/60")
    assert found[5:7] == [found[5], found[6]]
    with pytest.raises(IndexError):
        found[1 << 60]


@pytest.mark.parametrize(("view", "length"), [("10.0.0.0/8", 7), ("10.0.0.0/8", 33), ("fd00::/8", 129)])
def test_cells_larger_than_the_view_or_smaller_than_an_address_are_refused(view: str, length: int) -> None:
    with pytest.raises(ValueError, match="has no cells"):
        cells(topology(""), P(view), length)


def test_of_very_many_blocks_in_a_cell_all_are_counted() -> None:
    every = ", ".join(f'"10.0.{number}.0/24"' for number in range(200))
    plan = topology(f"vnets.first.address_space = [{every}]\nvnets.last.address_space = ['10.1.0.0/24']")
    (cell,) = cells(plan, P("10.0.0.0/8"), 8)
    assert (cell.names, cell.more) == (("first",), 201 - 64)
    assert "first's 10.0.0.0/24, first's 10.0.1.0/24 and 199 more; 99 % free" in describe(plan, cell)


# Zooming.


@st.composite
def pools_with_cells(draw: st.DrawFn) -> tuple[Prefix, Prefix]:
    """A pool of any size, and a block in it."""
    bits = BITS[version := draw(st.sampled_from([4, 6]))]
    address = draw(st.integers(0, (1 << bits) - 1))
    lengths = sorted(draw(st.tuples(st.integers(0, bits), st.integers(0, bits))))
    pool, inner = (Prefix(version, address >> (bits - one) << (bits - one), one) for one in lengths)
    return pool, inner


@given(pools_with_cells(), st.data())
def test_zooming_in_on_a_cell_ends_at_the_smallest_subnet_and_zooming_out_goes_back_the_same_way(
    pool_and_block: tuple[Prefix, Prefix], data: st.DataObject
) -> None:
    pool, _ = pool_and_block
    views = [view_of(pool)]
    assert views == [pool]
    for _ in range(40):
        view = views[-1]
        length = cell_length(view)
        assert view.length <= length <= view.length + 8
        place = data.draw(st.integers(0, (1 << (length - view.length)) - 1))
        cell = Prefix(view.version, view.first + (place << (BITS[view.version] - length)), length)
        closer = zoomed_in(view, cell)
        assert place_of(view, cell) == place
        if closer == view:
            break
        assert view.contains(closer)
        assert closer.contains(cell)
        assert length < cell_length(closer) <= length + 4
        views.append(closer)
    assert cell_length(views[-1]) == (
        {4: 29, 6: 64}[pool.version] if pool.length < {4: 29, 6: 64}[pool.version] else BITS[pool.version]
    )
    for before, after in zip(reversed(views[:-1]), reversed(views[1:]), strict=True):
        assert zoomed_out(after, pool) == before
    assert zoomed_out(pool, pool) == pool


@given(pools_with_cells())
def test_a_block_that_is_gone_to_fills_at_least_a_cell_unless_it_is_smaller_than_any(
    pool_and_block: tuple[Prefix, Prefix],
) -> None:
    pool, at = pool_and_block
    view = view_of(pool, at)
    assert pool.contains(view)
    assert view.contains(at)
    assert cell_length(view) >= min(at.length, cell_length(zoomed_in_fully(pool)))
    cell = cells(topology(""), view, cell_length(view))[place_of(view, at)].prefix
    assert cell.first == at.first or cell.contains(at)
    assert zoomed_in(zoomed_out(view, pool), cell) == view or view == pool


def zoomed_in_fully(pool: Prefix) -> Prefix:
    """The closest view of the first address."""
    view = pool
    while (
        closer := zoomed_in(view, Prefix(pool.version, pool.first, BITS[pool.version]).shortened(cell_length(view)))
    ) != view:
        view = closer
    return view


def test_a_block_that_covers_the_pool_or_lies_outside_leaves_the_whole_of_it_in_view() -> None:
    pool = P("10.64.0.0/12")
    assert view_of(pool, P("10.0.0.0/8")) == pool
    assert view_of(pool, P("192.168.0.0/24")) == pool
    assert place_of(pool, P("10.0.0.0/8")) == 0
    assert place_of(pool, P("192.168.0.0/24")) == 255
    assert place_of(pool, P("fd00::/8")) == 0


def test_the_pools_of_the_file_are_what_can_be_looked_at_of_both_families() -> None:
    plan = topology("""
        [planning.pools]
        weu = ["10.64.0.0/12", "fd00:10::/48"]
        lab = ["172.20.0.0/14"]
    """)
    expected = [("pool weu", P("10.64.0.0/12")), ("pool weu", P("fd00:10::/48")), ("pool lab", P("172.20.0.0/14"))]
    assert [*map_pools(plan)] == expected
    assert [*map_pools(plan, P("10.64.3.0/24"))] == expected
    assert [*map_pools(plan, P("10.9.0.0/16"))] == [*expected, ("outside every pool", P("10.0.0.0/8"))]
    assert [*map_pools(plan, P("11.9.0.0/16"))] == [*expected, ("outside every pool", P("11.0.0.0/8"))]
    assert map_pools(plan, P("::/0"))[-1] == ("pool lab", P("172.20.0.0/14"))


def test_without_pools_the_private_ranges_are_looked_at() -> None:
    assert [str(pool.prefix) for pool in map_pools(topology(""))] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
    assert {pool.title for pool in map_pools(topology(""))} == {"RFC 1918"}
    assert map_pools(topology("planning.pools.empty = []"))[0].title == "RFC 1918"


# What is said.

PLAN = topology("""
    planning.pools.weu = ["10.64.0.0/12"]
    planning.avoid = { "10.72.0.0/16" = "AKS pods" }
    [vnets.hub]
    address_space = ["10.64.0.0/16", "10.66.0.0/24"]
    growth = ["10.65.0.0/16"]
    gateway.p2s_pools = ["10.66.4.0/24"]
    [vnets.app]
    address_space = ["10.66.2.0/23"]
    [sites.dublin]
    address_space = ["10.77.0.0/25"]
    advertises = ["10.77.0.0/16", "0.0.0.0/0"]
""")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("10.64.0.0/16", "hub's 10.64.0.0/16; nothing free"),
        ("10.64.8.0/24", "in hub's 10.64.0.0/16; nothing free"),
        ("10.65.0.0/16", "10.65.0.0/16 held for hub; nothing free"),
        ("10.66.4.0/24", "10.66.4.0/24 of VPN clients of hub; nothing free"),
        ("10.72.1.0/24", "in 10.72.0.0/16 avoided (AKS pods); nothing free"),
        (
            "10.66.0.0/22",
            "hub's 10.66.0.0/24, app's 10.66.2.0/23; 256 addresses free, the largest block 10.66.1.0/24",
        ),
        (
            "10.66.0.0/21",
            "hub's 10.66.0.0/24, app's 10.66.2.0/23 and 1 more; 1024 addresses free, the largest block 10.66.6.0/23",
        ),
        ("10.68.0.0/14", "free"),
        ("10.68.0.0/16", "free, part of free 10.68.0.0/14"),
        (
            "10.77.0.0/24",
            "dublin's 10.77.0.0/25; 128 addresses free, the largest block 10.77.0.128/25; "
            "dublin advertises 10.77.0.0/16",
        ),
        ("10.77.8.0/24", "free, part of free 10.77.8.0/21; dublin advertises 10.77.0.0/16"),
        ("224.0.0.0/4", "224.0.0.0/4 refused by Azure (multicast); nothing free"),
        ("0.0.0.0/0", "10.64.0.0/16"),
    ],
)
def test_a_sentence_says_who_has_a_block_or_what_it_is_a_part_of(cell: str, said: str) -> None:
    (made,) = cells(PLAN, P(cell), P(cell).length)
    sentence = describe(PLAN, made, P("10.64.0.0/12"))
    assert sentence.startswith(f"{cell}: ")
    if cell == "0.0.0.0/0":
        assert "% free" in sentence
    else:
        assert sentence == f"{cell}: {said}"


def test_a_name_without_end_leaves_room_for_what_is_free() -> None:
    plan = topology(f'vnets.{"n" * 10_000}.address_space = ["10.0.0.0/24"]')
    (cell,) = cells(plan, P("10.0.0.0/23"), 23)
    assert len(describe(plan, cell)) < 150
    assert "256 addresses free" in describe(plan, cell)


def test_what_is_free_of_a_space_without_end_is_a_share() -> None:
    plan = topology('vnets.a.address_space = ["fd00::/50"]\nvnets.b.address_space = ["fd00:0:0:8000::/49"]')

    def said(text: str) -> str:
        (cell,) = cells(plan, P(text), P(text).length)
        return describe(plan, cell)

    assert "; 25 % free, the largest block fd00:0:0:4000::/50" in said("fd00::/48")
    plan = topology('vnets.a.address_space = ["10.0.0.0/9", "10.128.0.0/10", "10.192.0.0/11", "10.224.0.0/12"]')
    assert "; 6 % free" in said("10.0.0.0/8")
    plan = topology(
        'vnets.a.address_space = ["8000::/1", "4000::/2", "2000::/3", "1000::/4", "800::/5", "400::/6", "200::/7"]'
    )
    assert "; less than 1 % free" in said("::/0")


def test_one_free_address_is_one() -> None:
    plan = topology('vnets.a.address_space = ["10.0.0.0/32"]')
    (cell,) = cells(plan, P("10.0.0.0/31"), 31)
    assert cell == MapCell(P("10.0.0.0/31"), "mixed", ("a",), 0, 1)
    assert "1 address free" in describe(plan, cell)
