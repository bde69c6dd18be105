"""`reach`: the answer in words, its JSON contract, and its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli import run, written

PLAN = """\
schema = 1
[vnets.hub]
address_space = ["10.0.0.0/16"]
[vnets.hub.gateway]
[vnets.spoke]
address_space = ["10.1.0.0/16"]
[vnets.other]
address_space = ["10.2.0.0/16"]
[vnets.lonely]
address_space = ["10.2.0.0/24"]
[sites.office]
address_space = ["192.168.8.0/24"]
[peerings.p]
between = ["hub", "spoke"]
gateway_transit = "hub"
[peerings.q]
between = ["hub", "other"]
[connections.c]
between = ["hub", "office"]
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return written(tmp_path, PLAN)


def test_a_direct_link(plan: str) -> None:
    ran = run("reach", plan, "hub", "spoke")
    assert (ran.status, ran.out, ran.err) == (0, "hub reaches spoke over a direct link: hub – spoke\n", "")


def test_json_of_what_is_reached(plan: str) -> None:
    ran = run("reach", plan, "spoke", "office", "--format", "json")
    assert ran.json == {
        "from": "spoke",
        "to": "office",
        "reachable": True,
        "rule": "gateway-transit",
        "path": ["spoke", "hub", "office"],
        "conditions": ran.json["conditions"],
        "reason": None,
    }
    assert list(ran.json) == ["from", "to", "reachable", "rule", "path", "conditions", "reason"]
    assert all(isinstance(one, str) for one in ran.json["conditions"])
    assert (ran.status, ran.err) == (0, "")


def test_what_is_not_reached_says_why_and_shows_the_chain(plan: str) -> None:
    ran = run("reach", plan, "other", "spoke")
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("other does not reach spoke: ")
    assert ran.out.endswith("  the shortest chain of links: other – hub – spoke\n")


def test_json_of_what_is_not_reached(plan: str) -> None:
    ran = run("reach", plan, "other", "spoke", "--format", "json")
    assert ran.json == {
        "from": "other",
        "to": "spoke",
        "reachable": False,
        "rule": None,
        "path": ["other", "hub", "spoke"],
        "conditions": [],
        "reason": ran.json["reason"],
    }
    assert ran.json["reason"]
    assert ran.status == 1


def test_without_a_chain_the_path_is_empty(plan: str) -> None:
    document = run("reach", plan, "hub", "lonely", "--format", "json").json
    assert (document["path"], document["reason"]) == ([], "lonely is not linked to anything")


def test_an_address_stands_for_the_network_that_holds_it(plan: str) -> None:
    assert run("reach", plan, "10.0.3.4", "192.168.8.0/25", "--format", "json").json["to"] == "office"
    assert run("reach", plan, "10.0.0.0/16", "office").status == 0


def test_all_that_one_reaches(plan: str) -> None:
    ran = run("reach", plan, "spoke")
    lines = ran.out.splitlines()
    assert lines[0].split() == ["NETWORK", "OVER", "PATH", "NEEDS"]
    assert [line.split()[0] for line in lines[1:]] == ["hub", "office"]
    assert ran.status == 0


def test_json_of_all_that_one_reaches(plan: str) -> None:
    document = run("reach", plan, "spoke", "--format", "json").json
    assert list(document) == ["from", "reaches"]
    assert document["from"] == "spoke"
    assert document["reaches"][0] == {
        "from": "spoke",
        "to": "hub",
        "reachable": True,
        "rule": "linked",
        "path": ["spoke", "hub"],
        "conditions": [],
    }


def test_nothing_reached_is_status_1(plan: str) -> None:
    ran = run("reach", plan, "lonely")
    assert ran.out == "lonely reaches nothing: it is isolated, as every VNet is until it is linked\n"
    assert ran.status == 1
    ran = run("reach", plan, "lonely", "--format", "json")
    assert (ran.status, ran.json) == (1, {"from": "lonely", "reaches": []})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("spok", "there is no network spok\ndid you mean spoke?\n"),
        ("zzz", "there is no network zzz\n"),
        ("11.0.0.1", "no network holds 11.0.0.1\nvnet-tui find says what speaks of it\n"),
        ("10.2.0.1", "10.2.0.1 is in lonely, other: they overlap\nname the one you mean\n"),
        ("10.0.0.0/8", "no network holds 10.0.0.0/8\nvnet-tui find says what speaks of it\n"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_question_that_cannot_be_understood_is_status_2(plan: str, name: str, said: str, form: str) -> None:
    for pair in ((name, "hub"), ("hub", name), (name,)):
        ran = run("reach", plan, *pair, "--format", form)
        assert (ran.status, ran.err) == (2, said)
        told = [problem["message"] for problem in ran.json["problems"]] if form == "json" else ran.out
        assert told == (["; ".join(said.splitlines())] if form == "json" else "")


def test_a_file_that_does_not_load_is_status_2(tmp_path: Path) -> None:
    assert run("reach", written(tmp_path, ""), "a", "b").status == 2
    assert run("reach", str(tmp_path / "none"), "a").status == 2


def test_a_dash_is_standard_input() -> None:
    assert run("reach", "-", "hub", "spoke", stdin=PLAN.encode()).status == 0
