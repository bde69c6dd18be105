"""A subnet split into several, and two joined into one.

Owns what becomes of names, notes and unknown keys: splitting copies them, joining keeps those of both.
Invariant: splitting and then joining the parts pair by pair gives the topology that there was.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from tui.errors import EditError
from tui.planner.subnets.layout import space_of
from tui.planner.subnets.wanted import is_reserved
from tui.topology.edits import Edit, add, delete, free_name
from tui.topology.model import Subnet, Topology, VNet
from tui.topology.parts import entry_at, table_at, with_fields, with_table
from tui.topology.prefix import Prefix
from tui.topology.subnet_sizes import LARGEST_SUBNET, SMALLEST_SUBNET
from tui.topology.table import Table

ONLY_WHILE_EMPTY = "Azure changes a subnet's range only while nothing is in the subnet"
"""Said wherever a range is changed (Microsoft: Add, change, or delete a virtual network subnet)."""

MOST_PARTS = 64
"""Parts into which a subnet is split at once."""


def split(vnet_name: str, subnet_name: str, length: int | None = None) -> Edit:
    """Split a subnet's IPv4 prefix into parts of prefix length `length`, into two if it is None.

    The first part keeps the name and everything else; the others are called NAME-2, NAME-3 and so on, have its note
    and its unknown keys, and stand right behind it. The edit raises EditError for a name that a service insists on,
    for parts below /29, for more than MOST_PARTS of them, and where there is not one IPv4 prefix.
    """

    def apply(topology: Topology) -> Topology:
        place = ("vnets", vnet_name, "subnets")
        subnet = subnet_of(entry_at(topology, ("vnets", vnet_name)), subnet_name)
        old = ipv4_prefix(subnet_name, subnet)
        first, *others = _parts(subnet_name, old, length)
        changed = table_at(topology, place).set(subnet_name, with_ipv4(subnet, first))
        topology = with_table(topology, place, changed)
        names: list[str] = []
        for part in others:
            names.append(free_name(table_at(topology, place), subnet_name))
            topology = add((*place, names[-1]), with_fields(subnet, prefixes=(part,))).apply(topology)
        return with_table(topology, place, _behind(table_at(topology, place), subnet_name, names))

    into = "in two" if length is None else f"into /{length}"
    return Edit(f"Split {subnet_name} of {vnet_name} {into}", apply)


def join(vnet_name: str, first: str, second: str) -> Edit:
    """Join two subnets whose IPv4 prefixes are the halves of one block, under the name of `first`.

    Equal notes are kept once, different ones one after the other; other prefixes and unknown keys are those of both.
    The edit raises EditError where the two are no halves, or are halves across two prefixes of the address space, and
    where a key that this program does not know has two values.
    """

    def apply(topology: Topology) -> Topology:
        vnet = entry_at(topology, ("vnets", vnet_name))
        joined = _joined(vnet, first, second)
        topology = delete(("vnets", vnet_name, "subnets", second)).apply(topology)
        place = ("vnets", vnet_name, "subnets")
        return with_table(topology, place, table_at(topology, place).set(first, joined))

    return Edit(f"Join {first} and {second} of {vnet_name}", apply)


def joinable(vnet: VNet, name: str) -> str | None:
    """Return the subnet with which `join` can join the subnet `name`, the first in the table; None if there is none.

    Raises EditError if the VNet has no subnet `name`.
    """
    halves = [prefix.sibling() for prefix in subnet_of(vnet, name).prefixes if prefix.length]
    for other, subnet in vnet.subnets.items():
        if any(half in subnet.prefixes for half in halves):
            with suppress(EditError):
                _joined(vnet, name, other)
                return other
    return None


def subnet_of(vnet: VNet, name: str) -> Subnet:
    """Return the subnet called `name`. Raises EditError if there is none."""
    subnet = vnet.subnets.get(name)
    if subnet is None:
        raise EditError(f"there is no subnet {name}", "choose one that the VNet has")
    return subnet


def ipv4_prefix(name: str, subnet: Subnet) -> Prefix:
    """Return the IPv4 prefix of the subnet called `name`. Raises EditError if it has none, or several."""
    found = [prefix for prefix in subnet.prefixes if prefix.version == 4]
    if not found:
        raise EditError(f"{name} has no IPv4 prefix", "give it one first; an IPv6 subnet is always a /64")
    if len(found) > 1:
        said = ", ".join(map(str, found))
        raise EditError(f"{name} has several IPv4 prefixes: {said}", "leave it one of them, or edit its prefixes")
    return found[0]


def with_ipv4(subnet: Subnet, prefix: Prefix) -> Subnet:
    """Return the subnet with `prefix` in the place of its IPv4 prefix, and everything else as it was."""
    changed: Subnet = with_fields(
        subnet, prefixes=tuple(prefix if one.version == 4 else one for one in subnet.prefixes)
    )
    return changed


def _parts(name: str, prefix: Prefix, length: int | None) -> list[Prefix]:
    if is_reserved(name):
        raise EditError(f"{name} cannot be split", "a VNet has one subnet of this name; resize it instead")
    if prefix.length >= SMALLEST_SUBNET:
        raise EditError(f"{name} cannot be split: it is {prefix}", f"the smallest subnet is /{SMALLEST_SUBNET}")
    wanted = prefix.length + 1 if length is None else length
    if wanted > SMALLEST_SUBNET:
        why = f"the smallest subnet is /{SMALLEST_SUBNET}"
        raise EditError(f"{name} cannot be split into /{wanted}: {why}", f"split it into /{SMALLEST_SUBNET} or larger")
    if wanted <= prefix.length:
        raise EditError(
            f"{name} cannot be split into /{wanted}: it is {prefix}", f"/{prefix.length + 1} are its halves"
        )
    if 1 << wanted - prefix.length > MOST_PARTS:
        longest = prefix.length + MOST_PARTS.bit_length() - 1
        raise EditError(
            f"{name} would be {1 << wanted - prefix.length} parts of /{wanted}, {MOST_PARTS} at once are the most",
            f"split it into /{longest} first",
        )
    return list(prefix.split(wanted))


def _behind(table: Table[Any], name: str, followers: list[str]) -> Table[Any]:
    """The table with the entries `followers` right behind the entry `name`."""
    order: list[str] = []
    for one in table:
        if one not in followers:
            order += [one, *followers] if one == name else [one]
    return Table((one, table[one]) for one in order)


def _joined(vnet: VNet, first: str, second: str) -> Subnet:
    """The subnet that `first` becomes when `second` is joined to it. Raises EditError."""
    mine, theirs = subnet_of(vnet, first), subnet_of(vnet, second)
    if first == second:
        raise EditError(f"{first} cannot be joined with itself", "choose another subnet")
    if is_reserved(second):
        raise EditError(f"{second} cannot go into {first}", "the service behind it insists on a subnet of this name")
    prefixes = ipv4_prefix(first, mine), ipv4_prefix(second, theirs)
    block = _block_of(vnet, *prefixes)
    notes = _notes(mine.note, theirs.note)
    rest = tuple(prefix for prefix in theirs.prefixes if prefix != prefixes[1])
    joined: Subnet = with_fields(mine, prefixes=(*with_ipv4(mine, block).prefixes, *rest), note=notes)
    return _with_unknown(joined, first, second, theirs.unknown)


def _block_of(vnet: VNet, mine: Prefix, theirs: Prefix) -> Prefix:
    """The block of which the two are the halves, within one prefix of the address space. Raises EditError."""
    both = f"{min(mine, theirs)} and {max(mine, theirs)}"
    if mine.length != theirs.length:
        raise EditError(f"{both} are not of one size", "resize one of them first")
    if mine.length <= LARGEST_SUBNET:
        raise EditError(f"{both} are the largest subnets that there can be", "leave them as they are")
    if mine.sibling() != theirs:
        raise EditError(f"{both} do not form one block", f"{mine} can be joined with {mine.sibling()} alone")
    block = mine.parent()
    homes = {space_of(vnet, mine), space_of(vnet, theirs)}
    # Where both lie outside the address space already, joining them makes nothing worse.
    if homes != {None} and space_of(vnet, block) is None:
        raise EditError(
            f"{both} lie in different prefixes of the address space, and a subnet lies within one",
            f"make {block} one prefix of the address space first",
        )
    return block


def _notes(mine: str | None, theirs: str | None) -> str | None:
    if mine is None or theirs is None:
        return theirs if mine is None else mine
    # A third subnet may bring a note that an earlier join has put behind another.
    return mine if theirs in (mine, *mine.split("; ")) else f"{mine}; {theirs}"


def _with_unknown(joined: Subnet, first: str, second: str, theirs: Table[Any]) -> Subnet:
    """The joined subnet with the unknown keys of both. Raises EditError where one has two values."""
    mine = joined.unknown
    # Python calls 1, 1.0 and true equal, the file does not.
    different = [key for key in theirs if key in mine and repr(mine[key]) != repr(theirs[key])]
    if different:
        raise EditError(f"{first} and {second} differ in {', '.join(different)}", "make it the same in both first")
    if all(key in mine for key in theirs):
        return joined
    with_both = Subnet.model_validate({**theirs, **mine})
    taken: Subnet = with_fields(with_both, prefixes=joined.prefixes, note=joined.note)
    return taken.model_copy(update={"identity": joined.identity})
