"""Search: what holds an address, a prefix or a name, and in which order it is told."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.connectivity.search import by_name, fuzzy
from tui.topology.edits import add
from tui.topology.model import Topology, VNet
from tui.topology.parts import Path


def named(*names: str) -> Topology:
    """A topology of VNets with these names."""
    plan = Topology()
    for name in names:
        plan = add(("vnets", name), VNet()).apply(plan)
    return plan


def found(plan: Topology, text: str) -> list[Path]:
    return [hit.where for hit in fuzzy(plan, text)]


def test_the_name_itself_comes_first_then_what_begins_so_then_what_holds_it_then_its_letters() -> None:
    plan = named("a-hub", "hub-weu", "have-u-been", "hub", "app")
    assert [path[1] for path in found(plan, "HUB")] == ["hub", "hub-weu", "a-hub", "have-u-been"]


def test_nothing_typed_finds_everything_in_the_order_of_the_file() -> None:
    assert [path[1] for path in found(named("b", "a", "c"), "")] == ["b", "a", "c"]


def test_signs_that_mean_something_in_patterns_are_letters_like_all_others() -> None:
    plan = named("a.b", "axb", "a*b", "(x")
    assert found(plan, "a.b") == [("vnets", "a.b")]
    assert found(plan, "(") == [("vnets", "(x")]


@settings(max_examples=60)
@given(st.lists(st.text("abc-", min_size=1, max_size=6), unique=True, max_size=8), st.text("abc-", max_size=4))
def test_whatever_holds_the_letters_in_their_order_is_found_once(names: list[str], text: str) -> None:
    def holds(name: str) -> bool:
        letters = iter(name)
        return all(letter in letters for letter in text)

    plan = named(*names)
    assert sorted(path[1] for path in found(plan, text)) == sorted(filter(holds, names))


def test_by_name_tells_an_exact_name_from_one_that_holds_it() -> None:
    plan = named("hub", "hub-weu", "Hub")
    hits = [(hit.where[1], hit.how) for hit in by_name(plan, "hub")]
    assert hits == [("hub", "this name"), ("Hub", "this name in another case"), ("hub-weu", "name holds it")]
