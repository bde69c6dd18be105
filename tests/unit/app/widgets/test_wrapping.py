"""Texts are broken into lines by the cells that they take on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.app.widgets.wrapping import wrapped
from tui.display import displayable


def test_lines_are_broken_at_blanks_and_words_only_where_one_alone_is_too_wide() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("one-two-three", 8) == ["one-two-", "three"]
    assert wrapped("a one-two-three", 8) == ["a", "one-two-", "three"]
    assert wrapped("", 8) == [""]
    assert wrapped("one\ntwo", 8) == ["one", "two"]


def test_a_wide_character_takes_two_cells() -> None:
    assert wrapped("漢字漢字漢", 4) == ["漢字", "漢字", "漢"]
    assert wrapped("漢字 漢字", 8) == ["漢字", "漢字"]
    assert wrapped("漢字 漢字", 9) == ["漢字 漢字"]


@given(st.text(max_size=60).map(displayable), st.integers(2, 20))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, cells: int) -> None:
    lines = wrapped(text, cells)
    assert all(cell_len(line) <= cells for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")
