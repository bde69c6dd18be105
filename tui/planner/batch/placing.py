"""Batches: many blocks handed out at once, all of them or none.

Owns where each block of a batch lies. Requests are served from the largest to the smallest, each from the tightest
free block that it may have, so that large blocks stay whole. How requests from different lists of pools share what
they have in common is `shares`'s.
Invariant: what comes out depends on the set of requests alone, overlaps nothing, and each block lies within one
prefix of its pools; one list of pools that has room for all its requests is always found to have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import groupby, pairwise
from typing import Any, Generic, Protocol, TypeVar

from tui.planner.batch.shared_space import SharedSpace
from tui.planner.batch.shares import GivenUpError, Level, Share, Space, divide
from tui.planner.free_space import FreeSpace
from tui.topology.intervals import outermost
from tui.topology.partition import connected
from tui.topology.prefix import BITS, Prefix


class _Sortable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


K = TypeVar("K", bound=_Sortable)


@dataclass(frozen=True, slots=True)
class Wanted(Generic[K]):
    """A block that is wanted."""

    key: K
    """What it is for: a name, say. Unique in a batch; breaks ties."""
    length: int
    """Its prefix length."""
    pools: tuple[Prefix, ...]
    """Where it may lie: within one of these, all of one family."""


@dataclass(frozen=True, slots=True)
class NoRoom(Generic[K]):
    """Why a batch takes nothing."""

    wanted: Wanted[K]
    """What found no place: the first that does not fit when the largest come first."""
    certain: bool
    """False where the search was given up at its bound: another choice of pools may still have room for all."""
    alone: bool
    """True where it would find no place without the others either."""

    @property
    def too_large(self) -> bool:
        """True where none of its pools could ever hold it."""
        return not _may_fit(self.wanted, self.wanted.pools)


def place(free: FreeSpace, wanted: Sequence[Wanted[K]]) -> dict[K, Prefix] | NoRoom[K]:
    """Return a free block for everything that is `wanted`, by its key, or what has no room.

    All or nothing. Requests that share one list of pools find a place whenever any placement has room for them all;
    those with different lists too, unless the search ends at its bound of `tui.planner.batch.shares.STEPS` steps. The
    order of `wanted`, and of the prefixes in its pools, does not matter. Raises ValueError where two have one key.
    """
    if len({one.key for one in wanted}) != len(wanted):
        raise ValueError("two blocks are wanted under one name")
    groups = _grouped(wanted)
    refusals: list[NoRoom[K]] = []
    for pools, ones in groups.items():
        refusals += (NoRoom(one, certain=True, alone=True) for one in ones if not _may_fit(one, pools))
        ones[:] = (one for one in ones if _may_fit(one, pools))
    placed: dict[K, Prefix] = {}
    for shared in _sharing(pools for pools, ones in groups.items() if ones):
        found = _placed(free, [(pools, groups[pools]) for pools in shared])
        if isinstance(found, NoRoom):
            refusals.append(found)
        else:
            placed.update(found)
    if refusals:
        return min(refusals, key=lambda refusal: largest_first(refusal.wanted))
    return {one.key: placed[one.key] for one in sorted(wanted, key=largest_first)}


def largest_first(wanted: Wanted[K]) -> tuple[int, K]:
    """Return the place of `wanted` in the order of placing."""
    return wanted.length, wanted.key


def _grouped(wanted: Iterable[Wanted[K]]) -> dict[tuple[Prefix, ...], list[Wanted[K]]]:
    """The requests by their pools: sorted, and without those that lie in others."""
    # By identity first: a thousand requests often hold one and the same long tuple.
    known: dict[int, list[Wanted[K]]] = {}
    groups: dict[tuple[Prefix, ...], list[Wanted[K]]] = {}
    for one in wanted:
        group = known.get(id(one.pools))
        if group is None:
            group = known[id(one.pools)] = groups.setdefault(tuple(outermost(one.pools)), [])
        group.append(one)
    return groups


def _may_fit(wanted: Wanted[K], pools: Sequence[Prefix]) -> bool:
    return any(pool.length <= wanted.length <= BITS[pool.version] for pool in pools)


def _sharing(groups: Iterable[tuple[Prefix, ...]]) -> list[list[tuple[Prefix, ...]]]:
    """The lists of pools, put together where they overlap, directly or through others; each sorted."""
    ordered = sorted(groups)
    roots = outermost([prefix for pools in ordered for prefix in pools])
    # Sorted, what lies in one root stands together.
    inside: dict[int, list[int]] = {}
    place = 0
    for prefix, number in sorted((prefix, number) for number, pools in enumerate(ordered) for prefix in pools):
        if not roots[place].contains(prefix):
            place += 1
        inside.setdefault(place, []).append(number)
    links = (pair for numbers in inside.values() for pair in pairwise(numbers))
    return [[ordered[number] for number in part] for part in connected(range(len(ordered)), links)]


def _placed(
    free: FreeSpace, groups: Sequence[tuple[tuple[Prefix, ...], Sequence[Wanted[K]]]]
) -> dict[K, Prefix] | NoRoom[K]:
    space = SharedSpace(free, [pools for pools, _ in groups])
    ordered = sorted(
        ((one, number) for number, (_, ones) in enumerate(groups) for one in ones),
        key=lambda entry: largest_first(entry[0]),
    )
    levels = _levels(ordered)
    shares, certain = _divided(space, levels)
    if shares is None:
        return _first_without_room(space, ordered, certain=certain)
    blocks = _Blocks(groups[0][0][0].version, space)
    share_of = {level.length: share for level, share in zip(levels, shares, strict=True)}
    level_of = {level.length: level for level in levels}
    found: dict[K, Prefix] = {}
    for length, entries in groupby(ordered, key=lambda entry: entry[0].length):
        blocks.descend(level_of[length])
        for one, number in entries:
            found[one.key] = blocks.take(length, share_of[length][number])
    return found


def _levels(ordered: Sequence[tuple[Wanted[K], int]]) -> list[Level]:
    """The requests, each with the number of its group, by size, the largest first."""
    levels: list[Level] = []
    alive = 0
    for length, entries in groupby(reversed(ordered), key=lambda entry: entry[0].length):
        number_of = Counter(number for _, number in entries)
        for number in number_of:
            alive |= 1 << number
        levels.append(Level(length, number_of, alive))
    return levels[::-1]


def _divided(space: SharedSpace, levels: Sequence[Level]) -> tuple[list[dict[int, Share]] | None, bool]:
    """The shares, or None, and whether that is certain."""
    try:
        return divide(space, levels), True
    except GivenUpError:
        return None, False


def _first_without_room(space: SharedSpace, ordered: Sequence[tuple[Wanted[K], int]], *, certain: bool) -> NoRoom[K]:
    """The last one of the fewest requests, the largest first, that have no room together; all have none."""
    fits, fails = 0, len(ordered)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        shares, known = _divided(space, _levels(ordered[:middle]))
        if shares is None:
            fails, certain = middle, known
        else:
            fits = middle
    homeless = ordered[fails - 1]
    alone, _ = _divided(space, _levels([homeless]))
    return NoRoom(homeless[0], certain, alone=alone is None)


class _Blocks:
    """The free blocks while they are handed out, ready to give the tightest one."""

    def __init__(self, version: int, space: SharedSpace) -> None:
        self._version, self._space = version, space
        self._plain = {mask: dict(blocks) for mask, blocks in space.plain.items()}
        self._spanning = list(space.spanning)

    def descend(self, level: Level) -> None:
        """Make ready for the requests of `level`: what only others might have had becomes alike."""
        parts: list[tuple[int, Prefix]] = []
        spanning: list[Prefix] = []
        for block in self._spanning:
            if block.length > level.length:
                spanning.append(block)
                continue
            found = self._space.parts(block, level.length, level.alive)
            parts += found.plain
            spanning += found.spanning
        self._spanning = spanning
        if any(mask & ~level.alive for mask in self._plain):
            before, self._plain = self._plain, {}
            for mask, blocks in before.items():
                if mask & level.alive:
                    self._merge(self._plain.setdefault(mask & level.alive, {}), blocks)
        for mask, part in parts:
            heappush(self._plain.setdefault(mask, {}).setdefault(part.length, []), part.first)

    @staticmethod
    def _merge(into: dict[int, list[int]], blocks: Mapping[int, list[int]]) -> None:
        for length, firsts in blocks.items():
            if into.get(length):
                into[length] = into[length] + firsts
                heapify(into[length])
            else:
                into[length] = firsts

    def take(self, length: int, share: Share) -> Prefix:
        """Return the tightest free block of what a group may still have at this level, the lowest of several."""
        best = max(share, key=lambda space: self._fit(space, length))
        share[best] -= 1
        if not share[best]:
            del share[best]
        if not isinstance(best, int):
            self._spanning.remove(best)
            return best
        blocks = self._plain[best]
        held = self._tightest(blocks, length)
        first = heappop(blocks[held])
        for part in range(held + 1, length + 1):
            # The upper half stays free, and the lower one is halved again.
            heappush(blocks.setdefault(part, []), first + (1 << BITS[self._version] - part))
        return Prefix(self._version, first, length)

    def _fit(self, space: Space, length: int) -> tuple[int, int]:
        if not isinstance(space, int):
            return space.length, -space.first
        blocks = self._plain[space]
        held = self._tightest(blocks, length)
        return held, -blocks[held][0]

    @staticmethod
    def _tightest(blocks: Mapping[int, list[int]], length: int) -> int:
        return next(held for held in range(length, -1, -1) if blocks.get(held))
