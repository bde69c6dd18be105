"""Pane 2: the VNets of the chosen subscription, and below them the sites.

Owns what a row says and the orders in which rows can stand.
Invariant: a row's key is the key path of its network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from tui.app.panes.rollup import NONE, Count
from tui.app.widgets.rows import Cell, Column, Row
from tui.topology.intervals import merged
from tui.topology.model import Site, Topology, VNet
from tui.topology.parts import Path

_FIRST = (
    Column("name", 12, 3),
    Column("", 3),
    Column("address space", 14, 2),
    Column("gw", 2),
    Column("region", 6, 2),
    Column("state", 8),
)
_LAST = (Column("use", 5, 0, "right"), Column("free", 8, 0, "right"))

Order: TypeAlias = Literal["file", "name", "address", "free", "use", "findings"]
SITES = ("sites",)
"""The key of the row that heads the sites."""


def columns(tags: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return the columns of the list, those of the tags named `tags` before the figures at the right end."""
    return (*_FIRST, *(Column(tag, 8, 1) for tag in tags), *_LAST)


COLUMNS = columns()


def sorted_column(order: Order, tags: Sequence[str] = ()) -> int | None:
    """Return the place of the column that `order` sorts by; None for the order of the file."""
    places: dict[Order, int] = {"name": 0, "findings": 1, "address": 2}
    figures: dict[Order, int] = {"use": len(_FIRST) + len(tags), "free": len(_FIRST) + len(tags) + 1}
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
) -> list[Row]:
    """Return the rows of the VNets (of one subscription, if given), then of the sites under a row of their own.

    They have a cell for each of `columns(tags)`.
    """
    if len(_known) > 2 * len(topology.vnets) + _SPARE:
        _known.clear()
    tags = tuple(tags)
    drawn = [
        _drawn(name, vnet, counts.get(("vnets", name), NONE), tags)
        for name, vnet in topology.vnets.items()
        if subscription is None or vnet.subscription == subscription
    ]
    key = _SORTED_BY.get(order)
    if key is not None:
        drawn.sort(key=key)
    listed = [one.row._replace(marked=True) if one.row.key in marked else one.row for one in drawn]
    if topology.sites and subscription is None:
        listed.append(Row(SITES, (Cell(f"on-premises ({len(topology.sites)})", "muted"),), group=True))
        listed += (_site(name, site, counts, marked, tags) for name, site in topology.sites.items())
    return listed


def free_addresses(vnet: VNet) -> int:
    """Return how many IPv4 addresses of the VNet are in no subnet."""
    space, used = _space_and_used(vnet, 4)
    return space - used


def use_percent(vnet: VNet) -> int | None:
    """Return the share of the VNet's IPv4 address space that is in subnets, in percent; None where it has none.

    Rounded down, so that 100 means that nothing is left.
    """
    space, used = _space_and_used(vnet, 4)
    return used * 100 // space if space else None


def _space_and_used(vnet: VNet, version: int) -> tuple[int, int]:
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


class _Drawn(NamedTuple):
    """What is remembered of a VNet: its row, and what it was made from."""

    name: str
    vnet: VNet
    found: Count
    tags: tuple[str, ...]
    row: Row
    space: int
    used: int


_EMPTY, _GATEWAY = Cell(""), Cell("gw")

# An edit leaves all VNets but a few the same objects, and ten thousand rows take longer to make than to look up.
_known: dict[int, _Drawn] = {}
_SPARE = 1000


def _drawn(name: str, vnet: VNet, count: Count, tags: tuple[str, ...]) -> _Drawn:
    known = _known.get(id(vnet))
    if (
        known is None
        or known.vnet is not vnet
        or known.name != name
        or (known.found is not count and known.found != count)
        or known.tags != tags
    ):
        space, used = _space_and_used(vnet, 4)
        known = _Drawn(name, vnet, count, tags, _vnet(name, vnet, count, tags, space, used), space, used)
        _known[id(vnet)] = known
    return known


_SORTED_BY: dict[Order, Callable[[_Drawn], Any]] = {
    "name": lambda one: one.name.casefold(),
    "address": lambda one: one.vnet.address_space or ((9, 0, 0),),
    "free": lambda one: one.used - one.space,
    "use": lambda one: -one.used / one.space if one.space else 1,
    "findings": lambda one: (-one.found.error, -one.found.warning, -one.found.info),
}


def _vnet(name: str, vnet: VNet, count: Count, tags: tuple[str, ...], space: int, used: int) -> Row:
    cells = (
        Cell(name),
        count.cell(),
        Cell(", ".join(map(str, vnet.address_space)) or "none"),
        _GATEWAY if vnet.gateway is not None else _EMPTY,
        Cell(vnet.region or "–"),
        Cell(vnet.state, vnet.state),
        *_tags(vnet, tags),
        Cell(f"{used * 100 // space} %" if space else ""),
        Cell(str(space - used) if space else ""),
    )
    return Row(("vnets", name), cells)


def _site(name: str, site: Site, counts: Mapping[Path, Count], marked: Collection[Path], tags: Iterable[str]) -> Row:
    path = ("sites", name)
    devices = sum(1 for _ in site.tunnel_ends())
    cells = (
        Cell(name),
        counts.get(path, NONE).cell(),
        Cell(", ".join(map(str, site.address_space)) or "none"),
        _EMPTY,
        Cell(f"{devices} device{'s' if devices != 1 else ''}"),
        Cell(site.state, site.state),
        *_tags(site, tags),
        _EMPTY,
        _EMPTY,
    )
    return Row(path, cells, marked=path in marked)


def _tags(network: VNet | Site, tags: Iterable[str]) -> list[Cell]:
    return [Cell(_text(network.tags.get(tag, ""))) for tag in tags]


def _text(value: Any) -> str:
    """A tag's value as text: true and false as the file writes them, a list by its items."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(_text, value)) if isinstance(value, tuple) else str(value)
