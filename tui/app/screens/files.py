"""What is done with files from the workbench: saving, opening, reading again, and leaving.

Invariant: nothing unsaved is lost, and nothing of somebody else's is overwritten, without a word typed for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.errors import VnetTuiError
from tui.storage.files import FileChangedError

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen
    from tui.app.store import Saving

Then = Callable[[], object]


def _nothing() -> None:
    pass


# Saving.


def save_or_ask(bench: WorkbenchScreen, then: Then = _nothing) -> None:
    """Save, asking for a name or a decision where one is needed; `then` is called when it is saved."""
    if bench.store.path is None:
        save_as(bench, then)
    else:
        bench.try_to(lambda: _write(bench, bench.store.saving(), then))


def save_as(bench: WorkbenchScreen, then: Then = _nothing) -> None:
    """Ask for a name, and save under it."""
    usual = str(bench.store.path or "topology.toml")
    bench.ask("Save as", usual, lambda name: save_to(bench, name, then))


def save_to(bench: WorkbenchScreen, name: str, then: Then = _nothing) -> None:
    """Save under a name; what stands there already is overwritten only when that is said."""
    path = Path(name.strip()).expanduser()
    if not name.strip():
        bench.say("not saved: it needs a name")
    elif path == bench.store.path and not bench.store.read_only:
        save_or_ask(bench, then)
    else:
        bench.try_to(lambda: _write(bench, bench.store.saving(path), then))


def _write(bench: WorkbenchScreen, saving: Saving, then: Then) -> None:
    """Write beside what the person does."""
    if bench.is_saving:
        bench.say("still saving")
        return
    bench.is_saving = True

    def done(loaded: object) -> None:
        bench.is_saving = False
        bench.store.saved(saving, loaded)  # type: ignore[arg-type]
        then()

    def failed(error: VnetTuiError) -> None:
        bench.is_saving = False
        if isinstance(error, FileChangedError):
            _decide(bench, saving.path, error, then)
        else:
            bench.say_error(error)

    bench.beside(saving.write, done, failed, "save")


def _decide(bench: WorkbenchScreen, path: Path, error: FileChangedError, then: Then) -> None:
    own = path == bench.store.path
    choices = "type overwrite, or reload" if own else "type overwrite to replace it"

    def decide(word: str) -> None:
        if word.strip() == "overwrite":
            bench.try_to(lambda: _write(bench, bench.store.saving(path, overwrite=True), then))
        elif word.strip() == "reload" and own:
            bench.try_to(bench.store.reload)
        else:
            bench.say("not saved")

    bench.ask(f"{error.message}: {choices}", "", decide)


# Leaving.


def quit_or_ask(bench: WorkbenchScreen) -> None:
    """Leave; with unsaved changes, ask what becomes of them."""
    _leave_or_ask(bench, "quits", bench.app.exit)


def _leave_or_ask(bench: WorkbenchScreen, what: str, leave: Then) -> None:
    if bench.is_saving:
        bench.say("still saving: a moment")
        return
    if not bench.store.unsaved:
        leave()
        return

    def decide(word: str) -> None:
        if word.strip() in ("s", "save"):
            save_or_ask(bench, leave)
        elif word.strip() in ("d", "discard"):
            leave()
        else:
            bench.say("still here, nothing lost")

    bench.ask(f"There are unsaved changes: s saves and {what}, d discards them", "", decide)


# Opening.


def open_other(bench: WorkbenchScreen) -> None:
    """Let another file be chosen, and open it."""
    from tui.app.screens.choices import chosen_path, openable_rows

    def chosen(key: object) -> None:
        path, sample = chosen_path(key)
        if path is not None:
            _leave_or_ask(bench, "opens it", lambda: bench.host.open(path, sample=sample))

    bench.pick("Open: a recent file, a sample, or the name of a file", openable_rows(with_new=False), chosen)


def open_path(bench: WorkbenchScreen, name: str) -> None:
    """Open the file of that name."""
    path = Path(name).expanduser()
    _leave_or_ask(bench, "opens it", lambda: bench.host.open(path))


def begin_new(bench: WorkbenchScreen) -> None:
    """Begin an empty topology."""
    from tui.app.store import Store

    _leave_or_ask(bench, "begins anew", lambda: bench.host.show(Store.new()))


def reload(bench: WorkbenchScreen) -> None:
    """Read the file again; undo brings back what was here."""
    if bench.store.path is None or not os.path.lexists(bench.store.path):
        bench.say("there is no file to read again: it was not saved yet")
    else:
        bench.try_to(bench.store.reload)
