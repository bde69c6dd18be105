"""Taking what the planner hands out: one edit adds all VNets."""

from __future__ import annotations

import pytest

from tests.building import topology
from tui.app.forms.batch import added
from tui.errors import EditError
from tui.planner.request import Request
from tui.planner.suggest import placements, suggestions
from tui.topology.edits import add
from tui.topology.model import VNet
from tui.topology.prefix import Prefix

P = Prefix.parse

PLAN = topology("""
    [planning.pools]
    weu = { prefixes = ["10.64.0.0/16"], region = "westeurope" }
    [subscriptions.prod]
    [vnets.vnet-2]
    address_space = ["10.64.0.0/24"]
    [sites.vnet-3]
    address_space = ["192.168.0.0/24"]
""")


def test_each_block_becomes_a_vnet_and_names_that_are_taken_are_left_out() -> None:
    blocks = suggestions(PLAN, Request(24, 3), "in-order").blocks
    edit = added(PLAN, "vnet", blocks, "prod")
    after = edit.apply(PLAN)
    new = {name: vnet for name, vnet in after.vnets.items() if name not in PLAN.vnets}
    assert edit.title == "Add 3 VNets"
    assert [(name, *map(str, vnet.address_space)) for name, vnet in new.items()] == [
        ("vnet-1", "10.64.1.0/24"),
        ("vnet-4", "10.64.2.0/24"),
        ("vnet-5", "10.64.3.0/24"),
    ]
    assert {(vnet.subscription, vnet.region, vnet.growth) for vnet in new.values()} == {("prod", "westeurope", ())}
    assert after.vnets["vnet-2"] == PLAN.vnets["vnet-2"]


def test_what_is_held_for_growth_is_held_and_the_next_answer_leaves_it_alone() -> None:
    request = Request(24, 2, growth=22)
    for found in placements(PLAN, request):
        after = added(PLAN, "app", found.blocks, None).apply(PLAN)
        assert [after.vnets[f"app-{n}"].growth for n in (1, 2)] == [one.held for one in found.blocks]
        again = suggestions(after, request, found.strategy)
        assert again.fitting == found.left
        taken = [part for one in found.blocks for part in (one.prefix, *one.held)]
        assert not any(one.prefix.overlaps(part) for one in again.blocks for part in taken)


def test_a_name_that_somebody_took_in_the_meantime_is_an_error_and_adds_nothing() -> None:
    edit = added(PLAN, "vnet", suggestions(PLAN, Request(24, 2)).blocks, "prod")
    meanwhile = add(("vnets", "vnet-4"), VNet(address_space=(P("10.99.0.0/16"),))).apply(PLAN)
    with pytest.raises(EditError, match="vnet-4"):
        edit.apply(meanwhile)
