"""The rehearsal: what an import would do to a file, thing by thing, before it does anything.

Owns what is new, changed, the same, gone or in conflict, and the topology that results from what is accepted of it.
Invariant: a topology that comes out has every network that its new links name, and what was not accepted is the very
same object as before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias

from tui.collector import collector_paused
from tui.errors import EditError
from tui.exchange.assembling.assembly import Assembly
from tui.exchange.comparing.fields import FieldChange, changes_below
from tui.exchange.found import Notice, Place
from tui.exchange.rehearsing.gone import gone_things, without_inside, without_things
from tui.exchange.rehearsing.merging import Telling, merged_part
from tui.topology.edits import Edit, noun
from tui.topology.keypath import key_path
from tui.topology.model import Topology
from tui.topology.parts import Path, entry_at, table_at
from tui.topology.table import Table

Status: TypeAlias = Literal["new", "identical", "changed", "conflict", "gone"]

TABLES = ("subscriptions", "vnets", "sites", "connections", "peerings")
"""The tables of a topology that an import fills, in the order in which they need each other."""
_LINKS = ("connections", "peerings")
_MOST_NAMED = 10


class Item(NamedTuple):
    """What an import does to one thing."""

    path: Path
    status: Status
    changes: tuple[FieldChange, ...] = ()
    why: str = ""
    """For a conflict: why, and what to do."""
    place: Place | None = None
    """Where it was found; None for what is gone, and for subscriptions that are only named in ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What an import would do."""

    items: tuple[Item, ...]
    """By table and key; what is gone comes last."""
    notices: tuple[Notice, ...]
    before: Topology
    after: Topology
    """With everything accepted that is not in conflict."""
    absent: tuple[Path, ...] = ()
    """What is in the file, deployed and covered by the sources, and not in them; it stays, for want of `prune`. Also
    gateways, subnets and devices of things that the sources tell."""
    needed: tuple[Path, ...] = ()
    """What `prune` would take and does not, because something leads to it."""
    parts: Mapping[Path, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """The new and changed parts by their paths."""

    def accepted(self, paths: Collection[Path]) -> Topology:
        """Return the result with only the items at `paths` taken, and what they need: VNets, subscriptions.

        What is in conflict or the same as before is passed over, and so are paths that are no items.
        """
        return _with_items(self.before, self.parts, {item.path for item in self.items if item.status == "gone"}, paths)

    def edit(self, paths: Collection[Path] | None = None) -> Edit:
        """Return the import of the items at `paths` (None: of all) as one edit, "Import 12 things".

        It raises EditError for a topology other than the one that was rehearsed on.
        """
        after = self.after if paths is None else self.accepted(paths)
        leaving = {item.path for item in self.items if item.status == "gone"}
        chosen = _with_needs(self.before, self.parts, leaving, (*self.parts, *leaving) if paths is None else paths)
        effective = [item.path for item in self.items if item.path in chosen]
        title = f"Import {noun(effective[0])}" if len(effective) == 1 else f"Import {len(effective)} things"

        def apply(topology: Topology) -> Topology:
            if topology is not self.before and topology != self.before:
                raise EditError(
                    "the topology has changed since the import was rehearsed", "rehearse it again on what is there now"
                )
            return after

        return Edit(title, apply)


def merged(existing: Topology | None, assembly: Assembly, *, prune: bool = False) -> Rehearsal:
    """Return what taking `assembly`, which was made for `existing`, into it would do.

    Azure decides the fields that are its own; what the file says beyond stays. Nothing is deleted unless `prune`: then
    things go that exist in Azure according to the file, lie where the sources tell all of their kind, and are not
    told. What is planned never goes.
    """
    before = existing if existing is not None else Topology.model_validate({"schema": 1})
    with collector_paused():
        return _rehearsed(before, assembly, prune)


def _rehearsed(before: Topology, assembly: Assembly, prune: bool) -> Rehearsal:
    telling = Telling(unset=assembly.unset, partial=assembly.partial)
    parts: dict[Path, Any] = {}
    for table in TABLES:
        known = table_at(before, (table,))
        for key, told in table_at(assembly.topology, (table,)).items():
            mine = known.get(key)
            part = told if mine is None else merged_part(mine, told, (table, key), telling)
            if part is not mine:
                parts[table, key] = part
    after = _with_items(before, parts, (), parts)
    gone = gone_things(before, assembly, after)
    leaving = set(gone.paths) if prune else set[Path]()
    if prune:
        parts |= {
            path: without_inside(parts.get(path) or entry_at(before, path), going)
            for path, going in gone.inside.items()
        }
    items = list(_items(before, assembly, parts))
    if prune:
        after = _with_items(before, parts, leaving, (*parts, *leaving))
        items += (Item(path, "conflict", why=why) for path, why in gone.needed.items())
        items += (Item(path, "gone") for path in gone.paths)
    items.sort(key=lambda item: (item.status == "gone", TABLES.index(item.path[0]), item.path))
    return Rehearsal(
        items=tuple(items),
        notices=(*assembly.notices, *(_of_uncovered(gone.uncovered) if prune else ())),
        before=before,
        after=after,
        absent=() if prune else (*gone.paths, *gone.needed, *chain.from_iterable(gone.inside.values())),
        needed=tuple(gone.needed) if prune else (),
        parts=MappingProxyType(parts),
    )


def _items(before: Topology, assembly: Assembly, parts: Mapping[Path, Any]) -> Iterator[Item]:
    """What becomes of what the sources tell; `parts` are the new and the changed ones."""
    told = ((table, key) for table in TABLES for key in table_at(assembly.topology, (table,)))
    for path in dict.fromkeys((*told, *parts)):
        mine, place = table_at(before, path[:1]).get(path[1]), assembly.origin.get(path)
        if path not in parts:
            yield Item(path, "identical", place=place)
        elif mine is None:
            yield Item(path, "new", place=place)
        else:
            yield Item(path, "changed", tuple(changes_below(mine, parts[path])), place=place)
    yield from (Item(path, "conflict", why=one.why, place=one.place) for path, one in assembly.conflicts.items())


def _of_uncovered(paths: Collection[Path]) -> Iterator[Notice]:
    """What is to be said about things that may be gone or not."""
    if paths:
        named = ", ".join(key_path(path) for path, _ in zip(paths, range(_MOST_NAMED), strict=False))
        more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
        which = "1 thing stays" if len(paths) == 1 else f"{len(paths)} things stay"
        text = (
            f"{which} that the sources do not tell, because no whole list of its kind and resource group is among "
            f"them: {named}{more}"
        )
        yield Notice("missing", text, Place("prune"))


def _with_items(
    before: Topology, parts: Mapping[Path, Any], leaving: Collection[Path], wanted: Collection[Path]
) -> Topology:
    chosen = _with_needs(before, parts, leaving, wanted)
    topology = before
    for table in TABLES:
        taken = {path[1]: parts[path] for path in parts if path in chosen and path[0] == table}
        if taken:
            entries: dict[str, Any] = {**dict(table_at(topology, (table,)).items()), **taken}
            topology = topology.model_copy(update={table: Table(entries)})
    return without_things(topology, [path for path in leaving if path in chosen])


def _with_needs(
    before: Topology, parts: Mapping[Path, Any], leaving: Collection[Path], wanted: Collection[Path]
) -> set[Path]:
    """What is wanted of the parts and of what leaves, with what that needs."""
    links = _links_of(before, (*leaving, *parts)) if leaving else {}
    chosen: set[Path] = set()
    left = list(wanted)
    while left:
        path = left.pop()
        if path in chosen or (path not in parts and path not in leaving):
            continue
        chosen.add(path)
        if path in leaving:
            # Its links go before it, and those that lead elsewhere now are changed before it goes.
            left += links.get(path[1], ()) if path[0] not in _LINKS else ()
            continue
        part = parts[path]
        subscription = getattr(part, "subscription", None)
        if subscription is not None and subscription not in before.subscriptions:
            left.append(("subscriptions", subscription))
        for end in getattr(part, "between", ()):
            if end not in before.vnets and end not in before.sites:
                left += (("vnets", end), ("sites", end))
            elif getattr(part, "devices", None) is not None:
                # The devices that it lists may be new ones of a site that the file has.
                left.append(("sites", end))
    return chosen


def _links_of(topology: Topology, paths: Iterable[Path]) -> dict[str, list[Path]]:
    """The links of `topology` among `paths`, by the networks that they lead to."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        link = table_at(topology, path[:1]).get(path[1]) if path[0] in _LINKS else None
        for end in link.between if link is not None else ():
            found.setdefault(end, []).append(path)
    return found
