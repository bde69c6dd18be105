"""`vnet-tui space`: what is used, held and free of each pool and region, and how much more fits.

Invariant: the JSON has every figure exactly; the text abbreviates what exceeds all of IPv4 and never rounds a
percentage up.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from tui.cli.opening import open_topology, telling_problems
from tui.cli.output import say, say_json, say_table
from tui.planner.numbers import short
from tui.planner.outlook import PoolOutlook, RegionOutlook, by_region, outlook
from tui.topology.subnet_sizes import SMALLEST

_LENGTHS = {4: (8, 12, 16, 20, 22, 24, 26, 28), 6: (32, 40, 44, 48, 52, 56, 60, 64)}
"""The prefix lengths that people plan with; the largest that fits is shown besides."""

_FIGURES = ("size", "used %", "used", "held", "avoided", "free")

_MOST_NAMED = 8


@telling_problems
def run(options: argparse.Namespace) -> int:
    """Print the outlook of one pool or block, or of all pools and regions."""
    topology, _ = open_topology(options.file)
    pools = outlook(topology, options.pool)
    regions = by_region(topology) if options.pool is None else ()
    if options.format == "json":
        say_json({"pools": list(map(_pool, pools)), "regions": list(map(_region, regions))})
        return 0
    labels = [(one.name, one.region, _prefixes(one)) for one in pools]
    _say_sums(("pool", "region", "prefixes"), labels, pools)
    say()
    _say_fits((one.name if one.name is not None else _prefixes(one), one) for one in pools)
    if regions:
        say()
        _say_sums(("region", "pools"), [(one.region, one.pools) for one in regions], [one.space for one in regions])
        say()
        # Of a single pool it stands above.
        _say_fits((one.region, one.space) for one in regions if len(one.pools) > 1)
    for one in regions:
        if one.outside:
            say(f"{one.region}: {_names(one.outside)} outside of its IPv{one.space.family} pools")
    return 0


def _pool(row: PoolOutlook) -> dict[str, Any]:
    return {
        "name": row.name,
        "region": row.region,
        "prefixes": list(map(str, row.prefixes)),
        **_figures(row),
    }


def _region(row: RegionOutlook) -> dict[str, Any]:
    return {
        "region": row.region,
        "pools": list(row.pools),
        "prefixes": list(map(str, row.space.prefixes)),
        **_figures(row.space),
        "outside": list(row.outside),
    }


def _figures(row: PoolOutlook) -> dict[str, Any]:
    return {
        "family": row.family,
        "size": row.size,
        "used": row.used,
        "held": row.held,
        "avoided": row.avoided,
        "free": row.free,
        "free_blocks": row.free_blocks,
        "largest_free": str(row.largest_free) if row.largest_free else None,
        "fits": {f"/{length}": number for length, number in row.fits.items()},
        "networks": row.networks,
    }


def _prefixes(row: PoolOutlook) -> str:
    return ", ".join(map(str, row.prefixes)) or "–"


def _say_sums(columns: Sequence[str], labels: Iterable[Sequence[object]], rows: Sequence[PoolOutlook]) -> None:
    figures = [
        (short(one.size), _percent(one.used, one.size), *map(short, (one.used, one.held, one.avoided, one.free)))
        for one in rows
    ]
    # Powers of two count as text, which would stand at the left.
    widths = [max(map(len, column)) for column in zip(_FIGURES, *figures, strict=True)]
    body = [
        (
            *label,
            *(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)),
            one.largest_free,
            one.networks,
        )
        for label, cells, one in zip(labels, figures, rows, strict=True)
    ]
    heads = (head.rjust(width) for head, width in zip(_FIGURES, widths, strict=True))
    say_table((*columns, *heads, "largest free", "networks"), body)


def _percent(part: int, whole: int) -> str:
    """Cut off after one decimal: what is not full never says 100."""
    tenths = part * 1000 // whole if whole else None
    return f"{tenths // 10}.{tenths % 10}" if tenths is not None else "–"


def _say_fits(rows: Iterable[tuple[str, PoolOutlook]]) -> None:
    for name, row in rows:
        lengths = [length for length in row.fits if length == min(row.fits) or length in _LENGTHS[row.family]]
        fits = ", ".join(f"{short(row.fits[length])} × /{length}" for length in lengths)
        say(f"{name} fits: {fits or f'nothing, not even a /{SMALLEST[row.family]}'}")


def _names(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    shown = ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{shown} {'lie' if len(names) > 1 else 'lies'}"
