"""Room for subnets: whether subnets of some sizes all find a place in some free blocks.

Owns the counting. Of aligned blocks only the sizes matter: counted in blocks of one size from the largest size down,
what is free and not taken is what is left, wherever the larger ones were put.
Invariant: the answer does not depend on any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tui.planner.free_space import FreeSpace
from tui.planner.subnets.wanted import SubnetWanted
from tui.topology.prefix import Prefix


def free_blocks_of(spaces: Iterable[Prefix], free: FreeSpace) -> list[Prefix]:
    """Return the maximal aligned blocks of `free` within each of `spaces`, lowest first."""
    return [block for space in spaces for block in free.gaps(space).blocks()]


def largest_first(wanted: Iterable[SubnetWanted]) -> list[SubnetWanted]:
    """Return `wanted` in the order of placing, which the order of asking does not change."""
    return sorted(wanted, key=lambda one: (one.length, one.name))


def without_place(free: Iterable[Prefix], asked: Sequence[SubnetWanted]) -> SubnetWanted | None:
    """Return the first of `asked`, of one family and the largest first, that finds no place in the blocks of `free`.

    None where all of them do. `free`: aligned blocks of that family, none overlapping another.
    """
    number = Counter(block.length for block in free)
    length = min(number, default=0)
    left = number[length]
    for one in asked:
        if one.length < length:
            return one
        while length < one.length:
            length += 1
            left = 2 * left + number[length]
        if not left:
            return one
        left -= 1
    return None
