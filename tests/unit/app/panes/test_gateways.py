"""The gateways' meters: figures, the word for what is left, and a bar that repeats them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.app.meters import bar_of, role
from tui.app.panes.gateways import COLUMNS, rows
from tui.app.widgets.rows import GUTTER, column_widths
from tui.topology.model import Topology


def plan(sku: str, links: int, more: str = "") -> Topology:
    others = "".join(f'[sites.s{n}]\nvpn_device = "203.0.113.{n + 1}"\n' for n in range(links))
    drawn = "".join(f'[connections.c{n}]\nbetween = ["hub-weu", "s{n}"]\nbandwidth_mbps = 100\n' for n in range(links))
    return topology(f'[vnets.hub-weu.gateway]\nsku = "{sku}"\n{more}\n{others}{drawn}')


def cells(of: Topology) -> dict[str, tuple[str, str]]:
    (row,) = rows(of, {})
    assert row.key == ("vnets", "hub-weu", "gateway")
    return {column.title: (cell.text, cell.role) for column, cell in zip(COLUMNS, row.cells, strict=True)}


def test_a_meter_says_what_is_used_what_is_allowed_and_what_is_left() -> None:
    shown = cells(plan("VpnGw1AZ", 2))
    assert shown["SKU"][0] == "Gw1AZ"
    assert shown["tunnels"] == ("2/30 28 left  [#---]", "meter_used")
    assert shown["Mbps"] == ("200/650", "meter_used")
    assert shown["bandwidth"] == ("450 left      [##--]", "meter_used")
    assert shown["SLA"][0] == "99.95 %"


def test_nearly_full_and_over_are_told_by_figures_words_and_colour() -> None:
    assert cells(plan("Basic", 8))["tunnels"] == ("8/10 2 left   [###-]", "meter_nearly_full")
    over = cells(plan("Basic", 11))
    assert over["tunnels"] == ("11/10 1 over  [####]", "meter_over")
    assert over["Mbps"] == ("1100/100", "meter_over")
    assert over["bandwidth"] == ("1000 over     [####]", "meter_over")


def test_a_limit_that_is_not_known_is_said_to_be_unknown() -> None:
    shown = cells(plan("VpnGw99", 1))
    assert shown["tunnels"] == ("1/? limit unknown", "muted")
    assert shown["Mbps"] == ("100/?", "muted")
    assert shown["SLA"][0] == "?"


def test_no_meter_is_longer_than_its_column() -> None:
    for of in (plan("VpnGw5", 0), plan("Basic", 130), plan("VpnGw1", 3, "tunnel_budget = 0"), plan("x" * 40, 1)):
        shown = cells(of)
        assert all(len(shown[column.title][0]) <= column.width for column in COLUMNS[3:])


@pytest.mark.parametrize(("width", "visible"), [(53, "Mbps"), (54, "Mbps"), (85, "SLA"), (44, "tunnels")])
def test_a_narrow_pane_keeps_the_tunnels_and_then_the_bandwidth(width: int, visible: str) -> None:
    widths = column_widths(COLUMNS, width - GUTTER)
    assert COLUMNS[len(widths) - 1].title == visible
    assert all(cells >= column.width for cells, column in zip(widths, COLUMNS, strict=False))


@given(st.integers(0, 200), st.integers(1, 100), st.integers(2, 12))
def test_a_bar_is_full_only_when_nothing_is_left_and_empty_only_when_nothing_is_used(
    used: int, limit: int, width: int
) -> None:
    bar = bar_of(used, limit, width)
    assert len(bar) == width + 2
    assert ("-" not in bar) is (used >= limit)
    assert ("#" not in bar) is (used == 0)


def test_four_fifths_are_nearly_full() -> None:
    assert [role(used, 10) for used in (0, 7, 8, 10, 11)] == [
        "meter_used",
        "meter_used",
        "meter_nearly_full",
        "meter_nearly_full",
        "meter_over",
    ]
