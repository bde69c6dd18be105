"""Keys that are typed before the workbench is there: taken in their order when it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.ui.driving import HUB, settled
from tests.ui.pty import Terminal
from tui.app import app as module
from tui.app.app import VnetTuiApp
from tui.app.screens.workbench import WorkbenchScreen


@pytest.mark.parametrize("large", [False, True])
async def test_what_is_typed_while_a_file_is_read_is_done_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr(module, "_LARGE", 1)
    path = tmp_path / "plan.toml"
    path.write_text(HUB)
    app = VnetTuiApp(path)
    async with app.run_test(size=(80, 24)) as pilot:
        # Not awaited in between: as from somebody who types faster than the program starts.
        await pilot.press("a", "w", "e", "b", "enter", "u", "a", "x", "enter")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, WorkbenchScreen)
        assert list(screen.store.topology.vnets) == ["app", "hub", "x"]


async def test_ctrl_q_is_heard_while_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGE", 1)
    path = tmp_path / "plan.toml"
    path.write_text(HUB)
    app = VnetTuiApp(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+q")
        await pilot.pause()
    assert app.return_code == 0


def test_the_first_key_on_a_real_terminal_moves_the_cursor(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(HUB)
    env = {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with Terminal((sys.executable, "-m", "tui", str(path)), 80, 24, env) as terminal:
        terminal.wait_for("? Help")
        terminal.wait_for("1 error")
        assert "▸2 VNets" in terminal.text()
        terminal.press("j", until="▌ hub")
