"""The mouse on a real terminal: which reports are asked for, that they are ended, and that clicks and the wheel work.

Run as a program (`python -m tests.ui.test_mouse off|clicks|full`) it is the small app that the tests look at.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, cast

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Label

from tests.ui.pty import Terminal
from tui.app.mouse import driver_for
from tui.storage.in_force import MouseMode, in_force
from tui.storage.settings import Settings

_REPORTS = re.compile(rb"\x1b\[\?(1000|1001|1002|1003|1005|1006|1015|1016)([hl])")
_IN_BAND_SUPPORTED = "\x1b[?2048;2$y"
_IN_BAND_SIZE = "\x1b[48;24;80;480;800t"


class MouseApp(App[None]):
    """Says what the mouse did last; `s` gives the terminal away and takes it back, `q` leaves."""

    CSS = "Label { width: 20; }"

    def compose(self) -> ComposeResult:
        """Two places to click on."""
        yield Label("first", id="first")
        yield Label("second", id="second")
        yield Label("ready", id="said")

    def _say(self, text: str) -> None:
        self.query_one("#said", Label).update(text)

    def on_click(self, event: events.Click) -> None:
        """A click, and on what."""
        self._say(f"click {event.widget.id if event.widget is not None else None}")

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        self._say(f"wheel {event.screen_x},{event.screen_y}")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A movement, with a button or without."""
        if event.button:
            self._say(f"drag {event.screen_x},{event.screen_y}")

    def key_s(self) -> None:
        """Away and back."""
        with self.suspend():
            print("suspended", flush=True)
        self._say("resumed")

    def key_q(self) -> None:
        """Leave."""
        self.exit()


@contextmanager
def running(mouse: MouseMode, env: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """The app on a pty."""
    with Terminal((sys.executable, "-m", __name__, mouse), env=env) as terminal:
        terminal.wait_for("ready")
        terminal.settle()
        yield terminal


def switched(received: bytes | bytearray) -> tuple[set[int], set[int]]:
    """The modes of the mouse that were ever on, and those that are on at the end."""
    ever, now = set[int](), set[int]()
    for number, switch in _REPORTS.findall(received):
        if switch == b"h":
            ever.add(int(number))
            now.add(int(number))
        else:
            now.discard(int(number))
    return ever, now


def only_what_was_on_is_switched_off(received: bytes | bytearray) -> bool:
    """Say whether each mode that was switched off had been on."""
    ever, _ = switched(received)
    return {int(number) for number, switch in _REPORTS.findall(received) if switch == b"l"} == ever


@pytest.mark.parametrize(
    ("wanted", "environ", "expected"),
    [
        ("auto", {}, "full"),
        ("auto", {"SSH_TTY": "/dev/pts/0"}, "clicks"),
        ("auto", {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}, "clicks"),
        ("auto", {"SSH_TTY": ""}, "full"),
        ("full", {"SSH_TTY": "/dev/pts/0"}, "full"),
        ("clicks", {}, "clicks"),
        ("off", {"SSH_TTY": "/dev/pts/0"}, "off"),
    ],
)
def test_over_ssh_the_mouse_reports_clicks_alone_unless_one_says_otherwise(
    wanted: MouseMode | Literal["auto"], environ: Mapping[str, str], expected: MouseMode
) -> None:
    chosen = None if wanted == "auto" else wanted
    assert in_force(Settings(), environ, mouse=chosen).mouse == expected


@pytest.mark.parametrize(
    ("mouse", "modes"),
    [("off", set()), ("clicks", {1000, 1002, 1006}), ("full", {1000, 1003, 1006, 1015})],
)
def test_the_terminal_is_asked_for_just_these_reports_and_asked_to_end_them(mouse: MouseMode, modes: set[int]) -> None:
    with running(mouse) as terminal:
        assert switched(terminal.received) == (modes, modes)
        before = len(terminal.received)
        sent = terminal.press("s", until="resumed").sent
        away = sent.index(b"suspended")
        assert switched(terminal.received[: before + away]) == (modes, set())
        assert switched(terminal.received) == (modes, modes)
        terminal.press("q", quiet=5)
        assert switched(terminal.received) == (modes, set())
        assert only_what_was_on_is_switched_off(terminal.received)


def test_a_click_the_wheel_and_a_drag_work_without_hover_reports() -> None:
    with running("clicks") as terminal:
        terminal.press("\x1b[<0;3;2M", "\x1b[<0;3;2m", until="click second")
        terminal.press("\x1b[<0;3;1M", "\x1b[<0;3;1m", until="click first")
        terminal.press("\x1b[<65;5;2M", until="wheel 4,1")
        terminal.press("\x1b[<0;3;1M", "\x1b[<32;9;2M", until="drag 8,1")
        terminal.press("\x1b[<0;9;2m", "s", until="resumed")
        terminal.press("\x1b[<0;3;2M", "\x1b[<0;3;2m", until="click second")


def test_a_terminal_that_could_report_pixels_reports_cells_where_clicks_are_enough() -> None:
    with running("clicks") as terminal:
        assert b"2048" not in terminal.received
        terminal.press("\x1b[<0;3;2M", "\x1b[<0;3;2m", until="click second")


def test_pixels_are_ended_as_well_where_they_were_asked_for() -> None:
    with running("full") as terminal:
        terminal.press(_IN_BAND_SUPPORTED, _IN_BAND_SIZE)
        assert 1016 in switched(terminal.received)[1]
        terminal.press("q", quiet=5)
        assert switched(terminal.received)[1] == set()


def test_a_browser_keeps_its_own_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.DRIVER", "textual.drivers.web_driver:WebDriver")
    assert driver_for("clicks") is None


if __name__ == "__main__":
    chosen = cast(MouseMode, sys.argv[1])
    MouseApp(driver_class=driver_for(chosen)).run(mouse=chosen != "off")
