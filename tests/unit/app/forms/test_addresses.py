"""Address space while it is typed: whoever has it already is named, and a free block is offered in its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import topology
from tui.app.forms.addresses import Space, default_length, judge_space, next_space
from tui.app.forms.form import Notice
from tui.app.forms.prefix_text import words_of
from tui.topology.model import Topology
from tui.topology.prefix import Prefix

PLAN = """
    [planning.pools]
    weu = { prefixes = ["10.64.0.0/13"], region = "westeurope", default_size = "/20" }
    lab = ["172.20.0.0/14"]
    [planning.avoid]
    "10.70.0.0/16" = "AKS pods"
    [vnets.hub]
    address_space = ["10.64.0.0/16"]
    growth = ["10.65.0.0/16"]
    gateway = { p2s_pools = ["10.66.255.0/24"] }
    [vnets.app]
    address_space = ["10.66.0.0/20"]
    [vnets.lonely]
    address_space = ["10.67.0.0/24"]
    isolated = true
    [sites.dublin]
    address_space = ["192.168.10.0/24"]
    [connections.hub-to-dublin]
    between = ["hub", "dublin"]
    [peerings.hub-to-app]
    between = ["hub", "app"]
"""


@pytest.fixture
def plan() -> Topology:
    return topology(PLAN)


def said(plan: Topology, text: str, space: Space | None = None) -> list[tuple[str, str]]:
    return [(notice.severity, notice.text) for notice in judge_space(plan, text, space or Space()).notices]


def offers(plan: Topology, text: str, space: Space | None = None) -> set[str | None]:
    return {notice.offer for notice in judge_space(plan, text, space or Space()).notices}


def test_free_space_is_taken_without_a_word(plan: Topology) -> None:
    judged = judge_space(plan, "10.68.0.0/16, 172.20.0.0/16", Space())
    assert judged.notices == ()
    assert judged.prefixes == (Prefix.parse("10.68.0.0/16"), Prefix.parse("172.20.0.0/16"))


def test_a_collision_with_a_joined_network_is_an_error_that_names_the_way(plan: Topology) -> None:
    app = Space(name="app")
    assert said(plan, "10.64.2.0/24", app) == [
        ("error", "10.64.2.0/24 overlaps 10.64.0.0/16 of hub; they are linked directly")
    ]
    assert said(plan, "192.168.10.0/25", app) == [
        ("error", "192.168.10.0/25 overlaps 192.168.10.0/24 of dublin; both are linked to hub")
    ]


def test_a_collision_with_a_network_that_is_not_joined_is_a_warning(plan: Topology) -> None:
    assert said(plan, "10.64.2.0/24") == [
        ("warning", "10.64.2.0/24 overlaps 10.64.0.0/16 of hub; they can never be connected")
    ]


def test_a_collision_with_a_network_that_is_never_to_be_linked_is_only_mentioned(plan: Topology) -> None:
    assert said(plan, "10.67.0.0/24") == [("info", "10.67.0.0/24 overlaps 10.67.0.0/24 of lonely; lonely is isolated")]
    mine = Space(name="app", isolated=True)
    assert said(plan, "10.67.0.0/24", mine)[0][0] == "info"


def test_ones_own_space_and_growth_are_no_collision(plan: Topology) -> None:
    hub = Space(name="hub")
    assert judge_space(plan, "10.64.0.0/15", hub).notices == ()
    assert said(plan, "10.65.0.0/24", Space(name="app")) == [
        ("error", "10.65.0.0/24 overlaps 10.65.0.0/16, which is held for the growth of hub")
    ]


def test_addresses_of_vpn_clients_collide_too(plan: Topology) -> None:
    text = "10.66.255.0/24 overlaps 10.66.255.0/24, the addresses of VPN clients of hub"
    assert said(plan, "10.66.255.0/24", Space(name="hub")) == [("error", text)]
    assert said(plan, "10.66.255.0/24", Space(name="app")) == [("error", f"{text}; they are linked directly")]
    clients = Space("p2s_pools", "hub")
    assert judge_space(plan, "10.66.255.0/24", clients).notices == ()
    assert said(plan, "10.64.3.0/24", clients) == [("error", "10.64.3.0/24 overlaps 10.64.0.0/16 of hub")]


def test_growth_may_be_held_only_once(plan: Topology) -> None:
    assert said(plan, "10.67.0.0/16", Space("growth", "app")) == [
        ("error", "10.67.0.0/16 overlaps 10.67.0.0/24 of lonely")
    ]


def test_what_is_to_be_avoided_says_why_and_what_azure_refuses_too(plan: Topology) -> None:
    assert said(plan, "10.70.1.0/24") == [
        ("warning", "10.70.1.0/24 lies in 10.70.0.0/16, which planning.avoid keeps clear: AKS pods")
    ]
    assert said(plan, "169.254.0.0/16") == [("error", "169.254.0.0/16 is what Azure refuses: link-local addresses")]
    assert said(plan, "169.254.0.0/16", Space(site=True)) == []


def test_space_outside_its_pool_is_a_warning_with_a_block_of_the_pool(plan: Topology) -> None:
    space = Space(pool="lab")
    assert said(plan, "10.68.0.0/24", space) == [("warning", "10.68.0.0/24 lies outside its pool lab (172.20.0.0/14)")]
    assert offers(plan, "10.68.0.0/24", space) == {"172.20.0.0/24"}


def test_the_offer_is_the_whole_field_with_the_nearest_free_block_of_that_size(plan: Topology) -> None:
    assert offers(plan, "10.69.0.0/24, 10.66.3.0/24") == {"10.69.0.0/24, 10.66.16.0/24"}
    # What stands beside it is not handed out a second time.
    assert offers(plan, "10.66.16.0/24, 10.66.3.0/24") == {"10.66.16.0/24, 10.66.17.0/24"}
    assert offers(plan, "10.66.3.0/24", Space(beside=(Prefix.parse("10.66.16.0/23"),))) == {"10.66.18.0/24"}


def test_many_collisions_are_told_in_one_sentence_the_joined_ones_first() -> None:
    vnets = "\n".join(f'v{number} = {{ address_space = ["10.{number}.0.0/16"] }}' for number in range(6))
    plan = topology(f'[vnets]\n{vnets}\nhub = {{}}\n[peerings.p]\nbetween = ["hub", "v5"]\n')
    assert said(plan, "10.0.0.0/13") == [
        ("warning", "10.0.0.0/13 overlaps 6 networks: v0, v1, v2 and 3 others; none of them is joined with it")
    ]
    assert said(plan, "10.0.0.0/13", Space(name="hub")) == [
        ("error", "10.0.0.0/13 overlaps 6 networks: v5, v0, v1 and 3 others; joined with it: v5")
    ]


def test_beyond_a_thousand_collisions_those_with_joined_networks_are_still_found() -> None:
    vnets = {f"v{number}": {"address_space": ["10.0.0.0/24"]} for number in range(1200)}
    peerings = {"p": {"between": ["v0", "v1199"]}}
    plan = Topology.model_validate({"vnets": vnets, "peerings": peerings})
    ((severity, text),) = said(plan, "10.0.0.0/24", Space(name="v0"))
    assert severity == "error"
    assert text.startswith("10.0.0.0/24 overlaps more than 1000 networks, such as v1199")


def test_a_length_alone_takes_the_next_free_block(plan: Topology) -> None:
    judged = judge_space(plan, "10.68.0.0/16, /24, /24", Space(region="westeurope"))
    assert judged.prefixes == tuple(map(Prefix.parse, ("10.68.0.0/16", "10.66.16.0/24", "10.66.17.0/24")))
    assert (
        judged.notices
        == (
            Notice("info", "/24 takes 10.66.16.0/24, the next free block", "10.68.0.0/16, 10.66.16.0/24, /24"),
            Notice("info", "/24 takes 10.66.17.0/24, the next free block", "10.68.0.0/16, /24, 10.66.17.0/24"),
        )
        or len({notice.text for notice in judged.notices}) == 2
    )
    assert judge_space(plan, "/4", Space()).prefixes is None
    assert said(plan, "/4") == [("error", "no /4 is free; choose a smaller block, or type a prefix")]


def test_the_severities_of_the_file_hold_here_too(plan: Topology) -> None:
    quiet = topology(f'{PLAN}\n    [checks]\n    ADR002 = "off"\n    ADR006 = "error"')
    assert said(quiet, "10.64.2.0/24") == []
    assert said(quiet, "10.70.1.0/24")[0][0] == "error"


# The key that takes the next free block


def test_the_next_block_has_the_size_of_the_pool_unless_one_is_typed(plan: Topology) -> None:
    assert next_space(plan, "", Space(region="westeurope")) == "10.66.16.0/20"
    assert next_space(plan, "", Space(pool="lab")) == "172.20.0.0/22"
    assert next_space(plan, "/24", Space(pool="lab")) == "172.20.0.0/24"
    assert next_space(plan, "", Space("p2s_pools", "hub")) == "10.66.16.0/24"
    assert default_length(plan, Space(pool="weu")) == 20
    assert default_length(plan, Space(pool="none")) == 22


def test_taken_again_and_again_it_walks_through_all_that_is_free_and_begins_anew() -> None:
    plan = topology('planning.pools.p = ["10.0.0.0/22"]\nvnets.a = { address_space = ["10.0.1.0/24"] }')
    text, walked = "", []
    for _ in range(4):
        text = next_space(plan, text, Space(), 24) or ""
        walked.append(text)
    assert walked == ["10.0.0.0/24", "10.0.2.0/24", "10.0.3.0/24", "10.0.0.0/24"]


def test_with_several_prefixes_it_works_on_the_last_one(plan: Topology) -> None:
    space = Space(pool="lab")
    assert next_space(plan, "172.20.0.0/24, 172.20.0.0/24", space) == "172.20.0.0/24, 172.20.1.0/24"
    assert next_space(plan, "172.20.0.0/24 /25", space) == "172.20.0.0/24, 172.20.1.0/25"
    assert next_space(plan, "172.20.0.9/24", space) == "172.20.1.0/24"


def test_where_nothing_is_free_nothing_is_taken(plan: Topology) -> None:
    assert next_space(plan, "/13", Space(pool="weu")) is None


BLOCKS = st.tuples(st.integers(26, 30), st.integers(0, 63)).map(
    lambda block: Prefix(4, (10 << 24) + block[1], 32).shortened(block[0])
)


@settings(max_examples=60)
@given(st.lists(BLOCKS, max_size=6), st.lists(BLOCKS, min_size=1, max_size=3, unique=True))
def test_an_offer_about_a_collision_takes_its_place_without_another_one(
    others: list[Prefix], typed: list[Prefix]
) -> None:
    plan = Topology.model_validate(
        {
            "planning": {"pools": {"p": ["10.0.0.0/26"]}},
            "vnets": {f"v{number}": {"address_space": [str(one)]} for number, one in enumerate(others)},
        }
    )
    text = ", ".join(map(str, typed))
    for notice in judge_space(plan, text, Space()).notices:
        if "overlaps" in notice.text and notice.offer is not None:
            offered = [word.prefix for word in words_of(notice.offer)]
            (new,) = [one for one, before in zip(offered, typed, strict=True) if one != before]
            assert new is not None
            rest = [one for one, before in zip(typed, offered, strict=True) if one == before]
            assert not any(new.overlaps(one) for one in (*others, *rest))
