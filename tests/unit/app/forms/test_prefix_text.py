"""A text of prefixes falls into the words that a person meant, and each of them can be put right."""

from __future__ import annotations

import pytest

from tui.app.forms.form import Notice
from tui.app.forms.prefix_text import inside_each_other, plain, unreadable, words_of
from tui.topology.prefix import Prefix

P = Prefix.parse


def ps(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(P, texts))


def test_commas_and_blanks_part_prefixes() -> None:
    text = " 10.0.0.0/22,10.1.0.0/24  fd00::/48 ,"
    assert [word.prefix for word in words_of(text)] == [P("10.0.0.0/22"), P("10.1.0.0/24"), P("fd00::/48")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10.1.2.3/22", "10.1.0.0/22"),
        ("10.1.0.0/255.255.252.0", "10.1.0.0/22"),
        ("10.1.0.0 255.255.252.0", "10.1.0.0/22"),
        ("10.1.0.0 255.255.0.0 10.2.0.9/16", "10.1.0.0/16, 10.2.0.0/16"),
        ("10.9.0.0/24 010.1.0.0/16", "10.9.0.0/24, 10.1.0.0/16"),
        ("fd00::1/48", "fd00::/48"),
    ],
)
def test_what_is_pasted_from_elsewhere_is_offered_in_canonical_form(typed: str, meant: str) -> None:
    offers = {notice.offer for notice in unreadable(words_of(typed))}
    assert offers == {meant}
    assert plain(typed, lengths="").prefixes is None
    assert plain(meant, lengths="").notices == ()


def test_a_blank_before_the_length_does_no_harm() -> None:
    assert plain("10.1.0.0 /22", lengths="").prefixes == ps("10.1.0.0/22")


def test_an_address_and_a_mask_that_stand_apart_are_two_words() -> None:
    assert len(words_of("10.1.0.0, 255.255.252.0")) == 2
    assert len(words_of("10.1.0.0 255.0.255.0")) == 2


def test_what_cannot_be_guessed_says_what_would_be_right() -> None:
    (notice,) = plain("10.0.0.0", lengths="").notices
    assert notice == Notice(
        "error",
        '"10.0.0.0" is no CIDR block: the prefix length is missing; write it as ADDRESS/LENGTH, such as 10.0.0.0/16',
    )


def test_one_bad_word_does_not_lose_the_good_ones_in_the_offer() -> None:
    (notice,) = unreadable(words_of("10.0.0.0/16 /24 10.1.0.9/24"))
    assert notice.offer == "10.0.0.0/16, /24, 10.1.0.0/24"


def test_a_prefix_within_another_is_named_and_can_be_left_out() -> None:
    text = "10.0.0.0/16, 10.0.1.0/24, 10.0.0.0/16"
    notices = inside_each_other(words_of(text), ps("10.0.0.0/16", "10.0.1.0/24", "10.0.0.0/16"))
    assert [notice.text for notice in notices] == [
        "10.0.1.0/24 lies within 10.0.0.0/16, which stands there too",
        "10.0.0.0/16 stands there twice",
    ]
    assert {notice.offer for notice in notices} == {"10.0.0.0/16"}


def test_a_length_alone_means_nothing_where_nothing_is_handed_out() -> None:
    judged = plain("/24", lengths="write the prefix")
    assert judged.prefixes is None
    assert [notice.text for notice in judged.notices] == ["/24 alone: write the prefix"]


def test_an_empty_text_is_no_prefixes() -> None:
    assert plain(" , ", lengths="") == plain("", lengths="")
    assert plain("", lengths="").prefixes == ()
