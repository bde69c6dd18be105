"""VNets, subnets and peerings in the shapes that Azure's tools print."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.exchange.resources.objects import GROUP, NETWORK, PLACE, REST_VNET, found, me, ps, rest, told
from tui.exchange.found import Found, FoundPeering, FoundSubnet, FoundVNet, Identity

HUB = FoundVNet(
    identity=me("hub"),
    region="westeurope",
    prefixes=ps("10.0.0.0/16", "fd00::/48"),
    subnets=(
        FoundSubnet(name="GatewaySubnet", prefixes=ps("10.0.0.0/27")),
        FoundSubnet(name="app", prefixes=ps("10.0.1.0/24", "fd00::/64")),
        FoundSubnet(name="empty"),
    ),
    dns_servers=("10.0.0.4",),
    tags={"owner": "me"},
    place=PLACE,
)
CLI_VNET = {
    "addressSpace": {"addressPrefixes": ["10.0.0.0/16", "fd00::/48"]},
    "dhcpOptions": {"dnsServers": ["10.0.0.4"]},
    "id": f"{NETWORK}/virtualNetworks/hub",
    "location": "West Europe",
    "name": "hub",
    "resourceGroup": "rg1",
    "subnets": [
        {"addressPrefix": "10.0.0.0/27", "addressPrefixes": None, "name": "GatewaySubnet", "resourceGroup": "rg1"},
        {"addressPrefix": None, "addressPrefixes": ["10.0.1.0/24", "fd00::/64"], "name": "app"},
        {"addressPrefix": None, "name": "empty"},
    ],
    "tags": {"owner": "me"},
    "type": "Microsoft.Network/virtualNetworks",
    "virtualNetworkPeerings": [],
}
POWERSHELL_VNET = {
    "AddressSpace": {"AddressPrefixes": ["10.0.0.0/16", "fd00::/48"]},
    "DhcpOptions": {"DnsServers": ["10.0.0.4"]},
    "Subnets": [
        {"Name": "GatewaySubnet", "AddressPrefix": ["10.0.0.0/27"], "Delegations": []},
        {"Name": "app", "AddressPrefix": ["10.0.1.0/24", "fd00::/64"]},
        {"Name": "empty", "AddressPrefix": None},
    ],
    "VirtualNetworkPeerings": [],
    "ResourceGroupName": "rg1",
    "Location": "westeurope",
    "Tag": {"owner": "me"},
    "Type": "Microsoft.Network/virtualNetworks",
    "Name": "hub",
    "Id": f"{NETWORK}/virtualNetworks/hub",
}
POWERSHELL_RESOURCE = {
    "ResourceId": f"{NETWORK}/virtualNetworks/hub",
    "ResourceType": "Microsoft.Network/virtualNetworks",
    "ResourceName": "hub",
    "Name": "hub",
    "Location": "westeurope",
    "Tags": {"owner": "me"},
    "Properties": REST_VNET["properties"],
}
GRAPH_VNET = {
    **REST_VNET,
    "id": f"{GROUP.upper()}/PROVIDERS/MICROSOFT.NETWORK/VIRTUALNETWORKS/HUB".replace("/S1/", "/s1/").replace(
        "/RG1/", "/rg1/"
    ),
    "type": "microsoft.network/virtualnetworks",
    "subscriptionId": "s1",
    "resourceGroup": "rg1",
    "tenantId": "t",
}
UPPER_VNET = {
    key.upper(): {k.upper(): v for k, v in value.items()} if key == "properties" and isinstance(value, dict) else value
    for key, value in REST_VNET.items()
}


@pytest.mark.parametrize(
    "shape",
    [REST_VNET, CLI_VNET, POWERSHELL_VNET, POWERSHELL_RESOURCE, GRAPH_VNET, UPPER_VNET],
    ids=["rest", "cli", "powershell", "powershell resource", "graph", "upper case"],
)
def test_a_vnet_is_the_same_in_every_shape(shape: dict[str, Any]) -> None:
    result = found(shape)
    assert replace(result, listings=()) == Found(vnets=(HUB,))


def test_what_a_resource_is_follows_from_its_id_or_shape_where_the_type_is_missing() -> None:
    without = {key: value for key, value in REST_VNET.items() if key != "type"}
    assert found(without).vnets == (HUB,)
    del without["id"]
    assert found(without).vnets[0].identity == Identity("", "", "hub")
    assert found({**without, "subscriptionId": "s1", "resourceGroup": "rg1"}).vnets == (HUB,)


def test_a_subnet_named_gatewaysubnet_is_no_gateway() -> None:
    assert found(REST_VNET).gateways == ()


@pytest.mark.parametrize("space", [{}, None, {"addressPrefixes": []}, {"addressPrefixes": None}])
def test_a_vnet_without_address_space_is_read_and_told(space: Any) -> None:
    result = found(rest("virtualNetworks", "v", addressSpace=space, subnets=[]))
    assert (result.vnets[0].prefixes, told(result)) == ((), [("missing", "[0]")])
    assert "v" in result.notices[0].text


def test_prefixes_of_an_ipam_pool_are_the_allocated_ones() -> None:
    allocation = {"ipamPoolPrefixAllocations": [{"pool": {"id": "p"}, "allocatedAddressPrefixes": ["10.9.0.0/24"]}]}
    subnet = {"name": "s", "properties": {"ipamPoolPrefixAllocations": [{"allocatedAddressPrefixes": ["10.9.0.0/26"]}]}}
    result = found(rest("virtualNetworks", "v", addressSpace=allocation, subnets=[subnet]))
    assert (result.vnets[0].prefixes, result.vnets[0].subnets[0].prefixes) == (ps("10.9.0.0/24"), ps("10.9.0.0/26"))
    assert result.notices == ()


def test_a_prefix_with_host_bits_is_read_and_told_with_its_path() -> None:
    subnet = {"name": "s", "properties": {"addressPrefix": "10.0.0.5/24"}}
    result = found(rest("virtualNetworks", "v", addressSpace={"addressPrefixes": ["10.0.0.0/8"]}, subnets=[subnet]))
    assert result.vnets[0].subnets[0].prefixes == ps("10.0.0.0/24")
    assert told(result) == [("assumed", "[0].subnets[0]")]


def test_identical_subnets_are_one_and_different_ones_are_told() -> None:
    one = {"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}
    again = {"name": "S", "properties": {"addressPrefixes": ["10.0.0.0/24"]}}
    other = {"name": "s", "properties": {"addressPrefix": "10.0.1.0/24"}}
    space = {"addressPrefixes": ["10.0.0.0/8"]}
    assert found(rest("virtualNetworks", "v", addressSpace=space, subnets=[one, again])).notices == ()
    result = found(rest("virtualNetworks", "v", addressSpace=space, subnets=[one, other]))
    assert result.vnets[0].subnets == (FoundSubnet(name="s", prefixes=ps("10.0.0.0/24")),)
    assert told(result) == [("differs", "[0].subnets[1]")]


@pytest.mark.parametrize("whole_id", [True, False])
def test_child_resources_go_into_their_vnet_in_every_form(whole_id: bool) -> None:
    space = {"addressPrefixes": ["10.0.0.0/16"]}
    inline = [{"name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}}]
    parent = rest("virtualNetworks", "v", addressSpace=space, subnets=inline)
    parent["resources"] = [{"type": "subnets", "name": "b", "properties": {"addressPrefix": "10.0.1.0/24"}}]
    top = {
        "type": "Microsoft.Network/virtualNetworks/subnets",
        "name": "v/c",
        "properties": {"addressPrefix": "10.0.2.0/24"},
    }
    repeated = {**top, "name": "V/A", "properties": {"addressPrefix": "10.0.0.0/24"}}
    if whole_id:
        top["id"] = f"{NETWORK}/virtualNetworks/v/subnets/c"
    result = found(top, parent, repeated)
    assert result.notices == ()
    assert [(one.name, one.prefixes) for one in result.vnets[0].subnets] == [
        ("a", ps("10.0.0.0/24")), ("c", ps("10.0.2.0/24")), ("b", ps("10.0.1.0/24"))
    ]  # fmt: skip


def test_a_subnet_whose_vnet_is_not_there_is_told() -> None:
    result = found(
        {
            "type": "Microsoft.Network/virtualNetworks/subnets",
            "name": "v/c",
            "properties": {"addressPrefix": "10.0.0.0/24"},
        }
    )
    assert (result.vnets, told(result)) == ((), [("missing", "[0]")])
    assert "v/c" in result.notices[0].text


def test_one_vnet_told_twice_is_one_and_a_difference_is_told() -> None:
    result = found(REST_VNET, CLI_VNET)
    assert replace(result, listings=()) == Found(vnets=(HUB,))
    result = found(REST_VNET, {**CLI_VNET, "location": "eastus"})
    assert (result.vnets, told(result)) == ((HUB,), [("differs", "[1]")])


def test_the_same_name_in_two_groups_is_two_vnets() -> None:
    other = {**REST_VNET, "id": str(REST_VNET["id"]).replace("rg1", "rg2")}
    assert [one.identity.resource_group for one in found(REST_VNET, other).vnets] == ["rg1", "rg2"]


@pytest.mark.parametrize(
    "cut",
    [
        {"AddressSpace": "Microsoft.Azure.Commands.Network.Models.PSAddressSpace"},
        {"AddressSpace": {"AddressPrefixes": "System.Object[]"}},
        {"Subnets": "Microsoft.Azure.Commands.Network.Models.PSSubnet Microsoft.Azure.Commands.Network.Models"},
        {"Subnets": ["Microsoft.Azure.Commands.Network.Models.PSSubnet"]},
        {"Subnets": [{"Name": "a", "AddressPrefix": "System.Collections.Generic.List`1[System.String]"}]},
        {"VirtualNetworkPeerings": ["@{Name=p; RemoteVirtualNetwork=}"]},
    ],
)
def test_what_powershell_cut_off_is_told_with_the_way_to_print_it(cut: dict[str, Any]) -> None:
    result = found({**POWERSHELL_VNET, **cut})
    assert len(result.vnets) == 1
    assert [notice.kind for notice in result.notices] == ["missing"]
    assert "-Depth" in result.notices[0].text


def test_a_list_that_powershell_joined_with_spaces_is_read() -> None:
    result = found({**POWERSHELL_VNET, "AddressSpace": {"AddressPrefixes": "10.0.0.0/16 fd00::/48"}})
    assert replace(result, listings=()) == Found(vnets=(HUB,))


def test_a_peering_is_read_inline_and_as_a_resource_of_its_own() -> None:
    properties = {"peeringState": "initiated", "remoteVirtualNetwork": {"id": f"{NETWORK}/virtualNetworks/app"},
                  "allowGatewayTransit": True, "useRemoteGateways": "false", "remoteAddressSpace": {}}  # fmt: skip
    wanted = FoundPeering(
        identity=me("p"), vnet=me("hub"), remote=me("app"), allows_gateway_transit=True, state="Initiated", place=PLACE
    )
    own = {"name": "p", "id": f"{NETWORK}/virtualNetworks/hub/virtualNetworkPeerings/p", "properties": properties}
    flat = {**properties, "name": "p", "id": own["id"], "resourceGroup": "rg1"}
    template = {
        "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        "name": "hub/p",
        "properties": properties,
    }
    assert found(own) == found(flat) == found(own, flat) == Found(peerings=(wanted,))
    assert found(template).peerings[0].vnet == Identity("", "", "hub")
    hub = rest(
        "virtualNetworks",
        "hub",
        addressSpace={"addressPrefixes": ["10.0.0.0/8"]},
        virtualNetworkPeerings=[{"name": "p", "properties": properties}],
    )
    (inline,) = found(hub).peerings
    assert (inline.identity, inline.vnet, inline.remote) == (wanted.identity, wanted.vnet, wanted.remote)
    assert inline.place.where == "[0].virtualNetworkPeerings[0]"


def test_what_can_be_read_of_a_list_of_prefixes_is_known_to_be_a_part_of_it() -> None:
    subnets = [{"name": "app", "properties": {"addressPrefixes": ["10.9.0.0/24", 12]}}]
    space = {"addressPrefixes": ["oops", "10.9.0.0/16"]}
    (hub,) = found(rest("virtualNetworks", "hub", addressSpace=space, subnets=subnets)).vnets
    assert (hub.prefixes, hub.is_partial) == (ps("10.9.0.0/16"), True)
    assert hub.subnets == (FoundSubnet(name="app", prefixes=ps("10.9.0.0/24"), is_partial=True),)


def test_an_empty_list_of_dns_servers_says_that_there_are_none() -> None:
    said: list[Any] = [{"dnsServers": []}, None, {}]
    vnets = [found(rest("virtualNetworks", "hub", subnets=[], dhcpOptions=options)).vnets[0] for options in said]
    assert [vnet.emptied for vnet in vnets] == [{"dns_servers"}, {"dns_servers"}, set()]


def test_a_peering_that_leads_nowhere_is_told() -> None:
    peering = {"name": "p", "properties": {"remoteVirtualNetwork": {}}}
    hub = rest(
        "virtualNetworks", "hub", addressSpace={"addressPrefixes": ["10.0.0.0/8"]}, virtualNetworkPeerings=[peering, 7]
    )
    result = found(hub)
    assert len(result.vnets) == 1
    assert told(result) == [
        ("not understood", "[0].virtualNetworkPeerings[0]"), ("not understood", "[0].virtualNetworkPeerings[1]")
    ]  # fmt: skip
