"""What is gone from Azure: what complete lists cover and do not tell; and what pruning makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.exchange.azure_side import (
    TWO,
    connection,
    gateway,
    identity,
    in_azure,
    in_whole_lists,
    local,
    peering,
    vnet,
)
from tests.unit.exchange.deployed_estates import estates
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Found, FoundConnection, FoundLocalGateway, FoundSubnet, Listing
from tui.exchange.rehearsing.rehearsal import Rehearsal, merged
from tui.topology.keypath import key_path
from tui.topology.model import Topology
from tui.topology.parts import replace_part

PEERED = (
    peering("hub-app", "hub", "app", state="Connected"),
    peering("app-hub", "app", "hub", state="Connected"),
)
ESTATE = Found(
    vnets=(
        vnet("hub", "10.0.0.0/16", subnets=(FoundSubnet(name="GatewaySubnet"), FoundSubnet(name="app"))),
        vnet("app", "10.1.0.0/16"),
        vnet("far", "10.2.0.0/16", group="rg-far"),
    ),
    gateways=(gateway("gw", "hub"), gateway("gw-app", "app"), gateway("gw-far", "far", "rg-far")),
    local_gateways=(local("dublin", "192.168.0.0/24", address="203.0.113.1"),),
    connections=(
        connection("c", "gw", "gw-app"),
        connection("c-back", "gw-app", "gw"),
        connection("s", "gw", "dublin", "IPsec"),
    ),
    peerings=PEERED,
)
FILE = merged(None, assembled(ESTATE)).after


def rehearse(found: Found, file: Topology = FILE, *, prune: bool = True, state: Any = "deployed") -> Rehearsal:
    return merged(file, assembled(found, file, state=state), prune=prune)


def absent(found: Found, file: Topology = FILE) -> set[str]:
    """What is told to be gone, and stays."""
    rehearsal = rehearse(found, file, prune=False)
    assert rehearsal.after.vnets.keys() >= file.vnets.keys()
    return set(map(key_path, rehearsal.absent))


def in_lists(**told: Any) -> Found:
    """What `told` has of the estate, in whole lists."""
    return in_whole_lists(replace(Found(), **told))


def test_nothing_is_gone_where_no_list_is_whole() -> None:
    """A single VNet, a page, a template: whatever is not in them may still be in Azure."""
    for found in (Found(), Found(vnets=ESTATE.vnets[:1]), Found(gateways=ESTATE.gateways[:1])):
        assert absent(found) == set()
        assert rehearse(found).after is FILE


def test_a_list_covers_the_resource_groups_that_occur_in_it_and_no_other() -> None:
    assert absent(in_lists(vnets=ESTATE.vnets[2:])) == set()
    # Its links cannot be without it.
    assert absent(in_lists(vnets=ESTATE.vnets[:1])) == {"vnets.app", "connections.c", "peerings.app-hub"}


@pytest.mark.parametrize("state", ["deployed", "planned"])
def test_nothing_planned_covers_anything(state: Any) -> None:
    found = in_lists(vnets=ESTATE.vnets[:1])
    planned = replace(found, planned=("azure.json",))
    assert absent(planned) == set()
    assert rehearse(found, state="planned").after.vnets.keys() == FILE.vnets.keys()
    assert not rehearse(planned, prune=False, state=state).absent


def test_a_list_that_goes_on_elsewhere_covers_nothing_wherever_its_last_page_lies() -> None:
    last_page = in_lists(vnets=ESTATE.vnets[:1], peerings=PEERED)
    assert absent(last_page) == {"vnets.app", "connections.c"}
    (rg,) = (one for one in last_page.listings if one.kind == "vnets")
    assert absent(replace(last_page, cut_off=(rg._replace(source="page1.json"),))) == set()


def test_a_gateway_that_is_gone_is_told_and_pruned_though_its_vnet_is_not_told() -> None:
    found = in_lists(gateways=ESTATE.gateways[1:])
    # Azure deletes no gateway that still has connections.
    assert absent(found) == {"vnets.hub.gateway", "connections.c", "connections.s"}
    rehearsal = rehearse(found)
    assert rehearsal.after.vnets["hub"].gateway is None
    assert rehearsal.after.vnets["far"].gateway is not None
    (item,) = (item for item in rehearsal.items if item.path == ("vnets", "hub"))
    assert item.status == "changed"
    assert {change.field.split(".")[0] for change in item.changes} == {"gateway"}
    assert (list(rehearsal.after.connections), list(rehearsal.after.peerings)) == ([], ["app-hub"])


def test_the_gateways_of_a_group_are_not_covered_by_those_of_another() -> None:
    assert absent(in_lists(gateways=ESTATE.gateways[2:])) == set()


def test_a_gateway_whose_vnet_is_not_clear_may_be_any() -> None:
    stranger = gateway("gw-new", "hub", vnet=None)
    assert absent(in_lists(gateways=(ESTATE.gateways[1], stranger))) == set()


def test_a_site_of_several_groups_goes_when_the_lists_of_all_of_them_leave_it_out() -> None:
    def paris(number: int) -> FoundLocalGateway:
        return local(f"paris-{number}", "192.168.8.0/24", group=f"rg-{number}", address=f"203.0.113.{number}")

    def other(number: int) -> FoundLocalGateway:
        return local(f"oslo-{number}", f"192.168.1{number}.0/24", group=f"rg-{number}", address=f"203.0.114.{number}")

    def lists(*local_gateways: FoundLocalGateway) -> Found:
        return in_lists(vnets=ESTATE.vnets, gateways=ESTATE.gateways, local_gateways=local_gateways)

    file = merged(None, assembled(lists(paris(1), paris(2)))).after
    (site,) = file.sites
    first, second = (f"sites.{site}.devices.{name}" for name in file.sites[site].devices)
    assert absent(lists(paris(1), paris(2)), file) == set()
    assert absent(lists(paris(1)), file) == set(), "nobody lists the other group"
    assert absent(lists(paris(1), other(2)), file) == {second}
    assert absent(lists(other(1), paris(2)), file) == {first}
    assert absent(lists(other(1)), file) == set()
    assert absent(lists(other(1), other(2)), file) == {f"sites.{site}"}


def test_explicitly_empty_lists_say_that_all_within_a_vnet_is_gone() -> None:
    bare = replace(ESTATE.vnets[0], subnets=())
    inside = (Listing("subnets", bare.identity, "azure.json"), Listing("peerings", bare.identity, "azure.json"))
    found = Found(vnets=(bare,), listings=inside)
    assert absent(found) == {"vnets.hub.subnets.GatewaySubnet", "vnets.hub.subnets.app", "peerings.app-hub"}
    after = rehearse(found).after
    assert (list(after.vnets["hub"].subnets), list(after.peerings)) == ([], [])
    assert absent(replace(found, listings=())) == set()


def test_a_peering_is_there_while_either_of_its_sides_is() -> None:
    found = in_lists(vnets=ESTATE.vnets[:2], peerings=PEERED[1:])
    assert not {one for one in absent(found) if one.startswith("peerings")}


def test_a_peering_with_a_vnet_that_may_be_several_of_the_file_is_not_gone() -> None:
    twin = FILE.vnets["app"].model_copy(update={"azure_name": "app", "resource_group": "rg-twin"})
    file = FILE.model_copy(update={"vnets": FILE.vnets.set("twin", twin)})
    side = replace(PEERED[0], remote=identity("app", ""))
    hub = Found(vnets=ESTATE.vnets[:1], listings=(Listing("peerings", identity("hub"), "azure.json"),))
    assert absent(hub, file) == {"peerings.app-hub"}
    assert absent(replace(hub, peerings=(side,)), file) == set()


def across() -> tuple[Topology, FoundConnection]:
    """The file with a link to a VNet of another subscription, and the half of it that lies there."""
    far, gw = identity("far", "rg-far", TWO), identity("gw-far", "rg-far", TWO)
    estate = replace(
        ESTATE,
        vnets=(*ESTATE.vnets[:2], vnet("far", "10.2.0.0/16", group="rg-far", subscription=TWO)),
        gateways=(*ESTATE.gateways[:2], replace(gateway("gw-far", "far"), identity=gw, vnet=far)),
    )
    there = replace(connection("f-back", "gw-far", "gw"), identity=gw._replace(name="f-back"), gateway=gw)
    halves = (replace(connection("f", "gw", "gw-far"), other=gw), there)
    return merged(None, assembled(replace(estate, connections=halves))).after, there


def test_a_link_between_subscriptions_that_is_gone_is_seen_from_either() -> None:
    file, there = across()
    assert file.connections["f"].resource_group == "rg"
    another = replace(there, identity=there.identity._replace(name="x"), other=identity("dublin"), kind="IPsec")
    with_dublin = file.model_copy(update={"sites": FILE.sites})
    assert absent(in_lists(connections=(another,)), with_dublin) == {"connections.f"}
    assert absent(in_lists(connections=(there,)), file) == set()
    # Of a connection that cannot be placed nobody knows which link of the file it is.
    gw = identity("gw-other", "rg-far", TWO)
    stranger = replace(there, identity=there.identity._replace(name="y"), gateway=gw)
    assert absent(in_lists(connections=(another, stranger)), with_dublin) == set()


def test_both_halves_of_a_link_within_a_subscription_may_lie_beside_one_gateway() -> None:
    file = replace_part(FILE, ("vnets", "app", "gateway"), resource_group="rg-app")
    other = replace(ESTATE.connections[2], identity=identity("x", "rg-app"))
    assert absent(in_lists(connections=(other,)), file) == set()
    # Where the file does not say where it lies, both groups have to be told.
    file = replace_part(file, ("connections", "c"), resource_group=None)
    assert absent(in_lists(connections=(other,)), file) == set()
    assert absent(in_lists(connections=(other, replace(other, identity=identity("s")))), file) == {"connections.c"}


def test_a_connection_that_lies_apart_from_its_gateways_is_looked_for_there_alone() -> None:
    file = replace_part(FILE, ("connections", "c"), resource_group="rg-links")
    assert absent(in_lists(connections=ESTATE.connections[2:]), file) == set()


def test_a_renamed_vnet_is_pruned_in_one_run_and_its_links_lead_to_the_new_one() -> None:
    renamed = replace(ESTATE.vnets[1], identity=identity("app2"))
    found = in_lists(
        vnets=(ESTATE.vnets[0], renamed),
        gateways=(ESTATE.gateways[0], gateway("gw-app", "app2")),
        connections=ESTATE.connections,
        peerings=(replace(PEERED[0], remote=identity("app2")), replace(PEERED[1], vnet=identity("app2"))),
    )
    rehearsal = rehearse(found)
    assert [item.path for item in rehearsal.items if item.status == "conflict"] == []
    assert ("vnets", "app") in {item.path for item in rehearsal.items if item.status == "gone"}
    assert "app" not in rehearsal.after.vnets
    assert set(rehearsal.after.connections["c"].between) == {"hub", "app2"}
    again = rehearse(found, rehearsal.after)
    assert again.after is rehearsal.after
    # Taking the deletion alone changes the links that led there as well.
    alone = rehearsal.accepted([("vnets", "app")])
    assert "app" not in alone.vnets
    assert set(alone.connections["c"].between) == {"hub", "app2"}


def test_what_something_planned_still_names_stays_and_its_gone_links_go() -> None:
    wish = topology('[vnets.later]\n[peerings.wish]\nbetween = ["app", "later"]')
    file = FILE.model_copy(
        update={
            "vnets": FILE.vnets.set("later", wish.vnets["later"]),
            "peerings": FILE.peerings.set("wish", wish.peerings["wish"]),
        }
    )
    rehearsal = rehearse(in_lists(vnets=ESTATE.vnets[:1]), file)
    (item,) = (item for item in rehearsal.items if item.status == "conflict")
    assert item.path == ("vnets", "app")
    assert "peerings.wish of the file still names it" in item.why
    assert set(rehearsal.after.connections) == {"s"}


def test_a_site_that_is_gone_takes_no_link_of_a_vnet_of_the_same_name() -> None:
    site = FILE.sites["dublin"].model_copy(update={"azure_name": "local", "resource_group": "rg-site"})
    file = FILE.model_copy(update={"sites": FILE.sites.set("hub", site)})
    found = in_lists(local_gateways=(local("other", "192.168.9.0/24", group="rg-site"),))
    rehearsal = rehearse(found, file)
    assert {item.path for item in rehearsal.items if item.status == "gone"} == {("sites", "hub")}
    assert rehearsal.after.connections == file.connections


def test_pruning_tells_in_one_line_what_stays_because_nothing_covers_it() -> None:
    told = [one for one in rehearse(in_lists(vnets=ESTATE.vnets[2:])).notices if one.place.source == "prune"]
    (notice,) = told
    assert notice.text.startswith("6 things stay that the sources do not tell")
    for path in ("vnets.hub", "sites.dublin", "connections.c"):
        assert path in notice.text
    assert [one for one in rehearse(ESTATE).notices if one.place.source == "prune"] == []
    assert [one for one in rehearse(Found(), prune=False).notices if one.place.source == "prune"] == []


def test_an_edit_counts_what_comes_along() -> None:
    found = Found(
        vnets=(vnet("new", "10.5.0.0/16"), vnet("other", "10.6.0.0/16")),
        peerings=(peering("p", "new", "hub", state="Connected"), peering("q", "hub", "new", state="Connected")),
    )
    rehearsal = rehearse(found)
    assert rehearsal.edit([("peerings", "p")]).title == "Import 2 things"
    assert set(rehearsal.accepted([("peerings", "p")]).vnets) == {*FILE.vnets, "new"}


_TABLES = ("vnets", "gateways", "local_gateways", "circuits", "connections", "peerings")


def _group(thing: Any) -> tuple[str, str]:
    return thing.identity.subscription, thing.identity.resource_group


@settings(max_examples=300)
@given(estates(renamed=True), st.data())
def test_whichever_lists_are_given_nothing_that_is_in_azure_is_gone(estate: Topology, data: st.DataObject) -> None:
    """Lists of some kinds, each of some resource groups, of an Azure that is as the file says."""
    azure = in_azure(estate)
    lists = sorted({(table, _group(thing)) for table in _TABLES for thing in getattr(azure, table)})
    given_lists = data.draw(st.sets(st.sampled_from(lists))) if lists else set()
    told = {
        table: tuple(thing for thing in getattr(azure, table) if (table, _group(thing)) in given_lists)
        for table in _TABLES
    }
    # A VNet is printed with its peerings.
    told["peerings"] = tuple(
        one
        for one in azure.peerings
        if one in told["peerings"] or any(one.vnet == vnet_told.identity for vnet_told in told["vnets"])
    )
    rehearsal = rehearse(in_lists(**told), estate)
    assert [item for item in rehearsal.items if item.status == "gone"] == []
    before = {key: (list(one.subnets), one.gateway is None) for key, one in estate.vnets.items()}
    assert {key: (list(one.subnets), one.gateway is None) for key, one in rehearsal.after.vnets.items()} == before
    assert rehearse(in_lists(**told), estate, prune=False).absent == ()
