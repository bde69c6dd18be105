"""What the planner hands out is free, whatever is in the file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.planner.free import next_free, pools, used
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse


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
