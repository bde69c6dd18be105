"""The overview: the six panes, and what of the topology each of them shows.

Owns what is in view: the chosen subscription, the thing that the work area shows, the order of the VNets, and the
marks. Invariant: every row is computed from the store's topology and findings when these change; a pane that
cannot be seen is filled when it comes into view.
"""

from __future__ import annotations

from functools import partial

from tui.app.panes import connections, details, gateways, problems, subscriptions, vnets
from tui.app.panes.rollup import by_thing, total
from tui.app.store import Store
from tui.app.widgets.pane import Pane
from tui.errors import EditError
from tui.topology.keypath import key_path
from tui.topology.model import Part
from tui.topology.parts import Path, entry_at

_SHOWABLE = {"subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers", "planning"}


class Overview:
    """The panes of the workbench, filled from its store."""

    def __init__(self, store: Store, *, ascii_only: bool = False) -> None:
        self.store = store
        pane = partial(Pane, ascii_only=ascii_only)
        self.subscriptions = pane("1", "Subscriptions", subscriptions.COLUMNS, empty="none yet", id="subscriptions")
        self.vnets = pane("2", "VNets", vnets.COLUMNS, empty="no VNets yet", id="vnets")
        self.gateways = pane("3", "Gateways", gateways.COLUMNS, empty="no gateways: v adds one", id="gateways")
        self.details = pane("4", "Details", details.COLUMNS, empty="select something", id="details")
        self.connections = pane("5", "Connections", connections.COLUMNS, empty="none: c connects", id="connections")
        self.problems = pane("6", "Problems", problems.COLUMNS, empty="nothing is wrong", id="problems")
        self.above = (self.subscriptions, self.vnets, self.gateways)
        self.below = (self.details, self.connections, self.problems)
        self.by_key = {str(place): pane for place, pane in enumerate((*self.above, *self.below), 1)}
        self.current = self.vnets
        self.tab = self.details
        self.alone = False
        """True if one pane is shown at a time."""
        self.shown: Path | None = None
        """What the work area shows."""
        self.order: vnets.Order = "file"
        self.marks: dict[Path, None] = {}

    def thing(self, key: object) -> Path | None:
        """Return the key as the path of a thing that exists, or None."""
        if not isinstance(key, tuple) or len(key) < 2 or key[0] not in _SHOWABLE:
            return None
        try:
            return key if isinstance(entry_at(self.store.topology, key), Part) else None
        except EditError:
            return None

    def nearest(self, path: Path) -> Path | None:
        """Return what stands at `path`, else the innermost thing around it, or None."""
        inner = (path[:length] for length in range(len(path), 1, -1))
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
        for one in (*self.above, *self.below):
            one.set_class(one is pane, "-current")
            one.set_class(one is self.tab, "-open")
        self.fill_work()

    def fill(self) -> None:
        """Show everything anew."""
        if self.shown is not None and self.thing(self.shown) is None:
            self.shown = None
        found = self.store.findings
        self.subscriptions.show(subscriptions.rows(self.store.topology, by_thing(found)))
        self.fill_networks()
        self.problems.show(problems.rows(found), f"({len(found)})")
        self.fill_work()

    def fill_networks(self) -> None:
        """Show the VNets, sites and gateways of the chosen subscription."""
        counts, topology = by_thing(self.store.findings), self.store.topology
        chosen = self.chosen
        order = "" if self.order == "file" else f"by {self.order}"
        networks = vnets.rows(topology, counts, subscription=chosen, order=self.order, marked=self.marks)
        self.vnets.show(networks, " ".join(filter(None, (f"of {chosen}" if chosen else "", order))))
        self.gateways.show(gateways.rows(topology, counts, subscription=chosen))

    def fill_work(self) -> None:
        """Show what the work area is about, where it can be seen."""
        topology, shown = self.store.topology, self.shown
        if self._in_view(self.details):
            self.details.show(details.rows(topology, shown), key_path(shown) if shown else "")
        if self._in_view(self.connections):
            network = shown[1] if shown and shown[0] in ("vnets", "sites") else None
            links = connections.rows(topology, by_thing(self.store.findings), network=network, marked=self.marks)
            self.connections.show(links, f"of {network}" if network else "")

    def _in_view(self, pane: Pane) -> bool:
        return pane is self.tab and (pane is self.current or not self.alone)

    def reveal(self, path: Path) -> None:
        """Put the cursor of the VNets on the network at `path`, whatever hid it."""
        self.vnets.filter = ""
        if not self.vnets.has_row(path):
            self.subscriptions.list.move_to(())
        self.fill_networks()
        self.vnets.list.move_to(path)

    def summary(self) -> str:
        """Return what the line at the top says."""
        store, topology, found = self.store, self.store.topology, total(self.store.findings)
        marks = (" * unsaved" if store.unsaved else "") + (" (read-only)" if store.read_only else "")
        gateway_count = sum(vnet.gateway is not None for vnet in topology.vnets.values())
        parts = (
            f"{store.name}{marks}",
            f"{len(topology.vnets)} VNets, {len(topology.sites)} sites, {gateway_count} gateways, "
            f"{len(topology.connections)} connections",
            f"{found.error} errors, {found.warning} warnings" if store.is_checked else "checking",
        )
        return " " + "  |  ".join(parts)
