"""The layout of a VNet: what lies where in its address space, and what its subnets leave free.

Owns where a subnet may lie: within one prefix of the address space. Neighbouring prefixes are never taken for one;
a prefix inside another adds nothing.
Invariant: what is called free overlaps no subnet of the VNet, however wrong its subnets are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from tui.planner.free_space import FreeSpace
from tui.topology.intervals import blocks
from tui.topology.model import VNet
from tui.topology.prefix import Prefix


@dataclass(frozen=True, slots=True)
class GapOrSubnet:
    """A block of a VNet's address space: a subnet, or a maximal free block."""

    prefix: Prefix
    name: str | None
    """The subnet's name; None for a gap."""


def strip(vnet: VNet) -> tuple[tuple[Prefix, tuple[GapOrSubnet, ...]], ...]:
    """Return each prefix of the address space with what lies in it, from the lowest to the highest address.

    Together the blocks are the whole prefix. A subnet that reaches beyond the prefix is cut to it; of subnets that
    overlap the widest is shown, of equal ones the first in the table.
    """
    owned = subnet_prefixes(vnet)
    return tuple((space, tuple(_blocks(space, lying_in(space, owned)))) for space in vnet.address_space)


def _blocks(space: Prefix, laid: Iterable[tuple[Prefix, str]]) -> Iterable[GapOrSubnet]:
    cursor = space.first
    for prefix, name in laid:
        yield from (GapOrSubnet(gap, None) for gap in blocks(space.version, cursor, prefix.first - 1))
        yield GapOrSubnet(prefix, name)
        cursor = prefix.last + 1
    yield from (GapOrSubnet(gap, None) for gap in blocks(space.version, cursor, space.last))


def subnet_prefixes(vnet: VNet, *, other_than: str | None = None) -> list[tuple[Prefix, str]]:
    """Return the prefixes of the subnets with their names, without those of the subnet `other_than`."""
    others = ((name, subnet) for name, subnet in vnet.subnets.items() if name != other_than)
    return [(prefix, name) for name, subnet in others for prefix in subnet.prefixes]


def lying_in(space: Prefix, owned: Iterable[tuple[Prefix, str]]) -> list[tuple[Prefix, str]]:
    """Return what of `owned` lies in `space`, lowest first, cut to it, none overlapping the one before."""
    laid: list[tuple[Prefix, str]] = []
    # The wider of two overlapping blocks sorts first: its addresses are used even where the narrower one ends.
    for prefix, name in sorted(owned, key=itemgetter(0)):
        if not prefix.overlaps(space):
            continue
        cut = prefix if space.contains(prefix) else space
        if not laid or laid[-1][0].last < cut.first:
            laid.append((cut, name))
    return laid


def spaces(vnet: VNet, family: int) -> tuple[Prefix, ...]:
    """Return the prefixes of one family in which subnets may lie, lowest first, none inside another."""
    found: list[Prefix] = []
    for prefix in sorted(vnet.address_space):
        if prefix.version == family and not (found and found[-1].contains(prefix)):
            found.append(prefix)
    return tuple(found)


def space_of(vnet: VNet, prefix: Prefix) -> Prefix | None:
    """Return the prefix of the address space that holds `prefix`, the widest if several do; None if none does."""
    return next((space for space in spaces(vnet, prefix.version) if space.contains(prefix)), None)


def free_for(vnet: VNet, subnet: str | None = None) -> FreeSpace:
    """Return what is free for the subnet called `subnet`, whose own addresses count as free; None: for a new one."""
    return FreeSpace(prefix for prefix, _ in subnet_prefixes(vnet, other_than=subnet))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What lies next to a block in its prefix of the address space."""

    space: Prefix
    before: str | None
    """The subnet below it; None for the beginning of the prefix."""
    touches_before: bool
    after: str | None
    """The subnet above it; None for the end of the prefix."""
    touches_after: bool

    def place(self) -> str:
        """Where the block lies, in words: "between web and db", "at the end of 10.0.0.0/22"."""
        if self.before is not None and self.after is not None:
            return f"between {self.before} and {self.after}"
        if self.before is not None:
            return f"between {self.before} and the end of {self.space}"
        if self.after is not None:
            return f"between the beginning of {self.space} and {self.after}"
        return f"in {self.space}"


def neighbours(space: Prefix, block: Prefix, laid: Sequence[tuple[Prefix, str]]) -> Neighbours:
    """Return the neighbours of `block` among what is `laid` in `space` (see `lying_in`; the block may be in it)."""
    place = bisect_left(laid, block, key=itemgetter(0))
    before = laid[place - 1] if place else None
    place += place < len(laid) and laid[place][0] == block
    after = laid[place] if place < len(laid) else None
    return Neighbours(
        space,
        before[1] if before else None,
        (before[0].last + 1 if before else space.first) == block.first,
        after[1] if after else None,
        (after[0].first - 1 if after else space.last) == block.last,
    )
