"""What is remembered from one run to the next: sizes, order, tags, and the files that were open."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driving import HUB, lines, press, settled, typed, workbench
from tui.app.app import VnetTuiApp
from tui.app.screens.workbench import WorkbenchScreen
from tui.storage import remembered

TAGGED = HUB.replace('region = "westeurope"\n', 'region = "westeurope"\ntags = { owner = "net team" }\n', 1)


async def test_the_sizes_of_panes_are_remembered_for_each_file(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        usual = {key: pane.size.width for key, pane in screen.overview.by_key.items()}
        await press(pilot, "1", "greater_than_sign", "greater_than_sign", "3", "less_than_sign")
        chosen = {key: pane.size.width for key, pane in screen.overview.by_key.items()}
        assert chosen["1"] > usual["1"]
        assert chosen["3"] < usual["3"]
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        assert {key: pane.size.width for key, pane in screen.overview.by_key.items()} == chosen
    (tmp_path / "other").mkdir()
    async with workbench(HUB, tmp_path / "other") as (_, screen, _):
        assert {key: pane.size.width for key, pane in screen.overview.by_key.items()} == usual


async def test_the_usual_sizes_are_remembered_as_well(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        usual = screen.overview.by_key["1"].size.width
        await press(pilot, "1", "greater_than_sign", "equals_sign")
        assert screen.overview.by_key["1"].size.width == usual
    async with workbench(HUB, tmp_path) as (_, screen, _):
        assert screen.overview.by_key["1"].size.width == usual


async def test_the_order_and_the_tag_columns_are_remembered(tmp_path: Path) -> None:
    async with workbench(TAGGED, tmp_path, (200, 40)) as (pilot, screen, _):
        await press(pilot, "2", "o", "o", "t", "enter")
        assert "net team" in lines(screen)
        order = screen.overview.order
        assert order != "file"
    async with workbench(TAGGED, tmp_path, (200, 40)) as (pilot, screen, _):
        assert screen.overview.order == order
        assert "net team" in lines(screen)


async def test_a_size_from_a_larger_terminal_leaves_every_pane_in_reach(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path, (200, 60)) as (pilot, screen, _):
        await press(pilot, "1", *["greater_than_sign"] * 20, "3", *["greater_than_sign"] * 20)
    async with workbench(HUB, tmp_path, (120, 40)) as (pilot, screen, _):
        assert screen.overview.by_key["2"].region.width > 0
    async with workbench(HUB, tmp_path, (80, 24)) as (pilot, screen, _):
        await press(pilot, "2")
        assert screen.overview.by_key["2"].size.width == 80


async def test_what_is_remembered_and_makes_no_sense_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    remembered.remember(path, {"subscriptions": -5, "gateways": "wide", "top": 10_000, "order": "moon", "tags": "x\ny"})
    async with workbench(HUB, tmp_path) as (_, screen, _):
        assert screen.sizes == {}
        assert screen.overview.order == "file"
        assert screen.overview.tags == ()


async def test_files_that_were_opened_and_saved_come_first_next_time(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, _, path):
        await press(pilot, "S", "ctrl+u")
        await typed(pilot, str(tmp_path / "copy.toml"))
    assert list(remembered.recent()) == [tmp_path / "copy.toml", path]
    app = VnetTuiApp(None)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "enter")
        opened = app.screen
        assert isinstance(opened, WorkbenchScreen)
        assert opened.store.path == tmp_path / "copy.toml"
