"""Meters in words: what of a gateway's tunnels and bandwidth is used, allowed and left.

Owns these words for panes and forms alike; no Textual.
Invariant: a meter carries its numbers and the word for what is left; its bar and its colour only repeat them.
"""

from __future__ import annotations

from tui.connectivity.budgets import Budget, Limit

BAR = 6
"""Characters of a usual bar, brackets apart."""


def tunnels(budget: Budget) -> str:
    """Return the tunnel meter in words: "18/30 12 left", "31/30 1 over"."""
    return f"{ratio(budget.used, budget.limit.whole)} {left(budget.used, budget.limit.whole)}"


def bandwidth(budget: Budget) -> str:
    """Return the bandwidth meter in words: "200/650 Mbps, 450 left"."""
    used, limit = budget.bandwidth_used, budget.bandwidth.value
    return f"{ratio(used, limit)} Mbps, {left(used, limit)}"


def load(budget: Budget) -> str:
    """Return the bandwidth in words that speak of too much alone: "200/650 Mbps", "700/650 Mbps, 50 over"."""
    used, limit = budget.bandwidth_used, budget.bandwidth.value
    over = f", {left(used, limit)}" if limit is not None and used > limit else ""
    return f"{ratio(used, limit)} Mbps{over}"


def percent(limit: Limit) -> str:
    """Return an SLA in words: "99.95 %"; "?" where it is not known."""
    return "?" if limit.value is None else f"{limit.value:g} %"


def bar(budget: Budget, cells: int = BAR) -> str:
    """Return a bar of `cells` characters for the tunnels: # for each part that is used."""
    return bar_of(budget.used, budget.limit.whole, cells)


def bar_of(used: float, limit: float | None, cells: int = BAR) -> str:
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


def ratio(used: float, limit: float | None) -> str:
    """Return both figures: "18/30", "18/?" where no limit is known."""
    return f"{_figure(used)}/{'?' if limit is None else _figure(limit)}"


def left(used: float, limit: float | None) -> str:
    """Return the word for what is left: "12 left", "1 over", "limit unknown"."""
    if limit is None:
        return "limit unknown"
    rest = limit - used
    return f"{_figure(rest)} left" if rest >= 0 else f"{_figure(-rest)} over"


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.1f}"
