"""Why a plan does not fit, and what would make it fit.

Owns the words of the refusal of a batch of VNets: what stands in the way where the first one without a place was
looked for, how much is missing, and the ways out.
Invariant: a way out is named only if what it says has a place has one once it is taken; one that has an edit was tried.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tui.planner.batch.additions import additions
from tui.planner.batch.asked import Asked, asked_of
from tui.planner.batch.placing import NoRoom, Wanted, largest_first, place
from tui.planner.batch.shares import STEPS
from tui.planner.batch.wanted import VNetWanted, WrongRequestsError, subnets_length
from tui.planner.free_space import FreeSpace
from tui.planner.gaps import largest_of
from tui.planner.holdings import Holder, holdings, used_now
from tui.planner.holdings import free as free_space
from tui.planner.pools import Source
from tui.planner.refusal import Refusal, WayOut
from tui.planner.refusing import in_the_way
from tui.planner.renumber.moving import moved, moves
from tui.topology.edits import Edit, change
from tui.topology.intervals import outermost
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix
from tui.topology.subnet_sizes import SMALLEST

_TRIED = 8
"""VNets of each kind that are tried out: without their growth, or elsewhere."""

_MOST_NAMED = 3


def refusal(topology: Topology, asked: Asked, found: NoRoom[str]) -> Refusal:
    """Return why `found.wanted` has no place among all that is `asked`."""
    homeless = found.wanted
    vnet = next(one for one in asked.wanted if one.name == homeless.key)
    if not homeless.pools:
        where = f"pool {vnet.pool} has" if vnet.pool is not None else "the pools have"
        message = f"{where} no IPv{vnet.family} prefix for {vnet.name}"
        return Refusal(message, None, (WayOut("add one to planning.pools"),))
    free, roots = free_space(topology), outermost(homeless.pools)
    largest = largest_of(map(free.gaps, roots))
    rivals = [one for one in asked.blocks if set(one.pools) == set(homeless.pools)]
    reasons = [_no_place(asked, found, rivals)]
    if largest is None:
        reasons.append("everything there is used or held")
    else:
        reasons.append(f"the largest free block there is {largest}")
    reasons += _missing(free, roots, rivals)
    return Refusal("; ".join(reasons) + in_the_way(topology, roots), largest, tuple(_ways_out(topology, asked, found)))


def _no_place(asked: Asked, found: NoRoom[str], rivals: Sequence[Wanted[str]]) -> str:
    """In words, what has no place, where, and beside which others."""
    one = found.wanted
    where, size = _listed(asked.sources[one.key]), f"the /{one.length} of {one.key}"
    if found.too_large:
        return f"no prefix of {where} can hold {size}"
    if found.alone:
        return f"there is no room in {where} for {size}"
    others = [other.key for other in sorted(rivals, key=largest_first) if other is not one]
    beside = f"beside {_listed(others)}" if others else "beside the others"
    if found.certain:
        return f"there is no room in {where} for {size} {beside}"
    return f"no room was found in {where} for {size} {beside}, and the search was given up after {STEPS:,} steps"


def _listed(named: Sequence[str] | Sequence[Source]) -> str:
    more = len(named) - _MOST_NAMED
    return ", ".join(map(str, named[:_MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


def _missing(free: FreeSpace, roots: Sequence[Prefix], rivals: Sequence[Wanted[str]]) -> Iterator[str]:
    """How much is missing where all `rivals` are to lie, and how many of them find no place even so."""
    if len(rivals) < 2:
        return
    version, number = roots[0].version, len(rivals)
    need = sum(1 << BITS[version] - one.length for one in rivals)
    have = sum(free.gaps(root).addresses() for root in roots)
    if need > have:
        yield f"the {number} that are to lie there need {need} addresses, and {have} are free: {need - have} too few"
    # If so many fit at all, so many of the smallest do.
    smallest = sorted(rivals, key=lambda one: (-one.length, one.key))
    fits, fails = 0, number + 1
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if isinstance(place(free, smallest[:middle]), NoRoom):
            fails = middle
        else:
            fits = middle
    if fits < number:
        yield f"{number - fits} of the {number} {'find' if number - fits > 1 else 'finds'} no place"


def _ways_out(topology: Topology, asked: Asked, found: NoRoom[str]) -> Iterator[WayOut]:
    homeless = found.wanted
    every = _Wish(topology, asked, asked.blocks, homeless, "all have room")
    if not found.certain:
        # Each try may take as long as the search that was given up: only what is likeliest to help.
        yield from additions(topology, asked, asked.blocks, homeless, every.then)
        return
    ways = tuple(every.ways())
    if not ways:
        # Something else has no place either: at least this one and what comes before it.
        ordered = sorted(asked.blocks, key=largest_first)
        before = ordered[: ordered.index(homeless) + 1]
        ways = tuple(_Wish(topology, asked, before, homeless, "it has room, though others do not").ways())
    yield from ways


@dataclass(frozen=True)
class _Wish:
    """What shall have room."""

    topology: Topology
    asked: Asked
    blocks: Sequence[Wanted[str]]
    """All that shall have room, or a part of what is asked for."""
    homeless: Wanted[str]
    then: str
    """In words, who has room once a way is taken."""

    def ways(self) -> Iterator[WayOut]:
        """Yield what lets all of them have room: less of what is asked for first."""
        yield from self._smaller()
        yield from self._without_growth()
        yield from self._releases()
        yield from (
            way
            for way in additions(self.topology, self.asked, self.blocks, self.homeless, self.then)
            if way.edit is None or self._granted(way.edit)
        )
        yield from self._moves()

    def _fits(self, before: Wanted[str], length: int) -> bool:
        """Whether all have room where one of them is smaller."""
        blocks = [replace(one, length=length) if one is before else one for one in self.blocks]
        return not isinstance(place(free_space(self.topology), blocks), NoRoom)

    def _fits_without(self, given_up: Collection[Holder]) -> bool:
        free = holdings(self.topology).free(frozenset(given_up))
        return not isinstance(place(free, self.blocks), NoRoom)

    def _granted(self, edit: Edit) -> bool:
        """Whether all have room after the edit, and what is there already still is what is asked for."""
        after = edit.apply(self.topology)
        try:
            again = {one.key: one for one in asked_of(after, self.asked.wanted).blocks}
        except WrongRequestsError:
            return False
        blocks = [again[one.key] for one in self.blocks]
        return not isinstance(place(FreeSpace(used_now(after)), blocks), NoRoom)

    def _smaller(self) -> Iterator[WayOut]:
        """The least that has to be taken off the one without a place."""
        homeless = self.homeless
        vnet = next(one for one in self.asked.wanted if one.name == homeless.key)
        length = smallest = self.asked.lengths[vnet.name]
        if _may_be_smaller(vnet):
            smallest = subnets_length(vnet) or SMALLEST[vnet.family]
        for shorter in range(homeless.length + 1, smallest + 1):
            if self._fits(homeless, shorter):
                if shorter > length:
                    text = f"make {vnet.name} a /{shorter}" + (" without growth" if homeless.length < length else "")
                elif shorter < length:
                    text = f"let {vnet.name} grow to a /{shorter} only"
                else:
                    text = f"plan {vnet.name} without growth"
                yield WayOut(f"{text}: then {self.then}")
                return

    def _without_growth(self) -> Iterator[WayOut]:
        """Another one that is to grow."""
        lengths: Mapping[str, int] = self.asked.lengths
        growing = [one for one in self.blocks if one is not self.homeless and one.length < lengths[one.key]]
        for one in sorted(growing, key=lambda one: (-one.length, one.key))[:_TRIED]:
            if self._fits(one, lengths[one.key]):
                yield WayOut(f"plan {one.key} without growth: then {self.then}")
                return

    def _releases(self) -> Iterator[WayOut]:
        """The one VNet that holds the least for its growth, of those whose release makes room."""
        roots = outermost(self.homeless.pools)
        held = {
            name: sum(prefix.size for prefix in vnet.growth)
            for name, vnet in self.topology.vnets.items()
            if any(prefix.overlaps(root) for prefix in vnet.growth for root in roots)
        }
        for name in sorted(held, key=lambda name: (held[name], name))[:_TRIED]:
            edit = change(("vnets", name), growth=None)
            if self._fits_without((Holder("growth", name),)) and self._granted(edit):
                growth = ", ".join(map(str, self.topology.vnets[name].growth))
                yield WayOut(f"release {growth}, held for {name}: then {self.then}", edit)
                return

    def _moves(self) -> Iterator[WayOut]:
        """The VNet whose move makes room: the smallest, one that is only planned before one that is deployed."""
        vnets, roots = self.topology.vnets, outermost(self.homeless.pools)
        may_move = [
            (vnet.state != "planned", sum(prefix.size for prefix in vnet.address_space), name)
            for name, vnet in vnets.items()
            if vnet.renumber and any(prefix.overlaps(root) for prefix in vnet.address_space for root in roots)
        ]
        for deployed, _, name in sorted(may_move)[:_TRIED]:
            if not self._fits_without([Holder("address_space", name), Holder("growth", name), Holder("subnet", name)]):
                continue
            who = f"{name}{', which is deployed,' if deployed else ''}"
            found = moves(self.topology, name, count=1)
            edit = None if isinstance(found, Refusal) else moved(found[0])
            if edit is not None and not isinstance(found, Refusal) and self._granted(edit):
                to = ", ".join(str(new) for _, new in found[0].blocks)
                yield WayOut(f"move {who} to {to}: then {self.then}", edit)
            else:
                where = _listed(self.asked.sources[self.homeless.key])
                yield WayOut(f"move {who} out of {where}: then {self.then}", moves=name)
            return


def _may_be_smaller(vnet: VNetWanted) -> bool:
    return vnet.length is not None or (vnet.hosts is None and not vnet.subnets)
