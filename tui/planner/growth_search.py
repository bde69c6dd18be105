"""The search for more address space of a VNet: what there is in each of the ways in which it may grow.

Owns the order of preference: what is held for the VNet, then the larger block around one of its prefixes, then a block
beside one, then the nearest one. What is said of it is `growth`'s.
Invariant: what is found overlaps nothing that anybody holds, save what is held for the VNet's own growth, and lies in
what was held for it or in the pools that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from tui.planner.holdings import Holder, holdings
from tui.planner.pools import sources
from tui.topology.intervals import Stretches, blocks, collapsed, gaps, merged
from tui.topology.model import Topology, VNet
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import LARGEST_SUBNET, SMALLEST

How: TypeAlias = Literal["held", "in place", "adjacent", "nearest"]

_MOST_NAMED = 4


class Around(NamedTuple):
    """A block around a prefix that would be large enough."""

    prefix: Prefix
    block: Prefix
    rest: tuple[Prefix, ...]
    """What it has that the VNet does not have."""


class Found(NamedTuple):
    """What the VNet would gain."""

    how: How
    gained: tuple[Prefix, ...]
    why: str
    not_in_place: bool = False
    """True where a larger block around one of its prefixes would have been better, and could not be had."""


class Search:
    """One look for `wanted` addresses in all."""

    def __init__(self, topology: Topology, name: str, vnet: VNet, family: int, wanted: int) -> None:
        self.topology, self.name, self.vnet, self.family = topology, name, vnet, family
        self.own = _of_family(vnet.address_space, family)
        self.present = addresses(self.own)
        self.wanted = wanted
        unit = 1 << (BITS[family] - SMALLEST[family])
        self.missing = -(-(wanted - self.present) // unit) * unit
        pool = vnet.pool if vnet.pool in topology.planning.pools else None
        self.pools = [one.prefix for one in sources(topology, pool=pool, region=vnet.region, family=family)]
        self.room = Stretches(self.pools)
        self.holder = Holder("growth", name)
        self.may_have = frozenset({self.holder, Holder("subnet", name)})
        self.promised = _of_family(vnet.growth, family)
        holds = holdings(topology)
        self.index = holds.index
        self.free = holds.free(self.may_have if vnet.growth or vnet.subnets else frozenset())
        # In one piece per block: two that are held side by side are one where they can be.
        self.held = [
            piece
            for block in collapsed(self.promised)
            for piece in self.free.gaps(block).blocks()
            if piece.length <= SMALLEST[family]
        ]
        self.around = self._around() if self.missing > 0 else []

    def found(self) -> Found | None:
        """Return the first way that there is, in the order of preference."""
        return self._from_held() or self._in_place() or self._adjacent() or self._nearest()

    def _around(self) -> list[Around]:
        """For each prefix the smallest block around it that is large enough; what needs least comes first."""
        found: list[Around] = []
        for prefix in dict.fromkeys(self.own):
            for length in range(prefix.length - 1, LARGEST_SUBNET - 1, -1):
                block = prefix.shortened(length)
                rest = tuple(without(block, self.own))
                if self.present + addresses(rest) >= self.wanted:
                    found.append(Around(prefix, block, rest))
                    break
        return sorted(found, key=lambda one: addresses(one.rest))

    def _from_held(self) -> Found | None:
        if not self.promised or addresses(self.held) < self.missing:
            return None
        room = Stretches(self.held)
        whole = (one.rest for one in self.around if all(map(room.cover, one.rest)))
        length = enough(self.family, self.missing)
        in_one = any(piece.length <= length for piece in self.held)
        amount = 1 << (BITS[self.family] - length) if in_one else self.missing
        taken = next(whole, None) or tuple(self._taken_from_held(amount))
        return Found("held", taken, f"takes {listed(taken)} of what is held for it")

    def _taken_from_held(self, amount: int) -> Iterator[Prefix]:
        """Blocks of what is held that make up so many addresses: the largest first, near the VNet's prefixes."""
        pieces = list(self.held)
        number = 0
        for length in range(SMALLEST[self.family] + 1):
            size = 1 << (BITS[self.family] - length)
            number = 2 * number + (amount // size & 1)
            while number:
                # The lowest or the highest block of a piece is the one nearest to what lies outside of it.
                candidates = [
                    (self._distance(block := Prefix(self.family, first, length)), piece.size, block, piece)
                    for piece in pieces
                    if piece.length <= length
                    for first in (piece.first, piece.last - size + 1)
                ]
                if not candidates:
                    break
                *_, block, piece = min(candidates)
                pieces.remove(piece)
                pieces += without(piece, [block])
                number -= 1
                yield block

    def _distance(self, block: Prefix) -> tuple[bool, int]:
        """How far the block is from the VNet: first what makes one block with a prefix, then by addresses between."""
        away = [max(block.first - one.last, one.first - block.last) for one in self.own]
        joins = block.length > 0 and block.sibling() in self.own
        return not joins, min(away, default=0)

    def _in_place(self) -> Found | None:
        for one in self.around:
            if all(map(self._is_free_for_it, one.rest)):
                return Found("in place", one.rest, f"the rest of {one.block} is free")
        return None

    def _adjacent(self) -> Found | None:
        bits = BITS[self.family]
        length = enough(self.family, self.missing)
        for prefix in self.own:
            for first, where in (prefix.last + 1, "behind"), (prefix.first - (1 << (bits - length)), "before"):
                block = Prefix(self.family, first, length)
                if 0 <= first < 1 << bits and block.shortened(length) == block and self._is_free_for_it(block):
                    return Found("adjacent", (block,), f"{block} is free, right {where} {prefix}", True)
        return None

    def _nearest(self) -> Found | None:
        length = enough(self.family, self.missing)
        found: list[tuple[int, int, Prefix]] = []
        for prefix in self.own:
            for address in dict.fromkeys((prefix.first, prefix.last)):
                near = Prefix(self.family, address, BITS[self.family]).shortened(length)
                block = self.free.nearest(self.pools, near)
                if block is not None:
                    found.append((abs(block.first - near.first), block.first, block))
        if found:
            block = min(found)[2]
            return Found("nearest", (block,), f"{block} is the nearest free /{length}", True)
        first = None if self.own else self.free.first(self.pools, length)
        return Found("nearest", (first,), f"{first} is the first free /{length} of its pools") if first else None

    def _is_free_for_it(self, block: Prefix) -> bool:
        """True if nobody else holds any of it, and it lies in the pools as far as it was not promised."""
        if any(holder not in self.may_have for _, holder in self.index.overlapping(block)):
            return False
        return self.in_pools(block)

    def in_pools(self, block: Prefix) -> bool:
        """Return whether the block lies in the pools, as far as it was not promised."""
        return all(map(self.room.cover, without(block, self.promised)))

    def in_the_way(self, around: Around) -> list[tuple[Prefix, Holder]]:
        """Return who else has what of a larger block."""
        found = dict.fromkeys(entry for block in around.rest for entry in self.index.overlapping(block))
        return [(prefix, holder) for prefix, holder in found if holder not in self.may_have]

    def held_in_use(self) -> list[tuple[Prefix, Holder]]:
        """Return who else uses what is held for the VNet."""
        own = Holder("address_space", self.name)
        return [
            (prefix, holder)
            for promised in self.promised
            for prefix, holder in self.index.overlapping(promised)
            if holder not in self.may_have and not (holder == own and prefix in self.own)
        ]


def _of_family(prefixes: Iterable[Prefix], family: int) -> tuple[Prefix, ...]:
    return tuple(prefix for prefix in prefixes if prefix.version == family)


def addresses(prefixes: Iterable[Prefix]) -> int:
    """Return how many addresses the prefixes have together."""
    return sum(last - first + 1 for _, first, last in merged(prefixes))


def enough(family: int, number: int) -> int:
    """Return the prefix length of the smallest block that has so many addresses: negative if none has."""
    return BITS[family] - (number - 1).bit_length()


def without(block: Prefix, taken: Iterable[Prefix]) -> Iterator[Prefix]:
    """Yield the fewest blocks that make up what `taken` leaves of `block`."""
    for first, last in gaps(block, taken):
        yield from blocks(block.version, first, last)


def touches(prefix: Prefix, others: Iterable[Prefix]) -> bool:
    """Return whether `prefix` overlaps any of the others."""
    return any(map(prefix.overlaps, others))


def listed(named: Iterable[Prefix | str]) -> str:
    """Return the texts with commas; where they are many, the first few and how many more."""
    texts = list(map(str, named))
    more = len(texts) - _MOST_NAMED
    return ", ".join(texts[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
