"""Virtual network gateways and local network gateways, out of the fields of a resource.

Invariant: certificates, RADIUS servers and their secrets are never looked at; a gateway belongs to the VNet in whose
GatewaySubnet its IP configuration lies, never to one that merely has such a subnet.
"""

from __future__ import annotations

from typing import Any, Literal

from tui.exchange.addresses import cut_short, device_address, ip_address, prefixes_in
from tui.exchange.found import FoundGateway, FoundLocalGateway, Identity, Place
from tui.exchange.resource_ids import SUBNET, ResourceId, referred
from tui.exchange.resources.fields import fields_of, flag, folded, identity_of, name, number
from tui.exchange.resources.report import NotUnderstoodError, Report, within
from tui.exchange.resources.vnets import CUT_SHORT, region
from tui.exchange.secrets import kept_tags
from tui.topology.prefix import Prefix

_LARGEST_ASN = 4294967295


def gateway(fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report) -> FoundGateway | None:
    """Return the gateway that a resource is; None for one that takes no part in VPN or ExpressRoute (Azure Edge).

    Raises NotUnderstoodError for one without a name.
    """
    identity = identity_of(fields, own_id)
    if identity is None:
        raise NotUnderstoodError("a virtual network gateway without id and name")
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
    active_active = fields.get("activeactive")
    return FoundGateway(
        identity=identity,
        kind="expressroute" if kind == "ExpressRoute" else "vpn",
        vnet=_vnet(fields.get("ipconfigurations"), where, report),
        sku=name(folded(sku).get("name")) if isinstance(sku, dict) else name(sku),
        generation=_generation(fields.get("vpngatewaygeneration"), where, report),
        vpn_type=routing,
        asn=_asn(fields.get("bgpsettings"), where, report),
        # The Python tools of some years print it under the shorter name.
        active_active=flag(fields.get("active") if active_active is None else active_active) or False,
        p2s_pools=_p2s_pools(fields, where, report),
        place=Place(report.source, where),
    )


def local_gateway(fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report) -> FoundLocalGateway:
    """Return the local network gateway that a resource is. Raises NotUnderstoodError for one without a name."""
    identity = identity_of(fields, own_id)
    if identity is None:
        raise NotUnderstoodError("a local network gateway without id and name")
    tags, notices = kept_tags(fields.get("tags") or fields.get("tag"), Place(report.source, where))
    report.extend(notices)
    written = fields.get("gatewayipaddress") or fields.get("fqdn")
    address = device_address(written)
    if written and address is None:
        report.say("not understood", "the address of the VPN device is no IP address and no host name", where)
    return FoundLocalGateway(
        identity=identity,
        region=region(fields.get("location")),
        prefixes=_prefixes(fields.get("localnetworkaddressspace"), where, "localNetworkAddressSpace", report),
        address=address,
        asn=_asn(fields.get("bgpsettings"), where, report),
        bgp_peer=_bgp_peer(fields.get("bgpsettings"), where, report),
        tags=tags,
        place=Place(report.source, where),
    )


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
    asn = number(value, _LARGEST_ASN)
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


def _p2s_pools(fields: dict[str, Any], where: str, report: Report) -> tuple[Prefix, ...]:
    """The addresses of VPN clients: one pool for all, or pools by group of users."""
    pool = folded(fields.get("vpnclientconfiguration")).get("vpnclientaddresspool")
    pools = list(_prefixes(pool, where, "vpnClientConfiguration.vpnClientAddressPool", report))
    groups = folded(fields.get("vpnclientconfiguration")).get("vngclientconnectionconfigurations")
    for group in groups if isinstance(groups, list) else ():
        pool = fields_of(group).get("vpnclientaddresspool")
        pools += _prefixes(pool, where, "vpnClientConfiguration.vngClientConnectionConfigurations", report)
    return tuple(dict.fromkeys(pools))


def _prefixes(space: Any, where: str, field: str, report: Report) -> tuple[Prefix, ...]:
    value = folded(space).get("addressprefixes") if isinstance(space, dict) else space
    if cut_short(value):
        report.gather("missing", CUT_SHORT, where)
        return ()
    prefixes, notices = prefixes_in(value, Place(report.source, within(where, field)))
    report.extend(notices)
    return prefixes
