"""Fitting: a place for as many blocks as there is room for, where there is not enough for all.

Owns which of them get one: the smallest first, for so the most find one. Blocks whose pools have nothing in common are
looked at apart. Bound: at most MOST_TRIES attempts for those whose pools overlap.
Invariant: what is placed has room together; what depends on the order of the input depends on the names alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from tui.planner.batch.placing import NoRoom
from tui.planner.renumber.moving import Block, Room
from tui.topology.intervals import outermost
from tui.topology.partition import connected
from tui.topology.prefix import Prefix

MOST_TRIES = 200

Costs = Mapping[str, int | None]
"""What each network costs to move; None for what may not move."""


def as_many_as_fit(room: Room, moving: Iterable[Block], costs: Costs) -> tuple[dict[Block, Prefix], list[Block]]:
    """Return a place for as many of the blocks as fit, and those that have none."""
    placed: dict[Block, Prefix] = {}
    left: list[Block] = []
    for blocks in _sharing_pools(room, moving):
        fitting, without = _as_many_of(room, blocks, costs)
        placed.update(fitting)
        left += without
    return placed, left


def _pools(room: Room, block: Block) -> tuple[Prefix, ...]:
    name, old = block
    return room.pools(name, old.version)


def _sharing_pools(room: Room, moving: Iterable[Block]) -> list[list[Block]]:
    """The blocks, those together whose pools overlap, directly or through others."""
    blocks = sorted(moving)
    whole = outermost({pool for block in blocks for pool in _pools(room, block)})
    roots = {
        pools: sorted({whole[bisect_right(whole, pool) - 1] for pool in pools})
        for pools in {_pools(room, block) for block in blocks}
    }
    links = ((own[0], other) for own in roots.values() for other in own[1:])
    part_of = {root: number for number, part in enumerate(connected(whole, links)) for root in part}
    together: dict[int | None, list[Block]] = {}
    for block in blocks:
        own = roots[_pools(room, block)]
        together.setdefault(part_of[own[0]] if own else None, []).append(block)
    return list(together.values())


def _as_many_of(room: Room, blocks: Sequence[Block], costs: Costs) -> tuple[dict[Block, Prefix], list[Block]]:
    def smallest_first(block: Block) -> tuple[int, int, Block]:
        return block[1].size, costs[block[0]] or 0, block

    rest = sorted(blocks, key=smallest_first)
    accepted: list[Block] = []
    placed: dict[Block, Prefix] = {}
    left: list[Block] = []
    tries = MOST_TRIES
    while rest:
        fits, too_many = 0, len(rest) + 1
        while too_many - fits > 1 and tries:
            tries -= 1
            number = len(rest) if too_many > len(rest) else (fits + too_many) // 2
            found = room.place([*accepted, *rest[:number]])
            if isinstance(found, NoRoom):
                too_many = number
            else:
                fits, placed = number, found
        accepted += rest[:fits]
        if fits == len(rest):
            break
        # What wants the same of the same pools has no room either.
        stuck = _kind(room, rest[fits])
        without = {block for block in rest[fits:] if not tries or _kind(room, block) == stuck}
        left += sorted(without)
        rest = [block for block in rest[fits:] if block not in without]
    return placed, left


def _kind(room: Room, block: Block) -> tuple[int, tuple[Prefix, ...]]:
    return block[1].length, _pools(room, block)
