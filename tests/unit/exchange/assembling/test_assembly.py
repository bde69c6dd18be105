"""Assembling: the topology that Azure describes, under keys that stay."""

from __future__ import annotations

import random
from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.exchange.azure_side import in_azure
from tests.unit.exchange.deployed_estates import estates, wild_founds
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Found
from tui.topology.model import Topology


def shuffled(found: Found, seed: int) -> Found:
    chance = random.Random(seed)
    return replace(
        found,
        **{one.name: tuple(chance.sample(items := getattr(found, one.name), len(items))) for one in fields(Found)},
    )


@settings(max_examples=150)
@given(estates(), st.integers())
def test_what_azure_tells_about_a_topology_is_that_topology(topology: Topology, seed: int) -> None:
    assembly = assembled(shuffled(in_azure(topology), seed))
    assert not assembly.conflicts
    for table in ("subscriptions", "vnets", "sites", "connections", "peerings"):
        assert dict(getattr(assembly.topology, table)) == dict(getattr(topology, table))
    assert assembly.topology == topology


@settings(max_examples=300)
@given(wild_founds(), st.none() | estates(renamed=True), st.integers())
def test_the_order_of_the_sources_makes_no_difference(found: Found, file: Topology | None, seed: int) -> None:
    one, other = assembled(found, file), assembled(shuffled(found, seed), file)
    assert one.topology == other.topology
    assert one.conflicts == other.conflicts
    assert one.origin == other.origin
    assert (one.present, one.covered, one.unset) == (other.present, other.covered, other.unset)
    assert sorted(one.notices) == sorted(other.notices)


@settings(max_examples=200)
@given(wild_founds(), st.none() | estates(renamed=True))
def test_every_key_is_one_network_without_regard_to_case(found: Found, file: Topology | None) -> None:
    topology = assembled(found, file).topology
    networks = [key.casefold() for key in (*topology.vnets, *topology.sites)]
    assert len(set(networks)) == len(networks)
    for table in (topology.connections, topology.peerings, topology.subscriptions):
        assert len({key.casefold() for key in table}) == len(table)


@settings(max_examples=200)
@given(wild_founds(), st.none() | estates(renamed=True))
def test_every_link_leads_to_networks_that_are_there(found: Found, file: Topology | None) -> None:
    topology = assembled(found, file).topology
    known = {*topology.vnets, *topology.sites, *(file.vnets if file else ()), *(file.sites if file else ())}
    ends = [link.between for link in topology.connections.values()]
    ends += (link.between for link in topology.peerings.values())
    for between in ends:
        assert set(between) <= known
        assert len(set(between)) == 2
