"""Assembling: what was found, in this program's terms.

Owns the step from Azure's resources to a topology: subscriptions, VNets with their gateways, sites, connections and
peerings, under the keys that the file has for what it knows. What is left empty in a source, it does not say.
Invariant: the topology depends on the set of found things, not on their order, and holds nothing that is in conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tui.collector import collector_paused
from tui.exchange.assembling.coverage import Coverage, coverage
from tui.exchange.assembling.ledger import Conflict
from tui.exchange.assembling.link_parts import connection_parts, peering_parts
from tui.exchange.assembling.resolving import Resolved
from tui.exchange.assembling.site_parts import site_parts
from tui.exchange.assembling.vnets import vnet_parts
from tui.exchange.found import Found, Notice, Place
from tui.topology.model import State, Topology
from tui.topology.parts import Path
from tui.topology.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What sources describe."""

    topology: Topology
    """With the keys of the file that it was assembled for. A VNet of the file of which only the gateway was found is
    there as the file has it, with that gateway."""
    notices: tuple[Notice, ...] = ()
    origin: Mapping[Path, Place]
    """Where the things in the topology were found, by their paths; gateways have one of their own."""
    conflicts: Mapping[Path, Conflict]
    """What was found and cannot be put in, by the path that it would have."""
    present: frozenset[Path]
    """Everything that the sources mention, what is in conflict too."""
    covered: Coverage
    """Where the sources tell all that there is, so that what they do not tell is gone."""
    unset: frozenset[tuple[Path, str]]
    """Fields of which the sources say that they are as Azure's default is, which the topology leaves out."""
    partial: frozenset[tuple[Path, str]]
    """Fields of which the sources have more than could be read."""


def assembled(found: Found, existing: Topology | None = None, *, state: State = "deployed") -> Assembly:
    """Return the topology that `found` describes, with the keys that `existing` uses for what it already knows.

    `state`: what becomes of everything in it: "deployed" for what exists in Azure, "planned" for templates and plans.
    Identities are compared as Azure does, without case.
    """
    file = existing if existing is not None else Topology.model_validate({"schema": 1})
    with collector_paused():
        resolved = Resolved(found, file)
        ledger = resolved.ledger
        vnets = vnet_parts(resolved, state)
        sites = site_parts(resolved, state)
        tables: dict[str, Table[Any]] = {
            "subscriptions": resolved.subscriptions.table(ledger),
            "vnets": vnets,
            "sites": sites,
            "connections": connection_parts(resolved, sites, state),
            "peerings": peering_parts(resolved, state),
        }
        covered = coverage(found, resolved, state)
    empty = Topology.model_validate({"schema": 1})
    # Every part has been validated on its own.
    topology = empty.model_copy(update={name: table for name, table in tables.items() if table})
    return Assembly(
        topology=topology,
        notices=(*found.notices, *ledger.notices),
        origin=MappingProxyType(ledger.origin),
        conflicts=MappingProxyType(ledger.conflicts),
        present=frozenset(ledger.present),
        covered=covered,
        unset=frozenset(ledger.unset),
        partial=frozenset(ledger.partial),
    )
