"""Plans: many VNets with their subnets placed at once, all of them or none.

Owns the VNets that are made of the blocks, and the reasons for their places. What is asked for is `asked`'s, where the
blocks lie `placing`'s, where the subnets lie in them `tui.planner.subnets.planning`'s.
Invariant: what the topology holds never moves, so that the same requests with one more place only that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui.errors import EditError
from tui.planner.batch.asked import Asked, asked_of
from tui.planner.batch.placing import NoRoom, place
from tui.planner.batch.refusal import refusal
from tui.planner.batch.wanted import VNetWanted
from tui.planner.holdings import free, refuse_taken
from tui.planner.placement import with_growth
from tui.planner.reasons import advertising, between, joining
from tui.planner.refusal import Refusal
from tui.planner.subnets.planning import plan_subnets
from tui.planner.surroundings import known_to_clash, neighbours
from tui.topology.edits import Edit, add
from tui.topology.model import Topology, VNet
from tui.topology.parts import table_at, with_table
from tui.topology.prefix import Prefix
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
    asked = asked_of(topology, wanted)
    placed = place(free(topology), asked.blocks)
    if isinstance(placed, NoRoom):
        return refusal(topology, asked, placed)
    vnets: dict[str, VNet] = {}
    rows: list[PlannedVNet] = []
    for one in wanted:
        if one.name in topology.vnets:
            rows.append(_present(topology.vnets[one.name], one, asked.lengths[one.name]))
            continue
        made = _made(one, placed[one.name], asked.lengths[one.name])
        if isinstance(made, Refusal):
            return made
        vnets[one.name], row = made
        rows.append(row)
    edit = _edit(vnets, placed)
    after = edit.apply(topology)
    reasons = (
        row if row.exists else replace(row, reason=_reason(after, asked, one, placed[one.name]))
        for row, one in zip(rows, wanted, strict=True)
    )
    return Plan(tuple(reasons), edit)


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
    prefix, growth = with_growth(block, length)
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
        refuse_taken(topology, placed.items(), "plan again")
        table = table_at(topology, ("vnets",))
        for name in vnets:
            if name in table or name in topology.sites:
                raise EditError(f"there is a network {name} by now", "plan again")
        # Added one by one to an empty topology: each version of a large table would be indexed anew.
        new = {name: add(("vnets", name), vnet).apply(Topology()).vnets[name] for name, vnet in vnets.items()}
        return with_table(topology, ("vnets",), Table({**table, **new}))

    return Edit(title, apply)


def _reason(after: Topology, asked: Asked, wanted: VNetWanted, block: Prefix) -> str:
    """Why the VNet lies in `block`. `after`: the topology with all that is planned, for that lies around it too."""
    source = next(source for source in asked.sources[wanted.name] if source.prefix.contains(block))
    by_subnets = wanted.length is None and wanted.hosts is None and wanted.subnets
    reasons = (
        f"from the smallest free block that serves a /{block.length} in {source}",
        "as large as its subnets need" if by_subnets else "",
        f"for {wanted.hosts} hosts" if wanted.hosts is not None else "",
        between(*neighbours(after, source.prefix, (block.first, block.last))),
        f"can grow to {block}" if block.length < asked.lengths[wanted.name] else "",
        *joining(after, source, block, wanted.name),
        *advertising(after, block),
        known_to_clash(block, after.planning.workloads),
    )
    return "; ".join(filter(None, reasons))
