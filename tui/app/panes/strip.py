"""The strip: a prefix of a VNet drawn as one line, from its lowest address to its highest.

Owns how many cells each subnet and each gap gets: two at least, the rest by size.
Invariant: every subnet and every gap of the prefix is in the line, in the order of their addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from tui.app.meters import bar_of
from tui.app.widgets.rows import Cell, Row, fit, fit_middle
from tui.planner.subnets.layout import GapOrSubnet, strip
from tui.topology.model import VNet
from tui.topology.prefix import Prefix

_CELLS = 50
_LEAST = 2
"""Cells of the smallest piece: its border, and one to see what it is."""
_CUT = "~"
_MOST_WITHOUT = 4
"""Cells in which a name is cut without a sign of that, for it would be hidden by one."""


def strip_rows(vnet: VNet) -> Iterator[Row]:
    """Yield a line for each prefix of the VNet's address space, each once."""
    for space, pieces in dict(strip(vnet)).items():
        yield Row(("strip", str(space)), (Cell(str(space), "muted"), Cell(strip_line(space, pieces))))


def strip_line(space: Prefix, pieces: Sequence[GapOrSubnet], cells: int = _CELLS) -> str:
    """Return the pieces as a line of about `cells` cells; where they are too many for that, how full it is."""
    if len(pieces) * _LEAST > cells:
        used = sum(piece.prefix.size for piece in pieces if piece.name is not None)
        named = len({piece.name for piece in pieces if piece.name is not None})
        return f"{bar_of(used, space.size)} {named} subnets, {used * 100 // space.size} % used".strip()
    drawn = "".join(map(_drawn, pieces, _widths(space, pieces, cells)))
    return f"{drawn}|"


def _widths(space: Prefix, pieces: Sequence[GapOrSubnet], cells: int) -> list[int]:
    spare = cells - _LEAST * len(pieces)
    ends = [spare * (piece.prefix.last + 1 - space.first) // space.size for piece in pieces]
    return [_LEAST + end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def _drawn(piece: GapOrSubnet, width: int) -> str:
    if piece.name is None:
        return f"|{'.' * (width - 1)}"
    room, name = width - 1, piece.name or ""
    name = (fit(name, room, "") if room <= _MOST_WITHOUT else fit_middle(name, room, _CUT)) if name else ""
    return f"|{name}{'-' * (width - 1 - cell_len(name))}"
