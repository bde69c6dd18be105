"""Every group gets as many blocks of each size as it wants, of space that it may use, and no space is given twice."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tui.planner.batch.shared_space import SharedSpace
from tui.planner.batch.shares import Level, divide
from tui.planner.free_space import FreeSpace
from tui.topology.prefix import Prefix

QUARTERS = tuple(Prefix.parse("192.0.2.0/28").split(30))
LENGTHS = (30, 31, 32)


def cut(blocks: Counter[int], length: int) -> bool:
    """Take one block of `length` out of blocks of several lengths, the smallest that holds it; whether there is one."""
    held = next((one for one in range(length, 29, -1) if blocks[one]), None)
    if held is None:
        return False
    blocks[held] -= 1
    for part in range(held + 1, length + 1):
        blocks[part] += 1
    return True


@given(
    st.lists(st.sets(st.sampled_from(QUARTERS), min_size=1), min_size=1, max_size=3),
    st.lists(st.tuples(st.sampled_from(LENGTHS), st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=4),
)
def test_the_shares_are_what_is_wanted_and_all_fit_into_what_each_may_use(
    lists: list[set[Prefix]], asked: list[tuple[int, int, int]]
) -> None:
    wanted: dict[int, Counter[int]] = {}
    for length, group, number in asked:
        wanted.setdefault(length, Counter())[group % len(lists)] += number
    levels = [
        Level(
            length,
            wanted[length],
            sum(1 << n for n in range(len(lists)) if any(wanted[m][n] for m in wanted if m >= length)),
        )
        for length in sorted(wanted)
    ]
    space = SharedSpace(FreeSpace([]), [sorted(one) for one in lists])
    shares = divide(space, levels)
    if shares is None:
        # More is wanted than there is, by some size, of what some groups may use together.
        assert any(
            sum(
                (1 << 32 - length) * wanted[length][n]
                for length in wanted
                for n in range(len(lists))
                if groups >> n & 1
            )
            > 4 * len({one for n, own in enumerate(lists) if groups >> n & 1 for one in own})
            for groups in range(1, 1 << len(lists))
        )
        return
    left = {mask: Counter({length: len(firsts) for length, firsts in by.items()}) for mask, by in space.plain.items()}
    for level, share_of in zip(levels, shares, strict=True):
        # What only others could use any more is alike for those who are left.
        merged: dict[int, Counter[int]] = {}
        for mask, blocks in left.items():
            if mask & level.alive:
                merged.setdefault(mask & level.alive, Counter()).update(blocks)
        left = merged
        for group, number in level.wanted.items():
            assert sum(share_of[group].values()) == number
            for kind, taken in share_of[group].items():
                assert isinstance(kind, int)
                assert kind >> group & 1
                assert all(cut(left[kind], level.length) for _ in range(taken))
