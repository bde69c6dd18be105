"""What is sent turns what the terminal shows into what it shall show, exactly, and is no longer than it must be."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyte.screens
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.unit.app.terminal.terminals import (
    COLOURS,
    CONSOLE,
    STYLES,
    feed,
    seen,
    strip,
    terminal,
    texts_seen,
    whole,
)
from tui.app.terminal.cells import UNKNOWN, Line, NotTextError, cells_of
from tui.app.terminal.difference import text_between

_COLUMNS, _ROWS = 16, 7
_CHARACTERS = ("a", "b", "-", " ", " ", "   ", "é", "e\u0301", "─", "█", "✖", "日", "本", "👍")

_texts = st.lists(
    st.tuples(st.lists(st.sampled_from(_CHARACTERS), max_size=9).map("".join), st.sampled_from(STYLES)), max_size=4
)
_lines = _texts.map(lambda texts: strip(texts, _COLUMNS))
_screens = st.lists(_lines, min_size=_ROWS, max_size=_ROWS)


@st.composite
def _changes(draw: st.DrawFn) -> tuple[list[Strip], list[Strip]]:
    """Two screens: the second has some lines of the first, moved up or down, and some of its own."""
    before = draw(_screens)
    by, top = draw(st.integers(-_ROWS, _ROWS)), draw(st.integers(0, _ROWS))
    fresh = draw(_screens)
    after = [
        before[row + by] if row >= top and 0 <= row + by < _ROWS and draw(st.booleans()) else fresh[row]
        for row in range(_ROWS)
    ]
    return before, after


def _cells(lines: Sequence[Strip]) -> list[Line]:
    return [cells_of(line, COLOURS) for line in lines]


@given(_changes())
@settings(max_examples=150)
def test_a_terminal_that_shows_one_screen_and_gets_the_difference_shows_the_other(
    screens: tuple[list[Strip], list[Strip]],
) -> None:
    before, after = screens
    ours, textuals = terminal(_COLUMNS, _ROWS), terminal(_COLUMNS, _ROWS)
    feed(ours, whole(before).render_segments(CONSOLE))
    feed(ours, text_between(_cells(before), _cells(after)))
    feed(textuals, whole(after).render_segments(CONSOLE))
    assert seen(ours) == seen(textuals)
    assert ours.cursor.attrs == ours.default_char
    assert ours.margins is None


@given(_screens)
@settings(max_examples=40)
def test_all_is_sent_to_a_terminal_of_which_nothing_is_known(after: list[Strip]) -> None:
    ours, textuals = terminal(_COLUMNS, _ROWS), terminal(_COLUMNS, _ROWS)
    feed(ours, "\x1b[7;31m" + "x日" * 200 + "\x1b[m")
    feed(ours, text_between([[UNKNOWN] * _COLUMNS] * _ROWS, _cells(after)))
    feed(textuals, whole(after).render_segments(CONSOLE))
    assert seen(ours) == seen(textuals)


def test_nothing_is_sent_for_what_looks_the_same() -> None:
    before = [strip((("name   ", Style(color="red", bgcolor="blue")), ("   x", None)), 12)]
    after = [
        strip(
            (
                ("name", Style(color="red", bgcolor="blue", meta={"other": 1})),
                ("   ", Style(color="green", bgcolor="blue", bold=True)),
                ("   ", Style(color="yellow")),
                ("x", Style(color="default")),
            ),
            12,
        )
    ]
    assert text_between(_cells(before), _cells(after)) == ""


def _numbered(numbers: Sequence[int], columns: int = 60) -> list[Strip]:
    """Lines of which no two have more than a few characters in common."""
    ground = Style(color="#e0e0e0", bgcolor="#101010")
    return [strip((((chr(97 + number % 26) + str(number)) * 30, ground),), columns) for number in numbers]


@pytest.mark.parametrize("by", [1, 3, -1, -3])
@pytest.mark.parametrize(("top", "bottom"), [(0, 20), (2, 20), (0, 18), (3, 17)])
def test_lines_that_moved_are_scrolled_and_what_is_round_them_stays(by: int, top: int, bottom: int) -> None:
    def screen(first: int) -> list[Strip]:
        return _numbered([*range(1000, 1000 + top), *range(first, first + bottom - top), *range(2000, 2020 - bottom)])

    before, after = screen(100), screen(100 + by)
    sent = text_between(_cells(before), _cells(after))
    ours, textuals = terminal(60, 20), terminal(60, 20)
    feed(ours, whole(before).render_segments(CONSOLE) + sent)
    feed(textuals, whole(after).render_segments(CONSOLE))
    assert seen(ours) == seen(textuals)
    assert len(sent) <= abs(by) * 70 + 60


def test_lines_that_moved_are_scrolled_though_the_scroll_bar_beside_them_did_not() -> None:
    def screen(first: int, thumb: int) -> list[Strip]:
        bar = [Style(bgcolor="blue" if row in range(thumb, thumb + 4) else "black") for row in range(20)]
        rows = _numbered(range(first, first + 20))
        return [Strip([*row, Segment(" ", style)]) for row, style in zip(rows, bar, strict=True)]

    before, after = screen(100, 5), screen(101, 6)
    sent = text_between(_cells(before), _cells(after))
    ours, textuals = terminal(61, 20), terminal(61, 20)
    feed(ours, whole(before).render_segments(CONSOLE) + sent)
    feed(textuals, whole(after).render_segments(CONSOLE))
    assert seen(ours) == seen(textuals)
    assert len(sent) <= 400


def test_a_style_is_named_once_for_all_that_has_it() -> None:
    style = Style(color="#123456", bgcolor="#654321", bold=True)
    after = [strip((("one", style), ("  ", style), ("two", style)), 8) for _ in range(3)]
    sent = text_between([[UNKNOWN] * 8] * 3, _cells(after))
    assert sent.count("38;2;18;52;86") == 1


def test_blanks_to_the_edge_are_erased_only_on_the_default_background() -> None:
    full = _cells([strip((("x" * 40, None),), 40)])
    assert text_between(full, _cells([strip((), 40)])) == "\x1b[1H\x1b[K"
    coloured = text_between(full, _cells([strip(((" " * 40, Style(bgcolor="blue")),), 40)]))
    assert "\x1b[K" not in coloured
    assert " " * 40 in coloured


@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("emoji", ["👍", "❤\ufe0f", "👩\u200d🚀", "⌚"])
def test_no_letter_is_misplaced_where_a_terminal_takes_an_emoji_for_wider_or_narrower(
    emoji: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyte.screens, "wcwidth", lambda character: width if character == "\U0001f600" else 1)
    before, after = _cells([strip((("y" * 20, None),), 20)]), _cells([strip(((f"ab {emoji} cd {emoji}", None),), 20)])
    ours = terminal(20, 1)
    feed(ours, "y" * 20)
    feed(ours, text_between(before, after).replace(emoji, "\U0001f600"))
    got = texts_seen(ours)[0]
    wanted = [text for text, _ in after[0]]
    assert all(got[at] == text for at, text in enumerate(wanted) if text.isascii() and text.strip())
    assert "y" not in got


def test_what_a_terminal_covers_with_a_wider_emoji_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyte.screens, "wcwidth", lambda character: 2 if character == "\U0001f600" else 1)
    smile = "☺\ufe0e"  # one cell, some terminals draw two
    before, after = _cells([strip((("ab xyz", None),), 8)]), _cells([strip(((f"ab {smile}yz", None),), 8)])
    ours = terminal(8, 1)
    feed(ours, "ab xyz")
    feed(ours, text_between(before, after).replace(smile, "\U0001f600"))
    assert texts_seen(ours)[0] == ["a", "b", " ", "\U0001f600", "y", "z", " ", " "]


def test_marks_stay_with_their_letter_and_controls_are_left_out() -> None:
    cells = cells_of(Strip([Segment("\u0301e"), Segment("\u0301日\u0301x\x1b\x9b\n")], 4), COLOURS)
    assert [text for text, _ in cells] == ["e\u0301", "日\u0301", "", "x"]


def test_commands_to_the_terminal_are_refused() -> None:
    with pytest.raises(NotTextError):
        cells_of(Strip([Segment("\x1b[2J", None, [])]) + Strip([Segment("\x07", None, [(0,)])]), COLOURS)  # type: ignore[list-item]


def test_links_begin_and_end_with_their_text() -> None:
    after = _cells([strip((("a", None), ("b", Style(link="https://example.com")), ("c", None)), 3)])
    sent = text_between([[UNKNOWN] * 3], after)
    assert re.fullmatch(r"\x1b\[1Ha\x1b]8;id=[\d-]+;https://example.com\x1b\\b\x1b]8;;\x1b\\c", sent)


@pytest.mark.parametrize(
    ("colours", "code"), [(ColorSystem.EIGHT_BIT, "38;5;"), (ColorSystem.STANDARD, "31m"), (COLOURS, "38;2;200;0;0m")]
)
def test_colours_are_sent_as_the_terminal_can_show_them(colours: ColorSystem, code: str) -> None:
    line = cells_of(strip((("x", Style(color="#c80000")),), 1), colours)
    assert f"\x1b[{code}" in text_between([[UNKNOWN]], [line])
