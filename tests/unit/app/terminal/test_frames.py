"""The shadow shows what the terminal shows, whatever Textual draws; where it cannot know, it says so."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from tests.unit.app.terminal.terminals import (
    COLOURS,
    CONSOLE,
    STYLES,
    feed,
    parts,
    seen,
    strip,
    terminal,
    texts_of,
    texts_seen,
    whole,
)
from tui.app.terminal.cells import UNKNOWN, Line, NotTextError, cells_of
from tui.app.terminal.frames import FramesApp, Shadow, put

_COLUMNS, _ROWS = 14, 5
_pieces = st.lists(
    st.tuples(st.text(alphabet="ab -é█", max_size=6), st.sampled_from(STYLES)),
    max_size=3,
)


@st.composite
def _updates(draw: st.DrawFn) -> LayoutUpdate | ChopsUpdate:
    """A whole screen, or spans of one that is cut into pieces."""
    if draw(st.booleans()):
        return whole([strip(draw(_pieces), _COLUMNS) for _ in range(_ROWS)])
    lines = []
    for _ in range(_ROWS):
        cuts = sorted(draw(st.sets(st.integers(1, _COLUMNS - 1), max_size=3)) | {_COLUMNS})
        widths = [end - start for start, end in zip([0, *cuts], cuts, strict=False)]
        lines.append([strip(draw(_pieces), width) for width in widths])
    rows = sorted(draw(st.sets(st.integers(0, _ROWS - 1), min_size=1)))
    spans = [
        (row, *sorted(draw(st.lists(st.integers(0, _COLUMNS), min_size=2, max_size=2, unique=True)))) for row in rows
    ]
    return parts(lines, [(row, first, last) for row, first, last in spans])


@given(st.lists(_updates(), min_size=1, max_size=4))
@settings(max_examples=150)
def test_a_terminal_that_gets_the_differences_shows_what_textual_would_have_drawn(
    updates: list[LayoutUpdate | ChopsUpdate],
) -> None:
    shadow = Shadow()
    ours, textuals = terminal(_COLUMNS, _ROWS), terminal(_COLUMNS, _ROWS)
    for update in (whole([strip((), _COLUMNS)] * _ROWS), *updates):
        feed(ours, shadow.draw(update, COLOURS))
        feed(textuals, "\x1b[H" + update.render_segments(CONSOLE))
        assert seen(ours) == seen(textuals)
        assert texts_of(shadow.lines) == texts_seen(ours)


def test_the_same_update_again_sends_nothing() -> None:
    shadow, update = Shadow(), whole([strip((("日本 name", STYLES[1]),), 20)] * 3)
    assert shadow.draw(update, COLOURS)
    assert shadow.draw(update, COLOURS) == ""


def test_a_forgotten_screen_is_sent_again_in_full() -> None:
    shadow, update = Shadow(), whole([strip((("name", STYLES[1]),), 20)] * 3)
    first = shadow.draw(update, COLOURS)
    shadow.forget()
    assert shadow.draw(update, COLOURS) == first


def test_a_part_of_a_screen_of_another_size_leaves_the_rest_unknown() -> None:
    shadow = Shadow()
    shadow.draw(whole([strip((("old", None),), 8)] * 2), COLOURS)
    shadow.draw(parts([[strip((("new", None),), 4), strip((), 6)]] * 3, [(1, 0, 4)]), COLOURS)
    assert [sum(cell == UNKNOWN for cell in line) for line in shadow.lines] == [10, 6, 10]


@pytest.mark.parametrize(
    ("column", "text", "wanted"),
    [
        (0, "x", "x 本z"),
        (1, "x", " x本z"),
        (1, "xy", " xy z"),
        (2, "x", "日x z"),
        (3, "xy", "日 xy"),
        (0, "語", "語本z"),
        (1, "語", " 語 z"),
        (4, "語", "日本 "),
    ],
)
def test_half_of_a_wide_character_is_never_left(column: int, text: str, wanted: str) -> None:
    line: Line = cells_of(strip((("日本z", None),), 5), COLOURS)
    put(line, column, cells_of(Strip([Segment(text)]), COLOURS))
    assert "".join(text for text, _ in line) == wanted
    assert len(line) == 5


def test_what_is_no_text_is_refused_and_the_screen_forgotten() -> None:
    shadow = Shadow()
    shadow.draw(whole([strip((("name", None),), 8)]), COLOURS)
    command = Strip([Segment("\x1b[2J", None, [(0,)])], 8)  # type: ignore[list-item]
    with pytest.raises(NotTextError):
        shadow.draw(whole([command]), COLOURS)
    assert shadow.lines == []
    with pytest.raises(NotTextError):
        shadow.draw(LayoutUpdate([[strip((), 4)]], Region(2, 0, 4, 1)), COLOURS)


class _Names(FramesApp[None]):
    def compose(self) -> ComposeResult:
        yield Static("a name")


async def test_an_app_without_a_terminal_sends_nothing_and_draws_as_ever() -> None:
    async with _Names().run_test(size=(20, 3)) as pilot:
        await pilot.resize_terminal(30, 4)
        assert pilot.app.query_one(Static).region.width == 30
        assert isinstance(pilot.app, _Names)
        assert pilot.app._shadow.lines == []


async def test_what_is_drawn_in_a_batch_is_not_taken_for_shown() -> None:
    async with _Names().run_test(size=(20, 3)) as pilot:
        app = pilot.app
        assert isinstance(app, _Names)
        driver = Mock(is_headless=False, is_inline=False)
        update = whole([strip((("a name", Style(color="red")),), 20)] * 3)
        original, app._driver = app._driver, driver
        try:
            with app.batch_update():
                app._display(app.screen, update)
                in_batch = app._shadow.lines
            app._display(app.screen, update)
            sent = "".join(call.args[0] for call in driver.write.call_args_list)
        finally:
            app._driver = original
        assert in_batch == []
        assert "a name" in sent
