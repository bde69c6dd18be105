"""What differs between two topologies: everything that does, nothing that does not, and where it stands."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tui.checks.engine import check
from tui.exchange.comparing.difference import Difference, Meter, MeterChange, Renamed, difference
from tui.topology.edits import add, change, connect, delete, rename
from tui.topology.keypath import key_path
from tui.topology.model import (
    Connection,
    Device,
    Gateway,
    Limits,
    Part,
    Peering,
    Planning,
    Pool,
    Service,
    Site,
    SkuLimits,
    Subnet,
    Subscription,
    Topology,
    VNet,
    Waiver,
)
from tui.topology.parts import Path, entry_at, part_class, table_at
from tui.topology.prefix import Prefix
from tui.topology.table import Table

TODAY = datetime.date(2026, 11, 23)

ESTATE = """
name = "Contoso WAN"
x_owner = { team = "network", since = 2020-01-01 }

[planning]
own_public = ["203.0.112.0/22"]
workloads = ["aks"]
[planning.pools]
weu = { prefixes = ["10.64.0.0/12"], region = "westeurope" }
lab = ["172.20.0.0/14"]
[planning.avoid]
"10.244.0.0/16" = "AKS pods"

[checks]
ADR006 = "info"

[limits]
peerings_per_vnet = 400
[limits.skus.VpnGw1AZ]
tunnels = 20

[subscriptions.prod]
id = "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10"
[subscriptions.dev]
name = "Development"

[vnets.hub]
subscription = "prod"
region = "westeurope"
resource_group = "rg-network"
address_space = ["10.64.0.0/16", "10.66.0.0/16"]
tags = { owner = "network team", "cost center" = 12 }
dns_servers = ["10.64.0.4", "10.64.0.5"]
[vnets.hub.subnets]
GatewaySubnet = "10.64.0.0/27"
app = { prefixes = ["10.64.1.0/24"], note = "web tier" }
[vnets.hub.gateway]
sku = "VpnGw1AZ"
zones = [1, 2]

[vnets.spoke]
subscription = "dev"
region = "westeurope"
address_space = ["10.65.0.0/24"]

[sites.office]
address_space = ["192.168.8.0/24"]
[sites.office.devices]
one = "203.0.113.10"
two = { address = "203.0.113.11", asn = 65001 }

[connections.hub-to-office]
between = ["hub", "office"]
bandwidth_mbps = 100
ipsec_policy = { dh_group = "DHGroup14" }

[peerings.hub-to-spoke]
between = ["hub", "spoke"]

[services.shop]
kind = "cloud-service"
vnets = ["hub"]

[waivers.accepted]
code = "GWY009"
where = ["vnets.hub"]
reason = "known"
expires = 2027-04-30
"""


def compared(before: Topology | str, after: Topology | str) -> Difference:
    first, second = (topology(one) if isinstance(one, str) else one for one in (before, after))
    return difference(first, second, TODAY)


def told(found: Difference) -> dict[str, list[Any]]:
    """The difference as key paths."""
    named: dict[str, list[Any]] = {
        "added": [key_path(one.path) for one in found.added],
        "removed": [key_path(one.path) for one in found.removed],
        "renamed": [(key_path(one.old), key_path(one.new)) for one in found.renamed],
        "changed": [(key_path(path), one.field) for path, fields in found.changed for one in fields],
    }
    return {kind: paths for kind, paths in named.items() if paths}


# What is the same


def test_a_topology_does_not_differ_from_itself_nor_from_its_file_read_again() -> None:
    once = topology(ESTATE)
    assert compared(once, once) == Difference()
    assert compared(once, topology(ESTATE)) == Difference()
    assert compared(once, once).same


def test_the_order_of_keys_and_of_lists_without_an_order_is_no_difference() -> None:
    before = """
    [subscriptions.a]
    [subscriptions.b]
    [vnets.one]
    region = "westeurope"
    address_space = ["10.0.0.0/16", "10.2.0.0/16"]
    tags = { a = 1, b = { c = 2, d = 3 } }
    [vnets.two]
    [connections.c]
    between = ["one", "two"]
    [services.s]
    kind = "cloud-service"
    vnets = ["one", "two"]
    """
    after = """
    [services.s]
    vnets = ["two", "one"]
    kind = "cloud-service"
    [vnets.two]
    [vnets.one]
    tags = { b = { d = 3, c = 2 }, a = 1 }
    address_space = ["10.2.0.0/16", "10.0.0.0/16"]
    region = "westeurope"
    [connections.c]
    between = ["two", "one"]
    [subscriptions.b]
    [subscriptions.a]
    """
    assert compared(before, after).same


def test_a_default_that_is_written_is_no_difference() -> None:
    written = '[vnets.a]\nisolated = false\nrenumber = true\nstate = "planned"\ntags = {}\n[vnets.a.subnets]\n'
    assert compared("[vnets.a]", written).same


def test_what_is_carried_unread_is_compared_to_the_letter() -> None:
    assert compared("x = nan", "x = nan").same
    for before, after in (("1", "1.0"), ("1", "true"), ("[1, 2]", "[2, 1]"), ("2020-01-01", '"2020-01-01"')):
        assert told(compared(f"x = {before}", f"x = {after}")) == {"changed": [("", "x")]}


def test_a_number_is_the_same_with_and_without_a_fraction_of_nothing() -> None:
    link = '[connections.c]\nbetween = ["a", "b"]\nbandwidth_mbps = '
    assert compared(link + "100", link + "100.0").same


# What differs


def test_a_list_of_prefixes_says_what_came_and_what_went() -> None:
    before = '[vnets.a]\naddress_space = ["10.0.0.0/24", "10.1.0.0/24"]'
    after = '[vnets.a]\naddress_space = ["10.2.0.0/24", "10.1.0.0/24", "10.1.0.0/24"]'
    (field,) = compared(before, after).changed[0].fields
    assert field.went == (Prefix.parse("10.0.0.0/24"),)
    assert field.came == (Prefix.parse("10.2.0.0/24"), Prefix.parse("10.1.0.0/24"))


def test_no_list_of_devices_is_not_an_empty_one() -> None:
    link = '[connections.c]\nbetween = ["a", "b"]\n'
    (field,) = compared(link, link + "devices = []").changed[0].fields
    assert (field.field, field.before, field.after) == ("devices", None, ())


def test_tags_and_unknown_keys_are_compared_entry_by_entry() -> None:
    before = '[vnets.a]\ntags = { owner = "x", "cost center" = 1 }\nx_own = { deep = { er = 1 } }'
    after = '[vnets.a]\ntags = { owner = "y", ticket = "N-1" }\nx_own = { deep = { er = 2 } }'
    assert told(compared(before, after)) == {
        "changed": [
            ("vnets.a", "tags.owner"),
            ("vnets.a", "tags.ticket"),
            ("vnets.a", 'tags."cost center"'),
            ("vnets.a", "x_own.deep.er"),
        ]
    }


def test_settings_of_rules_and_avoided_blocks_are_fields_of_their_tables() -> None:
    before = '[checks]\nADR006 = "info"\n[planning.avoid]\n"10.244.0.0/16" = "pods"'
    after = '[checks]\nNAM001 = "off"\n[planning.avoid]\n"10.244.0.0/16" = "AKS pods"'
    assert told(compared(before, after)) == {
        "changed": [("checks", "NAM001"), ("checks", "ADR006"), ("planning.avoid", '"10.244.0.0/16"')]
    }


def test_what_came_with_a_thing_is_not_named_again() -> None:
    more = '\n[vnets.new]\naddress_space = ["10.9.0.0/16"]\n[vnets.new.subnets]\na = "10.9.0.0/24"\n[vnets.new.gateway]'
    assert told(compared(ESTATE, ESTATE + more)) == {"added": ["vnets.new"]}
    assert told(compared(ESTATE + more, ESTATE)) == {"removed": ["vnets.new"]}


def test_things_come_in_the_order_of_the_later_file_and_go_in_that_of_the_earlier_one() -> None:
    before = "[vnets.z]\n[vnets.m.subnets.y]\n[vnets.m.subnets.b]\n[vnets.k.subnets.s]\n[vnets.a]\n[sites.d]\n[sites.c]"
    after = "[vnets.y]\n[vnets.k]\nnote = 'k'\n[vnets.m]\nnote = 'm'\n[vnets.b]\n[sites.q]\n[sites.p]"
    found = told(compared(before, after))
    assert found["added"] == ["vnets.y", "vnets.b", "sites.q", "sites.p"]
    assert found["changed"] == [("vnets.k", "note"), ("vnets.m", "note")]
    assert found["removed"] == [
        *("vnets.z", "vnets.m.subnets.y", "vnets.m.subnets.b", "vnets.k.subnets.s"),
        *("vnets.a", "sites.d", "sites.c"),
    ]


VALUES: dict[type[Part], dict[str, Any]] = {
    Topology: {"name": "other", "note": "n"},
    Planning: {"own_public": ("198.51.100.0/24",), "workloads": ("docker",)},
    Limits: dict.fromkeys(("vnets_per_region", "subnets_per_vnet", "peerings_per_vnet", "prefixes_per_gateway"), 7),
    Pool: {"prefixes": ("10.9.0.0/16",), "region": "r", "default_size": "/22", "note": "n"},
    SkuLimits: {"tunnels": 3, "tunnels_policy_based": 2, "bandwidth_mbps": 5, "sla_percent": 99},
    Subscription: {"name": "other", "id": "other", "cloud": "china", "note": "n", "tags": {"t": 1}},
    VNet: {
        "subscription": "other",
        "region": "other",
        "resource_group": "other",
        "address_space": ("10.9.0.0/16",),
        "growth": ("10.9.0.0/16",),
        "pool": "other",
        "azure_name": "other",
        "isolated": True,
        "renumber": False,
        "transit": True,
        "state": "deployed",
        "note": "n",
        "tags": {"t": 1},
        "dns_servers": ["10.9.0.4"],
    },
    Subnet: {"prefixes": ("10.9.0.0/24",), "note": "n"},
    Gateway: {
        "name": "other",
        "sku": "Basic",
        "generation": 2,
        "vpn_type": "PolicyBased",
        "asn": 65009,
        "active_active": True,
        "tunnel_budget": 3,
        "p2s_pools": ("10.9.0.0/24",),
        "resource_group": "other",
        "zones": [3],
        "public_ips": ["198.51.100.1"],
        "note": "n",
    },
    Site: {
        "local_gateways": ["lng"],
        "address_space": ("192.168.9.0/24",),
        "advertises": ("192.168.0.0/16",),
        "vpn_device": "198.51.100.1",
        "asn": 65009,
        "bgp_peer": "10.9.0.1",
        "subscription": "other",
        "region": "other",
        "resource_group": "other",
        "azure_name": "other",
        "state": "deployed",
        "note": "n",
        "tags": {"t": 1},
    },
    Device: {
        "address": "198.51.100.1",
        "asn": 65009,
        "bgp_peer": "10.9.0.1",
        "local_gateways": ["fw"],
        "note": "n",
    },
    Connection: {
        "between": ("hub", "spoke"),
        "kind": "expressroute",
        "bandwidth_mbps": 5,
        "bgp": True,
        "devices": ("one",),
        "azure_name": "other",
        "subscription": "other",
        "resource_group": "other",
        "state": "deployed",
        "ipsec_policy": "other",
        "note": "n",
        "tags": {"t": 1},
    },
    Peering: {
        "between": ("hub", "other"),
        "gateway_transit": "hub",
        "azure_name": "other",
        "state": "deployed",
        "note": "n",
        "tags": {"t": 1},
    },
    Service: {"kind": "online-backup", "vnets": ("spoke",), "state": "deployed", "note": "n", "tags": {"t": 1}},
    Waiver: {
        "code": "NAM001",
        "where": ("vnets.spoke",),
        "reason": "other",
        "owner": "o",
        "expires": datetime.date(2030, 1, 1),
    },
}
PLACES: dict[type[Part], Path] = {
    Topology: (),
    Planning: ("planning",),
    Limits: ("limits",),
    Pool: ("planning", "pools", "weu"),
    SkuLimits: ("limits", "skus", "VpnGw1AZ"),
    Subscription: ("subscriptions", "prod"),
    VNet: ("vnets", "hub"),
    Subnet: ("vnets", "hub", "subnets", "app"),
    Gateway: ("vnets", "hub", "gateway"),
    Site: ("sites", "office"),
    Device: ("sites", "office", "devices", "two"),
    Connection: ("connections", "hub-to-office"),
    Peering: ("peerings", "hub-to-spoke"),
    Service: ("services", "shop"),
    Waiver: ("waivers", "accepted"),
}
THINGS_OF_THEIR_OWN: dict[type[Part], set[str]] = {
    Topology: {"planning", "checks", "limits", *(place[0] for place in PLACES.values() if len(place) == 2)},
    Planning: {"pools", "avoid"},
    Limits: {"skus"},
    VNet: {"subnets", "gateway"},
    Site: {"devices"},
}
FIELDS = [(kind, field) for kind, fields in VALUES.items() for field in fields]


@pytest.mark.parametrize("kind", PLACES, ids=lambda kind: kind.__name__)
def test_this_table_of_values_has_every_field_of_the_model(kind: type[Part]) -> None:
    known = {name for name, field in kind.model_fields.items() if not field.exclude and name != "schema_number"}
    assert set(VALUES[kind]) == known - THINGS_OF_THEIR_OWN.get(kind, set())


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=[f"{kind.__name__}.{field}" for kind, field in FIELDS])
def test_every_field_that_is_edited_is_named_at_its_place_and_nothing_else(kind: type[Part], field: str) -> None:
    before, path = topology(ESTATE), PLACES[kind]
    value = VALUES[kind][field]
    if field in ("address_space", "prefixes", "growth", "own_public", "advertises", "p2s_pools"):
        value = tuple(map(Prefix.parse, value))
    after = change(path, **{field: value}).apply(before)
    name = "tags.t" if field == "tags" else field
    expected = {(key_path(path), name)}
    if field == "tags" and path == ("vnets", "hub"):
        expected |= {("vnets.hub", "tags.owner"), ("vnets.hub", 'tags."cost center"')}
    for first, second in ((before, after), (after, before)):
        found = told(difference(first, second, TODAY))
        assert set(found) == {"changed"}
        assert set(found["changed"]) == expected
    changed = difference(before, after, TODAY).changed[0].fields[0]
    assert field == "tags" or changed.before == getattr(entry_at(before, path) if path else before, field)
    assert field == "tags" or changed.after == getattr(entry_at(after, path) if path else after, field)


TABLES: tuple[Path, ...] = (
    *(("subscriptions",), ("vnets",), ("sites",), ("connections",), ("peerings",), ("services",), ("waivers",)),
    *(("planning", "pools"), ("limits", "skus"), ("vnets", "hub", "subnets"), ("sites", "office", "devices")),
)
NEW: dict[type[Part], Part] = {
    Connection: Connection(between=("spoke", "office")),
    Peering: Peering(between=("spoke", "office")),
    Service: Service(kind="cloud-service"),
    Waiver: Waiver(code="X"),
    SkuLimits: SkuLimits(tunnels=1),
}


@st.composite
def edits(draw: st.DrawFn) -> tuple[Topology, Topology, dict[str, list[Any]]]:
    """A topology, the same with one thing more, less or under another name, and what the difference has to say."""
    estate, place = topology(ESTATE), draw(st.sampled_from(TABLES))
    kind = part_class((*place, "new"))
    name = draw(st.text(min_size=1, max_size=6))
    names = list(table_at(estate, place))
    other = ("vnets", "sites") if place[0] in ("vnets", "sites") and len(place) == 1 else ()
    if name in names or any(name in table_at(estate, (table,)) for table in other):
        name += "-new"
    path = (*place, name)
    if draw(st.booleans()):
        after = add(path, NEW.get(kind) or kind()).apply(estate)
        return estate, after, {"added": [key_path(path)]}
    old = (*place, draw(st.sampled_from(names)))
    after = rename(old, name).apply(estate)
    if kind is SkuLimits:
        return estate, after, {"added": [key_path(path)], "removed": [key_path(old)]}
    return estate, after, {"renamed": [(key_path(old), key_path(path))]}


@given(edits())
@settings(max_examples=120)
def test_a_random_edit_is_named_exactly_with_the_references_that_followed_it(
    edit: tuple[Topology, Topology, dict[str, list[Any]]],
) -> None:
    before, after, expected = edit
    found = told(difference(before, after, TODAY))
    followed = {field for _, field in found.pop("changed", [])}
    assert found == expected
    assert followed <= {"subscription", "between", "vnets", "where", "pool", "devices"}
    assert not followed or "renamed" in expected
    backwards = told(difference(after, before, TODAY))
    assert backwards.get("removed", []) == expected.get("added", [])
    assert backwards.get("added", []) == expected.get("removed", [])
    assert backwards.get("renamed", []) == [(new, old) for old, new in expected.get("renamed", [])]


# Renames


def test_a_thing_with_the_same_content_under_another_name_was_renamed() -> None:
    after = ESTATE.replace("app = {", "web = {").replace("[services.shop]", "[services.store]")
    assert told(compared(ESTATE, after)) == {
        "renamed": [("vnets.hub.subnets.app", "vnets.hub.subnets.web"), ("services.shop", "services.store")]
    }


def test_a_resource_of_azure_is_known_again_by_its_id_whatever_the_case_and_the_file_call_it() -> None:
    before = """
    [subscriptions.prod]
    id = "AAAA"
    [vnets.hub]
    subscription = "prod"
    resource_group = "rg"
    address_space = ["10.0.0.0/16"]
    [vnets.hub.subnets]
    old = "10.0.0.0/24"
    """
    after = """
    [subscriptions.main]
    id = "aaaa"
    [vnets.hub-weu]
    subscription = "main"
    resource_group = "RG"
    azure_name = "Hub"
    address_space = ["10.8.0.0/16"]
    [vnets.hub-weu.subnets]
    """
    found = compared(before, after)
    assert found.renamed == (
        Renamed(("subscriptions", "prod"), ("subscriptions", "main")),
        Renamed(("vnets", "hub"), ("vnets", "hub-weu")),
    )
    fields = ("subscription", "resource_group", "address_space", "azure_name")
    assert set(told(found)["changed"]) == {
        ("subscriptions.main", "id"),
        *(("vnets.hub-weu", field) for field in fields),
    }
    assert told(found)["removed"] == ["vnets.hub.subnets.old"]


def test_in_doubt_nothing_was_renamed() -> None:
    same = 'region = "westeurope"\naddress_space = ["10.0.0.0/16"]\n'
    found = compared(f"[vnets.a]\n{same}[vnets.b]\n{same}", f"[vnets.c]\n{same}")
    assert told(found) == {"added": ["vnets.c"], "removed": ["vnets.a", "vnets.b"]}


def test_two_things_that_say_nothing_are_not_the_same_thing() -> None:
    assert told(compared("[vnets.a]", "[vnets.b]")) == {"added": ["vnets.b"], "removed": ["vnets.a"]}


def test_a_connection_that_follows_its_renamed_vnet_under_another_name_is_known_again() -> None:
    before = '[vnets.a]\naddress_space = ["10.0.0.0/16"]\n[vnets.b]\n[connections.a-to-b]\nbetween = ["a", "b"]'
    after = before.replace("vnets.a", "vnets.z").replace("a-to-b", "z-to-b").replace('["a"', '["z"')
    assert told(compared(before, after))["renamed"] == [
        ("vnets.a", "vnets.z"),
        ("connections.a-to-b", "connections.z-to-b"),
    ]


def test_a_peering_is_known_again_by_its_ends() -> None:
    before = '[vnets.a]\n[vnets.b]\n[peerings.p]\nbetween = ["a", "b"]'
    after = '[vnets.a]\n[vnets.b]\n[peerings.q]\nbetween = ["b", "a"]\ngateway_transit = "a"'
    assert told(compared(before, after)) == {
        "renamed": [("peerings.p", "peerings.q")],
        "changed": [("peerings.q", "gateway_transit")],
    }


# What follows: findings and meters


def test_findings_that_came_and_went_are_told() -> None:
    before, after = topology(ESTATE), topology(ESTATE.replace('"10.65.0.0/24"', '"10.64.8.0/24"'))
    found = difference(before, after, TODAY)
    was, now = ({one.message for one in check(side, TODAY) if one.waived is None} for side in (before, after))
    assert {one.message for one in found.findings_new} == now - was
    assert {one.message for one in found.findings_gone} == was - now
    assert "ADR001" in {one.code for one in found.findings_new}


def test_a_renamed_thing_keeps_its_findings() -> None:
    before = '[vnets.hub]\naddress_space = ["10.0.0.0/16"]\nregion = "nowhere"'
    found = compared(before, before.replace("vnets.hub", "vnets.centre"))
    assert found.renamed
    assert (found.findings_new, found.findings_gone) == ((), ())


def test_a_finding_that_is_accepted_now_is_gone_and_says_why() -> None:
    before = '[vnets.hub]\naddress_space = ["10.0.0.0/16"]\nregion = "nowhere"'
    after = before + '\n[waivers.w]\ncode = "REG001"\nwhere = ["vnets.hub"]\nreason = "to come"'
    found = compared(before, after)
    (gone,) = (one for one in found.findings_gone if one.code == "REG001")
    assert gone.waived == "to come"
    (new,) = (one for one in compared(after, before).findings_new if one.code == "REG001")
    assert (new.message, new.waived) == (gone.message, None)


def test_meters_show_what_gateways_carry_before_and_after() -> None:
    before = topology(ESTATE)
    after = add(("vnets", "spoke", "gateway"), Gateway(sku="VpnGw2AZ")).apply(before)
    after = connect("hub", "spoke", bandwidth_mbps=50).apply(after)
    found = difference(before, after, TODAY)
    assert found.meters == (
        MeterChange("hub", Meter(2, 20, 100, 650), Meter(3, 20, 150, 650)),
        MeterChange("spoke", None, Meter(1, 30, 50, 1000)),
    )
    assert difference(after, before, TODAY).meters == (
        MeterChange("hub", Meter(3, 20, 150, 650), Meter(2, 20, 100, 650)),
        MeterChange("spoke", Meter(1, 30, 50, 1000), None),
    )
    renamed = rename(("vnets", "hub"), "centre").apply(before)
    assert difference(before, renamed, TODAY).meters == ()


def test_deleting_a_vnet_names_what_went_with_it() -> None:
    before = topology(ESTATE)
    found = told(difference(before, delete(("vnets", "hub")).apply(before), TODAY))
    assert found["removed"] == [
        *("vnets.hub", "connections.hub-to-office", "peerings.hub-to-spoke", "services.shop", "waivers.accepted")
    ]


def test_ten_thousand_vnets_are_compared_without_comparing_each_with_each() -> None:
    vnets = Table((f"v{number}", VNet(note=str(number))) for number in range(10_000))
    more = Table((f"w{number}", VNet(note=str(number))) for number in range(10_000))
    before, after = Topology(vnets=vnets), Topology(vnets=more)
    found = difference(before, after, TODAY)
    assert (len(found.added), len(found.removed)) == (10_000, 10_000)
