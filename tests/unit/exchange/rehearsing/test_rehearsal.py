"""The rehearsal: what an import would do, and what of it is taken."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.exchange.azure_side import connection, gateway, in_azure, in_whole_lists, local, peering, prefixes, vnet
from tests.unit.exchange.deployed_estates import estates, wild_founds
from tui.errors import EditError
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Found
from tui.exchange.rehearsing.rehearsal import TABLES, Rehearsal, merged
from tui.topology.model import Topology
from tui.topology.parts import Path, replace_part, table_at
from tui.topology.prefix import Prefix
from tui.topology.table import Table

ONE_SUBSCRIPTION = """
    [subscriptions.prod]
    id = "11111111-0000-4000-8000-000000000001"
"""


def rehearse(found: Found, file: Topology | None = None, *, prune: bool = False) -> Rehearsal:
    return merged(file, assembled(in_whole_lists(found), file), prune=prune)


def statuses(rehearsal: Rehearsal) -> dict[str, str]:
    return {".".join(item.path): item.status for item in rehearsal.items}


def with_own_words(estate: Topology) -> Topology:
    """The estate with everything that a person can say beyond Azure."""
    for key, part in estate.vnets.items():
        words: dict[str, Any] = {"note": "mine", "growth": ("10.99.0.0/16",), "transit": True, "pool": "weu"}
        words["tags"] = Table({**dict(part.tags), "ticket": "NET-12", "number": 7})
        subnets = {name: {"prefixes": subnet.prefixes, "note": "mine"} for name, subnet in part.subnets.items()}
        words["subnets"] = {"mine": {"prefixes": ()}, **subnets}
        if part.gateway is not None:
            estate = replace_part(estate, ("vnets", key, "gateway"), tunnel_budget=3, note="mine", zones=("1",))
        estate = replace_part(estate, ("vnets", key), isolated=True, renumber=False, **words)
    for key in estate.sites:
        estate = replace_part(estate, ("sites", key), note="mine", tags={"ticket": "NET-12"})
    for key in estate.connections:
        estate = replace_part(estate, ("connections", key), note="mine", bandwidth_mbps=200)
    for key in estate.peerings:
        estate = replace_part(estate, ("peerings", key), note="mine")
    data = {
        "planning": {"pools": {"weu": ["10.0.0.0/8"]}},
        "checks": {"ADR006": "info"},
        "limits": {"vnets_per_region": 7},
        "services": {"shop": {"kind": "cloud-service", "vnets": ["hub"]}},
        "waivers": {"w": {"code": "ADR002", "where": ["vnets.hub"]}},
    }
    return replace_part(estate, (), name="mine", **data)


@settings(max_examples=150)
@given(estates(renamed=True))
def test_an_import_of_what_is_there_finds_everything_identical(estate: Topology) -> None:
    file = with_own_words(estate)
    rehearsal = rehearse(in_azure(file), file)
    assert set(statuses(rehearsal).values()) <= {"identical"}
    assert rehearsal.after is file
    again = rehearse(in_azure(file), file, prune=True)
    # The subnet that only the file has is what pruning takes.
    assert {item.path[0] for item in again.items if item.status != "identical"} <= {"vnets"}


@settings(max_examples=300)
@given(wild_founds(complete=True), st.none() | estates(renamed=True), st.booleans())
def test_a_second_import_of_the_same_sources_changes_nothing(found: Found, file: Topology | None, prune: bool) -> None:
    first = rehearse(found, file, prune=prune)
    second = rehearse(found, first.after, prune=prune)
    assert {item.status for item in second.items} <= {"identical", "conflict"}
    assert second.after is first.after


@settings(max_examples=300)
@given(wild_founds(), estates(renamed=True))
def test_nothing_that_the_file_says_beyond_azure_is_lost(found: Found, estate: Topology) -> None:
    file = with_own_words(estate)
    after = rehearse(found, file).after
    for name in ("name", "planning", "checks", "limits", "services", "waivers"):
        assert getattr(after, name) == getattr(file, name)
    for table in TABLES:
        mine, theirs = table_at(file, (table,)), table_at(after, (table,))
        assert [key for key in theirs if key in mine] == list(mine)
        for key, part in mine.items():
            own = ("note", "growth", "pool", "isolated", "renumber", "transit", "bandwidth_mbps", "cloud")
            for name in set(own).intersection(type(part).model_fields):
                assert getattr(theirs[key], name) == getattr(part, name)
            for tag, value in part.tags.items():
                assert theirs[key].tags[tag] == value or tag == "owner"
    for key, vnet_before in file.vnets.items():
        vnet_after = after.vnets[key]
        assert [name for name in vnet_after.subnets if name in vnet_before.subnets] == list(vnet_before.subnets)
        assert all(vnet_after.subnets[name].note == one.note for name, one in vnet_before.subnets.items())
        if vnet_before.gateway is not None:
            assert vnet_after.gateway is not None
            assert (vnet_after.gateway.tunnel_budget, vnet_after.gateway.zones) == (3, ("1",))


@settings(max_examples=300)
@given(wild_founds(), estates(renamed=True), st.sets(st.integers(0, 5)))
def test_pruning_deletes_only_what_is_deployed_and_covered(
    found: Found, estate: Topology, planned: Collection[int]
) -> None:
    for number, key in enumerate(estate.vnets):
        if number in planned:
            estate = replace_part(estate, ("vnets", key), state="planned")
    kept = rehearse(found, estate)
    pruned = rehearse(found, estate, prune=True)
    gone = {item.path for item in pruned.items if item.status == "gone"}
    covered = assembled(in_whole_lists(found), estate).covered
    for table in TABLES:
        mine, theirs = table_at(estate, (table,)), table_at(pruned.after, (table,))
        lost = {(table, key) for key in mine if key not in theirs}
        assert lost == {path for path in gone if path[0] == table}
        assert all(mine[path[1]].state != "planned" for path in lost)
        if table == "vnets":
            assert all(covered.of_group(table, mine[key].subscription, mine[key].resource_group) for _, key in lost)
    assert gone <= set(kept.absent)
    networks = {*pruned.after.vnets, *pruned.after.sites}
    for table in ("connections", "peerings"):
        assert all(set(link.between) <= networks for link in table_at(pruned.after, (table,)).values())


@settings(max_examples=300)
@given(wild_founds(), st.none() | estates(renamed=True), st.data())
def test_what_is_taken_brings_what_it_needs_and_nothing_else_changes(
    found: Found, file: Topology | None, data: st.DataObject
) -> None:
    rehearsal = rehearse(found, file, prune=True)
    every = [item.path for item in rehearsal.items]
    wanted = data.draw(st.sets(st.sampled_from(every))) if every else set[Path]()
    result = rehearsal.accepted(wanted)
    networks = {*result.vnets, *result.sites}
    for table in TABLES:
        before, after, full = (table_at(one, (table,)) for one in (rehearsal.before, result, rehearsal.after))
        for key in {*before, *after}:
            assert after.get(key) is before.get(key) or after.get(key) is full.get(key)
    for item in rehearsal.items:
        if item.path in wanted and item.status != "conflict":
            table, key = item.path
            assert table_at(result, (table,)).get(key) is table_at(rehearsal.after, (table,)).get(key)
    for table in ("connections", "peerings"):
        assert all(set(link.between) <= networks for link in table_at(result, (table,)).values())
    for vnet_part in result.vnets.values():
        assert vnet_part.subscription is None or vnet_part.subscription in result.subscriptions
    assert rehearsal.accepted(every) == rehearsal.after
    assert rehearsal.accepted(()) is rehearsal.before


def test_an_import_is_one_edit_that_says_how_many_things_it_brings() -> None:
    rehearsal = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16"), vnet("app", "10.1.0.0/16"))))
    assert rehearsal.edit().title == "Import 3 things"
    assert rehearsal.edit().apply(rehearsal.before) is rehearsal.after
    some = rehearsal.edit([("vnets", "hub")])
    assert some.title == "Import 2 things", "the subscription comes along"
    assert rehearsal.edit([("subscriptions", "sub-11111111")]).title == "Import subscription sub-11111111"
    assert list(some.apply(rehearsal.before).vnets) == ["hub"]
    assert list(some.apply(rehearsal.before).subscriptions) == ["sub-11111111"]


def test_an_import_is_not_applied_to_another_topology_than_the_rehearsed_one() -> None:
    edit = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16"),))).edit()
    with pytest.raises(EditError, match="has changed since"):
        edit.apply(topology('[vnets.other]\naddress_space = ["10.9.0.0/16"]'))


def test_a_change_names_every_field_with_both_values() -> None:
    file = topology(
        ONE_SUBSCRIPTION
        + """
    [vnets.hub]
    subscription = "prod"
    resource_group = "rg"
    address_space = ["10.0.0.0/16"]
    state = "deployed"
    subnets = { app = "10.0.1.0/24" }
    """
    )
    told = vnet("hub", "10.0.0.0/16", "10.1.0.0/16", region="westeurope", tags={"owner": "net"})
    item = next(item for item in rehearse(Found(vnets=(told,)), file).items if item.path == ("vnets", "hub"))
    first, second = (Prefix.parse(text) for text in ("10.0.0.0/16", "10.1.0.0/16"))
    assert [(change.field, change.before, change.after) for change in item.changes] == [
        ("region", None, "westeurope"),
        ("address_space", (first,), (first, second)),
        ("tags.owner", None, "net"),
    ]
    assert item.place is not None
    assert item.place.source == "azure.json"


def test_a_vnet_that_something_planned_still_names_is_not_pruned() -> None:
    file = topology(
        ONE_SUBSCRIPTION
        + """
    [vnets.old]
    subscription = "prod"
    resource_group = "rg"
    state = "deployed"
    [vnets.next]
    [peerings.wish]
    between = ["old", "next"]
    """
    )
    rehearsal = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16"),)), file, prune=True)
    item = next(item for item in rehearsal.items if item.path == ("vnets", "old"))
    assert item.status == "conflict"
    assert "peerings.wish" in item.why
    assert rehearsal.after.vnets["old"] is file.vnets["old"]


def test_without_pruning_what_is_gone_is_named_and_stays() -> None:
    first = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16"), vnet("old", "10.1.0.0/16")))).after
    rehearsal = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16"),)), first)
    assert rehearsal.absent == (("vnets", "old"),)
    assert rehearsal.after is first
    pruned = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16"),)), first, prune=True)
    assert statuses(pruned)["vnets.old"] == "gone"
    assert list(pruned.after.vnets) == ["hub"]


def test_a_list_of_vnets_prunes_no_connections_and_no_sites() -> None:
    found = Found(
        vnets=(vnet("hub", "10.0.0.0/16"),),
        gateways=(gateway("gw", "hub"),),
        local_gateways=(local("dublin", "192.168.0.0/24", address="203.0.113.1"),),
        connections=(connection("c", "gw", "dublin", "IPsec"),),
    )
    first = rehearse(found).after
    again = rehearse(Found(vnets=found.vnets), first, prune=True)
    assert again.after is first


def test_a_subnet_and_a_device_that_are_gone_go_with_pruning_only() -> None:
    devices = tuple(local(f"fw{one}", "192.168.0.0/24", address=f"203.0.113.{one}") for one in (1, 2))
    found = Found(
        vnets=(vnet("hub", "10.0.0.0/16"), vnet("app", "10.1.0.0/16")),
        gateways=(gateway("gw", "hub"),),
        local_gateways=devices,
        connections=tuple(connection(f"c{one}", "gw", f"fw{one}", "IPsec") for one in (1, 2)),
    )
    first = rehearse(found).after
    less = replace(found, local_gateways=devices[:1], connections=found.connections[:1])
    assert rehearse(less, first).after is first
    pruned = rehearse(less, first, prune=True)
    assert list(pruned.after.sites["fw1"].devices) == ["fw1"]
    assert pruned.after.connections["c1"].devices is None


def test_a_thing_that_is_being_retired_stays_so_and_a_planned_one_becomes_deployed() -> None:
    file = topology(
        """
    [vnets.hub]
    resource_group = "rg"
    state = "planned"
    note = "mine"
    [vnets.old]
    resource_group = "RG"
    state = "retiring"
    """
    )
    after = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16"), vnet("old", "10.1.0.0/16"))), file).after
    assert (after.vnets["hub"].state, after.vnets["hub"].note) == ("deployed", "mine")
    assert after.vnets["old"].state == "retiring"
    assert after.vnets["old"].resource_group == "RG"
    assert list(after.vnets) == ["hub", "old"]


def test_a_template_makes_nothing_deployed_and_takes_nothing_back() -> None:
    found = Found(vnets=(vnet("hub", "10.0.0.0/16"), vnet("new", "10.1.0.0/16")))
    file = rehearse(Found(vnets=found.vnets[:1])).after
    after = merged(file, assembled(found, file, state="planned")).after
    assert [part.state for part in after.vnets.values()] == ["deployed", "planned"]


def test_what_is_really_used_behind_a_summary_stays() -> None:
    found = Found(
        vnets=(vnet("hub", "10.0.0.0/16"),),
        local_gateways=(local("hq", "10.0.0.0/8", "192.168.0.0/24", address="203.0.113.1"),),
    )
    first = rehearse(found).after
    assert first.sites["hq"].advertises == prefixes("10.0.0.0/8")
    assert first.sites["hq"].address_space == prefixes("192.168.0.0/24")
    mine = replace_part(first, ("sites", "hq"), address_space=prefixes("10.50.0.0/16", "192.168.0.0/24"))
    assert rehearse(found, mine).after is mine


def test_azure_decides_the_gateway_and_the_file_keeps_its_own_limit() -> None:
    file = topology(
        ONE_SUBSCRIPTION
        + """
    [vnets.hub]
    subscription = "prod"
    resource_group = "rg"
    state = "deployed"
    [vnets.hub.gateway]
    name = "gw"
    sku = "Basic"
    asn = 65010
    active_active = true
    tunnel_budget = 4
    """
    )
    found = Found(gateways=(gateway("GW", "HUB", sku="VpnGw2AZ", generation=2, asn=65515),))
    changed = rehearse(found, file).after.vnets["hub"].gateway
    assert changed is not None
    assert changed.name == "gw"
    assert (changed.sku, changed.generation, changed.asn, changed.active_active) == ("VpnGw2AZ", 2, 65515, False)
    assert changed.tunnel_budget == 4
    assert "asn" not in changed.model_fields_set


def test_tags_of_azure_join_those_of_the_file_without_regard_to_case() -> None:
    first = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16", tags={"Owner": "net"}),))).after
    mine = replace_part(first, ("vnets", "hub"), tags={"owner": "net", "ticket": "NET-1"})
    after = rehearse(Found(vnets=(vnet("hub", "10.0.0.0/16", tags={"Owner": "core", "env": "prod"}),)), mine).after
    assert dict(after.vnets["hub"].tags) == {"owner": "core", "ticket": "NET-1", "env": "prod"}


def test_a_peering_whose_transit_azure_ended_loses_it() -> None:
    sides = (
        peering("a", "hub", "app", allows_gateway_transit=True, state="Connected"),
        peering("b", "app", "hub", uses_remote_gateways=True, state="Connected"),
    )
    vnets = (vnet("hub", "10.0.0.0/16"), vnet("app", "10.1.0.0/16"))
    first = rehearse(Found(vnets=vnets, peerings=sides)).after
    assert first.peerings["a"].gateway_transit == "hub"
    later = (sides[0], replace(sides[1], uses_remote_gateways=False))
    after = rehearse(Found(vnets=vnets, peerings=later), first).after
    assert after.peerings["a"].gateway_transit is None
