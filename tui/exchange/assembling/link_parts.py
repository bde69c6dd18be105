"""Parts of links: the fields of connections and peerings, once their ends have keys.

Owns which devices of a site a connection lists. Invariant: a link that is made names networks that are there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tui.exchange.assembling.keys import keys_for
from tui.exchange.assembling.ledger import Ledger
from tui.exchange.assembling.links import ConnectionDraft
from tui.exchange.assembling.networks import device_end
from tui.exchange.assembling.peerings import PeeringDraft
from tui.exchange.assembling.resolving import Resolved
from tui.topology.model import Connection, Peering, Site, State, Topology
from tui.topology.parts import Path
from tui.topology.table import Table


def connection_parts(resolved: Resolved, sites: Table[Site], state: State) -> Table[Connection]:
    """Return the connections, sorted by their keys; `sites` are those that the sources tell."""
    told: dict[str, set[str]] = {}
    for draft in resolved.site_drafts:
        names = told.setdefault(resolved.key(draft.ref), set())
        names |= {device_end(device) for device, _ in draft.devices.values()}
    parts: dict[str, Connection] = {}
    for number, link in enumerate(resolved.connection_drafts):
        key = link.key if link.key is not None else resolved.connection_keys[number]
        path, place = ("connections", key), link.first.place
        between, why = resolved.ends_of(link.between)
        if between is None or link.why:
            resolved.ledger.conflict(path, link.why or why, place)
            continue
        site = next((end for end in between if end in told), None)
        devices = None
        if site is not None and link.first.kind == "IPsec":
            after = sites.get(site)
            devices = _devices_of(link, resolved.file, resolved.file.sites.get(site), after, told[site])
            if devices is None:
                resolved.ledger.unset.add((path, "devices"))
        parts[key] = _connection(
            link,
            key,
            between,
            devices=devices,
            subscription=resolved.subscriptions.key(link.first.identity),
            resource_group=resolved.group(link.first.identity),
            state=state,
            before=resolved.file.connections[link.key] if link.key is not None else None,
        )
        resolved.ledger.enter(path, place)
    return Table(sorted(parts.items()))


def peering_parts(resolved: Resolved, state: State) -> Table[Peering]:
    """Return the peerings, sorted by their keys."""
    ends = {number: resolved.ends_of(draft.between) for number, draft in enumerate(resolved.peering_drafts)}
    wanted = {
        number: tuple(filter(None, (draft.first.identity.name, "-to-".join(between))))
        for number, draft in enumerate(resolved.peering_drafts)
        if draft.key is None and (between := ends[number][0]) is not None
    }
    keys = keys_for(wanted, resolved.file.peerings)
    parts: dict[str, Peering] = {}
    for number, draft in enumerate(resolved.peering_drafts):
        between, why = ends[number]
        key = draft.key if draft.key is not None else keys.get(number, draft.first.identity.name)
        path = ("peerings", key)
        if between is None:
            resolved.ledger.conflict(path, why, draft.first.place)
            continue
        lender = resolved.key(draft.gateway_transit) if draft.gateway_transit is not None else None
        parts[key] = _peering(draft, key, between, lender, state, resolved.ledger)
        resolved.ledger.enter(path, draft.first.place)
    return Table(sorted(parts.items()))


_OF_THE_NAMED = ("azure_name", "subscription", "resource_group")


def _connection(
    draft: ConnectionDraft,
    key: str,
    between: tuple[str, str],
    *,
    devices: tuple[str, ...] | None,
    subscription: str | None,
    resource_group: str,
    state: State,
    before: Connection | None,
) -> Connection:
    """Return the connection under `key` between the networks with these keys."""
    fields: dict[str, Any] = {"between": between, "state": state}
    if draft.kind != "vpn":
        fields["kind"] = draft.kind
    if draft.bgp:
        fields["bgp"] = True
    if devices is not None:
        fields["devices"] = devices
    if draft.first.identity.name != key:
        fields["azure_name"] = draft.first.identity.name
    if subscription is not None:
        fields["subscription"] = subscription
    if resource_group:
        fields["resource_group"] = resource_group
    found = [draft.first, *(half.connection for half in draft.halves)]
    tags = {name: value for one in reversed(found) for name, value in one.tags.items()}
    policy = next((one.ipsec_policy for one in found if one.ipsec_policy), None)
    if draft.keeps_identity and before is not None:
        # What the named resource says stands before what the others say.
        fields |= {name: getattr(before, name) for name in _OF_THE_NAMED}
        tags = {name: value for name, value in tags.items() if name.casefold() not in map(str.casefold, before.tags)}
        if before.ipsec_policy:
            policy = None
    if policy is not None:
        fields["ipsec_policy"] = _plain(policy)
    if tags:
        fields["tags"] = tags
    return Connection.model_validate(fields)


def _devices_of(
    draft: ConnectionDraft, file: Topology, before: Site | None, after: Site | None, told: Collection[str]
) -> tuple[str, ...] | None:
    """Return the devices that the connection lists, or None where it leads to all devices of its site.

    `before`, `after`: the site in the file and in the sources. `told`: its devices that the sources tell. What the
    file says of a device that the sources do not tell stays as it is.
    """
    every = list(dict.fromkeys(name for site in (before, after) if site is not None for name, _ in site.tunnel_ends()))
    linked = {half.device for half in draft.halves if half.device is not None}
    if draft.key is not None and before is not None:
        listed = file.connections[draft.key].devices
        ends = [name for name, _ in before.tunnel_ends()] if listed is None else listed
        linked |= {name for name in ends if name not in told}
    return None if linked.issuperset(every) else tuple(name for name in every if name in linked)


def _peering(
    draft: PeeringDraft, key: str, between: tuple[str, str], lender: str | None, state: State, ledger: Ledger
) -> Peering:
    """Return the peering under `key` between the VNets with these keys; `lender` has the gateway that is lent."""
    path: Path = ("peerings", key)
    fields: dict[str, Any] = {"between": between, "state": state}
    if lender is not None:
        fields["gateway_transit"] = lender
    elif draft.is_clear:
        ledger.unset.add((path, "gateway_transit"))
    if draft.name not in ("", key):
        fields["azure_name"] = draft.name
    return Peering.model_validate(fields)


def _plain(value: Any) -> Any:
    """Plain data, whatever mappings and sequences a reader used."""
    if hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
