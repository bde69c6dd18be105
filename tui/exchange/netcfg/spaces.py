"""Address spaces as sets of addresses, and which VNet a space can stand for.

Owns the comparison of what a local site says with what VNets have, whatever blocks either is written in.
Invariant: however many VNets overlap, only a few are looked at for each stretch of addresses.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final, Generic, TypeAlias, TypeVar

from tui.topology.intervals import merged
from tui.topology.prefix import Prefix

Space: TypeAlias = tuple[tuple[int, int, int], ...]
"""Addresses in stretches: the version of IP, the first and the last of each."""

T = TypeVar("T")

_LOOK_AT: Final = 16
"""VNets that are looked at for each stretch of a site, so that no file takes long."""
_MOST_STRETCHES: Final = 64
"""Of a VNet that is looked at."""


def space_of(prefixes: Iterable[Prefix]) -> Space:
    """Return the addresses of `prefixes`."""
    return tuple(merged(prefixes))


def is_within(inner: Space, outer: Space) -> bool:
    """Return whether all addresses of `inner` are in `outer`."""
    return all(_stretch_within(stretch, outer) for stretch in inner)


def size(space: Space) -> int:
    """Return the number of addresses of `space`."""
    return sum(last - first + 1 for _, first, last in space)


def names_whole(prefixes: Sequence[Prefix], space: Space) -> bool:
    """Return whether some of `prefixes` are together just `space`, so that it is named and not only contained."""
    return space_of([prefix for prefix in prefixes if is_within(space_of([prefix]), space)]) == space


class Spaces(Generic[T]):
    """Things by the spaces that they have, ready to be asked which lie within another space."""

    def __init__(self, things: Iterable[tuple[Space, str, T]]) -> None:
        """`things`: each with its space, which is not empty, and its name, which orders those that begin alike."""
        few = (one for one in things if len(one[0]) <= _MOST_STRETCHES)
        self._by_start = sorted(((space[0], name, space, thing) for space, name, thing in few), key=itemgetter(0, 1))

    def within(self, space: Space) -> Iterator[T]:
        """Yield things that lie within `space`: some of those that there are, in the order of addresses."""
        for version, first, last in space:
            start = bisect_left(self._by_start, (version, first), key=lambda entry: entry[0][:2])
            for lowest, _, whole, thing in islice(self._by_start, start, start + _LOOK_AT):
                if lowest[:2] > (version, last):
                    break
                if is_within(whole, space):
                    yield thing


def _stretch_within(stretch: tuple[int, int, int], space: Space) -> bool:
    version, first, last = stretch
    at = bisect_left(space, (version, first + 1)) - 1
    return at >= 0 and space[at][0] == version and space[at][1] <= first and last <= space[at][2]
