"""Objects of Azure as its tools print them, for tests: with an id, a type and properties."""

from __future__ import annotations

from typing import Any

from tui.exchange.found import Found, Identity, Place
from tui.exchange.resources import found_in
from tui.topology.prefix import Prefix

GROUP = "/subscriptions/s1/resourceGroups/rg1"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
PLACE = Place("x.json", "[0]")
SECRET = "Pl4nted-s3cret-V4lue"


def found(*resources: Any) -> Found:
    return found_in([(f"[{number}]", one) for number, one in enumerate(resources)], "x.json")


def told(result: Found) -> list[tuple[str, str]]:
    return [(notice.kind, notice.place.where) for notice in result.notices]


def ps(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(Prefix.parse, texts))


def me(name: str) -> Identity:
    return Identity("s1", "rg1", name)


def rest(kind: str, name: str, **properties: Any) -> dict[str, Any]:
    return {
        "id": f"{NETWORK}/{kind}/{name}",
        "name": name,
        "type": f"Microsoft.Network/{kind}",
        "properties": properties,
    }


def end(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"{NETWORK}/{kind}/{name}", **more}


def ip_configuration(vnet: str) -> dict[str, Any]:
    return {"name": "c", "properties": {"subnet": {"id": f"{NETWORK}/virtualNetworks/{vnet}/subnets/GatewaySubnet"}}}


VPN: dict[str, Any] = {
    "gatewayType": "Vpn",
    "vpnType": "RouteBased",
    "activeActive": True,
    "enableBgp": "false",
    "sku": {"name": "VpnGw2AZ", "tier": "VpnGw2AZ", "capacity": 2},
    "vpnGatewayGeneration": "Generation2",
    "bgpSettings": {"asn": 65010, "bgpPeeringAddress": "10.0.0.4,10.0.0.5", "peerWeight": 0},
    "ipConfigurations": [ip_configuration("hub")],
    "vpnClientConfiguration": {
        "vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24"]},
        "vpnClientRootCertificates": [{"name": "root", "properties": {"publicCertData": SECRET}}],
        "vpnClientRevokedCertificates": [{"name": "old", "properties": {"thumbprint": SECRET}}],
        "radiusServerSecret": SECRET,
        "radiusServers": [{"radiusServerAddress": "10.0.0.9", "radiusServerSecret": SECRET}],
    },
}
REST_VNET = {
    "name": "hub",
    "id": f"{NETWORK}/virtualNetworks/hub",
    "etag": 'W/"1"',
    "type": "Microsoft.Network/virtualNetworks",
    "location": "westeurope",
    "tags": {"owner": "me"},
    "properties": {
        "provisioningState": "Updating",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16", "fd00::/48"]},
        "dhcpOptions": {"dnsServers": ["10.0.0.4"]},
        "subnets": [
            {"name": "GatewaySubnet", "id": "x", "properties": {"addressPrefix": "10.0.0.0/27"}},
            {"name": "app", "properties": {"addressPrefixes": ["10.0.1.0/24", "fd00::/64"]}},
            {"name": "empty", "properties": {}},
        ],
        "virtualNetworkPeerings": [],
    },
}
