"""Tab 4: what is selected, in full: its fields, its subnets with the gaps between them, whom it reaches, and why.

Invariant: what is a thing of its own (a subnet, a device) has its key path as the key of its row.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.app.panes.gateways import bandwidth, tunnels
from tui.app.widgets.rows import Cell, Column, Row
from tui.connectivity.budgets import ACTIVE_ACTIVE_ASSUMPTION, budgets
from tui.connectivity.joined import joined_groups
from tui.connectivity.links import networks
from tui.connectivity.reach import reachable
from tui.storage.file_form import part_form
from tui.topology.intervals import free_blocks
from tui.topology.keypath import key_path
from tui.topology.model import Part, Topology, VNet
from tui.topology.parts import Path, entry_at

COLUMNS = (Column("what", 16, 1), Column("", 24, 3))
_RESERVED = 5
_MOST_LISTED = 12


def rows(topology: Topology, path: Path | None) -> list[Row]:
    """Return the lines that describe what stands at `path`."""
    if path is None or not path or path == ("sites",):
        return []
    part = entry_at(topology, path)
    if not isinstance(part, Part):
        return []
    lines = [Row("title", (Cell(key_path(path)),), group=True)]
    for name, value in part_form(part).items():
        if name not in ("subnets", "gateway", "devices"):
            lines.append(Row(("field", name), (Cell(name, "muted"), Cell(_text(value)))))
    if isinstance(part, VNet):
        lines += _subnets(path, part)
    name = path[1]
    if path[0] == "vnets" and name in budgets(topology):
        lines += _gateway(topology, name)
    if path[0] in ("vnets", "sites") and len(path) == 2 and name in networks(topology):
        lines += _reach(topology, name)
    return lines


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_text(item)}" for key, item in value.items())
    return str(value)


def _subnets(path: Path, vnet: VNet) -> Iterator[Row]:
    """The subnets in the order of their addresses, with the free blocks between them."""
    yield Row("subnets", (Cell(f"subnets ({len(vnet.subnets)})"),), group=True)
    lines = []
    for name, subnet in vnet.subnets.items():
        for prefix in subnet.prefixes:
            usable = max(prefix.size - _RESERVED, 0) if prefix.version == 4 else None
            text = f"{prefix}  {usable} usable" if usable is not None else str(prefix)
            lines.append((prefix, Row((*path, "subnets", name), (Cell(name), Cell(text)))))
    used = [prefix for subnet in vnet.subnets.values() for prefix in subnet.prefixes]
    for space in vnet.address_space:
        for block in free_blocks(space, used)[:_MOST_LISTED]:
            lines.append((block, Row(("free", str(block)), (Cell("free", "free"), Cell(str(block), "free")))))
    yield from (row for _, row in sorted(lines, key=lambda line: line[0]))


def _gateway(topology: Topology, name: str) -> Iterator[Row]:
    budget = budgets(topology)[name]
    gateway = topology.vnets[name].gateway
    yield Row(("vnets", name, "gateway"), (Cell("gateway"),), group=True)
    facts = [
        ("SKU", f"{budget.sku}, {gateway.vpn_type}, ASN {gateway.asn}" if gateway else budget.sku),
        ("tunnels", f"{tunnels(budget)} ({budget.limit.source})"),
        ("bandwidth", f"{bandwidth(budget)} ({budget.bandwidth.source})"),
        ("SLA", f"{budget.sla.value} % ({budget.sla.source})" if budget.sla.value else "not known"),
    ]
    if budget.ipsec_tunnels > budget.used:
        facts.append(("IPsec tunnels", f"{budget.ipsec_tunnels}; {ACTIVE_ACTIVE_ASSUMPTION}"))
    yield from (Row(("gateway", label), (Cell(label, "muted"), Cell(text))) for label, text in facts)


def _reach(topology: Topology, name: str) -> Iterator[Row]:
    routes = reachable(topology, name)
    yield Row("reach", (Cell(f"reaches ({len(routes)})"),), group=True)
    for other, route in list(routes.items())[:_MOST_LISTED]:
        how = " – ".join(route.path) + (f" ({'; '.join(route.conditions)})" if route.conditions else "")
        yield Row(("reach", other), (Cell(other), Cell(how)))
    if len(routes) > _MOST_LISTED:
        yield Row("reach-more", (Cell(f"and {len(routes) - _MOST_LISTED} more", "muted"),))
    groups = joined_groups(topology)
    joined = {other for number in groups.of.get(name, ()) for other in groups.groups[number]} - {name} - routes.keys()
    if joined:
        listed = sorted(joined)[:_MOST_LISTED]
        more = f" and {len(joined) - len(listed)} more" if len(joined) > len(listed) else ""
        text = f"{', '.join(listed)}{more} (must not overlap, though there is no way between them)"
        yield Row("joined", (Cell("joined with", "muted"), Cell(text)))
