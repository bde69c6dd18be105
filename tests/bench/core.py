"""Whole-process ratios of the core: `python -m tests.bench.core`, or `make bench`.

Each pair of commands runs in turn, A B A B …, so that a machine that slows down slows both; medians are printed.
"""

from __future__ import annotations

import datetime
import gc
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.estates import Kind, estate
from tui.checks.engine import check
from tui.storage.load import load
from tui.topology.edits import change
from tui.topology.prefix import Prefix

_RUNS = 5
_CHECK = (sys.executable, "-m", "tui", "check")
_TODAY = datetime.date(2026, 11, 23)


def main() -> None:
    """Print every figure of the core's speed and size with its limit."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {_RUNS} runs each, medians")
    with tempfile.TemporaryDirectory() as folder:
        small = _write(Path(folder), 10_000, "clean")
        tomllib = (sys.executable, "-c", f"import tomllib; tomllib.load(open({str(small)!r}, 'rb'))")
        _say("check, 10,000 VNets : tomllib.load", _ratio((*_CHECK, str(small)), tomllib), "at most 1.5")
        _say("check, 10,000 VNets, MB", _megabytes((*_CHECK, str(small))), "under 300")
        for kind in ("clean", "one-site", "each-other"):
            ten = _write(Path(folder), 10_000, kind)
            hundred = _write(Path(folder), 100_000, kind)
            ratio = _ratio((*_CHECK, str(hundred)), (*_CHECK, str(ten)), runs=3)
            _say(f"check, 100,000 : 10,000 VNets, {kind}", ratio, "at most 13")
        _say("--version : python -c pass", _ratio(_version(), (sys.executable, "-c", "pass"), runs=21), "at most 3")
        _say("one edit and all checks, 10,000 VNets, ms", _edit_and_check(small), "at most 150")


def _version() -> tuple[str, ...]:
    script = Path(sys.executable).with_name("vnet-tui")
    return (str(script), "--version") if script.exists() else (sys.executable, "-m", "tui", "--version")


def _write(folder: Path, vnets: int, kind: Kind) -> Path:
    path = folder / f"{kind}-{vnets}.toml"
    if not path.exists():
        path.write_text(estate(vnets, kind))
    return path


def _ratio(a: Sequence[str], b: Sequence[str], runs: int = _RUNS) -> float:
    _seconds(a), _seconds(b)
    return statistics.median(_seconds(a) / _seconds(b) for _ in range(runs))


def _seconds(command: Sequence[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - begin


def _megabytes(command: Sequence[str]) -> float:
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    assert isinstance(usage, resource.struct_rusage)
    return usage.ru_maxrss / 1024


def _edit_and_check(path: Path) -> float:
    """Milliseconds of an edit that makes a VNet collide, with every check after it."""
    topology = load(path).topology
    check(topology, _TODAY)
    times = []
    for number in range(7, 7 + 2 * _RUNS):
        gc.collect()
        begin = time.perf_counter()
        taken = topology.vnets["vnet-1"].address_space[0]
        topology = change(("vnets", f"vnet-{number}"), address_space=(Prefix(*taken),)).apply(topology)
        check(topology, _TODAY)
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def _say(what: str, figure: float, limit: str) -> None:
    print(f"{what:55} {figure:8.2f}   ({limit})")


if __name__ == "__main__":
    main()
