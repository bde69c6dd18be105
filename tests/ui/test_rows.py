"""How a line of a list is drawn, without a screen. Invariant: widths are counted in terminal cells."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
from rich.cells import cell_len
from rich.style import Style

from tui.app.widgets.rows import (
    ASCII,
    UNICODE,
    Cell,
    Column,
    Look,
    Row,
    changed_cells,
    column_widths,
    draw_header,
    draw_row,
    fit,
    fit_middle,
)

_LOOK = Look(
    base=Style(color="white"),
    header=Style(bold=True),
    cursor=Style(reverse=True),
    marked=Style(color="cyan"),
    group=Style(underline=True),
    empty=Style(dim=True),
    roles={"error": Style(color="red")},
)
_COLUMNS = (Column("Name", 6, 1), Column("Region", 8), Column("Free", 5, align="right"))


def _row(key: Hashable, *texts: str, marked: bool = False) -> Row:
    return Row(key, tuple(Cell(text) for text in texts), marked=marked)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("hub-weu", 7, "hub-weu"),
        ("hub-weu", 6, "hub-w…"),
        ("hub-weu", 1, "…"),
        ("hub-weu", 0, ""),
        ("", 5, ""),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("e\u0301te\u0301", 3, "e\u0301te\u0301"),
        ("e\u0301te\u0301", 2, "e\u0301…"),
        ("e" + "\u0301" * 90, 3, "e\u0301\u0301\u0301…"),
        ("\u0301x", 4, "◌\u0301x"),
        ("a\x1b[2J", 12, "a\\x1b[2J"),
        ("a\u202eb", 4, "a\\u…"),
        ("[bold]x[/]", 10, "[bold]x[/]"),
    ],
)
def test_a_text_is_made_displayable_and_cut_to_its_cells(text: str, width: int, shown: str) -> None:
    assert fit(text, width, "…") == shown
    assert cell_len(fit(text, width, "…")) <= width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("vnet-1000", 9, "vnet-1000"),
        ("vnet-1000", 8, "vnet…000"),
        ("vnet-1000", 3, "v…0"),
        ("vnet-1000", 2, "v…"),
        ("日本語日本語", 8, "日本…語"),
        ("a\u202eb-1000", 8, "a\\u2…000"),
        ("x" * 10_000_000 + "y", 5, "xx…xy"),
    ],
)
def test_a_name_is_cut_in_its_middle(text: str, width: int, shown: str) -> None:
    assert fit_middle(text, width, "…") == shown
    assert cell_len(shown) <= width


def test_without_fine_characters_a_cut_is_three_dots() -> None:
    assert fit("hub-weu", 6, ASCII.cut) == "hub..."
    assert fit("hub-weu", 2, ASCII.cut) == ".."


def test_a_long_note_is_not_read_to_its_end() -> None:
    assert fit("x" * 10_000_000, 4, "…") == "xxx…"


def test_what_is_left_over_goes_to_the_columns_with_weight_and_columns_that_do_not_fit_are_left_out() -> None:
    assert column_widths(_COLUMNS, 30) == (13, 8, 5)
    assert column_widths((Column("a", 2, 1), Column("b", 2, 2), Column("c", 2, 1)), 20) == (4, 7, 5)
    assert column_widths(_COLUMNS, 20) == (10, 8)
    assert column_widths(_COLUMNS, 4) == (4,)
    assert column_widths((), 10) == ()


@pytest.mark.parametrize("width", [0, 1, 2, 3, 7, 20, 40, 200])
@pytest.mark.parametrize("text", ["hub", "日本語の名前", "e\u0301" * 30, "\x1b[2J" * 9, ""])
@pytest.mark.parametrize("cursor", [True, False])
def test_a_line_is_as_wide_as_asked_for(width: int, text: str, cursor: bool) -> None:
    for row in (_row(1, text, text, text, marked=True), _row(1, text), _row(1)):
        strip = draw_row(row, _COLUMNS, width, _LOOK, UNICODE, cursor=cursor, focused=True)
        assert cell_len(strip.text) == strip.cell_length == width
    assert draw_header(_COLUMNS, width, _LOOK, UNICODE, 0, False).cell_length == width


def test_cells_stand_under_their_titles() -> None:
    header = draw_header(_COLUMNS, 32, _LOOK, UNICODE, 1, True).text
    line = draw_row(_row(1, "hub", "weu", "12"), _COLUMNS, 32, _LOOK, UNICODE, cursor=False, focused=True).text
    assert header == "  Name           Region ↓   Free"
    assert line == "  hub            weu          12"


def test_the_cursor_the_focus_and_a_mark_are_told_by_a_character() -> None:
    row = _row(1, "hub", marked=True)

    def drawn(cursor: bool, focused: bool, glyphs: object = UNICODE) -> str:
        chosen = ASCII if glyphs is ASCII else UNICODE
        return draw_row(row, _COLUMNS, 20, _LOOK, chosen, cursor=cursor, focused=focused).text[:5]

    assert drawn(cursor=False, focused=True) == " ●hub"
    assert drawn(cursor=True, focused=True) == "▌●hub"
    assert drawn(cursor=True, focused=False) == "▏●hub"
    assert drawn(cursor=True, focused=True, glyphs=ASCII) == ">*hub"
    assert drawn(cursor=True, focused=False, glyphs=ASCII) == ":*hub"


def test_a_line_has_as_few_styles_as_can_be() -> None:
    row = Row(1, (Cell("hub"), Cell("weu", "error"), Cell("12")))
    plain = draw_row(row, _COLUMNS, 30, _LOOK, UNICODE, cursor=False, focused=True)
    cursor = draw_row(row, _COLUMNS, 30, _LOOK, UNICODE, cursor=True, focused=True)
    assert [segment.text.strip() for segment in plain] == ["hub", "weu", "12"]
    assert len(list(cursor)) == 1


def test_only_what_differs_counts_as_changed() -> None:
    def drawn(*texts: str) -> int:
        before = draw_row(_row(1, "hub", "weu", "12"), _COLUMNS, 32, _LOOK, UNICODE, cursor=False, focused=True)
        after = draw_row(_row(1, *texts), _COLUMNS, 32, _LOOK, UNICODE, cursor=False, focused=True)
        return changed_cells(before, after)

    assert drawn("hub", "weu", "12") == 0
    assert drawn("hut", "weu", "12") == 5
    assert drawn("hub", "neu", "12") == 18
    assert drawn("hub", "weu", "13") == 32
    assert drawn("日", "weu", "12") == 5
