"""What the file holds beside networks and links: planning, pools, services, waivers, settings; and the file itself.

Owns the lines that the details show of these. Invariant: whatever the file holds that no pane lists has a row here
whose key is its key path.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from tui.app.meters import bar_of
from tui.app.widgets.rows import Cell, Row
from tui.checks.rule import Finding, registered
from tui.planner.holdings import free
from tui.planner.outlook import PoolOutlook, outlook
from tui.topology.intervals import outermost
from tui.topology.keypath import key_path
from tui.topology.model import Pool, Service, Topology, Waiver
from tui.topology.prefix import Prefix
from tui.topology.table import Table

MOST_LISTED = 12
"""Lines of one kind that the details show."""


def field(name: str, text: str, role: str = "") -> Row:
    """Return the line of a field that has no path of its own."""
    return Row(("field", name), (Cell(name, "muted"), Cell(text, role)))


def fact(name: str, text: str, role: str = "") -> Row:
    """Return the line of something that follows from the topology; a file may have a key of the same name."""
    return Row(("fact", name), (Cell(name, "muted"), Cell(text, role)))


def heading(name: str, text: str) -> Row:
    """Return the line above a group."""
    return Row(name, (Cell(text),), group=True)


def more(name: str, left: int) -> Iterator[Row]:
    """Yield the line that says how many are not listed, if any."""
    if left > 0:
        yield Row((name, "more"), (Cell(""), Cell(f"and {left} more", "muted")))


def topology_rows(topology: Topology, today: datetime.date | None) -> Iterator[Row]:
    """Yield the lines about the file as a whole: name and note, planning, services, waivers, settings and limits."""
    yield heading("title", topology.name or "this topology")
    for name, text in (("name", topology.name), ("note", topology.note)):
        if text:
            yield field(name, text)
    held: dict[str, Table[Any]] = {
        "subscription": topology.subscriptions,
        "VNet": topology.vnets,
        "site": topology.sites,
        "connection": topology.connections,
        "peering": topology.peerings,
    }
    yield fact("holds", ", ".join(counted(len(table), what) for what, table in held.items()))
    for key, value in topology.unknown.items():
        yield field(key, f"{value} (unknown key)")
    yield from planning_rows(topology)
    yield heading("services", f"services ({len(topology.services)})")
    yield from (service_row(name, service) for name, service in topology.services.items())
    yield heading("waivers", f"waivers ({len(topology.waivers)})")
    yield from (_waiver_row(name, waiver, today) for name, waiver in topology.waivers.items())
    if topology.checks:
        yield heading("checks", f"checks ({len(topology.checks)})")
        for code, setting in topology.checks.items():
            rule = registered().get(code)
            yield Row(("checks", code), (Cell(code), Cell(f"{setting}: {rule.title}" if rule else setting)))
    yield from _limits(topology)


def counted(count: int, what: str) -> str:
    """Return a count with its noun: "1 VNet", "2 VNets"."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def planning_rows(topology: Topology) -> Iterator[Row]:
    """Yield the lines about [planning]: its pools as things of their own, what is avoided, one's own public space."""
    planning = topology.planning
    yield heading("pools", f"pools ({len(planning.pools)})" if planning.pools else "pools: none, so RFC 1918 space")
    for name, pool in planning.pools.items():
        prefixes = ", ".join(map(str, pool.prefixes)) or "empty"
        region = f" {pool.region}" if pool.region else ""
        yield Row(("planning", "pools", name), (Cell(name), Cell(f"{prefixes}{region}  {_fill(topology, name)}")))
    if planning.avoid:
        yield heading("avoid", f"avoided ({len(planning.avoid)})")
        for prefix, reason in planning.avoid.items():
            yield Row(("planning", "avoid", prefix), (Cell(prefix, "avoided"), Cell(reason)))
    if planning.own_public:
        yield fact("own_public", ", ".join(map(str, planning.own_public)))
    if planning.workloads:
        yield fact("workloads", ", ".join(planning.workloads))
    for key, value in planning.unknown.items():
        yield fact(f"planning.{key}", f"{value} (unknown key)")


def pool_rows(topology: Topology, name: str, pool: Pool) -> Iterator[Row]:
    """Yield how full a pool is, what of it is free, and the VNets that belong in it."""
    yield fact("use", _fill(topology, name))
    blocks = _free(topology, pool)
    left = sum(row.free for row in outlook(topology, name))
    yield heading("free", f"free ({left} addresses)" if left else "nothing is free")
    for block in blocks[:MOST_LISTED]:
        yield Row(("free", str(block)), (Cell("free", "free"), Cell(str(block), "free")))
    yield from more("free", len(blocks) - MOST_LISTED)
    members = [vnet for vnet in topology.vnets.items() if vnet[1].pool == name]
    if members:
        yield heading("members", f"VNets of this pool ({len(members)})")
        yield from (network_row(topology, other) for other, _ in members[:MOST_LISTED])
        yield from more("members", len(members) - MOST_LISTED)


def service_row(name: str, service: Service) -> Row:
    """Return the line of a service: what it is, and where."""
    where = ", ".join(service.vnets) or "in no VNet"
    return Row(("services", name), (Cell(name), Cell(f"{service.kind} in {where}" if service.vnets else service.kind)))


def service_rows(topology: Topology, service: Service) -> Iterator[Row]:
    """Yield the VNets that a service lives in."""
    yield heading("members", f"lives in ({len(service.vnets)})")
    yield from (network_row(topology, name) for name in dict.fromkeys(service.vnets))


def waiver_rows(name: str, waiver: Waiver, findings: Sequence[Finding], today: datetime.date | None) -> Iterator[Row]:
    """Yield what a waiver is about, how long it holds, and which findings it accepts."""
    rule = registered().get(waiver.code)
    if rule is not None:
        yield fact("rule", rule.title)
    left = _days_left(waiver, today)
    if left:
        yield fact("holds", left)
    waived = list(islice(_accepted(waiver, findings), MOST_LISTED + 1)) if findings else []
    if waived:
        count = f"{MOST_LISTED} or more" if len(waived) > MOST_LISTED else str(len(waived))
        yield heading("accepts", f"accepts ({count})")
        yield from (
            Row(("accepts", number), (Cell(", ".join(one.places)), Cell(one.message, "waived")))
            for number, one in enumerate(waived[:MOST_LISTED])
        )


def network_row(topology: Topology, name: str) -> Row:
    """Return the line of a network that something names, whether it exists or not."""
    for table in ("vnets", "sites"):
        network = getattr(topology, table).get(name)
        if network is not None:
            space = ", ".join(map(str, network.address_space)) or "no address space"
            return Row((table, name), (Cell(name), Cell(space)))
    return Row(("missing", name), (Cell(name), Cell("there is no such network", "error")))


def _accepted(waiver: Waiver, findings: Iterable[Finding]) -> Iterator[Finding]:
    from tui.checks.engine import matches  # the editor starts without the engine

    return (one for one in findings if one.waived is not None and matches(waiver, one))


def _waiver_row(name: str, waiver: Waiver, today: datetime.date | None) -> Row:
    said = (waiver.code, ", ".join(waiver.where), waiver.reason, _days_left(waiver, today))
    return Row(("waivers", name), (Cell(name), Cell("  ".join(filter(None, said)))))


def _days_left(waiver: Waiver, today: datetime.date | None) -> str:
    if waiver.expires is None:
        return "for good"
    if today is None:
        return f"until {waiver.expires.isoformat()}"
    days = (waiver.expires - today).days
    if days < 0:
        return f"expired on {waiver.expires.isoformat()}"
    return f"{counted(days, 'day')} left" if days else "its last day"


def _limits(topology: Topology) -> Iterator[Row]:
    limits = topology.limits
    own = [(name, getattr(limits, name)) for name in type(limits).model_fields if name not in ("skus", "identity")]
    rows = [Row(("limits", name), (Cell(name), Cell(str(value)))) for name, value in own if value is not None]
    for name, sku in limits.skus.items():
        figures = ((figure, getattr(sku, figure)) for figure in type(sku).model_fields if figure != "identity")
        said = ", ".join(f"{figure} = {value}" for figure, value in figures if value is not None)
        rows.append(Row(("limits", "skus", name), (Cell(key_path(("skus", name))), Cell(said))))
    if rows:
        yield heading("limits", "limits of this file")
        yield from rows


def _fill(topology: Topology, name: str) -> str:
    """How full a pool is, in words and as a bar: of each family that it has."""
    rows = [row for row in outlook(topology, name) if row.size]
    said = ((f"IPv{row.family} " if len(rows) > 1 else "") + _filled(row) for row in rows)
    return "; ".join(said) or "holds no prefix"


def _filled(row: PoolOutlook) -> str:
    # Rounded down: what is not full never says 100.
    rest = {"held": row.held, "avoided": row.avoided}
    others = "".join(f", {part * 100 // row.size or '<1'} % {word}" for word, part in rest.items() if part)
    return f"{row.used * 100 // row.size} % used {bar_of(row.used, row.size, 8)}{others}"


def _free(topology: Topology, pool: Pool) -> list[Prefix]:
    """The free blocks of a pool, lowest first, each within one of its prefixes."""
    return [block for prefix in outermost(pool.prefixes) for block in free(topology).gaps(prefix).blocks()]
