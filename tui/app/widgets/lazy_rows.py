"""Rows that are made when they are looked at: of ten thousand, a screen shows forty.

Invariant: a row is made at most once, and its key is known without making it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import overload

from tui.app.widgets.rows import Row


class LazyRows(Sequence[Row]):
    """A sequence of rows, given their keys and what makes the row at an index."""

    def __init__(self, keys: Sequence[Hashable], make: Callable[[int], Row]) -> None:
        self.keys = keys
        self._make = make
        self._made: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index if index >= 0 else len(self) + index
        row = self._made.get(place)
        if row is None:
            if not 0 <= place < len(self):
                raise IndexError(index)
            row = self._made[place] = self._make(place)
        return row


def key_at(rows: Sequence[Row], index: int) -> Hashable:
    """Return the key of the row at `index`."""
    return rows.keys[index] if isinstance(rows, LazyRows) else rows[index].key


def has_key(rows: Sequence[Row], key: Hashable) -> bool:
    """True if a row of that key is among `rows`."""
    return key in rows.keys if isinstance(rows, LazyRows) else any(row.key == key for row in rows)
