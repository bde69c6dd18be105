"""Resolving: what each found thing is, before any part of a topology is made of it.

Owns the order of the steps: things told twice become one, VNets, local gateways and circuits of the file are
recognised, connections tell which local gateways belong together, and everything new gets a key.
Invariant: nothing is looked up by name after this; a network goes by its key.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from tui.exchange.assembling.identities import Folded, Lookup, matched, spellings, unified
from tui.exchange.assembling.keys import keys_for, wishes_of
from tui.exchange.assembling.ledger import Ledger
from tui.exchange.assembling.links import Remotes, connection_drafts
from tui.exchange.assembling.networks import (
    New,
    Ref,
    circuits_in_file,
    device_end,
    gateway_ends,
    locals_in_file,
    slots_of_file,
    vnet_refs,
    vnets_of_file,
)
from tui.exchange.assembling.peerings import peering_drafts
from tui.exchange.assembling.sites import site_drafts
from tui.exchange.assembling.subscriptions import SubscriptionKeys
from tui.exchange.assembling.summaries import Summaries
from tui.exchange.found import Found, FoundCircuit, FoundConnection, Identity
from tui.topology.model import Topology


class Resolved:
    """What was found, recognised and with keys."""

    def __init__(self, found: Found, file: Topology) -> None:
        self.file = file
        self.ledger = Ledger()
        self.subscriptions = SubscriptionKeys(found, file)
        fold = self.subscriptions.fold
        self.vnets = self._named(unified(found.vnets, fold), "VNet")
        self.gateways = self._named(unified(found.gateways, fold), "gateway")
        self.locals = self._named(unified(found.local_gateways, fold), "local gateway")
        self.connections = self._named(unified(found.connections, fold), "connection")
        self.circuits = unified(chain(found.circuits, _circuits_meant(found.connections)), fold)
        self._spelling = spellings(
            one.thing.identity for one in chain(self.vnets, self.gateways, self.locals, self.connections)
        )
        self._recognise(found)
        self._choose_keys()
        self._mention()

    def _named(self, things: list[Any], what: str) -> list[Any]:
        for one in things:
            if not one.thing.identity.name:
                self.ledger.notice("missing", f"a {what} has no name: it is left out", one.thing.place)
        return [one for one in things if one.thing.identity.name]

    def _recognise(self, found: Found) -> None:
        file, subscriptions = self.file, self.subscriptions
        known = vnets_of_file(file, subscriptions)
        self.vnet_keys = matched((one.folded for one in self.vnets), known)
        subscriptions.learn((folded, file.vnets[key].subscription) for folded, key in self.vnet_keys.keys.items())
        subscriptions.settle()
        self.vnet_refs = vnet_refs(self.vnets, self.vnet_keys, known)
        self.ends = gateway_ends(self.gateways, self.vnet_refs, file, subscriptions)
        self.slots = locals_in_file(self.locals, file, subscriptions)
        self.circuit_keys = circuits_in_file(self.circuits, file, subscriptions)
        self._keep_ends_of_file()
        self.summaries = Summaries(
            chain(
                (prefix for vnet in file.vnets.values() for prefix in vnet.address_space),
                (prefix for one in self.vnets for prefix in one.thing.prefixes),
            )
        )
        self.site_drafts = site_drafts(self.locals, self.slots.keys, self._linked(), file, self.summaries, self.ledger)
        self.connection_drafts = connection_drafts(
            self.connections, self.ends, self._remotes(), file, subscriptions, self.ledger
        )
        self.peering_drafts = peering_drafts(found.peerings, self.vnet_refs, file, subscriptions, self.ledger)

    def _keep_ends_of_file(self) -> None:
        """A circuit whose connection the file has leads to the site that the file says, under whatever name."""
        file, subscriptions = self.file, self.subscriptions
        by_identity: Lookup[str] = Lookup()
        for key, part in file.connections.items():
            if part.kind == "expressroute":
                name = part.azure_name or key
                folded, loose = subscriptions.of_file(part.subscription, part.resource_group, name)
                by_identity.add(folded, key, loose)
        self._sites_of_circuits: dict[Folded, str] = dict(self.circuit_keys.keys)
        for one in self.connections:
            if one.thing.kind == "ExpressRoute":
                known = by_identity.find(one.folded)
                sites = [end for end in file.connections[known].between if end in file.sites] if known else []
                if len(sites) == 1:
                    self._sites_of_circuits.setdefault(subscriptions.fold(one.thing.other), sites[0])

    def _linked(self) -> dict[Folded, set[Ref]]:
        """The VNets that connections lead to from each local gateway."""
        locals_: Lookup[Folded] = Lookup()
        for one in self.locals:
            locals_.add(one.folded, one.folded)
        linked: dict[Folded, set[Ref]] = {}
        for connection in self.connections:
            if connection.thing.kind == "IPsec":
                end = self.ends.find(self.subscriptions.fold(connection.thing.gateway))
                local = locals_.find(self.subscriptions.fold(connection.thing.other))
                if end is not None and local is not None:
                    linked.setdefault(local, set()).add(end.vnet)
        return linked

    def _remotes(self) -> Remotes:
        devices: Lookup[tuple[Ref, str]] = Lookup()
        for draft in self.site_drafts:
            for folded, (device, _) in draft.devices.items():
                devices.add(folded, (draft.ref, device_end(device)))
        for entry in slots_of_file(self.file, self.subscriptions):
            devices.add(entry.folded, (entry.key.site, entry.key.end), entry.loose)
        circuits: Lookup[Ref] = Lookup()
        for one in self.circuits:
            circuits.add(one.folded, self.circuit_ref(one.folded))
        return Remotes(devices, circuits)

    def circuit_ref(self, folded: Folded) -> Ref:
        """Return the site that an ExpressRoute circuit is."""
        return self._sites_of_circuits.get(folded, New("circuit", folded))

    def ends_of(self, between: tuple[Ref, Ref] | None) -> tuple[tuple[str, str] | None, str]:
        """Return the keys of the ends of a link, or None and why they cannot be had."""
        if between is None:
            return None, "its ends are not known"
        a, b = map(self.key, between)
        for ref, key in zip(between, (a, b), strict=True):
            if isinstance(ref, New) and ("vnets" if ref.kind == "vnet" else "sites", key) in self.ledger.conflicts:
                return None, f'its end "{key}" is in conflict itself: settle that first'
        return (a, b), ""

    def _choose_keys(self) -> None:
        """Give everything that the file does not have a key: of networks with one name, a VNet gets it, then a site."""
        vnets: dict[Ref, tuple[str, ...]] = {
            New("vnet", one.folded): self._wishes(one.thing.identity)
            for one in self.vnets
            if one.folded not in self.vnet_keys.keys
        }
        sites: dict[Ref, tuple[str, ...]] = {
            one.ref: self._wishes(one.identity, "site") for one in self.site_drafts if one.key is None
        }
        used = {end for draft in self.connection_drafts for end in draft.between or () if not draft.why}
        circuits: dict[Ref, tuple[str, ...]] = {
            ref: self._wishes(one.thing.identity, "circuit")
            for one in self.circuits
            if isinstance(ref := self.circuit_ref(one.folded), New) and ref in used
        }
        self._keys: dict[Ref, str] = {}
        for wanted in filter(None, (vnets, sites, circuits)):
            self._keys |= keys_for(wanted, chain(self.file.vnets, self.file.sites, self._keys.values()))
        links = {number: draft for number, draft in enumerate(self.connection_drafts) if draft.key is None}
        self.connection_keys = keys_for(
            {number: self._wishes(draft.first.identity) for number, draft in links.items()}, self.file.connections
        )

    def _wishes(self, identity: Identity, kind: str = "") -> tuple[str, ...]:
        return wishes_of(self._spelt(identity), self.subscriptions.key(identity), kind)

    def _mention(self) -> None:
        """What a found thing may be in the file is not gone from Azure."""
        for keys in self.vnet_keys.unclear.values():
            self.ledger.present.update(("vnets", key) for key in keys)
        for slots in self.slots.unclear.values():
            self.ledger.present.update(("sites", slot.site) for slot in slots)
        for keys in self.circuit_keys.unclear.values():
            self.ledger.present.update(("sites", key) for key in keys)

    def _spelt(self, identity: Identity) -> Identity:
        group = self.group(identity)
        return identity if group == identity.resource_group else identity._replace(resource_group=group)

    def group(self, identity: Identity) -> str:
        """Return the resource group of `identity` in the one spelling that it gets."""
        group = identity.resource_group
        return self._spelling.get(group.casefold(), group)

    def key(self, ref: Ref) -> str:
        """Return the key of a network."""
        return ref if isinstance(ref, str) else self._keys[ref]


def _circuits_meant(connections: Iterable[FoundConnection]) -> Iterable[FoundCircuit]:
    """The circuits that connections lead to: a list of circuits is seldom among the sources."""
    for one in connections:
        if one.kind == "ExpressRoute" and one.other.name:
            yield FoundCircuit(identity=one.other, place=one.place)
