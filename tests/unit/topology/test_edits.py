"""Edits as a person makes them: what each one changes, what it leaves alone, and when it is refused.

Invariant: every edit is tried on the same small plan, and the plan is the same afterwards.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import EditError
from tui.topology.edits import (
    Edit,
    add,
    add_gateway,
    add_gateway_subnet,
    change,
    combined,
    connect,
    delete,
    free_gateway_subnet,
    gateway_subnet_places,
    move_to_subscription,
    peer,
    rename,
)
from tui.topology.model import Device, Gateway, Pool, Site, SkuLimits, Subnet, Subscription, Topology, VNet, Waiver
from tui.topology.parts import Path
from tui.topology.prefix import Prefix
from tui.topology.table import Table

PLAN = """
    name = "Contoso"
    planning.pools.lab = ["172.20.0.0/14"]
    planning.avoid."10.244.0.0/16" = "AKS pods"
    checks.ADR006 = "info"
    subscriptions = { prod = {}, dev = { tags = { owner = "me" } } }
    extra = "kept"
    [vnets]
    hub = { subscription = "prod", address_space = ["10.0.0.0/16"], extra = 1, subnets = { app = "10.0.1.0/24" } }
    app = { subscription = "prod", address_space = ["10.1.0.0/24"], gateway = { sku = "VpnGw1", extra = 2 } }
    other = { subscription = "dev" }
    [sites.dublin]
    devices = { fw1 = "203.0.113.1" }
    [connections.hub-to-dublin]
    between = ["hub", "dublin"]
    bandwidth_mbps = 200
    [peerings.hub-to-app]
    between = ["hub", "app"]
"""


@pytest.fixture
def plan() -> Topology:
    return topology(PLAN)


def ps(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(Prefix.parse, texts))


def refused(edit: Edit, plan: Topology) -> EditError:
    with pytest.raises(EditError) as caught:
        edit.apply(plan)
    assert plan == topology(PLAN)
    return caught.value


# Adding


def test_a_new_vnet_stands_at_the_end(plan: Topology) -> None:
    edit = add(("vnets", "new"), VNet(region="westeurope"))
    edited = edit.apply(plan)
    assert edit.title == "Add VNet new"
    assert list(edited.vnets) == ["hub", "app", "other", "new"]
    assert edited.vnets["new"].region == "westeurope"
    assert plan == topology(PLAN)


@pytest.mark.parametrize(
    ("path", "part", "title"),
    [
        (("subscriptions", "new"), Subscription(), "Add subscription new"),
        (("sites", "new"), Site(), "Add site new"),
        (("sites", "dublin", "devices", "fw2"), Device(address="203.0.113.2"), "Add device fw2 of dublin"),
        (("vnets", "hub", "subnets", "web"), Subnet(prefixes=ps("10.0.2.0/24")), "Add subnet web of hub"),
        (("vnets", "hub", "gateway"), Gateway(sku="VpnGw1"), "Add the gateway of hub"),
        (("vnets", "gateway"), VNet(), "Add VNet gateway"),
        (("vnets", "hub", "subnets", "gateway"), Subnet(), "Add subnet gateway of hub"),
        (("planning", "pools", "weu"), Pool(prefixes=ps("10.0.0.0/8")), "Add pool weu"),
        (("planning", "pools", "gateway"), Pool(), "Add pool gateway"),
        (("limits", "skus", "VpnGw1"), SkuLimits(tunnels=5), "Add skus VpnGw1"),
        (("waivers", "w"), Waiver(code="ADR001"), "Add waiver w"),
    ],
)
def test_everything_can_be_added_and_deleted_again(plan: Topology, path: Path, part: Any, title: str) -> None:
    edit = add(path, part)
    assert edit.title == title
    assert delete(path).apply(edit.apply(plan)) == plan
    assert delete(path).title == title.replace("Add", "Delete")


def test_a_name_that_is_taken_is_refused(plan: Topology) -> None:
    error = refused(add(("vnets", "hub"), VNet()), plan)
    assert (error.message, error.hint) == ("vnets.hub exists already", "choose another name")


def test_vnets_and_sites_share_one_name_space(plan: Topology) -> None:
    assert refused(add(("sites", "hub"), Site()), plan).message == "vnets.hub has this name already"
    assert refused(add(("vnets", "dublin"), VNet()), plan).message == "sites.dublin has this name already"
    assert refused(rename(("vnets", "app"), "dublin"), plan).message == "sites.dublin has this name already"
    assert refused(rename(("sites", "dublin"), "app"), plan).message == "vnets.app has this name already"


def test_a_second_gateway_is_refused(plan: Topology) -> None:
    error = refused(add(("vnets", "app", "gateway"), Gateway()), plan)
    assert error.message == "vnets.app.gateway exists: a VNet has one VPN gateway"


@pytest.mark.parametrize(
    ("path", "part", "message"),
    [
        (("vnets", "new"), Site(), "vnets.new cannot hold a Site"),
        (("vnets", "hub", "gateway"), Subnet(), "gateway cannot be set so"),
        (("vnets", "none", "subnets", "a"), Subnet(), "there is no vnets.none"),
        (("vnets", "none", "gateway"), Gateway(), "there is no vnets.none"),
        (("vnets", "a.b", "gateway"), Gateway(), 'there is no vnets."a.b"'),
        (("checks", "ADR001"), Subnet(), "nothing can stand at checks.ADR001"),
        (("name", "x"), VNet(), "name is no table of things"),
        (("nothing", "x"), VNet(), "there is no nothing"),
    ],
)
def test_nothing_can_be_added_where_it_does_not_belong(plan: Topology, path: Path, part: Any, message: str) -> None:
    assert refused(add(path, part), plan).message.startswith(message)


# Changing


def test_a_field_is_set_and_the_rest_stays(plan: Topology) -> None:
    edit = change(("vnets", "hub"), region="westeurope", address_space=["10.2.0.0/16"])
    edited = edit.apply(plan)
    hub = edited.vnets["hub"]
    assert edit.title == "Change region, address_space of VNet hub"
    assert (hub.region, hub.address_space, hub.subscription) == ("westeurope", ps("10.2.0.0/16"), "prod")
    assert hub.unknown == Table({"extra": 1})
    assert hub.subnets is plan.vnets["hub"].subnets
    assert edited.vnets["app"] is plan.vnets["app"]
    assert edited.sites is plan.sites
    assert list(edited.vnets) == list(plan.vnets)


def test_none_takes_a_field_away(plan: Topology) -> None:
    edited = change(("connections", "hub-to-dublin"), bandwidth_mbps=None).apply(plan)
    assert edited.connections["hub-to-dublin"].bandwidth_mbps is None
    assert "bandwidth_mbps" not in edited.connections["hub-to-dublin"].model_fields_set


def test_gateways_and_subnets_are_changed_in_their_vnet(plan: Topology) -> None:
    edited = change(("vnets", "app", "gateway"), sku="VpnGw2").apply(plan)
    assert edited.vnets["app"].gateway == Gateway.model_validate({"sku": "VpnGw2", "extra": 2})
    edited = change(("vnets", "hub", "subnets", "app"), note="web tier").apply(plan)
    assert edited.vnets["hub"].subnets["app"] == Subnet(prefixes=ps("10.0.1.0/24"), note="web tier")


def test_the_topology_itself_is_changed_at_the_empty_path(plan: Topology) -> None:
    edit = change((), name="Fabrikam", checks={"ADR001": "off"})
    edited = edit.apply(plan)
    assert edit.title == "Change name, checks of the topology"
    assert (edited.name, edited.checks, edited.unknown) == ("Fabrikam", Table({"ADR001": "off"}), plan.unknown)
    assert edited.vnets is plan.vnets
    assert change(("planning",), own_public=[]).title == "Change own_public of planning"


@pytest.mark.parametrize(
    ("path", "fields", "message"),
    [
        (("vnets", "hub"), {"regoin": "x"}, "VNet has no field regoin"),
        (("vnets", "hub"), {"extra": 2}, "VNet has no field extra"),
        (("vnets", "hub"), {"identity": "x"}, "VNet has no field identity"),
        ((), {"sites_first": True}, "Topology has no field sites_first"),
        ((), {"schema_number": 2}, "schema cannot be set so: Input should be 1"),
        (("vnets", "hub"), {"region": 5}, "region cannot be set so: Input should be a valid string"),
        (("vnets", "hub"), {"isolated": "yes"}, "isolated cannot be set so"),
        (("vnets", "hub"), {"state": "gone"}, "state cannot be set so: Input should be 'planned'"),
        (("vnets", "hub"), {"address_space": ["10.0.0.5/16"]}, "address_space.0 cannot be set so: Value error, "),
        (("vnets", "hub"), {"subnets": {"a": 5}}, "subnets.a cannot be set so"),
        (("vnets", "hub"), {"subnets": Table({"a": 5})}, "subnets.a cannot be set so"),
        ((), {"checks": Table({"ADR001": "loud"})}, "checks.ADR001 cannot be set so"),
        ((), {"vnets": Table({"a": Site()})}, "vnets.a cannot be set so"),
        (("planning",), {"avoid": Table({"x": "y"})}, 'avoid cannot be set so: Value error, "x" is no CIDR block'),
        (("vnets", "app", "gateway"), {"tunnel_budget": "30"}, "tunnel_budget cannot be set so"),
        (("connections", "hub-to-dublin"), {"between": ("hub",)}, "between.1 cannot be set so"),
        (("connections", "hub-to-dublin"), {"between": None}, "between cannot be set so: Field required"),
        (("vnets", "none"), {"region": "x"}, "there is no vnets.none"),
        (("vnets", "hub", "gateway"), {"sku": "x"}, "there is no vnets.hub.gateway"),
        (("vnets",), {"region": "x"}, "there is no vnets"),
    ],
)
def test_a_wrong_name_or_value_is_refused(plan: Topology, path: Path, fields: dict[str, Any], message: str) -> None:
    assert refused(change(path, **fields), plan).message.startswith(message)


def test_setting_what_is_so_already_changes_nothing(plan: Topology) -> None:
    assert change(("vnets", "hub"), subscription="prod").apply(plan) is plan
    assert change((), name="Contoso").apply(plan) is plan
    assert move_to_subscription("hub", "prod").apply(plan) is plan


def test_a_default_written_out_is_a_change(plan: Topology) -> None:
    assert change(("vnets", "hub"), isolated=False).apply(plan) is not plan


# Moving


def test_a_vnet_moves_to_another_subscription(plan: Topology) -> None:
    edit = move_to_subscription("hub", "dev")
    assert edit.title == "Move VNet hub to subscription dev"
    assert edit.apply(plan).vnets["hub"].subscription == "dev"


def test_a_vnet_moves_to_no_subscription_that_is_not_there(plan: Topology) -> None:
    error = refused(move_to_subscription("hub", "none"), plan)
    assert (error.message, error.hint) == ("there is no subscription none", "add it first")
    assert refused(move_to_subscription("none", "dev"), plan).message == "there is no vnets.none"


# Linking


def test_connecting_names_the_connection_after_its_ends(plan: Topology) -> None:
    edit = connect("app", "dublin", bgp=True)
    edited = edit.apply(plan)
    assert edit.title == "Connect app and dublin"
    assert edited.connections["app-to-dublin"].between == ("app", "dublin")
    assert edited.connections["app-to-dublin"].bgp
    assert edited.vnets is plan.vnets


def test_a_second_connection_of_the_same_ends_gets_a_number(plan: Topology) -> None:
    edited = combined("x", [connect("hub", "dublin"), connect("hub", "dublin", kind="expressroute")]).apply(plan)
    assert list(edited.connections) == ["hub-to-dublin", "hub-to-dublin-2", "hub-to-dublin-3"]


@pytest.mark.parametrize("link", [connect, peer])
def test_a_network_is_not_linked_to_itself(plan: Topology, link: Any) -> None:
    with pytest.raises(EditError, match="hub cannot be linked to itself"):
        link("hub", "hub").apply(plan)


def test_peering_joins_two_vnets(plan: Topology) -> None:
    edit = peer("app", "other", name="mine", gateway_transit="app")
    assert edit.title == "Peer app and other"
    assert edit.apply(plan).peerings["mine"].gateway_transit == "app"
    assert refused(peer("app", "dublin"), plan).message == "dublin is a site"


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (connect("hub", "none"), "there is no network none"),
        (peer("none", "hub"), "there is no network none"),
        (connect("hub", "app", name="hub-to-dublin"), "connections.hub-to-dublin exists already"),
        (connect("hub", "app", bpg=True), "a Connection has no field bpg"),
        (connect("hub", "app", identity="x"), "a Connection has no field identity"),
        (connect("hub", "app", bgp="yes"), "hub and app cannot be linked so: Input should be a valid boolean"),
    ],
)
def test_a_link_that_cannot_be_is_refused(plan: Topology, edit: Edit, message: str) -> None:
    assert refused(edit, plan).message == message


# Gateways


def test_a_gateway_comes_with_the_highest_free_block_for_its_subnet(plan: Topology) -> None:
    edit = add_gateway("hub", Gateway(sku="VpnGw1"))
    hub = edit.apply(plan).vnets["hub"]
    assert edit.title == "Add a VPN gateway to hub"
    assert hub.gateway == Gateway(sku="VpnGw1")
    assert hub.subnets["GatewaySubnet"].prefixes == ps("10.0.255.224/27")


def test_the_order_of_the_address_space_does_not_matter_for_it(plan: Topology) -> None:
    for spaces in (["10.9.0.0/24", "10.8.0.0/24", "fd00::/48"], ["fd00::/48", "10.8.0.0/24", "10.9.0.0/24"]):
        edited = add_gateway_subnet("hub").apply(change(("vnets", "hub"), address_space=spaces).apply(plan))
        assert edited.vnets["hub"].subnets["GatewaySubnet"].prefixes == ps("10.9.0.224/27")


SMALL = st.tuples(st.integers(24, 32), st.integers(0, 255)).map(
    lambda block: Prefix(4, (10 << 24) + block[1], 32).shortened(block[0])
)


@given(st.lists(SMALL, min_size=1, max_size=3), st.lists(SMALL, max_size=3), st.integers(25, 30))
def test_a_gateway_subnet_goes_to_the_highest_place_within_one_prefix_that_no_other_subnet_has(
    spaces: list[Prefix], used: list[Prefix], length: int
) -> None:
    vnet = VNet(address_space=spaces, subnets={str(number): Subnet(prefixes=(one,)) for number, one in enumerate(used)})
    every = {
        block
        for space in spaces
        if space.length <= length
        for block in space.split(length)
        if not any(map(block.overlaps, used))
    }
    found = list(gateway_subnet_places(vnet, length))
    assert found[:1] == sorted(every)[-1:]
    assert found == sorted(found, reverse=True)
    assert set(found) <= every
    nested = VNet(address_space=ps("10.0.0.0/26", "10.0.0.0/24"))
    assert free_gateway_subnet(nested) == Prefix.parse("10.0.0.224/27")


def test_one_may_say_where_the_gateway_subnet_goes(plan: Topology) -> None:
    edited = add_gateway("hub", Gateway(), Prefix.parse("10.0.0.0/26")).apply(plan)
    assert edited.vnets["hub"].subnets["GatewaySubnet"].prefixes == ps("10.0.0.0/26")


@pytest.mark.parametrize("name", ["GatewaySubnet", "gatewaysubnet"])
def test_a_gateway_subnet_that_is_there_is_used(plan: Topology, name: str) -> None:
    there = add(("vnets", "hub", "subnets", name), Subnet()).apply(plan)
    assert list(add_gateway("hub", Gateway()).apply(there).vnets["hub"].subnets) == ["app", name]
    with pytest.raises(EditError, match="hub has a GatewaySubnet already"):
        add_gateway_subnet("hub").apply(there)


def test_where_no_room_is_left_the_gateway_is_refused_with_advice(plan: Topology) -> None:
    full = add(("vnets", "app", "subnets", "all"), Subnet(prefixes=ps("10.1.0.0/24"))).apply(plan)
    with pytest.raises(EditError, match="no /27 is free in app") as caught:
        add_gateway_subnet("app").apply(full)
    assert caught.value.hint == "make room: move or shrink a subnet, or add a prefix to the address space"
    assert refused(add_gateway("other", Gateway()), plan).message == "no /27 is free in other for its GatewaySubnet"


# Several at once


def test_a_combined_edit_is_all_or_nothing(plan: Topology) -> None:
    edit = combined(
        "Swap", [rename(("vnets", "hub"), "x"), rename(("vnets", "app"), "hub"), rename(("vnets", "x"), "app")]
    )
    swapped = edit.apply(plan)
    assert edit.title == "Swap"
    assert list(swapped.vnets) == ["app", "hub", "other"]
    assert swapped.vnets["app"].address_space == ps("10.0.0.0/16")
    assert swapped.peerings["hub-to-app"].between == ("app", "hub")
    refused(combined("x", [delete(("vnets", "hub")), delete(("vnets", "hub"))]), plan)


def test_a_thing_is_followed_through_renames_and_a_new_one_of_its_old_name_is_new(plan: Topology) -> None:
    edited = combined("x", [rename(("vnets", "hub"), "a"), rename(("vnets", "a"), "b"), add(("vnets", "hub"), VNet())])
    vnets = edited.apply(plan).vnets
    assert vnets["b"].identity == "hub"
    assert vnets["hub"].identity not in ("", "hub")
    again = rename(("vnets", "new"), "newer").apply(add(("vnets", "new"), VNet()).apply(plan))
    assert again.vnets["newer"].identity.startswith("\0")
