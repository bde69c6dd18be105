"""Which links count: both ends exist and differ, whatever else is wrong with them."""

from __future__ import annotations

from hypothesis import given

from tests.building import topology
from tests.unit.connectivity.oracle import Oracle
from tests.unit.connectivity.strategies import often, topologies
from tui.connectivity.links import (
    is_vnet,
    links,
    links_between,
    links_of,
    neighbours,
    network_order,
    network_path,
    networks,
    spokes,
)
from tui.topology.model import Topology

SMALL = """
    [vnets.hub]
    [vnets.app]
    [sites.hq]
    [connections.vpn]
    between = ["hub", "hq"]
    bgp = true
    [connections.second-vpn]
    between = ["hq", "hub"]
    [connections.circuit]
    between = ["app", "hq"]
    kind = "expressroute"
    [connections.dangling]
    between = ["hub", "nowhere"]
    [connections.loop]
    between = ["hub", "hub"]
    [peerings.lent]
    between = ["hub", "app"]
    gateway_transit = "hub"
    [peerings.dangling]
    between = ["nowhere", "app"]
    gateway_transit = "app"
"""


def test_a_link_counts_when_both_its_ends_exist_and_differ() -> None:
    assert [link.where for link in links(topology(SMALL))] == [
        ("connections", "vpn"),
        ("connections", "second-vpn"),
        ("connections", "circuit"),
        ("peerings", "lent"),
    ]


def test_a_link_tells_its_other_end_from_either_end() -> None:
    vpn = links(topology(SMALL))[0]
    assert (vpn.other("hub"), vpn.other("hq")) == ("hq", "hub")
    assert (vpn.kind, vpn.bgp, vpn.gateway_transit) == ("vpn", True, None)


def test_neighbours_are_listed_once_however_many_links_lead_there() -> None:
    assert neighbours(topology(SMALL)) == {"hub": ("hq", "app"), "hq": ("hub", "app"), "app": ("hq", "hub")}


def test_links_between_two_networks_are_found_from_either_side() -> None:
    found = topology(SMALL)
    assert [link.name for link in links_between(found, "hub", "hq")] == ["vpn", "second-vpn"]
    assert links_between(found, "hub", "hq") == links_between(found, "hq", "hub")
    assert links_between(found, "hub", "nowhere") == []
    assert links_between(found, "nowhere", "nobody") == []


def test_an_unlinked_network_has_no_links() -> None:
    alone = topology("[vnets.alone]")
    assert (links(alone), links_of(alone), neighbours(alone), spokes(alone)) == ((), {}, {}, {})


def test_networks_come_in_the_order_of_the_file() -> None:
    data: dict[str, object] = {"vnets": {"b": {}, "a": {}}, "sites": {"d": {}, "c": {}}}
    assert list(networks(Topology.model_validate(data))) == ["b", "a", "d", "c"]
    sites_first = Topology.model_validate(data | {"\0sites_first": True})
    assert list(networks(sites_first)) == ["d", "c", "b", "a"]
    assert network_order(sites_first) == {"d": 0, "c": 1, "b": 2, "a": 3}


def test_a_name_that_both_a_vnet_and_a_site_have_is_the_vnets() -> None:
    for sites_first in (False, True):
        twice = Topology.model_validate({"vnets": {"x": {}}, "sites": {"x": {}}, "\0sites_first": sites_first})
        assert list(networks(twice)) == ["x"]
        assert is_vnet(twice, "x")
        assert network_path(twice, "x") == ("vnets", "x")


def test_a_network_is_a_vnet_a_site_or_not_there() -> None:
    found = topology(SMALL)
    assert [is_vnet(found, name) for name in ("hub", "hq", "nowhere")] == [True, False, False]
    assert network_path(found, "hub") == ("vnets", "hub")
    assert network_path(found, "hq") == ("sites", "hq")


def test_a_spoke_uses_the_gateway_of_the_end_that_the_peering_names() -> None:
    assert spokes(topology(SMALL)) == {"app": ("hub",)}


def test_gateway_transit_of_a_stranger_or_of_a_site_lends_nothing() -> None:
    """A site has no VPN gateway that a VNet could use."""
    found = topology(
        """
        [vnets.a]
        [vnets.b]
        [sites.hq]
        [peerings.stranger]
        between = ["a", "b"]
        gateway_transit = "hq"
        [peerings.site]
        between = ["a", "hq"]
        gateway_transit = "hq"
        """
    )
    assert len(links(found)) == 2
    assert spokes(found) == {}


@often
@given(topologies())
def test_links_are_exactly_those_of_the_design(found: Topology) -> None:
    oracle = Oracle(found)
    assert [(link.name, frozenset(link.ends), link.kind, link.bgp) for link in links(found)] == oracle.edges
    assert {name: set(near) for name, near in neighbours(found).items()} == {
        name: near for name, near in oracle.near.items() if near
    }
    assert {(hub, spoke) for spoke, hubs in spokes(found).items() for hub in hubs} == oracle.lent
    assert list(networks(found)) == oracle.names
    for near in (*neighbours(found).values(), *spokes(found).values()):
        assert len(near) == len(set(near)), "nothing is listed twice"
    assert sum(map(len, links_of(found).values())) == 2 * len(links(found))
