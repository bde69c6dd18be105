"""Outlook: how much of each pool is used, held and free, and how much more fits.

Owns the sums over address space. Used goes before held, and held before avoided, where one address is several of them.
Invariant: used + held + avoided + free of a row are exactly its size, and no address is counted twice, however pools
and networks lie within each other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tui.planner.gaps import largest_of, maximal_blocks
from tui.planner.holdings import Holder, holdings
from tui.planner.occupancy import occupancy
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
    taken, lived_in = occupancy(topology), _lived_in(topology)[family]
    outer = outermost(prefixes)
    size = sum(prefix.size for prefix in outer)
    used, with_held, with_avoided = (sum(map(some.addresses, outer)) for some in taken)
    gaps = [holdings(topology).free().gaps(prefix) for prefix in outer]
    blocks = maximal_blocks(gaps, BITS[family])
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
        largest_free=largest_of(gaps),
        fits=_fits(blocks, SMALLEST[family]),
        networks=len(set().union(*map(lived_in.networks, outer))),
    )


def _fits(blocks: Mapping[int, int], smallest: int) -> Mapping[int, int]:
    """How many blocks of each length lie in so many maximal blocks of each length."""
    fits: dict[int, int] = {}
    number = 0
    for length in range(min(blocks, default=smallest + 1), smallest + 1):
        number = 2 * number + blocks.get(length, 0)
        fits[length] = number
    return MappingProxyType(fits)


class _LivedIn:
    """Where networks have address space, in one family."""

    def __init__(self, taken: PrefixIndex[Holder], family: int) -> None:
        entries = [entry for entry in taken.within(Prefix(family, 0, 0)) if entry[1].what == "address_space"]
        self._firsts = [prefix.first for prefix, _ in entries]
        self._names = [holder.name for _, holder in entries]
        self._index = taken

    def networks(self, block: Prefix) -> set[str]:
        """Return the names of the networks that have address space in `block`."""
        low, high = bisect_left(self._firsts, block.first), bisect_right(self._firsts, block.last)
        first = block._replace(length=BITS[block.version])
        around = {holder.name for _, holder in self._index.overlapping(first) if holder.what == "address_space"}
        return around.union(self._names[low:high])


@derived
def _lived_in(topology: Topology) -> dict[int, _LivedIn]:
    index = holdings(topology).index
    return {family: _LivedIn(index, family) for family in BITS}
