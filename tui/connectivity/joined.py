"""Joined: between which networks overlap matters.

Owns the answer to "are these two joined", and by which of the four rules of the design. All four make
groups whose members are joined each with each, so that two networks are joined when they share a group.
Invariant: no group is contained in another, and a network is in a group only if it is linked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tui.connectivity.domains import bgp_domains, shared_areas, transit_areas
from tui.connectivity.links import neighbours
from tui.topology.derived import LINKS, derived_from, forwarding
from tui.topology.model import Topology


@dataclass(frozen=True, slots=True)
class JoinedGroups:
    """Groups of networks that are joined each with each."""

    groups: tuple[frozenset[str], ...]
    of: dict[str, tuple[int, ...]]
    """The numbers of the groups that each network is in, by its name."""

    def joined(self, a: str, b: str) -> bool:
        """True if overlap between the networks `a` and `b` matters."""
        mine, others = self.of.get(a, ()), self.of.get(b, ())
        if len(mine) > len(others):
            mine, others = others, mine
        return any(number in others for number in mine) if len(others) < 16 else not set(others).isdisjoint(mine)


@dataclass(frozen=True, slots=True)
class Meeting:
    """How two joined networks meet."""

    rule: Literal["linked", "neighbour", "bgp", "transit"]
    path: tuple[str, ...]
    """From the one to the other, both included."""


def in_words(met: Meeting) -> str:
    """Return by which rule two networks are joined, as a clause."""
    if met.rule == "linked":
        return "they are linked directly"
    if met.rule == "neighbour":
        return f"both are linked to {met.path[1]}"
    way = " – ".join(met.path)
    return f"one BGP domain joins them: {way}" if met.rule == "bgp" else f"transit joins them: {way}"


@derived_from(*LINKS, forwarding)
def joined_groups(topology: Topology) -> JoinedGroups:
    """Return the largest groups of networks that are joined each with each."""
    near = neighbours(topology)
    # Rules 1 and 2: a network and all that is directly linked to it.
    candidates: list[frozenset[str]] = [frozenset((name, *others)) for name, others in near.items()]
    candidates += (frozenset(area.members) for area in (*bgp_domains(topology), *transit_areas(topology)))
    largest = _without_contained(candidates)
    of: dict[str, list[int]] = {}
    for number, group in enumerate(largest):
        for name in group:
            of.setdefault(name, []).append(number)
    return JoinedGroups(tuple(largest), {name: tuple(numbers) for name, numbers in of.items()})


def _without_contained(candidates: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """The groups that no other group contains."""
    # In the order of the file, not of a set, so that every run numbers them alike.
    unique = sorted(dict.fromkeys(candidates), key=len, reverse=True)
    kept: list[frozenset[str]] = []
    groups_at: dict[str, list[frozenset[str]]] = {}
    for group in unique:
        rarest = min(group, key=lambda name: len(groups_at.get(name, ())))
        if any(group <= larger for larger in groups_at.get(rarest, ())):
            continue
        kept.append(group)
        for name in group:
            groups_at.setdefault(name, []).append(group)
    return kept


def meeting(topology: Topology, a: str, b: str) -> Meeting | None:
    """Return how the networks `a` and `b` meet, by the first rule that joins them, or None."""
    near = neighbours(topology)
    near_a, near_b = near.get(a, ()), near.get(b, ())
    if b in near_a if len(near_a) < len(near_b) else a in near_b:
        return Meeting("linked", (a, b))
    fewer, more = sorted((near_a, near_b), key=len)
    others = set(more) if len(fewer) > 1 else more
    middle = next((name for name in fewer if name in others), None)
    if middle is not None:
        return Meeting("neighbour", (a, middle, b))
    for area in shared_areas(topology, a, b):
        return Meeting(area.kind, area.path(a, b))
    return None
