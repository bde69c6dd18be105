"""Refusing: why a block cannot be had, what stands in the way, and the smallest change that makes room.

Owns the search for ways out: held growth to release, a pool to add, a VNet whose move would free a block, a smaller
block. Each is found by looking at the blocks that one holder covers, never by trying all.
Invariant: after the edit of a way out the same request is granted, with all the blocks that it asks for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from itertools import islice
from zlib import crc32

from tui.planner.batch.placing import NoRoom
from tui.planner.free_space import FreeSpace
from tui.planner.gaps import largest_of
from tui.planner.holdings import Holder, free, holdings, in_no_pool, used_now
from tui.planner.numbers import short
from tui.planner.placement import placed, spaces
from tui.planner.pools import RFC1918, Source, sources
from tui.planner.refusal import Refusal, WayOut
from tui.planner.renumber.moving import Move, Room, move_to, moved, moves
from tui.planner.request import Request
from tui.topology.catalog import region_key, same_region
from tui.topology.derived import derived_with_argument
from tui.topology.edits import Edit, add, change, free_name
from tui.topology.intervals import PrefixIndex, Stretches, blocks, collapsed, gaps, outermost
from tui.topology.model import Pool, Topology, VNet
from tui.topology.prefix import BITS, Prefix

_MOST_NAMED = 3
_MOST_TRIED = 3
"""VNets for which a place is looked for."""
_UNIQUE_LOCAL = Prefix(6, 0xFD << 120, 8)
_SITE = 48
"""The prefix length of what RFC 4193 gives a site."""
_MOST_PARTS = 4096
"""Blocks of held growth of which the farthest are looked for."""
_MOST_IN_THE_WAY = 1000
"""Holders that are looked at for what stands in the way in one block."""


def refusal(topology: Topology, request: Request, found: int = 0) -> Refusal:
    """Return why only `found` of the blocks asked for can be had, and what would help."""
    return _refusal(topology, (request, found))


@derived_with_argument(kept=1)
def _refusal(topology: Topology, asked: tuple[Request, int]) -> Refusal:
    """Every order of the same request has the same."""
    request, found = asked
    where = sources(topology, pool=request.pool, region=request.region, family=request.family)
    length, looked_in = request.searched, _looked_in(request)
    missing = request.count - found
    if not where:
        pools = looked_in if request.pool is not None else "the pools"
        message = f"{pools} hold{'' if pools == 'the pools' else 's'} no IPv{request.family} prefix"
        return Refusal(message, ways=tuple(_pool(topology, request, where, missing)))
    whole = outermost(source.prefix for source in where)
    largest = largest_of(map(free(topology).gaps, whole))
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
        message += in_the_way(topology, whole)
        sought = _Sought(topology, PrefixIndex((prefix, None) for prefix in whole), request, missing)
        ways = [*_growth(sought), *_pool(topology, request, where, missing), *_move(sought)]
    return Refusal(message, largest, (*ways, *_smaller(topology, request, whole, largest)))


def _looked_in(request: Request) -> str:
    if request.pool is not None:
        return request.pool if "/" in request.pool else f"pool {request.pool}"
    return f"what {request.region} may use" if request.region is not None else "the pools"


def in_the_way(topology: Topology, whole: Sequence[Prefix]) -> str:
    """Return, as the end of a sentence, who has the most of the prefixes `whole`; nothing where nobody has any."""
    index = holdings(topology).index
    # What is wider than a pool may cover several of them; what lies within one is in no other.
    covering = {entry for pool in whole for entry in index.wider(pool)}
    held = [*covering, *(entry for pool in whole for entry in index.within(pool))]
    if not held:
        return ""
    names = [
        holder.noun(prefix) + (f" ({prefix})" if holder.what in ("address_space", "p2s_pools") else "")
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
    request: Request
    missing: int
    """How many blocks more than there are."""
    _shared: dict[Prefix, bool] = field(default_factory=dict)
    """Blocks of `length` in which more than one network lies, as far as it was asked."""

    @property
    def family(self) -> int:
        """The family of the blocks."""
        return self.request.family

    @property
    def length(self) -> int:
        """The prefix length of the blocks."""
        return self.request.searched

    def is_there(self, after: Topology) -> bool:
        """True if all that was asked for is free in `after`, whose pools are the same."""
        free_after = FreeSpace(used_now(after))
        whole = (prefix for prefix, _ in self.places.within(Prefix(self.family, 0, 0)))
        return sum(free_after.gaps(prefix).fitting(self.length) for prefix in whole) >= self.request.count

    def freed(self, given_up: Collection[Prefix], own: Collection[Holder]) -> Sequence[Prefix]:
        """Return the first of the blocks that would be free without `given_up`, which `own` hold.

        As many as are missing; none if that many would not be.
        """
        bits = BITS[self.family]
        most = sum(max(one.size >> bits - self.length, 1) for one in given_up if one.version == self.family)
        if most < self.missing:
            return ()
        found = list(islice(dict.fromkeys(self._freed(given_up, own)), self.missing))
        return found if len(found) == self.missing else ()

    def free_now(self) -> Iterator[Prefix]:
        """Yield the blocks that are free: fewer than are asked for."""
        bits = BITS[self.family]
        for place, _ in self.places.within(Prefix(self.family, 0, 0)):
            if place.length <= self.length:
                for first in free(self.topology).gaps(place).in_order(bits - self.length):
                    yield Prefix(self.family, first, self.length)

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
        if not sought.freed(released, own):
            continue
        for one in sorted(released, key=lambda prefix: prefix.length):
            fewer = tuple(other for other in released if other != one)
            released = fewer if sought.freed(fewer, own) else released
        parts = _farthest_parts(sought, vnets[name], released, own)
        edit = change(("vnets", name), growth=tuple(_kept(vnets[name].growth, parts)))
        if parts != released and not sought.is_there(edit.apply(sought.topology)):
            parts = released
            edit = change(("vnets", name), growth=tuple(_kept(vnets[name].growth, parts)))
        what = f"{' and '.join(map(str, parts))}, which {'is' if len(parts) == 1 else 'are'} held for {name}"
        yield WayOut(f"release {what}", Edit(f"Release growth of {name}", edit.apply))
        return


def _farthest_parts(
    sought: _Sought, vnet: VNet, released: tuple[Prefix, ...], own: Collection[Holder]
) -> tuple[Prefix, ...]:
    """Return what has to be let go of the VNet's growth: what is farthest from it, for it grows beside itself.

    `released`: what makes room as whole prefixes, which is the answer where nothing smaller is.
    """
    freed = dict.fromkeys(islice(sought._freed(vnet.growth, own), _MOST_PARTS))
    inside = [part for part in freed if any(one.contains(part) for one in vnet.growth)]
    size = 1 << BITS[sought.family] - sought.length
    least = sum(one.size for one in released)
    if len(inside) < sought.missing or len(freed) == _MOST_PARTS or sought.missing * size > least:
        return released

    def near(part: Prefix) -> int:
        away = (max(part.first - one.last, one.first - part.last) for one in vnet.address_space)
        return min(away, default=0)

    return tuple(collapsed(sorted(inside, key=near, reverse=True)[: sought.missing]))


def _kept(growth: Sequence[Prefix], released: Sequence[Prefix]) -> Iterator[Prefix]:
    """What is still held: of a prefix that is released in part, the rest."""
    for prefix in growth:
        for first, last in gaps(prefix, released):
            yield from blocks(prefix.version, first, last)


def _move(sought: _Sought) -> Iterator[WayOut]:
    """The VNet whose move makes room: the smallest, one that is only planned before one that is deployed."""
    vnets = sought.topology.vnets
    may_move = (
        name for name, vnet in vnets.items() if vnet.renumber and any(map(sought.is_worth_asking, vnet.address_space))
    )
    tried = 0
    for deployed, _, name in sorted((vnets[name].state != "planned", _size(vnets[name]), name) for name in may_move):
        given_up = {*vnets[name].address_space, *vnets[name].growth}
        freed = sought.freed(sorted(given_up), (Holder("address_space", name), Holder("growth", name)))
        if not freed:
            continue
        for move in _places(sought, name, freed):
            edit = moved(move)
            if sought.is_there(edit.apply(sought.topology)):
                there = [new for _, new in move.blocks]
                left = sought.missing == 1 and not any(map(freed[0].overlaps, there))
                frees = freed[0] if left else f"{sought.missing} × /{sought.length}"
                what = f"move {name}{', which is deployed,' if deployed else ''} to {' and '.join(map(str, there))}"
                yield WayOut(f"{what}: that frees {frees}", edit, moves=name)
                return
        tried += 1
        if tried == _MOST_TRIED:
            return


def _places(sought: _Sought, name: str, freed: Sequence[Prefix]) -> Iterator[Move]:
    """Where the VNet could go: beside what is asked for, else in the usual places."""
    moving = outermost(sought.topology.vnets[name].address_space)
    placed = Room(sought.topology, (*freed, *sought.free_now())).place([(name, old) for old in moving])
    if not isinstance(placed, NoRoom):
        yield move_to(sought.topology, name, tuple((old, placed[name, old]) for old in moving))
    found = moves(sought.topology, name)
    yield from () if isinstance(found, Refusal) else found


def _size(vnet: VNet) -> int:
    return sum(prefix.size for prefix in vnet.address_space)


def _pool(topology: Topology, request: Request, where: Sequence[Source], missing: int) -> Iterator[WayOut]:
    """Space outside of where was looked: in the other pools, else private space that no pool names yet."""
    length = request.searched
    if request.pool is not None or request.region is not None:
        looked_in = Stretches(source.prefix for source in where)
        every = sources(topology, family=request.family)
        # What lies in a prefix that was looked into was counted there.
        known = spaces(free(topology), (*where, *(one for one in every if not looked_in.cover(one.prefix))), length)
        others = [one for one in known if one.source not in where and one.gaps.fitting(length) >= missing]
        there = next(placed(others, length, "tightest"), None)
        if there is not None:
            what = f"{there.block} is" if missing == 1 else f"{missing} × /{length} are"
            source = there.space.source
            asked = replace(request, count=missing, pool=source.pool or str(source.prefix))
            yield WayOut(f"{what} free in {source}: ask there", request=asked)
            return
    yield from _addition(topology, request, where, missing)


def _addition(topology: Topology, request: Request, where: Sequence[Source], missing: int) -> Iterator[WayOut]:
    """Private space that no pool names yet, and the pool to add it to."""
    pools = topology.planning.pools
    if request.pool is not None and request.pool not in pools:
        return
    region = request.region if request.pool is None else None
    own = [name for name, pool in pools.items() if region is not None and same_region(pool.region, region)]
    # A region that gets a pool of its own looks into no other any more.
    wanted = request.count if region is not None and not own else missing
    block = _private(topology, request.family, request.searched - (wanted - 1).bit_length())
    if block is None:
        return
    private = "is private, and free" if request.family == 4 else "is unique local (RFC 4193), and free"
    if region is not None and pools and not own:
        name = free_name(pools, region_key(region))
        title = f"Add pool {name}"
        edit = add(("planning", "pools", name), Pool(prefixes=(block,), region=region))
        yield WayOut(f"add a pool for {region}, {block}: it {private}", Edit(title, edit.apply))
        return
    looked_in = {source.pool for source in where} if where else {*pools}
    known = [request.pool] if request.pool is not None else own or sorted(filter(None, looked_in))
    if len(known) != 1:
        which = "planning.pools" if not pools else f"a pool of {region}" if own else "a pool"
        yield WayOut(f"add {block} to {which}: it {private}")
        return
    edit = change(("planning", "pools", known[0]), prefixes=(*pools[known[0]].prefixes, block))
    yield WayOut(f"add {block} to pool {known[0]}: it {private}", Edit(f"Add {block} to pool {known[0]}", edit.apply))


def _private(topology: Topology, family: int, length: int) -> Prefix | None:
    """A free block of private space that no pool names, of `length` or larger; None where there is none to add."""
    if family == 6:
        length = min(length, _SITE)
        # Drawn as RFC 4193 wants it, but of the file's name: the same file is told the same.
        drawn = Prefix(6, _UNIQUE_LOCAL.first | crc32(f"vnet-tui {topology.name}".encode()) << 88, BITS[6])
        if length < _UNIQUE_LOCAL.length:
            return None
        return in_no_pool(topology).nearest([_UNIQUE_LOCAL], drawn.shortened(length))
    if not topology.planning.pools:
        return None
    private = [Source(prefix, None) for prefix in RFC1918]
    found = next(placed(spaces(in_no_pool(topology), private, length), length, "room-to-grow"), None)
    return found.block if found is not None else None


def _smaller(topology: Topology, request: Request, whole: Sequence[Prefix], largest: Prefix | None) -> Iterator[WayOut]:
    """The largest size of which there are enough."""
    if largest is None:
        return
    for length in range(max(request.searched + 1, largest.length), BITS[request.family] + 1):
        fitting = sum(free(topology).gaps(prefix).fitting(length) for prefix in whole)
        if fitting >= request.count:
            many = f"{request.count} × " if request.count > 1 else "a "
            there = f"{largest} is free" if request.count == 1 else f"{short(fitting)} are free"
            growth = length if request.growth is not None and length <= request.length else None
            asked = replace(request, length=max(request.length, length), growth=growth, hosts=None)
            yield WayOut(f"ask for {many}/{length} or smaller: {there}", request=asked)
            return
