"""Difference: what came, went and changed between two topologies, with what follows from it.

Owns the comparison, thing by thing along the key paths, of the findings and of the gateways' meters. How it is told
is for others: as text and Markdown, and as JSON.
Invariant: a topology has no difference from itself, nor from one that says the same in another order; and what the
difference names is all that there is.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tui.checks.against import key_of, turnover
from tui.checks.engine import check
from tui.checks.rule import Finding
from tui.connectivity.budgets import Budget, budgets
from tui.exchange.comparing.fields import FieldChange, changes, entry_changes, fields_of
from tui.exchange.comparing.renames import renames
from tui.topology.model import Part, Topology
from tui.topology.parts import Path
from tui.topology.table import Table

_VALUES_BY_NAME: Mapping[Path, str] = {(): "checks", ("planning",): "avoid"}
"""Tables of the file whose entries are plain values: each is a thing, and its entries are the fields."""


class Thing(NamedTuple):
    """A thing that is in one of the two topologies only; what is in it came or went with it."""

    path: Path
    part: Part


class Renamed(NamedTuple):
    """A thing that has another name now."""

    old: Path
    new: Path


class Changed(NamedTuple):
    """A thing that differs in fields of its own. The empty path is the topology itself."""

    path: Path
    """In the later topology."""
    fields: tuple[FieldChange, ...]


class Meter(NamedTuple):
    """What a gateway carries and may carry."""

    tunnels: int
    tunnels_limit: int | None
    bandwidth_mbps: float
    bandwidth_limit_mbps: float | None


class MeterChange(NamedTuple):
    """A gateway whose meter differs; None where there is no gateway."""

    vnet: str
    before: Meter | None
    after: Meter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs: each in the order of the later topology, then what is gone in the order of the earlier one."""

    added: tuple[Thing, ...] = ()
    removed: tuple[Thing, ...] = ()
    changed: tuple[Changed, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    findings_new: tuple[Finding, ...] = ()
    """What is accepted has the reason of its waiver: it is new all the same."""
    findings_gone: tuple[Finding, ...] = ()
    """As they were; one that is accepted now has the reason of its waiver."""
    meters: tuple[MeterChange, ...] = ()

    @property
    def same(self) -> bool:
        """True if the two topologies say the same."""
        return not (self.added or self.removed or self.changed or self.renamed)


def difference(before: Topology, after: Topology, today: datetime.date) -> Difference:
    """Return what differs between two topologies, checked as of `today`."""
    found = _Comparison(before, after)
    found.compare()
    if not (found.added or found.removed or found.changed or found.renamed):
        return Difference()
    new_names = {one.old: one.new for one in found.renamed}
    new, gone = _findings(check(before, today), check(after, today), new_names)
    return Difference(
        added=tuple(found.added),
        removed=tuple(sorted(found.removed, key=_order_in(before))),
        changed=tuple(found.changed),
        renamed=tuple(found.renamed),
        findings_new=new,
        findings_gone=gone,
        meters=_meters(before, after, new_names),
    )


class _Comparison:
    """The walk down both topologies, side by side."""

    def __init__(self, before: Topology, after: Topology) -> None:
        self.before, self.after = before, after
        self.added: list[Thing] = []
        self.removed: list[Thing] = []
        self.changed: list[Changed] = []
        self.renamed: list[Renamed] = []
        self._networks: dict[str, str] = {}

    def compare(self) -> None:
        self._part((), (), self.before, self.after)

    def _part(self, old_path: Path, path: Path, before: Part, after: Part) -> None:
        """One thing under its name then and its name now."""
        if before is after:
            return
        entries = _VALUES_BY_NAME.get(path)
        self._fields(path, changes(before, after, without=entries))
        if entries:
            self._fields((*path, entries), entry_changes(getattr(before, entries), getattr(after, entries)))
        for name, key, kind in fields_of(type(after)):
            old, new = getattr(before, name), getattr(after, name)
            if kind == "parts":
                self._table((*old_path, key), (*path, key), old, new)
            elif kind == "part":
                self._single((*old_path, key), (*path, key), old, new)

    def _fields(self, path: Path, found: Iterable[FieldChange]) -> None:
        fields = tuple(found)
        if fields:
            self.changed.append(Changed(path, fields))

    def _single(self, old_path: Path, path: Path, before: Part | None, after: Part | None) -> None:
        if before is not None and after is not None:
            self._part(old_path, path, before, after)
        elif after is not None:
            self.added.append(Thing(path, after))
        elif before is not None:
            self.removed.append(Thing(old_path, before))

    def _table(self, old_place: Path, place: Path, before: Table[Part], after: Table[Part]) -> None:
        if before is after:
            return
        gone = {name: part for name, part in before.items() if name not in after}
        come = {name: part for name, part in after.items() if name not in before}
        old_names: dict[str, str] = {}
        if gone and come:
            old_names = renames(place[-1], gone, come, self.before, self.after, self._networks)
        if place in (("vnets",), ("sites",)):
            self._networks |= {old: new for new, old in old_names.items()}
        for name, part in after.items():
            old_name = old_names.get(name, name)
            if old_name != name:
                self.renamed.append(Renamed((*old_place, old_name), (*place, name)))
            elif name in come:
                self.added.append(Thing((*place, name), part))
                continue
            self._part((*old_place, old_name), (*place, name), before[old_name], part)
        known_again = set(old_names.values())
        self.removed += (Thing((*old_place, name), part) for name, part in gone.items() if name not in known_again)


def _order_in(topology: Topology) -> Callable[[Thing], tuple[int, ...]]:
    """Return what sorts things as they stand in `topology`: each step of a path by its number where it stands."""
    orders: dict[Path, dict[str, int]] = {}

    def place(thing: Thing) -> tuple[int, ...]:
        at: Any = topology
        numbers = []
        for depth, step in enumerate(thing.path):
            table = thing.path[:depth]
            if table not in orders:
                names: Iterable[str] = at if isinstance(at, Table) else type(at).model_fields
                orders[table] = {name: number for number, name in enumerate(names)}
            numbers.append(orders[table][step])
            at = at[step] if isinstance(at, Table) else getattr(at, step)
        return tuple(numbers)

    return place


def _findings(
    before: Iterable[Finding], after: Iterable[Finding], new_names: Mapping[Path, Path]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that are new and those that are gone; what was renamed keeps its findings."""
    earlier, later = list(before), list(after)
    moved = [replace(one, where=tuple(_moved(path, new_names) for path in one.where)) for one in earlier]
    as_it_was = {id(now): was for was, now in zip(earlier, moved, strict=True)}
    accepted = {key_of(one): one.waived for one in later if one.waived is not None}
    found = turnover(moved, later)
    came = {id(one) for one in (*found.new, *found.accepted)}
    return (
        tuple(one for one in later if id(one) in came),
        tuple(replace(as_it_was[id(one)], waived=accepted.get(key_of(one))) for one in found.gone),
    )


def _moved(path: Path, new_names: Mapping[Path, Path]) -> Path:
    """Where a path leads now: the longest part of it that was renamed decides."""
    if new_names:
        for length in range(len(path), 0, -1):
            new = new_names.get(path[:length])
            if new is not None:
                return (*new, *path[length:])
    return path


def _meters(before: Topology, after: Topology, new_names: Mapping[Path, Path]) -> tuple[MeterChange, ...]:
    was = {_moved(("vnets", name), new_names)[1]: (name, _meter(one)) for name, one in budgets(before).items()}
    now = {name: _meter(one) for name, one in budgets(after).items()}
    found = [MeterChange(name, was.get(name, (name, None))[1], meter) for name, meter in now.items()]
    found += (MeterChange(name, meter, None) for new_name, (name, meter) in was.items() if new_name not in now)
    return tuple(one for one in found if one.before != one.after)


def _meter(budget: Budget) -> Meter:
    return Meter(budget.used, budget.limit.whole, budget.bandwidth_used, budget.bandwidth.value)
