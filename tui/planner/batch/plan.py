"""Plans: many VNets with their subnets placed at once, all of them or none.

Owns what is asked for, how large each VNet is for it, and what counts as there already. Where the blocks lie is
`placing`'s, where the subnets lie in them `tui.planner.subnets.planning`'s.
Invariant: what the topology holds never moves, so that the same requests with one more place only that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tui.errors import EditError, VnetTuiError
from tui.planner.batch.placing import NoRoom, Wanted, place
from tui.planner.batch.refusal import refusal
from tui.planner.batch.wanted import VNetWanted, WrongRequest, WrongRequestsError, existing_problems, length_of
from tui.planner.holdings import free, holdings
from tui.planner.pools import Source, sources
from tui.planner.refusal import Refusal
from tui.planner.subnets.planning import plan_subnets
from tui.planner.surroundings import in_words
from tui.topology import catalog
from tui.topology.edits import Edit, add
from tui.topology.intervals import blocks
from tui.topology.keypath import key_path
from tui.topology.model import Topology, VNet
from tui.topology.parts import table_at, with_table
from tui.topology.prefix import BITS, Prefix
from tui.topology.table import Table


@dataclass(frozen=True, slots=True)
class PlannedVNet:
    """A VNet with the place that it gets, or that it has."""

    name: str
    prefix: Prefix
    growth: tuple[Prefix, ...]
    """What is held for it."""
    subnets: tuple[tuple[str, Prefix], ...]
    """Those that were asked for."""
    reason: str
    exists: bool
    """Whether the topology has it already; it stays as it is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that was asked for, in the order in which it was."""

    rows: tuple[PlannedVNet, ...]
    edit: Edit
    """Adds what is not there yet, in one undo step."""

    @property
    def new(self) -> tuple[PlannedVNet, ...]:
        """What is not there yet."""
        return tuple(row for row in self.rows if not row.exists)


def plan(topology: Topology, wanted: Sequence[VNetWanted]) -> Plan | Refusal:
    """Return where everything that is wanted goes; a Refusal, and nothing, where something has no place.

    A VNet is a power of two, as large as is asked for or as its subnets need together; where it shall be able to
    grow, it gets the lower part of a block of that size, and the rest is held for it. Raises WrongRequestsError with
    everything that cannot be meant: a pool that is not there, or a VNet that is there and is not what is asked for.
    """
    problems: list[WrongRequest] = []
    lengths: dict[str, int] = {}
    asked: list[Wanted] = []
    pools: dict[tuple[str | None, str | None, int], tuple[tuple[Source, ...], tuple[Prefix, ...]]] = {}
    for one in wanted:
        wrong = list(_problems(topology, one))
        problems += wrong
        if wrong:
            continue
        try:
            lengths[one.name] = length_of(one, _default(topology, one))
        except VnetTuiError as error:
            problems.append(WrongRequest((one.name,), f"{error.message}; {error.hint}"))
            continue
        if one.name in topology.vnets:
            problems += existing_problems(topology.vnets[one.name], one, lengths[one.name])
            continue
        key = (one.pool, one.region, one.family)
        if key not in pools:
            found = sources(topology, pool=one.pool, region=one.region, family=one.family)
            pools[key] = found, tuple(source.prefix for source in found)
        length = lengths[one.name]
        asked.append(Wanted(one.name, min(length, one.growth if one.growth is not None else length), pools[key][1]))
    if len({one.name for one in wanted}) != len(wanted):
        raise ValueError("two VNets are wanted under one name")
    if problems:
        raise WrongRequestsError(problems)
    placed = place(free(topology), asked)
    if isinstance(placed, NoRoom):
        return refusal(topology, wanted, lengths, asked, placed)
    vnets: dict[str, VNet] = {}
    rows: list[PlannedVNet] = []
    for one in wanted:
        if one.name in topology.vnets:
            rows.append(_present(topology.vnets[one.name], one, lengths[one.name]))
            continue
        made = _made(one, placed[one.name], lengths[one.name])
        if isinstance(made, Refusal):
            return made
        vnets[one.name], row = made
        rows.append(row)
    edit = _edit(vnets, placed)
    return Plan(tuple(_with_reasons(topology, edit, rows, wanted, placed, pools)), edit)


def _problems(topology: Topology, wanted: VNetWanted) -> Iterator[WrongRequest]:
    """What `wanted` names that is not there, and the name that it cannot have."""
    if wanted.name in topology.sites:
        where = key_path(("sites", wanted.name))
        yield WrongRequest((wanted.name,), f"{where} has this name already; choose another name", wanted.name)
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


_MOST_NAMED = 8


def _default(topology: Topology, wanted: VNetWanted) -> int | None:
    """The size that the pool of `wanted` says for a VNet that nobody gave one."""
    pool = topology.planning.pools.get(wanted.pool) if wanted.pool is not None else None
    return int(pool.default_size[1:]) if pool is not None and pool.default_size is not None else None


def _present(vnet: VNet, wanted: VNetWanted, length: int) -> PlannedVNet:
    prefix = next(one for one in vnet.address_space if one.version == wanted.family and one.length <= length)
    folded = {name.casefold(): subnet for name, subnet in vnet.subnets.items()}
    subnets = [
        (one.name, prefix)
        for one in wanted.subnets
        for prefix in folded[one.name.casefold()].prefixes
        if prefix.version == one.family and prefix.length <= one.length
    ]
    first = dict(reversed(subnets))
    in_order = tuple((one.name, first[one.name]) for one in wanted.subnets)
    return PlannedVNet(wanted.name, prefix, vnet.growth, in_order, "is there already, and stays where it is", True)


def _made(wanted: VNetWanted, block: Prefix, length: int) -> tuple[VNet, PlannedVNet] | Refusal:
    """The VNet in the lower part of the block, and its row without a reason."""
    prefix = Prefix(block.version, block.first, length)
    growth = tuple(blocks(block.version, prefix.last + 1, block.last))
    placed = plan_subnets(wanted.name, VNet.model_validate({"address_space": (prefix,)}), wanted.subnets)
    if isinstance(placed, Refusal):
        return placed
    notes = dict(wanted.subnet_notes)
    subnets = {one.name: _given({"prefixes": (one.prefix,), "note": notes.get(one.name)}) for one in placed}
    fields: dict[str, Any] = {
        "subscription": wanted.subscription,
        "region": wanted.region,
        "address_space": (prefix,),
        "growth": growth or None,
        "pool": wanted.pool,
        "note": wanted.note,
        "subnets": subnets or None,
    }
    vnet = VNet.model_validate(_given(fields))
    row = PlannedVNet(wanted.name, prefix, growth, tuple((one.name, one.prefix) for one in placed), "", False)
    return vnet, row


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _edit(vnets: dict[str, VNet], placed: dict[str, Prefix]) -> Edit:
    title = f"Add VNet {next(iter(vnets))}" if len(vnets) == 1 else f"Add {len(vnets)} VNets"

    def apply(topology: Topology) -> Topology:
        if not vnets:
            return topology
        index = holdings(topology).index
        for name, block in placed.items():
            for prefix, holder in index.overlapping(block):
                raise EditError(
                    f"{block} is no longer free for {name}: {in_words(prefix, holder)} is there", "plan again"
                )
        table = table_at(topology, ("vnets",))
        for name in vnets:
            if name in table or name in topology.sites:
                raise EditError(f"there is a network {name} by now", "plan again")
        # Added one by one to an empty topology: each version of a large table would be indexed anew.
        new = {name: add(("vnets", name), vnet).apply(Topology()).vnets[name] for name, vnet in vnets.items()}
        return with_table(topology, ("vnets",), Table({**table, **new}))

    return Edit(title, apply)


def _with_reasons(
    topology: Topology,
    edit: Edit,
    rows: Sequence[PlannedVNet],
    wanted: Sequence[VNetWanted],
    placed: dict[str, Prefix],
    pools: dict[tuple[str | None, str | None, int], tuple[tuple[Source, ...], tuple[Prefix, ...]]],
) -> Iterator[PlannedVNet]:
    index = holdings(edit.apply(topology)).index

    def at(source: Prefix, address: int) -> str:
        if not source.first <= address <= source.last:
            return ""
        found = next(index.overlapping(Prefix(source.version, address, BITS[source.version])), None)
        return in_words(*found) if found is not None else ""

    for row, one in zip(rows, wanted, strict=True):
        if row.exists:
            yield row
            continue
        block = placed[row.name]
        found, _ = pools[one.pool, one.region, one.family]
        source = next(source for source in found if source.prefix.contains(block))
        after, until = at(source.prefix, block.first - 1), at(source.prefix, block.last + 1)
        reasons = (
            f"from the smallest free block that serves a /{block.length} in {source}",
            "as large as its subnets need" if one.length is None and one.hosts is None and one.subnets else "",
            f"for {one.hosts} hosts" if one.hosts is not None else "",
            f"between {after} and {until}" if after and until else f"after {after}" if after else "",
            f"before {until}" if until and not after else "",
            f"can grow to {block}" if row.growth else "",
        )
        reason = "; ".join(filter(None, reasons))
        yield PlannedVNet(row.name, row.prefix, row.growth, row.subnets, reason, False)
