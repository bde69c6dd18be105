"""Prefixes of a subnet while they are typed: within the VNet, beside its other subnets, of a size that Azure takes.

Owns what is said about them, and which block of the VNet comes next.
Invariant: a block that is offered lies within one prefix of the VNet and overlaps none of its other subnets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.app.forms.addresses import found_for, set_severity
from tui.app.forms.form import Notice
from tui.app.forms.prefix_text import (
    Judged,
    Word,
    gravest_first,
    inside_each_other,
    replaced,
    unreadable,
    words_of,
)
from tui.checks.rule import Severity, listed
from tui.planner.batch import placing
from tui.planner.free_space import FreeSpace
from tui.planner.subnets.layout import free_for, spaces, subnet_prefixes
from tui.planner.subnets.wanted import size_problem
from tui.topology.model import Topology, VNet
from tui.topology.naming import fixed_subnet_length, is_gateway_subnet
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import GATEWAY_SUBNET_LENGTH, IPV6_SUBNET, LARGEST_SUBNET, SMALLEST_SUBNET

SUBNET_LENGTH = 26
"""Prefix length of a subnet that nobody gave another size."""


@dataclass(frozen=True, slots=True)
class Room:
    """The VNet in which a subnet is placed, and which subnet that is."""

    vnet_name: str
    vnet: VNet
    name: str
    """As it will be called, which decides its size."""
    old_name: str | None = None
    """As it is called now; None for a new one."""

    @property
    def is_gateway(self) -> bool:
        """True for the GatewaySubnet, which belongs at the end of the space."""
        return is_gateway_subnet(self.name)

    @property
    def pools(self) -> tuple[Prefix, ...]:
        """The VNet's prefixes, in the order in which they are searched."""
        if not self.is_gateway:
            return self.vnet.address_space
        return tuple(space for family in BITS for space in reversed(spaces(self.vnet, family)))

    @property
    def siblings(self) -> list[tuple[Prefix, str]]:
        """The prefixes of the other subnets, with their names."""
        return subnet_prefixes(self.vnet, other_than=self.old_name)

    def free(self) -> FreeSpace:
        """What the other subnets leave free."""
        return free_for(self.vnet, self.old_name)

    @property
    def usual_length(self) -> int:
        """The prefix length that is taken where none is typed."""
        return GATEWAY_SUBNET_LENGTH if self.is_gateway else SUBNET_LENGTH


def judge_subnet(topology: Topology, text: str, room: Room) -> Judged:
    """Judge the typed text of a subnet's prefixes."""
    words, free = words_of(text), room.free()
    notices = unreadable(words)
    prefixes: list[Prefix] = []
    for place, word in enumerate(words):
        prefix = word.prefix
        if word.length is not None:
            prefix = _first(room, free, word.length, [*prefixes, *_others(words, place)])
            notices.append(found_for(words, place, prefix))
        if prefix is not None:
            prefixes.append(prefix)
            offer = _offer(room, free, words, place, prefix)
            notices += (Notice(severity, said, offer) for severity, said in _about(topology, prefix, room))
            notices += _size(topology, words, place, prefix, room)
    if not words:
        return Judged(())
    notices += inside_each_other(words, prefixes) if set_severity(topology, "SUB002", "error") is not None else []
    return Judged(tuple(prefixes) if len(prefixes) == len(words) else None, gravest_first(notices))


def next_subnet_space(text: str, room: Room) -> str | None:
    """Return the text with its last word replaced by the next free block of the VNet, None where nothing is free."""
    words, free = words_of(text), room.free()
    taken = _others(words, len(words) - 1)
    last = words[-1] if words else Word("")
    if last.meant is not None:
        block = free.following(room.pools, last.meant, taken, downward=room.is_gateway)
    else:
        block = _first(room, free, last.length or room.usual_length, taken)
    if block is None:
        return None
    return replaced(words, len(words) - 1, block) if words else str(block)


def subnet_space_like(room: Room, sizes: Sequence[Prefix]) -> tuple[Prefix, ...] | None:
    """Return free blocks as large as `sizes`, in their order, that can all be taken; None if not all can be had."""
    wanted = [placing.Wanted(at, one.length, spaces(room.vnet, one.version)) for at, one in enumerate(sizes)]
    placed = placing.place(room.free(), wanted)
    return None if isinstance(placed, placing.NoRoom) else tuple(placed[at] for at in range(len(sizes)))


def _others(words: Sequence[Word], place: int) -> tuple[Prefix, ...]:
    return tuple(word.prefix for index, word in enumerate(words) if index != place and word.prefix is not None)


def _first(room: Room, free: FreeSpace, length: int, taken: Sequence[Prefix]) -> Prefix | None:
    return free.first(room.pools, length, taken, downward=room.is_gateway) if length <= BITS[6] else None


def _offer(room: Room, free: FreeSpace, words: Sequence[Word], place: int, prefix: Prefix) -> str | None:
    block = free.nearest(room.pools, prefix, _others(words, place))
    return replaced(words, place, block) if block is not None and block != prefix else None


def _about(topology: Topology, prefix: Prefix, room: Room) -> Iterator[tuple[Severity, str]]:
    space = room.vnet.address_space
    severity = set_severity(topology, "SUB001", "error")
    if space and severity is not None and not any(one.contains(prefix) for one in space):
        how = "is not within a single prefix of" if any(one.overlaps(prefix) for one in space) else "lies outside"
        yield severity, f"{prefix} {how} the address space of {room.vnet_name} ({listed(space)})"
    severity = set_severity(topology, "SUB002", "error")
    clashes = {name: theirs for theirs, name in room.siblings if theirs.overlaps(prefix)}
    if clashes and severity is not None:
        named = [f"{name} ({theirs})" for name, theirs in clashes.items()]
        yield severity, f"{prefix} overlaps subnet{'s' if len(named) > 1 else ''} {listed(named, 3)}"


def _size(topology: Topology, words: Sequence[Word], place: int, prefix: Prefix, room: Room) -> Iterator[Notice]:
    """Whether Azure takes a subnet of that name in that size; the offer is the size that it would take."""
    said = _size_said(room, prefix)
    if said is None:
        return
    code, usual, text, length = said
    severity = set_severity(topology, code, usual)
    if severity is not None:
        wanted = prefix.shortened(length) if length <= prefix.length else Prefix(prefix.version, prefix.first, length)
        block = room.free().nearest(room.pools, wanted, _others(words, place))
        yield Notice(severity, f"{prefix}: {text}", replaced(words, place, block) if block is not None else None)


def _size_said(room: Room, prefix: Prefix) -> tuple[str, Severity, str, int] | None:
    """The rule that finds something in the size, how grave that is, what is wrong, and the length to take instead."""
    if room.is_gateway:
        if prefix.version == 6 or prefix.length <= GATEWAY_SUBNET_LENGTH:
            return None
        grave: Severity = "error" if prefix.length > SMALLEST_SUBNET else "warning"
        text = f"Microsoft asks for a GatewaySubnet of /{GATEWAY_SUBNET_LENGTH} or larger"
        return "SUB005", grave, text, GATEWAY_SUBNET_LENGTH
    # A service that insists on a name does so for IPv4; beside that it may have an IPv6 prefix.
    name = room.name if prefix.version == 4 else ""
    problem = size_problem(name, prefix.length, prefix.version)
    if problem is None:
        return None
    if prefix.version == 6:
        return "SUB003", "error", problem[0], IPV6_SUBNET
    fixed = fixed_subnet_length(name)
    if prefix.length < LARGEST_SUBNET:
        return "SUB003", "error", problem[0], LARGEST_SUBNET
    return "SUB003" if fixed is None else "SUB007", "error", problem[0], fixed or SMALLEST_SUBNET
