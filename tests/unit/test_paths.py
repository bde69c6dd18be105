"""The person's folders, the shipped data, and what a FILE argument stands for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tui import paths
from tui.errors import FileError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two samples, and the working folder beside it."""
    data = tmp_path / "checkout" / "sample_topologies"
    data.mkdir(parents=True)
    for name in ("ring.toml", "hub.toml", "notes.md"):
        (data / name).write_text("")
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "checkout" / "tui")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "checkout"


def test_without_xdg_variables_the_folders_lie_under_home(home: Path) -> None:
    assert paths.config_folder() == home / ".config" / "vnet-tui"
    assert paths.state_folder() == home / ".local" / "state" / "vnet-tui"


def test_xdg_variables_win(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/somewhere")
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")
    assert paths.config_folder() == Path("/etc/somewhere/vnet-tui")
    assert paths.state_folder() == Path("/var/state/vnet-tui")


@pytest.mark.parametrize("value", ["", "relative/folder", "./x", "~/config"])
def test_relative_xdg_variables_are_ignored(home: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", value)
    assert paths.config_folder() == home / ".config" / "vnet-tui"


def test_no_absolute_home_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "relative")
    with pytest.raises(FileError) as caught:
        paths.state_folder()
    assert "XDG_STATE_HOME" in caught.value.hint


def test_shipped_data_lies_beside_the_package_in_this_checkout() -> None:
    top = Path(__file__).resolve().parents[2]
    assert paths.shipped("themes") == top / "themes"
    assert paths.shipped("sample_topologies") == top / "sample_topologies"


def test_shipped_data_lies_inside_the_package_in_a_wheel(checkout: Path) -> None:
    inside = checkout / "tui" / "sample_topologies"
    inside.mkdir(parents=True)
    assert paths.shipped("sample_topologies") == inside
    assert paths.shipped("themes") == checkout / "themes"


def test_samples_are_the_toml_files_by_name(checkout: Path) -> None:
    data = checkout / "sample_topologies"
    assert list(paths.samples().items()) == [("hub", data / "hub.toml"), ("ring", data / "ring.toml")]


def test_without_shipped_data_there_are_no_samples(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", checkout / "elsewhere" / "tui")
    assert paths.samples() == {}


@pytest.mark.parametrize("argument", ["hub", "hub.toml"])
def test_a_sample_is_found_by_name(checkout: Path, argument: str) -> None:
    assert paths.resolve_topology(argument) == checkout / "sample_topologies" / "hub.toml"


def test_an_existing_path_wins_over_a_sample(checkout: Path) -> None:
    Path("hub").write_text("mine")
    assert paths.resolve_topology("hub") == Path("hub")
    Path("ring.toml").symlink_to("gone")
    assert paths.resolve_topology("ring.toml") == Path("ring.toml")


@pytest.mark.parametrize(
    "argument", ["", "-", "new.toml", "./hub", "x" * 5000, "nul\0byte", "../sample_topologies/hub", "notes.md"]
)
def test_anything_else_is_the_path_as_typed(checkout: Path, argument: str) -> None:
    assert paths.resolve_topology(argument) == Path(argument)


def test_importing_paths_loads_nothing_heavy() -> None:
    code = "import sys, tui.paths; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"pydantic", "tomledit", "netaddr", "textual", "tempfile"} & set(loaded.split())
