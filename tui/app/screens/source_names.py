"""Names of files and folders as a person types them: several in one line, quoted as in a shell, completed.

Invariant: a name that comes out is one that may be read; nothing is read here but the names in a folder.
"""

from __future__ import annotations

import asyncio
import os
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from textual.suggester import Suggester
from textual.widgets import Input

from tui.display import displayable
from tui.errors import VnetTuiError

if TYPE_CHECKING:
    from tui.app.screens.workbench import WorkbenchScreen

_LAST: WeakKeyDictionary[WorkbenchScreen, dict[str, str]] = WeakKeyDictionary()
"""What was typed last, by the question: a name with a slip in it is not typed anew."""


def ask_for_names(bench: WorkbenchScreen, question: str, answer: Callable[[list[str]], None]) -> None:
    """Ask for names of files and folders; right completes them. `answer` gets them with `~` expanded."""
    last = _LAST.setdefault(bench, {})
    line = bench.prompt.query_one(Input)

    def done(text: str) -> None:
        line.suggester = None
        last[question] = text
        names = names_in(text)
        if names:
            answer(names)
        else:
            bench.say("nothing was named")

    def given_up() -> None:
        line.suggester = None

    line.suggester = PathSuggester()
    bench.ask(question, last.get(question, ""), done, given_up, select=True)


def names_in(text: str) -> list[str]:
    """Return the names that a person typed, `~` expanded.

    Raises VnetTuiError for a quotation without an end, and for -, which on a terminal is what keys are read from.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise VnetTuiError("a quotation has no end", "put the other quotation mark behind it") from error
    if "-" in words:
        raise VnetTuiError("the keys come from the standard input here", "give the name of a file")
    return [os.path.expanduser(word) for word in words if word]


class PathSuggester(Suggester):
    """Completes the last name that is typed, to the first one in its folder that begins so."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the line with its last name completed, or None where there is none to complete."""
        return await asyncio.to_thread(completed, value)


def completed(text: str) -> str | None:
    """Return `text` with its last name completed, a folder with a slash; None where nothing begins so.

    What would have to be quoted is not offered.
    """
    typed = text.rpartition(" ")[2]
    if not typed or any(quote in text for quote in "'\"\\"):
        return None
    folder, begun = os.path.split(os.path.expanduser(typed))
    found: tuple[str, bool] | None = None
    try:
        with os.scandir(folder or ".") as entries:
            for entry in entries:
                name = entry.name
                is_fit = name.startswith(begun) and name != begun and shlex.quote(name) == name
                if is_fit and name[0] != "." and displayable(name) == name and (found is None or name < found[0]):
                    found = name, entry.is_dir()
    except (OSError, ValueError):
        return None
    if found is None:
        return None
    name, is_folder = found
    return f"{text}{name[len(begun) :]}{os.sep if is_folder else ''}"
