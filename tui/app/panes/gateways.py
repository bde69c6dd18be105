"""Pane 3: the gateways, each with what its tunnels and its bandwidth may be and are.

Owns the meters and in which order the columns give way to a narrow pane: the bandwidth's bar and the SLA first.
Invariant: a meter carries its numbers and the word for what is left; its bar and its colour only repeat them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tui.app.panes.rollup import NONE, Count
from tui.app.widgets.lazy_rows import LazyRows
from tui.app.widgets.rows import Cell, Column, Row
from tui.connectivity.budgets import Budget, Limit, budgets
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
_BAR = 6


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
        Cell(_ratio(budget.bandwidth_used, bandwidth_limit), role(budget.bandwidth_used, bandwidth_limit)),
        Cell(
            _meter(_left(budget.bandwidth_used, bandwidth_limit), budget.bandwidth_used, bandwidth_limit),
            role(budget.bandwidth_used, bandwidth_limit),
        ),
        Cell(percent(budget.sla)),
    )
    return Row(path, cells, marked=marked)


def short_sku(sku: str) -> str:
    """Return a SKU as a narrow column shows it: "Gw1AZ" for "VpnGw1AZ"."""
    return sku.removeprefix("Vpn") if sku.startswith("VpnGw") else sku


def tunnels(budget: Budget) -> str:
    """Return the tunnel meter in words: "18/30 12 left", "31/30 1 over"."""
    return f"{_ratio(budget.used, budget.limit.whole)} {_left(budget.used, budget.limit.whole)}"


def bandwidth(budget: Budget) -> str:
    """Return the bandwidth meter in words: "200/650 Mbps, 450 left"."""
    used, limit = budget.bandwidth_used, budget.bandwidth.value
    return f"{_ratio(used, limit)} Mbps, {_left(used, limit)}"


def percent(limit: Limit) -> str:
    """Return an SLA in words: "99.95 %"; "?" where it is not known."""
    return "?" if limit.value is None else f"{limit.value:g} %"


def bar(budget: Budget, cells: int = _BAR) -> str:
    """Return a bar of `cells` characters for the tunnels: # for each part that is used."""
    return bar_of(budget.used, budget.limit.whole, cells)


def bar_of(used: float, limit: float | None, cells: int = _BAR) -> str:
    """Return a bar of `cells` characters in brackets: # for each part that is used; none without a limit.

    It is full only when nothing is left, and empty only when nothing is used.
    """
    if not limit or cells < 1:
        return ""
    full = cells if used >= limit else min(-int(-used * cells // limit), max(cells - 1, 1))
    return "[" + "#" * full + "-" * (cells - full) + "]"


def role(used: float, limit: float | None) -> str:
    """Return the role of a meter's colour: nearly full from four fifths on, over beyond the limit."""
    if limit is None:
        return "muted"
    if used > limit:
        return "meter_over"
    return "meter_nearly_full" if used * 5 >= limit * 4 else "meter_used"


def _ratio(used: float, limit: float | None) -> str:
    return f"{_figure(used)}/{'?' if limit is None else _figure(limit)}"


def _left(used: float, limit: float | None) -> str:
    if limit is None:
        return "limit unknown"
    left = limit - used
    return f"{_figure(left)} left" if left >= 0 else f"{_figure(-left)} over"


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.1f}"


def _meter(words: str, used: float, limit: float | None) -> str:
    """The words of a meter and a bar in what is left of its column."""
    words = f"{words:13}"
    return f"{words} {bar_of(used, limit, min(_METER - len(words) - 3, _BAR))}".rstrip()
