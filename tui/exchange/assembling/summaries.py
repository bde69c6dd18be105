"""Summaries: prefixes that a site routes and does not use up, because VNets lie within them.

Invariant: a default route is a summary, and a prefix that equals that of a VNet is none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from tui.topology.prefix import Prefix


class Summaries:
    """The prefixes of all VNets, ready to be asked what contains one of them."""

    def __init__(self, prefixes: Iterable[Prefix]) -> None:
        self._sorted = sorted(set(prefixes))

    def __call__(self, prefix: Prefix) -> bool:
        """Whether `prefix` contains the prefix of a VNet and more, or is a default route."""
        if prefix.length == 0:
            return True
        place = bisect_right(self._sorted, prefix)
        return place < len(self._sorted) and prefix.contains(self._sorted[place])
