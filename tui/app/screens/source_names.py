"""Names of files and folders as a person types them: several in one line, quoted as in a shell, completed.

Invariant: a name that comes out is one that may be read; nothing is read here but the names in a folder.
"""

from __future__ import annotations

import asyncio
import glob
import os
import re
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
    placeholder = line.placeholder

    def rest() -> None:
        line.suggester, line.placeholder = None, placeholder

    def done(text: str) -> None:
        rest()
        last[question] = text
        names = names_in(text)
        if names:
            answer(names)
        else:
            bench.say("nothing was named")

    line.suggester, line.placeholder = PathSuggester(), "Tab completes; several, 'a b.json' and *.json too"
    bench.ask(question, last.get(question, ""), done, rest, select=True)


def names_in(text: str) -> list[str]:
    """Return the names that a person typed, `~` expanded, and `*`, `?` and `[…]` where no file is called so.

    What is a name as a whole is one, blanks and all.
    Raises VnetTuiError for a quotation without an end, and for -, which on a terminal is what keys are read from.
    """
    whole = os.path.expanduser(text.strip())
    if whole not in ("", "-") and os.path.lexists(whole):
        return [whole]
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise VnetTuiError("a quotation has no end", "put the other quotation mark behind it") from error
    if "-" in words:
        raise VnetTuiError("the keys come from the standard input here", "give the name of a file")
    return [name for word in words if word for name in _matching(os.path.expanduser(word))]


def _matching(name: str) -> list[str]:
    """The files that a name with wildcards stands for; the name itself where there are none, or where it is one."""
    if not glob.has_magic(name) or os.path.lexists(name):
        return [name]
    return sorted(glob.glob(name)) or [name]


class PathSuggester(Suggester):
    """Completes the last name that is typed, to the first one in its folder that begins so."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the line with its last name completed, or None where there is none to complete."""
        return await asyncio.to_thread(completed, value)


def completed(text: str) -> str | None:
    """Return `text` with its last name completed, a folder with a slash; None where nothing begins so.

    What has a meaning in a shell is written with a backslash, or within the quotation that was begun.
    """
    typed, quote = _last_name(text)
    if not typed:
        return None
    folder, begun = os.path.split(os.path.expanduser(typed))
    found: tuple[str, bool] | None = None
    try:
        with os.scandir(folder or ".") as entries:
            for entry in entries:
                name = entry.name
                is_fit = name.startswith(begun) and name != begun and not (quote and set(name) & {quote, "\\"})
                if is_fit and name[0] != "." and displayable(name) == name and (found is None or name < found[0]):
                    found = name, entry.is_dir()
    except (OSError, ValueError):
        return None
    if found is None:
        return None
    name, is_folder = found
    rest = name[len(begun) :] if quote else _MEANT.sub(r"\\\g<0>", name[len(begun) :])
    return f"{text}{rest}{os.sep if is_folder else quote}"


_MEANT = re.compile(r"[^\w@%+=:,./-]")
"""What a shell does not take as it stands."""


def _last_name(text: str) -> tuple[str, str]:
    """The name that the line ends in, as it is meant, and the quotation mark that is open behind it; both may be ""."""
    name, quote, is_escaped = "", "", False
    for one in text:
        if is_escaped:
            name, is_escaped = name + one, False
        elif one == "\\" and quote != "'":
            is_escaped = True
        elif quote:
            name, quote = (name, "") if one == quote else (name + one, quote)
        elif one in "'\"":
            quote = one
        else:
            name = "" if one.isspace() else name + one
    return ("", "") if is_escaped else (name, quote)
