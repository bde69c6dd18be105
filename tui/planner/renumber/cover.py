"""Cover: the cheapest set of nodes that touches every edge of a graph: which networks to move so that none collide.

Owns the search and its bounds. A part of the graph that hangs together and has at most EXACT_NODES nodes is solved
exactly by branch and bound, within SEARCH_STEPS steps for the whole graph. For a larger part, or when the steps are
used up, two answers are compared and the cheaper one is taken: local ratio (at most twice the cheapest), freed of
what is superfluous, and keeping the dearest nodes first. Where the cheaper one is as cheap as a lower bound
(all but the dearest of each of several separate cliques), it is known to be exact all the same.
Invariant: the result touches every edge that has a movable end, leaving any node of it out would uncover an edge,
and it does not depend on the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

EXACT_NODES = 64
"""Nodes of a connected part up to which the cheapest cover is searched for."""

SEARCH_STEPS = 4_000
"""Branches that are looked at in one graph, all its parts together."""

_BOUNDED_NODES = 1_000
"""Nodes of a connected part up to which a lower bound is computed."""

_Graph: TypeAlias = list[set[int]]


@dataclass(frozen=True, slots=True)
class Cover:
    """Which nodes to take out of a graph so that no edge is left."""

    nodes: frozenset[str]
    exact: bool
    """True if no other set of nodes is cheaper."""
    unsolved: tuple[tuple[str, str], ...]
    """Edges of which neither end can be taken out, the lesser name first, sorted."""


def cheapest_cover(weights: Mapping[str, int | None], edges: Iterable[tuple[str, str]]) -> Cover:
    """Return the cheapest set of nodes that touches every edge.

    `weights`: what each node costs, 1 or more; a node with None, or without a weight, is immovable. Exact within the
    bounds of this module, else at most twice as dear as the cheapest.
    """
    pairs = {(a, b) if a <= b else (b, a) for a, b in edges}
    movable = sorted({end for pair in pairs for end in pair if weights.get(end) is not None})
    number = {name: place for place, name in enumerate(movable)}
    near: _Graph = [set() for _ in movable]
    forced: set[int] = set()
    unsolved: list[tuple[str, str]] = []
    for pair in pairs:
        a, b = number.get(pair[0]), number.get(pair[1])
        if a is None and b is None:
            unsolved.append(pair)
        elif a is None or b is None or a == b:
            forced.update(end for end in (a, b) if end is not None)
        else:
            near[a].add(b)
            near[b].add(a)
    for node in forced:
        for other in near[node]:
            near[other].discard(node)
        near[node] = set()
    costs = [weights[name] or 0 for name in movable]
    taken, exact, steps = set(forced), True, SEARCH_STEPS
    for part in _parts(near):
        found, is_exact, steps = _cover_of_part(part, near, costs, steps)
        taken |= found
        exact = exact and is_exact
    return Cover(frozenset(movable[node] for node in taken), exact, tuple(sorted(unsolved)))


def _parts(near: _Graph) -> Iterator[list[int]]:
    """The connected parts that have an edge, each sorted, in the order of their least node."""
    seen: set[int] = set()
    for start, others in enumerate(near):
        if start in seen or not others:
            continue
        seen.add(start)
        part = [start]
        for node in part:
            new = near[node] - seen
            seen |= new
            part += new
        yield sorted(part)


def _cover_of_part(part: list[int], near: _Graph, costs: Sequence[int], steps: int) -> tuple[set[int], bool, int]:
    """A cover of one connected part, whether none is cheaper, and how many steps are left."""
    answers = [_freed(_local_ratio(part, near, costs), near, costs), _without_dearest(part, near, costs)]
    best = min(answers, key=lambda answer: (_cost(answer, costs), sorted(answer)))
    if len(part) <= EXACT_NODES and steps > 0:
        search = _Search(part, near, costs, set(part) - best, steps)
        search.run()
        # A search that was cut short may have left out what nothing stops from staying.
        return _freed(set(part) - search.kept(), near, costs), search.finished, search.steps
    exact = len(part) <= _BOUNDED_NODES and _cost(best, costs) == _at_least(part, near, costs)
    return best, exact, steps


def _cost(nodes: Iterable[int], costs: Sequence[int]) -> int:
    return sum(costs[node] for node in nodes)


def _dearest_first(nodes: Iterable[int], costs: Sequence[int]) -> list[int]:
    return sorted(nodes, key=lambda node: (-costs[node], node))


def _local_ratio(part: Iterable[int], near: _Graph, costs: Sequence[int]) -> set[int]:
    """A cover at most twice as dear as the cheapest: each edge takes the same from both ends until one has nothing.

    Bar-Yehuda and Even, "A local-ratio theorem for approximating the weighted vertex cover problem" (1985).
    """
    left = {node: costs[node] for node in part}
    for node in sorted(left):
        for other in sorted(near[node]):
            if not left[node]:
                break
            if other > node and left[other]:
                least = min(left[node], left[other])
                left[node] -= least
                left[other] -= least
    return {node for node, rest in left.items() if not rest}


def _freed(cover: set[int], near: _Graph, costs: Sequence[int]) -> set[int]:
    """The cover without the nodes that it does not need, the dearest left out first."""
    needed = set(cover)
    for node in _dearest_first(cover, costs):
        if near[node] <= needed:
            needed.discard(node)
    return needed


def _without_dearest(part: Iterable[int], near: _Graph, costs: Sequence[int]) -> set[int]:
    """The cover that keeps each node, the dearest first, unless it touches one that is kept."""
    kept: set[int] = set()
    taken: set[int] = set()
    for node in _dearest_first(part, costs):
        if near[node].isdisjoint(kept):
            kept.add(node)
        else:
            taken.add(node)
    return taken


def _at_least(part: Iterable[int], near: _Graph, costs: Sequence[int]) -> int:
    """A cost that no cover is below: of nodes that touch each other, all but one must be taken."""
    cliques: list[set[int]] = []
    total = 0
    for node in _dearest_first(part, costs):
        clique = next((clique for clique in cliques if clique <= near[node]), None)
        if clique is None:
            cliques.append({node})
        else:
            clique.add(node)
            total += costs[node]
    return total


class _Search:
    """Branch and bound for the dearest set of nodes that can be kept, on sets of nodes as the bits of a number."""

    def __init__(self, part: list[int], near: _Graph, costs: Sequence[int], kept: set[int], steps: int) -> None:
        # Dearest first, so that the first of a clique is the one that may stay.
        self._nodes = _dearest_first(part, costs)
        place = {node: bit for bit, node in enumerate(self._nodes)}
        self._costs = [costs[node] for node in self._nodes]
        self._near = [sum(1 << place[other] for other in near[node]) for node in self._nodes]
        self._best = sum(1 << place[node] for node in kept)
        self._best_value = _cost(kept, costs)
        self.steps = steps
        self.finished = True

    def kept(self) -> set[int]:
        """The dearest set that was found."""
        return {node for bit, node in enumerate(self._nodes) if self._best >> bit & 1}

    def run(self) -> None:
        """Search until every branch is looked at or the steps are used up."""
        # The branch that keeps a node lies on top: it is looked at first.
        branches = [((1 << len(self._nodes)) - 1, 0, 0)]
        while branches:
            if not self.steps:
                self.finished = False
                return
            self.steps -= 1
            open_nodes, kept, value = branches.pop()
            open_nodes, kept, value = self._reduced(open_nodes, kept, value)
            if not open_nodes:
                if value > self._best_value:
                    self._best, self._best_value = kept, value
                continue
            if value + self._at_most(open_nodes) <= self._best_value:
                continue
            bit = max(_bits(open_nodes), key=lambda bit: ((self._near[bit] & open_nodes).bit_count(), -bit))
            rest = open_nodes & ~(1 << bit)
            branches.append((rest, kept, value))
            branches.append((rest & ~self._near[bit], kept | 1 << bit, value + self._costs[bit]))

    def _reduced(self, open_nodes: int, kept: int, value: int) -> tuple[int, int, int]:
        """Keep what is worth at least as much as all that it touches: some best answer keeps it."""
        again = True
        while again:
            again = False
            for bit in _bits(open_nodes):
                touched = self._near[bit] & open_nodes
                if open_nodes >> bit & 1 and self._costs[bit] >= sum(self._costs[other] for other in _bits(touched)):
                    open_nodes &= ~(touched | 1 << bit)
                    kept |= 1 << bit
                    value += self._costs[bit]
                    again = True
        return open_nodes, kept, value

    def _at_most(self, open_nodes: int) -> int:
        """A value that nothing kept of `open_nodes` is above: of nodes that touch each other, one can stay."""
        total = 0
        while open_nodes:
            bit = (open_nodes & -open_nodes).bit_length() - 1
            total += self._costs[bit]
            open_nodes &= open_nodes - 1
            others = self._near[bit] & open_nodes
            while others:
                lowest = others & -others
                open_nodes ^= lowest
                others &= self._near[lowest.bit_length() - 1]
        return total


def _bits(nodes: int) -> Iterator[int]:
    """The places of the set bits, lowest first."""
    while nodes:
        lowest = nodes & -nodes
        yield lowest.bit_length() - 1
        nodes ^= lowest
