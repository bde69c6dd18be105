"""Identities: which found things are one, and which of them the file has already.

Owns how resource ids are compared: without case, and by the parts that are told where some are not. Invariant: what
is found equal depends on the set of things, never on their order, and a guess between two is never made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import chain
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from tui.exchange.assembling.ledger import Difference
from tui.exchange.found import (
    FoundCircuit,
    FoundConnection,
    FoundGateway,
    FoundLocalGateway,
    FoundSubnet,
    FoundVNet,
    Identity,
)
from tui.topology.prefix import Prefix

Folded: TypeAlias = tuple[str, str, str]
"""Subscription, resource group and name without case, the subscription as the file knows it; empty where not told."""

Fold: TypeAlias = Callable[[Identity], Folded]

T = TypeVar("T")
F = TypeVar("F", FoundVNet, FoundGateway, FoundLocalGateway, FoundCircuit, FoundConnection)


class Lookup(Generic[T]):
    """Things by their identity: the one that is exactly it, else the only one that it can be."""

    def __init__(self) -> None:
        self._exact: dict[Folded, T] = {}
        # None stands for a part that is not asked for. Two things are enough to know that it is not clear.
        self._views: dict[tuple[str | None, str | None, str], list[T]] = {}

    def add(self, folded: Folded, thing: T, loose: Folded | None = None) -> None:
        """Enter `thing`; `loose` is its identity with fewer parts, where not all that `folded` says is certain."""
        self._exact.setdefault(folded, thing)
        subscription, group, name = loose or folded
        for one in (subscription, None):
            for other in (group, None):
                there = self._views.setdefault((one, other, name), [])
                if len(there) < 2 and thing not in there:
                    there.append(thing)

    def fitting(self, folded: Folded) -> list[T]:
        """Return the things that can be it, all parts considered that both tell; not all where there are many."""
        subscription, group, name = folded
        found: list[T] = []
        for one in (subscription, "") if subscription else (None,):
            for other in (group, "") if group else (None,):
                found += (thing for thing in self._views.get((one, other, name), ()) if thing not in found)
        return found

    def find(self, folded: Folded) -> T | None:
        """Return the thing, or None where there is none, or no single one."""
        exact = self._exact.get(folded)
        if exact is not None:
            return exact
        fitting = self.fitting(folded)
        return fitting[0] if len(fitting) == 1 else None


class InFile(NamedTuple, Generic[T]):
    """A thing of the file, with its identity."""

    key: T
    folded: Folded
    loose: Folded
    """The identity without what the file leaves open, such as the id of a subscription that has none there."""


@dataclass(frozen=True, slots=True)
class Matches(Generic[T]):
    """Which found things the file has."""

    keys: dict[Folded, T] = field(default_factory=dict)
    unclear: dict[Folded, tuple[T, ...]] = field(default_factory=dict)
    """What a found thing may be in the file: several of them, or one that others may be as well."""


def matched(found: Iterable[Folded], known: Sequence[InFile[T]]) -> Matches[T]:
    """Return which of `known` each found identity is: exactly, else by the parts told, if each has one partner only."""
    matches: Matches[T] = Matches()
    exact: dict[Folded, InFile[T]] = {}
    for one in known:
        exact.setdefault(one.folded, one)
    left: list[Folded] = []
    for folded in found:
        if folded in exact:
            matches.keys[folded] = exact[folded].key
        else:
            left.append(folded)
    if not left or not known:
        return matches
    taken = set(matches.keys.values())
    lookup: Lookup[T] = Lookup()
    for one in known:
        if one.key not in taken:
            lookup.add(one.folded, one.key, one.loose)
    claims: dict[T, list[Folded]] = {}
    for folded in left:
        fitting = lookup.fitting(folded)
        if len(fitting) > 1:
            matches.unclear[folded] = tuple(fitting)
        elif fitting:
            claims.setdefault(fitting[0], []).append(folded)
    for key, claimants in claims.items():
        if len(claimants) == 1:
            matches.keys[claimants[0]] = key
        else:
            matches.unclear.update((folded, (key,)) for folded in claimants)
    return matches


class Unified(NamedTuple, Generic[F]):
    """A found thing, once, whatever number of sources tell it."""

    folded: Folded
    thing: F
    differing: tuple[Difference, ...]
    """Where the sources contradict each other."""


def unified(things: Iterable[F], fold: Fold) -> list[Unified[F]]:
    """Return every thing once, sorted by identity; what one source leaves empty is taken from another."""
    groups: dict[Folded, list[F]] = {}
    for thing in things:
        groups.setdefault(fold(thing.identity), []).append(thing)
    if any("" in folded for folded in groups):
        _join_incomplete(groups)
    return [
        Unified(folded, group[0], ()) if len(group) == 1 else Unified(folded, *_fused(group, fold))
        for folded, group in sorted(groups.items(), key=lambda entry: entry[0])
    ]


def spellings(identities: Iterable[Identity]) -> Mapping[str, str]:
    """Return one spelling for every resource group that is written in several cases, by its name without case."""
    chosen: dict[str, str] = {}
    for identity in identities:
        group = identity.resource_group
        folded = group.casefold()
        # Azure's own answers write it in capitals here and there; nobody names it so.
        if chosen.get(folded, "") < group:
            chosen[folded] = group
    return chosen


def _join_incomplete(groups: dict[Folded, list[F]]) -> None:
    complete: Lookup[Folded] = Lookup()
    for folded in groups:
        if "" not in folded:
            complete.add(folded, folded)
    for folded in [folded for folded in groups if "" in folded]:
        fitting = complete.fitting(folded)
        if len(fitting) == 1:
            groups[fitting[0]] += groups.pop(folded)


def _fused(group: list[F], fold: Fold) -> tuple[F, tuple[Difference, ...]]:
    ordered = sorted(group, key=lambda one: (one.identity, one.place, repr(one)))
    values: dict[str, Any] = {"identity": Identity(*map(max, zip(*map(attrgetter("identity"), ordered), strict=True)))}
    differing: list[Difference | None] = []
    for one in fields(ordered[0]):
        if one.name in ("identity", "place", "emptied"):
            continue
        told = [thing for thing in ordered if not _is_empty(getattr(thing, one.name))]
        if one.name == "is_partial":
            whole = any(not thing.is_partial for thing in _telling_prefixes(ordered))
            values[one.name] = bool(told) and not whole
        elif told:
            if one.name == "subnets":
                values[one.name], other = _all_subnets(told)
            elif one.name in _LISTS:
                values[one.name], other = _all_prefixes(told, one.name)
            else:
                values[one.name], other = _agreed(told, one.name, fold)
            differing.append(other)
    if any(getattr(thing, "emptied", ()) for thing in ordered):
        emptied = {name for thing in ordered for name in getattr(thing, "emptied", ())}
        values["emptied"] = frozenset(name for name in emptied if name not in values)
    return replace(ordered[0], **values), tuple(filter(None, differing))


_LISTS = ("prefixes", "p2s_pools")
"""Fields that may be told in part; a thing has one of them at most."""


def _telling_prefixes(things: Iterable[Any]) -> Iterator[Any]:
    return (thing for thing in things if any(getattr(thing, name, ()) for name in _LISTS))


def _agreed(told: Sequence[F], name: str, fold: Fold) -> tuple[Any, Difference | None]:
    """What all tell of a field, and where they do not agree."""
    first = getattr(told[0], name)
    if isinstance(first, Mapping):
        return {key: value for one in reversed(told) for key, value in getattr(one, name).items()}, None
    if isinstance(first, Identity):
        identities = [getattr(one, name) for one in told]
        fullest = max(identities, key=lambda value: (sum(map(bool, value)), value))
        if all(len({part for part in parts if part}) <= 1 for parts in zip(*map(fold, identities), strict=True)):
            return fullest, None
        other = next(one for one in told if fold(getattr(one, name)) != fold(first))
        return fullest, _difference(name, told[0], other, (first.name, getattr(other, name).name))
    for one in told:
        if _comparable(getattr(one, name)) != _comparable(first):
            return first, _difference(name, told[0], one, (_as_text(first), _as_text(getattr(one, name))))
    return first, None


def _all_prefixes(told: Sequence[Any], name: str) -> tuple[tuple[Prefix, ...], Difference | None]:
    """The prefixes that all tell, and where they do not agree: what is told in part agrees with all that has it."""
    whole = [one for one in told if not getattr(one, "is_partial", False)]
    if not whole:
        return tuple(dict.fromkeys(chain.from_iterable(getattr(one, name) for one in told))), None
    prefixes: tuple[Prefix, ...] = getattr(whole[0], name)
    for one in told:
        theirs = getattr(one, name)
        if set(theirs) != set(prefixes) and (one in whole or not set(theirs) <= set(prefixes)):
            return prefixes, _difference(name, whole[0], one, (_as_text(prefixes), _as_text(theirs)))
    return prefixes, None


def _all_subnets(told: Sequence[Any]) -> tuple[tuple[FoundSubnet, ...], Difference | None]:
    """The subnets that all tell, and where they do not agree about one."""
    known: dict[str, tuple[FoundSubnet, Any]] = {}
    other: Difference | None = None
    for thing in told:
        for subnet in thing.subnets:
            before, first = known.setdefault(subnet.name.casefold(), (subnet, thing))
            mine, theirs = set(before.prefixes), set(subnet.prefixes)
            if not theirs and not (subnet.is_partial and not mine):
                continue
            if not mine or (before.is_partial and mine <= theirs):
                known[subnet.name.casefold()] = replace(subnet, name=before.name), thing
            elif before.is_partial and subnet.is_partial:
                every = tuple(dict.fromkeys((*before.prefixes, *subnet.prefixes)))
                known[subnet.name.casefold()] = replace(before, prefixes=every), first
            elif mine != theirs and not (subnet.is_partial and theirs <= mine):
                texts = _as_text(before.prefixes), _as_text(subnet.prefixes)
                other = other or _difference(f'subnet "{before.name[:60]}"', first, thing, texts)
    return tuple(subnet for subnet, _ in known.values()), other


def _difference(field: str, one: Any, other: Any, values: tuple[str, str]) -> Difference:
    return Difference(field.replace("_", " ") if '"' not in field else field, values, (one.place, other.place))


def _is_empty(value: Any) -> bool:
    return value is None or value == () or (isinstance(value, Mapping) and not value)


def _comparable(value: Any) -> Any:
    if isinstance(value, tuple):
        return frozenset(value)
    return value.casefold() if isinstance(value, str) else value


def _as_text(value: Any) -> str:
    """A value as a message shows it, not all of a long one."""
    if type(value) is tuple:
        return ", ".join(map(str, value[:4])) + (f" and {len(value) - 4} more" if len(value) > 4 else "")
    return str(value).lower() if isinstance(value, bool) else str(value)[:60]
