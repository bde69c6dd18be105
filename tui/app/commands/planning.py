"""Planning addresses: taking what the planner hands out, subnets, growth, moving, and ways out of collisions.

Invariant: each ends in a form or in one edit, which is one undo step; what it takes is shown before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.commands.command import Workbench
from tui.topology.edits import Edit, add, combined, free_name
from tui.topology.model import Topology, VNet

if TYPE_CHECKING:
    from tui.planner.suggest import Suggestion


def take(bench: Workbench) -> None:
    """Make a VNet of the suggested block, or one of each block of a placement; or do what makes room."""
    planned, way = bench.planned, bench.way_out
    if way is not None and way.edit is not None:
        bench.make(way.edit)
    elif way is not None:
        bench.say(way.text)
    elif len(planned) == 1:
        _open_form(bench, planned[0])
    elif planned:
        _ask_for_names(bench, planned)
    else:
        bench.say("go to a suggested block first, or s asks for another size")


def _open_form(bench: Workbench, one: Suggestion) -> None:
    from tui.app.forms import things

    bench.open_form(
        things.new(
            bench.store.topology,
            "vnet",
            subscription=bench.subscription,
            prefix=one.prefix,
            growth=one.held,
            region=one.source.region,
        )
    )


def _ask_for_names(bench: Workbench, planned: tuple[Suggestion, ...]) -> None:
    def answer(name: str) -> None:
        if not name.strip():
            bench.say("nothing is added: the VNets need a name")
        elif bench.make(added(bench.store.topology, name.strip(), planned, bench.subscription)):
            first = f"{name.strip()}-1"
            bench.go_to(("vnets", first if first in bench.store.topology.vnets else name.strip()))

    bench.ask(f"Names of the {len(planned)} VNets begin with", "vnet", answer)


def added(topology: Topology, name: str, planned: tuple[Suggestion, ...], subscription: str | None) -> Edit:
    """Return the edit that adds a VNet for each block: `name`-1, `name`-2 and so on, names that are taken left out."""
    taken = {*topology.vnets, *topology.sites}
    edits = []
    for number, one in enumerate(planned, 1):
        chosen = free_name(taken, f"{name}-{number}")
        taken.add(chosen)
        vnet = VNet(subscription=subscription, region=one.source.region, address_space=(one.prefix,), growth=one.held)
        edits.append(add(("vnets", chosen), vnet))
    return combined(f"Add {len(planned)} VNets", edits)
