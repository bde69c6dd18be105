"""Why subnets do not fit into a VNet, and what would make them fit.

Owns the words of the refusal: the largest free block, what stands in the way, and the ways out.
Invariant: a way out is named only if all the subnets fit once it is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tui.planner.refusal import Refusal, WayOut
from tui.planner.subnets.layout import free_for, lying_in, neighbours, spaces, subnet_prefixes
from tui.planner.subnets.room import free_blocks_of, largest_first, without_place
from tui.planner.subnets.wanted import SubnetWanted, size_problem
from tui.topology.intervals import PrefixIndex, collapsed
from tui.topology.model import VNet
from tui.topology.naming import is_gateway_subnet
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import GATEWAY_SUBNET_LENGTH, IPV6_SUBNET, LARGEST_SUBNET, SMALLEST_SUBNET

_NAMED = 3
"""Names that a sentence lists before it says how many more there are."""


def refusal(vnet_name: str, vnet: VNet, asked: Sequence[SubnetWanted], homeless: SubnetWanted) -> Refusal:
    """Return why `homeless` has no place in the VNet beside the others of `asked`, which are of its family."""
    family = homeless.family
    room = spaces(vnet, family)
    free = free_blocks_of(room, free_for(vnet))
    # Of several largest ones the lowest.
    largest = min(free, key=lambda block: (block.length, block.first), default=None)
    return Refusal(
        f"{vnet_name} has no room for {homeless.name} (/{homeless.length}){_beside(free, asked, homeless)}: "
        + "; ".join(_reasons(vnet, room, free, largest, asked, homeless)),
        largest,
        tuple(_ways(vnet_name, vnet, free, asked, homeless)),
    )


def _beside(free: Sequence[Prefix], asked: Sequence[SubnetWanted], homeless: SubnetWanted) -> str:
    if without_place(free, [homeless]) is not None:
        return ""
    return f" beside {_listed([one.name for one in asked[: asked.index(homeless)]])}"


def _reasons(
    vnet: VNet,
    room: Sequence[Prefix],
    free: Sequence[Prefix],
    largest: Prefix | None,
    asked: Sequence[SubnetWanted],
    homeless: SubnetWanted,
) -> Iterator[str]:
    family = homeless.family
    if not room:
        yield f"its address space has no IPv{family} prefix"
        return
    owned = subnet_prefixes(vnet)
    if largest is None:
        yield "everything in its address space is used"
    else:
        space = next(space for space in room if space.contains(largest))
        yield f"the largest free block is {largest}, {neighbours(space, largest, lying_in(space, owned)).place()}"
    need, left = (sum(1 << BITS[family] - length for length in lengths) for lengths in _lengths(asked, free))
    if need > left > 0 and family == 4:
        yield f"{_number(asked)} {need} addresses, and {left} are free"
    if min(space.length for space in room) > homeless.length:
        yield f"no prefix of the address space is as large as a /{homeless.length}"
    elif (found := _in_the_way(room, owned, homeless.length)) is not None:
        block, names = found
        yield f"{_listed(names)} {'stands' if len(names) == 1 else 'stand'} in the way in {block}"
    merged = free_blocks_of(collapsed(room), free_for(vnet))
    if without_place(merged, asked) is None:
        yield "a subnet lies within one prefix of the address space, and prefixes that touch stay two"


def _lengths(asked: Sequence[SubnetWanted], free: Sequence[Prefix]) -> tuple[list[int], list[int]]:
    return [one.length for one in asked], [block.length for block in free]


def _number(asked: Sequence[SubnetWanted]) -> str:
    return f"the {len(asked)} subnets need" if len(asked) > 1 else "it needs"


def _in_the_way(
    room: Sequence[Prefix], owned: Sequence[tuple[Prefix, str]], length: int
) -> tuple[Prefix, list[str]] | None:
    """The block of `length` of which the least is used, with the subnets that lie in it; None where nothing does."""
    index = PrefixIndex(owned)
    # A subnet that is larger than the block makes room by itself, wherever in it the block is.
    near = {
        prefix.shortened(length) if prefix.length >= length else Prefix(prefix.version, prefix.first, length)
        for prefix, _ in owned
    }
    found: list[tuple[int, Prefix, list[str]]] = []
    for block in near:
        if any(space.contains(block) for space in room):
            there = list(index.overlapping(block))
            used = sum({one: one.size for one, _ in there}.values())
            found.append((used, block, list(dict.fromkeys(name for _, name in there))))
    return min(found)[1:] if found else None


def _ways(
    vnet_name: str, vnet: VNet, free: Sequence[Prefix], asked: Sequence[SubnetWanted], homeless: SubnetWanted
) -> Iterator[WayOut]:
    family = homeless.family
    for length in range(homeless.length + 1, SMALLEST_SUBNET + 1):
        if family == 6 or size_problem(homeless.name, length) is not None:
            break
        smaller = [replace(one, length=length) if one is homeless else one for one in asked]
        if without_place(free, largest_first(smaller)) is None:
            small = is_gateway_subnet(homeless.name) and length > GATEWAY_SUBNET_LENGTH
            but = f", though Microsoft asks for /{GATEWAY_SUBNET_LENGTH} or larger" if small else ""
            yield WayOut(f"make {homeless.name} a /{length}, which fits{but}")
            break
    held = spaces(vnet.model_copy(update={"address_space": vnet.growth}), family)
    fresh = [prefix for prefix in held if not any(prefix.overlaps(space) for space in spaces(vnet, family))]
    for prefix in fresh:
        if without_place([*free, *free_blocks_of([prefix], free_for(vnet))], asked) is None:
            yield WayOut(f"take {prefix} into the address space, which is held for the growth of {vnet_name}")
            break
    smallest = SMALLEST_SUBNET if family == 4 else IPV6_SUBNET
    for length in range(smallest, LARGEST_SUBNET - 1, -1):
        if without_place([*free, Prefix(family, 0, length)], asked) is None:
            yield WayOut(f"add an IPv{family} prefix of /{length} or larger to the address space of {vnet_name}")
            break


def _listed(names: Sequence[str]) -> str:
    """The names as a sentence lists them: "web, db and 3 more"."""
    if len(names) > _NAMED:
        return f"{', '.join(names[: _NAMED - 1])} and {len(names) - _NAMED + 1} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
