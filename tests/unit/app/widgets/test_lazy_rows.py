"""Lazy rows: the same rows as a list would hold, made when they are looked at."""

from __future__ import annotations

import pytest

from tui.app.widgets.lazy_rows import LazyRows, has_key, key_at
from tui.app.widgets.rows import Cell, Row


def test_a_row_is_made_once_and_only_when_it_is_looked_at() -> None:
    made: list[int] = []

    def make(index: int) -> Row:
        made.append(index)
        return Row(index * 10, (Cell(str(index)),))

    rows = LazyRows([0, 10, 20], make)
    assert len(rows) == 3
    assert key_at(rows, 2) == 20
    assert has_key(rows, 10)
    assert not has_key(rows, 11)
    assert made == []
    assert rows[1] is rows[1]
    assert rows[-1].key == 20
    assert made == [1, 2]
    assert [row.key for row in rows[:2]] == [0, 10]
    assert [row.key for row in rows] == [0, 10, 20]
    assert sorted(made) == [0, 1, 2]


def test_there_is_no_row_beyond_the_last() -> None:
    rows = LazyRows([1], lambda index: Row(1, ()))
    for index in (1, -2, 99):
        with pytest.raises(IndexError):
            rows[index]


def test_a_plain_list_of_rows_is_asked_the_same_way() -> None:
    rows = [Row("a", ()), Row("b", ())]
    assert key_at(rows, 1) == "b"
    assert has_key(rows, "a")
    assert not has_key(rows, "c")
