"""Notices in bounds: what a reader has to say about one source, each thing once and not without end.

Owns how many notices of one source are shown, whatever its format, and how the others are told of.
Invariant: the number of notices is bounded, however hostile the source, and where some are not shown, that is told.
"""

from __future__ import annotations

from tui.exchange.found import Notice, Place

MOST = 500
"""Notices of one source; of the rest, the number is told."""


class Notices:
    """The notices of one source, in the order in which they were told."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._told: dict[object, Notice] = {}
        self._untold: set[int] = set()

    def tell(self, notice: Notice, once: object = None) -> None:
        """Add a notice; of those that are the same, or have the same `once`, the first stays."""
        key = notice if once is None else once
        if key in self._told:
            return
        if len(self._told) < MOST:
            self._told[key] = notice
        else:
            self._untold.add(hash(key))

    def all(self) -> tuple[Notice, ...]:
        """Return the notices, and after them how many more there are."""
        if not self._untold:
            return tuple(self._told.values())
        more = Notice("left out", f"{len(self._untold)} more notices are not shown", Place(self.source))
        return (*self._told.values(), more)
