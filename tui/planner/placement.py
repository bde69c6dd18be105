"""Placement: in which order the free blocks of a size are handed out.

Owns the three orders. *Tightest* opens the smallest free block that fits, so that large ones stay whole. *In order*
takes the lowest address of the first pool. *Room to grow* begins the largest free block, halving what is free each
time (RFC 3531), so that every block can double in place as long as possible.
Invariant: each order names every free block of the size exactly once, and lists none before it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.planner.free_space import FreeSpace
from tui.planner.gaps import Gaps
from tui.planner.pools import Source
from tui.topology.prefix import BITS, Prefix

Strategy: TypeAlias = Literal["tightest", "in-order", "room-to-grow"]

STRATEGIES: Final[tuple[Strategy, ...]] = ("tightest", "in-order", "room-to-grow")


class Space(NamedTuple):
    """What is free in one source."""

    source: Source
    gaps: Gaps


class Placed(NamedTuple):
    """A free block, and the free block that it was taken from."""

    block: Prefix
    opens: Prefix
    """By tightest: the maximal free block around it. By room to grow: what was free from it on. Else itself."""
    space: Space


def spaces(free: FreeSpace, sources: Sequence[Source], length: int) -> list[Space]:
    """Return what is free in each source where a block of `length` can lie, no block in two of them.

    Where sources nest, a block belongs to the first one that can hold it.
    """
    found: list[Space] = []
    seen: list[Prefix] = []
    lengths: set[int] = set()
    for source in sources:
        prefix = source.prefix
        if not prefix.length <= length <= BITS[prefix.version]:
            continue
        if any(_holds(seen, prefix.shortened(one)) for one in lengths if one <= prefix.length):
            continue
        gaps = free.gaps(prefix)
        place = bisect_left(seen, prefix)
        while place < len(seen) and prefix.contains(seen[place]):
            gaps = gaps.without(seen[place])
            place += 1
        found.append(Space(source, gaps))
        insort(seen, prefix)
        lengths.add(prefix.length)
    return found


def _holds(known: Sequence[Prefix], prefix: Prefix) -> bool:
    place = bisect_left(known, prefix)
    return place < len(known) and known[place] == prefix


def placed(where: Sequence[Space], length: int, strategy: Strategy) -> Iterator[Placed]:
    """Yield every free block of prefix length `length`, the best by `strategy` first. `where` is of one family."""
    if not where:
        return iter(())
    bits = BITS[where[0].source.prefix.version]
    order = {"tightest": _tightest, "in-order": _in_order, "room-to-grow": _room_to_grow}[strategy]
    return order(where, bits - length, bits)


def _tightest(where: Sequence[Space], bit: int, bits: int) -> Iterator[Placed]:
    for size in range(bit, bits + 1):
        for space in where:
            if not space.gaps.sizes >> size & 1:
                continue
            version = space.source.prefix.version
            for start in space.gaps.pieces(size):
                opens = Prefix(version, start, bits - size)
                for first in range(start, start + (1 << size), 1 << bit):
                    yield Placed(Prefix(version, first, bits - bit), opens, space)


def _in_order(where: Sequence[Space], bit: int, bits: int) -> Iterator[Placed]:
    for space in where:
        version = space.source.prefix.version
        for first in space.gaps.in_order(bit):
            block = Prefix(version, first, bits - bit)
            yield Placed(block, block, space)


def _room_to_grow(where: Sequence[Space], bit: int, bits: int) -> Iterator[Placed]:
    largest = max(space.gaps.sizes for space in where).bit_length() - 1
    for size in range(largest, bit - 1, -1):
        for space in where:
            if not space.gaps.sizes >> size:
                continue
            version = space.source.prefix.version
            for start, whole in space.gaps.pieces_from(size):
                # A block of this size that is the upper half of one opened before; or a free block of just this size.
                begins = range(start + (1 << size), start + (1 << whole), 2 << size) if whole > size else (start,)
                for first in begins:
                    yield Placed(Prefix(version, first, bits - bit), Prefix(version, first, bits - size), space)
