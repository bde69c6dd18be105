"""JSON in bounds: element by element, with line and column where it fails."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.found import Notice
from tui.exchange.json_elements import Envelope, document, elements
from tui.exchange.source import ExchangeError, Source

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "value", "id"]), inner, max_size=3)
    ),
    max_leaves=10,
)


def read(text: str) -> tuple[list[tuple[str, Any]], list[Notice]]:
    notices: list[Notice] = []
    return list(elements(Source("x.json", text), notices)), notices


def refusal(text: str) -> ExchangeError:
    with pytest.raises(ExchangeError) as caught:
        read(text)
    return caught.value


def read_or_refused(text: str) -> str | None:
    try:
        read(text)
    except ExchangeError as error:
        return error.message
    return None


def test_a_list_is_handed_out_item_by_item() -> None:
    assert read(' [ {"a": 1} , 2,"x" ]\n') == ([("[0]", {"a": 1}), ("[1]", 2), ("[2]", "x")], [])
    assert read("[ ]") == ([], [])


@pytest.mark.parametrize("key", ["value", "data", "Value", "Data"])
def test_a_list_of_an_answer_comes_before_what_stands_around_it(key: str) -> None:
    found, _ = read(f'{{"count": 2, "{key}": [1, {{}}], "nextLink": "n"}}')
    assert found == [(f"{key}[0]", 1), (f"{key}[1]", {}), ("", {"count": 2, "nextLink": "n"})]
    assert isinstance(found[-1][1], Envelope)


def test_a_single_object_comes_whole() -> None:
    found, _ = read('{"id": 1, "value": "secret"}')
    assert found == [("", {"id": 1, "value": "secret"})]
    assert not isinstance(found[0][1], Envelope)


def test_no_item_is_decoded_before_it_is_asked_for() -> None:
    handed = elements(Source("x", "[1, 2, nonsense"), [])
    assert next(handed) == ("[0]", 1)
    assert next(handed) == ("[1]", 2)
    with pytest.raises(ExchangeError):
        next(handed)


def test_several_documents_with_labels_between_are_all_read() -> None:
    found, notices = read('first\n{"a": 1}\nsecond, a list:\n[{"c": 2}]\n\n{"b": {}}\nthe end\n')
    assert found == [("", {"a": 1}), ("line 4: [0]", {"c": 2}), ("line 6", {"b": {}})]
    assert [notice.kind for notice in notices] == ["left out"]


@pytest.mark.parametrize("text", ['{"a": 1}\n{"a": 2}', '{"a": 1}{"a": 2}', '[INFO] ready\n{"a": 1}\n{"a": 2}'])
def test_documents_in_a_row_need_no_label(text: str) -> None:
    assert [value for _, value in read(text)[0]] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps('[{"a": 1}]'),
        '\n\n  [{"a": 1}]  \n\n',
        "'[{\"a\": 1}]'",
        '"[{"a": 1}]"',
        json.dumps(json.dumps([{"a": 1}])),
    ],
)
def test_quoted_and_padded_json_is_json(text: str) -> None:
    assert read(text) == ([("[0]", {"a": 1})], [])


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ('[\n {"a": 1},\n {"b" 2}\n]', "line 3, column 7", "colon"),
        ('[\n {"a": 1} {"b": 2}]', "line 2, column 11", "comma"),
        ('{"a": 1,\n b: 2}', "line 2, column 2", "key in double quotes"),
        ('{"a"\n 1}', "line 2, column 2", "colon"),
        ('{"a": [1 2]}', "line 1, column 10", "comma"),
        ('{"a": 1 "b": 2}', "line 1, column 9", "comma"),
        ('["a\nb"]', "line 1, column 4", "line break"),
        ("[1, oops]", "line 1, column 5", "value is missing"),
        ("nothing", "line 1, column 1", "value is missing"),
    ],
)
def test_a_mistake_is_told_with_line_and_column(text: str, place: str, what: str) -> None:
    message = refusal(text).message
    assert message.startswith(f"x.json: {place}: ")
    assert what in message


WHOLE = '{"value": [{"id": "/a", "n": [1, {"x": "yz"}]}, {"id": "/b"}], "next": null}'


@pytest.mark.parametrize("length", range(1, len(WHOLE)))
def test_wherever_json_is_cut_off_it_is_told_as_cut_off(length: int) -> None:
    error = refusal(WHOLE[:length])
    assert "cut off" in error.message or "value is missing" in error.message
    assert f"line 1, column {length + 1}" in error.message or "value is missing" in error.message


@pytest.mark.parametrize("unit", ["[", '{"a":', '[{"a":', "[\n"])
@pytest.mark.parametrize("start", ["", '{"value": [', '{"x": '])
def test_deep_nesting_is_refused_and_never_a_recursion_error(start: str, unit: str) -> None:
    assert "nested too deeply" in refusal(start + unit * 100_000).message
    closing = {"[": "]", "{": "}"}
    closed = "".join(closing[character] for character in reversed(unit) if character in closing)
    assert "nested too deeply" in refusal(unit * 100_000 + "1" + closed * 100_000).message


def test_a_number_of_many_digits_is_refused() -> None:
    assert "too many digits" in refusal("[" + "9" * 5000 + "]").message


def test_what_is_no_number_is_read_as_a_text() -> None:
    assert read('[NaN, {"a": -Infinity}]')[0] == [("[0]", "NaN"), ("[1]", {"a": "-Infinity"})]


@pytest.mark.parametrize(
    "text", ["[" + ",".join(['{"a": 1, "a": 2}'] * 50) + "]", '[{"b": [' + ",".join(['{"a": 1, "a": 2}'] * 50) + "]}]"]
)
def test_that_more_keys_stand_twice_than_are_named_is_told_once(text: str) -> None:
    notices: list[Notice] = []
    list(elements(Source("x.json", text), notices))
    assert len(notices) == 21
    assert sum("than are named" in notice.text for notice in notices) == 1


def test_a_key_that_stands_twice_is_told_with_its_place() -> None:
    found, notices = read('[{"a": 1}, {"b": {"a": 1, "a": 2}}]')
    assert found[1] == ("[1]", {"b": {"a": 2}})
    assert [(notice.kind, notice.place.where) for notice in notices] == [("assumed", "[1]")]
    assert '"a"' in notices[0].text
    assert len(read('{"a": 1, "a": 2}')[1]) == 1
    assert len(read("[" + '{"a": 1, "a": 2},' * 1000 + "1]")[1]) == 21  # the last one says that there are more


def test_a_document_comes_as_a_whole_or_is_refused() -> None:
    assert document(Source("x", ' {"value": [1]} \n'), []) == {"value": [1]}
    assert document(Source("x", json.dumps('{"a": 1}')), []) == {"a": 1}
    assert document(Source("x", "[" * 499 + "1" + "]" * 499), [])
    for depth in (501, 800, 100_000):
        with pytest.raises(ExchangeError, match="nested too deeply"):
            document(Source("x", "[" * depth + "1" + "]" * depth), [])
    with pytest.raises(ExchangeError, match="more text follows"):
        document(Source("x", "{} {}"), [])


@given(JSON)
def test_what_is_handed_out_is_what_the_json_holds(value: Any) -> None:
    found, notices = read(json.dumps(value, indent=1))
    if isinstance(value, str):
        return  # it may be JSON itself
    if isinstance(value, list):
        assert found == [(f"[{number}]", item) for number, item in enumerate(value)]
    elif isinstance(value, dict) and isinstance(value.get("value"), list):
        assert [item for _, item in found[:-1]] == value["value"]
        assert found[-1][1] == {key: item for key, item in value.items() if key != "value"}
    else:
        assert found == [("", value)]
    assert not notices


@given(st.text(alphabet='{}[]":,\\ \n1ae-'))
def test_any_text_is_json_or_an_explained_refusal(text: str) -> None:
    message = read_or_refused(text)
    assert message is None or message.startswith("x.json: line ")


def test_a_great_many_documents_take_time_in_proportion() -> None:
    found, _ = read('{"a": 1}\n' * 50_000)
    assert found[-1] == ("line 50000", {"a": 1})
