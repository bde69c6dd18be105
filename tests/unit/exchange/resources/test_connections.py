"""Connections, circuits, subscriptions, and the secrets that lie beside them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.exchange.resources.objects import NETWORK, PLACE, REST_VNET, SECRET, VPN, end, found, me, rest, told
from tui.exchange.found import Found, FoundCircuit, FoundConnection, FoundSubscription, Identity


def test_a_vnet_to_vnet_connection_is_read_without_its_key() -> None:
    result = found(
        rest("connections", "c", connectionType="vnet2vnet", virtualNetworkGateway1=end("virtualNetworkGateways", "g1"),
             virtualNetworkGateway2=end("virtualNetworkGateways", "G2", properties={}), enableBgp="True",
             routingWeight="10", sharedKey=SECRET, authorizationKey=SECRET, ipsecPolicies=[])
    )  # fmt: skip
    assert result.connections == (
        FoundConnection(
            identity=me("c"),
            kind="Vnet2Vnet",
            gateway=me("g1"),
            other=me("G2"),
            bgp=True,
            routing_weight=10,
            place=PLACE,
        ),
    )
    assert told(result) == [("secret", "[0]")]
    assert SECRET not in repr(result)


@pytest.mark.parametrize(
    ("kind", "field", "other", "wanted"),
    [
        ("IPSec", "localNetworkGateway2", "localNetworkGateways", "IPsec"),
        ("ExpressRoute", "peer", "expressRouteCircuits", "ExpressRoute"),
    ],
)
def test_connections_to_sites_and_circuits_are_read(kind: str, field: str, other: str, wanted: str) -> None:
    far = {field: end(other, "far")}
    result = found(
        rest("connections", "c", connectionType=kind, virtualNetworkGateway1=end("virtualNetworkGateways", "g1"), **far)
    )
    assert [(one.kind, one.gateway, one.other, one.bgp) for one in result.connections] == [
        (wanted, me("g1"), me("far"), False)
    ]
    assert result.notices == ()


def test_a_flattened_connection_without_type_is_known_by_its_shape() -> None:
    ends = {"virtualNetworkGateway1": {"Id": f"{NETWORK}/virtualNetworkGateways/g"},
            "localNetworkGateway2": {"id": f"{NETWORK}/localNetworkGateways/l"}}  # fmt: skip
    result = found({"name": "c", "connectionType": "IPsec", "enableBgp": None, **ends})
    assert [(one.identity, one.gateway, one.other) for one in result.connections] == [
        (Identity("", "", "c"), me("g"), me("l"))
    ]


def test_only_the_documented_fields_of_an_ipsec_policy_are_kept() -> None:
    policy = {
        "saLifeTimeSeconds": 3600,
        "ikeEncryption": "AES256",
        "dhGroup": "DHGroup14",
        "note": SECRET,
        "pfsGroup": {"a": 1},
    }
    result = found(
        rest("connections", "c", connectionType="IPsec", virtualNetworkGateway1=end("virtualNetworkGateways", "g1"),
             localNetworkGateway2=end("localNetworkGateways", "l"), ipsecPolicies=[policy])
    )  # fmt: skip
    assert result.connections[0].ipsec_policy == {
        "saLifeTimeSeconds": 3600,
        "ikeEncryption": "AES256",
        "dhGroup": "DHGroup14",
    }


def test_a_policy_holds_the_words_and_numbers_that_azure_documents_and_nothing_else() -> None:
    policy = {
        "saLifeTimeSeconds": "27000",
        "saDataSizeKilobytes": -1,
        "ipsecEncryption": "S3cretOfTheRouter",
        "ipsecIntegrity": "gcmaes256",
        "dhGroup": 3,
    }
    result = found(
        rest("connections", "c", connectionType="IPsec", virtualNetworkGateway1=end("virtualNetworkGateways", "g1"),
             localNetworkGateway2=end("localNetworkGateways", "l"), ipsecPolicies=[policy])
    )  # fmt: skip
    assert result.connections[0].ipsec_policy == {"saLifeTimeSeconds": 27000, "ipsecIntegrity": "GCMAES256"}
    texts = [notice.text.partition(" ")[0] for notice in result.notices if notice.kind == "not understood"]
    assert texts == ["saDataSizeKilobytes", "ipsecEncryption", "dhGroup"]
    assert "S3cret" not in repr(result)


@pytest.mark.parametrize(
    "broken",
    [{"connectionType": "IPsec"}, {"connectionType": "Vnet2Vnet", "virtualNetworkGateway2": {}},
     {"connectionType": "Pigeon"}, {"connectionType": None},
     {"connectionType": "IPsec", "localNetworkGateway2": {"properties": {}}}],
)  # fmt: skip
def test_a_connection_without_an_end_is_told(broken: dict[str, Any]) -> None:
    result = found(rest("connections", "c", virtualNetworkGateway1=end("virtualNetworkGateways", "g1"), **broken))
    assert result.connections == ()
    assert ("not understood", "[0]") in told(result)


def test_connections_of_vpn_clients_are_counted() -> None:
    clients = [
        rest(
            "connections",
            f"c{n}",
            connectionType="VPNClient",
            virtualNetworkGateway1=end("virtualNetworkGateways", "g"),
        )
        for n in (1, 2)
    ]
    (notice,) = found(*clients).notices
    assert (notice.kind, "(2)" in notice.text) == ("left out", True)


def test_a_circuit_is_read() -> None:
    circuit = rest("expressRouteCircuits", "er", serviceProviderProperties={"bandwidthInMbps": 50}, serviceKey=SECRET)
    result = found({**circuit, "location": "Central US", "sku": {"name": "Standard_MeteredData"}})
    assert result == Found(circuits=(FoundCircuit(identity=me("er"), region="centralus", place=PLACE),))


@pytest.mark.parametrize(
    ("account", "cloud"),
    [
        (
            {
                "cloudName": "AzureCloud",
                "id": "S-1",
                "isDefault": True,
                "name": "Prod",
                "tenantId": "t",
                "user": {"name": "me"},
            },
            "public",
        ),
        (
            {
                "id": "/subscriptions/S-1",
                "subscriptionId": "S-1",
                "displayName": "Prod",
                "state": "Enabled",
                "subscriptionPolicies": {},
            },
            None,
        ),
        (
            {
                "Id": "S-1",
                "Name": "Prod",
                "TenantId": "t",
                "SubscriptionId": "S-1",
                "ExtendedProperties": {"Environment": "AzureUSGovernment"},
            },
            "usgov",
        ),
        (
            {
                "id": "/subscriptions/S-1",
                "name": "Prod",
                "type": "microsoft.resources/subscriptions",
                "subscriptionId": "S-1",
            },
            None,
        ),
    ],
)
def test_accounts_of_every_tool_are_subscriptions(account: dict[str, Any], cloud: Any) -> None:
    assert found(account) == Found(subscriptions=(FoundSubscription(id="S-1", name="Prod", cloud=cloud, place=PLACE),))


def test_planted_secrets_are_nowhere() -> None:
    tags = {"adminPassword": SECRET, "note": f"Password={SECRET}", "owner": "me"}
    vnet = {**REST_VNET, "tags": tags, "secret": SECRET, "sharedKey": SECRET}
    site = {
        **rest(
            "localNetworkGateways", "l", gatewayIpAddress=SECRET, localNetworkAddressSpace={"addressPrefixes": [SECRET]}
        ),
        "tags": tags,
    }
    link = rest("connections", "c", connectionType=SECRET, sharedKey=SECRET, routingWeight=SECRET, enableBgp=SECRET)
    gateway = rest(
        "virtualNetworkGateways",
        "g",
        **{**VPN, "vpnType": SECRET, "bgpSettings": {"asn": SECRET, "bgpPeeringAddress": SECRET}},
    )
    result = found(vnet, site, link, gateway)
    assert result.vnets[0].tags == {"owner": "me"}
    assert len([notice for notice in result.notices if notice.kind == "secret"]) >= 4
    assert SECRET not in repr(result)
