"""Unsolved: which networks keep colliding, why none of a pair can move, and what would help.

Owns those words. A pair is told with that of its two networks that is nearer to moving: what only lacks room comes
before what is pinned, and that before sites.
Invariant: each pair that still collides is told once; space that is offered is free, and lies where nothing else moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.connectivity.links import networks
from tui.planner.renumber.consequences import listed
from tui.planner.renumber.fitting import Costs
from tui.planner.renumber.moving import Room
from tui.planner.renumber.outcome import MOST_NAMED, Outcome
from tui.topology.model import Topology, VNet
from tui.topology.prefix import Prefix


@dataclass(frozen=True, slots=True)
class Unsolved:
    """A network that keeps colliding."""

    network: str
    against: tuple[str, ...]
    """With which networks, by name; of very many the first. Each pair is named once."""
    why: str
    way: str
    """What would help."""


def unsolved_of(topology: Topology, outcome: Outcome, costs: Costs, room: Room) -> Iterator[Unsolved]:
    """Yield what still collides. `costs`: of each network, None for what may not move."""
    known = networks(topology)

    def nearness(name: str) -> tuple[int, int, int, str]:
        cost = costs[name]
        if cost is None:
            return 1 if isinstance(known[name], VNet) else 2, 0, 0, name
        return 0, max((one.size for one in outcome.stays[name]), default=0), cost, name

    beside = room.beside(outcome.new)
    for name, found in outcome.unsolved(sorted(outcome.stays, key=nearness)):
        if costs[name] is not None:
            # Each pair says which of the blocks has no room: the others of the network may have some.
            of_block: dict[Prefix, list[str]] = {}
            for other, blocks in found.items():
                of_block.setdefault(_without_room(beside, name, blocks), []).append(other)
            for old, others in sorted(of_block.items()):
                yield _no_room(name, old, others, room, beside)
        elif isinstance(known[name], VNet):
            why = f"{name} is pinned (renumber = false), and {_named(found)} cannot move either"
            way = f"let {name} be renumbered, or take the links away that join them"
            yield Unsolved(name, tuple(found), why, way)
        else:
            why = f"{name} is a site, and so {'is' if len(found) == 1 else 'are'} {_named(found)}"
            way = "let sites be renumbered too, or translate the addresses on their connections (NAT rules)"
            yield Unsolved(name, tuple(found), why, way)


def _without_room(room: Room, name: str, blocks: Sequence[Prefix]) -> Prefix:
    """The first of the blocks that has no room, the largest one where each has some, though not all together."""
    largest_first = sorted(blocks, key=lambda old: (old.length, old))
    for old in largest_first:
        largest = room.largest(name, old.version)
        if largest is None or largest.length > old.length:
            return old
    return largest_first[0]


def _no_room(name: str, old: Prefix, others: Sequence[str], room: Room, beside: Room) -> Unsolved:
    why = f"{old} of {name} cannot move away from {_named(others)}: {room.why_none(name, old)}"
    return Unsolved(name, tuple(others), why, f"{beside.addition(name, old)}: then it can move")


def _named(names: Sequence[str] | dict[str, list[Prefix]]) -> str:
    listed_names = list(names)
    return listed(listed_names) if len(listed_names) < MOST_NAMED else f"{', '.join(listed_names[:3])} and many more"
