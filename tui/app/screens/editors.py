"""Things and files in the person's own editor, and on the clipboard.

Invariant: what was typed there is taken over as one edit, or stays in a file that a message names.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App

from tui.app import clipboard
from tui.display import displayable
from tui.errors import VnetTuiError
from tui.topology.keypath import key_path

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen
    from tui.storage.in_force import InForce


def copy_out(bench: WorkbenchScreen, text: str) -> None:
    """Send text to the terminal's clipboard."""

    def write(data: str) -> None:
        driver = bench.app._driver
        if driver is not None:
            driver.write(data)
            driver.flush()

    bench.try_to(lambda: bench.say(clipboard.copy(text, os.environ, write)))


def edit_parts(bench: WorkbenchScreen) -> None:
    """Open what is marked, or selected, in the editor."""
    from tui.storage.part_text import edit_of, text_of

    paths = bench.marked or ((bench.selected,) if bench.selected is not None else ())
    if paths == ((),):
        edit_file(bench)
        return
    topology = bench.store.topology
    before = text_of(topology, paths)

    def take(after: str) -> str:
        edit = edit_of(topology, paths, before, after)
        if edit is None:
            return "nothing was changed"
        bench.store.apply(edit)
        return edit.title

    name = key_path(paths[0]) if len(paths) == 1 else f"{len(paths)}-things"
    _edit(bench, before, name, take)


def edit_file(bench: WorkbenchScreen) -> None:
    """Open the whole file as it would be saved now, comments included."""

    def take(after: str) -> str:
        bench.store.take_text(after, title)
        return title

    title = "Edit the file"
    _edit(bench, bench.store.text, Path(bench.store.name).stem, take)


def _edit(bench: WorkbenchScreen, text: str, name: str, take: Callable[[str], str]) -> None:
    """Run the editor on a text until what comes back can be taken, or is given up; `take` says what it did."""
    from tui.app.external_editor import EditorSession, run_in_terminal

    session = EditorSession(text, name=name, command=_command(bench.host.looks), environ=os.environ)

    def once() -> None:
        try:
            after = run_in_terminal(bench.app, session.edit)
        except VnetTuiError as error:
            # Nothing came back that could be mended; where something was typed, the message says where it is.
            bench.say_error(error)
            session.__exit__(type(error), error, None)
            return
        note = f"; {session.note}" if session.note else ""
        if after is None:
            bench.say(session.note or "nothing was changed")
        else:
            try:
                bench.say(f"{take(after)}{note}")
            except VnetTuiError as error:
                ask_again(error)
                return
        session.__exit__(None, None, None)

    def ask_again(error: VnetTuiError) -> None:
        def decide(word: str) -> None:
            if word.strip() not in ("", "e", "edit"):
                give_up()
            elif bench.try_to(lambda: session.refuse(error)):
                once()

        problems = getattr(error, "problems", ())
        what = problems[0].message if problems else error.message
        # The editor shows all of it; here is to be room for the answer.
        room = max(bench.size.width - 60, 20)
        bench.ask(f"{displayable(what)[:room]}: Enter edits it again, k keeps it in its file", "", decide, give_up)

    def give_up() -> None:
        bench.say(f"nothing was changed; {session.keep()}")
        session.__exit__(None, None, None)

    once()


def _command(looks: InForce) -> str | None:
    """The editor of the settings, where they name one."""
    return looks.editor if looks.origins["editor"].source == "file" else None


def edit_on_disk(app: App[Any], looks: InForce, path: Path, line: int | None) -> str:
    """Open the file itself in the editor, at a line where the editor knows how; return what went wrong, or nothing."""
    from tui.app.external_editor import EditorError, edit_in_place, run_in_terminal

    try:
        return run_in_terminal(app, lambda: edit_in_place(path, line, command=_command(looks), environ=os.environ))
    except EditorError as error:
        return f"{error.message}. {error.hint}"
