"""Connecting, peering, gateways; fixing and waiving problems.

Invariant: what a link does to a budget is shown in a form before it is done.
"""

from __future__ import annotations

import datetime

from tui.app.commands.command import Workbench, networks, read_only
from tui.app.commands.editing import choices


def connect(bench: Workbench) -> None:
    """Connect the marked networks, or the selected one with others."""
    from tui.app.forms import linking

    bench.open_form(linking.connect(bench.store.topology, networks(bench)))


def peer(bench: Workbench) -> None:
    """Peer the marked VNets, or the selected one with another."""
    from tui.app.forms import linking

    bench.open_form(linking.peer(bench.store.topology, networks(bench)))


def gateway(bench: Workbench) -> None:
    """Give the VNet a VPN gateway, or edit the one that it has."""
    from tui.app.forms import linking, things

    path, topology = bench.selected, bench.store.topology
    if path is None:
        return
    if topology.vnets[path[1]].gateway is None:
        bench.open_form(linking.gateway(topology, path[1]))
    else:
        bench.open_form(things.edit(topology, ("vnets", path[1], "gateway")))


def fix(bench: Workbench) -> None:
    """Apply the fix that the problem offers; where it offers several, let one be picked."""
    finding = bench.finding
    if finding is None or not finding.fixes:
        return
    if len(finding.fixes) == 1:
        bench.make(finding.fixes[0])
        return
    titles = {edit.title: "" for edit in finding.fixes}

    def mend(title: object) -> None:
        bench.make(next(edit for edit in finding.fixes if edit.title == title))

    bench.pick(f"Mend {finding.code}", choices(titles), mend)


def waive(bench: Workbench) -> None:
    """Accept the problem on purpose, with a reason and an owner."""
    from tui.app.forms import waiving

    if bench.finding is not None:
        bench.open_form(waiving.waive(bench.store.topology, bench.finding, datetime.date.today()))


def nothing_to_waive(bench: Workbench) -> str | None:
    """Waiving works on a problem that is not waived yet."""
    finding = bench.finding
    if finding is None:
        return read_only(bench) or "go to a problem first (6)"
    return read_only(bench) or (f"it is waived already: {finding.waived}" if finding.waived is not None else None)
