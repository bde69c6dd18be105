"""History: undo and redo over whole topologies, and which of them is the saved one.

Owns the line of versions. It keeps topologies, not inverse actions; they share what an edit did not touch.
Invariant: a History never changes, and "unsaved" means that the present topology is not the saved one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui.topology.edits import Edit
from tui.topology.model import Topology


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # a chain: going down it would exceed the recursion limit
class _Step:
    """A version that lies aside, with the title of the edit between it and the next one towards the present."""

    title: str
    topology: Topology
    beyond: _Step | None


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The versions of a topology in one session."""

    present: Topology
    saved: Topology | None
    """The topology that is on disk, or None if none is."""
    _past: _Step | None = None
    _future: _Step | None = None

    @classmethod
    def of_file(cls, topology: Topology) -> History:
        """Begin with a topology as it was loaded."""
        return cls(topology, topology)

    @classmethod
    def unsaved(cls, topology: Topology) -> History:
        """Begin with a topology that is in no file yet."""
        return cls(topology, None)

    @property
    def is_saved(self) -> bool:
        """True if the present topology is the one on disk."""
        return self.present is self.saved

    @property
    def undo_title(self) -> str | None:
        """The edit that `undo` would take back, or None."""
        return self._past.title if self._past else None

    @property
    def redo_title(self) -> str | None:
        """The edit that `redo` would make again, or None."""
        return self._future.title if self._future else None

    def edited(self, edit: Edit) -> History:
        """Make `edit`; what could be redone is gone. An edit that changes nothing is no step. Raises EditError."""
        topology = edit.apply(self.present)
        if topology is self.present:
            return self
        return replace(self, present=topology, _past=_Step(edit.title, self.present, self._past), _future=None)

    def undone(self) -> History:
        """Go one edit back; at the beginning nothing happens."""
        if self._past is None:
            return self
        step = self._past
        return replace(
            self, present=step.topology, _past=step.beyond, _future=_Step(step.title, self.present, self._future)
        )

    def redone(self) -> History:
        """Go one edit forth; at the end nothing happens."""
        if self._future is None:
            return self
        step = self._future
        return replace(
            self, present=step.topology, _past=_Step(step.title, self.present, self._past), _future=step.beyond
        )

    def marked_saved(self, topology: Topology) -> History:
        """Remember that `topology`, one of the versions of this session, is what is on disk now."""
        return replace(self, saved=topology)
