"""The editor over a thin line: `python -m tests.bench.editor`, or `make bench`.

Starts are ratios against an empty Textual app that is started in turn with the editor; keys are timed from the byte
that goes in to the last byte that comes out, on a pty. Bytes repeat exactly, times do not.
"""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import tui
from tests.bench.estates import estate
from tests.ui.pty import Terminal

_RUNS = 7
_EMPTY = """
from textual.app import App
from textual.widgets import Label

class Empty(App):
    def compose(self):
        yield Label("Ready")

Empty().run()
"""
_MEMORY = """
import asyncio, gc, os, resource, sys
from pathlib import Path
from tui.app.app import VnetTuiApp
from tui.topology.edits import add_gateway, change, connect
from tui.topology.model import Gateway

async def main():
    app = VnetTuiApp(Path(sys.argv[1]))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        store = app.screen.store
        for number in range(500):
            store.apply(change(("vnets", f"vnet-{number}"), note=f"edit {number}"))
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert store.undo_title

asyncio.run(main())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    """Print every figure of the editor's speed and size with its limit."""
    compileall.compile_dir(tui.__path__[0], quiet=2)  # as an installed program is
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {_RUNS} runs each, medians")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_STATE_HOME": f"{folder}/state", "XDG_CONFIG_HOME": f"{folder}/config"}
        empty, large = Path(folder) / "empty.py", Path(folder) / "large.toml"
        empty.write_text(_EMPTY)
        large.write_text(estate(10_000))
        alone = (sys.executable, str(empty))
        sample = (*_EDITOR, "hub-and-spoke")
        _say("ready with a sample : empty app", *_ready(sample, "orders-weu", alone), "at most 2.0")
        _say("ready with 10,000 VNets : empty app", *_ready((*_EDITOR, str(large)), "vnet-1 ", alone), "at most 5")
        with Terminal((*_EDITOR, str(large)), 80, 24) as terminal:
            terminal.wait_for("nothing wrong", 60)
            terminal.settle(0.5, 30)
            _keys(terminal, "cursor down", ["down"] * 60, "600 bytes, 16 ms")
            _keys(terminal, "page down", ["pagedown"] * 20, "6,000 bytes")
            terminal.press("a")
            _keys(terminal, "a typed character in a form", [*"name-of-a-vnet"], "1,500 bytes, 30 ms")
            terminal.press("tab")
            terminal.press("ctrl+u")
            _keys(terminal, "a typed character of an address", [*"10.0.3.0/24"], "1,500 bytes, 30 ms")
            terminal.press("escape")
            terminal.press("escape")
            terminal.settle(1, 10)
            begin = len(terminal.received)
            terminal.settle(10, 11)
            print(f"{'idle for 10 s, bytes':45} {len(terminal.received) - begin:8}   (0)")
            _edits(terminal)
        print(f"{'10,000 VNets after 500 edits, MB':45} {_memory(large):8.0f}   (at most 300)")


_EDITOR = (sys.executable, "-m", "tui")


def _ready(command: Sequence[str], marker: str, empty: Sequence[str]) -> tuple[float, float]:
    """The median of the ratios, and of the seconds."""
    _up(command, marker), _up(empty, "Ready")
    pairs = [(_up(command, marker), _up(empty, "Ready")) for _ in range(_RUNS)]
    return statistics.median(a / b for a, b in pairs), statistics.median(a for a, _ in pairs)


def _up(command: Sequence[str], marker: str) -> float:
    with Terminal(command, 80, 24) as terminal:
        return terminal.wait_for(marker, 60)


def _keys(terminal: Terminal, what: str, keys: Sequence[str], limit: str) -> None:
    steps = [terminal.press(key, quiet=0.2) for key in keys]
    milliseconds = statistics.median(step.seconds * 1000 for step in steps)
    sizes = [len(step.sent) for step in steps]
    print(f"{what:45} {statistics.median(sizes):8.0f} bytes, at most {max(sizes)}, {milliseconds:.0f} ms   ({limit})")


def _edits(terminal: Terminal) -> None:
    """From the key of an edit until panes and findings are right, and a key that is pressed while it is checked."""
    whole, next_key = [], []
    for _ in range(_RUNS):
        terminal.press("D", quiet=0.4)
        begin = time.perf_counter()
        terminal.press("enter", until=lambda screen: "checking" not in screen and "Duplicate VNet" in screen, quiet=0.0)
        whole.append((time.perf_counter() - begin) * 1000)
        terminal.settle(0.5, 10)
        terminal.press("u", quiet=0.5)
        terminal.press("G", "D", quiet=0.4)
        terminal.press("enter", until="Duplicate VNet", quiet=0.0)
        begin = time.perf_counter()
        terminal.press("up", until="▌ vnet-9999", quiet=0.0)
        next_key.append((time.perf_counter() - begin) * 1000)
        terminal.settle(0.5, 10)
        terminal.press("u", quiet=0.5)
    print(f"{'an edit until all is right, ms':45} {statistics.median(whole):8.0f}   (at most 300)")
    print(f"{'a key while an edit is checked, ms':45} {statistics.median(next_key):8.0f}   (never waits)")


def _memory(path: Path) -> float:
    script = path.with_name("memory.py")
    script.write_text(_MEMORY)
    done = subprocess.run([sys.executable, str(script), str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _say(what: str, ratio: float, seconds: float, limit: str) -> None:
    print(f"{what:45} {ratio:8.2f}   ({limit}; {seconds:.2f} s)")


if __name__ == "__main__":
    main()
