"""Sites of an import: local network gateways, alone and as devices of one site."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.exchange.azure_side import HERE, connection, gateway, identity, local, prefixes, vnet
from tui.exchange.assembling.assembly import Assembly, assembled
from tui.exchange.found import Found, FoundCircuit, FoundLocalGateway
from tui.exchange.rehearsing.rehearsal import merged
from tui.topology.model import Topology


def behind(*locals_: FoundLocalGateway, file: Topology | None = None, connected: bool = True) -> Assembly:
    found = Found(
        vnets=(vnet("hub", "10.0.0.0/16"),),
        gateways=(gateway("gw", "hub"),),
        local_gateways=locals_,
        connections=tuple(
            connection(f"c-{one.identity.name}", "gw", one.identity.name, "IPsec") for one in locals_ if connected
        ),
    )
    return assembled(found, file)


def two_devices() -> tuple[FoundLocalGateway, FoundLocalGateway]:
    return (
        local("dublin-fw1", "192.168.0.0/24", address="203.0.113.1", asn=64901, bgp_peer="192.168.0.1"),
        local("dublin-fw2", "192.168.0.0/24", address="fw2.example.com", asn=64902),
    )


def test_local_gateways_with_the_same_prefixes_behind_one_vnet_are_devices_of_one_site() -> None:
    assembly = behind(*two_devices())
    (site,) = assembly.topology.sites.values()
    assert list(assembly.topology.sites) == ["dublin"]
    assert {name: (one.address, one.asn, one.bgp_peer) for name, one in site.devices.items()} == {
        "dublin-fw1": ("203.0.113.1", 64901, "192.168.0.1"),
        "dublin-fw2": ("fw2.example.com", 64902, None),
    }
    ((key, link),) = assembly.topology.connections.items()
    assert key == "c-dublin-fw1"
    assert link.between == ("hub", "dublin")
    assert link.devices is None


def test_a_connection_lists_the_devices_where_it_does_not_lead_to_all() -> None:
    found = Found(
        vnets=(vnet("hub", "10.0.0.0/16"), vnet("dr", "10.1.0.0/16")),
        gateways=(gateway("gw", "hub"), gateway("gw-dr", "dr")),
        local_gateways=two_devices(),
        connections=(
            connection("c1", "gw", "dublin-fw1", "IPsec"),
            connection("c2", "gw", "dublin-fw2", "IPsec"),
            connection("c3", "gw-dr", "dublin-fw2", "IPsec"),
        ),
    )
    links = assembled(found).topology.connections
    assert {key: link.devices for key, link in links.items()} == {"c1": None, "c3": ("dublin-fw2",)}


def test_what_is_not_one_place_stays_apart() -> None:
    alike = {"address": "203.0.113.1"}
    apart = [
        behind(*two_devices(), connected=False),
        behind(local("a", "192.168.0.0/24", **alike), local("b", "192.168.0.0/24", **alike)),
        behind(local("a", address="203.0.113.1"), local("b", address="203.0.113.2")),
        behind(local("a", "192.168.0.0/24", address="203.0.113.1"), local("b", "192.168.1.0/24", address="2.2.2.2")),
    ]
    assert [len(one.topology.sites) for one in apart] == [2, 2, 2, 2]


def test_a_second_device_joins_the_site_that_the_file_has() -> None:
    first, second = two_devices()
    before = merged(None, behind(first)).after
    assert before.sites["dublin-fw1"].vpn_device == "203.0.113.1"
    assembly = behind(first, second, file=before)
    after = merged(before, assembly).after
    assert list(after.sites) == ["dublin-fw1"]
    assert after.sites["dublin-fw1"].vpn_device == "203.0.113.1"
    assert list(after.sites["dublin-fw1"].devices) == ["dublin-fw2"]
    assert after.connections["c-dublin-fw1"].devices is None
    assert merged(after, behind(first, second, file=after)).after is after


def test_sites_that_the_file_keeps_apart_stay_apart() -> None:
    before = merged(None, behind(*two_devices(), connected=False)).after
    after = merged(before, behind(*two_devices(), file=before)).after
    assert list(after.sites) == list(before.sites) == ["dublin-fw1", "dublin-fw2"]
    assert len(after.connections) == 2


def test_prefixes_that_contain_vnets_are_a_summary_and_equal_ones_are_not() -> None:
    assembly = behind(local("hq", "10.0.0.0/8", "10.0.0.0/16", "192.168.0.0/24", "0.0.0.0/0", address="203.0.113.1"))
    site = assembly.topology.sites["hq"]
    assert site.advertises == prefixes("10.0.0.0/8", "0.0.0.0/0")
    assert site.address_space == prefixes("10.0.0.0/16", "192.168.0.0/24")
    assert [notice.kind for notice in assembly.notices] == ["assumed"]
    assert "10.0.0.0/8" in assembly.notices[0].text


def test_a_vnet_and_a_local_gateway_of_one_name_get_different_keys() -> None:
    found = Found(vnets=(vnet("hub", "10.0.0.0/16"),), local_gateways=(local("hub", "192.168.0.0/24", group="rg-b"),))
    topology = assembled(found).topology
    assert list(topology.vnets) == ["hub-rg"]
    assert list(topology.sites) == ["hub-rg-b"]
    assert topology.vnets["hub-rg"].azure_name == "hub"


def test_a_circuit_becomes_a_site_behind_expressroute() -> None:
    found = Found(
        vnets=(vnet("hub", "10.0.0.0/16"),),
        gateways=(gateway("gw", "hub", sku="VpnGw1"), gateway("er", "hub", kind="expressroute", sku="ErGw1AZ")),
        circuits=(FoundCircuit(identity=identity("circuit", "rg-er"), region="westeurope", place=HERE),),
        connections=(replace(connection("c", "er", "", "ExpressRoute"), other=identity("CIRCUIT", "RG-ER")),),
    )
    assembly = assembled(found)
    link = assembly.topology.connections["c"]
    assert (link.kind, link.between) == ("expressroute", ("hub", "circuit"))
    assert assembly.topology.sites["circuit"].region == "westeurope"
    hub = assembly.topology.vnets["hub"].gateway
    assert hub is not None
    assert (hub.name, hub.sku) == ("gw", "VpnGw1")
    assert [notice.kind for notice in assembly.notices] == ["missing"]
    after = merged(None, assembly).after
    assert merged(after, assembled(found, after)).after is after


def test_an_expressroute_gateway_or_circuit_without_a_connection_is_left_out_and_said() -> None:
    found = Found(
        vnets=(vnet("hub", "10.0.0.0/16"),),
        gateways=(gateway("er", "hub", kind="expressroute"),),
        circuits=(FoundCircuit(identity=identity("circuit"), place=HERE),),
    )
    assembly = assembled(found)
    assert not assembly.topology.sites
    assert assembly.topology.vnets["hub"].gateway is None
    assert [notice.kind for notice in assembly.notices] == ["left out", "left out"]
