"""Going to a thing: which pane shows it, and where the cursor goes.

Invariant: a path that is gone to is that of a thing, and is on the screen afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.topology.parts import Path

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen
    from tui.app.widgets.pane import Pane


def show(bench: WorkbenchScreen, path: Path) -> None:
    """Put the cursor on what stands at `path`."""
    view = bench.overview
    if path[0] in ("vnets", "sites"):
        view.shown = path[:2]
        view.reveal(path[:2])
        if len(path) > 2:
            _show_all(view.details)
            bench.go_to_pane(view.details)
            view.details.list.move_to(path)
        else:
            bench.go_to_pane(view.vnets)
    elif path[0] == "subscriptions":
        _show_all(view.subscriptions)
        view.subscriptions.list.move_to(path)
        view.shown = path
        bench.go_to_pane(view.subscriptions)
    elif path[0] in ("connections", "peerings"):
        view.shown = None
        _show_all(view.connections)
        bench.go_to_pane(view.connections)
        view.connections.list.move_to(path)
    else:
        view.shown = path
        _show_all(view.details)
        bench.go_to_pane(view.details)


def arrive(bench: WorkbenchScreen, path: Path) -> None:
    """Show what a form made; whoever works in a list of networks stays there, and who accepts problems among them."""
    view = bench.overview
    if path[0] == "waivers" and view.current is view.problems:
        return
    if view.current in view.below or (len(path) == 2 and path[0] in ("vnets", "sites", "subscriptions")):
        show(bench, path)
    elif path[0] in ("connections", "peerings"):
        _show_all(view.connections)
        view.open_tab(view.connections)
        view.connections.list.move_to(path)
    elif path[0] in ("vnets", "sites"):
        view.shown = path[:2]
        _show_all(view.details)
        view.open_tab(view.details)
        view.details.list.move_to(path)
    else:
        view.shown = path
        view.open_tab(view.details)


def _show_all(pane: Pane) -> None:
    if pane.filter:
        pane.narrow("")
