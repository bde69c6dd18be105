"""Conflicts: which prefixes of joined networks overlap, and what still overlaps when some of them have gone.

Owns finding them group by group, so that networks that are not joined cost nothing however much they overlap. Up to
MOST_OVERLAPS overlaps are looked at pair by pair; beyond, they are counted, each group of joined networks by itself.
Invariant: the order of the file decides nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from tui.connectivity.joined import joined_groups
from tui.connectivity.links import networks
from tui.topology.intervals import groups, nested_pairs
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

MOST_OVERLAPS = 300_000
"""Overlaps of prefixes up to which every pair of networks is looked at: some 750 networks that all overlap."""


Stuck: TypeAlias = Mapping[str, Collection[Prefix]]
"""Blocks that have to stay, by the network."""


class Conflicts:
    """Which prefixes of joined networks may collide, and how often they do."""

    def __init__(self, topology: Topology) -> None:
        joined = joined_groups(topology)
        self.of = joined.of
        owned = [
            (prefix, name)
            for name, network in networks(topology).items()
            if name in joined.of
            for prefix in dict.fromkeys(network.address_space)
        ]
        in_group: dict[int, list[tuple[Prefix, str]]] = {}
        for _, members in groups(owned):
            for entry in members:
                for number in joined.of[entry[1]]:
                    in_group.setdefault(number, []).append(entry)
        shared = [members for entries in in_group.values() for _, members in groups(entries)]
        self._shared = [(members, overlaps) for members in shared if (overlaps := _overlaps(members))]
        found: dict[str, set[Prefix]] = {}
        for members, _ in self._shared:
            for prefix, name in members:
                found.setdefault(name, set()).add(prefix)
        self.prefixes = {name: sorted(found[name]) for name in sorted(found)}
        """What may collide of each network, sorted, by its name."""

    @cached_property
    def _overlaps(self) -> int:
        return sum(overlaps for _, overlaps in self._shared)

    @cached_property
    def pairs(self) -> set[tuple[str, str]] | None:
        """The pairs of networks that collide; None where there are too many to look at."""
        if self._overlaps > MOST_OVERLAPS:
            return None
        return set(self._edges({}))

    def edges(self, stuck: Stuck) -> set[tuple[str, str]] | None:
        """Return the pairs of networks of which one has to move where `stuck` stays; None where there are too many.

        Where a block of one stays, the other one has to move: it makes a pair with itself. Where blocks of both stay,
        neither can.
        """
        return self.pairs if self.pairs is None or not stuck else set(self._edges(stuck))

    def _edges(self, stuck: Stuck) -> Iterator[tuple[str, str]]:
        for members, _ in self._shared:
            for (first, a), (second, b) in nested_pairs(members):
                if a == b:
                    continue
                a_stays, b_stays = first in stuck.get(a, ()), second in stuck.get(b, ())
                if not a_stays or not b_stays:
                    one, other = b if a_stays else a, a if b_stays else b
                    yield (one, other) if one < other else (other, one)

    @property
    def number(self) -> int:
        """How many pairs collide, or how many prefixes where these are too many."""
        return self._overlaps if self.pairs is None else len(self.pairs)


def _overlaps(members: Iterable[tuple[Prefix, str]]) -> int:
    """How many of the sorted blocks overlap pairwise with one of another owner."""
    total = 0
    still_open: list[tuple[Prefix, str]] = []
    open_of: Counter[str] = Counter()
    for prefix, name in members:
        while still_open and not still_open[-1][0].contains(prefix):
            open_of[still_open.pop()[1]] -= 1
        total += len(still_open) - open_of[name]
        still_open.append((prefix, name))
        open_of[name] += 1
    return total


class Standing:
    """Blocks that stay, ready to be asked which networks have one that overlaps a block of a joined network."""

    def __init__(self, of: Mapping[str, tuple[int, ...]]) -> None:
        self._of = of
        self._blocks: dict[int, list[Prefix]] = {}
        self._owners: dict[tuple[int, Prefix], dict[str, None]] = {}
        self._lengths: dict[int, dict[int, set[int]]] = {}

    def add(self, name: str, prefixes: Iterable[Prefix]) -> None:
        """Let `prefixes` of the network `name` stay."""
        for prefix in prefixes:
            for number in self._of[name]:
                owners = self._owners.setdefault((number, prefix), {})
                if not owners:
                    insort(self._blocks.setdefault(number, []), prefix)
                    self._lengths.setdefault(number, {}).setdefault(prefix.version, set()).add(prefix.length)
                owners[name] = None

    def remove(self, name: str, prefixes: Iterable[Prefix]) -> None:
        """Take `prefixes` of the network `name` away again."""
        for prefix in prefixes:
            for number in self._of[name]:
                owners = self._owners[number, prefix]
                del owners[name]
                if not owners:
                    del self._owners[number, prefix]
                    blocks = self._blocks[number]
                    del blocks[bisect_left(blocks, prefix)]

    def against(self, name: str, prefixes: Iterable[Prefix]) -> Iterator[str]:
        """Yield the other networks that collide with `prefixes` of `name`; one may come more than once."""
        for prefix in prefixes:
            for number in self._of[name]:
                for block in self._overlapping(number, prefix):
                    yield from (owner for owner in self._owners[number, block] if owner != name)

    def _overlapping(self, number: int, prefix: Prefix) -> Iterator[Prefix]:
        for length in self._lengths.get(number, {}).get(prefix.version, ()):
            if length < prefix.length and (number, outer := prefix.shortened(length)) in self._owners:
                yield outer
        blocks = self._blocks.get(number, [])
        for place in range(bisect_left(blocks, prefix), len(blocks)):
            if not prefix.contains(blocks[place]):
                return
            yield blocks[place]
