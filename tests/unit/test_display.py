"""Foreign text made displayable: nothing hidden comes through, and plain text stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.display import displayable

ANY = st.text(st.characters())
HIDDEN = st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]))
PLAIN = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("hub-weu", "hub-weu"),
        ("hüb – 😀 [bold]", "hüb – 😀 [bold]"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("a\u202eb\u200b", "a\\u202eb\\u200b"),
        ("\ud800", "\\ud800"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\U000e0041", "\\U000e0041"),
        ("\\x1b", "\\x1b"),
    ],
)
def test_what_would_be_hidden_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert displayable(text) == shown


@given(st.one_of(ANY, HIDDEN))
def test_nothing_hidden_comes_through(text: str) -> None:
    assert not {unicodedata.category(c) for c in displayable(text)} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(PLAIN)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert displayable(text) == text


@given(st.one_of(ANY, HIDDEN))
def test_what_is_displayable_stays_as_it_is(text: str) -> None:
    shown = displayable(text)
    assert displayable(shown) == shown


@given(st.one_of(ANY, HIDDEN))
def test_every_hidden_character_leaves_a_trace(text: str) -> None:
    assert len(displayable(text)) >= len(text)


@given(st.one_of(ANY, HIDDEN), st.integers(0, 20))
def test_a_limit_is_kept_and_a_cut_is_shown(text: str, limit: int) -> None:
    whole, cut = displayable(text), displayable(text, limit)
    if len(whole) <= limit:
        assert cut == whole
    else:
        assert len(cut) <= max(limit, 1)
        assert cut.endswith("…")
        assert whole.startswith(cut[:-1])


@given(st.one_of(ANY, HIDDEN))
def test_the_result_can_be_written(text: str) -> None:
    displayable(text).encode()
