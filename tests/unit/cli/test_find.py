"""`find`: who owns an address, what has a name; the JSON contract and the exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli import run, written

PLAN = """\
schema = 1
[planning.pools]
weu = ["10.0.0.0/8"]
[planning.avoid]
"10.0.0.0/24" = "pods"
[vnets."hub.weu"]
address_space = ["10.0.0.0/16", "fd00::/48"]
growth = ["10.1.0.0/16"]
azure_name = "Big"
subnets.app = "10.0.0.0/25"
gateway.p2s_pools = ["172.16.100.0/24"]
[sites.dublin]
advertises = ["10.0.0.0/12"]
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return written(tmp_path, PLAN)


def test_the_narrowest_owner_comes_first_then_what_speaks_of_the_address(plan: str) -> None:
    ran = run("find", plan, "10.0.0.5")
    assert [line.rsplit("  ", 1)[-1] for line in ran.out.splitlines()] == [
        "HOW",
        "subnet",
        "address space",
        "advertised",
        "avoided",
        "pool",
    ]
    assert ran.out.splitlines()[1].split() == ['vnets."hub.weu".subnets.app', "10.0.0.0/25", "subnet"]
    assert (ran.status, ran.err) == (0, "")


def test_json_of_an_address(plan: str) -> None:
    ran = run("find", plan, "10.1.2.3", "--format", "json")
    assert ran.json == [
        {"where": 'vnets."hub.weu"', "prefix": "10.1.0.0/16", "how": "growth"},
        {"where": "sites.dublin", "prefix": "10.0.0.0/12", "how": "advertised"},
        {"where": "planning.pools.weu", "prefix": "10.0.0.0/8", "how": "pool"},
    ]
    assert list(ran.json[0]) == ["where", "prefix", "how"]


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("fd00::1", 'vnets."hub.weu"'),
        ("FD00:0:0:1::/64", 'vnets."hub.weu"'),
        ("172.16.100.9", 'vnets."hub.weu".gateway'),
        ("10.0.0.0/25", 'vnets."hub.weu".subnets.app'),
    ],
)
def test_addresses_and_prefixes_of_both_families(plan: str, what: str, where: str) -> None:
    assert run("find", plan, what, "--format", "json").json[0]["where"] == where


def test_json_of_a_name(plan: str) -> None:
    assert run("find", plan, "hub.weu", "--format", "json").json == [
        {"where": 'vnets."hub.weu"', "prefix": None, "how": "this name"}
    ]
    assert run("find", plan, "big", "--format", "json").json == [
        {"where": 'vnets."hub.weu"', "prefix": None, "how": "this name in another case"}
    ]
    assert [hit["how"] for hit in run("find", plan, "weu", "--format", "json").json] == ["this name", "name holds it"]


def test_nothing_found_is_status_1(plan: str) -> None:
    ran = run("find", plan, "11.0.0.1")
    assert (ran.status, ran.out, ran.err) == (1, "", f"nothing in {plan} holds 11.0.0.1\n")
    ran = run("find", plan, "nobody")
    assert (ran.status, ran.out, ran.err) == (1, "", "nothing is called nobody\n")
    for what in ("11.0.0.1", "nobody"):
        ran = run("find", plan, what, "--format", "json")
        assert (ran.status, ran.json, ran.err) == (1, [], "")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_prefix_with_host_bits_is_no_name(plan: str, form: str) -> None:
    ran = run("find", plan, "10.0.0.5/16", "--format", form)
    assert (ran.status, bool(ran.out)) == (2, form == "json")
    assert form == "text" or "host bits are set" in ran.json["problems"][0]["message"]
    assert ran.err == '"10.0.0.5/16" is no CIDR block: host bits are set\ndid you mean 10.0.0.0/16?\n'


def test_a_name_that_looks_like_a_prefix_is_found_all_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, 'schema = 1\n[vnets."10.0.0.5/16"]\n')
    assert run("find", path, "10.0.0.5/16").status == 0


def test_a_file_that_does_not_load_is_status_2(tmp_path: Path) -> None:
    assert run("find", written(tmp_path, ""), "x").status == 2
    assert run("find", str(tmp_path / "none"), "x").status == 2


def test_a_dash_is_standard_input() -> None:
    assert run("find", "-", "dublin", stdin=PLAN.encode()).status == 0
