"""Notices of one source: each once, and not without end."""

from __future__ import annotations

from tui.exchange.found import Notice, Place
from tui.exchange.notices import MOST, Notices

HERE = Place("a.json", "[0]")


def test_a_notice_is_told_once_and_the_first_stays() -> None:
    notices = Notices("a.json")
    notices.tell(Notice("missing", "a", HERE))
    notices.tell(Notice("missing", "a", HERE))
    notices.tell(Notice("secret", "first", HERE), once="key")
    notices.tell(Notice("secret", "second", HERE), once="key")
    assert [notice.text for notice in notices.all()] == ["a", "first"]


def test_what_is_not_shown_is_counted_once_each() -> None:
    notices = Notices("a.json")
    for number in [*range(MOST + 7), MOST + 1, 0]:
        notices.tell(Notice("missing", str(number), HERE))
    assert len(notices.all()) == MOST + 1
    assert notices.all()[-1] == Notice("left out", "7 more notices are not shown", Place("a.json"))
