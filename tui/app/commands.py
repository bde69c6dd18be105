"""The command table: everything that can be done, with its keys, where it applies and why it may not now.

Owns the one list from which key bindings, the footer, the help and the palette are made.
Invariant: a command changes the topology through the store's edits alone; it knows the workbench by the
protocol below and no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from tui.app.store import Store
from tui.checks.rule import Finding
from tui.topology.edits import Edit, add, add_gateway, change, combined, connect, delete, rename
from tui.topology.keypath import key_path
from tui.topology.model import Gateway, Waiver
from tui.topology.parts import Path


class Workbench(Protocol):
    """What a command may ask of the screen."""

    store: Store

    @property
    def selected(self) -> Path | None:
        """The key path of what the cursor is on, or None."""

    @property
    def marked(self) -> tuple[Path, ...]:
        """The key paths of marked rows, in the order of the list."""

    @property
    def finding(self) -> Finding | None:
        """The finding that the cursor is on, in the list of problems, or None."""

    @property
    def pane(self) -> str:
        """The id of the pane that the cursor is in."""

    @property
    def subscription(self) -> str | None:
        """The chosen subscription; the only one there is, where none is chosen; or None."""

    def say(self, text: str) -> None:
        """Show a message in the status line."""

    def ask(self, question: str, text: str, answer: Callable[[str], None]) -> None:
        """Ask for a line of text, `text` to begin with; nothing happens if it is given up."""

    def make(self, edit: Edit) -> bool:
        """Hand an edit to the store; say why and return False if it cannot be made."""

    def make_new(self, new: Callable[[], tuple[Path, Edit]]) -> None:
        """Make the edit that `new` gives and go to what it adds at that path; say why if there is none."""

    def go_to(self, path: Path) -> None:
        """Move the cursor to what stands at `path`."""

    def run_on_screen(self, what: str) -> None:
        """Do something that concerns the screen alone (focus, sort, zoom, quit …)."""


Check: TypeAlias = Callable[[Workbench], str | None]
"""Why a command is unavailable now, or None if it is not."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    run: Callable[[Workbench], None]
    unavailable: Check = lambda bench: None
    footer: bool = False
    """True if the footer shows it."""


def commands() -> dict[str, Command]:
    """Return every command by its id, in the order of the help."""
    return {command.id: command for command in _COMMANDS}


# Why not.


def _read_only(bench: Workbench) -> str | None:
    return "this session is read-only" if bench.store.read_only else None


def _nothing_selected(bench: Workbench) -> str | None:
    return _read_only(bench) or ("select something first" if bench.selected is None else None)


def _no_vnet(bench: Workbench) -> str | None:
    why = _nothing_selected(bench)
    if why is None and (bench.selected is None or bench.selected[0] != "vnets"):
        why = "select a VNet first"
    return why


def _no_network(bench: Workbench) -> str | None:
    why = _nothing_selected(bench)
    if why is None and not _networks(bench):
        why = "select a VNet or a site first"
    return why


def _no_finding(bench: Workbench) -> str | None:
    return _read_only(bench) or ("go to a problem first (6)" if bench.finding is None else None)


def _no_fix(bench: Workbench) -> str | None:
    why = _no_finding(bench)
    if why is None and bench.finding is not None and not bench.finding.fixes:
        why = f"{bench.finding.code} offers no fix: {bench.finding.help}"
    return why


# What they do.


def _networks(bench: Workbench) -> list[str]:
    paths: Iterable[Path] = bench.marked or ((bench.selected,) if bench.selected else ())
    return [path[1] for path in paths if path[0] in ("vnets", "sites") and len(path) == 2]


def _add(bench: Workbench) -> None:
    from tui.app import adding

    path, topology = bench.selected, bench.store.topology
    if bench.pane == "subscriptions":
        bench.ask("New subscription, its name", "", lambda line: bench.make_new(lambda: adding.new_subscription(line)))
    elif bench.pane == "details" and path is not None and path[0] == "vnets":
        question = f"New subnet of {path[1]}, its name and a prefix or /length"
        bench.ask(question, "", lambda line: bench.make_new(lambda: adding.new_subnet(topology, path[1], line)))
    elif path is not None and path[0] == "sites":
        question = "New site, its name, prefix and the address of its device"
        bench.ask(question, "", lambda line: bench.make_new(lambda: adding.new_site(line)))
    else:
        question = "New VNet, its name and a prefix or /length"
        chosen = bench.subscription
        bench.ask(question, "", lambda line: bench.make_new(lambda: adding.new_vnet(topology, line, chosen)))


def _rename(bench: Workbench) -> None:
    path = bench.selected
    if path is None:
        return

    def answer(name: str) -> None:
        if bench.make(rename(path, name.strip())):
            bench.go_to((*path[:-1], name.strip()))

    bench.ask(f"Rename {path[-1]} to", path[-1], answer)


def _delete(bench: Workbench) -> None:
    paths = bench.marked or ((bench.selected,) if bench.selected else ())
    edits = [delete(path) for path in paths]
    if len(edits) == 1:
        bench.make(edits[0])
    elif edits:
        bench.make(combined(f"Delete {len(edits)} things", edits))


def _connect(bench: Workbench) -> None:
    names = _networks(bench)
    if len(names) > 1:
        first, others = names[0], names[1:]
        edits = [connect(first, other) for other in others]
        bench.make(edits[0] if len(edits) == 1 else combined(f"Connect {first} to {len(edits)} networks", edits))
        return

    def answer(other: str) -> None:
        bench.make(connect(names[0], other.strip()))

    bench.ask(f"Connect {names[0]} to", "", answer)


def _gateway(bench: Workbench) -> None:
    path = bench.selected
    if path is None:
        return
    vnet = bench.store.topology.vnets[path[1]]
    if vnet.gateway is None:
        bench.make(add_gateway(path[1], Gateway(sku="VpnGw1AZ")))
        return

    def answer(sku: str) -> None:
        bench.make(change(("vnets", path[1], "gateway"), sku=sku.strip() or None))

    bench.ask(f"SKU of the gateway of {path[1]}", vnet.gateway.sku or "", answer)


def _fix(bench: Workbench) -> None:
    if bench.finding is not None and bench.finding.fixes:
        bench.make(bench.finding.fixes[0])


def _waive(bench: Workbench) -> None:
    finding = bench.finding
    if finding is None:
        return

    def answer(reason: str) -> None:
        taken = bench.store.topology.waivers
        number, name = 1, f"{finding.code.lower()}-{finding.where[0][-1]}"
        while name in taken:
            number += 1
            name = f"{finding.code.lower()}-{finding.where[0][-1]}-{number}"
        waiver = Waiver(code=finding.code, where=tuple(map(key_path, finding.where)), reason=reason.strip() or None)
        bench.make(add(("waivers", name), waiver))

    bench.ask(f"Waive {finding.code} because", "", answer)


def _on_screen(what: str) -> Callable[[Workbench], None]:
    return lambda bench: bench.run_on_screen(what)


_COMMANDS = (
    Command("pane-1", "Subscriptions", "go to the subscriptions", ("1",), _on_screen("pane-1")),
    Command("pane-2", "VNets", "go to the VNets and sites", ("2",), _on_screen("pane-2")),
    Command("pane-3", "Gateways", "go to the gateways", ("3",), _on_screen("pane-3")),
    Command("tab-4", "Details", "what is selected, in full", ("4",), _on_screen("tab-4")),
    Command("tab-5", "Connections", "the links of what is selected", ("5",), _on_screen("tab-5")),
    Command("tab-6", "Problems", "what is wrong, and what to do about it", ("6",), _on_screen("tab-6")),
    Command("add", "Add", "a VNet, site, subscription or subnet, by the pane", ("a",), _add, _read_only, True),
    Command("rename", "Rename", "rename it, with every reference to it", ("r",), _rename, _nothing_selected, True),
    Command(
        "delete",
        "Delete",
        "delete it with what depends on it; undo brings it back",
        ("d", "delete"),
        _delete,
        _nothing_selected,
        True,
    ),
    Command(
        "connect",
        "Connect",
        "connect it by VPN: the marked ones, or name the other end",
        ("c",),
        _connect,
        _no_network,
        True,
    ),
    Command("gateway", "Gateway", "give the VNet a VPN gateway, or choose its SKU", ("v",), _gateway, _no_vnet, True),
    Command("fix", "Fix", "apply the fix that the problem offers", ("x",), _fix, _no_fix),
    Command("waive", "Waive", "accept the problem on purpose, with a reason", ("W",), _waive, _no_finding),
    Command("next-problem", "Next problem", "go to the next problem", ("]",), _on_screen("next-problem")),
    Command(
        "previous-problem", "Previous problem", "go to the previous problem", ("[",), _on_screen("previous-problem")
    ),
    Command("mark", "Mark", "mark or unmark the row, for what works on several", ("space",), _on_screen("mark")),
    Command(
        "filter", "Filter", "show the rows of this pane that hold a text", ("slash",), _on_screen("filter"), footer=True
    ),
    Command("find", "Find", "jump to anything by name, address or prefix", ("f",), _on_screen("find"), footer=True),
    Command("sort", "Sort", "sort by name, address, free space, use or findings", ("o",), _on_screen("sort")),
    Command("back", "Back", "back to where one came from", ("ctrl+o",), _on_screen("back")),
    Command("undo", "Undo", "take the last edit back", ("u",), lambda bench: bench.store.undo(), _read_only, True),
    Command("redo", "Redo", "make it again", ("ctrl+r",), lambda bench: bench.store.redo(), _read_only),
    Command("save", "Save", "write the file", ("ctrl+s",), _on_screen("save"), _read_only, True),
    Command("zoom", "Zoom", "give the pane the whole screen, and back", ("z",), _on_screen("zoom")),
    Command("help", "Help", "every command that applies here", ("question_mark",), _on_screen("help"), footer=True),
    Command("quit", "Quit", "leave; asks if there is something unsaved", ("q",), _on_screen("quit"), footer=True),
)
