"""A pane: a title line over a list.

Invariant: the title says the pane's key and whether it has the focus, in characters and not in colour alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from tui.app.widgets.lazy_rows import has_key
from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Column, Row
from tui.display import displayable

_GAP = " "


class Pane(Vertical):
    """One of the numbered panes. Its rows can be narrowed by a text."""

    DEFAULT_CSS = """
    Pane { height: 1fr; }
    Pane > .title { height: 1; color: $text-muted; background: $surface; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(
        self,
        key: str,
        title: str,
        columns: Sequence[Column],
        *,
        empty: str,
        ascii_only: bool = False,
        id: str,  # noqa: A002
        tabs: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`tabs`: the keys and titles of the panes of which one is shown in this place, this one among them."""
        super().__init__(id=id, classes="pane")
        self._empty = empty
        self._tabs = tabs or ((key, title),)
        self._key, self._title = key, title
        self._heading = Static("", classes="title", markup=False)
        self.list = RowList(columns, empty=empty, ascii_only=ascii_only)
        self._sign = ">" if ascii_only else "▸"
        self._rows: Sequence[Row] = ()
        self._focused = False
        self._note = ""
        self.filter = ""
        self.sought = ""
        """The text that was filtered for last."""

    def compose(self) -> ComposeResult:
        """The title and the list."""
        yield self._heading
        yield self.list

    def on_mount(self) -> None:
        """Show the title."""
        self._entitle()

    def show(self, rows: Sequence[Row], note: str = "") -> None:
        """Show `rows`, narrowed by the filter, and `note` behind the title."""
        self._rows, self._note = rows, note
        self._entitle()
        wanted = self.filter.casefold()
        self.list.set_empty(f"nothing here holds {self.filter}: Escape shows all again" if wanted else self._empty)
        self.list.set_rows(
            rows if not wanted else [row for row in rows if any(wanted in cell.text.casefold() for cell in row.cells)]
        )

    def narrow(self, text: str) -> None:
        """Show only the rows that hold `text`; all of them for an empty one."""
        self.filter = text
        self.sought = text or self.sought
        self.show(self._rows, self._note)

    def to_match(self, step: int) -> bool:
        """Go `step` matches further among the rows that hold what was sought; False where there is none."""
        wanted, rows, here = self.sought.casefold(), self.list.rows, self.list.cursor_index or 0
        places = ((here + step * distance) % len(rows) for distance in range(1, len(rows) + 1))
        for place in places:
            if any(wanted in cell.text.casefold() for cell in rows[place].cells):
                return self.list.move_to(rows[place].key)
        return False

    def set_palette(self, palette: Mapping[str, Style]) -> None:
        """Show roles in these styles."""
        self.list.set_palette(palette)

    def has_row(self, key: Hashable) -> bool:
        """True if a row of that key is there, filtered out or not."""
        return has_key(self._rows, key)

    def on_descendant_focus(self) -> None:
        """Say that the focus is here."""
        self._focused = True
        self._entitle()

    def on_descendant_blur(self) -> None:
        """Say that it is not."""
        self._focused = False
        self._entitle()

    class TitleClicked(Message):
        """The title of a pane was clicked; with tabs it may be another pane's."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def on_click(self, event: events.Click) -> None:
        """Tell whose title was clicked."""
        if event.widget is not self._heading:
            return
        place = 0
        for key, title in self._tabs:
            place += len(self._label(key, title)) + len(_GAP)
            if event.x < place or len(self._tabs) == 1:
                self.post_message(self.TitleClicked(key))
                return

    def _label(self, key: str, title: str) -> str:
        label = f"{key} {title}"
        if key != self._key:
            return f" {label} "
        sign = self._sign if self._focused else " "
        return f"{sign}{label} " if len(self._tabs) == 1 else f"{sign}[{label}]"

    def _entitle(self) -> None:
        labels = _GAP.join(self._label(key, title) for key, title in self._tabs)
        narrowed = f"/{self.filter}" if self.filter else ""
        self._heading.update(displayable("  ".join(filter(None, (labels, narrowed, self._note)))), layout=False)
