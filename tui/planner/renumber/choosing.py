"""Choosing: which blocks of which networks move, and where to, so that no two joined networks overlap.

Owns what is done where not everything has room. A block of a network that has none stays, and the rest is sought
anew, at most ROUNDS times; of these answers the one that leaves the fewest pairs is mended until nothing changes: a
pair of which one side can move after all is solved, and what moves without solving a pair stays.
Where few networks collide, that is done once more for each block that moves, which then stays.
Bounds: ROUNDS, MOST_SWAPPED, and MOST_MENDED pairs that are mended; up to these no pair is left of which the blocks of
one side have room.
Invariant: nothing moves that may not, and every block that moves overlaps something that stays and is rid of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui.planner.batch.placing import NoRoom
from tui.planner.renumber.conflicts import Conflicts, Standing, Stuck
from tui.planner.renumber.cover import cheapest_cover
from tui.planner.renumber.fitting import Costs, as_many_as_fit
from tui.planner.renumber.moving import Block, Room
from tui.planner.renumber.outcome import MOST_NAMED, Outcome
from tui.topology.prefix import Prefix

ROUNDS = 5

MOST_SWAPPED = 64
"""Networks that collide up to which it is tried whether more is solved where one that moves stays."""

MOST_MENDED = 200
"""Pairs that are solved while an answer is mended."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What moves."""

    outcome: Outcome
    exact: bool
    """True if no other set of networks is cheaper."""


def chosen(conflicts: Conflicts, costs: Costs, room: Room) -> Choice:
    """Return what moves: the cheapest set of networks, as far as there is room. `costs`: None for what stays."""
    best = _answer(conflicts, costs, room, {})
    rest = best.outcome.pairs
    if not rest or len(conflicts.prefixes) > MOST_SWAPPED:
        return best
    # What moves may take the room of what cannot: each in turn stays, and the rest is sought anew.
    for name, blocks in best.outcome.placed.items():
        for old, _ in blocks:
            other = _answer(conflicts, costs, room, {name: {old}})
            if (left := other.outcome.pairs) < rest:
                best, rest = other, left
    return best


def _answer(conflicts: Conflicts, costs: Costs, room: Room, stays: Stuck) -> Choice:
    """What moves where the blocks `stays` stay."""
    stuck = {name: set(blocks) for name, blocks in stays.items()}
    best: tuple[int, Choice] | None = None
    for _ in range(ROUNDS):
        movers, exact = _movers(conflicts, costs, stuck)
        moving = _moving(conflicts, costs, stuck, movers)
        placed, left = room.place(moving), list[Block]()
        if isinstance(placed, NoRoom):
            placed, left = as_many_as_fit(room, moving, costs)
        outcome = Outcome(conflicts, placed)
        for name, old in left:
            stuck.setdefault(name, set()).add(old)
        rest = outcome.pairs
        if best is None or rest < best[0]:
            best = rest, Choice(outcome, exact and not stuck)
        if not left:
            break
    assert best is not None
    if stuck:
        _mend(best[1].outcome, costs, room)
    return best[1]


def _movers(conflicts: Conflicts, costs: Costs, stuck: Stuck) -> tuple[frozenset[str], bool]:
    """Which networks move, and whether no other set is cheaper."""
    edges = conflicts.edges(stuck)
    if edges is not None:
        cover = cheapest_cover(costs, edges)
        return cover.nodes, cover.exact
    standing = _standing(conflicts, stuck, {name for name in conflicts.prefixes if costs[name] is not None})
    movers: list[str] = []
    for name in _dearest_first((name for name in conflicts.prefixes if costs[name] is not None), costs):
        prefixes = [one for one in conflicts.prefixes[name] if one not in stuck.get(name, ())]
        if next(standing.against(name, prefixes), None) is None:
            standing.add(name, prefixes)
        else:
            movers.append(name)
    return frozenset(movers), False


def _standing(conflicts: Conflicts, stuck: Stuck, movers: Iterable[str]) -> Standing:
    """What stays for certain where `movers` may move."""
    standing = Standing(conflicts.of)
    may_move = frozenset(movers)
    for name, prefixes in conflicts.prefixes.items():
        standing.add(name, sorted(stuck.get(name, ())) if name in may_move else prefixes)
    return standing


def _moving(conflicts: Conflicts, costs: Costs, stuck: Stuck, movers: Iterable[str]) -> list[Block]:
    """The blocks of the movers that overlap what stays; the dearest networks keep what they can."""
    standing = _standing(conflicts, stuck, movers)
    moving: list[Block] = []
    for name in _dearest_first(movers, costs):
        blocks: list[Prefix] = []
        for prefix in conflicts.prefixes[name]:
            # Sorted, so what holds the prefix came before it: the prefix moves along.
            if prefix in stuck.get(name, ()) or (blocks and blocks[-1].contains(prefix)):
                continue
            if next(standing.against(name, (prefix,)), None) is None:
                standing.add(name, (prefix,))
            else:
                blocks.append(prefix)
        moving += ((name, block) for block in blocks)
    return moving


def _dearest_first(names: Iterable[str], costs: Costs) -> list[str]:
    return sorted(names, key=lambda name: (-(costs[name] or 0), name))


def _mend(outcome: Outcome, costs: Costs, room: Room) -> None:
    """Solve the pairs of which one side can move after all, until there are none."""
    cheapest_first = [name for name in reversed(_dearest_first(outcome.stays, costs)) if costs[name] is not None]
    _put_back_what_is_idle(outcome)
    for _ in range(MOST_MENDED):
        there = room.beside(outcome.new)
        # One after another: what is taken for one is free for the next no more.
        solved = next((placed for name in cheapest_first if (placed := _rid(outcome, there, name))), None)
        if solved is None:
            return
        outcome.move(solved)
        _put_back_what_is_idle(outcome)


def _rid(outcome: Outcome, room: Room, name: str) -> dict[Block, Prefix] | None:
    """A place for all blocks of a network that overlap one other, so that this pair is solved; None where none is."""
    if all(_is_too_large(room, name, old) for old in outcome.stays[name]):
        return None
    ways = {tuple(blocks) for blocks in outcome.colliding(name).values()}
    fitting = [blocks for blocks in ways if not any(_is_too_large(room, name, old) for old in blocks)]
    for blocks in sorted(fitting, key=lambda blocks: (sum(old.size for old in blocks), blocks)):
        placed = room.place([(name, old) for old in blocks])
        if not isinstance(placed, NoRoom):
            return placed
    return None


def _is_too_large(room: Room, name: str, old: Prefix) -> bool:
    largest = room.largest(name, old.version)
    return largest is None or largest.length > old.length


def _put_back_what_is_idle(outcome: Outcome) -> None:
    """Let stay what moves without solving any pair."""
    for name, blocks in outcome.placed.items():
        for old, _ in blocks:
            rid_of = outcome.against(name, (old,))
            if len(rid_of) < MOST_NAMED and outcome.colliding(name).keys() >= set(rid_of):
                outcome.put_back(name, old)
