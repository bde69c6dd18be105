"""Joined: between which networks overlap matters. The four rules of the design, and nothing else."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given

from tests.building import topology
from tests.unit.connectivity.oracle import Oracle
from tests.unit.connectivity.strategies import often, topologies
from tui.connectivity.domains import bgp_domains
from tui.connectivity.joined import Meeting, joined_groups, meeting
from tui.topology.model import Topology


def joined(found: Topology) -> set[str]:
    """The joined pairs as "a b", in the order of the file."""
    groups = joined_groups(found)
    return {f"{a} {b}" for a, b in Oracle(found).pairs() if groups.joined(a, b)}


def test_an_unlinked_network_is_joined_with_nobody() -> None:
    found = topology("[vnets.a]\n[vnets.b]\n[sites.hq]")
    assert joined(found) == set()
    assert joined_groups(found).groups == ()
    assert meeting(found, "a", "b") is None


@pytest.mark.parametrize(
    "link",
    [
        "connections.x = { between = ['a', 'b'] }",
        "connections.x = { between = ['b', 'a'], kind = 'expressroute' }",
        "peerings.x = { between = ['a', 'b'] }",
        "peerings.x = { between = ['a', 'b'], gateway_transit = 'nobody' }",
    ],
)
def test_directly_linked_networks_are_joined_by_any_link(link: str) -> None:
    found = topology(f"{link}\n[vnets.a]\n[sites.b]\n[vnets.c]")
    assert joined(found) == {"a b"}
    assert meeting(found, "a", "b") == Meeting("linked", ("a", "b"))


@pytest.mark.parametrize("other", ["a", "nowhere"])
def test_a_link_without_two_networks_joins_nobody(other: str) -> None:
    found = topology(f"connections.x = {{ between = ['a', '{other}'] }}\n[vnets.a]\n[vnets.b]")
    assert joined(found) == set()


def test_the_neighbours_of_a_network_are_joined() -> None:
    found = topology(
        """
        [vnets.a]
        [vnets.b]
        [vnets.c]
        [sites.hq]
        [connections]
        a-hq = { between = ["a", "hq"] }
        b-hq = { between = ["hq", "b"], kind = "expressroute" }
        c-b = { between = ["b", "c"] }
        """
    )
    assert joined(found) == {"a hq", "b hq", "b c", "a b", "c hq"}
    assert meeting(found, "a", "b") == Meeting("neighbour", ("a", "hq", "b"))
    assert meeting(found, "a", "c") is None, "two networks lie between them, and none passes anything on"


BGP = """
    [vnets.a]
    [vnets.b]
    [vnets.c]
    [vnets.spoke]
    [sites.static]
    [sites.circuit]
    [connections]
    a-b = { between = ["a", "b"], bgp = true }
    b-c = { between = ["b", "c"], bgp = true }
    c-static = { between = ["c", "static"] }
    c-circuit = { between = ["c", "circuit"], kind = "expressroute" }
    [peerings]
    lent = { between = ["a", "spoke"], gateway_transit = "a" }
"""


def test_a_bgp_domain_joins_its_vnets_with_their_sites_and_spokes() -> None:
    found = topology(BGP)
    of_domain = ["a", "b", "c", "spoke", "static"]
    for a, b in permutations(of_domain, 2):
        assert joined_groups(found).joined(a, b), (a, b)
    assert meeting(found, "spoke", "static") == Meeting("bgp", ("spoke", "a", "b", "c", "static"))


def test_expressroute_does_not_bring_a_site_into_a_bgp_domain() -> None:
    assert not joined_groups(topology(BGP)).joined("circuit", "a")


@pytest.mark.parametrize(
    "static",
    [
        '"b", "c"], bgp = false',
        '"b", "c"], bgp = true, kind = "expressroute"',
    ],
)
def test_only_a_vpn_connection_with_bgp_extends_a_domain(static: str) -> None:
    found = topology(BGP.replace('"b", "c"], bgp = true', static))
    assert not joined_groups(found).joined("a", "static")
    assert meeting(found, "a", "static") is None


def test_a_domain_ends_at_a_site() -> None:
    """A site that speaks BGP with two VNets does not make them one domain: a site ends a path."""
    found = topology(
        """
        [vnets.a]
        [vnets.b]
        [vnets.app]
        [sites.hq]
        [connections]
        a-hq = { between = ["a", "hq"], bgp = true }
        b-hq = { between = ["hq", "b"], bgp = true }
        [peerings]
        lent = { between = ["a", "app"], gateway_transit = "a" }
        """
    )
    assert joined(found) == {"a hq", "b hq", "a b", "a app", "app hq"}
    assert meeting(found, "app", "hq") == Meeting("neighbour", ("app", "a", "hq"))


def test_a_single_gateway_is_a_domain_only_if_it_speaks_bgp_with_a_site() -> None:
    """The sites of one gateway are joined by rule 2 either way; its domain shows in what the spokes reach."""
    text = """
        [vnets.hub]
        [vnets.app]
        [vnets.two]
        [sites.hq]
        [sites.branch]
        [connections]
        hq = { between = ["hub", "hq"], bgp = BGP }
        branch = { between = ["hub", "branch"] }
        [peerings]
        app = { between = ["hub", "app"], gateway_transit = "hub" }
        two = { between = ["hub", "two"] }
        """
    assert bgp_domains(topology(text.replace("BGP", "false"))) == ()
    (domain,) = bgp_domains(topology(text.replace("BGP", "true")))
    assert domain.core == ("hub",)
    assert set(domain.members) == {"hub", "hq", "branch", "app"}, "two does not use the gateway"


def test_a_spoke_may_be_in_several_domains_without_joining_them() -> None:
    found = topology(
        """
        [vnets.a1]
        [vnets.a2]
        [vnets.b1]
        [vnets.b2]
        [vnets.spoke]
        [connections]
        a = { between = ["a1", "a2"], bgp = true }
        b = { between = ["b1", "b2"], bgp = true }
        [peerings]
        a = { between = ["a1", "spoke"], gateway_transit = "a1" }
        b = { between = ["b1", "spoke"], gateway_transit = "b1" }
        """
    )
    groups = joined_groups(found)
    assert groups.joined("spoke", "a2")
    assert groups.joined("spoke", "b2")
    assert not groups.joined("a2", "b2")
    assert groups.joined("a1", "b1"), "by rule 2: both are linked to the spoke"


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


def test_a_chain_of_forwarding_vnets_joins_its_ends() -> None:
    found = topology(TRANSIT)
    assert len(joined(found)) == 10, "each with each"
    assert meeting(found, "a", "hq") == Meeting("transit", ("a", "fw1", "fw2", "hq"))
    assert meeting(found, "b", "hq") == Meeting("neighbour", ("b", "fw2", "hq"))


def test_a_chain_with_a_vnet_that_does_not_forward_joins_nobody_beyond() -> None:
    found = topology(TRANSIT.replace("transit = true", "transit = false", 1))
    assert meeting(found, "a", "hq") is None
    assert meeting(found, "fw1", "hq") == Meeting("neighbour", ("fw1", "fw2", "hq"))


def test_long_chains_are_walked_without_recursion() -> None:
    names = [f"v{number}" for number in range(500)]
    for vnet, link in (({"transit": True}, {}), ({}, {"bgp": True})):
        found = Topology.model_validate(
            {
                "vnets": dict.fromkeys(names, vnet),
                "connections": {f"to-{b}": {"between": [a, b], **link} for a, b in pairwise(names)},
            }
        )
        met = meeting(found, names[0], names[-1])
        assert met is not None
        assert met.path == tuple(names)
        assert len(joined_groups(found).groups) == 1


@often
@given(topologies())
def test_joined_is_what_the_four_rules_say(found: Topology) -> None:
    oracle, groups = Oracle(found), joined_groups(found)
    for a, b in oracle.pairs():
        assert groups.joined(a, b) == groups.joined(b, a) == bool(oracle.joining_rules(a, b)), (a, b)


@often
@given(topologies())
def test_no_group_is_contained_in_another_or_holds_an_unlinked_network(found: Topology) -> None:
    oracle, groups = Oracle(found), joined_groups(found)
    assert not any(a <= b for a, b in permutations(groups.groups, 2))
    assert {name for group in groups.groups for name in group} == {name for name in oracle.names if oracle.near[name]}
    for name in oracle.names:
        assert [groups.groups[n] for n in groups.of.get(name, ())] == [g for g in groups.groups if name in g]


@often
@given(topologies())
def test_joined_networks_meet_by_the_first_rule_that_joins_them(found: Topology) -> None:
    oracle = Oracle(found)
    for a, b in permutations(oracle.names, 2):
        met, rules = meeting(found, a, b), oracle.joining_rules(a, b)
        if met is None:
            assert not rules
            continue
        assert met.rule == rules[0]
        assert (met.path[0], met.path[-1]) == (a, b)
        assert len(set(met.path)) == len(met.path)
        assert all(oracle.linked(*step) for step in pairwise(met.path))
        inner = met.path[1:-1]
        if met.rule == "linked":
            assert not inner
        elif met.rule == "neighbour":
            assert len(inner) == 1
        elif met.rule == "transit":
            assert all(map(oracle.forwards, inner))
        else:
            assert any(
                domain.core.issuperset(inner) and all(oracle.usable(domain, *step) for step in pairwise(met.path))
                for domain in oracle.shared_domains(a, b)
            )
