"""`diff`: two files, a file and its past in git, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.cli import CLEAN, process, run, written
from tui.paths import samples

OTHER = CLEAN.replace("westeurope", "northeurope")
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


# Two files


def test_two_files_that_say_the_same_are_no_difference(tmp_path: Path) -> None:
    a, b = written(tmp_path, CLEAN, "a.toml"), written(tmp_path, "# a comment\n" + CLEAN, "b.toml")
    ran = run("diff", a, b)
    assert (ran.status, ran.out, ran.err) == (0, "no difference\n", "")
    assert run("diff", a, b, "--format", "json").json["same"] is True
    assert run("diff", a, b, "--format", "markdown").out.endswith("\n\nNo difference.\n")


def test_two_files_that_differ_are_exit_status_one(tmp_path: Path) -> None:
    a, b = written(tmp_path, CLEAN, "a.toml"), written(tmp_path, OTHER, "b.toml")
    ran = run("diff", a, b)
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.splitlines() == [
        f"{a} → {b}",
        "",
        "~ vnets.hub  region  westeurope → northeurope",
        "",
        "1 changed; findings: none new, none gone",
    ]
    assert run("diff", a, b, "--format", "markdown").status == 1


def test_the_json_names_both_and_says_where_findings_are(tmp_path: Path) -> None:
    a = written(tmp_path, CLEAN.replace("westeurope", "nowhere"), "a.toml")
    b = written(tmp_path, "\n\n" + CLEAN.replace('"prod"', '"prodd"'), "b.toml")
    ran = run("diff", a, b, "--format", "json")
    assert ran.status == 1
    assert (ran.json["before"], ran.json["after"], ran.json["same"]) == (a, b, False)
    found = ran.json["findings"]
    assert [(one["code"], one["line"], one["column"]) for one in found["gone"]] == [("REG001", 5, 1)]
    assert [(one["code"], one["line"]) for one in found["new"] if one["code"] == "REF001"] == [("REF001", 7)]
    assert run("check", b, "--format", "json").json["findings"][0] in found["new"]


def test_samples_and_the_standard_input_can_be_compared(tmp_path: Path) -> None:
    sample = next(iter(samples()))
    assert run("diff", sample, "-", stdin=samples()[sample].read_bytes()).status == 0
    assert run("diff", "-", written(tmp_path, OTHER), stdin=CLEAN.encode()).status == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff"], "A"),
        (["diff", "plan.toml"], "nothing to compare"),
        (["diff", "-", "-"], "only once"),
        (["diff", "plan.toml", "-", "-"], "only once"),
        (["diff", "plan.toml", "plan.toml", "plan.toml"], "among several sources"),
        (["diff", "plan.toml", "missing.toml"], "missing.toml"),
        (["diff", "broken.toml", "plan.toml"], "broken.toml:2:"),
        (["diff", "plan.toml", "broken.toml", "--format", "json"], "broken.toml:2:"),
        (["diff", "plan.toml", "plan.toml", "--format", "yaml"], "yaml"),
        (["diff", "plan.toml", "plan.toml", "--git", "HEAD"], "one file"),
        (["diff", "--git", "HEAD", "-"], "standard input"),
        (["diff", "--git", "", "plan.toml"], "empty"),
        (["diff", "--git", "--help", "plan.toml"], "--git"),
        (["diff", "--git=--output=x", "plan.toml"], "no revision"),
        (["diff", "--git=-", "plan.toml"], "no revision"),
    ],
)
def test_what_cannot_be_compared_is_exit_status_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    written(tmp_path, CLEAN)
    written(tmp_path, "schema = 1\nname = 5\n", "broken.toml")
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert not (tmp_path / "x").exists()


def test_an_output_that_knows_ascii_alone_gets_escapes(tmp_path: Path) -> None:
    a, b = written(tmp_path, CLEAN, "a.toml"), written(tmp_path, OTHER, "b.toml")
    done = process("diff", a, b, folder=tmp_path, environment={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"westeurope \\u2192 northeurope" in done.stdout


# git


def git(folder: Path, *arguments: str) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    identity = {f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ("git", "-C", str(folder), "-c", "init.defaultBranch=main", *arguments)
    done = subprocess.run(command, env={**own, **identity, **alone}, check=True, capture_output=True, timeout=30)
    return done.stdout.decode().strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "a repository"
    (folder / "plans").mkdir(parents=True)
    git(folder, "init", "-q")
    commit(folder, "nothing yet")
    written(folder / "plans", CLEAN)
    commit(folder, "first")
    git(folder, "tag", "v1")
    return folder


@needs_git
def test_a_file_is_compared_with_what_git_has_of_it(repository: Path) -> None:
    plan = str(repository / "plans" / "plan.toml")
    assert run("diff", "--git", "HEAD", plan).status == 0
    Path(plan).write_text(OTHER)
    for revision in ("HEAD", "v1", "main", git(repository, "rev-parse", "--short", "HEAD"), "HEAD^{commit}"):
        ran = run("diff", plan, "--git", revision)
        assert (ran.status, ran.err) == (1, "")
        assert f"{revision}:{plan} → {plan}" in ran.out
        assert "westeurope → northeurope" in ran.out
    commit(repository, "second")
    assert run("diff", "--git", "HEAD", plan).out == "no difference\n"
    found = run("diff", "--git", "HEAD~1", plan, "--format", "json").json
    assert [one["path"] for one in found["changed"]] == ["vnets.hub"]


@needs_git
def test_a_file_that_was_not_there_is_all_new(repository: Path) -> None:
    plan = str(repository / "plans" / "plan.toml")
    ran = run("diff", "--git", "HEAD~1", plan, "--format", "json")
    assert ran.status == 1
    assert [one["path"] for one in ran.json["added"]] == ["subscriptions.prod", "vnets.hub"]
    assert "was not there at HEAD~1" in ran.err
    untracked = written(repository, CLEAN, "untracked.toml")
    assert run("diff", "--git", "HEAD", untracked).status == 1


@needs_git
def test_a_file_that_is_gone_is_compared_with_nothing(repository: Path) -> None:
    plan = repository / "plans" / "plan.toml"
    plan.unlink()
    ran = run("diff", "--git", "HEAD", str(plan), "--format", "json")
    assert ran.status == 1
    assert [one["path"] for one in ran.json["removed"]] == ["subscriptions.prod", "vnets.hub"]
    assert "is not there any more: everything is gone" in ran.err
    ran = run("diff", "--git", "HEAD~1", str(plan))
    assert (ran.status, ran.out) == (2, "")
    assert "there is no such file" in ran.err


@needs_git
def test_a_renamed_file_is_compared_with_what_it_was_under_its_old_name(repository: Path) -> None:
    git(repository, "mv", "plans/plan.toml", "wan.toml")
    wan = repository / "wan.toml"
    wan.write_text(OTHER)
    for revision in ("HEAD", "v1"):
        ran = run("diff", "--git", revision, str(wan))
        assert ran.status == 1
        assert f"wan.toml was plans/plan.toml at {revision}" in ran.err
        assert f"{revision}:plans/plan.toml → {wan}" in ran.out
        assert "westeurope → northeurope" in ran.out
        commit(repository, "renamed and changed")


@needs_git
def test_a_file_that_git_does_not_know_may_be_compared_with_one_that_it_knows(repository: Path) -> None:
    new = written(repository, OTHER, "new.toml")
    ran = run("diff", "--git", "HEAD", new)
    assert ran.status == 1
    assert f"git show HEAD:./NAME | vnet-tui diff - {new}" in ran.err


@needs_git
def test_an_answer_of_azure_is_compared_with_its_past(repository: Path) -> None:
    def dump(*names: str) -> str:
        network = "/subscriptions/11111111-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network"
        return json.dumps([{"id": f"{network}/virtualNetworks/{name}", "name": name, "subnets": []} for name in names])

    vnets = written(repository, dump("hub", "old"), "vnets.json")
    commit(repository, "a dump")
    Path(vnets).write_text(dump("hub", "new"))
    found = run("diff", "--git", "HEAD", vnets, "--format", "json").json
    assert [one["path"] for one in found["added"]] == ["vnets.new"]
    assert [one["path"] for one in found["removed"]] == ["vnets.old"]
    Path(vnets).write_text(dump("old", "hub"))
    assert run("diff", "--git", "HEAD", vnets).status == 0


@needs_git
def test_a_range_is_told_to_be_two_revisions_and_how_to_name_where_they_parted(repository: Path) -> None:
    plan = str(repository / "plans" / "plan.toml")
    for revision, command in (
        ("main...HEAD~1", "git merge-base main HEAD~1"),
        ("main...", "git merge-base main HEAD"),
        ("..v1", "git merge-base HEAD v1"),
    ):
        assert f"--git $({command})" in run("diff", "--git", revision, plan).err


@needs_git
def test_the_folder_that_one_is_in_does_not_matter(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "plans")
    assert run("diff", "--git", "HEAD", "plan.toml").status == 0
    monkeypatch.chdir(repository)
    assert run("diff", "--git", "HEAD", "plans/plan.toml").status == 0


@needs_git
@pytest.mark.parametrize(
    "name", [":(top)plan.toml", "*.toml", "-n.toml", "ü [a] \\ x.toml", "a\nb.toml", "HEAD:x.toml"]
)
def test_any_name_of_a_file_is_only_a_name(repository: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written(repository, CLEAN, name)
    written(repository, CLEAN.replace("hub", "decoy"), "plan.toml")
    commit(repository, "a strange name")
    written(repository, OTHER, name)
    ran = run("diff", "--git", "HEAD", str(repository / name), "--format", "json")
    assert ran.status == 1
    assert [one["path"] for one in ran.json["changed"]] == ["vnets.hub"]


@needs_git
def test_a_link_is_compared_with_the_history_of_what_it_leads_to(repository: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(repository / "plans" / "plan.toml")
    assert run("diff", "--git", "HEAD", str(link)).status == 0


@needs_git
@pytest.mark.parametrize(
    "revision", ["nowhere", "HEAD~9", ":/first", "HEAD:plans", "main..HEAD", "v1 main", "a\nb", "$(id)"]
)
def test_an_unknown_revision_is_a_message(repository: Path, revision: str) -> None:
    ran = run("diff", "--git", revision, str(repository / "plans" / "plan.toml"))
    assert (ran.status, ran.out) == (2, "")
    assert "git knows no revision" in ran.err


@needs_git
def test_a_file_outside_of_every_repository_is_a_message(tmp_path: Path) -> None:
    ran = run("diff", "--git", "HEAD", written(tmp_path, CLEAN))
    assert (ran.status, ran.out) == (2, "")
    assert "is in no git repository" in ran.err


@needs_git
def test_what_was_no_topology_then_is_a_message_with_its_place(repository: Path) -> None:
    plan = repository / "plans" / "plan.toml"
    plan.write_text("schema = 1\nname = 5\n")
    commit(repository, "broken")
    plan.write_text(CLEAN)
    ran = run("diff", "--git", "HEAD", str(plan))
    assert (ran.status, ran.out) == (2, "")
    assert f"HEAD:{plan}:2:" in ran.err
    plan.unlink()
    plan.mkdir()
    written(plan, CLEAN, "inner")
    commit(repository, "a folder")
    shutil.rmtree(plan)
    plan.write_text(CLEAN)
    ran = run("diff", "--git", "HEAD", str(plan))
    assert (ran.status, ran.out) == (2, "")
    assert "was no file at HEAD" in ran.err


@needs_git
def test_what_the_environment_says_to_git_does_not_lead_it_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "GIT_WORK_TREE": str(tmp_path),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_TRACE": "1",
        "GIT_PAGER": "false",
        "GIT_LITERAL_PATHSPECS": "0",
        "LC_ALL": "de_DE.UTF-8",
        "LANGUAGE": "de",
    }.items():
        monkeypatch.setenv(name, value)
    ran = run("diff", "--git", "HEAD", str(repository / "plans" / "plan.toml"))
    assert (ran.status, ran.out, ran.err) == (0, "no difference\n", "")


def test_a_machine_without_git_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = run("diff", "--git", "HEAD", written(tmp_path, CLEAN))
    assert (ran.status, ran.out) == (2, "")
    assert "git is not installed" in ran.err


def test_a_git_that_does_not_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent))
    monkeypatch.setattr("tui.cli.revision._SECONDS", 0.2)
    ran = run("diff", "--git", "HEAD", written(tmp_path, CLEAN))
    assert (ran.status, ran.out) == (2, "")
    assert "did not answer" in ran.err
