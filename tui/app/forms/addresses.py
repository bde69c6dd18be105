"""Address space while it is typed: with whom it collides, what is free nearby, and which free block comes next.

Owns what is said about the prefixes of a VNet or a site: its address space, its growth, its VPN clients.
Invariant: a block that is offered overlaps nothing that anybody else holds, nor anything else in the same form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from tui.app.forms.form import Notice
from tui.app.forms.prefix_text import (
    Judged,
    Word,
    gravest_first,
    inside_each_other,
    replaced,
    unreadable,
    words_of,
)
from tui.checks.rule import SEVERITIES, Severity, listed
from tui.connectivity.joined import in_words, joined_groups, meeting
from tui.connectivity.links import networks
from tui.planner import pools
from tui.planner.batch import placing
from tui.planner.free_space import FreeSpace
from tui.planner.holdings import Holder, What, holdings
from tui.planner.pools import pools_of
from tui.topology.intervals import Stretches
from tui.topology.model import Topology
from tui.topology.prefix import BITS, Prefix

VNET_LENGTH = 22
"""Prefix length of a VNet that nobody gave another size."""
_CLIENTS_LENGTH = 24
_MOST = 3
"""Collisions of one prefix that are told one by one."""
_LOOKED_AT = 1000
"""Collisions of one prefix that are counted: a key must not wait for ten thousand."""


@dataclass(frozen=True, slots=True)
class Space:
    """Whose prefixes are typed, and where others could be had."""

    field: Literal["address_space", "growth", "p2s_pools"] = "address_space"
    name: str | None = None
    """The network that has it; None for a new one."""
    site: bool = False
    isolated: bool = False
    speaks_bgp: bool = False
    pool: str | None = None
    region: str | None = None
    beside: tuple[Prefix, ...] = ()
    """What the same form says elsewhere, which is not to be handed out twice."""

    @property
    def own(self) -> frozenset[Holder]:
        """What is no collision, because it is what is being edited, or is held for it."""
        fields: tuple[What, ...] = ("address_space", "subnet", "growth", "bgp_peer")
        if self.field == "p2s_pools":
            fields = ("p2s_pools",)
        return frozenset(Holder(field, self.name) for field in fields) if self.name is not None else frozenset()


def set_severity(topology: Topology, code: str, severity: Severity) -> Severity | None:
    """Return the severity that findings of the rule `code` have here, None where the file switches it off."""
    setting = topology.checks.get(code)
    return None if setting == "off" else next((one for one in SEVERITIES if one == setting), severity)


def judge_space(topology: Topology, text: str, space: Space) -> Judged:
    """Judge the typed text of a network's prefixes."""
    words = words_of(text)
    notices = unreadable(words)
    prefixes: list[Prefix] = []
    for place, word in enumerate(words):
        prefix = word.prefix
        if word.length is not None:
            taken = [*space.beside, *prefixes, *_others(words, place)]
            prefix = _first(topology, space, word.length, taken)
            notices.append(found_for(words, place, prefix))
        if prefix is not None:
            prefixes.append(prefix)
    if not prefixes:
        return Judged(() if not notices else None, tuple(notices))
    for place, word in enumerate(words):
        if word.prefix is not None:
            notices += _about(topology, words, place, word.prefix, space)
    doubled = inside_each_other(words, prefixes)
    if space.site and space.speaks_bgp:
        # The /32 of an old BGP peer is common there.
        doubled = [Notice("info", notice.text, notice.offer) for notice in doubled]
    notices += doubled if set_severity(topology, "ADR003", "error") is not None else []
    complete = len(prefixes) == len(words)
    return Judged(tuple(prefixes) if complete else None, gravest_first(notices))


def found_for(words: Sequence[Word], place: int, block: Prefix | None) -> Notice:
    """Return the notice about a length that stands for the next free block."""
    length = words[place].text
    if block is None:
        return Notice("error", f"no {length} is free; choose a smaller block, or type a prefix")
    return Notice("info", f"{length} takes {block}, the next free block", replaced(words, place, block))


def next_space(topology: Topology, text: str, space: Space, length: int | None = None) -> str | None:
    """Return the text with its last word replaced by the next free block of its size, None where nothing is free.

    `length`: the size where none is typed; None for that of the pool, else /22 (/24 for VPN clients).
    """
    words = words_of(text)
    last = words[-1] if words else Word("")
    taken = (*space.beside, *_others(words, len(words) - 1))
    meant = last.meant
    if meant is not None:
        free = holdings(topology).free(space.own)
        for where in _pools(topology, space, meant.version):
            block = free.following(where, meant, taken)
            if block is not None:
                break
    else:
        block = _first(topology, space, last.length or length or default_length(topology, space), taken)
    if block is None:
        return None
    return replaced(words, len(words) - 1, block) if words else str(block)


def space_like(topology: Topology, space: Space, sizes: Sequence[Prefix]) -> tuple[Prefix, ...] | None:
    """Return free blocks as large as `sizes`, in their order, that can all be taken; None if not all can be had."""
    found: dict[int, Prefix] = {}
    for family in BITS:
        for where in _pools(topology, space, family):
            wanted = [placing.Wanted(at, one.length, where) for at, one in enumerate(sizes) if one.version == family]
            placed = placing.place(holdings(topology).free(space.own), wanted)
            if not isinstance(placed, placing.NoRoom):
                found.update(placed)
                break
    return tuple(found[at] for at in range(len(sizes))) if len(found) == len(sizes) else None


def default_length(topology: Topology, space: Space) -> int:
    """Return the prefix length that is taken where none is typed: the pool's default_size, or what is usual."""
    if space.field == "p2s_pools":
        return _CLIENTS_LENGTH
    said = (pools.default_length(topology, space.pool, space.region, family) for family in BITS)
    return next((length for length in said if length is not None), VNET_LENGTH)


def _others(words: Sequence[Word], place: int) -> tuple[Prefix, ...]:
    return tuple(word.prefix for index, word in enumerate(words) if index != place and word.prefix is not None)


def _pools(topology: Topology, space: Space, version: int) -> Iterator[tuple[Prefix, ...]]:
    """Where blocks may come from, the pool where it belongs before all others."""
    yield pools_of(topology, space.pool, region=space.region, family=version)
    if space.pool is None or space.pool not in topology.planning.pools:
        yield pools_of(topology, None, family=version)


def _first(
    topology: Topology, space: Space, length: int, taken: Sequence[Prefix], version: int | None = None
) -> Prefix | None:
    for family in (4, 6) if version is None else (version,):
        if length <= BITS[family]:
            for where in _pools(topology, space, family):
                block = holdings(topology).free(space.own).first(where, length, taken)
                if block is not None:
                    return block
    return None


def _about(topology: Topology, words: Sequence[Word], place: int, prefix: Prefix, space: Space) -> Iterator[Notice]:
    """What is to be said about one prefix, with the text in which the nearest free block stands in its place."""
    said = [*_collisions(topology, prefix, space)]
    if space.field == "address_space":
        said += _outside(topology, prefix, space)
    if not said:
        return
    block = _nearest(topology, prefix, space, (*space.beside, *_others(words, place)))
    offer = replaced(words, place, block) if block is not None else None
    for severity, text in said:
        yield Notice(severity, text, offer)


def _nearest(topology: Topology, prefix: Prefix, space: Space, taken: Sequence[Prefix]) -> Prefix | None:
    free: FreeSpace = holdings(topology).free(space.own)
    for where in _pools(topology, space, prefix.version):
        block = free.nearest(where, prefix, taken)
        if block is not None:
            return block
    return None


def _outside(topology: Topology, prefix: Prefix, space: Space) -> Iterator[tuple[Severity, str]]:
    pool = topology.planning.pools.get(space.pool) if space.pool is not None else None
    severity = set_severity(topology, "ADR009", "warning")
    if pool is not None and severity is not None and not Stretches(pool.prefixes).cover(prefix):
        yield severity, f"{prefix} lies outside its pool {space.pool} ({listed(pool.prefixes)})"


def _collisions(topology: Topology, prefix: Prefix, space: Space) -> Iterator[tuple[Severity, str]]:
    own, near = space.own, _joined_with(topology, space.name)
    found: dict[Holder, Prefix] = {}
    seen = list(islice(holdings(topology).index.overlapping(prefix), _LOOKED_AT))
    if len(seen) == _LOOKED_AT:
        # While one types a short prefix: which are joined matters more than who the others are.
        seen += _overlaps_of(topology, near, prefix)
    for theirs, holder in seen:
        if holder not in own:
            found.setdefault(holder, theirs)
    others = {holder: theirs for holder, theirs in found.items() if holder.what not in ("avoid", "refused")}
    if len(others) > _MOST:
        yield from _folded(topology, prefix, list(others), near, space)
    for holder, theirs in found.items():
        if holder not in others:
            yield from _set_aside(topology, prefix, theirs, holder, space)
        elif len(others) <= _MOST:
            joined = holder.name in near or holder.name == space.name
            other = topology.vnets.get(holder.name)
            apart = space.isolated or (other is not None and other.isolated)
            severity = _severity(topology, holder, joined, apart, space)
            if severity is not None:
                yield severity, _collision(topology, prefix, theirs, holder, joined, space)


def _overlaps_of(topology: Topology, names: frozenset[str], prefix: Prefix) -> Iterator[tuple[Prefix, Holder]]:
    known = networks(topology)
    for name in names:
        for theirs in known[name].address_space:
            if theirs.overlaps(prefix):
                yield theirs, Holder("address_space", name)


def _joined_with(topology: Topology, name: str | None) -> frozenset[str]:
    """The networks that are joined with the one called `name`."""
    groups = joined_groups(topology)
    return frozenset().union(*(groups.groups[number] for number in groups.of.get(name, ()))) if name else frozenset()


def _severity(topology: Topology, holder: Holder, joined: bool, apart: bool, space: Space) -> Severity | None:
    """How grave a collision is, as the rule about it says. `apart`: one of the two is never to be linked."""
    if holder.what in ("subnet", "bgp_peer"):
        # No rule of its own: the rules find that these lie outside of their network.
        return "warning"
    if "growth" in (holder.what, space.field):
        return set_severity(topology, "ADR008", "error")
    code = "ADR010" if "p2s_pools" in (holder.what, space.field) else "ADR001"
    if joined:
        return set_severity(topology, code, "error")
    return set_severity(topology, "ADR002", "info" if apart else "warning")


def _collision(topology: Topology, prefix: Prefix, theirs: Prefix, holder: Holder, joined: bool, space: Space) -> str:
    whose = {
        "address_space": f"{theirs} of {holder.name}",
        "growth": f"{theirs}, which is held for the growth of {holder.name}",
        "p2s_pools": f"{theirs}, the addresses of VPN clients of {holder.name}",
    }.get(holder.what) or holder.noun(theirs)
    text = f"{prefix} overlaps {whose}"
    if holder.what not in ("address_space", "p2s_pools") or space.field == "growth" or holder.name == space.name:
        return text
    if not joined:
        other = topology.vnets.get(holder.name)
        alone = holder.name if other is not None and other.isolated else space.name if space.isolated else None
        return f"{text}; {f'{alone} is isolated' if alone is not None else 'they can never be connected'}"
    met = meeting(topology, space.name, holder.name) if space.name is not None else None
    return f"{text}; {in_words(met) if met is not None else 'they are joined'}"


def _folded(
    topology: Topology, prefix: Prefix, holders: Sequence[Holder], near: frozenset[str], space: Space
) -> Iterator[tuple[Severity, str]]:
    """Many collisions in one sentence, those with joined networks first."""
    names = dict.fromkeys(holder.name for holder in holders)
    joined = [name for name in names if name in near]
    # One of each sort says how grave they are; looking at ten thousand would not say more.
    sorts = {(holder.what, holder.name in near): holder for holder in holders}
    graded = (_severity(topology, one, is_near, space.isolated, space) for (_, is_near), one in sorts.items())
    severities = [severity for severity in graded if severity is not None]
    if not severities:
        return
    in_order = [*joined, *(name for name in names if name not in near)]
    text = f"{prefix} overlaps {len(names)} networks: {listed(in_order, _MOST)}"
    if len(holders) >= _LOOKED_AT - len(space.own):
        text = f"{prefix} overlaps more than {_LOOKED_AT} networks, such as {listed(in_order[:_MOST])}"
    if not joined:
        text += "; none of them is joined with it"
    elif len(joined) == len(names):
        text += "; all of them are joined with it"
    else:
        text += f"; joined with it: {listed(joined, _MOST)}"
    yield min(severities, key=SEVERITIES.index), text


def _set_aside(
    topology: Topology, prefix: Prefix, theirs: Prefix, holder: Holder, space: Space
) -> Iterator[tuple[Severity, str]]:
    if holder.what == "avoid":
        severity, who = set_severity(topology, "ADR006", "warning"), "planning.avoid keeps clear"
    else:
        # A site's own addresses are nothing that Azure could refuse.
        severity, who = None if space.site else set_severity(topology, "ADR004", "error"), "Azure refuses"
    if severity is not None:
        what = "is" if prefix == theirs else "contains" if prefix.contains(theirs) else "lies in"
        which = f"what {who}" if prefix == theirs else f"{theirs}, which {who}"
        yield severity, f"{prefix} {what} {which}: {holder.name}"
