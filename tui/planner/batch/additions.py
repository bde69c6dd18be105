"""Additions: the address space that pools would have to get so that a batch has room.

Owns the search for the smallest prefix that suffices, for each list of pools that is short of space.
Invariant: a prefix that is named is private, free and in no pool, and what is named has room with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tui.planner.batch.asked import Asked
from tui.planner.batch.placing import NoRoom, Wanted, place
from tui.planner.free_space import FreeSpace
from tui.planner.holdings import in_no_pool, used
from tui.planner.pools import RFC1918
from tui.planner.refusal import WayOut
from tui.topology.edits import change, combined
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

_ELSEWHERE = {
    4: (Prefix(4, 224 << 24, 4), Prefix(4, 240 << 24, 4), Prefix(4, 0, 8)),
    6: (Prefix(6, 255 << 120, 8), Prefix(6, 1 << 120, 8), Prefix(6, 0, 8)),
}
"""Where no pool is, as a rule: there prefixes are tried out that pools might get."""


@dataclass(frozen=True, slots=True)
class _Addition:
    """What one list of pools gets."""

    pools: frozenset[Prefix]
    pool: str | None
    """The pool that gets it; None where the file has none."""
    tried: Prefix


def additions(
    topology: Topology, asked: Asked, blocks: Sequence[Wanted[str]], homeless: Wanted[str], then: str
) -> Iterator[WayOut]:
    """Yield what gives the pools of `homeless`, and others that are short of space, room for all `blocks`."""
    search = _Search(topology, asked, blocks)
    found: list[_Addition] = []
    short: Wanted[str] | None = homeless
    while short is not None:
        one = search.addition(short, found)
        if one is None:
            return
        found.append(one)
        short = search.short(blocks, found)
    yield _way(topology, found, then)


class _Search:
    """Tries prefixes where nobody is."""

    def __init__(self, topology: Topology, asked: Asked, blocks: Sequence[Wanted[str]]) -> None:
        self._asked, self._blocks = asked, blocks
        pools = {pool for one in blocks for pool in one.pools}
        taken = used(topology)
        self._elsewhere = [
            place
            for places in _ELSEWHERE.values()
            for place in places
            if not any(place.overlaps(pool) for pool in pools)
            if not any(prefix.length < place.length and prefix.contains(place) for prefix in taken)
        ]
        # What Azure refuses there is no matter: nothing is handed out.
        self._free = FreeSpace(
            prefix for prefix in taken if not any(place.contains(prefix) for place in self._elsewhere)
        )

    def short(self, blocks: Sequence[Wanted[str]], added: Sequence[_Addition]) -> Wanted[str] | None:
        """Return what has no place with what is `added` to the lists of pools; None where all have one."""
        more = {one.pools: one.tried for one in added}
        wider = []
        for one in blocks:
            tried = more.get(frozenset(one.pools))
            wider.append(one if tried is None else replace(one, pools=(*one.pools, tried)))
        placed = place(self._free, wider)
        return next(one for one in blocks if one.key == placed.wanted.key) if isinstance(placed, NoRoom) else None

    def addition(self, homeless: Wanted[str], before: Sequence[_Addition]) -> _Addition | None:
        """Return the least that gives all room, or at least those who look into the pools of `homeless`."""
        family, pools = homeless.pools[0].version, frozenset(homeless.pools)
        free = (one for one in self._elsewhere if one.version == family)
        elsewhere = next((one for one in free if not any(one.overlaps(other.tried) for other in before)), None)
        if elsewhere is None or any(one.pools == pools for one in before):
            return None
        pool = self._asked.sources[homeless.key][0].pool

        def added(length: int) -> _Addition:
            return _Addition(pools, pool, Prefix(family, elsewhere.first, length))

        alike = [one for one in self._blocks if frozenset(one.pools) == pools]
        for wished in (self._blocks, alike):
            longest, shortest = homeless.length, elsewhere.length
            if longest < shortest or self.short(wished, [*before, added(shortest)]) is not None:
                continue
            while longest > shortest:
                middle = (longest + shortest + 1) // 2
                if self.short(wished, [*before, added(middle)]) is None:
                    shortest = middle
                else:
                    longest = middle - 1
            return added(shortest)
        return None


def _way(topology: Topology, found: Sequence[_Addition], then: str) -> WayOut:
    said: list[str] = []
    more: dict[str, list[Prefix]] = {}
    for one in found:
        family, length = one.tried.version, one.tried.length
        where = f"pool {one.pool}" if one.pool is not None else "the pools that it may use"
        private = [prefix for prefix in RFC1918 if prefix.version == family]
        named = [block for blocks in more.values() for block in blocks]
        block = in_no_pool(topology).first(private, length, named) if one.pool is not None else None
        if one.pool is None or block is None:
            said.append(f"an IPv{family} prefix of /{length} or larger to {where}")
        else:
            more.setdefault(one.pool, []).append(block)
            said.append(f"{block}, which is private and free, to {where}")
    edits = [
        change(("planning", "pools", pool), prefixes=(*topology.planning.pools[pool].prefixes, *blocks))
        for pool, blocks in more.items()
    ]
    is_whole = sum(map(len, more.values())) == len(found)
    edit = combined("Add address space to pools", edits) if is_whole else None
    return WayOut(f"add {' and '.join(said)}: then {then}", edit)
