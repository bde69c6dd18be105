"""Opening: from an argument of the command line to a topology.

Owns what is printed where that cannot be done, or where what is asked of it cannot be meant.
Invariant: an argument names a file, a shipped sample, or `-` for standard input, in this order.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps

from tui.cli.output import complain, say_json
from tui.display import displayable
from tui.errors import VnetTuiError
from tui.paths import resolve_topology
from tui.storage.files import MAX_BYTES
from tui.storage.load import load, parse_bytes
from tui.storage.problems import Problem, UnreadableTopologyError
from tui.storage.sources import standard_input
from tui.topology.model import Topology


def open_topology(argument: str) -> tuple[Topology, str]:
    """Return the topology that `argument` names, and its text. Raises FileError or UnreadableTopologyError."""
    if argument == "-":
        return parse_bytes(standard_input(MAX_BYTES), "-")
    loaded = load(resolve_topology(argument))
    return loaded.topology, loaded.text


def complain_of(argument: str, error: UnreadableTopologyError) -> None:
    """Print every problem of a file on stderr, as editors read it."""
    for problem in error.problems:
        complain(f"{argument}:{problem.line or 1}:{problem.column or 1}: error: {problem.message}")
    complain(error.message)


def problems_of(error: VnetTuiError) -> tuple[Problem, ...]:
    """Return what is wrong with an input, problem by problem."""
    if isinstance(error, UnreadableTopologyError):
        return error.problems
    said = displayable("; ".join(filter(None, (error.message, error.hint))))
    return (Problem(None, None, "", "", "", None, said),)


def telling_problems(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Make `run` of a command tell on stderr everything that is wrong with its input, and then return 2.

    With `--format json` it also prints one document, as it does otherwise: {"file", "problems"}.
    """

    @wraps(run)
    def told(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except VnetTuiError as error:
            if options.format == "json":
                problems = [asdict(problem) for problem in problems_of(error)]
                say_json({"file": displayable(options.file), "problems": problems})
            if not isinstance(error, UnreadableTopologyError):
                raise
            complain_of(options.file, error)
            return 2

    return told
