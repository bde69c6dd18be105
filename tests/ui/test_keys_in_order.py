"""Keys that arrive at once, as over a thin line: each is for what the key before it opened."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.pilot import Pilot

from tests.ui.driving import HUB, press, settled, workbench
from tui.app.screens.picker import PickerScreen
from tui.app.widgets.row_list import RowList

_CHARACTERS = {"enter": "\r", "tab": "\t", "colon": ":", "slash": "/", "escape": "\x1b"}


async def at_once(pilot: Pilot[None], *keys: str) -> None:
    """Let keys arrive before the first of them is worked on."""
    for key in keys:
        pilot.app.post_message(events.Key(key, _CHARACTERS.get(key, key)))
    await settled(pilot)
    await settled(pilot)


async def test_what_is_typed_with_the_key_that_opens_a_form_stands_in_the_form(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await at_once(pilot, "a", "w", "e", "b", "tab", "1")
        assert screen.form.values["name"] == "web"
        assert screen.form.values["address_space"] == "1"


async def test_a_character_before_tab_stays_in_its_field(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "a")
        before = dict(screen.form.values)
        await at_once(pilot, "x", "tab", "tab")
        assert screen.form.values == {**before, "name": "x"}


async def test_enter_twice_takes_a_form_once(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "a", "x")
        await at_once(pilot, "enter", "enter")
        assert "x" in screen.store.topology.vnets
        assert "exists already" not in str(screen.status.render())


async def test_what_follows_an_answer_is_for_the_pane(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await at_once(pilot, "r", "x", "enter", "d")
        assert list(screen.store.topology.vnets) == ["hub"]
        assert screen.store.undo_title == "Delete VNet appx"


async def test_one_answer_is_not_the_answer_to_the_next_question(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "r", "x")
        await at_once(pilot, "enter", "enter")
        assert "appx" in screen.store.topology.vnets
        assert "there is no" not in str(screen.status.render())


async def test_a_word_behind_the_colon_is_not_taken_for_keys(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, _, path):
        await press(pilot, "d")
        await at_once(pilot, "colon", "w", "q", "enter")
        assert pilot.app._exit
        assert "vnets.app" not in path.read_text()


async def test_enter_twice_in_a_list_to_pick_from_leaves_the_workbench_there(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "d", "colon", "u", "n", "d", "o")
        await at_once(pilot, "enter", "enter")
        assert pilot.app.screen is screen
        assert "app" in screen.store.topology.vnets


async def test_what_is_picked_twice_is_picked_once(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "colon", "z", "o", "o", "m")
        picker = pilot.app.screen
        assert isinstance(picker, PickerScreen)
        rows = picker.query_one(RowList)
        for _ in range(2):  # a double click, and Enter before the list is gone
            picker.post_message(RowList.Selected(rows, rows.cursor_key))
        await settled(pilot)
        assert pilot.app.screen is screen
        assert screen.has_class("-zoomed")


async def test_many_characters_at_once_all_arrive_in_their_order(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        text = "abcdefghijklmnopqrstuvwxyz" * 4
        await at_once(pilot, "a", *text)
        while screen.form.values["name"] != text and pilot.app._waiting:  # type: ignore[attr-defined]
            await settled(pilot)
        assert screen.form.values["name"] == text
