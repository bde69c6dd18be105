"""A network that moves takes its layout along, overlaps nothing where it goes, and says what else changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import EditError
from tui.planner.holdings import holdings
from tui.planner.refusal import Refusal
from tui.planner.renumber.carried import mapped
from tui.planner.renumber.moving import Move, moved, moves
from tui.topology.model import Site, Topology, VNet
from tui.topology.prefix import Prefix

P = Prefix.parse

PLAN = """
    [planning.pools]
    weu = { prefixes = ["10.64.0.0/14"], region = "westeurope" }
    six = ["fd00::/40"]

    [vnets.app]
    region = "westeurope"
    address_space = ["10.0.0.0/16", "fd00:0:1::/48"]
    pool = "dual"
    state = "deployed"

    [vnets.app.subnets]
    GatewaySubnet = "10.0.0.0/27"
    web = { prefixes = ["10.0.1.0/24", "fd00:0:1::/64"], note = "web tier" }
    stray = "172.16.9.0/24"

    [planning.pools.dual]
    prefixes = ["10.64.0.0/15", "fd00::/44"]
"""


def placed(plan: Topology, name: str, count: int = 3) -> tuple[Move, ...]:
    """The moves of a network that has some."""
    found = moves(plan, name, count=count)
    assert not isinstance(found, Refusal), found
    return found


def refusal(plan: Topology, name: str) -> Refusal:
    """The refusal for a network that has nowhere to go."""
    found = moves(plan, name)
    assert isinstance(found, Refusal)
    return found


def said(plan: Topology, name: str) -> str:
    """What else changes, as one text."""
    return "\n".join(placed(plan, name)[0].consequences)


def test_a_vnet_moves_with_both_families_and_each_subnet_by_the_offset_of_its_block() -> None:
    plan = topology(PLAN)
    first = placed(plan, "app")[0]
    assert first.blocks == ((P("10.0.0.0/16"), P("10.64.0.0/16")), (P("fd00:0:1::/48"), P("fd00::/48")))
    assert first.subnets == (
        ("GatewaySubnet", P("10.0.0.0/27"), P("10.64.0.0/27")),
        ("web", P("10.0.1.0/24"), P("10.64.1.0/24")),
        ("web", P("fd00:0:1::/64"), P("fd00::/64")),
    )
    after = moved(first).apply(plan).vnets["app"]
    assert after.address_space == (P("10.64.0.0/16"), P("fd00::/48"))
    assert after.subnets["web"].prefixes == (P("10.64.1.0/24"), P("fd00::/64"))
    assert after.subnets["web"].note == "web tier"
    assert after.subnets["stray"] == plan.vnets["app"].subnets["stray"]
    assert after.state == "deployed"


def test_the_places_that_are_offered_do_not_overlap_each_other_and_name_their_pool() -> None:
    plan = topology(PLAN)
    found = placed(plan, "app", 5)
    assert [str(move.blocks[0][1]) for move in found] == ["10.64.0.0/16", "10.65.0.0/16"]
    assert (
        found[0].reason
        == "10.64.0.0/16 is free in 10.64.0.0/15 (pool dual); fd00::/48 is free in fd00::/44 (pool dual)"
    )
    assert moved(found[0]).title == "Move app to 10.64.0.0/16, fd00::/48"


def test_a_vnet_of_which_one_prefix_has_no_room_does_not_move_at_all() -> None:
    plan = topology(PLAN.replace('"fd00::/44"', '"fd00:0:1::/48"'))
    assert refusal(plan, "app").message == "no IPv6 /48 is left for app in fd00:0:1::/48: nothing is free there"


def test_without_a_pool_of_the_family_the_refusal_says_so() -> None:
    plan = topology('vnets.a.address_space = ["fd00::/48"]')
    assert refusal(plan, "a").message == "no pool holds IPv6 space for a"


def test_a_refusal_names_the_largest_free_block_and_a_way_out_that_works() -> None:
    plan = topology("""
        [planning.pools]
        lab = ["10.0.0.0/16"]
        [vnets.a]
        pool = "lab"
        address_space = ["10.0.0.0/17"]
        [vnets.b]
        address_space = ["10.0.128.0/18"]
    """)
    found = refusal(plan, "a")
    assert found.message == "no IPv4 /17 is left for a in 10.0.0.0/16: the largest free block is 10.0.192.0/18"
    assert found.largest_free == P("10.0.192.0/18")
    edits = [way.edit for way in found.ways if way.edit is not None]
    assert edits
    for edit in edits:
        after = edit.apply(plan)
        assert moved(placed(after, "a")[0]).apply(after).vnets["a"].address_space != plan.vnets["a"].address_space


def test_a_pinned_vnet_does_not_move_until_it_is_let() -> None:
    plan = topology('vnets.a = { address_space = ["10.0.0.0/24"], renumber = false }')
    found = refusal(plan, "a")
    assert found.message == "a is pinned: renumber = false"
    (way,) = found.ways
    assert way.edit is not None
    assert placed(way.edit.apply(plan), "a")


def test_what_is_not_there_and_what_has_no_addresses_cannot_move() -> None:
    plan = topology("[vnets.a]")
    assert refusal(plan, "a").message == "a has no address space that could move"
    with pytest.raises(EditError, match="there is no network b"):
        moves(plan, "b")


GROWTH = """
    planning.pools.lab = ["10.64.0.0/12"]
    [vnets.a]
    address_space = ["10.0.0.0/16", "10.8.0.0/16"]
    growth = ["10.1.0.0/16", "10.2.0.0/16", "10.9.0.0/16", "10.20.0.0/16", "10.0.4.0/24"]
"""


def test_held_growth_that_would_adjoin_nothing_is_released_and_no_other() -> None:
    before = topology(GROWTH).vnets["a"]
    after: VNet = mapped(before, ((P("10.0.0.0/16"), P("10.64.0.0/16")),))
    assert after.address_space == (P("10.64.0.0/16"), P("10.8.0.0/16"))
    # 10.9 adjoins what stays, 10.20 never adjoined anything, 10.0.4 lay within what moves.
    assert after.growth == (P("10.9.0.0/16"), P("10.20.0.0/16"), P("10.64.4.0/24"))


def test_what_becomes_of_growth_is_said() -> None:
    text = said(topology(GROWTH), "a")
    assert "held growth 10.1.0.0/16, 10.2.0.0/16, 10.9.0.0/16 is released" in text
    assert "growth 10.0.4.0/24 moves along to 10.64.4.0/24" in text


def test_a_prefix_within_another_of_the_same_network_moves_with_it() -> None:
    plan = topology('vnets.a.address_space = ["172.16.1.0/24", "172.16.0.0/16"]')
    (first, *_) = placed(plan, "a")
    assert first.blocks == ((P("172.16.0.0/16"), P("172.17.0.0/16")),)
    assert moved(first).apply(plan).vnets["a"].address_space == (P("172.17.1.0/24"), P("172.17.0.0/16"))


ESTATE = """
    [vnets.hub]
    address_space = ["10.0.0.0/24"]
    state = "deployed"
    subnets.GatewaySubnet = "10.0.0.0/27"
    gateway.p2s_pools = ["172.16.0.0/24"]
    [vnets.spoke]
    address_space = ["10.0.1.0/24"]
    dns_servers = ["10.0.0.40", "nonsense"]
    [vnets.far]
    address_space = ["10.0.2.0/24"]
    [sites.static]
    address_space = ["192.168.1.0/24"]
    devices.fw = { address = "192.0.2.1", bgp_peer = "192.168.1.9" }
    [sites.speaker]
    address_space = ["192.168.2.0/24"]
    [connections]
    one = { between = ["hub", "static"] }
    two = { between = ["hub", "speaker"], bgp = true }
    three = { between = ["hub", "far"] }
    [peerings.p]
    between = ["hub", "spoke"]
    gateway_transit = "hub"
"""


def test_what_changes_with_a_deployed_vnet_is_said_in_full() -> None:
    text = said(topology(ESTATE), "hub")
    for words in (
        "what runs in GatewaySubnet must be redeployed",
        "route tables, network security groups and firewall rules that name 10.0.0.0/24",
        "its VPN gateway must be deleted and created again",
        "the on-premises devices of static must route",
        "speaker learns the new prefixes by BGP",
        "VNet-to-VNet: nothing changes at far",
        "the peering p must be synced",
        "its VPN clients keep their addresses (172.16.0.0/24)",
        "dns_servers of spoke name 10.0.0.40",
    ):
        assert words in text


def test_sites_behind_the_gateway_of_a_hub_must_learn_where_its_spoke_is() -> None:
    text = said(topology(ESTATE), "spoke")
    assert "the on-premises devices of static must route" in text
    assert "speaker learns" in text
    assert "not deployed yet" in text


def test_what_changes_with_a_site_is_said() -> None:
    text = said(topology(ESTATE), "static")
    assert "every host of static in 192.168.1.0/24" in text
    assert "the local network gateways of static must name" in text
    assert "bgp_peer 192.168.1.9" in text


def test_a_summary_that_lies_in_what_moves_is_mapped_with_the_site() -> None:
    site = Site(address_space=(P("10.0.0.0/16"),), advertises=(P("10.0.8.0/24"), P("10.0.0.0/8")))
    after: Site = mapped(site, ((P("10.0.0.0/16"), P("10.64.0.0/16")),))
    assert after.advertises == (P("10.64.8.0/24"), P("10.0.0.0/8"))


def test_space_that_holds_what_a_site_advertises_is_taken_only_when_there_is_no_other() -> None:
    text = """
        planning.pools.lab = ["10.64.0.0/15"]
        vnets.a.address_space = ["10.0.0.0/16"]
        sites.s.advertises = ["10.0.0.0/8", "10.64.3.0/24"]
    """
    assert placed(topology(text), "a")[0].blocks[0][1] == P("10.65.0.0/16")
    only = placed(topology(text.replace("10.64.0.0/15", "10.64.0.0/16")), "a")[0]
    assert only.blocks[0][1] == P("10.64.0.0/16")
    assert "s advertises 10.64.3.0/24, which lies in the new space" in "\n".join(only.consequences)


@pytest.mark.parametrize(
    "meanwhile",
    [
        'vnets.b.address_space = ["10.0.0.0/16"]',
        'vnets.a.address_space = ["10.0.0.0/23"]',
        'vnets.a.address_space = ["10.0.0.0/24"]\nvnets.b.growth = ["172.16.0.0/12"]',
    ],
)
def test_a_move_that_no_longer_fits_the_topology_is_refused_and_changes_nothing(meanwhile: str) -> None:
    plan = topology('planning.pools.lab = ["172.16.0.0/16"]\nvnets.a.address_space = ["10.0.0.0/24"]')
    edit = moved(placed(plan, "a")[0])
    with pytest.raises(EditError):
        edit.apply(topology(meanwhile))


blocks = st.tuples(st.integers(27, 32), st.integers(0, 31)).map(
    lambda block: f"10.9.0.{block[1] >> (32 - block[0]) << (32 - block[0])}/{block[0]}"
)
six = st.tuples(st.integers(124, 128), st.integers(0, 15)).map(
    lambda block: f"fd00::{block[1] >> (128 - block[0]) << (128 - block[0]):x}/{block[0]}"
)
spaces = st.lists(st.one_of(blocks, six), min_size=1, max_size=3)


def plan_of(mine: list[str], others: list[list[str]]) -> Topology:
    """A small plan: one network that moves, and others that are in the way."""
    data: dict[str, Any] = {
        "schema": 1,
        "planning": {"pools": {"p": ["10.9.0.0/27", "fd00::/124"]}},
        "vnets": {
            "a": {"address_space": mine, "subnets": {f"s{n}": one for n, one in enumerate(mine)}},
            **{f"o{number}": {"address_space": space} for number, space in enumerate(others)},
        },
    }
    return Topology.model_validate(data)


@given(spaces, st.lists(spaces, max_size=3))
def test_a_place_overlaps_nothing_and_one_block_finds_every_place_there_is(
    mine: list[str], others: list[list[str]]
) -> None:
    plan = plan_of(mine, others)
    known = holdings(plan).index
    found = moves(plan, "a", count=100)
    every: list[Prefix] = []
    for move in () if isinstance(found, Refusal) else found:
        news = [new for _, new in move.blocks]
        every += news
        assert all(old.length == new.length and old in plan.vnets["a"].address_space for old, new in move.blocks)
        after = moved(move).apply(plan).vnets["a"]
        assert len(after.address_space) == len(plan.vnets["a"].address_space)
        assert [space for space, subnet in zip(after.address_space, after.subnets.values(), strict=True)] == [
            subnet.prefixes[0] for subnet in after.subnets.values()
        ]
    assert not [new for new in every if list(known.overlapping(new))]
    assert not [(a, b) for place, a in enumerate(every) for b in every[:place] if a.overlaps(b)]
    if len(mine) == 1:
        (block,) = plan.vnets["a"].address_space
        pool = P("10.9.0.0/27") if block.version == 4 else P("fd00::/124")
        assert len(every) == sum(not list(known.overlapping(one)) for one in pool.split(block.length))
