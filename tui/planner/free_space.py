"""Free space: what many blocks leave free, searched from any address in both directions, or pool by pool.

Owns merging blocks into used stretches, for tens of thousands of them at once.
Invariant: a block that is found overlaps none of the used ones and lies within one prefix of one pool.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, compress, islice
from operator import gt

from tui.planner.gaps import Gaps
from tui.topology.prefix import BITS, Prefix

_POOLS = 4096
"""Pools of which the gaps are remembered."""


class FreeSpace:
    """What many blocks leave free, ready to be searched from any address in both directions."""

    def __init__(self, used: Iterable[Prefix]) -> None:
        self._blocks = tuple(used)
        self._used: dict[int, tuple[list[int], list[int]]] = {}
        self._gaps: dict[Prefix, Gaps] = {}

    def gaps(self, pool: Prefix) -> Gaps:
        """Return what is free in `pool`."""
        known = self._gaps.get(pool)
        if known is None:
            known = self._in_pool(pool)
            if len(self._gaps) >= _POOLS:
                self._gaps.clear()
            self._gaps[pool] = known
        return known

    def _in_pool(self, pool: Prefix) -> Gaps:
        begins, ends = self._stretches_of(pool.version)
        first, behind = pool.first, pool.last + 1
        # The used stretches that touch the pool, and what lies between them.
        low, high = bisect_right(ends, first << 8 | 255), bisect_left(begins, behind << 8)
        free_begins = [end >> 8 for end in ends[low:high]]
        free_ends = [begin >> 8 for begin in begins[low:high]]
        if free_ends and free_ends[0] <= first:
            del free_ends[0]
        else:
            free_begins.insert(0, first)
        if free_begins and free_begins[-1] >= behind:
            del free_begins[-1]
        else:
            free_ends.append(behind)
        return Gaps(pool, free_begins, free_ends)

    def _stretches_of(self, version: int) -> tuple[list[int], list[int]]:
        """Where the used stretches of a family begin and end, as `_merged` has them."""
        known = self._used.get(version)
        if known is None:
            known = self._used[version] = _merged(self._blocks, version)
        return known

    def first(
        self, pools: Sequence[Prefix], length: int, also: Sequence[Prefix] = (), *, downward: bool = False
    ) -> Prefix | None:
        """Return the lowest free block of `length` in the first of `pools` that has one; the highest if `downward`.

        `also`: a few more blocks that are taken.
        """
        for pool in pools:
            found = self._in(pool, pool.first, pool.last, length, also, downward)
            if found is not None:
                return found
        return None

    def following(
        self, pools: Sequence[Prefix], block: Prefix, also: Sequence[Prefix] = (), *, downward: bool = False
    ) -> Prefix | None:
        """Return the free block of the size of `block` that comes after it (before it if `downward`).

        Pool by pool, and from the beginning again after the last; the first one where no pool holds `block`.
        """
        home = next((place for place, pool in enumerate(pools) if pool.contains(block)), None)
        if home is None:
            return self.first(pools, block.length, also, downward=downward)
        pool = pools[home]
        first, last = (pool.first, block.first - 1) if downward else (block.last + 1, pool.last)
        found = self._in(pool, first, last, block.length, also, downward)
        return found or self.first((*pools[home + 1 :], *pools[: home + 1]), block.length, also, downward=downward)

    def nearest(self, pools: Sequence[Prefix], near: Prefix, also: Sequence[Prefix] = ()) -> Prefix | None:
        """Return the free block of the size of `near` that lies nearest to it, the lower one of two.

        In a pool that holds `near` if there is one there, else in any of `pools`.
        """
        home = [pool for pool in pools if pool.contains(near)]
        return self._nearest(home, near, also) or self._nearest(pools, near, also)

    def _nearest(self, pools: Iterable[Prefix], near: Prefix, also: Sequence[Prefix]) -> Prefix | None:
        found: list[Prefix] = []
        for pool in pools:
            if pool.version != near.version:
                continue
            below = self._in(pool, pool.first, min(near.last, pool.last), near.length, also, True)
            above = self._in(pool, max(near.first, pool.first), pool.last, near.length, also, False)
            found += (block for block in (below, above) if block is not None)
        return min(found, key=lambda block: (abs(block.first - near.first), block.first), default=None)

    def _in(
        self, pool: Prefix, first: int, last: int, length: int, also: Sequence[Prefix], downward: bool
    ) -> Prefix | None:
        """The lowest, or highest, free block of `length` from the address `first` to `last` of `pool`."""
        version = pool.version
        if not pool.length <= length <= BITS[version]:
            return None
        size = 1 << (BITS[version] - length)
        start = (last + 1) // size * size - size if downward else -(-first // size) * size
        while first <= start and start + size - 1 <= last:
            blocked = self._blocking(version, start, start + size - 1, also)
            if blocked is None:
                return Prefix(version, start, length)
            start = blocked[0] // size * size - size if downward else -(-(blocked[1] + 1) // size) * size
        return None

    def _blocking(self, version: int, first: int, last: int, also: Sequence[Prefix]) -> tuple[int, int] | None:
        """A used stretch that touches the addresses from `first` to `last`, or None."""
        begins, ends = self._stretches_of(version)
        place = bisect_right(ends, first << 8 | 255)
        if place < len(begins) and begins[place] >> 8 <= last:
            return begins[place] >> 8, (ends[place] >> 8) - 1
        return next(
            (
                (one.first, one.last)
                for one in also
                if one.version == version and one.first <= last and one.last >= first
            ),
            None,
        )


def _merged(blocks: Iterable[Prefix], version: int) -> tuple[list[int], list[int]]:
    """Where the used stretches begin and end: overlapping and touching blocks are one.

    An address stands in the bits from the ninth on: a begin is its first address with a length below it, an end the
    address behind it with all ones below, so that a begin at that very address is less than the end.
    """
    # Whole passes over plain integers: a hundred thousand blocks are taken in at once.
    keys = [block[1] << 8 | block[2] for block in blocks if block[0] == version]
    if not keys:
        return [], []
    keys.sort()
    behind = [(1 << BITS[version] - length << 8) + 255 - length for length in range(BITS[version] + 1)]
    ends = list(accumulate([key + behind[key & 255] for key in keys], max))
    is_new = list(map(gt, islice(keys, 1, None), ends))
    return [keys[0], *compress(islice(keys, 1, None), is_new)], [*compress(ends, is_new), ends[-1]]
