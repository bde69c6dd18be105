"""Drive a terminal program on a pseudo-terminal and time what a person would wait for.

Each step lasts from the moment the keys are written to the last byte before `--quiet` ms of silence.

    python -m tests.bench.ptyprobe --size 80x24 --wait VNets --keys down,down,tab -- vnet-tui topology.toml

prints one JSON object: the seconds to `--wait` (a text that must appear on the screen), and for every key its latency
in ms and the bytes it sent. `--screen FILE` writes the last screen as text, `--raw FILE` all bytes received.
Exit status: 0 the program came up and answered, 1 it did not, 2 bad arguments. Invariant: one JSON object on stdout.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

from tests.ui.pty import Terminal


def main(arguments: list[str] | None = None) -> int:
    """Run the probe."""
    options = _options(arguments)
    columns, rows = _size(options.size)
    env = dict(pair.split("=", 1) for pair in options.env)
    with Terminal(options.command, columns, rows, env) as terminal:
        try:
            up = terminal.wait_for(options.wait, options.limit)
        except TimeoutError:
            print(json.dumps({"up": None, "screen": terminal.text()[-2000:]}))
            return 1
        quiet = options.quiet / 1000
        terminal.settle(quiet, 5)
        result: dict[str, Any] = {"up_s": round(up, 3), "first_bytes": len(terminal.received)}
        print(json.dumps(result | _press(terminal, filter(None, options.keys.split(",")), quiet, options.limit)))
        if options.screen:
            options.screen.write_text(terminal.text())
        if options.raw:
            options.raw.write_bytes(terminal.received)
    return 0


def _press(terminal: Terminal, keys: filter[str], quiet: float, limit: float) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    alive = True
    for key in keys:
        if key.startswith("size:"):
            terminal.resize(*_size(key.removeprefix("size:")))
            step = terminal.settle(quiet, limit)
        else:
            step = terminal.press(key, quiet=quiet, limit=limit)
        steps.append({"key": key, "ms": round(step.seconds * 1000, 1), "bytes": len(step.sent)})
        alive = step.alive
        if not alive:
            break
    latencies = [step["ms"] for step in steps]
    return {
        "median_ms": statistics.median(latencies) if latencies else None,
        "max_ms": max(latencies, default=None),
        "median_bytes": statistics.median(step["bytes"] for step in steps) if steps else None,
        "alive": alive,
        "steps": steps,
    }


def _size(text: str) -> tuple[int, int]:
    columns, _, rows = text.partition("x")
    return int(columns), int(rows)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--wait", required=True, help="text that shows the program is up")
    parser.add_argument("--keys", default="", help="comma-separated: down, ctrl+s, text:hello, size:80x24, a")
    parser.add_argument("--quiet", type=float, default=150, help="ms of silence that end a step")
    parser.add_argument("--limit", type=float, default=60, help="seconds allowed for one step")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--screen", type=Path)
    parser.add_argument("--raw", type=Path)
    parser.add_argument("command", nargs="+")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
