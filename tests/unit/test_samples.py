"""The shipped samples: each has exactly the findings that it is meant to have, and keeps what its comment promises."""

from __future__ import annotations

import datetime
import gc
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.checks.engine import check, rules
from tui.checks.rule import Finding
from tui.cli.arguments import run
from tui.connectivity.budgets import budgets
from tui.connectivity.reach import STATIC_RETURN_ROUTE, route
from tui.paths import resolve_topology, samples
from tui.storage.load import Loaded, load, parse
from tui.storage.save import edited_text
from tui.topology.model import Topology

TODAY = datetime.date(2026, 11, 23)
EXPECTED = Path(__file__).resolve().parents[1] / "data" / "samples"

SCENARIOS = (
    "corporate-wan",
    "disaster-recovery",
    "expressroute-with-vpn-backup",
    "full-mesh",
    "geo-distributed-service",
    "hub-and-spoke",
    "inherited-estate",
    "merged-lab",
    "multi-site-clustering",
    "two-hubs-with-firewalls",
    "two-services-one-region",
)
ARCHITECTED = tuple(name for name in SCENARIOS if name != "inherited-estate")
WARNS = ("full-mesh",)
"""Samples whose warnings are what they teach."""

each_sample = pytest.mark.parametrize("name", SCENARIOS)
each_architected = pytest.mark.parametrize("name", ARCHITECTED)


def sample(name: str) -> Loaded:
    """The sample called `name`, found as the command line finds it."""
    return load(resolve_topology(name))


def topology_of(name: str) -> Topology:
    """The topology of the sample called `name`."""
    return sample(name).topology


def changed(name: str, *replacements: tuple[str, str], added: str = "") -> Topology:
    """The sample with pieces of its text replaced, each of which must be there, and more text at its end."""
    text = sample(name).text
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return parse(text + added, name)


def codes(topology: Topology) -> list[str]:
    """The codes of what is found, waived or not."""
    return [finding.code for finding in check(topology, TODAY)]


def opening(name: str) -> list[str]:
    """The lines of the comment that the sample opens with, without their signs."""
    lines = sample(name).text.splitlines()
    end = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    return [line.removeprefix("#").removeprefix(" ") for line in lines[:end]]


def suggested_commands(name: str) -> list[str]:
    """The commands that the opening comment tells the reader to try."""
    lines = (line.strip() for line in opening(name))
    return [re.split(r"\s{2,}", line)[0] for line in lines if line.startswith("vnet-tui ")]


def test_there_is_one_sample_for_each_scenario() -> None:
    assert tuple(samples()) == SCENARIOS
    assert sorted(path.stem for path in EXPECTED.glob("*.json")) == list(SCENARIOS)


@each_sample
def test_it_has_exactly_the_findings_that_are_written_down(name: str) -> None:
    def short(finding: Finding) -> dict[str, object]:
        return {
            "code": finding.code,
            "severity": finding.severity,
            "where": list(finding.places),
            "waived": finding.waived is not None,
        }

    expected = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
    assert [short(finding) for finding in check(topology_of(name), TODAY)] == expected


@each_architected
def test_a_sample_to_learn_from_has_no_error_and_no_open_warning(name: str) -> None:
    allowed = {"info", "warning"} if name in WARNS else {"info"}
    assert {one.severity for one in check(topology_of(name), TODAY) if one.waived is None} <= allowed


@each_architected
def test_what_is_found_is_explained_in_the_opening_comment(name: str) -> None:
    comment = "\n".join(opening(name))
    for finding in check(topology_of(name), TODAY):
        assert finding.code in comment or finding.waived is not None
        assert finding.waived is None or "waive" in comment


def test_the_inherited_estate_breaks_every_rule_and_names_it_beside_the_fault() -> None:
    loaded = sample("inherited-estate")
    assert set(codes(loaded.topology)) == set(rules())
    comments = [line.partition("#")[2] for line in loaded.text.splitlines()[len(opening("inherited-estate")) :]]
    notes = [vnet.note or "" for vnet in loaded.topology.vnets.values()]
    notes += [site.note or "" for site in loaded.topology.sites.values()]
    named = set(re.findall(r"\b[A-Z]{3}\d{3}\b", "\n".join(comments + notes)))
    assert named == set(rules())


@each_sample
def test_it_opens_with_a_comment_that_says_what_it_teaches_and_what_to_try(name: str) -> None:
    lines = opening(name)
    assert lines[0]
    assert lines[1] == ""
    assert any(line.startswith("What it teaches: ") for line in lines)
    assert "What to try:" in lines
    assert f"vnet-tui check {name}" in suggested_commands(name)
    assert any(command.startswith("vnet-tui reach ") for command in suggested_commands(name))


@pytest.fixture
def collecting() -> Iterator[None]:
    """The command line turns the garbage collector off: on again for the tests that come after."""
    yield
    gc.enable()


@pytest.mark.usefixtures("collecting")
@each_sample
def test_every_command_that_the_comment_suggests_works(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in suggested_commands(name):
        if "NEW.toml" in command:
            continue
        assert run(shlex.split(command)[1:]) in (0, 1), command
        printed = capsys.readouterr()
        assert printed.out
        assert printed.err == ""


@each_sample
def test_saving_without_an_edit_gives_the_same_text(name: str) -> None:
    loaded = sample(name)
    assert edited_text(loaded.text, loaded.topology, loaded.topology) == loaded.text
    assert edited_text(loaded.text, loaded.topology, parse(loaded.text, name)) == loaded.text


@each_sample
def test_subscriptions_have_ids_that_nobody_has(name: str) -> None:
    ids = [subscription.id or "" for subscription in topology_of(name).subscriptions.values()]
    assert len(set(ids)) == len(ids) > 0
    assert all(re.fullmatch(r"00000000-0000-4000-8000-\d{12}", one) for one in ids)


def test_subscriptions_of_different_samples_are_different_ones() -> None:
    ids = [one.id for name in SCENARIOS for one in topology_of(name).subscriptions.values()]
    assert len(set(ids)) == len(ids)


@each_architected
def test_it_is_planned_as_an_architect_would_hand_it_over(name: str) -> None:
    topology = topology_of(name)
    assert topology.name
    assert topology.planning.pools
    assert any(vnet.growth for vnet in topology.vnets.values())
    assert any(vnet.note for vnet in topology.vnets.values()) or name == "full-mesh"
    for vnet_name, vnet in topology.vnets.items():
        assert vnet.subscription in topology.subscriptions, vnet_name
        if vnet.gateway is not None:
            assert vnet.gateway.sku
            assert vnet.subnets["GatewaySubnet"].prefixes[0].length <= 27
    for waiver_name, waiver in topology.waivers.items():
        assert waiver.reason, waiver_name
        assert waiver.owner
        assert waiver.expires is not None
        assert waiver.expires.year >= 2090


REACHES = (
    ("corporate-wan", "dublin", "singapore", "bgp", "dublin wan-neu wan-sea singapore"),
    ("disaster-recovery", "crm-wus", "crm-eus", "linked", "crm-wus crm-eus"),
    ("disaster-recovery", "erp-neu", "erp-weu", "linked", "erp-neu erp-weu"),
    ("expressroute-with-vpn-backup", "hub-neu", "dc", "linked", "hub-neu dc"),
    ("expressroute-with-vpn-backup", "stock-neu", "dc", "gateway-transit", "stock-neu hub-neu dc"),
    ("full-mesh", "mesh-ams", "mesh-tyo", "linked", "mesh-ams mesh-tyo"),
    ("geo-distributed-service", "play-eus2", "play-jpe", "bgp", "play-eus2 play-sea play-jpe"),
    ("hub-and-spoke", "orders-weu", "hq", "gateway-transit", "orders-weu hub-weu hq"),
    ("inherited-estate", "app-weu", "plant", "gateway-transit", "app-weu hub-weu plant"),
    ("merged-lab", "lab-alice", "lab-core", "linked", "lab-alice lab-core"),
    ("multi-site-clustering", "sql-neu", "sql-weu", "linked", "sql-neu sql-weu"),
    ("multi-site-clustering", "witness-uks", "dc", "bgp", "witness-uks sql-neu dc"),
    ("two-hubs-with-firewalls", "crm-weu", "crm-eus2", "transit", "crm-weu hub-weu hub-eus2 crm-eus2"),
    ("two-hubs-with-firewalls", "hq", "crm-eus2", "transit", "hq hub-weu hub-eus2 crm-eus2"),
    ("two-services-one-region", "shop-weu", "billing-weu", "linked", "shop-weu billing-weu"),
)


@pytest.mark.parametrize(("name", "a", "b", "rule", "path"), REACHES)
def test_who_reaches_whom(name: str, a: str, b: str, rule: str, path: str) -> None:
    found = route(topology_of(name), a, b)
    assert found is not None
    assert (found.rule, " ".join(found.path), found.conditions) == (rule, path, ())


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("disaster-recovery", "erp-neu", "crm-wus"),
        ("disaster-recovery", "erp-drill-weu", "erp-neu"),
        ("hub-and-spoke", "intranet-weu", "orders-weu"),
        ("merged-lab", "lab-alice", "lab-bob"),
        ("two-services-one-region", "sandbox-weu", "shop-weu"),
    ],
)
def test_who_does_not_reach_whom(name: str, a: str, b: str) -> None:
    assert route(topology_of(name), a, b) is None


def test_an_office_without_bgp_needs_a_static_return_route() -> None:
    found = route(topology_of("corporate-wan"), "singapore", "cork")
    assert found is not None
    assert found.conditions == (f"cork {STATIC_RETURN_ROUTE}",)


def test_two_spokes_reach_each_other_through_a_hub_that_forwards() -> None:
    assert route(topology_of("two-hubs-with-firewalls"), "crm-weu", "files-weu") is not None


def test_without_transit_in_the_far_hub_its_spokes_are_out_of_reach() -> None:
    topology = changed("two-hubs-with-firewalls", ("\ntransit = true", "\ntransit = false"))
    assert route(topology, "hub-weu", "hub-eus2") is not None
    assert route(topology, "crm-weu", "crm-eus2") is None


def test_without_bgp_on_one_connection_the_chain_ends() -> None:
    topology = changed("geo-distributed-service", ("bgp = true", "bgp = false"))
    assert codes(topology) == []
    assert route(topology, "play-eus2", "play-jpe") is None


def test_linking_the_drill_is_an_error() -> None:
    link = '\n[peerings.mistake]\nbetween = ["erp-drill-weu", "erp-weu"]\n'
    assert {"ADR001", "REF005"} == set(codes(changed("disaster-recovery", added=link)))


def test_the_mesh_has_no_tunnel_left_and_the_commented_site_is_one_too_many() -> None:
    mesh = topology_of("full-mesh")
    assert {(one.used, one.left) for one in budgets(mesh).values()} == {(10, 0)}
    assert len(mesh.connections) == 55
    start = "# ams-hq"
    head, _, tail = sample("full-mesh").text.partition(start)
    topology = parse(head + re.sub(r"^# ", "", start + tail, flags=re.MULTILINE), "full-mesh")
    over = [finding for finding in check(topology, TODAY) if finding.severity == "error"]
    assert [(one.code, one.places) for one in over] == [("GWY003", ("vnets.mesh-ams.gateway",))]


@pytest.mark.parametrize(
    ("name", "vnet", "used", "limit"),
    [
        ("hub-and-spoke", "hub-weu", 2, 20),
        ("merged-lab", "lab-core", 4, 10),
        ("multi-site-clustering", "sql-neu", 4, 30),
        ("two-services-one-region", "shop-weu", 1, 30),
    ],
)
def test_the_budgets_are_as_promised(name: str, vnet: str, used: int, limit: int) -> None:
    budget = budgets(topology_of(name))[vnet]
    assert (budget.used, budget.limit.whole) == (used, limit)


def test_summaries_and_the_circuit_take_nothing() -> None:
    topology = topology_of("expressroute-with-vpn-backup")
    assert budgets(topology)["hub-neu"].connections == ("hub-neu-to-dc-vpn",)
    assert set(codes(topology)) == {"ADR011"}


def test_a_summary_in_the_address_space_is_found_and_can_be_moved() -> None:
    topology = changed("expressroute-with-vpn-backup", ('["10.8.0.0/16"]', '["10.0.0.0/8"]'))
    fixes = [fix for finding in check(topology, TODAY) if finding.code == "ADR001" for fix in finding.fixes]
    assert [fix.title for fix in fixes] == ["Move 10.0.0.0/8 of dc to advertises"] * 2


README = Path(__file__).resolve().parents[2] / "README.md"


def fenced(language: str) -> list[str]:
    """The blocks of one language in the README."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.usefixtures("collecting")
@pytest.mark.parametrize("block", fenced("console"))
def test_the_readme_shows_what_the_program_prints(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = 0
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        if command == "echo $?":
            assert shown == f"{status}\n"
            continue
        status = run(shlex.split(command)[1:])
        printed = capsys.readouterr().out
        head, elided, tail = shown.partition("...\n")
        assert printed.startswith(head) and printed.endswith(tail) if elided else printed == shown


def test_the_readme_shows_a_topology_without_findings() -> None:
    (text,) = fenced("toml")
    assert check(parse(text, "README"), TODAY) == ()
