"""Suggestions are free, can be taken together, leave nothing out, and say why they are offered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import VnetTuiError
from tui.planner.free import next_free
from tui.planner.suggest import Suggestions, free_stretches, length_for_hosts, suggestions, usable_addresses
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse


def reasons(found: Suggestions) -> dict[str, str]:
    return {str(one.prefix): one.reason for one in found.blocks}


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.integers(25, 32), st.integers(0, 127)), max_size=10),
    st.lists(
        st.sampled_from(["10.9.0.0/26", "10.9.0.64/27", "10.9.0.0/28", "10.9.0.96/27", "10.9.0.0/25"]), max_size=3
    ),
    st.integers(24, 32),
)
def test_every_free_block_is_found_and_none_that_is_not(
    taken: list[tuple[int, int]], pools: list[str], length: int
) -> None:
    spaces = [Prefix(4, (10 << 24) + (9 << 16) + (at >> (32 - n) << (32 - n)), n) for n, at in taken]
    sources = list(map(P, pools)) or [P("10.9.0.0/25")]
    plan = Topology.model_validate(
        {
            "planning": {"pools": {f"p{number}": [str(source)] for number, source in enumerate(sources)}},
            "vnets": {f"v{number}": {"address_space": [str(space)]} for number, space in enumerate(spaces)},
        }
    )

    def free(size: int) -> list[Prefix]:
        within = (block for source in sources if source.length <= size for block in source.split(size))
        return list(dict.fromkeys(b for b in within if not any(b.overlaps(space) for space in spaces)))

    found = suggestions(plan, length, count=300)
    assert [one.prefix for one in found.blocks] == free(length)
    assert all(one.pool.contains(one.prefix) and one.reason for one in found.blocks)
    assert found.free_blocks == len(found.blocks)
    assert next_free(plan, length) == (found.blocks[0].prefix if found.blocks else None)
    assert bool(found.why_none) is not bool(found.blocks)
    largest = next((blocks for size in range(25, 33) if (blocks := free(size))), [])
    assert found.largest_free == (min(largest) if largest else None)


@given(st.lists(st.tuples(st.integers(26, 32), st.integers(0, 63)), max_size=8), st.integers(26, 32))
def test_the_free_stretches_are_the_addresses_that_nothing_uses(taken: list[tuple[int, int]], length: int) -> None:
    spaces = [Prefix(4, (10 << 24) + (at >> (32 - n) << (32 - n)), n) for n, at in taken]
    plan = Topology.model_validate({"vnets": {f"v{i}": {"address_space": [str(s)]} for i, s in enumerate(spaces)}})
    block = Prefix(4, 10 << 24, length)
    free = {address for first, last in free_stretches(plan, block) for address in range(first, last + 1)}
    used = {address for space in spaces for address in range(space.first, space.last + 1)}
    assert free == set(range(block.first, block.last + 1)) - used


def test_no_more_are_offered_than_were_asked_for_and_the_rest_is_counted() -> None:
    found = suggestions(topology('planning.pools.lab = ["10.0.0.0/8"]'), 24, count=3)
    assert [str(one.prefix) for one in found.blocks] == ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
    assert found.free_blocks == 65536
    assert found.largest_free == P("10.0.0.0/8")


def test_a_reason_names_the_pool_and_the_neighbours() -> None:
    plan = topology("""
        [planning]
        pools.weu-prod = { prefixes = ["10.64.0.0/20"], region = "westeurope" }
        avoid = { "10.64.14.0/24" = "pods" }
        [vnets.app]
        address_space = ["10.64.0.0/22"]
        [vnets.shop]
        address_space = ["10.64.5.0/24"]
        growth = ["10.64.8.0/24"]
        gateway.p2s_pools = ["10.64.12.0/24"]
        [sites.dublin]
        address_space = ["10.64.10.0/23"]
    """)
    said = reasons(suggestions(plan, 24))
    assert said["10.64.4.0/24"] == (
        "lowest free /24 of pool weu-prod; fills the gap between app's 10.64.0.0/22 and shop's 10.64.5.0/24"
    )
    assert said["10.64.6.0/24"] == "follows shop's 10.64.5.0/24"
    assert said["10.64.7.0/24"] == "follows 10.64.6.0/24, which is free too"
    assert said["10.64.9.0/24"] == "fills the gap between 10.64.8.0/24, held for shop and dublin's 10.64.10.0/23"
    assert said["10.64.13.0/24"] == (
        "fills the gap between 10.64.12.0/24 of shop's VPN clients and 10.64.14.0/24, which is avoided (pods)"
    )
    assert "10.64.15.0/24" in said
    assert all(one.pool_name == "weu-prod" for one in suggestions(plan, 24).blocks)


def test_a_block_that_cannot_begin_where_its_neighbour_ends_says_so() -> None:
    plan = topology("""
        planning.pools.lab = ["10.5.0.0/20"]
        vnets.a.address_space = ["10.5.0.0/24"]
        vnets.b.address_space = ["10.5.8.0/24"]
    """)
    said = reasons(suggestions(plan, 22))
    assert said["10.5.4.0/22"] == "lowest free /22 of pool lab; lies right before b's 10.5.8.0/24"
    assert said["10.5.12.0/22"] == "the next aligned /22 after b's 10.5.8.0/24"


def test_the_widest_neighbour_is_named() -> None:
    plan = topology("""
        vnets.inner.address_space = ["10.0.255.0/24"]
        vnets.outer.address_space = ["10.0.0.0/16"]
    """)
    assert "follows outer's 10.0.0.0/16" in reasons(suggestions(plan, 16))["10.1.0.0/16"]


@pytest.mark.parametrize(
    ("pool", "length", "what"),
    [
        ("10.0.0.0/8", 16, "is what the Azure CLI gives a VNet when no prefix is passed"),
        ("10.0.0.0/8", 22, "is inside 10.0.0.0/16, what the Azure CLI gives a VNet when no prefix is passed"),
        ("172.16.0.0/15", 15, "contains 172.17.0.0/16, Docker's default bridge (docker0)"),
        (
            "192.168.1.0/24",
            26,
            "is inside 192.168.1.0/24, the commonest home router's network, in the way of VPN users",
        ),
    ],
)
def test_a_range_that_turns_up_elsewhere_stays_available_with_a_warning(pool: str, length: int, what: str) -> None:
    found = suggestions(topology(f'planning.pools.p = ["{pool}"]'), length)
    assert found.blocks[0].reason.endswith(f"; {what}: stays available, but may clash with what is linked later")


def test_ranges_of_workloads_are_mentioned_where_the_workload_matters() -> None:
    pool = 'pools.p = ["10.244.0.0/16"]'
    assert "AKS" not in suggestions(topology(f"[planning]\n{pool}"), 24).blocks[0].reason
    with_aks = topology(f'[planning]\n{pool}\nworkloads = ["aks"]')
    assert "is inside 10.244.0.0/16, the default pod CIDR of AKS" in suggestions(with_aks, 24).blocks[0].reason


POOLS = """
    [planning.pools]
    weu = { prefixes = ["10.1.0.0/24"], region = "westeurope" }
    lab = ["10.2.0.0/24"]
    six = ["fd00::/40"]
    [vnets.a]
    address_space = ["10.1.0.0/25"]
"""


def test_a_pool_or_a_region_narrows_the_search() -> None:
    plan = topology(POOLS)
    assert [one.pool_name for one in suggestions(plan, 25).blocks] == ["weu", "lab", "lab"]
    assert [one.pool_name for one in suggestions(plan, 25, region="westeurope").blocks] == ["weu"]
    assert [one.pool_name for one in suggestions(plan, 25, pool="lab").blocks] == ["lab", "lab"]
    assert [one.pool_name for one in suggestions(plan, 25, region="northeurope").blocks] == ["weu", "lab", "lab"]
    assert str(suggestions(plan, 48, family=6).blocks[0].prefix) == "fd00::/48"
    with pytest.raises(VnetTuiError, match="there is no pool prod"):
        suggestions(plan, 24, pool="prod")


@pytest.mark.parametrize(
    ("length", "where", "why"),
    [
        (24, {"pool": "weu"}, "no /24 is free in pool weu: the largest free block is 10.1.0.128/25"),
        (20, {}, "no prefix of the pools is as large as a /20: the largest is 10.1.0.0/24"),
        (24, {"region": "westeurope"}, "no /24 is free in what westeurope may use: the largest free block is"),
        (24, {"pool": "six"}, "pool six holds no IPv4 prefix"),
        (33, {}, "an IPv4 prefix length is 0 to 32"),
    ],
)
def test_where_nothing_fits_it_says_why(length: int, where: dict[str, str], why: str) -> None:
    found = suggestions(topology(POOLS), length, **where)  # type: ignore[arg-type]
    assert not found.blocks
    assert found.why_none.startswith(why)


def test_a_full_pool_says_so() -> None:
    plan = topology('planning.pools.p = ["10.0.0.0/24"]\nvnets.a.address_space = ["10.0.0.0/8"]')
    assert suggestions(plan, 28) == Suggestions((), 0, None, "everything in the pools is used or held")


@given(st.integers(1, 1 << 30))
def test_a_subnet_for_so_many_hosts_has_room_for_them_and_half_of_it_has_not(hosts: int) -> None:
    if hosts > (1 << 30) - 5:
        with pytest.raises(VnetTuiError, match="no subnet has room"):
            length_for_hosts(hosts)
        return
    length = length_for_hosts(hosts)
    assert usable_addresses(Prefix(4, 0, length)) >= hosts
    assert length == 29 or usable_addresses(Prefix(4, 0, length + 1)) < hosts


def test_azure_keeps_five_addresses_of_each_subnet() -> None:
    assert [length_for_hosts(hosts) for hosts in (1, 3, 4, 11, 12, 251, 252, 500)] == [29, 29, 28, 28, 27, 24, 23, 23]
    assert length_for_hosts(500, family=6) == 64
    with pytest.raises(VnetTuiError, match="one host or more"):
        length_for_hosts(0)
