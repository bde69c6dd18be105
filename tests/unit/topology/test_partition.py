"""Items that are linked, directly or through others, are in one part, and no others are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.topology.partition import connected

ITEMS = range(8)


def reached(start: int, links: set[tuple[int, int]]) -> set[int]:
    """Everything that can be reached, by going from each to each until nothing is new."""
    found = {start}
    for _ in ITEMS:
        found |= {b for a, b in links if a in found} | {a for a, b in links if b in found}
    return found


@given(st.permutations(ITEMS), st.sets(st.tuples(st.sampled_from(ITEMS), st.sampled_from(ITEMS)), max_size=8))
def test_a_part_is_all_that_can_be_reached_in_the_order_of_the_input(
    order: list[int], links: set[tuple[int, int]]
) -> None:
    parts = connected(order, links)
    assert sorted(item for part in parts for item in part) == list(ITEMS)
    for part in parts:
        assert set(part) == reached(part[0], links)
        assert part == sorted(part, key=order.index)
    assert [part[0] for part in parts] == sorted((part[0] for part in parts), key=order.index)
