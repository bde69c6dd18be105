"""A terminal program on a real pseudo-terminal, with the screen that a person would see and the bytes of each step.

Owns the pty, the emulator (pyte) and the names of keys. Invariant: every byte that the program wrote is in `received`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyte

_FUNCTION_KEYS = (
    *("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~"),
    *("\x1b[18~", "\x1b[19~", "\x1b[20~", "\x1b[21~", "\x1b[23~", "\x1b[24~"),
)
NAMED_KEYS: Mapping[str, str] = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "comma": ",",
    **{f"f{number}": code for number, code in enumerate(_FUNCTION_KEYS, start=1)},
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
ENVIRONMENT: Mapping[str, str] = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}

# Sequences that pyte would print: the keyboard protocol (CSI > = < … u) and mode queries (CSI ? … $ p).
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[(?:[<>=][\d;:]*[a-zA-Z]|\?\d+\$p)")
_UNFINISHED = re.compile(rb"\x1b(?:\[[^@-~]*)?$")


def _inherited() -> dict[str, str]:
    """The environment without what says how big or how colourful the terminal is: bytes repeat exactly."""
    terminal = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TMUX", "TERM_PROGRAM")
    return {
        name: value for name, value in os.environ.items() if name not in terminal and not name.startswith("TEXTUAL")
    }


_GLANCE = 0.02
"""Seconds between two looks at whether a silent program computes."""
_DOZING = 2_000_000
"""Nanoseconds of computing between two looks that are no work: a thread that looks for keys ten times a second."""


def _of_each_thread(process: int, name: str) -> list[str]:
    """A file of each thread of a process under /proc; none where there is no such thing, or no longer."""
    texts = []
    with contextlib.suppress(OSError):
        for thread in sorted(Path(f"/proc/{process}/task").iterdir()):
            with contextlib.suppress(OSError):
                texts.append((thread / name).read_text())
    return texts


def _computed(process: int) -> int:
    """The nanoseconds that the threads of a process were on a core."""
    return sum(int(text.split()[0]) for text in _of_each_thread(process, "schedstat"))


def _wants_a_core(process: int) -> bool:
    """Whether a thread is on a core, or waits for one or for the disk."""
    return any(text.rpartition(")")[2].split()[0] in "RD" for text in _of_each_thread(process, "stat"))


class Step(NamedTuple):
    """What followed from one input: the bytes, the seconds until the last of them, and whether the program lives."""

    sent: bytes
    seconds: float
    alive: bool


def key_bytes(name: str) -> bytes:
    """Return what a terminal sends for a key: 'down', 'ctrl+s', 'a', or 'text:hello' for typed text."""
    if name.startswith("text:"):
        return name.removeprefix("text:").encode()
    return NAMED_KEYS.get(name, name).encode()


class Terminal:
    """A program on a pty, with its screen. Use it in a `with`, which ends the program."""

    def __init__(
        self, command: Sequence[str], columns: int = 80, rows: int = 24, env: Mapping[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.received = bytearray()
        self.started = time.perf_counter()
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads: the child only calls exec
            self._pid, self._fd = pty.fork()
        if self._pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.execvpe(command[0], [*command], {**_inherited(), **ENVIRONMENT, **(env or {})})
            finally:
                os._exit(127)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def text(self) -> str:
        """The screen as text, one line a row."""
        return "\n".join(self.screen.display)

    def press(
        self, *keys: str, until: str | Callable[[str], bool] | None = None, quiet: float = 0.15, limit: float = 30
    ) -> Step:
        """Send keys, wait for `until` (as `wait_for` does) if given, and then for `quiet` seconds of silence."""
        begin, before = time.perf_counter(), len(self.received)
        os.write(self._fd, b"".join(key_bytes(key) for key in keys))
        if until is not None:
            self.wait_for(until, limit)
        waited = time.perf_counter() - begin
        step = self.settle(quiet, limit)
        return Step(bytes(self.received[before:]), waited + step.seconds, step.alive)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program is told."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def settle(self, quiet: float = 0.15, limit: float = 30) -> Step:
        """Read until the program neither wrote nor computed for `quiet` seconds.

        The step counts the seconds until the last byte. Silence alone is no rest: on a busy machine an answer takes
        longer than any silence one would wait for, and its bytes would be counted as those of the next key.
        """
        begin = last = at_work = time.perf_counter()
        before, computed = len(self.received), _computed(self._pid)
        while (now := time.perf_counter()) - begin < limit:
            got = self._read(min(max(quiet - (now - at_work), 0), _GLANCE))
            if got is None:
                return Step(bytes(self.received[before:]), last - begin, alive=False)
            now, was = time.perf_counter(), computed
            computed = _computed(self._pid)
            if got:
                last = now
            if got or computed - was > _DOZING or _wants_a_core(self._pid):
                at_work = now
            elif now - at_work >= quiet:
                break
        return Step(bytes(self.received[before:]), last - begin, alive=True)

    def wait_for(self, marker: str | Callable[[str], bool], limit: float = 30) -> float:
        """Read until a text is on the screen, or a condition on the screen holds; return the seconds since the start.

        Raises TimeoutError, with the screen in its text, when that does not come.
        """
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            screen = self.text()
            if marker in screen if isinstance(marker, str) else marker(screen):
                return time.perf_counter() - self.started
            if self._read(0.02) is None:
                break
        raise TimeoutError(f"never on the screen: {marker!r}\n{self.text()}")

    def close(self) -> None:
        """End the program, as a dropped line would, and by force if that does not do."""
        for end in (signal.SIGHUP, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, end)
            for _ in range(50):
                if os.waitpid(self._pid, os.WNOHANG)[0]:
                    os.close(self._fd)
                    return
                time.sleep(0.02)

    def _read(self, timeout: float) -> int | None:
        """Read what there is within `timeout` seconds: the number of bytes, or None when the program ended."""
        if not select.select([self._fd], [], [], timeout)[0]:
            return 0
        try:
            chunk = os.read(self._fd, 1 << 16)
        except OSError:
            return None
        if not chunk:
            return None
        self.received += chunk
        # The two queries that a full-screen program may wait for.
        if b"\x1b[6n" in chunk:
            os.write(self._fd, b"\x1b[1;1R")
        if b"\x1b[c" in chunk:
            os.write(self._fd, b"\x1b[?62;c")
        shown = _UNKNOWN_TO_PYTE.sub(b"", self._held + chunk)
        unfinished = _UNFINISHED.search(shown)
        self._held = shown[unfinished.start() :] if unfinished else b""
        self._stream.feed(shown[: len(shown) - len(self._held)])
        return len(chunk)
