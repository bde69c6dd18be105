"""Subscriptions: those of the networks, under the names that a list of accounts gives."""

from __future__ import annotations

from tests.unit.exchange.azure_side import HERE, ONE, TWO, vnet
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Found, FoundSubscription, Notice, Place
from tui.topology.model import Topology

THREE = "33333333-0000-4000-8000-000000000003"


def account(id_: str, name: str) -> FoundSubscription:
    return FoundSubscription(id=id_, name=name, place=Place("accounts.json", f"[{name}]"))


def file(**subscriptions: dict[str, str]) -> Topology:
    return Topology.model_validate({"schema": 1, "subscriptions": subscriptions})


def test_the_accounts_name_the_subscriptions_of_networks_and_make_none() -> None:
    accounts = (account(ONE, "Contoso Prod"), account(TWO, "Visual Studio"), account(THREE, "N/A(tenant level)"))
    assembly = assembled(Found(subscriptions=accounts, vnets=(vnet("hub", "10.0.0.0/16"),)))
    assert {key: part.id for key, part in assembly.topology.subscriptions.items()} == {"contoso-prod": ONE}
    assert assembly.notices == (
        Notice("left out", "2 accounts without networks in the sources", Place("accounts.json")),
    )


def test_accounts_alone_make_nothing_and_it_is_told_why() -> None:
    assembly = assembled(Found(subscriptions=(account(ONE, "Prod"),)))
    assert not assembly.topology.subscriptions
    assert [notice.text for notice in assembly.notices] == ["1 account without networks in the sources"]


def test_an_account_of_a_subscription_that_the_file_has_tells_its_name_and_its_id() -> None:
    known = file(prod={"id": ONE}, lab={"name": "Contoso Lab"})
    assembly = assembled(Found(subscriptions=(account(ONE, "Contoso Prod"), account(TWO, "Contoso Lab"))), known)
    assert {key: (part.id, part.name) for key, part in assembly.topology.subscriptions.items()} == {
        "prod": (ONE, "Contoso Prod"),
        "lab": (TWO, "Contoso Lab"),
    }
    assert assembly.notices == ()


def test_a_table_that_names_an_account_means_its_subscription() -> None:
    named = vnet("hub", "10.0.0.0/16", subscription="Contoso Prod")
    topology = assembled(Found(subscriptions=(account(ONE, "Contoso Prod"),), vnets=(named,))).topology
    assert topology.subscriptions["contoso-prod"].id == ONE
    assert topology.vnets["hub"].subscription == "contoso-prod"


def test_vnets_of_one_name_and_group_are_told_apart_by_the_names_of_their_subscriptions() -> None:
    hubs = tuple(vnet("hub", "10.0.0.0/16", subscription=one) for one in (ONE, TWO))
    found = Found(subscriptions=(account(ONE, "Prod"), account(TWO, "Test")), vnets=hubs)
    topology = assembled(found).topology
    assert set(topology.vnets) == {"hub-rg-prod", "hub-rg-test"}
    assert assembled(found, topology).topology == topology
    assert assembled(found, topology).origin["vnets", "hub-rg-prod"] == HERE
