"""Virtual network gateways and local network gateways, out of the fields of a resource.

Invariant: certificates, RADIUS servers and their secrets are never looked at; a gateway belongs to the VNet in whose
GatewaySubnet its IP configuration lies, never to one that merely has such a subnet.
"""

from __future__ import annotations

from typing import Any, Literal

from tui.exchange.addresses import cut_short, device_address, ip_address, prefixes_in
from tui.exchange.found import FoundGateway, FoundLocalGateway, Identity, Place
from tui.exchange.json_paths import within
from tui.exchange.resource_ids import SUBNET, ResourceId, referred
from tui.exchange.resources.fields import (
    CUT_SHORT,
    NotUnderstoodError,
    fields_of,
    flag,
    folded,
    identity_of,
    is_changing,
    name,
    number,
    region,
    says_none,
)
from tui.exchange.resources.report import Report
from tui.exchange.secrets import kept_tags
from tui.topology.catalog import LARGEST_ASN
from tui.topology.prefix import Prefix


def gateway(fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report) -> FoundGateway | None:
    """Return the gateway that a resource is; None for one that takes no part in VPN or ExpressRoute (Azure Edge).

    Raises NotUnderstoodError for one without a name.
    """
    identity = identity_of(fields, own_id, "a virtual network gateway")
    kind = report.word("gatewayType", fields.get("gatewaytype"), where)
    if kind == "LocalGateway":
        report.types_left_out["Microsoft.Network/virtualNetworkGateways (LocalGateway)"] += 1
        return None
    if fields.get("gatewaytype") is None:
        report.gather("assumed", "gateways without a gatewayType, read as VPN gateways ({})", where, identity.name)
    elif kind is None:
        raise NotUnderstoodError("a virtual network gateway of a type that is not known")
    rules = fields.get("natrules")
    if isinstance(rules, list) and rules:
        report.types_left_out["Microsoft.Network/virtualNetworkGateways/natRules"] += len(rules)
    vpn_type = report.word("vpnType", fields.get("vpntype"), where)
    routing: Literal["RouteBased", "PolicyBased"] = "PolicyBased" if vpn_type == "PolicyBased" else "RouteBased"
    sku = fields.get("sku")
    pools, is_partial = _p2s_pools(fields, where, report)
    generation = _generation(fields.get("vpngatewaygeneration"), where, report)
    asn = _asn(fields.get("bgpsettings"), where, report)
    active_active = fields.get("activeactive")
    return FoundGateway(
        identity=identity,
        kind="expressroute" if kind == "ExpressRoute" else "vpn",
        vnet=_vnet(fields.get("ipconfigurations"), where, report),
        sku=name(folded(sku).get("name")) if isinstance(sku, dict) else name(sku),
        generation=generation,
        vpn_type=routing,
        asn=asn,
        # The Python tools of some years print it under the shorter name.
        active_active=flag(fields.get("active") if active_active is None else active_active) or False,
        p2s_pools=pools,
        is_partial=is_partial,
        emptied=_emptied(fields, generation, asn, pools, is_partial),
        place=Place(report.source, where),
    )


def local_gateway(fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report) -> FoundLocalGateway:
    """Return the local network gateway that a resource is. Raises NotUnderstoodError for one without a name."""
    identity = identity_of(fields, own_id, "a local network gateway")
    tags, notices = kept_tags(fields.get("tags") or fields.get("tag"), Place(report.source, where))
    report.extend(notices)
    written = fields.get("gatewayipaddress") or fields.get("fqdn")
    address = device_address(written)
    if written and address is None:
        report.say("not understood", "the address of the VPN device is no IP address and no host name", where)
    prefixes, is_partial = _prefixes(fields.get("localnetworkaddressspace"), where, "localNetworkAddressSpace", report)
    return FoundLocalGateway(
        identity=identity,
        region=region(fields.get("location")),
        prefixes=prefixes,
        address=address,
        asn=_asn(fields.get("bgpsettings"), where, report),
        bgp_peer=_bgp_peer(fields.get("bgpsettings"), where, report),
        tags=tags,
        is_partial=is_partial,
        emptied=frozenset(("asn", "bgp_peer"))
        if says_none(fields, "bgpsettings", "localnetworkaddressspace")
        else frozenset(),
        place=Place(report.source, where),
    )


def _emptied(
    fields: dict[str, Any],
    generation: int | None,
    asn: int | None,
    pools: tuple[Prefix, ...],
    is_partial: bool,
) -> frozenset[str]:
    """What a gateway does not have, according to what its resource says."""
    none: set[str] = set()
    if is_changing(fields):
        return frozenset()
    written = fields.get("vpngatewaygeneration")
    if generation is None and (written == "None" or says_none(fields, "vpngatewaygeneration", "ipconfigurations")):
        none.add("generation")
    if asn is None and says_none(fields, "bgpsettings", "ipconfigurations"):
        none.add("asn")
    if not pools and not is_partial and _has_no_clients(fields):
        none.add("p2s_pools")
    return frozenset(none)


def _has_no_clients(fields: dict[str, Any]) -> bool:
    clients = fields.get("vpnclientconfiguration")
    if not isinstance(clients, dict):
        return says_none(fields, "vpnclientconfiguration", "ipconfigurations")
    table = folded(clients)
    pool = table.get("vpnclientaddresspool")
    if isinstance(pool, dict):
        return folded(pool).get("addressprefixes") == []
    return pool is None and "vpnclientaddresspool" in table


def _vnet(configurations: Any, where: str, report: Report) -> Identity | None:
    """The VNet of the first IP configuration that names a subnet."""
    if isinstance(configurations, dict):
        configurations = [configurations]
    for configuration in configurations if isinstance(configurations, list) else ():
        if cut_short(configuration):
            report.gather("missing", CUT_SHORT, where)
            continue
        subnet = fields_of(configuration).get("subnet")
        target = referred(subnet)
        if target is not None and target.type == SUBNET:
            return target.top
        if cut_short(subnet):
            report.gather("missing", CUT_SHORT, where)
    return None


def _generation(value: Any, where: str, report: Report) -> int | None:
    word = report.word("vpnGatewayGeneration", value, where)
    return {"Generation1": 1, "Generation2": 2}.get(word or "")


def _asn(settings: Any, where: str, report: Report) -> int | None:
    value = folded(settings).get("asn")
    asn = number(value, LARGEST_ASN)
    if value is not None and asn is None:
        report.say("not understood", "the ASN is no AS number", where)
    return asn or None  # Azure prints 0 while a gateway is being made


def _bgp_peer(settings: Any, where: str, report: Report) -> str | None:
    value = folded(settings).get("bgppeeringaddress")
    if not isinstance(value, str) or not value.strip():
        return None
    addresses = [ip_address(piece.strip()) for piece in value.split(",", 8)]
    if addresses[0] is None:
        report.say("not understood", "bgpPeeringAddress is no IP address", where)
    elif len(addresses) > 1:
        report.say("assumed", "several BGP peer addresses: the first was read", where)
    return addresses[0]


def _p2s_pools(fields: dict[str, Any], where: str, report: Report) -> tuple[tuple[Prefix, ...], bool]:
    """The addresses of VPN clients, one pool for all or pools by group of users; and whether there are more."""
    pool = folded(fields.get("vpnclientconfiguration")).get("vpnclientaddresspool")
    pools, is_partial = _prefixes(pool, where, "vpnClientConfiguration.vpnClientAddressPool", report)
    groups = folded(fields.get("vpnclientconfiguration")).get("vngclientconnectionconfigurations")
    for group in groups if isinstance(groups, list) else ():
        pool = fields_of(group).get("vpnclientaddresspool")
        field = "vpnClientConfiguration.vngClientConnectionConfigurations"
        more, is_part = _prefixes(pool, where, field, report)
        pools, is_partial = (*pools, *more), is_partial or is_part
    return tuple(dict.fromkeys(pools)), is_partial


def _prefixes(space: Any, where: str, field: str, report: Report) -> tuple[tuple[Prefix, ...], bool]:
    """The prefixes of an address space, and whether there are more."""
    value = folded(space).get("addressprefixes") if isinstance(space, dict) else space
    if cut_short(value):
        report.gather("missing", CUT_SHORT, where)
        return (), True
    prefixes, notices, is_partial = prefixes_in(value, Place(report.source, within(where, field)))
    report.extend(notices)
    return prefixes, is_partial
