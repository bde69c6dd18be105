"""The outline of a JSON text is the keys of its outer levels."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.json_outline import is_one_text, outline

OBJECTS = st.recursive(
    st.none() | st.integers() | st.sampled_from(("x", 'a"b', "{", "\\")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("a", "B", "c")), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if not isinstance(value, dict) or len(above) == 3:
        return set()
    here = {(*above, key.lower()) for key in value}
    return here.union(*(paths(inner, (*above, key.lower())) for key, inner in value.items()))


@given(st.dictionaries(st.sampled_from(("a", "B", "$schema")), OBJECTS, max_size=3))
def test_the_keys_of_three_levels_of_objects_are_in_it(whole: dict[str, Any]) -> None:
    assert outline(json.dumps(whole)).keys >= paths(whole)


@given(st.text(alphabet='{}[]":,\\a '))
def test_any_text_has_an_outline(text: str) -> None:
    found = outline(text)
    assert found.top == {path[0] for path in found.keys}


def test_the_schema_is_that_of_the_outermost_object() -> None:
    assert (
        outline('{"a": 1, "$schema": "https://X/deploymentTemplate.json#"}').schema
        == "https://x/deploymenttemplate.json#"
    )


def test_a_text_alone_is_told_from_one_that_something_follows() -> None:
    assert is_one_text('"[{\\"id\\": 1}]" \n')
    assert not is_one_text('"VNet","Prefix"')
    assert not is_one_text("{}")
