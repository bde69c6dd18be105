"""The import from the start screen, and the keys that work everywhere, on the screens of import and comparison."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.driving import _send, enter, lines, press, settled, typed, workbench
from tests.ui.test_importing import AZURE, PLAN, SIZES, begin, source
from tui.app.app import VnetTuiApp
from tui.app.screens.workbench import WorkbenchScreen


def bench(pilot: Pilot[None]) -> WorkbenchScreen:
    """The workbench, which must be on top."""
    screen = pilot.app.screen
    assert isinstance(screen, WorkbenchScreen), lines(screen)
    return screen


async def to_import(pilot: Pilot[None]) -> None:
    """Go to the import on the start screen, whatever is above it."""
    for _ in range(30):
        if re.search("[▌▏] Import from Azure", lines(pilot.app.screen)):
            return
        await press(pilot, "down")
    raise AssertionError(lines(pilot.app.screen))


@SIZES
async def test_the_start_screen_leads_from_nothing_to_an_imported_topology(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = source(tmp_path, *AZURE)
    app = VnetTuiApp(None)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await to_import(pilot)
        await press(pilot, "enter")
        assert "Import files or folders" in lines(app.screen)
        await typed(pilot, str(path))
        assert "new VNets (3)" in lines(app.screen)
        await press(pilot, "enter")
        assert set(bench(pilot).store.topology.vnets) == {"app", "web", "db"}
        await press(pilot, "ctrl+s")
        await typed(pilot, "")
        assert (tmp_path / "topology.toml").exists()


async def test_what_is_typed_ahead_answers_the_question(tmp_path: Path) -> None:
    path = source(tmp_path, *AZURE)
    app = VnetTuiApp(None)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await to_import(pilot)
        _send(pilot, "enter")
        await typed(pilot, str(path))
        assert "new VNets (3)" in lines(app.screen)


async def test_to_leave_the_question_leaves_an_empty_topology_and_the_next_one_asks_nothing(tmp_path: Path) -> None:
    app = VnetTuiApp(None)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await to_import(pilot)
        await press(pilot, "enter")
        await press(pilot, "escape")
        first = bench(pilot)
        assert not first.store.topology.vnets
        await press(pilot, "colon")
        await typed(pilot, "New")
        assert bench(pilot) is not first
        assert not bench(pilot).prompt.is_open


@pytest.mark.parametrize("command", ["I", "K"])
async def test_ctrl_q_leaves_the_screen_and_asks_about_what_is_unsaved(command: str, tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        path = source(tmp_path, *AZURE)
        await press(pilot, "2", "home", "d", command)
        await typed(pilot, str(path))
        assert pilot.app.screen is not screen
        await press(pilot, "ctrl+q")
        assert bench(pilot) is screen
        assert "There are unsaved changes" in lines(screen)
        await press(pilot, "escape")


async def test_tab_completes_a_name(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        path = source(tmp_path, *AZURE)
        await press(pilot, "I")
        await enter(pilot, str(path)[:-4])
        await press(pilot, "tab", "enter", "enter")
        assert "web" in screen.store.topology.vnets


async def test_tab_does_not_leave_a_question_open_behind_the_panes(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "I", "tab", "shift+tab", "x")
        assert screen.prompt.is_open
        await press(pilot, "escape")
        assert screen.focused is screen.overview.current.list
        await begin(pilot, source(tmp_path, *AZURE))
        await press(pilot, "escape")


@pytest.mark.parametrize("word", ["import", "azure", "Import from", "terra"])
async def test_what_is_typed_keeps_the_import_where_its_words_begin_so(word: str) -> None:
    app = VnetTuiApp(None)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await enter(pilot, word)
        assert "Import from Azure" in lines(app.screen)
        await enter(pilot, "xyz")
        assert "Import from Azure" not in lines(app.screen)


async def test_a_source_that_is_opened_says_that_it_is_imported(tmp_path: Path) -> None:
    app = VnetTuiApp(source(tmp_path, *AZURE))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = " ".join(lines(app.screen).split())
        assert "this is what Azure's tools print (JSON), which is imported and not opened: press I" in shown


async def test_what_is_neither_says_nothing_of_an_import(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("schema = 1\n[vnets\n")
    app = VnetTuiApp(path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "import" not in lines(app.screen)
