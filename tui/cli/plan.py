"""`vnet-tui plan`: many VNets with their subnets placed at once, all of them or none.

Invariant: FILE is written only with --write, only where everything has a place, and never where it is a sample.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tui.cli.opening import open_topology
from tui.cli.output import complain, say, say_json, say_table
from tui.cli.writing import writable
from tui.display import displayable
from tui.errors import FileError, VnetTuiError
from tui.paths import resolve_topology
from tui.planner.batch.plan import Plan, PlannedVNet, plan
from tui.planner.batch.wanted import WrongRequest, WrongRequestsError
from tui.planner.refusal import Refusal
from tui.storage.files import MAX_BYTES
from tui.storage.load import Loaded, load
from tui.storage.problems import Problem, UnreadableTopologyError
from tui.storage.requests import Requests, parse_requests_bytes, read_requests
from tui.storage.save import save
from tui.storage.sources import standard_input
from tui.topology.keypath import key_path
from tui.topology.model import Topology


def run(options: argparse.Namespace) -> int:
    """Print where everything goes that REQUESTS asks for, and with --write add it to FILE."""
    if options.file == options.requests == "-":
        raise VnetTuiError("FILE and REQUESTS cannot both be standard input", "give the name of a file for one of them")
    if options.write:
        writable(options.file, "--write")
    try:
        topology, loaded = _open(options.file)
        requests = _read(options.requests)
        answer = plan(topology, requests.wanted)
        if options.write and loaded is not None and isinstance(answer, Plan) and answer.new:
            save(resolve_topology(options.file), loaded, answer.edit.apply(topology))
    except UnreadableTopologyError as error:
        return _complain_of(options, error.source, error.problems, error.message)
    except WrongRequestsError as error:
        problems = sorted((_problem(requests, one) for one in error.problems), key=_place)
        count = f"{len(problems)} problems" if len(problems) > 1 else "1 problem"
        return _complain_of(options, options.requests, problems, f"{options.requests} cannot be planned: {count}")
    except FileError as error:
        if options.format != "json":
            raise
        message = displayable("; ".join(filter(None, (error.message, error.hint))))
        complain(message)
        return _say_problems([Problem(None, None, "", "", "", None, message)], 2)
    if isinstance(answer, Refusal):
        return _refuse(options, answer)
    if options.format == "json":
        say_json({"vnets": [_document(row) for row in answer.rows], "problems": [], "ways": []})
    else:
        _say(answer, written=options.file if options.write else None)
    return 0


def _open(argument: str) -> tuple[Topology, Loaded | None]:
    if argument == "-":
        return open_topology(argument)[0], None
    loaded = load(resolve_topology(argument))
    return loaded.topology, loaded


def _read(argument: str) -> Requests:
    if argument == "-":
        return parse_requests_bytes(standard_input(MAX_BYTES), "-")
    return read_requests(Path(argument))


def _problem(requests: Requests, wrong: WrongRequest) -> Problem:
    line, column = requests.position(wrong.path)
    near = displayable(wrong.nearest) if wrong.nearest is not None else None
    key, found, allowed, message = map(
        displayable, (key_path(("vnets", *wrong.path)), wrong.found, wrong.allowed, wrong.message)
    )
    return Problem(line, column, key, found, allowed, near, message)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line or 0, problem.column or 0


def _complain_of(options: argparse.Namespace, source: str, problems: Sequence[Problem], summary: str) -> int:
    """Print every problem of a file, on stderr as editors read it; exit 2."""
    if options.format == "json":
        return _say_problems(problems, 2)
    for problem in problems:
        complain(f"{source}:{problem.line or 1}:{problem.column or 1}: error: {problem.message}")
    complain(summary)
    return 2


def _say_problems(problems: Sequence[Problem], status: int, ways: Sequence[str] = ()) -> int:
    say_json({"vnets": [], "problems": [asdict(problem) for problem in problems], "ways": list(ways)})
    return status


def _refuse(options: argparse.Namespace, refusal: Refusal) -> int:
    """Say why nothing is planned, and what would make room; exit 1."""
    if options.format == "json":
        problem = Problem(None, None, "", "", "", None, displayable(refusal.message))
        return _say_problems([problem], 1, [displayable(way.text) for way in refusal.ways])
    complain(refusal.message)
    for number, way in enumerate(refusal.ways):
        complain(f"{'or' if number else 'a way out:'} {way.text}")
    complain("nothing was planned: it is all or nothing")
    return 1


def _say(answer: Plan, written: str | None) -> None:
    rows = answer.rows
    subnets = [[f"{name} {prefix}" for name, prefix in row.subnets] for row in rows]
    say_table(
        ("vnet", "prefix", "held to grow", "subnets"),
        [(row.name, row.prefix, row.growth, inside) for row, inside in zip(rows, subnets, strict=True)],
    )
    say()
    for row in rows:
        say(f"{row.name}: {row.reason}")
    number = len(answer.new)
    what = f"{number} VNet{'s' if number != 1 else ''}" if number else "nothing"
    there = f", {len(rows) - number} there already" if number < len(rows) else ""
    say()
    if written is not None:
        say(f"{what} added to {written}{there}")
    else:
        hint = f"; --write adds {'it' if number == 1 else 'them'}" if number else ""
        say(f"{what} to add{there}{hint}")


def _document(row: PlannedVNet) -> dict[str, Any]:
    return {
        "name": row.name,
        "prefix": str(row.prefix),
        "growth": list(map(str, row.growth)),
        "subnets": [{"name": name, "prefix": str(prefix)} for name, prefix in row.subnets],
        "reason": row.reason,
        "exists": row.exists,
    }
