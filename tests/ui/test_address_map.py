"""The address map as a person uses it: looking for room, looking closer, choosing a free block.

Run as a program (`python -m tests.ui.test_address_map`) it is the map whose bytes are counted on a pty.
Invariant: the tests look at the screen and at what the map is left with, never at how it keeps them.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from tests.building import topology
from tests.ui.driving import enter, lines, press, settled
from tests.ui.pty import Terminal
from tests.ui.test_hostile_text import HOSTILE, assert_only_text, estate
from tui.app.keys_in_order import KeysInOrderApp
from tui.app.screens.address_map import AddressMapScreen
from tui.app.terminal.frames import FramesApp
from tui.app.themes import palette, textual_theme, variables
from tui.storage.theme_files import find_themes
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

P = Prefix.parse

PLAN = """
    [planning.pools]
    weu = ["10.64.0.0/12"]
    six = ["fd00:10::/48"]
    [planning.avoid]
    "10.72.0.0/13" = "AKS pods"
    [vnets.hub]
    address_space = ["10.64.0.0/16", "fd00:10::/52"]
    growth = ["10.65.0.0/16"]
    [vnets.app]
    address_space = ["10.66.0.0/24", "10.66.2.0/24"]
    [sites.dublin]
    address_space = ["192.168.8.0/24"]
    advertises = ["10.64.0.0/11"]
"""
NOTHING = "not left yet"


class MapApp(FramesApp[None], KeysInOrderApp[None]):
    """The map over an empty screen, and what it was left with."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self, plan: Topology, theme: str = "dark", *, ascii_only: bool = False, at: Prefix | None = None
    ) -> None:
        self._themes = {one.name: one for one in find_themes()[0]}
        super().__init__(ansi_color=True if theme == "mono" else None)
        self.animation_level = "none"
        self.left_with: Prefix | str | None = NOTHING
        for one in self._themes.values():
            self.register_theme(textual_theme(one))
        self.theme = theme
        self.map = AddressMapScreen(plan, palette=palette(self._themes[theme]).styles, ascii_only=ascii_only, at=at)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables."""
        return variables(self._themes["dark"])

    def on_mount(self) -> None:
        """Show the map."""
        self.push_screen(self.map, self.remember)

    def remember(self, result: Prefix | None) -> None:
        """Keep what was chosen."""
        self.left_with = result

    def take_theme(self, name: str) -> None:
        """Show the map in another theme."""
        self.theme = name
        self.map.set_palette(palette(self._themes[name]).styles)


@asynccontextmanager
async def address_map(
    plan: str = PLAN,
    size: tuple[int, int] = (80, 24),
    *,
    ascii_only: bool = False,
    at: str | None = None,
    theme: str = "dark",
) -> AsyncIterator[tuple[Pilot[None], MapApp]]:
    """The map of a plan."""
    app = MapApp(topology(plan), theme, ascii_only=ascii_only, at=None if at is None else P(at))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot, app


def shown(app: MapApp) -> list[str]:
    """The lines of the screen."""
    return lines(app.screen).split("\n")


def said(app: MapApp) -> str:
    """What is said about the cell under the cursor."""
    whole = " ".join(" ".join(shown(app)[-5:-2]).split())
    return whole.split(" free ███")[0].removesuffix(" ···")


def under_cursor(app: MapApp) -> str:
    """What stands between the brackets of the cursor in the grid."""
    return "".join(line for line in shown(app)[1:] if "[" in line).partition("[")[2].partition("]")[0]


def chosen(app: MapApp) -> object:
    """What the map was left with."""
    return app.left_with


# Tasks


async def test_somebody_who_looks_for_room_sees_the_whole_pool_and_takes_a_free_block() -> None:
    async with address_map() as (pilot, app):
        screen = shown(app)
        assert "Map of 10.64.0.0/12 in /20 blocks: pool weu (1 of 2)" in screen[0]
        firsts = [line.split()[0].partition("[")[0] for line in screen[1:17]]
        assert firsts == [f"10.{64 + number}.0.0" for number in range(16)]
        assert said(app).startswith("10.64.0.0/20: in hub's 10.64.0.0/16; nothing free")
        await press(pilot, "j", "j", "down", "l")
        assert under_cursor(app) == "···"
        assert said(app) == "10.67.16.0/20: free, part of free 10.67.0.0/16; dublin advertises 10.64.0.0/11"
        await press(pilot, "enter")
        assert chosen(app) == P("10.67.16.0/20")


async def test_between_two_used_blocks_room_is_found_by_looking_closer() -> None:
    async with address_map() as (pilot, app):
        await press(pilot, "j", "j")
        assert under_cursor(app) == "█··"
        assert "app's 10.66.0.0/24, app's 10.66.2.0/24; 3584 addresses free" in said(app)
        await press(pilot, "enter")
        assert "Map of 10.66.0.0/16 in /24 blocks: pool weu, 10.64.0.0/12 (1 of 2)" in shown(app)[0]
        assert "10.66.0.0/24: app's 10.66.0.0/24" in said(app)
        await press(pilot, "right")
        assert said(app).startswith("10.66.1.0/24: free; ")
        await press(pilot, "enter")
        assert chosen(app) == P("10.66.1.0/24")


async def test_a_smaller_piece_of_a_free_block_is_chosen_by_zooming_into_it_first() -> None:
    async with address_map() as (pilot, app):
        await press(pilot, "j", "j", "j", "z", "plus", "z", "l")
        assert said(app).startswith("10.67.0.8/29: free, part of free 10.67.0.0/16")
        await press(pilot, "z")
        assert "the map does not go closer than /29" in said(app)
        assert chosen(app) == NOTHING
        await press(pilot, "enter")
        assert chosen(app) == P("10.67.0.8/29")


async def test_no_block_is_chosen_that_is_smaller_than_azure_takes() -> None:
    plan = """
        [planning.pools]
        tiny = ["10.0.0.0/29"]
        small = ["10.0.1.0/29"]
        [vnets.a]
        address_space = ["10.0.1.0/31"]
    """
    async with address_map(plan) as (pilot, app):
        await press(pilot, "tab", "end", "enter")
        assert "10.0.1.0/29, the smallest block that Azure takes here, is not all free" in said(app)
        assert chosen(app) == NOTHING
        await press(pilot, "tab", "end", "enter")
        assert chosen(app) == P("10.0.0.0/29")


async def test_the_title_of_a_map_fits_with_how_many_pools_there_are() -> None:
    plan = '[planning.pools]\n"a-pool-with-a-very-long-name-1" = ["10.64.0.0/12"]\nother = ["10.80.0.0/12"]'
    async with address_map(plan, at="10.64.16.0/24") as (_, app):
        assert shown(app)[0].rstrip().endswith(", 10.64.0.0/12 (1 of 2)")


async def test_enter_on_what_is_taken_never_leaves_the_map() -> None:
    async with address_map() as (pilot, app):
        await press(pilot, *["enter"] * 6)
        assert chosen(app) == NOTHING
        assert said(app).startswith("10.64.0.0/29: in hub's 10.64.0.0/16")


async def test_zooming_out_goes_back_with_the_cursor_on_the_same_place() -> None:
    async with address_map() as (pilot, app):
        await press(pilot, "j", "j", "j", "l", "l", "z")
        first = shown(app)[0]
        await press(pilot, "z", "l", "minus")
        assert shown(app)[0] == first
        assert said(app).startswith("10.67.32.0/24: free")
        await press(pilot, "backspace")
        assert said(app).startswith("10.67.32.0/20: free")
        await press(pilot, "Z")
        assert said(app) == "this is all of 10.64.0.0/12; Tab goes to the next pool"
        await press(pilot, "l")
        assert said(app).startswith("10.67.48.0/20: free")


async def test_tab_goes_through_the_pools_of_both_families() -> None:
    async with address_map() as (pilot, app):
        await press(pilot, "tab")
        assert "Map of fd00:10::/48 in /56 blocks: pool six (2 of 2)" in shown(app)[0]
        assert said(app).startswith("fd00:10::/56: in hub's fd00:10::/52")
        await press(pilot, "j", "z", "z")
        assert said(app) == "fd00:10:0:1000::/64: free, part of free fd00:10:0:1000::/52"
        await press(pilot, "z")
        assert "the map does not go closer than /64" in said(app)
        await press(pilot, "tab")
        assert "Map of 10.64.0.0/12" in shown(app)[0]
        await press(pilot, "shift+tab", "G", "enter")
        assert chosen(app) == P("fd00:10:0:ff00::/56")


async def test_where_there_is_one_pool_tab_says_so() -> None:
    async with address_map('planning.pools.lab = ["172.20.0.0/22"]') as (pilot, app):
        before = shown(app)[:17]
        await press(pilot, "tab")
        assert said(app) == "there is no other pool"
        assert shown(app)[:17] == before
        assert "Map of 172.20.0.0/22 in /29 blocks: pool lab " in shown(app)[0]


async def test_without_pools_the_map_is_that_of_the_private_ranges() -> None:
    async with address_map("") as (pilot, app):
        assert "Map of 10.0.0.0/8 in /16 blocks: RFC 1918 (1 of 3)" in shown(app)[0]
        await press(pilot, "shift+tab")
        assert "Map of 192.168.0.0/16 in /24 blocks: RFC 1918 (3 of 3)" in shown(app)[0]


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_the_map_is_left_without_choosing_anything(key: str) -> None:
    async with address_map() as (pilot, app):
        await press(pilot, "G", key)
        assert chosen(app) is None


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("10.66.2.0/24", "10.66.2.0/24: app's 10.66.2.0/24; nothing free; dublin"),
        ("10.64.0.0/16", "10.64.0.0/20: in hub's 10.64.0.0/16"),
        ("fd00:10::/52", "fd00:10::/56: in hub's fd00:10::/52"),
        ("10.0.0.0/8", "10.64.0.0/20: in hub's 10.64.0.0/16"),
        ("192.168.8.0/24", "192.168.8.0/24: dublin's 192.168.8.0/24"),
        ("11.1.0.0/24", "11.1.0.0/24: free, part of free 11.1.0.0/16"),
    ],
)
async def test_the_map_begins_at_the_block_that_one_came_from(at: str, sentence: str) -> None:
    async with address_map(at=at) as (_, app):
        assert said(app).startswith(sentence)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("10.66.2.0/24", "10.66.2.0/24: app's 10.66.2.0/24"),
        (" 10.66.2.77 ", "10.66.2.72/29: in app's 10.66.2.0/24"),
        ("fd00:10::/52", "fd00:10::/56: in hub's"),
        ("192.168.8.9", "192.168.8.8/29: in dublin's 192.168.8.0/24"),
        ("hub", '"hub" is no address and no prefix'),
        ("", "10.64.0.0/20: in hub's"),
    ],
)
async def test_an_address_that_is_typed_is_gone_to(typed: str, sentence: str) -> None:
    async with address_map() as (pilot, app):
        await press(pilot, "slash")
        assert "Go to an address or a prefix" in lines(app.screen)
        await enter(pilot, typed)
        await press(pilot, "tab", "enter")
        assert said(app).startswith(sentence)
        assert "Go to an address" not in lines(app.screen)
        await press(pilot, "f", "1", "escape")
        assert chosen(app) == NOTHING
        await press(pilot, "escape")
        assert chosen(app) is None


async def test_the_cursor_goes_where_the_keys_of_lists_lead() -> None:
    async with address_map() as (pilot, app):
        for key, block in (
            ("end", "10.79.240.0/20"),
            ("right", "10.79.240.0/20"),
            ("j", "10.79.240.0/20"),
            ("0", "10.79.0.0/20"),
            ("left", "10.78.240.0/20"),
            ("k", "10.77.240.0/20"),
            ("circumflex_accent", "10.77.0.0/20"),
            ("dollar_sign", "10.77.240.0/20"),
            ("l", "10.78.0.0/20"),
            ("g", "10.64.0.0/20"),
            ("h", "10.64.0.0/20"),
            ("up", "10.64.0.0/20"),
            ("G", "10.79.240.0/20"),
            ("home", "10.64.0.0/20"),
            ("l", "10.64.16.0/20"),
            ("pagedown", "10.79.16.0/20"),
            ("pageup", "10.64.16.0/20"),
            ("ctrl+d", "10.73.16.0/20"),
            ("ctrl+u", "10.64.16.0/20"),
        ):
            await press(pilot, key)
            assert said(app).startswith(f"{block}: "), key


async def test_a_click_goes_to_a_cell_and_the_second_one_chooses_it() -> None:
    async with address_map() as (pilot, app):
        row, column = 1 + 3, 9 + 4 * 4  # sixteen addresses of nine characters stand before the cells
        await pilot.click(offset=(column + 1, row))
        await settled(pilot)
        assert said(app).startswith("10.67.64.0/20: free")
        assert shown(app)[row][column] == "["
        await pilot.click(offset=(2, row))  # an address is no cell
        await pilot.click(offset=(79, row))
        await pilot.click(offset=(column, 17))  # nor is what lies below the last line
        await settled(pilot)
        assert said(app).startswith("10.67.64.0/20: free")
        await pilot.click(offset=(column + 2, row), times=2)
        await settled(pilot)
        assert chosen(app) == P("10.67.64.0/20")


# Every terminal


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_a_terminal_of_the_usual_size_shows_all_cells_at_once(size: tuple[int, int]) -> None:
    async with address_map(size=size) as (_, app):
        screen = shown(app)
        assert sum(line.startswith("10.") for line in screen) == 16
        assert len([line for line in screen if line.startswith("10.66.") and line.count("·") >= 46]) == 1
        for words in (
            "··· free",
            "███ used",
            "░░░ held",
            "xxx avoided",
            "█·· in part taken",
            "█▒█ several",
            "Tab pool; Esc",
        ):
            assert words in "\n".join(screen)


@pytest.mark.parametrize("size", [(60, 14), (80, 12), (30, 24), (25, 8)])
async def test_in_a_small_terminal_the_cursor_is_always_in_view(size: tuple[int, int]) -> None:
    async with address_map(size=size) as (pilot, app):
        for keys in (("G",), ("k", "k"), ("pageup",), ("ctrl+u", "ctrl+u"), ("g",), ("pagedown", "j", "j", "j")):
            await press(pilot, *keys)
            assert under_cursor(app), keys
        await press(pilot, "g")
        assert shown(app)[1].startswith("10.64.0.0")


async def test_after_a_change_of_size_the_cursor_is_on_the_same_cell_and_in_view() -> None:
    async with address_map() as (pilot, app):
        await press(pilot, "G", "k")
        whole = shown(app)
        for size in ((50, 12), (120, 40), (30, 20), (80, 24)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert under_cursor(app) == "x" * len(under_cursor(app)) != ""
            assert "10.78.240.0/20:" in " ".join(" ".join(shown(app)).split())
        assert shown(app) == whole


async def test_without_fine_characters_the_whole_screen_is_ascii() -> None:
    plan = f'{PLAN}\n    [vnets.half]\n    address_space = ["10.68.0.0/17"]\n    growth = ["10.68.128.0/17"]'
    async with address_map(plan, (120, 40), ascii_only=True, theme="mono") as (pilot, app):
        for keys in ((), ("j", "j"), ("z",), ("z",), ("tab",), ("tab", "z")):
            await press(pilot, *keys)
            assert lines(app.screen).isascii()
        assert "#hub" in lines(app.screen)
        await press(pilot, "minus", "G")
        assert "10.65.0.0 =hub=" in lines(app.screen)
        assert "10.72.0.0 x AKS pods " in lines(app.screen)


@pytest.mark.parametrize("theme", ["dark", "light", "mono", "terminal"])
async def test_without_its_colours_the_map_reads_the_same(theme: str) -> None:
    async with address_map() as (_, app):
        expected = lines(app.screen)
    async with address_map(theme=theme) as (_, app):
        assert lines(app.screen) == expected


async def test_another_theme_is_taken_at_once() -> None:
    async with address_map() as (pilot, app):
        text = lines(app.screen)
        styles = {segment.style for strip in app.screen._compositor.render_strips(app.screen.size) for segment in strip}
        app.take_theme("high-contrast")
        await settled(pilot)
        after = {segment.style for strip in app.screen._compositor.render_strips(app.screen.size) for segment in strip}
        assert lines(app.screen) == text
        free = palette(app._themes["high-contrast"]).styles["free"].color
        assert free in {style.color for style in after if style} - {style.color for style in styles if style}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_hostile_names_are_shown_as_text_wherever_the_cursor_is(what: str, size: tuple[int, int]) -> None:
    async with address_map(estate(HOSTILE[what]), size) as (pilot, app):
        for keys in ((), ("l",), ("z",), ("z",), ("l",), ("tab", "j", "j", "j", "j", "j", "j", "j", "j", "j"), ("l",)):
            await press(pilot, *keys)
            assert_only_text(pilot)
        assert chosen(app) == NOTHING


# Bytes

STEP, TURN = 600, 6_000


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    """The map at 80×24, at rest."""
    with Terminal((sys.executable, "-m", __name__)) as terminal:
        terminal.wait_for("dublin advertises")
        terminal.settle()
        yield terminal


def test_a_move_of_the_cursor_costs_a_few_cells_and_the_sentence(terminal: Terminal) -> None:
    terminal.press("g", until="10.64.0.0/20: ")
    sent = [move(terminal, key) for key in (*"llljjjjhhlkjjjjjjlljkk", "G", "g")]
    assert max(sent) <= STEP, sent


def move(terminal: Terminal, key: str) -> int:
    """Press a key that must change the screen; how many bytes that took."""
    before = terminal.text()
    return len(terminal.press(key, until=lambda screen: screen != before, quiet=0.05).sent)


def test_looking_closer_and_another_pool_cost_no_more_than_a_page(terminal: Terminal) -> None:
    terminal.press("g", until="10.64.0.0/20: ")
    for key, until in (("z", "/24: "), ("-", "/20: "), ("tab", "fd00"), ("shift+tab", "10.64.0.0/20: ")):
        assert 0 < len(terminal.press(key, until=until).sent) <= TURN


def test_nothing_is_sent_while_nothing_happens_or_where_a_key_changes_nothing(terminal: Terminal) -> None:
    terminal.press("g", until="10.64.0.0/20: ")
    assert terminal.settle(quiet=0.5).sent == b""
    assert terminal.press("h", "k", "g", "0").sent == b""


if __name__ == "__main__":
    MapApp(topology(PLAN)).run()
