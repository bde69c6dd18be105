"""Collisions: every overlap of two networks is found, told apart by whether it matters, and counted when too many."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.connectivity.oracle import Oracle, Overlaps, overlap, within
from tests.unit.connectivity.strategies import often, topologies
from tui.connectivity import collisions as module
from tui.connectivity.collisions import Collision, Collisions, SharedBlock, collisions
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

MANY = 20_000


def prefix(text: str) -> Prefix:
    return Prefix.parse(text)


def test_networks_apart_do_not_collide() -> None:
    found = topology(
        """
        [vnets.a]
        address_space = ["10.0.0.0/16", "fd00::/48"]
        [vnets.b]
        address_space = ["10.1.0.0/16", "fd00:0:1::/48"]
        [sites.hq]
        """
    )
    assert collisions(found) == Collisions((), ())


def test_ipv4_and_ipv6_never_overlap() -> None:
    found = topology("vnets.a.address_space = ['0.0.0.0/0']\nvnets.b.address_space = ['::/0']")
    assert collisions(found).pairs == ()


def test_a_network_does_not_collide_with_itself() -> None:
    found = topology("vnets.a.address_space = ['10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/16']")
    assert collisions(found) == Collisions((), ())


TWO = """
    [vnets.later]
    address_space = ["10.0.0.0/16", "10.9.0.0/24"]
    [vnets.a]
    address_space = ["10.9.0.0/16", "10.0.3.0/24"]
    [sites.hq]
    address_space = ["192.168.0.0/24"]
"""


@pytest.mark.parametrize(("link", "joined"), [("", False), ("peerings.x.between = ['a', 'later']\n", True)])
def test_a_collision_names_both_networks_in_the_order_of_the_file_and_all_that_overlaps(
    link: str, joined: bool
) -> None:
    (pair,) = collisions(topology(link + TWO)).pairs
    assert pair.networks == ("later", "a")
    assert set(pair.overlaps) == {
        (prefix("10.0.0.0/16"), prefix("10.0.3.0/24")),
        (prefix("10.9.0.0/24"), prefix("10.9.0.0/16")),
    }
    assert pair.joined is joined


def test_sites_come_first_where_the_file_names_them_first() -> None:
    spaces = {"address_space": ["10.0.0.0/16"]}
    data = {"vnets": {"a": spaces}, "sites": {"hq": spaces}}
    assert collisions(Topology.model_validate(data)).pairs[0].networks == ("a", "hq")
    assert collisions(Topology.model_validate(data | {"\0sites_first": True})).pairs[0].networks == ("hq", "a")


def test_a_prefix_that_is_written_twice_overlaps_once() -> None:
    found = topology(
        "vnets.a.address_space = ['10.0.0.0/16', '10.0.0.0/16']\nvnets.b.address_space = ['10.0.0.0/16']\n"
    )
    same = (prefix("10.0.0.0/16"), prefix("10.0.0.0/16"))
    assert collisions(found).pairs == (Collision(("a", "b"), (same,), joined=False),)


FOUR = """
    vnets.a.address_space = ["10.0.0.0/8"]
    vnets.b.address_space = ["10.1.0.0/16"]
    vnets.c.address_space = ["10.1.0.0/16"]
    vnets.d.address_space = ["10.1.2.0/24", "10.2.0.0/24"]
    peerings.a-d.between = ["a", "d"]
"""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pair is reported one by one."""
    monkeypatch.setattr(module, "MOST_PAIRS", 0)


@pytest.mark.usefixtures("few")
def test_too_many_pairs_are_counted_by_the_block_that_they_share() -> None:
    assert collisions(topology(FOUR)) == Collisions(
        (),
        (
            SharedBlock(prefix("10.0.0.0/8"), ("a", "d"), 2, joined=True, exact=True),
            SharedBlock(prefix("10.0.0.0/8"), ("a", "b", "c", "d"), 5, joined=False, exact=True),
        ),
    )


def test_joined_pairs_are_still_named_where_only_the_others_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAIRS", 2)
    found = collisions(topology(FOUR))
    assert [pair.networks for pair in found.pairs] == [("a", "d")]
    assert [(block.overlaps, block.joined) for block in found.blocks] == [(5, False)]


def test_pairs_stay_in_the_order_of_the_file_where_both_kinds_are_few_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
        vnets.a.address_space = ["10.0.0.0/24"]
        vnets.b.address_space = ["10.0.0.0/24"]
        vnets.c.address_space = ["10.1.0.0/24"]
        vnets.d.address_space = ["10.1.0.0/24"]
        peerings.c-d.between = ["c", "d"]
        """
    monkeypatch.setattr(module, "MOST_PAIRS", 1)
    assert [pair.networks for pair in collisions(topology(text)).pairs] == [("a", "b"), ("c", "d")]


@pytest.mark.usefixtures("few")
def test_a_block_in_which_all_are_joined_is_not_counted_among_the_others() -> None:
    found = topology(FOUR + "peerings.a-b.between = ['a', 'b']\npeerings.a-c.between = ['a', 'c']\n")
    assert [(block.overlaps, block.joined) for block in collisions(found).blocks] == [(7, True)]


@pytest.mark.usefixtures("few")
def test_the_same_overlap_is_not_reported_for_two_groups() -> None:
    """`a` and `b` hang on two hubs: two groups in which they are joined, one overlap."""
    spaces = "vnets.a.address_space = ['10.0.0.0/16']\nvnets.b.address_space = ['10.0.0.0/16']\n"
    found = topology(
        spaces
        + """
        [vnets.hub1]
        [vnets.hub2]
        [peerings]
        a1 = { between = ["a", "hub1"] }
        b1 = { between = ["b", "hub1"] }
        a2 = { between = ["a", "hub2"] }
        b2 = { between = ["b", "hub2"] }
        """
    )
    assert collisions(found).blocks == (SharedBlock(prefix("10.0.0.0/16"), ("a", "b"), 1, joined=True, exact=True),)


@pytest.mark.usefixtures("few")
def test_a_count_over_several_large_groups_is_an_upper_bound_and_says_so() -> None:
    """Ten VNets on each of two hubs: which of them the two have in common is not told apart."""
    spokes = [f"v{number}" for number in range(10)]
    network = {"address_space": ["10.0.0.0/16"]}
    found = Topology.model_validate(
        {
            "vnets": dict.fromkeys(["hub1", "hub2", *spokes, "other"], network),
            "peerings": {f"{a}-{b}": {"between": [a, b]} for a in ("hub1", "hub2") for b in spokes},
        }
    )
    (far,) = (block for block in collisions(found).blocks if not block.joined)
    assert not far.exact
    assert far.overlaps >= 12, "the other one with each of the twelve"


def test_of_twenty_thousand_vnets_inside_one_sites_block_the_many_are_counted_and_the_few_listed() -> None:
    network = {"address_space": ["10.0.0.0/8"]}
    vnets = {f"v{n}": {"address_space": [f"10.{n >> 8}.{n & 255}.0/24"]} for n in range(MANY)}
    linked = {f"to-{n}": {"between": [f"v{n}", "hq"]} for n in range(15_000)}
    found = collisions(Topology.model_validate({"vnets": vnets, "sites": {"hq": network}, "connections": linked}))
    assert [(block.overlaps, block.joined, block.exact) for block in found.blocks] == [(15_000, True, True)]
    assert len(found.pairs) == 5_000
    assert not any(pair.joined for pair in found.pairs)


def test_two_networks_that_overlap_in_many_prefixes_are_one_pair() -> None:
    space = [f"10.0.{n}.0/24" for n in range(200)]
    vnets = {f"v{n}": {"address_space": space} for n in range(12)}
    found = collisions(Topology.model_validate({"vnets": vnets}))
    assert len(found.pairs) == 66
    assert {len(pair.overlaps) for pair in found.pairs} == {200}


@pytest.mark.parametrize("linked", [False, True])
def test_twenty_thousand_identical_vnets_are_counted_not_listed(linked: bool) -> None:
    vnets = {f"v{n}": {"address_space": ["10.0.0.0/16"]} for n in range(MANY)}
    links = {f"to-{n}": {"between": [f"v{n}", "hq"]} for n in range(MANY if linked else 0)}
    found = collisions(Topology.model_validate({"vnets": vnets, "sites": {"hq": {}}, "connections": links}))
    assert found.pairs == ()
    (block,) = found.blocks
    assert (block.overlaps, block.joined, block.exact) == (MANY * (MANY - 1) // 2, linked, True)
    assert block.networks == tuple(vnets)


def test_a_network_that_repeats_its_own_space_costs_nothing() -> None:
    """Its blocks overlap each other 200 million times, which is no collision."""
    found = collisions(
        Topology.model_validate(
            {"vnets": {"a": {"address_space": ["10.0.0.0/16"] * MANY}, "b": {"address_space": ["10.0.0.0/24"]}}}
        )
    )
    assert [pair.networks for pair in found.pairs] == [("a", "b")]
    assert len(found.pairs[0].overlaps) == 1


def expected(found: Topology) -> list[tuple[tuple[str, str], Overlaps, bool]]:
    """All collisions by comparing everything with everything."""
    oracle = Oracle(found)
    return [
        ((a, b), tuple(sorted(overlaps)), bool(oracle.joining_rules(a, b)))
        for a, b in oracle.pairs()
        if (overlaps := oracle.overlaps(a, b))
    ]


def listed(pairs: tuple[Collision, ...]) -> list[tuple[tuple[str, str], Overlaps, bool]]:
    return [(pair.networks, tuple(sorted(pair.overlaps)), pair.joined) for pair in pairs]


@often
@given(topologies(addresses=True))
def test_collisions_are_exactly_the_pairs_whose_spaces_overlap(found: Topology) -> None:
    assert listed(collisions(found).pairs) == expected(found)
    assert collisions(found).blocks == ()


@often
@given(topologies(addresses=True), st.sampled_from([0, 1, 3, 10]), st.sampled_from([0, 2, 8]))
def test_where_pairs_are_too_many_blocks_account_for_all_of_them(found: Topology, most: int, small: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_PAIRS", most)
        patch.setattr(module, "_SMALL_GROUP", small)
        result = collisions(found)
    order = {name: place for place, name in enumerate(Oracle(found).names)}
    truth = expected(found)
    if len(truth) <= most and sum(len(overlaps) for _, overlaps, _ in truth) <= 10 * most:
        assert listed(result.pairs) == truth
        assert result.blocks == ()
    assert [pair.networks for pair in result.pairs] == sorted(
        (pair.networks for pair in result.pairs), key=lambda pair: (order[pair[0]], order[pair[1]])
    )
    assert len(set(result.blocks)) == len(result.blocks)
    for joined in (True, False):
        check_one_kind(found, result, joined, most)


def check_one_kind(found: Topology, result: Collisions, joined: bool, most: int) -> None:
    """The joined overlaps, or the others, are all in pairs or all in blocks."""
    oracle = Oracle(found)
    truth = [entry for entry in expected(found) if entry[2] is joined]
    pairs = tuple(pair for pair in result.pairs if pair.joined is joined)
    blocks = [block for block in result.blocks if block.joined is joined]
    total = sum(len(overlaps) for _, overlaps, _ in truth)
    if not blocks:
        assert listed(pairs) == truth
        assert len(pairs) <= most or not result.blocks
        return
    assert not pairs
    for (a, b), overlaps, _ in truth:
        for p, q in overlaps:
            around = [block for block in blocks if {a, b} <= {*block.networks} and within(p, block.block)]
            assert any(within(q, block.block) for block in around), (a, b, p, q)
    for block in blocks:
        check_block(oracle, block)
    if joined:
        assert truth, "joined blocks mean joined overlaps"
        return
    assert all(not overlap(one.block, other.block) for one, other in combinations(blocks, 2))
    if all(block.exact for block in blocks):
        assert sum(block.overlaps for block in blocks) == total
    else:
        assert sum(block.overlaps for block in blocks) >= total


def check_block(oracle: Oracle, block: SharedBlock) -> None:
    """A block holds a prefix of each of its networks, and its count is right for what lies in it."""
    assert list(block.networks) == [name for name in oracle.names if name in block.networks]
    for name in block.networks:
        assert any(within(p, block.block) for p in oracle.space(name))
    inside = sum(
        1
        for a, b in combinations(block.networks, 2)
        for p, q in oracle.overlaps(a, b)
        if within(p, block.block) and within(q, block.block)
        if bool(oracle.joining_rules(a, b)) is block.joined
    )
    if block.exact:
        assert block.overlaps == inside > 0
    else:
        assert not block.joined
        assert block.overlaps >= inside
    if block.joined:
        assert all(oracle.joining_rules(a, b) for a, b in combinations(block.networks, 2))
