"""The one line that is typed into: in the prompt, in forms, and above lists that are searched.

Invariant: nothing but displayable text comes into it, whatever is pasted; it does not blink.
"""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from tui.display import displayable


class LineInput(Input):
    """An input of one line. Pasted lines are joined with `joint`."""

    def __init__(self, *, joint: str = " ", placeholder: str = "", select_on_focus: bool = False) -> None:
        super().__init__(compact=True, placeholder=placeholder, select_on_focus=select_on_focus)
        self.joint = joint

    def on_mount(self) -> None:
        """Stop the cursor from blinking: it costs 2 KB a second on the line."""
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        lines = [line.strip() for line in event.text.splitlines()]
        text = displayable(self.joint.join(filter(None, lines)).replace("\t", " "))
        if text:
            selection = self.selection
            self.replace(text, *sorted(selection))
        event.stop()
        event.prevent_default()

    def fill(self, text: str) -> None:
        """Put `text` there, with the cursor behind it."""
        shown = displayable(text)
        self.value = shown
        self.cursor_position = len(shown)
