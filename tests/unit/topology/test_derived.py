"""What follows from a topology is computed once for it."""

from __future__ import annotations

from tui.topology.derived import derived_with_argument
from tui.topology.model import Topology


def test_the_last_results_for_an_argument_are_remembered_of_each_topology() -> None:
    asked: list[tuple[str | None, int]] = []

    @derived_with_argument(kept=2)
    def answer(topology: Topology, argument: int) -> str:
        asked.append((topology.name, argument))
        return f"{topology.name} {argument}"

    one, other = Topology(name="one"), Topology(name="other")
    assert [answer(one, 1), answer(one, 2), answer(other, 1), answer(one, 1)] == ["one 1", "one 2", "other 1", "one 1"]
    assert asked == [("one", 1), ("one", 2), ("other", 1)]
    answer(one, 3)
    answer(one, 2)
    answer(one, 1)
    assert asked[3:] == [("one", 3), ("one", 1)], "the third pushed out the first"
