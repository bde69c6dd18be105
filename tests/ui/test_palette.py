"""Help, palette and keys, as a person uses them: what is listed is what the keys do, remapped ones included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.driving import HUB, enter, lines, press, settled, typed, workbench
from tests.ui.test_files import loaded
from tui.app.app import VnetTuiApp
from tui.app.keys import entries, resolve, shown
from tui.app.screens.picker import PickerScreen
from tui.app.screens.workbench import WorkbenchScreen
from tui.app.widgets.rows import Row
from tui.storage.settings import read_settings


@asynccontextmanager
async def with_settings(text: str, folder: Path) -> AsyncIterator[tuple[Pilot[None], WorkbenchScreen]]:
    """Open a file with a config.toml of that text."""
    path, config = folder / "plan.toml", folder / "config.toml"
    path.write_text(HUB)
    config.write_text(text)
    settings, problems = read_settings(config)
    app = VnetTuiApp(path, keymap=resolve(settings.keys, settings.places), notices=problems)
    async with app.run_test(size=(200, 40)) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, WorkbenchScreen)
        yield pilot, screen


def listed(screen: WorkbenchScreen) -> list[Row]:
    """The rows of the list that is open."""
    picker = screen.app.screen
    assert isinstance(picker, PickerScreen)
    return list(picker._list.rows)


def found(screen: WorkbenchScreen) -> list[str]:
    """The titles of what is listed."""
    return [row.cells[1].text for row in listed(screen)]


async def test_help_lists_every_command_and_movement_with_its_keys(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "question_mark")
        keys = {row.cells[1].text: row.cells[0].text for row in listed(screen)}
        for one in entries().values():
            assert keys[one.title] == ", ".join(map(shown, one.keys))
        assert "ctrl+s" in lines(screen.app.screen) or len(keys) > screen.size.height


async def test_help_is_searched_by_what_a_command_is_called_does_or_has_for_a_key(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        for text, title in (("undo", "Undo"), ("fuzzy", ""), ("ctrl+l", "Reload"), ("star mesh", "Connect")):
            await press(pilot, "question_mark")
            screen.app.screen._line.value = text  # type: ignore[attr-defined]
            await settled(pilot)
            assert (title in found(screen)) if title else "no command is called so" in lines(screen.app.screen)
            await press(pilot, "escape")


async def test_enter_in_the_help_runs_the_command_under_the_cursor_and_no_other(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", "question_mark", "x")
        first = found(screen)[0]
        assert first != "Save and quit"
        await press(pilot, "ctrl+u", *"undo", "enter")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert path.read_text() == HUB


async def test_a_command_that_is_not_available_says_why_in_the_list_and_when_it_is_run(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "question_mark", *"fix")
        assert "not now: go to a problem first" in lines(screen.app.screen)
        await press(pilot, "enter")
        assert "Fix is not available: go to a problem first" in lines(screen)


async def test_a_reason_that_is_too_long_for_its_column_is_read_below_the_list(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path, (80, 24)) as (pilot, screen, _):
        await press(pilot, "6", "j", "question_mark")
        await enter(pilot, "fix")
        below = " ".join(" ".join(lines(screen.app.screen).splitlines()[-2:]).split())
        assert below == listed(screen)[0].cells[-1].text
        await press(pilot, "ctrl+u")
        await enter(pilot, "no such command")
        assert not lines(screen.app.screen).splitlines()[-1].strip()


async def test_escape_leaves_the_palette_and_nothing_happens(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "ctrl+p", *"del", "escape")
        assert screen.app.screen is screen
        assert list(screen.store.topology.vnets) == ["app", "hub"]


async def test_a_word_of_vi_is_shown_with_what_it_does_and_the_cursor_decides(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "colon", "e")
        assert listed(screen)[0].cells[0].text == ":e"
        assert found(screen)[0] == "Open"
        where = found(screen).index("Edit")
        await press(pilot, *["down"] * where, "enter")
        assert screen.form.is_open
        await press(pilot, "escape", "colon")
        await enter(pilot, "w mine.toml")
        assert [cell.text for cell in listed(screen)[0].cells] == [":w", "Save as", "mine.toml"]


async def test_a_row_of_the_list_is_chosen_with_a_double_click(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "colon", *"zoom")
        await pilot.click(offset=(20, 2), times=2)
        await settled(pilot)
        assert screen.app.screen is screen
        assert screen.has_class("-zoomed")


# The words of vi.


@pytest.mark.parametrize(
    ("line", "leaves", "saves"),
    [("w", False, True), ("wq", True, True), ("x", True, True), ("q!", True, False), (":wq", True, True)],
)
async def test_what_people_type_behind_a_colon_does_what_they_mean(
    tmp_path: Path, line: str, leaves: bool, saves: bool
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "d", "colon")
        for character in line:
            await pilot.press({":": "colon", "!": "exclamation_mark"}.get(character, character))
        await press(pilot, "enter")
        assert (screen.app._exit, loaded(path) == "hub") == (leaves, saves)


@pytest.mark.parametrize("word", ["w", "saveas"])
async def test_a_name_behind_the_word_saves_under_it(tmp_path: Path, word: str) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "colon")
        await typed(pilot, f"{word} {tmp_path}/mine.toml")
        assert (tmp_path / "mine.toml").read_text() == HUB
        assert screen.store.path == tmp_path / "mine.toml"


# Keys of one's own.


async def test_a_remapped_key_works_and_the_old_one_does_not(tmp_path: Path) -> None:
    async with with_settings('[keys]\ndelete = "ctrl+x"\nmove-down = ["down", "J"]\nfirst = []\n', tmp_path) as (
        pilot,
        screen,
    ):
        await press(pilot, "2", "d")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        await press(pilot, "j")
        assert screen.selected == ("vnets", "app")
        await press(pilot, "J")
        assert screen.selected == ("vnets", "hub")
        await press(pilot, "g")
        assert screen.selected == ("vnets", "hub")
        await press(pilot, "ctrl+x")
        assert list(screen.store.topology.vnets) == ["app"]
        await press(pilot, "question_mark", *"delete")
        keys = {row.cells[1].text: row.cells[0].text for row in listed(screen)}
        assert keys["Delete"] == "ctrl+x"


async def test_a_command_without_a_key_can_be_given_one(tmp_path: Path) -> None:
    async with with_settings('[keys]\nnew = "ctrl+n"\n"quit-now" = "X"\n', tmp_path) as (pilot, _):
        await press(pilot, "ctrl+n")
        assert list(pilot.app.screen.store.topology.vnets) == []  # type: ignore[attr-defined]
        await press(pilot, "X")
        assert pilot.app._exit


async def test_a_clash_is_said_when_the_program_starts(tmp_path: Path) -> None:
    async with with_settings('[keys]\nnew = "d"\nfnid = "F"\nsave = "ctrl+q"\n', tmp_path) as (pilot, screen):
        said = lines(screen).splitlines()[-1]
        assert "config.toml" in said
        assert "more: vnet-tui settings" in said
        await press(pilot, "2", "d")
        assert list(pilot.app.screen.store.topology.vnets) == []  # type: ignore[attr-defined]


async def test_settings_that_cannot_be_read_leave_every_key_as_it_is(tmp_path: Path) -> None:
    async with with_settings("[keys\n", tmp_path) as (pilot, screen):
        assert "config.toml" in lines(screen).splitlines()[-1]
        await press(pilot, "2", "d")
        assert list(screen.store.topology.vnets) == ["hub"]
