"""Pane 3: the gateways, each with what its tunnels and its bandwidth may be and are.

Invariant: a meter carries its numbers and the word for what is left; its bar and its colour only repeat them.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui.app.panes.rollup import NONE, Count
from tui.app.widgets.rows import Cell, Column, Row
from tui.connectivity.budgets import Budget, budgets
from tui.topology.model import Topology
from tui.topology.parts import Path

COLUMNS = (
    Column("VNet", 10, 2),
    Column("", 3),
    Column("SKU", 8),
    Column("tunnels", 21),
)
_BAR = 6


def rows(topology: Topology, counts: Mapping[Path, Count], *, subscription: str | None = None) -> list[Row]:
    """Return one row for each gateway (of one subscription, if given)."""
    return [
        Row(
            ("vnets", name, "gateway"),
            (
                Cell(name),
                counts.get(("vnets", name), NONE).cell(),
                Cell(budget.sku),
                Cell(f"{tunnels(budget):12} {bar(budget)}".rstrip(), _role(budget)),
            ),
        )
        for name, budget in budgets(topology).items()
        if subscription is None or topology.vnets[name].subscription == subscription
    ]


def tunnels(budget: Budget) -> str:
    """Return the tunnel meter in words: "18/30 12 left", "31/30 1 over"."""
    limit, left = budget.limit.whole, budget.left
    if limit is None or left is None:
        return f"{budget.used}/? limit unknown"
    return f"{budget.used}/{limit} {left} left" if left >= 0 else f"{budget.used}/{limit} {-left} over"


def bandwidth(budget: Budget) -> str:
    """Return the bandwidth meter in words: "200/650 Mbps, 450 left"."""
    used, limit = budget.bandwidth_used, budget.bandwidth.value
    if limit is None:
        return f"{used:g}/? Mbps"
    left = limit - used
    return f"{used:g}/{limit:g} Mbps, {abs(left):g} {'left' if left >= 0 else 'over'}"


def bar(budget: Budget, cells: int = _BAR) -> str:
    """Return a bar of `cells` characters: # for each part that is used."""
    limit = budget.limit.whole
    if not limit:
        return ""
    full = min(-(-budget.used * cells // limit), cells)
    return "[" + "#" * full + "-" * (cells - full) + "]"


def _role(budget: Budget) -> str:
    limit = budget.limit.whole
    if limit is None:
        return "muted"
    if budget.used > limit:
        return "meter_over"
    return "meter_nearly_full" if budget.used * 5 >= limit * 4 else "meter_used"
