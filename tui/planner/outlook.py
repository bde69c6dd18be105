"""Outlook: how much of each pool is used, held and free, and how much more fits.

Owns the sums over address space. Used goes before held, and held before avoided, where one address is several of them.
Invariant: used + held + avoided + free of a row are exactly its size, and no address is counted twice, however pools
and networks lie within each other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, compress, islice
from operator import gt
from types import MappingProxyType

from tui.planner.holdings import Holder, What, holdings
from tui.planner.pools import RFC1918, sources
from tui.topology.catalog import region_name
from tui.topology.derived import derived
from tui.topology.intervals import PrefixIndex, Stretches, outermost
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import SMALLEST


@dataclass(frozen=True, slots=True)
class PoolOutlook:
    """What there is in the prefixes of one family of a pool. All sums are numbers of addresses."""

    name: str | None
    """None where no pool of the file is meant: for one of the private ranges, a block, or a region."""
    prefixes: tuple[Prefix, ...]
    """As the file has them."""
    region: str | None
    family: int
    """4 or 6."""
    size: int
    used: int
    """In the address space of VNets and sites, or given to VPN clients."""
    held: int
    """For the growth of VNets."""
    avoided: int
    """By `planning.avoid`, or because Azure refuses it."""
    free: int
    free_blocks: int
    """How many maximal aligned blocks the free addresses make up, each within one prefix."""
    largest_free: Prefix | None
    """Of several the lowest."""
    fits: Mapping[int, int]
    """How many more blocks fit, if all are of that prefix length: from the largest that fits to the smallest subnet."""
    networks: int
    """VNets and sites that have address space here."""


@dataclass(frozen=True, slots=True)
class RegionOutlook:
    """What there is in all pools of a region, in one family."""

    region: str
    """As Azure names it, however the file writes it."""
    pools: tuple[str, ...]
    """The names of its pools."""
    space: PoolOutlook
    """Their sum; what two of them share is counted once."""
    outside: tuple[str, ...]
    """The VNets of the region with address space of this family that no pool of the region holds."""


def outlook(topology: Topology, pool: str | None = None) -> tuple[PoolOutlook, ...]:
    """Return the outlook of each pool, in the order of the file, IPv4 before IPv6; of RFC 1918 where there is no pool.

    `pool`: the name of a pool, or any CIDR block as text; then of this one alone. Raises VnetTuiError for what is
    neither.
    """
    if pool is None:
        return _of_all(topology)
    named = topology.planning.pools.get(pool)
    if named is not None:
        return tuple(row for row in _of_all(topology) if row.name == pool)
    blocks = (one.prefix for family in BITS for one in sources(topology, pool=pool, family=family))
    return tuple(_row(topology, None, (block,), None, block.version) for block in blocks)


@derived
def by_region(topology: Topology) -> tuple[RegionOutlook, ...]:
    """Return the outlook of each region that has a pool, in the order of the file, IPv4 before IPv6."""
    pools = _by_region((name, pool.region) for name, pool in topology.planning.pools.items())
    vnets = _by_region((name, vnet.region) for name, vnet in topology.vnets.items()) if pools else {}
    rows: list[RegionOutlook] = []
    for region, names in pools.items():
        listed = [prefix for name in names for prefix in topology.planning.pools[name].prefixes]
        for family, prefixes in _by_family(listed):
            room = Stretches(prefixes)
            outside = tuple(
                name
                for name in vnets.get(region, ())
                if any(one.version == family and not room.cover(one) for one in topology.vnets[name].address_space)
            )
            space = _row(topology, None, prefixes, region, family)
            rows.append(RegionOutlook(region, tuple(names), space, outside))
    return tuple(rows)


@derived
def _of_all(topology: Topology) -> tuple[PoolOutlook, ...]:
    named = topology.planning.pools
    if not named:
        return tuple(_row(topology, None, (prefix,), None, prefix.version) for prefix in RFC1918)
    return tuple(
        _row(topology, name, prefixes, pool.region, family)
        for name, pool in named.items()
        for family, prefixes in _by_family(pool.prefixes)
    )


def _by_region(named: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
    """The names of each region, by the name that Azure has for it."""
    known: dict[str, str] = {}
    regions: dict[str, list[str]] = {}
    for name, region in named:
        if region is not None:
            if region not in known:
                known[region] = region_name(region)
            regions.setdefault(known[region], []).append(name)
    return regions


def _by_family(prefixes: Iterable[Prefix]) -> list[tuple[int, tuple[Prefix, ...]]]:
    """The prefixes of each family that has any; what has no prefix at all is empty IPv4 space."""
    families: dict[int, list[Prefix]] = {}
    for prefix in prefixes:
        families.setdefault(prefix.version, []).append(prefix)
    return [(family, tuple(families[family])) for family in sorted(families)] or [(4, ())]


def _row(
    topology: Topology, name: str | None, prefixes: tuple[Prefix, ...], region: str | None, family: int
) -> PoolOutlook:
    taken = _taken(topology)[family]
    outer = outermost(prefixes)
    size = sum(prefix.size for prefix in outer)
    used, with_held, with_avoided = (sum(map(cover.addresses, outer)) for cover in taken.covers)
    gaps = [holdings(topology).free().gaps(prefix) for prefix in outer]
    blocks = _maximal_blocks((stretch for one in gaps for stretch in one.stretches), BITS[family])
    largest = [block for one in gaps if (block := one.largest()) is not None]
    return PoolOutlook(
        name=name,
        prefixes=prefixes,
        region=region,
        family=family,
        size=size,
        used=used,
        held=with_held - used,
        avoided=with_avoided - with_held,
        free=size - with_avoided,
        free_blocks=sum(blocks.values()),
        largest_free=min(largest, key=lambda block: (block.length, block.first), default=None),
        fits=_fits(blocks, SMALLEST[family]),
        networks=len(set().union(*map(taken.networks, outer))),
    )


def _maximal_blocks(stretches: Iterable[tuple[int, int]], bits: int) -> dict[int, int]:
    """How many maximal aligned blocks of each length make up the free stretches.

    A stretch falls apart at its roundest address: the bits of the distances from there to its ends are the sizes of its
    blocks. Such numbers are added up bit by bit, all bits at once: bit b of `planes[k]` is bit k of the sum for b.
    """
    planes: list[int] = []
    for first, last in stretches:
        end = last + 1
        shift = (first - 1 ^ end).bit_length() - 1 if first else end.bit_length()
        middle = end >> shift << shift
        for carry in (middle - first, end - middle):
            place = 0
            while carry:
                if place == len(planes):
                    planes.append(0)
                planes[place], carry = planes[place] ^ carry, planes[place] & carry
                place += 1
    numbers = {bits - bit: sum((plane >> bit & 1) << k for k, plane in enumerate(planes)) for bit in range(bits + 1)}
    return {length: number for length, number in numbers.items() if number}


def _fits(blocks: Mapping[int, int], smallest: int) -> Mapping[int, int]:
    """How many blocks of each length lie in so many maximal blocks of each length."""
    fits: dict[int, int] = {}
    number = 0
    for length in range(min(blocks, default=smallest + 1), smallest + 1):
        number = 2 * number + blocks.get(length, 0)
        fits[length] = number
    return MappingProxyType(fits)


class _Cover:
    """The outermost of many blocks, ready to be asked how many addresses of a block they cover."""

    def __init__(self, firsts: list[int], lasts: list[int]) -> None:
        """`firsts`, `lasts`: of the blocks as they are sorted."""
        # Sorted blocks nest or follow each other: one that begins behind all before it is an outermost one.
        outer = [True, *map(gt, islice(firsts, 1, None), accumulate(lasts, max))]
        self._firsts = list(compress(firsts, outer))
        self._lasts = list(compress(lasts, outer))
        sizes = (last - first + 1 for first, last in zip(self._firsts, self._lasts, strict=True))
        self._totals = list(accumulate(sizes, initial=0))

    def addresses(self, prefix: Prefix) -> int:
        """Return how many addresses of `prefix` the blocks cover."""
        low = bisect_left(self._firsts, prefix.first)
        if low and self._lasts[low - 1] >= prefix.first:
            return prefix.size
        high = bisect_right(self._firsts, prefix.last)
        return min(self._totals[high] - self._totals[low], prefix.size)


class _Taken:
    """What is taken in one family, ready to be asked about any block."""

    def __init__(self, taken: PrefixIndex[Holder], family: int) -> None:
        entries = list(taken.overlapping(Prefix(family, 0, 0)))
        firsts = [prefix.first for prefix, _ in entries]
        lasts = [prefix.last for prefix, _ in entries]
        ranks = [_RANK[holder.what] for _, holder in entries]
        self.covers: list[_Cover] = []
        """Of what is used; of what is used or held; of what is used, held or avoided."""
        for highest in range(3):
            chosen = [rank <= highest for rank in ranks]
            self.covers.append(_Cover(list(compress(firsts, chosen)), list(compress(lasts, chosen))))
        lived_in = [holder.what == "address_space" for _, holder in entries]
        self._firsts = list(compress(firsts, lived_in))
        self._names = [holder.name for _, holder in compress(entries, lived_in)]
        self._index = taken

    def networks(self, block: Prefix) -> set[str]:
        """Return the names of the networks that have address space in `block`."""
        low, high = bisect_left(self._firsts, block.first), bisect_right(self._firsts, block.last)
        first = block._replace(length=BITS[block.version])
        around = {holder.name for _, holder in self._index.overlapping(first) if holder.what == "address_space"}
        return around.union(self._names[low:high])


_RANK: Mapping[What, int] = {"address_space": 0, "p2s_pools": 0, "growth": 1, "avoid": 2, "refused": 2}


@derived
def _taken(topology: Topology) -> dict[int, _Taken]:
    index = holdings(topology).index
    return {family: _Taken(index, family) for family in BITS}
