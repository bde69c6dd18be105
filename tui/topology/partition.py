"""Partition: what hangs together, directly or through others.

Invariant: each item is in exactly one part; parts stand in the order of their first items, items in that of the input.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def connected(items: Iterable[T], links: Iterable[tuple[T, T]]) -> list[list[T]]:
    """Return the parts into which `items`, all different, fall when those that a link names stay together.

    Raises KeyError for a link to something that is no item.
    """
    above = {item: item for item in items}

    def top(item: T) -> T:
        while above[item] != item:
            # Halving the way: the next one who asks goes half as far.
            above[item] = item = above[above[item]]
        return item

    for one, other in links:
        above[top(one)] = top(other)
    parts: dict[T, list[T]] = {}
    for item in above:
        parts.setdefault(top(item), []).append(item)
    return list(parts.values())
