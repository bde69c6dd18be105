"""Prefixes of a subnet while they are typed, and the free blocks of its VNet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.forms.subnet_space import Room, judge_subnet, next_subnet_space, subnet_space_like
from tui.topology.edits import free_gateway_subnet
from tui.topology.model import Subnet, Topology, VNet
from tui.topology.prefix import Prefix
from tui.topology.table import Table


def ps(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(Prefix.parse, texts))


HUB = VNet(
    address_space=ps("10.0.0.0/24", "10.9.0.0/24", "fd00::/48"),
    subnets=Table({"app": Subnet(prefixes=ps("10.0.0.0/26")), "db": Subnet(prefixes=ps("10.0.0.128/26"))}),
)
EMPTY = Topology()


def room(name: str = "new", old_name: str | None = None) -> Room:
    return Room("hub", HUB, name, old_name)


def said(text: str, name: str = "new", old_name: str | None = None) -> list[tuple[str, str, str | None]]:
    judged = judge_subnet(EMPTY, text, room(name, old_name))
    return [(notice.severity, notice.text, notice.offer) for notice in judged.notices]


def test_a_free_block_of_the_vnet_is_fine() -> None:
    assert said("10.0.0.64/26, fd00:0:0:1::/64") == []
    assert judge_subnet(EMPTY, "10.0.0.64/26", room()).prefixes == ps("10.0.0.64/26")


def test_a_block_outside_the_vnet_is_answered_with_one_inside() -> None:
    whole = "(10.0.0.0/24, 10.9.0.0/24 and fd00::/48)"
    assert said("10.5.0.0/26") == [
        ("error", f"10.5.0.0/26 lies outside the address space of hub {whole}", "10.9.0.0/26")
    ]
    text = f"10.0.0.0/23 is not within a single prefix of the address space of hub {whole}"
    assert (("error", text, None)) in said("10.0.0.0/23")


def test_a_block_of_another_subnet_is_answered_with_the_nearest_free_one() -> None:
    assert said("10.0.0.0/26") == [("error", "10.0.0.0/26 overlaps subnet app (10.0.0.0/26)", "10.0.0.64/26")]
    assert said("10.0.0.0/24")[0][1] == "10.0.0.0/24 overlaps subnets app (10.0.0.0/26) and db (10.0.0.128/26)"
    assert said("10.0.0.0/26", "app", "app") == []


@pytest.mark.parametrize(
    ("name", "text", "severity", "words", "offer"),
    [
        ("web", "10.0.0.64/30", "error", "the smallest IPv4 subnet is /29", "10.0.0.64/29"),
        ("web", "fd00:0:0:1::/72", "error", "an IPv6 subnet is exactly /64", "fd00:0:0:1::/64"),
        ("gatewaysubnet", "10.0.0.64/28", "warning", "Microsoft asks for a GatewaySubnet of /27", "10.0.0.64/27"),
        ("GatewaySubnet", "10.0.0.64/30", "error", "Microsoft asks for a GatewaySubnet of /27", "10.0.0.64/27"),
        ("AzureFirewallSubnet", "10.0.0.64/27", "error", "needs an IPv4 range of /26 or larger", "10.0.0.64/26"),
    ],
)
def test_a_size_that_azure_does_not_take_is_answered_with_one_that_it_does(
    name: str, text: str, severity: str, words: str, offer: str
) -> None:
    ((found, message, offered),) = said(text, name)
    assert (found, offered) == (severity, offer)
    assert words in message


def test_a_length_alone_takes_the_next_free_block_of_the_vnet() -> None:
    assert judge_subnet(EMPTY, "/26, /26", room()).prefixes == ps("10.0.0.64/26", "10.0.0.192/26")
    assert judge_subnet(EMPTY, "/16", room()).prefixes is None
    assert said("/27", "GatewaySubnet")[0][1] == "/27 takes 10.9.0.224/27, the next free block"


def test_the_next_free_block_walks_through_the_vnet_and_round() -> None:
    text, walked = "", []
    for _ in range(7):
        text = next_subnet_space(text, room()) or ""
        walked.append(text)
    assert walked == [
        "10.0.0.64/26",
        "10.0.0.192/26",
        "10.9.0.0/26",
        "10.9.0.64/26",
        "10.9.0.128/26",
        "10.9.0.192/26",
        "10.0.0.64/26",
    ]


def test_a_gateway_subnet_comes_from_the_end_of_the_space_downward() -> None:
    v4 = Room("hub", VNet(address_space=ps("10.0.0.0/24", "10.9.0.0/26")), "GatewaySubnet")
    first = next_subnet_space("", v4)
    assert first == "10.9.0.32/27"
    assert next_subnet_space(first, v4) == "10.9.0.0/27"
    assert next_subnet_space("10.9.0.0/27", v4) == "10.0.0.224/27"


@given(
    st.lists(st.sampled_from(["10.0.0.0/24", "10.0.0.0/26", "10.0.1.0/25", "10.9.0.0/26", "fd00::/60"]), min_size=1),
    st.sampled_from(["10.0.0.224/27", "10.0.1.64/26", "10.9.0.0/26", "10.0.0.128/25"]),
)
def test_a_gateway_subnet_has_the_place_that_it_would_get_by_itself(space: list[str], taken: str) -> None:
    vnet = VNet(address_space=ps(*space), subnets=Table({"taken": Subnet(prefixes=ps(taken))}))
    block = free_gateway_subnet(vnet)
    text = next_subnet_space("", Room("v", vnet, "GatewaySubnet"))
    if block is not None:
        assert text == str(block)
    else:
        assert text is None or ":" in text


def test_of_prefixes_within_each_other_a_gateway_subnet_takes_the_end_of_the_outer_one() -> None:
    v4 = Room("hub", VNet(address_space=ps("10.0.0.0/26", "10.0.0.0/24")), "GatewaySubnet")
    assert next_subnet_space("", v4) == "10.0.0.224/27"


@pytest.mark.parametrize("sizes", [("/27", "/26"), ("/26", "/27")])
def test_blocks_like_others_are_found_in_whatever_order_they_are_asked_for(sizes: tuple[str, ...]) -> None:
    vnet = VNet(address_space=ps("10.0.0.0/25"), subnets=Table({"mid": Subnet(prefixes=ps("10.0.0.32/27"))}))
    found = subnet_space_like(Room("v", vnet, "x"), [Prefix.parse(f"10.9.0.0{size}") for size in sizes])
    assert found is not None
    assert {f"/{one.length}": str(one) for one in found} == {"/27": "10.0.0.0/27", "/26": "10.0.0.64/26"}


def test_a_full_vnet_has_nothing_to_give() -> None:
    full = Room("v", VNet(address_space=ps("10.0.0.0/26"), subnets=HUB.subnets), "x")
    assert next_subnet_space("", full) is None
