"""Subnets planned into the gaps of a VNet, several at once.

Owns the placement. The free blocks and the subnets are powers of two, aligned: whatever has no place when the larger
ones are placed first, has none in any order.
Invariant: all subnets get a place or none does; each lies within one prefix of the address space and overlaps
nothing there; a place depends on what else is asked for, never on the order in which it is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from tui.errors import EditError
from tui.planner.refusal import Refusal
from tui.planner.subnets.layout import Neighbours, free_for, lying_in, neighbours, spaces, subnet_prefixes
from tui.planner.subnets.refusal import refusal
from tui.planner.subnets.room import free_blocks_of, largest_first, without_place
from tui.planner.subnets.wanted import SubnetWanted
from tui.topology.edits import Edit, add, combined, gateway_subnet_places
from tui.topology.intervals import PrefixIndex
from tui.topology.model import Subnet, Topology, VNet
from tui.topology.naming import is_gateway_subnet
from tui.topology.parts import entry_at
from tui.topology.prefix import Prefix


@dataclass(frozen=True, slots=True)
class PlannedSubnet:
    """A subnet with the place that it gets."""

    name: str
    prefix: Prefix
    reason: str
    """Why it lies there: "fills the gap between web and db"."""


def plan_subnets(vnet_name: str, vnet: VNet, wanted: Sequence[SubnetWanted]) -> tuple[PlannedSubnet, ...] | Refusal:
    """Return a place for each of `wanted`, in the order asked; a Refusal, and nothing, if one of them has none.

    Whenever any placement within the gaps of the VNet exists, one is found. GatewaySubnet gets the highest free place
    that leaves room for the others; the others, larger ones first, the smallest free block that fits, of equal ones
    the lowest. A name that the VNet has, or that is asked for twice, is refused.
    """
    taken = _taken_name(vnet_name, vnet, wanted)
    if taken is not None:
        return taken
    placed: dict[str, Prefix] = {}
    for family in (4, 6):
        asked = largest_first(one for one in wanted if one.family == family)
        free = _free(vnet, family)
        homeless = without_place(free, asked)
        if homeless is not None:
            return refusal(vnet_name, vnet, asked, homeless)
        placed |= _placed(vnet, free, asked)
    reasons = _reasons(vnet, placed)
    return tuple(PlannedSubnet(one.name, placed[one.name], reasons[one.name]) for one in wanted)


def planned(vnet_name: str, subnets: Sequence[PlannedSubnet]) -> Edit:
    """Return the edit that adds the planned subnets to the VNet: one undo step.

    It raises EditError where a name or a place has been taken since they were planned.
    """
    steps = [add(("vnets", vnet_name, "subnets", one.name), Subnet(prefixes=(one.prefix,))) for one in subnets]
    what = f"{len(subnets)} subnets" if len(subnets) != 1 else f"subnet {subnets[0].name}"
    title = f"Plan {what} of {vnet_name}"

    def apply(topology: Topology) -> Topology:
        index = PrefixIndex(subnet_prefixes(entry_at(topology, ("vnets", vnet_name))))
        for one in subnets:
            for prefix, name in index.overlapping(one.prefix):
                raise EditError(
                    f"{one.prefix} is no longer free for {one.name}: {name} has {prefix}", "plan the subnets again"
                )
        return combined(title, steps).apply(topology)

    return Edit(title, apply)


def _taken_name(vnet_name: str, vnet: VNet, wanted: Sequence[SubnetWanted]) -> Refusal | None:
    # Azure's names do not tell upper and lower case apart.
    known = {name.casefold(): name for name in vnet.subnets}
    taken = sorted({known[one.name.casefold()] for one in wanted if one.name.casefold() in known})
    if taken:
        word = "subnets" if len(taken) > 1 else "a subnet"
        return Refusal(f"{vnet_name} has {word} of this name already: {', '.join(taken)}; choose another name")
    times = Counter(one.name.casefold() for one in wanted)
    twice = sorted(one.name for one in wanted if times[one.name.casefold()] > 1)
    if twice:
        return Refusal(f"{twice[0]} is asked for more than once: give each subnet a name of its own")
    return None


def _placed(vnet: VNet, free: Sequence[Prefix], asked: Sequence[SubnetWanted]) -> dict[str, Prefix]:
    """A place for each of `asked`, which are the largest first and all have one."""
    gateway = next((one for one in asked if is_gateway_subnet(one.name)), None)
    placed: dict[str, Prefix] = {}
    if gateway is not None:
        others = [one for one in asked if one is not gateway]
        placed[gateway.name], free = _out_of_the_way(vnet, free, gateway.length, others)
        asked = others
    by_length: dict[int, list[Prefix]] = {}
    for block in free:
        by_length.setdefault(block.length, []).append(block)
    for blocks in by_length.values():
        heapify(blocks)
    for one in asked:
        length = max(length for length, blocks in by_length.items() if blocks and length <= one.length)
        block = heappop(by_length[length])
        place = Prefix(block.version, block.first, one.length)
        for rest in _rest(block, place):
            heappush(by_length.setdefault(rest.length, []), rest)
        placed[one.name] = place
    return placed


def _out_of_the_way(
    vnet: VNet, free: Sequence[Prefix], length: int, others: Sequence[SubnetWanted]
) -> tuple[Prefix, Sequence[Prefix]]:
    """The highest place of `length` that leaves room for the others, and what is free beside it."""
    for place in gateway_subnet_places(vnet, length):
        left = [part for block in free for part in (_rest(block, place) if block.contains(place) else (block,))]
        if without_place(left, others) is None:
            return place, left
    raise AssertionError("whoever asks has made sure that there is room for all")


def _rest(block: Prefix, place: Prefix) -> Iterator[Prefix]:
    """The largest blocks of `block` that lie beside `place`, which lies in it."""
    while place.length > block.length:
        yield place.sibling()
        place = place.parent()


def _reasons(vnet: VNet, placed: Mapping[str, Prefix]) -> dict[str, str]:
    owned = [*subnet_prefixes(vnet), *((prefix, name) for name, prefix in placed.items())]
    reasons: dict[str, str] = {}
    for space in (*spaces(vnet, 4), *spaces(vnet, 6)):
        laid = lying_in(space, owned)
        for name, prefix in placed.items():
            if space.contains(prefix):
                near = neighbours(space, prefix, laid)
                beside_another = near.before in placed or near.after in placed
                reasons[name] = (
                    _why_there(vnet, near, prefix) if is_gateway_subnet(name) else _reason(near, prefix, beside_another)
                )
    return reasons


def _why_there(vnet: VNet, near: Neighbours, prefix: Prefix) -> str:
    """The reason for the place of the GatewaySubnet."""
    if near.after is None and near.touches_after and prefix != near.space:
        return f"at the end of {near.space}, out of the way"
    fitting = [block for block in _free(vnet, prefix.version) if block.length <= prefix.length]
    highest = max(block.last for block in fitting) == prefix.last
    return f"{near.place()}, {'the highest free place' if highest else 'where it leaves room for the others'}"


def _reason(near: Neighbours, prefix: Prefix, beside_another: bool) -> str:
    """The reason for any other place; `beside_another`: next to one that is planned with it."""
    if prefix == near.space:
        return f"fills {near.space}"
    if near.touches_before and near.touches_after and not beside_another:
        return f"fills the gap {near.place()}"
    if near.touches_before:
        return f"follows {near.before}" if near.before is not None else f"at the beginning of {near.space}"
    if near.touches_after:
        return f"right before {near.after}" if near.after is not None else f"at the end of {near.space}"
    return f"{near.place()}, the smallest free block that holds it"


def _free(vnet: VNet, family: int) -> list[Prefix]:
    return free_blocks_of(spaces(vnet, family), free_for(vnet))
