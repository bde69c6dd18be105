"""What the planner hands out is free, whatever is in the file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.planner.small_spaces import UNIVERSES, blocks_of, shapes
from tui.planner.free_space import FreeSpace
from tui.planner.holdings import Holder, free, holdings, used
from tui.planner.pools import pools, pools_of
from tui.planner.request import Request
from tui.planner.suggest import suggestions
from tui.topology.edits import change
from tui.topology.intervals import free_blocks
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse


def next_free(plan: Topology, length: int, *, region: str | None = None, family: int = 4) -> Prefix | None:
    """The first block in order."""
    found = suggestions(plan, Request(length, family=family, region=region), "in-order").blocks
    return found[0].prefix if found else None


def test_without_pools_the_private_ranges_are_where_one_looks() -> None:
    assert next_free(topology(""), 16) == P("10.0.0.0/16")


def test_everything_that_is_used_or_held_is_left_alone() -> None:
    plan = topology("""
        [planning]
        pools.lab = ["10.0.0.0/20"]
        avoid = { "10.0.3.0/24" = "pods" }
        [vnets.a]
        address_space = ["10.0.0.0/24"]
        growth = ["10.0.1.0/24"]
        gateway.p2s_pools = ["10.0.2.0/24"]
        [sites.s]
        address_space = ["10.0.4.0/24"]
        advertises = ["10.0.0.0/8"]
    """)
    assert next_free(plan, 24) == P("10.0.5.0/24")


def test_the_pool_of_the_region_comes_first_and_none_is_left_when_it_is_full() -> None:
    plan = topology("""
        [planning.pools]
        weu = { prefixes = ["10.1.0.0/24"], region = "westeurope" }
        all = ["10.2.0.0/24"]
        [vnets.a]
        address_space = ["10.1.0.0/24"]
    """)
    assert pools(plan, region="westeurope") == (P("10.1.0.0/24"),)
    assert next_free(plan, 24, region="westeurope") is None
    assert next_free(plan, 24, region="northeurope") == P("10.2.0.0/24")


def test_ranges_that_azure_refuses_are_never_handed_out() -> None:
    plan = topology('planning.pools.odd = ["169.254.0.0/16", "168.63.129.16/32"]')
    assert next_free(plan, 32) is None


def test_ipv6_of_the_kinds_that_azure_refuses_is_never_handed_out() -> None:
    plan = topology('planning.pools.odd = ["ff00::/8", "fe80::/10", "::/127"]')
    assert next_free(plan, 64, family=6) is None
    assert next_free(plan, 128, family=6) is None


def test_an_ipv6_pool_gives_ipv6_blocks() -> None:
    plan = topology('planning.pools.six = ["fd00::/40"]')
    assert next_free(plan, 48, family=6) == P("fd00::/48")
    assert next_free(plan, 24) is None


@given(
    st.lists(st.tuples(st.integers(26, 32), st.integers(0, 63)), max_size=12),
    st.integers(26, 32),
)
def test_the_lowest_free_block_is_found_whenever_there_is_one(taken: list[tuple[int, int]], length: int) -> None:
    base = P("10.9.0.0/26")
    spaces = [Prefix(4, base.first + (at >> (32 - n) << (32 - n)), n) for n, at in taken]
    plan = Topology.model_validate(
        {
            "planning": {"pools": {"p": ["10.9.0.0/26"]}},
            "vnets": {f"v{number}": {"address_space": [str(space)]} for number, space in enumerate(spaces)},
        }
    )
    free = [block for block in base.split(length) if not any(block.overlaps(space) for space in spaces)]
    assert next_free(plan, length) == (free[0] if free else None)
    assert {*spaces} <= {*used(plan)}


# Searching from where one is

SPACE = P("10.9.0.0/26")
BLOCKS = st.tuples(st.integers(26, 32), st.integers(0, 63)).map(
    lambda block: Prefix(4, SPACE.first + (block[1] >> (32 - block[0]) << (32 - block[0])), block[0])
)


def free_ones(pools: list[Prefix], length: int, taken: list[Prefix]) -> list[Prefix]:
    """Every free block of a length, pool by pool."""
    return [
        block
        for pool in pools
        if pool.length <= length
        for block in pool.split(length)
        if not any(block.overlaps(one) for one in taken)
    ]


@given(st.lists(BLOCKS, max_size=10), st.lists(BLOCKS, max_size=2), BLOCKS)
def test_the_nearest_free_block_is_nearest_of_all(used_up: list[Prefix], also: list[Prefix], near: Prefix) -> None:
    found = FreeSpace(used_up).nearest([SPACE], near, also)
    every = free_ones([SPACE], near.length, used_up + also)
    assert found == min(every, key=lambda one: (abs(one.first - near.first), one.first), default=None)


@given(st.lists(BLOCKS, max_size=10), st.lists(BLOCKS, max_size=2), BLOCKS, st.booleans())
def test_going_on_to_the_following_block_walks_through_all_of_them_and_round(
    used_up: list[Prefix], also: list[Prefix], block: Prefix, downward: bool
) -> None:
    pools = [P("10.9.0.32/27"), P("10.9.0.0/28")]
    free = FreeSpace(used_up)
    every = free_ones(pools, block.length, used_up + also)
    if downward:
        every = [one for pool in pools for one in reversed(every) if pool.contains(one)]
    walked = [free.following(pools, block, also, downward=downward)]
    for _ in every[1:]:
        assert walked[-1] is not None
        walked.append(free.following(pools, walked[-1], also, downward=downward))
    assert sorted(filter(None, walked)) == sorted(every)
    if every:
        assert walked[-1] is not None
        again = free.following(pools, walked[-1], also, downward=downward)
        start = every.index(again) if again else 0
        assert walked == every[start:] + every[:start]


def test_a_near_block_in_its_own_pool_goes_before_a_nearer_one_in_another() -> None:
    pools = [P("10.0.0.0/24"), P("10.0.1.0/24")]
    taken = [P("10.0.1.0/25")]
    assert FreeSpace(taken).nearest(pools, P("10.0.1.0/26")) == P("10.0.1.128/26")
    assert FreeSpace([*taken, P("10.0.1.128/25")]).nearest(pools, P("10.0.1.0/26")) == P("10.0.0.192/26")


def test_a_block_larger_than_every_pool_is_not_found() -> None:
    assert FreeSpace([]).nearest([SPACE], P("10.0.0.0/8")) is None
    assert FreeSpace([]).following([SPACE], P("10.0.0.0/8")) is None
    assert FreeSpace([]).first([SPACE], 33) is None


def test_who_holds_a_block_is_known_and_what_is_ones_own_is_free_for_oneself() -> None:
    plan = topology("""
        planning.avoid = { "10.0.3.0/24" = "pods" }
        [vnets.a]
        address_space = ["10.0.0.0/24"]
        growth = ["10.0.1.0/24"]
        gateway.p2s_pools = ["10.0.2.0/24"]
        [sites.s]
        address_space = ["10.0.4.0/24"]
    """)
    known = holdings(plan)
    holders = [holder for _, holder in known.index.overlapping(P("10.0.0.0/16"))]
    assert holders == [
        ("address_space", "a"),
        ("growth", "a"),
        ("p2s_pools", "a"),
        ("avoid", "pods"),
        ("address_space", "s"),
    ]
    ten = [P("10.0.0.0/8")]
    assert known.free().first(ten, 24) == P("10.0.5.0/24")
    assert known.free(frozenset({Holder("growth", "a")})).first(ten, 24) == P("10.0.1.0/24")
    assert holdings(plan) is known


def test_the_named_pool_goes_before_that_of_the_region() -> None:
    plan = topology("""
        [planning.pools]
        weu = { prefixes = ["10.1.0.0/24", "fd00::/48"], region = "westeurope" }
        lab = ["10.2.0.0/24"]
    """)
    assert pools_of(plan, "lab", region="westeurope") == (P("10.2.0.0/24"),)
    assert pools_of(plan, "none", region="westeurope") == (P("10.1.0.0/24"),)
    assert pools_of(plan, "weu", family=6) == (P("fd00::/48"),)


@given(st.sampled_from(UNIVERSES), shapes(), shapes(most=3))
def test_the_free_blocks_of_any_prefix_are_those_of_the_sweep(
    universe: Prefix, drawn: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    used_up = blocks_of(universe, drawn)
    space = FreeSpace(used_up)
    for pool in [universe, universe.shortened(universe.length - 4), *blocks_of(universe, asked)]:
        assert list(space.gaps(pool).blocks()) == free_blocks(pool, used_up)
        assert space.gaps(pool) is space.gaps(pool)


def test_both_families_are_kept_apart() -> None:
    space = FreeSpace([P("::/96"), P("0.0.0.0/1")])
    assert space.gaps(P("0.0.0.0/0")).largest() == P("128.0.0.0/1")
    assert space.gaps(P("::/95")).largest() == P("::1:0:0/96")


def test_regions_are_known_however_they_are_written_and_their_networks_pool_comes_first() -> None:
    plan = topology("""
        [planning.pools]
        weu = { prefixes = ["10.1.0.0/24", "10.2.0.0/24"], region = "West Europe" }
        [vnets.a]
        region = "westeurope"
        address_space = ["10.2.0.0/25"]
    """)
    assert pools(plan, region="WestEurope") == (P("10.2.0.0/24"), P("10.1.0.0/24"))
    assert next_free(plan, 25, region="westeurope") == P("10.2.0.128/25")


def test_free_space_is_derived_once_for_a_topology() -> None:
    plan = topology('vnets.a.address_space = ["10.0.0.0/9"]')
    assert free(plan) is free(plan)
    assert free(plan).gaps(P("10.0.0.0/8")).largest() == P("10.128.0.0/9")


STRAYS = """
    [planning]
    pools.p = ["10.0.0.0/24"]
    [vnets.hub]
    address_space = ["10.9.0.0/24"]
    subnets = { inside = "10.9.0.0/26", stray = "10.0.0.0/26" }
    [vnets.nospace.subnets]
    web = ["10.0.0.64/26", "fd00::/64"]
    [sites.dub]
    address_space = ["10.0.0.192/28"]
    bgp_peer = "10.0.0.200"
    [sites.dub.devices]
    fw1 = { address = "203.0.113.20", bgp_peer = "10.0.0.130" }
    fw2 = { address = "203.0.113.21", bgp_peer = "not an address" }
"""


def test_subnets_outside_of_their_vnet_and_bgp_peers_outside_of_their_site_are_not_free() -> None:
    plan = topology(STRAYS)
    said = [holder.clause(prefix) for prefix, holder in holdings(plan).index.overlapping(P("10.0.0.0/24"))]
    assert said == [
        "hub has a subnet 10.0.0.0/26",
        "nospace has a subnet 10.0.0.64/26",
        "10.0.0.130 is the BGP peer of dub",
        "dub has 10.0.0.192/28",
    ]
    assert next_free(plan, 26) is None
    assert next_free(plan, 27) == P("10.0.0.160/27")
    refusal = suggestions(plan, Request(26)).refusal
    assert refusal is not None
    assert refusal.message.endswith(
        "in the way: hub's subnet 10.0.0.0/26, nospace's subnet 10.0.0.64/26, dub (10.0.0.192/28) and 1 more"
    )


def test_a_subnet_that_moves_into_its_vnet_is_no_longer_held_besides() -> None:
    plan = topology(STRAYS)
    after = change(("vnets", "hub"), address_space=(P("10.9.0.0/24"), P("10.0.0.0/26"))).apply(plan)
    assert Holder("subnet", "hub") in [who for _, who in holdings(plan).index.overlapping(P("10.0.0.0/26"))]
    assert [who for _, who in holdings(after).index.overlapping(P("10.0.0.0/26"))] == [Holder("address_space", "hub")]


@given(st.sampled_from(UNIVERSES), st.lists(shapes(most=3), min_size=6, max_size=6))
def test_all_that_is_used_has_a_holder_and_nothing_else_has_one(
    universe: Prefix, drawn: list[list[tuple[int, int]]]
) -> None:
    space, growth, subnets, clients, site, avoid = (list(map(str, blocks_of(universe, shape))) for shape in drawn)
    plan = Topology.model_validate(
        {
            "planning": {"avoid": dict.fromkeys(avoid, "pods")},
            "vnets": {
                "a": {"address_space": space[:1], "growth": growth, "subnets": {"s": subnets}},
                "b": {"address_space": space[1:], "gateway": {"p2s_pools": clients}, "subnets": {"s": subnets}},
            },
            "sites": {"t": {"address_space": site, "bgp_peer": str(universe).partition("/")[0]}},
        }
    )
    held = [*holdings(plan).index.within(P("0.0.0.0/0")), *holdings(plan).index.within(P("::/0"))]
    assert sorted(used(plan)) == [prefix for prefix, _ in held]
    for text in [*space, *growth, *subnets, *clients, *site, *avoid]:
        assert not any(holdings(plan).free().gaps(P(text)).blocks())
