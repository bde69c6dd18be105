"""Parts of sites: the fields of what local network gateways and ExpressRoute circuits are.

Owns which prefixes of a local gateway are a summary, and which of several local gateways says where a site lies. What
the file has as routed stays so; what it has as used becomes routed once a VNet lies within it.
Invariant: every prefix of a local gateway is in its site, as used there or as routed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from tui.exchange.assembling.identities import Folded, Unified
from tui.exchange.assembling.ledger import contradiction, described, doubt, in_part
from tui.exchange.assembling.networks import New, Ref, Slot, device_end
from tui.exchange.assembling.resolving import Resolved
from tui.exchange.assembling.sites import SiteDraft
from tui.exchange.found import FoundCircuit, FoundLocalGateway, Identity
from tui.exchange.resource_ids import local_gateway_id, parsed_id
from tui.topology.model import Site, State
from tui.topology.prefix import Prefix
from tui.topology.table import Table


def site_parts(resolved: Resolved, state: State) -> Table[Site]:
    """Return the sites that local gateways and circuits are, sorted by their keys; after the VNets."""
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
        parts[key] = _site(resolved, draft, key, state)
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


class _Home(NamedTuple):
    """What a site says about its local gateways, for those whose device says nothing more."""

    subscription: str | None
    """Its key."""
    resource_group: str
    azure_name: str | None


def _site(resolved: Resolved, draft: SiteDraft, key: str, state: State) -> Site:
    """Return the site of `draft` under `key`."""
    before = resolved.file.sites.get(key) if draft.key is not None else None
    home = _home(resolved, draft, key, before)
    values: dict[str, Any] = {**home._asdict(), "state": state}
    devices: dict[str, dict[str, Any]] = {}
    tags: dict[str, str] = {}
    for device, group in _by_device(draft).items():
        told = _device([one for _, one in group])
        fields = {**told, "local_gateways": _local_gateways(resolved, home, key, device, group, before)}
        path = ("sites", key) if device is None else ("sites", key, "devices", device)
        emptied = frozenset.intersection(*(one.emptied for _, one in group))
        resolved.ledger.unset |= {(path, name) for name in emptied if name not in told}
        if device is None:
            values |= {"vpn_device" if name == "address" else name: value for name, value in fields.items()}
        else:
            devices[device] = _without_empty(fields)
    for _, one in draft.devices.values():
        values["region"] = values.get("region") or one.region
        tags = {**one.tags, **tags}
    here, advertised = _divided(resolved, draft, key, before)
    _note_what_is_not_told(resolved, draft, key, before)
    values |= {"address_space": here, "advertises": advertised, "devices": devices, "tags": tags}
    return Site.model_validate(_without_empty(values))


def _home(resolved: Resolved, draft: SiteDraft, key: str, before: Site | None) -> _Home:
    """Where a site lies: where the file says, unless a local gateway is told that goes by what the file says."""
    if before is None:
        first = draft.first.identity
        name = first.name if None in _by_device(draft) and first.name != key else None
        return _Home(resolved.subscriptions.key(first), resolved.group(first), name)
    home = _Home(before.subscription, before.resource_group or "", before.azure_name)
    for folded, (device, one) in draft.devices.items():
        if resolved.slots.keys.get(folded) == Slot(key, device) and not _ids(before, device):
            name = home.azure_name
            if device is None:
                name = one.identity.name if one.identity.name != key else None
            subscription = resolved.subscriptions.key(one.identity)
            home = _Home(subscription, resolved.group(one.identity), name)
            break
    return home


def _by_device(draft: SiteDraft) -> dict[str | None, list[tuple[Folded, FoundLocalGateway]]]:
    groups: dict[str | None, list[tuple[Folded, FoundLocalGateway]]] = {}
    for folded, (device, one) in draft.devices.items():
        groups.setdefault(device, []).append((folded, one))
    return groups


def _ids(site: Site, device: str | None) -> tuple[str, ...]:
    """The local gateways that a site of the file names for one of its devices."""
    if device is None:
        return site.local_gateways
    return site.devices[device].local_gateways if device in site.devices else ()


def _device(group: Iterable[FoundLocalGateway]) -> dict[str, Any]:
    """The fields of the device that these local gateways are, as the first says that says anything."""
    told: dict[str, Any] = {}
    for one in group:
        for name in ("address", "asn", "bgp_peer"):
            if getattr(one, name) is not None:
                told.setdefault(name, getattr(one, name))
    return told


def _local_gateways(
    resolved: Resolved,
    home: _Home,
    key: str,
    device: str | None,
    group: Sequence[tuple[Folded, FoundLocalGateway]],
    before: Site | None,
) -> tuple[str, ...]:
    """The ids of the local gateways of a device; none where the site and the name of the device say who it is."""
    name = device or home.azure_name or key
    known = list(_ids(before, device)) if before is not None else []
    is_told = any(resolved.slots.keys.get(folded) == Slot(key, device) for folded, _ in group)
    if before is not None and not known and not is_told and (device is None or device in before.devices):
        # The one that the file means is not among these.
        owner = resolved.file.subscriptions.get(before.subscription or "")
        own = Identity((owner.id if owner else None) or "", before.resource_group or "", name)
        known.append(local_gateway_id(own))
    told = [one.identity._replace(resource_group=resolved.group(one.identity)) for _, one in group]
    if not known and len(told) == 1:
        of_it = resolved.subscriptions.key(told[0]), told[0].resource_group.casefold(), told[0].name.casefold()
        if of_it == (home.subscription, home.resource_group.casefold(), name.casefold()):
            return ()
    ids = {resolved.subscriptions.fold(one.identity): text for text in known if (one := parsed_id(text)) is not None}
    for identity in told:
        ids.setdefault(resolved.subscriptions.fold(identity), local_gateway_id(identity))
    return tuple(ids.values())


def _divided(
    resolved: Resolved, draft: SiteDraft, key: str, before: Site | None
) -> tuple[tuple[Prefix, ...], tuple[Prefix, ...]]:
    """What is used at a site, and what it only routes."""
    name, place = f"local gateway {described(draft.first.identity)}", draft.first.place
    every = dict.fromkeys(prefix for _, one in draft.devices.values() for prefix in one.prefixes)
    mine = before.advertises if before is not None else ()
    routed = [prefix for prefix in every if prefix in mine or resolved.summaries(prefix)]
    fresh = [prefix for prefix in routed if prefix not in mine]
    if fresh:
        text = (
            f"{name}: {_listed(fresh)} is taken for a summary that it routes, not for addresses that are used there, "
            "because it contains VNets or everything"
        )
        if before is not None and any(prefix in before.address_space for prefix in fresh):
            text += ": it goes from address_space to advertises"
        resolved.ledger.notice("assumed", text, place)
    lost = [prefix for prefix in mine if prefix not in every] if every else []
    if lost and not _may_have_more(draft, before):
        if any(one.asn is not None for _, one in draft.devices.values()):
            # What is told by BGP stands in no local gateway.
            routed += lost
            text = f"{name} does not have {_listed(lost)}, which the file says it advertises: BGP may tell it, it stays"
        else:
            text = f"{name} no longer has {_listed(lost)}: it goes from advertises"
        resolved.ledger.notice("differs", text, place)
    return tuple(prefix for prefix in every if prefix not in routed), tuple(routed)


def _note_what_is_not_told(resolved: Resolved, draft: SiteDraft, key: str, before: Site | None) -> None:
    if _may_have_more(draft, before):
        resolved.ledger.partial.add((("sites", key), "address_space"))
    for _, one in draft.devices.values():
        if one.is_partial:
            text = f"local gateway {described(one.identity)}: some of its prefixes could not be read: "
            resolved.ledger.notice("missing", text + in_part(before is not None), one.place)


def _may_have_more(draft: SiteDraft, before: Site | None) -> bool:
    """Whether a site may have more prefixes: not all were read, or not all of its devices are told."""
    told = {device_end(device) for device, _ in draft.devices.values()}
    return any(one.is_partial for _, one in draft.devices.values()) or (
        before is not None and not told.issuperset(name for name, _ in before.tunnel_ends())
    )


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", (), {})}


def _doubt(slots: Iterable[Slot]) -> str:
    sites = {slot.site for slot in slots}
    return doubt("sites", sites, sites)


def _listed(prefixes: Sequence[Prefix]) -> str:
    shown = ", ".join(map(str, prefixes[:3]))
    return shown if len(prefixes) < 4 else f"{shown} and {len(prefixes) - 3} more"
