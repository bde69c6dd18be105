"""Sides: the two things that `vnet-tui diff` compares, each a topology or something that can be imported.

Owns how an import is compared with a topology: as the file would be if it were taken over, so that what a file says
beyond Azure, and what is only planned, is no difference.
Invariant: a side that is a topology is that topology, unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui.cli.importing import gather
from tui.cli.opening import open_topology
from tui.cli.output import complain
from tui.errors import FileError
from tui.exchange.decoding import decoded
from tui.exchange.gathering import Gathered
from tui.exchange.recognition import recognised
from tui.exchange.rehearsing.taking_over import taken_over
from tui.exchange.source import MAX_BYTES, ExchangeError
from tui.paths import resolve_topology
from tui.storage.files import read_bytes
from tui.topology.model import Topology

_SOURCE_ENDINGS = frozenset({".json", ".tfstate", ".netcfg", ".xml", ".csv", ".tsv"})
"""A file whose name ends so was meant as a source, where what stands in it is nothing that is known."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One side of the comparison."""

    name: str
    """What it is called in the output."""
    topology: Topology
    lines: str | None
    """The text of the file, in which things have lines; None where there is none."""


def opened(argument: str) -> Opened:
    """Return the topology that `argument` names: a file, a sample, or - for standard input.

    Raises FileError or UnreadableTopologyError.
    """
    topology, lines = open_topology(argument)
    return Opened(argument, topology, lines)


def both_opened(a: str, b: str) -> tuple[Opened, Opened]:
    """Return both sides. Raises FileError, ExchangeError or UnreadableTopologyError."""
    first, second = _opened_or_gathered(a), _opened_or_gathered(b)
    if isinstance(first, Gathered):
        before = second.topology if isinstance(second, Opened) else None
        first = Opened(a, _taken_over(a, before, first), None)
    if isinstance(second, Gathered):
        second = Opened(b, _taken_over(b, first.topology, second), None)
    return first, second


def _opened_or_gathered(argument: str) -> Opened | Gathered:
    return gather([argument]) if _is_source(argument) else opened(argument)


def _is_source(argument: str) -> bool:
    """True for a folder, and for a file in a format that is imported. What is neither is a topology, or said to be."""
    path = resolve_topology(argument)
    if argument == "-" or path.suffix == ".toml":
        return False
    if Path(argument).is_dir():
        return True
    try:
        return recognised(decoded(argument, read_bytes(path, MAX_BYTES))) != "vnet-tui"
    except (ExchangeError, FileError):
        # What is wrong with such a file is for the reader of its format to say, not for the one of topologies.
        return path.suffix.lower() in _SOURCE_ENDINGS


def _taken_over(name: str, topology: Topology | None, source: Gathered) -> Topology:
    """The topology with everything in it that Azure decides as the source says; tells if that is not all of it."""
    taken = taken_over(topology, source)
    if taken.untold or taken.in_conflict:
        what = f"{taken.untold} missing or not understood, {taken.in_conflict} in conflict"
        complain(f"{name}: not all of it is compared ({what}): vnet-tui import {name} names each")
    return taken.topology
