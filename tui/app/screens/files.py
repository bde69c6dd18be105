"""What is done with files from the workbench: saving, opening, reading again, and leaving.

Invariant: nothing unsaved is lost, and nothing of somebody else's is overwritten, without a word typed for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tui.app.screens.choices import path_typed
from tui.errors import VnetTuiError
from tui.storage import remembered
from tui.storage.files import FileChangedError
from tui.storage.load import load

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen
    from tui.app.store import Saving
    from tui.storage.load import Loaded

Then = Callable[[], object]

_WAITING: WeakKeyDictionary[WorkbenchScreen, list[Then]] = WeakKeyDictionary()
"""What each workbench is to do when the file that is being written is written."""


def _nothing() -> None:
    pass


# Saving.


def save_or_ask(bench: WorkbenchScreen, then: Then = _nothing) -> None:
    """Save, asking for a name or a decision where one is needed; `then` is called when all of it is saved."""
    if bench.store.path is None:
        save_as(bench, then)
    else:
        _write(bench, bench.store.saving, then)


def save_as(bench: WorkbenchScreen, then: Then = _nothing) -> None:
    """Ask for a name, and save under it."""
    usual = str(bench.store.path or "topology.toml")
    bench.ask("Save as", usual, lambda name: save_to(bench, name, then), select=True)


def save_to(bench: WorkbenchScreen, name: str, then: Then = _nothing) -> None:
    """Save under a name; what stands there already is overwritten only when that is said."""
    path = path_typed(name)
    if not name.strip():
        bench.say("not saved: it needs a name")
    elif path == bench.store.path and not bench.store.read_only:
        save_or_ask(bench, then)
    else:
        _write(bench, lambda: bench.store.saving(path), then)


def _write(bench: WorkbenchScreen, begin: Callable[[], Saving], then: Then) -> None:
    """Write beside what the person does; while a file is being written, the next one waits for it."""
    if bench.is_saving:
        _when_saved(bench, lambda: _write(bench, begin, then))
        return
    try:
        saving = begin()
    except VnetTuiError as error:
        bench.say_error(error)
        return
    bench.is_saving = True

    def done(loaded: Loaded) -> None:
        bench.is_saving = False
        is_other = saving.path != bench.store.path
        bench.store.saved(saving, loaded)
        if is_other:
            bench.beside(lambda: remembered.remember(saving.path), lambda _: None, bench.say_error, "remember")
        for one in _WAITING.pop(bench, []):
            one()
        if then is not _nothing:
            _if_free(bench, lambda: _go_on(bench, then))

    def failed(error: VnetTuiError) -> None:
        bench.is_saving = False
        _WAITING.pop(bench, None)
        if isinstance(error, FileChangedError) and _is_free(bench):
            _decide(bench, saving.path, error, then)
        else:
            bench.say_error(error)

    bench.say(f"saving {saving.path}")
    bench.beside(saving.write, done, failed, "save")


def _when_saved(bench: WorkbenchScreen, then: Then) -> None:
    _WAITING.setdefault(bench, []).append(then)
    bench.say("still saving: this follows when it is done")


def _go_on(bench: WorkbenchScreen, then: Then) -> None:
    if bench.store.unsaved:
        bench.say("saved, but for what was changed meanwhile: still here")
    else:
        then()


def _if_free(bench: WorkbenchScreen, then: Then) -> None:
    if _is_free(bench):
        then()
    else:
        bench.say("saved; still here, for something is open")


def _is_free(bench: WorkbenchScreen) -> bool:
    """True if nobody types into a form, a question or a picker, which what comes now would take away."""
    return bench.is_current and not bench.prompt.is_open and not bench.form.is_open


def _decide(bench: WorkbenchScreen, path: Path, error: FileChangedError, then: Then) -> None:
    own = path == bench.store.path
    choices = "type overwrite, or reload" if own else "type overwrite to replace it"

    def decide(word: str) -> None:
        if word.strip() == "overwrite":
            _write(bench, lambda: bench.store.saving(path, overwrite=True), then)
        elif word.strip() == "reload" and own:
            reload(bench)
        else:
            not_saved()

    def not_saved() -> None:
        bench.say("not saved")

    # Short, so that there is room for the answer behind it.
    what = error.message.replace(str(path), path.name).removesuffix(" by somebody else in the meantime")
    bench.ask(f"{what}: {choices}", "", decide, not_saved)


# Leaving.


def quit_or_ask(bench: WorkbenchScreen) -> None:
    """Leave; with unsaved changes, ask what becomes of them."""
    _leave_or_ask(bench, "quits", bench.app.exit)


def _leave_or_ask(bench: WorkbenchScreen, what: str, leave: Then) -> None:
    if bench.is_saving:
        _when_saved(bench, lambda: _if_free(bench, lambda: _leave_or_ask(bench, what, leave)))
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
            stay()

    def stay() -> None:
        bench.say("still here, nothing lost")

    bench.ask(f"There are unsaved changes: s saves and {what}, d discards them", "", decide, stay)


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
    path = path_typed(name)
    _leave_or_ask(bench, "opens it", lambda: bench.host.open(path))


def begin_new(bench: WorkbenchScreen) -> None:
    """Begin an empty topology."""
    from tui.app.store import Store

    _leave_or_ask(bench, "begins anew", lambda: bench.host.show(Store.new()))


def reload(bench: WorkbenchScreen) -> None:
    """Read the file again; undo brings back what was here."""
    path = bench.store.path
    if path is None or not os.path.lexists(path):
        bench.say("there is no file to read again: it was not saved yet")
        return
    bench.say(f"reading {path}")
    bench.beside(lambda: load(path), bench.store.take_file, bench.say_error, "open")
