"""The sweep over sorted blocks: which overlap, and what lies free between them.

Owns the arithmetic that collisions, budgets of space and the planner stand on. CIDR blocks either nest
or are disjoint, so one pass over the sorted blocks with a stack of those still open finds all overlaps.
Invariant: no function here depends on the order of its input.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import Generic, TypeVar

from tui.topology.prefix import BITS, Prefix

T = TypeVar("T")


def nested_pairs(owned: Iterable[tuple[Prefix, T]]) -> Iterator[tuple[tuple[Prefix, T], tuple[Prefix, T]]]:
    """Yield every pair of blocks that overlap, the outer one first; equal blocks in the order of their owners.

    `owned`: blocks, each with its owner. Time: sorting, plus the number of pairs.
    """
    still_open: list[tuple[Prefix, T]] = []
    for entry in _sorted(owned):
        prefix = entry[0]
        while still_open and not still_open[-1][0].contains(prefix):
            still_open.pop()
        for outer in still_open:
            yield outer, entry
        still_open.append(entry)


def groups(owned: Iterable[tuple[Prefix, T]]) -> Iterator[tuple[Prefix, list[tuple[Prefix, T]]]]:
    """Yield each outermost block that holds at least one other, with all blocks in it (itself first), sorted."""
    members: list[tuple[Prefix, T]] = []
    version = last = -1
    for entry in _sorted(owned):
        prefix = entry[0]
        if prefix.first <= last and prefix.version == version:
            members.append(entry)
            continue
        if len(members) > 1:
            yield members[0][0], members
        members, version, last = [entry], prefix.version, prefix.last
    if len(members) > 1:
        yield members[0][0], members


def outermost(prefixes: Iterable[Prefix]) -> list[Prefix]:
    """Return those of `prefixes` that lie in no other one, lowest first, each once. Neighbours stay apart."""
    found: list[Prefix] = []
    for prefix in sorted(prefixes):
        if not (found and found[-1].contains(prefix)):
            found.append(prefix)
    return found


def _sorted(owned: Iterable[tuple[Prefix, T]]) -> list[tuple[Prefix, T]]:
    # Stable and by block alone: owners need not be comparable.
    return sorted(owned, key=itemgetter(0))


def merged(prefixes: Iterable[Prefix]) -> list[tuple[int, int, int]]:
    """Return (version, first, last) of the used stretches: overlapping and touching blocks become one."""
    stretches: list[tuple[int, int, int]] = []
    for prefix in sorted(prefixes):
        version, first, last = prefix.version, prefix.first, prefix.last
        if stretches and stretches[-1][0] == version and first <= stretches[-1][2] + 1:
            stretches[-1] = (version, stretches[-1][1], max(last, stretches[-1][2]))
        else:
            stretches.append((version, first, last))
    return stretches


def gaps(pool: Prefix, used: Iterable[Prefix]) -> list[tuple[int, int]]:
    """Return (first, last) of what `used` leaves free in `pool`, lowest first. What lies outside does not count."""
    free: list[tuple[int, int]] = []
    cursor = pool.first
    for version, first, last in merged(used):
        if version != pool.version or last < pool.first or first > pool.last:
            continue
        if first > cursor:
            free.append((cursor, first - 1))
        cursor = max(cursor, last + 1)
    if cursor <= pool.last:
        free.append((cursor, pool.last))
    return free


def blocks(version: int, first: int, last: int) -> Iterator[Prefix]:
    """Yield the fewest aligned blocks that make up the addresses from `first` to `last`, lowest first."""
    bits = BITS[version]
    while first <= last:
        alignment = (first & -first).bit_length() - 1 if first else bits
        fitting = (last - first + 1).bit_length() - 1
        exponent = min(alignment, fitting)
        yield Prefix(version, first, bits - exponent)
        first += 1 << exponent


def free_blocks(pool: Prefix, used: Iterable[Prefix]) -> list[Prefix]:
    """Return the largest aligned blocks of `pool` that `used` leaves free, lowest first."""
    return [block for first, last in gaps(pool, used) for block in blocks(pool.version, first, last)]


def collapsed(prefixes: Iterable[Prefix]) -> list[Prefix]:
    """Return the fewest blocks that cover the same addresses as `prefixes`."""
    return [block for version, first, last in merged(prefixes) for block in blocks(version, first, last)]


class PrefixIndex(Generic[T]):
    """Blocks with their owners, ready to be asked which of them overlap a given block."""

    def __init__(self, owned: Iterable[tuple[Prefix, T]]) -> None:
        self._entries = _sorted(owned)
        self._prefixes = [prefix for prefix, _ in self._entries]
        self._lengths = sorted({(prefix.version, prefix.length) for prefix in self._prefixes})

    def __bool__(self) -> bool:
        return bool(self._entries)

    def overlapping(self, prefix: Prefix) -> Iterator[tuple[Prefix, T]]:
        """Yield every entry that overlaps `prefix`: what contains it first, then what equals it or lies inside."""
        yield from self.wider(prefix)
        yield from self.within(prefix)

    def wider(self, prefix: Prefix) -> Iterator[tuple[Prefix, T]]:
        """Yield every entry that contains `prefix` and more, the widest first."""
        for version, length in self._lengths:
            if version == prefix.version and length < prefix.length:
                outer = prefix.shortened(length)
                start = bisect_left(self._prefixes, outer)
                while start < len(self._prefixes) and self._prefixes[start] == outer:
                    yield self._entries[start]
                    start += 1

    def within(self, prefix: Prefix) -> Iterator[tuple[Prefix, T]]:
        """Yield every entry that equals `prefix` or lies inside, sorted."""
        start = bisect_left(self._prefixes, prefix)
        while start < len(self._prefixes) and prefix.contains(self._prefixes[start]):
            yield self._entries[start]
            start += 1


class Stretches:
    """The addresses of many blocks together, ready to be asked whether, and how far, a block lies in them."""

    def __init__(self, prefixes: Iterable[Prefix]) -> None:
        self._stretches = merged(prefixes)

    def addresses(self, prefix: Prefix) -> int:
        """Return how many addresses of `prefix` are among them."""
        return self._below(prefix.version, prefix.last + 1) - self._below(prefix.version, prefix.first)

    def _below(self, version: int, address: int) -> int:
        """How many there are below an address; those of a lower version all are."""
        place = bisect_left(self._stretches, (version, address)) - 1
        if place < 0:
            return 0
        known, first, last = self._stretches[place]
        return self._totals[place] + (min(address - 1, last) if known == version else last) - first + 1

    @cached_property
    def _totals(self) -> list[int]:
        """How many addresses lie before each stretch."""
        return list(accumulate((last - first + 1 for _, first, last in self._stretches), initial=0))

    def touch(self, prefix: Prefix) -> bool:
        """True if `prefix` shares an address with them."""
        place = bisect_right(self._stretches, (prefix.version, prefix.last, 1 << 129))
        return (
            place > 0
            and self._stretches[place - 1][0] == prefix.version
            and (self._stretches[place - 1][2] >= prefix.first)
        )

    def cover(self, prefix: Prefix) -> bool:
        """True if every address of `prefix` is among them."""
        place = bisect_right(self._stretches, (prefix.version, prefix.first, 1 << 129))
        return (
            place > 0
            and self._stretches[place - 1][0] == prefix.version
            and (self._stretches[place - 1][2] >= prefix.last)
        )
