"""Sites of an import: local network gateways, alone and as devices of one site."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
    apart = [
        behind(local("a", address="203.0.113.1"), local("b", address="203.0.113.2")),
        behind(local("a", "192.168.0.0/24", address="203.0.113.1"), local("b", "192.168.1.0/24", address="2.2.2.2")),
        # Two branches that get everything through the hub have the same summary, and nothing else in common.
        behind(local("a", "10.0.0.0/8", address="203.0.113.1"), local("b", "10.0.0.0/8", address="203.0.113.2"),
               connected=False),
    ]  # fmt: skip
    assert [len(one.topology.sites) for one in apart] == [2, 2, 2]
    assert not any("two places" in notice.text for one in apart for notice in one.notices)


def test_what_only_its_prefixes_make_one_place_is_one_site_and_that_is_said_of_both() -> None:
    assembly = behind(*two_devices(), connected=False)
    assert list(assembly.topology.sites) == ["dublin"]
    (notice,) = assembly.notices
    assert notice.kind == "assumed"
    assert "dublin-fw1" in notice.text
    assert "dublin-fw2" in notice.text
    after = merged(None, assembly).after
    again = behind(*two_devices(), connected=False, file=after)
    assert (again.notices, merged(after, again).after) == ((), after)


def in_two_groups(*addresses: str) -> Found:
    """A hub in each of two resource groups, each with a connection to a local gateway "dc" of its own."""
    groups = dict(zip(("rg-a", "rg-b"), addresses, strict=True))
    return Found(
        vnets=tuple(vnet(group[3:], f"10.{number}.0.0/16", group=group) for number, group in enumerate(groups, 1)),
        gateways=tuple(gateway(f"gw-{group}", group[3:], group) for group in groups),
        local_gateways=tuple(local("dc", "192.168.0.0/24", group=group, address=at) for group, at in groups.items()),
        connections=tuple(
            replace(
                connection(f"c-{group}", "", "", "IPsec"),
                gateway=identity(f"gw-{group}", group),
                other=identity("dc", group),
            )
            for group in groups
        ),
    )


def of_group(found: Found, group: str) -> Found:
    """What a list of one resource group tells, with all VNets and gateways."""
    return replace(
        found,
        local_gateways=tuple(one for one in found.local_gateways if one.identity.resource_group == group),
        connections=tuple(one for one in found.connections if one.other.resource_group == group),
    )


def test_one_device_with_a_local_gateway_in_each_resource_group_is_one_site_with_one_device() -> None:
    found = in_two_groups("203.0.113.1", "203.0.113.1")
    assembly = assembled(found)
    ((key, site),) = assembly.topology.sites.items()
    assert (key, site.vpn_device, dict(site.devices)) == ("dc", "203.0.113.1", {})
    assert [one.partition("resourceGroups/")[2].partition("/")[0] for one in site.local_gateways] == ["rg-a", "rg-b"]
    links = assembly.topology.connections
    assert {name: (link.between, link.devices) for name, link in links.items()} == {
        "c-rg-a": (("a", "dc"), None),
        "c-rg-b": (("b", "dc"), None),
    }
    assert not assembly.notices
    after = merged(None, assembly).after
    for sources in (found, of_group(found, "rg-a"), of_group(found, "rg-b")):
        again = assembled(sources, after)
        assert merged(after, again).after is after
        assert not again.conflicts


def test_local_gateways_of_one_name_in_two_groups_are_devices_with_names_of_their_own() -> None:
    found = in_two_groups("203.0.113.1", "203.0.113.2")
    after = merged(None, assembled(found)).after
    (site,) = after.sites.values()
    assert {name: device.address for name, device in site.devices.items()} == {
        "dc-rg-a": "203.0.113.1",
        "dc-rg-b": "203.0.113.2",
    }
    assert {name: link.devices for name, link in after.connections.items()} == {
        "c-rg-a": ("dc-rg-a",),
        "c-rg-b": ("dc-rg-b",),
    }
    for sources in (found, of_group(found, "rg-a"), of_group(found, "rg-b")):
        assert merged(after, assembled(sources, after)).after is after


@pytest.mark.parametrize("second", ["203.0.113.1", "203.0.113.2"])
def test_the_groups_may_be_imported_one_after_the_other(second: str) -> None:
    found = in_two_groups("203.0.113.1", second)
    file = merged(None, assembled(of_group(found, "rg-a"))).after
    assembly = assembled(of_group(found, "rg-b"), file)
    after = merged(file, assembly).after
    assert list(after.sites) == ["dc"]
    assert (after.sites["dc"].resource_group, after.sites["dc"].vpn_device) == ("rg-a", "203.0.113.1")
    assert bool(after.sites["dc"].devices) is (second == "203.0.113.2")
    # The same device is certain; another one is a guess that names both.
    assert ["sites.dc" in one.text for one in assembly.notices] == [True] * (second == "203.0.113.2")
    # To which of the two devices the first connection leads is told where both are.
    after = merged(after, assembled(found, after)).after
    for sources in (found, of_group(found, "rg-a"), of_group(found, "rg-b")):
        assert merged(after, assembled(sources, after)).after is after


def test_a_prefix_becomes_a_summary_once_a_vnet_lies_within_it_whatever_was_imported_first() -> None:
    hq = local("hq", "10.0.0.0/8", "192.168.0.0/24", address="203.0.113.1")
    file = merged(None, assembled(Found(local_gateways=(hq,)))).after
    assert file.sites["hq"].address_space == prefixes("10.0.0.0/8", "192.168.0.0/24")
    found = Found(vnets=(vnet("hub", "10.0.0.0/16"),), local_gateways=(hq,))
    assembly = assembled(found, file)
    after = merged(file, assembly).after
    assert after.sites["hq"].address_space == prefixes("192.168.0.0/24")
    assert after.sites["hq"].advertises == prefixes("10.0.0.0/8")
    assert "from address_space to advertises" in assembly.notices[0].text
    assert merged(after, assembled(found, after)).after is after


@pytest.mark.parametrize("asn", [None, 64900])
def test_a_summary_that_azure_no_longer_has_goes_unless_bgp_may_tell_it(asn: int | None) -> None:
    before = merged(None, behind(local("hq", "10.0.0.0/8", "192.168.0.0/24", address="203.0.113.1", asn=asn))).after
    later = local("hq", "192.168.0.0/24", address="203.0.113.1", asn=asn)
    assembly = behind(later, file=before)
    after = merged(before, assembly).after
    assert after.sites["hq"].advertises == (() if asn is None else prefixes("10.0.0.0/8"))
    assert ["10.0.0.0/8" in notice.text for notice in assembly.notices] == [True]
    assert merged(after, behind(later, file=after)).after is after


def test_a_list_of_some_devices_takes_no_prefix_of_the_site_back() -> None:
    before = merged(None, behind(*two_devices())).after
    changed = replace(two_devices()[0], prefixes=prefixes("192.168.9.0/24"))
    after = merged(before, behind(changed, file=before)).after
    assert after.sites["dublin"].address_space == prefixes("192.168.0.0/24", "192.168.9.0/24")


def test_of_a_local_gateway_that_is_read_in_part_the_file_keeps_its_prefixes() -> None:
    whole = local("hq", "192.168.0.0/24", "192.168.1.0/24", address="203.0.113.1")
    before = merged(None, behind(whole)).after
    part = replace(whole, prefixes=prefixes("192.168.1.0/24", "192.168.2.0/24"), is_partial=True)
    assembly = behind(part, file=before)
    after = merged(before, assembly).after
    assert after.sites["hq"].address_space == prefixes("192.168.0.0/24", "192.168.1.0/24", "192.168.2.0/24")
    assert [notice.kind for notice in assembly.notices] == ["missing"]


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
    both = two_devices()
    apart = replace(both[1], prefixes=prefixes("192.168.9.0/24"))
    before = merged(None, behind(both[0], apart, connected=False)).after
    after = merged(before, behind(*both, file=before)).after
    assert list(after.sites) == list(before.sites) == ["dublin-fw1", "dublin-fw2"]
    assert len(after.connections) == 2


def test_prefixes_that_contain_vnets_are_a_summary_and_equal_ones_are_not() -> None:
    assembly = behind(local("hq", "10.0.0.0/8", "10.0.0.0/16", "192.168.0.0/24", "0.0.0.0/0", address="203.0.113.1"))
    site = assembly.topology.sites["hq"]
    assert site.advertises == prefixes("10.0.0.0/8", "0.0.0.0/0")
    assert site.address_space == prefixes("10.0.0.0/16", "192.168.0.0/24")
    assert [notice.kind for notice in assembly.notices] == ["assumed"]
    assert "10.0.0.0/8" in assembly.notices[0].text


def test_of_a_vnet_and_a_local_gateway_of_one_name_the_vnet_goes_by_it_and_the_site_says_what_it_is() -> None:
    found = Found(vnets=(vnet("hub", "10.0.0.0/16"),), local_gateways=(local("hub", "192.168.0.0/24"),))
    topology = assembled(found).topology
    assert list(topology.vnets) == ["hub"]
    assert list(topology.sites) == ["hub-site"]
    assert topology.sites["hub-site"].azure_name == "hub"
    assert assembled(found, topology).topology == topology


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
