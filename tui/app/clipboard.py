"""The clipboard of the person at the keyboard, reached through the terminal, over SSH and tmux too.

Owns how a text is wrapped so that it passes what lies between. No program of the desktop is called: it would fill the
clipboard of the wrong machine.
Invariant: what is sent holds no control character of the text's own but its line breaks, and nothing is cut.
"""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Mapping
from typing import Final

from tui.display import displayable
from tui.errors import VnetTuiError

MOST_BYTES: Final = 75_000
"""Characters of base64 that terminals take: xterm and hterm stop at about 100,000, others earlier."""

_TMUX_SECONDS: Final = 2.0
_SCREEN_CHUNK: Final = 250
"""GNU screen 4.0 takes strings of 256 bytes, with what begins and ends them."""


class ClipboardError(VnetTuiError):
    """A text that cannot be sent to the clipboard."""


def copy(text: str, environ: Mapping[str, str], write: Callable[[str], None]) -> str:
    """Send `text` to the terminal's clipboard and return what the status line says.

    `write` takes raw data to the terminal. A terminal acknowledges nothing, so the text is "sent", never "there".
    Characters that are not displayable are sent as visible escapes; in a quoted string TOML 1.1 reads them as the
    characters. Raises ClipboardError for a text that is empty or too large, or on a terminal without a clipboard.
    """
    if environ.get("TERM") in ("linux", "dumb"):
        raise ClipboardError("this terminal has no clipboard", "select with the mouse, or open it in the editor")
    plain = "\n".join(map(displayable, text.split("\n")))
    if not plain.strip():
        raise ClipboardError("there is nothing to copy")
    coded = base64.b64encode(plain.encode()).decode()
    if len(coded) > MOST_BYTES:
        size, most = len(plain.encode()) // 1000, MOST_BYTES * 3 // 4 // 1000
        raise ClipboardError(
            f"{size} KB are too much for a terminal's clipboard, which takes {most} KB",
            "copy fewer things, or open them in the editor and save them under another name there",
        )
    sequence = f"\x1b]52;c;{coded}\x07"
    if environ.get("TMUX"):
        if _given_to_tmux(plain, environ):
            return f"copied {_shown(plain)}; in tmux's buffer, and sent to the terminal's clipboard"
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        sequence = f"\x1bPtmux;{doubled}\x1b\\"
    elif environ.get("STY"):
        starts = range(0, len(sequence), _SCREEN_CHUNK)
        sequence = "".join(f"\x1bP{sequence[start : start + _SCREEN_CHUNK]}\x1b\\" for start in starts)
    write(sequence)
    return f"copied {_shown(plain)}; sent to the terminal's clipboard"


def _given_to_tmux(text: str, environ: Mapping[str, str]) -> bool:
    """Hand the text to tmux, which sends it on to its terminal (-w, since tmux 3.2); say whether it took it."""
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            timeout=_TMUX_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _shown(text: str) -> str:
    first, *others = text.strip("\n").split("\n")
    return displayable(first, 60) + (f" and {len(others)} more lines" if others else "")
