"""Adding, editing, renaming, duplicating, moving and deleting: what each of these commands does.

Invariant: each ends in a form or in one edit, which is one undo step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.app.commands.command import Workbench, things
from tui.errors import EditError, VnetTuiError
from tui.topology.edits import Edit, combined, delete, move_to_subscription, rename
from tui.topology.model import Topology
from tui.topology.parts import Path, entry_at
from tui.topology.prefix import Prefix

if TYPE_CHECKING:
    from tui.app.widgets.rows import Row

KINDS = {
    "vnet": "VNet",
    "subnet": "subnet of the selected VNet",
    "gateway": "VPN gateway of the selected VNet",
    "site": "on-premises site",
    "device": "VPN device of the selected site",
    "subscription": "subscription",
    "connection": "VPN or ExpressRoute connection of the selected network",
    "peering": "VNet peering of the selected VNet",
    "service": "cloud service, load-balanced endpoint or online backup",
    "pool": "pool of address space to plan from",
    "waiver": "waiver of a finding",
}
"""What can be added, by the word for it."""


def add(bench: Workbench) -> None:
    """Add what belongs where the cursor is."""
    if bench.pane == "planner":
        from tui.app.commands import planning

        planning.take(bench)
        return
    open_new(bench, _kind_here(bench))


def add_any(bench: Workbench) -> None:
    """Let the kind be picked, then add one."""
    bench.pick("Add", choices(KINDS), lambda kind: open_new(bench, str(kind)))


def open_new(bench: Workbench, kind: str) -> None:
    """Open the form for a new thing of that kind, where the cursor is."""
    from tui.app.forms import linking
    from tui.app.forms import things as forms

    topology, path = bench.store.topology, bench.selected
    vnet = path[1] if path and path[0] == "vnets" else None
    site = path[1] if path and path[0] == "sites" else None
    if kind in ("subnet", "gateway", "peering") and vnet is None:
        bench.say(f"select a VNet first: a {kind} belongs to one")
    elif kind == "device" and site is None:
        bench.say("select a site first: a device belongs to one")
    elif kind == "connection" and (vnet or site) is None:
        bench.say("select a VNet or a site first: a connection begins at one")
    elif kind == "gateway" and vnet is not None:
        bench.open_form(linking.gateway(topology, vnet))
    elif kind == "connection":
        bench.open_form(linking.connect(topology, [str(vnet or site)]))
    elif kind == "peering" and vnet is not None:
        bench.open_form(linking.peer(topology, [vnet]))
    else:
        block = Prefix.parse(bench.block) if bench.block is not None else None
        bench.open_form(forms.new(topology, kind, subscription=bench.subscription, vnet=vnet, site=site, prefix=block))


def _kind_here(bench: Workbench) -> str:
    path = bench.selected
    if bench.pane == "subscriptions":
        return "subscription"
    if bench.pane == "connections":
        return "connection"
    if bench.pane == "gateways":
        return "vnet"
    if path and bench.pane == "details" and path[0] in ("vnets", "sites"):
        return "subnet" if path[0] == "vnets" else "device"
    if path and path[0] == "sites" and bench.pane == "vnets":
        return "site"
    return "vnet"


def edit(bench: Workbench) -> None:
    """Edit what is selected, or a field of everything that is marked."""
    from tui.app.forms import things as forms

    topology, marked = bench.store.topology, bench.marked
    if len(marked) > 1:
        kinds = {path[:1] + path[2:3] for path in marked}
        if len(kinds) > 1:
            bench.say("what is marked is of several kinds: mark VNets alone, or sites alone")
        else:
            bench.open_form(forms.edit_many(topology, marked))
        return
    path = marked[0] if marked else bench.selected
    if path is not None:
        form = forms.edit(topology, path)
        keys = {field.key for field in form.fields}
        # A thing with a name of its own in Azure has that in another field than the name of the file.
        here = "display_name" if bench.field == "name" and "display_name" in keys else bench.field
        bench.open_form(replace(form, first=here) if here in keys else form)


def edit_topology(bench: Workbench) -> None:
    """Edit the name and the note of the whole."""
    from tui.app.forms import things as forms

    bench.open_form(forms.edit(bench.store.topology, ()))


def edit_planning(bench: Workbench) -> None:
    """Edit what the planner may hand out."""
    from tui.app.forms import things as forms

    bench.open_form(forms.edit(bench.store.topology, ("planning",)))


def rename_it(bench: Workbench) -> None:
    """Rename what is selected, with every reference to it."""
    path = bench.selected
    if not path:
        return
    if len(path) == 3 and path[2] == "gateway":
        bench.say("this has no key of its own to rename: e edits it")
        return

    def answer(name: str) -> None:
        if bench.make(rename(path, name.strip())):
            bench.go_to((*path[:-1], name.strip()))

    bench.ask(f"Rename {path[-1]} to", path[-1], answer)


def duplicate(bench: Workbench) -> None:
    """Open the form of a copy of what is selected, on free addresses of its own."""
    from tui.app.forms import things as forms

    path = bench.selected
    if path is None:
        return
    try:
        bench.open_form(forms.duplicate(bench.store.topology, path))
    except VnetTuiError as error:
        bench.say(error.message)


def remove(bench: Workbench) -> None:
    """Delete what is marked, or selected, with what depends on it."""
    paths = things(bench)
    if len(paths) == 1:
        bench.make(delete(paths[0]))
        return

    def without(topology: Topology) -> Topology:
        for path in paths:
            # What is marked may have gone with what was marked before it.
            if _is_there(topology, path):
                topology = delete(path).apply(topology)
        return topology

    bench.make(Edit(f"Delete {len(paths)} things", without))


def _is_there(topology: Topology, path: Path) -> bool:
    try:
        return entry_at(topology, path) is not None
    except EditError:
        return False


def move(bench: Workbench) -> None:
    """Move VNets to another subscription."""
    names = [path[1] for path in things(bench) if path[0] == "vnets"]
    known = bench.store.topology.subscriptions

    def answer(key: object) -> None:
        edits = [move_to_subscription(name, str(key)) for name in names]
        one = edits[0] if len(edits) == 1 else combined(f"Move {len(edits)} VNets to subscription {key}", edits)
        bench.make(one)

    what = names[0] if len(names) == 1 else f"{len(names)} VNets"
    bench.pick(f"Move {what} to subscription", choices({key: part.name or "" for key, part in known.items()}), answer)


def no_vnets_to_move(bench: Workbench) -> str | None:
    """Moving works on VNets, and needs a subscription to go to."""
    if bench.store.read_only:
        return "this session is read-only"
    if not any(path[0] == "vnets" for path in things(bench) if path):
        return "select a VNet first"
    return None if bench.store.topology.subscriptions else "there is no subscription yet: add one (1, a)"


def choices(known: Mapping[str, str]) -> Callable[[str], Sequence[Row]]:
    """Return what the picker asks for: the rows of `known` (key to description) that hold what is typed."""
    from tui.app.widgets.rows import Cell, Row

    rows = [Row(key, (Cell(key), Cell(what))) for key, what in known.items()]

    def holding(text: str) -> list[Row]:
        wanted = text.casefold()
        return [row for row in rows if any(wanted in cell.text.casefold() for cell in row.cells)]

    return holding
