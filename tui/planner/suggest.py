"""Suggestions: free blocks for a request, each with the reason why it is offered and with what it leaves.

Owns the words of the reasons. Which block comes first is `tui.planner.placement`'s, what counts as used
`tui.planner.holdings`'s, where blocks come from `tui.planner.pools`'s.
Invariant: the blocks of one answer overlap neither each other nor anything used, and all can be taken together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from tui.planner.gaps import Gaps, largest_of
from tui.planner.holdings import free
from tui.planner.numbers import short
from tui.planner.placement import STRATEGIES, Placed, Strategy, placed, spaces, with_growth
from tui.planner.pools import Source, sources
from tui.planner.reasons import advertising, between, joining
from tui.planner.refusal import Refusal
from tui.planner.refusing import refusal
from tui.planner.request import Request
from tui.planner.surroundings import doubtful, known_to_clash, neighbours
from tui.topology.catalog import same_region
from tui.topology.intervals import free_blocks, outermost
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A free block."""

    prefix: Prefix
    held: tuple[Prefix, ...]
    """What would be held for it to grow into, where growth was asked for."""
    source: Source
    """Where it comes from."""
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The answer to a request by one strategy."""

    strategy: Strategy
    blocks: tuple[Suggestion, ...]
    """As many as were asked for, or as there are; the best first."""
    fitting: int
    """How many blocks of the size are free altogether, before any is taken."""
    free_blocks: int
    """How many maximal blocks are free."""
    largest_free: Prefix | None
    """The largest free block of any size; of several the lowest."""
    largest_left: Prefix | None
    """The largest one that would be left."""
    refusal: Refusal | None
    """Why there are fewer than were asked for."""

    @property
    def left(self) -> int:
        """How many more blocks of the size would be free."""
        return self.fitting - len(self.blocks)


def suggestions(topology: Topology, request: Request, strategy: Strategy = STRATEGIES[0]) -> Suggestions:
    """Return the blocks that `request` asks for. Raises VnetTuiError for a pool that is not there."""
    where = sources(topology, pool=request.pool, region=request.region, family=request.family)
    whole = [free(topology).gaps(prefix) for prefix in outermost(source.prefix for source in where)]
    fitting = sum(gaps.fitting(request.searched) for gaps in whole)
    known = spaces(free(topology), where, request.searched)
    taken = list(islice(placed(known, request.searched, strategy, partial(doubtful, topology)), request.count))
    others = sorted(one.block for one in taken)
    return Suggestions(
        strategy=strategy,
        blocks=tuple(_suggested(topology, request, one, strategy, others) for one in taken),
        fitting=fitting,
        free_blocks=sum(gaps.number() for gaps in whole),
        largest_free=largest_of(whole),
        largest_left=_largest(whole, others),
        refusal=None if len(taken) == request.count else refusal(topology, request, len(taken)),
    )


def placements(topology: Topology, request: Request) -> tuple[Suggestions, ...]:
    """Return what each strategy would hand out, side by side."""
    return tuple(suggestions(topology, request, strategy) for strategy in STRATEGIES)


def every(topology: Topology, request: Request, strategy: Strategy = STRATEGIES[0]) -> Iterator[Suggestion]:
    """Yield every free block of the size, the best first; none is looked for before it is asked for."""
    where = sources(topology, pool=request.pool, region=request.region, family=request.family)
    known = spaces(free(topology), where, request.searched)
    for one in placed(known, request.searched, strategy, partial(doubtful, topology)):
        yield _suggested(topology, request, one, strategy, None)


def _suggested(
    topology: Topology, request: Request, one: Placed, strategy: Strategy, taken: Sequence[Prefix] | None
) -> Suggestion:
    """`taken`: all blocks of the same answer, lowest first; None where every free block is one."""
    block, source = one.block, one.space.source
    gaps = free(topology).gaps(source.prefix)
    stretch = gaps.around(block.first)
    prefix, held = block, tuple[Prefix, ...]()
    if request.searched < request.length:
        prefix, held = with_growth(block, request.length)
    grows_to = _room_around(block, source.prefix, stretch, taken or (block,))
    reasons = [
        _place(one, strategy, grows_to),
        between(*neighbours(topology, source.prefix, stretch)),
        f"{', '.join(map(str, held))} held for it to grow to {block}" if held else "",
        _growing(one, strategy, grows_to, bool(held)),
        # Of this source: others may have been looked into besides.
        f"leaves {_left(gaps, block, taken)} × /{block.length}" if taken is not None else "",
        *_of_region(topology, request, source, block),
        *advertising(topology, block),
        known_to_clash(block, topology.planning.workloads),
    ]
    return Suggestion(prefix, held, source, "; ".join(filter(None, reasons)))


def _left(gaps: Gaps, block: Prefix, taken: Sequence[Prefix]) -> str:
    return short(gaps.fitting(block.length) - len(_within(gaps.pool, taken)))


def _of_region(topology: Topology, request: Request, source: Source, block: Prefix) -> Iterator[str]:
    """What the region that was asked for has to do with it."""
    foreign = request.pool is None and request.region is not None and not same_region(source.region, request.region)
    if foreign and source.pool is not None:
        own = any(same_region(pool.region, request.region) for pool in topology.planning.pools.values())
        yield f"{request.region} has no {f'IPv{request.family} ' if own else ''}pool of its own"
    if not foreign:
        yield from joining(topology, source, block)


def _place(one: Placed, strategy: Strategy, grows_to: Prefix) -> str:
    """Why the strategy takes just this block."""
    block, source = one.block, one.space.source
    length = block.length
    if strategy == "in-order":
        lowest = next(one.space.gaps.in_order(BITS[block.version] - length))
        return f"{'lowest' if lowest == block.first else 'next'} free /{length} in {source}"
    if one.opens == block:
        exactly = "a free block of just this size" if strategy == "tightest" else "the largest free block there is"
        return f"{exactly} in {source}"
    if strategy == "tightest":
        return f"from {one.opens}, the smallest free block that holds a /{length} in {source}"
    doubling = f", so that it can double up to {grows_to}" if grows_to != block else ""
    return f"begins the free {one.opens} in {source}{doubling}"


def _growing(one: Placed, strategy: Strategy, grows_to: Prefix, held: bool) -> str:
    if grows_to == one.block:
        return "" if held else "cannot grow in place"
    said = strategy == "room-to-grow" and one.opens != one.block
    return "" if said else f"can grow to /{grows_to.length}"


def _room_around(block: Prefix, within: Prefix, stretch: tuple[int, int], taken: Sequence[Prefix]) -> Prefix:
    """The largest block around `block` that is free, and in which nothing else of the answer lies."""
    while block.length > within.length:
        wider = block.parent()
        if wider.first < stretch[0] or wider.last > stretch[1]:
            break
        if len(_within(wider, taken)) > 1:
            break
        block = wider
    return block


def _within(wider: Prefix, taken: Sequence[Prefix]) -> Sequence[Prefix]:
    """Those of `taken`, which are sorted and of one length, that lie in `wider`, which is no smaller."""
    end = Prefix(wider.version, wider.last, BITS[wider.version])
    return taken[bisect_left(taken, Prefix(wider.version, wider.first, 0)) : bisect_right(taken, end)]


def _largest(whole: Sequence[Gaps], taken: Sequence[Prefix]) -> Prefix | None:
    """The largest free block when `taken` are taken, which are sorted and of one length; of several the lowest."""
    best: Prefix | None = None
    for gaps in whole:
        bits = BITS[gaps.pool.version]
        for size in range(gaps.sizes.bit_length() - 1, -1, -1):
            if best is not None and bits - size > best.length:
                break
            for start in gaps.pieces(size):
                piece = Prefix(gaps.pool.version, start, bits - size)
                inside = _within(piece, taken)
                left = free_blocks(piece, inside) if inside else [piece]
                found = min(left, key=lambda block: block.length, default=None)
                if found is not None and (best is None or (found.length, found.first) < (best.length, best.first)):
                    best = found
                if not inside:
                    break
    return best
