"""The planner as a person uses it: a size typed live, a placement taken, a way out, a field of a form filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.driving import enter, fill, lines, press, settled, typed, workbench
from tui.app.app import VnetTuiApp
from tui.app.screens.picker import PickerScreen
from tui.app.screens.workbench import WorkbenchScreen
from tui.storage.in_force import in_force

PLAN = """\
schema = 1

[planning.pools]
weu-prod = { prefixes = ["10.64.0.0/16"], region = "westeurope" }
lab = ["172.20.0.0/22"]

[subscriptions.prod]

[vnets.app]
subscription = "prod"
region = "northeurope"
address_space = ["10.64.4.0/22"]

[vnets.hub]   # the hub
subscription = "prod"
region = "northeurope"
address_space = ["10.64.0.0/22"]
growth = ["10.64.128.0/17"]

[sites.office]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.1"
"""
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


def said(screen: WorkbenchScreen) -> str:
    """The status line."""
    return str(screen.status.render())


def spaces(screen: WorkbenchScreen) -> dict[str, list[str]]:
    """The address space of each VNet."""
    return {name: [str(one) for one in vnet.address_space] for name, vnet in screen.store.topology.vnets.items()}


@SIZES
async def test_the_placements_follow_every_character(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "s")
        assert screen.prompt.is_open
        await enter(pilot, "/22 westeurope")
        before = lines(screen)
        for place, word in (("tightest", "10.64.8.0/22"), ("in order", "10.64.8.0/22"), ("room to grow", "10.64.64")):
            (line,) = [line for line in before.splitlines() if line.strip().startswith(place)]
            assert word in line
            assert "29 × /22, a /1" in line
        seen = []
        for text in ("/1", "/18", "/18 ", "/18 i", "/18 in lab"):
            await press(pilot, "ctrl+u")
            await enter(pilot, text)
            seen.append(lines(screen))
            assert f"for {text.strip()}" in seen[-1]
        assert "no /1 is free" in seen[0] or "no prefix of the pools is as large as a /1" in seen[0]
        assert "/18 (16379 usable): 1 free, the largest block 10.64.64.0/18" in seen[1]
        assert '"i" is no pool and no region' in seen[3]
        assert "no prefix of pool lab is as large as a /18" in seen[4]
        assert not screen.store.unsaved


async def test_escape_brings_the_former_request_back(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "/24 in lab")
        await press(pilot, "s")
        await enter(pilot, "/30")
        assert "for /30" in lines(screen)
        await press(pilot, "escape")
        assert "for /24 in lab" in lines(screen)
        assert "172.20.0.0/24" in lines(screen)
        assert not screen.prompt.is_open
        assert screen.focused is screen.overview.planner.list
        await press(pilot, "s", "ctrl+u", "enter")
        assert "for /24 in lab" in lines(screen), "an empty request is none"


async def test_what_the_cursor_was_on_before_is_not_said_while_one_types(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=(80, 24)) as (pilot, screen, _):
        await press(pilot, "7", "down", "down")
        assert "lowest free /22" in said(screen)
        await press(pilot, "s")
        await enter(pilot, "/18")
        assert said(screen).strip() == ""
        await press(pilot, "enter")
        assert "a free block of just this size" in said(screen)


@SIZES
async def test_a_placement_becomes_a_vnet_with_prefix_growth_and_region_in_one_undo_step(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await press(pilot, "s")
        await typed(pilot, "/24 westeurope grow /22")
        assert "10.64.9.0/24, 10.64.10.0/23 held for it to grow to 10.64.8.0/22" in " ".join(said(screen).split())
        await press(pilot, "enter")
        assert screen.form.is_open
        values = screen.form.values
        assert values["address_space"] == "10.64.8.0/24"
        assert values["growth"] == "10.64.9.0/24, 10.64.10.0/23"
        assert values["region"] == "westeurope", "that of the pool, not that of most VNets"
        assert values["subscription"] == "prod"
        await fill(pilot, screen, name="shop")
        await press(pilot, "enter")
        assert not screen.form.is_open
        assert spaces(screen)["shop"] == ["10.64.8.0/24"]
        assert "growth" in path.read_text()
        await press(pilot, "ctrl+s")
        assert "[vnets.shop]" in path.read_text()
        await press(pilot, "u")
        assert "shop" not in screen.store.topology.vnets
        await press(pilot, "ctrl+s")
        assert path.read_text() == PLAN


async def test_the_placement_of_each_strategy_is_its_own(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "7", "end", "enter")
        assert screen.form.values["address_space"] == "10.64.64.0/22"
        assert screen.form.values["growth"] == ""


@SIZES
async def test_all_blocks_of_a_placement_become_vnets_with_names_in_one_undo_step(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await press(pilot, "s")
        await typed(pilot, "3 x /24 in lab grow /23")
        assert "only 2 of 3 × /23 are free in pool lab" in lines(screen)
        await press(pilot, "s")
        await typed(pilot, "3 x /24 in lab")
        assert "tightest: 3 blocks, 172.20.0.0/24 to 172.20.2.0/24; leaves 1 × /24, a /24" in lines(screen)
        await press(pilot, "enter")
        assert "New VNets: 3 blocks" in lines(screen)
        assert screen.form.values == {"name": "vnet", "subscription": "prod", "region": ""}
        await press(pilot, "ctrl+u")
        await enter(pilot, "shop")
        assert "shop-1 172.20.0.0/24" in " ".join(lines(screen).split()), "what is made is shown before"
        await press(pilot, "enter")
        after = spaces(screen)
        assert {name: after[name] for name in after if name.startswith("shop")} == {
            "shop-1": ["172.20.0.0/24"],
            "shop-2": ["172.20.1.0/24"],
            "shop-3": ["172.20.2.0/24"],
        }
        assert {vnet.subscription for vnet in screen.store.topology.vnets.values()} == {"prod"}
        assert screen.store.undo_title == "Add 3 VNets"
        assert screen.selected == ("vnets", "shop-1")
        assert screen.focused is screen.overview.vnets.list
        assert "▸2 VNets" in lines(screen)
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == PLAN


async def test_several_vnets_without_a_name_are_none_and_names_that_are_taken_are_left_out(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "2 x /24 in lab")
        await press(pilot, "enter", "ctrl+u", "enter")
        assert screen.form.is_open
        assert "they need a name" in lines(screen)
        await press(pilot, "escape", "escape", "enter", "escape")
        assert not screen.store.unsaved
        await press(pilot, "enter", "enter")
        assert {"vnet-1", "vnet-2"} <= set(spaces(screen))
        await press(pilot, "7", "home", "down", "enter", "enter")
        names = [name for name in spaces(screen) if name.startswith("vnet-")]
        assert len(names) == len(set(names)) == 4


async def test_the_names_of_several_are_judged_while_they_are_typed(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "2 x /24 in lab")
        await press(pilot, "enter")
        await fill(pilot, screen, name="a/b [bold]x", subscription="nobody")
        assert "error in Azure this name may hold only the let" in lines(screen)
        assert "there is no subscription nobody" in lines(screen)


@SIZES
async def test_fewer_blocks_than_were_asked_for_are_not_taken_as_if_they_were_all(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with workbench("schema = 1\n", tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "3 x /8")
        assert "only 1 of 3 × /8 are free" in said(screen), "the refusal comes first, and the cursor is on it"
        await press(pilot, "enter")
        assert not screen.form.is_open
        screen.overview.planner.list.move_to(("placement", "tightest"))
        await press(pilot, "enter")
        assert "only 1 of the 3 that were asked for are free" in " ".join(lines(screen).split())
        await press(pilot, "enter")
        assert spaces(screen) == {"vnet-1": ["10.0.0.0/8"]}
        assert screen.store.undo_title == "Add 1 VNet"


@SIZES
async def test_the_three_placements_of_a_batch_are_seen_at_once(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "10 x /24 in weu-prod")
        for word in ("▸ tightest: 10 blocks", "▸ in order: 10 blocks", "▸ room to grow: 10 blocks"):
            assert word in lines(screen)
        await press(pilot, "space")
        assert "▾ tightest: 10 blocks" in lines(screen)
        await press(pilot, "down", "enter")
        assert screen.form.values["address_space"] == "10.64.8.0/24"
        await press(pilot, "escape", "up", "space")
        assert "▸ tightest: 10 blocks" in lines(screen)


@SIZES
@pytest.mark.parametrize("text", ["/24 northeurope", "/24 northeurope in weu-prod", "/24 in weu-prod northeurope"])
async def test_a_vnet_gets_the_region_that_was_asked_for(size: tuple[int, int], text: str, tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        for many, keys in (("", ("enter",)), ("3 x ", ("enter", "enter"))):
            await press(pilot, "s")
            await typed(pilot, f"{many}{text}")
            await press(pilot, *keys)
            if not many:
                assert screen.form.values["region"] == "northeurope"
                await press(pilot, "escape")
        added = [screen.store.topology.vnets[f"vnet-{number}"] for number in (1, 2, 3)]
        assert {vnet.region for vnet in added} == {"northeurope"}
        await press(pilot, "ctrl+s")
        assert "growth = []" not in path.read_text()


async def test_one_block_of_several_becomes_one_vnet(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "3 x /24 in lab")
        await press(pilot, "down", "down", "enter")
        assert screen.form.values["address_space"] == "172.20.1.0/24"


# Refusals.


@SIZES
async def test_a_way_out_makes_room_on_enter_and_undo_takes_it_back(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await press(pilot, "s")
        await typed(pilot, "/17 westeurope")
        assert "no /17 is free in what westeurope may use" in said(screen)
        assert "in the way: hub's growth 10.64.128.0/17" in " ".join(said(screen).split())
        await press(pilot, "down")
        assert said(screen).strip() == "release 10.64.128.0/17, which is held for hub; Enter does it"
        await press(pilot, "enter")
        assert screen.store.topology.vnets["hub"].growth == ()
        assert "1 free, the largest block 10.64.128.0/17" in lines(screen)
        assert screen.store.undo_title == "Release growth of hub"
        await press(pilot, "home", "down", "enter")
        assert screen.form.values["address_space"] == "10.64.128.0/17"
        await press(pilot, "escape", "u", "ctrl+s")
        assert path.read_text() == PLAN


@SIZES
async def test_a_way_out_that_asks_for_something_else_puts_it_into_the_prompt(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "2 x /17 westeurope")
        await press(pilot, "end")
        assert said(screen).strip() == "ask for 2 × /19 or smaller: 3 are free; Enter does it"
        await press(pilot, "enter")
        assert screen.prompt.is_open
        assert "2 x /19 westeurope" in lines(screen).splitlines()[-1]
        assert "2 × /19 (8187 usable) for westeurope: 3 free" in lines(screen)
        await press(pilot, "escape")
        assert "for 2 x /17 westeurope" in lines(screen)
        await press(pilot, "s")
        await typed(pilot, "/18 in lab")
        screen.overview.planner.list.move_to(("way", 0))
        await press(pilot, "enter")
        assert screen.prompt.is_open, lines(screen)
        await press(pilot, "enter")
        assert "free" in said(screen)
        await press(pilot, "enter")
        assert screen.form.is_open


async def test_a_way_out_that_moves_a_vnet_moves_it(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "/22 in 10.64.0.0/22")
        (key,) = [row.key for row in screen.overview.planner.list.rows if row.cells[0].text.startswith("move ")]
        screen.overview.planner.list.move_to(key)
        await press(pilot, "enter")
        assert not [space for space in spaces(screen)["hub"] if space.startswith("10.64.0.")]
        await press(pilot, "home", "down", "enter")
        assert screen.form.values["address_space"] == "10.64.0.0/22"


async def test_a_way_out_that_is_no_edit_is_said_in_full(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=(80, 24)) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "/17")
        await press(pilot, "end")
        assert said(screen).strip() == "ask for a /18 or smaller: 10.64.64.0/18 is free; Enter does it"
        await press(pilot, "home", "enter")
        assert "go to a suggested block first, or s asks for another size" in said(screen)
        assert not screen.store.unsaved


async def test_what_is_no_request_says_what_may_be_typed(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "s")
        await typed(pilot, "big")
        assert '"big" is no size' in lines(screen)
        assert 'write a size such as "/22" or "500 hosts"' in said(screen)
        await press(pilot, "enter")
        assert "go to a suggested block first" in said(screen)


async def test_a_read_only_session_shows_placements_and_takes_none(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, read_only=True) as (pilot, screen, _):
        for text in ("/24", "2 x /24 in lab", "/17 westeurope"):
            await press(pilot, "s")
            await typed(pilot, text)
            await press(pilot, "enter")
            assert "this session is read-only" in said(screen)
            assert not screen.form.is_open
            assert not screen.prompt.is_open
        await press(pilot, "end", "up", "up", "enter")
        assert "this session is read-only" in said(screen)
        assert screen.store.topology.vnets["hub"].growth


# From a form.


@SIZES
async def test_a_field_of_a_form_is_filled_out_of_the_planner(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "2", "home", "a")
        await fill(pilot, screen, name="shop", region="westeurope", note="sells", address_space="/24")
        await press(pilot, "p")
        picker = pilot.app.screen
        assert isinstance(picker, PickerScreen)
        shown = lines(picker)
        assert "/24 westeurope" in shown.splitlines()[1]
        assert "10.64.8.0/24" in shown
        await enter(pilot, "/24 westeurope grow /23")
        shown = " ".join(lines(pilot.app.screen).split())
        assert "10.64.9.0/24 held for it to grow to 10.64.8.0/23" in shown, "the reason stands there in full"
        await press(pilot, "enter")
        assert pilot.app.screen is screen
        assert screen.form.is_open
        values = screen.form.values
        assert (values["address_space"], values["growth"]) == ("10.64.8.0/24", "10.64.9.0/24")
        assert (values["name"], values["note"], values["region"]) == ("shop", "sells", "westeurope")
        assert screen.form.field is not None
        assert screen.form.field.key == "address_space"
        await press(pilot, "enter")
        assert spaces(screen)["shop"] == ["10.64.8.0/24"]
        assert [str(one) for one in screen.store.topology.vnets["shop"].growth] == ["10.64.9.0/24"]
        await press(pilot, "u")
        assert not screen.store.unsaved


async def test_the_pool_of_the_form_comes_before_its_region(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "a")
        await fill(pilot, screen, pool="lab", region="westeurope", address_space="/25")
        await press(pilot, "ctrl+g", "enter")
        assert screen.form.values["address_space"] == "172.20.0.0/25"


async def test_what_stands_before_in_the_field_and_in_growth_is_kept(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "down", "e")
        await fill(pilot, screen, address_space="10.64.0.0/22, /24")
        await press(pilot, "p")
        await enter(pilot, "/24 in weu-prod grow /23")
        await press(pilot, "enter")
        assert screen.form.values["address_space"] == "10.64.0.0/22, 10.64.8.0/24"
        assert screen.form.values["growth"] == "10.64.128.0/17, 10.64.9.0/24"


async def test_another_choice_lets_go_of_what_the_first_one_held(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "a")
        await fill(pilot, screen, address_space="/24")
        await press(pilot, "p")
        await enter(pilot, "/24 in weu-prod grow /22")
        await press(pilot, "enter")
        assert screen.form.values["growth"] == "10.64.9.0/24, 10.64.10.0/23"
        await press(pilot, "p")
        await enter(pilot, "/26 in lab")
        await press(pilot, "enter")
        assert screen.form.values["address_space"] == "172.20.0.0/26"
        assert screen.form.values["growth"] == ""


async def test_all_blocks_of_a_placement_fill_one_field(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "a")
        await fill(pilot, screen, address_space="/24")
        await press(pilot, "p")
        await enter(pilot, "2 x /24 in lab")
        await press(pilot, "enter")
        assert screen.form.values["address_space"] == "172.20.0.0/24, 172.20.1.0/24"


async def test_escape_out_of_the_planner_leaves_the_form_as_it_was(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "e")
        await fill(pilot, screen, address_space="10.64.4.0/22")
        before = dict(screen.form.values)
        await press(pilot, "p")
        await enter(pilot, "/24")
        await press(pilot, "escape")
        assert screen.form.is_open
        assert dict(screen.form.values) == before
        await press(pilot, "escape")
        assert not screen.form.is_open, "nothing was typed, so nothing is asked"
        assert not screen.store.unsaved


async def test_a_line_that_is_no_block_fills_nothing_and_the_planner_stays(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "e")
        await fill(pilot, screen, address_space="10.64.4.0/22")
        before = dict(screen.form.values)
        await press(pilot, "p")
        await enter(pilot, "/17 westeurope")
        assert "; Enter does it" not in lines(pilot.app.screen), "here it would not"
        for key in ("enter", "down", "enter"):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, PickerScreen)
            assert "/17 westeurope" in lines(pilot.app.screen).splitlines()[1]
        assert not screen.store.unsaved
        await press(pilot, "escape")
        assert pilot.app.screen is screen
        assert dict(screen.form.values) == before


async def test_a_site_is_planned_for_without_growth_and_a_text_field_takes_the_letter(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "end", "e")
        await fill(pilot, screen, address_space="/24")
        await press(pilot, "p")
        await enter(pilot, "/24 in lab grow /23")
        await press(pilot, "enter")
        assert screen.form.values["address_space"] == "172.20.0.0/24"
        await fill(pilot, screen, note="")
        await enter(pilot, "p")
        assert screen.form.values["note"] == "p"


async def test_a_subnet_is_not_for_the_planner_and_that_is_said(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "4", "a")
        assert "prefixes" in screen.form.values
        await fill(pilot, screen, prefixes="")
        await press(pilot, "p")
        assert pilot.app.screen is screen
        assert "the planner has nothing for this field" in lines(screen)


async def test_the_planner_is_readable_in_ascii_without_colour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    app = VnetTuiApp(path, looks=in_force(None, {}, ascii_only=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, WorkbenchScreen)
        await press(pilot, "s")
        for text in ("/22", "3 x /24 grow /23", "/17", "big"):
            await press(pilot, "ctrl+u")
            await enter(pilot, text)
            assert lines(screen).isascii()
        await press(pilot, "ctrl+u")
        await typed(pilot, "2 x /24")
        for key in ("down", "up", "end"):
            await press(pilot, key)
            assert lines(screen).isascii()
        assert "leaves" in said(screen)
        await press(pilot, "2", "home", "e", "ctrl+g")
        assert isinstance(app.screen, PickerScreen)
        assert lines(app.screen).isascii()
