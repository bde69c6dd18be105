"""Tab 7: the next free blocks for a size that somebody types, with the reason for each.

Owns what may be typed: a prefix length or a number of hosts, and where to look.
Invariant: a block's row has the key ("block", its prefix as text); whatever is typed gives rows, never an exception.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from tui.app.widgets.rows import Cell, Column, Row
from tui.errors import VnetTuiError
from tui.planner.suggest import SMALLEST_SUBNET, length_for_hosts, suggestions, usable_addresses
from tui.topology import catalog
from tui.topology.model import Topology
from tui.topology.prefix import BITS

COLUMNS = (Column("prefix", 18), Column("usable", 8, 0, "right"), Column("pool", 8, 1), Column("reason", 24, 4))

_REQUEST = re.compile(
    r"(?P<slash>/)?\s*(?P<number>[0-9]{1,12})\s*(?P<hosts>hosts?|addresses|ips?)?"
    r"(?:\s+(?P<six>ipv6))?(?:\s+(?:in\s+)?(?P<place>\S.*))?",
    re.IGNORECASE,
)
_MAY_BE = 'write a size such as "/22" or "500 hosts", and where if you like: "/24 in POOL", "/24 northeurope"'
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: blocks of a prefix length, in a pool, for a region, or wherever the planner may look."""

    length: int
    family: int = 4
    pool: str | None = None
    region: str | None = None
    hosts: int | None = None
    """The number of hosts that was asked for, where it was a number of hosts."""


def parse_request(text: str, topology: Topology) -> Request:
    """Return what `text` asks for: "/22", "22", "500 hosts", "/24 in weu-prod", "/24 northeurope", "/48 ipv6".

    Raises VnetTuiError that says what may be typed.
    """
    match = _REQUEST.fullmatch(text.strip())
    if match is None:
        raise VnetTuiError("no size is given" if not text.strip() else f'"{text.strip()}" is no size', _MAY_BE)
    number = int(match["number"])
    pool, region = _place(match["place"], topology)
    family = _family(topology, pool, 6 if match["six"] else 4)
    if match["hosts"] and not match["slash"]:
        return Request(length_for_hosts(number, family), family, pool, region, number)
    if family == 4 and pool is None and BITS[4] < number <= BITS[6]:
        family = 6
    if number > BITS[family]:
        at_most = f"an IPv{family} prefix length is at most {BITS[family]}"
        raise VnetTuiError(at_most, f'for a number of hosts write "{number} hosts"')
    return Request(number, family, pool, region)


def rows(topology: Topology, text: str, *, count: int = 8) -> list[Row]:
    """Return how much is free of what `text` asks for, and one row for each block; or what may be typed."""
    try:
        return answer(topology, parse_request(text, topology), count=count)
    except VnetTuiError as error:
        return [
            Row(("planner", "wrong"), (Cell(error.message),), group=True),
            Row(("planner", "hint"), (Cell(error.hint, "muted"),)),
        ]


def answer(topology: Topology, request: Request, *, count: int = 8) -> list[Row]:
    """Return the rows for a request: a group line that says how much is free, then the blocks. Nothing fits: why."""
    found = suggestions(
        topology, request.length, count=count, region=request.region, pool=request.pool, family=request.family
    )
    said = f"{found.free_blocks} free /{request.length}" if found.blocks else f"no free /{request.length}"
    if request.hosts is not None:
        said = f"{request.hosts} hosts need a /{request.length}: {said}"
    where = _where(topology, request)
    largest = f"; the largest free block is {found.largest_free}" if found.blocks and found.largest_free else ""
    small = request.family == 4 and request.length > SMALLEST_SUBNET
    note = f"; Azure's smallest subnet is a /{SMALLEST_SUBNET}" if small else ""
    lines = [Row(("planner", "free"), (Cell(f"{said}{where}{largest}{note}"),), group=True)]
    if not found.blocks:
        lines.append(Row(("planner", "why"), (Cell(found.why_none, "muted"),)))
    for one in found.blocks:
        usable = str(usable_addresses(one.prefix)) if request.family == 4 else "–"
        name = one.pool_name or str(one.pool)
        cells = (Cell(str(one.prefix), "free"), Cell(usable), Cell(name), Cell(one.reason))
        lines.append(Row(("block", str(one.prefix)), cells))
    return lines


def _where(topology: Topology, request: Request) -> str:
    if request.pool is not None:
        return f" in pool {request.pool}"
    if request.region is None:
        return ""
    own = any(pool.region == request.region for pool in topology.planning.pools.values())
    return f" for {request.region}" + ("" if own else ", which has no pool of its own")


def _family(topology: Topology, pool: str | None, asked: int) -> int:
    """The family of a pool that holds one family only, else the one that was asked for."""
    families = {prefix.version for prefix in topology.planning.pools[pool].prefixes} if pool is not None else set()
    return families.pop() if len(families) == 1 else asked


def _place(text: str | None, topology: Topology) -> tuple[str | None, str | None]:
    """The pool or the region that is named."""
    if text is None:
        return None, None
    pools = topology.planning.pools
    folded = text.strip().casefold()
    pool = text if text in pools else next((name for name in pools if name.casefold() == folded), None)
    if pool is not None:
        return pool, None
    # A pool's region as the file writes it, for that is what pools are chosen by.
    written = dict.fromkeys(one.region for one in pools.values() if one.region is not None)
    meant = catalog.canonical_region(text)
    for region in written:
        if region.casefold() == folded or (meant is not None and catalog.canonical_region(region) == meant):
            return None, region
    if meant is not None:
        return None, meant
    near = catalog.nearest(text, (*pools, *written, *catalog.region_names()))
    named = ", ".join(islice(pools, _MOST_NAMED)) + (", …" if len(pools) > _MOST_NAMED else "")
    hint = f"did you mean {near}?" if near else f"name a region, or one of the pools: {named or 'none yet'}"
    raise VnetTuiError(f'"{text}" is no pool and no region', hint)
