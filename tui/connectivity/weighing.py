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

    @property
    def tunnels_over(self) -> int:
        """How many tunnels more than allowed (by Azure or by oneself) the change would bring; 0 if it is not to blame.

        A gateway that is over already is counted only if more tunnels are added, or fewer are allowed.
        """
        return max(0, round(_over(_tunnels(self.after), _tunnels(self.before))))

    @property
    def bandwidth_over(self) -> float:
        """How many Mbps more than the SKU has the change would bring; 0 if it is not to blame."""
        return max(0.0, _over(_mbps(self.after), _mbps(self.before)))


_Excess = float | None
"""How much is used beyond the limit, negative where some is left; None where nothing is known."""


def _tunnels(budget: Budget | None) -> _Excess:
    return None if budget is None or budget.left is None else -budget.left


def _mbps(budget: Budget | None) -> _Excess:
    return None if budget is None or budget.bandwidth.value is None else budget.bandwidth_used - budget.bandwidth.value


def _over(after: _Excess, before: _Excess) -> float:
    if after is None or (before is not None and before >= after):
        return 0
    return after


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


def tunnel_meter(budget: Budget | None) -> str:
    """Return the tunnel meter in words: "18/30 12 left", "31/30 1 over"."""
    if budget is None:
        return "no gateway"
    limit, left = budget.limit.whole, budget.left
    if limit is None or left is None:
        return f"{budget.used}/? limit unknown"
    return f"{budget.used}/{limit} {left} left" if left >= 0 else f"{budget.used}/{limit} {-left} over"


def bandwidth_meter(budget: Budget | None) -> str:
    """Return the bandwidth meter in words: "200/650 Mbps", with what is over: "700/650 Mbps, 50 over"."""
    if budget is None:
        return "no gateway"
    used, limit = budget.bandwidth_used, budget.bandwidth.value
    if limit is None:
        return f"{used:g}/? Mbps"
    return f"{used:g}/{limit:g} Mbps" + (f", {used - limit:g} over" if used > limit else "")
