"""Shared space: which free blocks there are where several lists of pools overlap, and who may use each.

Owns the division of free space among groups: a group is all requests that name one list of pools, and its bit in a
mask says that it may use a block. A free block within which every address is open to the same groups is plain; one
that holds a smaller pool of somebody else spans it, and is open as a whole to fewer groups than its parts.
Invariant: no block reaches beyond the outermost pool prefix that holds it, and no two blocks overlap.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from tui.planner.free_space import FreeSpace
from tui.topology.intervals import outermost
from tui.topology.prefix import Prefix


class Parts(NamedTuple):
    """What a spanning block falls apart into."""

    plain: tuple[tuple[int, Prefix], ...]
    """(mask, block) of the plain parts."""
    spanning: tuple[Prefix, ...]
    """The parts that still span a smaller pool."""


class SharedSpace:
    """The free blocks of what some groups share."""

    def __init__(self, free: FreeSpace, groups: Sequence[Sequence[Prefix]]) -> None:
        """`groups`: where each group may have blocks; no prefix of a group lies in another one of it."""
        self._own: dict[Prefix, int] = {}
        for number, prefixes in enumerate(groups):
            for prefix in prefixes:
                self._own[prefix] = self._own.get(prefix, 0) | 1 << number
        self._prefixes = sorted(self._own)
        self._lengths = sorted({prefix.length for prefix in self._prefixes})
        self._parts: dict[tuple[Prefix, int, int], Parts] = {}
        self.plain: dict[int, dict[int, list[int]]] = {}
        """The first addresses of the plain free blocks, ascending, by mask and prefix length."""
        self.spanning: list[Prefix] = []
        """The free blocks that span a smaller pool."""
        for root in outermost(self._prefixes):
            self._divide(free, root)

    def _divide(self, free: FreeSpace, root: Prefix) -> None:
        alone = not self._strictly_within(root)
        for block in free.gaps(root).blocks():
            if alone:
                mask = self._own[root]
            elif self._strictly_within(block):
                self.spanning.append(block)
                continue
            else:
                mask = self.mask(block)
            self.plain.setdefault(mask, {}).setdefault(block.length, []).append(block.first)

    def mask(self, block: Prefix) -> int:
        """Return which groups may have the whole block."""
        mask = 0
        for length in self._lengths:
            if length > block.length:
                break
            mask |= self._own.get(block.shortened(length), 0)
        return mask

    def reach(self, block: Prefix) -> int:
        """Return which groups may have the block or some part of it."""
        return self.mask(block) | self._strictly_within(block)

    def _strictly_within(self, block: Prefix) -> int:
        """The groups that have a pool within the block, and smaller than it."""
        mask = 0
        for place in range(bisect_right(self._prefixes, block), len(self._prefixes)):
            if not block.contains(self._prefixes[place]):
                break
            mask |= self._own[self._prefixes[place]]
        return mask

    def parts(self, block: Prefix, length: int, alive: int) -> Parts:
        """Return what a block is for requests of prefix length `length`, at least the block's, or smaller ones.

        Only the groups of the mask `alive` want something still. Parts that span something have the length `length`.
        """
        key = (block, length, alive)
        known = self._parts.get(key)
        if known is None:
            plain: list[tuple[int, Prefix]] = []
            spanning: list[Prefix] = []
            left = [block]
            while left:
                part = left.pop()
                mask = self.mask(part) & alive
                if not self._strictly_within(part) & alive & ~mask:
                    if mask:
                        plain.append((mask, part))
                elif part.length == length:
                    spanning.append(part)
                else:
                    left += part.split(part.length + 1)
            known = self._parts[key] = Parts(tuple(plain), tuple(spanning))
        return known
