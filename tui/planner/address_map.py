"""The address map: a block of address space cut into cells, and what lies in each of them.

Owns the states of cells, the views that zooming goes through, and the sentence about a cell.
Invariant: the state of a cell and its free addresses are those of its addresses one by one, whatever lies in it,
covers it or is there twice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias, overload

from tui.planner.advertised import summaries
from tui.planner.holdings import Holder, What, holdings
from tui.planner.occupancy import Occupancy, occupancy
from tui.planner.pools import RFC1918
from tui.topology.derived import derived
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import SMALLEST

State: TypeAlias = Literal["free", "used", "held", "avoided", "mixed"]

CELL_BITS = 8
"""A view is cut into 2**8 cells, or fewer where they would be smaller than the smallest subnet."""
ZOOM_BITS = 4
"""A step of zooming makes everything 2**4 times as large: what was a row of sixteen cells is the view then."""

_NAMES = 3
_BLOCKS_SAID = 2
_LOOKED_AT = 64
_LONGEST_NAME = 40
_COUNTED = 1_000_000


class MapCell(NamedTuple):
    """One cell of the map."""

    prefix: Prefix
    state: State
    """What all of its addresses are; "mixed" where they are not all the same.

    An address is used where a network or its VPN clients have it, else held where it is somebody's growth, else avoided
    where the file or Azure keeps it from being handed out, else free.
    """
    names: tuple[str, ...]
    """Who has blocks here, the first few: networks, and reasons to avoid a block; as the file writes them."""
    more: int
    """How many blocks here are of others than those named; of very many blocks, the later ones all count as such."""
    free_addresses: int


class MapPool(NamedTuple):
    """A block that can be looked at as a whole."""

    title: str
    """What it is: "pool weu-prod", "RFC 1918"."""
    prefix: Prefix


class Cells(Sequence[MapCell]):
    """The cells of a view, lowest first; each is worked out when it is asked for, and then remembered."""

    def __init__(self, topology: Topology, view: Prefix, length: int) -> None:
        if not view.length <= length <= BITS[view.version]:
            raise ValueError(f"{view} has no cells of /{length}")
        self.view, self.length = view, length
        self._index = holdings(topology).index
        self._space = _space(topology)
        self._known: dict[int, MapCell] = {}

    def __len__(self) -> int:
        return 1 << (self.length - self.view.length)

    @overload
    def __getitem__(self, index: int) -> MapCell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[MapCell]: ...
    def __getitem__(self, index: int | slice) -> MapCell | Sequence[MapCell]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index if index >= 0 else len(self) + index
        cell = self._known.get(place)
        if cell is None:
            if not 0 <= place < len(self):
                raise IndexError(index)
            first = self.view.first + (place << (BITS[self.view.version] - self.length))
            cell = self._known[place] = self._made(Prefix(self.view.version, first, self.length))
        return cell

    def _made(self, prefix: Prefix) -> MapCell:
        space = self._space
        free = prefix.size - space.taken.addresses(prefix)
        names: dict[str, int] = {}
        looked_at = 0
        for _, holder in islice(self._index.overlapping(prefix), _LOOKED_AT) if free < prefix.size else ():
            names[holder.name] = names.get(holder.name, 0) + 1
            looked_at += 1
        named = tuple(islice(names, _NAMES))
        more = looked_at - sum(names[name] for name in named)
        if looked_at == _LOOKED_AT:
            more += space.blocks(prefix) - looked_at
        return MapCell(prefix, space.state(prefix, free), named, more, free)


def cells(topology: Topology, view: Prefix, length: int) -> Cells:
    """Return the cells of prefix length `length` that make up `view`. Raises ValueError where it has none such."""
    return Cells(topology, view, length)


# What is looked at.


def map_pools(topology: Topology, at: Prefix | None = None) -> tuple[MapPool, ...]:
    """Return what can be looked at: the prefixes of the pools of both families, else those of RFC 1918.

    Where `at` is outside all of them, its surroundings come last.
    """
    named = [
        MapPool(f"pool {name}", prefix) for name, pool in topology.planning.pools.items() for prefix in pool.prefixes
    ]
    found = named or [MapPool("RFC 1918", prefix) for prefix in RFC1918]
    if at is not None and not any(pool.prefix.overlaps(at) for pool in found):
        around = at.shortened(max(at.length - CELL_BITS, 0))
        around = next((prefix for prefix in RFC1918 if prefix.overlaps(at)), around)
        found.append(MapPool("outside every pool", around))
    return tuple(found)


def cell_length(view: Prefix) -> int:
    """Return the prefix length of the cells that `view` is cut into: not beyond the smallest subnet of the family.

    That is a /29, or a /64 of IPv6 (`suggest`); a view that is no larger itself is cut into what it holds.
    """
    return min(view.length + CELL_BITS, _end(view))


def view_of(pool: Prefix, at: Prefix | None = None) -> Prefix:
    """Return the view of `pool` to begin with: all of it, or what is around `at` so that this fills a cell or more."""
    if at is None or not pool.contains(at):
        return pool
    steps = max(min(at.length, _end(pool)) - CELL_BITS - pool.length, 0) + ZOOM_BITS - 1
    return at.shortened(min(pool.length + steps // ZOOM_BITS * ZOOM_BITS, _last_view(pool), at.length))


def zoomed_in(view: Prefix, cell: Prefix) -> Prefix:
    """Return the view a step closer to `cell`, which lies in it; `view` itself where that is as close as it goes."""
    return cell.shortened(max(min(view.length + ZOOM_BITS, _last_view(view)), view.length))


def zoomed_out(view: Prefix, pool: Prefix) -> Prefix:
    """Return the view that one step of zooming led to `view` from; `pool` is the largest."""
    steps = max(view.length - pool.length - 1, 0) // ZOOM_BITS
    return view.shortened(pool.length + steps * ZOOM_BITS)


def place_of(view: Prefix, prefix: Prefix) -> int:
    """Return the index of the cell of `view` that `prefix` begins in; the nearest where it begins outside."""
    within = max(min(prefix.first, view.last), view.first) if prefix.version == view.version else view.first
    return within - view.first >> BITS[view.version] - cell_length(view)


def _end(view: Prefix) -> int:
    smallest = SMALLEST[view.version]
    return smallest if view.length < smallest else BITS[view.version]


def _last_view(view: Prefix) -> int:
    return max(_end(view) - CELL_BITS, view.length)


# What is said.


def describe(topology: Topology, cell: MapCell, pool: Prefix | None = None) -> str:
    """Return a sentence about a cell: who has what there, or which free block of `pool` it is a part of."""
    said = _free_sentence(topology, cell.prefix, pool) if cell.state == "free" else _taken_sentence(topology, cell)
    advertised = [
        f"{_short(name)} advertises {prefix}"
        for prefix, name in islice(summaries(topology).overlapping(cell.prefix), _BLOCKS_SAID)
    ]
    return "; ".join((f"{cell.prefix}: {said}", *advertised))


def _free_sentence(topology: Topology, prefix: Prefix, pool: Prefix | None) -> str:
    taken, block = _space(topology).taken, prefix
    while block.length > (pool.length if pool is not None else 0) and not taken.touch(block.parent()):
        block = block.parent()
    return "free" if block == prefix else f"free, part of free {block}"


def _taken_sentence(topology: Topology, cell: MapCell) -> str:
    known = holdings(topology)
    blocks = [*islice(known.index.overlapping(cell.prefix), _BLOCKS_SAID)]
    said = ", ".join(("in " if block.length < cell.prefix.length else "") + _held(block, who) for block, who in blocks)
    more = _space(topology).blocks(cell.prefix) - len(blocks)
    if more:
        said += f" and {more} more"
    largest = known.free().gaps(cell.prefix).largest() if cell.free_addresses else None
    if largest is None:
        return f"{said}; nothing free"
    return f"{said}; {_amount(cell.free_addresses, cell.prefix.size)}, the largest block {largest}"


_HELD: dict[What, str] = {
    "address_space": "{1}'s {0}",
    "subnet": "{1}'s subnet {0}",
    "growth": "{0} held for {1}",
    "p2s_pools": "{0} of VPN clients of {1}",
    "bgp_peer": "{1}'s BGP peer {0}",
    "avoid": "{0} avoided ({1})",
    "refused": "{0} refused by Azure ({1})",
}


def _held(block: Prefix, holder: Holder) -> str:
    return _HELD[holder.what].format(block, _short(holder.name))


def _amount(free: int, size: int) -> str:
    """How much is free, in words; a share where the number of addresses tells nobody anything."""
    if free < _COUNTED:
        return f"{free} address{'es' if free > 1 else ''} free"
    percent = free * 100 // size
    return f"{percent} % free" if percent else "less than 1 % free"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


# How many addresses are what.


class _Space:
    """What is taken, by what becomes of it: O(log n) for any block."""

    def __init__(self, prefixes: Sequence[Prefix], occupied: Occupancy) -> None:
        self._prefixes, self._occupied = prefixes, occupied
        self.taken = occupied.taken
        self._lengths = sorted({(prefix.version, prefix.length) for prefix in self._prefixes})

    def state(self, block: Prefix, free: int) -> State:
        """What all addresses of a block are, of which so many are free."""
        size = block.size
        if free:
            return "free" if free == size else "mixed"
        used = self._occupied.in_use.addresses(block)
        if used:
            return "used" if used == size else "mixed"
        held = self._occupied.in_use_or_held.addresses(block)
        if held:
            return "held" if held == size else "mixed"
        return "avoided"

    def blocks(self, block: Prefix) -> int:
        """How many of the blocks that are taken overlap a block."""
        known = self._prefixes
        count = bisect_right(known, Prefix(block.version, block.last, BITS[block.version])) - bisect_left(known, block)
        for version, length in self._lengths:
            if version == block.version and length < block.length:
                outer = block.shortened(length)
                count += bisect_right(known, outer) - bisect_left(known, outer)
        return count


@derived
def _space(topology: Topology) -> _Space:
    index = holdings(topology).index
    prefixes = [prefix for version in BITS for prefix, _ in index.within(Prefix(version, 0, 0))]
    return _Space(prefixes, occupancy(topology))
