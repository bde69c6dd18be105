"""Merging: a thing of the file with what Azure says about it.

Owns which field is whose. Azure's are its resource's own (prefixes, region, groups, gateway settings, tags that it
has); everything else is the file's, and stays. What a source leaves empty it does not say, so that an empty list
never empties one of the file. A list keeps the order that the file has.
Invariant: merging once more changes nothing, and what needs no change is the very same object.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from tui.topology.catalog import same_region
from tui.topology.model import Connection, Device, Gateway, Part, Peering, Site, Subnet, Subscription, VNet
from tui.topology.parts import Path, with_fields
from tui.topology.prefix import Prefix
from tui.topology.table import Table

P = TypeVar("P", bound=Part)


def merged_part(
    before: Any, told: Any, path: Path, unset: Collection[tuple[Path, str]], without: Collection[str]
) -> Any:
    """Return the thing of the file at `path` with what the sources tell; itself if that changes nothing.

    `unset`: fields that are as Azure's default is; `without`: names of subnets or devices to drop.
    """
    key = path[1]
    if isinstance(before, VNet):
        names = [name for name in ("asn",) if ((*path, "gateway"), name) in unset]
        return _merged_vnet(before, told, key, names, without)
    if isinstance(before, Site):
        return _merged_site(before, told, key, without)
    if isinstance(before, Connection):
        return _merged_connection(before, told, key, [name for name in ("devices",) if (path, name) in unset])
    if isinstance(before, Peering):
        return _merged_peering(before, told, key, [name for name in ("gateway_transit",) if (path, name) in unset])
    return _merged_subscription(before, told)


def _merged_subscription(before: Subscription, told: Subscription) -> Subscription:
    """Return the subscription; its name is the file's where it has one."""
    values: dict[str, Any] = {}
    if told.id is not None and not _alike(before.id, told.id):
        values["id"] = told.id
    if before.name is None and told.name is not None:
        values["name"] = told.name
    if "cloud" in told.model_fields_set and told.cloud != before.cloud:
        values["cloud"] = told.cloud
    return _with(before, values)


def _merged_vnet(before: VNet, told: VNet, key: str, unset: Collection[str], without: Collection[str]) -> VNet:
    """Return the VNet `key`. `unset`: the gateway's fields that are as Azure's default; `without`: subnets to drop."""
    values = _named(before, told, key)
    if told.region is not None and not same_region(before.region, told.region):
        values["region"] = told.region
    _prefixes(values, "address_space", before.address_space, told.address_space)
    if told.dns_servers and told.dns_servers != before.dns_servers:
        values["dns_servers"] = told.dns_servers
    if told.subnets or without:
        subnets = _merged_subnets(before.subnets, told.subnets, without)
        if subnets is not before.subnets:
            values["subnets"] = subnets
    if told.gateway is not None:
        if before.gateway is None:
            values["gateway"] = told.gateway
        else:
            gateway = _merged_gateway(before, told, key, unset)
            if gateway is not before.gateway:
                values["gateway"] = gateway
    return _with(before, values)


def _merged_site(before: Site, told: Site, key: str, without: Collection[str]) -> Site:
    """Return the site `key`; `without`: devices to drop.

    What is used at a site stays in the file where it lies within a summary, or where no prefixes are told (BGP tells
    them, or they lie behind a circuit): Azure cannot know it.
    """
    values = _named(before, told, key)
    if told.devices and told.vpn_device is None and told.azure_name is None:
        values.pop("azure_name", None)
    if told.region is not None and not same_region(before.region, told.region):
        values["region"] = told.region
    advertised = (*before.advertises, *(prefix for prefix in told.advertises if prefix not in before.advertises))
    if len(advertised) > len(before.advertises):
        values["advertises"] = advertised
    if told.address_space or told.advertises:
        within = [prefix for prefix in before.address_space if any(outer.contains(prefix) for outer in advertised)]
        here = dict.fromkeys((*told.address_space, *within))
        if set(here) != set(before.address_space):
            kept = [prefix for prefix in before.address_space if prefix in here]
            values["address_space"] = tuple(dict.fromkeys((*kept, *here)))
    if told.vpn_device is not None and not _alike(before.vpn_device, told.vpn_device):
        values["vpn_device"] = told.vpn_device
    for name in ("asn", "bgp_peer"):
        if getattr(told, name) is not None and getattr(told, name) != getattr(before, name):
            values[name] = getattr(told, name)
    devices = {name: device for name, device in before.devices.items() if name not in without}
    for name, device in told.devices.items():
        devices[name] = _merged_device(devices[name], device, before.asn) if name in devices else device
    if list(devices.items()) != list(before.devices.items()):
        values["devices"] = Table(devices) or None
    return _with(before, values)


def _merged_connection(before: Connection, told: Connection, key: str, unset: Collection[str]) -> Connection:
    """Return the connection `key`. `unset`: what is as Azure's default."""
    values = _named(before, told, key)
    if set(told.between) != set(before.between):
        values["between"] = told.between
    for name in ("kind", "bgp"):
        if getattr(told, name) != getattr(before, name):
            values[name] = getattr(told, name)
    if told.devices is not None:
        if before.devices is None or set(told.devices) != set(before.devices):
            values["devices"] = told.devices
    elif before.devices is not None and "devices" in unset and values.get("between") is None:
        values["devices"] = None
    if told.ipsec_policy and told.ipsec_policy != before.ipsec_policy:
        values["ipsec_policy"] = told.ipsec_policy
    return _with(before, values)


def _merged_peering(before: Peering, told: Peering, key: str, unset: Collection[str]) -> Peering:
    """Return the peering `key`. `unset`: what is as Azure's default."""
    values = _named(before, told, key)
    if set(told.between) != set(before.between):
        values["between"] = told.between
    if told.gateway_transit != before.gateway_transit and (
        told.gateway_transit is not None or "gateway_transit" in unset
    ):
        values["gateway_transit"] = told.gateway_transit
    return _with(before, values)


def _with(before: P, values: Mapping[str, Any]) -> P:
    changed: P = with_fields(before, **values) if values else before
    return changed


def _named(before: Any, told: Any, key: str) -> dict[str, Any]:
    """What all resources have: their identity, their tags and their state, as far as they change."""
    values: dict[str, Any] = {}
    fields = type(before).model_fields
    if "subscription" in fields and told.subscription is not None and told.subscription != before.subscription:
        values["subscription"] = told.subscription
    group = told.resource_group if "resource_group" in fields else None
    if group is not None and not _alike(before.resource_group, group):
        values["resource_group"] = group
    if not _alike(before.azure_name or key, told.azure_name or key):
        values["azure_name"] = told.azure_name
    # A thing that the person retires exists in Azure until it is gone.
    if before.state == "planned" and told.state != "planned":
        values["state"] = told.state
    if told.tags:
        tags = _merged_tags(before.tags, told.tags)
        if tags is not before.tags:
            values["tags"] = tags
    return values


def _merged_tags(before: Table[Any], told: Table[Any]) -> Table[Any]:
    # Azure's names of tags know no case, the values do.
    spelt = {name.casefold(): name for name in before}
    changed = dict(before.items())
    for name, value in told.items():
        mine = spelt.get(name.casefold(), name)
        if mine not in changed or changed[mine] != value:
            changed[mine] = value
    return before if changed == dict(before.items()) else Table(changed)


def _merged_subnets(before: Table[Subnet], told: Table[Subnet], without: Collection[str]) -> Table[Subnet]:
    spelt = {name.casefold(): name for name in before}
    changed = {name: subnet for name, subnet in before.items() if name not in without}
    is_same = len(changed) == len(before)
    for name, subnet in told.items():
        mine = spelt.get(name.casefold(), name)
        if mine not in changed:
            changed[mine] = subnet
            is_same = False
        elif subnet.prefixes and set(subnet.prefixes) != set(changed[mine].prefixes):
            changed[mine] = with_fields(changed[mine], prefixes=_in_order(changed[mine].prefixes, subnet.prefixes))
            is_same = False
    return before if is_same else Table(changed)


def _merged_gateway(vnet: VNet, told_vnet: VNet, key: str, unset: Collection[str]) -> Gateway:
    before, told = vnet.gateway, told_vnet.gateway
    if before is None or told is None:
        raise ValueError("both VNets need a gateway")
    values: dict[str, Any] = {}
    if not _alike(before.name or key, told.name or key):
        values["name"] = told.name
    if told.resource_group is not None:
        if not _alike(before.resource_group, told.resource_group):
            values["resource_group"] = told.resource_group
    elif (
        before.resource_group is not None
        and told_vnet.resource_group is not None
        and not _alike(before.resource_group, told_vnet.resource_group)
    ):
        # It lies in the group of its VNet, which is what leaving it out means.
        values["resource_group"] = None
    if told.sku is not None and not _alike(before.sku, told.sku):
        values["sku"] = told.sku
    if told.generation is not None and told.generation != before.generation:
        values["generation"] = told.generation
    for name in ("vpn_type", "active_active"):
        if getattr(told, name) != getattr(before, name):
            values[name] = getattr(told, name)
    if "asn" in told.model_fields_set and told.asn != before.asn:
        values["asn"] = told.asn
    elif "asn" in unset and before.asn != Gateway.model_fields["asn"].default:
        values["asn"] = None
    _prefixes(values, "p2s_pools", before.p2s_pools, told.p2s_pools)
    return _with(before, values)


def _merged_device(before: Device, told: Device, site_asn: int | None) -> Device:
    values: dict[str, Any] = {}
    if told.address is not None and not _alike(before.address, told.address):
        values["address"] = told.address
    if told.asn is not None and told.asn != (before.asn if before.asn is not None else site_asn):
        values["asn"] = told.asn
    if told.bgp_peer is not None and told.bgp_peer != before.bgp_peer:
        values["bgp_peer"] = told.bgp_peer
    return _with(before, values)


def _prefixes(values: dict[str, Any], name: str, before: Iterable[Prefix], told: Iterable[Prefix]) -> None:
    mine, theirs = tuple(before), tuple(told)
    if theirs and set(mine) != set(theirs):
        values[name] = _in_order(mine, theirs)


def _in_order(before: Iterable[Prefix], told: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """What is told, in the order of the file as far as the file has it."""
    theirs = dict.fromkeys(told)
    return tuple(dict.fromkeys((*(prefix for prefix in before if prefix in theirs), *theirs)))


def _alike(before: str | None, told: str) -> bool:
    return before is not None and before.casefold() == told.casefold()
