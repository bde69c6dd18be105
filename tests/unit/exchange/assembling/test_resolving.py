"""Resolving: what each found thing is, before parts are made of it."""

from __future__ import annotations

from tests.building import topology
from tests.unit.exchange.azure_side import HERE, ONE, connection, gateway, identity, local, vnet
from tui.exchange.assembling.networks import New
from tui.exchange.assembling.resolving import Resolved
from tui.exchange.found import Found, FoundCircuit

NOTHING = topology("")


def test_a_thing_without_a_name_is_left_out_and_said() -> None:
    resolved = Resolved(Found(vnets=(vnet("hub"), vnet("")), circuits=()), NOTHING)
    assert [one.thing.identity.name for one in resolved.vnets] == ["hub"]
    assert [(notice.kind, notice.place) for notice in resolved.ledger.notices] == [("missing", HERE)]


def test_a_network_goes_by_its_key_in_the_file_and_a_new_one_gets_one() -> None:
    file = topology(f"""
        [subscriptions.prod]
        id = "{ONE}"
        [vnets.mine]
        subscription = "prod"
        resource_group = "rg"
        azure_name = "hub"
    """)
    resolved = Resolved(Found(vnets=(vnet("HUB"), vnet("app"))), file)
    refs = {one.thing.identity.name: resolved.vnet_refs.find(one.folded) for one in resolved.vnets}
    assert refs["HUB"] == "mine"
    new = refs["app"]
    assert isinstance(new, New)
    assert resolved.key(new) == "app"


def test_a_circuit_is_known_from_the_connection_that_leads_to_it() -> None:
    found = Found(
        vnets=(vnet("hub", "10.0.0.0/16"),),
        gateways=(gateway("er", "hub", kind="expressroute"),),
        connections=(connection("c", "er", "circuit", "ExpressRoute"),),
    )
    listed = Found(circuits=(FoundCircuit(identity=identity("circuit"), place=HERE),))
    assert [one.thing.identity.name for one in Resolved(found, NOTHING).circuits] == ["circuit"]
    assert len(Resolved(listed, NOTHING).circuits) == 1


def test_a_group_is_written_in_one_spelling_everywhere() -> None:
    resolved = Resolved(
        Found(vnets=(vnet("a", group="RG"), vnet("b", group="rg")), local_gateways=(local("c"),)), NOTHING
    )
    assert {resolved.group(one.thing.identity) for one in resolved.vnets} == {"rg"}
