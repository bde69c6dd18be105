"""What a command is, and what it may ask of the screen.

Owns the protocol between the commands and the workbench, and the reasons for which a command is unavailable.
Invariant: a command changes the topology through the store's edits alone, and knows the workbench by the protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from tui.topology.edits import Edit
from tui.topology.parts import Path

if TYPE_CHECKING:
    from tui.app.forms.form import Form
    from tui.app.panes.planner import Chosen
    from tui.app.store import Store
    from tui.app.widgets.rows import Row
    from tui.checks.rule import Finding
    from tui.planner.refusal import WayOut


class Workbench(Protocol):
    """What a command may ask of the screen."""

    store: Store

    @property
    def selected(self) -> Path | None:
        """The key path of what the cursor is on, or None."""

    @property
    def marked(self) -> tuple[Path, ...]:
        """The key paths of marked rows, in the order in which they were marked."""

    @property
    def finding(self) -> Finding | None:
        """The finding that the cursor is on, in the list of problems, or None."""

    @property
    def block(self) -> str | None:
        """The free block that the cursor is on, in the planner or between subnets, or None."""

    @property
    def planned(self) -> Chosen | None:
        """The suggested block that the cursor of the planner is on, or all blocks of a placement."""

    @property
    def way_out(self) -> WayOut | None:
        """What would make room, where the cursor of the planner is on it."""

    @property
    def field(self) -> str:
        """The field that the cursor is on, in the details; or nothing."""

    @property
    def pane(self) -> str:
        """The id of the pane that the cursor is in."""

    @property
    def subscription(self) -> str | None:
        """The chosen subscription; the only one there is, where none is chosen; or None."""

    def say(self, text: str) -> None:
        """Show a message in the status line."""

    def ask(self, question: str, text: str, answer: Callable[[str], None], *, select: bool = False) -> None:
        """Ask for a line of text, `text` to begin with; nothing happens if it is given up.

        `select`: what is typed takes the place of `text`.
        """

    def pick(
        self, title: str, rows: Callable[[str], Sequence[Row]], answer: Callable[[Hashable], None], **options: object
    ) -> None:
        """Let one of `rows` (for what is typed) be picked; `answer` gets its key. `options` are those of the picker."""

    def open_form(self, form: Form) -> None:
        """Let a form be filled in."""

    def make(self, edit: Edit) -> bool:
        """Hand an edit to the store; say why and return False if it cannot be made."""

    def go_to(self, path: Path) -> None:
        """Move the cursor to what stands at `path`."""

    def copy(self, text: str) -> None:
        """Put text on the person's clipboard, and say that it was sent there."""

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


def on_screen(what: str) -> Callable[[Workbench], None]:
    """Return the `run` of a command that concerns the screen alone."""
    return lambda bench: bench.run_on_screen(what)


def things(bench: Workbench) -> tuple[Path, ...]:
    """Return what a command works on: the marked things, else the one under the cursor."""
    return bench.marked or ((bench.selected,) if bench.selected is not None else ())


def networks(bench: Workbench) -> list[str]:
    """Return the names of the VNets and sites that a command works on."""
    paths: Iterable[Path] = things(bench)
    return [path[1] for path in paths if len(path) >= 2 and path[0] in ("vnets", "sites")]


# Why not.


def read_only(bench: Workbench) -> str | None:
    """Nothing may be changed in a read-only session."""
    return "this session is read-only" if bench.store.read_only else None


def nothing_selected(bench: Workbench) -> str | None:
    """It works on what is selected, and changes it."""
    return read_only(bench) or nothing_shown(bench)


def nothing_shown(bench: Workbench) -> str | None:
    """It works on what is selected."""
    return None if things(bench) else "select something first"


def nothing_removable(bench: Workbench) -> str | None:
    """It works on a thing with a name of its own: not on the whole topology, nor on what is always there."""
    why = nothing_selected(bench)
    return why or (None if all(len(path) >= 2 for path in things(bench)) else "this is always there: e edits it")


def nothing_named(bench: Workbench) -> str | None:
    """It works on the one thing under the cursor, marked or not, that has a name of its own."""
    path = bench.selected
    if path is None:
        return read_only(bench) or "select something first"
    return read_only(bench) or (None if len(path) >= 2 else "this is always there: e edits it")


def no_vnet(bench: Workbench) -> str | None:
    """It works on a VNet."""
    path = bench.selected
    return read_only(bench) or (None if path and path[0] == "vnets" else "select a VNet first")


def no_network(bench: Workbench) -> str | None:
    """It works on VNets and sites."""
    return read_only(bench) or (None if networks(bench) else "select a VNet or a site first")


def no_finding(bench: Workbench) -> str | None:
    """It works on a problem."""
    return read_only(bench) or ("go to a problem first (6)" if bench.finding is None else None)


def no_fix(bench: Workbench) -> str | None:
    """It works on a problem that offers a fix."""
    why = no_finding(bench)
    if why is None and bench.finding is not None and not bench.finding.fixes:
        why = f"{bench.finding.code} offers no fix: {bench.finding.help}"
    return why
