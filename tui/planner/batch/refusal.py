"""Why a plan does not fit, and what would make it fit.

Owns the words of the refusal of a batch of VNets: what is free where the first one without a place was looked for,
and the ways out.
Invariant: a way out is named only if what it says has a place has one once it is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tui.planner.batch.placing import NoRoom, Wanted, place
from tui.planner.batch.wanted import VNetWanted, subnets_length
from tui.planner.free_space import FreeSpace
from tui.planner.holdings import Holder, holdings
from tui.planner.holdings import free as free_space
from tui.planner.refusal import Refusal, WayOut
from tui.topology.edits import change
from tui.topology.intervals import outermost
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import SMALLEST

_ELSEWHERE = {4: Prefix(4, 224 << 24, 4), 6: Prefix(6, 255 << 120, 8)}
"""Multicast, where no pool is: there a prefix is tried out that a pool might get."""

_TRIED = 8
"""VNets that are tried out without their growth."""


def refusal(
    topology: Topology, vnets: Sequence[VNetWanted], lengths: Mapping[str, int], asked: Sequence[Wanted], found: NoRoom
) -> Refusal:
    """Return why `found.wanted` has no place among all that is `asked`. `lengths`: of each VNet, by its name."""
    homeless = found.wanted
    vnet = next(one for one in vnets if one.name == homeless.name)
    free = free_space(topology)
    roots = outermost(homeless.pools)
    largest = min(
        (block for block in (free.gaps(root).largest() for root in roots) if block is not None),
        key=lambda block: (block.length, block.first),
        default=None,
    )
    if not homeless.pools:
        where = f"pool {vnet.pool} has" if vnet.pool is not None else "the pools have"
        message = f"{where} no IPv{vnet.family} prefix for {vnet.name}"
        return Refusal(message, None, (WayOut("add one to planning.pools"),))
    reasons = [found.message]
    if largest is None:
        reasons.append("everything there is used or held")
    else:
        reasons.append(f"the largest free block there is {largest}")
    rivals = [one for one in asked if set(one.pools) == set(homeless.pools)]
    if len(rivals) > 1:
        need = sum(1 << BITS[vnet.family] - one.length for one in rivals)
        have = sum(free.gaps(root).addresses() for root in roots)
        if need > have:
            reasons.append(f"the {len(rivals)} that are to lie there need {need} addresses, and {have} are free")
    if not found.certain:
        # Each try may take as long as the search that was given up: only what is likeliest to help.
        ways = tuple(_additions(topology, vnet, asked, homeless, "all have room"))
        return Refusal("; ".join(reasons), largest, ways)
    ways = tuple(_ways(topology, vnet, lengths, asked, homeless, "all have room"))
    if not ways:
        # Something else has no place either: at least this one and what comes before it.
        before = sorted(asked, key=lambda one: (one.length, one.name))
        before = before[: before.index(homeless) + 1]
        ways = tuple(_ways(topology, vnet, lengths, before, homeless, "it has room, though others do not"))
    return Refusal("; ".join(reasons), largest, ways)


def _ways(
    topology: Topology,
    vnet: VNetWanted,
    lengths: Mapping[str, int],
    asked: Sequence[Wanted],
    homeless: Wanted,
    then: str,
) -> Iterator[WayOut]:
    """What lets all that is `asked` have room; `then` says so in words."""
    free = free_space(topology)
    length = smallest = lengths[vnet.name]
    if vnet.length is not None or (vnet.hosts is None and not vnet.subnets):
        smallest = subnets_length(vnet) or SMALLEST[vnet.family]
    for shorter in range(homeless.length + 1, smallest + 1):
        if _fits(free, asked, homeless, replace(homeless, length=shorter)):
            if shorter > length:
                text = f"make {vnet.name} a /{shorter}" + (" without growth" if homeless.length < length else "")
            elif shorter < length:
                text = f"let {vnet.name} grow to a /{shorter} only"
            else:
                text = f"plan {vnet.name} without growth"
            yield WayOut(f"{text}: then {then}")
            break
    growing = [one for one in asked if one is not homeless and one.length < lengths[one.name]]
    for one in sorted(growing, key=lambda one: (-one.length, one.name))[:_TRIED]:
        if _fits(free, asked, one, replace(one, length=lengths[one.name])):
            yield WayOut(f"plan {one.name} without growth: then {then}")
            break
    yield from _releases(topology, asked, homeless, then)
    yield from _additions(topology, vnet, asked, homeless, then)


def _fits(free: FreeSpace, asked: Sequence[Wanted], before: Wanted, after: Wanted) -> bool:
    return not isinstance(place(free, [after if one is before else one for one in asked]), NoRoom)


def _releases(topology: Topology, asked: Sequence[Wanted], homeless: Wanted, then: str) -> Iterator[WayOut]:
    """The one VNet that holds the least for its growth, of those whose release makes room."""
    roots = outermost(homeless.pools)
    held = {
        name: sum(prefix.size for prefix in vnet.growth)
        for name, vnet in topology.vnets.items()
        if any(prefix.overlaps(root) for prefix in vnet.growth for root in roots)
    }
    for name in sorted(held, key=lambda name: (held[name], name))[:_TRIED]:
        free = holdings(topology).free(frozenset({Holder("growth", name)}))
        if not isinstance(place(free, asked), NoRoom):
            growth = ", ".join(map(str, topology.vnets[name].growth))
            yield WayOut(f"release {growth}, held for {name}: then {then}", change(("vnets", name), growth=None))
            return


def _additions(
    topology: Topology, vnet: VNetWanted, asked: Sequence[Wanted], homeless: Wanted, then: str
) -> Iterator[WayOut]:
    """The smallest prefix with which the pools of `homeless` have room for all."""
    family = vnet.family
    elsewhere = _ELSEWHERE[family]
    if any(pool.overlaps(elsewhere) for one in asked for pool in one.pools):
        return
    index = holdings(topology).index
    used = [prefix for version in (4, 6) for prefix, _ in index.overlapping(Prefix(version, 0, 0))]
    free = FreeSpace(prefix for prefix in used if not prefix.overlaps(elsewhere))
    pools = set(homeless.pools)

    def fits(length: int) -> bool:
        added = (*homeless.pools, Prefix(family, elsewhere.first, length))
        more = [replace(one, pools=added) if set(one.pools) == pools else one for one in asked]
        return not isinstance(place(free, more), NoRoom)

    longest, shortest = homeless.length, elsewhere.length
    if longest < shortest or not fits(shortest):
        return
    while longest > shortest:
        middle = (longest + shortest + 1) // 2
        if fits(middle):
            shortest = middle
        else:
            longest = middle - 1
    where = f"pool {vnet.pool}" if vnet.pool is not None else "the pools that it may use"
    yield WayOut(f"add an IPv{family} prefix of /{shortest} or larger to {where}: then {then}")
