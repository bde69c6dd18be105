"""Taking over: a topology as it would be if it said what Azure says.

Invariant: what a topology says beyond Azure, and what is only planned, is the same before and after: what differs is
drift.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.exchange.assembling.assembly import assembled
from tui.exchange.gathering import Gathered
from tui.exchange.rehearsing.rehearsal import merged
from tui.topology.model import Topology


class TakenOver(NamedTuple):
    """A topology that says what a source says."""

    topology: Topology
    untold: int
    """How much of the source is missing or not understood."""
    in_conflict: int
    """How many things could not be put in."""


def taken_over(topology: Topology | None, source: Gathered) -> TakenOver:
    """Return `topology` (None: nothing) with everything in it that Azure decides as `source` says, and nothing else."""
    assembly = assembled(source.found, topology, state=source.state)
    untold = sum(notice.kind in ("missing", "not understood") for notice in assembly.notices)
    return TakenOver(merged(topology, assembly, prune=True).after, untold, len(assembly.conflicts))
