"""Meters in words: the numbers, and the word for what is left of them."""

from __future__ import annotations

import pytest

from tests.building import topology
from tui.app.meters import bandwidth, load, percent, tunnels
from tui.connectivity.budgets import Budget, Limit, budgets


def budget(mbps: float, sku: str = "VpnGw1AZ", own: int = 30) -> Budget:
    plan = topology(
        f"""
        vnets.hub.gateway = {{ sku = "{sku}", tunnel_budget = {own} }}
        sites.hq.vpn_device = "203.0.113.1"
        connections.c = {{ between = ["hub", "hq"], bandwidth_mbps = {mbps} }}
        """
    )
    return budgets(plan)["hub"]


@pytest.mark.parametrize(("own", "said"), [(30, "1/30 29 left"), (1, "1/1 0 left"), (0, "1/0 1 over")])
def test_the_tunnels_are_told_with_what_is_left_or_over(own: int, said: str) -> None:
    assert tunnels(budget(10, own=own)) == said


def test_the_bandwidth_is_told_with_what_is_left_and_its_load_only_when_it_is_too_much() -> None:
    assert (bandwidth(budget(200)), load(budget(200))) == ("200/650 Mbps, 450 left", "200/650 Mbps")
    assert (bandwidth(budget(700)), load(budget(700))) == ("700/650 Mbps, 50 over", "700/650 Mbps, 50 over")


def test_a_large_figure_is_written_out_and_a_fraction_keeps_one_digit() -> None:
    assert load(budget(1234567)) == "1234567/650 Mbps, 1233917 over"
    assert load(budget(0.5)) == "0.5/650 Mbps"


def test_what_no_page_of_azure_says_is_a_question_mark() -> None:
    assert load(budget(5, sku="NoSuchSku")) == "5/? Mbps"
    assert bandwidth(budget(5, sku="NoSuchSku")) == "5/? Mbps, limit unknown"
    assert percent(Limit(None, "nobody")) == "?"
