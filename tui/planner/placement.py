"""Placement: in which order the free blocks of a size are handed out.

Owns the three orders. *Tightest* opens the smallest free block that fits, so that large ones stay whole. *In order*
takes the lowest address. *Room to grow* begins the largest free block, halving what is free each time (RFC 3531), so
that every block can double in place as long as possible. All blocks of the sources of one choice come before those of
the next; of equals the lowest comes first, but one of which there are doubts after those of which there are none.
Invariant: each order names every free block of the size exactly once, and lists none before it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import takewhile
from operator import itemgetter
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.planner.free_space import FreeSpace
from tui.planner.gaps import Gaps
from tui.planner.pools import Source
from tui.topology.intervals import blocks
from tui.topology.prefix import BITS, Prefix

Strategy: TypeAlias = Literal["tightest", "in-order", "room-to-grow"]

STRATEGIES: Final[tuple[Strategy, ...]] = ("tightest", "in-order", "room-to-grow")

Doubtful: TypeAlias = Callable[[Prefix], bool]
"""Whether there are doubts about a block, so that others that are as good go before it."""

_MOST_PUT_OFF = 4096
"""Blocks that are put off at once: where all are doubtful, the first is not waited for until the last was looked at."""


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

    Where sources nest, a block belongs to the narrowest one that can hold it.
    """
    found: dict[Prefix, Space] = {}
    seen: list[Prefix] = []
    for source in sorted(sources, key=lambda source: -source.prefix.length):
        prefix = source.prefix
        if prefix in found or not prefix.length <= length <= BITS[prefix.version]:
            continue
        gaps = free.gaps(prefix)
        inner = list(takewhile(prefix.contains, seen[bisect_left(seen, prefix) :]))
        found[prefix] = Space(source, gaps.without(inner) if inner else gaps)
        insort(seen, prefix)
    return [found[prefix] for prefix in dict.fromkeys(source.prefix for source in sources) if prefix in found]


def with_growth(block: Prefix, length: int) -> tuple[Prefix, tuple[Prefix, ...]]:
    """Return the lower part of `block` that has prefix length `length`, and the rest, which is held for it to grow."""
    prefix = Prefix(block.version, block.first, length)
    return prefix, tuple(blocks(block.version, prefix.last + 1, block.last))


def placed(
    where: Sequence[Space], length: int, strategy: Strategy, doubtful: Doubtful | None = None
) -> Iterator[Placed]:
    """Yield every free block of prefix length `length`, the best by `strategy` first. `where` is of one family.

    `doubtful` decides between equals; in order, there are none.
    """
    for choice in sorted({space.source.choice for space in where}):
        chosen = [space for space in where if space.source.choice == choice]
        bits = BITS[chosen[0].source.prefix.version]
        for grade in _GRADES[strategy](chosen, bits - length, bits):
            yield from grade if doubtful is None or strategy == "in-order" else _put_off(grade, doubtful)


def _put_off(grade: Iterator[Placed], doubtful: Doubtful) -> Iterator[Placed]:
    """The same blocks, the doubtful ones later."""
    later: list[Placed] = []
    for one in grade:
        if not doubtful(one.block):
            yield one
            continue
        later.append(one)
        if len(later) == _MOST_PUT_OFF:
            yield from later
            later.clear()
    yield from later


def _tightest(where: Sequence[Space], bit: int, bits: int) -> Iterator[Iterator[Placed]]:
    """One grade for each size of a maximal free block."""

    def opened(space: Space, size: int) -> Iterator[Placed]:
        version = space.source.prefix.version
        for start in space.gaps.pieces(size):
            opens = Prefix(version, start, bits - size)
            for first in range(start, start + (1 << size), 1 << bit):
                yield Placed(Prefix(version, first, bits - bit), opens, space)

    for size in range(bit, bits + 1):
        yield _lowest_first([opened(space, size) for space in where if space.gaps.sizes >> size & 1])


def _in_order(where: Sequence[Space], bit: int, bits: int) -> Iterator[Iterator[Placed]]:
    """One grade for all."""

    def listed(space: Space) -> Iterator[Placed]:
        version = space.source.prefix.version
        for first in space.gaps.in_order(bit):
            block = Prefix(version, first, bits - bit)
            yield Placed(block, block, space)

    yield _lowest_first([listed(space) for space in where])


def _room_to_grow(where: Sequence[Space], bit: int, bits: int) -> Iterator[Iterator[Placed]]:
    """One grade for each size of the room that a block has from its beginning on."""

    def begun(space: Space, size: int) -> Iterator[Placed]:
        version = space.source.prefix.version
        for start, whole in space.gaps.pieces_from(size):
            # A block of this size that is the upper half of one opened before; or a free block of just this size.
            begins = range(start + (1 << size), start + (1 << whole), 2 << size) if whole > size else (start,)
            for first in begins:
                yield Placed(Prefix(version, first, bits - bit), Prefix(version, first, bits - size), space)

    largest = max(space.gaps.sizes for space in where).bit_length() - 1
    for size in range(largest, bit - 1, -1):
        yield _lowest_first([begun(space, size) for space in where if space.gaps.sizes >> size])


def _lowest_first(streams: Sequence[Iterator[Placed]]) -> Iterator[Placed]:
    """Blocks of several sources, each of which has them in their order, in their order."""
    return streams[0] if len(streams) == 1 else merge(*streams, key=itemgetter(0))


_GRADES: Final[dict[Strategy, Callable[[Sequence[Space], int, int], Iterator[Iterator[Placed]]]]] = {
    "tightest": _tightest,
    "in-order": _in_order,
    "room-to-grow": _room_to_grow,
}
