"""Colours, characters, the mouse and the shell: what the terminal is sent, and that it is given back as it was."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ui.driving import HUB, lines, press, workbench
from tests.ui.pty import Terminal
from tests.ui.test_mouse import only_what_was_on_is_switched_off, switched
from tui.app.app import VnetTuiApp
from tui.app.screens.workbench import WorkbenchScreen
from tui.paths import samples

_LEFT, _RELEASED, _WHEEL_DOWN = "\x1b[<0;{0};{1}M", "\x1b[<0;{0};{1}m", "\x1b[<65;{0};{1}M"


@contextmanager
def running(
    folder: Path, *options: str, columns: int = 120, rows: int = 40, env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """The program with a file on a pty, when everything is on the screen."""
    path = folder / "plan.toml"
    path.write_text(HUB)
    with Terminal((sys.executable, "-m", "tui", *options, str(path)), columns, rows, env) as terminal:
        terminal.wait_for("1 error")
        terminal.settle(0.3)
        yield terminal


def colours(screen: WorkbenchScreen) -> set[str]:
    """The background colours on the screen of the workbench."""
    strips = screen._compositor.render_strips(screen.size)
    return {str(segment.style.bgcolor) for strip in strips for segment in strip if segment.style}


# Themes.


async def test_each_theme_is_seen_while_the_cursor_is_on_it_and_escape_brings_the_old_one_back(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        app = screen.app
        assert isinstance(app, VnetTuiApp)
        before, seen = colours(screen), [app.theme]
        await press(pilot, "T")
        assert app.theme == seen[0]
        for _step in range(3):
            await press(pilot, "up")
            seen.append(app.theme)
            assert app.current_theme.name == app.theme
        assert len(set(seen)) > 2
        assert f"theme {seen[-1]}" not in lines(screen)
        await press(pilot, "escape")
        assert (app.theme, colours(screen)) == (seen[0], before)


async def test_enter_keeps_a_theme_and_says_how_to_keep_it_for_good(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path, (200, 40)) as (pilot, screen, _):
        before = colours(screen)
        await press(pilot, "T", *"light", "enter")
        assert colours(screen) != before
        assert 'theme = "light" in ' in lines(screen)
        await press(pilot, "T", *"no such", "enter", "escape")
        assert isinstance(screen.app, VnetTuiApp)
        assert screen.app.theme == "light"


async def test_ctrl_q_while_a_theme_is_looked_at_brings_the_old_one_back(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        before = colours(screen)
        await press(pilot, "2", "d", "T", "down", "down", "ctrl+q", "escape")
        assert colours(screen) == before


_ANY_COLOUR = rb"\x1b\[[\d;]*[34]8;[25];|\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7])(?:;\d+)*m"


@pytest.mark.parametrize(
    ("environ", "wanted", "unwanted"),
    [
        ({"COLORTERM": "truecolor"}, rb"\x1b\[[\d;]*38;2;", rb"\x1b\[[\d;]*38;5;"),
        ({"COLORTERM": ""}, rb"\x1b\[[\d;]*38;5;", rb"\x1b\[[\d;]*[34]8;2;"),
        ({"COLORTERM": "", "TERM": "xterm"}, rb"\x1b\[[\d;]*3\d", rb"\x1b\[[\d;]*[34]8;[25];"),
        (
            {"NO_COLOR": "1"},
            rb"\x1b\[[\d;]*[17]",
            rb"\x1b\[[\d;]*[34]8;[25];|\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7])(?:;\d+)*m",
        ),
    ],
    ids=["truecolor", "256", "16", "none"],
)
def test_every_terminal_gets_the_colours_that_it_has_and_no_others(
    tmp_path: Path, environ: Mapping[str, str], wanted: bytes, unwanted: bytes
) -> None:
    with running(tmp_path, env=environ) as terminal:
        terminal.press("6", "2", "j", "question_mark")
        terminal.press("escape", "T", "down")
        terminal.press("escape")
        assert re.search(wanted, terminal.received)
        assert not re.search(unwanted, terminal.received)
        for word in ("Subscriptions", "hub", "office", "1 error"):
            assert word in terminal.text()
        assert unreadable(terminal) == []


def unreadable(terminal: Terminal) -> list[tuple[int, int]]:
    """The places where a character has the colour of what is behind it."""
    return [
        (row, column)
        for row in range(terminal.screen.lines)
        for column in range(terminal.screen.columns)
        if (cell := terminal.screen.buffer[row][column]).data.strip() and cell.fg == cell.bg != "default"
    ]


# Characters.


def test_ascii_leaves_nothing_else_on_the_screen(tmp_path: Path) -> None:
    with running(tmp_path, "--ascii") as terminal:
        for keys in (
            ("1",),
            ("2", "j"),
            ("3",),
            ("4",),
            ("5",),
            ("6",),
            ("7",),
            ("question_mark",),
            ("escape", "T"),
            ("escape", "f", "text:app"),
        ):
            terminal.press(*("?" if key == "question_mark" else key for key in keys), quiet=0.3)
            assert strange(terminal.text()) == [], keys


def test_ascii_holds_for_a_form(tmp_path: Path) -> None:
    with running(tmp_path, "--ascii") as terminal:
        for key in ("a", "c", "v", "e"):
            terminal.press("2", "j", key, quiet=0.4)
            assert strange(terminal.text()) == [], key
            terminal.press("escape", quiet=0.4)


def strange(text: str) -> list[str]:
    """The lines that are not ASCII."""
    return [line for line in text.splitlines() if not line.isascii()]


def test_ascii_holds_for_a_file_that_does_not_load(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("[vnets.a\nx = 1")
    with Terminal((sys.executable, "-m", "tui", "--ascii", str(path))) as terminal:
        terminal.wait_for("O opens another")
        terminal.settle()
        assert strange(terminal.text()) == []


# The shell.


def test_ctrl_z_goes_to_the_shell_and_fg_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(HUB)
    command = shlex.join((sys.executable, "-m", "tui", "--mouse", "full", str(path)))
    shell = ("bash", "--norc", "--noprofile", "-i")
    with Terminal(shell, 100, 30, {"PS1": "in-the-shell> ", "HISTFILE": ""}) as terminal:
        terminal.wait_for("in-the-shell>")
        terminal.press(f"text:{command}", "enter", until="1 error")
        terminal.settle(0.5)
        terminal.press("2", "d", until="unsaved")
        terminal.settle(0.5)
        before = terminal.text()
        assert switched(terminal.received)[1]
        terminal.press("ctrl+z", until="Stopped")
        terminal.settle(0.3)
        assert switched(terminal.received)[1] == set()
        assert only_what_was_on_is_switched_off(terminal.received)
        terminal.press("text:echo over; echo it", "enter", until="over")
        terminal.press("text:fg", "enter", until="Subscriptions")
        terminal.settle(0.5)
        assert terminal.text() == before
        assert switched(terminal.received)[1]
        terminal.press("u", until=lambda screen: "unsaved" not in screen)
        terminal.press("q", until="in-the-shell>")
        assert switched(terminal.received)[1] == set()


# The mouse.


@pytest.mark.parametrize(("mouse", "modes"), [("off", set()), ("clicks", {1000, 1002, 1006})])
def test_the_terminal_reports_no_more_of_the_mouse_than_was_asked_for(
    tmp_path: Path, mouse: str, modes: set[int]
) -> None:
    with running(tmp_path, "--mouse", mouse, columns=80, rows=24) as terminal:
        assert switched(terminal.received)[1] == modes
        assert not terminal.press("q", quiet=5).alive
        assert switched(terminal.received) == (modes, set())


def test_clicks_choose_rows_and_panes_and_the_wheel_scrolls(tmp_path: Path) -> None:
    path = samples()["inherited-estate"]
    command = (sys.executable, "-m", "tui", "--mouse", "clicks", str(path))
    with Terminal(command, 120, 40) as terminal:
        terminal.wait_for(lambda screen: re.search(r"\d+ errors?", screen) is not None)
        terminal.settle(0.5)
        shown = terminal.text().splitlines()
        row, column = next((y, line.index("3 Gateways")) for y, line in enumerate(shown) if "3 Gateways" in line)
        _click(terminal, column + 5, row + 4)
        assert "▸3 Gateways" in terminal.text()
        names = [line[26:40].split()[:1] for line in shown[4:14]]
        place = next(y for y, name in enumerate(names, 4) if name and y > 5)
        _click(terminal, 30, place + 1)
        assert "▸2 VNets" in terminal.text()
        assert "▌" in terminal.text().splitlines()[place]
        before = terminal.text().splitlines()[4:14]
        terminal.press(*[_WHEEL_DOWN.format(30, 8)] * 5)
        assert terminal.text().splitlines()[4:14] != before


def _click(terminal: Terminal, column: int, row: int) -> None:
    terminal.press(_LEFT.format(column, row), _RELEASED.format(column, row), quiet=0.5)


# The thin line.


def test_help_costs_little_to_open_and_to_leave(tmp_path: Path) -> None:
    with running(tmp_path, columns=80, rows=24) as terminal:
        opened = len(terminal.press("?", until="Help").sent)
        closed = len(terminal.press("escape", until="VNets").sent)
        assert (opened < 2_500, closed < 2_500) == (True, True), (opened, closed)
