"""WAI: waivers that no longer do anything.

Invariant: a waiver is judged by the findings of the same run, so it is never useless and used at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from tui.checks.rule import Found, rule
from tui.topology.edits import delete
from tui.topology.model import Topology

CODE = "WAI001"


WAI001 = rule(
    CODE,
    "warning",
    "a waiver that has expired or matches nothing",
    why="A waiver accepts one finding on purpose and for a time; one that is left behind hides the next mistake.",
    source="vnet-tui: the file, [waivers]",
    help="delete the waiver, or correct its code, its where or its day",
)


def useless(topology: Topology, matched: frozenset[str], today: datetime.date) -> Iterator[Found]:
    """Yield the waivers that have expired, or are not in `matched`, the names of those that matched something."""
    for name, waiver in topology.waivers.items():
        path = ("waivers", name)
        if waiver.expires is not None and waiver.expires < today:
            yield Found(
                (path,),
                f"waiver {name} for {waiver.code} expired on {waiver.expires.isoformat()}",
                fixes=(delete(path),),
            )
        elif name not in matched:
            yield Found((path,), f"waiver {name} for {waiver.code} matches no finding", fixes=(delete(path),))
