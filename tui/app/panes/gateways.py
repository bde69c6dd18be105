"""Pane 3: the gateways, each with what its tunnels and its bandwidth may be and are.

Owns in which order the columns give way to a narrow pane: the bandwidth's bar and the SLA first.
Invariant: a row's key is the key path of its gateway.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tui.app.meters import BAR, bar_of, left, percent, ratio, role, tunnels
from tui.app.panes.rollup import NONE, Count
from tui.app.widgets.lazy_rows import LazyRows
from tui.app.widgets.rows import Cell, Column, Row
from tui.connectivity.budgets import Budget, budgets
from tui.topology.model import Topology
from tui.topology.parts import Path

_METER = 20

COLUMNS = (
    Column("VNet", 6, 3),
    Column("", 3),
    Column("SKU", 5),
    Column("tunnels", _METER),
    Column("Mbps", 9, 0, "right"),
    Column("bandwidth", _METER),
    Column("SLA", 7, 0, "right"),
)


def rows(
    topology: Topology,
    counts: Mapping[Path, Count],
    *,
    subscription: str | None = None,
    marked: Collection[Path] = (),
) -> Sequence[Row]:
    """Return one row for each gateway (of one subscription, if given)."""
    known = budgets(topology)
    names = [name for name in known if subscription is None or topology.vnets[name].subscription == subscription]
    keys: list[Path] = [("vnets", name, "gateway") for name in names]
    return LazyRows(keys, lambda index: _row(keys[index], known[names[index]], counts, keys[index] in marked))


def _row(path: Path, budget: Budget, counts: Mapping[Path, Count], marked: bool) -> Row:
    bandwidth_limit = budget.bandwidth.value
    cells = (
        Cell(path[1]),
        counts.get(path[:2], NONE).cell(),
        Cell(short_sku(budget.sku)),
        Cell(_meter(tunnels(budget), budget.used, budget.limit.whole), role(budget.used, budget.limit.whole)),
        Cell(ratio(budget.bandwidth_used, bandwidth_limit), role(budget.bandwidth_used, bandwidth_limit)),
        Cell(
            _meter(left(budget.bandwidth_used, bandwidth_limit), budget.bandwidth_used, bandwidth_limit),
            role(budget.bandwidth_used, bandwidth_limit),
        ),
        Cell(percent(budget.sla)),
    )
    return Row(path, cells, marked=marked)


def short_sku(sku: str) -> str:
    """Return a SKU as a narrow column shows it: "Gw1AZ" for "VpnGw1AZ"."""
    return sku.removeprefix("Vpn") if sku.startswith("VpnGw") else sku


def _meter(words: str, used: float, limit: float | None) -> str:
    """The words of a meter and a bar in what is left of its column."""
    words = f"{words:13}"
    return f"{words} {bar_of(used, limit, min(_METER - len(words) - 3, BAR))}".rstrip()
