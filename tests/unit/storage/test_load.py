"""Loading: what gives a topology, and what stops it."""

from __future__ import annotations

import datetime
import gc
from pathlib import Path
from typing import Any

import pytest

from tui.errors import FileError
from tui.paths import samples
from tui.storage.load import load, parse, parse_bytes
from tui.storage.problems import UnreadableTopologyError
from tui.topology.model import Device, Gateway, Topology
from tui.topology.prefix import Prefix
from tui.topology.table import Table


def ps(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(Prefix.parse, texts))


def refused(text: str) -> UnreadableTopologyError:
    with pytest.raises(UnreadableTopologyError) as caught:
        parse(text, "plan.toml")
    return caught.value


# What loads


def test_a_file_comes_with_its_text_and_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes('\ufeffschema = 1\r\nname = "é"'.encode())
    loaded = load(path)
    assert loaded.topology.name == "é"
    assert loaded.text == '\ufeffschema = 1\r\nname = "é"'
    assert loaded.fingerprint.size == path.stat().st_size


def test_bytes_from_elsewhere() -> None:
    topology, text = parse_bytes(b"schema = 1\r\n", "-")
    assert (topology, text) == (Topology(), "schema = 1\r\n")
    with pytest.raises(FileError, match=r"^-:1:1: not UTF-8"):
        parse_bytes(b"\xff", "-")


def test_short_forms_and_long_ones_mean_the_same() -> None:
    text = """
schema = 1
[planning.pools]
a = ["10.0.0.0/8"]
b = "10.0.0.0/8"
c = { prefixes = ["10.0.0.0/8"] }
[vnets.v.subnets]
a = ["10.0.0.0/24"]
b = "10.0.0.0/24"
c = { prefixes = ["10.0.0.0/24"] }
[sites.s.devices]
a = "203.0.113.1"
b = { address = "203.0.113.1" }
"""
    topology = parse(text, "x")
    assert {pool.prefixes for pool in topology.planning.pools.values()} == {ps("10.0.0.0/8")}
    assert {subnet.prefixes for subnet in topology.vnets["v"].subnets.values()} == {ps("10.0.0.0/24")}
    assert set(topology.sites["s"].devices.values()) == {Device(address="203.0.113.1")}


def test_the_order_of_the_file_is_kept() -> None:
    topology = parse("schema = 1\n[vnets.z]\n[vnets.a]\n[sites.s]\n[vnets.m]\n", "x")
    assert list(topology.vnets) == ["z", "a", "m"]
    assert not topology.sites_first
    assert parse("schema = 1\n[sites.s]\n[vnets.z]\n", "x").sites_first


def test_a_gateway_without_fields_is_a_gateway() -> None:
    assert parse("schema = 1\n[vnets.a.gateway]\n", "x").vnets["a"].gateway == Gateway()
    assert parse("schema = 1\nvnets.a = {}", "x").vnets["a"].gateway is None


UNKNOWN: list[tuple[str, Any]] = [
    ("5", 5),
    ('"x"', "x"),
    ("true", True),
    ("1.5", 1.5),
    ("[1, [2], { a = 3 }]", (1, (2,), Table({"a": 3}))),
    ("{ a = { b = [] } }", Table({"a": Table({"b": ()})})),
    ("2027-04-30", datetime.date(2027, 4, 30)),
    ("07:32:00", datetime.time(7, 32)),
    ("1979-05-27T07:32:00Z", datetime.datetime(1979, 5, 27, 7, 32, tzinfo=datetime.UTC)),
]


@pytest.mark.parametrize(("written", "value"), UNKNOWN)
def test_unknown_keys_of_any_type_load_anywhere(written: str, value: Any) -> None:
    text = f"""
schema = 1
x = {written}
planning = {{ x = {written}, pools.p = {{ x = {written} }} }}
limits = {{ x = {written}, skus.s = {{ x = {written} }} }}
subscriptions.s = {{ x = {written}, tags.x = {written} }}
vnets.v = {{ x = {written}, dns_servers = {written}, subnets.s = {{ x = {written} }}, gateway.x = {written} }}
sites.s = {{ x = {written}, devices.d = {{ x = {written} }} }}
connections.c = {{ between = ["v", "s"], x = {written}, ipsec_policy = {written} }}
peerings.p = {{ between = ["v", "w"], x = {written} }}
services.s = {{ kind = "cloud-service", x = {written} }}
waivers.w = {{ code = "x", x = {written} }}
"""
    topology = parse(text, "x")
    parts: list[Any] = [
        topology,
        topology.planning,
        topology.planning.pools["p"],
        topology.limits,
        topology.limits.skus["s"],
        topology.subscriptions["s"],
        topology.vnets["v"],
        topology.vnets["v"].gateway,
        topology.vnets["v"].subnets["s"],
        topology.sites["s"],
        topology.sites["s"].devices["d"],
        topology.connections["c"],
        topology.peerings["p"],
        topology.services["s"],
        topology.waivers["w"],
    ]
    for part in parts:
        assert _plain(part.unknown["x"]) == _plain(value), part
    assert _plain(topology.vnets["v"].dns_servers) == _plain(value)
    assert _plain(topology.subscriptions["s"].tags["x"]) == _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Table | dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(
    "text",
    [
        '[vnets.a]\nsubscription = "nobody"\nregion = "mars"\npool = "none"\n',
        '[vnets.a]\naddress_space = ["224.0.0.0/4", "224.0.0.0/4"]\nsubnets.s = "10.0.0.0/32"\n',
        '[vnets.a.gateway]\nsku = "Huge"\ngeneration = 99\nasn = 0\ntunnel_budget = 0\n',
        '[connections.c]\nbetween = ["x", "x"]\ndevices = []\n',
        '[services.s]\nkind = "cloud-service"\n',
        '[waivers.w]\ncode = "nonsense"\nwhere = ["*"]\nexpires = 0001-01-01\n',
        '[checks]\nNOSUCH = "off"\n',
        '[sites.a]\n[vnets.a]\n[vnets.A]\n[vnets.""]\n',
        'name = ""\n[vnets."😀\\n"]\n',
        "[subscriptions]\n[vnets]\n[planning]\n[limits.skus]\n",
    ],
)
def test_whatever_can_be_understood_loads(text: str) -> None:
    assert isinstance(parse("schema = 1\n" + text, "x"), Topology)


@pytest.mark.parametrize("path", samples().values(), ids=samples())
def test_every_sample_loads(path: Path) -> None:
    assert load(path).topology.vnets


def test_the_garbage_collector_runs_again_afterwards() -> None:
    assert gc.isenabled()
    parse("schema = 1", "x")
    refused("schema = ")
    refused("schema = 1\nname = 5")
    assert gc.isenabled()


# What stops a load: the format and its number


@pytest.mark.parametrize(
    ("text", "line", "column", "found"),
    [
        ("", 1, 1, ""),
        ("# nothing\n", 1, 1, ""),
        ('name = "x"\n', 1, 1, ""),
        ("[vnets.a]\nschema = 1\n", 1, 1, ""),
        ("\n schema = 2\n", 2, 2, "2"),
        ("schema = 0", 1, 1, "0"),
        ('schema = "1"', 1, 1, '"1"'),
        ("schema = 1.0", 1, 1, "1.0"),
        ("schema = true", 1, 1, "true"),
        ("schema = [1]", 1, 1, "a list of one"),
        ("[schema]\nx = 1", 1, 1, "a table"),
        ("\ufeffa = 1\r\nschema = 2", 2, 1, "2"),
    ],
)
def test_the_number_of_the_format_must_be_one(text: str, line: int, column: int, found: str) -> None:
    (problem,) = refused(text).problems
    assert (problem.line, problem.column, problem.key, problem.found) == (line, column, "schema", found)
    assert (problem.allowed, problem.nearest) == ("1", None)
    assert ("missing" in problem.message) == (not found)


def test_a_newer_format_says_that_the_program_is_too_old() -> None:
    assert "newer vnet-tui" in refused("schema = 2\nname = 5").problems[0].message
    assert "newer vnet-tui" not in refused("schema = 0").problems[0].message


def test_a_wrong_number_of_the_format_stands_alone() -> None:
    assert len(refused("schema = 2\nname = 5\n[vnets]\na = 1").problems) == 1


# TOML syntax


@pytest.mark.parametrize(
    ("text", "line", "column", "found"),
    [
        ("schema = 1\nname = x\n", 2, 8, "name = x"),
        ("schema = 1\r\na = 1\r\nb\r\n", 3, 2, "b"),
        ('schema = 1\né = 1', 2, 1, "é = 1"),
        ('schema = 1\n"é😀" = "ü" x\n', 2, 12, '"é😀" = "ü" x'),
        ("\ufeffschema = 1 x\n", 1, 10, "schema = 1 x"),
        ("schema = 1\n[a]\nb = 1\n[a]\n", 4, 2, "[a]"),
        ("schema = 1\nschema = 1\n", 2, 1, "schema = 1"),
        ("schema = 1\n   name = \n", 2, 11, "name ="),
        ("schema = 99999999999999999999", 1, 10, "schema = 99999999999999999999"),
        ('schema = 1\nx = "\\ud800"', 2, None, 'x = "\\ud800"'),
        ("schema = 1\nx = '''\n\n", None, None, None),
        ("{", 1, 1, "{"),
        ("<<<<<<< HEAD\nschema = 1\n", 1, 9, "<<<<<<< HEAD"),
        ("schema = 1\nx = " + "y" * 500, 2, 5, "x = " + "y" * 55 + "…"),
    ],
)  # fmt: skip
def test_a_syntax_error_stands_alone_with_its_place(
    text: str, line: int | None, column: int | None, found: str | None
) -> None:
    (problem,) = refused(text).problems
    assert problem.allowed == "TOML"
    assert problem.message.startswith("no valid TOML: ")
    assert len(problem.message) < 200
    assert (problem.key, problem.nearest) == ("", None)
    assert problem.line is not None
    assert problem.column is not None
    if line is not None:
        assert problem.line == line
    if column is not None:
        assert problem.column == column
    if found is not None:
        assert problem.found == found


def test_a_name_with_a_nul_is_refused_for_it_would_pass_for_the_programs_own() -> None:
    text = """schema = 1
"\\u0000sites_first" = true
[vnets.a]
"\\u0000identity" = "x"
tags = { "a\\U00000000" = 1, list = [{ "b\\u0000" = 2 }] }
"""
    problems = refused(text).problems
    assert [(one.line, one.key) for one in problems] == [
        (2, '"\\u0000sites_first"'),
        (4, 'vnets.a."\\u0000identity"'),
        (5, 'vnets.a.tags."a\\u0000"'),
        (5, 'vnets.a.tags.list[0]."b\\u0000"'),
    ]
    assert problems[0].found == '"\\x00sites_first"'


def test_a_nul_in_a_value_is_none_of_the_loaders_business() -> None:
    assert parse('schema = 1\nname = "a\\u0000"\n[vnets."a\\\\u0000"]', "x").name == "a\0"


# All problems at once


@pytest.mark.timeout(60)
def test_ten_thousand_problems_are_all_listed_in_the_order_of_the_file() -> None:
    text = "schema = 1\n" + "".join(f'[vnets.v{n}]\naddress_space = ["10.0.0.1/8"]\n' for n in range(10_000))
    problems = refused(text).problems
    assert [problem.line for problem in problems] == list(range(3, 20_003, 2))
    assert problems[-1].key == "vnets.v9999.address_space[0]"


def test_the_error_names_the_source_and_counts() -> None:
    assert refused("schema = 1\nname = 5").message == "plan.toml cannot be understood: 1 problem"
    assert refused("schema = 1\nname = 5\nnote = 5").message == "plan.toml cannot be understood: 2 problems"


def test_a_deep_text_is_refused_before_the_parser_sees_it() -> None:
    with pytest.raises(FileError, match=r"^plan.toml:2: .* more than 64 deep"):
        parse("schema = 1\na = " + "[" * 100_000, "plan.toml")
