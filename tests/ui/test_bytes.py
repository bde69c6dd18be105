"""What the editor sends over a thin line with 10,000 VNets, counted on a pty: bytes repeat exactly, so they are tests.

Owns the limits of a key: at 80×24 they are promised, at 120×40 they are what was measured and a fifth more.
Invariant: bytes and screens are asserted, times are not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.bench.estates import estate
from tests.ui.pty import Terminal

_STEP = 600
_TURN = 6_000
_CHARACTER = 1_500

_SOON = 0.06
"""Seconds of silence after which a list alone on the screen has sent all it will."""
_REST = 0.25
"""The same where the work area follows the cursor, or a form waits for a pause in the typing."""

# What the clean estate does not have: something wrong, and more of it than a page.
_ODD = "".join(
    f"""
[vnets.odd-{number}]
subscription = "s1"
region = "nowhere-{number}"
address_space = ["172.16.{number}.0/24"]
subnets.outside = "172.17.{number}.0/24"
"""
    for number in range(30)
)


class _List(NamedTuple):
    """How to come to the top of a list, how many rows down it goes at least, and what may be sent at 120×40."""

    keys: Sequence[str]
    rows: int
    step: int
    turn: int
    own_screen: bool = False


_LISTS = {
    "vnets": _List(("2", "g"), 30, 2_000, 1_000),
    "gateways": _List(("3", "g"), 30, 1_000, 1_000),
    "subscriptions": _List(("1", "g"), 20, 3_100, 3_500),
    "details": _List(("2", "G", "g", "4", "g"), 30, 600, 3_000),
    "connections": _List(("1", "G", "g", "5", "g"), 30, 600, 1_000),
    "problems": _List(("6", "g"), 30, 600, 3_000),
    "planner": _List(("7", "g"), 8, 600, 600),
    "help": _List(("?",), 40, 600, 5_400, own_screen=True),
    "find": _List(("f", *"vnet-1"), 40, 600, 1_500, own_screen=True),
}


class _Terminals(NamedTuple):
    """The same file in two sizes."""

    small: Terminal
    large: Terminal


def _editor(text: str, folder: Path, columns: int, rows: int) -> Terminal:
    """The editor with a file that holds `text`, as nobody used it before."""
    folder.mkdir()
    path = folder / "plan.toml"
    path.write_text(text)
    places = {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    return Terminal((sys.executable, "-m", "tui", str(path)), columns, rows, env=places)


def _is_checked(screen: str) -> bool:
    head = screen.partition("\n")[0]
    return "nothing wrong" in head or "error" in head


@pytest.fixture(scope="module")
def terminals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Terminals]:
    """10,000 VNets at 80×24 and at 120×40, at rest, with the cursor on the first VNet and the problems unfolded."""
    folder, text = tmp_path_factory.mktemp("estate"), estate(10_000) + _ODD
    with _editor(text, folder / "small", 80, 24) as small, _editor(text, folder / "large", 120, 40) as large:
        for terminal in (small, large):
            terminal.wait_for(_is_checked)
            terminal.settle(_REST)
            terminal.press("6", until="30 ×")
            terminal.press("enter", until="odd-1")
            terminal.press("f", until="vnets.")  # what is sought in is made once
            terminal.press("escape", quiet=_REST)
            _to_first_vnet(terminal)
        yield _Terminals(small, large)


@pytest.fixture
def small(terminals: _Terminals) -> Terminal:
    """10,000 VNets at 80×24."""
    return terminals.small


@pytest.fixture
def large(terminals: _Terminals) -> Terminal:
    """10,000 VNets at 120×40."""
    return terminals.large


def _to_first_vnet(terminal: Terminal) -> None:
    terminal.press("2", "g", until="▌ vnet-0 ", quiet=_REST)


def _key(terminal: Terminal, key: str, quiet: float = _REST) -> int:
    """Press a key that must change the screen; how many bytes that took."""
    before = terminal.text()
    return len(terminal.press(key, until=lambda screen: screen != before, quiet=quiet, limit=10).sent)


def _keys(terminal: Terminal, keys: Sequence[str], quiet: float = _REST) -> list[int]:
    return [_key(terminal, key, quiet) for key in keys]


def _cells(terminal: Terminal) -> list[tuple[object, ...]]:
    """What is seen in each cell; of a blank that is its background."""
    screen = terminal.screen
    cells = (screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns))
    return [
        cell if cell.data.strip() or cell.underscore or cell.reverse or cell.strikethrough else (" ", cell.bg)
        for cell in cells
    ]


def _resize(terminal: Terminal, columns: int, rows: int) -> int:
    """Give the terminal another size and an empty screen; how many bytes fill it."""
    terminal.resize(columns, rows)
    terminal.screen.erase_in_display(2)
    return len(terminal.settle(_REST).sent)


def _page(terminal: Terminal) -> int:
    """How many bytes the whole screen takes. It must be what all the steps so far have made of it."""
    columns, rows = terminal.screen.columns, terminal.screen.lines
    text, cells = terminal.text(), _cells(terminal)
    _resize(terminal, columns + 2, rows)
    page = _resize(terminal, columns, rows)
    assert terminal.text() == text
    assert _cells(terminal) == cells
    return page


def _sent_on_the_way_down(terminal: Terminal, what: _List, quiet: float) -> tuple[list[int], list[int]]:
    """The bytes of steps and of pages down a list: at its top, and where the cursor leaves the view."""
    for key in what.keys:
        terminal.press(key, quiet=_SOON)
    terminal.settle(_REST)
    steps = _keys(terminal, ["down"] * 3, quiet)
    terminal.press(*["down"] * (what.rows - 12), quiet=_REST)
    steps += _keys(terminal, ["down"] * 9, quiet) if what.rows > 12 else []
    _page(terminal)
    turns = [len(terminal.press("pagedown", quiet=_REST).sent) for _ in range(2)]
    _page(terminal)
    if what.own_screen:
        _key(terminal, "escape")
    _to_first_vnet(terminal)
    return steps, turns


@pytest.mark.parametrize("name", _LISTS)
def test_moving_down_any_list_is_cheap_also_where_the_cursor_leaves_the_view(small: Terminal, name: str) -> None:
    steps, turns = _sent_on_the_way_down(small, _LISTS[name], _SOON)
    assert max(steps) <= _STEP, steps
    assert max(turns) <= _TURN, turns


@pytest.mark.parametrize("name", _LISTS)
def test_on_a_large_screen_moving_costs_what_follows_the_cursor_too(large: Terminal, name: str) -> None:
    what = _LISTS[name]
    steps, turns = _sent_on_the_way_down(large, what, _REST)
    print(name, max(steps), max(turns), steps, turns)
    assert max(steps) <= what.step, steps
    assert max(turns) <= what.turn, turns


def test_going_to_any_pane_or_tab_costs_no_more_than_a_page_down(small: Terminal) -> None:
    sent = {key: _key(small, key) for key in "1345672"}
    _page(small)
    assert max(sent.values()) <= _TURN, sent


@pytest.mark.parametrize("key", ["?", ":"])
def test_help_and_palette_cost_no_more_than_the_page_that_they_show_or_uncover(small: Terminal, key: str) -> None:
    uncovered = _page(small)
    opened = _key(small, key)
    shown = _page(small)
    closed = _key(small, "escape")
    assert opened <= min(shown, _TURN)
    assert closed <= min(uncovered, _TURN)


_TYPING = {
    "a name that is taken": (("a",), "vnet-12", "exists already"),
    "an address that collides": (("a", "tab", "ctrl+u"), "10.0.3.0/24", "overlaps 10.0.2.0/23 of vnet-1"),
    "a SKU, with what completes it": (("v", "ctrl+u"), "VpnGw", "→ VpnGw"),
    "the other end of a connection, with meters": (("c",), "vnet-9980", "18/30 12 left → 19/30 11 left"),
}


@pytest.mark.parametrize("what", _TYPING)
def test_a_typed_character_is_cheap_with_all_that_is_said_about_it(small: Terminal, what: str) -> None:
    there, typed, said = _TYPING[what]
    _keys(small, there)
    sent = _keys(small, [*typed])
    assert said in small.text()
    _page(small)
    _leave_form(small)
    assert max(sent) <= _CHARACTER, sent


def _leave_form(terminal: Terminal) -> None:
    terminal.press("escape", until="Escape again")
    terminal.press("escape", until="▌ vnet-0 ", quiet=_REST)


def test_an_edit_of_one_vnet_sends_less_than_a_page_and_its_undo_a_few_lines(small: Terminal) -> None:
    page = _page(small)
    _key(small, "e")
    small.press("text:x", quiet=_REST)
    made = len(small.press("enter", until="unsaved", quiet=_REST).sent)
    _page(small)
    undone = _key(small, "u")
    _page(small)
    assert "unsaved" not in small.text()
    assert made < page
    assert undone <= _STEP


def test_a_deleted_row_is_scrolled_away(small: Terminal) -> None:
    gone = _key(small, "d")
    _page(small)
    back = _key(small, "u")
    _page(small)
    _to_first_vnet(small)
    assert max(gone, back) <= 1_000


def test_nothing_is_sent_while_nothing_happens(small: Terminal, tmp_path: Path) -> None:
    states = {"form": ("a", "text:ab"), "prompt": ("/",), "picker": ("f",), "help": ("?",), "palette": (":",)}
    with ExitStack() as opened:
        idle = {name: opened.enter_context(_editor(estate(20), tmp_path / name, 80, 24)) for name in states}
        for name, keys in states.items():
            idle[name].wait_for(_is_checked)
            before = idle[name].text()
            for key in keys:
                assert idle[name].press(key, quiet=_REST).sent
            assert idle[name].text() != before
        small.settle(_REST)
        time.sleep(3)
        sent = {name: terminal.settle().sent for name, terminal in {"workbench": small, **idle}.items()}
    assert sent == dict.fromkeys(sent, b"")


def test_after_any_change_of_size_the_screen_is_that_of_a_terminal_that_always_had_it(terminals: _Terminals) -> None:
    for terminal in terminals:
        for keys in ("6", "7", "4", "2"):
            terminal.press(keys, quiet=_REST)
    for columns, rows in ((120, 40), (99, 30), (200, 60), (60, 12), (120, 40)):
        _resize(terminals.small, columns, rows)
        _resize(terminals.large, columns, rows)
        assert terminals.small.text() == terminals.large.text()
        assert _cells(terminals.small) == _cells(terminals.large)
    _resize(terminals.small, 80, 24)
    _page(terminals.small)
