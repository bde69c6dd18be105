"""The address map on the screen: a pool as a grid, what the cursor is on in words, and the keys that zoom.

Owns which pool and which view of it are looked at.
Invariant: it changes nothing; it is left with a block that is free in the topology it was given, or with nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from tui.app.widgets.address_map import ASCII, ROLES, UNICODE, AddressGrid
from tui.app.widgets.prompt import Prompt
from tui.app.widgets.rows import fit
from tui.connectivity.search import prefix_of
from tui.display import displayable, in_ascii
from tui.planner.address_map import cell_length, cells, describe, map_pools, place_of, view_of, zoomed_in, zoomed_out
from tui.topology.model import Topology
from tui.topology.prefix import Prefix
from tui.topology.subnet_sizes import SMALLEST

_KEYS = "Enter: new VNet in free space, else closer; + - zoom; / go to; Tab pool; Esc"
_LOW = 12
"""Lines of a terminal that is too low for the legend and the keys."""
_TITLE = 28
"""Characters of a pool's name that are shown."""


class AddressMapScreen(Screen[Prefix | None]):
    """The map of the pools. Dismissed with the free block that was chosen, or None."""

    DEFAULT_CSS = """
    AddressMapScreen { layout: vertical; }
    AddressMapScreen > .title { height: 1; background: $panel; text-style: bold; text-wrap: nowrap; }
    AddressMapScreen > AddressGrid { width: 100%; height: 1fr; }
    AddressMapScreen > .whole { height: 3; padding: 0 1; background: $panel; }
    AddressMapScreen > .line { height: auto; max-height: 2; padding: 0 1; }
    AddressMapScreen > .keys { background: $panel; }
    AddressMapScreen.-low > .whole { height: 2; }
    AddressMapScreen.-low > .line { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash,f", "ask", "Go to", show=False),
        Binding("escape,q", "leave", "Leave", show=False),
        Binding("tab", "pool(1)", "Next pool", show=False),
        Binding("shift+tab", "pool(-1)", "Previous pool", show=False),
        Binding("plus,equals_sign,z", "zoom_in", "Zoom in", show=False),
        Binding("minus,backspace,Z", "zoom_out", "Zoom out", show=False),
    ]

    def __init__(
        self, topology: Topology, *, palette: Mapping[str, Style], ascii_only: bool = False, at: Prefix | None = None
    ) -> None:
        """`at`: the block that the cursor begins on, one of a VNet say; without it, the first of the first pool."""
        super().__init__()
        self._topology, self._palette, self._ascii_only = topology, palette, ascii_only
        self._pool = 0
        self._look_for(at)
        self._grid = AddressGrid(palette=palette, ascii_only=ascii_only)
        self._title = Static("", classes="title", markup=False)
        self._status = Static("", classes="whole", markup=False)
        self._legend = Static("", classes="line", markup=False)
        self._prompt = Prompt()

    @property
    def pool(self) -> Prefix:
        """What is looked at as a whole."""
        return self._pools[self._pool].prefix

    def compose(self) -> ComposeResult:
        """What is shown, the grid, the cell under the cursor in words, what the characters mean, and the keys."""
        yield self._title
        yield self._grid
        yield self._status
        yield self._legend
        yield Static(_KEYS, classes="line keys", markup=False)
        yield self._prompt

    def on_mount(self) -> None:
        """Show the map."""
        self._legend.update(self._meanings())
        self._show(self._view, self._at)
        self._grid.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Leave the room to the grid where there is little."""
        self.set_class(event.size.height < _LOW, "-low")

    def set_palette(self, palette: Mapping[str, Style]) -> None:
        """Show roles in these styles."""
        self._palette = palette
        self._grid.set_palette(palette)
        self._legend.update(self._meanings())

    def say(self, text: str) -> None:
        """Show a message where the cell under the cursor is described, until the cursor moves."""
        self._status.update(displayable(in_ascii(text) if self._ascii_only else text), layout=False)

    def on_address_grid_highlighted(self, event: AddressGrid.Highlighted) -> None:
        """Tell what the cursor is on."""
        event.stop()
        self.say(describe(self._topology, event.cell, self.pool))

    def on_address_grid_selected(self, event: AddressGrid.Selected) -> None:
        """Choose a free block, look closer at any other."""
        event.stop()
        smallest = SMALLEST[event.cell.prefix.version]
        block = event.cell.prefix.shortened(min(event.cell.prefix.length, smallest))
        if event.cell.state != "free":
            self.action_zoom_in()
        elif block != event.cell.prefix and not self._is_free(block):
            self.say(f"{block}, the smallest block that Azure takes here, is not all free")
        elif self.is_current:
            self.dismiss(block)

    def _is_free(self, block: Prefix) -> bool:
        return self.pool.contains(block) and cells(self._topology, block, block.length)[0].state == "free"

    def action_leave(self) -> None:
        """Choose nothing."""
        if self.is_current:
            self.dismiss(None)

    def action_ask(self) -> None:
        """Ask for an address or a prefix, and go there."""

        def back() -> None:
            self._grid.focus()

        def answered(text: str) -> None:
            back()
            at = prefix_of(text.strip())
            if at is not None:
                self._look_for(at)
                self._show(self._view, at)
            elif text.strip():
                self.say(f'"{text.strip()}" is no address and no prefix')

        self._prompt.ask("Go to an address or a prefix", "", answered, given_up=back)

    def action_pool(self, step: int) -> None:
        """Show all of the pool that is `step` further."""
        if self._prompt.is_open:
            return
        if len(self._pools) == 1:
            self.say("there is no other pool")
            return
        self._pool = (self._pool + step) % len(self._pools)
        self._show(self.pool, None)

    def action_zoom_in(self) -> None:
        """Look closer at the cell under the cursor."""
        cell = self._grid.cursor_cell
        if cell is None:
            return
        view = zoomed_in(self._view, cell.prefix)
        if view == self._view:
            self.say(
                f"{describe(self._topology, cell, self.pool)}; the map does not go closer than /{cell_length(view)}"
            )
        else:
            self._show(view, cell.prefix)

    def action_zoom_out(self) -> None:
        """Look from further away, with the cursor on what holds the cell that it is on."""
        cell = self._grid.cursor_cell
        if cell is None:
            return
        view = zoomed_out(self._view, self.pool)
        if view == self._view:
            self.say(f"this is all of {self.pool}; Tab goes to the next pool")
        else:
            self._show(view, cell.prefix)

    def _look_for(self, at: Prefix | None) -> None:
        """Take the pool that holds `at`, else one that overlaps it, and the view of it that `at` can be seen in."""
        self._pools, self._at, self._pool = map_pools(self._topology, at), at, 0
        if at is not None:
            holding = [place for place, pool in enumerate(self._pools) if pool.prefix.contains(at)]
            overlapping = [place for place, pool in enumerate(self._pools) if pool.prefix.overlaps(at)]
            self._pool = (holding or overlapping)[0]
        self._view = view_of(self.pool, at)

    def _show(self, view: Prefix, at: Prefix | None) -> None:
        self._view, length = view, cell_length(view)
        pool = self._pools[self._pool]
        whole = "" if view == pool.prefix else f", {pool.prefix}"
        number = f" ({self._pool + 1} of {len(self._pools)})" if len(self._pools) > 1 else ""
        before = f" Map of {view} in /{length} blocks: "
        room = min(self.size.width - len(before) - len(whole) - len(number), _TITLE)
        cut = (ASCII if self._ascii_only else UNICODE).cut
        title = f"{before}{fit(pool.title, max(room, 0), cut)}{whole}{number}"
        self._title.update(in_ascii(title) if self._ascii_only else title, layout=False)
        self._grid.set_cells(cells(self._topology, view, length), 0 if at is None else place_of(view, at))

    def _meanings(self) -> Text:
        """What the characters mean, each in its colour."""
        glyphs = ASCII if self._ascii_only else UNICODE
        parts: list[tuple[str, Style]] = []
        both = "".join(glyphs.several)
        shown = {
            **{state: (glyphs.states[state] * 3, state) for state in ROLES},
            "mixed": (glyphs.states["used"] + glyphs.states["free"] * 2, "in part taken"),
        }
        for state, role in ROLES.items():
            characters, word = shown[state]
            parts += [(characters, self._palette.get(role, Style())), (f" {word}  ", Style())]
        return Text.assemble(*parts, (both + both[0], self._palette.get(ROLES["mixed"], Style())), " several")
