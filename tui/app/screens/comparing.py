"""The comparison: what differs between the open topology and a file, or what Azure has.

Owns what is compared with what: another topology is what was before; a source that can be imported is what would be
then, as it would be if it were taken over, so that what a topology says beyond Azure is no difference.
Invariant: nothing changes here; Enter leads to a thing of the open topology.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from tui.app.panes.tree import COLUMNS
from tui.app.screens.importing import read
from tui.app.screens.source_names import ask_for_names
from tui.app.screens.tree import TreeScreen, group_of
from tui.app.widgets.rows import Row
from tui.errors import VnetTuiError
from tui.topology.keypath import key_path
from tui.topology.model import Topology
from tui.topology.parts import Path

if TYPE_CHECKING:
    from tui.app.panes.comparing import Comparison
    from tui.app.screens.workbench import WorkbenchScreen

_KEYS = "Enter goes there; / filters; Esc"


def compare(bench: WorkbenchScreen) -> None:
    """Ask for what to compare with, show the difference, and go to the thing that is chosen there."""

    def done(result: Path | VnetTuiError | None) -> None:
        if isinstance(result, VnetTuiError):
            bench.say_error(result)
        elif result is not None:
            bench.go_to(result)

    def answer(names: list[str]) -> None:
        screen = ComparingScreen(
            bench.store.topology,
            names,
            here=bench.store.name,
            nearest=bench.overview.nearest,
            palette=bench.palette,
            ascii_only=bench.ascii_only,
        )
        bench.app.push_screen(screen, done)

    ask_for_names(bench, "Compare with a topology, or with files from Azure", answer)


class ComparingScreen(TreeScreen[Path]):
    """Shows a difference. Dismissed with the path of a thing, with why it could not be made, or None."""

    def __init__(
        self,
        topology: Topology,
        names: Sequence[str],
        *,
        here: str,
        nearest: Callable[[Path], Path | None],
        palette: Mapping[str, Style],
        ascii_only: bool = False,
    ) -> None:
        """`here`: what the open topology is called. `nearest` finds the thing of it at a path, or around it."""
        super().__init__(COLUMNS[:2], palette=palette, ascii_only=ascii_only, empty="reading")
        self._topology, self._names, self._here, self._nearest = topology, names, here, nearest
        self._found: Comparison | None = None

    def begin(self) -> None:
        """Read, and compare."""
        self.head(f"Compare: {_KEYS}")
        self.say(f"reading {self._names[0]}")
        self.beside(self._compared, self._show, self.refuse, "compare")

    def _compared(self) -> Comparison:
        from tui.app.panes.comparing import Comparison
        from tui.exchange.comparing.difference import difference

        today, here = datetime.date.today(), self._here
        there = ", ".join(os.path.basename(name) or name for name in self._names)
        other = topology_at(self._names)
        if other is not None:
            if there == here:
                there, here = f"{there} as saved", f"{here} as it is open"
            title = f"from {there} to {here}, what is different here"
            return Comparison(difference(other, self._topology, today), title=title)
        from tui.exchange.rehearsing.taking_over import nothing_about, taken_over

        azure = taken_over(self._topology, read(self._names, self.tell))
        found = difference(self._topology, azure.topology, today)
        lacks = f"not all of it is compared: {azure.shortcoming}; import (I) names each" if azure.shortcoming else ""
        if not azure.is_about_it:
            if found.same:
                raise nothing_about(here, there)
            lacks = f"{there} tells nothing of what {here} has in Azure: is it of another subscription?"
        title = f"from {here} to {there}, what is different in Azure"
        return Comparison(found, title=title, shortcoming=lacks)

    def _show(self, found: Comparison) -> None:
        self._found = found
        # Names may be long: how to leave stands before them.
        self.head(f"Compare: {_KEYS}; {found.title}")
        self.show_tree()
        self.explain()
        self.beside(found.prepare, lambda done: None, self.say_error, "prepare")

    def tree_rows(self) -> Sequence[Row]:
        """Return the rows, as they are folded now."""
        return self._found.rows(self.view) if self._found is not None else ()

    def is_folded(self, line: Hashable) -> bool | None:
        """Return whether the group of that name, or the line of that key, is folded; None where it cannot be."""
        return self._found.is_folded(line, self.view) if self._found is not None else None

    def explained(self, key: Hashable) -> str | None:
        """Return what a line says, in full."""
        return self._found.explained(key) if self._found is not None else None

    def leave_out(self, key: Hashable) -> None:
        """Fold or unfold the group: there is nothing to leave out."""
        name = group_of(key)
        if name is not None:
            self.toggle(name)

    def accept(self, key: Hashable) -> None:
        """Go to what the line is about; fold or unfold a group."""
        if self._found is None:
            return
        name, paths = group_of(key), self._found.paths(key)
        target = next((path for one in paths if (path := self._nearest(one)) is not None), None)
        if name is not None:
            self.toggle(name)
        elif target is not None:
            self.dismiss(target)
        elif paths:
            where = f"{key_path(paths[0])} is not in {self._here}"
            self.say(where if paths[0] else "no pane shows the topology itself")


def topology_at(names: Sequence[str]) -> Topology | None:
    """Return the topology that one name stands for; None for several, and for what is to be imported.

    Raises FileError or UnreadableTopologyError for a file that cannot be read.
    """
    from tui.exchange.recognition import is_topology
    from tui.exchange.source import MAX_BYTES
    from tui.paths import resolve_topology
    from tui.storage.files import read_bytes
    from tui.storage.load import parse_bytes

    path = resolve_topology(names[0])
    if len(names) > 1 or path.is_dir():
        return None
    data = read_bytes(path, MAX_BYTES)
    return parse_bytes(data, str(path))[0] if is_topology(str(path), data) else None
