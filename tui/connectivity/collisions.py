"""Collisions: networks whose address spaces overlap, told apart by whether they are joined.

Owns finding them in one sweep, however many there are. Up to MOST_PAIRS pairs are found one by one;
beyond, networks that share a block are counted together, so that the time stays that of sorting.
Invariant: a pair is reported once, in the order of the file, and never a network with itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.connectivity.joined import JoinedGroups, joined_groups
from tui.connectivity.links import network_order, networks
from tui.topology.derived import derived
from tui.topology.intervals import groups, nested_pairs
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

MOST_PAIRS = 10_000
"""Overlapping pairs that are reported one by one."""

_PREFIXES_A_PAIR = 10
"""Overlaps of prefixes that are looked at for each pair: two networks may overlap in several."""

_SMALL_GROUP = 8

Owned = tuple[Prefix, str]


@dataclass(frozen=True, slots=True)
class Collision:
    """Two networks that overlap."""

    networks: tuple[str, str]
    """Their names, in the order of the file."""
    overlaps: tuple[tuple[Prefix, Prefix], ...]
    """What overlaps: a prefix of the first with a prefix of the second."""
    joined: bool


@dataclass(frozen=True, slots=True)
class SharedBlock:
    """Networks that share a block, where there are too many pairs to name each."""

    block: Prefix
    networks: tuple[str, ...]
    """Their names, in the order of the file."""
    overlaps: int
    """How many of their prefixes overlap pairwise, of the kind that `joined` says."""
    joined: bool
    exact: bool
    """False if `overlaps` is an upper bound."""


@dataclass(frozen=True, slots=True)
class Collisions:
    """All overlaps of a topology: each pair is in one of the two, never in both."""

    pairs: tuple[Collision, ...]
    blocks: tuple[SharedBlock, ...]


@derived
def collisions(topology: Topology) -> Collisions:
    """Return every overlap between the address spaces of two networks. IPv4 and IPv6 never overlap."""
    owned = [
        (prefix, name)
        for name, network in networks(topology).items()
        # A prefix that a network lists twice overlaps others once.
        for prefix in (
            network.address_space if len(network.address_space) < 2 else dict.fromkeys(network.address_space)
        )
    ]
    shared = list(groups(owned))
    colliding = [entry for _, members in shared for entry in members]
    count = sum(_count(members) for _, members in shared)
    if not count:
        return Collisions((), ())
    order, joined = network_order(topology), joined_groups(topology)
    if count <= _PREFIXES_A_PAIR * MOST_PAIRS:
        pairs = _pairs(nested_pairs(colliding), order, joined)
        if len(pairs) <= MOST_PAIRS:
            return Collisions(pairs, ())
    near, near_blocks = _joined_overlaps(colliding, order, joined)
    far, far_blocks = _other_overlaps(shared, order, joined)
    return Collisions(_sorted(near + far, order), near_blocks + far_blocks)


def _pairs(
    overlaps: Iterable[tuple[Owned, Owned]], order: dict[str, int], joined: JoinedGroups
) -> tuple[Collision, ...]:
    found: dict[tuple[str, str], list[tuple[Prefix, Prefix]]] = {}
    for (outer, a), (inner, b) in overlaps:
        if a == b:
            continue
        if order[a] < order[b]:
            found.setdefault((a, b), []).append((outer, inner))
        else:
            found.setdefault((b, a), []).append((inner, outer))
    return _sorted([Collision(pair, tuple(prefixes), joined.joined(*pair)) for pair, prefixes in found.items()], order)


def _sorted(pairs: Iterable[Collision], order: dict[str, int]) -> tuple[Collision, ...]:
    return tuple(sorted(pairs, key=lambda pair: [order[name] for name in pair.networks]))


def _count(members: Sequence[Owned]) -> int:
    """How many of the blocks overlap pairwise with a block of another owner."""
    total = 0
    open_blocks: list[Owned] = []
    open_of: Counter[str] = Counter()
    for prefix, name in members:
        while open_blocks and not open_blocks[-1][0].contains(prefix):
            open_of[open_blocks.pop()[1]] -= 1
        total += len(open_blocks) - open_of[name]
        open_blocks.append((prefix, name))
        open_of[name] += 1
    return total


def _joined_overlaps(
    colliding: Sequence[Owned], order: dict[str, int], joined: JoinedGroups
) -> tuple[tuple[Collision, ...], tuple[SharedBlock, ...]]:
    """The overlaps between joined networks: one by one if they are few enough, else by group and block."""
    in_group: dict[int, list[Owned]] = {}
    for entry in colliding:
        for number in joined.of.get(entry[1], ()):
            in_group.setdefault(number, []).append(entry)
    shared = [(block, members) for entries in in_group.values() for block, members in groups(entries)]
    if sum(_count(members) for _, members in shared) <= _PREFIXES_A_PAIR * MOST_PAIRS:
        # A pair that shares two groups is seen twice; a set of its overlaps keeps one.
        overlaps = dict.fromkeys(overlap for _, members in shared for overlap in nested_pairs(members))
        pairs = _pairs(overlaps, order, joined)
        if len(pairs) <= MOST_PAIRS:
            return pairs, ()
    # Networks that share two groups would be listed twice.
    blocks = {
        SharedBlock(block, _in_order(members, order), count, joined=True, exact=True)
        for block, members in shared
        if (count := _count(members))
    }
    return (), tuple(sorted(blocks, key=lambda shared: (shared.block, [order[name] for name in shared.networks])))


def _other_overlaps(
    shared: Sequence[tuple[Prefix, list[Owned]]], order: dict[str, int], joined: JoinedGroups
) -> tuple[tuple[Collision, ...], tuple[SharedBlock, ...]]:
    """The overlaps between networks that are not joined: one by one if they are few enough, else by block."""
    counted = [(block, members, *_count_not_joined(members, joined)) for block, members in shared]
    if sum(_count(members) for _, members, count, _ in counted if count) <= _PREFIXES_A_PAIR * MOST_PAIRS:
        overlaps = (pair for _, members, count, _ in counted if count for pair in nested_pairs(members))
        pairs = tuple(pair for pair in _pairs(overlaps, order, joined) if not pair.joined)
        if len(pairs) <= MOST_PAIRS:
            return pairs, ()
    return (), tuple(
        SharedBlock(block, _in_order(members, order), count, joined=False, exact=exact)
        for block, members, count, exact in counted
        if count
    )


def _in_order(members: Iterable[Owned], order: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted({name for _, name in members}, key=order.__getitem__))


def _count_not_joined(members: Sequence[Owned], joined: JoinedGroups) -> tuple[int, bool]:
    """How many of the blocks overlap pairwise with one of a network that is not joined, and whether that is exact.

    For each block the open ones around it are counted by group instead of one by one. A network in several
    large groups makes the figure an upper bound: what two of its groups share is not told apart.
    """
    total, exact = 0, True
    open_blocks: list[Owned] = []
    open_of: Counter[str] = Counter()
    open_in: Counter[int] = Counter()
    for prefix, name in members:
        while open_blocks and not open_blocks[-1][0].contains(prefix):
            closed = open_blocks.pop()[1]
            open_of[closed] -= 1
            for number in joined.of.get(closed, ()):
                open_in[number] -= 1
        near, certain = _open_joined(name, open_of, open_in, joined)
        total += len(open_blocks) - open_of[name] - near
        exact = exact and certain
        open_blocks.append((prefix, name))
        open_of[name] += 1
        for number in joined.of.get(name, ()):
            open_in[number] += 1
    return total, exact or not total


def _open_joined(name: str, open_of: Counter[str], open_in: Counter[int], joined: JoinedGroups) -> tuple[int, bool]:
    """How many open blocks belong to networks joined with `name`, and whether that is exact."""
    numbers = [number for number in joined.of.get(name, ()) if open_in[number] > open_of[name]]
    if not numbers:
        return 0, True
    fullest = max(numbers, key=open_in.__getitem__)
    near = open_in[fullest] - open_of[name]
    rest = [number for number in numbers if number != fullest]
    small = [number for number in rest if len(joined.groups[number]) <= _SMALL_GROUP]
    aside = {other for number in small for other in joined.groups[number]} - joined.groups[fullest] if small else set()
    return near + sum(open_of[other] for other in aside), len(small) == len(rest)
