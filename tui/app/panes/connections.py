"""Tab 5: the links of the selected network, or all of them, with both meters.

Invariant: a row's key is the key path of its connection or peering.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tui.app.meters import role, tunnels
from tui.app.panes.rollup import NONE, Count
from tui.app.widgets.rows import Cell, Column, Row
from tui.connectivity.budgets import Budget, budgets
from tui.topology.model import Connection, Peering, Topology
from tui.topology.parts import Path

COLUMNS = (
    Column("name", 12, 2),
    Column("between", 16, 3),
    Column("kind", 12),
    Column("BGP", 3),
    Column("Mbps", 5, 0, "right"),
    Column("tunnels there and there", 12, 2),
    Column("", 4, 0, "right"),
)


def rows(
    topology: Topology, counts: Mapping[Path, Count], *, network: str | None = None, marked: Collection[Path] = ()
) -> list[Row]:
    """Return one row for each connection, then each peering (of one network, if given)."""
    drawn: list[tuple[Path, Connection | Peering]] = [
        *((("connections", name), part) for name, part in topology.connections.items()),
        *((("peerings", name), part) for name, part in topology.peerings.items()),
    ]
    return [
        _row(topology, path, link, counts, marked) for path, link in drawn if network is None or network in link.between
    ]


def _row(
    topology: Topology, path: Path, link: Connection | Peering, counts: Mapping[Path, Count], marked: Collection[Path]
) -> Row:
    a, b = link.between
    ends = [budget for end in dict.fromkeys((a, b)) if (budget := budgets(topology).get(end))]
    meters = [tunnels(budget) for budget in ends]
    if isinstance(link, Peering):
        lender = f"peering ({link.gateway_transit})" if link.gateway_transit else "peering"
        middle = (Cell(lender, "peering"), Cell(""), Cell(""), Cell("takes no tunnel", "muted"))
    else:
        expected = f"{link.bandwidth_mbps:g}" if link.bandwidth_mbps is not None else "–"
        shown = "takes no tunnel" if link.kind == "expressroute" else "; ".join(meters) or "no gateway"
        middle = (
            Cell(_kind(topology, link), "connection"),
            Cell("yes" if link.bgp else ""),
            Cell(expected),
            Cell(shown, "" if link.kind == "expressroute" else _gravest(ends)),
        )
    return Row(path, (Cell(path[1]), Cell(f"{a} – {b}"), *middle, counts.get(path, NONE).cell()), marked=path in marked)


def _gravest(ends: Sequence[Budget]) -> str:
    """The role of the fullest of the gateways."""
    roles = {role(budget.used, budget.limit.whole) for budget in ends}
    return next((one for one in ("meter_over", "meter_nearly_full") if one in roles), "")


def _kind(topology: Topology, connection: Connection) -> str:
    if connection.kind == "expressroute":
        return "expressroute"
    return "VNet-to-VNet" if all(end in topology.vnets for end in connection.between) else "site-to-site"
