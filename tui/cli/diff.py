"""`vnet-tui diff`: what differs between two topologies, or a topology and what Azure has; for a pull request, too.

Invariant: exit status 0 means that they say the same, 1 that they differ, 2 that one of them could not be used.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterable

from tui.cli.opening import complain_of
from tui.cli.output import complain, say, say_json
from tui.cli.sides import Opened, both_opened, opened
from tui.errors import VnetTuiError
from tui.exchange.comparing.difference import Difference, difference
from tui.exchange.comparing.document import Position, document
from tui.exchange.comparing.text import markdown, text
from tui.storage.problems import UnreadableTopologyError
from tui.topology.model import Topology


def run(options: argparse.Namespace) -> int:
    """Compare, print the difference, and return the exit status."""
    sources = [options.a] if options.b is None else [options.a, options.b]
    _refuse_wrong_number(sources, options.git)
    try:
        if options.git is None:
            before, after = both_opened(*sources)
        else:
            after = opened(options.a)
            before = opened_at(options.a, options.git)
    except UnreadableTopologyError as error:
        complain_of(error.source, error)
        return 2
    found = difference(before.topology, after.topology, datetime.date.today())
    _say(found, before, after, options.format)
    return 0 if found.same else 1


def opened_at(file: str, revision: str) -> Opened:
    """Return the topology that `file` was at a revision of git; an empty one if it was not there. Raises as above."""
    from tui.cli.revision import at_revision
    from tui.paths import resolve_topology
    from tui.storage.load import parse_bytes

    name = f"{revision}:{file}"
    data = at_revision(str(resolve_topology(file)), revision)
    if data is None:
        complain(f"{file} was not there at {revision}: everything is new")
        return Opened(name, Topology(), None)
    topology, lines = parse_bytes(data, name)
    return Opened(name, topology, lines)


def _refuse_wrong_number(sources: list[str], revision: str | None) -> None:
    """Raise VnetTuiError for arguments that do not say which two to compare."""
    if revision is None and len(sources) != 2:
        raise VnetTuiError("there is nothing to compare it with", "vnet-tui diff A B, or vnet-tui diff --git REV FILE")
    if revision is not None and len(sources) != 1:
        raise VnetTuiError("--git compares one file with itself", "vnet-tui diff --git REV FILE")
    if revision is not None and sources == ["-"]:
        raise VnetTuiError("the standard input has no revisions", "give the name of a file")
    if sources.count("-") > 1:
        raise VnetTuiError("the standard input can be read only once", "give - for one of the two")


def _say(found: Difference, before: Opened, after: Opened, form: str) -> None:
    if form == "json":
        say_json(
            document(
                found,
                before.name,
                after.name,
                before_at=_position(before, bool(found.findings_gone)),
                after_at=_position(after, bool(found.findings_new)),
            )
        )
        return
    lines: Iterable[str] = (markdown if form == "markdown" else text)(found, before.name, after.name)
    for line in lines:
        say(line)


def _position(side: Opened, wanted: bool) -> Position | None:
    if side.lines is None or not wanted:
        return None
    from tui.storage.layout import Layout

    return Layout(side.lines).position
