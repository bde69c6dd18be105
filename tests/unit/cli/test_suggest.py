"""`suggest`: the JSON contract, the exit status, text for people, and a list of millions that begins at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli import run, written

PLAN = """\
schema = 1
[planning.pools]
weu = { prefixes = ["10.64.0.0/22"], region = "westeurope" }
lab = ["172.20.0.0/24"]
six = ["fd00::/48"]
[vnets.hub]
region = "westeurope"
address_space = ["10.64.0.0/24"]
growth = ["10.64.1.0/25"]
[sites.dublin]
address_space = ["192.168.10.0/24"]
advertises = ["172.16.0.0/12"]
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return written(tmp_path, PLAN)


def prefixes(*arguments: str) -> list[str]:
    return [one["prefix"] for one in run("suggest", *arguments, "--format", "json").json["suggestions"]]


def test_the_json_contract(plan: str) -> None:
    ran = run("suggest", plan, "--size", "/24", "--format", "json")
    assert ran.json == {
        "suggestions": [
            {
                "prefix": "172.20.0.0/24",
                "pool": "172.20.0.0/24",
                "reason": "a free block of just this size in 172.20.0.0/24 (lab); cannot grow in place; "
                "leaves 0 \u00d7 /24; dublin advertises 172.16.0.0/12 over it",
            }
        ],
        "free_blocks": 3,
        "largest_free": "10.64.2.0/23",
    }
    assert list(ran.json) == ["suggestions", "free_blocks", "largest_free"]
    assert (ran.status, ran.err) == (0, "")


def test_the_text(plan: str) -> None:
    ran = run("suggest", plan, "--size", "24", "--count", "2", "--strategy", "in-order")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "PREFIX        POOL          REASON\n"
        "10.64.2.0/24  10.64.0.0/22  lowest free /24 in 10.64.0.0/22 (weu, westeurope); after hub's growth "
        "10.64.1.0/25; cannot grow in place; leaves 0 × /24; joins the route 10.64.0.0/22 with hub\n"
        "10.64.3.0/24  10.64.0.0/22  next free /24 in 10.64.0.0/22 (weu, westeurope); after hub's growth "
        "10.64.1.0/25; cannot grow in place; leaves 0 × /24; joins the route 10.64.0.0/22 with hub\n"
    )


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("tightest", ["172.20.0.0/25", "172.20.0.128/25"]),
        ("in-order", ["10.64.1.128/25", "10.64.2.0/25"]),
        ("room-to-grow", ["10.64.2.0/25", "10.64.3.0/25"]),
    ],
)
def test_the_strategies(plan: str, strategy: str, expected: list[str]) -> None:
    pool = [] if strategy != "tightest" else ["--pool", "lab"]
    assert prefixes(plan, "--size", "/25", "--count", "2", "--strategy", strategy, *pool) == expected


def test_the_default_strategy_is_tightest(plan: str) -> None:
    asked = [plan, "--size", "/26", "--count", "5"]
    assert prefixes(*asked) == prefixes(*asked, "--strategy", "tightest")
    assert prefixes(*asked) != prefixes(*asked, "--strategy", "room-to-grow")


def test_fewer_than_asked_are_printed_with_exit_status_1_and_the_way_out(plan: str) -> None:
    ran = run("suggest", plan, "--size", "/24", "--count", "9", "--format", "json")
    assert ran.status == 1
    assert len(ran.json["suggestions"]) == 3
    first, *ways = ran.err.splitlines()
    assert first.startswith("only 3 of 9 × /24 are free in the pools: the largest free block is 10.64.2.0/23")
    assert all(way.startswith("  ") for way in ways)
    assert "  ask for 9 × /26 or smaller: 14 are free" in ways


def test_none_is_an_empty_list_with_exit_status_1(plan: str) -> None:
    ran = run("suggest", plan, "--size", "/20", "--format", "json")
    assert ran.status == 1
    assert ran.json == {"suggestions": [], "free_blocks": 3, "largest_free": "10.64.2.0/23"}
    assert ran.err.startswith("no prefix of the pools is as large as a /20: the largest is 10.64.0.0/22")
    text = run("suggest", plan, "--size", "/20")
    assert (text.status, text.out, text.err) == (1, "", ran.err)


def test_a_full_pool_has_no_largest_block(tmp_path: Path) -> None:
    full = 'schema = 1\nplanning.pools.p = ["10.0.0.0/24"]\nvnets.a.address_space = ["10.0.0.0/8"]\n'
    ran = run("suggest", written(tmp_path, full), "--size", "/28", "--format", "json")
    assert (ran.status, ran.json) == (1, {"suggestions": [], "free_blocks": 0, "largest_free": None})


def test_findings_do_not_set_the_exit_status(tmp_path: Path) -> None:
    collided = """\
schema = 1
vnets.a.address_space = ["10.0.0.0/16"]
vnets.b.address_space = ["10.0.0.0/16"]
peerings.p.between = ["a", "b"]
"""
    path = written(tmp_path, collided)
    assert run("check", path).status == 1
    assert run("suggest", path, "--size", "/16").status == 0


def test_a_number_of_hosts_is_a_size(plan: str) -> None:
    assert prefixes(plan, "--hosts", "252", "--strategy", "in-order") == ["10.64.2.0/23"]
    assert prefixes(plan, "--hosts", "251", "--strategy", "in-order") == ["10.64.2.0/24"]
    assert prefixes(plan, "--hosts", "251", "--pool", "six") == ["fd00::/64"]
    assert prefixes(plan, "--hosts", "251", "--family", "6") == ["fd00::/64"]


def test_the_family_follows_from_the_size_or_from_the_pool(plan: str) -> None:
    assert prefixes(plan, "--size", "/56") == ["fd00::/56"]
    assert prefixes(plan, "--size", "/32", "--pool", "lab") == ["172.20.0.0/32"]
    assert prefixes(plan, "--size", "/48", "--pool", "six") == ["fd00::/48"]
    assert prefixes(plan, "--size", "/24", "--family", "4", "--pool", "lab") == ["172.20.0.0/24"]
    ran = run("suggest", plan, "--size", "/24", "--family", "6", "--pool", "lab")
    assert (ran.status, ran.err.splitlines()[0]) == (1, "pool lab holds no IPv6 prefix")


def test_a_pool_is_a_name_or_any_block_and_a_region_has_its_own(plan: str) -> None:
    assert prefixes(plan, "--size", "/25", "--pool", "weu") == ["10.64.1.128/25"]
    assert prefixes(plan, "--size", "/25", "--pool", "10.64.3.0/24") == ["10.64.3.0/25"]
    ran = run("suggest", plan, "--size", "/25", "--pool", "10.64.3.0/24", "--format", "json")
    assert (ran.json["suggestions"][0]["pool"], ran.json["free_blocks"]) == ("10.64.3.0/24", 1)
    for region in ("westeurope", "West Europe"):
        assert prefixes(plan, "--size", "/25", "--region", region, "--count", "9")[0] == "10.64.1.128/25"
        assert not any(one.startswith("172") for one in prefixes(plan, "--size", "/25", "--region", region))
    assert prefixes(plan, "--size", "/24", "--region", "northeurope") == ["172.20.0.0/24"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--size", "/33", "--family", "4"], "an IPv4 prefix length is at most 32, /33 is none"),
        (["--size", "/129"], "an IPv4 prefix length is at most 32, /129 is none"),
        (["--size", "/129", "--family", "6"], "an IPv6 prefix length is at most 128, /129 is none"),
        (["--size", "/48", "--pool", "lab"], "an IPv4 prefix length is at most 32, /48 is none"),
        (["--size", "big"], '--size "big" is not a prefix length such as /22'),
        (["--size", "/-1"], '--size "/-1" is not a prefix length such as /22'),
        (["--size", "٢٢"], '--size "٢٢" is not a prefix length such as /22'),
        (["--hosts", "0"], "a subnet is for one host or more"),
        (["--hosts", "9999999999"], "no subnet has room for 9999999999 hosts"),
        (["--hosts", "many"], '--hosts "many" is not a number'),
        (["--size", "/24", "--count", "0"], "0 blocks cannot be asked for at once"),
        (["--size", "/24", "--count", "1001"], "1001 blocks cannot be asked for at once"),
        (["--size", "/24", "--count", "-1"], '--count "-1" is not a number'),
        (["--size", "/24", "--pool", "wue"], "there is no pool wue\ndid you mean weu?"),
        (["--size", "/24", "--pool", "10.0.0.1/8"], '"10.0.0.1/8" is no CIDR block: host bits are set'),
        (["--size", "/24", "--region", "westeurop"], "there is no region westeurop\ndid you mean westeurope?"),
        (["--size", "/24", "--hosts", "5"], "vnet-tui suggest: argument --hosts: not allowed with argument --size"),
        ([], "vnet-tui suggest: one of the arguments --size --hosts is required"),
    ],
)
def test_a_question_that_makes_no_sense_is_wrong_input(plan: str, arguments: list[str], said: str) -> None:
    ran = run("suggest", plan, *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(said)


def test_a_file_that_does_not_load_is_wrong_input(tmp_path: Path) -> None:
    ran = run("suggest", written(tmp_path, "schema = 1\nvnets.a.address_space = ['10.0.0.1/8']\n"), "--size", "/24")
    assert (ran.status, ran.out) == (2, "")
    assert "error" in ran.err


@pytest.mark.parametrize(
    "command", [["suggest", "--size", "/24"], ["space"], ["show"], ["renumber"], ["reach", "a"], ["find", "a"]]
)
def test_in_json_what_is_wrong_with_the_input_is_a_document_too(tmp_path: Path, command: list[str]) -> None:
    name, *options = command
    path = written(tmp_path, "schema = 1\nvnets.a.address_space = ['10.0.0.1/8']\n")
    ran = run(name, path, *options, "--format", "json")
    assert ran.status == 2
    assert ran.json["file"] == path
    (problem,) = ran.json["problems"]
    assert (problem["line"], problem["key"], problem["nearest"]) == (2, "vnets.a.address_space[0]", "10.0.0.0/8")
    assert ran.err == run(name, path, *options).err
    missing = run(name, str(tmp_path / "none.toml"), *options, "--format", "json")
    assert (missing.status, len(missing.json["problems"])) == (2, 1)


def test_in_json_a_question_that_makes_no_sense_is_a_problem(plan: str) -> None:
    ran = run("suggest", plan, "--size", "/24", "--pool", "wue", "--format", "json")
    assert ran.status == 2
    assert [problem["message"] for problem in ran.json["problems"]] == ["there is no pool wue; did you mean weu?"]
    assert ran.err == "there is no pool wue\ndid you mean weu?\n"


def test_a_number_of_hosts_is_asked_for_by_its_own_option(plan: str) -> None:
    assert "for a number of hosts write --hosts 129" in run("suggest", plan, "--size", "/129").err


def test_a_file_may_come_from_stdin() -> None:
    ran = run("suggest", "-", "--size", "/24", "--format", "json", stdin=PLAN.encode())
    assert ran.json["suggestions"][0]["prefix"] == "172.20.0.0/24"


def test_all_of_them_as_text_and_as_one_json_document(plan: str) -> None:
    for strategy in ("tightest", "in-order", "room-to-grow"):
        asked = ["suggest", plan, "--size", "/24", "--strategy", strategy]
        text = run(*asked, "--all")
        assert (text.status, text.err) == (0, "")
        listed = [line.split(maxsplit=1) for line in text.out.splitlines()]
        ran = run(*asked, "--all", "--format", "json")
        counted = run(*asked, "--count", "3", "--format", "json")
        assert (ran.status, ran.err) == (0, "")
        assert list(ran.json) == list(counted.json)
        assert [ran.json["free_blocks"], ran.json["largest_free"]] == [3, "10.64.2.0/23"]
        of = [[one["prefix"], one["pool"]] for one in ran.json["suggestions"]]
        assert of == [[one["prefix"], one["pool"]] for one in counted.json["suggestions"]]
        assert [[one["prefix"], one["reason"]] for one in ran.json["suggestions"]] == listed


def test_all_of_none_is_an_empty_document_and_exit_status_1(plan: str) -> None:
    ran = run("suggest", plan, "--size", "/21", "--all", "--format", "json")
    assert (ran.status, ran.json) == (1, {"suggestions": [], "free_blocks": 3, "largest_free": "10.64.2.0/23"})
    text = run("suggest", plan, "--size", "/21", "--all")
    assert (text.status, text.out) == (1, "")
    assert text.err == ran.err != ""


def test_all_and_a_count_do_not_go_together(plan: str) -> None:
    ran = run("suggest", plan, "--size", "/24", "--all", "--count", "3")
    assert ran.status == 2
    assert "not allowed with argument" in ran.err


def test_names_of_others_are_shown_as_text(tmp_path: Path) -> None:
    hostile = """\
schema = 1
planning.pools."p\\u001b[31m\\u202e" = { prefixes = ["10.0.0.0/24"], region = "r\\u0007" }
planning.avoid = { "10.0.0.64/26" = "x\\u009b\\nINJECTED" }
vnets."v\\u001b]0;t\\u0007" = { address_space = ["10.0.0.0/26"], region = "r\\u0007" }
sites."s\\u200b".advertises = ["10.0.0.0/8"]
"""
    path = written(tmp_path, hostile)
    for more in ([], ["--all"], ["--format", "json"], ["--all", "--format", "json"]):
        ran = (
            run("suggest", path, "--size", "/26", "--count", "1", *more)
            if "--all" not in more
            else run("suggest", path, "--size", "/26", *more)
        )
        assert ran.status == 0
        assert "\nINJECTED" not in ran.out
        if "json" in more:
            assert "p\x1b[31m\u202e" in ran.json["suggestions"][0]["reason"]
        else:
            assert "p\\x1b[31m\\u202e" in ran.out
    refused = run("suggest", path, "--size", "/24")
    assert refused.status == 1
    assert "v\\x1b]0;t\\x07" in refused.err
    assert run("suggest", path, "--size", "/26", "--pool", "\x1b[31m").status == 2
    assert run("suggest", path, "--size", "/26", "--region", "r\x07").status == 0


def test_head_gets_its_lines_of_millions_at_once_and_nothing_is_said_on_stderr(tmp_path: Path) -> None:
    path = written(tmp_path, 'schema = 1\nplanning.pools.p = ["fd00::/8"]\n')
    for form in ("text", "json"):
        command = f'"$0" -m tui suggest "$1" --size /128 --all --format {form} | head -3'
        ran = subprocess.run(
            ["sh", "-c", command, sys.executable, path],
            capture_output=True,
            text=True,
            timeout=30,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        )
        assert len(ran.stdout.splitlines()) == 3
        assert "fd00::/128" in ran.stdout
        assert ran.stderr == ""
