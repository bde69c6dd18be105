"""Moving about and marking: where the cursor comes to, and what a command then works on."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driving import HUB, enter, lines, press, typed, workbench
from tui.app.screens.workbench import WorkbenchScreen

FAULTY = (
    HUB
    + """
[vnets.far]
subscription = "prod"
region = "westeurop"
address_space = ["10.9.0.0/24"]

[vnets.stray]
subscription = "nobody"
region = "westeurope"
address_space = ["10.8.0.0/24"]

[connections.lost]
between = ["hub", "gone"]

[connections.office]
between = ["hub", "office"]
"""
)


def said(screen: WorkbenchScreen) -> str:
    """The status line."""
    return str(screen.status.render())


async def test_the_problem_before_the_first_is_the_last(tmp_path: Path) -> None:
    async with workbench(FAULTY, tmp_path) as (pilot, screen, _):
        count = len(screen.store.findings)
        await press(pilot, "left_square_bracket")
        assert said(screen).startswith(f" {count} of {count}:")
        await press(pilot, "right_square_bracket")
        assert said(screen).startswith(f" 1 of {count}:")


async def test_no_problem_is_passed_over_when_the_one_before_it_is_mended(tmp_path: Path) -> None:
    async with workbench(FAULTY, tmp_path) as (pilot, screen, _):
        await press(pilot, "right_square_bracket")
        first = said(screen)
        await press(pilot, "right_square_bracket")
        second = said(screen).partition(": ")[2]
        await press(pilot, "left_square_bracket")
        assert said(screen) == first
        assert screen.selected is not None
        await press(pilot, "d")
        assert first.partition(": ")[2] not in lines(screen)
        await press(pilot, "right_square_bracket")
        assert said(screen).partition(": ")[2] == second


async def test_what_is_gone_to_is_seen_whatever_was_filtered(tmp_path: Path) -> None:
    async with workbench(FAULTY, tmp_path) as (pilot, screen, _):
        for pane in "125":
            await press(pilot, pane, "slash")
            await typed(pilot, "prod")
        await press(pilot, "f")
        await typed(pilot, "stray")
        assert screen.selected == ("vnets", "stray")
        await press(pilot, "f")
        await typed(pilot, "lost")
        assert screen.selected == ("connections", "lost")


async def test_a_gateway_that_is_marked_is_seen_to_be(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "3", "space")
        assert screen.marked == (("vnets", "hub", "gateway"),)
        assert [row.marked for row in screen.overview.gateways.list.rows] == [True]
        await press(pilot, "U")
        assert [row.marked for row in screen.overview.gateways.list.rows] == [False]


async def test_what_goes_with_another_marked_thing_does_not_keep_it_from_going(tmp_path: Path) -> None:
    async with workbench(FAULTY, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "j", "space")
        assert screen.marked == (("vnets", "hub"),)
        screen.go_to(("connections", "office"))
        await press(pilot, "space", "d")
        assert "hub" not in screen.store.topology.vnets
        assert not screen.store.topology.connections
        assert screen.store.undo_title == "Delete 2 things"


async def test_a_row_that_cannot_be_marked_says_so_and_keeps_the_cursor(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "1", "j", "space")
        assert "cannot be marked" in said(screen)
        assert screen.selected == ("subscriptions", "prod")


async def test_what_works_on_the_cursor_alone_is_not_available_where_it_is_on_nothing(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "space", "7")
        for key, command in (("r", "Rename"), ("D", "Duplicate")):
            await press(pilot, key)
            assert f"{command} is not available: select something first" in said(screen)
        await press(pilot, "question_mark")
        await enter(pilot, "rename")
        assert "not now: select something first" in lines(pilot.app.screen)


async def test_what_cannot_be_added_says_why_and_ends_nothing(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "j", "A")
        await typed(pilot, "VPN gateway")
        assert "hub has a VPN gateway already" in said(screen)
        assert pilot.app.screen is screen
