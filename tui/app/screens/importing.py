"""The import: what files say is there, as a tree beside what the topology has; all or some of it is taken.

Owns what is left out, and whether what is gone from Azure goes here too. Reading, rehearsing and checking are done
beside the person, who can leave at any time.
Invariant: nothing changes before Enter, and then all that is taken is one edit.
"""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.timer import Timer

from tui.app.panes.tree import COLUMNS
from tui.app.screens.source_names import ask_for_names
from tui.app.screens.tree import TreeScreen, group_of
from tui.app.widgets.rows import Row
from tui.errors import VnetTuiError
from tui.topology.edits import Edit
from tui.topology.model import Topology
from tui.topology.parts import Path, table_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.app.panes.importing import Judgement, Proposal
    from tui.app.screens.workbench import WorkbenchScreen
    from tui.exchange.assembling.assembly import Assembly
    from tui.exchange.gathering import Gathered
    from tui.exchange.rehearsing.rehearsal import Rehearsal

_KEYS = "Enter takes the marked; space leaves out; / filters"

_RESTS_AFTER = 0.3
"""Seconds without a change after which the result of what is marked is checked."""


def import_files(bench: WorkbenchScreen) -> None:
    """Ask what to import, show what that would do, and do as much of it as is accepted."""

    def done(result: Edit | VnetTuiError | None) -> None:
        if isinstance(result, VnetTuiError):
            bench.say_error(result)
        elif result is not None:
            bench.make(result)

    def answer(names: list[str]) -> None:
        screen = ImportScreen(
            bench.store.topology,
            names,
            read_only=bench.store.read_only,
            palette=bench.palette,
            ascii_only=bench.ascii_only,
        )
        bench.app.push_screen(screen, done)

    ask_for_names(bench, "Import files or folders", answer)


def read(names: Sequence[str], reading: Callable[[str], None]) -> Gathered:
    """Return what the files and folders tell; `reading` is told what is done. Raises FileError and ExchangeError."""
    from tui.exchange.gathering import gathered
    from tui.exchange.source import MAX_BYTES
    from tui.storage.sources import read_sources

    return gathered(read_sources(names, MAX_BYTES), reading=lambda name: reading(f"reading {name}"))


class _Rehearsed(NamedTuple):
    """What came of reading."""

    assembly: Assembly
    proposal: Proposal
    prunes: bool


class ImportScreen(TreeScreen[Edit]):
    """Shows what an import would do. Dismissed with the edit, with why it could not be read, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("p", "prune", "What is gone from Azure goes", show=False)]

    def __init__(
        self,
        topology: Topology,
        names: Sequence[str],
        *,
        read_only: bool = False,
        palette: Mapping[str, Style],
        ascii_only: bool = False,
    ) -> None:
        super().__init__(COLUMNS, palette=palette, ascii_only=ascii_only, empty="reading")
        self._topology, self._names, self._read_only = topology, names, read_only
        self._rehearsed: _Rehearsed | None = None
        self._judgement: Judgement | None = None
        self._left_out: set[Path] = set()
        self._prunes = False
        self._judges: Timer | None = None

    def begin(self) -> None:
        """Read the files, and rehearse."""
        self._say_keys()
        self.beside(self._read, self._show, self.refuse, "import")

    def _say_keys(self) -> None:
        self.head(f"Import: {_KEYS}; p {'keeps' if self._prunes else 'prunes'}; Esc")

    def _read(self) -> _Rehearsed:
        found = read(self._names, self.tell)
        from tui.exchange.assembling.assembly import assembled

        self.tell("comparing it with what is here")
        return self._rehearse(assembled(found.found, self._topology, state=found.state), prunes=False)

    def _rehearse(self, assembly: Assembly, *, prunes: bool) -> _Rehearsed:
        from tui.app.panes.importing import Proposal
        from tui.exchange.rehearsing.rehearsal import merged

        return _Rehearsed(assembly, Proposal(merged(self._topology, assembly, prune=prunes)), prunes)

    def _show(self, rehearsed: _Rehearsed) -> None:
        if rehearsed.prunes != self._prunes:  # it was asked for the other way meanwhile
            return
        self._rehearsed, self._judgement = rehearsed, None
        self._say_keys()
        self.show_tree()
        self.explain()
        self._judge()
        self.beside(rehearsed.proposal.prepare, lambda done: None, self.say_error, "prepare")

    # What would be wrong then.

    def _judge(self) -> None:
        """Check beside the person what the marked things would lead to."""
        if self._rehearsed is None:
            return
        rehearsal, taken = self._rehearsed.proposal.rehearsal, self._taken()
        self.beside(lambda: _judged(rehearsal, taken), self._judged, self.say_error, "check")

    def _judged(self, judgement: Judgement) -> None:
        self._judgement = judgement
        self.show_tree()
        if self._rehearsed is not None and self._rehearsed.proposal.taken_by(self.list.cursor_key) & judgement.needed:
            self.explain()

    def _taken(self) -> frozenset[Path]:
        if self._rehearsed is None:
            return frozenset()
        return self._rehearsed.proposal.takeable - self._left_out

    # What a person does.

    def tree_rows(self) -> Sequence[Row]:
        """Return the rows, as they are folded and marked now."""
        if self._rehearsed is None:
            return ()
        return self._rehearsed.proposal.rows(self._left_out, self._judgement, self.view)

    def is_folded(self, line: Hashable) -> bool | None:
        """Return whether the group of that name, or the line of that key, is folded; None where it cannot be."""
        if self._rehearsed is None:
            return None
        return self._rehearsed.proposal.is_folded(line, self._judgement, self.view)

    def explained(self, key: Hashable) -> str | None:
        """Return what a line says, in full."""
        if self._rehearsed is None:
            return None
        return self._rehearsed.proposal.explained(key, self._left_out, self._judgement)

    def leave_out(self, key: Hashable) -> None:
        """Leave out the thing, or all of the group, or take it again."""
        if self._rehearsed is None:
            return
        proposal, name = self._rehearsed.proposal, group_of(key)
        # A filter narrows what is done to a group as well.
        meant = self.shown_in(name) if name is not None and self.wanted else (key,)
        paths = frozenset[Path]().union(*map(proposal.taken_by, meant))
        if not paths:
            self.say(proposal.why_not(key))
            return
        if paths & self._left_out:
            self._left_out -= paths
        else:
            self._left_out |= paths
        self.show_tree()
        if name is None:
            self.list.action_cursor_down()
        self.explain()
        if self._judges is not None:
            self._judges.stop()
        self._judges = self.set_timer(_RESTS_AFTER, self._judge)

    def accept(self, key: Hashable) -> None:
        """Take what is marked."""
        if self._rehearsed is None:
            return
        proposal, taken = self._rehearsed.proposal, self._taken()
        if self._read_only:
            self.say("this session is read-only: nothing can be taken; Escape leaves")
        elif taken:
            is_all = taken == proposal.takeable
            self.dismiss(proposal.rehearsal.edit(None if is_all else taken))
        elif proposal.takeable:
            self.say("everything is left out: space takes it again, Escape changes nothing")
        else:
            self.say("there is nothing to take; Escape leaves")

    def action_prune(self) -> None:
        """Let what is gone from Azure go here too, or stay."""
        if self._rehearsed is None:
            return
        assembly, prunes = self._rehearsed.assembly, not self._prunes
        self._prunes = prunes
        self.beside(lambda: self._rehearse(assembly, prunes=prunes), self._show, self.say_error, "import")


def _judged(rehearsal: Rehearsal, taken: frozenset[Path]) -> Judgement:
    """Return what would be wrong with the topology that has `taken`, and not with the present one."""
    from tui.app.panes.importing import Judgement
    from tui.checks.against import turnover
    from tui.checks.engine import check
    from tui.checks.rule import SEVERITIES

    today = datetime.date.today()
    result = rehearsal.accepted(taken)
    found = turnover(check(rehearsal.before, today), check(result, today))
    needed = (
        item.path
        for item in rehearsal.items
        if item.status == "new" and item.path not in taken and item.path[1] in table_at(result, item.path[:1])
    )
    new = sorted(found.new, key=lambda finding: SEVERITIES.index(finding.severity))
    return Judgement((*new, *found.accepted), len(found.gone), frozenset(needed))
