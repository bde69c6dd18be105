"""What a list of 10,000 rows sends to the terminal at 80×24, counted on a pty; hostile names send nothing of their own.

Run as a program (`python -m tests.ui.test_row_list_bytes plain|hostile`) it is the list that the tests look at.
Invariant: bytes are asserted, times are not.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator

import pytest
from rich.style import Style
from textual.app import ComposeResult

from tests.ui.pty import Terminal
from tui.app.terminal.frames import FramesApp
from tui.app.widgets.row_list import RowList
from tui.app.widgets.rows import Cell, Column, Row

_COLUMNS = (
    Column("Name", 14, 1),
    Column("Region", 13),
    Column("Address space", 18),
    Column("State", 8),
    Column("Findings", 8, align="right"),
)
_PALETTE = {"ok": Style(color="green"), "error": Style(color="red", bold=True), "muted": Style(color="bright_black")}


HOSTILE = {
    "colour": "\x1b[31;7mred",
    "clipboard": "\x1b]52;c;aGVsbG8=\x07",
    "title": "\x1b]0;owned\x07",
    "clear": "\x1b[2J\x1b[H",
    "c1": "\x9b2J",
    "bidi": "abc\u202egnp.exe",
    "isolate": "\u2066x\u2069",
    "zero-width": "pay\u200bpal\u200d\ufeff",
    "newline": "one\r\ntwo\u2028three",
    "tab": "one\ttwo\x08\x08\x00",
    "surrogate": "\udc9b2J",
    "markup": "[@click=app.quit]x[/] a[/] [bold]",
    "wide": "日本語の名前がとても長い仮想ネットワーク",
    "marks": "e" + "\u0301" * 400,
}


def estate(count: int) -> tuple[Row, ...]:
    """Rows that differ from their neighbours in all cells, with two colours in a line."""
    regions = ("westeurope", "northeurope", "swedencentral", "eastus2", "uksouth")
    return tuple(
        Row(
            number,
            (
                Cell(f"vnet-{number * 7919 % count:05}"),
                Cell(regions[number % 5], "muted"),
                Cell(f"10.{number // 256 % 256}.{number % 256}.0/24"),
                Cell("deployed" if number % 3 else "planned"),
                Cell(f"✖ {number % 4}", "error"),
            ),
        )
        for number in range(count)
    )


def hostile() -> tuple[Row, ...]:
    """Rows whose texts try to be more than text, in a narrow column, a wide one and across the line."""
    rows = (Row(what, (Cell(text, "error"), Cell(text), Cell(text))) for what, text in HOSTILE.items())
    return (*rows, *(Row((what, "across"), (Cell(text),), group=True) for what, text in HOSTILE.items()))


class ListApp(FramesApp[None]):
    """One list on the whole screen. `r` sets the same rows again, `m` marks one in view."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        """The list."""
        yield RowList(_COLUMNS, palette=_PALETTE)

    def on_mount(self) -> None:
        """Fill it."""
        rows = self.query_one(RowList)
        rows.set_rows(self._rows)
        rows.focus()

    def key_r(self) -> None:
        """Equal rows, made anew."""
        self.query_one(RowList).set_rows(estate(len(self._rows)))

    def key_m(self) -> None:
        """The third row marked, and the last."""
        rows = [*self._rows]
        rows[2], rows[-1] = rows[2]._replace(marked=True), rows[-1]._replace(marked=True)
        self.query_one(RowList).set_rows(tuple(rows))


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    """The list of 10,000 rows, drawn."""
    with Terminal((sys.executable, "-m", __name__, "plain")) as terminal:
        terminal.wait_for("vnet-00000")
        terminal.settle()
        yield terminal


def _cursor_on(number: int) -> str:
    return f"▌ vnet-{number * 7919 % 10_000:05}"


def test_an_idle_list_sends_nothing(terminal: Terminal) -> None:
    assert terminal.settle(quiet=1).sent == b""


def test_a_step_down_costs_two_lines_also_where_it_leaves_the_view(terminal: Terminal) -> None:
    terminal.press("g", until=_cursor_on(0))
    sent = [len(terminal.press("down", until=_cursor_on(number)).sent) for number in range(1, 41)]
    assert statistics.median(sent) <= 450
    assert max(sent) <= 600


def test_a_step_up_costs_two_lines(terminal: Terminal) -> None:
    terminal.press("G", until=_cursor_on(9_999))
    sent = [len(terminal.press("up", until=_cursor_on(9_999 - number)).sent) for number in range(1, 11)]
    assert max(sent) <= 450


def test_a_page_down_stays_under_its_limit(terminal: Terminal) -> None:
    terminal.press("g", until=_cursor_on(0))
    sent = [len(terminal.press("pagedown", until=_cursor_on(23 * page)).sent) for page in range(1, 6)]
    assert max(sent) <= 6_000


def test_keys_that_change_nothing_send_nothing(terminal: Terminal) -> None:
    terminal.press("G", until=_cursor_on(9_999))
    assert terminal.press("down", "end", "pagedown").sent == b""
    terminal.press("g", until=_cursor_on(0))
    assert terminal.press("up", "home").sent == b""


def test_only_what_changed_in_view_is_sent(terminal: Terminal) -> None:
    terminal.press("g", until=_cursor_on(0))
    assert terminal.press("r").sent == b""
    assert 0 < len(terminal.press("m", until="●").sent) <= 300
    assert 0 < len(terminal.press("r", until=lambda screen: "●" not in screen).sent) <= 300


def test_hostile_names_reach_the_terminal_as_text_only() -> None:
    with Terminal((sys.executable, "-m", __name__, "hostile"), rows=40) as terminal:
        terminal.wait_for("abc\\u202e")
        terminal.settle()
        terminal.press(*["down"] * 13, until="▌ é")
        terminal.press("m", until="●")
        received = terminal.received.replace(b"\x1b]22;default\x07", b"")  # Textual's own: the shape of the pointer
        for line in range(1, 1 + len(HOSTILE)):  # whatever a cell holds, the next column begins where it should
            cells = terminal.screen.buffer[line]
            assert (cells[40].data, cells[41].data) == (" ", " ")
            assert cells[42].data.strip()
        assert "[@click=app.quit]x[/] a[/] [bold]" in terminal.text()
        assert "\\x1b]52;c;aGVsbG8=\\x07" in terminal.text()
    for forbidden in ("\x1b[31;7m", "\x1b]52", "\x1b]0;owned", "\x1b[2J", "\x9b", "\x07", "\t", "\x08", "\x00"):
        assert forbidden.encode() not in received, forbidden
    for hidden in "\u202e\u2066\u2069\u200b\u200d\ufeff\u2028":
        assert hidden.encode() not in received, hex(ord(hidden))
    assert "\u0301" * 4 not in received.decode()


if __name__ == "__main__":
    ListApp(hostile() if sys.argv[1:] == ["hostile"] else estate(10_000)).run()
