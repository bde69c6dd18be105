"""The lines of the renumbering assistant: what collides, which network moves where, and what cannot be helped.

Invariant: a step's line has the key ("step", the name of its network), and is marked while it is to be made.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator

from tui.app.panes.moves import changes
from tui.app.widgets.rows import Cell, Column, Row
from tui.checks.rule import listed
from tui.planner.renumber.proposal import Renumbering, Step

COLUMNS = (Column("network", 16, 1), Column("from", 18, 1), Column("to", 18, 1), Column("because of", 18, 2))


def rows(found: Renumbering, left_out: Collection[str]) -> list[Row]:
    """Return the lines of a proposal; the steps of the networks in `left_out` are not marked."""
    lines = [Row(("renumber", "head"), (Cell(heading(found)),), group=True)]
    for step in found.steps:
        move = step.move
        cells = (
            Cell(move.network),
            Cell(", ".join(str(old) for old, _ in move.blocks)),
            Cell(", ".join(str(new) for _, new in move.blocks), "free"),
            Cell(listed(step.because)),
        )
        lines.append(Row(("step", move.network), cells, marked=move.network not in left_out))
    if found.unsolved:
        lines.append(Row(("renumber", "unsolved"), (Cell("what stays as it is"),), group=True))
    for number, one in enumerate(found.unsolved):
        said = f"{one.network} keeps colliding with {listed(one.against)}: {one.why}; {one.way}"
        lines.append(Row(("unsolved", number), (Cell(said, "warning"),)))
    return lines


def heading(found: Renumbering) -> str:
    """Return the proposal in one line."""
    if not found.conflicts:
        return "nothing that is joined overlaps: no network has to move"
    how = "the cheapest way out" if found.exact else "a way out, perhaps not the cheapest"
    networks = "1 network moves" if len(found.steps) == 1 else f"{len(found.steps)} networks move"
    collisions = "1 collision" if found.conflicts == 1 else f"{found.conflicts} collisions"
    return f"{collisions}; {how}: {networks}"


def step_of(found: Renumbering, key: Hashable) -> Step | None:
    """Return the step whose line has that key."""
    if not isinstance(key, tuple) or key[:1] != ("step",):
        return None
    return next((step for step in found.steps if step.move.network == key[1]), None)


def explained(found: Renumbering, key: Hashable) -> Iterator[str]:
    """Yield, in sentences, what is to be said about the line of that key."""
    step = step_of(found, key)
    if step is not None:
        yield f"{step.move.network} collides with {listed(step.because)}"
        yield f"it moves from {', '.join(f'{old} to {new}' for old, new in step.move.blocks)}"
        yield from changes(step.move)
    elif isinstance(key, tuple) and key[:1] == ("unsolved",):
        one = found.unsolved[key[1]]
        yield f"{one.network} keeps colliding with {listed(one.against)}: {one.why}"
        yield one.way
