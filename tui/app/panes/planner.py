"""Tab 7: what three strategies would hand out for a request that somebody types, with the reasons side by side.

Owns the lines of an answer, and which suggestions or which way out a line stands for.
Invariant: a block's row has the key ("block", its prefix as text, its strategy), that of all blocks of a strategy
("placement", the strategy); whatever is typed gives rows, never an exception.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tui.app.widgets.rows import Cell, Column, Row
from tui.errors import VnetTuiError
from tui.planner.placement import Strategy
from tui.planner.refusal import Refusal, WayOut
from tui.planner.request import Request, parse_request
from tui.planner.suggest import Suggestion, Suggestions, placements
from tui.topology.catalog import same_region
from tui.topology.derived import derived
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import SMALLEST_SUBNET, usable_addresses

COLUMNS = (Column("order", 12), Column("prefix", 18), Column("leaves", 19), Column("why there", 20, 4))

_WORDS: dict[Strategy, str] = {"tightest": "tightest", "in-order": "in order", "room-to-grow": "room to grow"}
Answer: TypeAlias = tuple[Request, tuple[Suggestions, ...]]

_MOST_BLOCKS = 64
"""Blocks of one strategy that are listed."""
_MOST_OPEN = 4
"""Blocks of one strategy that are listed without being asked for: with more, the three would not be seen at once."""
_SIGNS = {False: ("▾ ", "▸ "), True: ("v ", "> ")}
"""What stands before the line of a strategy that is open, or folded; the second where only ASCII can be shown."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a row stands for: one block, or all blocks of a strategy."""

    request: Request
    blocks: tuple[Suggestion, ...]
    whole: bool
    """True if these are all that the strategy hands out, which may be fewer than were asked for."""

    def region(self, block: Suggestion) -> str | None:
        """Return the region of what is made there: the one that was asked for comes before that of the pool."""
        return self.request.region or block.source.region


def rows(
    topology: Topology,
    text: str,
    *,
    toggled: Collection[str] | None = None,
    ascii_only: bool = False,
    does: str = "; Enter does it",
) -> list[Row]:
    """Return what `text` asks for in one line, then what each strategy hands out; or what may be typed.

    Several blocks of one strategy stand under a line that says where they lie. Where they are many they are folded, so
    that all three lines are seen at once; `toggled` holds the strategies that are not as they would be, None: nothing
    is folded. `does` is said behind a way out that Enter takes.
    """
    try:
        request, found = answer(topology, text)
    except VnetTuiError as error:
        return [
            Row(("planner", "wrong"), (Cell(error.message),), group=True),
            Row(("planner", "hint"), (Cell(error.hint, "muted"),)),
        ]
    lines = [Row(("planner", "asked"), (Cell(_asked(topology, request, found[0])),), group=True)]
    refusal = found[0].refusal
    if refusal is not None:
        lines += _refused(refusal, does)
    for one in found:
        folded = toggled is not None and (len(one.blocks) > _MOST_OPEN) != (one.strategy in toggled)
        sign = "" if toggled is None else _SIGNS[ascii_only][folded]
        lines += _placement(request, one, sign, folded=folded)
    return lines


def answer(topology: Topology, text: str) -> Answer:
    """Return what is asked for, and what each strategy would hand out. Raises VnetTuiError for what is no request."""
    last = _last(topology)
    if text not in last:
        request = parse_request(text, topology)
        last.clear()
        last[text] = request, placements(topology, request)
    return last[text]


@derived
def _last(topology: Topology) -> dict[str, Answer]:
    """What was asked last: the lines, the cursor and Enter all speak of it."""
    return {}


def chosen(topology: Topology, text: str, key: Hashable) -> Chosen | None:
    """Return what the row of `key` stands for: one block, all blocks of a strategy, or nothing."""
    if not isinstance(key, tuple) or key[:1] not in (("block",), ("placement",)):
        return None
    request, found = answer(topology, text)
    blocks = next((one.blocks for one in found if one.strategy == key[-1]), ())
    if key[0] == "placement":
        return Chosen(request, blocks, True) if blocks else None
    blocks = tuple(one for one in blocks if str(one.prefix) == key[1])
    return Chosen(request, blocks, False) if blocks else None


def way_out(topology: Topology, text: str, key: Hashable) -> WayOut | None:
    """Return the way out of a refusal that the row of `key` stands for."""
    if not isinstance(key, tuple) or key[:1] != ("way",):
        return None
    refusal = answer(topology, text)[1][0].refusal
    return refusal.ways[key[1]] if refusal is not None else None


def _asked(topology: Topology, request: Request, found: Suggestions) -> str:
    size = f"/{request.length}"
    if request.hosts is not None:
        size = f"{request.hosts} hosts need a {size}"
    elif request.family == 4:
        size = f"{size} ({usable_addresses(Prefix(4, 0, request.length))} usable)"
    if request.growth is not None:
        size += f", to grow to a /{request.growth}"
    many = f"{request.count} × " if request.count > 1 else ""
    largest = f", the largest block {found.largest_free}" if found.largest_free is not None else ""
    small = request.family == 4 and request.length > SMALLEST_SUBNET
    note = f"; Azure's smallest subnet is a /{SMALLEST_SUBNET}" if small else ""
    return f"{many}{size}{_where(topology, request)}: {_number(found.fitting)} free{largest}{note}"


def _where(topology: Topology, request: Request) -> str:
    if request.pool is not None:
        return f" in {'' if '/' in request.pool else 'pool '}{request.pool}"
    if request.region is None:
        return ""
    own = any(same_region(pool.region, request.region) for pool in topology.planning.pools.values())
    return f" for {request.region}" + ("" if own else ", which has no pool of its own")


def _placement(request: Request, found: Suggestions, sign: str, *, folded: bool) -> Iterator[Row]:
    word, strategy = _WORDS[found.strategy], found.strategy
    left = f"{_number(found.left)} × /{request.searched}"
    if found.largest_left is not None:
        left += f", a /{found.largest_left.length}"
    if request.count > 1 and found.blocks:
        lowest, several = found.blocks[0].prefix, len(found.blocks)
        which = f"1 block, {lowest}" if several == 1 else f"{several} blocks, {lowest} to {found.blocks[-1].prefix}"
        hint = "; space lists them" if folded else ""
        yield Row(("placement", strategy), (Cell(f"{sign}{word}: {which}; leaves {left}{hint}"),), group=True)
        if folded:
            return
    for number, one in enumerate(found.blocks[:_MOST_BLOCKS]):
        first = request.count == 1 and not number
        cells = (Cell(word if first else ""), Cell(str(one.prefix), "free"), Cell(left if first else ""))
        yield Row(("block", str(one.prefix), strategy), (*cells, Cell(one.reason)))
    if len(found.blocks) > _MOST_BLOCKS:
        yield Row(("more", strategy), (Cell(f"and {len(found.blocks) - _MOST_BLOCKS} more", "muted"),))


def _refused(refusal: Refusal, does: str) -> Iterator[Row]:
    yield Row(("planner", "why"), (Cell(refusal.message),), group=True)
    for number, way in enumerate(refusal.ways):
        taken = any(does is not None for does in (way.edit, way.request, way.moves))
        cell = Cell(f"{way.text}{does}") if taken else Cell(way.text, "muted")
        yield Row(("way", number), (cell,))


def _number(count: int) -> str:
    """The number, or a power of two about as large where nobody would read the digits."""
    return str(count) if count < 1 << BITS[4] else f"2^{count.bit_length() - 1}"
