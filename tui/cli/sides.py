"""Sides: the two things that `vnet-tui diff` compares, each a topology or something that can be imported.

Owns how an import is compared with a topology: as the file would be if it were taken over, so that what a file says
beyond Azure, and what is only planned, is no difference. Two imports are compared as they are.
Invariant: a side that is a topology is that topology, unchanged; and no argument is read twice.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tui.cli.output import complain
from tui.errors import VnetTuiError
from tui.exchange.gathering import Gathered, gathered
from tui.exchange.recognition import is_topology
from tui.exchange.rehearsing.taking_over import TakenOver, nothing_about, side_by_side, taken_over
from tui.exchange.source import MAX_BYTES
from tui.paths import resolve_topology
from tui.storage.files import read_bytes
from tui.storage.load import parse_bytes
from tui.storage.sources import SourceBytes, read_sources, standard_input
from tui.topology.model import Topology


@dataclass(frozen=True, slots=True)
class Opened:
    """One side of the comparison."""

    name: str
    """What it is called in the output."""
    topology: Topology
    lines: str | None = None
    """The text of the file, in which things have lines; None where there is none."""
    untold: int = 0
    """How much of a source is missing or not understood."""
    in_conflict: int = 0
    """How many things of a source could not be put in."""


@dataclass(frozen=True, slots=True)
class Source:
    """A side that is to be imported."""

    name: str
    told: Gathered


Side: TypeAlias = Opened | Source


def side(arguments: Sequence[str]) -> Side:
    """Return what the arguments name: a topology (a file, a sample, or - for standard input), or one or more sources.

    Raises FileError, ExchangeError or UnreadableTopologyError, and VnetTuiError for a topology among several.
    """
    name = " ".join(arguments)
    if len(arguments) == 1 and not Path(name).is_dir():
        data = standard_input(MAX_BYTES) if name == "-" else read_bytes(resolve_topology(name), MAX_BYTES)
        return side_of(name, data)
    read = read_sources(arguments, MAX_BYTES)
    return Source(name, _gathered(read if len(arguments) == 1 else map(_refuse_topology, read)))


def side_of(name: str, data: bytes) -> Side:
    """Return what `data`, which goes by `name`, is. Raises FileError, ExchangeError or UnreadableTopologyError."""
    if is_topology(name, data):
        return Opened(name, *parse_bytes(data, name))
    return Source(name, _gathered([SourceBytes(name, data, True)]))


def both(first: Side, second: Side) -> tuple[Opened, Opened]:
    """Return both sides as topologies; tells what of a source is not compared.

    Raises VnetTuiError for a source that says nothing of the topology that it is compared with.
    """
    if isinstance(first, Source) and isinstance(second, Source):
        before, after = side_by_side(first.told, second.told)
        return _shown(first, before), _shown(second, after)
    if isinstance(first, Source):
        assert isinstance(second, Opened)
        return _beside(second, first), second
    return first, second if isinstance(second, Opened) else _beside(first, second)


def _beside(file: Opened, source: Source) -> Opened:
    """The file with everything in it that Azure decides as the source says."""
    taken = taken_over(file.topology, source.told)
    if not taken.is_about_it:
        if taken.topology == file.topology:
            raise nothing_about(file.name, source.name)
        complain(f"{source.name} tells nothing of what {file.name} has in Azure: is it of another subscription?")
    return _shown(source, taken)


def _shown(source: Source, taken: TakenOver) -> Opened:
    if taken.shortcoming:
        what = f"not all of it is compared ({taken.shortcoming})"
        complain(f"{source.name}: {what}: vnet-tui import {source.name} names each")
    return Opened(source.name, taken.topology, None, taken.untold, taken.in_conflict)


def _refuse_topology(one: SourceBytes) -> SourceBytes:
    if one.asked_for and is_topology(one.name, one.data):
        raise VnetTuiError(
            f"{one.name} is a topology, and stands among several sources",
            "compare two: vnet-tui diff A B; only sources can be several: vnet-tui diff A SOURCE SOURCE…",
        )
    return one


def _gathered(sources: Iterable[SourceBytes]) -> Gathered:
    watched = sys.stderr is not None and sys.stderr.isatty()
    return gathered(sources, reading=(lambda name: complain(f"reading {name}")) if watched else lambda name: None)
