"""The explanation below a list: what is to be said about the row under the cursor, all of it.

Owns how high the box is, and which part of a text is shown where it is longer.
Invariant: it takes lines that the list above does not need; a text that is cut says so, and with which key it goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.widgets import Static

from tui.app.widgets.wrapping import wrapped
from tui.display import displayable, in_ascii


class Explanation(Static):
    """A text in full, a page at a time where it has to be."""

    DEFAULT_CSS = """
    Explanation { background: $panel; padding: 0 1; }
    """

    def __init__(self, least: int, free: Callable[[], int], *, ascii_only: bool = False) -> None:
        """`least`: the lines that it always takes, `free`: how many there are that nothing else needs."""
        super().__init__("", classes="whole", markup=False)
        self._least, self._free, self._ascii_only = least, free, ascii_only
        self._text = ""
        self._begins = 0
        """The first line that is shown."""
        self._height = 0
        self.styles.height = least

    def say(self, text: str) -> None:
        """Show a text from its beginning."""
        self._text, self._begins = displayable(in_ascii(text) if self._ascii_only else text), 0
        self.fit()

    def read_on(self) -> None:
        """Show what follows; behind the end, the beginning."""
        page = self._height - 1
        self._begins = self._begins + page if self._begins + page < len(self._wrapped()) else 0
        self.fit()

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew."""
        self.fit()

    def fit(self) -> None:
        """Take the lines that the text needs, as far as they are free. It never gives lines back that still are."""
        lines = self._wrapped()
        # Half of a low screen is the list's.
        least = max(min(self._least, self.screen.size.height // 2), 2)
        free = max(self._free(), least)
        self._height = min(max(self._height, least, len(lines)), free)
        if self.styles.height is None or self.styles.height.value != self._height:
            self.styles.height = self._height
        if len(lines) <= self._height:
            shown = lines
        else:
            page = self._height - 1
            shown = lines[self._begins : self._begins + page]
            left = len(lines) - self._begins - len(shown)
            said = f"… {left} more line{'s' if left > 1 else ''}: Tab reads on" if left else "… Tab: from the beginning"
            shown += [""] * (page - len(shown)) + [in_ascii(said) if self._ascii_only else said]
        self.update("\n".join(shown), layout=False)

    def _wrapped(self) -> list[str]:
        return wrapped(self._text, (self.size.width or self.screen.size.width) - 2)
