"""Keys: readable, and the same whatever comes first."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.exchange.azure_side import ONE
from tui.exchange.assembling.keys import keys_for, slug, subscription_wishes, wishes_of
from tui.exchange.found import Identity

WISHES = st.lists(st.sampled_from(("a", "A", "b", "a-rg", "a-2")), min_size=1, max_size=3, unique=True)


@given(st.dictionaries(st.integers(0, 9), WISHES), st.sets(st.sampled_from(("a", "B", "a-rg"))), st.integers())
def test_keys_differ_in_more_than_case_and_depend_on_no_order(
    wanted: dict[int, list[str]], taken: set[str], seed: int
) -> None:
    chosen = keys_for(wanted, taken)
    folded = [key.casefold() for key in (*chosen.values(), *taken)]
    assert len(set(folded)) == len(folded)
    assert chosen.keys() == wanted.keys()
    entries = list(wanted.items())
    random.Random(seed).shuffle(entries)
    assert keys_for(dict(entries), taken) == chosen


def test_a_name_that_two_want_goes_to_none_of_them() -> None:
    wanted = {
        "one": wishes_of(Identity(ONE, "rg-a", "app"), "prod"),
        "two": wishes_of(Identity(ONE, "rg-b", "App"), "prod"),
        "three": wishes_of(Identity(ONE, "rg-b", "hub"), "prod"),
    }
    assert keys_for(wanted, ()) == {"one": "app-rg-a", "two": "App-rg-b", "three": "hub"}


def test_the_subscription_tells_apart_what_the_resource_group_does_not_and_goes_by_its_key() -> None:
    wanted = {key: wishes_of(Identity(ONE, "rg", "app"), key) for key in ("prod", "test")}
    assert keys_for(wanted, ()) == {"prod": "app-rg-prod", "test": "app-rg-test"}


def test_a_network_whose_name_one_of_another_sort_has_says_what_it_is() -> None:
    assert keys_for({1: wishes_of(Identity(ONE, "rg", "hq"), None, "site")}, ("HQ",)) == {1: "hq-site"}


def test_what_runs_out_of_wishes_is_numbered() -> None:
    assert keys_for({1: ("app",), 2: ("app",)}, ("app-2",)) == {1: "app-3", 2: "app-4"}


def test_a_subscription_goes_by_its_account_else_by_the_beginning_of_its_id() -> None:
    assert subscription_wishes(ONE, "Contoso: Größe (Prod)")[0] == "contoso-grosse-prod"
    assert subscription_wishes(ONE, None)[0] == "sub-11111111"
    assert subscription_wishes(ONE, "事業")[0] == "sub-11111111"
    assert subscription_wishes("Team A", None) == ("team-a",)
    assert slug("--\x1b[31m" + "x" * 500) == "31m" + "x" * 61
