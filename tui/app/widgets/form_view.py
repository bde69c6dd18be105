"""A form on the screen: its fields as lines, the one that is typed into, and what is said about it.

Owns what was typed so far, and the keys of a form. The form judges, this shows.
Invariant: nothing becomes of what is typed before it is accepted, and it is not thrown away by one key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from tui.app.forms.form import Field, Form, Judgement
from tui.app.widgets.form_lines import COLUMNS, completed, completions, field_rows, note_rows, value_place
from tui.app.widgets.line_input import LineInput
from tui.app.widgets.lines import ClickedLines, Lines
from tui.app.widgets.row_list import RowList
from tui.display import displayable
from tui.topology.model import Topology

_TOO_LONG = 0.03
"""Seconds that judging may take for every key; where it takes longer, it waits for a pause in the typing."""
_PAUSE = 0.15

_NOTES_LINES = 7
"""Lines that the notes have at least, with the border above them."""
_KEYS = "enter takes it, tab next, esc leaves"

_NEXT_FREE, _PLAN = "s", "p"
"""No prefix holds these letters, so that they can be keys where one is typed."""


class _Typed(LineInput):
    """The field under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down", "form('next_field')", "Next field", id="form-next", show=False),
        Binding("shift+tab,up", "form('previous_field')", "Field before", id="form-previous", show=False),
        Binding("escape", "form('give_up')", "Leave the form", id="form-leave", show=False),
        Binding("ctrl+t", "form('take_offer')", "Take what is offered", id="form-take", show=False),
        Binding("ctrl+n", "form('next_free')", "Next free block", id="form-next-free", show=False),
        Binding("ctrl+g", "form('plan')", "Planner", id="form-plan", show=False),
        Binding("right", "form('right')", "Right, or complete", show=False),
        Binding("pagedown", "form('notes_down')", "Notes: page down", id="form-notes-down", show=False),
        Binding("pageup", "form('notes_up')", "Notes: page up", id="form-notes-up", show=False),
    ]

    def __init__(self, view: FormView) -> None:
        super().__init__(select_on_focus=True)
        self._view = view

    def action_form(self, what: str) -> None:
        """Do something that concerns the whole form."""
        getattr(self._view, f"do_{what}")()

    async def _on_key(self, event: events.Key) -> None:
        if not self._view.handled(event.character or ""):
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()


class FormView(Vertical):
    """The form that is open, if one is. Posts `Accepted` or `Left`."""

    DEFAULT_CSS = """
    FormView { display: none; height: 1fr; }
    FormView > .title { height: 1; background: $surface; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    FormView > .sheet { height: 1fr; layers: lines typed; }
    FormView > .sheet > ClickedLines { layer: lines; height: 1fr; }
    FormView > .sheet > _Typed { layer: typed; position: absolute; height: 1; border: none; padding: 0; }
    FormView > .notes { height: 7; border-top: solid $border-blurred; }
    """

    class Accepted(Message):
        """The form is filled in."""

        def __init__(self, judgement: Judgement) -> None:
            super().__init__()
            self.judgement = judgement

    class PlanWanted(Message):
        """A block for a field shall be chosen in the planner, which is asked for `text`."""

        def __init__(self, key: str, text: str) -> None:
            super().__init__()
            self.key, self.text = key, text

    class Left(Message):
        """The form was given up."""

    def __init__(self, topology: Callable[[], Topology], *, ascii_only: bool = False) -> None:
        super().__init__(id="form")
        self._topology = topology
        self._heading = Static("", classes="title", markup=False)
        self._sheet = Vertical(classes="sheet")
        self._lines = ClickedLines(COLUMNS, empty="", ascii_only=ascii_only, header=False)
        self._typed = _Typed(self)
        self._notes = Lines(COLUMNS[:1], empty="", ascii_only=ascii_only, header=False)
        self._notes.add_class("notes")
        self._form: Form | None = None
        self._at = 0
        self._values: dict[str, str] = {}
        self._judgement = Judgement({})
        self._warned = False
        self._shown_heading = ""
        self._took = 0.0
        self._pause: Timer | None = None

    @property
    def is_open(self) -> bool:
        """True while a form is being filled in."""
        return self._form is not None

    @property
    def values(self) -> Mapping[str, str]:
        """What stands in the fields."""
        return self._values

    @property
    def judgement(self) -> Judgement:
        """What is said of it."""
        return self._judgement

    @property
    def is_judged(self) -> bool:
        """True if that is about what stands in the fields; false while it waits for a pause in the typing."""
        return self._pause is None

    @property
    def field(self) -> Field | None:
        """The field that is typed into."""
        return self._form.fields[self._at] if self._form is not None else None

    def compose(self) -> ComposeResult:
        """The title, the fields, and the notes below them."""
        yield self._heading
        with self._sheet:
            yield self._lines
            yield self._typed
        yield self._notes

    def set_palette(self, palette: Mapping[str, Style]) -> None:
        """Show roles in these styles."""
        self._lines.set_palette(palette)
        self._notes.set_palette(palette)

    def open(self, form: Form) -> None:
        """Show `form`, and type into its first field."""
        self._form, self._warned = form, False
        self._values = {field.key: form.initial.get(field.key, "") for field in form.fields}
        keys = [field.key for field in form.fields]
        self._at = keys.index(form.first) if form.first in keys else 0
        self.display = True
        self._fit(self.size.height)
        self._judge()
        self._enter()

    def close(self) -> None:
        """Take the form away."""
        self._let_pause_go()
        self._form = None
        self.display = False

    def handled(self, character: str) -> bool:
        """Do what a typed character does other than stand in the field; False if it is to stand there."""
        field = self.field
        if field is None or not character.isprintable() or not character:
            return False
        if field.kind == "prefixes" and character == _NEXT_FREE:
            self.do_next_free()
            return True
        if field.kind == "prefixes" and character == _PLAN:
            self.do_plan()
            return True
        if field.kind == "choice":
            known = field.choices(self._topology(), self._values)
            here = self._values[field.key]
            fitting = [one for one in known if character == " " or one.casefold().startswith(character.casefold())]
            if fitting:
                after = fitting.index(here) + 1 if here in fitting else 0
                self._typed.fill(fitting[after % len(fitting)])
            return True
        return False

    # Keys.

    def do_next_field(self, step: int = 1) -> None:
        """Type into the field below; from the last one, into the first."""
        if self._form is not None:
            self._at = (self._at + step) % len(self._form.fields)
            self._enter()

    def do_previous_field(self) -> None:
        """Type into the field above."""
        self.do_next_field(-1)

    def do_take_offer(self) -> None:
        """Put into the field what is offered for it, or what completes it."""
        field = self.field
        if field is None:
            return
        if not self.is_judged:
            self._judge()  # what was offered was for what stood there before
        offers = [notice.offer for notice in self._judgement.notices.get(field.key, ()) if notice.offer is not None]
        if offers:
            self._typed.fill(offers[0])
        else:
            self._complete()

    def do_right(self) -> None:
        """Move in the text; behind its end, complete it."""
        if self._typed.cursor_position < len(self._typed.value) or not self._complete():
            self._typed.action_cursor_right()

    def do_notes_down(self) -> None:
        """Show what follows in the notes."""
        self._notes.scroll_page_down(animate=False)

    def do_notes_up(self) -> None:
        """Show what came before in the notes."""
        self._notes.scroll_page_up(animate=False)

    def do_next_free(self) -> None:
        """Put the next free block into the field."""
        field, form = self.field, self._form
        if field is None or form is None:
            return
        block = form.next_free(self._topology(), self._values, field.key)
        if block is not None:
            self._typed.fill(block)
        else:
            self._show_notes("there is no next free block for this field")

    def do_plan(self) -> None:
        """Let a block for the field be chosen in the planner."""
        field, form = self.field, self._form
        if field is None or form is None:
            return
        text = form.plan(self._topology(), self._values, field.key)
        if text is not None:
            self.post_message(self.PlanWanted(field.key, text))
        else:
            self._show_notes("the planner has nothing for this field")

    def fill_in(self, key: str, text: str) -> None:
        """Put a text into a field, which need not be the one under the cursor."""
        field = self.field
        if field is not None and field.key == key:
            self._typed.fill(text)
        elif key in self._values:
            self._values[key] = text
            self._judge()

    def do_give_up(self) -> None:
        """Leave the form; if something was typed, only when asked twice."""
        form = self._form
        changed = form is not None and any(text != form.initial.get(key, "") for key, text in self._values.items())
        if changed and not self._warned:
            self._warned = True
            self._show_notes("Escape again leaves without this, Enter takes it")
            return
        self.post_message(self.Left())

    def _complete(self) -> bool:
        field = self.field
        if field is None:
            return False
        found = completions(field, self._topology(), self._values)
        if found:
            self._typed.fill(completed(self._values[field.key], found[0]))
        return bool(found)

    # What happens.

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge what is typed."""
        event.stop()
        field = self.field
        if field is not None and self._values[field.key] != event.value:
            self._values[field.key] = event.value
            self._warned = False
            if self._took > _TOO_LONG:
                self._let_pause_go()
                self._pause = self.set_timer(_PAUSE, self._judge)
            else:
                self._judge()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the form; if something stands in the way, go there."""
        event.stop()
        if self._form is None:
            return
        if not self.is_judged:
            self._judge()
        if self._judgement.edit is not None:
            self.post_message(self.Accepted(self._judgement))
            return
        wrong = [
            place
            for place, field in enumerate(self._form.fields)
            if any(notice.severity == "error" for notice in self._judgement.notices.get(field.key, ()))
        ]
        if wrong and self._at not in wrong:
            self._at = wrong[0]
            self._enter()
        elif not wrong:
            self._show_notes("nothing is changed yet; Escape leaves")

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Go to the field that was clicked."""
        event.stop()
        if self._form is None or event.row_list is not self._lines:
            return
        keys = [field.key for field in self._form.fields]
        if event.key in keys and keys.index(str(event.key)) != self._at:
            self._at = keys.index(str(event.key))
            self._enter()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the input over its line."""
        if self.is_open:
            self._fit(event.size.height)
            self.call_after_refresh(self._place)

    def _fit(self, height: int) -> None:
        """Give the notes what the fields leave."""
        fields = len(self._form.fields) if self._form is not None else 0
        self._notes.styles.height = max(height - 1 - fields, _NOTES_LINES)

    def _let_pause_go(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    def _judge(self) -> None:
        self._let_pause_go()
        if self._form is not None:
            begin = time.perf_counter()
            self._judgement = self._form.judge(self._topology(), self._values)
            self._took = time.perf_counter() - begin
            self._show()

    def _enter(self) -> None:
        field = self.field
        if field is None:
            return
        self._show()
        self._notes.scroll_home(animate=False)
        self._lines.move_to(field.key)
        self._typed.joint = ", " if field.kind == "prefixes" else field.joint
        with self.prevent(Input.Changed):
            self._typed.fill(self._values[field.key])
        self._typed.focus()
        self._typed.action_select_all()
        self.call_after_refresh(self._place)

    def _place(self) -> None:
        """Lay the input over the value of its line."""
        start, width = value_place(self._lines.scrollable_content_region.width)
        line = (self._lines.cursor_index or 0) - self._lines.scroll_offset.y
        self._typed.styles.offset = (start, line)
        self._typed.styles.width = width
        self._show_notes()

    def _show(self) -> None:
        form = self._form
        if form is None:
            return
        self._lines.set_rows(field_rows(form, self._values, self._judgement))
        self._show_notes()

    def _show_notes(self, first: str = "") -> None:
        field, form = self.field, self._form
        if field is None or form is None:
            return
        room = self._notes.scrollable_content_region
        if not room.width:
            return  # not laid out yet: `_place` shows them
        found = completions(field, self._topology(), self._values)
        planned = form.plan(self._topology(), self._values, field.key) is not None
        bar = 0 if self._notes.show_vertical_scrollbar else self._notes.styles.scrollbar_size_vertical
        rows = note_rows(field, self._judgement, found, room.width - bar, first, planned=planned)
        self._notes.set_lines(rows)
        more = ", pgdn reads on below" if len(rows) > room.height else ""
        heading = displayable(f" {form.title}   {_KEYS}{more}")
        if heading != self._shown_heading:
            self._shown_heading = heading
            self._heading.update(heading, layout=False)
