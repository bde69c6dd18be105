"""What the details say of each kind of thing, and by which keys its parts can be reached."""

from __future__ import annotations

import datetime

import pytest

from tests.building import topology
from tui.app.panes.details import rows
from tui.checks.engine import check
from tui.errors import EditError
from tui.paths import samples
from tui.storage.load import load
from tui.topology.model import Part, Topology
from tui.topology.parts import Path, entry_at

DAY = datetime.date(2026, 8, 1)

PLAN = topology("""
    name = "Contoso WAN"
    note = "the plan"
    odd = 7
    [planning]
    workloads = ["aks"]
    own_public = ["203.0.112.0/22"]
    avoid = { "10.244.0.0/16" = "pods" }
    [planning.pools]
    weu = { prefixes = ["10.0.0.0/22"], region = "westeurope", default_size = "/24" }
    empty = []
    [checks]
    ADR006 = "info"
    [limits]
    subnets_per_vnet = 5
    skus.Basic = { tunnels = 9 }
    [subscriptions.prod]
    [vnets.hub]
    subscription = "prod"
    region = "westeurope"
    address_space = ["10.0.0.0/24"]
    growth = ["10.0.1.0/24", "10.0.0.0/25", "10.0.2.0/24", "10.0.0.0/23"]
    pool = "weu"
    gateway = { sku = "VpnGw1AZ" }
    subnets = { GatewaySubnet = "10.0.0.0/27", app = ["10.0.0.64/26", "10.0.0.32/29"], none = [] }
    [vnets.app]
    subscription = "prod"
    address_space = ["10.0.2.0/25"]
    [vnets.twin]
    address_space = ["10.0.0.128/25"]
    [vnets.far]
    address_space = ["10.0.0.0/25"]
    [sites.dublin]
    asn = 64900
    address_space = ["192.168.10.0/24"]
    devices.fw1 = "203.0.113.20"
    devices.fw2 = { asn = 64901, bgp_peer = "192.168.10.2" }
    [connections.to-dublin]
    between = ["hub", "dublin"]
    bandwidth_mbps = 200
    bgp = true
    [connections.to-twin]
    between = ["hub", "twin"]
    [connections.er]
    between = ["hub", "dublin"]
    kind = "expressroute"
    [peerings.to-app]
    between = ["hub", "app"]
    gateway_transit = "hub"
    [services.shop]
    kind = "cloud-service"
    vnets = ["hub", "gone", "hub"]
    [waivers.twin]
    code = "ADR001"
    where = ["vnets.*"]
    reason = "for the move"
    expires = 2026-08-31
    [waivers.old]
    code = "ADR002"
    expires = 2026-07-31
""")


def texts(path: Path, plan: Topology = PLAN) -> list[str]:
    shown = rows(plan, path, today=DAY, findings=check(plan, DAY))
    assert len({row.key for row in shown}) == len(shown), "two rows have one key"
    return [" ".join(cell.text for cell in row.cells).strip() for row in shown]


def keys(path: Path) -> set[object]:
    return {row.key for row in rows(PLAN, path)}


def test_the_topology_shows_all_that_no_pane_lists() -> None:
    shown = texts(())
    for line in (
        "Contoso WAN",
        "note the plan",
        "holds 1 subscription, 4 VNets, 1 site, 3 connections, 1 peering",
        "odd 7 (unknown key)",
        "weu 10.0.0.0/22 westeurope  37 % used [###-----], 37 % held",
        "empty empty  holds no prefix",
        "10.244.0.0/16 pods",
        "own_public 203.0.112.0/22",
        "workloads aks",
        "shop cloud-service in hub, gone, hub",
        "twin ADR001  vnets.*  for the move  30 days left",
        "old ADR002  expired on 2026-07-31",
        "subnets_per_vnet 5",
        "skus.Basic tunnels = 9",
    ):
        assert line in shown
    assert any(line.startswith("ADR006 info: ") for line in shown)
    assert keys(()) >= {
        ("planning", "pools", "weu"),
        ("planning", "avoid", "10.244.0.0/16"),
        ("services", "shop"),
        ("waivers", "twin"),
        ("checks", "ADR006"),
    }


def test_growth_says_whether_it_is_still_free() -> None:
    shown = texts(("vnets", "hub"))
    assert "growth 10.0.1.0/24  held, free" in shown
    assert "growth 10.0.0.0/25  taken by far" in shown
    assert "growth 10.0.2.0/24  taken by app" in shown
    assert "growth 10.0.0.0/23  taken by twin, far" in shown
    alone = topology('[vnets.a]\naddress_space = ["10.0.0.0/24"]\ngrowth = ["10.0.0.0/23", "10.0.0.0/25"]')
    assert "growth 10.0.0.0/23  held, 256 of 512 addresses free" in texts(("vnets", "a"), alone)
    assert "growth 10.0.0.0/25  used" in texts(("vnets", "a"), alone)


def test_a_vnet_shows_its_subnets_and_the_gaps_in_the_order_of_their_addresses() -> None:
    shown = texts(("vnets", "hub"))
    start = shown.index("GatewaySubnet 10.0.0.0/27  27 usable")
    assert shown[start + 1 : start + 5] == [
        "app 10.0.0.32/29  3 usable",
        "free 10.0.0.40/29",
        "free 10.0.0.48/28",
        "app 10.0.0.64/26  59 usable",
    ]
    assert "use 40 % of its address space is in subnets [####----]" in shown
    assert keys(("vnets", "hub")) >= {
        ("vnets", "hub", "subnets", "app"),
        ("vnets", "hub", "subnets", "none"),
        ("vnets", "hub", "gateway"),
        ("connections", "to-dublin"),
        ("peerings", "to-app"),
        ("services", "shop"),
    }


def test_a_vnet_shows_its_links_and_its_services() -> None:
    shown = texts(("vnets", "hub"))
    assert "to-dublin dublin (vpn with BGP)" in shown
    assert "to-app app (peering, uses the gateway of hub)" in shown
    assert "er dublin (expressroute)" in shown
    assert "services in it (1)" in shown


def test_an_overlap_says_whether_and_why_the_two_are_joined() -> None:
    shown = texts(("vnets", "hub"))
    assert "twin 10.0.0.0/24 with 10.0.0.128/25; joined: they are linked directly" in shown
    assert "far 10.0.0.0/24 with 10.0.0.0/25; not joined: they can never be connected" in shown
    assert texts(("vnets", "app")).count("overlaps (0)") == 0


@pytest.mark.parametrize(
    ("drawn", "why"),
    [
        ("connections.x.between = ['a', 'c']\nconnections.y.between = ['c', 'b']", "both are linked to c"),
        (
            "vnets.d.gateway.sku = 'VpnGw1'\n"
            + "\n".join(
                f"connections.{n} = {{ between = ['{one}', '{two}'], bgp = true }}"
                for n, (one, two) in {"x": ("a", "c"), "y": ("c", "d"), "z": ("d", "b")}.items()
            ),
            "one BGP domain joins them: a – c – d – b",
        ),
        (
            "vnets.d.transit = true\nvnets.c.transit = true\npeerings.x.between = ['a', 'c']\n"
            "peerings.y.between = ['c', 'd']\npeerings.z.between = ['d', 'b']",
            "transit joins them: a – c – d – b",
        ),
    ],
)
def test_two_that_are_not_linked_are_joined_by_what_lies_between(drawn: str, why: str) -> None:
    plan = topology(
        "vnets.a.address_space = ['10.0.0.0/24']\nvnets.b.address_space = ['10.0.0.0/25']\nvnets.c.note = 'hub'\n"
        + drawn
    )
    assert f"b 10.0.0.0/24 with 10.0.0.0/25; joined: {why}" in texts(("vnets", "a"), plan)


def test_a_subscription_shows_its_vnets_and_figures() -> None:
    shown = texts(("subscriptions", "prod"))
    assert "figures 2 VNets, 1 gateway, 384 IPv4 addresses" in shown
    assert "regions westeurope 1, no region 1" in shown
    assert {("vnets", "hub"), ("vnets", "app")} <= keys(("subscriptions", "prod"))


def test_a_site_shows_its_devices_with_the_asn_that_each_speaks_with() -> None:
    shown = texts(("sites", "dublin"))
    assert "fw1 203.0.113.20, ASN 64900" in shown
    assert "fw2 no address, ASN 64901, BGP peer 192.168.10.2" in shown
    assert ("sites", "dublin", "devices", "fw1") in keys(("sites", "dublin"))


def test_a_connection_shows_what_it_takes_and_carries_and_the_meters_at_both_ends() -> None:
    shown = texts(("connections", "to-dublin"))
    assert "tunnels takes 2 at each gateway" in shown
    assert "hub: gateway 3/30 27 left [#-----]; 200/650 Mbps, 450 left; carries 200 of 650" in shown
    assert "twin: gateway none, and it needs one" in texts(("connections", "to-twin"))
    assert "tunnels takes no tunnel" in texts(("connections", "er"))
    assert "tunnels takes no tunnel" in texts(("peerings", "to-app"))
    assert keys(("connections", "to-dublin")) >= {("vnets", "hub"), ("sites", "dublin"), ("vnets", "hub", "gateway")}


def test_a_service_shows_where_it_lives_and_what_is_not_there() -> None:
    assert "hub 10.0.0.0/24" in texts(("services", "shop"))
    assert "gone there is no such network" in texts(("services", "shop"))


def test_a_waiver_shows_what_it_accepts_and_how_long() -> None:
    shown = texts(("waivers", "twin"))
    assert "rule two joined networks overlap" in shown
    assert "holds 30 days left" in shown
    assert "accepts (1)" in shown
    assert "holds expired on 2026-07-31" in texts(("waivers", "old"))
    assert "holds until 2026-08-31" in [" ".join(c.text for c in row.cells) for row in rows(PLAN, ("waivers", "twin"))]


def test_a_pool_shows_how_full_it_is_and_what_is_free() -> None:
    shown = texts(("planning", "pools", "weu"))
    assert "use 37 % used [###-----], 37 % held" in shown
    assert "free (256 addresses)" in shown
    assert "free 10.0.3.0/24" in shown
    assert "VNets of this pool (1)" in shown
    assert "use holds no prefix" in texts(("planning", "pools", "empty"))
    assert texts(("planning",))[0] == "planning"


def test_a_subnet_a_gateway_and_a_device_have_details_of_their_own() -> None:
    assert "addresses 10.0.0.64/26  59 usable" in texts(("vnets", "hub", "subnets", "app"))
    assert "tunnels [#-----] 3/30 27 left (Azure's figure for VpnGw1AZ RouteBased)" in texts(
        ("vnets", "hub", "gateway")
    )
    assert "bgp_peer 192.168.10.2" in texts(("sites", "dublin", "devices", "fw2"))


def test_what_is_not_there_has_no_details() -> None:
    for path in (None, ("sites",), ("vnets", "gone"), ("vnets", "app", "gateway"), ("no", "such", "thing")):
        assert rows(PLAN, path) == []


def reachable_keys(plan: Topology, path: Path) -> set[Path]:
    return {row.key for row in rows(plan, path, today=DAY) if isinstance(row.key, tuple) and exists(plan, row.key)}


def exists(plan: Topology, key: tuple[object, ...]) -> bool:
    try:
        return all(isinstance(step, str) for step in key) and isinstance(entry_at(plan, key), Part)  # type: ignore[arg-type]
    except EditError:
        return False


@pytest.mark.parametrize("name", samples())
def test_every_thing_of_every_sample_has_details_and_can_be_reached(name: str) -> None:
    plan = load(samples()[name]).topology
    listed = [
        (table, key)
        for table in ("subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers")
        for key in getattr(plan, table)
    ]
    pools: list[Path] = [("planning", "pools", name) for name in plan.planning.pools]
    from_file = reachable_keys(plan, ())
    assert {one for one in [*listed, *pools] if one[0] in ("services", "waivers", "planning")} <= from_file
    for one in [*listed, *pools]:
        shown = rows(plan, one, today=DAY)
        assert len(shown) > 1
        assert len({row.key for row in shown}) == len(shown)
        part = entry_at(plan, one)
        inner = {(*one, "subnets", name) for name in getattr(part, "subnets", ())}
        inner |= {(*one, "devices", name) for name in getattr(part, "devices", None) or () if one[0] == "sites"}
        assert inner <= reachable_keys(plan, one)
