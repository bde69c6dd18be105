"""Instances: the shapes in which Terraform prints its resources, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.exchange.terraform.estate_files import block, found, shown, state, vnet
from tui.exchange.source import ExchangeError


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


def test_an_empty_state_holds_nothing() -> None:
    assert found(state()).vnets == ()
    assert [notice.kind for notice in found({"format_version": "1.0"}).notices] == ["missing"]
