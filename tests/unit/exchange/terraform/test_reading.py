"""A Terraform file as a whole: what of it is read, and what is said of the rest."""

from __future__ import annotations

import json

from tests.unit.exchange.terraform.estate_files import (
    ESTATE,
    HUB,
    P,
    an_id,
    block,
    configured,
    found,
    gateway,
    own,
    plan,
    refers,
    shown,
    state,
    told,
    vnet,
)
from tui.exchange.found import FoundSubnet, Identity


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


def test_what_is_wrong_many_times_is_counted_rather_than_listed() -> None:
    resources = [shown("azurerm_virtual_network", "a", {}, index=number) for number in range(3000)]
    result = found(plan([*resources, shown("azurerm_public_ip", "ip", {})], {}))
    assert 100 < len(result.notices) < 1000
    assert any("1 × azurerm_public_ip" in notice.text for notice in result.notices)
