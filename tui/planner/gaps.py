"""Gaps: what is free in one prefix, ready to be asked for blocks of any size in each of three orders.

Owns the arithmetic of aligned blocks in free stretches. A stretch falls apart into its maximal aligned blocks at its
roundest address: their sizes are the bits of the distances from there to both ends, so a stretch costs two numbers.
Invariant: a block that is given is aligned and lies within one stretch, one that exists is found, and nothing is
listed before it is asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from tui.topology.intervals import outermost
from tui.topology.prefix import BITS, Prefix


class _Pieces(NamedTuple):
    """The maximal aligned blocks of every stretch: a set bit stands for a block of that many address bits."""

    left: list[int]
    """Below the roundest address, sizes ascending."""
    right: list[int]
    """From the roundest address on, sizes descending."""
    first_with: dict[int, int]
    """The lowest stretch that has a block of so many address bits."""
    sizes: int
    """All sizes that there are."""


class Gaps:
    """The free stretches of one prefix."""

    def __init__(self, pool: Prefix, begins: Sequence[int], ends: Sequence[int]) -> None:
        """`begins`, `ends`: first address of each free stretch in `pool`, and the one behind it, lowest first.

        No stretch touches the next.
        """
        self.pool = pool
        self._begins, self._ends = begins, ends
        self._fitting: dict[int, int] = {}

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """The first and the last address of each free stretch, lowest first."""
        return [(begin, end - 1) for begin, end in zip(self._begins, self._ends, strict=True)]

    def around(self, address: int) -> tuple[int, int]:
        """Return the first and the last address of the free stretch that holds `address`, which is free."""
        place = bisect_right(self._begins, address) - 1
        return self._begins[place], self._ends[place] - 1

    def without(self, inner: Iterable[Prefix]) -> Gaps:
        """Return what is free in the same prefix outside of `inner`."""
        begins, ends = list[int](), list[int]()
        cuts = [(one.first, one.last + 1) for one in outermost(inner) if one.version == self.pool.version]
        place = 0
        for begin, end in zip(self._begins, self._ends, strict=True):
            while place < len(cuts) and cuts[place][1] <= begin:
                place += 1
            at, cursor = place, begin
            while at < len(cuts) and cuts[at][0] < end:
                if cuts[at][0] > cursor:
                    begins.append(cursor)
                    ends.append(cuts[at][0])
                cursor = max(cursor, cuts[at][1])
                at += 1
            if cursor < end:
                begins.append(cursor)
                ends.append(end)
        return Gaps(self.pool, begins, ends)

    @cached_property
    def _pieces(self) -> _Pieces:
        left, right = list[int](), list[int]()
        first_with: dict[int, int] = {}
        sizes = 0
        for begin, end in zip(self._begins, self._ends, strict=True):
            # The roundest address: where the one before the stretch and its end first differ; 0 is rounder than any.
            shift = (begin - 1 ^ end).bit_length() - 1 if begin else end.bit_length()
            middle = end >> shift << shift
            below, above = middle - begin, end - middle
            left.append(below)
            right.append(above)
            new = (below | above) & ~sizes
            if new:
                sizes |= new
                for bit in _bits(new):
                    first_with[bit] = len(left) - 1
        return _Pieces(left, right, first_with, sizes)

    @property
    def sizes(self) -> int:
        """The sizes of the maximal free blocks, each a set bit: bit 8 stands for blocks of 256 addresses."""
        return self._pieces.sizes

    def pieces(self, bit: int) -> Iterator[int]:
        """Yield the first address of every maximal free block of 2**`bit` addresses, lowest first."""
        known = self._pieces
        place = known.first_with.get(bit)
        if place is None:
            return
        size = 1 << bit
        for index in range(place, len(self._begins)):
            left, right = known.left[index], known.right[index]
            if left & size:
                yield self._begins[index] + (left & size - 1)
            if right & size:
                yield self._begins[index] + left + (right >> bit + 1 << bit + 1)

    def pieces_from(self, bit: int) -> Iterator[tuple[int, int]]:
        """Yield (first address, bit of its size) of the maximal free blocks of 2**`bit` addresses or more."""
        known = self._pieces
        at_least = [place for size, place in known.first_with.items() if size >= bit]
        for index in range(min(at_least, default=len(self._begins)), len(self._begins)):
            start = self._begins[index]
            left, right = known.left[index], known.right[index]
            if not (left | right) >> bit:
                continue
            for size in _bits(left):
                if size >= bit:
                    yield start, size
                start += 1 << size
            for size in reversed(list(_bits(right))):
                if size < bit:
                    break
                yield start, size
                start += 1 << size

    def in_order(self, bit: int) -> Iterator[int]:
        """Yield the first address of every free aligned block of 2**`bit` addresses, lowest first."""
        size = 1 << bit
        at_least = [place for one, place in self._pieces.first_with.items() if one >= bit]
        for index in range(min(at_least, default=len(self._begins)), len(self._begins)):
            yield from range(-(-self._begins[index] >> bit) << bit, self._ends[index] - size + 1, size)

    def blocks(self) -> Iterator[Prefix]:
        """Yield the maximal free blocks, lowest first."""
        version, bits = self.pool.version, BITS[self.pool.version]
        return (Prefix(version, start, bits - bit) for start, bit in self.pieces_from(0))

    @cached_property
    def _number(self) -> int:
        known = self._pieces
        return sum(map(int.bit_count, known.left)) + sum(map(int.bit_count, known.right))

    def fitting(self, length: int) -> int:
        """Return how many aligned blocks of prefix length `length` are free."""
        bit = BITS[self.pool.version] - length
        if bit < 0 or length < self.pool.length:
            return 0
        known = self._fitting.get(bit)
        if known is None:
            spans = zip(self._begins, self._ends, strict=True)
            known = self._fitting[bit] = sum(max((end >> bit) + (-begin >> bit), 0) for begin, end in spans)
        return known

    def largest(self) -> Prefix | None:
        """Return the largest free block, of several the lowest; None where nothing is free."""
        bit = self.sizes.bit_length() - 1
        start = next(self.pieces(bit), None) if bit >= 0 else None
        return None if start is None else Prefix(self.pool.version, start, BITS[self.pool.version] - bit)

    def number(self) -> int:
        """Return how many maximal free blocks there are."""
        return self._number

    def addresses(self) -> int:
        """Return how many addresses are free."""
        return sum(self._ends) - sum(self._begins)


def _bits(number: int) -> Iterator[int]:
    """The places of the set bits, lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def largest_of(gaps: Iterable[Gaps]) -> Prefix | None:
    """Return the largest free block of several prefixes, of equal ones the lowest; None where nothing is free."""
    found = (block for one in gaps if (block := one.largest()) is not None)
    return min(found, key=lambda block: (block.length, block.first), default=None)


def maximal_blocks(gaps: Iterable[Gaps], bits: int) -> dict[int, int]:
    """Return how many maximal free blocks of each prefix length there are. `bits`: of an address.

    The distances that a stretch costs are added up bit by bit, all bits at once: bit b of `planes[k]` is bit k of the
    sum for b.
    """
    planes: list[int] = []
    for one in gaps:
        for carry in chain(one._pieces.left, one._pieces.right):
            place = 0
            while carry:
                if place == len(planes):
                    planes.append(0)
                planes[place], carry = planes[place] ^ carry, planes[place] & carry
                place += 1
    numbers = {bits - bit: sum((plane >> bit & 1) << k for k, plane in enumerate(planes)) for bit in range(bits + 1)}
    return {length: number for length, number in numbers.items() if number}
