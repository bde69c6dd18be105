"""Forms on the workbench: opened in the place of the work area, accepted, or left.

Invariant: while a form is open no command runs, and afterwards the cursor is in the pane that it was in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

from tui.app.screens import places
from tui.app.screens.overview import Overview
from tui.app.store import Store
from tui.topology.edits import Edit

if TYPE_CHECKING:
    from tui.app.forms.form import Form
    from tui.app.widgets.form_view import FormView
    from tui.app.widgets.rows import Row
    from tui.planner.suggest import Suggestion

NOT_YET = "the workbench does not take keys yet"


class FillsForms:
    """The part of a workbench that has a form."""

    overview: Overview
    store: Store
    pick: Callable[..., None]
    say: Callable[[str], None]
    make: Callable[[Edit], bool]
    add_class: Callable[..., Any]
    remove_class: Callable[..., Any]
    _form: FormView | None = None
    _held: tuple[str, ...] = ()
    """What is held for the blocks that were taken out of the planner into the open form."""

    @property
    def form(self) -> FormView:
        """The form, open or not; there is none before keys are taken."""
        if self._form is None:
            raise RuntimeError(NOT_YET)
        return self._form

    def open_form(self, form: Form) -> None:
        """Let a form be filled in, in the place of the work area."""
        self.say("")
        self.add_class("-form")
        self._held = ()
        self.form.open(form)

    def on_form_view_accepted(self, event: FormView.Accepted) -> None:
        """Make what the form says, and go to what it made; what was marked for it is done with."""
        edit, path = event.judgement.edit, event.judgement.path
        if edit is None or not self.make(edit):
            return
        self.close_form()
        if self.overview.marks:
            self.overview.marks.clear()
            self.overview.fill_networks()
        if path and self.overview.thing(path) is not None:
            places.arrive(self, path)  # type: ignore[arg-type]  # this is part of one
        self.say(edit.title)

    def on_form_view_plan_wanted(self, event: FormView.PlanWanted) -> None:
        """Let a block be chosen in the planner, and put it into the field, and what is held for it into the form."""
        from tui.app.panes import planner

        topology, asked = self.store.topology, event.text

        def rows(text: str) -> list[Row]:
            nonlocal asked
            asked = text
            return planner.rows(topology, text, does="; in the planner (7), Enter does it")

        def answer(key: Hashable) -> None:
            found = planner.chosen(topology, asked, key)
            if found is not None:
                self._fill_in(event.key, found.blocks)
            else:
                ask()  # this line is no block: there may be another one

        def ask() -> None:
            typed = "type a size, as /24 or 100 hosts; Escape leaves"
            title = "Planner: Enter takes the block"
            self.pick(title, rows, answer, columns=planner.COLUMNS, text=asked, whole=5, placeholder=typed)

        ask()

    def _fill_in(self, key: str, blocks: Sequence[Suggestion]) -> None:
        from tui.app.forms.prefix_text import words_of

        # What was typed last was for this; what stands before it stays.
        kept = [word.text for word in words_of(self.form.values[key])[:-1]]
        self.form.fill_in(key, ", ".join((*kept, *(str(one.prefix) for one in blocks))))
        if key == "address_space":
            # What an earlier choice held is held for nothing now.
            others = [word.text for word in words_of(self.form.values.get("growth", ""))]
            others = [one for one in others if one not in self._held]
            self._held = tuple(str(prefix) for one in blocks for prefix in one.held)
            self.form.fill_in("growth", ", ".join((*others, *self._held)))

    def on_form_view_left(self) -> None:
        """Back to where one was."""
        self.close_form()

    def close_form(self) -> None:
        """Take the form away, and come back to the pane."""
        self.remove_class("-form")
        self.form.close()
        self.overview.current.list.focus()
