"""The prompt: one line at the bottom that asks for one line of text.

Invariant: it is either hidden or has the focus; giving up changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from tui.app.widgets.line_input import LineInput
from tui.display import displayable


class Prompt(Horizontal):
    """A question with an input behind it."""

    DEFAULT_CSS = """
    Prompt { height: 1; dock: bottom; display: none; }
    Prompt.-open { display: block; }
    Prompt > Static { width: auto; text-style: bold; }
    Prompt > Input { width: 1fr; border: none; height: 1; padding: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Give up", show=False),
        # Not to the next pane, which would leave the question open behind it.
        Binding("tab,shift+tab", "complete", "Complete", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._question = Static("", markup=False)
        self._line = LineInput()
        self._answer: Callable[[str], None] = lambda text: None
        self._typed: Callable[[str], None] | None = None
        self._given_up: Callable[[], None] = lambda: None

    @property
    def is_open(self) -> bool:
        """True while it waits for an answer."""
        return self.has_class("-open")

    def compose(self) -> ComposeResult:
        """The question and the line."""
        yield self._question
        yield self._line

    def ask(
        self,
        question: str,
        text: str,
        answer: Callable[[str], None],
        *,
        typed: Callable[[str], None] | None = None,
        given_up: Callable[[], None] = lambda: None,
        select: bool = False,
    ) -> None:
        """Ask; `answer` gets the line, `typed` every state of it, `given_up` is called on Escape.

        `select`: what is typed takes the place of `text`. A `text` that could not be shown gives an empty line.
        """
        text = text if text == displayable(text) else ""
        self._answer, self._typed, self._given_up = answer, None, given_up
        self._question.update(displayable(f" {question}: "))
        self._line.fill(text)
        self._typed = typed
        self.add_class("-open")
        self._line.focus()
        if select:
            self._line.action_select_all()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed."""
        event.stop()
        if self._typed is not None and self.is_open:
            self._typed(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close, and answer."""
        event.stop()
        self.remove_class("-open")
        self._answer(event.value)

    def action_complete(self) -> None:
        """Take what completes the line, where something is offered."""
        self._line.action_end()
        self._line.action_cursor_right()

    def action_give_up(self) -> None:
        """Close without an answer."""
        self.remove_class("-open")
        self._given_up()
