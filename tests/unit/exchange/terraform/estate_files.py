"""Terraform's states and plans, written short: an estate with everything that is read, and a plan of two VNets.

Owns what the tests of the readers share. Invariant: the documents are such as Terraform prints.
"""

from __future__ import annotations

import json
from typing import Any

from tui.exchange.found import Found, Identity, Notice
from tui.exchange.source import ExchangeError, Source
from tui.exchange.terraform import read
from tui.topology.prefix import Prefix

P = Prefix.parse
SUB = "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10"


def found(document: Any) -> Found:
    return read(Source("net.json", document if isinstance(document, str) else json.dumps(document)))


def refusal(document: Any) -> str | None:
    """The message with which a document is refused; None where it is read."""
    try:
        found(document)
    except ExchangeError as error:
        return error.message
    return None


def told(result: Found, kind: str) -> list[Notice]:
    return [notice for notice in result.notices if notice.kind == kind]


def an_id(kind: str, *names: str, group: str = "rg") -> str:
    types = kind.split("/")
    path = "/".join(f"{one}/{name}" for one, name in zip(types, names, strict=True))
    return f"/subscriptions/{SUB}/resourceGroups/{group}/providers/Microsoft.Network/{path}"


def own(name: str, group: str = "rg") -> Identity:
    return Identity(SUB, group, name)


def vnet(name: str, *prefixes: str, **more: Any) -> dict[str, Any]:
    values = {"name": name, "resource_group_name": "rg", "location": "westeurope", "address_space": list(prefixes)}
    return {"id": an_id("virtualNetworks", name), **values, **more}


def gateway(name: str, of: str, **more: Any) -> dict[str, Any]:
    subnet = an_id("virtualNetworks/subnets", of, "GatewaySubnet")
    values = {"name": name, "resource_group_name": "rg", "type": "Vpn", "vpn_type": "RouteBased", "sku": "VpnGw1AZ"}
    made = {"id": an_id("virtualNetworkGateways", name), **values, "ip_configuration": [{"subnet_id": subnet}]}
    return {**made, **more}


def block(kind: str, name: str, *instances: Any, mode: str = "managed", **more: Any) -> dict[str, Any]:
    made = [{"schema_version": 0, "attributes": one} if "attributes" not in one else one for one in instances]
    return {"mode": mode, "type": kind, "name": name, "provider": "x", "instances": made, **more}


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    secret = {"password": {"value": "s3cret-output", "type": "string", "sensitive": True}}
    return {
        "version": 4,
        "terraform_version": "1.9.0",
        "serial": 3,
        "lineage": "x",
        "outputs": secret,
        "resources": [*resources],
    }


def shown(
    kind: str, name: str, values: dict[str, Any], module: str = "", index: Any = None, **more: Any
) -> dict[str, Any]:
    key = "" if index is None else f"[{json.dumps(index)}]"
    address = ".".join(filter(None, [module, "data" if more.get("mode") == "data" else "", kind, name])) + key
    made = {"address": address, "mode": "managed", "type": kind, "name": name, "values": values, "sensitive_values": {}}
    return {**made, **({} if index is None else {"index": index}), **more}


def configured(kind: str, name: str, **expressions: Any) -> dict[str, Any]:
    return {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "expressions": expressions}


def refers(*references: str) -> dict[str, Any]:
    return {"references": list(references)}


def plan(resources: list[Any], configuration: dict[str, Any], **more: Any) -> dict[str, Any]:
    values = {"root_module": {"resources": resources}}
    return {"format_version": "1.2", "planned_values": values, "configuration": {"root_module": configuration}, **more}


ESTATE = state(
    block(
        "azurerm_virtual_network",
        "hub",
        vnet(
            "hub",
            "10.0.0.0/16",
            "fd00:1::/48",
            dns_servers=["10.0.0.4"],
            tags={"owner": "net", "api_key": "s3cret-tag"},
            subnet=[{"name": "app", "address_prefix": "10.0.1.0/24", "id": "", "security_group": ""}],
        ),
    ),
    block(
        "azurerm_subnet",
        "all",
        {
            "index_key": "gw",
            "attributes": {
                "id": an_id("virtualNetworks/subnets", "HUB", "GatewaySubnet"),
                "name": "GatewaySubnet",
                "virtual_network_name": "hub",
                "resource_group_name": "rg",
                "address_prefixes": ["10.0.0.0/27"],
            },
        },
        {
            "index_key": "app",
            "attributes": {
                "name": "app",
                "virtual_network_name": "hub",
                "resource_group_name": "rg",
                "address_prefix": "10.0.1.0/24",
            },
        },
    ),
    block("azurerm_virtual_network", "spoke", vnet("spoke", "10.1.0.0/16"), module='module.spoke["a"]'),
    block(
        "azurerm_virtual_network_gateway",
        "gw",
        gateway(
            "gw-hub",
            "hub",
            generation="Generation2",
            active_active=True,
            bgp_settings=[{"asn": 65010, "peer_weight": 0}],
            vpn_client_configuration=[
                {
                    "address_space": ["172.16.0.0/24"],
                    "root_certificate": [{"name": "r", "public_cert_data": "s3cret-cert"}],
                    "radius_server_secret": "s3cret-radius",
                }
            ],
        ),
        gateway("er-hub", "hub", type="ExpressRoute", sku="ErGw1AZ"),
        gateway("gw-spoke", "spoke", generation="None"),
    ),
    block(
        "azurerm_local_network_gateway",
        "dc",
        {
            "id": an_id("localNetworkGateways", "dc"),
            "name": "dc",
            "location": "westeurope",
            "gateway_fqdn": "vpn.example.com",
            "address_space": ["192.168.0.0/24"],
            "bgp_settings": [{"asn": 64900, "bgp_peering_address": "192.168.0.1"}],
        },
    ),
    block("azurerm_express_route_circuit", "er", {"id": an_id("expressRouteCircuits", "er"), "name": "er"}),
    block(
        "azurerm_virtual_network_gateway_connection",
        "all",
        {
            "id": an_id("connections", "to-dc"),
            "name": "to-dc",
            "type": "IPsec",
            "virtual_network_gateway_id": an_id("virtualNetworkGateways", "gw-hub"),
            "local_network_gateway_id": an_id("localNetworkGateways", "dc"),
            "shared_key": "s3cret-key",
            "enable_bgp": True,
            "routing_weight": 10,
            "ipsec_policy": [{"dh_group": "DHGroup14", "sa_lifetime": 27000, "ike_encryption": "AES256"}],
        },
        {
            "id": an_id("connections", "to-spoke"),
            "name": "to-spoke",
            "type": "Vnet2Vnet",
            "virtual_network_gateway_id": an_id("virtualNetworkGateways", "gw-hub"),
            "peer_virtual_network_gateway_id": an_id("virtualNetworkGateways", "gw-spoke"),
            "bgp_enabled": False,
        },
        {
            "id": an_id("connections", "to-er"),
            "name": "to-er",
            "type": "ExpressRoute",
            "virtual_network_gateway_id": an_id("virtualNetworkGateways", "er-hub"),
            "express_route_circuit_id": an_id("expressRouteCircuits", "er"),
            "authorization_key": "s3cret-authorization",
        },
    ),
    block(
        "azurerm_virtual_network_peering",
        "p",
        {
            "id": an_id("virtualNetworks/virtualNetworkPeerings", "hub", "to-spoke"),
            "name": "to-spoke",
            "remote_virtual_network_id": an_id("virtualNetworks", "spoke"),
            "allow_gateway_transit": True,
        },
    ),
    block("azurerm_public_ip", "ip", {"name": "a"}, {"name": "b"}),
    block("azurerm_storage_account", "s", {"name": "a", "primary_access_key": "s3cret-storage"}),
)


HUB = "azurerm_virtual_network.hub"
PLANNED = [
    shown("azurerm_resource_group", "rg", {"name": "rg", "location": "westeurope"}),
    shown(
        "azurerm_virtual_network", "hub", {"name": "hub", "location": "westeurope", "address_space": ["10.0.0.0/16"]}
    ),
    shown("azurerm_subnet", "gw", {"name": "GatewaySubnet", "address_prefixes": ["10.0.0.0/27"]}),
    shown("azurerm_virtual_network_gateway", "a", {"name": "gw-a", "resource_group_name": "rg", "type": "Vpn"}),
    shown(
        "azurerm_virtual_network_gateway", "b", {"name": "gw-x", "resource_group_name": "rg", "type": "Vpn"}, index="x"
    ),
    shown(
        "azurerm_virtual_network_gateway", "b", {"name": "gw-y", "resource_group_name": "rg", "type": "Vpn"}, index="y"
    ),
    shown("azurerm_virtual_network_gateway_connection", "c", {"name": "c-x", "type": "Vnet2Vnet"}, index="x"),
    shown("azurerm_virtual_network_gateway_connection", "c", {"name": "c-y", "type": "Vnet2Vnet"}, index="y"),
    shown("azurerm_virtual_network_gateway_connection", "odd", {"name": "odd", "type": "Vnet2Vnet"}),
]
B = "azurerm_virtual_network_gateway.b"
CONFIGURED = {
    "resources": [
        configured("azurerm_virtual_network", "hub", resource_group_name=refers("azurerm_resource_group.rg.name")),
        configured(
            "azurerm_subnet",
            "gw",
            virtual_network_name=refers(f"{HUB}.name", HUB),
            resource_group_name=refers("azurerm_resource_group.rg.name", "azurerm_resource_group.rg"),
        ),
        configured(
            "azurerm_virtual_network_gateway", "a", ip_configuration=[{"subnet_id": refers("azurerm_subnet.gw.id")}]
        ),
        configured(
            "azurerm_virtual_network_gateway_connection",
            "c",
            virtual_network_gateway_id=refers("azurerm_virtual_network_gateway.a.id"),
            peer_virtual_network_gateway_id=refers(B, "each.key"),
        ),
        configured(
            "azurerm_virtual_network_gateway_connection",
            "odd",
            virtual_network_gateway_id=refers(f'{B}["y"].id', f'{B}["y"]', B),
            peer_virtual_network_gateway_id=refers("local.peers", B),
        ),
    ]
}
