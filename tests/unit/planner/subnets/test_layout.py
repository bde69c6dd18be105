"""The strip of a VNet shows every address once: in a subnet, or in a gap."""

from __future__ import annotations

from hypothesis import given

from tests.unit.planner.subnets.small_vnets import is_free, vnets
from tui.planner.subnets.layout import GapOrSubnet, strip
from tui.topology.model import VNet
from tui.topology.prefix import Prefix

P = Prefix.parse


def test_subnets_and_gaps_come_from_the_lowest_to_the_highest_address() -> None:
    vnet = VNet.model_validate(
        {
            "address_space": ["10.1.0.0/24", "10.0.0.0/24", "fd00::/63"],
            "subnets": {
                "db": ["10.0.0.128/26", "fd00:0:0:1::/64"],
                "web": "10.0.0.0/26",
            },
        }
    )
    assert strip(vnet) == (
        (P("10.1.0.0/24"), (GapOrSubnet(P("10.1.0.0/24"), None),)),
        (
            P("10.0.0.0/24"),
            (
                GapOrSubnet(P("10.0.0.0/26"), "web"),
                GapOrSubnet(P("10.0.0.64/26"), None),
                GapOrSubnet(P("10.0.0.128/26"), "db"),
                GapOrSubnet(P("10.0.0.192/26"), None),
            ),
        ),
        (P("fd00::/63"), (GapOrSubnet(P("fd00::/64"), None), GapOrSubnet(P("fd00:0:0:1::/64"), "db"))),
    )


def test_a_subnet_larger_than_the_prefix_is_cut_and_what_overlaps_it_is_not_shown() -> None:
    vnet = VNet.model_validate(
        {
            "address_space": ["10.0.0.0/24"],
            "subnets": {"in": "10.0.0.0/25", "wide": "10.0.0.0/16", "same": "10.0.0.0/16"},
        }
    )
    assert strip(vnet) == ((P("10.0.0.0/24"), (GapOrSubnet(P("10.0.0.0/24"), "wide"),)),)


@given(vnets())
def test_every_address_is_shown_once_and_gaps_are_free_and_as_large_as_can_be(vnet: VNet) -> None:
    shown = strip(vnet)
    assert tuple(space for space, _ in shown) == vnet.address_space
    for space, parts in shown:
        cursor = space.first
        for part in parts:
            assert part.prefix.first == cursor
            cursor = part.prefix.last + 1
            if part.name is not None:
                assert any(prefix.contains(part.prefix) for prefix in vnet.subnets[part.name].prefixes)
            else:
                assert is_free(vnet, part.prefix)
                wider = part.prefix.parent()
                assert not space.contains(wider) or not is_free(vnet, wider)
        assert cursor == space.last + 1
