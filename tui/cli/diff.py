"""`vnet-tui diff`: what differs between two topologies, or a topology and what Azure has; for a pull request, too.

Invariant: exit status 0 means that they say the same, 1 that they differ, 2 that one of them could not be used.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterable

from tui.cli.opening import complain_of
from tui.cli.output import complain, say, say_json
from tui.cli.sides import Opened, Side, both, side, side_of
from tui.errors import VnetTuiError
from tui.exchange.comparing.difference import Difference, difference
from tui.exchange.comparing.document import Position, document
from tui.exchange.comparing.markdown import markdown
from tui.exchange.comparing.text import text
from tui.storage.files import FileMissingError
from tui.storage.problems import UnreadableTopologyError
from tui.topology.model import Topology


def run(options: argparse.Namespace) -> int:
    """Compare, print the difference, and return the exit status."""
    _refuse_wrong_number(options.a, options.b, options.git)
    try:
        if options.git is None:
            before, after = both(side([options.a]), side(options.b))
        else:
            before, after = both(*_with_its_past(options.a, options.git))
    except UnreadableTopologyError as error:
        complain_of(error.source, error)
        return 2
    found = difference(before.topology, after.topology, datetime.date.today())
    _say(found, before, after, options.format)
    return 0 if found.same else 1


def _with_its_past(file: str, revision: str) -> tuple[Side, Side]:
    """What `file` was at a revision of git, and what it is; nothing where it was not, or is not, there."""
    from tui.cli.revision import at_revision
    from tui.paths import resolve_topology

    now: Side | None = None
    try:
        now = side([file])
    except FileMissingError:
        was = at_revision(str(resolve_topology(file)), revision)
        if was is None:
            raise
    else:
        was = at_revision(str(resolve_topology(file)), revision)
    name = f"{revision}:{file}"
    if now is None:
        complain(f"{file} is not there any more: everything is gone")
        now = Opened(file, Topology())
    if was is None:
        complain(
            f"{file} was not there at {revision}: everything is new; if it had another name, "
            f"git show {revision}:./NAME | vnet-tui diff - {file}"
        )
        return Opened(name, Topology()), now
    if was.other_name is not None:
        complain(f"{file} was {was.other_name} at {revision}")
        name = f"{revision}:{was.other_name}"
    return side_of(name, was.data), now


def _refuse_wrong_number(a: str, b: list[str], revision: str | None) -> None:
    """Raise VnetTuiError for arguments that do not say which two to compare."""
    if revision is None and not b:
        raise VnetTuiError("there is nothing to compare it with", "vnet-tui diff A B, or vnet-tui diff --git REV FILE")
    if revision is not None and b:
        raise VnetTuiError("--git compares one file with itself", "vnet-tui diff --git REV FILE")
    if revision is not None and a == "-":
        raise VnetTuiError("the standard input has no revisions", "give the name of a file")
    if [a, *b].count("-") > 1:
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
                untold=before.untold + after.untold,
                in_conflict=before.in_conflict + after.in_conflict,
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
