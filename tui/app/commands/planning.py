"""Planning addresses: taking what the planner hands out, subnets, growth, moving, and ways out of collisions.

Invariant: each ends in a form or in one edit, which is one undo step; what it takes is shown before.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from tui.app.commands.command import Workbench, read_only
from tui.topology.edits import Edit, add, combined
from tui.topology.model import Topology, VNet
from tui.topology.parts import Path

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
        before = bench.store.topology.vnets
        if not name.strip():
            bench.say("nothing is added: the VNets need a name")
        elif bench.make(added(bench.store.topology, name.strip(), planned, bench.subscription)):
            bench.go_to(("vnets", next(one for one in bench.store.topology.vnets if one not in before)))

    bench.ask(f"Names of the {len(planned)} VNets begin with", "vnet", answer, select=True)


def added(topology: Topology, name: str, planned: tuple[Suggestion, ...], subscription: str | None) -> Edit:
    """Return the edit that adds a VNet for each block: `name`-1, `name`-2 and so on, names that are taken left out."""
    taken = {*topology.vnets, *topology.sites}
    edits = []
    names = (f"{name}-{number}" for number in count(1))
    for one, chosen in zip(planned, (free for free in names if free not in taken), strict=False):
        vnet = VNet(subscription=subscription, region=one.source.region, address_space=(one.prefix,), growth=one.held)
        edits.append(add(("vnets", chosen), vnet))
    return combined(f"Add {len(planned)} VNets", edits)


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
    if path and _is_subnet(path) and bench.make(halves(path[1], path[3])):
        bench.go_to(path)


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
    if bench.make(joined(path[1], first, second)):
        bench.go_to((*path[:-1], first))


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
