"""Allowed names: what people call their networks becomes what Azure would accept."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.allowed_names import allowed, with_allowed_names
from tui.exchange.found import Found, FoundVNet, Identity, Notice, Place
from tui.topology.naming import name_problem

HERE = Place("plan.csv")


def vnets(*names: str) -> Found:
    return Found(vnets=tuple(FoundVNet(identity=Identity("", "rg", name), place=HERE) for name in names))


def renamed(*names: str) -> list[str]:
    return [one.identity.name for one in with_allowed_names(vnets(*names), lambda notice: None).vnets]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("hub-weu", "hub-weu"),
        ("Hub West Europe", "Hub-West-Europe"),
        ("Köln/Straße 5", "Koln-Strasse-5"),
        ("=hub", "hub"),
        ("hub.", "hub"),
        ("x" * 70, "x" * 64),
        ("本社", "本社"),
        ("a", "a"),
    ],
)
def test_a_name_reads_as_it_was_given(given: str, made: str) -> None:
    assert allowed("vnet", given) == made


def test_two_names_never_become_one_and_one_that_is_allowed_stays() -> None:
    assert renamed("hub a", "hub-a", "hub/a") == ["hub-a-2", "hub-a", "hub-a-3"]


def test_a_name_that_changes_is_told_at_its_place() -> None:
    told: list[Notice] = []
    with_allowed_names(vnets("hub a", "hub"), told.append)
    assert told == [Notice("assumed", 'Azure allows no name like "hub a": it is read as "hub-a"', HERE)]


@given(st.lists(st.text(alphabet="ab -/é", min_size=1, max_size=4), unique_by=str.casefold), st.integers())
def test_names_are_allowed_and_distinct_whatever_their_order(names: list[str], seed: int) -> None:
    made = dict(zip(names, renamed(*names), strict=True))
    assert len({name.casefold() for name in made.values()}) == len(names)
    assert all(name == given or name_problem("vnet", name) is None for given, name in made.items())
    shuffled = random.Random(seed).sample(names, len(names))
    assert dict(zip(shuffled, renamed(*shuffled), strict=True)) == made


def test_thousands_of_names_that_read_alike_are_told_apart() -> None:
    assert len(set(renamed(*(f"hub{' ' * number}a" for number in range(1, 20_000))))) == 19_999
