"""Screens that plan addresses: the map of a pool, and the renumbering assistant.

Invariant: what they are left with goes through the same forms and edits as everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen
    from tui.planner.renumber.proposal import Step
    from tui.topology.prefix import Prefix


def next_free(bench: WorkbenchScreen) -> None:
    """Ask the planner for a size or a number of hosts, and show what it would hand out while one types."""
    _ask_planner(bench, bench.overview.request)


def ask_instead(bench: WorkbenchScreen) -> None:
    """Ask the planner for what the way out under the cursor would have one ask for."""
    from tui.planner.request import request_text

    way = bench.way_out
    if way is not None and way.request is not None:
        _ask_planner(bench, request_text(way.request))


def _ask_planner(bench: WorkbenchScreen, text: str) -> None:
    view, before = bench.overview, bench.overview.request

    def asked(line: str) -> None:
        view.plan(line.strip() or before)
        bench.go_to_pane(view.planner)
        view.planner.list.action_home()
        view.planner.list.action_cursor_down()

    def given_up() -> None:
        view.plan(before)
        bench.go_to_pane(view.planner)

    def typed(line: str) -> None:
        view.plan(line)
        view.planner.list.action_home()

    bench.say("")
    bench.go_to_pane(view.planner)
    typed(text)
    bench.prompt.ask(
        "/22, 500 hosts, 3 x /24 in POOL, grow /20", text, asked, typed=typed, given_up=given_up, select=True
    )


def show_map(bench: WorkbenchScreen) -> None:
    """Show the address map, at what is selected; a free block that is chosen there becomes a VNet."""
    from tui.app.forms import things
    from tui.app.screens.address_map import AddressMapScreen

    topology, path = bench.store.topology, bench.selected
    network = None
    if path and len(path) > 1 and path[0] in ("vnets", "sites"):
        network = topology.vnets.get(path[1]) or topology.sites.get(path[1])
    at = next(iter(network.address_space), None) if network is not None else None

    def chosen(block: Prefix | None) -> None:
        if block is None:
            return
        if bench.store.read_only:
            bench.say(f"{block} is free; this session is read-only")
        else:
            bench.open_form(things.new(topology, "vnet", subscription=bench.subscription, prefix=block))

    screen = AddressMapScreen(topology, palette=bench.palette, ascii_only=bench.ascii_only, at=at)
    bench.app.push_screen(screen, chosen)


def renumber(bench: WorkbenchScreen) -> None:
    """Show the cheapest way out of all overlaps, and make the steps that are accepted."""
    from tui.app.screens.renumber import RenumberScreen
    from tui.planner.renumber.proposal import edit_of

    def accepted(steps: tuple[Step, ...] | None) -> None:
        if steps and bench.store.read_only:
            bench.say("this session is read-only")
        elif steps:
            bench.make(edit_of(steps))

    screen = RenumberScreen(bench.store.topology, palette=bench.palette, ascii_only=bench.ascii_only)
    bench.app.push_screen(screen, accepted)
