"""What the cursor is on: the thing, the problem, the free block or the field that a command is about.

Invariant: nothing is kept here; every answer is read off the overview and its panes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.overview import Overview
from tui.app.store import Store
from tui.checks.rule import Finding
from tui.topology.parts import Path

if TYPE_CHECKING:
    from tui.app.panes.planner import Chosen
    from tui.planner.refusal import WayOut


class CursorOnThings:
    """The part of a workbench that says what is selected."""

    store: Store
    overview: Overview

    @property
    def selected(self) -> Path | None:
        """The thing under the cursor; on the other lines of the details, what they are about."""
        view, finding = self.overview, self.finding
        if finding is not None:
            return view.nearest(finding.where[0])
        key = view.current.list.cursor_key
        if view.current is view.subscriptions and key == ():
            return ()
        here = view.thing(key)
        if here is None and view.current is view.details:
            return () if view.shown == () else view.thing(view.shown)
        return here

    @property
    def pane(self) -> str:
        """The id of the pane that the cursor is in."""
        return self.overview.current.id or ""

    @property
    def subscription(self) -> str | None:
        """The chosen subscription; else that of the selected VNet; else the only one there is; or None."""
        topology, here = self.store.topology, self.selected
        if self.overview.chosen is not None:
            return self.overview.chosen
        if here and here[0] == "vnets" and topology.vnets[here[1]].subscription in topology.subscriptions:
            return topology.vnets[here[1]].subscription
        return next(iter(topology.subscriptions)) if len(topology.subscriptions) == 1 else None

    @property
    def marked(self) -> tuple[Path, ...]:
        """The marked things that still exist, in the order in which they were marked."""
        return tuple(path for path in self.overview.marks if self.overview.thing(path))

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor of the problems."""
        if self.overview.current is not self.overview.problems:
            return None
        from tui.app.panes import problems

        key = self.overview.problems.list.cursor_key
        return next((finding for finding in self.store.findings if problems.key_of(finding) == key), None)

    @property
    def block(self) -> str | None:
        """The free block under the cursor."""
        key = self.overview.current.list.cursor_key
        return str(key[1]) if isinstance(key, tuple) and len(key) > 1 and key[0] in ("free", "block") else None

    @property
    def planned(self) -> Chosen | None:
        """The suggested block under the cursor of the planner, or all blocks of a placement."""
        view = self.overview
        if view.current is not view.planner:
            return None
        from tui.app.panes import planner

        return planner.chosen(self.store.topology, view.request, view.planner.list.cursor_key)

    @property
    def way_out(self) -> WayOut | None:
        """What would make room, under the cursor of the planner."""
        view = self.overview
        if view.current is not view.planner:
            return None
        from tui.app.panes import planner

        return planner.way_out(self.store.topology, view.request, view.planner.list.cursor_key)

    @property
    def field(self) -> str:
        """The field under the cursor of the details."""
        key = self.overview.details.list.cursor_key
        here = self.overview.current is self.overview.details
        return str(key[1]) if here and isinstance(key, tuple) and len(key) == 2 and key[0] == "field" else ""
