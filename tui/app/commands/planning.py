"""Planning addresses: taking what the planner hands out, subnets, growth, moving, and ways out of collisions.

Invariant: each ends in a form or in one edit, which is one undo step; what it takes is shown before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.commands.command import Workbench, read_only
from tui.topology.parts import Path

if TYPE_CHECKING:
    from tui.app.panes.planner import Chosen
    from tui.planner.refusal import WayOut
    from tui.topology.edits import Edit


def take(bench: Workbench) -> None:
    """Make a VNet of the suggested block, or one of each block of a placement; or do what makes room."""
    planned, way = bench.planned, bench.way_out
    if way is not None:
        _go_out(bench, way)
    elif planned is not None:
        _open_form(bench, planned)
    else:
        bench.say("go to a suggested block first, or s asks for another size")


def _go_out(bench: Workbench, way: WayOut) -> None:
    if way.edit is not None:
        bench.make(way.edit)
    elif way.request is not None:
        bench.run_on_screen("ask-instead")
    elif way.moves is not None:
        bench.go_to(("vnets", way.moves))
        _relocate_network(bench, ("vnets", way.moves))
    else:
        bench.say(way.text)


def _open_form(bench: Workbench, planned: Chosen) -> None:
    from tui.app.forms import batch, things

    topology, one = bench.store.topology, planned.blocks[0]
    if planned.whole and planned.request.count > 1:
        asked, region = planned.request.count, planned.request.region
        several = batch.several_vnets(
            topology, planned.blocks, asked=asked, subscription=bench.subscription, region=region
        )
        bench.open_form(several)
        return
    bench.open_form(
        things.new(
            topology,
            "vnet",
            subscription=bench.subscription,
            prefix=one.prefix,
            growth=one.held,
            region=planned.region(one),
        )
    )


def plan_subnets(bench: Workbench) -> None:
    """Plan several subnets of the VNet at once."""
    from tui.app.forms import planning

    path = bench.selected
    if path:
        bench.open_form(planning.subnets(bench.store.topology, path[1]))


def resize(bench: Workbench) -> None:
    """Give the subnet another size, or the VNet more address space."""
    from tui.app.forms import planning

    path, topology = bench.selected, bench.store.topology
    if path and _is_subnet(path):
        bench.open_form(planning.resized(topology, path[1], path[3]))
    elif path:
        bench.open_form(planning.grown(topology, path[1]))


def split(bench: Workbench) -> None:
    """Make two subnets of one."""
    from tui.planner.subnets.edits import split as halves

    path = bench.selected
    if path and _is_subnet(path):
        _change_ranges(bench, halves(path[1], path[3]), path)


def join(bench: Workbench) -> None:
    """Make one subnet of this one and its other half."""
    from tui.planner.subnets.edits import join as joined
    from tui.planner.subnets.edits import joinable

    path = bench.selected
    if not path or not _is_subnet(path):
        return
    vnet = bench.store.topology.vnets[path[1]]
    other = joinable(vnet, path[3])
    if other is None:
        bench.say(f"{path[3]} has no other half to be joined with: that would be a subnet of its size beside it")
        return
    # The one that lies first gives the name.
    first, second = sorted((path[3], other), key=lambda name: min(vnet.subnets[name].prefixes))
    _change_ranges(bench, joined(path[1], first, second), (*path[:-1], first))


def _change_ranges(bench: Workbench, edit: Edit, path: Path) -> None:
    """Make an edit that gives subnets other ranges, go to `path`, and say what that means in Azure."""
    from tui.app.forms.judging import new_in_vnet
    from tui.planner.subnets.edits import ONLY_WHILE_EMPTY

    before = bench.store.topology
    if not bench.make(edit):
        return
    bench.go_to(path)
    vnet = bench.store.topology.vnets[path[1]]
    said = [ONLY_WHILE_EMPTY] if vnet.state != "planned" else []
    said += (text for _, text in new_in_vnet(before, edit, path[1]))
    if said:
        bench.say("; ".join((edit.title, *said)))


def relocate(bench: Workbench) -> None:
    """Let another place be chosen for the subnet, or other addresses for the VNet or the site."""
    path = bench.selected
    if path and _is_subnet(path):
        _relocate_subnet(bench, path)
    elif path:
        _relocate_network(bench, path)


def _relocate_subnet(bench: Workbench, path: Path) -> None:
    from tui.app.commands.editing import choices
    from tui.planner.subnets.edits import ONLY_WHILE_EMPTY
    from tui.planner.subnets.moves import move_subnet, places

    vnet = bench.store.topology.vnets[path[1]]
    found = {str(block): block for block in places(vnet, path[3])}
    if not found:
        bench.say(f"no other place in {path[1]} has room for {path[3]}")
        return

    def answer(key: object) -> None:
        if bench.make(move_subnet(path[1], path[3], found[str(key)])):
            bench.go_to(path)

    said = "free" if vnet.state == "planned" else f"free; {ONLY_WHILE_EMPTY}"
    title = f"Move {path[3]} of {path[1]} to, the nearest place first"
    bench.pick(title, choices(dict.fromkeys(found, said)), answer, whole=2)


def _relocate_network(bench: Workbench, path: Path) -> None:
    from tui.app.panes import moves as lines
    from tui.planner.refusal import Refusal
    from tui.planner.renumber.moving import moved, moves

    found = moves(bench.store.topology, path[1])
    if isinstance(found, Refusal):
        ways = "".join(f". Way out: {way.text}" for way in found.ways)
        bench.say(f"{found.message}{ways}")
        return

    def answer(key: object) -> None:
        bench.make(moved(lines.chosen(found, key)))

    bench.pick(f"Move {path[1]} to", lambda text: lines.rows(found, text), answer, columns=lines.COLUMNS, whole=8)


def not_a_subnet(bench: Workbench) -> str | None:
    """It works on a subnet, which the details of a VNet show."""
    path = bench.selected
    return read_only(bench) or (None if path and _is_subnet(path) else "select a subnet first, in the details (4)")


def no_space_to_move(bench: Workbench) -> str | None:
    """It works on a subnet, a VNet or a site."""
    path = bench.selected
    here = path is not None and (len(path) == 2 or _is_subnet(path)) and path[0] in ("vnets", "sites")
    return read_only(bench) or (None if here else "select a VNet, a site or a subnet first")


def no_space_to_resize(bench: Workbench) -> str | None:
    """It works on a subnet or a VNet."""
    path = bench.selected
    here = path is not None and (len(path) == 2 or _is_subnet(path)) and path[0] == "vnets"
    return read_only(bench) or (None if here else "select a VNet or a subnet first")


def _is_subnet(path: Path) -> bool:
    return len(path) == 4 and path[2] == "subnets"
