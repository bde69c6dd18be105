"""Suggestions: the next free blocks of a size, each with the reason why it is offered.

Owns the words of the reasons and the arithmetic of how many blocks are left. What counts as used and where blocks
come from is `tui.planner.free`'s.
Invariant: the blocks of one answer overlap neither each other nor anything used, and the first is `next_free`'s.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal

from tui.errors import VnetTuiError
from tui.planner.free import pools, used
from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.intervals import merged
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

RESERVED_ADDRESSES = 5
"""Addresses that Azure keeps of every subnet: the first four and the last (Microsoft: Virtual network FAQ)."""

SMALLEST_SUBNET, LARGEST_SUBNET = 29, 2
"""The longest and the shortest prefix length of an IPv4 subnet (Microsoft: Virtual network FAQ)."""

IPV6_SUBNET = 64
"""The prefix length that every IPv6 subnet has (Microsoft: What is IPv6 for Azure Virtual Network?)."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A free block."""

    prefix: Prefix
    pool: Prefix
    """The prefix of the pool that it lies in."""
    pool_name: str | None
    """The pool's name, or None where the file names no pool."""
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The answer to a request for blocks of one size."""

    blocks: tuple[Suggestion, ...]
    """The pools in the order of the file, in each the lowest blocks first; all of them can be taken together."""
    free_blocks: int
    """How many blocks of this size are free altogether."""
    largest_free: Prefix | None
    """The largest free block of any size; of several the lowest."""
    why_none: str
    """Why nothing fits; empty where something does."""


def length_for_hosts(hosts: int, family: int = 4) -> int:
    """Return the prefix length of the smallest subnet that has room for so many hosts.

    Azure keeps five addresses of each subnet, and an IPv4 subnet is /29 (3 usable addresses) to /2 (Microsoft:
    Virtual network FAQ). An IPv6 subnet is always a /64. Raises VnetTuiError where no subnet is large enough.
    """
    if hosts < 1:
        raise VnetTuiError("a subnet is for one host or more", "write a number such as 500")
    if family == 6:
        return IPV6_SUBNET
    length = BITS[4] - (hosts + RESERVED_ADDRESSES - 1).bit_length()
    if length < LARGEST_SUBNET:
        most = (1 << (BITS[4] - LARGEST_SUBNET)) - RESERVED_ADDRESSES
        raise VnetTuiError(f"no subnet has room for {hosts} hosts", f"the largest, a /{LARGEST_SUBNET}, holds {most}")
    return min(length, SMALLEST_SUBNET)


def usable_addresses(prefix: Prefix) -> int:
    """Return how many addresses of a block are left for hosts when it is one subnet; of IPv6, of its whole size."""
    return max(prefix.size - RESERVED_ADDRESSES, 0)


def suggestions(
    topology: Topology,
    length: int,
    *,
    count: int = 8,
    region: str | None = None,
    pool: str | None = None,
    family: int = 4,
) -> Suggestions:
    """Return up to `count` free blocks of prefix length `length`, and how much else is free.

    They come from the pool named `pool`, else from where `tui.planner.free.pools` looks. Raises VnetTuiError for a
    pool that is not there.
    """
    sources = _sources(topology, region, pool, family)
    gaps = {source: free_stretches(topology, source) for source, _ in sources}
    found = dict(islice(_blocks(gaps, length), count))
    # A pool within another one adds nothing to what is free.
    outer = sorted(one for one in gaps if not any(other != one and other.contains(one) for other in gaps))
    free = [(first, last) for source in outer for first, last in gaps[source]]
    largest = _largest(family, free)
    return Suggestions(
        blocks=tuple(_suggested(topology, found, dict(reversed(sources)))),
        free_blocks=_fitting(family, free, length),
        largest_free=largest,
        why_none="" if found else _why_none(sources, length, family, largest, region, pool),
    )


def free_stretches(topology: Topology, prefix: Prefix) -> list[tuple[int, int]]:
    """Return (first, last) of the addresses of `prefix` that nothing uses or holds, lowest first."""
    taken = _taken(topology)
    place = max(bisect_left(taken, (prefix.version, prefix.first)) - 1, 0)
    free: list[tuple[int, int]] = []
    cursor = prefix.first
    for version, first, last in islice(taken, place, None):
        if (version, first) > (prefix.version, prefix.last):
            break
        if version < prefix.version or last < cursor:
            continue
        if first > cursor:
            free.append((cursor, first - 1))
        cursor = last + 1
    if cursor <= prefix.last:
        free.append((cursor, prefix.last))
    return free


@derived
def _taken(topology: Topology) -> list[tuple[int, int, int]]:
    return merged(used(topology))


def _sources(topology: Topology, region: str | None, pool: str | None, family: int) -> list[tuple[Prefix, str | None]]:
    """Where to look, in order, each prefix with the name of its pool."""
    named = topology.planning.pools
    if pool is not None:
        if pool not in named:
            raise VnetTuiError(f"there is no pool {pool}", f"the pools are: {', '.join(named) or 'none'}")
        return [(prefix, pool) for prefix in named[pool].prefixes if prefix.version == family]
    names: dict[Prefix, str] = {}
    # Two pools may list the same prefix: the one of the region has it.
    for name in sorted(named, key=lambda name: region is None or named[name].region != region):
        for prefix in named[name].prefixes:
            names.setdefault(prefix, name)
    return [(prefix, names.get(prefix)) for prefix in pools(topology, region=region, family=family)]


_Gap = tuple[int, int]


def _blocks(gaps: Mapping[Prefix, list[_Gap]], length: int) -> Iterator[tuple[Prefix, tuple[Prefix, _Gap]]]:
    """Every free block of `length`, with its pool and the gap that it lies in, each block once."""
    seen: set[Prefix] = set()
    for source, free in gaps.items():
        if not source.length <= length <= BITS[source.version]:
            continue
        step = 1 << (BITS[source.version] - length)
        for first, last in free:
            for start in range(-(-first // step) * step, last - step + 2, step):
                block = Prefix(source.version, start, length)
                if block not in seen:
                    seen.add(block)
                    yield block, (source, (first, last))


def _fitting(version: int, free: Sequence[_Gap], length: int) -> int:
    """How many aligned blocks of `length` lie in the free stretches."""
    if not 0 <= length <= BITS[version]:
        return 0
    bits = BITS[version] - length
    return sum(max((last + 1 >> bits) - (first + (1 << bits) - 1 >> bits), 0) for first, last in free)


def _largest(version: int, free: Sequence[_Gap]) -> Prefix | None:
    """The largest aligned block in any of the stretches, of several the lowest."""
    best = -1
    at = 0
    for first, last in free:
        bits = (last - first + 1).bit_length() - 1
        # An aligned block of half the largest power of two in a stretch always fits.
        for exponent in range(bits, max(bits - 2, best), -1):
            start = -(-first >> exponent) << exponent
            if start + (1 << exponent) - 1 <= last:
                best, at = exponent, start
                break
    return Prefix(version, at, BITS[version] - best) if best >= 0 else None


def _suggested(
    topology: Topology, found: Mapping[Prefix, tuple[Prefix, _Gap]], names: Mapping[Prefix, str | None]
) -> Iterator[Suggestion]:
    owners = _owners(topology, found.values())
    before: Prefix | None = None
    lowest: set[str] = set()
    for block, (source, gap) in found.items():
        name = names[source]
        where = f"pool {name}" if name is not None else str(source)
        reasons = [f"lowest free /{block.length} of {where}"] if where not in lowest else []
        lowest.add(where)
        if before is not None and before.last + 1 == block.first:
            reasons.append(f"follows {before}, which is free too")
        else:
            reasons.append(_between(block, gap, *(owners.get(edge, "") for edge in _edges(source, gap))))
        reasons += _known(block, topology.planning.workloads)
        said = "; ".join(filter(None, reasons)) or f"another free /{block.length} of {where}"
        yield Suggestion(block, source, name, said)
        before = block


_Edge = tuple[int, int, Literal["ends", "begins"]]
"""(family, address, which): what is used up to an address, or from it on."""


def _edges(source: Prefix, gap: _Gap) -> tuple[_Edge, _Edge]:
    return (source.version, gap[0] - 1, "ends"), (source.version, gap[1] + 1, "begins")


def _between(block: Prefix, gap: _Gap, after: str, until: str) -> str:
    """Where the block lies among what is used around it."""
    first, last = gap
    if block.first == first and block.last == last and after and until:
        return f"fills the gap between {after} and {until}"
    if block.first == first and after:
        return f"follows {after}"
    if block.last == last and until:
        return f"lies right before {until}"
    return f"the next aligned /{block.length} after {after}" if after else ""


def _owners(topology: Topology, places: Iterable[tuple[Prefix, _Gap]]) -> dict[_Edge, str]:
    """In words, what is used at the edges of the gaps; the edges of a pool itself have no neighbour."""
    wanted: dict[Prefix, list[_Edge]] = {}
    for source, gap in set(places):
        for edge in _edges(source, gap):
            if source.first <= edge[1] <= source.last:
                for prefix in _at(*edge):
                    wanted.setdefault(prefix, []).append(edge)
    found: dict[_Edge, tuple[int, str]] = {}
    for prefix, sentence, name in _used(topology, wanted) if wanted else ():
        for edge in wanted[prefix]:
            # The widest says the most.
            if edge not in found or prefix.length < found[edge][0]:
                found[edge] = prefix.length, sentence.replace("{prefix}", str(prefix)).replace("{name}", name)
    return {edge: said for edge, (_, said) in found.items()}


def _at(version: int, address: int, which: Literal["ends", "begins"]) -> Iterator[Prefix]:
    """Every block that ends, or begins, with the address."""
    for length in range(BITS[version] + 1):
        rest = (1 << (BITS[version] - length)) - 1
        if address & rest == (rest if which == "ends" else 0):
            yield Prefix(version, address & ~rest, length)


def _used(topology: Topology, wanted: Container[Prefix]) -> Iterator[tuple[Prefix, str, str]]:
    """Each use of one of the `wanted` prefixes: the prefix, a sentence about `{prefix}` and `{name}`, and the name."""
    # Plain loops: they run over ten thousand VNets while somebody types.
    for name, vnet in topology.vnets.items():
        for prefix in vnet.address_space:
            if prefix in wanted:
                yield prefix, "{name}'s {prefix}", name
        for prefix in vnet.growth:
            if prefix in wanted:
                yield prefix, "{prefix}, held for {name}", name
        if vnet.gateway is not None:
            for prefix in vnet.gateway.p2s_pools:
                if prefix in wanted:
                    yield prefix, "{prefix} of {name}'s VPN clients", name
    for name, site in topology.sites.items():
        for prefix in site.address_space:
            if prefix in wanted:
                yield prefix, "{name}'s {prefix}", name
    for prefix, reason in topology.planning.avoided():
        if prefix in wanted:
            yield prefix, "{prefix}, which is avoided ({name})", reason
    for one in catalog.special_ranges("refused"):
        if (prefix := Prefix.parse(one.prefix)) in wanted:
            yield prefix, "{prefix}, which Azure refuses", ""


@cache
def _special(version: int) -> tuple[tuple[Prefix, catalog.SpecialRange], ...]:
    """The ranges that are known to clash, those of one family: what parses IPv6 is slow to import."""
    known = (*catalog.special_ranges("clash"), *catalog.special_ranges("workload"))
    return tuple((Prefix.parse(one.prefix), one) for one in known if (":" in one.prefix) == (version == 6))


def _known(block: Prefix, workloads: tuple[str, ...]) -> list[str]:
    """What is known against the block: the narrowest range that turns up elsewhere too, and holds it or is in it."""
    near = [
        (prefix, one)
        for prefix, one in _special(block.version)
        if one.workload is None or one.workload in workloads
        if prefix.overlaps(block)
    ]
    if not near:
        return []
    prefix, one = max(near, key=lambda known: (known[1].severity != "info", known[0].length))
    what = "is" if prefix == block else "is inside" if prefix.contains(block) else "contains"
    named = f"{what} {prefix}, {one.reason}" if prefix != block else f"is {one.reason}"
    return [f"{named}: stays available, but may clash with what is linked later"]


def _why_none(
    sources: list[tuple[Prefix, str | None]],
    length: int,
    family: int,
    largest: Prefix | None,
    region: str | None,
    pool: str | None,
) -> str:
    where = f"pool {pool}" if pool is not None else f"what {region} may use" if region is not None else "the pools"
    if not 0 <= length <= BITS[family]:
        return f"an IPv{family} prefix length is 0 to {BITS[family]}"
    if not sources:
        return f"{where} {'holds' if pool or region else 'hold'} no IPv{family} prefix"
    widest = min((prefix for prefix, _ in sources), key=lambda prefix: prefix.length)
    if widest.length > length:
        return f"no prefix of {where} is as large as a /{length}: the largest is {widest}"
    if largest is None:
        return f"everything in {where} is used or held"
    return f"no /{length} is free in {where}: the largest free block is {largest}"
