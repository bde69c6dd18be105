"""Key paths are written so that TOML reads the same names back."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.topology.keypath import key_path, toml_key

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@pytest.mark.parametrize("name", ["hub-weu", "a_1", "1", "-"])
def test_a_bare_key_stays_bare(name: str) -> None:
    assert toml_key(name) == name


@pytest.mark.parametrize(
    ("name", "written"),
    [("", '""'), ("a.b", '"a.b"'), ("é", '"é"'), ('a"b', r'"a\"b"'), ("a\n", r'"a\n"'), ("\x1b", r'"\u001b"')],
)
def test_any_other_name_is_a_basic_string(name: str, written: str) -> None:
    assert toml_key(name) == written


@given(NAMES)
def test_every_name_reads_back(name: str) -> None:
    assert tomllib.loads(f"{toml_key(name)} = 1") == {name: 1}


def test_a_path_is_dotted_and_quotes_only_where_needed() -> None:
    assert key_path(("vnets", "a.b", "subnets", "app")) == 'vnets."a.b".subnets.app'


def test_an_array_index_follows_in_brackets() -> None:
    assert key_path(("vnets", "hub", "address_space", 0)) == "vnets.hub.address_space[0]"


def test_the_path_to_everything_is_empty() -> None:
    assert key_path(()) == ""
