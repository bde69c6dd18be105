"""Subnets and address space of a VNet, as a person plans, splits, joins, resizes and moves them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual import events

from tests.ui.driving import enter, fill, lines, press, settled, typed, workbench
from tui.app.screens.picker import PickerScreen
from tui.app.screens.workbench import WorkbenchScreen
from tui.planner.subnets.edits import ONLY_WHILE_EMPTY

PLAN = """\
schema = 1

[planning.pools]
lab = ["10.64.0.0/20"]

[subscriptions.prod]

[vnets.app]
subscription = "prod"
address_space = ["10.64.4.0/22"]
state = "deployed"

[vnets.app.subnets]
web = { prefixes = ["10.64.4.0/25"], note = "the shop" }   # tier 1
db = "10.64.4.128/26"
GatewaySubnet = "10.64.7.224/27"

[vnets.hub]
subscription = "prod"
address_space = ["10.64.0.0/22"]

[vnets.hub.subnets]
one = "10.64.0.0/25"

[sites.office]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.1"

[peerings.a]
between = ["hub", "app"]
"""
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


def said(screen: WorkbenchScreen) -> str:
    """The status line."""
    return str(screen.status.render())


def subnets(screen: WorkbenchScreen, vnet: str = "app") -> dict[str, str]:
    """The subnets of a VNet."""
    found = screen.store.topology.vnets[vnet].subnets
    return {name: ", ".join(map(str, subnet.prefixes)) for name, subnet in found.items()}


def words(text: str) -> str:
    """The text of a screen, as it reads where lines are broken."""
    return " ".join(text.split())


BEFORE = {"web": "10.64.4.0/25", "db": "10.64.4.128/26", "GatewaySubnet": "10.64.7.224/27"}


@SIZES
async def test_the_details_draw_the_vnet_as_a_strip(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "2", "home", "4")
        (strip,) = re.findall(r"10\.64\.4\.0/22 +(\|.*\|)", lines(screen))
        pieces = strip.strip("|").split("|")
        assert [piece[:2] for piece in pieces if set(piece) != {"."}] == ["we", "db", "Ga"]


@SIZES
async def test_several_subnets_are_planned_at_once_and_undone_at_once(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await press(pilot, "2", "home", "P")
        await enter(pilot, "bus")
        assert '"bus" has no size' in words(lines(screen))
        await press(pilot, "enter")
        assert screen.form.is_open
        await enter(pilot, " /23")
        assert "app has no room for bus (/23)" in words(lines(screen))
        assert "way out: make bus a /24, which fits" in words(lines(screen))
        await press(pilot, "enter")
        assert subnets(screen) == BEFORE
        await press(pilot, "ctrl+u")
        await enter(pilot, "web /27")
        assert "app has a subnet of this name already: web" in words(lines(screen))
        await press(pilot, "ctrl+u")
        await enter(pilot, "cache 20 hosts, bus /24")
        shown = words(lines(screen))
        assert "cache 10.64.7.192/27, 27 usable: right before GatewaySubnet" in shown
        assert "bus 10.64.5.0/24, 251 usable" in shown
        assert "addresses are left free, the largest gap is 10.64.6.0/24" in shown
        await press(pilot, "enter")
        assert subnets(screen) == {**BEFORE, "cache": "10.64.7.192/27", "bus": "10.64.5.0/24"}
        assert screen.store.undo_title == "Plan 2 subnets of app"
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == PLAN


async def test_pasted_lines_are_subnets_of_their_own(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "down", "P")
        pilot.app.post_message(events.Paste("web /26\ndb 20 hosts\n"))
        await settled(pilot)
        assert screen.form.values == {"wanted": "web /26, db 20 hosts"}
        await press(pilot, "enter")
        assert {"web", "db"} <= subnets(screen, "hub").keys()


async def test_all_that_a_move_changes_can_be_read_on_a_low_screen(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=(44, 12)) as (pilot, _, __):
        await press(pilot, "2", "home", "M")
        assert "Tab reads on" in lines(pilot.app.screen)
        assert "must be synced afterwards" not in words(lines(pilot.app.screen))
        await press(pilot, "tab")
        assert "the peering a must be synced afterwards" in words(lines(pilot.app.screen))
        await press(pilot, "down")
        assert "Tab reads on" in lines(pilot.app.screen), "of the next place it is the beginning"


async def test_a_gateway_subnet_goes_to_the_end(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "down", "P")
        await typed(pilot, "GatewaySubnet, web 100 hosts")
        assert subnets(screen, "hub")["GatewaySubnet"] == "10.64.3.224/27"
        assert subnets(screen, "hub")["web"] == "10.64.0.128/25"


async def _on(screen: WorkbenchScreen, name: str, vnet: str = "app") -> None:
    """Put the cursor on a subnet, in the details."""
    screen.go_to(("vnets", vnet, "subnets", name))


@SIZES
async def test_a_subnet_is_split_joined_again_and_all_is_undone(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await _on(screen, "web")
        await press(pilot, "vertical_line")
        assert subnets(screen) == {"web": "10.64.4.0/26", "web-2": "10.64.4.64/26", **dict(list(BEFORE.items())[1:])}
        assert screen.store.topology.vnets["app"].subnets["web-2"].note == "the shop"
        assert screen.selected == ("vnets", "app", "subnets", "web")
        assert re.search(r"\|web?-*\|web?-*\|db", lines(screen))
        await press(pilot, "down", "J")
        assert subnets(screen) == BEFORE, "the first gives the name, whichever the cursor is on"
        assert screen.selected == ("vnets", "app", "subnets", "web")
        assert "Join web and web-2 of app" in said(screen)
        assert ONLY_WHILE_EMPTY in words(said(screen)), "it is deployed"
        await press(pilot, "u", "u", "ctrl+s")
        assert path.read_text() == PLAN


async def test_splitting_what_is_deployed_says_when_azure_allows_that(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await _on(screen, "one", "hub")
        await press(pilot, "vertical_line")
        assert said(screen).strip() == "Split one of hub in two"
        await _on(screen, "web")
        await press(pilot, "vertical_line")
        assert f"Split web of app in two; {ONLY_WHILE_EMPTY}" in words(said(screen))


async def test_what_cannot_be_split_or_joined_says_why(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await _on(screen, "web")
        await press(pilot, "J")
        assert "web has no other half to be joined with: that would be a subnet of its size beside it" in said(screen)
        await _on(screen, "GatewaySubnet")
        await press(pilot, "vertical_line")
        assert "GatewaySubnet cannot be split" in said(screen)
        await press(pilot, "2", "home")
        for key, name in (("vertical_line", "Split"), ("J", "Join")):
            await press(pilot, key)
            assert f"{name} is not available: select a subnet first, in the details (4)" in said(screen)
        await press(pilot, "end")
        for key, name in (("P", "Plan subnets"), ("B", "Resize")):
            await press(pilot, key)
            assert f"{name} is not available: select a VNet" in said(screen)
        assert not screen.store.unsaved


@SIZES
async def test_a_deployed_subnet_is_resized_with_a_warning(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await _on(screen, "web")
        await press(pilot, "B")
        assert screen.form.values == {"size": "/25"}
        assert ONLY_WHILE_EMPTY not in words(lines(screen)), "nothing is changed yet"
        await press(pilot, "enter")
        assert "nothing is changed yet" in words(lines(screen))
        await press(pilot, "ctrl+u")
        await enter(pilot, "/24")
        assert ONLY_WHILE_EMPTY in words(lines(screen))
        assert "10.64.4.0/25 becomes 10.64.5.0/24" in words(lines(screen))
        await press(pilot, "enter")
        assert subnets(screen)["web"] == "10.64.5.0/24"
        assert screen.store.topology.vnets["app"].subnets["web"].note == "the shop"
        assert screen.selected == ("vnets", "app", "subnets", "web")
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == PLAN


async def test_a_planned_subnet_is_resized_without_a_warning(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await _on(screen, "one", "hub")
        await press(pilot, "B", "ctrl+u")
        await enter(pilot, "50 hosts")
        assert ONLY_WHILE_EMPTY not in words(lines(screen))
        assert "Resize one of hub to /26 in place" in words(lines(screen))
        await press(pilot, "enter")
        assert subnets(screen, "hub") == {"one": "10.64.0.0/26"}


@SIZES
async def test_a_vnet_gets_more_address_space(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await press(pilot, "2", "home", "B")
        assert screen.form.values == {"size": "/21"}
        assert "address space: 10.64.4.0/22, 10.64.8.0/22" in words(lines(screen))
        await press(pilot, "ctrl+u")
        await enter(pilot, "/16")
        assert "error" in lines(screen)
        assert "way out: " in lines(screen)
        await press(pilot, "enter")
        assert screen.form.is_open
        await press(pilot, "ctrl+u")
        await typed(pilot, "/21")
        assert [str(one) for one in screen.store.topology.vnets["app"].address_space] == [
            "10.64.4.0/22",
            "10.64.8.0/22",
        ]
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == PLAN


@SIZES
async def test_a_subnet_moves_to_a_place_that_is_chosen(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await _on(screen, "web")
        await press(pilot, "M")
        picker = pilot.app.screen
        assert isinstance(picker, PickerScreen)
        shown = lines(picker)
        assert "Move web of app to, the nearest place first" in shown
        assert shown.index("10.64.5.0/25") < shown.index("10.64.6.0/25")
        assert f"free; {ONLY_WHILE_EMPTY}" in shown.splitlines()[-2], "it is deployed"
        await press(pilot, "down", "enter")
        assert subnets(screen)["web"] == "10.64.5.128/25"
        assert screen.selected == ("vnets", "app", "subnets", "web")
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == PLAN


async def test_a_subnet_without_another_place_says_so(tmp_path: Path) -> None:
    text = PLAN.replace('one = "10.64.0.0/25"', 'one = "10.64.0.0/22"')
    async with workbench(text, tmp_path) as (pilot, screen, _):
        await _on(screen, "one", "hub")
        await press(pilot, "M")
        assert "no other place in hub has room for one" in said(screen)
        assert pilot.app.screen is screen


@SIZES
async def test_a_vnet_moves_with_its_subnets_and_all_that_changes_is_shown_first(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        await press(pilot, "2", "home", "M")
        shown = words(lines(pilot.app.screen))
        for part in (
            "Move app to",
            "10.64.8.0/22 is free in 10.64.0.0/20 (pool lab)",
            "web to 10.64.8.0/25",
            "GatewaySubnet to 10.64.11.224/27",
            "must be redeployed in the new range",
            "the peering a must be synced afterwards",
        ):
            assert part in shown
        assert not screen.store.unsaved
        await press(pilot, "enter")
        assert subnets(screen) == {"web": "10.64.8.0/25", "db": "10.64.8.128/26", "GatewaySubnet": "10.64.11.224/27"}
        await press(pilot, "u", "M", "escape", "ctrl+s")
        assert path.read_text() == PLAN


async def test_a_network_that_cannot_move_says_why_and_what_would_help(tmp_path: Path) -> None:
    text = PLAN.replace('state = "deployed"', "renumber = false")
    async with workbench(text, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "M")
        assert "app is pinned: renumber = false. Way out: let app be renumbered" in said(screen)
        await press(pilot, "1", "home", "M")
        assert "Move addresses is not available: select a VNet, a site or a subnet first" in said(screen)


async def test_a_site_moves_too(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "end", "M", "enter")
        (space,) = screen.store.topology.sites["office"].address_space
        assert str(space).startswith("10.64.")


async def test_a_read_only_session_plans_nothing(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, read_only=True) as (pilot, screen, _):
        await _on(screen, "web")
        for key in ("P", "vertical_line", "J", "B", "M"):
            await press(pilot, "2", "home", "4")
            await _on(screen, "web")
            await press(pilot, key)
            assert "is not available: this session is read-only" in said(screen)
            assert not screen.form.is_open
            assert pilot.app.screen is screen


async def test_escape_leaves_every_planning_form_without_a_change(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        for keys in (("2", "home", "P"), ("2", "home", "B")):
            await press(pilot, *keys)
            (key,) = screen.form.values
            await fill(pilot, screen, **{key: "x /26"})
            await press(pilot, "escape")
            assert "Escape again leaves without this" in lines(screen)
            await press(pilot, "escape")
            assert not screen.form.is_open
        assert not screen.store.unsaved
