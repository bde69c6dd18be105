"""Pane 1: the subscriptions, with how many VNets each has and what is wrong in it.

Invariant: the first row stands for all of them; its key is the empty path.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui.app.panes.rollup import NONE, Count
from tui.app.widgets.rows import Cell, Column, Row
from tui.topology.model import Topology
from tui.topology.parts import Path

COLUMNS = (Column("name", 8, 1), Column("VNets", 5, 0, "right"), Column("", 4, 0, "right"))


def rows(topology: Topology, counts: Mapping[Path, Count], *, whole: Count = NONE) -> list[Row]:
    """Return one row for all, and one for each subscription. `whole`: the findings of the file, each counted once."""
    vnets: dict[str | None, int] = {}
    found: dict[str | None, Count] = {}
    for name, vnet in topology.vnets.items():
        key = vnet.subscription
        vnets[key] = vnets.get(key, 0) + 1
        count = counts.get(("vnets", name))
        if count is not None:
            found[key] = found.get(key, NONE).plus(count)
    everything = Row((), (Cell("all"), Cell(str(len(topology.vnets))), whole.cell()))
    return [everything] + [
        Row(
            ("subscriptions", key),
            (
                Cell(part.name or key),
                Cell(str(vnets.get(key, 0))),
                found.get(key, NONE).plus(counts.get(("subscriptions", key), NONE)).cell(),
            ),
        )
        for key, part in topology.subscriptions.items()
    ]
