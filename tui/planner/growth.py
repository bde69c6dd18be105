"""Growth: how a VNet gets more address space, and why it is that space.

Owns the words, and what becomes of the VNet; what there is to be had is `growth_search`'s. A VNet always grows in one
of the ways that are looked for there, never in a mixture, so that one sentence says what happened. Its prefixes stay or
become part of larger ones (Azure lets an address space be changed to one that contains it), so subnets never move.
Invariant: after a growth the VNet has all the addresses that it had, and no prefix of it lies within another new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tui.errors import EditError
from tui.planner.gaps import largest_of
from tui.planner.growth_search import Found, How, Search, addresses, enough, listed, touches, without
from tui.planner.holdings import Holder
from tui.planner.refusal import Refusal, WayOut
from tui.topology.catalog import nearest
from tui.topology.edits import Edit, change, combined
from tui.topology.intervals import Stretches
from tui.topology.model import Topology, VNet
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import LARGEST_SUBNET, SMALLEST


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
    search = Search(topology, name, vnet, chosen, 1 << (BITS[chosen] - length))
    if search.missing <= 0:
        return Refusal(f"{name} has {search.present} addresses, and a /{length} has no more: it need not grow")
    if enough(chosen, search.missing) < LARGEST_SUBNET:
        return Refusal(f"{name} cannot grow by {search.missing} addresses: a /{LARGEST_SUBNET} is the largest")
    found = search.found()
    return _growth(search, found) if found is not None else _no(search)


def _growth(search: Search, found: Found) -> Growth:
    before, how, gained = search.vnet.address_space, found.how, found.gained
    after = _joined(before, gained)
    growth = tuple(_still_held(search, gained, after))
    said = [found.why]
    for larger in after:
        inside = [prefix for prefix in dict.fromkeys(before) if larger not in before and larger.contains(prefix)]
        if inside:
            said.append(f"{listed(inside)} {'become' if len(inside) > 1 else 'becomes'} {larger}")
    if how == "held" and growth:
        said.append(f"{listed(growth)} {'stay' if len(growth) > 1 else 'stays'} held")
    elif covered := [piece for piece in search.held if how != "held" and touches(piece, gained)]:
        said.append(f"{listed(covered)} of that {'were' if len(covered) > 1 else 'was'} held for it")
    elif how != "held" and search.held:
        said.append(f"what is held for it ({listed(search.held)}) is not enough")
    said += _held_in_use(search)
    said += _why_not_in_place(search) if found.not_in_place else ()
    fields = {"address_space": after, **({"growth": growth or None} if growth != search.vnet.growth else {})}
    edit = Edit(f"Grow VNet {search.name}", change(("vnets", search.name), **fields).apply)
    return Growth(search.name, before, after, growth, how, "; ".join(said), edit)


def _still_held(search: Search, gained: Sequence[Prefix], after: Sequence[Prefix]) -> Iterator[Prefix]:
    for prefix in search.vnet.growth:
        if touches(prefix, gained):
            yield from without(prefix, after)
        else:
            yield prefix


def _held_in_use(search: Search) -> Iterator[str]:
    """Who else uses what is held for the VNet."""
    if others := search.held_in_use():
        yield f"not all that is held for it can be taken: {_held_by(others)}"


def _no(search: Search) -> Refusal:
    length = enough(search.family, search.missing)
    largest = largest_of(map(search.free.gaps, search.pools))
    said = [f"{search.name} cannot grow by {search.missing} addresses: no /{length} is free in {listed(search.pools)}"]
    if not search.pools:
        said = [f"{search.name} cannot grow: it belongs to no pool that has IPv{search.family} prefixes"]
    elif largest is None:
        said.append("everything there is used or held")
    else:
        said.append(f"the largest free block is {largest}")
    said += _why_not_in_place(search)
    said += _held_in_use(search)
    return Refusal("; ".join(said), largest, tuple(_ways(search, largest)))


def _why_not_in_place(search: Search) -> Iterator[str]:
    """What keeps the first of the larger blocks from being had."""
    for first in search.around[:1]:
        why = _held_by(search.in_the_way(first)) or "not all of it lies in a pool where it may grow"
        yield f"{first.prefix} cannot become {first.block}: {why}"


def _ways(search: Search, largest: Prefix | None) -> Iterator[WayOut]:
    """Growth of others that could be released, then what the person has to weigh."""
    for one in search.around:
        others = search.in_the_way(one)
        inside = all(map(search.in_pools, one.rest))
        if inside and others and all(holder.what == "growth" for _, holder in others):
            edits = []
            for name in sorted({holder.name for _, holder in others}):
                kept = [prefix for prefix in search.topology.vnets[name].growth if not touches(prefix, one.rest)]
                edits.append(change(("vnets", name), growth=tuple(kept) or None))
            title = f"Release what is held in {one.block}"
            text = f"release {listed(dict.fromkeys(prefix for prefix, _ in others))}, which is only held"
            yield WayOut(f"{text}: then {one.prefix} becomes {one.block}", combined(title, edits))
    if search.held:
        yield WayOut(f"take the {addresses(search.held)} addresses that are held for it, and no more")
    if largest is not None and largest.length <= SMALLEST[search.family]:
        yield WayOut(f"grow by less: {largest} is free")
    yield WayOut("add a pool that has more space" if search.pools else f"add a pool with IPv{search.family} prefixes")


def _vnet(topology: Topology, name: str) -> VNet:
    if name in topology.vnets:
        return topology.vnets[name]
    if name in topology.sites:
        raise EditError(f"{name} is a site", "only a VNet can be given more address space")
    close = nearest(name, topology.vnets)
    raise EditError(f"there is no VNet {name}", f"did you mean {close}?" if close else "")


def _family(vnet: VNet) -> int:
    return next((prefix.version for prefix in (*vnet.address_space, *vnet.growth)), 4)


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


def _held_by(others: Iterable[tuple[Prefix, Holder]]) -> str:
    """Who has which blocks, in words."""
    return listed(dict.fromkeys(who.clause(block) for block, who in others))
