"""Advertised: the summaries that sites route, and how a block lies to them.

Owns looking them up. A default route is left out, for it holds everything.
Invariant: a summary uses nothing up; it is only told.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.topology.derived import SITES, derived_from
from tui.topology.intervals import PrefixIndex
from tui.topology.model import Topology
from tui.topology.prefix import Prefix


class Advertised(NamedTuple):
    """One prefix that sites advertise."""

    prefix: Prefix
    sites: tuple[str, ...]


@derived_from(SITES)
def summaries(topology: Topology) -> PrefixIndex[str]:
    """Return what sites advertise, each with the site, but for default routes."""
    return PrefixIndex(
        (prefix, name) for name, site in topology.sites.items() for prefix in site.advertises if prefix.length
    )


def over(topology: Topology, block: Prefix) -> Advertised | None:
    """Return the narrowest summary that is wider than `block` and holds it, with all sites that advertise it."""
    found = [*summaries(topology).wider(block)]
    return _of_prefix(found[-1][0], found) if found else None


def within(topology: Topology, block: Prefix) -> list[Advertised]:
    """Return what is advertised that equals `block` or lies inside, the widest first.

    Such a route competes with that of a VNet that has the block (Microsoft: VPN Gateway FAQ, BGP; rule ADR011).
    """
    found = [*summaries(topology).within(block)]
    by_width = sorted(dict.fromkeys(prefix for prefix, _ in found), key=lambda prefix: (prefix.length, prefix.first))
    return [_of_prefix(prefix, found) for prefix in by_width]


def competes(topology: Topology, block: Prefix) -> bool:
    """True if any summary equals `block` or lies inside."""
    return next(summaries(topology).within(block), None) is not None


def _of_prefix(prefix: Prefix, found: list[tuple[Prefix, str]]) -> Advertised:
    return Advertised(prefix, tuple(dict.fromkeys(site for one, site in found if one == prefix)))
