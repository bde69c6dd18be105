"""`diff` with something that can be imported: what Azure has that the plan does not say, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli import CLEAN, run, written

SUBSCRIPTION = "11111111-0000-4000-8000-000000000001"
NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network"

PLAN = f"""\
schema = 1
[planning.pools]
weu = ["10.64.0.0/10"]

[subscriptions.prod]
id = "{SUBSCRIPTION}"

[vnets.center]
azure_name = "hub"
subscription = "prod"
resource_group = "rg"
region = "westeurope"
state = "deployed"
address_space = ["10.64.0.0/16"]
growth = ["10.66.0.0/16"]
note = "never touch"
subnets.app = {{ prefixes = ["10.64.1.0/24"], note = "tier" }}

[vnets.spoke]
subscription = "prod"
resource_group = "rg"
region = "westeurope"
state = "deployed"
address_space = ["10.65.0.0/16"]

[vnets.later]
subscription = "prod"
address_space = ["10.80.0.0/16"]

[peerings.p]
between = ["center", "later"]
"""


def vnet(name: str, prefix: str, **more: Any) -> dict[str, Any]:
    one = {"id": f"{NETWORK}/virtualNetworks/{name}", "name": name, "location": "West Europe"}
    return {**one, "addressSpace": {"addressPrefixes": [prefix]}, **more}


def azure(hub: str = "10.64.0.0/16", app: str = "10.64.1.0/24", *more: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        vnet("hub", hub, subnets=[{"name": "app", "addressPrefix": app}]),
        vnet("spoke", "10.65.0.0/16", subnets=[]),
        *more,
    ]


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return written(tmp_path, PLAN)


def source(folder: Path, value: Any, name: str = "vnets.json") -> str:
    return written(folder, json.dumps(value), name)


def test_a_plan_that_says_what_azure_has_is_no_difference(tmp_path: Path, plan: str) -> None:
    same = source(tmp_path, azure())
    for arguments in ((plan, same), (same, plan)):
        ran = run("diff", *arguments)
        assert (ran.status, ran.err) == (0, "")


def test_notes_growth_pools_and_what_is_planned_are_no_difference(tmp_path: Path, plan: str) -> None:
    ran = run("diff", plan, source(tmp_path, azure("10.64.0.0/17")))
    assert ran.status == 1
    for beyond in ("later", "note", "growth", "pools", "peerings"):
        assert beyond not in ran.out.replace(str(tmp_path), "")


def test_drift_is_named_field_by_field(tmp_path: Path, plan: str) -> None:
    drifted = source(tmp_path, azure("10.64.0.0/17", "10.64.2.0/24", vnet("shadow", "10.70.0.0/16")))
    ran = run("diff", plan, drifted)
    assert ran.status == 1
    for said in ("10.64.0.0/16", "10.64.0.0/17", "10.64.1.0/24", "10.64.2.0/24", "shadow", "address_space", "app"):
        assert said in ran.out
    assert "spoke" not in ran.out
    back = run("diff", drifted, plan, "--format", "json")
    forth = run("diff", plan, drifted, "--format", "json")
    assert (back.status, forth.status) == (1, 1)
    assert "shadow" in json.dumps(back.json)
    assert Path(plan).read_text() == PLAN


def test_what_is_gone_from_azure_is_a_difference(tmp_path: Path, plan: str) -> None:
    ran = run("diff", plan, source(tmp_path, azure()[:1]))
    assert ran.status == 1
    assert "spoke" in ran.out
    assert "later" not in ran.out


def test_two_sources_are_compared(tmp_path: Path) -> None:
    before = source(tmp_path, azure(), "before.json")
    same = source(tmp_path, {"value": azure()[::-1]}, "same.json")
    after = source(tmp_path, azure("10.64.0.0/17")[:1], "after.json")
    assert run("diff", before, same).status == 0
    ran = run("diff", before, after)
    assert ran.status == 1
    assert "spoke" in ran.out
    assert "10.64.0.0/17" in ran.out
    assert "spoke" in run("diff", after, before).out


def test_a_source_that_is_not_whole_is_compared_and_told(tmp_path: Path, plan: str) -> None:
    """The VNets of further pages do not look as if they were gone."""
    page = source(tmp_path, {"value": azure("10.64.0.0/17")[:1], "nextLink": "https://management.azure.com/?page=2"})
    ran = run("diff", plan, page)
    assert ran.status == 1
    assert "10.64.0.0/17" in ran.out
    assert "spoke" not in ran.out
    assert "(1 missing or not understood, 0 in conflict)" in ran.err
    assert f"vnet-tui import {page} names each" in ran.err
    told = run("diff", plan, page, "--format", "json").json
    assert (told["untold"], told["in_conflict"]) == (1, 0)


def test_sources_that_contradict_each_other_are_told(tmp_path: Path, plan: str) -> None:
    folder = tmp_path / "azure"
    folder.mkdir()
    source(folder, azure(), "a.json")
    source(folder, [vnet("HUB", "10.70.0.0/16")], "b.json")
    ran = run("diff", plan, str(folder))
    assert (ran.status, len(ran.err.splitlines())) == (0, 1)
    assert "1 in conflict" in ran.err


def test_a_folder_is_all_that_is_in_it(tmp_path: Path, plan: str) -> None:
    folder = tmp_path / "azure"
    folder.mkdir()
    source(folder, azure()[:1], "a.json")
    source(folder, azure()[1:], "b.json")
    assert run("diff", plan, str(folder)).status == 0
    assert run("diff", str(folder), plan).status == 0
    source(folder, [vnet("shadow", "10.70.0.0/16")], "c.json")
    ran = run("diff", plan, str(folder), "--format", "markdown")
    assert ran.status == 1
    assert "shadow" in ran.out


def test_the_form_of_a_source_is_known_by_what_stands_in_it(tmp_path: Path, plan: str) -> None:
    table = "vnet,subscription,resource group,region,prefix\n" + "".join(
        f"{name},{SUBSCRIPTION},rg,westeurope,{prefix}\n"
        for name, prefix in (("hub", "10.64.0.0/16"), ("spoke", "10.65.0.0/16"))
    )
    assert run("diff", plan, written(tmp_path, table, "what-there-is")).status == 0
    utf_16 = json.dumps(azure()).encode("utf-16")
    assert run("diff", plan, written(tmp_path, utf_16, "from-powershell")).status == 0


def test_a_topology_is_a_topology_under_any_name(tmp_path: Path, plan: str) -> None:
    assert run("diff", plan, written(tmp_path, PLAN, "plan.old")).status == 0
    assert run("diff", plan, "-", stdin=PLAN.encode()).status == 0
    assert run("diff", plan, written(tmp_path, CLEAN, "clean.json")).status == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("vnets.json", json.dumps(azure()).encode()[:-9], "vnets.json: line 1"),
        ("vnets.json", b"<html><body>Sign in</body></html>", "web page"),
        ("vnets.json", b"", "nothing in it"),
        ("vnets.json", b"\0\0\0\0", "zero bytes"),
        ("net.netcfg", b"<NetworkConfiguration>\n<a></b></NetworkConfiguration>", "line 2"),
        ("vnets.csv", b"colour,shape\nred,round\n", "vnets.csv"),
        ("broken.toml", b"schema = 1\nname = 5\n", "broken.toml:2:"),
        ("broken", b"schema = 1\nname = 5\n", "broken:2:"),
    ],
)
def test_a_source_that_cannot_be_read_is_exit_status_two(
    tmp_path: Path, plan: str, name: str, data: bytes, said: str
) -> None:
    bad = written(tmp_path, data, name)
    for arguments in ((plan, bad), (bad, plan)):
        ran = run("diff", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert said in ran.err
        assert "TOML" not in ran.err


def test_what_is_not_there_or_empty_is_exit_status_two(tmp_path: Path, plan: str) -> None:
    (tmp_path / "empty").mkdir()
    for missing in (str(tmp_path / "empty"), str(tmp_path / "missing.json")):
        ran = run("diff", plan, missing)
        assert (ran.status, ran.out) == (2, "")
        assert missing in ran.err


def test_the_order_of_two_sources_does_not_decide_whether_they_differ(tmp_path: Path) -> None:
    some, none = source(tmp_path, azure(), "some.json"), source(tmp_path, [], "none.json")
    for arguments, sign in (((some, none), "-"), ((none, some), "+")):
        ran = run("diff", *arguments)
        assert ran.status == 1
        assert f"{sign} vnets.hub" in ran.out


def test_a_vnet_that_is_gone_is_a_difference_though_links_of_the_file_lead_to_it(tmp_path: Path, plan: str) -> None:
    linked = written(tmp_path, PLAN.replace('"center", "later"', '"center", "spoke"'), "linked.toml")
    ran = run("diff", linked, source(tmp_path, azure()[:1]))
    assert ran.status == 1
    assert "- vnets.spoke" in ran.out


def test_a_source_that_tells_nothing_of_the_file_is_no_proof_that_nothing_differs(tmp_path: Path, plan: str) -> None:
    empty = source(tmp_path, [])
    for arguments in ((plan, empty), (empty, plan)):
        ran = run("diff", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert "tells nothing of what" in ran.err
        assert "right subscription" in ran.err
    other = json.dumps(azure()).replace(SUBSCRIPTION, "99999999-0000-4000-8000-000000000009")
    ran = run("diff", plan, written(tmp_path, other, "other.json"))
    assert ran.status == 1
    assert "is it of another subscription?" in ran.err


def test_standard_input_is_known_by_what_stands_in_it(tmp_path: Path, plan: str) -> None:
    for arguments, sign in (((plan, "-"), "-"), (("-", plan), "+")):
        ran = run("diff", *arguments, stdin=json.dumps(azure()[:1]).encode())
        assert ran.status == 1
        assert f"{sign} vnets.spoke" in ran.out
    assert run("diff", plan, "-", stdin=json.dumps(azure()).encode()).status == 0
    ran = run("diff", plan, "-", stdin=b"neither nor")
    assert (ran.status, ran.out) == (2, "")


def test_several_sources_are_one_side(tmp_path: Path, plan: str) -> None:
    hub, spoke = source(tmp_path, azure()[:1], "hub.json"), source(tmp_path, azure()[1:], "spoke.json")
    assert run("diff", plan, hub, spoke).status == 0
    assert run("diff", plan, hub, "-", stdin=json.dumps(azure()[1:]).encode()).status == 0
    ran = run("diff", plan, hub, spoke, source(tmp_path, [vnet("shadow", "10.70.0.0/16")], "more.json"))
    assert ran.status == 1
    assert "+ vnets.shadow" in ran.out
    ran = run("diff", plan, hub, plan)
    assert (ran.status, ran.out) == (2, "")
    assert f"{plan} is a topology, and stands among several sources" in ran.err


def test_what_a_shell_substitutes_for_a_command_is_read(tmp_path: Path, plan: str) -> None:
    source(tmp_path, azure()[:1])
    for command in ("diff plan.toml <(cat vnets.json)", "diff <(cat plan.toml) <(cat vnets.json)"):
        done = shell(f'"$0" -m tui {command}', tmp_path)
        assert (done.returncode, done.stderr) == (1, b""), command
        assert b"- vnets.spoke" in done.stdout
    done = shell('"$0" -m tui import <(cat vnets.json) -o new.toml', tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "hub" in (tmp_path / "new.toml").read_text()


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    root = str(Path(__file__).resolve().parents[3])
    return subprocess.run(
        [bash, "-c", script, sys.executable],
        cwd=folder,
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": root},
    )


def test_a_named_pipe_that_nobody_opened_for_it_is_still_refused(tmp_path: Path, plan: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    ran = run("diff", plan, str(tmp_path / "pipe"))
    assert (ran.status, ran.out) == (2, "")
    assert "named pipe" in ran.err


def test_what_is_too_large_is_not_read(tmp_path: Path, plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.cli.sides.MAX_BYTES", 2000)
    large = source(tmp_path, azure() * 20)
    ran = run("diff", plan, large)
    assert (ran.status, ran.out) == (2, "")
    assert f"{large} is larger than" in ran.err
