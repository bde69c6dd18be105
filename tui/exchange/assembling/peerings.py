"""Peerings of an import: the two sides that Azure has, put together.

Owns when two sides are a peering and whose gateway it lends. Azure needs both sides, so one alone is a peering only
where Azure says that it is connected, for then the other exists as well.
Invariant: between two VNets there is at most one peering, as in Azure, so its ends are its identity.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tui.exchange.assembling.identities import Lookup
from tui.exchange.assembling.ledger import Ledger, described
from tui.exchange.assembling.networks import Ref
from tui.exchange.assembling.subscriptions import SubscriptionKeys
from tui.exchange.found import FoundPeering, Identity
from tui.topology.model import Topology

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PeeringDraft:
    """A peering that its two sides make together."""

    key: str | None
    """Its key in the file, or None where the file does not have it."""
    first: FoundPeering
    """The side that it is named after."""
    between: tuple[Ref, Ref]
    gateway_transit: Ref | None
    is_clear: bool
    """Whether the sources tell whose gateway is lent, or that none is."""
    name: str = ""
    """Its name in Azure: one side's, and that of the same side in every import."""


def peering_drafts(
    found: Iterable[FoundPeering],
    vnets: Lookup[Ref],
    file: Topology,
    subscriptions: SubscriptionKeys,
    ledger: Ledger,
) -> list[PeeringDraft]:
    """Return the peerings that were found; what is no whole one is noted in the ledger."""
    in_file: dict[frozenset[Ref], list[str]] = {}
    for key, part in file.peerings.items():
        in_file.setdefault(frozenset(part.between), []).append(key)
    sides: dict[frozenset[Ref], dict[Ref, FoundPeering]] = {}
    ends: dict[frozenset[Ref], tuple[Ref, Ref]] = {}
    for one in sorted(
        found, key=lambda one: (one.identity.name.casefold(), one.identity, one.vnet, one.place, repr(one))
    ):
        a, b = (vnets.find(subscriptions.fold(end)) for end in (one.vnet, one.remote))
        name = f"peering {described(one.identity)}"
        if a is None or b is None:
            absent = one.vnet if a is None else one.remote
            text = f"{name}: VNet {described(absent)} is neither in the file nor in the sources"
            ledger.notice("missing", text if absent.name else f"{name} does not say with whom", one.place)
            ledger.present.update(("peerings", key) for key in _named_so(file, one.identity))
        elif a == b:
            ledger.notice("not understood", f"{name} joins a VNet to itself", one.place)
        else:
            pair = frozenset((a, b))
            ends.setdefault(pair, (a, b))
            before = sides.setdefault(pair, {}).setdefault(a, one)
            if before is not one and _said(before) != _said(one):
                text = f"{name}: the sources contradict each other about it; what {before.place} says is taken"
                ledger.notice("differs", text, one.place)
    drafts: list[PeeringDraft] = []
    for pair, at in sides.items():
        keys = in_file.get(pair, [])
        ledger.present.update(("peerings", key) for key in keys)
        draft = _draft(ends[pair], at, _chosen(keys, file, at.values()), ledger)
        if draft is not None:
            drafts.append(replace(draft, name=_name(draft, file, at.values())))
    return drafts


def _said(side: FoundPeering) -> tuple[bool, bool]:
    return side.allows_gateway_transit, side.uses_remote_gateways


def _named_so(file: Topology, identity: Identity) -> list[str]:
    return [identity.name] if identity.name in file.peerings else []


def _name(draft: PeeringDraft, file: Topology, sides: Collection[FoundPeering]) -> str:
    known = file.peerings[draft.key] if draft.key is not None else None
    if known is not None and known.state != "planned":
        own = known.azure_name or draft.key or ""
        if len(sides) == 1 or own.casefold() in {side.identity.name.casefold() for side in sides}:
            return own
    return draft.first.identity.name


def _chosen(keys: Sequence[str], file: Topology, sides: Iterable[FoundPeering]) -> str | None:
    names = {side.identity.name.casefold() for side in sides}
    named = [key for key in keys if (file.peerings[key].azure_name or key).casefold() in names]
    return next(iter([*named, *keys]), None)


def _draft(
    ends: tuple[Ref, Ref], sides: dict[Ref, FoundPeering], key: str | None, ledger: Ledger
) -> PeeringDraft | None:
    a, b = ends
    first = sides[a]
    name = f"peering {described(first.identity)}"
    if len(sides) == 1:
        if (first.state or "").casefold() != "connected":
            text = f"{name} has one side only, and Azure needs both: it is left out"
            ledger.notice("missing", text, first.place)
            return None
        ledger.notice("missing", f"{name}: its other side is not in the sources", first.place)
        # Azure lets a side use remote gateways only where the other side allows it.
        lender = b if first.uses_remote_gateways else None
        return PeeringDraft(key, first, ends, lender, not first.allows_gateway_transit)
    second = sides[b]
    broken = next((side for side in (first, second) if (side.state or "").casefold() == "disconnected"), None)
    if broken is not None:
        ledger.notice("differs", f"peering {described(broken.identity)} is disconnected", broken.place)
    for user, other in ((first, second), (second, first)):
        if user.uses_remote_gateways and not other.allows_gateway_transit:
            text = f"peering {described(user.identity)} uses remote gateways, and the other side does not allow it"
            ledger.notice("differs", text, user.place)
    if second.uses_remote_gateways and first.allows_gateway_transit:
        return PeeringDraft(key, first, ends, a, True)
    if first.uses_remote_gateways and second.allows_gateway_transit:
        return PeeringDraft(key, first, ends, b, True)
    return PeeringDraft(key, first, ends, None, True)
