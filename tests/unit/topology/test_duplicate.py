"""Duplicates: what comes along, where it lies, and what stays with the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import EditError
from tui.topology.duplicate import duplicate
from tui.topology.model import Device, Gateway, Subnet, Topology, VNet
from tui.topology.parts import Path
from tui.topology.prefix import Prefix
from tui.topology.table import Table

PLAN = """
    [subscriptions.prod]
    name = "Contoso Production"
    id = "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10"
    note = "ours"
    [vnets.hub]
    subscription = "prod"
    region = "westeurope"
    address_space = ["10.0.0.0/16", "10.9.0.0/24"]
    growth = ["10.1.0.0/16"]
    azure_name = "vnet-hub"
    state = "deployed"
    tags = { owner = "me" }
    extra = "kept"
    [vnets.hub.subnets]
    GatewaySubnet = "10.0.255.224/27"
    app = { prefixes = ["10.0.1.0/24", "10.9.0.128/25"], note = "web tier" }
    later = []
    [vnets.hub.gateway]
    name = "gw-hub"
    sku = "VpnGw2AZ"
    public_ips = ["pip-1"]
    p2s_pools = ["172.16.0.0/24"]
    [sites.dublin]
    address_space = ["192.168.1.0/24"]
    vpn_device = "203.0.113.1"
    bgp_peer = "192.168.1.1"
    asn = 64900
    devices = { fw1 = { address = "203.0.113.2", asn = 64901, bgp_peer = "192.168.1.2" } }
    [connections.c]
    between = ["hub", "dublin"]
    azure_name = "cn-1"
    state = "deployed"
    bgp = true
    [planning.pools]
    lab = ["172.20.0.0/14"]
"""


@pytest.fixture
def plan() -> Topology:
    return topology(PLAN)


def ps(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(Prefix.parse, texts))


def test_a_vnet_comes_with_its_subnets_at_the_same_distances(plan: Topology) -> None:
    edit = duplicate(("vnets", "hub"), "hub-2", ps("10.2.0.0/16", "10.8.0.0/24"))
    copy = edit.apply(plan).vnets["hub-2"]
    assert edit.title == "Duplicate VNet hub as hub-2"
    assert copy.address_space == ps("10.2.0.0/16", "10.8.0.0/24")
    assert copy.subnets == Table(
        {
            "GatewaySubnet": Subnet(prefixes=ps("10.2.255.224/27")),
            "app": Subnet(prefixes=ps("10.2.1.0/24", "10.8.0.128/25"), note="web tier"),
            "later": Subnet(prefixes=()),
        }
    )


def test_a_vnet_keeps_what_it_is_and_loses_what_was_azures(plan: Topology) -> None:
    copy = duplicate(("vnets", "hub"), "hub-2").apply(plan).vnets["hub-2"]
    assert (copy.subscription, copy.region, copy.tags) == ("prod", "westeurope", Table({"owner": "me"}))
    assert (copy.state, copy.azure_name, copy.growth) == ("planned", None, ())
    assert copy.gateway == Gateway(sku="VpnGw2AZ")
    assert dict(copy.unknown) == {"extra": "kept"}
    assert copy.address_space == plan.vnets["hub"].address_space


def test_a_subnet_that_finds_no_place_in_a_smaller_space_is_left_out(plan: Topology) -> None:
    copy = duplicate(("vnets", "hub"), "hub-2", ps("10.2.0.0/23")).apply(plan).vnets["hub-2"]
    assert dict(copy.subnets) == {"app": Subnet(prefixes=ps("10.2.1.0/24"), note="web tier"), "later": Subnet()}
    empty = duplicate(("vnets", "hub"), "hub-2", ()).apply(plan).vnets["hub-2"]
    assert list(empty.subnets) == ["later"]


def test_a_copy_of_a_site_has_no_devices_of_the_other_one(plan: Topology) -> None:
    copy = duplicate(("sites", "dublin"), "cork", ps("192.168.2.0/24")).apply(plan).sites["cork"]
    assert (copy.address_space, copy.vpn_device, copy.bgp_peer, copy.asn) == (ps("192.168.2.0/24"), None, None, 64900)
    assert dict(copy.devices) == {"fw1": Device(asn=64901)}


def test_what_else_can_be_duplicated_is_copied_without_its_ids(plan: Topology) -> None:
    prod = duplicate(("subscriptions", "prod"), "prod-2").apply(plan).subscriptions["prod-2"]
    assert (prod.name, prod.id, prod.note) == (None, None, "ours")
    link = duplicate(("connections", "c"), "c-2").apply(plan).connections["c-2"]
    assert (link.between, link.bgp, link.azure_name, link.state) == (("hub", "dublin"), True, None, "planned")
    subnet = duplicate(("vnets", "hub", "subnets", "app"), "web", ps("10.0.2.0/24")).apply(plan)
    web = subnet.vnets["hub"].subnets["web"]
    assert (web.prefixes, web.note) == (ps("10.0.2.0/24"), "web tier")
    device = duplicate(("sites", "dublin", "devices", "fw1"), "fw2").apply(plan)
    fw2 = device.sites["dublin"].devices["fw2"]
    assert (fw2.address, fw2.bgp_peer, fw2.asn) == (None, None, 64901)
    pool = duplicate(("planning", "pools", "lab"), "lab-2").apply(plan)
    assert pool.planning.pools["lab-2"].prefixes == ps("172.20.0.0/14")


def test_a_copy_is_new_to_the_file_and_the_original_is_untouched(plan: Topology) -> None:
    edited = duplicate(("vnets", "hub"), "hub-2").apply(plan)
    assert edited.vnets["hub"] is plan.vnets["hub"]
    assert edited.vnets["hub-2"].identity not in ("", edited.vnets["hub"].identity)


@pytest.mark.parametrize(
    ("path", "name", "message"),
    [
        (("vnets", "none"), "x", "there is no vnets.none"),
        (("vnets", "hub"), "dublin", "sites.dublin has this name already"),
        (("vnets", "hub"), "hub", "vnets.hub exists already"),
        (("vnets", "hub", "gateway"), "x", "vnets.hub.gateway cannot be duplicated"),
        (("planning",), "x", "planning cannot be duplicated"),
    ],
)
def test_what_cannot_be_duplicated_is_refused(plan: Topology, path: Path, name: str, message: str) -> None:
    with pytest.raises(EditError) as caught:
        duplicate(path, name).apply(plan)
    assert caught.value.message == message


LENGTHS = st.integers(24, 28)


@given(LENGTHS, LENGTHS, st.integers(24, 32), st.integers(0, 255), st.integers(0, 15))
def test_every_address_of_a_moved_subnet_is_as_far_in_as_before(
    old_length: int, new_length: int, length: int, at: int, place: int
) -> None:
    old = Prefix(4, (10 << 24) + 256, old_length)
    new = Prefix(4, (11 << 24) + place * 256, new_length)
    subnet = Prefix(4, old.first + at, 32).shortened(length)
    vnet = VNet(address_space=(old,), subnets=Table({"s": Subnet(prefixes=(subnet,))}))
    edited = duplicate(("vnets", "a"), "b", (new,)).apply(Topology(vnets=Table({"a": vnet})))
    moved = [prefix for one in edited.vnets["b"].subnets.values() for prefix in one.prefixes]
    distances = {address - old.first for address in range(subnet.first, subnet.last + 1)}
    fits = old.contains(subnet) and all(distance < new.size for distance in distances)
    assert [{address - new.first for address in range(one.first, one.last + 1)} for one in moved] == (
        [distances] if fits else []
    )
