"""The ways in: without a file, with one that is not there, and with one that does not load."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.driving import HUB, enter, lines, press, settled, typed
from tests.ui.pty import Terminal
from tui.app.app import VnetTuiApp
from tui.app.screens.unreadable import UnreadableScreen
from tui.app.screens.workbench import WorkbenchScreen
from tui.app.store import Store
from tui.display import displayable
from tui.storage import remembered

BROKEN = """\
schema = 1

[vnets.app]
address_space = ["10.1.0.0/33"]

[vnets.hub]
address_space = 10
regoin = 4
"""


@asynccontextmanager
async def started(start: Path | None, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    """Start the program."""
    app = VnetTuiApp(start)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


def shown(pilot: Pilot[None]) -> str:
    """What is on the screen."""
    return lines(pilot.app.screen)


def bench(pilot: Pilot[None]) -> WorkbenchScreen:
    """The workbench, which must be on top."""
    screen: Any = pilot.app.screen
    assert isinstance(screen, WorkbenchScreen), lines(screen)
    return screen


# Without a file.


def test_without_a_file_recent_files_and_samples_are_offered_on_the_terminal(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(HUB)
    remembered.remember(plan)
    with Terminal((sys.executable, "-m", "tui")) as terminal:
        terminal.wait_for("plan.toml")
        assert "hub-and-spoke" in terminal.text()
        assert "begin an empty topology" in terminal.text()
        terminal.press("text:plan", "enter", until="2 VNets")
        assert terminal.press("q", quiet=5).alive is False


def test_escape_on_the_start_screen_leaves(tmp_path: Path) -> None:
    with Terminal((sys.executable, "-m", "tui"), env={"HOME": str(tmp_path)}) as terminal:
        terminal.wait_for("hub-and-spoke")
        assert not terminal.press("escape", quiet=5).alive


async def test_a_sample_is_opened_as_a_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with started(None) as pilot:
        await typed(pilot, "hub-and")
        store = bench(pilot).store
        assert store.path is None
        assert "hub-and-spoke.toml (sample)" in shown(pilot)
        assert store.topology.vnets
        await press(pilot, "2", "d", "ctrl+s", "ctrl+u")
        await typed(pilot, "mine.toml")
        assert (tmp_path / "mine.toml").is_file()
        assert [path.name for path in remembered.recent()] == ["mine.toml"]


async def test_a_new_name_begins_a_new_file(tmp_path: Path) -> None:
    async with started(None) as pilot:
        await enter(pilot, str(tmp_path / "fresh.toml"))
        assert "begin a new file of this name" in shown(pilot)
        await press(pilot, "enter")
        assert "is a new file" in shown(pilot)
        assert not (tmp_path / "fresh.toml").exists()
        await press(pilot, "1", "a")
        await typed(pilot, "prod")
        await press(pilot, "ctrl+s")
        assert "prod" in Store.open(tmp_path / "fresh.toml").topology.subscriptions


async def test_something_new_needs_no_name() -> None:
    async with started(None) as pilot:
        await press(pilot, "enter")
        assert bench(pilot).store.path is None
        await press(pilot, "q")
        assert pilot.app._exit


async def test_the_files_of_a_folder_are_offered_while_its_name_is_typed(tmp_path: Path) -> None:
    for name in ("east.toml", "west.toml", "notes.txt"):
        (tmp_path / name).write_text(HUB)
    async with started(None) as pilot:
        await enter(pilot, f"{tmp_path}/")
        assert "east.toml" in shown(pilot)
        assert "notes.txt" not in shown(pilot)
        assert "begin a new file" not in shown(pilot)
        await typed(pilot, "w")
        assert bench(pilot).store.path == tmp_path / "west.toml"


@pytest.mark.parametrize("text", ["~nobody-of-that-name", "/" * 20, "x" * 300, "/root/x/y", "[@click=app.quit]x[/]"])
async def test_whatever_is_typed_for_a_name_does_no_harm(text: str) -> None:
    async with started(None) as pilot:
        pilot.app.screen._line.value = text  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert pilot.app.is_running
        assert shown(pilot)


async def test_names_of_recent_files_are_nothing_but_text(tmp_path: Path) -> None:
    nasty = tmp_path / "a\u202e\x1b[31m[b]\udcff.toml"
    nasty.write_text(HUB)
    remembered.remember(nasty)
    async with started(None) as pilot:
        assert [line for line in shown(pilot).split("\n") if line != displayable(line)] == []
        await press(pilot, "down", "enter")
        assert bench(pilot).store.path == nasty
        assert [line for line in shown(pilot).split("\n") if line != displayable(line)] == []


async def test_a_folder_that_is_not_there_is_said_before_anything_is_typed_into_it(tmp_path: Path) -> None:
    async with started(None) as pilot:
        await typed(pilot, f"{tmp_path}/no/x.toml")
        assert "does not exist" in shown(pilot)
        await press(pilot, "O")
        assert "hub-and-spoke" in shown(pilot)


async def test_ctrl_q_on_the_start_screen_leaves() -> None:
    async with started(None) as pilot:
        await press(pilot, "ctrl+q")
        assert pilot.app._exit


# With a file that does not load.


async def test_all_that_is_wrong_with_a_file_is_listed_by_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(BROKEN)
    async with started(path) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, UnreadableScreen)
        assert "plan.toml" in shown(pilot)
        rows = [text.strip(" ▌").split() for text in shown(pilot).splitlines()]
        assert [row[:2] for row in rows if row and row[0].isdigit()] == [
            ["4", "vnets.app.address_space[0]"],
            ["7", "vnets.hub.address_space"],
        ]
        assert "write it as" in " ".join(shown(pilot).split())
        await press(pilot, "j")
        assert screen.line == 7


async def test_r_tries_again_and_o_opens_another(tmp_path: Path) -> None:
    path, other = tmp_path / "plan.toml", tmp_path / "other.toml"
    path.write_text(BROKEN)
    other.write_text(HUB)
    async with started(path) as pilot:
        await press(pilot, "r")
        assert isinstance(pilot.app.screen, UnreadableScreen)
        path.write_text(BROKEN.replace("/33", "/24"))
        await press(pilot, "r")
        assert "10.1.0.0/33" not in shown(pilot)
        path.write_text(HUB)
        await press(pilot, "r")
        assert list(bench(pilot).store.topology.vnets) == ["app", "hub"]
    path.write_text(BROKEN)
    async with started(path) as pilot:
        await press(pilot, "O")
        await typed(pilot, str(other))
        assert bench(pilot).store.path == other


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+q"])
async def test_leaving_a_file_that_does_not_load_is_no_success(tmp_path: Path, key: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(BROKEN)
    async with started(path) as pilot:
        await press(pilot, key)
        assert pilot.app._exit
        assert pilot.app.return_code == 2
    assert path.read_text() == BROKEN


def test_it_is_mended_in_the_editor_at_its_line(tmp_path: Path) -> None:
    path, editor = tmp_path / "plan.toml", tmp_path / "vim"
    path.write_text(BROKEN)
    editor.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "print('\\x1b[2J\\x1b[H', *sys.argv[1:])\n"
        "input()\n"
        "path = pathlib.Path(sys.argv[2])\n"
        "text = path.read_text()\n"
        "path.write_text(text.replace('/33', '/24') if '/33' in text else text.replace('= 10', '= []'))\n"
    )
    editor.chmod(0o700)
    with Terminal((sys.executable, "-m", "tui", str(path)), env={"EDITOR": str(editor)}) as terminal:
        terminal.wait_for("10.1.0.0/33")
        terminal.press("E", until="+4 ")
        assert "O opens another" not in terminal.text()
        terminal.press("enter", until=lambda screen: "O opens another" in screen and "/33" not in screen)
        terminal.press("enter", until="+7 ")
        terminal.press("enter", until="2 VNets")


@pytest.mark.parametrize("command", ["no-such-editor", "not-a-program"])
async def test_an_editor_that_cannot_run_is_told_of_and_the_problems_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    path, program = tmp_path / "plan.toml", tmp_path / "not-a-program"
    path.write_text(BROKEN)
    program.write_bytes(b"\x7fELF, and then nothing")
    program.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(tmp_path / command))
    monkeypatch.setattr("tui.app.external_editor.run_in_terminal", lambda app, run: run())
    async with started(path, (250, 40)) as pilot:
        await press(pilot, "E")
        assert isinstance(pilot.app.screen, UnreadableScreen)
        assert "there is no program" in shown(pilot) or "cannot be run" in shown(pilot)
        assert "10.1.0.0/33" in shown(pilot)


async def test_what_is_no_topology_at_all_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    for content, said in (
        (b"name = '\xe9'", "not UTF-8"),
        (b"\xff\xfea\0", "UTF-16"),
        (b"schema = 1\n" + b"#" * 41 * 1024**2, "larger than 40 MiB"),
        (b"[vnets.a\n", "line"),
    ):
        path.write_bytes(content)
        async with started(path, (200, 40)) as pilot:
            assert isinstance(pilot.app.screen, UnreadableScreen)
            assert said in shown(pilot)
    path.unlink()
    path.mkdir()
    async with started(path, (200, 40)) as pilot:
        assert "folder" in shown(pilot)


async def test_a_file_that_may_not_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(HUB)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file (root)")
    async with started(path) as pilot:
        assert "ermission" in shown(pilot)
        path.chmod(0o600)
        await press(pilot, "r")
        assert list(bench(pilot).store.topology.vnets) == ["app", "hub"]


async def test_a_file_that_vanished_is_begun_anew_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(BROKEN)
    async with started(path) as pilot:
        path.unlink()
        await press(pilot, "r")
        assert "is a new file" in shown(pilot)
        assert not bench(pilot).store.unsaved


def test_a_file_in_a_folder_that_is_not_there_and_a_folder_are_refused_on_the_command_line(tmp_path: Path) -> None:
    for name, said in ((tmp_path / "no" / "x.toml", "does not exist"), (tmp_path, "is a folder")):
        with Terminal((sys.executable, "-m", "tui", str(name)), columns=200) as terminal:
            terminal.wait_for(said)
            assert not terminal.settle(5).alive
