"""Which answers of Azure's tools are complete, so that what is not in them is not in Azure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.exchange.azure_printed import SHAPES, Shape, printed, resources
from tests.unit.exchange.azure_side import ONE, gateway, vnet
from tui.exchange.azure_json import read
from tui.exchange.decoding import decoded
from tui.exchange.found import Found
from tui.exchange.gathering import gathered

TWO_VNETS = resources(Found(vnets=(vnet("hub", "10.0.0.0/16"), vnet("app", "10.1.0.0/16", group="rg-app"))))
ONE_VNET = TWO_VNETS[:1]


def whole(document: Any) -> set[tuple[str, str, str]]:
    """Kind, resource group and VNet of everything that a document tells completely."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    found = read(decoded("source.json", data))
    assert {one.within.subscription for one in found.listings} <= {ONE}
    return {(one.kind, one.within.resource_group, one.within.name) for one in found.listings}


def groups(document: Any) -> set[tuple[str, str]]:
    return {(kind, group) for kind, group, name in whole(document) if not name}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_is_whole_for_the_resource_groups_that_occur_in_it(shape: Shape) -> None:
    assert groups(printed(TWO_VNETS, shape)) == {("vnets", "rg"), ("vnets", "rg-app")}
    both = resources(Found(vnets=(vnet("hub", "10.0.0.0/16"),), gateways=(gateway("gw", "hub", "rg-gw"),)))
    assert groups(printed(both, shape)) == {("vnets", "rg"), ("gateways", "rg-gw")}


@pytest.mark.parametrize(
    "document",
    [
        ONE_VNET[0],
        {"value": ONE_VNET, "nextLink": "https://management.azure.com/?page=2"},
        {"data": ONE_VNET, "skip_token": "x"},
        {"data": ONE_VNET, "resultTruncated": "true"},
        {"count": 1, "data": ONE_VNET, "skip_token": None, "total_records": 2},
        [*ONE_VNET, {"id": 5, "what": "is this"}],
        [*ONE_VNET, {**ONE_VNET[0], "id": None, "name": None}],
        [*ONE_VNET, "Microsoft.Network/virtualNetworks"],
        {"vnets": ONE_VNET},
        {"value": ONE_VNET, "error": {"code": "AuthorizationFailed"}},
    ],
    ids=["show", "nextLink", "token", "truncated", "total", "stranger", "nameless", "text", "own object", "error"],
)
def test_what_is_no_list_or_not_all_of_one_is_whole_for_nothing(document: Any) -> None:
    assert groups(document) == set()


def test_an_empty_list_says_nothing_about_any_resource_group() -> None:
    assert whole([]) == set()
    assert whole({"value": []}) == set()


def test_a_vnet_that_was_printed_with_its_lists_is_whole_within_also_where_they_are_empty() -> None:
    for document in (ONE_VNET[0], ONE_VNET, {"value": ONE_VNET, "nextLink": "https://management.azure.com/"}):
        assert {("subnets", "rg", "hub"), ("peerings", "rg", "hub")} <= whole(document)


@pytest.mark.parametrize(
    "value", [None, "…", [5], [{"id": "x"}], {}], ids=["null", "text", "number", "nameless", "object"]
)
def test_lists_within_a_vnet_that_are_not_there_or_not_understood_are_not_whole(value: Any) -> None:
    for key in ("subnets", "virtualNetworkPeerings"):
        properties = {**ONE_VNET[0]["properties"], key: value}
        lacking = {**ONE_VNET[0], "properties": {name: one for name, one in properties.items() if one is not None}}
        kind = "subnets" if key == "subnets" else "peerings"
        assert (kind, "rg", "hub") not in whole(lacking)


def test_the_list_of_the_peerings_of_one_vnet_is_whole_for_that_vnet() -> None:
    side = {
        "id": f"{ONE_VNET[0]['id']}/virtualNetworkPeerings/p",
        "name": "p",
        "remoteVirtualNetwork": {"id": TWO_VNETS[1]["id"]},
        "peeringState": "Connected",
    }
    assert whole([side]) == {("peerings", "rg", "hub")}
    assert whole(side) == set()


STATE = {
    "version": 4,
    "terraform_version": "1.7.0",
    "resources": [
        {
            "mode": "managed",
            "type": "azurerm_virtual_network",
            "name": "hub",
            "instances": [
                {
                    "attributes": {
                        "id": ONE_VNET[0]["id"],
                        "name": "hub",
                        "address_space": ["10.0.0.0/16"],
                        "subnet": [],
                    }
                }
            ],
        }
    ],
}
TABLE = "vnet,subscription,resource group,prefix\nhub,11111111-0000-4000-8000-000000000001,rg,10.0.0.0/16\n"
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [{**ONE_VNET[0], "apiVersion": "2023-04-01"}],
}


@pytest.mark.parametrize("data", [json.dumps(STATE), TABLE, json.dumps(TEMPLATE)], ids=["terraform", "csv", "template"])
def test_no_other_format_is_whole_for_anything_that_is_there(data: str) -> None:
    told = gathered([("source", data.encode(), True)])
    assert [one.identity.name for one in told.found.vnets] == ["hub"]
    assert [one for one in told.found.listings if one.source not in told.found.planned] == []
