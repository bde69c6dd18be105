"""Taking over: a topology as it would be if it said what Azure says, and two answers of Azure side by side.

Invariant: what a topology says beyond Azure, and what is only planned, is the same before and after: what differs is
drift. What is gone from Azure is gone here, whatever of the topology still names it.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.errors import VnetTuiError
from tui.exchange.assembling.assembly import Assembly, assembled
from tui.exchange.gathering import Gathered
from tui.exchange.rehearsing.gone import without_networks_alone
from tui.exchange.rehearsing.rehearsal import TABLES, merged
from tui.topology.model import Topology
from tui.topology.parts import entry_at, table_at


class TakenOver(NamedTuple):
    """A topology that says what a source says."""

    topology: Topology
    untold: int = 0
    """How much of the source is missing or not understood."""
    in_conflict: int = 0
    """How many things could not be put in."""
    is_about_it: bool = True
    """False where the source tells nothing of what the topology has in Azure: likely it is of something else."""

    @property
    def shortcoming(self) -> str:
        """Why a comparison is not all of it: "1 missing or not understood, 0 in conflict"; empty where it is."""
        told = f"{self.untold} missing or not understood, {self.in_conflict} in conflict"
        return told if self.untold or self.in_conflict else ""


def taken_over(topology: Topology, source: Gathered) -> TakenOver:
    """Return `topology` with everything in it that Azure decides as `source` says, and nothing else."""
    assembly = assembled(source.found, topology, state=source.state)
    rehearsal = merged(topology, assembly, prune=True)
    after = without_networks_alone(rehearsal.after, rehearsal.needed)
    is_about_it = any(item.status == "gone" for item in rehearsal.items) or _mentions(assembly, topology)
    return TakenOver(after, *_shortcomings(assembly), is_about_it=is_about_it or not _has_deployed(topology))


def side_by_side(before: Gathered, after: Gathered) -> tuple[TakenOver, TakenOver]:
    """Return what two sources say, each by itself; what both have goes by the same names."""
    earlier = assembled(before.found, state=before.state)
    later = assembled(after.found, earlier.topology, state=before.state)
    return TakenOver(earlier.topology, *_shortcomings(earlier)), TakenOver(later.topology, *_shortcomings(later))


def nothing_about(file: str, source: str) -> VnetTuiError:
    """Return what is wrong with a comparison with a source that tells nothing at all of a topology."""
    return VnetTuiError(
        f"{source} tells nothing of what {file} has in Azure, and nothing else: there is nothing to compare",
        "is it of the right subscription, and was it printed with all of its properties?",
    )


def _shortcomings(assembly: Assembly) -> tuple[int, int]:
    untold = sum(notice.kind in ("missing", "not understood") for notice in assembly.notices)
    return untold, len(assembly.conflicts)


def _mentions(assembly: Assembly, topology: Topology) -> bool:
    return any(path[0] != "subscriptions" and path[1] in table_at(topology, path[:1]) for path in assembly.present)


def _has_deployed(topology: Topology) -> bool:
    return any(
        entry_at(topology, (table, key)).state != "planned"
        for table in TABLES
        if table != "subscriptions"
        for key in table_at(topology, (table,))
    )
