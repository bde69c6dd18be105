"""Parts of sites: the fields of what local network gateways and ExpressRoute circuits are.

Owns which prefixes of a local gateway are a summary: those that contain VNets and more, and default routes. What the
file says of a prefix decides before that.
Invariant: every prefix of a local gateway is in its site, as used there or as routed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

from tui.exchange.assembling.identities import Unified
from tui.exchange.assembling.ledger import Ledger, contradiction, described, doubt
from tui.exchange.assembling.networks import New, Ref, Slot
from tui.exchange.assembling.resolving import Resolved
from tui.exchange.assembling.sites import SiteDraft
from tui.exchange.found import FoundCircuit
from tui.topology.model import Site, State, Topology
from tui.topology.prefix import Prefix
from tui.topology.table import Table


def site_parts(resolved: Resolved, state: State) -> Table[Site]:
    """Return the sites that local gateways and circuits are, sorted by their keys; after the VNets."""
    everywhere = chain(
        (prefix for vnet in resolved.file.vnets.values() for prefix in vnet.address_space),
        (prefix for one in resolved.vnets for prefix in one.thing.prefixes),
    )
    summaries = _Summaries(everywhere)
    differing = {one.folded: one.differing for one in resolved.locals}
    parts: dict[str, Site] = {}
    for draft in resolved.site_drafts:
        key = resolved.key(draft.ref)
        why = next((contradiction(differing[one]) for one in draft.devices if differing[one]), "") or next(
            (text for one in draft.devices if (text := _doubt(resolved.slots.unclear.get(one, ())))), ""
        )
        if why:
            resolved.ledger.conflict(("sites", key), why, draft.first.place)
            continue
        group = resolved.group(draft.first.identity)
        parts[key] = _site(
            draft,
            key,
            resolved.subscriptions.key(draft.first.identity),
            resolved.file,
            summaries,
            resolved.ledger,
            resource_group=group,
            state=state,
        )
        resolved.ledger.enter(("sites", key), draft.first.place)
    led_to = {
        end
        for link in resolved.connection_drafts
        if link.between is not None and not link.why and resolved.ends_of(link.between)[0] is not None
        for end in link.between
    }
    for circuit in resolved.circuits:
        _circuit(resolved, circuit, parts, led_to, state)
    return Table(sorted(parts.items()))


def _circuit(
    resolved: Resolved, one: Unified[FoundCircuit], parts: dict[str, Site], led_to: Collection[Ref], state: State
) -> None:
    ref, identity, place = resolved.circuit_ref(one.folded), one.thing.identity, one.thing.place
    if isinstance(ref, New) and ref not in led_to:
        text = f"circuit {described(identity)} has no connection that could be put in: it is left out"
        resolved.ledger.notice("left out", text, place)
        return
    key = resolved.key(ref)
    resolved.ledger.present.add(("sites", key))
    if isinstance(ref, str) and ref != resolved.circuit_keys.keys.get(one.folded):
        # The person has made another site of the file stand for it, and that one is described elsewhere.
        return
    if isinstance(ref, New) and not one.thing.prefixes:
        text = f"circuit {described(identity)}: Azure does not say which prefixes lie behind it"
        resolved.ledger.notice("missing", text, place)
    fields = {
        "subscription": resolved.subscriptions.key(identity),
        "resource_group": resolved.group(identity) or None,
        "region": one.thing.region,
        "address_space": one.thing.prefixes or None,
        "azure_name": identity.name if identity.name != key else None,
        "state": state,
    }
    parts[key] = Site.model_validate({name: value for name, value in fields.items() if value is not None})
    resolved.ledger.enter(("sites", key), place)


def _doubt(slots: Iterable[Slot]) -> str:
    sites = {slot.site for slot in slots}
    return doubt("sites", sites, sites)


def _site(
    draft: SiteDraft,
    key: str,
    subscription: str | None,
    file: Topology,
    summaries: _Summaries,
    ledger: Ledger,
    **fields: Any,
) -> Site:
    """Return the site of `draft` under `key`, with the rest of its `fields` as given."""
    before = file.sites.get(key) if draft.key is not None else None
    first = draft.first
    values: dict[str, Any] = {**fields, "subscription": subscription}
    devices: dict[str, dict[str, Any]] = {}
    tags: dict[str, str] = {}
    for device, one in draft.devices.values():
        told = {"asn": one.asn, "bgp_peer": one.bgp_peer}
        told = {name: value for name, value in told.items() if value is not None}
        if device is None:
            values |= told
            values["vpn_device"] = one.address
            if one.identity.name != key:
                values["azure_name"] = one.identity.name
        else:
            devices[device] = {**told, **({"address": one.address} if one.address else {})}
        values["region"] = values.get("region") or one.region
        tags = {**one.tags, **tags}
    every = dict.fromkeys(prefix for _, one in draft.devices.values() for prefix in one.prefixes)
    here, advertised = summaries.divided(every, before)
    if advertised and (before is None or not set(advertised) <= {*before.advertises}):
        fresh = [prefix for prefix in advertised if before is None or prefix not in before.advertises]
        ledger.notice(
            "assumed",
            f"local gateway {described(first.identity)}: {_listed(fresh)} is taken for a summary that it routes, not "
            "for addresses that are used there, because it contains VNets or everything",
            first.place,
        )
    values |= {"address_space": here, "advertises": advertised, "devices": devices, "tags": tags}
    return Site.model_validate({name: value for name, value in values.items() if value not in (None, "", (), {})})


class _Summaries:
    """The prefixes of all VNets, ready to be asked what contains one of them."""

    def __init__(self, prefixes: Iterable[Prefix]) -> None:
        self._sorted = sorted(set(prefixes))

    def __call__(self, prefix: Prefix) -> bool:
        """Whether `prefix` contains the prefix of a VNet and more, or is a default route."""
        if prefix.length == 0:
            return True
        place = bisect_right(self._sorted, prefix)
        return place < len(self._sorted) and prefix.contains(self._sorted[place])

    def divided(self, prefixes: Iterable[Prefix], before: Site | None) -> tuple[tuple[Prefix, ...], tuple[Prefix, ...]]:
        """Return what is used at a site and what it only routes; what the file says of a prefix decides first."""
        used: list[Prefix] = []
        routed: list[Prefix] = []
        for prefix in prefixes:
            if before is not None and prefix in before.advertises:
                routed.append(prefix)
            elif before is not None and prefix in before.address_space:
                used.append(prefix)
            else:
                (routed if self(prefix) else used).append(prefix)
        return tuple(used), tuple(routed)


def _listed(prefixes: Sequence[Prefix]) -> str:
    shown = ", ".join(map(str, prefixes[:3]))
    return shown if len(prefixes) < 4 else f"{shown} and {len(prefixes) - 3} more"
