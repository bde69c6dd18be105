"""`renumber`: the proposal in three forms, its way into the file, and what is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.unit.cli import CLEAN, run, written
from tui.paths import samples

PLAN = """\
schema = 1

# the pools that we own
[planning.pools]
lab = ["10.64.0.0/12"]

[vnets.hub]
address_space = ["10.0.0.0/16"]   # everything hangs on it
renumber = false

[vnets.app]
address_space = ["10.0.0.0/20", "10.7.0.0/24"]
growth = ["10.0.16.0/20"]

[vnets.app.subnets]
web = "10.0.1.0/24"   # the shop
db = { prefixes = ["10.7.0.0/25"] }

[vnets.crm]
address_space = ["10.0.32.0/20"]

[peerings.one]
between = ["hub", "app"]

[peerings.two]
between = ["hub", "crm"]
"""

STUCK = (
    PLAN
    + """
[sites.dublin]
address_space = ["10.0.64.0/24"]

[connections.c]
between = ["hub", "dublin"]
"""
)

CONSEQUENCES = [
    "it is not deployed yet: nothing has to be moved in Azure",
    "held growth 10.0.16.0/20 is released: it adjoins nothing of app any more; hold new room if it is to grow",
]
APP = {
    "network": "app",
    "cost": 5,
    "because": ["hub"],
    "blocks": [{"from": "10.0.0.0/20", "to": "10.64.0.0/20"}],
    "subnets": [{"name": "web", "from": "10.0.1.0/24", "to": "10.64.1.0/24"}],
    "consequences": CONSEQUENCES,
}
CRM = {
    "network": "crm",
    "cost": 3,
    "because": ["hub"],
    "blocks": [{"from": "10.0.32.0/20", "to": "10.64.16.0/20"}],
    "subnets": [],
    "consequences": CONSEQUENCES[:1],
}


def test_the_document_is_the_contract(tmp_path: Path) -> None:
    ran = run("renumber", written(tmp_path, PLAN), "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.json == {"conflicts": 2, "exact": True, "steps": [APP, CRM], "left_out": [], "unsolved": []}


def test_the_text_says_what_moves_where_and_why_and_what_else_changes(tmp_path: Path) -> None:
    ran = run("renumber", written(tmp_path, PLAN))
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[:4] == [
        "app  10.0.0.0/20 -> 10.64.0.0/20  because it collides with hub",
        "  subnet web  10.0.1.0/24 -> 10.64.1.0/24",
        *(f"  {text}" for text in CONSEQUENCES),
    ]
    assert lines[-1] == "2 networks to renumber, at a cost of 8; no cheaper set of networks would do"


def test_what_stays_unsolved_is_said_on_stderr_and_in_the_status(tmp_path: Path) -> None:
    path = written(tmp_path, STUCK)
    ran = run("renumber", path)
    assert ran.status == 1
    assert "unsolved: hub is pinned (renumber = false), and dublin cannot move either" in ran.err
    assert ran.err.splitlines()[-1] == "with --sites, sites may move too"
    (one,) = run("renumber", path, "--format", "json").json["unsolved"]
    assert (one["network"], one["against"]) == ("hub", ["dublin"])


def test_sites_move_when_they_may(tmp_path: Path) -> None:
    ran = run("renumber", written(tmp_path, STUCK), "--sites", "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    assert [step["network"] for step in ran.json["steps"]] == ["app", "crm", "dublin"]


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_where_nothing_collides_nothing_has_to_move(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, CLEAN)
    ran = run("renumber", path, "--format", form, "--write")
    assert ran.status == 0
    assert Path(path).read_text() == CLEAN
    if form == "text":
        assert ran.out == "no two joined networks overlap: nothing has to move\n"
    elif form == "json":
        assert ran.json == {"conflicts": 0, "exact": True, "steps": [], "left_out": [], "unsolved": []}
    else:
        assert ran.out == "network,what,from,to,because\n"


def test_the_table_has_a_row_for_each_prefix(tmp_path: Path) -> None:
    ran = run("renumber", written(tmp_path, PLAN), "--format", "csv")
    assert list(csv.reader(io.StringIO(ran.out))) == [
        ["network", "what", "from", "to", "because"],
        ["app", "address space", "10.0.0.0/20", "10.64.0.0/20", "hub"],
        ["app", "subnet web", "10.0.1.0/24", "10.64.1.0/24", "hub"],
        ["app", "growth released", "10.0.16.0/20", "", "hub"],
        ["crm", "address space", "10.0.32.0/20", "10.64.16.0/20", "hub"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_name_becomes_a_formula_in_the_table(tmp_path: Path, name: str) -> None:
    quoted = '"' + name.replace("\t", "\\t").replace("\r", "\\r") + '"'
    text = PLAN.replace("[vnets.app", f"[vnets.{quoted}").replace('"app"]', f"{quoted}]")
    ran = run("renumber", written(tmp_path, text), "--format", "csv")
    rows = list(csv.reader(io.StringIO(ran.out)))
    assert ran.status == 0
    assert len([row for row in rows if row[0].startswith("'")]) == 3
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]


def test_text_in_names_reaches_the_terminal_as_text(tmp_path: Path) -> None:
    text = PLAN.replace("[vnets.app", '[vnets."a\\u001b[31mpp"').replace('"app"]', '"a\\u001b[31mpp"]')
    for form in ("text", "csv", "json"):
        ran = run("renumber", written(tmp_path, text), "--format", form)
        assert ran.status == 0
        assert ("a\\x1b[31mpp" if form != "json" else "a\\u001b[31mpp") in ran.out


def test_writing_changes_what_moves_and_keeps_everything_else(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN)
    ran = run("renumber", path, "--write")
    assert ran.status == 0
    assert ran.err == f"renumbered 2 networks in {path}\n"
    assert Path(path).read_text() == PLAN.replace('"10.0.0.0/20", "10.7', '"10.64.0.0/20", "10.7').replace(
        '"10.0.1.0/24"', '"10.64.1.0/24"'
    ).replace('growth = ["10.0.16.0/20"]\n', "").replace('"10.0.32.0/20"', '"10.64.16.0/20"')
    assert run("renumber", path).out == "no two joined networks overlap: nothing has to move\n"
    assert '"ADR001"' not in run("check", path, "--format", "json").out


def test_single_steps_can_be_made(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN)
    ran = run("renumber", path, "--only", "crm", "--write", "--format", "json")
    assert (ran.json["steps"], ran.json["left_out"]) == ([CRM], ["app"])
    assert Path(path).read_text() == PLAN.replace('"10.0.32.0/20"', '"10.64.16.0/20"')
    both = run("renumber", written(tmp_path, PLAN), "--only", "crm", "--only", "app", "--format", "json")
    assert (both.status, both.json["steps"], both.json["left_out"]) == (0, [APP, CRM], [])


def test_a_step_that_is_left_out_is_said_and_the_status_tells_that_an_overlap_stays(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN)
    ran = run("renumber", path, "--only", "crm", "--write")
    assert ran.status == 1
    assert ran.err == f"left out: app, which collides with hub\nrenumbered 1 network in {path}\n"
    assert '"ADR001"' in run("check", path, "--format", "json").out
    assert run("renumber", path, "--only", "app", "--write").status == 0


def test_a_name_that_is_no_network_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, PLAN)
    ran = run("renumber", path, "--only", "cmr", "--write")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "there is no network cmr\ndid you mean crm?\n"
    assert Path(path).read_text() == PLAN


def test_a_network_that_does_not_move_has_no_step_to_choose(tmp_path: Path) -> None:
    ran = run("renumber", written(tmp_path, PLAN), "--only", "hub")
    assert ran.status == 2
    assert "there is no step for hub" in ran.err


def test_the_standard_input_is_read_and_cannot_be_written(tmp_path: Path) -> None:
    assert run("renumber", "-", "--format", "json", stdin=PLAN.encode()).json["conflicts"] == 2
    ran = run("renumber", "-", "--write", stdin=PLAN.encode())
    assert (ran.status, ran.out) == (2, "")
    assert "standard input cannot be written to" in ran.err


def test_a_sample_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, shipped = next(iter(samples().items()))
    before = shipped.read_bytes()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.toml").symlink_to(shipped)
    for argument in (name, str(shipped), "link.toml"):
        ran = run("renumber", argument, "--write")
        assert ran.status == 2
        assert "is a sample that ships with vnet-tui" in ran.err
    assert shipped.read_bytes() == before


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    broken = written(tmp_path, 'schema = 1\nvnets.a.address_space = ["10.0.0.1/8"]\n', "broken.toml")
    for arguments in (("renumber", broken), ("renumber", broken, "--write")):
        ran = run(*arguments)
        assert (ran.status, ran.out) == (2, "")
        assert "broken.toml:2:" in ran.err
    assert run("renumber", str(tmp_path / "missing.toml"), "--write").status == 2
