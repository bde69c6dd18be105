"""What a command without a screen imports: what it uses, and nothing more."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PLAN = """\
schema = 1
[subscriptions.prod]
[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.64.0.0/16"]
[vnets.hub.subnets]
GatewaySubnet = "10.64.0.0/27"
[vnets.hub.gateway]
sku = "VpnGw1AZ"
[sites.office]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.10"
[connections.c]
between = ["hub", "office"]
"""

NEVER = {"textual", "rich", "netaddr", "asyncio", "tomli_w", "difflib", "tui.app", "tui.exchange", "tui.planner"}
NO_FILE = {*NEVER, "tomledit", "tui.storage.load", "tui.storage.files"}
NO_SCREEN = {"textual", "rich", "netaddr", "tui.app.app"}
COMMANDS = {
    "check plan.toml": NEVER,
    "check plan.toml --format json --strict --against plan.toml": NEVER,
    "check -": NEVER,
    "show plan.toml": NEVER,
    "show plan.toml gateways --format json": NEVER,
    "reach plan.toml hub office": {*NEVER, "tomllib", "tui.checks"},
    "reach plan.toml 10.64.0.1": {*NEVER, "tomllib", "tui.checks"},
    "find plan.toml 10.64.0.1": {*NEVER, "tomllib", "tui.checks"},
    "find plan.toml hub": {*NEVER, "tomllib", "tui.checks"},
    "rules": {*NO_FILE, "tomllib"},
    "rules ADR001": {*NO_FILE, "tomllib"},
    "keys": NO_SCREEN,
    "settings": NO_SCREEN,
    "schema": {*NO_FILE, "tomllib", "tui.checks", "tui.connectivity"},
    "--help": {*NO_FILE, "pydantic", "tomllib", "tui.checks", "tui.connectivity", "tui.storage"},
    "--version": {*NO_FILE, "argparse", "pydantic", "tomllib", "tui.checks", "tui.connectivity", "tui.storage"},
}

PRINT_MODULES = """
import sys
from tui.cli import main
status = main(sys.argv[1:])
print(status, *sys.modules, sep="\\n", file=sys.stderr)
"""


def imported(code: str, *arguments: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}){code}", *arguments],
        cwd=folder,
        input=PLAN,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.split()


def present(modules: list[str], unwanted: set[str]) -> set[str]:
    return {module for module in modules for name in unwanted if module == name or module.startswith(f"{name}.")}


@pytest.mark.parametrize(("command", "unwanted"), COMMANDS.items(), ids=COMMANDS)
def test_a_command_without_a_screen_imports_what_it_uses(tmp_path: Path, command: str, unwanted: set[str]) -> None:
    (tmp_path / "plan.toml").write_text(PLAN)
    status, *modules = imported(PRINT_MODULES, *command.split(), folder=tmp_path)
    assert status == "0"
    assert "tui.cli" in modules
    assert present(modules, unwanted) == set()


@pytest.mark.parametrize(
    ("package", "unwanted"),
    [
        ("topology.edits", {*NO_FILE, "tui.cli", "tui.storage", "tui.checks", "tui.connectivity", "tui.paths"}),
        ("connectivity.collisions", {*NO_FILE, "tui.cli", "tui.storage", "tui.checks", "tui.paths"}),
        ("checks.engine", {*NO_FILE, "tui.cli", "tui.storage", "tui.paths"}),
        ("storage.save", {*NEVER - {"tomli_w", "difflib"}, "tui.cli", "tui.checks", "tui.connectivity"}),
    ],
)
def test_a_package_imports_what_lies_below_it(tmp_path: Path, package: str, unwanted: set[str]) -> None:
    code = f"; import tui.{package}; print(*sys.modules, sep='\\n', file=sys.stderr)"
    modules = imported(code, folder=tmp_path)
    assert f"tui.{package}" in modules
    assert present(modules, unwanted) == set()


def test_the_package_itself_imports_nothing(tmp_path: Path) -> None:
    code = "; before = set(sys.modules); import tui; print(*(set(sys.modules) - before), file=sys.stderr)"
    assert imported(code, folder=tmp_path) == ["tui"]


DOORS = {
    "os",
    "io",
    "pathlib",
    "subprocess",
    "socket",
    "shutil",
    "tempfile",
    "sys",
    "tomllib",
    "importlib",
    "tui.paths",
}


def test_the_pure_packages_do_no_input_or_output() -> None:
    """By the names that they use; the catalogue alone reads the data that lies beside it."""
    for package in ("topology", "connectivity", "checks"):
        for path in sorted((ROOT / "tui" / package).glob("**/*.py")):
            if path.name == "catalog.py":
                continue
            nodes = list(ast.walk(ast.parse(path.read_text())))
            names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
            names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
            called = {node.func for node in nodes if isinstance(node, ast.Call)}
            words = {function.id for function in called if isinstance(function, ast.Name)}
            assert not (names | {name.split(".")[0] for name in names}) & DOORS, path
            assert not words & {"open", "print", "input", "exec", "eval"}, path
