"""Mistakes that other planners of addresses make, and that are not made here."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, permutations
from typing import Any

import pytest

from tests.building import topology
from tests.unit.planner.small_spaces import planned, unnamed
from tui.planner.batch.placing import NoRoom, Wanted, place
from tui.planner.free_space import FreeSpace
from tui.planner.placement import STRATEGIES, Strategy, placed, spaces
from tui.planner.refusal import Refusal
from tui.planner.request import Request
from tui.planner.subnets.planning import plan_subnets
from tui.planner.subnets.wanted import SubnetWanted
from tui.planner.suggest import every, placements, suggestions
from tui.topology.prefix import Prefix

P = Prefix.parse


def given_out(pool: str, used: Sequence[str], length: int, strategy: Strategy = "in-order") -> list[str]:
    plan = planned([P(pool)], list(map(P, used)))
    return [str(one.prefix) for one in every(plan, Request(length, family=P(pool).version), strategy)]


def maximal(pool: str, used: Sequence[str]) -> list[str]:
    return list(map(str, FreeSpace(list(map(P, used))).gaps(P(pool)).blocks()))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_symmetric_difference_is_not_what_is_free(strategy: Strategy) -> None:
    # (pool xor used) would hold 10.0.1.0/24, which is used.
    assert maximal("10.0.0.0/24", ["10.0.0.0/25", "10.0.0.0/23"]) == []
    assert given_out("10.0.0.0/24", ["10.0.0.0/23"], 24, strategy) == []


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_used_space_outside_of_the_pool_is_not_free_in_it(strategy: Strategy) -> None:
    assert maximal("10.0.0.0/24", ["10.0.0.0/25", "10.9.0.0/24"]) == ["10.0.0.128/25"]
    assert given_out("10.0.0.0/24", ["10.0.0.0/25", "10.9.0.0/24"], 25, strategy) == ["10.0.0.128/25"]


@pytest.mark.parametrize("cover", ["10.0.0.0/24", "10.0.0.0/16", "10.0.0.0/8", "0.0.0.0/0"])
def test_a_used_block_that_covers_the_pool_uses_it_up(cover: str) -> None:
    assert maximal("10.0.0.0/24", [cover]) == []
    assert all(given_out("10.0.0.0/24", [cover], 28, strategy) == [] for strategy in STRATEGIES)


def test_a_subnet_is_not_laid_across_two_neighbouring_prefixes_of_a_vnet() -> None:
    plan = topology('vnets.v.address_space = ["10.168.255.128/27", "10.168.255.160/27"]')
    refused = plan_subnets("v", plan.vnets["v"], [SubnetWanted("app", 26, 4)])
    assert isinstance(refused, Refusal)
    halves = unnamed([P("10.168.255.128/27"), P("10.168.255.160/27")])
    assert spaces(FreeSpace([]), halves, 26) == []
    both = plan_subnets("v", plan.vnets["v"], [SubnetWanted("a", 27, 4), SubnetWanted("b", 27, 4)])
    assert not isinstance(both, Refusal)
    assert sorted(str(one.prefix) for one in both) == ["10.168.255.128/27", "10.168.255.160/27"]


def test_no_block_is_misaligned() -> None:
    used = ["192.0.2.0/25", "192.0.2.128/26", "192.0.2.192/30"]
    assert given_out("192.0.2.0/24", used, 29)[0] == "192.0.2.200/29"
    for strategy in STRATEGIES:
        for block in map(P, given_out("192.0.2.0/24", used, 29, strategy)):
            assert block.first % block.size == 0


def test_a_batch_does_not_run_past_its_space() -> None:
    pool = (P("192.0.2.0/28"),)
    refused = place(FreeSpace([]), [Wanted(name, 30, pool) for name in "abcde"])
    assert isinstance(refused, NoRoom)
    for found in placements(planned(pool, []), Request(30, 5)):
        assert len(found.blocks) == 4
        assert found.refusal is not None
        assert all(pool[0].contains(one.prefix) for one in found.blocks)


def test_the_order_of_the_arguments_does_not_decide_whether_a_plan_fits() -> None:
    pool = (P("10.194.48.0/21"),)
    wanted = [Wanted(f"{name}{length}", length, pool) for length in (23, 25) for name in "abc"]
    answers: list[Any] = [place(FreeSpace([]), list(order)) for order in islice(permutations(wanted), 0, 720, 7)]
    assert not isinstance(answers[0], NoRoom)
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(
    ("pool", "used", "length", "expected"),
    [
        ("192.168.0.0/23", "192.168.0.0/24", 24, ["192.168.1.0/24"]),
        ("128.0.0.0/7", "128.0.0.0/8", 8, ["129.0.0.0/8"]),
        # 160.0.0.0/3 holds an address of Azure's own, 224.0.0.0/3 multicast.
        ("0.0.0.0/0", "0.0.0.0/1", 3, ["128.0.0.0/3", "192.0.0.0/3"]),
        ("223.255.255.0/24", "223.255.255.0/25", 25, ["223.255.255.128/25"]),
        # ff00::/8 is multicast.
        ("fdff:ffff::/32", "fdff:ffff::/33", 33, ["fdff:ffff:8000::/33"]),
    ],
)
def test_addresses_above_128_are_not_negative(
    pool: str, used: str, length: int, expected: list[str], strategy: Strategy
) -> None:
    assert given_out(pool, [used], length, strategy) == expected


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_whole_address_space_is_a_pool_and_a_block(strategy: Strategy) -> None:
    free = FreeSpace([])
    for whole in (P("0.0.0.0/0"), P("::/0")):
        where = spaces(free, unnamed([whole]), 0)
        assert [one.block for one in placed(where, 0, strategy)] == [whole]
        assert free.gaps(whole).fitting(0) == free.gaps(whole).number() == 1
    assert FreeSpace([P("0.0.0.0/0")]).gaps(P("0.0.0.0/0")).largest() is None
    # Azure refuses some of it, so that the whole is never handed out.
    for family, text in ((4, "0.0.0.0/0"), (6, "::/0")):
        found = suggestions(planned([P(text)], []), Request(0, family=family), strategy)
        assert found.blocks == ()
        assert found.refusal is not None


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_not_every_candidate_is_listed_before_the_first_is_shown(strategy: Strategy) -> None:
    plan = planned([P("::/0")], [])
    assert len(list(islice(every(plan, Request(128, family=6), strategy), 3))) == 3


def test_nothing_free_is_an_answer_and_no_exception() -> None:
    plan = planned([P("10.0.0.0/24")], [P("10.0.0.0/24")])
    for found in placements(plan, Request(26, 2)):
        assert found.blocks == ()
        assert found.largest_free is None
        assert found.refusal is not None
        assert found.refusal.message.startswith("everything in the pools is used or held")
    assert list(every(plan, Request(26))) == []
    assert isinstance(place(FreeSpace([P("10.0.0.0/24")]), [Wanted("a", 26, (P("10.0.0.0/24"),))]), NoRoom)


def test_what_is_allocated_does_not_move_when_something_is_added_or_taken_away_before_it() -> None:
    """What has been handed out is in the file, and nothing of it follows from what comes before."""
    used: list[str] = []
    for length in (16, 16, 12, 16):
        used.append(given_out("10.0.0.0/8", used, length)[0])
    assert used == ["10.0.0.0/16", "10.1.0.0/16", "10.16.0.0/12", "10.2.0.0/16"]
    without_first = used[1:]
    assert given_out("10.0.0.0/8", without_first, 16)[:2] == ["10.0.0.0/16", "10.3.0.0/16"]
    assert not any(
        P(new).overlaps(P(old)) for new in given_out("10.0.0.0/8", without_first, 16) for old in without_first
    )
