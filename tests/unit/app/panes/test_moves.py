"""Where a network could move to: one line for each place, with all that would change."""

from __future__ import annotations

from tests.building import topology
from tui.app.panes.moves import COLUMNS, changes, chosen, rows
from tui.planner.renumber.moving import Move, moves

PLAN = topology("""
    [planning.pools]
    weu = { prefixes = ["10.0.0.0/16"], region = "westeurope" }
    [vnets.app]
    region = "westeurope"
    address_space = ["10.0.4.0/22"]
    growth = ["10.0.8.0/22"]
    state = "deployed"
    subnets = { a = "10.0.4.0/26", b = "10.0.4.64/26", c = "10.0.4.128/26", d = "10.0.4.192/26", e = "10.0.5.0/26" }
    [vnets.hub]
    address_space = ["10.0.0.0/22"]
    [peerings.a]
    between = ["app", "hub"]
""")


def found() -> tuple[Move, ...]:
    """Where app could go."""
    places = moves(PLAN, "app")
    assert isinstance(places, tuple)
    return places


def test_each_place_is_a_line_with_the_reason_and_what_changes() -> None:
    places = found()
    lines = rows(places, "")
    assert [row.key for row in lines] == [0, 1, 2]
    assert [row.cells[0].text for row in lines] == [str(move.blocks[0][1]) for move in places]
    assert all(len(row.cells) == len(COLUMNS) for row in lines)
    said = lines[0].cells[1].text
    new = places[0].blocks[0][1]
    assert said.startswith(f"{new} is free in 10.0.0.0/16 (pool weu, westeurope); subnets: a to ")
    assert "the peering a must be synced afterwards" in said


def test_of_many_subnets_the_first_are_named_and_the_others_counted() -> None:
    (subnets,) = [line for line in changes(found()[0]) if line.startswith("subnets: ")]
    assert subnets.count(" to ") == 4
    assert subnets.endswith(" and 1 more")


def test_growth_that_is_let_go_is_said() -> None:
    near, _, far = found()
    assert not [line for line in changes(near) if "growth" in line], "it adjoins the new place too"
    (said,) = [line for line in changes(far) if "10.0.8.0/22" in line]
    assert said.startswith("held growth 10.0.8.0/22 is released")


def test_growth_that_moves_along_is_said() -> None:
    plan = topology("""
        [planning.pools]
        lab = ["10.0.0.0/16"]
        [vnets.app]
        address_space = ["10.0.4.0/22"]
        growth = ["10.0.6.0/23"]
    """)
    places = moves(plan, "app")
    assert isinstance(places, tuple)
    (said,) = [line for line in changes(places[0]) if "growth" in line]
    assert said.startswith("growth 10.0.6.0/23 moves along to ")


def test_what_is_typed_narrows_the_places_and_the_right_one_is_chosen() -> None:
    places = found()
    last = str(places[2].blocks[0][1])
    (row,) = rows(places, last)
    assert chosen(places, row.key) is places[2]
    assert rows(places, "SYNCED") == rows(places, "")
    assert rows(places, "no such text") == []
