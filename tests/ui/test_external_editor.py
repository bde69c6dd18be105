"""The person's own editor on a real terminal: it has the whole terminal, and the program comes back whole.

Run as a program (`python -m tests.ui.test_external_editor`) it is the small app that the tests look at.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Label

from tests.ui.pty import Terminal
from tui.app.external_editor import EditorSession, run_in_terminal
from tui.errors import EditError, VnetTuiError

_EDITOR = """\
import os, sys, termios
print("tty", *map(os.isatty, range(3)), "size", *os.get_terminal_size())
print("echo", bool(termios.tcgetattr(0)[3] & termios.ECHO), flush=True)
typed = input("type: ")
if typed:
    with open(sys.argv[1], "a") as file:
        file.write(typed + "\\n")
"""


class EditorApp(App[None]):
    """`e` opens a text; what is wrong with "bad" is said, and `e` opens it again."""

    session: EditorSession | None = None

    def compose(self) -> ComposeResult:
        """What came back."""
        yield Label("ready")

    def key_e(self) -> None:
        """Open the text."""
        try:
            if self.session is None:
                self.session = EditorSession("given\n", name="x", command=None, environ=os.environ)
            text = run_in_terminal(self, self.session.edit)
            said = "nothing changed" if text is None else f"got {text.split()}"
            if text is not None and "bad" in text:
                self.session.refuse(EditError("bad is wrong"))
                said = "refused"
        except VnetTuiError as error:
            said = f"error: {error.message}"
        self.query_one(Label).update(said)

    def key_x(self) -> None:
        """Something that fails while the terminal is away."""
        try:
            run_in_terminal(self, lambda: 1 / 0)
        except ZeroDivisionError:
            self.query_one(Label).update("failed")

    def key_q(self) -> None:
        """Leave."""
        self.exit()


@contextmanager
def running(folder: Path, editor: str = _EDITOR) -> Iterator[Terminal]:
    """The app on a pty, with a Python script as its editor."""
    script = folder / "editor.py"
    script.write_text(editor)
    environ = {"VISUAL": f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}", "TMPDIR": str(folder)}
    with Terminal((sys.executable, "-m", __name__), env=environ) as terminal:
        terminal.wait_for("ready")
        terminal.settle()
        yield terminal


def test_the_editor_has_the_whole_terminal_and_the_program_comes_back_whole(tmp_path: Path) -> None:
    with running(tmp_path) as terminal:
        terminal.press("e", until="type:")
        shown = terminal.text()
        assert "tty True True True size 80 24" in shown
        assert "echo True" in shown
        assert "ready" not in shown
        terminal.press("text:hello", until="type: hello")
        terminal.press("enter", until="got ['given', 'hello']")
        assert "type:" not in terminal.text()
        terminal.press("e", until="type:")
        terminal.press("enter", until="got ['given', 'hello']")
        assert not terminal.press("q", quiet=5).alive


def test_what_is_wrong_is_read_in_the_editor_and_mended_there(tmp_path: Path) -> None:
    with running(tmp_path, f"import sys\nprint(open(sys.argv[1]).read())\n{_EDITOR}") as terminal:
        terminal.press("e", until="type:")
        terminal.press("text:bad", "enter", until="refused")
        terminal.press("e", until="type:")
        assert "# vnet-tui: bad is wrong" in terminal.text()
        terminal.press("enter", until="refused")


def test_ctrl_c_in_the_editor_ends_the_editor_alone(tmp_path: Path) -> None:
    with running(tmp_path) as terminal:
        terminal.press("e", until="type:")
        terminal.press("\x03", until="nothing changed")
        terminal.press("e", until="type:")
        assert terminal.press("enter", until="nothing changed").alive


def test_a_failure_while_the_terminal_is_away_brings_the_program_back(tmp_path: Path) -> None:
    with running(tmp_path) as terminal:
        assert terminal.press("x", until="failed").alive
        terminal.press("e", until="type:")
        terminal.press("enter", until="nothing changed")


if __name__ == "__main__":
    EditorApp().run()
