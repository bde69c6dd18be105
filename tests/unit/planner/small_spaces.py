"""Small pieces of the address space for tests, wherever they lie, and what is free in them by looking at every block.

Invariant: the oracle compares blocks with blocks, one by one, and uses nothing that the planner computes with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from tui.planner.pools import Source
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

P = Prefix.parse

UNIVERSES = tuple(
    map(P, ["0.0.0.0/27", "10.9.0.0/27", "127.255.255.224/27", "128.0.0.0/27", "255.255.255.224/27"])
) + tuple(map(P, ["::/123", "fd00::40/123", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffe0/123"]))
"""The beginning, the middle and the end of both families: 32 addresses each."""

PRIVATE = tuple(map(P, ["10.9.0.0/27", "172.16.0.32/27", "192.168.255.224/27", "203.0.112.0/27", "fd00::40/123"]))
"""Of which Azure refuses nothing."""

DEPTH = 5


def block_of(universe: Prefix, depth: int, at: int) -> Prefix:
    """The block of `universe` that is `depth` bits longer and holds its address number `at`."""
    return Prefix(universe.version, universe.first + at, BITS[universe.version]).shortened(universe.length + depth)


def shapes(shallowest: int = 0, *, most: int = 8, least: int = 0) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Depths and addresses of some blocks of a universe that is not yet chosen."""
    one = st.tuples(st.integers(shallowest, DEPTH), st.integers(0, 31))
    return st.lists(one, min_size=least, max_size=most)


def blocks_of(universe: Prefix, drawn: Iterable[tuple[int, int]]) -> list[Prefix]:
    """The blocks of these shapes."""
    return [block_of(universe, depth, at) for depth, at in drawn]


def free_by_looking(pools: Sequence[Prefix], used: Sequence[Prefix], length: int) -> list[Prefix]:
    """Every free block of `length` that lies within one of `pools`, lowest first, each once."""
    return sorted(
        {
            block
            for pool in pools
            if pool.length <= length <= BITS[pool.version]
            for block in pool.split(length)
            if not any(block.overlaps(one) for one in used)
        }
    )


def maximal_by_looking(pools: Sequence[Prefix], used: Sequence[Prefix]) -> list[Prefix]:
    """Every free block that lies in no other free block of the same pool, lowest first."""
    shortest = min((pool.length for pool in pools), default=0)
    longest = BITS[pools[0].version] if pools else -1
    every = [block for length in range(shortest, longest + 1) for block in free_by_looking(pools, used, length)]
    found: list[Prefix] = []
    for block in every:
        if not any(wider.contains(block) for wider in found):
            found.append(block)
    return sorted(found)


def planned(pools: Sequence[Prefix], used: Sequence[Prefix]) -> Topology:
    """A topology of these pools, one each, in which each used block is a VNet's."""
    return Topology.model_validate(
        {
            "planning": {"pools": {f"p{number}": [str(pool)] for number, pool in enumerate(pools)}},
            "vnets": {f"v{number}": {"address_space": [str(block)]} for number, block in enumerate(used)},
        }
    )


def unnamed(pools: Iterable[Prefix]) -> list[Source]:
    """The pools as sources without a name."""
    return [Source(pool, None) for pool in pools]
