"""The renumbering assistant as a person uses it: what collides, which steps are taken, and that all are one edit."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.driving import HUB, lines, press, settled, workbench
from tui.app.app import VnetTuiApp
from tui.app.screens.renumber import RenumberScreen
from tui.app.screens.workbench import WorkbenchScreen
from tui.checks.engine import check
from tui.storage.in_force import in_force
from tui.topology.model import Topology

PLAN = """\
schema = 1

[planning.pools]
lab = ["10.64.0.0/16"]

[vnets.hub]
address_space = ["10.0.0.0/22"]

[vnets.live]   # it stays
address_space = ["10.1.0.0/24"]
state = "deployed"

[vnets.new]
address_space = ["10.1.0.0/24"]
subnets.web = "10.1.0.0/26"

[vnets.old]
address_space = ["10.1.0.0/25"]

[sites.one]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.1"

[sites.two]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.2"

[peerings]
p1 = { between = ["hub", "live"] }
p2 = { between = ["hub", "new"] }
p3 = { between = ["hub", "old"] }

[connections]
c1 = { between = ["hub", "one"] }
c2 = { between = ["hub", "two"] }
"""
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


def said(screen: WorkbenchScreen) -> str:
    """The status line."""
    return str(screen.status.render())


def collisions(topology: Topology) -> int:
    """How many overlaps there are between joined networks."""
    return sum(finding.code == "ADR001" for finding in check(topology, datetime.date(2026, 1, 1)))


def spaces(screen: WorkbenchScreen) -> dict[str, str]:
    """The address space of each network."""
    topology = screen.store.topology
    return {
        name: ", ".join(map(str, network.address_space))
        for networks in (topology.vnets, topology.sites)
        for name, network in networks.items()
    }


def is_open(pilot: Pilot[None]) -> bool:
    """Whether the assistant is there."""
    return isinstance(pilot.app.screen, RenumberScreen)


def words(text: str) -> str:
    """The text of a screen, as it reads where lines are broken."""
    return " ".join(text.split())


@SIZES
async def test_all_steps_are_one_edit_and_one_undo(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, path):
        before = spaces(screen)
        await press(pilot, "X")
        assert is_open(pilot)
        shown = lines(pilot.app.screen)
        assert "4 collisions; the cheapest way out: 2 networks move" in shown
        assert "Esc" in shown.splitlines()[0], "how to leave is not cut off"
        assert "new collides with" in words(shown)
        assert "subnets: web to 10.64." in words(shown)
        assert "one keeps colliding with two" in words(shown)
        assert spaces(screen) == before
        await press(pilot, "enter")
        assert not is_open(pilot)
        after = spaces(screen)
        assert {name for name in after if after[name] != before[name]} == {"new", "old"}
        assert screen.store.undo_title == "Renumber 2 networks"
        assert collisions(screen.store.topology) == 1, "the sites alone"
        await press(pilot, "u")
        assert spaces(screen) == before
        await press(pilot, "ctrl+s")
        assert path.read_text() == PLAN


async def test_a_step_is_left_out_and_the_rest_is_made(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        before = spaces(screen)
        await press(pilot, "X")
        marked = "●"
        assert f"{marked}new" in lines(pilot.app.screen)
        await press(pilot, "space")
        shown = lines(pilot.app.screen)
        assert f"{marked}new" not in shown
        assert f"{marked}old" in shown
        assert "old collides with" in words(shown), "the cursor is on the next one"
        await press(pilot, "enter")
        after = spaces(screen)
        assert {name for name in after if after[name] != before[name]} == {"old"}
        assert screen.store.undo_title == "Renumber old"


async def test_a_step_that_was_left_out_is_taken_again(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "X", "space", "up", "space", "enter")
        assert screen.store.undo_title == "Renumber 2 networks"


async def test_all_steps_are_left_out_or_taken_at_once(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        await press(pilot, "X", "a")
        assert "●" not in lines(pilot.app.screen)
        await press(pilot, "space", "a")
        assert lines(pilot.app.screen).count("●") == 2
        await press(pilot, "enter")
        assert screen.store.undo_title == "Renumber 2 networks"


TWO = (
    PLAN.replace(
        '[vnets.new]\naddress_space = ["10.1.0.0/24"]', '[vnets.new]\naddress_space = ["10.1.0.0/24", "10.2.0.0/24"]'
    )
    + """
[vnets.other]
address_space = ["10.2.0.0/24"]
state = "deployed"

[peerings.p4]
between = ["hub", "other"]
"""
)


async def test_every_prefix_that_moves_is_read_below_with_where_it_was(tmp_path: Path) -> None:
    async with workbench(TWO, tmp_path, size=(80, 24)) as (pilot, _, _):
        await press(pilot, "X")
        shown = words(lines(pilot.app.screen))
        assert "it moves from 10.1.0.0/24 to 10.64." in shown
        assert ", 10.2.0.0/24 to 10.64." in shown


@pytest.mark.parametrize("size", [(80, 24), (60, 12), (40, 12)])
async def test_what_is_said_of_a_step_can_be_read_to_its_end(size: tuple[int, int], tmp_path: Path) -> None:
    devices = ", ".join(f'"10.{number}.0.0/24"' for number in range(100, 130))
    text = PLAN.replace(
        '[vnets.old]\naddress_space = ["10.1.0.0/25"]', f'[vnets.old]\naddress_space = ["10.1.0.0/25", {devices}]'
    )
    text = text.replace(
        '[vnets.hub]\naddress_space = ["10.0.0.0/22"]', f'[vnets.hub]\naddress_space = ["10.0.0.0/22", {devices}]'
    )
    async with workbench(text, tmp_path, size=size) as (pilot, _, _):
        await press(pilot, "X", "end")
        screen = pilot.app.screen
        assert isinstance(screen, RenumberScreen)
        for place in range(1, len(screen.list.rows)):
            screen.list.action_home()
            for _ in range(place):
                await press(pilot, "down")
            whole = screen.explained(screen.list.cursor_key)
            if whole is None:
                continue
            read: list[str] = []
            while True:
                page = [line.strip() for line in lines(screen).splitlines()[-screen._whole.size.height :]]
                more = page[-1].startswith("…")
                read += page[:-1] if more else page
                if not (more and "reads on" in page[-1]):
                    break
                await press(pilot, "tab")
            assert words(" ".join(read)).replace(" ", "") == whole.replace(" ", "")
            if more:
                await press(pilot, "tab")
                assert words(whole)[:20] in words(lines(screen)), "behind the end comes the beginning"


@SIZES
async def test_with_every_step_left_out_enter_says_so_and_stays(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "X", "space", "space", "enter")
        assert is_open(pilot)
        assert "every step is left out: space takes one again, Escape changes nothing" in words(lines(pilot.app.screen))
        assert not screen.store.unsaved
        await press(pilot, "up", "up", "home", "down", "space", "enter")
        assert not is_open(pilot)
        assert screen.store.undo_title == "Renumber new"


async def test_escape_changes_nothing(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path) as (pilot, screen, _):
        for key in ("escape", "q"):
            await press(pilot, "X", "space", key)
            assert not is_open(pilot)
        assert not screen.store.unsaved
        assert screen.focused is screen.overview.current.list


@SIZES
async def test_sites_move_too_when_they_may(size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "X", "space", "s")
        shown = lines(pilot.app.screen)
        assert "4 collisions; the cheapest way out: 3 networks move" in shown
        assert "s: no sites; Esc" in shown.splitlines()[0]
        assert "keeps colliding" not in shown
        assert "●new" not in shown, "what was left out stays so"
        await press(pilot, "end")
        assert "that is work on premises" in words(lines(pilot.app.screen))
        await press(pilot, "s")
        shown = lines(pilot.app.screen)
        assert "2 networks move" in shown
        assert "s: sites too; Esc" in shown.splitlines()[0]
        await press(pilot, "s", "home", "down", "space", "enter")
        assert collisions(screen.store.topology) == 0
        await press(pilot, "u")
        assert not screen.store.unsaved


async def test_what_stays_is_said_in_full_with_what_would_help(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, size=(80, 24)) as (pilot, _, _):
        await press(pilot, "X", "end")
        shown = words(lines(pilot.app.screen))
        assert "one keeps colliding with two: one is a site, and so is two; let sites be renumbered too" in shown
        await press(pilot, "space")
        assert words(lines(pilot.app.screen)) == shown, "there is nothing to leave out"


async def test_where_nothing_collides_there_is_nothing_to_do(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "X")
        assert "nothing that is joined overlaps: no network has to move" in lines(pilot.app.screen)
        await press(pilot, "space", "enter")
        assert is_open(pilot)
        assert "no network has to move, or can; Escape leaves" in lines(pilot.app.screen)
        await press(pilot, "s", "escape")
        assert not is_open(pilot)
        assert not screen.store.unsaved


async def test_one_collision_is_one(tmp_path: Path) -> None:
    text = PLAN.replace("p3 =", "# p3 =").replace("c2 =", "# c2 =")
    async with workbench(text, tmp_path) as (pilot, _, _):
        await press(pilot, "X")
        assert " 1 collision; the cheapest way out: 1 network moves" in lines(pilot.app.screen)


async def test_a_read_only_session_shows_the_way_out_and_takes_none(tmp_path: Path) -> None:
    async with workbench(PLAN, tmp_path, read_only=True) as (pilot, screen, _):
        before = spaces(screen)
        await press(pilot, "X")
        assert "2 networks move" in lines(pilot.app.screen)
        await press(pilot, "enter")
        assert "this session is read-only" in said(screen)
        assert spaces(screen) == before


async def test_the_assistant_is_readable_in_ascii_without_colour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    app = VnetTuiApp(path, looks=in_force(None, {}, ascii_only=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "X")
        before = lines(app.screen)
        assert before.isascii()
        await press(pilot, "space")
        after = lines(app.screen)
        assert after.isascii()
        (marked,) = [line for line in before.splitlines() if "10.1.0.0/24" in line and " new " in f" {line[2:]}"]
        (unmarked,) = [line for line in after.splitlines() if "10.1.0.0/24" in line and " new " in f" {line[2:]}"]
        assert marked[1] != unmarked[1], "whether a step is taken is told without colour"
