"""VNets that are wanted: how large each has to be, and what is wrong with what is asked for.

Owns the arithmetic from hosts and subnets to the size of a VNet, and when a VNet that is there already is what is
asked for.
Invariant: subnets fit into the size that follows from them: aligned powers of two waste nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.errors import VnetTuiError
from tui.planner.subnets.wanted import SubnetWanted
from tui.topology.model import VNet
from tui.topology.prefix import BITS
from tui.topology.subnet_sizes import LARGEST_SUBNET, SMALLEST, length_for_hosts


@dataclass(frozen=True, slots=True)
class VNetWanted:
    """A VNet that is to get a place. Prefix lengths are of `family`, 4 or 6, as are those of the subnets."""

    name: str
    length: int | None = None
    """None: as long as `hosts` need in one subnet, else as `subnets` need, else as its pool says."""
    hosts: int | None = None
    subnets: tuple[SubnetWanted, ...] = ()
    subnet_notes: tuple[tuple[str, str], ...] = ()
    """(name of a subnet, its note)."""
    region: str | None = None
    pool: str | None = None
    subscription: str | None = None
    family: int = 4
    growth: int | None = None
    """The prefix length of the block that it shall be able to grow into; the rest of it is held."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class WrongRequest:
    """Something that cannot be meant."""

    path: tuple[str, ...]
    """The VNet, and the key of its request where it is about one."""
    message: str
    found: str = ""
    allowed: str = ""
    nearest: str | None = None


class WrongRequestsError(VnetTuiError):
    """Requests that cannot be meant for this topology; `problems` holds every reason."""

    def __init__(self, problems: Sequence[WrongRequest]) -> None:
        first = problems[0]
        super().__init__(f"{first.path[0]}: {first.message}", f"{len(problems)} in all" if len(problems) > 1 else "")
        self.problems = tuple(problems)


def subnets_length(wanted: VNetWanted) -> int | None:
    """Return the longest prefix length that has room for all its subnets, None where it has none."""
    bits = BITS[wanted.family]
    addresses = sum(1 << bits - one.length for one in wanted.subnets)
    return bits - (addresses - 1).bit_length() if wanted.subnets else None


def length_of(wanted: VNetWanted, default: int | None = None) -> int:
    """Return the prefix length of the VNet; `default` where neither a size, hosts nor subnets are given.

    Raises VnetTuiError where there is none, or what is asked for contradicts itself.
    """
    needed = subnets_length(wanted)
    length = wanted.length
    if length is None and wanted.hosts is not None:
        length = length_for_hosts(wanted.hosts, wanted.family)
    if length is None:
        length = needed if needed is not None else default
    if length is None:
        example = "/22" if wanted.family == 4 else "/56"
        raise VnetTuiError(f"{wanted.name} has no size", f'give it a size such as "{example}", hosts, or subnets')
    smallest = SMALLEST[wanted.family]
    if needed is not None and needed < LARGEST_SUBNET:
        raise VnetTuiError(f"the subnets of {wanted.name} need more than a /{LARGEST_SUBNET}", "make them smaller")
    if not LARGEST_SUBNET <= length <= smallest:
        raise VnetTuiError(
            f"{wanted.name} cannot be a /{length}", f"an IPv{wanted.family} VNet is /{LARGEST_SUBNET} to /{smallest}"
        )
    if needed is not None and needed < length:
        raise VnetTuiError(
            f"the subnets of {wanted.name} need a /{needed}, and it is to be a /{length}",
            f'write size = "/{needed}", or leave the size out',
        )
    if wanted.growth is not None and not LARGEST_SUBNET <= wanted.growth <= length:
        allowed = f"/{LARGEST_SUBNET} to /{length}"
        raise VnetTuiError(f"{wanted.name}, a /{length}, cannot grow to a /{wanted.growth}", f"growth is {allowed}")
    return length


def existing_problems(vnet: VNet, wanted: VNetWanted, length: int) -> Iterator[WrongRequest]:
    """Yield what the VNet, which is there already, lacks of what is wanted: it is never changed here."""
    spaces = [one for one in vnet.address_space if one.version == wanted.family]
    if not spaces:
        message = (
            f"{wanted.name} is there already without an IPv{wanted.family} prefix: add a free /{length} to its address "
            f"space (vnet-tui suggest --size /{length} --family {wanted.family}), or ask for a VNet of another name"
        )
        yield WrongRequest((wanted.name,), message, "", f"/{length}")
        return
    if not any(one.length <= length for one in spaces):
        has = ", ".join(map(str, spaces))
        message = f"{wanted.name} is there already and has {has}, which is no /{length}: let it grow, or ask for less"
        yield WrongRequest((wanted.name,), message, has, f"/{length}")
    held = sum({one: one.size for one in (*spaces, *vnet.growth) if one.version == wanted.family}.values())
    if wanted.growth is not None and held < 1 << BITS[wanted.family] - wanted.growth:
        message = (
            f"{wanted.name} is there already, and what it has and what is held for it is less than a /{wanted.growth}: "
            "let it grow, or ask for less"
        )
        yield WrongRequest((wanted.name, "growth"), message, f"/{wanted.growth}")
    folded = {name.casefold(): subnet for name, subnet in vnet.subnets.items()}
    for one in wanted.subnets:
        subnet = folded.get(one.name.casefold())
        path = (wanted.name, "subnets", one.name)
        if subnet is None:
            yield WrongRequest(path, f"{wanted.name} is there already without a subnet {one.name}: add it to the VNet")
        elif not any(prefix.version == one.family and prefix.length <= one.length for prefix in subnet.prefixes):
            has = ", ".join(map(str, subnet.prefixes)) or "no prefix"
            message = (
                f"{one.name} of {wanted.name} is there already with {has}, which is no /{one.length}: "
                "resize it, or ask for less"
            )
            yield WrongRequest(path, message, has, f"/{one.length}")
