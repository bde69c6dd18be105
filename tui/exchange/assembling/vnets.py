"""VNets of an import, with the gateway that a topology knows of each: the VPN gateway.

Owns what of a virtual network and of a virtual network gateway becomes a field. Invariant: what Azure leaves at its
default is left out, and said to be so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tui.exchange.assembling.identities import Unified
from tui.exchange.assembling.ledger import Ledger, contradiction, described, doubt, in_part
from tui.exchange.assembling.networks import New, Ref
from tui.exchange.assembling.resolving import Resolved
from tui.exchange.found import FoundGateway, FoundSubnet, FoundVNet
from tui.topology.catalog import DEFAULT_ASN
from tui.topology.keypath import key_path
from tui.topology.model import Gateway, State, Topology, VNet
from tui.topology.parts import Path, with_fields
from tui.topology.table import Table


def vnet_parts(resolved: Resolved, state: State) -> Table[VNet]:
    """Return the VNets with their gateways, sorted by their keys."""
    gateways = _gateways_by_vnet(resolved)
    parts: dict[str, VNet] = {}
    unclear = resolved.vnet_keys.unclear
    linked = _linked(resolved.file) if unclear else set()
    for one in resolved.vnets:
        ref = resolved.vnet_keys.keys.get(one.folded, New("vnet", one.folded))
        key = resolved.key(ref)
        path, place = ("vnets", key), one.thing.place
        why = contradiction(one.differing) or doubt("vnets", unclear.get(one.folded, ()), linked)
        if why:
            resolved.ledger.conflict(path, why, place)
            continue
        if one.folded in unclear:
            (other,) = unclear[one.folded]
            which = key_path(("vnets", other))
            text = f"VNet {described(one.thing.identity)} is not taken for {which} of the file: several may be it"
            resolved.ledger.notice("assumed", text, place)
        gateway = gateways.pop(ref, None)
        group = resolved.group(one.thing.identity)
        parts[key] = _vnet(
            one.thing,
            key,
            subscription=resolved.subscriptions.key(one.thing.identity),
            resource_group=group,
            gateway=_gateway(resolved, gateway, key, group) if gateway is not None else None,
            state=state,
            ledger=resolved.ledger,
        )
        resolved.ledger.enter(path, place)
        if one.thing.is_partial or any(subnet.is_partial for subnet in one.thing.subnets):
            text = f"VNet {described(one.thing.identity)}: some of its prefixes could not be read: "
            text += in_part(key in resolved.file.vnets)
            resolved.ledger.notice("missing", text, place)
    for owner, gateway in gateways.items():
        if isinstance(owner, str) and ("vnets", owner) not in resolved.ledger.conflicts:
            before = resolved.file.vnets[owner]
            fields = _gateway(resolved, gateway, owner, before.resource_group or "")
            if fields is not None:
                parts[owner] = _with_gateway(before, fields)
                resolved.ledger.enter(("vnets", owner), gateway.thing.place)
    return Table(sorted(parts.items()))


def _gateways_by_vnet(resolved: Resolved) -> dict[Ref, Unified[FoundGateway]]:
    """The VPN gateway of each VNet; what else is told of gateways goes into the ledger."""
    chosen: dict[Ref, Unified[FoundGateway]] = {}
    lenders = {
        resolved.ends.find(resolved.subscriptions.fold(one.thing.gateway))
        for one in resolved.connections
        if one.thing.kind == "ExpressRoute"
    }
    # One of which the source says where it lies goes before one that is only known from the file.
    for one in sorted(resolved.gateways, key=lambda one: one.thing.vnet is None):
        name, place = f"gateway {described(one.thing.identity)}", one.thing.place
        end = resolved.ends.find(one.folded)
        if end is None:
            whose = one.thing.vnet
            text = (
                "the source does not say in which VNet it lies"
                if whose is None
                else (f"its VNet {described(whose)} is neither in the file nor in the sources")
            )
            resolved.ledger.notice("missing", f"{name}: {text}", place)
        elif one.thing.kind == "expressroute":
            if end not in lenders:
                resolved.ledger.notice("left out", f"{name} is an ExpressRoute gateway without a connection", place)
        elif end.vnet in chosen:
            first = described(chosen[end.vnet].thing.identity)
            text = f"{name}: its VNet has one VPN gateway, and {first} is told as well: only that one is taken"
            resolved.ledger.notice("left out", text, place)
        else:
            chosen[end.vnet] = one
    return chosen


def _gateway(resolved: Resolved, one: Unified[FoundGateway], key: str, group: str) -> Mapping[str, Any] | None:
    path, place = ("vnets", key, "gateway"), one.thing.place
    if one.differing:
        resolved.ledger.conflict(path, contradiction(one.differing), place)
        return None
    resolved.ledger.enter(path, place)
    return _gateway_fields(one.thing, key, resolved.group(one.thing.identity), group, resolved.ledger)


def _linked(file: Topology) -> set[str]:
    return {end for table in (file.connections, file.peerings) for link in table.values() for end in link.between}


def _vnet(
    found: FoundVNet,
    key: str,
    *,
    subscription: str | None,
    resource_group: str,
    gateway: Mapping[str, Any] | None,
    state: State,
    ledger: Ledger,
) -> VNet:
    """Return the VNet under `key`, with its gateway's fields if it has one."""
    fields: dict[str, Any] = {"address_space": tuple(dict.fromkeys(found.prefixes)), "state": state}
    _note_what_is_not_told(found, key, ledger)
    if subscription is not None:
        fields["subscription"] = subscription
    if found.region:
        fields["region"] = found.region
    if resource_group:
        fields["resource_group"] = resource_group
    if found.identity.name != key:
        fields["azure_name"] = found.identity.name
    if found.tags:
        fields["tags"] = dict(found.tags)
    if found.dns_servers:
        fields["dns_servers"] = found.dns_servers
    if found.subnets:
        # Exports tell a subnet twice, and not always in one spelling.
        subnets: dict[str, FoundSubnet] = {}
        for subnet in found.subnets:
            if not subnets.setdefault(subnet.name.casefold(), subnet).prefixes and subnet.prefixes:
                subnets[subnet.name.casefold()] = replace(subnet, name=subnets[subnet.name.casefold()].name)
        fields["subnets"] = {one.name: {"prefixes": one.prefixes} if one.prefixes else {} for one in subnets.values()}
    if gateway is not None:
        fields["gateway"] = gateway
    return VNet.model_validate(fields)


def _note_what_is_not_told(found: FoundVNet, key: str, ledger: Ledger) -> None:
    """What of a VNet is empty, and what of its prefixes is not all."""
    path = ("vnets", key)
    ledger.unset |= {(path, name) for name in found.emptied}
    if found.is_partial:
        ledger.partial.add((path, "address_space"))
    for subnet in found.subnets:
        if subnet.is_partial:
            ledger.partial.add(((*path, "subnets", subnet.name.casefold()), "prefixes"))


def _gateway_fields(
    found: FoundGateway, key: str, resource_group: str, vnet_group: str, ledger: Ledger
) -> Mapping[str, Any]:
    """Return the fields of the gateway of the VNet `key`, whose resource group is `vnet_group`."""
    path: Path = ("vnets", key, "gateway")
    fields: dict[str, Any] = {}
    ledger.unset |= {(path, name) for name in found.emptied}
    if found.is_partial:
        ledger.partial.add((path, "p2s_pools"))
    if found.identity.name != key:
        fields["name"] = found.identity.name
    if resource_group and resource_group.casefold() != vnet_group.casefold():
        fields["resource_group"] = resource_group
    for name in ("sku", "generation"):
        if getattr(found, name) is not None:
            fields[name] = getattr(found, name)
    if found.vpn_type != "RouteBased":
        fields["vpn_type"] = found.vpn_type
    if found.asn == DEFAULT_ASN:
        ledger.unset.add((path, "asn"))
    elif found.asn is not None:
        fields["asn"] = found.asn
    if found.active_active:
        fields["active_active"] = True
    if found.p2s_pools:
        fields["p2s_pools"] = tuple(dict.fromkeys(found.p2s_pools))
    return fields


def _with_gateway(vnet: VNet, fields: Mapping[str, Any]) -> VNet:
    """Return a VNet of the file with the gateway that was found of it."""
    changed: VNet = with_fields(vnet, gateway=Gateway.model_validate(fields))
    return changed
