"""Translating: Terraform's attributes as Azure's fields."""

from __future__ import annotations

from tests.unit.exchange.terraform.estate_files import (
    HUB,
    SUB,
    P,
    an_id,
    block,
    found,
    own,
    plan,
    shown,
    state,
    told,
    vnet,
)
from tui.exchange.found import Identity


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


def test_attributes_that_are_missing_are_no_reason_to_stop() -> None:
    bare = {"id": an_id("virtualNetworks", "a"), "name": "a"}
    result = found(
        state(block("azurerm_virtual_network", "a", bare), block("azurerm_virtual_network_gateway", "g", {"id": "x"}))
    )
    assert [(one.identity, one.prefixes) for one in result.vnets] == [(own("a"), ())]
    assert result.gateways == ()
    assert {notice.kind for notice in result.notices} == {"missing"}
