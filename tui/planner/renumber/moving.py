"""Moving: where a network could go as a whole, and what changes with it.

Owns where there is room for it. Space that anything has now stays taken, the old space of what moves included: during
a migration both are in use. What is mapped along is `carried`'s, what follows `consequences`'.
Invariant: a move overlaps nothing that is used or held, nor another move that was placed with it; it is placed whole
or refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from tui.connectivity.links import networks
from tui.errors import EditError
from tui.planner.batch.placing import NoRoom, Wanted, place
from tui.planner.free_space import FreeSpace
from tui.planner.gaps import largest_of
from tui.planner.holdings import in_no_pool, refuse_taken, used
from tui.planner.pools import RFC1918, pools_of, sources
from tui.planner.refusal import Refusal, WayOut
from tui.planner.renumber.carried import Blocks, mapped, released, shifted
from tui.planner.renumber.consequences import advertised, consequences, listed
from tui.topology.catalog import same_region
from tui.topology.edits import Edit, add, change, free_name
from tui.topology.intervals import nested_pairs, outermost
from tui.topology.model import Network, Pool, Site, Topology, VNet
from tui.topology.parts import with_table
from tui.topology.prefix import BITS, Prefix

Block: TypeAlias = tuple[str, Prefix]
"""A block of the address space of a network, with the network's name."""


@dataclass(frozen=True, slots=True)
class Move:
    """A network with other addresses."""

    network: str
    blocks: Blocks
    """What moves of the address space, and where to."""
    subnets: tuple[tuple[str, Prefix, Prefix], ...]
    """Each prefix of a subnet that moves along: its name, before, after."""
    growth: Blocks
    """Held growth that lies within what moves, and moves along."""
    released: tuple[Prefix, ...]
    """Held growth that is let go: it would adjoin nothing of the network any more."""
    consequences: tuple[str, ...]
    """What else changes, in Azure's words."""
    reason: str
    """Why there."""


class Room:
    """Where the networks of a topology can move to."""

    def __init__(self, topology: Topology, also: Sequence[Prefix] = ()) -> None:
        """`also`: blocks that are to be left alone besides all that is used or held."""
        self._topology, self._also = topology, tuple(also)
        self._taken = (*used(topology), *also)
        self._spaces: dict[tuple[Prefix, ...], FreeSpace] = {}
        self._pools: dict[tuple[str, int], tuple[Prefix, ...]] = {}
        self._alike: dict[tuple[str | None, str | None, int], tuple[Prefix, ...]] = {}
        self._wanted: dict[Block, Wanted[Block]] = {}
        self._largest: dict[tuple[Prefix, ...], Prefix | None] = {}
        self._anywhere: dict[int, Prefix | None] = {}

    def pools(self, name: str, family: int) -> tuple[Prefix, ...]:
        """Return where space for the network `name` comes from: its pool, else those of its region, else all."""
        if (name, family) not in self._pools:
            network = networks(self._topology)[name]
            pool = network.pool if isinstance(network, VNet) else None
            key = (pool, network.region, family)
            # One and the same tuple for those who look in the same pools.
            if key not in self._alike:
                self._alike[key] = pools_of(self._topology, pool, region=network.region, family=family)
            self._pools[name, family] = self._alike[key]
        return self._pools[name, family]

    def beside(self, also: Sequence[Prefix]) -> Room:
        """Return where they can move to that leaves more blocks alone."""
        room = Room(self._topology, (*self._also, *also))
        room._pools, room._alike, room._wanted = self._pools, self._alike, self._wanted
        return room

    def place(self, moving: Sequence[Block]) -> dict[Block, Prefix] | NoRoom[Block]:
        """Return a place for each block that is `moving`; or what has none, and then nothing has.

        Where there is room enough, no block equals or contains what a site advertises: the site's route to it would
        compete with the network itself (Microsoft: VPN Gateway FAQ, BGP).
        """
        wanted = [self._want(name, old) for name, old in moving]
        shortest = {old.version: BITS[old.version] for _, old in moving}
        for _, old in moving:
            shortest[old.version] = min(shortest[old.version], old.length)
        spared, every = self._space(shortest), self._space({})
        found = place(spared, wanted)
        if isinstance(found, NoRoom) and spared is not every:
            found = place(every, wanted)
        return found

    def _want(self, name: str, old: Prefix) -> Wanted[Block]:
        known = self._wanted.get((name, old))
        if known is None:
            known = self._wanted[name, old] = Wanted((name, old), old.length, self.pools(name, old.version))
        return known

    def why_none(self, name: str, old: Prefix) -> str:
        """Return the words for there being no place for the block `old` of the network `name`."""
        pools = self.pools(name, old.version)
        if not pools:
            return f"no pool holds IPv{old.version} space for {name}"
        largest = self.largest(name, old.version)
        rest = f": the largest free block is {largest}" if largest else ": nothing is free there"
        if largest and largest.length <= old.length:
            rest = " beside what else moves"
        return f"no IPv{old.version} /{old.length} is left for {name} in {listed(map(str, pools))}{rest}"

    def largest(self, name: str, family: int) -> Prefix | None:
        """Return the largest free block that the network `name` could have; of several the lowest."""
        pools = self.pools(name, family)
        if pools not in self._largest:
            self._largest[pools] = largest_of(map(self._space({}).gaps, pools))
        return self._largest[pools]

    def anywhere(self, length: int) -> Prefix | None:
        """Return the lowest free block of `length` in the private IPv4 ranges, where it can be in no pool."""
        if length not in self._anywhere:
            outside = in_no_pool(self._topology).first(RFC1918, length, self._also)
            self._anywhere[length] = outside or self._space({}).first(RFC1918, length)
        return self._anywhere[length]

    def addition(self, name: str, old: Prefix) -> str:
        """Return the words for giving the pool of the network `name` what it lacks for the block `old`."""
        network = networks(self._topology)[name]
        pool = _pool_of(self._topology, network, old.version)
        where = f"pool {pool}" if pool is not None else "planning.pools"
        block = self.anywhere(old.length) if old.version == 4 else None
        if block is None:
            return f"add a free IPv{old.version} prefix of /{old.length} or larger to {where}"
        return f"add {block}, which is free, to {where}"

    def _space(self, shortest: Mapping[int, int]) -> FreeSpace:
        """What is free; with `shortest` (by family), without what is advertised and that a block so long may hold."""
        kept = tuple(one for one, _ in advertised(self._topology) if one.length >= shortest.get(one.version, 129))
        if kept not in self._spaces:
            self._spaces[kept] = FreeSpace((*self._taken, *kept))
        return self._spaces[kept]


def move_to(topology: Topology, name: str, blocks: Blocks, reason: str = "") -> Move:
    """Return the move of the network `name` that takes `blocks` of its address space elsewhere."""
    network = networks(topology)[name]
    subnets = network.subnets.items() if isinstance(network, VNet) else ()
    growth = network.growth if isinstance(network, VNet) else ()
    let_go = released(network, blocks) if isinstance(network, VNet) else ()
    moving = [
        (subnet_name, prefix, shifted(prefix, blocks))
        for subnet_name, subnet in subnets
        for prefix in subnet.prefixes
        if shifted(prefix, blocks) != prefix
    ]
    along = [(one, shifted(one, blocks)) for one in growth if one not in let_go and shifted(one, blocks) != one]
    reason = reason or "; ".join(dict.fromkeys(_source(topology, network, new) for _, new in blocks))
    move = Move(name, blocks, tuple(moving), tuple(along), let_go, (), reason)
    return replace(move, consequences=tuple(consequences(topology, move)))


def moves(topology: Topology, name: str, *, count: int = 3) -> tuple[Move, ...] | Refusal:
    """Return up to `count` places that the network `name` could move to with all its address space, best first.

    The places do not overlap each other. A Refusal where there is none, or where the network may not move. Raises
    EditError if there is no such network.
    """
    network = networks(topology).get(name)
    if network is None:
        raise EditError(f"there is no network {name}")
    if not network.address_space:
        return Refusal(f"{name} has no address space that could move")
    if isinstance(network, VNet) and not network.renumber:
        unpin = change(("vnets", name), renumber=None)
        ways = (WayOut(f"let {name} be renumbered", unpin),) if _makes_room(topology, name, unpin) else ()
        return Refusal(f"{name} is pinned: renumber = false", ways=ways)
    moving = outermost(network.address_space)
    found: list[Move] = []
    taken: list[Prefix] = []
    while len(found) < max(count, 1):
        room = Room(topology, taken)
        placed = room.place([(name, old) for old in moving])
        if isinstance(placed, NoRoom):
            if not found:
                return _refused(topology, name, moving, placed, room)
            break
        found.append(move_to(topology, name, tuple((old, placed[name, old]) for old in moving)))
        taken += placed.values()
    return tuple(found)


def _refused(topology: Topology, name: str, moving: Sequence[Prefix], none: NoRoom[Block], room: Room) -> Refusal:
    _, old = none.wanted.key
    ways = []
    size = sum(one.size for one in moving if one.version == 4)
    # One block of the next power of two holds them all, for they can be laid into it from the largest down.
    length = BITS[4] - (size - 1).bit_length() if size else 0
    block = room.anywhere(length) if old.version == 4 and length >= 0 else None
    if block is not None:
        widen = _widen_pool(topology, name, block)
        if _makes_room(topology, name, widen):
            where = f"pool {pool}" if (pool := _pool_of(topology, networks(topology)[name], 4)) else "a pool of its own"
            ways.append(WayOut(f"add {block}, which is free, to {where}", widen))
    if not ways:
        ways.append(WayOut(room.addition(name, old)))
    return Refusal(room.why_none(name, old), room.largest(name, old.version), tuple(ways))


def _pool_of(topology: Topology, network: Network, family: int) -> str | None:
    """The pool that the network's space comes from: its own, else the first one that it may use, if there is any."""
    named = network.pool if isinstance(network, VNet) else None
    if named is not None and named in topology.planning.pools:
        return named
    return next((one.pool for one in sources(topology, region=network.region, family=family)), None)


def _widen_pool(topology: Topology, name: str, block: Prefix) -> Edit:
    network, pools = networks(topology)[name], topology.planning.pools
    named = _pool_of(topology, network, block.version)
    if named is not None:
        widened = (*pools[named].prefixes, block)
        return Edit(f"Add {block} to pool {named}", change(("planning", "pools", named), prefixes=widened).apply)
    place = ("planning", "pools", free_name(pools, f"{name}-room"))
    return Edit(f"Add pool {place[-1]}", add(place, Pool(prefixes=(block,), region=network.region)).apply)


def _makes_room(topology: Topology, name: str, edit: Edit) -> bool:
    after = edit.apply(topology)
    moving = [(name, old) for old in outermost(networks(after)[name].address_space)]
    return not isinstance(Room(after).place(moving), NoRoom)


def moved(move: Move) -> Edit:
    """Return the edit that makes `move`. It raises EditError where the topology is no longer what it was made for."""
    return moved_all(f"Move {move.network} to {listed(str(new) for _, new in move.blocks)}", (move,))


def moved_all(title: str, chosen: Sequence[Move]) -> Edit:
    """Return one edit that makes all of `chosen`, in one undo step.

    Raises EditError, and changes nothing, where a network is gone or no longer has what is to move, or where the new
    space is free no more.
    """

    def apply(topology: Topology) -> Topology:
        _refuse_stale(topology, chosen)
        vnets, sites = topology.vnets, topology.sites
        for move in chosen:
            network = networks(topology)[move.network]
            changed = mapped(network, move.blocks)
            if isinstance(network, Site):
                sites = sites.set(move.network, changed)
            else:
                vnets = vnets.set(move.network, changed)
        for kind, before, after in (("vnets", topology.vnets, vnets), ("sites", topology.sites, sites)):
            if before is not after:
                topology = with_table(topology, (kind,), after)
        return topology

    return Edit(title, apply)


def _refuse_stale(topology: Topology, chosen: Sequence[Move]) -> None:
    again = "ask again where it could go"
    if len({move.network for move in chosen}) != len(chosen):
        raise EditError("a network cannot move twice in one edit")
    for move in chosen:
        network = networks(topology).get(move.network)
        if network is None:
            raise EditError(f"there is no network {move.network}")
        for old, _ in move.blocks:
            if old not in network.address_space:
                raise EditError(f"{move.network} no longer has {old}", again)
        refuse_taken(topology, ((move.network, new) for _, new in move.blocks), again)
    news = ((new, move.network) for move in chosen for _, new in move.blocks)
    for (_, a), (_, b) in nested_pairs(news):
        raise EditError(f"{a} and {b} cannot both move there", again)


def _source(topology: Topology, network: Network, block: Prefix) -> str:
    """Where a block comes from, as the reason for it: the network's own pool, else one of its region, else any."""

    def distance(entry: tuple[str, Pool]) -> int:
        name, pool = entry
        own = name == (network.pool if isinstance(network, VNet) else None)
        return 0 if own else 1 if same_region(pool.region, network.region) else 2

    for name, pool in sorted(topology.planning.pools.items(), key=distance):
        for prefix in pool.prefixes:
            if prefix.contains(block):
                region = f", {pool.region}" if pool.region else ""
                return f"{block} is free in {prefix} (pool {name}{region})"
    return f"{block} is free in {next((str(one) for one in RFC1918 if one.contains(block)), 'its pools')}"
