"""What is done with files from the workbench: saving, and leaving.

Invariant: nothing unsaved is lost, and nothing of somebody else's is overwritten, without a word typed for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.storage.files import FileChangedError

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen


def save_or_ask(bench: WorkbenchScreen, then: Callable[[], None] = lambda: None) -> None:
    """Save, asking for a name or a decision where one is needed; `then` is called when it is saved."""
    store = bench.store
    if store.path is None:
        bench.ask("Save as", "topology.toml", lambda name: _save_as(bench, name, then))
        return
    path = store.path

    def save() -> None:
        try:
            store.save()
        except FileChangedError as error:
            bench.ask(f"{error.message}: type overwrite, or reload", "", decide)
        else:
            then()

    def decide(word: str) -> None:
        if word.strip() == "overwrite":
            if bench.try_to(lambda: store.save_as(path, overwrite=True)):
                then()
        elif word.strip() == "reload":
            bench.try_to(store.reload)
        else:
            bench.say("not saved")

    bench.try_to(save)


def _save_as(bench: WorkbenchScreen, name: str, then: Callable[[], None]) -> None:
    if name.strip() and bench.try_to(lambda: bench.store.save_as(Path(name.strip()).expanduser())):
        then()


def quit_or_ask(bench: WorkbenchScreen) -> None:
    """Leave; with unsaved changes, ask what becomes of them."""
    if not bench.store.unsaved:
        bench.app.exit()
        return

    def decide(word: str) -> None:
        if word.strip() in ("s", "save"):
            save_or_ask(bench, bench.app.exit)
        elif word.strip() in ("d", "discard"):
            bench.app.exit()
        else:
            bench.say("still here, nothing lost")

    bench.ask("There are unsaved changes: s saves and quits, d discards them", "", decide)
