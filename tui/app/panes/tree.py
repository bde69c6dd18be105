"""Lines in groups that can be folded: what an import would do, and what differs between two topologies.

Owns how a group's line looks, and which are folded to begin with. Invariant: the key of a group's line is
("group", its name), and a line is made when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import NamedTuple

from tui.app.widgets.lazy_rows import LazyRows
from tui.app.widgets.rows import Cell, Column, Row

COLUMNS = (Column("thing", 26, 2), Column("what", 26, 4), Column("from", 18, 2))
"""The cells of a line: what a thing is called, what there is to say about it, and where it was found."""

HEAD = ("head",)
"""The key of the first line, which says how much there is."""

_LARGEST_OPEN = 12


class Branch(NamedTuple):
    """A group of lines."""

    name: str
    """What it is folded by."""
    title: str
    keys: Sequence[Hashable]
    """The keys of the lines in it."""
    role: str = ""
    """The colour of its own line."""
    is_closed: bool = False
    """True if it is folded to begin with, however few its lines are."""


def folded(branches: Collection[Branch], toggled: Collection[str]) -> frozenset[str]:
    """Return the names of the folded ones: large ones, but for those of which somebody wanted it the other way."""
    closed = (branch.name for branch in branches if branch.is_closed or len(branch.keys) > _LARGEST_OPEN)
    return frozenset(closed) ^ frozenset(toggled)


def rows(
    head: str,
    branches: Sequence[Branch],
    cells: Callable[[Hashable], tuple[Cell, ...]],
    *,
    closed: Collection[str] = (),
    marked: Callable[[Hashable], bool] = lambda key: False,
    ascii_only: bool = False,
) -> Sequence[Row]:
    """Return a line that says `head`, then one for each branch, with the lines in it below where it is not closed.

    `cells` makes the cells of a line from its key, `marked` says of a key whether its line, or its group's, is marked.
    """
    keys: list[Hashable] = [HEAD]
    by_key = {("group", branch.name): branch for branch in branches}
    for key, branch in by_key.items():
        keys.append(key)
        if branch.name not in closed:
            keys += branch.keys

    def make(index: int) -> Row:
        key = keys[index]
        if not index:
            return Row(HEAD, (Cell(head),), group=True)
        branch = by_key.get(key)  # type: ignore[call-overload]
        if branch is None:
            return Row(key, cells(key), marked=marked(key))
        is_folded = branch.name in closed
        sign = (">" if is_folded else "v") if ascii_only else ("▸" if is_folded else "▾")
        return Row(key, (Cell(f"{sign} {branch.title}", branch.role),), marked=marked(key), group=True)

    return LazyRows(keys, make)
