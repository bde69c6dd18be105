"""References: what a plan does not know yet is found through its configuration."""

from __future__ import annotations

from tests.unit.exchange.terraform.estate_files import (
    CONFIGURED,
    PLANNED,
    P,
    configured,
    found,
    plan,
    refers,
    shown,
    told,
)
from tui.exchange.found import FoundSubnet, Identity


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
