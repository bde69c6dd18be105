"""`settings`: a complete file to paste, what is in force and why, and what is wrong with one's own."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.unit.cli import process, run
from tui.app.keys import MOVEMENTS, NEEDED, shown
from tui.storage.settings import Settings, known_settings, read_settings

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "settings.md").read_text()

FULL = """\
theme = "light"
mouse = "off"
ascii = true
editor = "code --wait"
[keys]
save = ["f2", "ctrl+w"]
fix = "f3"
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's config.toml, which is not there yet; nothing in the environment."""
    for variable in ("VNET_TUI_THEME", "SSH_CONNECTION", "SSH_TTY", "VISUAL", "EDITOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "vnet-tui" / "config.toml"
    path.parent.mkdir()
    return path


def plain(text: str) -> str:
    """The words of the comments in `text`."""
    return " ".join(re.sub("^#", "", text, flags=re.MULTILINE).split())


def test_every_setting_is_printed_with_its_documentation_and_default(own: Path) -> None:
    ran = run("settings")
    assert (ran.status, ran.err) == (0, "")
    for setting in known_settings():
        assert f"{setting.help} Allowed: {setting.allowed}. Default: {setting.default}." in plain(ran.out)
        line = "#[keys]" if setting.key == "keys" else f"#{setting.key} = {setting.default}"
        assert line in ran.out.splitlines()
    assert max(map(len, ran.out.splitlines())) < 100


def test_what_is_printed_without_a_file_changes_nothing_when_it_is_pasted(own: Path) -> None:
    own.write_text(run("settings").out)
    settings, problems = read_settings()
    assert (settings, problems) == (Settings(), ())


def test_its_examples_and_defaults_are_valid_without_the_comment_sign(own: Path) -> None:
    own.write_text(re.sub(r"^#(?=[\w\[])", "", run("settings").out, flags=re.MULTILINE))
    settings, problems = read_settings()
    assert problems == ()
    assert settings.model_fields_set == set(Settings.model_fields)
    assert settings.theme == Settings().theme


@pytest.mark.parametrize("text", [FULL, 'editor = "\\u202e \\u0007"\n[keys]\nsave = "f2"', "ascii = false"])
def test_what_is_printed_says_what_ones_own_file_says(own: Path, text: str) -> None:
    own.write_text(text)
    printed = run("settings").out
    before = read_settings()
    own.write_text(printed)
    after = read_settings()
    for key in Settings.model_fields:
        assert getattr(after[0], key) == getattr(before[0], key)
    assert after[0].model_fields_set - {"keys"} == before[0].model_fields_set - {"keys"}
    assert run("settings").out == printed


def test_what_is_wrong_is_told_with_its_place(own: Path) -> None:
    own.write_text('theme = "lihgt"\nmouse = "click"\n[keys]\nsave = "tab"\n')
    ran = run("settings")
    assert ran.status == 1
    assert ran.err.splitlines() == [
        f'{own}:2:1: mouse is "click"; allowed is "auto", "off", "clicks" or "full"; did you mean "clicks"?',
        'there is no theme "lihgt" (config.toml names it); did you mean light?',
        f"{own}:4:1: save cannot have tab, which {NEEDED['tab']}",
    ]


def test_the_json_contract(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own.write_text('theme = "light"\nascii = true\n[keys]\nsave = "f2"\nfix = []\n')
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    monkeypatch.setenv("VNET_TUI_THEME", "mono")
    ran = run("settings", "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    assert set(ran.json) == {"file", "settings", "problems"}
    assert (ran.json["file"], ran.json["problems"]) == (str(own), [])
    help_of = {setting.key: setting for setting in known_settings()}
    expected = [
        ("theme", "mono", "environment", "VNET_TUI_THEME", "auto"),
        ("mouse", "clicks", "environment", "SSH_TTY is set", "auto"),
        ("ascii", True, "file", "config.toml", False),
        ("editor", "vi", "default", "default", "auto"),
        ("keys", {"save": ["f2"], "fix": []}, "file", "config.toml", {}),
    ]
    assert ran.json["settings"] == [
        {
            "key": key,
            "value": value,
            "from": source,
            "because": why,
            "default": default,
            "allowed": help_of[key].allowed,
            "help": help_of[key].help,
        }
        for key, value, source, why, default in expected
    ]


def test_problems_are_in_the_json(own: Path) -> None:
    own.write_text("theme = 3")
    ran = run("settings", "--format", "json")
    assert (ran.status, ran.err) == (1, "")
    [problem] = ran.json["problems"]
    assert problem.startswith(f"{own}:1:1: theme is 3; ")


def test_a_person_without_a_home_has_no_file(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "")
    monkeypatch.setenv("HOME", "nowhere")
    assert run("settings", "--format", "json").json["file"] is None


def test_it_takes_no_file(own: Path) -> None:
    ran = run("settings", "plan.toml")
    assert (ran.status, ran.out) == (2, "")


def test_it_ends_well_in_a_process_of_its_own(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "", "VNET_TUI_THEME": ""}
    ran = process("settings", folder=tmp_path, environment=environment)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("mode", ["off", "clicks", "full"])
def test_the_editor_takes_the_mouse_as_an_option(mode: str) -> None:
    assert "needs a terminal" in run("edit", "--mouse", mode).err
    assert "needs a terminal" in run("--mouse", mode).err


def test_an_unknown_mouse_is_refused() -> None:
    ran = run("edit", "--mouse", "hover")
    assert (ran.status, ran.out) == (2, "")
    assert "'off', 'clicks', 'full'" in ran.err


# What docs/settings.md says of keys.


def test_the_documentation_has_every_key_that_moves_and_every_key_that_is_needed() -> None:
    for movement in MOVEMENTS:
        keys = ", ".join(f"`{shown(key)}`" for key in movement.keys)
        assert f"| `{movement.id}` | {keys} | {movement.help} |" in DOCUMENT
    for key, what in NEEDED.items():
        assert f"| `{shown(key)}` | {what} |" in DOCUMENT
    assert DOCUMENT.count("\n| `") == len(MOVEMENTS) + len(NEEDED)


def test_the_example_of_the_documentation_has_no_problem(own: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    own.write_text(example)
    assert set(tomllib.loads(example)["keys"]) == {"save", "undo", "suspend"}
    ran = run("keys")
    assert (ran.status, ran.err) == (0, "")
