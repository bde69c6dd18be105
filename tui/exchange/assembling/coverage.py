"""Coverage: of which things of the file the sources would tell if they were in Azure.

Owns the step from complete lists to what lies in the file. A list covers the resource groups that occur in it, unless
another list of the same kind breaks off there, or something in it may be a thing of the file without being known as it.
Invariant: what is planned covers nothing, and neither does what does not say where it lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tui.exchange.assembling.resolving import Resolved
from tui.exchange.found import Found, Identity, Listing
from tui.topology.model import State

_Group: TypeAlias = tuple[str, str, str]
"""The kind of a list, the key of the subscription, and the resource group without case."""
_Inside: TypeAlias = tuple[str, str]
"""The kind of a list, and the key of its VNet."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What complete lists cover."""

    groups: frozenset[_Group] = frozenset()
    insides: frozenset[_Inside] = frozenset()

    def of_group(self, kind: str, subscription: str | None, resource_group: str | None) -> bool:
        """True if all of `kind` in the resource group of the subscription with that key would be told."""
        return (kind, subscription or "", (resource_group or "").casefold()) in self.groups

    def of_vnet(self, kind: str, vnet: str) -> bool:
        """True if all "subnets" or "peerings" of the VNet with that key would be told."""
        return (kind, vnet) in self.insides


def coverage(found: Found, resolved: Resolved, state: State) -> Coverage:
    """Return what the sources cover of the file, if it has anything; `state`: what becomes of everything in them."""
    file = resolved.file
    if state == "planned" or not (file.vnets or file.sites or file.connections or file.peerings):
        return Coverage()
    complete = [one for one in found.listings if one.source not in found.planned]
    groups = set(_groups(complete, resolved))
    insides = set(_insides(complete, resolved))
    if groups:
        groups.difference_update(_groups(found.cut_off, resolved), _doubtful_groups(resolved))
    if insides:
        insides.difference_update(_doubtful_insides(found, resolved))
    return Coverage(frozenset(groups), frozenset(insides))


def _groups(listings: Iterable[Listing], resolved: Resolved) -> Iterator[_Group]:
    for one in listings:
        if not one.within.name:
            yield from _group(one.kind, one.within, resolved)


def _group(kind: str, identity: Identity, resolved: Resolved) -> Iterator[_Group]:
    subscription = resolved.subscriptions.key(identity)
    if subscription is not None and identity.resource_group:
        yield kind, subscription, identity.resource_group.casefold()


def _insides(listings: Iterable[Listing], resolved: Resolved) -> Iterator[_Inside]:
    for one in listings:
        if one.within.name:
            vnet = resolved.vnet_refs.find(resolved.subscriptions.fold(one.within))
            if isinstance(vnet, str):
                yield one.kind, vnet


def _doubtful_groups(resolved: Resolved) -> Iterator[_Group]:
    """Where something was found that may be a thing of the file under another name."""
    for one in resolved.gateways:
        if resolved.ends.find(one.folded) is None:
            yield from _group("gateways", one.thing.identity, resolved)
    for local in resolved.locals:
        if local.folded in resolved.slots.unclear:
            yield from _group("sites", local.thing.identity, resolved)
    for draft in resolved.connection_drafts:
        if draft.key is None and (draft.why or resolved.ends_of(draft.between)[0] is None):
            yield from _group("connections", draft.first.identity, resolved)


def _doubtful_insides(found: Found, resolved: Resolved) -> Iterator[_Inside]:
    """VNets with a peering to one that may be several of the file."""
    fold, vnets = resolved.subscriptions.fold, resolved.vnet_refs
    for one in found.peerings:
        remote = fold(one.remote)
        if vnets.find(remote) is None and (not one.remote.name or vnets.fitting(remote)):
            vnet = vnets.find(fold(one.vnet))
            if isinstance(vnet, str):
                yield "peerings", vnet
