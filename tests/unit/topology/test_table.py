"""A table is a dict with an order that never changes, and versions of it share what they have in common.

Invariant: every statement is tried on tables small and large, because large ones lie in chunks.
"""

from __future__ import annotations

import copy
import pickle
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tui.topology.table import Table

SIZES = [0, 1, 5, 128, 129, 256, 257, 700]


def names(size: int) -> list[str]:
    return [f"name-{number}" for number in range(size)]


def plain(size: int) -> dict[str, int]:
    return {name: number for number, name in enumerate(names(size))}


def in_chunks(size: int) -> Table[int]:
    """The table of `plain`, grown entry by entry."""
    table: Table[int] = Table()
    for name, number in plain(size).items():
        table = table.set(name, number)
    return table


def at_once(size: int) -> Table[int]:
    return Table(plain(size))


MAKERS = pytest.mark.parametrize("make", [at_once, in_chunks])
Make = Callable[[int], Table[int]]


def assert_same(table: Table[int], expected: dict[str, int]) -> None:
    assert list(table) == list(table.keys()) == list(expected)
    assert list(table.values()) == list(expected.values())
    assert list(table.items()) == list(expected.items())
    assert len(table) == len(table.keys()) == len(table.values()) == len(table.items()) == len(expected)
    assert bool(table) == bool(expected)


@MAKERS
@pytest.mark.parametrize("size", SIZES)
def test_it_reads_like_a_dict(make: Make, size: int) -> None:
    table, expected = make(size), plain(size)
    assert_same(table, expected)
    assert dict(table) == expected
    assert all(table[name] == table.get(name) == number and name in table for name, number in expected.items())
    assert "nothing" not in table
    assert table.get("nothing") is None
    with pytest.raises(KeyError, match="nothing"):
        table["nothing"]
    assert ("name-0" in table.keys(), 0 in table.values(), ("name-0", 0) in table.items()) == (size > 0,) * 3  # noqa: SIM118
    assert repr(table) == f"Table({expected!r})"


def test_it_is_made_from_pairs_too_and_the_last_of_a_name_counts() -> None:
    assert Table([("a", 1), ("b", 2), ("a", 3)]) == Table({"a": 3, "b": 2})


EDITS = st.lists(
    st.tuples(st.sampled_from(["set", "set", "without", "renamed"]), st.integers(0, 760), st.integers(0, 760)),
    max_size=40,
)


@settings(max_examples=60)
@given(st.sampled_from([at_once, in_chunks]), st.sampled_from(SIZES), EDITS)
def test_any_edits_give_what_a_dict_would(make: Make, size: int, edits: list[tuple[str, int, int]]) -> None:
    table, expected = make(size), plain(size)
    versions = [(table, expected)]
    for kind, number, other in edits:
        name, new_name = f"name-{number}", f"name-{other}"
        if kind == "set":
            table, expected = table.set(name, other), {**expected, name: other}
        elif name not in expected:
            with pytest.raises(KeyError):
                table.without(name)
            with pytest.raises(KeyError):
                table.renamed(name, "new", 0)
        elif kind == "without":
            table, expected = table.without(name), {key: value for key, value in expected.items() if key != name}
        elif new_name in expected and new_name != name:
            with pytest.raises(ValueError, match=new_name):
                table.renamed(name, new_name, other)
        else:
            table = table.renamed(name, new_name, other)
            expected = {
                new_name if key == name else key: other if key == name else value for key, value in expected.items()
            }
        versions.append((table, expected))
    for version, then in versions:
        assert_same(version, then)
        assert version == Table(then)


def test_a_new_entry_goes_to_the_end_and_a_changed_one_stays_in_its_place() -> None:
    table = at_once(3).set("name-0", 7).set("new", 8)
    assert list(table.items()) == [("name-0", 7), ("name-1", 1), ("name-2", 2), ("new", 8)]


@pytest.mark.parametrize("size", [3, 700])
def test_a_renamed_entry_keeps_its_place(size: int) -> None:
    assert list(at_once(size).renamed("name-1", "new", 1)) == ["name-0", "new", *names(size)[2:]]


@pytest.mark.parametrize("size", [3, 700])
def test_no_entry_takes_the_name_of_another(size: int) -> None:
    last = f"name-{size - 1}"
    with pytest.raises(ValueError, match=last):
        at_once(size).renamed("name-0", last, 0)


@MAKERS
def test_nothing_in_it_can_be_changed(make: Make) -> None:
    table = make(300)
    with pytest.raises(TypeError):
        table["a"] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        del table["name-0"]  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        table.extra = 1  # type: ignore[attr-defined]
    assert_same(table, plain(300))


def test_it_does_not_follow_the_dict_that_it_was_made_from() -> None:
    source = {"a": 1}
    table = Table(source)
    source["b"] = 2
    assert list(table) == ["a"]


# Equality


@pytest.mark.parametrize("size", SIZES)
def test_equal_entries_in_equal_order_are_equal_however_they_came_about(size: int) -> None:
    assert in_chunks(size) == at_once(size)
    assert hash(in_chunks(size)) == hash(at_once(size))
    assert in_chunks(size).set("new", 1).without("new") == at_once(size)


@pytest.mark.parametrize("size", [2, 128, 129, 700])
def test_another_order_is_another_table(size: int) -> None:
    backwards = dict(reversed(plain(size).items()))
    assert Table(backwards) != at_once(size)
    assert Table(backwards) != in_chunks(size)


def test_another_value_name_or_length_is_another_table() -> None:
    assert at_once(300).set("name-299", 0) != at_once(300)
    assert at_once(300).renamed("name-299", "new", 299) != at_once(300)
    assert at_once(299) != at_once(300)


def test_it_equals_no_dict() -> None:
    assert at_once(2) != plain(2)


@MAKERS
@pytest.mark.parametrize("size", SIZES)
def test_copies_and_pickles_are_equal(make: Make, size: int) -> None:
    table = make(size)
    assert copy.copy(table) == copy.deepcopy(table) == pickle.loads(pickle.dumps(table)) == table


# In a model


def test_a_field_of_a_model_is_made_from_a_dict() -> None:
    assert TypeAdapter(Table[int]).validate_python({"b": 1, "a": 2}) == Table({"b": 1, "a": 2})


@MAKERS
def test_a_table_that_is_right_is_taken_as_it_is(make: Make) -> None:
    table = make(300)
    assert TypeAdapter(Table[int]).validate_python(table) is table


@pytest.mark.parametrize("entries", [{"a": "x"}, {1: 1}])
def test_wrong_entries_are_refused_in_a_dict_and_in_a_table(entries: dict[str, int]) -> None:
    for value in (entries, Table(entries)):
        with pytest.raises(ValidationError):
            TypeAdapter(Table[int]).validate_python(value)


@pytest.mark.parametrize("value", [5, "a", ["a"], None])
def test_what_is_no_table_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Table[int]).validate_python(value)


# Sharing


def test_a_thousand_versions_of_ten_thousand_entries_take_less_than_40_mb() -> None:
    versions = [at_once(10_000)]
    tracemalloc.start()
    try:
        for step in range(250):
            number = step * 37
            versions.append(versions[-1].set(f"name-{number}", -number))
            versions.append(versions[-1].set(f"new-{number}", number))
            versions.append(versions[-1].renamed(f"name-{number}", f"renamed-{number}", number))
            versions.append(versions[-1].without(f"renamed-{number}"))
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < 40_000_000
    assert len(versions) == 1001
    assert_same(versions[0], plain(10_000))
    assert len(versions[-1]) == 10_000
