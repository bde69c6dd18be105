"""Pane 2: the VNets of the chosen subscription, and below them the sites.

Owns what a row says and the orders in which rows can stand.
Invariant: a row's key is the key path of its network.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, TypeAlias

from tui.app.panes.rollup import NONE, Count
from tui.app.widgets.rows import Cell, Column, Row
from tui.topology.model import Site, Topology, VNet
from tui.topology.parts import Path

COLUMNS = (
    Column("name", 12, 3),
    Column("", 3),
    Column("address space", 14, 2),
    Column("gw", 2),
    Column("region", 6, 2),
    Column("state", 8),
)

Order: TypeAlias = Literal["file", "name", "address", "free", "findings"]
SITES = ("sites",)
"""The key of the row that heads the sites."""


def rows(
    topology: Topology,
    counts: Mapping[Path, Count],
    *,
    subscription: str | None = None,
    order: Order = "file",
    marked: Collection[Path] = (),
) -> list[Row]:
    """Return the rows of the VNets (of one subscription, if given), then of the sites under a row of their own."""
    vnets = [
        (name, vnet)
        for name, vnet in topology.vnets.items()
        if subscription is None or vnet.subscription == subscription
    ]
    key = _sort_key(order, counts)
    if key is not None:
        vnets.sort(key=lambda entry: key(*entry))
    listed = [_vnet(name, vnet, counts, marked) for name, vnet in vnets]
    if topology.sites and subscription is None:
        listed.append(Row(SITES, (Cell(f"on-premises ({len(topology.sites)})", "muted"),), group=True))
        listed += (_site(name, site, counts, marked) for name, site in topology.sites.items())
    return listed


def free_addresses(vnet: VNet) -> int:
    """Return how many IPv4 addresses of the VNet are in no subnet."""
    space = sum(prefix.size for prefix in vnet.address_space if prefix.version == 4)
    used = sum(p.size for subnet in vnet.subnets.values() for p in subnet.prefixes if p.version == 4)
    return max(space - used, 0)


def _sort_key(order: Order, counts: Mapping[Path, Count]) -> Callable[[str, VNet], Any] | None:
    def grave(name: str, vnet: VNet) -> tuple[int, int, int]:
        count = counts.get(("vnets", name), NONE)
        return (-count.error, -count.warning, -count.info)

    keys: dict[Order, Callable[[str, VNet], Any]] = {
        "name": lambda name, vnet: name.casefold(),
        "address": lambda name, vnet: vnet.address_space or ((9, 0, 0),),
        "free": lambda name, vnet: -free_addresses(vnet),
        "findings": grave,
    }
    return keys.get(order)


def _vnet(name: str, vnet: VNet, counts: Mapping[Path, Count], marked: Collection[Path]) -> Row:
    path = ("vnets", name)
    cells = (
        Cell(name),
        counts.get(path, NONE).cell(),
        Cell(", ".join(map(str, vnet.address_space)) or "none"),
        Cell("gw" if vnet.gateway is not None else ""),
        Cell(vnet.region or "–"),
        Cell(vnet.state, vnet.state),
    )
    return Row(path, cells, marked=path in marked)


def _site(name: str, site: Site, counts: Mapping[Path, Count], marked: Collection[Path]) -> Row:
    path = ("sites", name)
    devices = sum(1 for _ in site.tunnel_ends())
    cells = (
        Cell(name),
        counts.get(path, NONE).cell(),
        Cell(", ".join(map(str, site.address_space)) or "none"),
        Cell(""),
        Cell(f"{devices} device{'s' if devices != 1 else ''}"),
        Cell(site.state, site.state),
    )
    return Row(path, cells, marked=path in marked)
