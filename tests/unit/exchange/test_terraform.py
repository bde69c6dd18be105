"""Terraform's states and plans give the networks that exist, or will exist, and nothing that is secret."""

from __future__ import annotations

import copy
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.exchange.found import Found, FoundSubnet, Identity, Notice
from tui.exchange.source import ExchangeError, Source
from tui.exchange.terraform import read
from tui.topology.prefix import Prefix

P = Prefix.parse
SUB = "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10"
REAL = os.environ.get("VNET_TUI_REAL")


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


def test_a_state_gives_vnets_with_their_subnets_each_once() -> None:
    result = found(ESTATE)
    hub, spoke = result.vnets
    assert (hub.identity, hub.region, hub.dns_servers) == (own("hub"), "westeurope", ("10.0.0.4",))
    assert hub.prefixes == (P("10.0.0.0/16"), P("fd00:1::/48"))
    assert hub.subnets == (
        FoundSubnet(name="app", prefixes=(P("10.0.1.0/24"),)),
        FoundSubnet(name="GatewaySubnet", prefixes=(P("10.0.0.0/27"),)),
    )
    assert dict(hub.tags) == {"owner": "net"}
    assert spoke.identity == own("spoke")
    assert spoke.place.where == 'module.spoke["a"].azurerm_virtual_network.spoke'


def test_a_state_gives_gateways_and_what_they_are_connected_with() -> None:
    result = found(ESTATE)
    vpn, expressroute, other = result.gateways
    assert (vpn.vnet, vpn.kind, vpn.sku, vpn.generation) == (own("hub"), "vpn", "VpnGw1AZ", 2)
    assert (vpn.asn, vpn.active_active, vpn.p2s_pools) == (65010, True, (P("172.16.0.0/24"),))
    assert (expressroute.kind, expressroute.sku) == ("expressroute", "ErGw1AZ")
    assert (other.vnet, other.generation) == (own("spoke"), None)
    (local,) = result.local_gateways
    assert (local.address, local.asn, local.bgp_peer) == ("vpn.example.com", 64900, "192.168.0.1")
    assert local.prefixes == (P("192.168.0.0/24"),)
    links = {one.identity.name: one for one in result.connections}
    assert (links["to-dc"].kind, links["to-dc"].other, links["to-dc"].bgp) == ("IPsec", own("dc"), True)
    assert links["to-dc"].routing_weight == 10
    policy = {"dhGroup": "DHGroup14", "saLifeTimeSeconds": 27000, "ikeEncryption": "AES256"}
    assert dict(links["to-dc"].ipsec_policy or {}) == policy
    assert (links["to-spoke"].kind, links["to-spoke"].other, links["to-spoke"].bgp) == (
        "Vnet2Vnet",
        own("gw-spoke"),
        False,
    )
    assert (links["to-er"].kind, links["to-er"].other) == ("ExpressRoute", own("er"))
    assert [one.identity for one in result.circuits] == [own("er")]
    (side,) = result.peerings
    assert (side.vnet, side.remote, side.allows_gateway_transit) == (own("hub"), own("spoke"), True)


def test_other_network_resources_are_counted_and_all_others_are_not_mentioned() -> None:
    texts = [notice.text for notice in told(found(ESTATE), "left out")]
    assert len(texts) == 1
    assert "2 × azurerm_public_ip" in texts[0]
    assert "storage" not in repr(found(ESTATE))


def test_no_secret_of_a_state_is_kept_or_told() -> None:
    result = found(ESTATE)
    assert "s3cret" in json.dumps(ESTATE)
    assert "s3cret" not in repr(result)
    assert any("api_key" in notice.text for notice in told(result, "secret"))


def test_show_prints_the_same_as_a_tree_of_modules() -> None:
    root = {"resources": [shown("azurerm_virtual_network", "hub", vnet("hub", "10.0.0.0/16"), index=0)]}
    inner = {
        "address": 'module.spokes["x.y"]',
        "resources": [shown("azurerm_virtual_network", "one", vnet("spoke", "10.1.0.0/16"), 'module.spokes["x.y"]')],
    }
    result = found({"format_version": "1.0", "values": {"root_module": {**root, "child_modules": [inner]}}})
    assert [one.place.where for one in result.vnets] == [
        "azurerm_virtual_network.hub[0]",
        'module.spokes["x.y"].azurerm_virtual_network.one',
    ]
    assert result.notices == ()
    assert found({"resources": root["resources"], "child_modules": [inner]}).vnets == result.vnets


def test_deposed_instances_are_left_out_and_tainted_ones_are_read() -> None:
    result = found(
        state(
            block("azurerm_virtual_network", "a", {"attributes": vnet("old", "10.0.0.0/16"), "deposed": "ab12"}),
            block("azurerm_virtual_network", "b", {"attributes": vnet("b", "10.1.0.0/16"), "status": "tainted"}),
        )
    )
    assert [one.identity.name for one in result.vnets] == ["b"]
    assert [notice.kind for notice in result.notices] == ["left out", "assumed"]


def test_data_sources_are_read_only_where_a_link_ends() -> None:
    result = found(
        state(
            block("azurerm_virtual_network", "hub", vnet("far", "10.9.0.0/16"), mode="data"),
            block("azurerm_virtual_network", "other", vnet("unused", "10.8.0.0/16"), mode="data"),
            block("azurerm_virtual_network", "again", vnet("near", "10.7.0.0/16"), mode="data"),
            block("azurerm_virtual_network_gateway", "gw", gateway("gw-far", "far2"), mode="data"),
            block("azurerm_virtual_network", "far2", vnet("far2", "10.6.0.0/16"), mode="data"),
            block("azurerm_virtual_network", "near", vnet("near", "10.1.0.0/16")),
            block("azurerm_virtual_network_gateway", "own", gateway("gw-near", "near")),
            block(
                "azurerm_virtual_network_peering",
                "p",
                {
                    "name": "p",
                    "virtual_network_name": "near",
                    "resource_group_name": "rg",
                    "remote_virtual_network_id": an_id("virtualNetworks", "far"),
                },
            ),
            block(
                "azurerm_virtual_network_gateway_connection",
                "c",
                {
                    "id": an_id("connections", "c"),
                    "type": "Vnet2Vnet",
                    "virtual_network_gateway_id": an_id("virtualNetworkGateways", "gw-near"),
                    "peer_virtual_network_gateway_id": an_id("virtualNetworkGateways", "gw-far"),
                },
            ),
        )
    )
    assert {one.identity.name: str(one.prefixes[0]) for one in result.vnets} == {
        "near": "10.1.0.0/16",
        "far": "10.9.0.0/16",
        "far2": "10.6.0.0/16",
    }
    assert {one.identity.name for one in result.gateways} == {"gw-near", "gw-far"}
    assert len(told(result, "assumed")) == 3
    assert len(result.connections) == len(result.peerings) == 1


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


def test_a_plan_is_resolved_through_its_configuration() -> None:
    result = found(plan(PLANNED, CONFIGURED))
    (hub,) = result.vnets
    assert hub.identity == Identity("", "rg", "hub")
    assert hub.subnets == (FoundSubnet(name="GatewaySubnet", prefixes=(P("10.0.0.0/27"),)),)
    assert {one.identity.name: one.vnet for one in result.gateways} == {
        "gw-a": hub.identity,
        "gw-x": None,
        "gw-y": None,
    }
    assert {(one.identity.name, one.gateway.name, one.other.name) for one in result.connections} == {
        ("c-x", "gw-a", "gw-x"),
        ("c-y", "gw-a", "gw-y"),
    }


def test_what_a_plan_does_not_tell_is_missing_and_never_guessed() -> None:
    result = found(plan(PLANNED, CONFIGURED))
    texts = {notice.place.where: notice.text for notice in told(result, "missing")}
    assert "peer_virtual_network_gateway_id" in texts["azurerm_virtual_network_gateway_connection.odd"]
    assert any("plan" in notice.text for notice in told(result, "assumed"))
    assert found(plan(PLANNED, {})).connections == ()


def test_a_reference_is_followed_through_variables_and_outputs_of_modules() -> None:
    gateways = [
        {"name": "gw-l", "resource_group_name": "rg", "type": "Vpn"},
        {"name": "gw-r", "resource_group_name": "rg", "type": "Vpn"},
    ]
    modules = [
        {
            "address": f"module.net[{number}]",
            "resources": [shown("azurerm_virtual_network_gateway", "gw", values, f"module.net[{number}]")],
        }
        for number, values in enumerate(gateways)
    ]
    modules.append(
        {
            "address": "module.link",
            "resources": [
                shown(
                    "azurerm_virtual_network_gateway_connection", "c", {"name": "c", "type": "Vnet2Vnet"}, "module.link"
                )
            ],
        }
    )
    configuration = {
        "module_calls": {
            "net": {
                "count_expression": {"constant_value": 2},
                "module": {
                    "outputs": {"id": {"expression": refers("azurerm_virtual_network_gateway.gw.id")}},
                    "resources": [configured("azurerm_virtual_network_gateway", "gw")],
                },
            },
            "link": {
                "expressions": {
                    "left": refers("module.net[0].id", "module.net[0]", "module.net"),
                    "right": refers("module.net[1].id", "module.net[1]", "module.net"),
                },
                "module": {
                    "resources": [
                        configured(
                            "azurerm_virtual_network_gateway_connection",
                            "c",
                            virtual_network_gateway_id=refers("var.left"),
                            peer_virtual_network_gateway_id=refers("var.right"),
                        )
                    ]
                },
            },
        }
    }
    document = plan([], configuration)
    document["planned_values"]["root_module"]["child_modules"] = modules
    (link,) = found(document).connections
    assert (link.gateway.name, link.other.name) == ("gw-l", "gw-r")


def test_references_in_a_circle_end() -> None:
    configuration = {
        "module_calls": {
            "a": {
                "expressions": {"x": refers("module.a.y", "module.a.y")},
                "module": {
                    "outputs": {"y": {"expression": refers("var.x", "var.x")}},
                    "resources": [
                        configured("azurerm_virtual_network_peering", "p", remote_virtual_network_id=refers("var.x"))
                    ],
                },
            }
        }
    }
    values = {"name": "p", "virtual_network_name": "v", "resource_group_name": "rg"}
    document = plan([], configuration)
    module = {"address": "module.a", "resources": [shown("azurerm_virtual_network_peering", "p", values, "module.a")]}
    document["planned_values"]["root_module"]["child_modules"] = [module]
    assert found(document).peerings == ()


def test_a_plan_names_what_it_deletes_and_reads_data_sources_from_the_state_before() -> None:
    changes = [
        {
            "address": HUB,
            "type": "azurerm_virtual_network",
            "change": {"actions": ["delete"], "before": {"k": "s3cret"}},
        },
        {"address": "azurerm_subnet.x", "type": "azurerm_subnet", "change": {"actions": ["delete", "create"]}},
        {"address": "random_pet.x", "type": "random_pet", "change": {"actions": ["delete"]}},
    ]
    before = [
        shown("azurerm_virtual_network", "far", vnet("far", "10.9.0.0/16"), mode="data"),
        shown("azurerm_virtual_network", "hub", vnet("hub", "10.0.0.0/16")),
    ]
    values = {"name": "p", "virtual_network_name": "near", "resource_group_name": "rg"}
    peering = configured(
        "azurerm_virtual_network_peering", "p", remote_virtual_network_id=refers("data.azurerm_virtual_network.far.id")
    )
    result = found(
        plan(
            [shown("azurerm_virtual_network_peering", "p", values)],
            {"resources": [peering]},
            resource_changes=changes,
            prior_state={"values": {"root_module": {"resources": before}}},
        )
    )
    assert [one.identity for one in result.vnets] == [own("far")]
    assert [(side.vnet, side.remote) for side in result.peerings] == [(Identity("", "rg", "near"), own("far"))]
    (gone,) = told(result, "left out")
    assert HUB in gone.text
    assert "azurerm_subnet.x" not in gone.text
    assert "s3cret" not in repr(result)


def test_a_resource_whose_name_is_not_known_yet_is_told() -> None:
    result = found(plan([shown("azurerm_virtual_network", "hub", {"address_space": ["10.0.0.0/16"]})], {}))
    assert result.vnets == ()
    assert [notice.place.where for notice in told(result, "missing")] == [HUB]


def test_the_key_of_for_each_is_the_id_where_it_is_one_and_has_the_name() -> None:
    values = {"name": "hub", "resource_group_name": "rg", "address_space": ["10.0.0.0/16"]}
    for name, subscription in (("hub", SUB), ("else", "")):
        key = an_id("virtualNetworks", name)
        result = found({"root_module": {"resources": [shown("azurerm_virtual_network", "all", values, index=key)]}})
        assert result.vnets[0].identity == Identity(subscription, "rg", "hub")


def test_prefixes_from_an_ipam_pool_are_read_where_the_state_has_them() -> None:
    pool = {"id": "x", "number_of_ip_addresses": "256", "allocated_ip_address_prefixes": ["10.5.0.0/24"]}
    result = found(
        state(
            block("azurerm_virtual_network", "a", vnet("a", ip_address_pool=[pool])),
            block("azurerm_virtual_network", "b", vnet("b", ip_address_pool=[{"id": "x"}])),
        )
    )
    assert [one.prefixes for one in result.vnets] == [(P("10.5.0.0/24"),), ()]
    assert any("IPAM" in notice.text for notice in told(result, "missing"))


@pytest.mark.parametrize("form", ["text", "object", "typed"])
def test_a_resource_of_azapi_is_read_by_its_body(form: str) -> None:
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "sharedKey": "s3cret-key"}
    body: Any = {"properties": properties}
    body = {"text": json.dumps(body), "object": body, "typed": {"value": body, "type": ["object", {}]}}[form]
    values = {
        "type": "Microsoft.Network/virtualNetworks@2024-05-01",
        "name": "hub",
        "location": "West Europe",
        "body": body,
    }
    parent = f"/subscriptions/{SUB}/resourceGroups/rg"
    result = found(
        state(
            block("azapi_resource", "a", {**values, "parent_id": parent, "output": "s3cret-output"}),
            block("azapi_resource", "b", {"type": "Microsoft.Storage/storageAccounts@2024", "name": "x"}),
            block("azapi_resource", "c", {**values, "name": "none", "body": "{"}),
        )
    )
    assert [(one.identity, one.region, one.prefixes) for one in result.vnets] == [
        (own("hub"), "westeurope", (P("10.0.0.0/16"),))
    ]
    assert [notice.place.where for notice in told(result, "not understood")] == ["azapi_resource.c"]
    assert "s3cret" not in repr(result)


def test_attributes_that_are_missing_are_no_reason_to_stop() -> None:
    bare = {"id": an_id("virtualNetworks", "a"), "name": "a"}
    result = found(
        state(block("azurerm_virtual_network", "a", bare), block("azurerm_virtual_network_gateway", "g", {"id": "x"}))
    )
    assert [(one.identity, one.prefixes) for one in result.vnets] == [(own("a"), ())]
    assert result.gateways == ()
    assert {notice.kind for notice in result.notices} == {"missing"}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ('# a comment\n\nresource "azurerm_virtual_network" "a" {\n  name = "x"\n}\n', "HCL"),
        ('provider "azurerm" {\n  features {}\n}\n', "HCL"),
        ({"version": 3, "terraform_version": "0.11.1", "modules": []}, "version 3"),
        ({"version": 5, "serial": 1, "resources": []}, "not known"),
        ({"version": True, "serial": 1, "resources": []}, "not known"),
        ({"resource": {"azurerm_subnet": {}}}, "in JSON"),
        ({"encrypted_data": "s3cret", "meta": {}}, "encrypted"),
        ({"value": []}, "no Terraform"),
        ({"resources": [], "values": None}, "no Terraform"),
        ([], "no Terraform"),
        ("", "net.json"),
        ('{"version": 4,', "line 1"),
        ('{"version": 4, "serial": 1, "resources": ' + "[" * 100_000, "nested"),
    ],
    ids=range(13),
)
def test_what_is_no_state_or_plan_is_refused_with_what_to_do(document: Any, why: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        found(document)
    assert caught.value.message.startswith("net.json: ")
    assert why in caught.value.message
    assert caught.value.hint
    assert "s3cret" not in caught.value.message + caught.value.hint


def test_what_is_wrong_many_times_is_counted_rather_than_listed() -> None:
    resources = [shown("azurerm_virtual_network", "a", {}, index=number) for number in range(3000)]
    result = found(plan([*resources, shown("azurerm_public_ip", "ip", {})], {}))
    assert 100 < len(result.notices) < 1000
    assert any("1 × azurerm_public_ip" in notice.text for notice in result.notices)


def test_comments_before_no_configuration_take_no_long_time() -> None:
    began = time.process_time()
    for text in ("/**/" * 50_000, "# x\n" * 50_000, "/*" * 50_000, " \n" * 50_000, "#" * 100_000):
        assert refusal(text + "!") is not None
    assert time.process_time() - began < 2


def test_an_empty_state_holds_nothing() -> None:
    assert found(state()).vnets == ()
    assert [notice.kind for notice in found({"format_version": "1.0"}).notices] == ["missing"]


KEYS = st.sampled_from(sorted({"resources", "values", "change", "actions", "module_calls", "body", "index", "outputs"}))
WORDS = st.sampled_from(
    ["azurerm_subnet", "azapi_resource", "data", "var.a", "/", "\ud800", an_id("virtualNetworks", "a")]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)
SHOWN = {"format_version": "1.0", "values": plan(PLANNED, CONFIGURED)["planned_values"]}


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every place in a document at which something may stand: its container and the key there."""
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [(document, key) for key, _ in inner] + [each for _, value in inner for each in places(value)]


@settings(max_examples=300)
@given(st.sampled_from([ESTATE, plan(PLANNED, CONFIGURED, resource_changes=[{}]), SHOWN]), st.data())
def test_whatever_stands_anywhere_in_a_file_it_is_read_or_refused(document: Any, data: st.DataObject) -> None:
    document = copy.deepcopy(document)
    for _ in range(3):
        container, key = data.draw(st.sampled_from(places(document)))
        container[key] = data.draw(ANY)
    assert (refusal(document) or "net.json: ").startswith("net.json: ")


@given(ANY)
def test_any_json_is_read_or_refused(document: Any) -> None:
    for one in (document, {"version": 4, "serial": 1, "resources": document}, plan(document, document)):
        assert (refusal(one) or "net.json: ").startswith("net.json: ")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert (refusal(text) or "net.json: ").startswith("net.json: ")


@pytest.mark.skipif(not REAL, reason="VNET_TUI_REAL names no folder")
def test_the_real_plan_gives_two_hubs_and_both_gateways_of_one() -> None:
    text = (Path(REAL or "") / "terraform" / "planned_values.test_003.network-only.json").read_text("utf-8-sig")
    result = found(text)
    spaces = {one.identity.name: [str(prefix) for prefix in one.prefixes] for one in result.vnets}
    assert spaces == {"root-id-1-hub-northeurope": ["10.100.0.0/22"], "root-id-1-hub-westeurope": ["10.101.0.0/22"]}
    assert all({one.name for one in each.subnets} == {"AzureFirewallSubnet", "GatewaySubnet"} for each in result.vnets)
    assert {(one.kind, one.sku) for one in result.gateways} == {("expressroute", "ErGw1AZ"), ("vpn", "VpnGw1AZ")}
    assert {one.vnet for one in result.gateways} == {result.vnets[0].identity}
    assert any(
        "root-id-1-hub-northeurope, root-id-1-hub-westeurope" in notice.text for notice in told(result, "left out")
    )
    assert told(result, "not understood") == told(result, "missing") == []


@pytest.mark.skipif(not REAL, reason="VNET_TUI_REAL names no folder")
def test_the_real_configuration_is_refused_as_hcl() -> None:
    text = (Path(REAL or "") / "terraform" / "azurerm-example-gateway-basic.tf").read_text("utf-8-sig")
    assert "HCL" in (refusal(text) or "")
