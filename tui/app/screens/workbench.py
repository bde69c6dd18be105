"""The workbench: three panes above, a work area below, a status line, and the commands.

Owns what is in view: the chosen subscription and network, the order of the VNets, filters, marks, and where one
came from. Invariant: every fact on it is computed from the store's topology when that changes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar, get_args

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import DescendantFocus, Resize
from textual.screen import Screen
from textual.widgets import Static

from tui.app.commands import Command, commands
from tui.app.panes import connections, details, gateways, problems, subscriptions, vnets
from tui.app.panes.rollup import by_thing, total
from tui.app.screens.files import quit_or_ask, save_or_ask
from tui.app.screens.help import HelpScreen
from tui.app.store import Change, Store
from tui.app.widgets.pane import Pane
from tui.app.widgets.prompt import Prompt
from tui.app.widgets.row_list import RowList
from tui.checks.rule import Finding
from tui.connectivity.search import by_name, by_prefix, prefix_of
from tui.display import displayable
from tui.errors import EditError, VnetTuiError
from tui.topology.edits import Edit
from tui.topology.keypath import key_path
from tui.topology.model import Part
from tui.topology.parts import Path, entry_at

_NARROW = 100
"""Columns below which one pane is shown at a time."""

_SHOWABLE = {"subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers", "planning"}


def _bindings() -> list[BindingType]:
    return [
        Binding(",".join(command.keys), f"command('{command.id}')", command.title, id=command.id, show=command.footer)
        for command in commands().values()
    ]


class WorkbenchScreen(Screen[None]):
    """The main screen."""

    CSS_PATH: ClassVar[str] = "workbench.tcss"
    BINDINGS: ClassVar[list[BindingType]] = _bindings()

    def __init__(self, store: Store, palette: Mapping[str, Style], *, ascii_only: bool = False) -> None:
        super().__init__()
        self.store = store
        self._palette = palette
        pane = partial(Pane, ascii_only=ascii_only)
        self._subscriptions = pane("1", "Subscriptions", subscriptions.COLUMNS, empty="none yet", id="subscriptions")
        self._vnets = pane("2", "VNets", vnets.COLUMNS, empty="no VNets yet", id="vnets")
        self._gateways = pane("3", "Gateways", gateways.COLUMNS, empty="no gateways: v adds one", id="gateways")
        self._details = pane("4", "Details", details.COLUMNS, empty="select something", id="details")
        self._connections = pane("5", "Connections", connections.COLUMNS, empty="none: c connects", id="connections")
        self._problems = pane("6", "Problems", problems.COLUMNS, empty="nothing is wrong", id="problems")
        self.panes = {
            "1": self._subscriptions,
            "2": self._vnets,
            "3": self._gateways,
            "4": self._details,
            "5": self._connections,
            "6": self._problems,
        }
        self.prompt = Prompt()
        self._status = Static("", id="status", markup=False)
        self._head = Static("", id="head", markup=False)
        self._current = self._vnets
        self._shown: Path | None = None
        self._order: vnets.Order = "file"
        self._marks: dict[Path, None] = {}
        self._came_from: list[Path] = []
        self._problem = -1

    # The protocol that commands speak.

    @property
    def selected(self) -> Path | None:
        """The thing under the cursor; in a list of other lines, what the work area shows."""
        key = self._current.list.cursor_key
        if self._current is self._problems and self.finding is not None:
            key = self.finding.where[0]
        return self._thing(key) or self._thing(self._shown)

    @property
    def marked(self) -> tuple[Path, ...]:
        """The marked things that still exist, in the order in which they were marked."""
        return tuple(path for path in self._marks if self._thing(path))

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor of the problems."""
        if self._current is not self._problems:
            return None
        key = self._problems.list.cursor_key
        return next((finding for finding in self._findings() if problems.key_of(finding) == key), None)

    def say(self, text: str) -> None:
        """Show a message in the status line."""
        self._status.update(displayable(f" {text}"))

    def ask(self, question: str, text: str, answer: Callable[[str], None]) -> None:
        """Ask in the prompt, and come back to where the cursor was."""
        at = self._current.list

        def done(line: str) -> None:
            at.focus()
            answer(line)

        def leave() -> None:
            at.focus()

        self.prompt.ask(question, text, done, given_up=leave)

    def make(self, edit: Edit) -> None:
        """Hand an edit to the store; say why if it cannot be made."""
        try:
            self.store.apply(edit)
        except EditError as error:
            self.say(f"{error.message}. {error.hint}".rstrip(" ."))

    def go_to(self, path: Path) -> None:
        """Move to what stands at `path`, and remember where one was."""
        if self._shown is not None and self._shown != path:
            self._came_from.append(self._shown)
        self._show_thing(path)

    def run_on_screen(self, what: str) -> None:
        """Do what concerns the screen alone."""
        kind, _, rest = what.partition("-")
        if kind in ("pane", "tab"):
            self._go_to_pane(self.panes[rest])
        else:
            getattr(self, f"_do_{what.replace('-', '_')}")()

    # Life.

    def compose(self) -> ComposeResult:
        """The panes, the lines above and below them."""
        yield self._head
        with Horizontal(id="top"):
            yield self._subscriptions
            yield self._vnets
            yield self._gateways
        with Horizontal(id="work"):
            yield self._details
            yield self._connections
            yield self._problems
        yield self._status
        yield self.prompt

    def on_mount(self) -> None:
        """Show everything; below are the problems if there are errors, else the details of the first VNet."""
        for pane in self.panes.values():
            pane.set_palette(self._palette)
        self.store.subscribe(self._changed)
        first = next(iter(self.store.topology.vnets), None)
        self._shown = ("vnets", first) if first is not None else None
        self._refresh()
        self._open_tab(self._problems if total(self._findings()).error else self._details)
        self._go_to_pane(self._vnets)
        self.say("? lists every command" + (" · read-only" if self.store.read_only else ""))

    def on_resize(self, event: Resize) -> None:
        """Show one pane at a time where there is no room for all."""
        self.set_class(event.size.width < _NARROW, "-narrow")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Remember which pane the cursor is in; where one is shown at a time, show it."""
        pane = next((one for one in self.panes.values() if one.list is event.widget), None)
        if pane is not None:
            self._current = pane
            self._make_current(pane)

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Let the other panes follow the cursor."""
        if event.row_list is self._subscriptions.list:
            self._fill_networks()
        elif event.row_list in (self._vnets.list, self._gateways.list) and event.row_list.has_focus:
            path = self._thing(event.key)
            self._shown = path[:2] if path else None
            self._fill_work()

    def on_row_list_selected(self, event: RowList.Selected) -> None:
        """Enter: go to the problem's place, or into the details."""
        finding = self.finding
        if finding is not None:
            self.go_to(finding.where[0])
        elif event.row_list in (self._vnets.list, self._gateways.list):
            self._go_to_pane(self._details)
        else:
            path = self._thing(event.key)
            if path is not None:
                self.go_to(path)

    def action_command(self, name: str) -> None:
        """Run a command, or say why it is not available now."""
        command: Command = commands()[name]
        if self.prompt.is_open:
            return
        why = command.unavailable(self)
        if why is not None:
            self.say(f"{command.title} is not available: {why}")
        else:
            command.run(self)

    # What is shown.

    def _findings(self) -> tuple[Finding, ...]:
        return self.store.findings(datetime.date.today())

    def _thing(self, key: object) -> Path | None:
        """The key as the path of a thing that exists, or None."""
        if not isinstance(key, tuple) or len(key) < 2 or key[0] not in _SHOWABLE:
            return None
        try:
            return key if isinstance(entry_at(self.store.topology, key), Part) else None
        except EditError:
            return None

    def _changed(self, change: Change) -> None:
        if change.after is not change.before:
            if self._shown is not None and self._thing(self._shown) is None:
                self._shown = None
            self._refresh()
        self._fill_head()
        self.say(change.said)

    def _refresh(self) -> None:
        counts = by_thing(self._findings())
        self._subscriptions.show(subscriptions.rows(self.store.topology, counts))
        self._fill_networks()
        self._problems.show(problems.rows(self._findings()), f"({len(self._findings())})")
        self._fill_work()
        self._fill_head()

    def _fill_networks(self) -> None:
        counts, topology = by_thing(self._findings()), self.store.topology
        key = self._subscriptions.list.cursor_key
        chosen = key[1] if isinstance(key, tuple) and len(key) == 2 else None
        order = "" if self._order == "file" else f"by {self._order}"
        networks = vnets.rows(topology, counts, subscription=chosen, order=self._order, marked=self._marks)
        self._vnets.show(networks, " ".join(filter(None, (f"of {chosen}" if chosen else "", order))))
        self._gateways.show(gateways.rows(topology, counts, subscription=chosen))

    def _fill_work(self) -> None:
        topology, shown = self.store.topology, self._shown
        self._details.show(details.rows(topology, shown), key_path(shown) if shown else "")
        network = shown[1] if shown and shown[0] in ("vnets", "sites") else None
        links = connections.rows(topology, by_thing(self._findings()), network=network, marked=self._marks)
        self._connections.show(links, f"of {network}" if network else "")

    def _fill_head(self) -> None:
        topology, found = self.store.topology, total(self._findings())
        name = self.store.path.name if self.store.path else "new topology"
        gateway_count = sum(vnet.gateway is not None for vnet in topology.vnets.values())
        parts = [
            f"{name}{' * unsaved' if self.store.unsaved else ''}{' (read-only)' if self.store.read_only else ''}",
            f"{len(topology.vnets)} VNets, {len(topology.sites)} sites, {gateway_count} gateways, "
            f"{len(topology.connections)} connections",
            f"{found.error} errors, {found.warning} warnings",
        ]
        self._head.update(displayable(" " + "  |  ".join(parts)))

    def _go_to_pane(self, pane: Pane) -> None:
        self._make_current(pane)
        pane.list.focus()

    def _make_current(self, pane: Pane) -> None:
        below = pane in (self._details, self._connections, self._problems)
        if below:
            self._open_tab(pane)
        for one in self.panes.values():
            one.set_class(one is pane, "-current")
        self.set_class(below, "-below")

    def _open_tab(self, pane: Pane) -> None:
        for one in (self._details, self._connections, self._problems):
            one.set_class(one is pane, "-open")

    def _show_thing(self, path: Path) -> None:
        self._shown = path if path[0] not in ("vnets", "sites") else path[:2]
        self._fill_work()
        if path[0] in ("vnets", "sites"):
            self._reveal_network(path[:2])
            self._details.list.move_to(path)
        elif path[0] in ("connections", "peerings"):
            self._shown = None
            self._fill_work()
            self._go_to_pane(self._connections)
            self._connections.list.move_to(path)
        else:
            self._go_to_pane(self._details)

    def _reveal_network(self, path: Path) -> None:
        self._vnets.filter = ""
        if not self._vnets.has_row(path):
            self._subscriptions.list.move_to(())
        self._fill_networks()
        self._go_to_pane(self._vnets)
        self._vnets.list.move_to(path)

    # Commands of the screen.

    def _do_next_problem(self, step: int = 1) -> None:
        found = [finding for finding in problems.ordered(self._findings()) if finding.waived is None]
        if not found:
            self.say("nothing is wrong")
            return
        self._problem = (self._problem + step) % len(found)
        finding = found[self._problem]
        self.go_to(finding.where[0])
        self.say(f"{self._problem + 1} of {len(found)}: {finding.severity} {finding.code} {finding.message}")

    def _do_previous_problem(self) -> None:
        self._do_next_problem(-1)

    def _do_mark(self) -> None:
        path = self._thing(self._current.list.cursor_key)
        if path is None:
            self.say("this row cannot be marked")
        elif path in self._marks:
            del self._marks[path]
        else:
            self._marks[path] = None
        self._fill_networks()
        self._fill_work()
        self._current.list.action_cursor_down()

    def _do_filter(self) -> None:
        pane, before = self._current, self._current.filter

        def give_up() -> None:
            pane.narrow("")
            pane.list.focus()

        self.prompt.ask("Filter", before, lambda _: self._go_to_pane(pane), typed=pane.narrow, given_up=give_up)

    def _do_find(self) -> None:
        self.ask("Find a name, an address or a prefix", "", self._find)

    def _find(self, text: str) -> None:
        prefix = prefix_of(text.strip())
        topology = self.store.topology
        hits = list(by_prefix(topology, prefix) if prefix else by_name(topology, text.strip()))
        if not hits:
            self.say(f"nothing holds {text}")
            return
        first = hits[0]
        self.go_to(first.where)
        more = f", and {len(hits) - 1} more" if len(hits) > 1 else ""
        block = f" {first.prefix}" if first.prefix else ""
        self.say(f"{key_path(first.where)}:{block} {first.how}{more}")

    def _do_sort(self) -> None:
        orders: tuple[vnets.Order, ...] = get_args(vnets.Order)
        self._order = orders[(orders.index(self._order) + 1) % len(orders)]
        self._fill_networks()
        self.say(f"VNets in the order of their {self._order}" if self._order != "file" else "VNets as in the file")

    def _do_back(self) -> None:
        if self._came_from:
            self._show_thing(self._came_from.pop())
        else:
            self.say("there is nowhere to go back to")

    def _do_zoom(self) -> None:
        self.toggle_class("-zoomed")

    def _do_help(self) -> None:
        self.app.push_screen(HelpScreen(self), self._run_from_help)

    def _run_from_help(self, name: str | None) -> None:
        if name is not None:
            self.action_command(name)

    def _do_save(self) -> None:
        save_or_ask(self)

    def _do_quit(self) -> None:
        quit_or_ask(self)

    def try_to(self, action: Callable[[], None]) -> bool:
        """Do something with the file; say what went wrong and return False if it did."""
        try:
            action()
        except VnetTuiError as error:
            self.say(f"{error.message}. {error.hint}".rstrip(" ."))
            return False
        return True
