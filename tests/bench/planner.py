"""The planner's speed: `python -m tests.bench.planner`, or `make bench`.

Ratios are taken in one run, the two sides in turn. The collector rests, as it does on the command line.
"""

from __future__ import annotations

import compileall
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from netaddr import IPNetwork, IPSet

import tui
from tests.bench.estates import estate
from tests.ui.pty import Terminal
from tui.planner.batch.placing import Wanted, place
from tui.planner.free_space import FreeSpace
from tui.planner.holdings import free, used
from tui.planner.placement import placed, spaces
from tui.planner.pools import sources
from tui.planner.renumber.proposal import renumbering
from tui.topology.edits import connect
from tui.topology.model import Topology, VNet
from tui.topology.prefix import Prefix
from tui.topology.table import Table

_RUNS = 7
_CALLS = 1000
_TEN = Prefix(4, 10 << 24, 8)


def main() -> None:
    """Print every figure with its limit."""
    compileall.compile_dir(tui.__path__[0], quiet=2)  # as an installed program is
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {_RUNS} runs each, medians")
    gc.disable()
    _next_block()
    _first_call()
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.toml"
        large.write_text(estate(10_000))
        _stream(large)
        _batches()
        _typed(large, folder)
    _renumbering()


def _next_block() -> None:
    """The next /24 among 5,000 used prefixes, of each hundred the first half full and then every other /25."""
    taken = [Prefix(4, _TEN.first + (number << 8), 24 if number % 100 < 50 else 25) for number in range(5_000)]
    topology = _topology(taken)
    free(topology).gaps(_TEN)
    _next(topology)  # what is derived once is derived
    networks, pool = [IPNetwork(str(prefix)) for prefix in taken], IPSet([str(_TEN)])

    def theirs() -> Prefix:
        left = pool - IPSet(networks)
        return Prefix.parse(f"{next(iter(one for one in left.iter_cidrs() if one.prefixlen <= 24)).ip}/24")

    assert _next(topology) == theirs()

    def ours() -> None:
        for _ in range(_CALLS):
            _next(topology)

    ratio = statistics.median(_seconds(theirs) / (_seconds(ours) / _CALLS) for _ in range(_RUNS))
    _say("netaddr IPSet : next /24, 5,000 used", ratio, "at least 1,000")


def _next(topology: Topology) -> Prefix | None:
    known = spaces(free(topology), sources(topology), 24)
    found = next(placed(known, 24, "in-order"), None)
    return found.block if found is not None else None


def _first_call() -> None:
    places = [_TEN.first + number * 128 for number in range(100_000)]
    random.Random(4).shuffle(places)
    topology = _topology([Prefix(4, place, 26) for place in places])
    intervals = [(place, place + 63) for place in places]

    def derive() -> None:
        next(FreeSpace(used.__wrapped__(topology)).gaps(_TEN).in_order(8))  # type: ignore[attr-defined]

    ratio = statistics.median(_seconds(derive) / _seconds(lambda: sorted(intervals)) for _ in range(_RUNS))
    _say("free space of 100,000 prefixes : sorting them", ratio, "at most 3")


def _stream(path: Path) -> None:
    command = [sys.executable, "-m", "tui", "suggest", str(path), "--size", "/28", "--pool", "10.0.0.0/8"]
    every, one = [*command, "--all"], [*command, "--count", "1"]
    _first_line(every), _first_line(one)
    ratio = statistics.median(_first_line(every) / _first_line(one) for _ in range(_RUNS))
    _say("suggest --all : --count 1, first line out", ratio, "at most 1.2")


def _first_line(command: list[str]) -> float:
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        taken = time.perf_counter() - begin
        process.kill()
    return taken


def _batches() -> None:
    rest = random.Random(5)
    taken = [Prefix(4, _TEN.first + number * 1024, rest.randint(23, 26)) for number in range(10_000)]
    some, many = _wanted(1_000), _wanted(10_000)
    pairs = [(_seconds(lambda: _placed(taken, some)), _seconds(lambda: _placed(taken, many))) for _ in range(_RUNS)]
    _say("a batch of 1,000, 10,000 used, s", statistics.median(one for one, _ in pairs), "at most 1")
    _say("a batch of 10,000 : 1,000", statistics.median(ten / one for one, ten in pairs), "at most 13")


def _wanted(number: int) -> list[Wanted[str]]:
    rest = random.Random(6)
    return [Wanted(f"vnet-{place}", rest.randint(22, 28), (_TEN,)) for place in range(number)]


def _placed(taken: list[Prefix], wanted: list[Wanted[str]]) -> None:
    assert isinstance(place(FreeSpace(taken), wanted), dict)


def _typed(path: Path, folder: str) -> None:
    os.environ |= {"XDG_STATE_HOME": f"{folder}/state", "XDG_CONFIG_HOME": f"{folder}/config"}
    with Terminal((sys.executable, "-m", "tui", str(path)), 80, 24) as terminal:
        terminal.wait_for("nothing wrong", 60)
        terminal.settle(0.5, 30)
        terminal.press("s", "ctrl+u", quiet=0.5)
        steps = [terminal.press(key, quiet=0.3) for key in [*"/22 westeurope"]]
        sizes = [len(step.sent) for step in steps]
        milliseconds = [step.seconds * 1000 for step in steps]
        what = f"{statistics.median(sizes):.0f} bytes, at most {max(sizes)}"
        worst = f"at most {max(milliseconds):.0f} ms"
        _say(f"a typed key in the planner ({what}; {worst}), ms", statistics.median(milliseconds), "at most 30")


def _renumbering() -> None:
    """A hub and 500 VNets linked to it, which all have the same address space."""
    topology = _topology([Prefix(4, 10 << 24, 20)] * 500)
    hub = VNet(address_space=(Prefix.parse("172.16.0.0/22"),))
    topology = topology.model_copy(update={"vnets": topology.vnets.set("hub", hub)})
    for number in range(500):
        topology = connect("hub", f"vnet-{number}").apply(topology)
    found = renumbering(topology)
    assert len(found.steps) == 499
    seconds = statistics.median(_seconds(lambda: renumbering(topology)) for _ in range(3))
    _say("renumbering 500 overlapping VNets, s", seconds, "at most 2")


def _topology(taken: list[Prefix]) -> Topology:
    vnets = Table((f"vnet-{number}", VNet(address_space=(prefix,))) for number, prefix in enumerate(taken))
    return Topology(vnets=vnets)


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _say(what: str, figure: float, limit: str) -> None:
    print(f"{what:85} {figure:8.2f}   ({limit})")


if __name__ == "__main__":
    main()
