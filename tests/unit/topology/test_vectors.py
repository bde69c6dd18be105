"""What peers assert about prefixes: netaddr, NetBox, Azure IPAM, Terraform, the azurerm provider, bug reports.

The facts lie in tests/data/vectors, one file a source. Invariant: every operation in those files is run here or stands
in LEFT_OUT with the reason.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import netaddr
import pytest

from tui.errors import PrefixError
from tui.planner.free_space import FreeSpace
from tui.topology.intervals import PrefixIndex, blocks, collapsed, free_blocks, nested_pairs
from tui.topology.prefix import Prefix, address_text

VECTORS = Path(__file__).parents[2] / "data" / "vectors"

_PLANNER = "for the planner's tests: "
_RULES = "run by tests/unit/checks/test_vectors.py"
_CATALOG = "run by test_catalog.py"

LEFT_OUT: dict[str, str] = {
    "azure_apipa": _CATALOG,
    "first_fit_within_one": _PLANNER + "several lengths from several pools at once",
    "gateway_subnet_size": _RULES,
    "hosts_to_length": _PLANNER + "hosts to a size",
    "is_gateway_subnet": _CATALOG,
    "name_ok": _CATALOG,
    "named_seq": _PLANNER + "one cursor, with names",
    "nat_effective": _PLANNER + "translated address space",
    "netmask": "nothing prints netmasks yet; reading them is in test_prefix.py",
    "nth_host": _PLANNER + "addresses within a block",
    "pool_request_size": _PLANNER + "the size of a request",
    "same_site_devices": _RULES,
    "seq_alloc_newbits": _PLANNER + "one cursor that never goes back",
    "sku_generations": _CATALOG,
    "sku_not_legacy": _CATALOG,
    "sku_zone_redundant": _CATALOG,
    "subnet_prefixes_ok": _RULES,
    "topology_ok": _RULES,
    "usable": _PLANNER + "addresses within a block",
    "utilisation": _PLANNER + "how full a pool is",
    "validate_vnet": _RULES,
}

CASES = [
    (f"{file.stem}-{case['id']}", case)
    for file in sorted(VECTORS.glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))["cases"]
]

Runner = Callable[[dict[str, Any], dict[str, Any]], None]


def cases(*ops: str, classes: tuple[str, ...] = ("adopt",)) -> list[Any]:
    return [
        pytest.param(case["in"], case["expect"], id=name)
        for name, case in CASES
        if case["op"] in ops and case["class"] in classes
    ]


def ps(texts: list[str]) -> list[Prefix]:
    return list(map(Prefix.parse, texts))


def address(text: str) -> int:
    return Prefix.of_address(text).first


def is_read(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except PrefixError:
        return False
    return True


def canonical(text: str) -> Prefix:
    """The block, or the one that is offered for it."""
    try:
        return Prefix.parse(text)
    except PrefixError as error:
        return Prefix.parse(error.hint.removeprefix("did you mean ").removesuffix("?"))


# Syntax


def cidr_syntax(given: dict[str, Any], expect: dict[str, Any]) -> None:
    assert is_read(Prefix.parse, given.get("text", given.get("cidr", ""))) == expect["ok"]


def ipv4_syntax(given: dict[str, Any], expect: dict[str, Any]) -> None:
    assert is_read(Prefix.of_address, given["text"]) == expect["ok"]


def canonical_form(given: dict[str, Any], expect: dict[str, Any]) -> None:
    block = canonical(given["cidr"])
    assert str(block) == expect["cidr"]
    assert is_read(Prefix.parse, given["cidr"]) is not expect.get("had_host_bits", False)
    assert block.size == expect.get("size", block.size)


# Parts of a block


def nth_subnet(given: dict[str, Any], expect: dict[str, Any]) -> None:
    def subnet() -> Prefix:
        parent = canonical(given["cidr"])
        return next(islice(parent.split(parent.length + given["newbits"]), given["num"], None))

    if "error" in expect:
        with pytest.raises(ValueError, match=r"cannot be split|no CIDR block"):
            subnet()
    else:
        assert subnet() == Prefix.parse(expect["cidr"])


def split_count(given: dict[str, Any], expect: dict[str, Any]) -> None:
    parts = list(Prefix.parse(given["cidr"]).split(given["length"]))
    assert len(parts) == len(set(parts)) == expect["count"]


def containing_block(given: dict[str, Any], expect: dict[str, Any]) -> None:
    first, *others = ps(given["cidrs"])
    while not all(map(first.contains, others)):
        first = first.parent()
    assert (str(first), first.size) == (expect["cidr"], expect["size"])


# Several blocks


def collapse(given: dict[str, Any], expect: dict[str, Any]) -> None:
    assert collapsed(ps(given["cidrs"])) == ps(expect["cidrs"])


def overlap_pairs(given: dict[str, Any], expect: dict[str, Any]) -> None:
    pairs = nested_pairs((block, None) for block in ps(given["cidrs"]))
    assert [[str(outer), str(inner)] for (outer, _), (inner, _) in pairs] == expect["pairs"]


def duplicates_ok(given: dict[str, Any], expect: dict[str, Any]) -> None:
    assert (not list(nested_pairs((block, None) for block in ps(given["cidrs"])))) == expect["ok"]


def overlapping_with(given: dict[str, Any], expect: dict[str, Any]) -> None:
    index = PrefixIndex((block, None) for block in ps(given["against"]))
    assert [str(block) for block, _ in index.overlapping(Prefix.parse(given["cidr"]))] == expect["hits"]


def hierarchy(given: dict[str, Any], expect: dict[str, Any]) -> None:
    owned = [(block, number) for number, block in enumerate(ps(given["cidrs"]))]
    pairs = list(nested_pairs(owned))
    rows = [
        {
            "cidr": str(block),
            "depth": sum(inner == (block, number) for _, inner in pairs),
            "descendants": sum(outer == (block, number) for outer, _ in pairs),
        }
        for block, number in sorted(owned)
    ]
    assert rows == expect["rows"]


# Free space


def available(given: dict[str, Any], expect: dict[str, Any]) -> None:
    (pool,), used = ps(given["pool"]), ps(given["used"])
    free = free_blocks(pool, used)
    assert free == ps(expect.get("free", list(map(str, free))))
    assert len(free) == expect.get("count", len(free))
    assert len(free) >= expect.get("count_at_least", 0)
    left = netaddr.IPSet([str(pool)]) - netaddr.IPSet(given["used"])
    assert list(map(str, free)) == list(map(str, left.iter_cidrs()))


def available_ranges(given: dict[str, Any], expect: dict[str, Any]) -> None:
    (pool,) = ps(given["pool"])
    used = [block for first, last in given["used_ranges"] for block in blocks(4, address(first), address(last))]
    assert free_blocks(pool, used) == ps(expect["free"])


def range_to_cidrs(given: dict[str, Any], expect: dict[str, Any]) -> None:
    found = list(blocks(4, address(given["first"]), address(given["last"])))
    assert found == ps(expect.get("cidrs", list(map(str, found))))
    assert len(found) == expect.get("count", len(found))


def ranges_overlap(given: dict[str, Any], expect: dict[str, Any]) -> None:
    owned = [(block, name) for name in "ab" for block in blocks(4, address(given[name][0]), address(given[name][1]))]
    assert any(one != other for (_, one), (_, other) in nested_pairs(owned)) == expect["overlap"]


def one_after_another(given: dict[str, Any], expect: dict[str, Any]) -> None:
    pools, used, found = ps(given["pool"]), ps(given["used"]), []
    for length in given["lengths"]:
        block = FreeSpace(used).first(pools, length)
        if block is None:
            assert "error" in expect
            return
        found.append(block)
        used = [*used, block]
    assert found == ps(expect["cidrs"])
    if "free" in expect:
        assert [block for pool in pools for block in free_blocks(pool, used)] == ps(expect["free"])


def first_free_block(given: dict[str, Any], expect: dict[str, Any]) -> None:
    (pool,) = ps(given["pool"])
    assert str(free_blocks(pool, ps(given["used"]))[0]) == expect["cidr"]


def free_ips(given: dict[str, Any], expect: dict[str, Any]) -> None:
    pool = Prefix.parse(given["cidr"])
    network = address_text(pool.version, pool.first)
    used = [Prefix.of_address(text) for text in (network, *given["used"])]
    assert FreeSpace(used).first([pool], 32) == Prefix.of_address(expect["next"])


RUN: dict[str, Runner] = {
    "available": available,
    "available_ranges": available_ranges,
    "canonical": canonical_form,
    "cidr_syntax": cidr_syntax,
    "collapse": collapse,
    "containing_block": containing_block,
    "duplicates_ok": duplicates_ok,
    "first_fit": one_after_another,
    "first_free_block": first_free_block,
    "free_ips": free_ips,
    "hierarchy": hierarchy,
    "ipv4_syntax": ipv4_syntax,
    "nth_subnet": nth_subnet,
    "overlap_pairs": overlap_pairs,
    "overlapping_with": overlapping_with,
    "range_to_cidrs": range_to_cidrs,
    "ranges_overlap": ranges_overlap,
    "split_count": split_count,
    "valid_network": cidr_syntax,
}


@pytest.mark.parametrize(
    ("op", "given", "expect"),
    [pytest.param(op, *param.values, id=f"{op}-{param.id}") for op in RUN for param in cases(op)],
)
def test_what_peers_assert_holds_here(op: str, given: dict[str, Any], expect: dict[str, Any]) -> None:
    RUN[op](given, expect)


@pytest.mark.parametrize(("given", "expect"), cases(*RUN, classes=("differs", "quirk")))
def test_what_peers_let_pass_is_refused_here(given: dict[str, Any], expect: dict[str, Any]) -> None:
    text = given.get("cidr", given.get("text"))
    assert isinstance(text, str)
    assert not is_read(Prefix.parse, text)


def test_every_operation_is_run_or_left_out_for_a_reason() -> None:
    known = {case["op"] for _, case in CASES}
    assert known - RUN.keys() == LEFT_OUT.keys()
    assert known >= RUN.keys()
    assert all(LEFT_OUT.values())


def test_every_case_has_a_class_and_a_name_of_its_own() -> None:
    assert {case["class"] for _, case in CASES} <= {"adopt", "differs", "quirk"}
    assert len({name for name, _ in CASES}) == len(CASES)


def test_the_longest_list_of_free_blocks_is_that_of_the_standard_library() -> None:
    whole, hole = ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("203.0.113.7/32")
    expected = sorted(whole.address_exclude(hole))  # type: ignore[arg-type]
    assert free_blocks(Prefix.parse(str(whole)), [Prefix.parse(str(hole))]) == ps(list(map(str, expected)))
