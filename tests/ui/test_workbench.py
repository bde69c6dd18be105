"""The workbench, as a person uses it: what is done with keys, and what the store and the file say then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from tui.app.app import VnetTuiApp
from tui.app.commands import commands
from tui.app.screens.workbench import WorkbenchScreen
from tui.app.store import Store
from tui.display import displayable

HUB = """\
# The hub and what hangs on it.
schema = 1

[subscriptions.prod]

[vnets.app]            # the shop
subscription = "prod"
region = "westeurope"
address_space = ["10.1.0.0/22"]

[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.0.0.0/22"]
gateway.sku = "VpnGw1AZ"

[sites.office]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.1"
"""


@asynccontextmanager
async def workbench(
    text: str, folder: Path, size: tuple[int, int] = (120, 40), *, read_only: bool = False
) -> AsyncIterator[tuple[Pilot[None], WorkbenchScreen, Path]]:
    """Open a file that holds `text`."""
    path = folder / "plan.toml"
    path.write_text(text)
    app = VnetTuiApp(Store.open(path, read_only=read_only))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, WorkbenchScreen)
        yield pilot, screen, path


def lines(screen: WorkbenchScreen) -> str:
    """The screen as text."""
    return "\n".join(
        "".join(segment.text for segment in strip) for strip in screen._compositor.render_strips(screen.size)
    )


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type a text and press Enter."""
    for character in text:
        await pilot.press({" ": "space", "/": "slash", ".": "full_stop", "-": "minus"}.get(character, character))
    await pilot.press("enter")
    await pilot.pause()


async def test_opening_a_file_shows_what_it_holds_and_what_is_wrong(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (_, screen, _):
        shown = lines(screen)
        assert "plan.toml" in shown
        assert "2 VNets, 1 sites, 1 gateways" in shown
        assert "1 errors" in shown
        assert "SUB004" in shown
        assert "0/30 30 left" in shown
        assert "on-premises (1)" in shown


async def test_a_fix_is_one_key_undo_another_and_the_unsaved_mark_follows(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await pilot.press("6", "x")
        assert "GatewaySubnet" in screen.store.topology.vnets["hub"].subnets
        assert "unsaved" in lines(screen)
        await pilot.press("u")
        assert "GatewaySubnet" not in screen.store.topology.vnets["hub"].subnets
        assert "unsaved" not in lines(screen)
        await pilot.press("ctrl+r", "ctrl+s")
        await pilot.pause()
        assert "unsaved" not in lines(screen)
        text = path.read_text()
        assert 'GatewaySubnet = "10.0.3.224/27"' in text
        assert text.startswith(HUB[: HUB.index("gateway.sku")])


async def test_connect_by_naming_the_other_end_and_watch_the_meter(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "j", "c")
        await typed(pilot, "office")
        (connection,) = screen.store.topology.connections.values()
        assert connection.between == ("hub", "office")
        assert "1/30 29 left" in lines(screen)


async def test_marked_networks_are_connected_to_the_first_in_one_step(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "j", "space", "g", "space", "end", "space", "c")
        ends = [connection.between for connection in screen.store.topology.connections.values()]
        assert ends == [("hub", "app"), ("hub", "office")]
        await pilot.press("u")
        assert not screen.store.topology.connections


async def test_renaming_carries_on_with_the_renamed_thing_and_keeps_its_comment(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await pilot.press("2", "r")
        await typed(pilot, "-weu")
        assert "app-weu" in screen.store.topology.vnets
        assert screen.selected == ("vnets", "app-weu")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "[vnets.app-weu]            # the shop" in path.read_text()


async def test_deleting_takes_links_along_and_undo_brings_all_back(tmp_path: Path) -> None:
    text = HUB + '\n[connections.c]\nbetween = ["hub", "office"]\n'
    async with workbench(text, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "j", "d")
        assert list(screen.store.topology.vnets) == ["app"]
        assert not screen.store.topology.connections
        await pilot.press("u")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert "c" in screen.store.topology.connections


async def test_the_details_follow_the_cursor(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "j")
        await pilot.pause()
        await pilot.press("4")
        await pilot.pause()
        assert "vnets.hub" in lines(screen)
        assert "0/30 30 left (Azure's figure for VpnGw1AZ RouteBased)" in lines(screen)


async def test_find_jumps_to_the_owner_of_an_address_and_back_returns(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("f")
        await typed(pilot, "192.168.8.7")
        assert screen.selected == ("sites", "office")
        await pilot.press("ctrl+o")
        assert screen.selected == ("vnets", "app")


async def test_a_filter_narrows_the_pane_while_typing_and_escape_clears_it(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "slash", "h", "u")
        await pilot.pause()
        assert [row.key for row in screen.panes["2"].list.rows] == [("vnets", "hub")]
        await pilot.press("escape")
        await pilot.pause()
        assert len(screen.panes["2"].list.rows) == 4


async def test_a_disabled_command_says_why(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "x")
        assert "Fix is not available: go to a problem first" in lines(screen)


async def test_keys_typed_into_the_prompt_run_no_command(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "f", "d", "u", "q", "ctrl+s", "escape")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert screen.app.is_running


async def test_quitting_with_unsaved_changes_asks_and_staying_loses_nothing(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await pilot.press("6", "x", "q")
        assert screen.prompt.is_open
        await pilot.press("escape")
        assert screen.store.unsaved
        await pilot.press("ctrl+q")
        assert screen.prompt.is_open
        await typed(pilot, "s")
        assert "GatewaySubnet" in path.read_text()


async def test_a_file_that_somebody_else_changed_is_not_overwritten_unseen(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await pilot.press("6", "x")
        theirs = HUB.replace("10.1.0.0/22", "10.9.0.0/22")
        path.write_text(theirs)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert screen.prompt.is_open
        assert path.read_text() == theirs
        await typed(pilot, "overwrite")
        assert "10.1.0.0/22" in path.read_text()
        assert not screen.store.unsaved


async def test_reading_again_what_somebody_else_wrote_can_be_undone(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await pilot.press("6", "x")
        path.write_text(HUB.replace("10.1.0.0/22", "10.9.0.0/22"))
        await pilot.press("ctrl+s")
        await pilot.pause()
        await typed(pilot, "reload")
        assert str(screen.store.topology.vnets["app"].address_space[0]) == "10.9.0.0/22"
        await pilot.press("u")
        assert "GatewaySubnet" in screen.store.topology.vnets["hub"].subnets


async def test_read_only_changes_nothing_and_says_so(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path, read_only=True) as (pilot, screen, _):
        await pilot.press("2", "d")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert "read-only" in lines(screen)


async def test_a_waiver_is_written_with_its_reason(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("6", "W")
        await typed(pilot, "tomorrow")
        (waiver,) = screen.store.topology.waivers.values()
        assert (waiver.code, waiver.where, waiver.reason) == ("SUB004", ("vnets.hub",), "tomorrow")
        assert "waived" in lines(screen)


async def test_enter_on_a_problem_goes_to_its_place(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("6", "enter")
        await pilot.pause()
        assert screen.selected == ("vnets", "hub")
        await pilot.press("right_square_bracket")
        assert "1 of" in lines(screen)


async def test_a_small_terminal_shows_one_pane_at_a_time_and_reaches_all(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path, size=(80, 24)) as (pilot, screen, _):
        for key, title in (
            ("1", "Subscriptions"),
            ("2", "VNets"),
            ("3", "Gateways"),
            ("5", "Connections"),
            ("6", "Pro"),
        ):
            await pilot.press(key)
            await pilot.pause()
            shown = [pane for pane in screen.panes.values() if pane.display and pane.size.height > 0]
            assert [f"{key} {title}" in lines(screen), len(shown)] == [True, 1]
            assert shown[0].size.width == 80


async def test_resizing_back_and_forth_breaks_nothing(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        for size in ((80, 24), (200, 60), (20, 6), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.press("j", "tab")
            await pilot.pause()
        assert "VNets" in lines(screen)


async def test_help_lists_every_command_and_runs_one(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "question_mark")
        await pilot.pause()
        for character in "delete":
            await pilot.press(character)
        await pilot.press("enter")
        await pilot.pause()
        assert list(screen.store.topology.vnets) == ["hub"]


async def test_the_order_of_the_vnets_can_be_chosen(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await pilot.press("2", "o", "o")
        await pilot.pause()
        assert [row.key for row in screen.panes["2"].list.rows][:2] == [("vnets", "hub"), ("vnets", "app")]


async def test_names_and_notes_are_shown_as_nothing_but_text(tmp_path: Path) -> None:
    nasty = "[@click=app.quit]x[/] [/] \\u001b[31m \\u202e \\u200b"
    text = HUB + f'\n[vnets."{nasty}"]\nnote = "{nasty}"\naddress_space = ["10.2.0.0/24"]\nsubscription = "{nasty}"\n'
    async with workbench(text, tmp_path) as (pilot, screen, _):
        for keys in (("2", "j", "j"), ("4",), ("6",), ("1",), ("r",), ("escape",), ("right_square_bracket",)):
            await pilot.press(*keys)
            await pilot.pause()
            shown = lines(screen)
            assert [line for line in shown.split("\n") if line != displayable(line)] == []
        assert "[@click=app.quit]" in lines(screen)


def test_every_command_has_a_key_of_its_own() -> None:
    keys = [key for command in commands().values() for key in command.keys]
    assert len(keys) == len(set(keys))
