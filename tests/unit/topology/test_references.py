"""Who names whom: a rename carries every reference, a deletion what cannot be without it, and nothing else moves.

Invariant: the property at the end holds for any topology and any edits; "dangling" is found there by a plain walk over
everything, not by the code under test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import EditError
from tui.topology.edits import Edit, add, add_gateway, change, connect, delete, move_to_subscription, peer, rename
from tui.topology.model import Gateway, Site, Topology, VNet
from tui.topology.parts import Path
from tui.topology.table import Table

PLAN = """
    planning.pools = { weu = ["10.0.0.0/8"], lab = ["172.16.0.0/12"] }
    subscriptions = { prod = {}, dev = {} }
    [vnets]
    hub = { subscription = "prod", pool = "weu", gateway = {}, subnets = { app = {}, web = {} } }
    app = { subscription = "prod", pool = "lab", state = "deployed", gateway = {} }
    "a.b" = { subscription = "dev", state = "deployed", azure_name = "vnet-ab", gateway = { name = "gw" } }
    [sites]
    dublin = { subscription = "dev", devices = { fw1 = "203.0.113.1", fw2 = "203.0.113.2" } }
    cork = { state = "deployed", devices = { fw1 = "203.0.113.3" } }
    [connections]
    hub-dublin = { between = ["hub", "dublin"], devices = ["fw1", "fw2"], subscription = "prod" }
    app-cork = { between = ["cork", "app"], devices = ["fw1"], state = "deployed" }
    ab-app = { between = ["a.b", "app"] }
    [peerings]
    hub-app = { between = ["hub", "app"], gateway_transit = "hub" }
    app-ab = { between = ["app", "a.b"], gateway_transit = "hub" }
    [services]
    shop = { kind = "cloud-service", vnets = ["hub", "app"] }
    mail = { kind = "online-backup", vnets = ["a.b"] }
    [waivers]
    hub = { code = "A", where = ["vnets.hub", "vnets.hub.subnets.app", "vnets.hub-2", "vnets.hub*"] }
    ab = { code = "A", where = ['vnets."a.b"', 'vnets."a.b".gateway.asn', "vnets.a"] }
    gateway = { code = "A", where = ["vnets.hub.gateway"] }
    link = { code = "A", where = ["connections.hub-dublin"] }
    fw = { code = "A", where = ["sites.dublin.devices.fw1", "connections.app-cork.bgp"] }
    pool = { code = "A", where = ["planning.pools.weu", "subscriptions.prod"] }
    glob = { code = "A", where = ["vnets.*"] }
"""


@pytest.fixture
def plan() -> Topology:
    return topology(PLAN)


def where(plan: Topology) -> dict[str, tuple[str, ...]]:
    return {name: waiver.where for name, waiver in plan.waivers.items()}


def references(plan: Topology) -> list[object]:
    """What links and services name."""
    links = [(link.between, link.devices, link.subscription) for link in plan.connections.values()]
    peerings = [(peering.between, peering.gateway_transit) for peering in plan.peerings.values()]
    return [links, peerings, [service.vnets for service in plan.services.values()]]


def unlike(before: Topology, after: Topology) -> set[str]:
    """The parts that are not the very same objects, by table and name; "old > new" where one was replaced."""
    found = set()
    for place in ("subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers"):
        old, new = getattr(before, place), getattr(after, place)
        found |= {f"{place}.{name}" for name in {*old, *new} if old.get(name) is not new.get(name)}
    old, new = before.planning.pools, after.planning.pools
    return found | {f"pools.{name}" for name in {*old, *new} if old.get(name) is not new.get(name)}


# Renaming


def test_renaming_a_vnet_carries_everything_that_names_it(plan: Topology) -> None:
    edit = rename(("vnets", "hub"), "hub weu")
    renamed = edit.apply(plan)
    assert edit.title == "Rename VNet hub to hub weu"
    assert list(renamed.vnets) == ["hub weu", "app", "a.b"]
    assert renamed.connections["hub-dublin"].between == ("hub weu", "dublin")
    assert renamed.peerings["hub-app"].between == ("hub weu", "app")
    assert renamed.peerings["hub-app"].gateway_transit == "hub weu"
    assert renamed.peerings["app-ab"].gateway_transit == "hub weu"
    assert renamed.services["shop"].vnets == ("hub weu", "app")
    expected = ('vnets."hub weu"', 'vnets."hub weu".subnets.app', "vnets.hub-2", "vnets.hub*")
    assert where(renamed) == {**where(plan), "hub": expected, "gateway": ('vnets."hub weu".gateway',)}


def test_renaming_a_vnet_touches_nothing_else(plan: Topology) -> None:
    renamed = rename(("vnets", "hub"), "new").apply(plan)
    assert unlike(plan, renamed) == {
        *("vnets.hub", "vnets.new", "connections.hub-dublin", "peerings.hub-app", "peerings.app-ab", "services.shop"),
        *("waivers.hub", "waivers.gateway"),
    }
    assert renamed.vnets["new"].subnets is plan.vnets["hub"].subnets
    for untouched in ("planning", "sites", "subscriptions", "limits", "checks"):
        assert getattr(renamed, untouched) is getattr(plan, untouched)


def test_a_quoted_name_is_carried_in_waivers(plan: Topology) -> None:
    renamed = rename(("vnets", "a.b"), "ab").apply(plan)
    assert where(renamed)["ab"] == ("vnets.ab", "vnets.ab.gateway.asn", "vnets.a")


@pytest.mark.parametrize(
    ("path", "new_name", "touched"),
    [
        (("subscriptions", "prod"), "p", {"vnets.hub", "vnets.app", "connections.hub-dublin", "waivers.pool"}),
        (("subscriptions", "dev"), "d", {"vnets.a.b", "sites.dublin"}),
        (("sites", "dublin"), "cavan", {"connections.hub-dublin", "waivers.fw"}),
        (("sites", "dublin", "devices", "fw1"), "x", {"sites.dublin", "connections.hub-dublin", "waivers.fw"}),
        (("sites", "cork", "devices", "fw1"), "x", {"sites.cork", "connections.app-cork"}),
        (("planning", "pools", "weu"), "x", {"vnets.hub", "waivers.pool"}),
        (("connections", "hub-dublin"), "x", {"waivers.link"}),
        (("vnets", "hub", "subnets", "app"), "x", {"vnets.hub", "waivers.hub"}),
        (("peerings", "hub-app"), "x", set()),
        (("services", "shop"), "x", set()),
        (("waivers", "hub"), "x", set()),
    ],
)
def test_every_kind_of_thing_can_be_renamed(plan: Topology, path: Path, new_name: str, touched: set[str]) -> None:
    renamed = rename(path, new_name).apply(plan)
    place = "pools" if path[0] == "planning" else path[0]
    own = {f"{place}.{path[-1]}", f"{place}.{new_name}"} if len(path) < 4 else set()
    assert unlike(plan, renamed) == touched | own
    assert len(dangling(renamed)) == len(dangling(plan))
    back = rename((*path[:-1], new_name), path[-1]).apply(renamed)
    assert (where(back), references(back)) == (where(plan), references(plan))


def test_a_deployed_thing_keeps_the_name_that_azure_knows(plan: Topology) -> None:
    renamed = rename(("vnets", "app"), "new").apply(plan)
    gateway = renamed.vnets["new"].gateway
    assert gateway is not None
    assert (renamed.vnets["new"].azure_name, gateway.name) == ("app", "app")
    assert rename(("sites", "cork"), "new").apply(plan).sites["new"].azure_name == "cork"
    assert rename(("connections", "app-cork"), "new").apply(plan).connections["new"].azure_name == "app-cork"


def test_a_name_that_azure_knows_already_stays(plan: Topology) -> None:
    vnet = rename(("vnets", "a.b"), "new").apply(plan).vnets["new"]
    assert vnet.gateway is not None
    assert (vnet.azure_name, vnet.gateway.name) == ("vnet-ab", "gw")


def test_a_planned_thing_gets_its_new_name_in_azure_too(plan: Topology) -> None:
    vnet = rename(("vnets", "hub"), "new").apply(plan).vnets["new"]
    assert vnet.gateway is not None
    assert (vnet.azure_name, vnet.gateway.name) == (None, None)


def test_a_rename_to_the_same_name_changes_nothing(plan: Topology) -> None:
    assert rename(("vnets", "hub"), "hub").apply(plan) is plan


@pytest.mark.parametrize(
    ("path", "new_name", "message"),
    [
        (("vnets", "hub"), "app", "vnets.app exists already"),
        (("vnets", "none"), "app", "there is no vnets.none"),
        (("vnets", "hub", "gateway"), "x", "vnets.hub is no table of things"),
        (("vnets", "hub", "region"), "x", "vnets.hub is no table of things"),
        (("name",), "x", " is no table of things"),
    ],
)
def test_what_cannot_be_renamed_is_refused(plan: Topology, path: Path, new_name: str, message: str) -> None:
    with pytest.raises(EditError) as caught:
        rename(path, new_name).apply(plan)
    assert caught.value.message == message


def test_what_is_a_plain_value_has_no_name_to_change() -> None:
    plain = topology('planning.avoid."10.0.0.0/8" = "x"\nsubscriptions.s.tags.owner = "me"')
    for path in (("planning", "avoid", "10.0.0.0/8"), ("subscriptions", "s", "tags", "owner")):
        with pytest.raises(EditError, match="cannot be renamed"):
            rename(path, "new").apply(plain)


# Deleting


def test_deleting_a_vnet_takes_its_links_and_waivers_along(plan: Topology) -> None:
    edit = delete(("vnets", "hub"))
    left = edit.apply(plan)
    assert edit.title == "Delete VNet hub"
    assert list(left.vnets) == ["app", "a.b"]
    assert list(left.connections) == ["app-cork", "ab-app"]
    assert list(left.peerings) == ["app-ab"]
    assert left.peerings["app-ab"].gateway_transit is None
    expected = {**where(plan), "hub": ("vnets.hub-2", "vnets.hub*")}
    assert where(left) == {name: paths for name, paths in expected.items() if name not in ("gateway", "link")}


def test_a_service_stays_with_its_other_vnet_and_goes_with_its_last(plan: Topology) -> None:
    assert delete(("vnets", "hub")).apply(plan).services["shop"].vnets == ("app",)
    left = delete(("vnets", "a.b")).apply(plan).services
    assert list(left) == ["shop"]
    assert left["shop"] is plan.services["shop"]


def test_deleting_touches_nothing_else(plan: Topology) -> None:
    left = delete(("vnets", "a.b")).apply(plan)
    assert unlike(plan, left) == {
        *("vnets.a.b", "connections.ab-app", "peerings.app-ab", "services.mail", "waivers.ab"),
    }
    assert where(left)["ab"] == ("vnets.a",)
    assert left.sites is plan.sites
    assert left.planning is plan.planning


@pytest.mark.parametrize(
    ("path", "touched"),
    [
        (("sites", "dublin"), {"sites.dublin", "connections.hub-dublin", "waivers.fw", "waivers.link"}),
        (("sites", "dublin", "devices", "fw1"), {"sites.dublin", "connections.hub-dublin", "waivers.fw"}),
        (("sites", "cork", "devices", "fw1"), {"sites.cork", "connections.app-cork", "waivers.fw"}),
        (("planning", "pools", "weu"), {"pools.weu", "vnets.hub", "waivers.pool"}),
        (("connections", "hub-dublin"), {"connections.hub-dublin", "waivers.link"}),
        (("vnets", "hub", "subnets", "app"), {"vnets.hub", "waivers.hub"}),
        (("vnets", "hub", "gateway"), {"vnets.hub", "waivers.gateway"}),
        (("services", "shop"), {"services.shop"}),
        (("waivers", "glob"), {"waivers.glob"}),
    ],
)
def test_every_kind_of_thing_can_be_deleted(plan: Topology, path: Path, touched: set[str]) -> None:
    left = delete(path).apply(plan)
    assert unlike(plan, left) == touched
    assert set(dangling(left)) <= set(dangling(plan))
    assert plan == topology(PLAN)


def test_a_connection_loses_the_device_that_goes_and_goes_with_its_last(plan: Topology) -> None:
    left = delete(("sites", "dublin", "devices", "fw1")).apply(plan)
    assert left.connections["hub-dublin"].devices == ("fw2",)
    assert "app-cork" not in delete(("sites", "cork", "devices", "fw1")).apply(plan).connections


def test_deleting_a_subscription_takes_its_vnets_along_and_frees_the_rest(plan: Topology) -> None:
    left = delete(("subscriptions", "prod")).apply(plan)
    assert list(left.vnets) == ["a.b"]
    assert not left.connections
    assert left.peerings == Table()
    assert list(left.services) == ["mail"]
    left = delete(("subscriptions", "dev")).apply(plan)
    assert list(left.vnets) == ["hub", "app"]
    assert left.sites["dublin"].subscription is None


def test_deleting_a_tag_deletes_a_tag() -> None:
    plan = topology(
        """
        subscriptions.prod.tags = { owner = "me" }
        vnets.a = { subscription = "owner", tags = { fw1 = "x" } }
        sites.s = { tags = { fw1 = "x" } }
        connections.c = { between = ["a", "s"], devices = ["fw1"] }
        """
    )
    assert unlike(plan, delete(("subscriptions", "prod", "tags", "owner")).apply(plan)) == {"subscriptions.prod"}
    assert unlike(plan, delete(("sites", "s", "tags", "fw1")).apply(plan)) == {"sites.s"}


def test_what_is_not_there_cannot_be_deleted(plan: Topology) -> None:
    for path in (("vnets", "none"), ("connections", "none"), ("vnets", "none", "gateway"), ("nothing",)):
        with pytest.raises(EditError, match="there is no"):
            delete(path).apply(plan)
    with pytest.raises(EditError, match=r"there is no vnets\.hub\.gateway"):
        delete(("vnets", "hub", "gateway")).apply(delete(("vnets", "hub", "gateway")).apply(plan))


def test_where_a_vnet_and_a_site_have_one_name_it_means_the_vnet() -> None:
    plan = topology('vnets = { a = {}, b = {} }\nsites.a = {}\nconnections.c.between = ["a", "b"]')
    assert delete(("sites", "a")).apply(plan).connections is plan.connections
    assert rename(("sites", "a"), "new").apply(plan).connections is plan.connections
    assert rename(("vnets", "a"), "new").apply(plan).connections["c"].between == ("new", "b")


# Nothing dangles that did not dangle before


def dangling(plan: Topology) -> list[str]:
    """Every name that leads nowhere."""
    networks, found = {*plan.vnets, *plan.sites}, []
    for place in ("vnets", "sites", "connections"):
        found += [part.subscription for part in getattr(plan, place).values() if part.subscription]
    found = [name for name in found if name not in plan.subscriptions]
    found += [vnet.pool for vnet in plan.vnets.values() if vnet.pool and vnet.pool not in plan.planning.pools]
    ends = [*(c.between for c in plan.connections.values()), *(p.between for p in plan.peerings.values())]
    found += [end for pair in ends for end in pair if end not in networks]
    for link in plan.connections.values():
        sites = [plan.sites[end] for end in link.between if end in plan.sites and end not in plan.vnets]
        known = {name for site in sites for name, _ in site.tunnel_ends()}
        found += [device for device in link.devices or () if device not in known]
    found += [
        p.gateway_transit for p in plan.peerings.values() if p.gateway_transit and p.gateway_transit not in networks
    ]
    found += [name for service in plan.services.values() for name in service.vnets if name not in plan.vnets]
    return found + [path for waiver in plan.waivers.values() for path in waiver.where if path not in set(paths(plan))]


def paths(plan: Topology) -> Iterator[str]:
    """The key paths that waivers may name; the names in the random topologies need no quotes."""
    for place in ("vnets", "sites", "connections", "services"):
        for name, part in getattr(plan, place).items():
            yield f"{place}.{name}"
            yield from (f"{place}.{name}.subnets.{subnet}" for subnet in getattr(part, "subnets", ()))
            yield from (f"{place}.{name}.devices.{device}" for device in getattr(part, "devices", None) or ())
            if getattr(part, "gateway", None):
                yield f"{place}.{name}.gateway"


NAMES = st.sampled_from("abcdefg")
SUBSCRIPTIONS = st.sampled_from(["s", "t", None])
DEVICES = st.dictionaries(st.sampled_from(["x", "y"]), st.just("203.0.113.1"))
ENDS = st.lists(NAMES, min_size=2, max_size=2)
WHERE = st.tuples(st.sampled_from(["vnets", "sites", "connections", "services"]), NAMES).map(".".join)
BELOW = st.builds("{}{}".format, WHERE, st.sampled_from(["", "", ".subnets.x", ".gateway", ".devices.x"]))


def parts(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    given_fields = st.fixed_dictionaries(fields).map(lambda part: {k: v for k, v in part.items() if v is not None})
    return st.dictionaries(NAMES, given_fields, max_size=4)


TOPOLOGIES = st.fixed_dictionaries(
    {
        "planning": st.just({"pools": {"p": []}}),
        "subscriptions": st.just({"s": {}, "t": {}}),
        "vnets": parts(
            subscription=SUBSCRIPTIONS,
            pool=st.sampled_from(["p", "q", None]),
            gateway=st.sampled_from([{}, None]),
            subnets=st.dictionaries(st.sampled_from(["x", "y"]), st.just("10.0.0.0/24")),
        ),
        "sites": parts(subscription=SUBSCRIPTIONS, devices=DEVICES),
        "connections": parts(
            between=ENDS, devices=st.none() | st.lists(st.sampled_from(["x", "y"])), subscription=SUBSCRIPTIONS
        ),
        "peerings": parts(between=ENDS, gateway_transit=st.none() | NAMES),
        "services": parts(kind=st.just("cloud-service"), vnets=st.lists(NAMES, max_size=3)),
        "waivers": parts(code=st.just("A"), where=st.lists(BELOW, max_size=3)),
    }
).map(lambda data: Topology.model_validate({"schema": 1, **data}))
PLACES = st.sampled_from(["vnets", "vnets", "sites", "connections", "peerings", "services", "waivers"])
PATHS = (
    st.tuples(PLACES, NAMES)
    | st.tuples(st.just("subscriptions"), st.sampled_from("stuv"))
    | st.tuples(st.just("vnets"), NAMES, st.just("subnets"), st.sampled_from("xyz"))
    | st.tuples(st.just("sites"), NAMES, st.just("devices"), st.sampled_from("xyz"))
    | st.tuples(st.just("vnets"), NAMES, st.just("gateway"))
    | st.tuples(st.just("planning"), st.just("pools"), st.sampled_from("pqr"))
)
EDITS = st.one_of(
    st.builds(rename, PATHS, st.sampled_from("abcdefghxyzpqst")),
    st.builds(delete, PATHS),
    st.builds(lambda name: add(("vnets", name), VNet()), NAMES),
    st.builds(lambda name: add(("sites", name), Site()), NAMES),
    st.builds(connect, NAMES, NAMES),
    st.builds(peer, NAMES, NAMES),
    st.builds(move_to_subscription, NAMES, st.sampled_from("stuv")),
    st.builds(lambda name: add_gateway(name, Gateway()), NAMES),
    st.builds(lambda name: change(("vnets", name), note="x", address_space=["10.0.0.0/24"]), NAMES),
)


@settings(max_examples=150)
@given(TOPOLOGIES, st.lists(EDITS, max_size=8))
def test_no_edit_makes_a_name_dangle(plan: Topology, edits: list[Edit]) -> None:
    for edit in edits:
        before = plan.model_copy(deep=True)
        try:
            edited = edit.apply(plan)
        except EditError:
            edited = plan
        assert plan == before, edit.title
        # A rename may give a dangling name another spelling; there are never more of them.
        assert len(dangling(edited)) <= len(dangling(plan)), edit.title
        plan = edited
