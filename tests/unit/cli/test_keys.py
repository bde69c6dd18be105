"""`keys`: the table as TOML that can be pasted, as JSON, and what is wrong with one's own keys."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.unit.cli import process, run
from tui.app.keys import MOVEMENTS, entries, resolve, shown
from tui.storage.settings import read_settings

REMAPPED = """\
[keys]
save = ["f2", "ctrl+w"]
undo = []
filter = "ctrl+/"
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's config.toml, which is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "vnet-tui" / "config.toml"
    path.parent.mkdir()
    return path


def test_every_command_and_movement_is_printed_with_its_keys_and_what_it_does(own: Path) -> None:
    ran = run("keys")
    assert (ran.status, ran.err) == (0, "")
    table = tomllib.loads(ran.out)["keys"]
    assert set(table) == set(entries())
    lines = ran.out.splitlines()
    for name, entry in entries().items():
        keys = [shown(key) for key in entry.keys]
        assert table[name] == (keys[0] if len(keys) == 1 else keys)
        [at] = [number for number, line in enumerate(lines) if line.startswith(f"{name} = ")]
        assert lines[at - 1] == f"# {entry.title}: {entry.help}"


def test_keys_are_written_as_people_write_them(own: Path) -> None:
    table = tomllib.loads(run("keys").out)["keys"]
    assert (table["filter"], table["help"], table["last"]) == ("/", "?", ["end", "G"])


def test_ones_own_keys_are_printed_with_the_default_beside_them(own: Path) -> None:
    own.write_text(REMAPPED)
    ran = run("keys")
    assert (ran.status, ran.err) == (0, "")
    table = tomllib.loads(ran.out)["keys"]
    assert (table["save"], table["undo"], table["filter"]) == (["f2", "ctrl+w"], [], "ctrl+/")
    assert '(by default "ctrl+s")\nsave = ["f2", "ctrl+w"]\n' in ran.out


@pytest.mark.parametrize("before", ["", REMAPPED, '[keys]\nsave = "u"\nundo = ["\\"", "\\\\", "é"]\n'])
def test_what_is_printed_can_be_pasted(own: Path, before: str) -> None:
    own.write_text(before)
    ran = run("keys")
    wanted = resolve(read_settings()[0].keys)
    own.write_text(ran.out)
    again = run("keys")
    assert (again.status, again.err, again.out) == (0, "", ran.out)
    assert dict(resolve(read_settings()[0].keys).keys) == dict(wanted.keys)


def test_clashes_and_mistakes_are_told_with_their_place(own: Path) -> None:
    own.write_text('mouse = "clicks"\n[keys]\nsave = "u"\nsav = "f2"\nfix = 5\nredo = "\\u001b"\n')
    ran = run("keys")
    assert ran.status == 1
    assert ran.err.splitlines() == [
        f'{own}:5:1: keys.fix is 5; allowed is a key in quotes, such as "ctrl+s", or a list of keys',
        f'{own}:4:1: there is no command "sav"; did you mean save?',
        f'{own}:6:1: redo: there is no key "\\u001b"; keys are written "a", "A", "/", "space", "f2" or "ctrl+s"',
        f"{own}:3:1: save is given the key u, which undo has by default: undo has no key any more",
    ]
    assert tomllib.loads(ran.out)["keys"]["undo"] == []


def test_the_json_contract(own: Path) -> None:
    own.write_text('[keys]\nfilter = ["slash", "u"]\n')
    ran = run("keys", "--format", "json")
    assert (ran.status, ran.err) == (1, "")
    assert set(ran.json) == {"keys", "problems"}
    documents = {document["id"]: document for document in ran.json["keys"]}
    assert list(documents) == list(entries())
    entry = entries()["filter"]
    assert documents["filter"] == {
        "id": "filter",
        "kind": "command",
        "title": entry.title,
        "help": entry.help,
        "keys": ["/", "u"],
        "default": ["/"],
        "textual_keys": ["slash", "u"],
    }
    assert {name for name, document in documents.items() if document["kind"] == "movement"} == {
        movement.id for movement in MOVEMENTS
    }
    assert ran.json["problems"] == [
        f"{own}:2:1: filter is given the key u, which undo has by default: undo has no key any more"
    ]


def test_it_takes_no_file(own: Path) -> None:
    ran = run("keys", "plan.toml")
    assert (ran.status, ran.out) == (2, "")
    assert "plan.toml" in ran.err


def test_it_ends_well_in_a_process_of_its_own(tmp_path: Path) -> None:
    for environment in ({"HOME": str(tmp_path), "XDG_CONFIG_HOME": ""}, {"HOME": "nowhere", "XDG_CONFIG_HOME": ""}):
        ran = process("keys", folder=tmp_path, environment=environment)
        assert (ran.returncode, ran.stderr) == (0, b"")
