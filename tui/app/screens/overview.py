"""The overview: the panes, and what of the topology each of them shows.

Owns what is in view: the chosen subscription, the thing that the work area shows, the order of the VNets, what is
folded, and the marks. Invariant: every row is computed from the store's topology and findings when these change; a
pane that cannot be seen is filled when it comes into view.
"""

from __future__ import annotations

import datetime
from functools import partial

from tui.app.panes import gateways, subscriptions, vnets
from tui.app.panes.rollup import by_thing, total
from tui.app.store import Store
from tui.app.widgets.pane import Pane
from tui.checks.rule import Finding
from tui.errors import EditError
from tui.topology.derived import gateways as all_gateways
from tui.topology.keypath import key_path
from tui.topology.model import Part, Topology
from tui.topology.parts import Path, entry_at

_USUAL_REQUEST = "/22"
_TABS = (("4", "Details"), ("5", "Connections"), ("6", "Problems"), ("7", "Planner"))
_SHOWABLE = {"subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers", "planning"}


class Overview:
    """The panes of the workbench, filled from its store."""

    def __init__(self, store: Store, *, ascii_only: bool = False) -> None:
        self.store = store
        self.ascii_only = ascii_only
        pane = partial(Pane, ascii_only=ascii_only)
        self.subscriptions = pane("1", "Subscriptions", subscriptions.COLUMNS, empty="none yet", id="subscriptions")
        self.vnets = pane("2", "VNets", vnets.COLUMNS, empty="no VNets yet: a adds one", id="vnets")
        self.gateways = pane("3", "Gateways", gateways.COLUMNS, empty="no gateways: v adds one", id="gateways")
        pane = partial(pane, tabs=_TABS)
        self.details = pane("4", "Details", (), empty="select something", id="details")
        self.connections = pane("5", "Connections", (), empty="none: c connects", id="connections")
        self.problems = pane("6", "Problems", (), empty="nothing is wrong", id="problems")
        self.planner = pane("7", "Planner", (), empty="nothing is free", id="planner")
        self.above = (self.subscriptions, self.vnets, self.gateways)
        self.below = (self.details, self.connections, self.problems, self.planner)
        self.panes = (*self.above, *self.below)
        self.by_key = {str(place): pane for place, pane in enumerate(self.panes, 1)}
        self.current = self.vnets
        self.tab = self.details
        self.alone = False
        """True if one pane is shown at a time."""
        self.shown: Path | None = None
        """What the work area shows; the empty path is the topology itself."""
        self.order: vnets.Order = "file"
        self.tags: tuple[str, ...] = ()
        """The tags that are shown as columns of the VNets."""
        self.today = datetime.date.today()
        self.request = _USUAL_REQUEST
        """What the planner was asked for."""
        self.longest_reason = ""
        """Of what the rows of the planner say: the list does not jump where there is room for it."""
        self.marks: dict[Path, None] = {}
        self._toggled: set[str] = set()
        """The groups of problems, and the placements, that are not as they are by themselves: unfolded, or folded."""
        self._filled: dict[Pane, tuple[Topology, tuple[Finding, ...], object]] = {}
        """What the panes of the work area were filled from."""

    def thing(self, key: object) -> Path | None:
        """Return the key as the path of a thing that exists, or None."""
        if not isinstance(key, tuple) or not key or key[0] not in _SHOWABLE:
            return None
        try:
            return key if isinstance(entry_at(self.store.topology, key), Part) else None
        except EditError:
            return None

    def nearest(self, path: Path) -> Path | None:
        """Return what stands at `path`, else the innermost thing around it, or None."""
        inner = (path[:length] for length in range(len(path), 0, -1))
        return next((one for one in inner if self.thing(one) is not None), None)

    @property
    def chosen(self) -> str | None:
        """The subscription that the cursor has chosen, or None for all of them."""
        key = self.subscriptions.list.cursor_key
        return str(key[1]) if isinstance(key, tuple) and len(key) == 2 else None

    def make_current(self, pane: Pane) -> None:
        """Take `pane` for the one that the cursor is in; one of the work area comes to the front there."""
        self.current = pane
        if pane in self.below:
            self.tab = pane
        self._classify()
        self.fill_work()

    def begin(self) -> None:
        """Say how the panes look to begin with, before they are there: afterwards it would cost as much again."""
        self._classify(update=False)

    def _classify(self, *, update: bool = True) -> None:
        for one in self.panes:
            one.set_class(one is self.current, "-current", update=update)
            one.set_class(one is self.tab, "-open", update=update)

    def open_tab(self, pane: Pane) -> None:
        """Bring a pane of the work area to the front, without the cursor."""
        self.tab = pane
        self._classify()
        self.fill_work()

    def fill(self) -> None:
        """Show everything anew."""
        if self.shown and self.thing(self.shown) is None:
            self.shown = None
        found = self.store.findings
        self.subscriptions.show(subscriptions.rows(self.store.topology, by_thing(found), whole=total(found)))
        self.fill_networks()
        self.fill_work()

    def fill_networks(self) -> None:
        """Show the VNets, sites and gateways of the chosen subscription."""
        counts, topology = by_thing(self.store.findings), self.store.topology
        chosen = self.chosen
        order = "" if self.order == "file" else f"by {self.order}"
        self.vnets.list.set_columns(vnets.columns(self.tags))
        networks = vnets.rows(
            topology, counts, subscription=chosen, order=self.order, marked=self.marks, tags=self.tags
        )
        self.vnets.show(networks, " ".join(filter(None, (f"of {chosen}" if chosen else "", order))))
        self.vnets.list.set_sorted(vnets.sorted_column(self.order, self.tags))
        self.gateways.show(gateways.rows(topology, counts, subscription=chosen, marked=self.marks))

    def fill_work(self) -> None:
        """Show what the work area is about, where it can be seen.

        What makes the rows of a tab is imported when it is opened: the editor starts sooner.
        """
        topology, shown, tab = self.store.topology, self.shown, self.tab
        if tab is not self.current and self.alone:
            return
        found = self.store.findings
        about = (topology, found, (shown, self.request, frozenset(self._toggled), tuple(self.marks)))
        before = self._filled.get(tab)
        if before is not None and before[0] is topology and before[1] is found and before[2] == about[2]:
            return
        self._filled[tab] = about
        if tab is self.details:
            from tui.app.panes import details

            tab.list.set_columns(details.COLUMNS)
            lines = details.rows(topology, shown, today=self.today, findings=found)
            self.details.show(lines, key_path(shown) if shown else "")
        elif tab is self.connections:
            from tui.app.panes import connections

            tab.list.set_columns(connections.COLUMNS)
            network = shown[1] if shown and len(shown) > 1 and shown[0] in ("vnets", "sites") else None
            links = connections.rows(topology, by_thing(found), network=network, marked=self.marks)
            self.connections.show(links, f"of {network}" if network else "")
        elif tab is self.problems:
            from tui.app.panes import problems

            tab.list.set_columns(problems.COLUMNS)
            self.problems.show(problems.rows(found, folded=self.folded, ascii_only=self.ascii_only), f"({len(found)})")
        else:
            from tui.app.panes import planner

            tab.list.set_columns(planner.COLUMNS)
            rows = planner.rows(topology, self.request, toggled=self._toggled, ascii_only=self.ascii_only)
            self.longest_reason = max((row.cells[-1].text for row in rows), key=len, default="")
            self.planner.show(rows, f"for {self.request}")

    def show_cursor_of(self, pane: Pane) -> None:
        """Let the work area be about what the cursor of a pane above is on."""
        key = pane.list.cursor_key
        if pane is self.subscriptions:
            self.shown = key if isinstance(key, tuple) else None
        else:
            path = self.thing(key)
            self.shown = path[:2] if path else self.shown

    @property
    def folded(self) -> frozenset[str]:
        """The groups of problems of which only the head is shown."""
        from tui.app.panes import problems

        return problems.default_folded(self.store.findings) ^ self._toggled

    def plan(self, request: str) -> None:
        """Let the planner answer `request`."""
        from tui.planner.placement import STRATEGIES

        self.request = request
        self._toggled.difference_update(STRATEGIES)
        self.fill_work()

    def toggle(self, group: str) -> None:
        """Fold or unfold a group of problems, or the blocks of a strategy."""
        self._toggled ^= {group}
        self.fill_work()

    def reveal(self, path: Path) -> None:
        """Put the cursor of the VNets on the network at `path`, whatever hid it."""
        self.vnets.filter = ""
        if not self.vnets.has_row(path):
            if self.subscriptions.filter:
                self.subscriptions.narrow("")
            self.subscriptions.list.move_to(())
        self.fill_networks()
        self.vnets.list.move_to(path)

    def summary(self) -> str:
        """Return what the line at the top says."""
        store, topology, found = self.store, self.store.topology, total(self.store.findings)
        marks = (" * unsaved" if store.unsaved else "") + (" (read-only)" if store.read_only else "")
        if not store.is_checked:
            wrong = "checking"
        elif found.error or found.warning:
            wrong = f"{_counted(found.error, 'error')}, {_counted(found.warning, 'warning')}"
        else:
            wrong = "nothing wrong"
        counts = ", ".join(
            (
                _counted(len(topology.vnets), "VNet"),
                _counted(len(topology.sites), "site"),
                _counted(len(all_gateways(topology)), "gateway"),
                _counted(len(topology.connections), "connection"),
            )
        )
        return f" {store.name}{marks}  |  {wrong}  |  {counts}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
