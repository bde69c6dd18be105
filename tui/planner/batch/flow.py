"""Flow: whether there is enough of each kind of space when every group may take from several.

Owns the answer to one size of block: whether a group lacks some however the space is divided (augmenting paths).
Invariant: where something is lacking, no division of the same space lacks nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping


def short(room: Mapping[int, int], wanted: Mapping[int, int], count: Callable[[int], None]) -> bool:
    """Return True if not every group can have what it wants.

    `room`: how many blocks there are for each mask of groups (bit n: group n may have them); `wanted`: how many each
    group wants. `count` is told how much was looked at, and may raise to end it.
    """
    free = dict(room)
    flow: dict[tuple[int, int], int] = {}
    for group in sorted(wanted):
        left = wanted[group]
        while left:
            pushed = _push(group, left, free, flow, count)
            if not pushed:
                return True
            left -= pushed
    return False


def _push(
    group: int, most: int, free: dict[int, int], flow: dict[tuple[int, int], int], count: Callable[[int], None]
) -> int:
    """Give the group up to `most` blocks, along the shortest chain of groups that change over; how many."""
    came_from: dict[int, tuple[int, int]] = {}  # group -> (group before, mask that it gives up)
    queue = deque([group])
    seen: set[int] = set()
    while queue:
        at = queue.popleft()
        count(len(free))
        for mask in sorted(free):
            if not mask >> at & 1 or mask in seen:
                continue
            seen.add(mask)
            if free[mask]:
                return _change_over(group, at, mask, most, came_from, free, flow)
            for (other, used), blocks in flow.items():
                if used == mask and blocks and other != group and other not in came_from:
                    came_from[other] = (at, mask)
                    queue.append(other)
    return 0


def _change_over(
    group: int,
    at: int,
    mask: int,
    most: int,
    came_from: Mapping[int, tuple[int, int]],
    free: dict[int, int],
    flow: dict[tuple[int, int], int],
) -> int:
    """Let the group `at` take from `mask`, and each before it what the one after it gives up; how many blocks."""
    amount, here = min(most, free[mask]), at
    while here != group:
        before, given_up = came_from[here]
        amount = min(amount, flow[here, given_up])
        here = before
    free[mask] -= amount
    while at != group:
        flow[at, mask] = flow.get((at, mask), 0) + amount
        before, given_up = came_from[at]
        flow[at, given_up] -= amount
        at, mask = before, given_up
    flow[at, mask] = flow.get((at, mask), 0) + amount
    return amount
