"""Taking over for a comparison: what is gone is gone, and two answers of Azure stand side by side."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from tests.building import topology
from tests.unit.exchange.azure_side import connection, gateway, in_azure, in_whole_lists, peering, vnet
from tests.unit.exchange.deployed_estates import estates
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Found
from tui.exchange.gathering import Gathered
from tui.exchange.rehearsing.rehearsal import merged
from tui.exchange.rehearsing.taking_over import side_by_side, taken_over
from tui.topology.model import Topology

HUB, APP = vnet("hub", "10.0.0.0/16"), vnet("app", "10.1.0.0/16")
ESTATE = Found(
    vnets=(HUB, APP),
    gateways=(gateway("gw", "hub"), gateway("gw-app", "app")),
    connections=(connection("c", "gw", "gw-app"), connection("c-back", "gw-app", "gw")),
    peerings=(peering("p", "hub", "app", state="Connected"), peering("q", "app", "hub", state="Connected")),
)
FILE = merged(None, assembled(ESTATE)).after


def source(found: Found) -> Gathered:
    return Gathered(in_whole_lists(found), (("azure.json", "azure-json"),))


def test_a_vnet_that_is_gone_is_gone_with_its_links_whatever_the_file_still_says() -> None:
    after = taken_over(FILE, source(Found(vnets=(HUB,)))).topology
    assert (list(after.vnets), list(after.connections), list(after.peerings)) == (["hub"], [], [])


def test_what_is_only_planned_is_no_drift_and_names_what_is_gone_then() -> None:
    planned = topology(
        '[vnets.later]\n[peerings.wish]\nbetween = ["app", "later"]\n'
        '[services.shop]\nkind = "cloud-service"\nvnets = ["app"]\n'
    )
    file = FILE.model_copy(
        update={
            "vnets": FILE.vnets.set("later", planned.vnets["later"]),
            "peerings": FILE.peerings.set("wish", planned.peerings["wish"]),
            "services": planned.services,
        }
    )
    after = taken_over(file, source(Found(vnets=(HUB,)))).topology
    assert list(after.vnets) == ["hub", "later"]
    assert after.peerings["wish"] is file.peerings["wish"]
    assert after.services == file.services


def test_a_source_that_tells_nothing_of_the_topology_says_so() -> None:
    elsewhere = vnet("hub", "10.9.0.0/16", subscription="99999999-0000-4000-8000-000000000009")
    for found in (Found(), Found(vnets=(elsewhere,))):
        assert not taken_over(FILE, source(found)).is_about_it
    assert taken_over(FILE, source(ESTATE)).is_about_it
    # A list without the only thing that the file has tells of it.
    assert taken_over(FILE, source(Found(vnets=(vnet("new", "10.9.0.0/16"),)))).is_about_it
    # A file that has nothing in Azure has nothing to be told of.
    assert taken_over(topology("[vnets.later]"), source(Found())).is_about_it


def in_order(topology: Topology) -> Topology:
    names = ("subscriptions", "vnets", "sites", "connections", "peerings")
    return topology.model_copy(
        update={name: type(topology.vnets)(sorted(getattr(topology, name).items())) for name in names}
    )


def test_two_sources_are_compared_as_they_are_in_either_order() -> None:
    before, after = side_by_side(source(ESTATE), source(Found()))
    assert (len(before.topology.vnets), len(after.topology.vnets)) == (2, 0)
    before, after = side_by_side(source(Found()), source(ESTATE))
    assert (len(before.topology.vnets), len(after.topology.vnets)) == (0, 2)
    less = replace(ESTATE, vnets=(replace(HUB, tags={"a": "b"}), APP))
    for one, other, tags in ((less, ESTATE, ["a"]), (ESTATE, less, [])):
        before, _ = side_by_side(source(one), source(other))
        assert list(before.topology.vnets["hub"].tags) == tags


@given(estates(renamed=True))
def test_an_answer_of_azure_is_the_same_as_itself(estate: Topology) -> None:
    before, after = side_by_side(source(in_azure(estate)), source(in_azure(estate)))
    assert in_order(before.topology) == in_order(after.topology)
    assert (before.in_conflict, after.in_conflict) == (0, 0)
