"""The store: the topology of this session, its history, and the file it belongs to.

Owns every change: a command hands an edit to the store, the store makes the next topology and tells whoever
listens. Invariant: widgets read topologies from here and keep none; what is on disk is known by its fingerprint,
so a file that somebody else changed is never overwritten unseen.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tui.checks.rule import Finding
from tui.errors import EditError, FileError
from tui.storage.files import ABSENT, Fingerprint, fingerprint_of
from tui.storage.load import Loaded, load, parse
from tui.topology.edits import Edit
from tui.topology.history import History
from tui.topology.model import Topology


@dataclass(frozen=True, slots=True)
class Saving:
    """A save that has begun: everything that writing needs, so that it can be done beside the person."""

    path: Path
    topology: Topology
    loaded: Loaded | None
    expected: Fingerprint
    said: str

    def write(self) -> Loaded:
        """Write the file and return what is on disk then. Safe in another thread.

        Raises FileError if it cannot be written, FileChangedError if somebody else changed the file since.
        """
        from tui.storage.save import save, save_new  # the editor starts without what writes

        if self.loaded is None:
            return save_new(self.path, self.topology, self.expected)
        known = self.loaded
        return save(self.path, Loaded(known.topology, known.text, self.expected), self.topology)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to the topology: the versions before and after, and what the status line says."""

    before: Topology
    after: Topology
    said: str


class Store:
    """One session with one topology."""

    def __init__(
        self, topology: Topology, path: Path | None, loaded: Loaded | None, *, read_only: bool = False
    ) -> None:
        self._history = History.unsaved(topology) if loaded is None else History.of_file(topology)
        self._loaded = loaded
        self.path = path
        self.name = path.name if path is not None else "new topology"
        """What the file is called on the screen."""
        self.read_only = read_only
        self._texts: list[tuple[Topology, Topology, Loaded | None, Loaded]] = []
        """Texts that were taken or read again: the versions before and after, and what was loaded then."""
        self._listeners: list[Callable[[Change], None]] = []
        self._findings: tuple[Finding, ...] = ()
        self._checked: Topology | None = None

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Store:
        """Begin with the file at `path`. Raises FileError or UnreadableTopologyError."""
        loaded = load(path)
        return cls(loaded.topology, path, loaded, read_only=read_only)

    @classmethod
    def sample(cls, path: Path, *, read_only: bool = False) -> Store:
        """Begin with the sample at `path`, to be saved under a name of one's own. Raises as `open`."""
        loaded = load(path)
        store = cls(loaded.topology, None, loaded, read_only=read_only)
        store.name = f"{path.name} (sample)"
        return store

    @classmethod
    def new(cls, path: Path | None = None) -> Store:
        """Begin with an empty topology, to be saved at `path`."""
        return cls(Topology(), path, None)

    @property
    def topology(self) -> Topology:
        """The present topology."""
        return self._history.present

    @property
    def unsaved(self) -> bool:
        """True if what is on disk is not the present topology; a new one that is still empty is nothing to lose."""
        return not self._history.is_saved and not (self._loaded is None and self._history.undo_title is None)

    @property
    def undo_title(self) -> str | None:
        """The edit that undo would take back, or None."""
        return self._history.undo_title

    @property
    def redo_title(self) -> str | None:
        """The edit that redo would make again, or None."""
        return self._history.redo_title

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that are known: of the present topology, or of the last one that was checked.

        The same tuple as before where nothing else was found.
        """
        return self._findings

    @property
    def is_checked(self) -> bool:
        """True if the findings are those of the present topology."""
        return self._checked is self.topology

    def check(self, today: datetime.date) -> None:
        """Find out what is wrong with the present topology. Safe to call in another thread."""
        from tui.checks.engine import check

        topology = self.topology
        findings = check(topology, today)
        # An edit made meanwhile has a check of its own to come.
        if topology is self.topology:
            if findings != self._findings:
                self._findings = findings
            self._checked = topology

    def subscribe(self, listener: Callable[[Change], None]) -> None:
        """Have `listener` called after every change."""
        self._listeners.append(listener)

    def apply(self, edit: Edit) -> None:
        """Make `edit`. Raises EditError if it cannot be made, or if nothing may be changed here."""
        if self.read_only:
            raise EditError("this session is read-only", "open the file without --read-only to change it")
        history = self._history.edited(edit)
        self._become(history, "nothing was changed" if history is self._history else edit.title)

    def undo(self) -> None:
        """Take the last edit back; where there is none, say so."""
        title = self._history.undo_title
        before, history = self.topology, self._history.undone()
        self._with_text_of(before, history.present)
        self._become(history, f"Undone: {title}" if title else "Nothing to undo")

    def redo(self) -> None:
        """Make the edit again that was undone last; where there is none, say so."""
        title = self._history.redo_title
        before, history = self.topology, self._history.redone()
        self._with_text_of(before, history.present)
        self._become(history, f"Redone: {title}" if title else "Nothing to redo")

    def saving(self, path: Path | None = None, *, overwrite: bool = False) -> Saving:
        """Begin to save: to the file of this session, or to another one, which then becomes it.

        `overwrite`: whatever stands there now is written over. Raises FileError if there is nowhere to save to.
        """
        target = path or self.path
        if target is None:
            raise FileError("this topology has no file yet", "save it under a name")
        if path is None and self.read_only:
            raise FileError("this session is read-only", "save under another name")
        if overwrite:
            expected = fingerprint_of(target)
        else:
            expected = self._loaded.fingerprint if path is None and self._loaded is not None else ABSENT
        said = f"Saved {target}" if path is None or path == self.path else f"Saved as {target}"
        return Saving(target, self.topology, self._loaded, expected, said)

    def saved(self, saving: Saving, loaded: Loaded) -> None:
        """Remember that `saving` was written: what was edited meanwhile is unsaved."""
        if saving.path != self.path:
            self.path, self.name, self.read_only = saving.path, saving.path.name, False
        known = self._loaded
        # A text that was taken meanwhile stays the one to go on from, or its comments would be gone.
        kept = known is not None and known is not saving.loaded
        self._loaded = Loaded(known.topology, known.text, loaded.fingerprint) if known is not None and kept else loaded
        self._become(self._history.marked_saved(saving.topology), saving.said)

    def save(self) -> None:
        """Write the present topology to its file, at once. Raises as `saving` and `Saving.write`."""
        saving = self.saving()
        self.saved(saving, saving.write())

    def save_as(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the present topology to another file, comments included, and go on with that one. Raises as `save`."""
        saving = self.saving(path, overwrite=overwrite)
        self.saved(saving, saving.write())

    @property
    def text(self) -> str:
        """The present topology as the text of a file, comments included. Raises FileError."""
        from tui.storage.part_text import whole_text

        return whole_text(self._loaded, self.topology)

    def take_text(self, text: str, title: str) -> None:
        """Make `text` the text of this topology, comments included, as one edit. Raises UnreadableTopologyError."""
        if self.read_only:
            raise EditError("this session is read-only", "open the file without --read-only to change it")
        from tui.storage.part_text import carried_over

        before, base = self.topology, self._loaded
        topology = carried_over(before, parse(text, self.name))
        if topology is before:
            # Comments alone are a version too: undo takes them back.
            topology = before.model_copy()
        self._loaded = Loaded(topology, text, ABSENT if base is None else base.fingerprint)
        self._texts.append((before, topology, base, self._loaded))
        self._become(self._history.edited(Edit(title, lambda _: topology)), title)

    def _with_text_of(self, before: Topology, after: Topology) -> None:
        """Where undo or redo went over a text that was taken, go on from the text on its other side."""
        on_disk = ABSENT if self._loaded is None else self._loaded.fingerprint
        for old, new, base, taken in self._texts:
            if before is new and after is old:
                other = base
            elif before is old and after is new:
                other = taken
            else:
                continue
            if other is not None:
                self._loaded = Loaded(other.topology, other.text, on_disk)
            elif on_disk == ABSENT:
                self._loaded = None

    def changed_on_disk(self) -> bool:
        """True if the file is no longer what it was when it was read or saved here. Raises FileError."""
        path, known = self.path, self._loaded
        if path is None or known is None:
            return False
        is_other = not fingerprint_of(path, known.fingerprint).same_content(known.fingerprint)
        # What was saved or read again meanwhile is nobody else's.
        return is_other and known is self._loaded

    def reload(self) -> None:
        """Read the file again, as an edit that undo takes back. Raises FileError or UnreadableTopologyError."""
        if self.path is not None:
            self.take_file(load(self.path))

    def take_file(self, loaded: Loaded) -> None:
        """Go on with what the file of this session holds now, as an edit that undo takes back."""
        from tui.storage.part_text import carried_over

        before, base = self.topology, self._loaded
        topology = carried_over(before, loaded.topology)
        if topology is before and (base is None or base.topology is not before or base.text != loaded.text):
            # Other comments alone are another version: undo brings back those that were here.
            topology = before.model_copy()
        self._loaded = Loaded(topology, loaded.text, loaded.fingerprint)
        if topology is not before:
            self._texts.append((before, topology, base, self._loaded))
        history = self._history.edited(Edit("Reload the file", lambda _: topology))
        self._become(history.marked_saved(topology), f"Read {self.path} again")

    def _become(self, history: History, said: str) -> None:
        before = self._history.present
        self._history = history
        change = Change(before, history.present, said)
        for listener in self._listeners:
            listener(change)
