"""The comparison as a person uses it: with another topology, with what Azure has, and on to what differs."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.driving import enter, lines, press, settled, typed, workbench
from tests.ui.test_importing import AZURE, PLAN, said, source, words
from tui.app.app import VnetTuiApp
from tui.app.screens.comparing import ComparingScreen
from tui.storage.in_force import in_force

OTHER = (
    PLAN.replace('"10.1.0.0/22"', '"10.1.0.0/23"')
    .replace("[vnets.later]", "[vnets.dropped]")
    .replace("10.3.0.0/22", "10.77.0.0/24")
    + """
[vnets.hub]
address_space = ["10.64.0.0/24"]
subnets.GatewaySubnet = "10.64.0.0/27"
gateway.sku = "VpnGw1AZ"
"""
)
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


async def begin(pilot: Pilot[None], *paths: Path) -> ComparingScreen:
    """Name what to compare with; the difference is there then."""
    await press(pilot, "K")
    await typed(pilot, " ".join(map(str, paths)))
    screen = pilot.app.screen
    assert isinstance(screen, ComparingScreen), lines(screen)
    return screen


async def to(pilot: Pilot[None], text: str) -> None:
    """Go down to the first line that says that."""
    screen = pilot.app.screen
    assert isinstance(screen, ComparingScreen)
    await press(pilot, "home")
    for _ in screen.list.rows:
        row = screen.list.cursor_row
        if row is not None and text in row.cells[0].text:
            return
        await press(pilot, "down")
    raise AssertionError(f"no line {text}\n{lines(screen)}")


def other_file(folder: Path, text: str = OTHER) -> Path:
    """A second topology."""
    path = folder / "other.toml"
    path.write_text(text)
    return path


@SIZES
async def test_with_another_topology_it_tells_what_changed_here_since(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await begin(pilot, other_file(tmp_path))
        first = lines(pilot.app.screen).splitlines()[0]
        assert "Esc" in first, "how to leave is not cut off"
        assert "from other.toml to plan.toml" in first
        shown = lines(pilot.app.screen)
        assert "1 added, 2 removed, 1 changed" in shown
        for line in ("added (1)", "removed (2)", "changed (1)", "gateways (1)", "vnets.later", "vnets.dropped"):
            assert line in shown, line
        assert "+10.1.0.0/22" in words(pilot)
        assert "-10.1.0.0/23" in words(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen is screen
        assert not screen.store.unsaved
        assert path.read_text() == PLAN


@SIZES
async def test_with_what_azure_has_it_tells_what_is_different_there(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await begin(pilot, source(tmp_path, *AZURE))
        assert "from plan.toml to list.json" in lines(pilot.app.screen).splitlines()[0]
        shown = lines(pilot.app.screen)
        assert "2 added, 1 removed, 1 changed" in shown, "what is planned is no drift"
        assert "+10.8.0.0/24" in shown
        assert "from plan.toml to list.json, what is different in Azure" in words(pilot)
        await press(pilot, "escape")
        assert not screen.store.unsaved


async def test_several_files_and_a_folder_are_one_source(tmp_path: Path) -> None:
    folder = tmp_path / "azure"
    folder.mkdir()
    for number, one in enumerate(AZURE):
        source(folder, one, name=f"{number}.json")
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        for names in ((folder,), tuple(sorted(folder.iterdir()))):
            await begin(pilot, *names)
            assert "2 added, 1 removed, 1 changed" in lines(pilot.app.screen)
            await press(pilot, "escape", "K", "ctrl+u", "escape")


@SIZES
async def test_enter_goes_to_what_is_here_and_says_what_is_not(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        path = other_file(tmp_path)
        await begin(pilot, path)
        await to(pilot, "vnets.dropped")
        await press(pilot, "enter")
        assert "vnets.dropped is not in plan.toml" in words(pilot)
        await to(pilot, "vnets.later")
        await press(pilot, "enter")
        assert pilot.app.screen is screen
        assert screen.selected == ("vnets", "later")
        await begin(pilot, path)
        await to(pilot, "address_space")
        await press(pilot, "enter")
        assert screen.selected == ("vnets", "app")


async def test_a_finding_leads_to_its_place(tmp_path: Path) -> None:
    text = PLAN.replace('note = "ours"', 'subnets.far = "172.16.0.0/24"')
    async with workbench(text, tmp_path) as (pilot, screen, _):
        await begin(pilot, other_file(tmp_path, PLAN))
        assert "findings: 1 new" in lines(pilot.app.screen)
        await to(pilot, "error ")
        await press(pilot, "enter")
        assert screen.selected is not None
        assert screen.selected[:2] == ("vnets", "app")


async def test_groups_fold(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        await begin(pilot, other_file(tmp_path))
        for fold, unfold in (("enter", "enter"), ("space", "space"), ("left", "right")):
            await to(pilot, "added (1)")
            await press(pilot, fold)
            assert "vnets.later" not in lines(pilot.app.screen)
            await press(pilot, unfold)
            assert "vnets.later" in lines(pilot.app.screen)


async def test_with_itself_there_is_no_difference(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, read_only=True) as (pilot, screen, path):
        await begin(pilot, path)
        assert "no difference" in lines(pilot.app.screen)
        await press(pilot, "enter", "space", "right", "left", "escape")
        assert pilot.app.screen is screen


async def test_what_is_unsaved_here_is_different_from_the_file(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, path):
        await press(pilot, "2", "home", "d")
        await begin(pilot, path)
        assert "1 removed" in lines(pilot.app.screen)


@SIZES
async def test_what_cannot_be_read_is_said_and_nothing_else_happens(size: tuple[int, int], tmp_path: Path) -> None:
    broken, page = tmp_path / "broken.toml", tmp_path / "page.json"
    broken.write_text("schema = 1\n[vnets.app]\naddress_space = 4\n")
    page.write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        for path, message in (
            (tmp_path / "none.json", "there is no such file"),
            (tmp_path / "none.toml", "none.toml"),
            (broken, "broken.toml"),
            (page, "page.json"),
        ):
            await press(pilot, "K")
            await typed(pilot, str(path))
            assert pilot.app.screen is screen
            assert message in " ".join(said(screen).split())
            assert screen.focused is screen.overview.current.list


async def test_the_first_line_says_where_not_all_of_it_is_compared(tmp_path: Path) -> None:
    page = {"value": AZURE, "nextLink": "https://management.azure.com/?page=2"}
    async with workbench(PLAN, tmp_path, size=(160, 40)) as (pilot, _, _):
        await begin(pilot, source(tmp_path, page))
        shown = lines(pilot.app.screen).splitlines()
        assert "not all of it is compared: 1 missing or not understood, 0 in conflict" in "".join(shown[:3])


@SIZES
async def test_a_source_that_tells_nothing_of_what_is_here_is_said(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "K")
        await typed(pilot, str(source(tmp_path)))
        assert pilot.app.screen is screen
        assert "tells nothing of what plan.toml has in Azure" in said(screen)


async def test_a_topology_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text(OTHER)
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        await begin(pilot, path)
        assert "from other.txt to plan.toml" in lines(pilot.app.screen)


async def test_the_comparison_is_readable_in_ascii_without_colour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    app = VnetTuiApp(path, looks=in_force(None, {}, ascii_only=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await begin(pilot, other_file(tmp_path))
        assert lines(app.screen).isascii()


async def test_a_file_that_is_compared_with_itself_is_told_as_saved_and_as_open(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=(120, 40)) as (pilot, _, path):
        await press(pilot, "2", "home", "d")
        await begin(pilot, path)
        assert "from plan.toml as saved to plan.toml as it is open" in words(pilot)


async def test_what_was_added_unfolds_field_by_field(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        await begin(pilot, other_file(tmp_path))
        await to(pilot, "vnets.later")
        await press(pilot, "right")
        assert "[10.3.0.0/22]" in lines(pilot.app.screen)
        await press(pilot, "left", "slash")
        await enter(pilot, "dropped")
        shown = lines(pilot.app.screen)
        assert "vnets.dropped" in shown
        assert "vnets.later" not in shown


@pytest.mark.parametrize("word", ["diff", "drift"])
async def test_the_palette_finds_the_comparison_by_the_words_people_use(word: str, tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, _, _):
        await press(pilot, "colon")
        await enter(pilot, word)
        assert "Compare" in lines(pilot.app.screen)
