"""Links of an import: halves and sides put together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.building import topology
from tests.unit.exchange.azure_side import ONE, connection, gateway, identity, local, peering, vnet
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Found, FoundConnection, FoundPeering, Notice, Place
from tui.exchange.rehearsing.rehearsal import merged

ESTATE = Found(
    vnets=(vnet("hub", "10.0.0.0/16"), vnet("app", "10.1.0.0/16")),
    gateways=(gateway("gw-hub", "hub"), gateway("gw-app", "app")),
)
FORTH = connection("hub-to-app", "gw-hub", "gw-app", bgp=True)
BACK = connection("app-to-hub", "gw-app", "gw-hub", bgp=True)


def linked(*connections: FoundConnection) -> Found:
    return replace(ESTATE, connections=connections)


def peered(*peerings: FoundPeering) -> Found:
    return replace(ESTATE, peerings=peerings)


def kinds(notices: tuple[Notice, ...]) -> list[str]:
    return [notice.kind for notice in notices]


def test_two_halves_are_one_connection_named_after_the_first_by_name() -> None:
    assembly = assembled(linked(FORTH, BACK))
    ((key, link),) = assembly.topology.connections.items()
    assert key == "app-to-hub"
    assert (link.between, link.bgp, link.azure_name) == (("app", "hub"), True, None)
    assert not assembly.notices


def test_a_missing_half_is_said_and_the_connection_is_there() -> None:
    assembly = assembled(linked(FORTH))
    assert list(assembly.topology.connections) == ["hub-to-app"]
    assert kinds(assembly.notices) == ["missing"]


def test_halves_that_differ_in_bgp_have_none_and_differing_weights_are_said() -> None:
    assembly = assembled(linked(FORTH, replace(BACK, bgp=False, routing_weight=10)))
    assert assembly.topology.connections["app-to-hub"].bgp is False
    assert kinds(assembly.notices) == ["differs", "differs"]


def test_either_half_finds_the_connection_of_the_file() -> None:
    first = merged(None, assembled(linked(FORTH, BACK))).after
    for halves in ((FORTH, BACK), (FORTH,), (BACK,)):
        assert list(assembled(linked(*halves), first).topology.connections) == ["app-to-hub"]


@pytest.mark.parametrize("order", [(FORTH, BACK), (BACK, FORTH)])
def test_halves_that_are_imported_one_after_the_other_do_not_rename_the_link_nor_give_it_bgp_back(
    order: tuple[FoundConnection, FoundConnection],
) -> None:
    off = replace(BACK, bgp=False, tags={"owner": "b"}, ipsec_policy={"dhGroup": "DHGroup14"})
    on = replace(FORTH, tags={"owner": "a"}, ipsec_policy={"dhGroup": "DHGroup24"})
    first, second = (off if one is BACK else on for one in order)
    file = merged(None, assembled(linked(first))).after
    (name,) = file.connections
    after = merged(file, assembled(linked(second), file)).after
    link = after.connections[name]
    assert (link.azure_name, link.bgp) == (None, False)
    assert link.tags["owner"] == first.tags["owner"]
    assert dict(link.ipsec_policy) == first.ipsec_policy
    for half in (first, second, first):
        assert merged(after, assembled(linked(half), after)).after is after
    (differs,) = [one for one in assembled(linked(on), after).notices if one.kind == "differs"]
    assert f"connections.{name}" in differs.text
    # Both together say what is true of the link.
    both = assembled(linked(on, replace(off, bgp=True)), after)
    assert merged(after, both).after.connections[name].bgp is True


def test_sides_of_a_peering_that_are_imported_one_after_the_other_do_not_rename_it() -> None:
    sides = (
        peering("to-hub", "app", "hub", state="Connected"),
        peering("to-app", "hub", "app", state="Connected"),
    )
    file = merged(None, assembled(peered(sides[0]))).after
    assert list(file.peerings) == ["to-hub"]
    for one in (sides[1], *sides):
        assert merged(file, assembled(peered(one), file)).after is file
    assert merged(file, assembled(peered(*sides), file)).after is file


def test_a_planned_connection_between_the_same_ends_becomes_the_deployed_one() -> None:
    file = topology(
        """
        [vnets.hub]
        [vnets.app]
        [connections.wish]
        between = ["hub", "app"]
        bandwidth_mbps = 200
        """
    )
    after = merged(file, assembled(linked(FORTH, BACK), file)).after
    assert list(after.connections) == ["wish"]
    wish = after.connections["wish"]
    assert (wish.state, wish.bandwidth_mbps, wish.azure_name) == ("deployed", 200, "app-to-hub")
    assert wish.between == ("hub", "app")


@pytest.mark.parametrize(
    ("one", "missing"),
    [
        (connection("c", "gw-hub", "gw-far"), "gw-far"),
        (connection("c", "gw-far", "gw-hub"), "gw-far"),
        (connection("c", "gw-hub", "lng", "IPsec"), "lng"),
    ],
)
def test_a_connection_whose_end_is_nowhere_is_a_conflict_that_names_it(one: FoundConnection, missing: str) -> None:
    assembly = assembled(linked(one))
    assert not assembly.topology.connections
    (conflict,) = assembly.conflicts.values()
    assert missing in conflict.why
    (item,) = [item for item in merged(None, assembly).items if item.status == "conflict"]
    assert item.path == ("connections", "c")


def test_a_connection_to_a_vnet_of_the_file_alone_is_put_in() -> None:
    file = merged(None, assembled(ESTATE)).after
    assembly = assembled(Found(connections=(FORTH, BACK)), file)
    assert assembly.topology.connections["app-to-hub"].between == ("app", "hub")


def test_contradicting_sources_are_a_conflict_and_the_file_stays() -> None:
    found = replace(ESTATE, vnets=(*ESTATE.vnets, vnet("HUB", "10.9.0.0/16")))
    assembly = assembled(replace(found, connections=(FORTH, BACK)))
    assert set(assembly.conflicts) == {("vnets", "hub"), ("connections", "app-to-hub")}
    assert list(assembly.topology.vnets) == ["app"]
    file = merged(None, assembled(ESTATE)).after
    assert merged(file, assembled(found, file)).after is file


def test_a_contradiction_says_what_each_source_says_and_where() -> None:
    at = [Place("a.json", "[0]"), Place("b.json", "[7]")]
    vnets = vnet("hub", "10.0.0.0/16", place=at[0]), vnet("hub", "10.9.0.0/16", place=at[1])
    (conflict,) = assembled(Found(vnets=vnets)).conflicts.values()
    assert "prefixes (10.0.0.0/16 in a.json: [0] and 10.9.0.0/16 in b.json: [7])" in conflict.why
    told = [replace(FORTH, place=at[0]), replace(FORTH, routing_weight=None, bgp=False, place=at[1])]
    (conflict,) = assembled(linked(*told)).conflicts.values()
    assert "bgp (true in a.json: [0] and false in b.json: [7])" in conflict.why


def test_what_is_told_in_part_contradicts_nothing_that_has_it() -> None:
    whole, part = vnet("hub", "10.0.0.0/16", "10.9.0.0/16"), vnet("hub", "10.9.0.0/16", is_partial=True)
    assembly = assembled(Found(vnets=(part, whole)))
    assert assembly.topology.vnets["hub"].address_space == whole.prefixes
    assert not assembly.notices
    assert assembled(Found(vnets=(whole, vnet("hub", "10.8.0.0/16", is_partial=True)))).conflicts


def test_what_one_source_leaves_empty_another_fills() -> None:
    found = Found(vnets=(vnet("hub"), vnet("HUB", "10.0.0.0/16", group="RG", region="westeurope")))
    ((key, hub),) = assembled(found).topology.vnets.items()
    assert (key, str(hub.address_space[0]), hub.region, hub.resource_group) == (
        "hub",
        "10.0.0.0/16",
        "westeurope",
        "rg",
    )


def test_the_same_name_in_two_resource_groups_is_two_vnets_that_a_second_import_finds() -> None:
    found = Found(vnets=(vnet("app", "10.0.0.0/16", group="rg-a"), vnet("app", "10.0.0.0/16", group="rg-b")))
    after = merged(None, assembled(found)).after
    assert list(after.vnets) == ["app-rg-a", "app-rg-b"]
    assert {part.azure_name for part in after.vnets.values()} == {"app"}
    assert merged(after, assembled(found, after)).after is after


def test_a_vnet_that_the_file_tells_in_part_is_found_unless_two_could_be_it() -> None:
    file = topology("[vnets.app]\nnote = 'mine'")
    one = Found(vnets=(vnet("app", "10.0.0.0/16", group="rg-a"),))
    assert merged(file, assembled(one, file)).after.vnets["app"].resource_group == "rg-a"
    two = Found(vnets=(*one.vnets, vnet("app", "10.1.0.0/16", group="rg-b")))
    assembly = assembled(two, file)
    assert list(assembly.topology.vnets) == ["app-rg-a", "app-rg-b"]
    assert kinds(assembly.notices) == ["assumed", "assumed"]
    named = topology("[vnets.app]\n[vnets.x]\n[peerings.p]\nbetween = ['app', 'x']")
    assert set(assembled(two, named).conflicts) == {("vnets", "app-rg-a"), ("vnets", "app-rg-b")}


def test_a_subscription_without_an_id_in_the_file_is_known_by_its_vnets() -> None:
    file = topology("[subscriptions.prod]\n[vnets.hub]\nsubscription = 'prod'\nresource_group = 'rg'")
    after = merged(file, assembled(Found(vnets=(vnet("hub", "10.0.0.0/16"), vnet("new", "10.1.0.0/16"))), file)).after
    assert {key: part.id for key, part in after.subscriptions.items()} == {"prod": ONE}
    assert after.vnets["new"].subscription == "prod"


def test_a_gateway_whose_vnet_is_nowhere_is_said() -> None:
    assembly = assembled(Found(gateways=(gateway("gw", "far"), gateway("lost", "far", vnet=None))))
    assert kinds(assembly.notices) == ["missing", "missing"]
    assert not assembly.topology.vnets


def test_a_subnet_named_gatewaysubnet_is_no_gateway() -> None:
    assert all(part.gateway is None for part in assembled(Found(vnets=ESTATE.vnets)).topology.vnets.values())


def test_two_sides_are_one_peering_and_say_whose_gateway_is_used() -> None:
    sides = (
        peering("to-app", "hub", "app", allows_gateway_transit=True),
        peering("to-hub", "app", "hub", uses_remote_gateways=True),
    )
    ((key, link),) = assembled(peered(*sides)).topology.peerings.items()
    assert (key, link.between, link.gateway_transit) == ("to-app", ("hub", "app"), "hub")


@pytest.mark.parametrize(("state", "there"), [("Connected", True), ("Initiated", False), (None, False)])
def test_one_side_is_a_peering_only_where_azure_says_it_is_connected(state: str | None, there: bool) -> None:
    assembly = assembled(peered(peering("to-app", "hub", "app", state=state)))
    assert bool(assembly.topology.peerings) is there
    assert kinds(assembly.notices) == ["missing"]


def test_a_peering_with_a_vnet_that_is_nowhere_is_said() -> None:
    side = peering("to-far", "hub", "far", state="Connected")
    nameless = replace(side, remote=identity("", "", ""))
    assembly = assembled(peered(side, replace(nameless, identity=identity("odd"))))
    assert not assembly.topology.peerings
    assert kinds(assembly.notices) == ["missing", "missing"]


def test_peerings_of_one_name_go_by_their_ends() -> None:
    found = replace(
        ESTATE,
        vnets=(*ESTATE.vnets, vnet("web", "10.2.0.0/16")),
        peerings=tuple(
            peering("peer", a, b, state="Connected")
            for a, b in (("app", "hub"), ("hub", "app"), ("web", "hub"), ("hub", "web"))
        ),
    )
    links = assembled(found).topology.peerings
    assert list(links) == ["app-to-hub", "hub-to-web"]
    assert {link.azure_name for link in links.values()} == {"peer"}


def test_devices_that_differ_in_bgp_have_none() -> None:
    found = replace(
        ESTATE,
        local_gateways=tuple(local(f"fw{one}", "192.168.0.0/24", address=f"203.0.113.{one}") for one in (1, 2)),
        connections=tuple(connection(f"c{one}", "gw-hub", f"fw{one}", "IPsec", bgp=one == 1) for one in (1, 2)),
    )
    assembly = assembled(found)
    assert assembly.topology.connections["c1"].bgp is False
    assert kinds(assembly.notices) == ["differs"]
