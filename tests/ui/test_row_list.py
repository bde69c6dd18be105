"""The one list: what a person sees when moving, choosing, sorting and resizing.

Invariant: the tests look at lines and messages, never at how the list keeps them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Hashable, Sequence
from contextlib import asynccontextmanager

from rich.style import Style
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.pilot import Pilot

from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Cell, Column, Row

_COLUMNS = (Column("Name", 6, 1), Column("Region", 8), Column("Free", 5, align="right"))


def _row(key: Hashable, *texts: str, marked: bool = False) -> Row:
    return Row(key, tuple(Cell(text) for text in texts), marked=marked)


def _numbered(numbers: Sequence[int]) -> tuple[Row, ...]:
    return tuple(_row(number, f"row-{number:03}", "weu", str(number)) for number in numbers)


class ListApp(App[None]):
    """Two lists side by side, and what they said."""

    CSS = "Screen { layout: horizontal; }"

    def __init__(self, rows: Sequence[Row], ascii_only: bool = False) -> None:
        super().__init__()
        self.said: list[str] = []
        self._rows = rows
        self._ascii_only = ascii_only

    def compose(self) -> ComposeResult:
        """The list under test, and another."""
        rows = RowList(_COLUMNS, empty="no VNets yet: press a to add one", ascii_only=self._ascii_only, id="first")
        rows.set_rows(self._rows)
        yield rows
        yield RowList(_COLUMNS, header=False, id="second")

    def on_row_list_highlighted(self, message: RowList.Highlighted) -> None:
        """Remember it."""
        self.said.append(f"on {message.key}")

    def on_row_list_selected(self, message: RowList.Selected) -> None:
        """Remember it."""
        self.said.append(f"chose {message.key}")


class Person:
    """Somebody before a screen with a list of twenty visible rows."""

    def __init__(self, app: ListApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.list = app.query_one("#first", RowList)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def is_shown(self, rows: Sequence[Row]) -> None:
        self.list.set_rows(rows)
        await self.pilot.pause()

    def sees(self) -> list[str]:
        """The lines of the list, as they stand on the screen."""
        return [strip.text[:40].rstrip() for strip in self.app.screen._compositor.render_strips()]

    def at(self) -> Hashable | None:
        """The key under the cursor."""
        return self.list.cursor_key

    def line_of_cursor(self) -> int:
        return next(number for number, line in enumerate(self.sees()) if line[:1] in ("▌", "▏", ">"))


@asynccontextmanager
async def _person(rows: Sequence[Row], ascii_only: bool = False) -> AsyncIterator[Person]:
    app = ListApp(rows, ascii_only)
    async with app.run_test(size=(80, 21)) as pilot:
        await pilot.pause()
        app.said.clear()
        yield Person(app, pilot)


async def test_one_moves_with_arrows_vi_keys_and_to_both_ends() -> None:
    async with _person(_numbered(range(100))) as person:
        await person.press("down", "j", "j", "up", "k")
        assert person.at() == 1
        await person.press("G")
        assert (person.at(), person.sees()[-1][:9]) == (99, "▌ row-099")
        await person.press("g", "g")
        assert (person.at(), person.sees()[1][:9]) == (0, "▌ row-000")
        await person.press("end", "home", "up")
        assert person.at() == 0
        assert person.app.said[-1] == "on 0"


async def test_one_turns_pages_and_the_cursor_keeps_its_line() -> None:
    async with _person(_numbered(range(100))) as person:
        await person.press("down", "down", "pagedown")
        assert (person.at(), person.line_of_cursor()) == (22, 3)
        await person.press("ctrl+d")
        assert (person.at(), person.line_of_cursor()) == (32, 3)
        await person.press("ctrl+u", "pageup")
        assert (person.at(), person.line_of_cursor()) == (2, 3)
        await person.press("pageup")
        assert person.at() == 0
        await person.press(*["pagedown"] * 6)
        assert person.at() == 99


async def test_the_view_follows_the_cursor_in_both_directions() -> None:
    async with _person(_numbered(range(100))) as person:
        for number in range(1, 45):
            await person.press("down")
            assert f"▌ row-{number:03}" in "\n".join(person.sees())
        for number in reversed(range(44)):
            await person.press("up")
            assert f"▌ row-{number:03}" in "\n".join(person.sees())


async def test_the_cursor_stays_on_its_thing_and_its_line_when_rows_come_and_go_above_it() -> None:
    async with _person(_numbered(range(0, 200, 2))) as person:
        assert person.list.move_to(80)
        await person.pilot.pause()
        line = person.line_of_cursor()
        before = person.sees()
        await person.is_shown(_numbered([1, 3, 5, *range(0, 200, 2)]))
        assert person.sees() == before
        await person.is_shown(_numbered(range(40, 200, 2)))
        assert person.sees() == before
        await person.is_shown(_numbered([*reversed(range(40, 200, 2))]))
        assert (person.at(), person.line_of_cursor()) == (80, line)
        assert person.app.said == ["on 80"]


async def test_when_the_thing_under_the_cursor_is_gone_the_next_one_takes_its_place() -> None:
    async with _person(_numbered(range(10))) as person:
        await person.press("down", "down")
        await person.is_shown(_numbered([0, 1, 3, 4]))
        assert person.at() == 3
        await person.is_shown(_numbered([0, 1]))
        assert person.at() == 1
        await person.is_shown(())
        assert person.at() is None
        assert person.app.said[-3:] == ["on 3", "on 1", "on None"]
        assert person.sees()[1] == "  no VNets yet: press a to add one"
        await person.press("down", "pagedown", "G", "enter")
        await person.is_shown(_numbered([7]))
        assert person.app.said[-2:] == ["on None", "on 7"]


async def test_a_list_that_shrinks_under_a_far_cursor_shows_its_end() -> None:
    async with _person(_numbered(range(1_000))) as person:
        await person.press("G")
        await person.is_shown(_numbered(range(30)))
        assert person.sees()[-1][:9] == "▌ row-029"
        await person.is_shown(_numbered(range(3)))
        assert [line[:9] for line in person.sees()[1:5]] == ["  row-000", "  row-001", "▌ row-002", ""]


async def test_a_click_moves_the_cursor_and_a_double_click_or_enter_chooses() -> None:
    async with _person(_numbered(range(100))) as person:
        await person.pilot.click("#first", offset=(5, 4))
        assert person.at() == 3
        await person.pilot.click("#first", offset=(5, 0))
        assert person.at() == 3
        await person.press("G")
        await person.pilot.click("#first", offset=(5, 1), times=2)
        assert person.at() == 80
        await person.press("enter")
        assert [said for said in person.app.said if said.startswith("chose")] == ["chose 80", "chose 80"]


async def test_a_click_below_the_last_row_does_nothing() -> None:
    async with _person(_numbered(range(3))) as person:
        await person.pilot.click("#first", offset=(5, 10), times=2)
        assert person.app.said == []


async def test_the_wheel_moves_the_view_and_the_next_key_comes_back_to_the_cursor() -> None:
    async with _person(_numbered(range(100))) as person:
        for _ in range(15):
            await person.pilot._post_mouse_events([MouseScrollDown], "#first", offset=(5, 5))
        await person.pilot.pause()
        assert person.sees()[1][:9] == "  row-030"
        assert person.at() == 0
        await person.press("down")
        assert "▌ row-001" in "\n".join(person.sees())


async def test_after_the_wheel_new_rows_above_leave_the_view_where_it_is() -> None:
    async with _person(_numbered(range(100))) as person:
        for _ in range(15):
            await person.pilot._post_mouse_events([MouseScrollDown], "#first", offset=(5, 5))
        await person.pilot.pause()
        before = person.sees()
        await person.is_shown(_numbered([200, 201, *range(100)]))
        assert person.sees() == before
        assert person.at() == 0


async def test_resizing_keeps_the_cursor_in_view_and_every_line_whole() -> None:
    async with _person(_numbered(range(100))) as person:
        await person.press(*["down"] * 15)
        for size in ((80, 8), (30, 5), (200, 60), (80, 2), (80, 1), (4, 4), (80, 21)):
            await person.pilot.resize_terminal(*size)
            await person.pilot.pause()
            if size[1] > 1:
                assert person.sees()[person.line_of_cursor()][:3] in ("▌ r", "▌ …", "▌"), size
        assert "▌ row-015               weu          15" in person.sees()


async def test_the_list_with_the_focus_is_told_by_its_cursor() -> None:
    async with _person(_numbered(range(5)), ascii_only=True) as person:
        assert person.sees()[1][:9] == "> row-000"
        await person.press("tab")
        assert person.sees()[1][:9] == ": row-000"
        await person.press("tab")
        assert person.sees()[1][:9] == "> row-000"


async def test_nothing_drawn_by_an_ascii_list_is_beyond_ascii() -> None:
    rows = tuple(_row(n, "a-name-that-is-much-too-long", "germanywestcentral", "1", marked=True) for n in range(90))
    async with _person(rows, ascii_only=True) as person:
        person.list.set_sorted(0)
        await person.press(*["down"] * 30)
        assert "\n".join(person.sees()).isascii()
        assert person.sees()[0].startswith("  Name ^")


async def test_rows_given_while_the_list_is_hidden_are_there_when_it_is_shown() -> None:
    async with _person(_numbered(range(5))) as person:
        person.list.display = False
        await person.pilot.pause()
        await person.is_shown(_numbered(range(50, 55)))
        person.list.display = True
        await person.pilot.pause()
        assert person.sees()[1][2:9] == "row-050"
        assert "row-000" not in "\n".join(person.sees())


async def test_a_new_theme_palette_or_column_shows_at_once() -> None:
    rows = (Row(1, (Cell("first"),)), Row(2, (Cell("hub", "error"), Cell("weu"), Cell("1"))))
    async with _person(rows) as person:

        def colour() -> str:
            strip = person.app.screen._compositor.render_strips()[2]
            return next(str(style.color.name) for text, style, _ in strip if style and style.color and "hub" in text)

        person.list.set_palette({"error": Style(color="#010203")})
        await person.pilot.pause()
        assert colour() == "#010203"
        person.list.set_palette({})
        await person.pilot.pause()
        dark = colour()
        person.app.theme = "textual-light"
        await person.pilot.pause()
        assert colour() not in (dark, "#010203")
        person.list.set_columns((Column("Where", 10), *_COLUMNS))
        person.list.set_sorted(0, descending=True)
        await person.pilot.pause()
        assert person.sees()[0].startswith("  Where ↓")


async def test_a_cursor_set_before_the_list_is_on_the_screen_is_in_view_then() -> None:
    app = ListApp(_numbered(range(100)))
    async with app.run_test(size=(80, 21)) as pilot:
        new = RowList(_COLUMNS, id="third")
        new.set_rows(_numbered(range(100)))
        assert new.move_to(70)
        assert not new.move_to(1_000)
        await app.query_one("#second").remove()
        await app.mount(new)
        await pilot.pause()
        assert any("row-070" in strip.text for strip in app.screen._compositor.render_strips())
