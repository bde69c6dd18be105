"""The cheapest cover touches every edge that can be touched, and small ones are the cheapest there are."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.planner.renumber import cover
from tui.planner.renumber.cover import EXACT_NODES, Cover, cheapest_cover

NAMES = "abcdefgh"
Edges = list[tuple[str, str]]

graphs = st.tuples(
    st.dictionaries(st.sampled_from(NAMES), st.one_of(st.none(), st.integers(1, 9))),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=16),
)


def price(nodes: Iterable[str], weights: dict[str, int | None]) -> int:
    """What a set of movable nodes costs."""
    return sum(weights[node] or 0 for node in nodes)


def solvable(weights: dict[str, int | None], edges: Edges) -> Edges:
    """The edges that have a movable end."""
    return [edge for edge in edges if any(weights.get(end) is not None for end in edge)]


def cheapest(weights: dict[str, int | None], edges: Edges) -> int:
    """The cost of the cheapest cover, by trying every set."""
    movable = [name for name, weight in weights.items() if weight is not None]
    return min(
        price(chosen, weights)
        for number in range(len(movable) + 1)
        for chosen in combinations(movable, number)
        if all(a in chosen or b in chosen for a, b in solvable(weights, edges))
    )


@given(graphs)
def test_a_small_cover_is_the_cheapest_of_all(graph: tuple[dict[str, int | None], Edges]) -> None:
    weights, edges = graph
    found = cheapest_cover(weights, edges)
    assert found.exact
    assert all(weights.get(node) is not None for node in found.nodes)
    assert all(a in found.nodes or b in found.nodes for a, b in solvable(weights, edges))
    assert price(found.nodes, weights) == cheapest(weights, edges)


@given(graphs)
def test_an_edge_between_immovable_ends_is_unsolved_and_no_other(graph: tuple[dict[str, int | None], Edges]) -> None:
    weights, edges = graph
    stuck = {tuple(sorted(edge)) for edge in edges if edge not in solvable(weights, edges)}
    assert cheapest_cover(weights, edges).unsolved == tuple(sorted(stuck))


@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_the_input_decides_nothing(
    graph: tuple[dict[str, int | None], Edges], chance: random.Random
) -> None:
    weights, edges = graph
    items = list(weights.items())
    shuffled = [(b, a) if chance.random() < 0.5 else (a, b) for a, b in edges]
    chance.shuffle(items)
    chance.shuffle(shuffled)
    assert cheapest_cover(dict(items), shuffled) == cheapest_cover(weights, edges)


@given(graphs)
def test_beyond_the_bound_a_cover_costs_at_most_twice_the_cheapest(
    graph: tuple[dict[str, int | None], Edges],
) -> None:
    weights, edges = graph
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "EXACT_NODES", 0)
        found = cheapest_cover(weights, edges)
    least = cheapest(weights, edges)
    assert all(a in found.nodes or b in found.nodes for a, b in solvable(weights, edges))
    assert least <= price(found.nodes, weights) <= 2 * least
    assert not found.exact or price(found.nodes, weights) == least


@given(graphs)
def test_a_search_that_is_cut_short_still_covers_everything_and_says_so(
    graph: tuple[dict[str, int | None], Edges],
) -> None:
    weights, edges = graph
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "SEARCH_STEPS", 1)
        found = cheapest_cover(weights, edges)
    assert all(a in found.nodes or b in found.nodes for a, b in solvable(weights, edges))
    assert not found.exact or price(found.nodes, weights) == cheapest(weights, edges)


@given(graphs)
def test_no_node_of_a_cover_is_superfluous(graph: tuple[dict[str, int | None], Edges]) -> None:
    weights = {name: None if weight is None else weight + 1 for name, weight in graph[0].items()}
    nodes = cheapest_cover(weights, graph[1]).nodes
    for node in nodes:
        rest = nodes - {node}
        assert not all(a in rest or b in rest for a, b in solvable(weights, graph[1]))


@pytest.mark.parametrize("seed", range(40))
def test_a_larger_cover_is_the_cheapest_of_all(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"n{number}" for number in range(11)]
    edges = [pair for pair in combinations(names, 2) if chance.random() < 0.4]
    weights: dict[str, int | None] = {name: chance.randint(1, 9) for name in names}
    found = cheapest_cover(weights, edges)
    assert found.exact
    assert price(found.nodes, weights) == cheapest(weights, edges)


def test_of_many_that_all_touch_each_other_the_dearest_stays() -> None:
    names = [f"n{number}" for number in range(3 * EXACT_NODES)]
    found = cheapest_cover({name: 1 + (name == "n17") for name in names}, combinations(names, 2))
    assert found == Cover(frozenset(names) - {"n17"}, exact=True, unsolved=())


def test_a_cheap_middle_goes_rather_than_the_many_around_it() -> None:
    names = [f"n{number}" for number in range(3 * EXACT_NODES)]
    found = cheapest_cover(dict.fromkeys(names, 5) | {"middle": 9}, [("middle", name) for name in names])
    assert found.nodes == {"middle"}


def test_without_edges_nothing_goes() -> None:
    assert cheapest_cover({"a": 1}, []) == Cover(frozenset(), exact=True, unsolved=())
