"""The connections and the subscriptions, with their figures."""

from __future__ import annotations

from tests.building import topology
from tui.app.panes import connections, subscriptions
from tui.app.panes.rollup import Count
from tui.app.widgets.rows import Row

PLAN = topology("""
    [subscriptions.prod]
    name = "Production"
    [vnets.hub]
    subscription = "prod"
    gateway = { sku = "VpnGw1", tunnel_budget = 1 }
    [vnets.app]
    subscription = "prod"
    [sites.dublin]
    devices = { fw1 = "203.0.113.1", fw2 = "203.0.113.2" }
    [connections.to-dublin]
    between = ["hub", "dublin"]
    bandwidth_mbps = 200
    bgp = true
    [connections.er]
    between = ["app", "dublin"]
    kind = "expressroute"
    [peerings.spoke]
    between = ["hub", "app"]
    gateway_transit = "hub"
""")


def texts(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def test_a_connection_shows_its_ends_its_kind_and_the_meters() -> None:
    vpn, er, peering = connections.rows(PLAN, {("connections", "er"): Count(error=1)})
    assert texts(vpn) == ["to-dublin", "hub – dublin", "site-to-site", "yes", "200", "2/1 1 over", ""]
    assert vpn.cells[5].role == "meter_over"
    assert texts(er)[2:] == ["expressroute", "", "–", "takes no tunnel", "E1"]
    assert texts(peering)[2:] == ["peering (hub)", "", "", "takes no tunnel", ""]
    assert [row.key for row in (vpn, er, peering)] == [
        ("connections", "to-dublin"),
        ("connections", "er"),
        ("peerings", "spoke"),
    ]


def test_the_links_of_one_network_are_those_that_end_at_it() -> None:
    shown = connections.rows(PLAN, {}, network="app", marked={("connections", "er")})
    assert [(row.cells[0].text, row.marked) for row in shown] == [("er", True), ("spoke", False)]


def test_a_subscription_has_the_findings_of_its_vnets_and_its_own() -> None:
    counts: dict[tuple[str, ...], Count] = {
        ("vnets", "hub"): Count(error=1),
        ("vnets", "app"): Count(error=1),
        ("subscriptions", "prod"): Count(1),
    }
    whole, prod = subscriptions.rows(PLAN, counts, whole=Count(error=2))
    assert texts(whole) == ["all", "2", "E2"]
    assert texts(prod) == ["Production", "2", "E3"]
    assert (whole.key, prod.key) == ((), ("subscriptions", "prod"))
