"""Reasons: what is said of a block because of what lies around it, whoever hands it out.

Invariant: each sentence stands for itself, and none says whether the block is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.planner.advertised import over, within
from tui.planner.pools import Source
from tui.planner.surroundings import route_joined
from tui.topology.model import Topology
from tui.topology.prefix import Prefix


def between(before: str, behind: str) -> str:
    """Return where a block lies, `before` and `behind` being its neighbours in words; nothing where it has none."""
    if before and behind:
        return f"between {before} and {behind}"
    return f"after {before}" if before else f"before {behind}" if behind else ""


def joining(topology: Topology, source: Source, block: Prefix, name: str | None = None) -> Iterator[str]:
    """Yield which route `block` of `source` would join, if any.

    `name`: the VNet that has the block, where it is in the topology already.
    """
    route = route_joined(topology, source, block)
    others = [one for one in route.networks if one != name] if route is not None else []
    if route is not None and others:
        yield f"joins the route {route.prefix} with {_counted(others)}"


def advertising(topology: Topology, block: Prefix) -> Iterator[str]:
    """Yield who advertises what of `block`: a summary over it, and prefixes in it."""
    summary = over(topology, block)
    if summary is not None:
        yield f"{_advertise(summary.sites)} {summary.prefix} over it"
    inside = within(topology, block)
    if inside:
        prefix, sites = inside[0]
        more = f" and {len(inside) - 1} more" if len(inside) > 1 else ""
        where = "this very prefix" if prefix == block else f"{prefix}{more} inside it"
        yield f"{_advertise(sites)} {where}: a VNet here and that route would compete"


def _advertise(sites: Sequence[str]) -> str:
    return f"{_counted(sites)} advertise{'s' if len(sites) == 1 else ''}"


def _counted(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
