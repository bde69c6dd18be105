"""`themes`: the list, where each theme comes from, what is wrong, and that no screen is needed for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli import process, run
from tui.paths import shipped

DARK = (shipped("themes") / "dark.toml").read_text()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the person's own themes, empty."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "vnet-tui" / "themes"
    folder.mkdir(parents=True)
    return folder


def test_the_shipped_themes_are_listed(own: Path) -> None:
    ran = run("themes")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].split() == ["NAME", "LOOK", "FROM", "DESCRIPTION"]
    rows = {line.split()[0]: line for line in lines[1:]}
    assert set(rows) >= {"colour-blind-safe", "dark", "high-contrast", "light", "mono", "terminal"}
    assert rows["light"].split()[1:3] == ["light", "vnet-tui"]
    assert "the terminal's" in rows["mono"]
    assert "NO_COLOR" in rows["mono"]


def test_ones_own_say_where_they_are_and_what_they_replace(own: Path) -> None:
    (own / "dark.toml").write_text(DARK)
    (own / "dusk.toml").write_text(DARK.replace("Light text", "\\u001b[31mLight\\u202e"))
    ran = run("themes")
    assert (ran.status, ran.err) == (0, "")
    rows = {line.split()[0]: line for line in ran.out.splitlines()}
    assert f"{own / 'dark.toml'}, instead of the shipped one  " in rows["dark"]
    assert f"{own / 'dusk.toml'}  " in rows["dusk"]


def test_a_broken_theme_is_named_with_its_place(own: Path) -> None:
    (own / "dusk.toml").write_text(DARK.replace("accent ", "acent "))
    ran = run("themes")
    assert ran.status == 1
    assert "dusk" not in ran.out
    assert ran.err.splitlines() == [
        f"{own / 'dusk.toml'}:1:1: the theme lacks the key accent",
        f"{own / 'dusk.toml'}:7:1: no theme has a key acent; did you mean accent?",
    ]


def test_the_json_contract(own: Path) -> None:
    (own / "dusk.toml").write_text('author = "Ada"\n' + DARK)
    (own / "worse.toml").write_text(DARK.replace("dark = true", "dark = 1"))
    ran = run("themes", "--format", "json")
    assert (ran.status, ran.err) == (1, "")
    themes = {theme["name"]: theme for theme in ran.json["themes"]}
    assert themes["dusk"] == {
        "name": "dusk",
        "dark": True,
        "ansi": False,
        "description": "Light text on dark grey, blue accents",
        "author": "Ada",
        "file": str(own / "dusk.toml"),
        "shipped": False,
        "replaces_shipped": False,
    }
    assert themes["mono"]["shipped"]
    assert ran.json["problems"] == [
        {
            "file": str(own / "worse.toml"),
            "line": 3,
            "column": 1,
            "key": "dark",
            "found": "1",
            "allowed": "true or false",
            "nearest": None,
            "message": "dark is 1; allowed is true or false",
        }
    ]


def test_it_takes_no_file(own: Path) -> None:
    ran = run("themes", "plan.toml")
    assert (ran.status, ran.out) == (2, "")
    assert "plan.toml" in ran.err


def test_it_runs_without_a_screen(tmp_path: Path) -> None:
    code = "import sys; from tui.cli import main; main(['themes']); print(*sorted(sys.modules))"
    environment = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(shipped("themes").parent)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30, env=environment
    )
    loaded = ran.stdout.splitlines()[-1].split()
    assert not [name for name in loaded if name.split(".")[0] in ("textual", "rich")]


def test_it_ends_well_in_a_process_of_its_own(tmp_path: Path) -> None:
    ran = process("themes", folder=tmp_path, environment={"HOME": str(tmp_path), "XDG_CONFIG_HOME": ""})
    assert (ran.returncode, ran.stderr) == (0, b"")
