"""The workbench, as a person uses it: what is done with keys, and what the store and the file say then."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driving import HUB, enter, fill, lines, press, settled, typed, workbench
from tui.app.app import VnetTuiApp
from tui.app.commands import commands
from tui.app.screens.workbench import WorkbenchScreen
from tui.app.store import Store
from tui.display import displayable
from tui.paths import samples


async def test_opening_a_file_shows_what_it_holds_and_what_is_wrong(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "6")
        shown = lines(screen)
        assert "plan.toml" in shown
        assert "2 VNets, 1 site, 1 gateway" in shown
        assert "1 error, 0 warnings" in shown
        assert "SUB004" in shown
        assert "0/30 30 left" in shown
        assert "on-premises (1)" in shown


async def test_a_fix_is_one_key_undo_another_and_the_unsaved_mark_follows(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "6", "x")
        assert "GatewaySubnet" in screen.store.topology.vnets["hub"].subnets
        assert "unsaved" in lines(screen)
        await press(pilot, "u")
        assert "GatewaySubnet" not in screen.store.topology.vnets["hub"].subnets
        assert "unsaved" not in lines(screen)
        await press(pilot, "ctrl+r", "ctrl+s")
        assert "unsaved" not in lines(screen)
        text = path.read_text()
        assert 'GatewaySubnet = "10.0.3.224/27"' in text
        assert text.startswith(HUB[: HUB.index("gateway.sku")])


async def test_connect_by_naming_the_other_end_and_watch_the_meter(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "j", "c")
        await typed(pilot, "office")
        (connection,) = screen.store.topology.connections.values()
        assert connection.between == ("hub", "office")
        assert "1/30 29 left" in lines(screen)


async def test_marked_networks_are_connected_to_the_first_in_one_step(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "j", "space", "g", "space", "end", "space", "c", "enter")
        ends = [connection.between for connection in screen.store.topology.connections.values()]
        assert ends == [("hub", "app"), ("hub", "office")]
        await press(pilot, "u")
        assert not screen.store.topology.connections


async def test_renaming_carries_on_with_the_renamed_thing_and_keeps_its_comment(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "r")
        await typed(pilot, "-weu")
        assert "app-weu" in screen.store.topology.vnets
        assert screen.selected == ("vnets", "app-weu")
        await press(pilot, "ctrl+s")
        assert "[vnets.app-weu]            # the shop" in path.read_text()


async def test_deleting_takes_links_along_and_undo_brings_all_back(tmp_path: Path) -> None:
    text = HUB + '\n[connections.c]\nbetween = ["hub", "office"]\n'
    async with workbench(text, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "j", "d")
        assert list(screen.store.topology.vnets) == ["app"]
        assert not screen.store.topology.connections
        await press(pilot, "u")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert "c" in screen.store.topology.connections


async def test_from_a_blank_file_to_a_hub_with_an_office(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    app = VnetTuiApp(Store.new(path))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "1", "a")
        await typed(pilot, "prod")
        await press(pilot, "2", "a")
        await typed(pilot, "hub")
        await press(pilot, "v", "enter", "a")
        screen = app.screen
        assert isinstance(screen, WorkbenchScreen)
        await fill(pilot, screen, name="app", address_space="10.0.0.0/24")
        assert "overlaps 10.0.0.0/22 of hub" in lines(screen)
        await fill(pilot, screen, address_space="/24")
        await press(pilot, "enter")
        assert screen.selected == ("vnets", "app")
        await press(pilot, "c")
        await enter(pilot, "app")
        await press(pilot, "enter")
        assert "itself" in lines(screen)
        await press(pilot, "ctrl+u")
        await enter(pilot, "hub")
        assert "0/30 30 left" in lines(screen)
        await press(pilot, "enter")
        await press(pilot, "ctrl+s", "q")
    saved = Store.open(path).topology
    assert {name: str(vnet.address_space[0]) for name, vnet in saved.vnets.items()} == {
        "hub": "10.0.0.0/22",
        "app": "10.0.4.0/24",
    }
    assert saved.vnets["hub"].subscription == "prod"
    assert str(saved.vnets["hub"].subnets["GatewaySubnet"].prefixes[0]) == "10.0.3.224/27"
    assert len(saved.connections) == 1


async def test_the_details_follow_the_cursor_when_it_rests(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "j")
        await pilot.pause(0.2)
        assert "vnets.hub" in lines(screen)
        await press(pilot, "4")
        assert "vnets.hub" in lines(screen)
        assert "0/30 30 left (Azure's figure for VpnGw1AZ RouteBased)" in lines(screen)


async def test_find_jumps_to_the_owner_of_an_address_and_back_returns(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "f")
        await typed(pilot, "192.168.8.7")
        assert screen.selected == ("sites", "office")
        await press(pilot, "ctrl+o")
        assert screen.selected == ("vnets", "app")


async def test_a_filter_narrows_the_pane_while_typing_and_escape_clears_it(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "slash", "h", "u")
        assert [row.key for row in screen.overview.by_key["2"].list.rows] == [("vnets", "hub")]
        await press(pilot, "escape")
        assert len(screen.overview.by_key["2"].list.rows) == 4


async def test_a_disabled_command_says_why(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "x")
        assert "Fix is not available: go to a problem first" in lines(screen)


async def test_keys_typed_into_the_prompt_run_no_command(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "f", "d", "u", "q", "ctrl+s", "escape")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert screen.app.is_running


async def test_quitting_with_unsaved_changes_asks_and_staying_loses_nothing(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "6", "x", "q")
        assert screen.prompt.is_open
        await press(pilot, "escape")
        assert screen.store.unsaved
        await press(pilot, "ctrl+q")
        assert screen.prompt.is_open
        await typed(pilot, "s")
        assert "GatewaySubnet" in path.read_text()


async def test_a_file_that_somebody_else_changed_is_not_overwritten_unseen(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "6", "x")
        theirs = HUB.replace("10.1.0.0/22", "10.9.0.0/22")
        path.write_text(theirs)
        await press(pilot, "ctrl+s")
        assert screen.prompt.is_open
        assert path.read_text() == theirs
        await typed(pilot, "overwrite")
        assert "10.1.0.0/22" in path.read_text()
        assert not screen.store.unsaved


async def test_reading_again_what_somebody_else_wrote_can_be_undone(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "6", "x")
        path.write_text(HUB.replace("10.1.0.0/22", "10.9.0.0/22"))
        await press(pilot, "ctrl+s")
        await typed(pilot, "reload")
        assert str(screen.store.topology.vnets["app"].address_space[0]) == "10.9.0.0/22"
        await press(pilot, "u")
        assert "GatewaySubnet" in screen.store.topology.vnets["hub"].subnets


async def test_read_only_changes_nothing_and_says_so(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path, read_only=True) as (pilot, screen, _):
        await press(pilot, "2", "d")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert "read-only" in lines(screen)


async def test_a_waiver_is_written_with_its_reason(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "6", "W")
        await typed(pilot, "tomorrow")
        (waiver,) = screen.store.topology.waivers.values()
        assert (waiver.code, waiver.where, waiver.reason) == ("SUB004", ("vnets.hub",), "tomorrow")
        assert "waived" in lines(screen)


async def test_enter_on_a_problem_goes_to_its_place(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "6", "enter")
        assert screen.selected == ("vnets", "hub")
        await press(pilot, "right_square_bracket")
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
            await press(pilot, key)
            shown = [pane for pane in screen.overview.by_key.values() if pane.display and pane.size.height > 0]
            assert [f"{key} {title}" in lines(screen), len(shown)] == [True, 1]
            assert shown[0].size.width == 80


async def test_resizing_back_and_forth_breaks_nothing(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        for size in ((80, 24), (200, 60), (20, 6), (120, 40)):
            await pilot.resize_terminal(*size)
            await press(pilot, "j", "tab")
            await pilot.pause()
        assert "VNets" in lines(screen)


async def test_help_lists_every_command_and_runs_one(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "question_mark")
        for character in "delete":
            await press(pilot, character)
        await press(pilot, "enter")
        assert list(screen.store.topology.vnets) == ["hub"]


async def test_the_order_of_the_vnets_can_be_chosen(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "o", "o")
        assert [row.key for row in screen.overview.by_key["2"].list.rows][:2] == [("vnets", "hub"), ("vnets", "app")]


async def test_names_and_notes_are_shown_as_nothing_but_text(tmp_path: Path) -> None:
    nasty = "[@click=app.quit]x[/] [/] \\u001b[31m \\u202e \\u200b"
    text = HUB + f'\n[vnets."{nasty}"]\nnote = "{nasty}"\naddress_space = ["10.2.0.0/24"]\nsubscription = "{nasty}"\n'
    async with workbench(text, tmp_path) as (pilot, screen, _):
        for keys in (("2", "j", "j"), ("4",), ("6",), ("1",), ("r",), ("escape",), ("right_square_bracket",)):
            await press(pilot, *keys)
            await pilot.pause()
            shown = lines(screen)
            assert [line for line in shown.split("\n") if line != displayable(line)] == []
        assert "[@click=app.quit]" in lines(screen)


def test_every_command_has_a_key_of_its_own() -> None:
    keys = [key for command in commands().values() for key in command.keys]
    assert len(keys) == len(set(keys))


async def test_a_sample_is_never_written_over_but_saved_under_a_name_of_ones_own(tmp_path: Path) -> None:
    sample = tmp_path / "sample.toml"
    sample.write_text(HUB)
    app = VnetTuiApp(Store.sample(sample))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "6", "x", "ctrl+s")
        screen = app.screen
        assert isinstance(screen, WorkbenchScreen)
        assert screen.prompt.is_open
        await press(pilot, "ctrl+u")
        await typed(pilot, str(tmp_path / "mine.toml"))
        assert sample.read_text() == HUB
        assert "# the shop" in (tmp_path / "mine.toml").read_text()
        assert "mine.toml" in lines(screen)


async def test_every_problem_of_an_estate_full_of_faults_can_be_gone_to_and_left_again(tmp_path: Path) -> None:
    text = samples()["inherited-estate"].read_text() + "\n[checks]\nADR999 = 'off'\n"
    async with workbench(text.replace("\n[checks]\nADR999", "\n[chekcs]\nADR999"), tmp_path) as (pilot, screen, _):
        for _ in screen.store.findings:
            await press(pilot, "right_square_bracket")
        await press(pilot, "6")
        for _ in screen.store.findings:
            await press(pilot, "6", "j", "enter")
        for _ in range(5):
            await press(pilot, "ctrl+o")
        assert screen.app.is_running
        assert screen.selected is not None


async def test_a_rename_that_is_refused_says_why_and_stays(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "end", "r", "ctrl+u")
        await typed(pilot, "hub")
        assert "hub" in lines(screen).splitlines()[-1]
        assert screen.selected == ("sites", "office")
        assert not screen.store.unsaved


async def test_the_row_that_stands_for_all_is_nothing_to_delete(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "1", "d")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert "Delete is not available" in lines(screen)
