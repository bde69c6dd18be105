"""Renumbering a whole estate: the cheapest set of networks to move so that no two joined networks overlap.

Owns what a network costs to move, which networks move, and what is said of the rest.

Cost: 1, and 1 for each subnet, and 2 for each connection or peering; a hundred times that where `state` is "deployed"
or "retiring". A site costs more than the dearest VNet. What is pinned (`renumber = false`) never moves, nor does a
site unless sites are allowed to.
A network that moves takes along only those prefixes of its address space that overlap what stays of a joined network.
Bounds: up to `MOST_OVERLAPS` overlaps of prefixes (`conflicts`) the set is what `cover` finds;
beyond, the dearest networks are kept first, and overlaps are counted for each group of joined networks. Where not
everything has room, what has none stays and the rest is sought anew, at most ROUNDS times, with at most MOST_TRIES
attempts to place for those whose pools overlap; as many networks as fit are placed, the smallest first.
Invariant: every subset of the steps is an edit that makes no new overlap, and after all of them the networks that
still overlap are those that are named as unsolved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from tui.connectivity.links import links_of, networks
from tui.planner.batch.placing import NoRoom
from tui.planner.renumber.carried import Blocks
from tui.planner.renumber.conflicts import Conflicts, Standing
from tui.planner.renumber.consequences import listed
from tui.planner.renumber.cover import cheapest_cover
from tui.planner.renumber.moving import Move, Room, blocked, move_to, moved_all
from tui.topology.edits import Edit
from tui.topology.intervals import outermost
from tui.topology.model import Topology, VNet
from tui.topology.prefix import Prefix

ROUNDS = 5
MOST_TRIES = 200

MOST_NAMED = 100
"""Networks that are named as the reason for one step, or as what stays unsolved with one network."""

_IN_AZURE = 100
"""How much dearer it is to move what is deployed: its resources must be redeployed."""

Costs = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One network that moves."""

    move: Move
    because: tuple[str, ...]
    """The networks with which it collides and which stay, by name; of very many the first."""
    cost: int


@dataclass(frozen=True, slots=True)
class Unsolved:
    """A network that keeps colliding."""

    network: str
    against: tuple[str, ...]
    """With which networks, by name; of very many the first. Each pair is named once."""
    why: str
    way: str
    """What would help."""


@dataclass(frozen=True, slots=True)
class Renumbering:
    """A way out of the overlaps of an estate."""

    steps: tuple[Step, ...]
    """By the name of the network. Each can be made without the others."""
    unsolved: tuple[Unsolved, ...]
    conflicts: int
    """Pairs of joined networks that overlap; where these are too many, overlaps of their prefixes."""
    cost: int
    """Of all steps together."""
    exact: bool
    """True if no other set of networks is cheaper."""


def renumbering(topology: Topology, *, sites: bool = False) -> Renumbering:
    """Return the cheapest way out of all overlaps between joined networks; with `sites`, sites may move too."""
    conflicts = Conflicts(topology)
    if not conflicts.number:
        return Renumbering((), (), 0, 0, True)
    room = Room(topology)
    costs = moving_costs(topology, sites=sites)
    known = dict(costs)
    no_room: dict[str, Prefix] = {}
    best: tuple[int, _Plan] | None = None
    for _ in range(ROUNDS):
        plan = _plan(conflicts, known, room)
        no_room.update(plan.left)
        rest = sum(len(against) for _, against in _remaining(topology, conflicts, plan, known, no_room))
        if best is None or rest < best[0]:
            best = (rest, plan)
        if not plan.left:
            break
        known.update(dict.fromkeys(plan.left))
    assert best is not None
    plan = best[1]
    steps = tuple(
        Step(move_to(topology, name, blocks), plan.because(name), costs[name] or 0)
        for name, blocks in sorted(plan.placed.items())
    )
    unsolved = tuple(
        _unsolved(topology, name, against, room.why_none(name, no_room[name]) if name in no_room else None)
        for name, against in _remaining(topology, conflicts, plan, known, no_room)
    )
    exact = plan.exact and not no_room
    return Renumbering(steps, unsolved, conflicts.number, sum(step.cost for step in steps), exact)


def edit_of(steps: Sequence[Step]) -> Edit:
    """Return one edit, one undo step, that makes `steps`: any of those of one renumbering.

    It raises EditError, and changes nothing, where the topology is no longer what they were made for.
    """
    what = steps[0].move.network if len(steps) == 1 else f"{len(steps)} networks"
    return moved_all(f"Renumber {what}", [step.move for step in steps])


def moving_costs(topology: Topology, *, sites: bool = False) -> dict[str, int | None]:
    """Return what each network costs to move, by the formula of this module; None for what may not move."""
    near = links_of(topology)

    def work(name: str, subnets: int) -> int:
        return 1 + subnets + 2 * len(near.get(name, ()))

    every = {
        name: work(name, len(vnet.subnets)) * (1 if vnet.state == "planned" else _IN_AZURE)
        for name, vnet in topology.vnets.items()
    }
    dearest = max(every.values(), default=0)
    costs: dict[str, int | None] = {
        name: dearest + work(name, 0) if sites else None for name in topology.sites if name not in topology.vnets
    }
    return costs | {name: every[name] if vnet.renumber else None for name, vnet in topology.vnets.items()}


@dataclass(frozen=True, slots=True)
class _Plan:
    placed: dict[str, Blocks]
    left: dict[str, Prefix]
    """What should move and has no room, each with a block that has none."""
    standing: Standing
    moving: dict[str, list[Prefix]]
    exact: bool

    def because(self, name: str) -> tuple[str, ...]:
        return _first(self.standing.against(name, self.moving[name]))


def _first(names: Iterable[str]) -> tuple[str, ...]:
    """The first MOST_NAMED different names, sorted."""
    return tuple(sorted(islice(dict.fromkeys(islice(names, 10 * MOST_NAMED)), MOST_NAMED)))


def _plan(conflicts: Conflicts, costs: Costs, room: Room) -> _Plan:
    movers, exact = _movers(conflicts, costs)
    standing = Standing(conflicts.of)
    for name, prefixes in conflicts.prefixes.items():
        if name not in movers:
            standing.add(name, prefixes)
    moving: dict[str, list[Prefix]] = {}
    for name in _dearest_first(movers, costs):
        blocks: list[Prefix] = []
        for prefix in conflicts.prefixes[name]:
            # Sorted, so what holds the prefix came before it: the prefix moves along.
            if blocks and blocks[-1].contains(prefix):
                continue
            if next(standing.against(name, (prefix,)), None) is None:
                standing.add(name, (prefix,))
            else:
                blocks.append(prefix)
        if blocks:
            moving[name] = blocks
    placed = room.place(moving)
    left: dict[str, Prefix] = {}
    if isinstance(placed, NoRoom):
        placed, left = _as_many_as_fit(room, moving, costs)
        for name in left:
            standing.add(name, moving[name])
    return _Plan(placed, left, standing, moving, exact)


def _movers(conflicts: Conflicts, costs: Costs) -> tuple[frozenset[str], bool]:
    """Which networks move, and whether no other set is cheaper."""
    if conflicts.pairs is not None:
        cover = cheapest_cover(costs, conflicts.pairs)
        return cover.nodes, cover.exact
    standing = Standing(conflicts.of)
    for name, prefixes in conflicts.prefixes.items():
        if costs[name] is None:
            standing.add(name, prefixes)
    movers: list[str] = []
    for name in _dearest_first((name for name in conflicts.prefixes if costs[name] is not None), costs):
        prefixes = conflicts.prefixes[name]
        if next(standing.against(name, prefixes), None) is None:
            standing.add(name, prefixes)
        else:
            movers.append(name)
    return frozenset(movers), False


def _dearest_first(names: Iterable[str], costs: Costs) -> list[str]:
    return sorted(names, key=lambda name: (-(costs[name] or 0), name))


def _as_many_as_fit(
    room: Room, moving: Mapping[str, list[Prefix]], costs: Costs
) -> tuple[dict[str, Blocks], dict[str, Prefix]]:
    """A place for as many networks as fit, the smallest first; and of each other one a block that has none."""
    placed: dict[str, Blocks] = {}
    left: dict[str, Prefix] = {}
    for names in _sharing_pools(room, moving):
        fitting, without = _as_many_of(room, {name: moving[name] for name in names}, costs)
        placed.update(fitting)
        left.update(without)
    return placed, left


def _sharing_pools(room: Room, moving: Mapping[str, list[Prefix]]) -> list[list[str]]:
    """The networks, those together whose pools overlap, directly or through others."""
    pools = {name: {one for old in moving[name] for one in room.pools(name, old.version)} for name in sorted(moving)}
    whole = outermost(list(set().union(*pools.values())))
    top = {one: one for one in whole}

    def root(one: Prefix) -> Prefix:
        while top[one] != one:
            one = top[one]
        return one

    outer: dict[Prefix, Prefix] = {}
    for one in set().union(*pools.values()):
        place = bisect_right(whole, one) - 1
        outer[one] = whole[place]
    first: dict[str, Prefix | None] = {}
    for name, own in pools.items():
        roots = sorted({root(outer[one]) for one in own})
        for other in roots[1:]:
            top[other] = roots[0]
        first[name] = roots[0] if roots else None
    together: dict[Prefix | None, list[str]] = {}
    for name, lowest in first.items():
        together.setdefault(None if lowest is None else root(lowest), []).append(name)
    return list(together.values())


def _as_many_of(
    room: Room, moving: Mapping[str, list[Prefix]], costs: Costs
) -> tuple[dict[str, Blocks], dict[str, Prefix]]:
    def size(name: str) -> tuple[int, int, str]:
        return sum(prefix.size for prefix in moving[name]), costs[name] or 0, name

    kind = {
        name: tuple(sorted((prefix.length, room.pools(name, prefix.version)) for prefix in moving[name]))
        for name in moving
    }
    rest = sorted(moving, key=size)
    accepted: list[str] = []
    placed: dict[str, Blocks] = {}
    left: dict[str, Prefix] = {}
    tries = MOST_TRIES
    while rest:
        fits, too_many, family = 0, len(rest) + 1, 4
        while too_many - fits > 1 and tries:
            tries -= 1
            number = len(rest) if too_many > len(rest) else (fits + too_many) // 2
            found = room.place({name: moving[name] for name in (*accepted, *rest[:number])})
            if isinstance(found, NoRoom):
                too_many, family = number, blocked(found)[1].version
            else:
                fits, placed = number, found
        accepted += rest[:fits]
        if fits == len(rest):
            break
        # What wants the same of the same pools has no room either.
        for name in rest[fits:]:
            if kind[name] == kind[rest[fits]] or not tries:
                left[name] = min(moving[name], key=lambda old: (old.version != family, old.length, old))
        rest = [name for name in rest[fits:] if name not in left]
    return placed, left


_MOVABLE = 3


def _rank(topology: Topology, name: str, costs: Costs, no_room: Mapping[str, Prefix]) -> int:
    """How near a network is to being able to move: what only lacks room comes first."""
    if name in no_room:
        return 0
    if costs[name] is not None:
        return _MOVABLE
    return 1 if isinstance(networks(topology)[name], VNet) else 2


def _remaining(
    topology: Topology, conflicts: Conflicts, plan: _Plan, costs: Costs, no_room: Mapping[str, Prefix]
) -> list[tuple[str, tuple[str, ...]]]:
    """The networks that still collide, each with the others; a pair under the one that is nearer to moving."""
    order = {name: (_rank(topology, name, costs, no_room), name) for name in conflicts.prefixes}
    standing = Standing(conflicts.of)
    for name, prefixes in conflicts.prefixes.items():
        standing.add(name, prefixes)
    found: list[tuple[str, tuple[str, ...]]] = []
    for name in plan.placed:
        gone = [one for one in conflicts.prefixes[name] if any(old.contains(one) for old in plan.moving[name])]
        standing.remove(name, gone)
    for name in sorted(order, key=order.__getitem__):
        if name in plan.placed or order[name][0] == _MOVABLE:
            continue
        standing.remove(name, conflicts.prefixes[name])
        against = _first(standing.against(name, conflicts.prefixes[name]))
        if against:
            found.append((name, against))
    return found


def _unsolved(topology: Topology, name: str, against: tuple[str, ...], no_room: str | None) -> Unsolved:
    others = listed(against) if len(against) < MOST_NAMED else f"{', '.join(against[:3])} and many more"
    if no_room is not None:
        return Unsolved(
            name,
            against,
            f"{name} cannot move away from {others}: {no_room}",
            "add a prefix that is free to planning.pools, to the pool that its space comes from",
        )
    if isinstance(networks(topology)[name], VNet):
        return Unsolved(
            name,
            against,
            f"{name} is pinned (renumber = false), and {others} cannot move either",
            f"let {name} be renumbered, or take the links away that join them",
        )
    return Unsolved(
        name,
        against,
        f"{name} is a site, and so {'is' if len(against) == 1 else 'are'} {others}",
        "let sites be renumbered too, or translate the addresses on their connections (NAT rules)",
    )
