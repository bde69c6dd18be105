"""Pane 2: the VNets of the chosen subscription, and below them the sites.

Owns what a row says and the orders in which rows can stand.
Invariant: a row's key is the key path of its network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from tui.app.panes.rollup import NONE, Count
from tui.app.widgets.lazy_rows import LazyRows
from tui.app.widgets.rows import Cell, Column, Row
from tui.topology.intervals import merged
from tui.topology.model import Site, Topology, VNet
from tui.topology.parts import Path

_FIRST = (
    Column("name", 8, 3),
    Column("", 3),
    Column("address space", 13, 2),
)
_LAST = (
    Column("gw", 2),
    Column("region", 6, 2),
    Column("state", 8),
    Column("use", 5, 0, "right"),
    Column("free", 8, 0, "right"),
)

Order: TypeAlias = Literal["file", "name", "address", "free", "use", "findings"]
SITES = ("sites",)
"""The key of the row that heads the sites."""


def columns(tags: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return the columns of the list, those of the tags named `tags` where a narrow list still shows them."""
    return (*_FIRST, *(Column(tag, 8, 2) for tag in tags), *_LAST)


COLUMNS = columns()


def sorted_column(order: Order, tags: Sequence[str] = ()) -> int | None:
    """Return the place of the column that `order` sorts by; None for the order of the file."""
    places: dict[Order, int] = {"name": 0, "findings": 1, "address": 2}
    figures: dict[Order, int] = {"use": len(columns(tags)) - 2, "free": len(columns(tags)) - 1}
    return (places | figures).get(order)


def tag_keys(topology: Topology) -> list[str]:
    """Return the tags that VNets and sites have, the most used first, then by name."""
    used: Counter[str] = Counter()
    for vnet in topology.vnets.values():
        used.update(list(vnet.tags))
    for site in topology.sites.values():
        used.update(list(site.tags))
    return sorted(used, key=lambda tag: (-used[tag], tag))


def rows(
    topology: Topology,
    counts: Mapping[Path, Count],
    *,
    subscription: str | None = None,
    order: Order = "file",
    marked: Collection[Path] = (),
    tags: Sequence[str] = (),
) -> Sequence[Row]:
    """Return the rows of the VNets (of one subscription, if given), then of the sites under a row of their own.

    They have a cell for each of `columns(tags)`.
    """
    names = list(topology.vnets)
    if subscription is not None:
        names = [name for name, vnet in topology.vnets.items() if vnet.subscription == subscription]
    sort_key = _sort_key(topology, counts, order)
    if sort_key is not None:
        names.sort(key=sort_key)
    keys: list[Path] = [("vnets", name) for name in names]
    sites = topology.sites if subscription is None else {}
    if sites:
        keys += [SITES, *(("sites", name) for name in sites)]

    def make(index: int) -> Row:
        path = keys[index]
        if path == SITES:
            return Row(SITES, (Cell(f"on-premises ({len(sites)})", "muted"),), group=True)
        found, is_marked = counts.get(path, NONE), path in marked
        if path[0] == "sites":
            return _site(path, topology.sites[path[1]], found, is_marked, tags)
        return _vnet(path, topology.vnets[path[1]], found, is_marked, tags)

    return LazyRows(keys, make)


def free_addresses(vnet: VNet) -> int:
    """Return how many IPv4 addresses of the VNet are in no subnet."""
    space, used = _space_and_used(vnet)
    return space - used


def use_percent(vnet: VNet) -> int | None:
    """Return the share of the VNet's IPv4 address space that is in subnets, in percent; None where it has none.

    Rounded down, so that 100 means that nothing is left.
    """
    space, used = _space_and_used(vnet)
    return used * 100 // space if space else None


_known: dict[int, tuple[VNet, tuple[int, int]]] = {}
_MOST_KNOWN = 50_000


def _space_and_used(vnet: VNet) -> tuple[int, int]:
    """IPv4 addresses: those of the address space, and those of it that are in subnets.

    Remembered per VNet, which never changes: a filter over ten thousand asks for all of them after each edit.
    """
    known = _known.get(id(vnet))
    if known is None or known[0] is not vnet:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        known = _known[id(vnet)] = (vnet, _counted(vnet, 4))
    return known[1]


def _counted(vnet: VNet, version: int) -> tuple[int, int]:
    """Addresses of one family: those of the address space, and those of it that are in subnets, each counted once."""
    stretches = [(p.first, p.last) for p in vnet.address_space if p.version == version]
    if len(stretches) > 1:
        stretches = [(first, last) for family, first, last in merged(vnet.address_space) if family == version]
    subnets = sorted([p for subnet in vnet.subnets.values() for p in subnet.prefixes if p.version == version])
    space = used = 0
    for low, high in stretches:
        space += high - low + 1
        for subnet in subnets:
            first, last = max(subnet.first, low), min(subnet.last, high)
            if first <= last:
                used += last - first + 1
                low = last + 1
    return space, used


def _sort_key(topology: Topology, counts: Mapping[Path, Count], order: Order) -> Callable[[str], Any] | None:
    """What the names of VNets are sorted by; None for the order of the file."""

    def grave(name: str) -> tuple[int, int, int]:
        found = counts.get(("vnets", name), NONE)
        return -found.error, -found.warning, -found.info

    def used(name: str) -> float:
        space, in_subnets = _space_and_used(topology.vnets[name])
        return -in_subnets / space if space else 1.0

    keys: dict[Order, Callable[[str], Any]] = {
        "name": str.casefold,
        "address": lambda name: topology.vnets[name].address_space or ((9, 0, 0),),
        "free": lambda name: -free_addresses(topology.vnets[name]),
        "use": used,
        "findings": grave,
    }
    return keys.get(order)


_EMPTY, _GATEWAY = Cell(""), Cell("gw")


def _vnet(path: Path, vnet: VNet, found: Count, marked: bool, tags: Iterable[str]) -> Row:
    space, used = _space_and_used(vnet)
    cells = (
        Cell(path[1]),
        found.cell(),
        Cell(", ".join(map(str, vnet.address_space)) or "none"),
        *_tags(vnet, tags),
        _GATEWAY if vnet.gateway is not None else _EMPTY,
        Cell(vnet.region or "–"),
        Cell(vnet.state, vnet.state),
        Cell(f"{used * 100 // space} %" if space else ""),
        Cell(str(space - used) if space else ""),
    )
    return Row(path, cells, marked=marked)


def _site(path: Path, site: Site, found: Count, marked: bool, tags: Iterable[str]) -> Row:
    devices = sum(1 for _ in site.tunnel_ends())
    cells = (
        Cell(path[1]),
        found.cell(),
        Cell(", ".join(map(str, site.address_space)) or "none"),
        *_tags(site, tags),
        _EMPTY,
        Cell(f"{devices} device{'s' if devices != 1 else ''}"),
        Cell(site.state, site.state),
        _EMPTY,
        _EMPTY,
    )
    return Row(path, cells, marked=marked)


def _tags(network: VNet | Site, tags: Iterable[str]) -> list[Cell]:
    return [Cell(_text(network.tags.get(tag, ""))) for tag in tags]


def _text(value: Any) -> str:
    """A tag's value as text: true and false as the file writes them, a list by its items."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(_text, value)) if isinstance(value, tuple) else str(value)
