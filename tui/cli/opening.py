"""Opening: from an argument of the command line to a topology.

Invariant: an argument names a file, a shipped sample, or `-` for standard input, in this order.
"""

from __future__ import annotations

from tui.cli.output import complain
from tui.paths import resolve_topology
from tui.storage.files import MAX_BYTES
from tui.storage.load import load, parse_bytes
from tui.storage.problems import UnreadableTopologyError
from tui.storage.sources import standard_input
from tui.topology.model import Topology


def open_topology(argument: str) -> tuple[Topology, str]:
    """Return the topology that `argument` names, and its text. Raises FileError or UnreadableTopologyError."""
    if argument == "-":
        return parse_bytes(standard_input(MAX_BYTES), "-")
    loaded = load(resolve_topology(argument))
    return loaded.topology, loaded.text


def open_or_complain(argument: str) -> Topology | None:
    """Return the topology that `argument` names; or say on stderr everything that is wrong with it, and return None."""
    try:
        return open_topology(argument)[0]
    except UnreadableTopologyError as error:
        complain_of(argument, error)
        return None


def complain_of(argument: str, error: UnreadableTopologyError) -> None:
    """Print every problem of a file on stderr, as editors read it."""
    for problem in error.problems:
        complain(f"{argument}:{problem.line or 1}:{problem.column or 1}: error: {problem.message}")
    complain(error.message)
