"""Reach: who can talk to whom, over which path, under which condition, and why not."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given

from tests.building import topology
from tests.unit.connectivity.oracle import Oracle
from tests.unit.connectivity.strategies import often, topologies
from tui.connectivity.joined import joined_groups
from tui.connectivity.reach import Route, reachable, route, why_not
from tui.topology.model import Topology

TWO_ON_ONE_HUB = """
    [vnets.hub]
    [vnets.app]
    [vnets.web]
    [sites.hq]
    [connections]
    hq = { between = ["hub", "hq"] }
    [peerings]
    app = { between = ["hub", "app"], gateway_transit = "hub" }
    web = { between = ["hub", "web"] }
"""


def test_directly_linked_networks_reach_each_other() -> None:
    found = topology(TWO_ON_ONE_HUB)
    assert route(found, "hub", "hq") == Route("linked", ("hub", "hq"))
    assert route(found, "hq", "hub") == Route("linked", ("hq", "hub"))


def test_networks_that_merely_hang_on_the_same_one_are_joined_but_do_not_reach_each_other() -> None:
    found = topology(TWO_ON_ONE_HUB)
    for a, b in (("app", "web"), ("web", "hq")):
        assert joined_groups(found).joined(a, b)
        assert route(found, a, b) is None
        blocked = why_not(found, a, b)
        assert blocked.path == (a, "hub", b)
        assert "hub" in blocked.reason
        assert "transit" in blocked.reason


@pytest.mark.parametrize("kind", ["vpn", "expressroute"])
def test_a_spoke_reaches_what_its_hubs_gateway_leads_to_and_is_reached_from_there(kind: str) -> None:
    found = topology(TWO_ON_ONE_HUB.replace('"hq"] }', f'"hq"], kind = "{kind}" }}'))
    assert route(found, "app", "hq") == Route("gateway-transit", ("app", "hub", "hq"))
    assert route(found, "hq", "app") == Route("gateway-transit", ("hq", "hub", "app"))
    assert set(reachable(found, "app")) == {"hub", "hq"}
    assert set(reachable(found, "hq")) == {"hub", "app"}
    assert set(reachable(found, "web")) == {"hub"}


def test_a_spoke_reaches_the_vnet_at_the_far_end_of_its_hubs_connection_but_not_what_lies_behind() -> None:
    found = topology(
        """
        [vnets.hub]
        [vnets.app]
        [vnets.far]
        [vnets.beyond]
        [connections]
        far = { between = ["hub", "far"] }
        beyond = { between = ["far", "beyond"] }
        [peerings]
        app = { between = ["app", "hub"], gateway_transit = "hub" }
        """
    )
    assert route(found, "app", "far") == Route("gateway-transit", ("app", "hub", "far"))
    assert route(found, "app", "beyond") is None
    assert why_not(found, "app", "beyond").path == ("app", "hub", "far", "beyond")


def test_the_spokes_of_one_hub_do_not_reach_each_other_over_its_gateway() -> None:
    found = topology(TWO_ON_ONE_HUB.replace('["hub", "web"]', '["hub", "web"], gateway_transit = "hub"'))
    assert route(found, "app", "web") is None


def test_a_site_lends_no_gateway() -> None:
    found = topology(
        """
        [vnets.a]
        [vnets.b]
        [sites.hq]
        [connections]
        b = { between = ["hq", "b"] }
        [peerings]
        a = { between = ["hq", "a"], gateway_transit = "hq" }
        """
    )
    assert route(found, "a", "b") is None
    assert "on-premises" in why_not(found, "a", "b").reason


BGP = """
    [vnets.a]
    [vnets.b]
    [vnets.spoke]
    [sites.branch]
    [sites.hq]
    [sites.lab]
    [connections]
    a-b = { between = ["a", "b"], bgp = true }
    a-hq = { between = ["a", "hq"], bgp = true }
    b-branch = { between = ["b", "branch"] }
    b-lab = { between = ["b", "lab"] }
    [peerings]
    lent = { between = ["a", "spoke"], gateway_transit = "a" }
"""


def test_a_bgp_domain_carries_traffic_between_its_members() -> None:
    found = topology(BGP)
    assert route(found, "hq", "b") == Route("bgp", ("hq", "a", "b"))
    assert route(found, "spoke", "b") == Route("gateway-transit", ("spoke", "a", "b"))
    assert set(reachable(found, "spoke")) == {"a", "b", "hq", "branch", "lab"}


def test_a_site_that_learns_nothing_needs_a_static_return_route() -> None:
    found = topology(BGP)
    needed = ("branch needs a static return route",)
    assert route(found, "a", "branch") == Route("bgp", ("a", "b", "branch"), needed)
    assert route(found, "branch", "spoke") == Route("bgp", ("branch", "b", "a", "spoke"), needed)
    assert route(found, "branch", "b") == Route("linked", ("branch", "b"))
    both = route(found, "branch", "lab")
    assert both is not None
    assert set(both.conditions) == {"branch needs a static return route", "lab needs a static return route"}


def test_one_connection_with_bgp_teaches_a_site_all_of_the_domain() -> None:
    found = topology(BGP + '\n[connections.b-branch-2]\nbetween = ["branch", "a"]\nbgp = true')
    assert route(found, "branch", "spoke") == Route("gateway-transit", ("branch", "a", "spoke"))
    to_hq = route(found, "branch", "hq")
    assert to_hq is not None
    assert (to_hq.rule, to_hq.conditions) == ("bgp", ())


def test_traffic_of_a_domain_does_not_take_links_that_bgp_does_not_cover() -> None:
    """The spoke's own static VPN to `b` is not announced: the way from `branch` leads over the hub's session."""
    found = topology(BGP + '\n[connections.static]\nbetween = ["b", "spoke"]')
    way = route(found, "branch", "spoke")
    assert way is not None
    assert way.path == ("branch", "b", "a", "spoke")


def test_a_peering_between_two_vnets_of_a_domain_is_no_shortcut_through_it() -> None:
    found = topology(
        """
        [vnets.a]
        [vnets.b]
        [vnets.c]
        [sites.hq]
        [sites.lab]
        [connections]
        a-b = { between = ["a", "b"], bgp = true }
        b-c = { between = ["b", "c"], bgp = true }
        hq = { between = ["a", "hq"], bgp = true }
        lab = { between = ["c", "lab"], bgp = true }
        [peerings]
        a-c = { between = ["a", "c"], gateway_transit = "a" }
        """
    )
    way = route(found, "hq", "lab")
    assert way is not None
    assert way.path == ("hq", "a", "b", "c", "lab")


TRANSIT = """
    [vnets.a]
    [vnets.fw1]
    transit = true
    [vnets.fw2]
    transit = true
    [vnets.b]
    [sites.hq]
    [peerings]
    a = { between = ["a", "fw1"] }
    b = { between = ["fw2", "b"] }
    [connections]
    fw = { between = ["fw1", "fw2"] }
    hq = { between = ["fw2", "hq"], kind = "expressroute" }
"""


def test_forwarding_vnets_carry_traffic_over_any_links() -> None:
    found = topology(TRANSIT)
    assert route(found, "a", "hq") == Route("transit", ("a", "fw1", "fw2", "hq"))
    assert set(reachable(found, "a")) == {"fw1", "fw2", "b", "hq"}


def test_why_not_names_the_first_network_on_the_way_that_passes_nothing_on() -> None:
    found = topology(TRANSIT.replace("[vnets.fw2]\n    transit = true", "[vnets.fw2]"))
    assert route(found, "a", "hq") is None
    blocked = why_not(found, "a", "hq")
    assert blocked.path == ("a", "fw1", "fw2", "hq")
    assert "fw2 passes nothing on" in blocked.reason


def test_why_not_says_that_a_site_ends_every_path() -> None:
    found = topology(
        """
        [vnets.a]
        [vnets.b]
        [sites.hq]
        [connections]
        a = { between = ["a", "hq"] }
        b = { between = ["b", "hq"] }
        """
    )
    blocked = why_not(found, "a", "b")
    assert blocked.path == ("a", "hq", "b")
    assert "the site hq" in blocked.reason


def test_why_not_says_who_is_not_linked() -> None:
    others = "[vnets.alone]\n[vnets.lonely]\n[vnets.c]\n[vnets.d]\n[peerings.c-d]\nbetween = ['c', 'd']"
    found = topology(f"{TRANSIT}\n{others}")
    assert why_not(found, "a", "alone").reason == "alone is not linked to anything"
    assert why_not(found, "lonely", "alone").reason == "lonely and alone are not linked to anything"
    assert why_not(found, "a", "d").reason == "no chain of links leads from a to d"
    assert why_not(found, "a", "nowhere").path == ()


def test_long_chains_are_walked_without_recursion() -> None:
    names = [f"v{number}" for number in range(500)]
    for vnet, link, rule in (({"transit": True}, {}, "transit"), ({}, {"bgp": True}, "bgp"), ({}, {}, None)):
        found = Topology.model_validate(
            {
                "vnets": dict.fromkeys(names, vnet),
                "connections": {f"to-{b}": {"between": [a, b], **link} for a, b in pairwise(names)},
            }
        )
        way = route(found, names[0], names[-1])
        if rule is None:
            assert way is None
            assert why_not(found, names[0], names[-1]).path == tuple(names)
            continue
        assert way is not None
        assert (way.rule, way.path) == (rule, tuple(names))
        assert len(reachable(found, names[0])) == 499


@often
@given(topologies())
def test_reach_is_what_the_design_says(found: Topology) -> None:
    oracle = Oracle(found)
    for a, b in permutations(oracle.names, 2):
        way, rules = route(found, a, b), oracle.reaching_rules(a, b)
        assert (way is not None) == bool(rules), (a, b)
        if way is not None:
            assert way.rule in rules
            assert (way.rule == "linked") == oracle.linked(a, b)


@often
@given(topologies())
def test_reach_is_symmetric_and_implies_joined(found: Topology) -> None:
    oracle, groups = Oracle(found), joined_groups(found)
    for a, b in oracle.pairs():
        there, back = route(found, a, b), route(found, b, a)
        assert (there is None) == (back is None)
        if there is not None and back is not None:
            assert there.rule == back.rule
            assert set(there.conditions) == set(back.conditions)
            assert groups.joined(a, b)


@often
@given(topologies())
def test_what_a_network_reaches_is_all_that_it_has_a_route_to(found: Topology) -> None:
    names = Oracle(found).names
    for a in names:
        assert reachable(found, a) == {b: way for b in names if b != a and (way := route(found, a, b))}


@often
@given(topologies())
def test_every_path_can_be_walked(found: Topology) -> None:
    oracle = Oracle(found)
    for a, b in permutations(oracle.names, 2):
        way = route(found, a, b)
        if way is None:
            continue
        inner, steps = way.path[1:-1], list(pairwise(way.path))
        assert (way.path[0], way.path[-1]) == (a, b)
        assert len(set(way.path)) == len(way.path)
        assert all(oracle.linked(*step) for step in steps)
        assert oracle.vnets.issuperset(inner)
        if way.rule == "linked":
            assert not inner
        elif way.rule == "gateway-transit":
            assert {*inner} <= oracle.through_hub(a, b)
            assert len(inner) == 1
        elif way.rule == "transit":
            assert all(map(oracle.forwards, inner))
        else:
            assert any(
                domain.core.issuperset(inner) and all(oracle.usable(domain, *step) for step in steps)
                for domain in oracle.shared_domains(a, b)
            )


@often
@given(topologies())
def test_only_a_site_that_learns_nothing_in_its_domain_needs_a_return_route(found: Topology) -> None:
    oracle = Oracle(found)
    for a, b in permutations(oracle.names, 2):
        way = route(found, a, b)
        if way is not None and way.rule == "bgp":
            possible = [oracle.conditions(domain, a, b) for domain in oracle.shared_domains(a, b)]
            assert {*way.conditions} in possible
        elif way is not None:
            assert way.conditions == ()


@often
@given(topologies())
def test_why_not_always_has_a_reason(found: Topology) -> None:
    oracle = Oracle(found)
    for a, b in permutations((*oracle.names, "nowhere"), 2):
        if route(found, a, b) is not None:
            continue
        blocked = why_not(found, a, b)
        assert blocked.reason
        if blocked.path:
            assert (blocked.path[0], blocked.path[-1]) == (a, b)
            assert all(oracle.linked(*step) for step in pairwise(blocked.path))
            assert any(name in blocked.reason for name in blocked.path)
        else:
            assert a in blocked.reason or b in blocked.reason
