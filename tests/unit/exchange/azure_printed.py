"""What was found, as Azure's tools print it: the inverse of reading, in the shapes of four tools.

Owns the JSON of a resource in each shape. Every connection has a shared key, which nobody may ever see again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias, get_args

from tui.exchange.found import Found, FoundGateway, FoundPeering, FoundSubnet, FoundVNet, Identity
from tui.topology.prefix import Prefix

Shape: TypeAlias = Literal["az", "rest", "powershell", "graph"]
SHAPES: tuple[Shape, ...] = get_args(Shape)

SHARED_KEY = "Pl4nted-sh4red-K3y"
_ENDS = {
    "Vnet2Vnet": ("virtualNetworkGateway2", "virtualNetworkGateways"),
    "IPsec": ("localNetworkGateway2", "localNetworkGateways"),
    "ExpressRoute": ("peer", "expressRouteCircuits"),
}


def resources(found: Found, *, inline: bool = True) -> list[dict[str, Any]]:
    """Return the resources of `found` in the shape of the REST API. `inline`: peerings stand within their VNets."""
    return list(_resources(found, inline))


def accounts(found: Found) -> list[dict[str, Any]]:
    """Return the subscriptions that have a name, as `az account list` prints them."""
    return [
        {"cloudName": "AzureCloud", "id": one.id, "isDefault": False, "name": one.name, "state": "Enabled",
         "tenantId": "33333333-0000-4000-8000-000000000003", "user": {"name": "ann@example.com", "type": "user"}}
        for one in found.subscriptions
        if one.name is not None
    ]  # fmt: skip


def printed(items: list[dict[str, Any]], shape: Shape) -> bytes:
    """Return the bytes of one file with these resources."""
    if shape == "rest":
        return json.dumps({"value": items}).encode()
    if shape == "graph":
        lowered = [{**one, "type": one["type"].lower()} if "type" in one else one for one in items]
        return json.dumps({"count": len(items), "data": lowered, "skip_token": None, "total_records": 1}).encode()
    flat = [_flattened(one) for one in items]
    if shape == "az":
        return json.dumps(flat, indent=2).encode()
    # A list of one is no list when PowerShell prints it; and its `>` writes UTF-16.
    cased = [_pascal(one) for one in flat]
    return json.dumps(cased if len(cased) != 1 else cased[0], indent=4).replace("\n", "\r\n").encode("utf-16")


def _id(whose: Identity, kind: str, below: str = "") -> str:
    group = f"/subscriptions/{whose.subscription}/resourceGroups/{whose.resource_group}"
    return f"{group}/providers/Microsoft.Network/{kind}/{whose.name}{below}"


def _resource(whose: Identity, kind: str, properties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    top = {"id": _id(whose, kind), "name": whose.name, "type": f"Microsoft.Network/{kind}", **more}
    return {**top, "etag": 'W/"1"', "properties": {"provisioningState": "Succeeded", **properties}}


def _resources(found: Found, inline: bool) -> Iterator[dict[str, Any]]:
    for vnet in found.vnets:
        peerings = [_peering(one) for one in found.peerings if one.vnet == vnet.identity] if inline else []
        yield _vnet(vnet, peerings)
    if not inline:
        yield from map(_peering, found.peerings)
    yield from map(_gateway, found.gateways)
    for local in found.local_gateways:
        bgp = {"asn": local.asn, "bgpPeeringAddress": local.bgp_peer or "", "peerWeight": 0}
        properties: dict[str, Any] = {
            "localNetworkAddressSpace": {"addressPrefixes": _texts(local.prefixes)},
            "gatewayIpAddress": local.address,
            "bgpSettings": bgp if local.asn is not None or local.bgp_peer else None,
        }
        yield _resource(
            local.identity, "localNetworkGateways", properties, location=local.region, tags=dict(local.tags)
        )
    for circuit in found.circuits:
        properties = {"serviceProviderProperties": {"bandwidthInMbps": 50}, "circuitProvisioningState": "Enabled"}
        yield _resource(circuit.identity, "expressRouteCircuits", properties, location=circuit.region)
    for link in found.connections:
        end, kind = _ENDS[link.kind]
        properties = {
            "connectionType": link.kind,
            "virtualNetworkGateway1": {"id": _id(link.gateway, "virtualNetworkGateways")},
            end: {"id": _id(link.other, kind)},
            "enableBgp": link.bgp,
            "routingWeight": link.routing_weight or 0,
            "sharedKey": SHARED_KEY,
            "ipsecPolicies": [dict(link.ipsec_policy)] if link.ipsec_policy else [],
        }
        yield _resource(link.identity, "connections", properties, tags=dict(link.tags))


def _vnet(vnet: FoundVNet, peerings: list[dict[str, Any]]) -> dict[str, Any]:
    properties = {
        "addressSpace": {"addressPrefixes": _texts(vnet.prefixes)},
        "dhcpOptions": {"dnsServers": list(vnet.dns_servers)},
        "subnets": [_subnet(one, vnet.identity) for one in vnet.subnets],
        "virtualNetworkPeerings": peerings,
        "enableDdosProtection": False,
    }
    return _resource(vnet.identity, "virtualNetworks", properties, location=vnet.region, tags=dict(vnet.tags))


def _subnet(subnet: FoundSubnet, of: Identity) -> dict[str, Any]:
    texts = _texts(subnet.prefixes)
    properties: dict[str, Any] = {"addressPrefix": texts[0]} if len(texts) == 1 else {"addressPrefixes": texts}
    own_id = _id(of, "virtualNetworks", f"/subnets/{subnet.name}")
    return {"id": own_id, "name": subnet.name, "properties": {"serviceEndpoints": [], **properties}}


def _peering(peering: FoundPeering) -> dict[str, Any]:
    return {
        "id": _id(peering.vnet, "virtualNetworks", f"/virtualNetworkPeerings/{peering.identity.name}"),
        "name": peering.identity.name,
        "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        "properties": {
            "remoteVirtualNetwork": {"id": _id(peering.remote, "virtualNetworks")},
            "allowGatewayTransit": peering.allows_gateway_transit,
            "useRemoteGateways": peering.uses_remote_gateways,
            "peeringState": peering.state,
        },
    }


def _gateway(gateway: FoundGateway) -> dict[str, Any]:
    vnet = gateway.vnet
    configurations = [] if vnet is None else [{"id": _id(vnet, "virtualNetworks", "/subnets/GatewaySubnet")}]
    pool = {"vpnClientAddressPool": {"addressPrefixes": _texts(gateway.p2s_pools)}, "radiusServerSecret": SHARED_KEY}
    properties = {
        "gatewayType": "ExpressRoute" if gateway.kind == "expressroute" else "Vpn",
        "vpnType": gateway.vpn_type,
        "sku": {"name": gateway.sku, "tier": gateway.sku, "capacity": 2} if gateway.sku else None,
        "vpnGatewayGeneration": f"Generation{gateway.generation}" if gateway.generation else "None",
        "ipConfigurations": [{"name": "default", "properties": {"subnet": one}} for one in configurations],
        "bgpSettings": {"asn": gateway.asn, "peerWeight": 0} if gateway.asn is not None else None,
        "activeActive": gateway.active_active,
        "vpnClientConfiguration": pool if gateway.p2s_pools else None,
    }
    return _resource(gateway.identity, "virtualNetworkGateways", properties)


def _texts(prefixes: tuple[Prefix, ...]) -> list[str]:
    return [str(prefix) for prefix in prefixes]


def _flattened(value: Any) -> Any:
    """As `az` and PowerShell print it: the properties stand beside the name."""
    if isinstance(value, list):
        return [_flattened(one) for one in value]
    if not isinstance(value, dict):
        return value
    table = {key: _flattened(one) for key, one in value.items() if key != "properties"}
    return {**table, **(_flattened(value["properties"]) if "properties" in value else {})}


def _pascal(value: Any) -> Any:
    if isinstance(value, list):
        return [_pascal(one) for one in value]
    if not isinstance(value, dict):
        return value
    # The keys of tags are the person's own.
    table = {key[:1].upper() + key[1:]: one if key == "tags" else _pascal(one) for key, one in value.items()}
    if "Tags" in table:
        table["Tag"] = table.pop("Tags")
    return table
