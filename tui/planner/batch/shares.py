"""Shares: how many blocks of which space each group of requests takes, so that all find a place.

Owns the search that requests from different lists of pools need. It goes from the largest requests to the smallest.
At one size all free blocks that the same groups may use are alike, so it counts them and looks at no address. Each
group takes first what the fewest others may use: blocks that fewer may use are never better kept than taken. Where
that fails, what nothing can cure is looked for (sizes from the largest down to one: more is wanted than there is),
and then every other division, with a memory of those that failed.
Invariant: the answer is exact, except where it says that the search ended at its bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from tui.planner.batch.flow import short
from tui.planner.batch.shared_space import SharedSpace
from tui.topology.prefix import Prefix

STEPS = 200_000
"""How many kinds of space are looked at, over and over, before the search for a division is given up."""

Space: TypeAlias = int | Prefix
"""A kind of space: the mask of the groups that may use plain blocks, or one block that spans a smaller pool."""

Share: TypeAlias = dict[Space, int]
"""How many blocks of each kind of space one group takes."""


class Level(NamedTuple):
    """All requests of one size."""

    length: int
    wanted: Mapping[int, int]
    """How many blocks each group, by its number, wants."""
    alive: int
    """The groups that want something of this size or smaller."""


class GivenUpError(Exception):
    """The search ended at its bound."""


class _State(NamedTuple):
    """What is left while the groups of one level are served."""

    level: int
    queue: tuple[int, ...]
    """The groups that are still to be served."""
    counts: dict[int, int]
    """How many plain blocks of this level's size are left, by mask."""
    spanning: tuple[Prefix, ...]


def divide(space: SharedSpace, levels: Sequence[Level]) -> list[dict[int, Share]] | None:
    """Return the share of each group at each level (shortest prefix length first), or None where there is none.

    Raises GivenUpError where neither is known after `STEPS` steps.
    """
    search = _Search(space, levels)
    found = search.run(patient=False)
    # One group has nothing to choose from, nor to take from others.
    if found is not None or len(search.groups) == 1 or search.lacking(search.start()):
        return found
    return search.run(patient=True)


class _Search:
    def __init__(self, space: SharedSpace, levels: Sequence[Level]) -> None:
        self.space, self.levels = space, levels
        self.groups = {group for level in levels for group in level.wanted}
        self.steps = 0
        # Per level, what joins it: blocks too small for the level before.
        self.fresh: list[dict[int, int]] = []
        self.fresh_spanning: list[list[Prefix]] = []
        before = -1
        for level in levels:
            counts = {
                mask: sum(len(found) << level.length - n for n, found in blocks.items() if before < n <= level.length)
                for mask, blocks in space.plain.items()
            }
            self.fresh.append({mask: number for mask, number in counts.items() if number})
            self.fresh_spanning.append([one for one in space.spanning if before < one.length <= level.length])
            before = level.length

    def start(self) -> _State:
        return self._enter(0, *self._joined(0, {}, (), self.levels[0].alive))

    def run(self, *, patient: bool) -> list[dict[int, Share]] | None:
        """Search; only along the first choices unless `patient`."""
        start = self.start()
        path: list[tuple[_State, Iterator[Share]]] = [(start, self._shares(start))]
        taken: list[Share] = []
        dead: set[tuple[object, ...]] = set()
        while path:
            state, choices = path[-1]
            share = next(choices, None)
            if share is None:
                if not patient:
                    return None
                dead.add(self._key(state))
                path.pop()
                if taken:
                    taken.pop()
                continue
            after = self._after(state, share)
            if after is None:
                return self._answer([one for one, _ in path], [*taken, share])
            if patient and (self._key(after) in dead or self.lacking(after)):
                continue
            taken.append(share)
            path.append((after, self._shares(after)))
        return None

    def _answer(self, states: list[_State], taken: list[Share]) -> list[dict[int, Share]]:
        shares: list[dict[int, Share]] = [{} for _ in self.levels]
        for state, share in zip(states, taken, strict=True):
            shares[state.level][state.queue[0]] = share
        return shares

    # One state after another

    def _joined(
        self, level: int, counts: Mapping[int, int], spanning: Sequence[Prefix], alive: int
    ) -> tuple[dict[int, int], tuple[Prefix, ...]]:
        """What there is at a level when `counts`, already in its size, and `spanning` are left of larger blocks."""
        length = self.levels[level].length
        new: dict[int, int] = {}
        for source in (counts, self.fresh[level]):
            for mask, number in source.items():
                if mask & alive:
                    new[mask & alive] = new.get(mask & alive, 0) + number
        still: list[Prefix] = []
        for block in (*spanning, *self.fresh_spanning[level]):
            parts = self.space.parts(block, length, alive)
            for mask, part in parts.plain:
                new[mask] = new.get(mask, 0) + (1 << length - part.length)
            still += parts.spanning
        return new, tuple(sorted(still))

    def _descended(
        self, level: int, counts: Mapping[int, int], spanning: Sequence[Prefix], alive: int
    ) -> tuple[dict[int, int], tuple[Prefix, ...]]:
        shift = self.levels[level + 1].length - self.levels[level].length
        halved = {mask: number << shift for mask, number in counts.items()}
        return self._joined(level + 1, halved, spanning, alive)

    def _enter(self, level: int, counts: dict[int, int], spanning: tuple[Prefix, ...]) -> _State:
        """The groups with the least room to spare are served first."""
        wanted = self.levels[level].wanted
        room = dict.fromkeys(wanted, 0)
        if len(wanted) > 1:
            for mask, number in (*counts.items(), *((self.space.mask(one), 1) for one in spanning)):
                for group in _groups(mask):
                    if group in room:
                        room[group] += number
        queue = sorted(wanted, key=lambda group: (room[group] - wanted[group], group))
        return _State(level, tuple(queue), counts, spanning)

    def _after(self, state: _State, share: Share) -> _State | None:
        """What is left when the first group of the queue has its share; None when nobody wants anything more."""
        counts = dict(state.counts)
        for space, number in share.items():
            if isinstance(space, int):
                counts[space] -= number
        spanning = tuple(one for one in state.spanning if one not in share)
        if len(state.queue) > 1:
            return _State(state.level, state.queue[1:], counts, spanning)
        if state.level + 1 == len(self.levels):
            return None
        alive = self.levels[state.level + 1].alive
        return self._enter(state.level + 1, *self._descended(state.level, counts, spanning, alive))

    def _key(self, state: _State) -> tuple[object, ...]:
        left = sorted((mask, number) for mask, number in state.counts.items() if number)
        return state.level, state.queue, tuple(left), state.spanning

    # What one group may take

    def _usable(self, state: _State, group: int) -> list[tuple[Space, int]]:
        bit = 1 << group
        usable: list[tuple[Space, int]] = [(mask, n) for mask, n in state.counts.items() if mask & bit and n]
        usable += ((one, 1) for one in state.spanning if self.space.mask(one) & bit)
        return usable

    def _shares(self, state: _State) -> Iterator[Share]:
        """Every way to serve the first group of the queue that may be needed, the likeliest first."""
        group = state.queue[0]
        usable = self._usable(state, group)
        self._count(len(usable))
        alive = self.levels[state.level].alive
        reach = {one: self._reach(one) & alive for one, _ in usable}
        strain = self._strain(state, group) if len(usable) > 1 else {}

        def order(entry: tuple[Space, int]) -> tuple[int, bool, int, Space]:
            mask = reach[entry[0]]
            worst = max((strain.get(other, 0) for other in _groups(mask)), default=0)
            return mask.bit_count(), isinstance(entry[0], int), worst, entry[0]

        # A number and a block are never compared: the second entry tells them apart.
        usable.sort(key=order)
        spaces = [space for space, _ in usable]
        worse = [
            sum(1 << i for i in range(j) if self._no_better(spaces[i], spaces[j], alive)) for j in range(len(spaces))
        ]
        wanted = self.levels[state.level].wanted[group]
        for amounts in _amounts(wanted, [limit for _, limit in usable], worse):
            self._count(len(usable))
            yield {space: number for space, number in zip(spaces, amounts, strict=True) if number}

    def _reach(self, space: Space) -> int:
        return space if isinstance(space, int) else self.space.reach(space)

    def _no_better(self, one: Space, other: Space, alive: int) -> bool:
        """True if whatever `one` can hold, `other` can hold too."""
        inner = other if isinstance(other, int) else self.space.mask(other) & alive
        if not isinstance(one, int) and not isinstance(other, int):
            return False
        return not self._reach(one) & alive & ~inner

    def _strain(self, state: _State, group: int) -> dict[int, int]:
        """How many thousandths of what each other group may use it still wants."""
        base = self.levels[-1].length
        wanted: dict[int, int] = {}
        for number, level in enumerate(self.levels[state.level :], state.level):
            for other, blocks in level.wanted.items():
                if other != group and (number > state.level or other in state.queue):
                    wanted[other] = wanted.get(other, 0) + (blocks << base - level.length)
        room = dict.fromkeys(wanted, 0)
        each = 1 << base - self.levels[state.level].length
        for mask, blocks in state.counts.items():
            for other in _groups(mask):
                if other in room:
                    room[other] += blocks * each
        return {other: number * 1000 // (room[other] or 1) for other, number in wanted.items()}

    def _count(self, number: int) -> None:
        self.steps += number
        if self.steps > STEPS and len(self.groups) > 1:
            raise GivenUpError

    # What no division can cure

    def lacking(self, state: _State) -> bool:
        """True if more is wanted than there is, counted in blocks of one of the sizes."""
        alive = self.levels[state.level].alive
        counts, spanning = state.counts, state.spanning
        wanted = {group: self.levels[state.level].wanted[group] for group in state.queue}
        for number in range(state.level, len(self.levels)):
            level = self.levels[number]
            if number > state.level:
                counts, spanning = self._descended(number - 1, counts, spanning, alive)
                shift = level.length - self.levels[number - 1].length
                wanted = {group: blocks << shift for group, blocks in wanted.items()}
                for group, blocks in level.wanted.items():
                    wanted[group] = wanted.get(group, 0) + blocks
            room = dict(counts)
            for one in spanning:
                mask = self.space.mask(one) & alive
                room[mask] = room.get(mask, 0) + 1
            if short(room, wanted, self._count):
                return True
        return False


def _amounts(wanted: int, limits: Sequence[int], worse: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield every way to take `wanted` from places that have `limits`, as much as can be from the first ones first.

    Nothing is taken from a place before those that are worse (a set bit of `worse` each) are used up.
    """
    number = len(limits)
    amounts = [0] * number

    def fill(start: int, left: int) -> bool:
        short = sum(1 << place for place in range(start) if amounts[place] < limits[place])
        for place in range(start, number):
            amounts[place] = 0 if worse[place] & short else min(left, limits[place])
            left -= amounts[place]
            if amounts[place] < limits[place]:
                short |= 1 << place
        return not left

    if not fill(0, wanted):
        return
    while True:
        yield amounts
        left = 0
        for place in range(number - 1, -1, -1):
            had = amounts[place]
            if had:
                amounts[place] = had - 1
                if fill(place + 1, left + 1):
                    break
            left += had
            amounts[place] = 0
        else:
            return


def _groups(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
