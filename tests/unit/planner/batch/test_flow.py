"""There is enough for all exactly where no set of groups wants more than all that any of them may have."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.planner.batch.flow import short

GROUPS = range(4)


@given(
    st.dictionaries(st.integers(1, 15), st.integers(0, 4), max_size=6),
    st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 5)),
)
def test_some_group_lacks_room_exactly_where_a_set_of_groups_wants_more_than_it_may_have(
    room: dict[int, int], wanted: dict[int, int]
) -> None:
    looked_at: list[int] = []
    too_much = any(
        sum(wanted[group] for group in groups)
        > sum(number for mask, number in room.items() if any(mask >> group & 1 for group in groups))
        for size in range(1, len(wanted) + 1)
        for groups in combinations(wanted, size)
    )
    before = dict(room)
    assert short(room, wanted, looked_at.append) == too_much
    assert room == before


def test_whoever_counts_may_end_the_search() -> None:
    def enough(_: int) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        short({1: 1}, {0: 1}, enough)
