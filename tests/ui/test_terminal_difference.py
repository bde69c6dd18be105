"""What an app that sends differences costs on a pty at 80×24, and that the terminal shows all of it at any time.

Run as a program (`python -m tests.ui.test_terminal_difference`) it is the app that the tests look at.
Invariant: after every step the terminal shows what it shows when all is sent anew.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Static

from tests.ui.pty import Terminal
from tests.ui.test_row_list_bytes import _COLUMNS, _PALETTE, estate
from tests.unit.app.terminal.terminals import seen
from tui.app.terminal.frames import FramesApp
from tui.app.widgets.row_list import RowList

_PROGRAM = (sys.executable, "-m", __name__)
_REDRAW = "ctrl+l"


class _LineByLine(RowList):
    """A list that scrolls no further than it must."""

    def _reveal(self) -> None:
        if self._lines and not self._in_view(self._cursor):
            self._scroll_top(self._cursor if self._cursor < self._top else self._cursor - self._lines + 1)


class _Question(ModalScreen[None]):
    CSS = """
    _Question { align: center middle; background: transparent; }
    _Question Static { width: 30; height: 5; border: solid red; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        """A small box."""
        yield Static("Really?")


class ListApp(FramesApp[None]):
    """10,000 rows; `line` scrolls by single lines, `beside` has another pane beside the list."""

    CSS = """#beside { width: 30; border-left: solid green; }"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "ask", "A small modal screen"),
        Binding("s", "shell", "Another program on the terminal"),
        Binding(_REDRAW, "redraw", "Send all", priority=True),
    ]

    def compose(self) -> ComposeResult:
        """The list, and the pane if wanted."""
        kind = _LineByLine if "line" in sys.argv else RowList
        with Horizontal():
            yield kind(_COLUMNS, palette=_PALETTE)
            if "beside" in sys.argv:
                yield Static("\n".join(f"{number * 7919} facts about {number}" for number in range(50)), id="beside")

    def on_mount(self) -> None:
        """Fill it."""
        rows = self.query_one(RowList)
        rows.set_rows(estate(10_000))
        rows.focus()

    def action_ask(self) -> None:
        """Show a small modal screen."""
        self.push_screen(_Question())

    def action_shell(self) -> None:
        """Let another program write all over the terminal."""
        with self.suspend():
            os.write(1, b"\x1b[H" + b"rubbish \r\n" * 100)


def _cursor_on(number: int) -> str:
    return f"▌ vnet-{number * 7919 % 10_000:05}"


def _shows_what_it_shows_when_all_is_sent(terminal: Terminal) -> bool:
    before = seen(terminal.screen)
    terminal.screen.erase_in_display(2)
    terminal.press(_REDRAW)
    return seen(terminal.screen) == before


@pytest.fixture(scope="module")
def one_list() -> Iterator[Terminal]:
    """The list as it is."""
    with Terminal(_PROGRAM) as terminal:
        terminal.wait_for("vnet-00000")
        terminal.settle()
        yield terminal


def test_the_first_screen_is_sent_once() -> None:
    with Terminal(_PROGRAM) as terminal:
        terminal.wait_for("vnet-00000")
        terminal.settle()
        assert len(terminal.received) <= 6_000


def test_a_step_down_costs_two_lines_also_where_the_list_scrolls(one_list: Terminal) -> None:
    one_list.press("g", until=_cursor_on(0))
    one_list.press(*["down"] * 18, until=_cursor_on(18))
    sent = [len(one_list.press("down", until=_cursor_on(number)).sent) for number in range(19, 27)]
    assert max(sent) <= 400
    assert _shows_what_it_shows_when_all_is_sent(one_list)


def test_a_page_costs_what_differs_between_its_rows(one_list: Terminal) -> None:
    one_list.press("g", until=_cursor_on(0))
    sent = [len(one_list.press("pagedown", until=_cursor_on(23 * page)).sent) for page in range(1, 4)]
    assert max(sent) <= 3_500
    assert _shows_what_it_shows_when_all_is_sent(one_list)


def test_a_modal_screen_costs_what_it_covers(one_list: Terminal) -> None:
    one_list.press("g", until=_cursor_on(0))
    before = seen(one_list.screen)
    pushed = one_list.press("o", until="Really?").sent
    assert _shows_what_it_shows_when_all_is_sent(one_list)
    popped = one_list.press("escape", until=lambda screen: "Really?" not in screen).sent
    assert seen(one_list.screen) == before
    assert len(pushed) <= 700
    assert len(popped) <= 700


def test_a_list_that_scrolls_by_a_line_sends_a_line() -> None:
    with Terminal((*_PROGRAM, "line")) as terminal:
        terminal.wait_for("vnet-00000")
        terminal.settle()
        terminal.press(*["down"] * 20, until=_cursor_on(20))
        sent = [len(terminal.press("down", until=_cursor_on(number)).sent) for number in range(21, 31)]
        assert max(sent) <= 600
        assert _shows_what_it_shows_when_all_is_sent(terminal)
        terminal.press(*["up"] * 20, until=_cursor_on(10))
        sent = [len(terminal.press("up", until=_cursor_on(10 - number)).sent) for number in range(1, 7)]
        assert max(sent) <= 600
        assert _shows_what_it_shows_when_all_is_sent(terminal)


def test_a_list_beside_another_pane_leaves_it_alone() -> None:
    with Terminal((*_PROGRAM, "line", "beside"), columns=120, rows=40) as terminal:
        terminal.wait_for("vnet-00000")
        terminal.settle()
        beside = [row[-30:] for row in seen(terminal.screen)]
        terminal.press(*["down"] * 50, until=_cursor_on(50))
        assert [row[-30:] for row in seen(terminal.screen)] == beside
        assert _shows_what_it_shows_when_all_is_sent(terminal)


def test_another_size_shows_all_of_the_screen() -> None:
    with Terminal(_PROGRAM) as terminal:
        terminal.wait_for("vnet-00000")
        for columns, rows in ((100, 30), (60, 12), (80, 24)):
            terminal.resize(columns, rows)
            terminal.screen.erase_in_display(2)
            terminal.settle()
            assert sum("vnet-" in line for line in terminal.screen.display) == rows - 1
            assert _shows_what_it_shows_when_all_is_sent(terminal)


def test_the_terminal_is_redrawn_after_another_program() -> None:
    with Terminal(_PROGRAM) as terminal:
        terminal.wait_for("vnet-00000")
        terminal.settle()
        before = seen(terminal.screen)
        sent = terminal.press("s", until=lambda screen: "rubbish" not in screen, quiet=0.5).sent
        assert b"rubbish" in sent
        assert seen(terminal.screen) == before


def test_the_terminal_is_redrawn_when_the_stopped_program_goes_on() -> None:
    with Terminal(_PROGRAM) as terminal:
        terminal.wait_for("vnet-00000")
        terminal.settle()
        before = seen(terminal.screen)
        os.kill(terminal._pid, signal.SIGTSTP)
        assert b"\x1b[?1049l" in terminal.settle(0.5).sent
        for row in range(24):
            terminal.screen.cursor_position(row + 1, 1)
            terminal.screen.draw("rubbish " * 10)
        os.kill(terminal._pid, signal.SIGCONT)
        time.sleep(0.1)
        terminal.wait_for(lambda screen: "rubbish" not in screen)
        terminal.settle()
        assert seen(terminal.screen) == before


if __name__ == "__main__":
    ListApp().run()
