"""The ledger: what an import notes while it makes a topology of what was found.

Owns the notices, the conflicts and the origins that are handed on beside the topology. Invariant: an entry of the
ledger names the thing by the path that it has in the topology, and the place of the source that told it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.exchange.found import Identity, Notice, NoticeKind, Place
from tui.topology.keypath import key_path
from tui.topology.parts import Path


class Difference(NamedTuple):
    """A field of which two sources tell different values."""

    field: str
    values: tuple[str, str]
    """As text."""
    places: tuple[Place, Place]


class Conflict(NamedTuple):
    """Why something that was found cannot be put in as it is, and what to do."""

    why: str
    place: Place


@dataclass(slots=True)
class Ledger:
    """What is to be told about an import."""

    notices: list[Notice] = field(default_factory=list)
    conflicts: dict[Path, Conflict] = field(default_factory=dict)
    origin: dict[Path, Place] = field(default_factory=dict)
    present: set[Path] = field(default_factory=set)
    """What the sources mention, whether or not it could be put in: it is not gone."""

    unset: set[tuple[Path, str]] = field(default_factory=set)
    """Fields of which the sources say that they are as Azure's default is, which a topology leaves out."""

    partial: set[tuple[Path, str]] = field(default_factory=set)
    """Fields of which the sources have more than could be read."""

    def notice(self, kind: NoticeKind, text: str, place: Place) -> None:
        """Note something that the person is to be told."""
        self.notices.append(Notice(kind, text, place))

    def conflict(self, path: Path, why: str, place: Place) -> None:
        """Note that what belongs at `path` cannot be put in; the first reason is kept."""
        self.conflicts.setdefault(path, Conflict(why, place))
        self.present.add(path)

    def enter(self, path: Path, place: Place) -> None:
        """Note where the thing at `path` was found."""
        self.origin.setdefault(path, place)
        self.present.add(path)


def described(identity: Identity) -> str:
    """Return a resource as a message names it: "hub" of rg-network."""
    return f'"{identity.name}"' + (f" of {identity.resource_group}" if identity.resource_group else "")


def contradiction(differing: Sequence[Difference]) -> str:
    """Return why something that sources tell differently cannot be put in, and what they say; empty if they agree."""
    if not differing:
        return ""
    fields = ", ".join(one.field for one in differing)
    told = "; ".join(
        " and ".join(f"{value} in {place}" for value, place in zip(one.values, one.places, strict=True))
        for one in differing[:2]
    )
    return f"the sources contradict each other about its {fields} ({told}): import one of them only"


def in_part(is_known: bool) -> str:
    """Return what becomes of a thing of which not all prefixes could be read; `is_known`: the file has it."""
    return "those of the file stay" if is_known else "it has more than is imported, and they are not free"


def doubt(table: str, keys: Iterable[str], linked: Collection[str]) -> str:
    """Return why a thing that may be one of `keys` of the file cannot be put in; empty where it can be a new one.

    `linked`: the networks that links of the file name. One that nobody names can stand beside the new one.
    """
    known = sorted(keys)
    if not known or (len(known) == 1 and known[0] not in linked):
        return ""
    which = " or ".join(key_path((table, key)) for key in known[:3])
    return f"it may be {which} of the file, and so may others: write resource_group and subscription there"
