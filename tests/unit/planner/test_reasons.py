"""What lies around a block is said once, in the same words, whoever hands the block out."""

from __future__ import annotations

from tests.building import topology
from tui.planner.pools import sources
from tui.planner.reasons import advertising, between, joining
from tui.topology.prefix import Prefix

P = Prefix.parse

PLAN = topology("""
    [planning]
    pools.weu = { prefixes = ["172.16.0.0/14"], region = "westeurope" }
    [vnets.hub]
    region = "westeurope"
    address_space = ["172.17.0.0/24"]
    [sites]
    dublin.advertises = ["172.16.0.0/12", "172.17.1.0/25"]
    cork.advertises = ["172.16.0.0/12", "172.17.1.128/25"]
""")


def test_the_place_names_the_neighbours_that_there_are() -> None:
    assert [between("a", "b"), between("a", ""), between("", "b"), between("", "")] == [
        "between a and b",
        "after a",
        "before b",
        "",
    ]


def test_what_is_advertised_over_a_block_and_in_it_is_named_with_its_sites() -> None:
    assert list(advertising(PLAN, P("172.17.1.0/24"))) == [
        "dublin and 1 more advertise 172.16.0.0/12 over it",
        "dublin advertises 172.17.1.0/25 and 1 more inside it: a VNet here and that route would compete",
    ]
    assert list(advertising(PLAN, P("172.17.1.0/25")))[1].startswith("dublin advertises this very prefix")
    assert not list(advertising(PLAN, P("10.0.0.0/8")))


def test_the_route_is_named_with_the_others_in_it_and_never_with_the_vnet_itself() -> None:
    (source,) = sources(PLAN)
    assert list(joining(PLAN, source, P("172.17.1.0/24"))) == ["joins the route 172.17.0.0/23 with hub"]
    assert not list(joining(PLAN, source, P("172.17.0.0/24"), "hub"))
