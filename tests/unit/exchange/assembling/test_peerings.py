"""Peerings of an import: two sides, and whose gateway they lend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.exchange.azure_side import peering, vnet
from tui.exchange.assembling.assembly import Assembly, assembled
from tui.exchange.found import Found, FoundPeering

HUB = peering("to-app", "hub", "app")
APP = peering("to-hub", "app", "hub")


def peered(*sides: FoundPeering) -> Assembly:
    return assembled(Found(vnets=(vnet("hub", "10.0.0.0/16"), vnet("app", "10.1.0.0/16")), peerings=sides))


@pytest.mark.parametrize(
    ("lends", "uses", "lender", "said"),
    [(True, True, "hub", []), (True, False, None, []), (False, True, None, ["differs"]), (False, False, None, [])],
)
def test_a_gateway_is_lent_where_one_side_allows_it_and_the_other_uses_it(
    lends: bool, uses: bool, lender: str | None, said: list[str]
) -> None:
    assembly = peered(replace(HUB, allows_gateway_transit=lends), replace(APP, uses_remote_gateways=uses))
    (link,) = assembly.topology.peerings.values()
    assert link.gateway_transit == lender
    assert [notice.kind for notice in assembly.notices] == said


def test_a_disconnected_peering_is_said() -> None:
    (notice,) = peered(replace(HUB, state="Disconnected"), APP).notices
    assert (notice.kind, "to-app" in notice.text) == ("differs", True)


def test_sources_that_contradict_each_other_about_a_side_are_said_and_the_first_is_taken() -> None:
    assembly = peered(HUB, replace(HUB, allows_gateway_transit=True), replace(APP, uses_remote_gateways=True))
    assert "differs" in {notice.kind for notice in assembly.notices}
    assert len(assembly.topology.peerings) == 1


def test_a_vnet_is_no_peer_of_itself() -> None:
    assembly = peered(peering("odd", "hub", "HUB"))
    assert [notice.kind for notice in assembly.notices] == ["not understood"]
