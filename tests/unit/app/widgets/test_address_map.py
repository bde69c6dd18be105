"""How a line of the address map is drawn, without a screen. Invariant: widths are counted in terminal cells."""

from __future__ import annotations

from itertools import pairwise

import pytest
from rich.cells import cell_len
from rich.style import Style

from tests.ui.test_hostile_text import HOSTILE
from tui.app.widgets.address_map import ASCII, ROLES, UNICODE, Grid, MapGlyphs, draw_line, meter
from tui.display import displayable
from tui.planner.address_map import MapCell, State
from tui.topology.prefix import Prefix

P = Prefix.parse
STYLES = {name: Style() for name in ("base", "label", "cursor", *ROLES)}
LOOKS = pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])


def cell(state: State, *names: str, at: int = 0, free: int = 0, more: int = 0) -> MapCell:
    """The cell number `at` of the sixteen of 10.64.0.0/16."""
    return MapCell(Prefix(4, P("10.64.0.0/16").first + at * 4096, 20), state, names, more, free)


def line_of(*cells: MapCell, pitch: int = 4, glyphs: MapGlyphs = UNICODE, cursor: int | None = None) -> str:
    """The cells as they are drawn, without the address."""
    grid = Grid(9, len(cells), pitch)
    return draw_line(cells, grid, 9 + 1 + len(cells) * pitch, STYLES, glyphs, cursor).text[9:]


def owned(state: State, name: str, count: int) -> list[tuple[State, str]]:
    """So many neighbours of one owner, for `row`."""
    return [(state, name)] * count


def row(*named: tuple[State, str]) -> list[MapCell]:
    """Neighbouring cells, each of one owner."""
    return [cell(state, *([name] if name else []), at=at) for at, (state, name) in enumerate(named)]


@LOOKS
@pytest.mark.parametrize("width", range(3, 12))
def test_every_state_has_its_own_characters(glyphs: MapGlyphs, width: int) -> None:
    several = [cell("mixed", free=free) for free in (0, 1, 2048, 4095)]
    whole: list[State] = ["free", "used", "held", "avoided"]
    shown = [meter(one, width, glyphs) for one in (*map(cell, whole), *several)]
    assert len({*shown[:6], shown[7]}) == 7
    assert all(len(one) == width for one in shown)
    assert not {*shown[4:]} & {*shown[:4]}


@LOOKS
def test_a_cell_in_part_taken_shows_how_much_and_never_all_or_nothing(glyphs: MapGlyphs) -> None:
    used, free = glyphs.states["used"], glyphs.states["free"]
    shown = [meter(cell("mixed", free=addresses), 5, glyphs) for addresses in range(1, 4096)]
    assert {*shown} == {used * taken + free * (5 - taken) for taken in range(1, 5)}
    assert all(before.count(used) >= after.count(used) for before, after in pairwise(shown))


@LOOKS
@pytest.mark.parametrize("width", [0, 1, 2, 3, 7, 20, 40, 47, 48, 80, 120, 200])
@pytest.mark.parametrize("name", ["hub", *HOSTILE.values()])
def test_a_line_is_as_wide_as_asked_for_and_nothing_but_text(glyphs: MapGlyphs, width: int, name: str) -> None:
    every = row(*owned("used", name, 6), *owned("held", name, 3), ("avoided", name), *owned("free", "", 6))
    grid = Grid.within(width, lambda columns: 11, 256)
    for cursor in (None, *range(grid.columns)):
        strip = draw_line(every[: grid.columns], grid, width, STYLES, glyphs, cursor)
        assert cell_len(strip.text) == strip.cell_length == width
        assert displayable(strip.text) == strip.text


def test_without_fine_characters_a_line_is_ascii() -> None:
    several = [cell("mixed", "a", at=8, free=7), cell("mixed", "a", "b", at=9)]
    every = [*row(*owned("used", "a-long-name", 2), *owned("held", "hub → app…", 5), ("avoided", "pods")), *several]
    for pitch in (4, 6, 12):
        assert line_of(*every, pitch=pitch, glyphs=ASCII, cursor=1).isascii()


def test_an_address_that_is_too_long_keeps_its_end() -> None:
    six = [MapCell(P("fd00:10:1234:5678::/64"), "free", (), 0, 1 << 64)]
    assert draw_line(six, Grid(20, 1, 4), 25, STYLES, UNICODE, None).text == "fd00:10:1234:5678::  ··· "
    assert draw_line(six, Grid(12, 1, 4), 17, STYLES, UNICODE, None).text == "…1234:5678:: ··· "
    assert draw_line(six, Grid(12, 1, 4), 17, STYLES, ASCII, None).text == "...34:5678:: ... "


def test_the_name_of_an_owner_is_written_over_its_cells_where_it_has_room() -> None:
    assert line_of(*row(*owned("used", "hub-weu", 4))) == " █hub-weu███ ███ "
    assert line_of(*row(*owned("used", "hub-weu", 2))) == " █hu…eu█ "
    assert line_of(*row(("used", "hub-weu"))) == " ███ "
    assert line_of(*row(("used", "a"), ("held", "a"))) == " █a█ ░a░ "
    assert line_of(*row(("used", "hub"), ("used", "app")), pitch=6) == " █hub█ █app█ "
    assert line_of(*row(*owned("avoided", "pods", 3))) == " x pods  xxx "
    assert line_of(*row(*owned("avoided", "AKS pods", 2))) == " xxx xxx "
    assert line_of(*row(("avoided", "p"))) == " xxx "
    assert line_of(*row(*owned("held", "日本語", 3))) == " ░日本語 ░░░ "


def test_no_name_is_written_over_what_several_share_or_over_a_part() -> None:
    shared = [cell("used", "a", more=1), cell("used", "a", "b", at=1), cell("mixed", "a", at=2, free=2048)]
    assert line_of(*shared, pitch=6) == " █████ █████ ███·· "


def test_a_name_tells_no_state_because_its_line_begins_and_ends_with_the_character_of_the_state() -> None:
    for name in ("···", "xxx", "░░", "[ ]", " ", "..."):
        (shown,) = line_of(*row(*owned("used", name, 2))).split("\n")
        assert (shown[1], shown[7]) == ("█", "█")


@LOOKS
def test_the_cursor_is_told_by_characters_and_takes_no_others_place(glyphs: MapGlyphs) -> None:
    every = row(*owned("used", "hub-weu", 3), ("free", ""))
    for cursor in range(4):
        shown = line_of(*every, glyphs=glyphs, cursor=cursor)
        assert [at for at, character in enumerate(shown) if character in "[]"] == [cursor * 4, cursor * 4 + 4]
    assert line_of(*every, cursor=1) == " █hu[-we]███ ··· "
    assert line_of(*row(*owned("used", "日本語", 3)), cursor=1) == " ███[███]███ "


def test_colours_are_those_of_the_roles_and_the_cursor_has_its_own() -> None:
    styles = {**STYLES, "free": Style(color="green"), "cursor": Style(reverse=True)}
    strip = draw_line(row(*owned("free", "", 3)), Grid(9, 3, 4), 22, styles, UNICODE, 1)
    assert [(segment.text, segment.style) for segment in strip][1:5] == [
        ("···", Style(color="green")),
        ("[···]", Style(reverse=True)),
        ("···", Style(color="green")),
        (" ", Style()),
    ]


@pytest.mark.parametrize(
    ("width", "label", "count", "grid"),
    [
        (80, 11, 256, (11, 16, 4)),
        (80, 39, 256, (15, 16, 4)),
        (79, 15, 256, (14, 16, 4)),
        (120, 11, 256, (11, 16, 6)),
        (200, 11, 256, (11, 16, 11)),
        (400, 11, 256, (11, 16, 12)),
        (60, 11, 256, (11, 8, 6)),
        (30, 11, 256, (11, 4, 4)),
        (80, 11, 2, (11, 2, 12)),
        (3, 11, 1, (0, 1, 4)),
    ],
)
def test_sixteen_cells_stand_on_a_line_and_fewer_where_that_is_too_narrow(
    width: int, label: int, count: int, grid: tuple[int, int, int]
) -> None:
    assert Grid.within(width, lambda columns: label, count) == grid
