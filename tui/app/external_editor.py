"""The person's own editor: a text handed to it in a private file, and what came back.

Owns which program is run, the file that it is given and what may have become of that file.
Invariant: a text that came back and was not taken over stays in its file, and a message says where; every other
file is removed. What the file holds counts, never the exit status.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from textual.app import App, SuspendNotSupported

from tui.display import displayable
from tui.errors import FileError, VnetTuiError
from tui.storage.files import read_text
from tui.storage.problems import UnreadableTopologyError

_FALLBACKS: Final = ("vi", "nano")
_WHAT_TO_SET: Final = 'set $EDITOR to one that is there (export EDITOR=vim), or "editor" in the settings'
_WAITS: Final = {"code": "--wait", "codium": "--wait", "subl": "--wait", "zed": "--wait", "mate": "-w"}
"""Editors with a window of their own come back at once, unless told otherwise."""
_MARK: Final = "# vnet-tui: "
_AGAIN: Final = "correct it below and save; these lines go by themselves"
_MOST_PROBLEMS: Final = 20

_JUMPS: Final = (
    "vi",
    "vim",
    "nvim",
    "nvi",
    "view",
    "nano",
    "pico",
    "emacs",
    "emacsclient",
    "micro",
    "joe",
    "kak",
    "mg",
)
"""Editors that go to a line for `+LINE`."""

T = TypeVar("T")


class EditorError(VnetTuiError):
    """The editor could not be run, or what it left cannot be used."""


def editor_command(command: str | None, environ: Mapping[str, str]) -> list[str]:
    """Return the editor with its arguments: `command` (from the settings), $VISUAL, $EDITOR, vi or nano.

    The first that is set counts. Raises EditorError if it is not there, or does not wait until the text is saved.
    """
    set_by = {"the editor in the settings": command, "$VISUAL": environ.get("VISUAL"), "$EDITOR": environ.get("EDITOR")}
    for who, value in set_by.items():
        if value and value.strip():
            return _checked(who, value, environ)
    for name in _FALLBACKS:
        if found := shutil.which(name, path=environ.get("PATH")):
            return [found]
    raise EditorError(f"there is no editor: neither {' nor '.join(_FALLBACKS)} is installed", _WHAT_TO_SET)


def _checked(who: str, value: str, environ: Mapping[str, str]) -> list[str]:
    try:
        words = shlex.split(value)
    except ValueError as error:
        raise EditorError(f"{who} is {value}: {error}", "close the quotes as a shell would want them") from None
    program, *arguments = words or [""]
    found = shutil.which(os.path.expanduser(program), path=environ.get("PATH"))
    if found is None:
        raise EditorError(f"{who} is {value}, and there is no program {program}", _WHAT_TO_SET)
    name = Path(program).name
    if name in _WAITS and not {"-w", "--wait"}.intersection(arguments):
        raise EditorError(f"{who} is {value}, which does not wait for you", f"set it to {name} {_WAITS[name]}")
    return [found, *arguments]


class EditorSession:
    """One text in the editor, as often as it takes. Use it in a `with`, which removes the file unless it is kept."""

    def __init__(self, text: str, *, name: str, command: str | None, environ: Mapping[str, str]) -> None:
        """Prepare `text`; `name` says in the file's name what it is. Raises EditorError if there is no editor."""
        self.note = ""
        """What the status line should say of the last run besides, or nothing."""
        self._text = self._typed = text
        self._command = editor_command(command, environ)
        self._environ = dict(environ)
        self._marks: tuple[str, ...] = ()
        self._came_back = False
        self._kept = False
        folder = environ.get("TMPDIR") or None
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="vnet-tui-", dir=folder))  # 0700
            self.path = self._folder / f"{_file_name(name)}.toml"
            """The file that the editor is given."""
            self._write(text)
        except OSError as error:
            raise EditorError(f"no file for the editor could be made: {error}", "set TMPDIR to a folder") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._kept and (error is None or not self._came_back):
            shutil.rmtree(self._folder, ignore_errors=True)

    def edit(self) -> str | None:
        """Run the editor, and return the text that came back; None if it is the one that was given.

        Call it with the terminal free (`run_in_terminal`). Raises EditorError; the file then stays, and `edit` may
        be called again.
        """
        status = self._run()
        text = self._read()
        self.note, self._kept = "", False
        if status:
            how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
            what = "nothing was changed" if text == self._text else "what it had saved counts"
            self.note = f"{Path(self._command[0]).name} {how}: {what}"
            if any(path != self.path for path in self._folder.iterdir()):
                self._kept = True  # a swap file, say, of an editor that crashed
                self.note += f"; what else it left is in {self._folder}"
        if text == self._text:
            return None
        self._came_back = True
        return text

    def refuse(self, error: VnetTuiError) -> None:
        """Put at the top of the text that came back why it cannot be taken over; the next `edit` opens it so.

        Raises EditorError if the file cannot be written; what it holds is untouched then.
        """
        typed = self._read()
        complaints = [*_complaints(error), (None, _AGAIN)]
        # The numbers count the lines as they are shown, these among them.
        lines = (said if at is None else f"line {at + len(complaints)}: {said}" for at, said in complaints)
        marks = tuple(_MARK + displayable(line, 300) for line in lines)
        try:
            self._write("".join(f"{mark}\n" for mark in marks) + typed)
        except OSError as failure:
            raise self._unusable(f"the problems could not be written into it: {failure}") from failure
        self._marks, self._typed = marks, typed

    def keep(self) -> str:
        """Leave the file where it is, and return the words that say so."""
        self._kept = True
        return f"what you typed is in {self.path}"

    def _run(self) -> int:
        try:
            return _run_editor([*self._command, str(self.path)], self._environ)
        except EditorError as error:
            if self._came_back:
                raise EditorError(error.message, f"{error.hint}; {self.keep()}") from error
            raise

    def _read(self) -> str:
        try:
            text = read_text(self.path).text
        except FileError as error:
            if not os.path.lexists(self.path):
                self._came_back = False
                raise EditorError("the editor removed the file", "nothing was changed") from error
            raise self._unusable(error.message, error.hint) from error
        if not text.strip() and self._text.strip():
            self._came_back = False
            raise EditorError("the text came back empty", "nothing was changed; to delete things, use delete")
        return self._without_marks(text)

    def _unusable(self, message: str, hint: str = "") -> EditorError:
        return EditorError(message, f"{hint} Nothing was changed; {self.keep()}".strip())

    def _without_marks(self, text: str) -> str:
        """The text without the complaints at its top, those that were touched included."""
        if not self._marks:
            return text
        given = self._typed.splitlines()
        lines = text.splitlines(keepends=True)
        head = 0
        while head < len(lines) and (not lines[head].strip() or lines[head].startswith("#")):
            head += 1

        def is_mark(line: str) -> bool:
            return line in self._marks or (line.startswith(_MARK.strip()) and line not in given)

        return "".join([line for line in lines[:head] if not is_mark(line.rstrip("\r\n"))] + lines[head:])

    def _write(self, text: str) -> None:
        """Replace the file in one go: what was typed is never half gone."""
        new = self.path.with_suffix(".new")
        with contextlib.suppress(FileNotFoundError):
            new.unlink()
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
        os.replace(new, self.path)


def edit_text(text: str, *, name: str, command: str | None, environ: Mapping[str, str]) -> str | None:
    """Open `text` in the editor once, and return what came back, or None if that is the same.

    Takes and raises what EditorSession does; the file is gone afterwards, unless the text could not be used.
    """
    with EditorSession(text, name=name, command=command, environ=environ) as session:
        return session.edit()


def edit_in_place(path: Path, line: int | None, *, command: str | None, environ: Mapping[str, str]) -> str:
    """Open the file itself in the editor, at `line` where the editor knows how; return what went wrong, or nothing.

    Call it with the terminal free (`run_in_terminal`). Raises EditorError if the editor is not there or cannot run.
    """
    words = editor_command(command, environ)
    name = Path(words[0]).name
    at = [f"+{line}"] if line and name in _JUMPS else []
    # A name that begins with a hyphen is no option.
    status = _run_editor([*words, *at, os.path.abspath(path)], dict(environ))
    how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
    return f"{name} {how}" if status else ""


def run_in_terminal(app: App[Any], run: Callable[[], T]) -> T:
    """Give the terminal to `run` and take it back, whatever comes of it; return or raise what `run` does.

    Raises EditorError where the terminal cannot be given away (in a browser).
    """
    try:
        with app.suspend():
            outcome = _outcome(run)  # what is raised in here would keep Textual from taking the terminal back
    except SuspendNotSupported:
        raise EditorError("no other program can have this terminal", "open the file in an editor beside") from None
    return outcome()


def _run_editor(words: list[str], environ: dict[str, str]) -> int:
    """Run the editor in the terminal, and return its exit status; negative: the signal that ended it."""
    with _own_signals(), _terminal() as streams:
        try:
            return subprocess.run(words, env=environ, check=False, **streams).returncode
        except (OSError, ValueError) as error:
            raise EditorError(f"{words[0]} cannot be run: {error}", _WHAT_TO_SET) from error


def _outcome(run: Callable[[], T]) -> Callable[[], T]:
    try:
        result = run()
    except BaseException as error:
        caught = error

        def fail() -> T:
            raise caught

        return fail
    return lambda: result


def _complaints(error: VnetTuiError) -> list[tuple[int | None, str]]:
    """The lines of a text with what is wrong in them."""
    if not isinstance(error, UnreadableTopologyError):
        return [(None, "; ".join(filter(None, (error.message, error.hint))))]
    lines: list[tuple[int | None, str]] = [(one.line, one.message) for one in error.problems[:_MOST_PROBLEMS]]
    if len(error.problems) > _MOST_PROBLEMS:
        lines.append((None, f"and {len(error.problems) - _MOST_PROBLEMS} more"))
    return lines


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:60] or "topology"


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    """Let Ctrl-C and Ctrl-\\ reach the editor alone: they go to every program in the foreground."""
    before: dict[signal.Signals, Any] = {}
    with contextlib.suppress(ValueError):  # outside of the main thread signals are not ours to set
        for number in (signal.SIGINT, signal.SIGQUIT):
            # A handler, for what is ignored would stay ignored in the editor.
            before[number] = signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


@contextlib.contextmanager
def _terminal() -> Iterator[dict[str, Any]]:
    """Yield the streams for the editor: ours where they are the terminal, else the terminal itself, if there is one."""
    with contextlib.ExitStack() as open_files:
        streams: dict[str, Any] = {}
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            if not os.isatty(number):
                with contextlib.suppress(OSError):
                    terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
                    open_files.callback(os.close, terminal)
                    streams[name] = terminal
        yield streams
