"""The grid of the address map: cells in rows, a cursor on one of them, drawn line by line.

Owns the characters that tell the states apart without any colour, and the keys that move the cursor.
Invariant: it holds a cursor and a scroll position, no facts; a drawn line is exactly as wide as asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, groupby, islice
from operator import itemgetter
from typing import ClassVar, NamedTuple, TypeAlias

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from tui.app.widgets.row_view import RowView
from tui.app.widgets.rows import fit_middle
from tui.display import displayable, in_ascii
from tui.planner.address_map import MapCell, State
from tui.topology.prefix import address_text


@dataclass(frozen=True, slots=True)
class MapGlyphs:
    """The characters of the map."""

    states: Mapping[State, str]
    several: tuple[str, str] = ("█", "▒")
    """In turns, where a cell is full of different things."""
    cursor: tuple[str, str] = ("[", "]")
    cut: str = "…"


UNICODE = MapGlyphs({"free": "·", "used": "█", "held": "░", "avoided": "x", "mixed": "▒"})
ASCII = MapGlyphs({"free": ".", "used": "#", "held": "=", "avoided": "x", "mixed": "+"}, ("#", "+"), cut="...")

ROLES: Mapping[State, str] = {
    "free": "free",
    "used": "used",
    "held": "held",
    "avoided": "avoided",
    "mixed": "meter_used",
}
"""The role of each state in the palette."""

_ON_A_LINE = (16, 8, 4, 2, 1)
_NARROWEST = 4
_WIDEST = 12
_LEAST_LABEL = 14
_LEAST_OF_A_NAME = 5

_Place: TypeAlias = tuple[str, str]
"""What stands in one cell of the terminal: a character (none: the one before takes two), and its style."""


class Grid(NamedTuple):
    """How cells are laid out: so many on a line, each so wide, its gap included, behind the first address."""

    label: int
    columns: int
    pitch: int

    @classmethod
    def within(cls, width: int, label: Callable[[int], int], count: int) -> Grid:
        """Return how `count` cells are laid out in `width`: sixteen on a line, fewer where that is too narrow.

        `label`: the characters of the longest address before lines of so many cells; it is cut before fewer cells stand
        on a line.
        """
        fitting = (one for one in _ON_A_LINE if min(label(one), _LEAST_LABEL) + 1 + one * _NARROWEST <= width)
        columns = min(next(fitting, 1), count)
        room = max(min(label(columns), width - 1 - columns * _NARROWEST), 0)
        return cls(room, columns, max(min((width - room - 1) // columns, _WIDEST), _NARROWEST))


def meter(cell: MapCell, width: int, glyphs: MapGlyphs) -> str:
    """Return the `width` characters of a cell: those of its state, or how much of it is taken."""
    if cell.state != "mixed":
        return glyphs.states[cell.state] * width
    if not cell.free_addresses:
        return "".join(islice(cycle(glyphs.several), width))
    size = cell.prefix.size
    taken = max(min(-((cell.free_addresses - size) * width // size), width - 1), 1)
    return glyphs.states["used"] * taken + glyphs.states["free"] * (width - taken)


def draw_line(
    cells: Sequence[MapCell], grid: Grid, width: int, styles: Mapping[str, Style], glyphs: MapGlyphs, cursor: int | None
) -> Strip:
    """Return a line of `cells` with their first address before them; `cursor`: which of them it is on.

    `styles`: "base", "label" and "cursor", and one for each state.
    """
    label = _address(cells[0])
    if len(label) > grid.label:
        label = (glyphs.cut + label[len(label) - max(grid.label - len(glyphs.cut), 0) :])[: grid.label]
    places: list[_Place] = [(character, "label") for character in f"{label:<{grid.label}} "]
    at = 0
    for _, group in groupby(cells, key=_run):
        run = [*group]
        here = cursor is not None and at <= cursor < at + len(run)
        places += _drawn_run(run, grid.pitch, glyphs, here)
        at += len(run)
    if cursor is not None:
        first = grid.label + cursor * grid.pitch
        for place in range(first, first + grid.pitch + 1):
            places[place] = (places[place][0], "cursor")
        places[first], places[first + grid.pitch] = ((mark, "cursor") for mark in glyphs.cursor)
    places += [(" ", "base")] * (width - len(places))
    segments = [
        Segment("".join(character for character, _ in same), styles[style])
        for style, same in groupby(places, key=itemgetter(1))
    ]
    return Strip(segments, len(places)).crop(0, width)


_NO_STYLE = Style()


def _address(cell: MapCell) -> str:
    return address_text(cell.prefix.version, cell.prefix.first)


def _name(cell: MapCell) -> str | None:
    """The name that may be written over a cell: of what all of it belongs to."""
    return cell.names[0] if len(cell.names) == 1 and not cell.more and cell.state != "mixed" else None


def _run(cell: MapCell) -> tuple[object, ...]:
    """What neighbouring cells have in common that show one name together; without a name each is alone."""
    name = _name(cell)
    return (cell.prefix,) if name is None else (cell.state, name)


def _drawn_run(run: Sequence[MapCell], pitch: int, glyphs: MapGlyphs, under_cursor: bool) -> list[_Place]:
    """Cells one after another, the name of what they all belong to written over them where it has room."""
    places = [
        (character, style)
        for cell in run
        for character, style in [*((one, cell.state) for one in meter(cell, pitch - 1, glyphs)), (" ", "base")]
    ]
    whole, state = _name(run[0]), run[0].state
    if whole is None:
        return places
    if glyphs is ASCII:
        whole = in_ascii(whole)
    apart = " " if glyphs.states[state].isalpha() else ""  # letters would read as part of the name
    room = len(places) - 3 - 2 * len(apart)  # the first and the last character of a run tell its state
    name = fit_middle(whole, max(room, 0), glyphs.cut)
    if room < _LEAST_OF_A_NAME and name != displayable(whole[: max(room, 0) + 1]):
        return places
    if under_cursor and any(cell_len(one) != 1 for one in name):
        return places  # the cursor would cut a wide character in two
    written: list[_Place] = []
    name = f"{apart}{name}{apart}"
    for start, end, cells in split_graphemes(name)[0]:
        written += [(name[start:end], state), *[("", state)] * (cells - 1)]
    return [*places[:1], *written, *places[1 + len(written) :]]


class AddressGrid(RowView, can_focus=True):
    """Cells with a cursor. It posts `Highlighted` when the cursor comes to another cell, and `Selected`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "cursor_left", "Left", show=False),
        Binding("right,l", "cursor_right", "Right", show=False),
        Binding("up,k", "cursor_up", "Up", id="move-up", show=False),
        Binding("down,j", "cursor_down", "Down", id="move-down", show=False),
        Binding("pageup", "page_up", "Page up", id="page-up", show=False),
        Binding("pagedown", "page_down", "Page down", id="page-down", show=False),
        Binding("ctrl+u", "half_page_up", "Half a page up", id="half-page-up", show=False),
        Binding("ctrl+d", "half_page_down", "Half a page down", id="half-page-down", show=False),
        Binding("home,g", "home", "First", id="first", show=False),
        Binding("end,G", "end", "Last", id="last", show=False),
        Binding("0,circumflex_accent", "line_start", "Start of the line", show=False),
        Binding("dollar_sign", "line_end", "End of the line", show=False),
        Binding("enter", "select", "Open", id="open-row", show=False),
    ]

    class Highlighted(Message):
        """The cursor is on another cell, or other cells are shown."""

        def __init__(self, cell: MapCell) -> None:
            super().__init__()
            self.cell = cell

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor came to rest matters."""
            return isinstance(message, AddressGrid.Highlighted)

    class Selected(Message):
        """A cell was chosen, with Enter or a double click."""

        def __init__(self, cell: MapCell) -> None:
            super().__init__()
            self.cell = cell

    def __init__(self, *, palette: Mapping[str, Style] | None = None, ascii_only: bool = False) -> None:
        super().__init__((), palette=palette, header=False, ascii_only=ascii_only)
        self._map_glyphs = ASCII if ascii_only else UNICODE
        self._cells: Sequence[MapCell] = ()
        self._laid_out: tuple[int, Grid] | None = None  # for this width

    def set_cells(self, cells: Sequence[MapCell], cursor: int = 0) -> None:
        """Show these cells, of which there is at least one, with the cursor on that index."""
        self._cells, self._cursor = cells, cursor
        self._laid_out = None
        self._lay_out()
        self._repaint()
        self.post_message(self.Highlighted(cells[cursor]))

    @property
    def cursor_cell(self) -> MapCell | None:
        """The cell that the cursor is on; None before there are any."""
        return self._cells[self._cursor] if self._cells else None

    # How it is drawn

    @property
    def _grid(self) -> Grid:
        width = self.scrollable_content_region.width
        if self._laid_out is None or self._laid_out[0] != width:
            self._laid_out = width, Grid.within(width, self._longest_address, len(self._cells))
        return self._laid_out[1]

    def _longest_address(self, columns: int) -> int:
        return max(len(_address(self._cells[place])) for place in range(0, len(self._cells), columns))

    def _lay_out(self) -> None:
        """Follow the cells and the width; the cursor stays in view."""
        if self._cells:
            self.virtual_size = Size(0, -(-len(self._cells) // self._grid.columns))
            self._reveal()

    def _draw(self, y: int, width: int) -> Strip:
        look = self._look = self._look or self._current_look()
        grid = self._grid
        line = self._top + y
        cells = self._cells[line * grid.columns : (line + 1) * grid.columns]
        if not cells:
            return Strip.blank(width, look.base)
        styles: dict[str, Style] = {
            "base": look.base,
            "label": look.base + look.roles.get("muted", _NO_STYLE),
            "cursor": look.cursor,
        }
        styles |= {state: look.base + look.roles.get(role, _NO_STYLE) for state, role in ROLES.items()}
        on, column = divmod(self._cursor, grid.columns)
        return draw_line(cells, grid, width, styles, self._map_glyphs, column if on == line else None)

    # Where the cursor is

    def action_cursor_left(self) -> None:
        """One cell back, from the start of a line to the end of the one before."""
        self._move(self._cursor - 1)

    def action_cursor_right(self) -> None:
        """One cell on, from the end of a line to the start of the next."""
        self._move(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """One line up."""
        self._move_lines(-1)

    def action_cursor_down(self) -> None:
        """One line down."""
        self._move_lines(1)

    def action_page_up(self) -> None:
        """A page up."""
        self._move_lines(-self._lines)

    def action_page_down(self) -> None:
        """A page down."""
        self._move_lines(self._lines)

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self._move_lines(-max(self._lines // 2, 1))

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self._move_lines(max(self._lines // 2, 1))

    def action_home(self) -> None:
        """To the first cell."""
        self._move(0)

    def action_end(self) -> None:
        """To the last cell."""
        self._move(len(self._cells) - 1)

    def action_line_start(self) -> None:
        """To the first cell of the line."""
        self._move(self._cursor - self._cursor % self._grid.columns)

    def action_line_end(self) -> None:
        """To the last cell of the line."""
        columns = self._grid.columns
        self._move(self._cursor - self._cursor % columns + columns - 1)

    def action_select(self) -> None:
        """Choose the cell under the cursor."""
        if self._cells:
            self.post_message(self.Selected(self._cells[self._cursor]))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the click was; the second click of a double click chooses."""
        offset = event.get_content_offset(self)
        if offset is None or not self._cells:
            return
        grid = self._grid
        column = (offset.x - grid.label) // grid.pitch
        index = (self._top + offset.y) * grid.columns + column
        if 0 <= column < grid.columns and index < len(self._cells):
            self._move(index)
            if event.chain == 2:
                self.action_select()

    def on_resize(self) -> None:
        """Lay the cells out anew."""
        self._lay_out()

    def _move_lines(self, lines: int) -> None:
        """Move by lines within the column, as far as there are any."""
        if not self._cells:
            return
        columns = self._grid.columns
        line, column = divmod(self._cursor, columns)
        last = (len(self._cells) - 1) // columns
        self._move(max(min(line + lines, last), 0) * columns + column)

    def _move(self, index: int) -> None:
        index = max(min(index, len(self._cells) - 1), 0)
        if not self._cells or index == self._cursor:
            self._reveal()
            return
        before, top, columns = self._cursor, self._top, self._grid.columns
        self._cursor = index
        self._reveal()
        if self._top == top:
            self._repaint({before // columns, index // columns})
        self.post_message(self.Highlighted(self._cells[index]))

    def _reveal(self) -> None:
        """Bring the cursor into view: by a line where it left the view by one, else to the middle."""
        line, top, lines = self._cursor // self._grid.columns, self._top, self._lines
        if not lines or top <= line < top + lines:
            return
        wanted = line - lines + 1 if line == top + lines else line if line == top - 1 else line - lines // 2
        self.scroll_to(y=wanted, animate=False, force=True)
