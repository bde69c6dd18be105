"""Lines in groups that can be folded: what an import would do, and what differs between two topologies.

Owns how a group's line looks, which are folded to begin with, and what is left of them where a text is sought.
Invariant: the key of a group's line is ("group", its name), and a line is made when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from tui.app.widgets.lazy_rows import LazyRows
from tui.app.widgets.rows import Cell, Column, Row
from tui.topology.parts import Path

COLUMNS = (Column("thing", 26, 2), Column("what", 26, 4), Column("from", 18, 2))
"""The cells of a line: what a thing is called, what there is to say about it, and where it was found."""

HEAD = ("head",)
"""The key of the first line, which says how much there is."""

_LARGEST_OPEN = 12


class Line(NamedTuple):
    """What a line shows, and what is to be said about it."""

    cells: tuple[Cell, ...]
    explained: Callable[[], Iterable[str]] = tuple
    """Yields, in sentences, what is to be said about it in full."""
    paths: tuple[Path, ...] = ()
    """The places of what it is about, the likeliest first."""


class Branch(NamedTuple):
    """A group of lines."""

    name: str
    """What it is folded by."""
    title: str
    keys: Sequence[Hashable]
    """The keys of the lines in it."""
    role: str = ""
    """The colour of its own line."""
    below: Callable[[Hashable], Sequence[Hashable]] | None = None
    """Gives the keys of the lines below a line, which is folded by its key; None: there are none."""
    unfolds: bool = False
    """True if what is below its lines is shown to begin with."""


class View(NamedTuple):
    """How somebody looks at the lines."""

    toggled: Collection[Hashable] = ()
    """Names of groups and keys of lines that are not as they were to begin with: unfolded, or folded."""
    wanted: str = ""
    """Only what holds this text is shown, whatever is folded; empty: everything."""
    ascii_only: bool = False


AS_IT_IS = View()
"""Nothing was folded, unfolded or sought."""


def folded(branches: Collection[Branch], toggled: Collection[Hashable]) -> frozenset[Hashable]:
    """Return the names of the folded groups and the keys of the folded lines.

    Large groups are folded, but for those of which somebody wanted it the other way.
    """
    closed: set[Hashable] = {branch.name for branch in branches if _is_large(branch)}
    for branch in branches:
        if branch.below is not None and not branch.unfolds:
            closed.update(branch.keys)
    return frozenset(closed) ^ frozenset(toggled)


def is_folded(branches: Collection[Branch], line: Hashable, toggled: Collection[Hashable]) -> bool | None:
    """Return whether the group of that name, or the line of that key, is folded; None: there is nothing below it."""
    for branch in branches:
        if line == branch.name or (branch.below is not None and line in branch.keys and branch.below(line)):
            return line in folded(branches, toggled)
    return None


def _is_large(branch: Branch) -> bool:
    lines = len(branch.keys)
    if branch.below is not None and branch.unfolds and lines <= _LARGEST_OPEN:
        lines += sum(len(branch.below(key)) for key in branch.keys)
    return lines > _LARGEST_OPEN


def rows(
    head: str,
    branches: Sequence[Branch],
    cells: Callable[[Hashable], tuple[Cell, ...]],
    view: View,
    *,
    marked: Callable[[Hashable], bool] = lambda key: False,
    holds: Callable[[Hashable], bool] = lambda key: True,
) -> Sequence[Row]:
    """Return a line that says `head`, then one for each branch, with the lines in it below where it is not closed.

    `cells` makes the cells of a line from its key, `marked` says of a key whether its line, or its group's, is marked,
    and `holds` whether a line holds what is wanted.
    """
    keys: list[Hashable] = [HEAD]
    groups: dict[Hashable, Branch] = {("group", branch.name): branch for branch in branches}
    closed = folded(branches, view.toggled)
    within: dict[Hashable, Branch] = {}
    for key, branch in groups.items():
        if view.wanted:
            found = list(_holding(branch, closed, holds))
            keys += [key, *found] if found else []
        else:
            keys.append(key)
            keys += _open(branch, closed) if branch.name not in closed else ()
        within.update(dict.fromkeys(branch.keys, branch))
    signs = (">", "v") if view.ascii_only else ("▸", "▾")

    def make(index: int) -> Row:
        key = keys[index]
        if not index:
            return Row(HEAD, (Cell(head),), group=True)
        group = groups.get(key)
        if group is not None:
            sign = signs[group.name not in closed or bool(view.wanted)]
            return Row(key, (Cell(f"{sign} {group.title}", group.role),), marked=marked(key), group=True)
        first, *others = cells(key)
        return Row(key, (Cell(f"{indent(key)}{first.text}", first.role), *others), marked=marked(key))

    def indent(key: Hashable) -> str:
        branch = within.get(key)
        if branch is None:
            return "      "
        if branch.below is None:
            return "  "
        return f"  {signs[key not in closed]} " if branch.below(key) else "    "

    return LazyRows(keys, make)


def _open(branch: Branch, closed: Collection[Hashable]) -> Iterator[Hashable]:
    for key in branch.keys:
        yield key
        if branch.below is not None and key not in closed:
            yield from branch.below(key)


def _holding(branch: Branch, closed: Collection[Hashable], holds: Callable[[Hashable], bool]) -> Iterator[Hashable]:
    """The lines that hold what is wanted, and those below which one does that was shown to begin with."""
    for key in branch.keys:
        below = branch.below(key) if branch.below is not None and (branch.unfolds or key not in closed) else ()
        if holds(key):
            yield key
            yield from below if key not in closed else ()
        else:
            inside = [one for one in below if holds(one)]
            if inside:
                yield key
                yield from inside
