"""What peers assert about handing out addresses: Terraform, NetBox, Azure IPAM, netaddr, phpIPAM, Azure's host counts.

Owns which case of the six files is run how. The order of the requests counts in the files, so a case is a sequence of
single placements, in order of address; where a peer hands out all or nothing, a batch too.
Invariant: every case is run here, or in another module, or stands in LEFT_OUT with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.checks.test_vectors import RUN as RUN_BY_CHECKS
from tests.unit.planner.small_spaces import planned, unnamed
from tests.unit.topology.test_vectors import RUN as OPERATIONS_OF_TOPOLOGY
from tui.planner.batch.placing import NoRoom, Wanted, place
from tui.planner.free_space import FreeSpace
from tui.planner.placement import STRATEGIES, placed, spaces
from tui.planner.request import Request
from tui.planner.suggest import suggestions
from tui.topology.intervals import blocks
from tui.topology.prefix import Prefix
from tui.topology.subnet_sizes import length_for_hosts, usable_addresses

VECTORS = Path(__file__).parents[2] / "data" / "vectors"
FILES = ("terraform_cidr", "netbox", "azure_ipam", "netaddr", "azure_hosts", "issue_regressions")

_MASKS = "nothing prints netmasks; reading one is in tests/unit/topology/test_prefix.py"
_HOSTS = "single addresses of a subnet are not planned"

LEFT_OUT = {
    "cidrhost-0": _HOSTS,
    "cidrhost-1": _HOSTS,
    "cidrhost-2": _HOSTS,
    "cidrhost-err-0": _HOSTS,
    "cidrhost-err-1": _HOSTS,
    "netmask-0": _MASKS,
    "netmask-24": _MASKS,
    "netmask-32": _MASKS,
    "usable-24": "Azure keeps five addresses where the peer keeps two; ours is pinned below",
    "cidrsubnet-leading-zero": "a quirk that is refused here: tests/unit/topology/test_vectors.py",
}

CASES = {
    f"{file}-{case['id']}": case
    for file in FILES
    for case in json.loads((VECTORS / f"{file}.json").read_text(encoding="utf-8"))["cases"]
}

Runner = Callable[[dict[str, Any], dict[str, Any]], None]


def ps(texts: Sequence[str]) -> list[Prefix]:
    return list(map(Prefix.parse, texts))


def one_after_another(pools: Sequence[Prefix], used: Sequence[Prefix], lengths: Sequence[int]) -> list[Prefix] | None:
    """A single placement for each length, each of which is used up for the next; None where one finds no room."""
    found: list[Prefix] = []
    for length in lengths:
        where = spaces(FreeSpace([*used, *found]), unnamed(pools), length)
        one = next(placed(where, length, "in-order"), None)
        if one is None:
            return None
        found.append(one.block)
    return found


def all_or_nothing(pools: Sequence[Prefix], used: Sequence[Prefix], lengths: Sequence[int]) -> list[Prefix] | None:
    """A batch; None where it takes nothing."""
    wanted = [Wanted(f"w{number:02}", length, tuple(pools)) for number, length in enumerate(lengths)]
    found = place(FreeSpace(used), wanted)
    return None if isinstance(found, NoRoom) else [found[one.key] for one in wanted]


def is_an_answer(found: Sequence[Prefix], pools: Sequence[Prefix], used: Sequence[Prefix]) -> bool:
    """True if each block lies in exactly one pool, and none overlaps another or what is used."""
    return all(sum(pool.contains(block) for pool in pools) == 1 for block in found) and not any(
        a.overlaps(b) for number, a in enumerate(found) for b in [*found[:number], *used]
    )


def first_fit(given: dict[str, Any], expect: dict[str, Any]) -> None:
    pools, used, lengths = ps(given["pool"]), ps(given["used"]), given["lengths"]
    found, batch = one_after_another(pools, used, lengths), all_or_nothing(pools, used, lengths)
    if "error" in expect:
        assert found is None
        assert batch is None
    elif "cidrs" in expect:
        assert found == ps(expect["cidrs"])
        assert batch is not None
        assert is_an_answer(batch, pools, used)
    else:
        assert found is not None
        assert batch is not None
        assert is_an_answer(found, pools, used)
        assert is_an_answer(batch, pools, used)
    if len(set(lengths)) == 1:
        plan = planned(pools, used)
        for strategy in STRATEGIES:
            answer = suggestions(plan, Request(lengths[0], len(lengths)), strategy)
            assert (answer.refusal is None) is (found is not None)
    if "free" in expect:
        free = FreeSpace([*used, *(found or ())])
        assert [block for pool in pools for block in free.gaps(pool).blocks()] == ps(expect["free"])


def newbits(given: dict[str, Any], expect: dict[str, Any]) -> None:
    pool = Prefix.parse(given["cidr"])
    lengths = [pool.length + more for more in given["newbits"]]
    found, batch = one_after_another([pool], [], lengths), all_or_nothing([pool], [], lengths)
    assert (found is None) is (batch is None) is ("error" in expect)
    if found is not None and batch is not None:
        assert found == ps(expect["cidrs"])
        assert is_an_answer(batch, [pool], [])


def with_names(given: dict[str, Any], expect: dict[str, Any]) -> None:
    pool = Prefix.parse(given["base"])
    found = one_after_another([pool], [], [pool.length + one["newbits"] for one in given["requests"]])
    assert found is not None
    by_name = {one["name"]: str(block) for one, block in zip(given["requests"], found, strict=True)}
    assert {name: block for name, block in by_name.items() if name is not None} == expect["by_name"]


def available(given: dict[str, Any], expect: dict[str, Any]) -> None:
    (pool,) = ps(given["pool"])
    used = ps(given.get("used", ()))
    for first, last in given.get("used_ranges", ()):
        used += blocks(4, Prefix.of_address(first).first, Prefix.of_address(last).first)
    gaps = FreeSpace(used).gaps(pool)
    free = list(gaps.blocks())
    assert free == ps(expect.get("free", list(map(str, free))))
    assert gaps.number() == len(free) == expect.get("count", len(free))
    assert len(free) >= expect.get("count_at_least", 0)


def first_free_block(given: dict[str, Any], expect: dict[str, Any]) -> None:
    (pool,) = ps(given["pool"])
    assert str(next(FreeSpace(ps(given["used"])).gaps(pool).blocks())) == expect["cidr"]


def split_count(given: dict[str, Any], expect: dict[str, Any]) -> None:
    assert FreeSpace([]).gaps(Prefix.parse(given["cidr"])).fitting(given["length"]) == expect["count"]


def hosts_to_length(given: dict[str, Any], expect: dict[str, Any]) -> None:
    assert (given["reserved"], given["longest"], given["growth_percent"]) == (5, 29, 0)
    assert length_for_hosts(given["hosts"]) == expect["length"]
    assert given["hosts"] == expect["planned"]


def utilisation(given: dict[str, Any], expect: dict[str, Any]) -> None:
    pool = Prefix.parse(given["pool"])
    free = FreeSpace(ps(given["used"])).gaps(pool).addresses()
    assert 100 * (pool.size - free) == expect["percent"] * pool.size


RUN: dict[str, Runner] = {
    "available": available,
    "available_ranges": available,
    "first_fit": first_fit,
    "first_fit_within_one": first_fit,
    "first_free_block": first_free_block,
    "hosts_to_length": hosts_to_length,
    "named_seq": with_names,
    "seq_alloc_newbits": newbits,
    "split_count": split_count,
    "utilisation": utilisation,
}

DIFFERENT_HERE = {
    "terraform_cidr-module-readme": "the peer's cursor never goes back, and leaves a hole; here it is filled",
    "terraform_cidr-issue26013-interleaved": "the peer's cursor runs out; here what was passed over is used",
    "terraform_cidr-cidrsubnets-err-33": "the peer's limit of 32 bits at once does not exist",
}
"""Cases that have a test of their own, for our answer is another one."""


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if case["op"] in RUN and name not in DIFFERENT_HERE]
)
def test_what_peers_assert_of_allocation_holds_here(name: str) -> None:
    RUN[CASES[name]["op"]](CASES[name]["in"], CASES[name]["expect"])


def test_a_hole_that_a_cursor_leaves_is_filled() -> None:
    case = CASES["terraform_cidr-module-readme"]
    pool = Prefix.parse(case["in"]["base"])
    lengths = [pool.length + one["newbits"] for one in case["in"]["requests"]]
    found = one_after_another([pool], [], lengths)
    assert found == ps(["10.0.0.0/16", "10.1.0.0/16", "10.16.0.0/12", "10.2.0.0/16", "10.3.0.0/16"])
    assert list(map(str, found[:3])) == list(case["expect"]["by_name"].values())[:3]


def test_requests_that_exhaust_a_cursor_fit_in_whatever_order_they_come() -> None:
    given = CASES["terraform_cidr-issue26013-interleaved"]["in"]
    pool = Prefix.parse(given["cidr"])
    lengths = [pool.length + more for more in given["newbits"]]
    found, batch = one_after_another([pool], [], lengths), all_or_nothing([pool], [], lengths)
    assert found == ps(CASES["terraform_cidr-issue26013-backfill"]["expect"]["cidrs"])
    assert batch is not None
    assert is_an_answer(batch, [pool], [])
    for same in ("sorted", "small-first"):
        others = CASES[f"terraform_cidr-issue26013-{same}"]["in"]["newbits"]
        again = all_or_nothing([pool], [], [pool.length + more for more in others])
        assert again is not None
        assert sorted(again) == sorted(batch)


def test_an_ipv6_block_may_be_any_number_of_bits_longer_than_its_pool() -> None:
    given = CASES["terraform_cidr-cidrsubnets-err-33"]["in"]
    pool = Prefix.parse(given["cidr"])
    lengths = [pool.length + more for more in given["newbits"]]
    assert one_after_another([pool], [], lengths) == ps(["fe80::/49", "fe80:0:0:8000::/81"])
    assert all_or_nothing([pool], [], lengths) == ps(["fe80::/49", "fe80:0:0:8000::/81"])


def test_five_addresses_of_a_subnet_are_azures() -> None:
    given = CASES["netbox-usable-24"]
    assert usable_addresses(Prefix.parse(given["in"]["cidr"])) == given["expect"]["count"] - 3 == 251


def test_no_case_is_forgotten() -> None:
    here = {name for name, case in CASES.items() if case["op"] in RUN}
    by_topology = {
        name for name, case in CASES.items() if case["op"] in OPERATIONS_OF_TOPOLOGY and case["class"] == "adopt"
    }
    by_checks = {name for name, case in CASES.items() if case["id"] in RUN_BY_CHECKS}
    left_out = {name for name, case in CASES.items() if case["id"] in LEFT_OUT}
    assert here | by_topology | by_checks | left_out == CASES.keys()
    assert not left_out & (here | by_topology | by_checks)
    assert len(left_out) == len(LEFT_OUT)
    assert all(LEFT_OUT.values())
    assert DIFFERENT_HERE.keys() <= here
    assert all(DIFFERENT_HERE.values())
    assert RUN.keys() <= {case["op"] for case in CASES.values()}
    assert len(CASES) == 117
