"""Growth: how a VNet gets more address space, and why it is that space.

Owns the order of preference: what is held for the VNet, then the larger block around one of its prefixes, then a block
beside one, then the nearest one. A VNet always grows in one of these ways, never in a mixture, so that one sentence
says what happened. Its prefixes stay or become part of larger ones (Azure lets an address space be changed to one
that contains it), so subnets never move.
Invariant: what a VNet gains overlaps nothing that anybody holds, save what is held for its own growth, and lies in
what was held for it or in the pools that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tui.errors import EditError
from tui.planner.holdings import Holder, What, holdings
from tui.planner.pools import sources
from tui.planner.refusal import Refusal, WayOut
from tui.topology.catalog import nearest
from tui.topology.edits import Edit, change, combined
from tui.topology.intervals import Stretches, blocks, collapsed, gaps, merged
from tui.topology.model import Topology, VNet
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import LARGEST_SUBNET, SMALLEST

How: TypeAlias = Literal["held", "in place", "adjacent", "nearest"]


@dataclass(frozen=True, slots=True)
class Growth:
    """More address space for a VNet."""

    vnet: str
    before: tuple[Prefix, ...]
    after: tuple[Prefix, ...]
    """Its address space with what it gains, larger prefixes in the place of those that they contain."""
    growth: tuple[Prefix, ...]
    """What is still held for it."""
    how: How
    reason: str
    edit: Edit


def grow(topology: Topology, name: str, length: int, family: int | None = None) -> Growth | Refusal:
    """Return how the VNet `name` gets as many addresses as a block of prefix length `length` has, or more.

    What counts are all its addresses of `family`: by default that of its first prefix. What it gains is the rest of
    the smallest block around one of its prefixes that suffices, so that this prefix becomes that block, or one block,
    the smallest that suffices. Where what is held for it suffices, it is either of these from there, or several blocks
    that make up exactly what is missing; else it is the block around it, else one beside a prefix, else the nearest.
    Space that is held for it and lies in what it gains is no longer held; all else stays so.
    Raises EditError if there is no such VNet, or a length that no address space of Azure has.
    """
    vnet = _vnet(topology, name)
    chosen = family or _family(vnet)
    if not LARGEST_SUBNET <= length <= SMALLEST[chosen]:
        raise EditError(
            f"{name} cannot grow to a /{length}",
            f"the prefix length of an IPv{chosen} address space is {LARGEST_SUBNET} to {SMALLEST[chosen]}",
        )
    return _Search(topology, name, vnet, chosen, 1 << (BITS[chosen] - length)).answer()


@dataclass(frozen=True, slots=True)
class _Around:
    """A block around a prefix that would be large enough."""

    prefix: Prefix
    block: Prefix
    rest: tuple[Prefix, ...]
    """What it has that the VNet does not have."""


class _Search:
    """One look for `wanted` addresses in all."""

    def __init__(self, topology: Topology, name: str, vnet: VNet, family: int, wanted: int) -> None:
        self.topology, self.name, self.vnet, self.family = topology, name, vnet, family
        self.own = _of_family(vnet.address_space, family)
        self.present = _addresses(self.own)
        self.wanted = wanted
        unit = 1 << (BITS[family] - SMALLEST[family])
        self.missing = -(-(wanted - self.present) // unit) * unit
        pool = vnet.pool if vnet.pool in topology.planning.pools else None
        self.pools = [one.prefix for one in sources(topology, pool=pool, region=vnet.region, family=family)]
        self.room = Stretches(self.pools)
        self.holder = Holder("growth", name)
        self.promised = _of_family(vnet.growth, family)
        holds = holdings(topology)
        self.index = holds.index
        self.free = holds.free(frozenset({self.holder}) if vnet.growth else frozenset())
        # In one piece per block: two that are held side by side are one where they can be.
        self.held = [
            piece
            for block in collapsed(self.promised)
            for piece in self.free.gaps(block).blocks()
            if piece.length <= SMALLEST[family]
        ]

    def answer(self) -> Growth | Refusal:
        """The first way that there is, in the order of preference."""
        if self.missing <= 0:
            length = _enough(self.family, self.wanted)
            return Refusal(f"{self.name} has {self.present} addresses, and a /{length} has no more: it need not grow")
        if _enough(self.family, self.missing) < LARGEST_SUBNET:
            return Refusal(f"{self.name} cannot grow by {self.missing} addresses: a /{LARGEST_SUBNET} is the largest")
        around = self._around()
        found = self._from_held(around) or self._in_place(around)
        return found or self._adjacent(around) or self._nearest(around) or self._no(around)

    def _around(self) -> list[_Around]:
        """For each prefix the smallest block around it that is large enough; what needs least comes first."""
        found: list[_Around] = []
        for prefix in dict.fromkeys(self.own):
            for length in range(prefix.length - 1, LARGEST_SUBNET - 1, -1):
                block = prefix.shortened(length)
                rest = tuple(_without(block, self.own))
                if self.present + _addresses(rest) >= self.wanted:
                    found.append(_Around(prefix, block, rest))
                    break
        return sorted(found, key=lambda one: _addresses(one.rest))

    def _from_held(self, around: Sequence[_Around]) -> Growth | None:
        if not self.promised or _addresses(self.held) < self.missing:
            return None
        room = Stretches(self.held)
        whole = (one.rest for one in around if all(map(room.cover, one.rest)))
        length = _enough(self.family, self.missing)
        in_one = any(piece.length <= length for piece in self.held)
        amount = 1 << (BITS[self.family] - length) if in_one else self.missing
        taken = next(whole, None) or tuple(self._taken_from_held(amount))
        return self._growth("held", taken, f"takes {_list(taken)} of what is held for it")

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
                pieces += _without(piece, [block])
                number -= 1
                yield block

    def _distance(self, block: Prefix) -> tuple[bool, int]:
        """How far the block is from the VNet: first what makes one block with a prefix, then by addresses between."""
        away = [max(block.first - one.last, one.first - block.last) for one in self.own]
        joins = block.length > 0 and _sibling(block) in self.own
        return not joins, min(away, default=0)

    def _in_place(self, around: Sequence[_Around]) -> Growth | None:
        for one in around:
            if all(map(self._may_have, one.rest)):
                return self._growth("in place", one.rest, f"the rest of {one.block} is free")
        return None

    def _adjacent(self, around: Sequence[_Around]) -> Growth | None:
        bits = BITS[self.family]
        length = _enough(self.family, self.missing)
        for prefix in self.own:
            for first, where in (prefix.last + 1, "behind"), (prefix.first - (1 << (bits - length)), "before"):
                block = Prefix(self.family, first, length)
                if 0 <= first < 1 << bits and block.shortened(length) == block and self._may_have(block):
                    return self._growth("adjacent", (block,), f"{block} is free, right {where} {prefix}", around)
        return None

    def _nearest(self, around: Sequence[_Around]) -> Growth | None:
        length = _enough(self.family, self.missing)
        found: list[tuple[int, int, Prefix]] = []
        for prefix in self.own:
            for address in dict.fromkeys((prefix.first, prefix.last)):
                near = Prefix(self.family, address, BITS[self.family]).shortened(length)
                block = self.free.nearest(self.pools, near)
                if block is not None:
                    found.append((abs(block.first - near.first), block.first, block))
        if found:
            block = min(found)[2]
            return self._growth("nearest", (block,), f"{block} is the nearest free /{length}", around)
        first = None if self.own else self.free.first(self.pools, length)
        return self._growth("nearest", (first,), f"{first} is the first free /{length} of its pools") if first else None

    def _may_have(self, block: Prefix) -> bool:
        """True if nobody else holds any of it, and it lies in the pools as far as it was not promised."""
        if any(holder != self.holder for _, holder in self.index.overlapping(block)):
            return False
        return self._in_pools(block)

    def _in_pools(self, block: Prefix) -> bool:
        return all(map(self.room.cover, _without(block, self.promised)))

    def _growth(self, how: How, gained: Sequence[Prefix], why: str, around: Sequence[_Around] = ()) -> Growth:
        before = self.vnet.address_space
        after = _joined(before, gained)
        growth = tuple(self._still_held(gained, after))
        said = [why]
        for larger in after:
            inside = [prefix for prefix in dict.fromkeys(before) if larger not in before and larger.contains(prefix)]
            if inside:
                said.append(f"{_list(inside)} {'become' if len(inside) > 1 else 'becomes'} {larger}")
        if how == "held" and growth:
            said.append(f"{_list(growth)} {'stay' if len(growth) > 1 else 'stays'} held")
        elif covered := [piece for piece in self.held if how != "held" and _touches(piece, gained)]:
            said.append(f"{_list(covered)} of that {'were' if len(covered) > 1 else 'was'} held for it")
        elif how != "held" and self.held:
            said.append(f"what is held for it ({_list(self.held)}) is not enough")
        said += self._held_in_use()
        said += self._why_not_in_place(around)
        fields = {"address_space": after, **({"growth": growth or None} if growth != self.vnet.growth else {})}
        edit = Edit(f"Grow VNet {self.name}", change(("vnets", self.name), **fields).apply)
        return Growth(self.name, before, after, growth, how, "; ".join(said), edit)

    def _still_held(self, gained: Sequence[Prefix], after: Sequence[Prefix]) -> Iterator[Prefix]:
        for prefix in self.vnet.growth:
            if _touches(prefix, gained):
                yield from _without(prefix, after)
            else:
                yield prefix

    def _held_in_use(self) -> list[str]:
        """Who else uses what is held for the VNet."""
        others = [
            (prefix, holder)
            for promised in self.promised
            for prefix, holder in self.index.overlapping(promised)
            if holder != self.holder and not (holder == Holder("address_space", self.name) and prefix in self.own)
        ]
        return [f"not all that is held for it can be taken: {_held_by(others)}"] if others else []

    def _no(self, around: Sequence[_Around]) -> Refusal:
        length = _enough(self.family, self.missing)
        free = [block for pool in self.pools if (block := self.free.gaps(pool).largest()) is not None]
        largest = min(free, key=lambda block: (block.length, block.first), default=None)
        said = [f"{self.name} cannot grow by {self.missing} addresses: no /{length} is free in {_list(self.pools)}"]
        if not self.pools:
            said = [f"{self.name} cannot grow: it belongs to no pool that has IPv{self.family} prefixes"]
        elif largest is None:
            said.append("everything there is used or held")
        else:
            said.append(f"the largest free block is {largest}")
        said += self._why_not_in_place(around)
        said += self._held_in_use()
        return Refusal("; ".join(said), largest, tuple(self._ways(around, largest)))

    def _why_not_in_place(self, around: Sequence[_Around]) -> list[str]:
        """What keeps the first of the larger blocks from being had."""
        if not around:
            return []
        why = _held_by(self._in_the_way(around[0])) or "not all of it lies in a pool where it may grow"
        return [f"{around[0].prefix} cannot become {around[0].block}: {why}"]

    def _in_the_way(self, around: _Around) -> list[tuple[Prefix, Holder]]:
        found = (entry for block in around.rest for entry in self.index.overlapping(block) if entry[1] != self.holder)
        return list(dict.fromkeys(found))

    def _ways(self, around: Sequence[_Around], largest: Prefix | None) -> Iterator[WayOut]:
        """Growth of others that could be released, then what the person has to weigh."""
        for one in around:
            others = self._in_the_way(one)
            inside = all(map(self._in_pools, one.rest))
            if inside and others and all(holder.what == "growth" for _, holder in others):
                edits = []
                for name in sorted({holder.name for _, holder in others}):
                    kept = [prefix for prefix in self.topology.vnets[name].growth if not _touches(prefix, one.rest)]
                    edits.append(change(("vnets", name), growth=tuple(kept) or None))
                title = f"Release what is held in {one.block}"
                text = f"release {_list(dict.fromkeys(prefix for prefix, _ in others))}, which is only held"
                yield WayOut(f"{text}: then {one.prefix} becomes {one.block}", combined(title, edits))
        if self.held:
            yield WayOut(f"take the {_addresses(self.held)} addresses that are held for it, and no more")
        if largest is not None and largest.length <= SMALLEST[self.family]:
            yield WayOut(f"grow by less: {largest} is free")
        yield WayOut("add a pool that has more space" if self.pools else f"add a pool with IPv{self.family} prefixes")


def _vnet(topology: Topology, name: str) -> VNet:
    if name in topology.vnets:
        return topology.vnets[name]
    if name in topology.sites:
        raise EditError(f"{name} is a site", "only a VNet can be given more address space")
    close = nearest(name, topology.vnets)
    raise EditError(f"there is no VNet {name}", f"did you mean {close}?" if close else "")


def _family(vnet: VNet) -> int:
    return next((prefix.version for prefix in (*vnet.address_space, *vnet.growth)), 4)


def _of_family(prefixes: Iterable[Prefix], family: int) -> tuple[Prefix, ...]:
    return tuple(prefix for prefix in prefixes if prefix.version == family)


def _addresses(prefixes: Iterable[Prefix]) -> int:
    return sum(last - first + 1 for _, first, last in merged(prefixes))


def _enough(family: int, addresses: int) -> int:
    """The prefix length of the smallest block that has so many addresses; negative if none has."""
    return BITS[family] - (addresses - 1).bit_length()


def _sibling(prefix: Prefix) -> Prefix:
    """The other half of the block of twice the size."""
    return Prefix(prefix.version, prefix.first ^ prefix.size, prefix.length)


def _without(block: Prefix, taken: Iterable[Prefix]) -> Iterator[Prefix]:
    """The fewest blocks that make up what `taken` leaves of `block`."""
    for first, last in gaps(block, taken):
        yield from blocks(block.version, first, last)


def _touches(prefix: Prefix, others: Iterable[Prefix]) -> bool:
    return any(map(prefix.overlaps, others))


def _joined(before: Sequence[Prefix], gained: Sequence[Prefix]) -> tuple[Prefix, ...]:
    """The address space with what is gained, as few prefixes as that gives; what it does not complete stays apart."""
    room = Stretches((*before, *gained))
    after = list(before)
    for block in gained:
        while block.length > LARGEST_SUBNET and room.cover(block.parent()):
            block = block.parent()
        place = next((index for index, prefix in enumerate(after) if block.contains(prefix)), len(after))
        after.insert(place, block)
        after[place + 1 :] = [prefix for prefix in after[place + 1 :] if not block.contains(prefix)]
    return tuple(after)


_MOST_NAMED = 4


def _list(prefixes: Iterable[Prefix]) -> str:
    return _listed(list(map(str, prefixes)))


def _listed(named: Sequence[str]) -> str:
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _held_by(others: Iterable[tuple[Prefix, Holder]]) -> str:
    """Who has which blocks, in words."""
    sentences: dict[What, str] = {
        "address_space": "{name} has {prefix}",
        "growth": "{prefix} is held for {name}",
        "p2s_pools": "{prefix} is for the VPN clients of {name}",
        "avoid": "{prefix} is avoided ({name})",
        "refused": "Azure refuses {prefix} ({name})",
    }
    # The name comes last: it may hold anything.
    said = (sentences[who.what].replace("{prefix}", str(block)).replace("{name}", who.name) for block, who in others)
    return _listed(list(dict.fromkeys(said)))
