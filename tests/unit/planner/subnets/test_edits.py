"""A subnet is split and joined without losing a note, a key or its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tests.unit.planner.subnets.small_vnets import vnets
from tui.errors import EditError
from tui.planner.subnets.edits import ONLY_WHILE_EMPTY, join, joinable, split
from tui.topology.edits import rename
from tui.topology.model import Subnet, Topology, VNet
from tui.topology.prefix import Prefix
from tui.topology.table import Table

P = Prefix.parse

PLAN = """
    [vnets.app]
    address_space = ["10.0.0.0/24", "10.0.1.0/24", "fd00::/60"]
    [vnets.app.subnets]
    GatewaySubnet = "10.0.0.192/26"
    web = { prefixes = ["fd00::/64", "10.0.0.0/25"], note = "front", nsg = "strict" }
    db = { prefixes = ["10.0.0.128/26"], note = "data" }
    six = "fd00:0:0:1::/64"
    two = ["10.0.1.0/27", "10.0.1.64/27"]
    AzureBastionSubnet = "10.0.1.128/25"
"""


@pytest.fixture
def plan() -> Topology:
    return topology(PLAN)


def subnets(plan: Topology) -> Table[Subnet]:
    return plan.vnets["app"].subnets


def refusal(plan: Topology, first: str, second: str) -> str:
    with pytest.raises(EditError) as caught:
        join("app", first, second).apply(plan)
    assert caught.value.hint
    return caught.value.message


# Splitting


def test_a_subnet_is_split_in_two_with_its_note_and_its_unknown_keys(plan: Topology) -> None:
    edit = split("app", "web")
    assert edit.title == "Split web of app in two"
    after = subnets(edit.apply(plan))
    assert list(after) == ["GatewaySubnet", "web", "web-2", "db", "six", "two", "AzureBastionSubnet"]
    assert after["web"].prefixes == (P("fd00::/64"), P("10.0.0.0/26"))
    assert after["web-2"].prefixes == (P("10.0.0.64/26"),)
    assert [one.note for one in (after["web"], after["web-2"])] == ["front", "front"]
    assert [one.unknown for one in (after["web"], after["web-2"])] == [Table({"nsg": "strict"})] * 2


def test_the_parts_of_a_given_size_are_named_with_free_names_in_the_order_of_their_addresses(plan: Topology) -> None:
    renamed = rename(("vnets", "app", "subnets", "six"), "web-3").apply(plan)
    after = subnets(split("app", "web", 27).apply(renamed))
    assert list(after)[1:5] == ["web", "web-2", "web-4", "web-5"]
    assert [str(after[name].prefixes[-1]) for name in list(after)[1:5]] == [
        "10.0.0.0/27",
        "10.0.0.32/27",
        "10.0.0.64/27",
        "10.0.0.96/27",
    ]


def test_the_first_part_is_what_the_subnet_was_and_the_others_are_new(plan: Topology) -> None:
    renamed = rename(("vnets", "app", "subnets", "web"), "front").apply(plan)
    after = subnets(split("app", "front").apply(renamed))
    assert after["front"].identity == subnets(renamed)["front"].identity == "web"
    assert after["front-2"].identity not in ("", "web")


@pytest.mark.parametrize(
    ("name", "length", "message"),
    [
        ("GatewaySubnet", None, "GatewaySubnet cannot be split"),
        ("AzureBastionSubnet", None, "AzureBastionSubnet cannot be split"),
        ("six", None, "has no IPv4 prefix"),
        ("two", None, "several IPv4 prefixes: 10.0.1.0/27, 10.0.1.64/27"),
        ("web", 30, "the smallest subnet is /29"),
        ("web", 25, "it is 10.0.0.0/25"),
        ("web", -1, "it is 10.0.0.0/25"),
        ("none", None, "there is no subnet none"),
    ],
)
def test_what_cannot_be_split_says_why(plan: Topology, name: str, length: int | None, message: str) -> None:
    with pytest.raises(EditError) as caught:
        split("app", name, length).apply(plan)
    assert message in caught.value.message
    assert caught.value.hint


def test_a_subnet_is_split_into_sixty_four_parts_and_no_more() -> None:
    plan = topology('vnets.app = { address_space = ["10.0.0.0/16"], subnets = { web = "10.0.0.0/16" } }')
    assert len(subnets(split("app", "web", 22).apply(plan))) == 64
    with pytest.raises(EditError, match="64 at once are the most"):
        split("app", "web", 23).apply(plan)


def test_the_smallest_subnet_cannot_be_split() -> None:
    plan = topology('vnets.app = { address_space = ["10.0.0.0/28"], subnets = { web = "10.0.0.0/29" } }')
    with pytest.raises(EditError, match=r"web cannot be split: it is 10\.0\.0\.0/29"):
        split("app", "web").apply(plan)


# Joining


def test_two_halves_become_one_under_the_first_name_with_both_notes(plan: Topology) -> None:
    parts = split("app", "db").apply(plan)
    named = parts.model_copy(
        update={
            "vnets": parts.vnets.set(
                "app",
                parts.vnets["app"].model_copy(
                    update={
                        "subnets": subnets(parts).set(
                            "db-2",
                            Subnet.model_validate(
                                {"prefixes": ["fd00:0:0:2::/64", "10.0.0.160/27"], "note": "logs", "route": "fw"}
                            ),
                        )
                    }
                ),
            )
        }
    )
    edit = join("app", "db-2", "db")
    assert edit.title == "Join db-2 and db of app"
    after = subnets(edit.apply(named))
    assert "db" not in after
    assert after["db-2"].prefixes == (P("fd00:0:0:2::/64"), P("10.0.0.128/26"))
    assert after["db-2"].note == "logs; data"
    other_way = subnets(join("app", "db", "db-2").apply(named))["db"]
    assert other_way.prefixes == (P("10.0.0.128/26"), P("fd00:0:0:2::/64"))
    assert other_way.note == "data; logs"
    assert other_way.unknown == Table({"route": "fw"})


def test_a_note_that_was_joined_before_is_not_said_again() -> None:
    plan = topology("""
        [vnets.app]
        address_space = ["10.0.0.0/26"]
        [vnets.app.subnets]
        a = { prefixes = ["10.0.0.0/28"], note = "x" }
        b = { prefixes = ["10.0.0.16/28"], note = "y" }
        c = { prefixes = ["10.0.0.32/27"], note = "y" }
        d = "10.0.0.64/26"
    """)
    joined = join("app", "a", "c").apply(join("app", "a", "b").apply(plan))
    assert subnets(joined)["a"].note == "x; y"


def test_a_key_with_two_values_is_not_thrown_away() -> None:
    plan = topology("""
        [vnets.app]
        address_space = ["10.0.0.0/24"]
        [vnets.app.subnets]
        a = { prefixes = ["10.0.0.0/25"], zone = 1 }
        b = { prefixes = ["10.0.0.128/25"], zone = true }
    """)
    assert "a and b differ in zone" in refusal(plan, "a", "b")
    assert joinable(plan.vnets["app"], "a") is None


def test_a_renamed_subnet_stays_what_it_was_when_another_is_joined_to_it() -> None:
    plan = topology("""
        [vnets.app]
        address_space = ["10.0.0.0/24"]
        [vnets.app.subnets]
        a = "10.0.0.0/25"
        b = { prefixes = ["10.0.0.128/25"], zone = 1 }
    """)
    renamed = rename(("vnets", "app", "subnets", "a"), "web").apply(plan)
    joined = subnets(join("app", "web", "b").apply(renamed))["web"]
    assert joined.identity == "a"
    assert joined.unknown == Table({"zone": 1})


def test_what_does_not_form_one_block_says_what_would(plan: Topology) -> None:
    parts = split("app", "db").apply(split("app", "web", 27).apply(plan))
    assert "do not form one block" in refusal(parts, "web-2", "web-3")
    assert "do not form one block" in refusal(parts, "web", "web-4")
    assert "not of one size" in refusal(plan, "web", "db")
    assert "joined with itself" in refusal(plan, "web", "web")
    assert "has no IPv4 prefix" in refusal(plan, "web", "six")
    assert "several IPv4 prefixes" in refusal(plan, "two", "db")
    assert "GatewaySubnet cannot go into db" in refusal(plan, "db", "GatewaySubnet")
    assert "no subnet none" in refusal(plan, "none", "db")


def test_the_gateway_subnet_grows_by_the_half_beside_it(plan: Topology) -> None:
    assert subnets(join("app", "GatewaySubnet", "db").apply(plan))["GatewaySubnet"].prefixes == (P("10.0.0.128/25"),)
    assert joinable(plan.vnets["app"], "GatewaySubnet") == "db"
    assert joinable(plan.vnets["app"], "db") is None


def test_halves_in_two_neighbouring_prefixes_of_the_vnet_are_not_joined() -> None:
    plan = topology("""
        [vnets.app]
        address_space = ["10.0.0.0/24", "10.0.1.0/24"]
        subnets = { a = "10.0.0.0/24", b = "10.0.1.0/24" }
    """)
    assert "different prefixes of the address space" in refusal(plan, "a", "b")
    assert joinable(plan.vnets["app"], "a") is None


def test_the_largest_subnets_are_not_joined() -> None:
    plan = topology("""
        [vnets.app]
        address_space = ["0.0.0.0/0"]
        subnets = { a = "0.0.0.0/2", b = "64.0.0.0/2", all = "0.0.0.0/0" }
    """)
    assert "largest subnets that there can be" in refusal(plan, "a", "b")
    assert joinable(plan.vnets["app"], "all") is None


@given(vnets())
def test_joinable_names_a_subnet_exactly_when_one_can_be_joined(vnet: VNet) -> None:
    plan = Topology.model_validate({"schema": 1, "vnets": {"app": vnet}})
    for name in vnet.subnets:
        possible = []
        for other in vnet.subnets:
            try:
                after = subnets(join("app", name, other).apply(plan))
            except EditError:
                continue
            possible.append(other)
            (joined,) = after[name].prefixes
            assert set(joined.split(joined.length + 1)) == {vnet.subnets[one].prefixes[0] for one in (name, other)}
        assert joinable(vnet, name) == next(iter(possible), None)


# Both


notes = st.none() | st.text(alphabet="ab; ", max_size=6)
orders = st.permutations(["v6", "v4"])


@given(
    st.integers(16, 28), st.integers(1, 6), notes, notes, st.booleans(), st.permutations(["v6", "v4"]), st.booleans()
)
def test_splitting_and_joining_pair_by_pair_is_no_change_at_all(
    length: int, doublings: int, note: str | None, other: str | None, unknown: bool, order: list[str], upper: bool
) -> None:
    parts_length = min(length + doublings, 29)
    web = {"prefixes": [{"v4": f"10.0.0.0/{length}", "v6": "fd00::/64"}[family] for family in order]}
    extra = {"nsg": {"rules": [1, 2.0]}, "identity": "mine"} if unknown else {}
    plan = Topology.model_validate(
        {
            "schema": 1,
            "vnets": {
                "app": {
                    "address_space": ["10.0.0.0/8", "fd00::/48"],
                    "subnets": {
                        "web-3": {"prefixes": ["10.9.0.0/24"], **({} if other is None else {"note": other})},
                        "web": {**web, **({} if note is None else {"note": note}), **extra},
                        "zoo": "10.9.1.0/24",
                    },
                }
            },
        }
    )
    after = split("app", "web", parts_length).apply(plan)
    names = [name for name in subnets(after) if name not in ("web-3", "zoo")]
    assert len(names) == 1 << parts_length - length
    while len(names) > 1:
        # From the end or from the beginning: each pair for itself.
        for first, second in sorted(zip(names[::2], names[1::2], strict=True), reverse=upper):
            assert joinable(after.vnets["app"], first) == second
            after = join("app", first, second).apply(after)
        names = names[::2]
    assert after == plan
    assert repr(after) == repr(plan)
    assert list(subnets(after)) == ["web-3", "web", "zoo"]
    assert subnets(after)["web"].model_fields_set == subnets(plan)["web"].model_fields_set


def test_the_screen_can_say_when_azure_allows_a_change() -> None:
    assert "only while nothing is in" in ONLY_WHILE_EMPTY
