"""`plan`: a batch of VNets from a file of requests; the JSON contract, the exit status, and what is written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.unit.cli import run, written
from tui.paths import samples

FILE = """\
schema = 1
# our pools
[planning.pools]
weu = { prefixes = ["10.64.0.0/22"], region = "westeurope" }  # west

[vnets.hub]
address_space = ["10.64.0.0/24"]   # the hub
"""

REQUESTS = """\
[vnets.app]
region = "westeurope"
growth = "/23"
[vnets.app.subnets]
GatewaySubnet = "/27"
web = { hosts = 100, note = "tier" }

[vnets.hub]
size = "/24"
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    return written(tmp_path, FILE)


@pytest.fixture
def requests(tmp_path: Path) -> str:
    return written(tmp_path, REQUESTS, "requests.toml")


def test_json_names_every_vnet_with_its_place(file: str, requests: str) -> None:
    ran = run("plan", file, requests, "--format", "json")
    assert ran.json == {
        "vnets": [
            {
                "name": "app",
                "prefix": "10.64.2.0/24",
                "growth": ["10.64.3.0/24"],
                "subnets": [
                    {"name": "GatewaySubnet", "prefix": "10.64.2.224/27"},
                    {"name": "web", "prefix": "10.64.2.0/25"},
                ],
                "reason": ran.json["vnets"][0]["reason"],
                "exists": False,
            },
            {
                "name": "hub",
                "prefix": "10.64.0.0/24",
                "growth": [],
                "subnets": [],
                "reason": "is there already, and stays where it is",
                "exists": True,
            },
        ],
        "problems": [],
        "ways": [],
    }
    assert "10.64.0.0/22 (weu, westeurope)" in ran.json["vnets"][0]["reason"]
    assert (ran.status, ran.err) == (0, "")
    assert Path(file).read_text() == FILE


def test_text_is_a_table_then_the_reasons(file: str, requests: str) -> None:
    ran = run("plan", file, requests)
    lines = ran.out.splitlines()
    assert lines[0].split() == ["VNET", "PREFIX", "HELD", "TO", "GROW", "SUBNETS"]
    assert lines[1].split("  ")[0] == "app"
    assert "GatewaySubnet 10.64.2.224/27, web 10.64.2.0/25" in lines[1]
    assert lines[-1] == "1 VNet to add, 1 there already; --write adds it"
    assert ran.status == 0


def test_write_adds_the_vnets_and_keeps_the_file_as_it_was(file: str, requests: str) -> None:
    ran = run("plan", file, requests, "--write")
    assert ran.status == 0
    assert ran.out.splitlines()[-1].startswith("1 VNet added to ")
    text = Path(file).read_text()
    for line in FILE.splitlines():
        assert line in text
    assert '[vnets.app]\nregion = "westeurope"\naddress_space = ["10.64.2.0/24"]\ngrowth = ["10.64.3.0/24"]' in text
    assert 'web = { prefixes = ["10.64.2.0/25"], note = "tier" }' in text
    again = run("plan", file, requests, "--write")
    assert again.out.splitlines()[-1].startswith("nothing added to ")
    assert Path(file).read_text() == text
    assert run("check", file).status == 0


def test_one_more_request_places_only_that_one(file: str, requests: str, tmp_path: Path) -> None:
    run("plan", file, requests, "--write")
    more = written(tmp_path, '[vnets.aaa]\nsize = "/25"\n' + REQUESTS, "more.toml")
    rows = run("plan", file, more, "--format", "json").json["vnets"]
    assert [(row["name"], row["prefix"], row["exists"]) for row in rows] == [
        ("aaa", "10.64.1.0/25", False),
        ("app", "10.64.2.0/24", True),
        ("hub", "10.64.0.0/24", True),
    ]


def test_what_does_not_fit_exits_1_and_writes_nothing(file: str, tmp_path: Path) -> None:
    large = written(tmp_path, '[vnets.aa]\nsize = "/24"\n[vnets.bb]\nsize = "/22"\n', "large.toml")
    ran = run("plan", file, large, "--write")
    assert (ran.status, ran.out) == (1, "")
    assert "there is no room in 10.64.0.0/22 (weu, westeurope) for the /22 of bb; the largest free block" in ran.err
    assert "a way out: make bb a /23: then all have room" in ran.err
    assert Path(file).read_text() == FILE
    reason = ran.err.splitlines()[0]
    ran = run("plan", file, large, "--format", "json")
    assert ran.status == 1
    assert ran.json["vnets"] == []
    (problem,) = ran.json["problems"]
    assert problem["message"] == reason
    assert ran.json["ways"] == [
        "make bb a /23: then all have room",
        "add 10.0.0.0/22, which is private and free, to pool weu: then all have room",
    ]


def test_bad_requests_exit_2_with_every_place(file: str, tmp_path: Path) -> None:
    bad = written(tmp_path, '[vnets.aa]\nsize = "/24"\npool = "wee"\n[vnets.hub]\nsize = "/20"\n', "bad.toml")
    ran = run("plan", file, bad)
    assert (ran.status, ran.out) == (2, "")
    assert f"{bad}:3:1: error: there is no pool wee; did you mean weu?" in ran.err
    assert f"{bad}:4:1: error: hub is there already" in ran.err
    ran = run("plan", file, bad, "--format", "json")
    assert ran.status == 2
    assert [(one["line"], one["key"]) for one in ran.json["problems"]] == [(3, "vnets.aa.pool"), (4, "vnets.hub")]
    assert list(ran.json["problems"][0]) == ["line", "column", "key", "found", "allowed", "nearest", "message"]
    typo = written(tmp_path, '[vnets.a]\nsiez = "/24"\n', "typo.toml")
    ran = run("plan", file, typo)
    assert ran.status == 2
    assert f"{typo}:2:1: error: vnets.a.siez is no key of a request; did you mean size?" in ran.err


def test_a_file_or_requests_that_cannot_be_read_exit_2(file: str, requests: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.toml")
    broken = written(tmp_path, "schema = 1\nvnets = 5\n", "broken.toml")
    for arguments in ((file, missing), (missing, requests), (broken, requests), (file, str(tmp_path))):
        text = run("plan", *arguments)
        assert (text.status, text.out) == (2, "")
        assert text.err
        document = run("plan", *arguments, "--format", "json")
        assert document.status == 2
        assert document.json["problems"]
    assert f"{broken}:2:1: error" in run("plan", broken, requests).err


def test_either_may_be_standard_input_but_not_both_and_it_is_not_written_to(file: str, requests: str) -> None:
    there = run("plan", file, requests, "--format", "json").json
    assert run("plan", file, "-", "--format", "json", stdin=REQUESTS.encode()).json == there
    assert run("plan", "-", requests, "--format", "json", stdin=FILE.encode()).json == there
    both = run("plan", "-", "-")
    assert (both.status, both.out) == (2, "")
    assert "cannot both be standard input" in both.err
    written_to = run("plan", "-", requests, "--write", stdin=FILE.encode())
    assert (written_to.status, written_to.out) == (2, "")
    assert run("plan", file, "-", "--write", stdin=REQUESTS.encode()).status == 0
    assert "[vnets.app]" in Path(file).read_text()


def test_a_sample_is_planned_with_but_never_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name, path = next(iter(samples().items()))
    small = written(tmp_path, '[vnets.zz-new]\nsize = "/28"\n', "small.toml")
    before = path.read_bytes()
    assert run("plan", name, small).status == 0
    (tmp_path / "link.toml").symlink_to(path)
    for argument in (name, str(path), os.path.relpath(path), "link.toml"):
        ran = run("plan", argument, small, "--write")
        assert (ran.status, ran.out) == (2, "")
        assert "is a sample that ships with vnet-tui" in ran.err
    assert path.read_bytes() == before
    own = tmp_path / "own.toml"
    shutil.copy(path, own)
    assert run("plan", str(own), small, "--write").status == 0


def test_a_name_that_differs_in_case_alone_is_refused_with_its_line_and_nothing_is_written(
    file: str, tmp_path: Path
) -> None:
    same = written(tmp_path, '[vnets.app]\nsize = "/26"\n[vnets.HUB]\nsize = "/26"\n', "same.toml")
    ran = run("plan", file, same, "--write")
    assert ran.status == 2
    assert f"{same}:3:1: error: HUB and hub, which is there already, are one name to Azure: write hub" in ran.err
    assert Path(file).read_text() == FILE
    assert run("plan", file, same, "--format", "json").json["problems"][0]["nearest"] == "hub"


def test_names_from_either_file_never_reach_the_terminal_raw(tmp_path: Path) -> None:
    hidden = "\\u001b[31mred"
    file = written(tmp_path, f'schema = 1\n[vnets."{hidden}"]\naddress_space = ["10.0.0.0/24"]\n')
    there = written(tmp_path, f'[vnets."{hidden}"]\nsize = "/24"\n', "there.toml")
    hostile = written(tmp_path, '[vnets."\\u001b[2J"]\nsize = "/24"\nsubnets."\\u202ex" = "/26"\n', "r.toml")
    for requests, status in ((there, 0), (hostile, 2)):
        for form in ("text", "json"):
            ran = run("plan", file, requests, "--format", form)
            assert ran.status == status
            assert not {"\x1b", "\u202e"} & {*ran.out, *ran.err}
