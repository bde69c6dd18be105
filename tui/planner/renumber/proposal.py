"""Renumbering a whole estate: the cheapest set of networks to move so that no two joined networks overlap.

Owns what a network costs to move, and the proposal. Which blocks move is `choosing`'s, what is said of the rest
`unsolved`'s.

Cost: 1, and 1 for each subnet, and 2 for each connection or peering; a hundred times that where `state` is "deployed"
or "retiring". A site costs more than the dearest VNet. What is pinned (`renumber = false`) never moves, nor does a
site unless sites are allowed to.
A network that moves takes along only those prefixes of its address space that overlap what stays of a joined network.
Bounds: up to `MOST_OVERLAPS` overlaps of prefixes (`conflicts`) the set is what `cover` finds; beyond, the dearest
networks are kept first, and overlaps are counted for each group of joined networks. Where not everything has room, see
`choosing`.
Invariant: every subset of the steps is an edit that makes no new overlap, and after all of them the networks that
still overlap are those that are named as unsolved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.connectivity.links import links_of
from tui.planner.renumber.choosing import chosen
from tui.planner.renumber.conflicts import Conflicts
from tui.planner.renumber.moving import Move, Room, move_to, moved_all
from tui.planner.renumber.unsolved import Unsolved, unsolved_of
from tui.topology.edits import Edit
from tui.topology.model import Topology

_IN_AZURE = 100
"""How much dearer it is to move what is deployed: its resources must be redeployed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One network that moves."""

    move: Move
    because: tuple[str, ...]
    """The networks with which it collides and which stay, by name; of very many the first."""
    cost: int


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
    choice = chosen(conflicts, costs, room)
    outcome = choice.outcome
    steps = tuple(
        Step(move_to(topology, name, blocks), outcome.against(name, (old for old, _ in blocks)), costs[name] or 0)
        for name, blocks in outcome.placed.items()
    )
    unsolved = tuple(unsolved_of(topology, outcome, costs, room))
    return Renumbering(steps, unsolved, conflicts.number, sum(step.cost for step in steps), choice.exact)


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
