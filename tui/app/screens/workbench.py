"""The workbench: three panes above, a work area below, a status line, and the commands.

Owns the way of an edit, from a key through a command to the store, and from there back to the panes.
Invariant: a command runs only while no question and no form is open, and one that cannot says why.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import AppFocus, DescendantFocus, Resize
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from tui.app.commands import REMINDERS, commands
from tui.app.keys import Keymap, bound, shown
from tui.app.screens import moving, places, sizes
from tui.app.screens.beside import WorkBeside
from tui.app.screens.cursor import CursorOnThings
from tui.app.screens.filling import NOT_YET, FillsForms
from tui.app.screens.host import Host
from tui.app.screens.overview import Overview
from tui.app.store import Change, Store
from tui.app.widgets.pane import Pane
from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Row
from tui.app.widgets.status_line import StatusLine
from tui.display import displayable, in_ascii
from tui.errors import VnetTuiError
from tui.topology.edits import Edit
from tui.topology.keypath import key_path
from tui.topology.parts import Path

if TYPE_CHECKING:
    from tui.app.widgets.prompt import Prompt

_NARROW = 100
"""Columns below which one pane is shown at a time."""

_RESTS_AFTER = 0.08
"""Seconds without a move after which the cursor counts as resting."""


def _bindings() -> list[BindingType]:
    fixed: tuple[BindingType, ...] = (
        Binding("escape", "let_go", show=False),
        Binding("tab", "next_pane(1)", show=False),
        Binding("shift+tab", "next_pane(-1)", show=False),
    )
    return [
        *fixed,
        *(
            # A command without a key gets one from the settings: a binding must be there for it.
            Binding(bound(command.keys), f"command('{command.id}')", id=command.id)
            for command in commands().values()
        ),
    ]


class WorkbenchScreen(CursorOnThings, FillsForms, WorkBeside, Screen[None]):
    """The main screen."""

    AUTO_FOCUS: ClassVar[str | None] = ""  # None would mean: as the app has it
    BINDINGS: ClassVar[list[BindingType]] = _bindings()

    def __init__(self, store: Store, palette: Mapping[str, Style], keymap: Keymap, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.store, self.keymap = store, keymap
        self.overview = Overview(store, ascii_only=ascii_only)
        self._prompt: Prompt | None = None
        self.ascii_only = ascii_only
        self.set_class(ascii_only, "-ascii")
        self.set_palette(palette)
        self.came_from: list[Path] = []
        self.problem: tuple[int, object] = (0, None)
        """Which problem was gone to last: its place, and its key."""
        self.sizes: dict[str, int] = {}
        """The sizes that the person gave to panes."""
        self.is_saving = False
        self.status = StatusLine(ascii_only=ascii_only)
        self._head = Static("", id="head", markup=False)
        self._follows: Timer | None = None

    # What commands ask for, beside what the cursor is on.

    def say(self, text: str, room_for: str = "") -> None:
        """Show a message in the status line; `room_for`: the longest of those that it takes turns with."""
        self.status.say(text, room_for)

    def _shown(self, text: str) -> str:
        return displayable(in_ascii(text) if self.ascii_only else text)

    def ask(
        self,
        question: str,
        text: str,
        answer: Callable[[str], None],
        given_up: Callable[[], None] = lambda: None,
        *,
        select: bool = False,
    ) -> None:
        """Ask in the prompt; come back, unless `answer` leads elsewhere. `select`: what is typed replaces `text`."""

        def done(line: str) -> None:
            self.try_to(lambda: answer(line))
            if not self.prompt.is_open and not self.form.is_open:
                self.overview.current.list.focus()

        def left() -> None:
            self.overview.current.list.focus()
            given_up()

        self.prompt.ask(question, text, done, given_up=left, select=select)

    def pick(
        self,
        title: str,
        rows: Callable[[str], Sequence[Row]],
        answer: Callable[[Hashable], None],
        **options: object,
    ) -> None:
        """Let one of many be picked, on a screen of its own. `options` are those of the picker."""
        from tui.app.screens.picker import PickerScreen

        def picked(key: Hashable | None) -> None:
            if key is not None:
                self.try_to(lambda: answer(key))

        picker = PickerScreen(title, rows, palette=self.palette, ascii_only=self.ascii_only, **options)  # type: ignore[arg-type]
        self.app.push_screen(picker, picked)

    def make(self, edit: Edit) -> bool:
        """Hand an edit to the store; say why and return False if it cannot be made."""
        return self.try_to(lambda: self.store.apply(edit))

    def copy(self, text: str) -> None:
        """Put text on the person's clipboard."""
        from tui.app.screens.editors import copy_out

        copy_out(self, text)

    def go_to(self, path: Path) -> None:
        """Move to what stands at `path` or holds it, and remember where one was."""
        shown, target = self.overview.shown, self.overview.nearest(path)
        if target is None:
            self.say(f"{key_path(path)} stands in the file alone, no pane shows it")
            return
        if shown is not None and shown != target:
            self.came_from.append(shown)
        places.show(self, target)

    def run_on_screen(self, what: str) -> None:
        """Do what concerns the screen alone."""
        from tui.app.screens.actions import ACTIONS

        ACTIONS[what](self)

    def try_to(self, action: Callable[[], None]) -> bool:
        """Do something that may be refused; say why and return False if it is."""
        try:
            action()
        except VnetTuiError as error:
            self.say_error(error)
            return False
        return True

    def say_error(self, error: VnetTuiError) -> None:
        """Show what went wrong, and what to do."""
        self.say(f"{error.message}. {error.hint}".rstrip(" ."))

    @property
    def host(self) -> Host:
        """The app, as screens know it."""
        return cast(Host, self.app)

    # Life.

    def compose(self) -> ComposeResult:
        """The panes, the lines above and below them."""
        self._adapt(self.app.size.width, update=False)
        self.overview.begin()
        yield self._head
        with Horizontal(id="top"):
            yield from self.overview.above
        with Vertical(id="work"):
            # What nobody sees yet is made after the first picture.
            yield from () if self.overview.alone else (self.overview.tab,)
        yield self.status

    def on_mount(self) -> None:
        """Show everything with the first VNet chosen; what is wrong follows."""
        self.store.subscribe(self._changed)
        sizes.recall(self)
        first = next(iter(self.store.topology.vnets), None)
        self.overview.shown = ("vnets", first) if first is not None else ()
        self.refresh_all()
        self.call_after_refresh(self._complete)
        self.say(self._reminder())

    def _reminder(self) -> str:
        """The commands that one needs first, with their keys, as many as a line holds."""
        line = ""
        for name in REMINDERS:
            command, keys = commands()[name], self.keymap.keys[name]
            longer = f"{line}  {shown(keys[0])} {command.title}" if keys else line
            if command.unavailable(self) is None and len(longer) < self.app.size.width:
                line = longer
        return line.strip()

    async def _complete(self) -> None:
        """Make what the first picture does without; from then on keys are taken."""
        from tui.app.widgets.form_view import FormView
        from tui.app.widgets.prompt import Prompt

        prompt, form = Prompt(), FormView(lambda: self.store.topology, ascii_only=self.ascii_only)
        form.set_palette(self.palette)
        hidden = [pane for pane in self.overview.below if not pane.is_attached]
        for place, widgets in ((self, [prompt]), (self.query_one("#work"), [*hidden, form])):
            if not self.is_attached:  # somebody left meanwhile
                return
            await place.mount(*widgets)
        self._prompt, self._form = prompt, form
        # Not before: the first screen of an app is not shown yet when it is mounted, and would have no focus to keep.
        self.set_focus(self.overview.current.list)
        self.host.is_ready()
        self._check()

    @property
    def takes_keys(self) -> bool:
        """True once everything is there."""
        return self._form is not None

    @property
    def prompt(self) -> Prompt:
        """The prompt, open or not; there is none before keys are taken."""
        if self._prompt is None:
            raise RuntimeError(NOT_YET)
        return self._prompt

    def set_palette(self, palette: Mapping[str, Style]) -> None:
        """Show roles in these styles."""
        self.palette = palette
        for one in self.overview.panes:
            one.set_palette(palette)
        if self._form is not None:
            self._form.set_palette(palette)

    def on_resize(self, event: Resize) -> None:
        """Show one pane at a time where there is no room for all."""
        self._adapt(event.size.width)
        self.overview.fill_work()

    def _adapt(self, width: int, *, update: bool = True) -> None:
        self.set_class(width < _NARROW, "-narrow", update=update)
        self._see_what_is_alone()

    def on_app_focus(self, event: AppFocus) -> None:
        """Say so when the file is no longer what it was."""

        def found(changed: bool) -> None:
            if changed and not self.is_saving:
                self.say("the file was changed by somebody else: ctrl+l reads it again")

        self.beside(self.store.changed_on_disk, found, lambda error: None, "disk")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Remember which pane the cursor is in, if it did not go on meanwhile; where one is shown alone, show it."""
        view = self.overview
        pane = next((one for one in view.panes if one.list is event.widget is self.focused), None)
        if pane is None:
            return
        if pane is not view.current and pane in view.above:
            view.show_cursor_of(pane)
        self.make_current(pane)

    def on_pane_title_clicked(self, event: Pane.TitleClicked) -> None:
        """Go to the pane whose title was clicked."""
        if self._form is not None and not self._form.is_open and not self.prompt.is_open:
            self.go_to_pane(self.overview.by_key[event.key])

    def on_row_list_highlighted(self, event: RowList.Highlighted) -> None:
        """Let the other panes follow the cursor."""
        view, is_current = self.overview, event.row_list is self.overview.current.list
        if event.row_list is view.subscriptions.list:
            view.fill_networks()
        if is_current and view.current in view.above:
            view.show_cursor_of(view.current)
            self._follow()
        elif is_current and self.finding is not None:
            from tui.app.panes import problems

            self.say(problems.help_of(self.finding))
        elif is_current and view.current is view.planner and self.takes_keys and not self.prompt.is_open:
            row = event.row_list.cursor_row
            self.say(row.cells[-1].text if row is not None else "", view.longest_reason)

    def _follow(self) -> None:
        # The work area follows when the cursor rests: while it runs, it would cost a page for every key.
        if self._follows is not None:
            self._follows.stop()
        self._follows = self.set_timer(_RESTS_AFTER, self.overview.fill_work)

    def on_row_list_selected(self, event: RowList.Selected) -> None:
        """Enter: go to the problem's place, into the details, or edit what is there."""
        view, finding, key = self.overview, self.finding, event.key
        path = view.thing(key)
        if finding is not None:
            self.go_to(finding.where[0])
        elif isinstance(key, tuple) and key[:1] == ("group",):
            view.toggle(str(key[1]))
        elif event.row_list in (view.vnets.list, view.gateways.list, view.subscriptions.list):
            self.go_to_pane(view.details)
        elif self.block is not None or view.current is view.planner:
            self.action_command("add")
        elif self.field or (path is not None and path != view.shown):
            self.action_command("edit")

    def action_command(self, name: str) -> None:
        """Run a command, or say why it is not available now."""
        command = commands()[name]
        if self._form is None or self.prompt.is_open:
            return
        if self._form.is_open:
            self.say(f"{command.title} waits for the form: Enter takes it, Escape leaves it")
            return
        why = command.unavailable(self)
        if why is not None:
            self.say(f"{command.title} is not available: {why}")
        else:
            self.try_to(lambda: command.run(self))

    def action_next_pane(self, step: int) -> None:
        """Go to the next pane that is shown, or would be if there were room."""
        moving.to_next_pane(self, step)

    def action_let_go(self) -> None:
        """Escape shows all rows again, then unmarks."""
        moving.let_go(self)

    # From the store to the panes.

    def _changed(self, change: Change) -> None:
        if change.after is not change.before:
            self.refresh_all()
            self._check()
        else:
            self.refresh_head()
        self.say(change.said)

    def _check(self) -> None:
        """Check the present topology beside what the person does, and show what was found."""
        before = self.store.findings

        def checked(_: None) -> None:
            if self.store.is_checked and self.store.findings is not before:
                self.refresh_all()
            self.refresh_head()

        self.beside(lambda: self.store.check(datetime.date.today()), checked, self.say_error, "check")

    def refresh_all(self) -> None:
        """Show everything anew."""
        self.overview.fill()
        self.refresh_head()

    def refresh_head(self) -> None:
        """Show the line at the top anew."""
        self._head.update(self._shown(self.overview.summary()), layout=False)

    def go_to_pane(self, pane: Pane) -> None:
        """Move the cursor into a pane."""
        self.make_current(pane)
        pane.list.focus()

    def make_current(self, pane: Pane) -> None:
        """Take a pane for the one that the cursor is in."""
        self.overview.make_current(pane)
        self.set_class(pane in self.overview.below, "-below")

    def zoom(self) -> None:
        """Give the pane the whole screen, or take it back."""
        self.toggle_class("-zoomed")
        self._see_what_is_alone()
        self.overview.fill_work()

    def _see_what_is_alone(self) -> None:
        self.overview.alone = self.has_class("-narrow") or self.has_class("-zoomed")
