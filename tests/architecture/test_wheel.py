"""The wheel: what it holds, and that it works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=CLEAN)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    done = run(*command, folder=folder)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_samples_and_themes_travel_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for kind in ("sample_topologies", "themes"):
        for path in (ROOT / kind).glob("*.toml"):
            assert f"tui/{kind}/{path.name}" in names
    for path in (ROOT / "tui").glob("**/*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert str(path.relative_to(ROOT)) in names
    assert not [name for name in names if name.startswith("tests")]


def test_an_installed_wheel_checks_a_sample_by_its_name(wheel: Path, tmp_path: Path) -> None:
    """In a fresh environment that sees the dependencies of this one, but not the checkout."""
    environment, empty = tmp_path / "environment", tmp_path / "empty"
    empty.mkdir()
    venv.create(environment, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)}))
    done = run(
        sys.executable, "-m", "pip", "--quiet", "--python", environment / "bin" / "python",
        "install", "--no-deps", "--no-index", wheel, folder=empty,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # A line of a .pth file is a folder to look in; .pth files in that folder, the checkout's own, are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    script = environment / "bin" / "vnet-tui"

    done = run(script, "check", "hub-and-spoke", folder=empty)
    assert done.returncode == 0, done.stderr
    assert "hub-and-spoke: 0 errors" in done.stdout
    assert run(script, "--version", folder=empty).stdout.startswith("vnet-tui ")

    where = (
        "import tui.paths; print(tui.__file__, tui.paths.shipped('themes'), *tui.paths.samples().values(), sep='\\n')"
    )
    done = run(environment / "bin" / "python", "-c", where, folder=empty)
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert {path.stem for path in paths[2:]} == {path.stem for path in (ROOT / "sample_topologies").glob("*.toml")}
    assert all(path.is_relative_to(packages) for path in paths), done.stdout + done.stderr
