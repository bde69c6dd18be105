"""The grammar of the command line: what is refused, with which words, and where they go."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from tests.unit.cli import CLEAN, process, run, written
from tui import __version__
from tui.cli import show
from tui.cli.arguments import COMMANDS, FORMATS, SECTIONS
from tui.cli.arguments import STRATEGIES as SUGGEST_STRATEGIES
from tui.exchange.recognition import Format
from tui.planner.placement import STRATEGIES


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nope"], "--nope"),
        (["check"], "FILE"),
        (["check", "plan.toml", "--nope"], "--nope"),
        (["check", "plan.toml", "--format", "yaml"], "'yaml'"),
        (["check", "plan.toml", "--format"], "--format"),
        (["check", "plan.toml", "--against"], "--against"),
        (["check", "plan.toml", "--strct"], "--strct"),
        (["check", "plan.toml", "--str"], "--str"),
        (["show"], "FILE"),
        (["show", "plan.toml", "vnets", "more"], "more"),
        (["reach", "plan.toml"], "A"),
        (["reach", "plan.toml", "a", "b", "c"], "c"),
        (["find", "plan.toml"], "WHAT"),
        (["rules", "ADR001", "ADR002"], "ADR002"),
        (["schema", "plan.toml"], "plan.toml"),
        (["plan.toml", "--format", "json"], "--format"),
    ],
)
def test_wrong_arguments_are_named_on_stderr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    written(tmp_path, CLEAN)
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert "--help" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        [""],
        ["check", ""],
        ["check", "plan.toml", ""],
        ["check", "plan.toml", "--against", ""],
        ["show", ""],
        ["show", "plan.toml", ""],
        ["reach", "plan.toml", ""],
        ["reach", "plan.toml", "hub", ""],
        ["find", "plan.toml", ""],
        ["rules", ""],
    ],
)
def test_empty_arguments_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    written(tmp_path, CLEAN)
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err


@pytest.mark.parametrize(
    ("word", "meant"),
    [("chekc", "check"), ("shwo", "show"), ("Check", "check"), ("rule", "rules"), ("schem", "schema")],
)
def test_a_misspelt_command_offers_the_nearest(tmp_path: Path, word: str, meant: str) -> None:
    for arguments in ([word], [word, "plan.toml"], [word, "--format", "json"]):
        ran = run(*arguments)
        said = f"there is no command and no file {word}\ndid you mean vnet-tui {meant}?\n"
        assert (ran.status, ran.out, ran.err) == (2, "", said)


def test_an_unknown_command_lists_the_commands() -> None:
    ran = run("frobnicate", "plan.toml")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"there is no command and no file frobnicate\nthe commands are {', '.join(COMMANDS)}\n"


def test_a_file_called_almost_like_a_command_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, CLEAN, "chekc")
    monkeypatch.chdir(tmp_path)
    assert "no command" not in run("chekc").err


@pytest.mark.parametrize("arguments", [[], ["plan.toml"], ["edit"], ["edit", "plan.toml"], ["hub-and-spoke"]])
def test_the_editor_needs_a_terminal_and_says_so(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "needs a terminal" in ran.err


def test_version() -> None:
    for arguments in (["--version"], ["--version", "x"]):
        ran = run(*arguments)
        assert (ran.status, ran.out, ran.err) == (0, f"vnet-tui {__version__}\n", "")


def test_help_names_every_command_and_every_option_of_each() -> None:
    out = run("--help").out
    assert all(command in out for command in COMMANDS)
    assert run("-h").out == out
    for command in COMMANDS:
        ran = run(command, "--help")
        assert (ran.status, ran.err) == (0, "")
        assert f"usage: vnet-tui {command}" in ran.out
    assert all(option in run("check", "--help").out for option in ("--strict", "--against", "--verbose", "--format"))


def test_the_words_that_options_take_are_those_that_the_commands_know() -> None:
    # They are written down twice: the grammar imports no command, so that each starts with what it uses alone.
    assert set(FORMATS) == {*get_args(Format)} - {"vnet-tui"}, (
        "a topology is told by its words, and has no other format"
    )
    assert SUGGEST_STRATEGIES == STRATEGIES
    assert tuple(show._SECTIONS) == SECTIONS


def test_options_may_stand_anywhere_after_the_command(tmp_path: Path) -> None:
    path = written(tmp_path, CLEAN)
    outs = {run("check", *order).out for order in (["--format=json", path], [path, "--format", "json"])}
    assert len(outs) == 1


def test_a_file_name_that_begins_with_a_dash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, CLEAN, "-x.toml")
    monkeypatch.chdir(tmp_path)
    assert run("check", "--", "-x.toml").status == 0
    assert run("check", "./-x.toml").status == 0


def test_an_interrupt_ends_without_a_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.cli.schema.run", interrupt)
    ran = run("schema")
    assert (ran.status, ran.out, ran.err) == (130, "", "")


def test_the_script_and_the_module_end_with_the_status(tmp_path: Path) -> None:
    written(tmp_path, CLEAN.replace('"prod"', '"prodd"'))
    assert process("check", "plan.toml", folder=tmp_path).returncode == 1
    written(tmp_path, CLEAN, "clean.toml")
    assert (
        process("show", "clean.toml", folder=tmp_path).stdout.decode() == run("show", str(tmp_path / "clean.toml")).out
    )
    code = "from tui.cli import process; process()"
    done = subprocess.run([sys.executable, "-c", code, "check", "none.toml"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 2
