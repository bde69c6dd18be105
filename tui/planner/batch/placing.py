"""Batches: many blocks handed out at once, all of them or none.

Owns where each block of a batch lies. Requests are served from the largest to the smallest, each from the tightest
free block that it may have, so that large blocks stay whole. How requests from different lists of pools share what
they have in common is `shares`'s.
Invariant: what comes out depends on the set of requests alone, overlaps nothing, and each block lies within one
prefix of its pools; one list of pools that has room for all its requests is always found to have it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import groupby

from tui.planner.batch.shared_space import SharedSpace
from tui.planner.batch.shares import STEPS, GivenUpError, Level, Share, Space, divide
from tui.planner.free_space import FreeSpace
from tui.topology.intervals import outermost
from tui.topology.prefix import BITS, Prefix


@dataclass(frozen=True, slots=True)
class Wanted:
    """A block that is wanted."""

    name: str
    """Unique in a batch; breaks ties."""
    length: int
    """Its prefix length."""
    pools: tuple[Prefix, ...]
    """Where it may lie: within one of these, all of one family."""


@dataclass(frozen=True, slots=True)
class NoRoom:
    """Why a batch takes nothing."""

    wanted: Wanted
    """What found no place: the first that does not fit when the largest come first."""
    message: str
    certain: bool
    """False where the search was given up at its bound: another choice of pools may still have room for all."""


def place(free: FreeSpace, wanted: Sequence[Wanted]) -> dict[str, Prefix] | NoRoom:
    """Return a free block for everything that is `wanted`, by its name, or what has no room.

    All or nothing. Requests that share one list of pools find a place whenever any placement has room for them all;
    those with different lists too, unless the search ends at its bound of `tui.planner.batch.shares.STEPS` steps. The
    order of `wanted`, and of the prefixes in its pools, does not matter. Raises ValueError where two have one name.
    """
    if len({one.name for one in wanted}) != len(wanted):
        raise ValueError("two blocks are wanted under one name")
    groups = _grouped(wanted)
    refusals: list[NoRoom] = []
    for pools, ones in groups.items():
        refusals += (_no_room(one) for one in ones if not _may_fit(one, pools))
        ones[:] = (one for one in ones if _may_fit(one, pools))
    placed: dict[str, Prefix] = {}
    for shared in _sharing(pools for pools, ones in groups.items() if ones):
        found = _placed(free, [(pools, groups[pools]) for pools in shared])
        if isinstance(found, NoRoom):
            refusals.append(found)
        else:
            placed.update(found)
    if refusals:
        return min(refusals, key=lambda refusal: _order(refusal.wanted))
    return {one.name: placed[one.name] for one in sorted(wanted, key=_order)}


def _order(wanted: Wanted) -> tuple[int, str]:
    return wanted.length, wanted.name


def _grouped(wanted: Iterable[Wanted]) -> dict[tuple[Prefix, ...], list[Wanted]]:
    """The requests by their pools: sorted, and without those that lie in others."""
    # By identity first: a thousand requests often hold one and the same long tuple.
    known: dict[int, list[Wanted]] = {}
    groups: dict[tuple[Prefix, ...], list[Wanted]] = {}
    for one in wanted:
        group = known.get(id(one.pools))
        if group is None:
            group = known[id(one.pools)] = groups.setdefault(tuple(outermost(one.pools)), [])
        group.append(one)
    return groups


def _may_fit(wanted: Wanted, pools: Sequence[Prefix]) -> bool:
    return any(pool.length <= wanted.length <= BITS[pool.version] for pool in pools)


def _no_room(wanted: Wanted, *, certain: bool = True, alone: bool = False) -> NoRoom:
    """`alone`: it would find no place without the others either."""
    where = ", ".join(map(str, wanted.pools[:3])) + (" …" if len(wanted.pools) > 3 else "")
    if not wanted.pools:
        message = f"there are no pools to take a /{wanted.length} for {wanted.name} from"
    elif not _may_fit(wanted, wanted.pools):
        message = f"no prefix of {where} can hold a /{wanted.length} for {wanted.name}"
    elif certain:
        beside = "" if alone else " beside the others"
        message = f"there is no room in {where} for the /{wanted.length} of {wanted.name}{beside}"
    else:
        message = (
            f"no room was found in {where} for the /{wanted.length} of {wanted.name} beside the others, "
            f"and the search was given up after {STEPS:,} steps"
        )
    return NoRoom(wanted, message, certain)


def _sharing(groups: Iterable[tuple[Prefix, ...]]) -> list[list[tuple[Prefix, ...]]]:
    """The lists of pools, put together where they overlap, directly or through others; each sorted."""
    ordered = sorted(groups)
    roots = outermost([prefix for pools in ordered for prefix in pools])
    owner = list(range(len(ordered)))

    def top(number: int) -> int:
        while owner[number] != number:
            owner[number] = owner[owner[number]]
            number = owner[number]
        return number

    place = 0
    last: int | None = None
    for prefix, number in sorted((prefix, number) for number, pools in enumerate(ordered) for prefix in pools):
        if not roots[place].contains(prefix):
            place, last = place + 1, None
        if last is not None:
            owner[top(number)] = top(last)
        last = number
    together: dict[int, list[tuple[Prefix, ...]]] = defaultdict(list)
    for number, pools in enumerate(ordered):
        together[top(number)].append(pools)
    return list(together.values())


def _placed(
    free: FreeSpace, groups: Sequence[tuple[tuple[Prefix, ...], Sequence[Wanted]]]
) -> dict[str, Prefix] | NoRoom:
    space = SharedSpace(free, [pools for pools, _ in groups])
    ordered = sorted(
        ((one, number) for number, (_, ones) in enumerate(groups) for one in ones), key=lambda entry: _order(entry[0])
    )
    levels = _levels(ordered)
    shares, certain = _divided(space, levels)
    if shares is None:
        return _first_without_room(space, ordered, certain=certain)
    blocks = _Blocks(groups[0][0][0].version, space)
    share_of = {level.length: share for level, share in zip(levels, shares, strict=True)}
    level_of = {level.length: level for level in levels}
    found: dict[str, Prefix] = {}
    for length, entries in groupby(ordered, key=lambda entry: entry[0].length):
        blocks.descend(level_of[length])
        for one, number in entries:
            found[one.name] = blocks.take(length, share_of[length][number])
    return found


def _levels(ordered: Sequence[tuple[Wanted, int]]) -> list[Level]:
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


def _first_without_room(space: SharedSpace, ordered: Sequence[tuple[Wanted, int]], *, certain: bool) -> NoRoom:
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
    return _no_room(homeless[0], certain=certain, alone=alone is None)


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
