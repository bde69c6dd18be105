"""`vnet-tui renumber`: the cheapest way out of every overlap, and with `--write` its way into the file.

Owns the three forms of the proposal: text, one JSON document, and a table for spreadsheets.
Invariant: a file is written before anything is printed, in place and whole or not at all; and no cell of the table
begins as a formula does.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tui.cli.opening import open_topology, telling_problems
from tui.cli.output import complain, say, say_json
from tui.cli.writing import writable
from tui.connectivity.links import networks
from tui.display import displayable
from tui.errors import VnetTuiError
from tui.planner.renumber.proposal import Renumbering, Step, edit_of, renumbering
from tui.storage.load import Loaded, load
from tui.topology.catalog import nearest
from tui.topology.model import Topology

_MOST_NAMED = 4

Row = tuple[str, str, str, str, str]


@telling_problems
def run(options: argparse.Namespace) -> int:
    """Print the proposal, and make it in the file with `--write`. Status 1 where an overlap stays."""
    loaded: Loaded | None = None
    path = writable(options.file, "--write") if options.write else None
    if path is not None:
        loaded = load(path)
        topology = loaded.topology
    else:
        topology, _ = open_topology(options.file)
    found = renumbering(topology, sites=options.sites)
    steps = _chosen(topology, found, options.only) if options.only else found.steps
    if path is not None and loaded is not None and steps:
        from tui.storage.save import save  # what only reads starts without what writes

        save(path, loaded, edit_of(steps).apply(topology))
    # Each step is needed: what is left out keeps colliding.
    left_out = [step for step in found.steps if step not in steps]
    _FORMS[options.format](found, steps)
    for step in left_out:
        complain(f"left out: {step.move.network}, which collides with {_listed(step.because)}")
    for one in found.unsolved:
        complain(f"unsolved: {one.why}")
        complain(f"  {one.way}")
    if not options.sites and any(
        name in topology.sites for one in found.unsolved for name in (one.network, *one.against)
    ):
        complain("with --sites, sites may move too")
    if path is not None:
        complain(f"renumbered {_networks(len(steps))} in {options.file}" if steps else f"{options.file} is unchanged")
    return 1 if found.unsolved or left_out else 0


def _chosen(topology: Topology, found: Renumbering, names: Sequence[str]) -> tuple[Step, ...]:
    """The steps of the networks `names`. Raises VnetTuiError for a name that has none."""
    steps = {step.move.network: step for step in found.steps}
    known = networks(topology)
    for name in names:
        if name not in known:
            close = nearest(name, steps) or nearest(name, known)
            raise VnetTuiError(f"there is no network {name}", f"did you mean {close}?" if close else "")
        if name not in steps and found.conflicts:
            why = next((one.why for one in found.unsolved if one.network == name), f"{name} need not move")
            listed = _listed(sorted(steps))
            raise VnetTuiError(f"there is no step for {name}: {why}", f"there are steps for {listed}" if steps else "")
    return tuple(steps[name] for name in sorted(set(names)) if name in steps)


def _say_text(found: Renumbering, steps: Sequence[Step]) -> None:
    if not found.conflicts:
        say("no two joined networks overlap: nothing has to move")
        return
    for step in steps:
        move = step.move
        for place, (old, new) in enumerate(move.blocks):
            because = f"  because it collides with {_listed(step.because)}" if not place else ""
            say(f"{move.network}  {old} -> {new}{because}")
        for name, old, new in move.subnets:
            say(f"  subnet {name}  {old} -> {new}")
        for text in move.consequences:
            say(f"  {text}")
    cheapest = "no cheaper set of networks would do" if found.exact else "a cheaper set of networks may exist"
    cost = sum(step.cost for step in steps)
    part = f" of {len(found.steps)}" if len(steps) < len(found.steps) else ""
    say(f"{_networks(len(steps))}{part} to renumber, at a cost of {cost}; {cheapest}")


def _say_json(found: Renumbering, steps: Sequence[Step]) -> None:
    say_json(
        {
            "conflicts": found.conflicts,
            "exact": found.exact,
            "steps": [_step(step) for step in steps],
            "left_out": [step.move.network for step in found.steps if step not in steps],
            "unsolved": [
                {"network": one.network, "against": list(one.against), "why": one.why, "way": one.way}
                for one in found.unsolved
            ],
        }
    )


def _step(step: Step) -> dict[str, Any]:
    move = step.move
    return {
        "network": move.network,
        "cost": step.cost,
        "because": list(step.because),
        "blocks": [{"from": str(old), "to": str(new)} for old, new in move.blocks],
        "subnets": [{"name": name, "from": str(old), "to": str(new)} for name, old, new in move.subnets],
        "consequences": list(move.consequences),
    }


def _say_csv(found: Renumbering, steps: Sequence[Step]) -> None:
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("network", "what", "from", "to", "because"))
    for step in steps:
        table.writerows([_cell(text) for text in row] for row in _rows(step))


def _rows(step: Step) -> Iterator[Row]:
    move, because = step.move, ", ".join(step.because)
    for old, new in move.blocks:
        yield move.network, "address space", str(old), str(new), because
    for name, old, new in move.subnets:
        yield move.network, f"subnet {name}", str(old), str(new), because
    for old, new in move.growth:
        yield move.network, "growth", str(old), str(new), because
    for old in move.released:
        yield move.network, "growth released", str(old), "", because


def _cell(text: str) -> str:
    """The text of a cell that no spreadsheet takes for a formula."""
    guard = "'" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else ""
    return guard + displayable(text)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _networks(number: int) -> str:
    return f"{number} network{'' if number == 1 else 's'}"


_FORMS = {"text": _say_text, "json": _say_json, "csv": _say_csv}
