"""Gateways and local network gateways in the shapes that Azure's tools print."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.exchange.resources.objects import (
    NETWORK,
    PLACE,
    SECRET,
    VPN,
    found,
    ip_configuration,
    me,
    ps,
    rest,
    told,
)
from tui.exchange.found import Found, FoundGateway, FoundLocalGateway


def gateway_of(result: Found) -> FoundGateway:
    assert len(result.gateways) == 1
    return result.gateways[0]


GATEWAY = FoundGateway(
    identity=me("gw"),
    vnet=me("hub"),
    sku="VpnGw2AZ",
    generation=2,
    asn=65010,
    active_active=True,
    p2s_pools=ps("172.16.0.0/24"),
    place=PLACE,
)


def test_a_gateway_is_read_without_its_certificates() -> None:
    result = found(rest("virtualNetworkGateways", "gw", **VPN))
    assert result == Found(gateways=(GATEWAY,))
    assert SECRET not in repr(result)


def test_a_flattened_gateway_is_the_same() -> None:
    flat = {**VPN, "name": "gw", "id": f"{NETWORK}/virtualNetworkGateways/gw", "resourceGroup": "rg1"}
    flat["ipConfigurations"] = [{"name": "c", "subnet": ip_configuration("hub")["properties"]["subnet"]}]
    assert found(flat) == Found(gateways=(GATEWAY,))
    flat["active"] = flat.pop("activeActive")
    assert found(flat) == Found(gateways=(GATEWAY,))


def test_powershells_gateway_is_the_same() -> None:
    powershell = {
        "Name": "gw", "Id": f"{NETWORK}/virtualNetworkGateways/gw", "ResourceGroupName": "rg1", "Type": None,
        "IpConfigurations": [{"Name": "c", "Subnet": {"Id": f"{NETWORK}/virtualNetworks/hub/subnets/GatewaySubnet"}}],
        "GatewayType": "Vpn", "VpnType": "RouteBased", "EnableBgp": False, "ActiveActive": True,
        "Sku": {"Capacity": 2, "Name": "VpnGw2AZ", "Tier": "VpnGw2AZ"}, "VpnGatewayGeneration": "Generation2",
        "VpnClientConfiguration": {"VpnClientAddressPool": {"AddressPrefixes": ["172.16.0.0/24"]}},
        "BgpSettings": {"Asn": 65010},
    }  # fmt: skip
    assert found(powershell) == Found(gateways=(GATEWAY,))
    numbered = found({**powershell, "GatewayType": 0, "VpnType": 1, "VpnGatewayGeneration": 2})
    assert numbered.gateways == (GATEWAY,)
    assert [notice.kind for notice in numbered.notices] == ["assumed"] * 3


def test_a_gateway_that_is_being_made_has_what_is_known() -> None:
    result = found(
        rest("virtualNetworkGateways", "gw", provisioningState="Updating", gatewayType="Vpn", vpnType="PolicyBased",
             bgpSettings={"asn": 0}, ipConfigurations=[{"name": "c", "properties": {}}], vpnGatewayGeneration="None")
    )  # fmt: skip
    assert result == Found(gateways=(FoundGateway(identity=me("gw"), vpn_type="PolicyBased", place=PLACE),))


@pytest.mark.parametrize("settings", [None, {}, {"asn": None}, {"asn": "65010"}, {"asn": 65010.0}])
def test_bgp_settings_may_be_missing_or_text(settings: Any) -> None:
    result = found(rest("virtualNetworkGateways", "gw", gatewayType="Vpn", bgpSettings=settings))
    assert gateway_of(result).asn in (None, 65010)
    assert result.notices == ()


def test_an_asn_that_is_none_is_told() -> None:
    assert told(found(rest("virtualNetworkGateways", "gw", gatewayType="Vpn", bgpSettings={"asn": "x"}))) == [
        ("not understood", "[0]")
    ]


def test_an_expressroute_gateway_is_one() -> None:
    gateway = gateway_of(
        found(rest("virtualNetworkGateways", "er", gatewayType="expressroute", sku={"name": "ErGw1AZ"}))
    )
    assert (gateway.kind, gateway.sku) == ("expressroute", "ErGw1AZ")


def test_other_gateways_and_nat_rules_are_counted() -> None:
    rules = [{"name": "n", "properties": {"internalMappings": [{"addressSpace": "10.0.0.0/24"}]}}] * 2
    edge = rest("virtualNetworkGateways", "edge", gatewayType="LocalGateway")
    result = found(edge, rest("virtualNetworkGateways", "gw", gatewayType="Vpn", natRules=rules))
    assert gateway_of(result).identity.name == "gw"
    (notice,) = result.notices
    assert (notice.kind, "3" in notice.text, "natRules" in notice.text) == ("left out", True, True)


@pytest.mark.parametrize(
    ("more", "emptied"),
    [
        ({}, set()),
        ({"vpnClientConfiguration": None}, {"p2s_pools"}),
        ({"vpnClientConfiguration": {"vpnClientAddressPool": {"addressPrefixes": []}}}, {"p2s_pools"}),
        ({"vpnClientConfiguration": {"vpnClientAddressPool": {"addressPrefixes": ["oops"]}}}, set()),
        ({"bgpSettings": None, "vpnGatewayGeneration": "None"}, {"asn", "generation"}),
        ({"provisioningState": "Succeeded"}, {"p2s_pools", "asn", "generation"}),
        ({"provisioningState": "Updating", "vpnClientConfiguration": None}, set()),
    ],
)
def test_a_gateway_that_is_printed_in_full_says_what_it_does_not_have(more: dict[str, Any], emptied: set[str]) -> None:
    gateway = gateway_of(
        found(
            rest("virtualNetworkGateways", "gw", gatewayType="Vpn", ipConfigurations=[ip_configuration("hub")], **more)
        )
    )
    assert gateway.emptied == emptied


def test_pools_of_clients_that_are_read_in_part_are_known_to_be_partial() -> None:
    pool = {"vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24", "oops"]}}
    gateway = gateway_of(found(rest("virtualNetworkGateways", "gw", gatewayType="Vpn", vpnClientConfiguration=pool)))
    assert (gateway.p2s_pools, gateway.is_partial) == (ps("172.16.0.0/24"), True)


def test_a_gateway_without_a_name_is_told() -> None:
    result = found({"location": "westus", "properties": {"gatewayType": "Vpn"}})
    assert (result.gateways, told(result)) == ((), [("not understood", "[0]")])


def test_a_local_gateway_is_read() -> None:
    result = found(
        rest("localNetworkGateways", "lgw",
             localNetworkAddressSpace={"addressPrefixes": ["192.168.0.00/24", "10.9.9.9/32"]},
             gatewayIpAddress="203.0.113.5", bgpSettings={"asn": 65050, "bgpPeeringAddress": "10.9.9.9,10.9.9.8"})
    )  # fmt: skip
    assert result.local_gateways == (
        FoundLocalGateway(
            identity=me("lgw"), prefixes=ps("192.168.0.0/24", "10.9.9.9/32"), address="203.0.113.5", asn=65050,
            bgp_peer="10.9.9.9", place=PLACE,
        ),
    )  # fmt: skip
    assert [notice.kind for notice in result.notices] == ["assumed", "assumed"]


@pytest.mark.parametrize("space", [None, {}, {"addressPrefixes": []}, {"addressPrefixes": None}])
def test_a_local_gateway_may_have_a_host_name_and_no_prefixes(space: Any) -> None:
    result = found(
        rest("localNetworkGateways", "lgw", localNetworkAddressSpace=space, fqdn="vpn.example.com", bgpSettings=None)
    )
    assert result == Found(
        local_gateways=(
            FoundLocalGateway(
                identity=me("lgw"), address="vpn.example.com", emptied=frozenset({"asn", "bgp_peer"}), place=PLACE
            ),
        )
    )


def test_a_placeholder_is_no_address() -> None:
    result = found(rest("localNetworkGateways", "lgw", gatewayIpAddress="x.x.x.x"))
    assert (result.local_gateways[0].address, told(result)) == (None, [("not understood", "[0]")])
