"""Weighing: what a change would make of the budgets, asked of the named networks alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.connectivity.oracle import Oracle
from tests.unit.connectivity.strategies import SITES, VNETS, often, topologies
from tui.connectivity.budgets import budgets, budgets_of
from tui.connectivity.collisions import collisions
from tui.connectivity.weighing import excerpt, weigh
from tui.topology.edits import add_gateway, combined, connect
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
    assert (app.name, app.before, app.after and app.after.left) == ("app", None, 29)
    assert (hub.before and hub.before.left, hub.after and hub.after.left) == (1, 0)


def test_a_vnet_without_gateway_weighs_nothing() -> None:
    (lone,) = weigh(HUB, linked(HUB, "hub", "lone"), ["lone"])
    assert (lone.before, lone.after) == (None, None)


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
