"""What a batch asks for: how large each VNet is, where it may lie, and which of them are there already.

Owns what cannot be meant for a topology: a name, a pool, a subscription or a region that cannot be, a VNet that is
there and is not what is asked for.
Invariant: either every request is understood, or all problems are told at once; nothing is placed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tui.errors import VnetTuiError
from tui.planner.batch.placing import Wanted
from tui.planner.batch.wanted import VNetWanted, WrongRequest, WrongRequestsError, existing_problems, length_of
from tui.planner.pools import Source, default_length, sources
from tui.topology import catalog
from tui.topology.keypath import key_path
from tui.topology.model import Topology
from tui.topology.naming import name_problem

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for of one topology."""

    wanted: tuple[VNetWanted, ...]
    lengths: Mapping[str, int]
    """The prefix length of each VNet, by its name."""
    blocks: tuple[Wanted[str], ...]
    """The block that each needs that is not there yet: with growth, the larger one."""
    sources: Mapping[str, tuple[Source, ...]]
    """Where the block of each may lie, by the name of the VNet."""


def asked_of(topology: Topology, wanted: Sequence[VNetWanted]) -> Asked:
    """Return what `wanted` asks of `topology`.

    Raises WrongRequestsError with everything that cannot be meant, ValueError where two have one name.
    """
    if len({one.name for one in wanted}) != len(wanted):
        raise ValueError("two VNets are wanted under one name")
    names = _Names(topology, wanted)
    problems: list[WrongRequest] = []
    lengths: dict[str, int] = {}
    for one in wanted:
        wrong = [*names.problems(one), *_problems(topology, one)]
        if not wrong:
            default = default_length(topology, one.pool, one.region, one.family)
            try:
                lengths[one.name] = length_of(one, default)
            except VnetTuiError as error:
                wrong.append(WrongRequest((one.name,), f"{error.message}; {error.hint}"))
        if not wrong and one.name in topology.vnets:
            wrong += existing_problems(topology.vnets[one.name], one, lengths[one.name])
        problems += wrong
    if problems:
        raise WrongRequestsError(problems)
    new = [one for one in wanted if one.name not in topology.vnets]
    # One and the same tuple for those who look in the same pools: a thousand requests often do.
    where = {key: sources(topology, pool=key[0], region=key[1], family=key[2]) for key in set(map(_where, new))}
    pools = {key: tuple(source.prefix for source in found) for key, found in where.items()}
    blocks = (
        Wanted(one.name, min(lengths[one.name], one.growth or lengths[one.name]), pools[_where(one)]) for one in new
    )
    return Asked(tuple(wanted), lengths, tuple(blocks), {one.name: where[_where(one)] for one in new})


def _where(wanted: VNetWanted) -> tuple[str | None, str | None, int]:
    return wanted.pool, wanted.region, wanted.family


class _Names:
    """The names that VNets may have beside those that are there, and beside each other."""

    def __init__(self, topology: Topology, wanted: Sequence[VNetWanted]) -> None:
        self._topology = topology
        # Azure's names do not tell upper and lower case apart.
        self._known = {name.casefold(): name for name in topology.vnets}
        for one in wanted:
            self._known.setdefault(one.name.casefold(), one.name)

    def problems(self, wanted: VNetWanted) -> Iterator[WrongRequest]:
        """Yield why `wanted` cannot have its name, or its subnets theirs."""
        name, vnets = wanted.name, self._topology.vnets
        if name in self._topology.sites:
            where = key_path(("sites", name))
            yield WrongRequest((name,), f"{where} has this name already; choose another name", name)
        if name in vnets:
            return
        same = self._known[name.casefold()]
        if same != name:
            what = "is there already" if same in vnets else "is asked for too"
            message = f"{name} and {same}, which {what}, are one name to Azure: write {same}, or choose another name"
            yield WrongRequest((name,), message, name, "another name", same)
        problem = name_problem("vnet", name)
        if problem is not None:
            yield WrongRequest((name,), f"Azure refuses the name {name}: it {problem}", name, "another name")
        for one in wanted.subnets:
            problem = name_problem("subnet", one.name)
            if problem is not None:
                message = f"Azure refuses the subnet name {one.name}: it {problem}"
                yield WrongRequest((name, "subnets", one.name), message, one.name, "another name")


def _problems(topology: Topology, wanted: VNetWanted) -> Iterator[WrongRequest]:
    """What `wanted` names that is not there."""
    for key, what, name, known in (
        ("pool", "pool", wanted.pool, topology.planning.pools),
        ("subscription", "subscription", wanted.subscription, topology.subscriptions),
    ):
        if name is not None and name not in known:
            near = catalog.nearest(name, known)
            named = ", ".join(list(known)[:_MOST_NAMED]) + (", …" if len(known) > _MOST_NAMED else "")
            hint = f"did you mean {near}?" if near else f"the {what}s are: {named or 'none'}"
            yield WrongRequest((wanted.name, key), f"there is no {what} {name}; {hint}", name, named or "none", near)
    if wanted.region is not None and catalog.canonical_region(wanted.region) is None:
        # Any other word may be a region that is newer than this program, or one's own.
        near = catalog.nearest(wanted.region, catalog.region_names())
        if near is not None and not any(
            catalog.same_region(pool.region, wanted.region) for pool in topology.planning.pools.values()
        ):
            message = f"there is no region {wanted.region}; did you mean {near}?"
            yield WrongRequest((wanted.name, "region"), message, wanted.region, "a region of Azure", near)
