"""Occupancy: how many addresses of a block are in use, held, or kept from being handed out.

Owns the sums over what `holdings` lists. Invariant: an address counts once, as what it is first of these three.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.planner.holdings import holdings
from tui.topology.derived import derived
from tui.topology.intervals import Stretches
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix


class Occupancy(NamedTuple):
    """Three sets of addresses, each with all of the one before."""

    in_use: Stretches
    in_use_or_held: Stretches
    taken: Stretches
    """These, and what is avoided or refused."""


@derived
def occupancy(topology: Topology) -> Occupancy:
    """Return what the addresses of a topology are taken by."""
    index = holdings(topology).index
    held = [entry for version in BITS for entry in index.within(Prefix(version, 0, 0))]
    return Occupancy(
        Stretches(prefix for prefix, who in held if who.is_in_use),
        Stretches(prefix for prefix, who in held if who.is_network),
        Stretches(prefix for prefix, _ in held),
    )
