"""JSON paths: where in a document something stands."""

from __future__ import annotations

import pytest

from tui.exchange.json_paths import within


@pytest.mark.parametrize(
    ("path", "key", "wanted"),
    [
        ("", "value", "value"),
        ("value[3]", "subnets[0]", "value[3].subnets[0]"),
        ("a", "200", "a.200"),
        ("a", "b c", "a['b c']"),
        ("a", "x" * 200, f"a['{'x' * 80}']"),
        ("", "", "['']"),
    ],
)
def test_a_plain_word_stands_behind_a_dot_and_all_else_in_brackets(path: str, key: str, wanted: str) -> None:
    assert within(path, key) == wanted
