"""Names, notes and file names of somebody else: whatever they hold, only plain text comes out.

Invariant: `run` itself refuses every control or format character but the newline.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.cli import process, run
from tests.unit.cli import written as written_at
from tui.topology.keypath import toml_key

NASTY = {
    "ANSI": "\x1b[31mred\x1b[0m",
    "OSC": "\x1b]0;title\x07",
    "C0": "a\x01\x08\x0b\x0c\x1fb",
    "C1": "a\x80\x85\x9bb",
    "DEL": "a\x7fb",
    "bidi": "a\u202eb\u2066c\u200f",
    "zero width": "a\u200bb\u200dc\ufeffd\u00ad",
    "line ends": "a\nb\rc\u2028d\u2029e\r\n",
    "tab": "a\tb",
    "tags": "a\U000e0041b",
    "private use": "a\ue000b\U0010ffffc",
    "markup": "[bold]a[/] [link=x]b[/link] [@click=app.quit]c[/]",
    "format": "%s {0} {name} %(x)s \\x1b \\u202e",
    "key path": 'a.b."c".d[0]',
}


def plan(name: str) -> str:
    """A file in which everything that can have a name or a text has this one."""
    key, other = toml_key(name), toml_key(name + "2")
    return f"""
schema = 1
name = {string(name)}
note = {string(name)}
{key} = {string(name)}
[planning]
own_public = ["203.0.112.0/22"]
[planning.pools.{key}]
prefixes = ["10.0.0.0/8"]
region = {string(name)}
note = {string(name)}
[planning.avoid]
"10.244.0.0/16" = {string(name)}
[checks]
{key} = "off"
[limits.skus.{key}]
tunnels = 3
[subscriptions.{key}]
id = {string(name)}
note = {string(name)}
[vnets.{key}]
subscription = {string(name + "x")}
region = {string(name)}
address_space = ["10.244.0.0/16"]
pool = {string(name + "x")}
azure_name = {string(name)}
{key} = {{ {key} = {string(name)} }}
note = {string(name)}
tags = {{ {key} = {string(name)} }}
[vnets.{key}.subnets]
{key} = "10.244.0.0/24"
{other} = "10.244.0.0/24"
[vnets.{key}.gateway]
name = {string(name)}
sku = {string(name)}
[vnets.{other}]
address_space = ["10.244.0.0/16"]
[sites.{toml_key(name + "3")}]
address_space = ["10.244.0.0/16"]
vpn_device = {string(name)}
devices.{key} = {string(name)}
[connections.{key}]
between = [{string(name)}, {string(name + "3")}]
devices = [{string(name)}]
bandwidth_mbps = 1e300
[connections.{other}]
between = [{string(name)}, {string(name + "x")}]
[peerings.{key}]
between = [{string(name)}, {string(name + "2")}]
gateway_transit = {string(name + "x")}
[services.{key}]
kind = "cloud-service"
vnets = [{string(name)}, {string(name + "2")}, {string(name + "x")}]
[waivers.{key}]
code = {string(name)}
reason = {string(name)}
[waivers.{other}]
code = "SUB002"
where = ["vnets.*"]
reason = {string(name)}
"""


def broken(name: str) -> str:
    """A file with a problem of each kind about this name."""
    key, value = toml_key(name), string(name)
    return f"""
schema = 1
[checks]
{key} = {value}
[planning.avoid]
{key} = {value}
[planning]
workloads = [{value}]
own_public = [{value}]
[subscriptions.{key}]
cloud = {value}
[vnets.{key}]
isolated = {value}
address_space = [{value}, "10.0.0.1/{name if name.isalnum() else 8}"]
tags = {value}
subnets.{key} = {value}
[connections.{key}]
between = [{value}]
"""


def string(text: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


def commands(path: str, name: str) -> list[list[str]]:
    each = [
        ["check", path, "--verbose"],
        ["check", path],
        ["show", path],
        ["reach", path, name],
        ["reach", path, name, name + "3"],
        ["reach", path, name + "3", name + "x"],
        ["find", path, name],
        ["find", path, name + "y"],
        ["find", path, "10.244.0.1"],
        ["rules", name],
        ["schema", name],
        ["show", path, name],
        ["check", path, name],
        ["check", path, "--against", name],
        ["--" + name],
        [name, "x"],
    ]
    given = [[*one, "--format", "json"] for one in each if one[0] in ("check", "show", "reach", "find", "rules")]
    return [one for one in each + given if "\0" not in "".join(one)]


def check_commands(path: str, name: str) -> None:
    for arguments in commands(path, name):
        ran = run(*arguments)
        assert ran.status in (0, 1, 2)
        if "json" in arguments and ran.out:
            assert isinstance(ran.json, dict | list)


@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_names_reach_no_terminal_as_anything_but_text(tmp_path: Path, name: str) -> None:
    path = written_at(tmp_path, plan(name))
    assert run("check", path).status == 1
    check_commands(path, name)


@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_problems_are_plain_text(tmp_path: Path, name: str) -> None:
    path = written_at(tmp_path, broken(name))
    ran = run("check", path)
    assert ran.status == 2
    assert ran.err.count("\n") >= 9
    check_commands(path, name)


@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_syntax_errors_quote_plain_text(tmp_path: Path, name: str) -> None:
    for text in (f'schema = 1\nname = "{name}" x\n', f"schema = 1\n{name}\n", f"# {name}\nschema = 1 1"):
        path = written_at(tmp_path, text)
        assert run("check", path).status == 2
        ran = run("check", path, "--format", "json")
        assert len(ran.json["problems"]) == 1
        found = ran.json["problems"][0]["found"]
        assert len(found) <= 60
        assert found.isprintable()


@pytest.mark.parametrize("name", [name for name in NASTY.values() if "/" not in name])
def test_file_names_are_plain_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    for text in (plan("x"), broken("x"), "schema = ", "\0"):
        check_commands(written_at(tmp_path, text, name), "x")
    ran = run("check", name, "--format", "json")
    assert ran.json["file"] == name
    os.remove(name)
    check_commands(name, "x")
    (tmp_path / name).mkdir()
    check_commands(name, "x")


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\x1b[31m.toml")
    (tmp_path / name).write_text("schema = 1\n")
    done = process("check", name, "none" + name, folder=tmp_path)
    assert done.stdout == rb"\udcff\x1b[31m.toml: 0 errors, 0 warnings, 0 info" + b"\n"
    assert rb"cannot read none\udcff\x1b[31m.toml" in done.stderr
    assert b"Traceback" not in done.stderr


def test_json_holds_the_names_as_they_are(tmp_path: Path) -> None:
    name = NASTY["ANSI"]
    ran = run("show", written_at(tmp_path, plan(name)), "vnets", "--format", "json")
    assert ran.json[0]["vnet"] == name


def test_markup_is_not_taken_away(tmp_path: Path) -> None:
    name = NASTY["markup"]
    assert name in run("show", written_at(tmp_path, plan(name)), "vnets").out


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        st.one_of(
            st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Co"], exclude_characters="\0"),
            st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_any_name_comes_out_as_plain_text(tmp_path: Path, name: str) -> None:
    check_commands(written_at(tmp_path, plan(name)), name)
    check_commands(written_at(tmp_path, broken(name)), name)
