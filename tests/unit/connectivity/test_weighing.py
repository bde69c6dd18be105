"""Weighing: what a change would make of the budgets, asked of the named networks alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.connectivity.oracle import Oracle
from tests.unit.connectivity.strategies import SITES, VNETS, often, topologies
from tui.app.panes import gateways as pane
from tui.connectivity.budgets import budgets, budgets_of
from tui.connectivity.collisions import collisions
from tui.connectivity.weighing import bandwidth_meter, excerpt, tunnel_meter, weigh
from tui.topology.edits import add_gateway, change, combined, connect, delete
from tui.topology.model import Gateway, Topology

HUB = topology(
    """
    [vnets.hub]
    gateway = { sku = "VpnGw1AZ", tunnel_budget = 2 }
    [vnets.app]
    address_space = ["10.1.0.0/24"]
    [vnets.lone]
    [sites.hq]
    vpn_device = "203.0.113.1"
    [sites.dc]
    devices = { fw1 = "203.0.113.2", fw2 = "203.0.113.3" }
    [connections.hub-to-hq]
    between = ["hub", "hq"]
    bandwidth_mbps = 600
    """
)


def linked(before: Topology, a: str, b: str, **fields: Any) -> Topology:
    """The topology in which `a` and `b` are connected as well."""
    return connect(a, b, **fields).apply(before)


@often
@given(topologies(gateways=True))
def test_a_budget_asked_for_alone_is_the_one_that_all_budgets_hold(any_topology: Topology) -> None:
    alone = {name: budget for one in any_topology.vnets for name, budget in budgets_of(any_topology, [one]).items()}
    assert alone == budgets(any_topology)


def test_a_vnet_that_gains_a_gateway_has_no_budget_before_and_one_after() -> None:
    edit = combined("", [add_gateway("app", Gateway(sku="VpnGw1AZ")), connect("hub", "app")])
    app, hub = weigh(HUB, edit.apply(HUB), ["app", "hub", "app", "hq", "nobody"])
    assert (app.name, app.before, tunnel_meter(app.after)) == ("app", None, "1/30 29 left")
    assert (tunnel_meter(hub.before), tunnel_meter(hub.after)) == ("1/2 1 left", "2/2 0 left")


def test_a_vnet_without_gateway_weighs_nothing() -> None:
    (lone,) = weigh(HUB, linked(HUB, "hub", "lone"), ["lone"])
    assert (lone.before, lone.after, lone.tunnels_over, lone.bandwidth_over) == (None, None, 0, 0)


def test_the_tunnels_beyond_the_lower_limit_are_counted() -> None:
    (hub,) = weigh(HUB, linked(HUB, "hub", "dc"), ["hub"])
    assert hub.tunnels_over == 1


def test_the_bandwidth_beyond_the_sku_is_counted() -> None:
    (hub,) = weigh(HUB, linked(HUB, "hub", "app", bandwidth_mbps=100), ["hub"])
    assert hub.bandwidth_over == 50
    assert bandwidth_meter(hub.after) == "700/650 Mbps, 50 over"


def test_a_change_is_not_blamed_for_what_was_over_before() -> None:
    full = linked(HUB, "hub", "dc", bandwidth_mbps=500)
    (same,) = weigh(full, change(("vnets", "hub"), note="x").apply(full), ["hub"])
    (better,) = weigh(full, delete(("connections", "hub-to-hq")).apply(full), ["hub"])
    assert [(one.tunnels_over, one.bandwidth_over) for one in (same, better)] == [(0, 0), (0, 0)]


def test_a_lower_limit_is_blamed() -> None:
    (hub,) = weigh(HUB, change(("vnets", "hub", "gateway"), tunnel_budget=0).apply(HUB), ["hub"])
    assert hub.tunnels_over == 1


@pytest.mark.parametrize("sku", ["VpnGw1AZ", "NoSuchSku", "Basic"])
def test_the_tunnel_meter_reads_as_in_the_pane_of_gateways(sku: str) -> None:
    (hub,) = weigh(HUB, change(("vnets", "hub", "gateway"), sku=sku, tunnel_budget=None).apply(HUB), ["hub"])
    assert hub.after is not None
    assert tunnel_meter(hub.after) == pane.tunnels(hub.after)


@often
@given(topologies(addresses=True, gateways=True), st.data())
def test_an_excerpt_says_of_its_networks_what_the_topology_says(any_topology: Topology, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from([*any_topology.vnets, *any_topology.sites]), min_size=1, max_size=3))
    part = excerpt(any_topology, names)
    assert budgets_of(part, names) == budgets_of(any_topology, names)
    small, whole = Oracle(part), Oracle(any_topology)
    for name in names:
        assert small.near[name] == whole.near[name]


@often
@given(topologies(addresses=True), st.booleans(), st.data())
def test_whom_a_new_link_makes_collide_is_seen_in_the_excerpt(
    any_topology: Topology, bgp: bool, data: st.DataObject
) -> None:
    a, b = data.draw(
        st.sampled_from([(a, b) for a in (*VNETS, *SITES) for b in (*VNETS, *SITES) if a != b]).filter(
            lambda pair: all(end in any_topology.vnets or end in any_topology.sites for end in pair)
        )
        if len(any_topology.vnets) + len(any_topology.sites) > 1
        else st.just(("", ""))
    )
    if not a:
        return

    def colliding(of: Topology) -> set[frozenset[str]]:
        return {frozenset(pair.networks) for pair in collisions(of).pairs if pair.joined}

    before, after = colliding(any_topology), colliding(linked(any_topology, a, b, bgp=bgp))
    assert colliding(linked(excerpt(any_topology, [a, b]), a, b, bgp=bgp)) - before == after - before
