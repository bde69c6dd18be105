"""Weighing: what would become of some networks if a topology were changed.

Owns the comparison before and after, and the excerpt of a topology in which a change of some networks can be tried
without asking about the ten thousand others.
Invariant: what is said of a named network in its excerpt is what the whole topology would say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui.connectivity.budgets import Budget, budgets_of
from tui.connectivity.domains import areas_of
from tui.connectivity.links import links, neighbours, network_order
from tui.topology.model import Topology
from tui.topology.table import Table


@dataclass(frozen=True, slots=True)
class Weighed:
    """The budget of one VNet's gateway, as it is and as it would be."""

    name: str
    before: Budget | None
    """None where it has no gateway."""
    after: Budget | None


def weigh(before: Topology, after: Topology, names: Iterable[str]) -> tuple[Weighed, ...]:
    """Return what would become of the budget of each of `names` that is a VNet, in their order, each once."""
    named = [name for name in dict.fromkeys(names) if name in before.vnets or name in after.vnets]
    was, would_be = budgets_of(before, named), budgets_of(after, named)
    return tuple(Weighed(name, was.get(name), would_be.get(name)) for name in named)


def excerpt(topology: Topology, names: Iterable[str]) -> Topology:
    """Return the part of a topology that matters to `names`: they, their neighbours, and what routing joins with them.

    With every link among these, in the order of the file. Whom one of `names` is joined with, and whom a new link
    between two of them would join, is in it; of the others not all links are.
    """
    order, near, areas = network_order(topology), neighbours(topology), areas_of(topology)
    kept: set[str] = set()
    for name in names:
        kept |= {name, *near.get(name, ())}
        for area in areas.get(name, ()):
            kept.update(area.members)
    kept &= order.keys()
    within = [link for link in links(topology) if link.ends[0] in kept and link.ends[1] in kept]
    ordered = sorted(kept, key=order.__getitem__)
    connections, peerings = topology.connections, topology.peerings
    update = {
        "vnets": Table((name, topology.vnets[name]) for name in ordered if name in topology.vnets),
        "sites": Table((name, topology.sites[name]) for name in ordered if name in topology.sites),
        "connections": Table((link.name, connections[link.name]) for link in within if link.kind != "peering"),
        "peerings": Table((link.name, peerings[link.name]) for link in within if link.kind == "peering"),
    }
    return topology.model_copy(update=update)
