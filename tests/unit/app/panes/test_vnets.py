"""The VNets: what a row says, in which orders rows stand, and their tags."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.app.panes.rollup import Count
from tui.app.panes.vnets import Order, columns, free_addresses, rows, sorted_column, tag_keys, use_percent
from tui.topology.edits import change
from tui.topology.model import VNet
from tui.topology.prefix import Prefix

PLAN = topology("""
    [vnets.b]
    address_space = ["10.2.0.0/24"]
    subnets = { one = "10.2.0.0/25" }
    tags = { owner = "network team", live = true }
    [vnets.A]
    address_space = ["10.1.0.0/22"]
    subnets = { one = "10.1.0.0/24", two = "10.1.1.0/26" }
    tags = { owner = "web" }
    [vnets.c]
    [sites.dublin]
    tags = { ticket = "NET-1", live = false, owner = "it" }
""")


def names(order: Order, counts: dict[tuple[str, ...], Count] | None = None) -> list[str]:
    return [row.cells[0].text for row in rows(PLAN, counts or {}, order=order)][:3]


@pytest.mark.parametrize(
    ("order", "first_to_last"),
    [
        ("file", ["b", "A", "c"]),
        ("name", ["A", "b", "c"]),
        ("address", ["A", "b", "c"]),
        ("free", ["A", "b", "c"]),
        ("use", ["b", "A", "c"]),
    ],
)
def test_the_rows_stand_in_the_order_that_is_asked_for(order: Order, first_to_last: list[str]) -> None:
    assert names(order) == first_to_last


def test_the_gravest_findings_come_first() -> None:
    counts: dict[tuple[str, ...], Count] = {("vnets", "c"): Count(error=1), ("vnets", "A"): Count(warning=5)}
    assert names("findings", counts) == ["c", "A", "b"]


def test_use_is_the_share_of_the_address_space_in_subnets() -> None:
    assert [use_percent(vnet) for vnet in PLAN.vnets.values()] == [50, 31, None]
    figures = [tuple(cell.text for cell in row.cells[-2:]) for row in rows(PLAN, {})[:3]]
    assert figures == [("50 %", "128"), ("31 %", "704"), ("", "")]


@given(
    st.lists(st.tuples(st.integers(27, 32), st.integers(0, 63)), max_size=3),
    st.lists(st.tuples(st.integers(27, 32), st.integers(0, 63)), max_size=6),
)
def test_every_address_counts_once_and_only_within_the_address_space(
    space: list[tuple[int, int]], subnets: list[tuple[int, int]]
) -> None:
    def prefix(length: int, at: int) -> Prefix:
        return Prefix(4, (10 << 24) + (at >> (32 - length) << (32 - length)), length)

    spaces, inside = [prefix(*one) for one in space], [prefix(*one) for one in subnets]
    vnet = VNet.model_validate(
        {
            "address_space": [str(one) for one in spaces],
            "subnets": {f"s{number}": str(one) for number, one in enumerate(inside)},
        }
    )
    all_addresses = {address for one in spaces for address in range(one.first, one.last + 1)}
    taken = {address for one in inside for address in range(one.first, one.last + 1)} & all_addresses
    assert free_addresses(vnet) == len(all_addresses) - len(taken)
    assert use_percent(vnet) == (len(taken) * 100 // len(all_addresses) if all_addresses else None)


def test_tags_become_columns_the_most_used_first() -> None:
    assert tag_keys(PLAN) == ["owner", "live", "ticket"]
    tags = ("owner", "live", "ticket")
    titles = [column.title for column in columns(tags)]
    table = {row.cells[0].text: row for row in rows(PLAN, {}, tags=tags) if not row.group}

    def shown(name: str) -> list[str]:
        return [table[name].cells[titles.index(tag)].text for tag in tags]

    assert shown("b") == ["network team", "true", ""]
    assert shown("c") == ["", "", ""]
    assert shown("dublin") == ["it", "false", "NET-1"]
    assert all(len(row.cells) == len(titles) for row in table.values())


@pytest.mark.parametrize("tags", [(), ("owner", "live")])
def test_the_header_can_say_by_which_column_the_rows_are_sorted(tags: tuple[str, ...]) -> None:
    titles = [column.title for column in columns(tags)]
    places = {order: sorted_column(order, tags) for order in get_args(Order)}
    named = {order: None if place is None else titles[place] for order, place in places.items()}
    assert named == {
        "file": None,
        "name": "name",
        "address": "address space",
        "free": "free",
        "use": "use",
        "findings": "",
    }


def test_a_row_is_never_older_than_its_vnet() -> None:
    before = list(rows(PLAN, {}))
    edited = change(("vnets", "A"), state="retiring").apply(PLAN)
    counted = rows(edited, {("vnets", "A"): Count(error=2)}, marked={("vnets", "b")}, tags=("owner",))
    by_name = {row.cells[0].text: row for row in counted}
    assert [by_name["A"].cells[place].text for place in (1, 6, 3)] == ["E2", "retiring", "web"]
    assert by_name["b"].marked
    assert list(rows(PLAN, {})) == before


def test_the_sites_stand_below_unless_a_subscription_is_chosen() -> None:
    assert [row.key for row in rows(PLAN, {})][3:] == [("sites",), ("sites", "dublin")]
    assert not rows(PLAN, {}, subscription="prod")
