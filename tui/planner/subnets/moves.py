"""A subnet at another place in its VNet, or in another size.

Owns which places there are: free blocks of the VNet, where the subnet's own addresses count as free.
Invariant: afterwards the subnet lies within one prefix of the address space and overlaps no other subnet.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.errors import EditError
from tui.planner.batch.placing import NoRoom, Wanted, place
from tui.planner.free_space import FreeSpace
from tui.planner.subnets.edits import ipv4_prefix, subnet_of
from tui.planner.subnets.layout import free_for, space_of, spaces, subnet_prefixes
from tui.planner.subnets.wanted import size_problem
from tui.topology.edits import Edit
from tui.topology.model import Subnet, Topology, VNet
from tui.topology.parts import entry_at, replace_part
from tui.topology.prefix import Prefix

MOST_PLACES = 32
"""Places that are listed for one subnet."""


def places(vnet: VNet, subnet_name: str) -> tuple[Prefix, ...]:
    """Return where the subnet could go instead: the free blocks of its size, the nearest first, at most MOST_PLACES.

    Those in the same prefix of the address space come first. Of a subnet with IPv6 alone, its IPv6 prefix moves.
    Raises EditError if there is no such subnet, or if it has not one prefix that could move.
    """
    subnet = subnet_of(vnet, subnet_name)
    family = 4 if any(prefix.version == 4 for prefix in subnet.prefixes) else 6
    present = _moving(subnet_name, subnet, family)
    free, pools, found = free_for(vnet, subnet_name), spaces(vnet, family), list[Prefix]()
    # The other prefixes of the subnet stay where they are.
    kept = [prefix for prefix in subnet.prefixes if prefix != present]
    while len(found) < MOST_PLACES:
        block = free.nearest(pools, present, [present, *kept, *found])
        if block is None:
            break
        found.append(block)
    return tuple(found)


def move_subnet(vnet_name: str, subnet_name: str, prefix: Prefix) -> Edit:
    """Move a subnet to `prefix`, a block of its size: of its family it has one prefix, and the others stay.

    The edit raises EditError where the block is of another size, is not free, or lies outside the address space.
    """

    def apply(topology: Topology) -> Topology:
        vnet = entry_at(topology, ("vnets", vnet_name))
        present = _moving(subnet_name, subnet_of(vnet, subnet_name), prefix.version)
        if present.length != prefix.length:
            hint = f"choose a /{present.length}, or resize it"
            raise EditError(f"{prefix} is not of the size of {subnet_name}, which is {present}", hint)
        return _placed(topology, vnet_name, subnet_name, present, prefix)

    return Edit(f"Move {subnet_name} of {vnet_name} to {prefix}", apply)


def resize(vnet_name: str, vnet: VNet, subnet_name: str, length: int) -> Edit:
    """Give the IPv4 prefix of a subnet the prefix length `length`; the title says where it comes to lie.

    A smaller one keeps its lower part. A larger one becomes the block that holds it, if everything else there is
    free, else the nearest free block of that size. Raises EditError for a size that Azure does not take for this
    name, and where nothing is free; so does the edit where the place has been taken since.
    """
    subnet = subnet_of(vnet, subnet_name)
    present = ipv4_prefix(subnet_name, subnet)
    problem = size_problem(subnet_name, length)
    if problem is not None:
        raise EditError(f"{subnet_name} cannot be a /{length}: {problem[0]}", problem[1])
    if length == present.length:
        raise EditError(f"{subnet_name} is a /{length} already: {present}", "choose another size")
    wanted = Prefix(4, present.first, length) if length > present.length else present.shortened(length)
    # Nothing is nearer than the place itself.
    block = free_for(vnet, subnet_name).nearest(spaces(vnet, 4), wanted)
    if block is None:
        raise _no_room(vnet, subnet_name, present, wanted)

    def apply(topology: Topology) -> Topology:
        return _placed(topology, vnet_name, subnet_name, present, block)

    where = " in place" if block == wanted else f", moved to {block}"
    return Edit(f"Resize {subnet_name} of {vnet_name} to /{length}{where}", apply)


def _no_room(vnet: VNet, subnet_name: str, present: Prefix, wanted: Prefix) -> EditError:
    free = free_for(vnet, subnet_name)
    blocks = [block for space in spaces(vnet, 4) if (block := free.gaps(space).largest()) is not None]
    largest = min(blocks, key=lambda block: (block.length, block.first), default=None)
    others = dict.fromkeys(_others_in(vnet, subnet_name, wanted))
    if others and space_of(vnet, wanted) is not None and _find_place(vnet, subnet_name, wanted):
        hint = f"move {', '.join(others)} out of {wanted}"
    elif held := [prefix for prefix in vnet.growth if prefix.version == 4]:
        hint = f"let the VNet grow first: {', '.join(map(str, held))} is held for it"
    elif largest is not None and largest.length < present.length:
        hint = f"a /{largest.length} would fit, at {largest}"
    else:
        hint = f"add a prefix of /{wanted.length} or larger to the address space"
    said = f"the largest block that is free for it is {largest}" if largest is not None else "nothing is free for it"
    return EditError(f"{subnet_name} cannot become a /{wanted.length}: {said}", hint)


def _find_place(vnet: VNet, subnet_name: str, wanted: Prefix) -> bool:
    """True if what lies in `wanted` finds a place elsewhere in the VNet."""
    owned = [prefix for prefix, _ in subnet_prefixes(vnet, other_than=subnet_name)]
    away = [prefix for prefix in owned if prefix.overlaps(wanted)]
    free = FreeSpace((wanted, *(prefix for prefix in owned if not prefix.overlaps(wanted))))
    asked = [Wanted(at, prefix.length, spaces(vnet, prefix.version)) for at, prefix in enumerate(away)]
    return not isinstance(place(free, asked), NoRoom)


def _moving(name: str, subnet: Subnet, family: int) -> Prefix:
    """The one prefix of a family that the subnet has. Raises EditError."""
    if family == 4:
        return ipv4_prefix(name, subnet)
    found = [prefix for prefix in subnet.prefixes if prefix.version == family]
    if len(found) != 1:
        number = "several IPv6 prefixes" if found else "no IPv6 prefix"
        raise EditError(f"{name} has {number}", "edit its prefixes instead")
    return found[0]


def _placed(topology: Topology, vnet_name: str, subnet_name: str, present: Prefix, prefix: Prefix) -> Topology:
    """The topology with the subnet's `present` prefix at `prefix`. Raises EditError if that is no place for it."""
    vnet = entry_at(topology, ("vnets", vnet_name))
    subnet = subnet_of(vnet, subnet_name)
    if present not in subnet.prefixes:
        raise EditError(f"{subnet_name} is no longer at {present}", "choose the place again")
    problem = _why_not(vnet, subnet_name, prefix)
    if problem is not None:
        raise EditError(f"{subnet_name} cannot be at {prefix}: {problem}", "choose one of the free places")
    moved: Sequence[Prefix] = [prefix if one == present else one for one in subnet.prefixes]
    return replace_part(topology, ("vnets", vnet_name, "subnets", subnet_name), prefixes=tuple(moved))


def _why_not(vnet: VNet, subnet_name: str, prefix: Prefix) -> str | None:
    """Why the subnet cannot be at `prefix`; None where it can."""
    if space_of(vnet, prefix) is None:
        return "it does not lie within one prefix of the address space"
    other = next(iter(_others_in(vnet, subnet_name, prefix)), None)
    return f"{other} lies there" if other is not None else None


def _others_in(vnet: VNet, subnet_name: str, prefix: Prefix) -> list[str]:
    owned = subnet_prefixes(vnet, other_than=subnet_name)
    return [name for theirs, name in owned if theirs.overlaps(prefix)]
