"""Lines that are only looked at: no keys.

Invariant: it shows what it was given last, from the top.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size

from tui.app.widgets.row_list import RowList
from tui.app.widgets.row_view import RowView
from tui.app.widgets.rows import Row


class Lines(RowView):
    """Rows without a cursor."""

    def set_lines(self, rows: Sequence[Row]) -> None:
        """Show these rows from now on; they must not change afterwards."""
        self._rows, self._cursor = rows, -1
        self.virtual_size = Size(0, len(rows) + self._header_lines)
        self._repaint()


class ClickedLines(RowList, can_focus=False):
    """Rows that can be clicked on."""
