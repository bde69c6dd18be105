"""Refusing: why a block cannot be had, what stands in the way, and the smallest change that makes room.

Owns the search for ways out: held growth to release, a pool to add, a VNet whose move would free a block, a smaller
block. Each is found by looking at the blocks that one holder covers, never by trying all.
Invariant: after the edit of a way out the same request is granted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.planner.free import Holder, free, holdings
from tui.planner.placement import outermost, placed, spaces
from tui.planner.pools import RFC1918, Source, sources
from tui.planner.refusal import Refusal, WayOut
from tui.planner.request import Request
from tui.planner.surroundings import in_words
from tui.topology.edits import change
from tui.topology.model import Topology, VNet
from tui.topology.prefix import BITS, Prefix

_MOST_NAMED = 3
_MOST_IN_THE_WAY = 1000
"""Holders that are looked at for what stands in the way of one block."""


def refusal(topology: Topology, request: Request, where: Sequence[Source], found: int = 0) -> Refusal:
    """Return why only `found` of the blocks asked for can be had from `where`, and what would help."""
    length = request.searched
    looked_in = _looked_in(request)
    if not where:
        return Refusal(
            f"{looked_in} hold{'' if looked_in == 'the pools' else 's'} no IPv{request.family} prefix",
            ways=tuple(_pool(topology, request, where)),
        )
    whole = outermost(where)
    largest = min(
        (block for prefix in whole if (block := free(topology).gaps(prefix).largest()) is not None),
        key=lambda block: block.length,
        default=None,
    )
    if found:
        message = f"only {found} of {request.count} × /{length} are free in {looked_in}"
        return Refusal(message, largest, tuple(_pool(topology, request, where)))
    widest = min(whole, key=lambda prefix: prefix.length)
    if widest.length > length:
        message = f"no prefix of {looked_in} is as large as a /{length}: the largest is {widest}"
    elif largest is None:
        message = f"everything in {looked_in} is used or held{_in_the_way(topology, whole)}"
    else:
        message = f"no /{length} is free in {looked_in}: the largest free block is {largest}"
        message += _in_the_way(topology, whole)
    ways = [*_growth(topology, where, length), *_pool(topology, request, where), *_move(topology, where, length)]
    if largest is not None and largest.length > length:
        ways.append(WayOut(f"ask for a /{largest.length} or smaller: {largest} is free"))
    return Refusal(message, largest, tuple(ways))


def _looked_in(request: Request) -> str:
    if request.pool is not None:
        return request.pool if "/" in request.pool else f"pool {request.pool}"
    return f"what {request.region} may use" if request.region is not None else "the pools"


def _in_the_way(topology: Topology, whole: Sequence[Prefix]) -> str:
    """In words, who has the most of the space."""
    held = [
        (prefix.length, in_words(prefix, holder) + (f" ({prefix})" if holder.what == "address_space" else ""))
        for pool in whole
        for prefix, holder in holdings(topology).index.overlapping(pool)
    ]
    held.sort()
    names = list(dict.fromkeys(said for _, said in held))
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"; in the way: {', '.join(names[:_MOST_NAMED])}{more}"


def _growth(topology: Topology, where: Sequence[Source], length: int) -> Iterator[WayOut]:
    """The held growth that makes room when it is released: the smallest."""
    found: list[tuple[int, str, Prefix]] = []
    for name, vnet in topology.vnets.items():
        for held in vnet.growth:
            if any(_freed(topology, where, length, held, {Holder("growth", name)})):
                found.append((held.size, name, held))
    if found:
        _, name, held = min(found)
        kept = tuple(one for one in topology.vnets[name].growth if one != held)
        edit = change(("vnets", name), growth=kept)
        yield WayOut(f"release {held}, which is held for {name}", type(edit)(f"Release growth of {name}", edit.apply))


def _move(topology: Topology, where: Sequence[Source], length: int) -> Iterator[WayOut]:
    """The VNet whose move makes room: the smallest, one that is only planned before one that is deployed."""
    found: list[tuple[bool, int, str, Prefix]] = []
    for name, vnet in topology.vnets.items():
        if not vnet.renumber:
            continue
        own = {Holder("address_space", name), Holder("growth", name)}
        for prefix in vnet.address_space:
            block = next(_freed(topology, where, length, prefix, own), None)
            if block is not None:
                found.append((vnet.state != "planned", _size(vnet), name, block))
    if found:
        deployed, _, name, block = min(found)
        yield WayOut(f"move {name}{', which is deployed,' if deployed else ''} elsewhere: that frees {block}")


def _size(vnet: VNet) -> int:
    return sum(prefix.size for prefix in vnet.address_space)


def _freed(
    topology: Topology, where: Sequence[Source], length: int, held: Prefix, own: set[Holder]
) -> Iterator[Prefix]:
    """The block of `length` around `held`, or the first within it, if only `own` stand in its way."""
    if length > BITS[held.version]:
        return
    block = held.shortened(length) if held.length >= length else Prefix(held.version, held.first, length)
    if not any(source.prefix.contains(block) for source in where):
        return
    for seen, (_, holder) in enumerate(holdings(topology).index.overlapping(block)):
        if holder not in own or seen > _MOST_IN_THE_WAY:
            return
    yield block


def _pool(topology: Topology, request: Request, where: Sequence[Source]) -> Iterator[WayOut]:
    """Space outside of where was looked: in the other pools, else private space that no pool names yet."""
    length = request.searched
    if request.pool is not None or request.region is not None:
        others = sources(topology, family=request.family)
        block = next(placed(spaces(free(topology), others, length), length, "tightest"), None)
        if block is not None:
            yield WayOut(f"{block.block} is free in {block.space.source}: ask there")
            return
    private = [Source(prefix, None) for prefix in RFC1918 if prefix.version == request.family]
    block = next(placed(spaces(free(topology), private, length), length, "room-to-grow"), None)
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
        type(edit)(f"Add {block.block} to pool {pool}", edit.apply),
    )
