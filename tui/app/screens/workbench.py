"""The workbench: three panes above, a work area below, a status line, and the commands.

Owns the way of an edit, from a key through a command to the store, and from there back to the panes.
Invariant: a command runs only while no question is open, and one that cannot says why.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import ClassVar, get_args

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import DescendantFocus, Resize
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from tui.app.commands import Command, commands
from tui.app.panes import problems, vnets
from tui.app.screens.files import quit_or_ask, save_or_ask
from tui.app.screens.help import HelpScreen
from tui.app.screens.overview import Overview
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
from tui.topology.parts import Path

_NARROW = 100
"""Columns below which one pane is shown at a time."""

_RESTS_AFTER = 0.08
"""Seconds without a move after which the cursor counts as resting."""


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
        self.overview = Overview(store, ascii_only=ascii_only)
        self.prompt = Prompt()
        self._palette = palette
        self._status = Static("", id="status", markup=False)
        self._head = Static("", id="head", markup=False)
        self._came_from: list[Path] = []
        self._problem = -1
        self._follows: Timer | None = None

    # The protocol that commands speak.

    @property
    def selected(self) -> Path | None:
        """The thing under the cursor; on the other lines of the details, what they are about."""
        view, finding = self.overview, self.finding
        if finding is not None:
            return view.nearest(finding.where[0])
        here = view.thing(view.current.list.cursor_key)
        return view.thing(view.shown) if here is None and view.current is view.details else here

    @property
    def pane(self) -> str:
        """The id of the pane that the cursor is in."""
        return self.overview.current.id or ""

    @property
    def subscription(self) -> str | None:
        """The chosen subscription; the only one there is, where none is chosen; or None."""
        known = list(self.store.topology.subscriptions)
        return self.overview.chosen or (known[0] if len(known) == 1 else None)

    @property
    def marked(self) -> tuple[Path, ...]:
        """The marked things that still exist, in the order in which they were marked."""
        return tuple(path for path in self.overview.marks if self.overview.thing(path))

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor of the problems."""
        if self.overview.current is not self.overview.problems:
            return None
        key = self.overview.problems.list.cursor_key
        return next((finding for finding in self.store.findings if problems.key_of(finding) == key), None)

    def say(self, text: str) -> None:
        """Show a message in the status line."""
        self._status.update(displayable(f" {text}"), layout=False)

    def ask(self, question: str, text: str, answer: Callable[[str], None]) -> None:
        """Ask in the prompt, and come back to where the cursor was."""
        at = self.overview.current.list

        def done(line: str) -> None:
            at.focus()
            answer(line)

        def leave() -> None:
            at.focus()

        self.prompt.ask(question, text, done, given_up=leave)

    def make(self, edit: Edit) -> bool:
        """Hand an edit to the store; say why and return False if it cannot be made."""
        return self.try_to(lambda: self.store.apply(edit))

    def make_new(self, new: Callable[[], tuple[Path, Edit]]) -> None:
        """Make the edit that `new` gives and go to what it adds at that path; say why if there is none."""

        def make() -> None:
            path, edit = new()
            self.store.apply(edit)
            if path[0] == "subscriptions":
                self.overview.subscriptions.list.move_to(path)
            elif len(path) > 2:
                self.overview.details.list.move_to(path)
            else:
                self.go_to(path)
            self.say(edit.title)

        self.try_to(make)

    def go_to(self, path: Path) -> None:
        """Move to what stands at `path` or holds it, and remember where one was."""
        shown, target = self.overview.shown, self.overview.nearest(path)
        if target is None:
            self.say(f"{key_path(path)} stands in the file alone, no pane shows it")
            return
        if shown is not None and shown != target:
            self._came_from.append(shown)
        self._show_thing(target)

    def run_on_screen(self, what: str) -> None:
        """Do what concerns the screen alone."""
        kind, _, rest = what.partition("-")
        if kind in ("pane", "tab"):
            self._go_to_pane(self.overview.by_key[rest])
        else:
            getattr(self, f"_do_{what.replace('-', '_')}")()

    def try_to(self, action: Callable[[], None]) -> bool:
        """Do something that may be refused; say why and return False if it is."""
        try:
            action()
        except (VnetTuiError, EditError) as error:
            self.say(f"{error.message}. {error.hint}".rstrip(" ."))
            return False
        return True

    # Life.

    def compose(self) -> ComposeResult:
        """The panes, the lines above and below them."""
        yield self._head
        with Horizontal(id="top"):
            yield from self.overview.above
        with Horizontal(id="work"):
            yield from self.overview.below
        yield self._status
        yield self.prompt

    def on_mount(self) -> None:
        """Show everything with the first VNet chosen; what is wrong follows."""
        for pane in self.overview.by_key.values():
            pane.set_palette(self._palette)
        self.store.subscribe(self._changed)
        first = next(iter(self.store.topology.vnets), None)
        self.overview.shown = ("vnets", first) if first is not None else None
        self._go_to_pane(self.overview.vnets)
        self._refresh()
        self.call_after_refresh(self._check)
        self.say("? lists every command" + (" · read-only" if self.store.read_only else ""))

    def on_resize(self, event: Resize) -> None:
        """Show one pane at a time where there is no room for all."""
        self.set_class(event.size.width < _NARROW, "-narrow")
        self._see_what_is_alone()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Remember which pane the cursor is in; where one is shown at a time, show it."""
        pane = next((one for one in self.overview.by_key.values() if one.list is event.widget), None)
        if pane is not None:
            self._make_current(pane)

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Let the other panes follow the cursor."""
        view = self.overview
        if event.row_list is view.subscriptions.list:
            view.fill_networks()
        elif event.row_list in (view.vnets.list, view.gateways.list) and event.row_list.has_focus:
            path = view.thing(event.key)
            view.shown = path[:2] if path else None
            # The work area follows when the cursor rests: while it runs, it would cost a page for every key.
            if self._follows is not None:
                self._follows.stop()
            self._follows = self.set_timer(_RESTS_AFTER, view.fill_work)

    def on_row_list_selected(self, event: RowList.Selected) -> None:
        """Enter: go to the problem's place, or into the details."""
        finding, path = self.finding, self.overview.thing(event.key)
        if finding is not None:
            self.go_to(finding.where[0])
        elif event.row_list in (self.overview.vnets.list, self.overview.gateways.list):
            self._go_to_pane(self.overview.details)
        elif path is not None:
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

    # From the store to the panes.

    def _changed(self, change: Change) -> None:
        if change.after is not change.before:
            self._refresh()
            self._check()
        self._head.update(displayable(self.overview.summary()), layout=False)
        self.say(change.said)

    def _check(self) -> None:
        """Check the present topology beside what the person does, and show what was found."""
        self.run_worker(self._find_out, thread=True, exclusive=True, group="check")

    def _find_out(self) -> None:
        self.store.check(datetime.date.today())
        if self.store.is_checked:
            self.app.call_from_thread(self._refresh)

    def _refresh(self) -> None:
        self.overview.fill()
        self._head.update(displayable(self.overview.summary()), layout=False)

    def _go_to_pane(self, pane: Pane) -> None:
        self._make_current(pane)
        pane.list.focus()

    def _make_current(self, pane: Pane) -> None:
        self.overview.make_current(pane)
        self.set_class(pane in self.overview.below, "-below")

    def _see_what_is_alone(self) -> None:
        self.overview.alone = self.has_class("-narrow") or self.has_class("-zoomed")
        self.overview.fill_work()

    def _show_thing(self, path: Path) -> None:
        view = self.overview
        if path[0] in ("vnets", "sites"):
            view.shown = path[:2]
            view.reveal(path[:2])
            self._go_to_pane(view.vnets)
            view.details.list.move_to(path)
        elif path[0] in ("connections", "peerings"):
            view.shown = None
            self._go_to_pane(view.connections)
            view.connections.list.move_to(path)
        else:
            view.shown = path
            self._go_to_pane(view.details)

    # Commands of the screen.

    def _do_next_problem(self, step: int = 1) -> None:
        found = [finding for finding in problems.ordered(self.store.findings) if finding.waived is None]
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
        view = self.overview
        path = view.thing(view.current.list.cursor_key)
        if path is None:
            self.say("this row cannot be marked")
        elif path in view.marks:
            del view.marks[path]
        else:
            view.marks[path] = None
        view.fill_networks()
        view.fill_work()
        view.current.list.action_cursor_down()

    def _do_filter(self) -> None:
        pane, before = self.overview.current, self.overview.current.filter

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
        if not text.strip() or not hits:
            self.say(f"nothing holds {text}" if text.strip() else "nothing to find")
            return
        first = hits[0]
        self.go_to(first.where)
        more = f", and {len(hits) - 1} more" if len(hits) > 1 else ""
        block = f" {first.prefix}" if first.prefix else ""
        self.say(f"{key_path(first.where)}:{block} {first.how}{more}")

    def _do_sort(self) -> None:
        view = self.overview
        orders: tuple[vnets.Order, ...] = get_args(vnets.Order)
        view.order = orders[(orders.index(view.order) + 1) % len(orders)]
        view.fill_networks()
        self.say(f"VNets in the order of their {view.order}" if view.order != "file" else "VNets as in the file")

    def _do_back(self) -> None:
        while self._came_from:
            path = self.overview.nearest(self._came_from.pop())
            if path is not None:
                self._show_thing(path)
                return
        self.say("there is nowhere to go back to")

    def _do_zoom(self) -> None:
        self.toggle_class("-zoomed")
        self._see_what_is_alone()

    def _do_help(self) -> None:
        self.app.push_screen(HelpScreen(self), self._run_from_help)

    def _run_from_help(self, name: str | None) -> None:
        if name is not None:
            self.action_command(name)

    def _do_save(self) -> None:
        save_or_ask(self)

    def _do_quit(self) -> None:
        quit_or_ask(self)
