"""Budgets: what a gateway's tunnels, bandwidth and SLA allow, and how much of it is spoken for."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.building import topology
from tests.unit.connectivity.oracle import Oracle
from tests.unit.connectivity.strategies import often, topologies
from tui.connectivity.budgets import Budget, budgets, sku_record, tunnels_of
from tui.topology.model import Gateway, Topology


def hub(text: str) -> Budget:
    """The budget of the VNet `hub`."""
    return budgets(topology(text))["hub"]


LINKED = """
    [vnets.hub.gateway]
    sku = "VpnGw1"
    [vnets.app.gateway]
    [vnets.bare]
    [sites.hq]
    [sites.plant]
    vpn_device = "198.51.100.1"
    [sites.dc.devices]
    fw1 = "203.0.113.1"
    fw2 = "203.0.113.2"
    fw3 = "203.0.113.3"
    [connections]
    hub-app = { between = ["hub", "app"], bandwidth_mbps = 100 }
    bare-hub = { between = ["bare", "hub"] }
    hub-hq = { between = ["hub", "hq"], bandwidth_mbps = 50.5 }
    plant-hub = { between = ["plant", "hub"] }
    hub-dc = { between = ["hub", "dc"], bandwidth_mbps = 10 }
    hub-dc-two = { between = ["hub", "dc"], devices = ["fw1", "fw3"] }
    circuit = { between = ["hub", "dc"], kind = "expressroute", bandwidth_mbps = 1000 }
    dangling = { between = ["hub", "nowhere"], bandwidth_mbps = 1000 }
    loop = { between = ["hub", "hub"], bandwidth_mbps = 1000 }
    [peerings]
    lent = { between = ["hub", "bare"], gateway_transit = "hub" }
"""


def test_a_connection_takes_a_tunnel_at_each_end_and_one_for_each_device_of_a_site() -> None:
    budget = hub(LINKED)
    assert budget.connections == ("hub-app", "bare-hub", "hub-hq", "plant-hub", "hub-dc", "hub-dc-two")
    assert (budget.vnet_to_vnet, budget.site_to_site) == (2, 1 + 1 + 3 + 2)
    assert (budget.used, budget.limit.value, budget.left) == (9, 30, 21)
    other_end = budgets(topology(LINKED))["app"]
    assert (other_end.connections, other_end.vnet_to_vnet, other_end.site_to_site) == (("hub-app",), 1, 0)


def test_a_vnet_without_a_gateway_has_no_budget() -> None:
    assert list(budgets(topology(LINKED))) == ["hub", "app"]
    assert budgets(topology("[vnets.a]\n[sites.hq]")) == {}


@pytest.mark.parametrize(
    ("devices", "tunnels"),
    [("", 3), ("devices = []", 1), ("devices = ['fw2']", 1), ("devices = ['fw2', 'vpn_device', 'fw2']", 2)],
)
def test_a_connection_may_pick_devices_of_a_site(devices: str, tunnels: int) -> None:
    found = topology(
        f"""
        [vnets.hub.gateway]
        [sites.dc]
        vpn_device = "203.0.113.1"
        [sites.dc.devices]
        fw1 = "203.0.113.2"
        fw2 = "203.0.113.3"
        [connections.x]
        between = ["dc", "hub"]
        {devices}
        """
    )
    assert tunnels_of(found.connections["x"], found) == tunnels
    assert budgets(found)["hub"].site_to_site == tunnels


def test_devices_mean_nothing_between_two_vnets() -> None:
    budget = hub(
        "vnets = { hub.gateway = {}, b = {} }\nconnections.x = { between = ['hub', 'b'], devices = ['p', 'q'] }"
    )
    assert (budget.vnet_to_vnet, budget.site_to_site) == (1, 0)


@pytest.mark.parametrize(
    ("sku", "route_based"),
    [
        ("Basic", 10),
        ("Classic", 10),
        ("Standard", 10),
        ("HighPerformance", 30),
        *((f"VpnGw{size}{zones}", 30) for size in (1, 2, 3) for zones in ("", "AZ")),
        *((f"VpnGw{size}{zones}", 100) for size in (4, 5) for zones in ("", "AZ")),
        ("NoSuchSku", None),
    ],
)
def test_the_sku_and_the_vpn_type_set_the_tunnel_limit(sku: str, route_based: int | None) -> None:
    assert hub(f"vnets.hub.gateway.sku = '{sku}'").limit.value == route_based
    static = hub(f"vnets.hub.gateway = {{ sku = '{sku}', vpn_type = 'PolicyBased' }}")
    assert static.limit.value == 1, "static routing has one tunnel, on whatever SKU"


def test_a_gateway_without_a_sku_counts_as_basic() -> None:
    budget = hub("[vnets.hub.gateway]")
    assert (budget.sku, budget.limit.value, budget.bandwidth.value) == ("Basic", 10, 100)


def test_an_unknown_sku_has_no_limits_and_says_so() -> None:
    budget = hub("vnets.hub.gateway.sku = 'NoSuchSku'")
    assert (budget.limit.value, budget.limit.whole, budget.left) == (None, None, None)
    assert (budget.bandwidth.value, budget.sla.value) == (None, None)
    assert "no figure known for NoSuchSku" in budget.limit.source


@pytest.mark.parametrize(
    ("sku", "own", "limit"),
    [("Basic", 4, 4), ("Basic", 0, 0), ("Basic", 10, 10), ("Basic", 99, 10), ("NoSuchSku", 7, 7)],
)
def test_ones_own_tunnel_budget_counts_only_where_it_is_lower(sku: str, own: int, limit: int) -> None:
    budget = hub(f"vnets.hub.gateway = {{ sku = '{sku}', tunnel_budget = {own} }}")
    assert (budget.limit.value, budget.left, budget.own_limit) == (limit, limit, own)
    assert ("tunnel_budget" in budget.limit.source) == (own == limit != 10)


def test_too_many_tunnels_leave_less_than_none() -> None:
    budget = hub(LINKED.replace('sku = "VpnGw1"', "tunnel_budget = 5"))
    assert (budget.used, budget.left) == (9, -4)


OVERRIDES = """
    [limits.skus.Basic]
    tunnels = 12
    tunnels_policy_based = 2
    bandwidth_mbps = 80
    sla_percent = 99.5
    [limits.skus.NoSuchSku]
    tunnels = 7
"""


def test_figures_of_the_file_override_azures_and_are_named_as_the_source() -> None:
    budget = hub(OVERRIDES + "[vnets.hub.gateway]")
    assert (budget.limit.value, budget.bandwidth.value, budget.sla.value) == (12, 80, 99.5)
    assert budget.limit.source == "limits.skus.Basic.tunnels of this file"
    assert budget.bandwidth.source == "limits.skus.Basic.bandwidth_mbps of this file"
    assert budget.sla.source == "limits.skus.Basic.sla_percent of this file"


def test_an_override_is_of_one_sku_and_one_vpn_type() -> None:
    static = hub(OVERRIDES + "[vnets.hub.gateway]\nvpn_type = 'PolicyBased'")
    assert (static.limit.value, static.limit.source) == (2, "limits.skus.Basic.tunnels_policy_based of this file")
    other = hub(OVERRIDES + "[vnets.hub.gateway]\nsku = 'VpnGw1'")
    assert (other.limit.value, other.bandwidth.value) == (30, 650)
    assert other.limit.source == "Azure's figure for VpnGw1 RouteBased"
    only_tunnels = hub("limits.skus.Basic.tunnels = 12\nvnets.hub.gateway.vpn_type = 'PolicyBased'")
    assert only_tunnels.limit.value == 1


def test_an_override_gives_an_unknown_sku_its_limit_and_may_be_nought() -> None:
    assert hub(OVERRIDES + "[vnets.hub.gateway]\nsku = 'NoSuchSku'").left == 7
    assert hub("limits.skus.Basic.tunnels = 0\nvnets.hub.gateway = {}").left == 0


def test_ones_own_budget_is_compared_with_the_override() -> None:
    raised = hub(OVERRIDES + "[vnets.hub.gateway]\ntunnel_budget = 11")
    assert (raised.limit.value, raised.limit.source) == (11, "tunnel_budget of this gateway")
    assert hub(OVERRIDES + "[vnets.hub.gateway]\ntunnel_budget = 13").limit.value == 12


@pytest.mark.parametrize(
    ("sku", "generation", "mbps"),
    [
        ("VpnGw1", 1, 650),
        ("VpnGw2", 1, 1000),
        ("VpnGw2", 2, 1250),
        ("VpnGw2AZ", 2, 1250),
        ("VpnGw3", 1, 1250),
        ("VpnGw3", 2, 2500),
        ("VpnGw3AZ", 2, 2500),
        ("VpnGw4", 2, 5000),
        ("VpnGw5AZ", 2, 10000),
    ],
)
def test_bandwidth_is_that_of_the_skus_generation(sku: str, generation: int, mbps: int) -> None:
    budget = hub(f"vnets.hub.gateway = {{ sku = '{sku}', generation = {generation} }}")
    assert budget.bandwidth.value == mbps


def test_a_sku_without_a_generation_or_with_an_impossible_one_is_the_one_that_exists() -> None:
    for generation, sku, mbps in (("", "VpnGw2", 1000), (", generation = 9", "VpnGw2", 1000), ("", "VpnGw4", 5000)):
        assert hub(f"vnets.hub.gateway = {{ sku = '{sku}'{generation} }}").bandwidth.value == mbps
    assert sku_record(Gateway(sku="NoSuchSku")) is None


def test_bandwidth_is_shared_by_all_vpn_connections_of_the_gateway() -> None:
    budget = hub(LINKED)
    assert (budget.bandwidth_used, budget.bandwidth.value) == (160.5, 650)
    assert budgets(topology(LINKED))["app"].bandwidth_used == 100


@pytest.mark.parametrize(("sku", "percent"), [("Basic", 99.9), ("VpnGw1", 99.95), ("VpnGw5AZ", 99.95)])
def test_all_tunnels_share_the_sla_of_the_sku(sku: str, percent: float) -> None:
    budget = hub(f"vnets.hub.gateway.sku = '{sku}'")
    assert (budget.sla.value, budget.sla.source) == (percent, f"Azure's figure for {sku}")


@pytest.mark.parametrize(
    ("here", "there", "ipsec"), [(False, False, 1), (True, False, 2), (False, True, 2), (True, True, 4)]
)
def test_active_active_doubles_the_ipsec_tunnels_but_not_the_budget(here: bool, there: bool, ipsec: int) -> None:
    found = Topology.model_validate(
        {
            "vnets": {"hub": {"gateway": {"active_active": here}}, "b": {"gateway": {"active_active": there}}},
            "sites": {"hq": {"devices": {"fw1": {}, "fw2": {}}}},
            "connections": {"v2v": {"between": ["hub", "b"]}, "s2s": {"between": ["hub", "hq"]}},
        }
    )
    budget = budgets(found)["hub"]
    assert budget.ipsec_tunnels == ipsec + 2 * (2 if here else 1)
    assert budget.used == 3


ROUTE_BASED = {"Basic": 10, "Classic": 10, "VpnGw1": 30, "VpnGw2AZ": 30, "VpnGw5AZ": 100, "NoSuchSku": None}


@often
@given(topologies(gateways=True))
def test_budgets_are_what_counting_by_hand_gives(found: Topology) -> None:
    oracle, counted = Oracle(found), budgets(found)
    assert list(counted) == [name for name, vnet in found.vnets.items() if vnet.gateway is not None]
    for name, budget in counted.items():
        gateway = found.vnets[name].gateway
        assert gateway is not None
        to_vnets, to_sites, ipsec, connections, mbps = oracle.tunnels(name)
        assert (budget.vnet_to_vnet, budget.site_to_site, budget.ipsec_tunnels) == (to_vnets, to_sites, ipsec)
        assert (list(budget.connections), budget.bandwidth_used) == (connections, mbps)
        azure = 1 if gateway.vpn_type == "PolicyBased" else ROUTE_BASED[gateway.sku or "Basic"]
        limits = [limit for limit in (azure, gateway.tunnel_budget) if limit is not None]
        assert budget.limit.whole == (min(limits) if limits else None)
        assert budget.left == (min(limits) - to_vnets - to_sites if limits else None)
