"""Refusing: why a block cannot be had, what stands in the way, and the smallest change that makes room.

Owns the search for ways out: held growth to release, a pool to add, a VNet whose move would free a block, a smaller
block. Each is found by looking at the blocks that one holder covers, never by trying all.
Invariant: after the edit of a way out the same request is granted, with all the blocks that it asks for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice

from tui.planner.free_space import FreeSpace
from tui.planner.holdings import Holder, free, holdings, used
from tui.planner.placement import placed, spaces
from tui.planner.pools import RFC1918, Source, sources
from tui.planner.refusal import Refusal, WayOut
from tui.planner.request import Request
from tui.planner.surroundings import in_words
from tui.topology.derived import derived
from tui.topology.edits import Edit, change
from tui.topology.intervals import PrefixIndex, outermost
from tui.topology.model import Topology, VNet
from tui.topology.prefix import BITS, Prefix

_MOST_NAMED = 3
_MOST_IN_THE_WAY = 1000
"""Holders that are looked at for what stands in the way in one block."""


def refusal(topology: Topology, request: Request, where: Sequence[Source], found: int = 0) -> Refusal:
    """Return why only `found` of the blocks asked for can be had from `where`, and what would help.

    `where`: the sources of `request`.
    """
    known = _last(topology)
    if (request, found) not in known:
        known.clear()
        known[request, found] = _refusal(topology, request, where, found)
    return known[request, found]


@derived
def _last(topology: Topology) -> dict[tuple[Request, int], Refusal]:
    """The last refusal: every order of the same request has the same."""
    return {}


def _refusal(topology: Topology, request: Request, where: Sequence[Source], found: int) -> Refusal:
    length = request.searched
    looked_in = _looked_in(request)
    missing = request.count - found
    if not where:
        return Refusal(
            f"{looked_in} hold{'' if looked_in == 'the pools' else 's'} no IPv{request.family} prefix",
            ways=tuple(_pool(topology, request, where, missing)),
        )
    whole = outermost(source.prefix for source in where)
    largest = min(
        (block for prefix in whole if (block := free(topology).gaps(prefix).largest()) is not None),
        key=lambda block: block.length,
        default=None,
    )
    widest = min(whole, key=lambda prefix: prefix.length)
    if widest.length > length:
        message = f"no prefix of {looked_in} is as large as a /{length}: the largest is {widest}"
        message += f", the largest free block {largest}" if largest not in (None, widest) else ""
        ways = [*_pool(topology, request, where, missing)]
    else:
        if largest is None:
            message = f"everything in {looked_in} is used or held"
        else:
            none = f"only {found} of {request.count} × /{length} are" if found else f"no /{length} is"
            message = f"{none} free in {looked_in}: the largest free block is {largest}"
        message += _in_the_way(topology, whole)
        sought = _Sought(topology, PrefixIndex((prefix, None) for prefix in whole), request.family, length, missing)
        ways = [*_growth(sought), *_pool(topology, request, where, missing), *_move(sought)]
    return Refusal(message, largest, (*ways, *_smaller(topology, request, whole, largest)))


def _looked_in(request: Request) -> str:
    if request.pool is not None:
        return request.pool if "/" in request.pool else f"pool {request.pool}"
    return f"what {request.region} may use" if request.region is not None else "the pools"


def _in_the_way(topology: Topology, whole: Sequence[Prefix]) -> str:
    """In words, who has the most of the space."""
    index = holdings(topology).index
    # What is wider than a pool may cover several of them; what lies within one is in no other.
    covering = {entry for pool in whole for entry in index.wider(pool)}
    held = [*covering, *(entry for pool in whole for entry in index.within(pool))]
    if not held:
        return ""
    names = [
        in_words(prefix, holder) + (f" ({prefix})" if holder.what in ("address_space", "p2s_pools") else "")
        for prefix, holder in nsmallest(_MOST_NAMED, held, key=lambda entry: (entry[0].length, *entry))
    ]
    more = f" and {len(held) - _MOST_NAMED} more" if len(held) > _MOST_NAMED else ""
    return f"; in the way: {', '.join(names)}{more}"


@dataclass(frozen=True)
class _Sought:
    """What has to become free."""

    topology: Topology
    places: PrefixIndex[None]
    """Where: prefixes that do not overlap."""
    family: int
    length: int
    missing: int
    """How many blocks of `length`."""
    _shared: dict[Prefix, bool] = field(default_factory=dict)
    """Blocks of `length` in which more than one network lies, as far as it was asked."""

    def makes_room(self, given_up: Collection[Prefix], own: Collection[Holder]) -> Prefix | None:
        """Return the first block that would be free without `given_up`, which `own` hold; None if too few would."""
        bits = BITS[self.family]
        most = sum(max(one.size >> bits - self.length, 1) for one in given_up if one.version == self.family)
        if most < self.missing:
            return None
        found = list(islice(dict.fromkeys(self._freed(given_up, own)), self.missing))
        return found[0] if len(found) == self.missing else None

    def is_worth_asking(self, given_up: Prefix) -> bool:
        """False where nothing of the size can become free by this block alone: quickly, for ten thousand of them."""
        if given_up.version != self.family:
            return False
        return given_up.length <= self.length or not self.is_shared(given_up.shortened(self.length))

    def _freed(self, given_up: Collection[Prefix], own: Collection[Holder]) -> Iterator[Prefix]:
        """The blocks that would be free; of some more than once."""
        for one in given_up:
            for place, _ in self.places.overlapping(one):
                part = max(one, place, key=lambda prefix: prefix.length)
                if part.length > self.length:
                    part = part.shortened(self.length)
                if not place.contains(part) or (part.length == self.length and self.is_shared(part)):
                    continue
                others = (
                    prefix
                    for prefix, holder in holdings(self.topology).index.overlapping(part)
                    if holder not in own or prefix not in given_up
                )
                in_the_way = list(islice(others, 1 if part.length == self.length else _MOST_IN_THE_WAY))
                if len(in_the_way) < _MOST_IN_THE_WAY:
                    bits = BITS[part.version]
                    for first in FreeSpace(in_the_way).gaps(part).in_order(bits - self.length):
                        yield Prefix(part.version, first, self.length)

    def is_shared(self, block: Prefix) -> bool:
        """True if more than one holder has a part of `block`."""
        if block not in self._shared:
            names = (holder.name for _, holder in holdings(self.topology).index.overlapping(block))
            first = next(names, None)
            self._shared[block] = any(name != first for name in names)
        return self._shared[block]


def _growth(sought: _Sought) -> Iterator[WayOut]:
    """The held growth that makes room when it is released: the smallest."""
    vnets = sought.topology.vnets
    held = [
        (sum(one.size for one in released), name, released)
        for name, vnet in vnets.items()
        for released in {vnet.growth, *((one,) for one in vnet.growth)} - {()}
    ]
    for _, name, released in sorted(held):
        own = (Holder("growth", name),)
        if sought.makes_room(released, own) is None:
            continue
        for one in sorted(released, key=lambda prefix: prefix.length):
            fewer = tuple(other for other in released if other != one)
            released = fewer if sought.makes_room(fewer, own) is not None else released
        edit = change(("vnets", name), growth=tuple(one for one in vnets[name].growth if one not in released))
        what = f"{' and '.join(map(str, released))}, which {'is' if len(released) == 1 else 'are'} held for {name}"
        yield WayOut(f"release {what}", Edit(f"Release growth of {name}", edit.apply))
        return


def _move(sought: _Sought) -> Iterator[WayOut]:
    """The VNet whose move makes room: the smallest, one that is only planned before one that is deployed."""
    vnets = sought.topology.vnets
    may_move = (
        name for name, vnet in vnets.items() if vnet.renumber and any(map(sought.is_worth_asking, vnet.address_space))
    )
    for deployed, _, name in sorted((vnets[name].state != "planned", _size(vnets[name]), name) for name in may_move):
        given_up = {*vnets[name].address_space, *vnets[name].growth}
        own = (Holder("address_space", name), Holder("growth", name))
        block = sought.makes_room(sorted(given_up), own)
        if block is not None:
            frees = block if sought.missing == 1 else f"{sought.missing} × /{sought.length}"
            yield WayOut(f"move {name}{', which is deployed,' if deployed else ''} elsewhere: that frees {frees}")
            return


def _size(vnet: VNet) -> int:
    return sum(prefix.size for prefix in vnet.address_space)


def _pool(topology: Topology, request: Request, where: Sequence[Source], missing: int) -> Iterator[WayOut]:
    """Space outside of where was looked: in the other pools, else private space that no pool names yet."""
    length = request.searched
    if request.pool is not None or request.region is not None:
        every = spaces(free(topology), (*where, *sources(topology, family=request.family)), length)
        others = [one for one in every if one.source not in where and one.gaps.fitting(length) >= missing]
        there = next(placed(others, length, "tightest"), None)
        if there is not None:
            what = f"{there.block} is" if missing == 1 else f"{missing} × /{length} are"
            yield WayOut(f"{what} free in {there.space.source}: ask there")
            return
    # One block for all that is missing.
    wide = length - (missing - 1).bit_length()
    private = [Source(prefix, None) for prefix in RFC1918 if prefix.version == request.family]
    block = next(placed(spaces(_in_no_pool(topology), private, wide), wide, "room-to-grow"), None)
    if block is None or not topology.planning.pools:
        return
    named = {source.pool for source in where if source.pool is not None}
    pool = request.pool if request.pool in topology.planning.pools else named.pop() if len(named) == 1 else None
    if pool is None:
        yield WayOut(f"add {block.block} to a pool: it is private, and free")
        return
    edit = change(("planning", "pools", pool), prefixes=(*topology.planning.pools[pool].prefixes, block.block))
    yield WayOut(
        f"add {block.block} to pool {pool}: it is private, and free",
        Edit(f"Add {block.block} to pool {pool}", edit.apply),
    )


@derived
def _in_no_pool(topology: Topology) -> FreeSpace:
    """What nobody uses or holds, and no pool names."""
    return FreeSpace((*used(topology), *(one for pool in topology.planning.pools.values() for one in pool.prefixes)))


def _smaller(topology: Topology, request: Request, whole: Sequence[Prefix], largest: Prefix | None) -> Iterator[WayOut]:
    """The largest size of which there are enough."""
    if largest is None:
        return
    for length in range(max(request.searched + 1, largest.length), BITS[request.family] + 1):
        fitting = sum(free(topology).gaps(prefix).fitting(length) for prefix in whole)
        if fitting >= request.count:
            many = f"{request.count} × " if request.count > 1 else "a "
            there = f"{largest} is free" if request.count == 1 else f"{fitting} are free"
            yield WayOut(f"ask for {many}/{length} or smaller: {there}")
            return
