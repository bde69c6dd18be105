"""What the editor sends over a thin line with 10,000 VNets, counted on a pty: bytes repeat exactly, so they are tests.

Owns the limits of a key: at 80×24 they are promised, at 120×40 they are what was measured and a fifth more.
Invariant: bytes and screens are asserted, times are not.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.bench.estates import estate
from tests.ui.pty import Terminal

_STEP = 600
_TURN = 6_000
_CHARACTER = 1_500

_SOON = 0.05
"""Seconds of silence after which a list alone on the screen has sent all it will."""
_REST = 0.2
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

_COLLIDING = (
    'schema = 1\n[planning.pools]\nlab = ["10.64.0.0/12"]\n[vnets.hub]\naddress_space = ["10.0.0.0/24"]\n'
    + "".join(
        f"""
[vnets.spoke-{number}]
address_space = ["10.1.0.0/24"]
subnets = {{ web = "10.1.0.0/26", db = "10.1.0.64/26" }}

[peerings.p{number}]
between = ["hub", "spoke-{number}"]
"""
        for number in range(40)
    )
)


class _List(NamedTuple):
    """How to come to the top of a list, and how many rows down it goes at least."""

    keys: Sequence[str]
    rows: int
    own_screen: bool = False


_LISTS = {
    "vnets": _List(("2", "g"), 30),
    "gateways": _List(("3", "g"), 30),
    "subscriptions": _List(("1", "g"), 20),
    "details": _List(("2", "g", "4", "g"), 26),
    "connections": _List(("1", "G", "g", "5", "g"), 30),
    "problems": _List(("6", "g"), 30),
    "planner": _List(("7", "g"), 8),
    "help": _List(("?",), 40, own_screen=True),
    "find": _List(("f",), 40, own_screen=True),
}
_ON_A_LARGE_SCREEN = {
    # name: (a step, a page down)
    "vnets": (500, 500),
    "subscriptions": (1_800, 500),
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
    for key in ("1", "g", "2"):  # "1" and "g": of all subscriptions
        terminal.press(key, quiet=2 * _SOON)
    terminal.press("g", until="▌ vnet-0 ", quiet=_REST)


def _key(terminal: Terminal, key: str, quiet: float = _REST) -> int:
    """Press a key that must change the screen; how many bytes that took."""
    before = terminal.text()
    return len(terminal.press(key, until=lambda screen: screen != before, quiet=quiet).sent)


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


def _resize(
    terminal: Terminal, columns: int, rows: int, until: Sequence[object] | None = None, quiet: float = 2 * _SOON
) -> int:
    """Give the terminal another size and an empty screen; how many bytes fill it, until it shows these cells."""
    before = len(terminal.received)
    terminal.resize(columns, rows)
    terminal.screen.erase_in_display(2)
    terminal.wait_for(lambda screen: bool(screen.strip()) if until is None else _cells(terminal) == until)
    terminal.settle(quiet)
    return len(terminal.received) - before


def _page(terminal: Terminal) -> int:
    """How many bytes the whole screen takes. It must be what all the steps so far have made of it."""
    columns, rows = terminal.screen.columns, terminal.screen.lines
    cells = _cells(terminal)
    _resize(terminal, columns + 2, rows)
    page = _resize(terminal, columns, rows, until=cells)
    assert _cells(terminal) == cells
    return page


def _sent_on_the_way_down(terminal: Terminal, name: str, quiet: float) -> tuple[list[int], int]:
    """The bytes of steps down a list, at its top and where the cursor leaves the view, and those of a page down."""
    keys, rows, own_screen = _LISTS[name]
    if own_screen:
        terminal.press(keys[0], until="Escape leaves")
    for key in keys[own_screen:]:
        terminal.press(key, quiet=2 * _SOON)
    terminal.settle(_REST)
    steps = _keys(terminal, ["down"] * 2, quiet)
    if rows > 10:
        terminal.press(*["down"] * (rows - 5), quiet=_REST)
        steps += _keys(terminal, ["down"] * 3, quiet)
    _page(terminal)
    turn = len(terminal.press("pagedown", quiet=_REST).sent)
    if own_screen:
        _key(terminal, "escape")
    if "1" in keys:
        _to_first_vnet(terminal)
    return steps, turn


@pytest.mark.parametrize("name", _LISTS)
def test_moving_down_any_list_is_cheap_also_where_the_cursor_leaves_the_view(small: Terminal, name: str) -> None:
    steps, turn = _sent_on_the_way_down(small, name, _SOON)
    assert max(steps) <= _STEP, steps
    assert turn <= _TURN


@pytest.mark.parametrize("name", _ON_A_LARGE_SCREEN)
def test_on_a_large_screen_moving_costs_what_follows_the_cursor_too(large: Terminal, name: str) -> None:
    steps, turn = _sent_on_the_way_down(large, name, _REST)
    most_of_a_step, most_of_a_turn = _ON_A_LARGE_SCREEN[name]
    assert max(steps) <= most_of_a_step, steps
    assert turn <= most_of_a_turn


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
    # what: (the keys that lead there, what is typed, what is said about it)
    "a name that is taken": ("a", "vnet-12", "exists already"),
    "an address that collides": ("a", "tab", "ctrl+u", "10.0.3.0/24", "overlaps 10.0.2.0/23 of vnet-1"),
    "a SKU, with what completes it": ("v", "ctrl+u", "VpnGw", "→ VpnGw"),
    "the other end of a connection, with meters": ("c", "vnet-9980", "18/30 12 left → 19/30 11 left"),
}


@pytest.mark.parametrize("what", _TYPING)
def test_a_typed_character_is_cheap_with_all_that_is_said_about_it(small: Terminal, what: str) -> None:
    *there, typed, said = _TYPING[what]
    if "▌ vnet-0 " not in small.text():
        _to_first_vnet(small)
    _keys(small, there)
    small.press(f"text:{typed[:-4]}", quiet=_REST)
    sent = _keys(small, [*typed[-4:]])
    assert said in small.text()
    _page(small)
    _leave_form(small)
    assert max(sent) <= _CHARACTER, sent


@pytest.mark.parametrize("text", ["/24", "500 hosts", "3 x /24 grow /22", "/9"])
def test_a_character_typed_into_the_planner_is_cheap_with_all_three_placements(small: Terminal, text: str) -> None:
    _to_planner(small)
    _key(small, "s")
    # A blank behind a number is no other request: nothing seen changes but the cursor.
    sent = [len(small.press(f"text:{character}", quiet=_REST).sent) for character in text]
    assert f"for {text}" in small.text()
    _page(small)
    _key(small, "escape")
    assert max(sent) <= _CHARACTER, sent


def test_moving_in_the_planner_is_cheap_though_the_reason_is_said_in_full(small: Terminal) -> None:
    _to_planner(small)
    for keys in (("s", "text:20 x /24", "enter"), ("space",), ("g",)):
        _keys(small, keys)
    sent = _keys(small, ["down"] * 20)
    _page(small)
    _keys(small, ("s", "text:/22", "enter"))
    _to_first_vnet(small)
    assert max(sent) <= _STEP, sent


def test_the_planner_of_a_form_costs_a_page_and_typing_into_it_little(small: Terminal) -> None:
    if "▌ vnet-0 " not in small.text():
        _to_first_vnet(small)
    uncovered = _page(small)
    _key(small, "e")
    opened = _key(small, "p")
    sent = _keys(small, [*"/24"])
    steps = _keys(small, ["down", "down", "up"])
    _page(small)
    closed = _key(small, "escape")
    small.press("escape", until="▌ vnet-0 ", quiet=_REST)
    assert max(opened, closed) <= _TURN
    assert closed <= uncovered
    assert max(sent) <= _CHARACTER, sent
    assert max(steps) <= _STEP, steps


def test_the_renumbering_assistant_costs_a_page_and_moving_in_it_little(small: Terminal, tmp_path: Path) -> None:
    opened = len(small.press("X", until="no network has to move", quiet=_REST).sent)
    closed = _key(small, "escape")
    assert max(opened, closed) <= _TURN
    with _editor(_COLLIDING, tmp_path / "colliding", 80, 24) as terminal:
        terminal.wait_for(_is_checked)
        terminal.settle(_REST)
        opened = len(terminal.press("X", until="39 networks move", quiet=_REST).sent)
        steps = _keys(terminal, ["down"] * 20)
        left_out = _keys(terminal, ["space"] * 3)
        _page(terminal)
        taken = len(terminal.press("enter", until="Renumber 36 networks", quiet=_REST).sent)
        assert max(opened, taken) <= _TURN
        assert max(steps) <= _STEP, steps
        assert max(left_out) <= _CHARACTER, left_out


def test_the_rehearsal_of_an_import_costs_a_page_and_moving_in_it_little(tmp_path: Path) -> None:
    vnets = [_vnet(number) for number in range(60)]
    (tmp_path / "list.json").write_text(json.dumps(vnets))
    plan = f'schema = 1\n[subscriptions.s]\nid = "{_SUBSCRIPTION}"\n' + "".join(
        f"""
[vnets.web-{number}]
subscription = "s"
resource_group = "rg"
azure_name = "web-{number}"
address_space = ["10.9.{number}.0/25"]
state = "deployed"
"""
        for number in range(20)
    )
    with _editor(plan, tmp_path / "import", 80, 24) as terminal:
        terminal.wait_for(_is_checked)
        terminal.settle(_REST)
        terminal.press("I", quiet=_REST)
        terminal.press(f"text:{tmp_path / 'list.json'}", quiet=_REST)
        opened = len(terminal.press("enter", until="new findings: none", quiet=_REST).sent)
        assert "new VNets (40)" in terminal.text()
        _key(terminal, "right")
        steps = _keys(terminal, ["down"] * 30)
        left_out = _keys(terminal, ["space"] * 3)
        _page(terminal)
        closed = _key(terminal, "escape")
        assert opened <= 2 * _TURN, "what is read, then what was found, then what would be wrong"
        assert closed <= _TURN
        assert max(steps) <= _STEP, steps
        assert max(left_out) <= _CHARACTER, left_out


_SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"


def _vnet(number: int) -> dict[str, object]:
    """A VNet as the tools print it."""
    group = f"/subscriptions/{_SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network"
    return {
        "id": f"{group}/virtualNetworks/web-{number}",
        "name": f"web-{number}",
        "type": "Microsoft.Network/virtualNetworks",
        "location": "westeurope",
        "resourceGroup": "rg",
        "addressSpace": {"addressPrefixes": [f"10.9.{number}.0/24"]},
        "subnets": [{"name": name, "addressPrefix": f"10.9.{number}.{at}/26"} for at, name in ((0, "a"), (64, "b"))],
    }


def _to_planner(terminal: Terminal) -> None:
    if "▸[7 Planner]" not in terminal.text():
        _key(terminal, "7")


def _leave_form(terminal: Terminal) -> None:
    terminal.press("escape", until="Escape again")
    terminal.press("escape", until="▌ vnet-0 ", quiet=_REST)


def test_an_edit_of_one_vnet_sends_less_than_a_page_and_its_undo_a_few_lines(small: Terminal) -> None:
    _to_first_vnet(small)
    page = _page(small)
    _key(small, "e")
    _key(small, "text:, 10.200.0.0/24")
    made = _edit(small, "enter", "unsaved")
    _page(small)
    undone = _edit(small, "u", "Undone")
    assert "unsaved" not in small.text()
    deleted = _edit(small, "d", "Delete VNet")
    _page(small)
    back = _edit(small, "u", "Undone: Delete")
    _page(small)
    assert made < page
    assert undone <= _STEP
    assert max(deleted, back) <= 1_000, (deleted, back)


def _edit(terminal: Terminal, key: str, said: str) -> int:
    """Press a key that makes an edit, and wait until it is made and checked; how many bytes that took."""
    return len(terminal.press(key, until=lambda screen: said in screen and _is_checked(screen), quiet=_REST).sent)


def test_nothing_is_sent_while_nothing_happens(small: Terminal, tmp_path: Path) -> None:
    states = {"form": ("a", "text:ab"), "prompt": ("/",), "picker": ("f",), "help": ("?",)}
    with ExitStack() as opened:
        idle = {name: opened.enter_context(_editor(estate(20), tmp_path / name, 80, 24)) for name in states}
        for name, keys in states.items():
            idle[name].wait_for(_is_checked)
            _keys(idle[name], keys)
        small.settle(_REST)
        time.sleep(3)
        sent = {name: terminal.settle().sent for name, terminal in {"workbench": small, **idle}.items()}
    assert sent == dict.fromkeys(sent, b"")


def test_after_any_change_of_size_the_screen_is_that_of_a_terminal_that_always_had_it(terminals: _Terminals) -> None:
    for terminal in terminals:
        for key in ("1", "g", "3", "g", "2", "g", "4", "g", "2"):
            terminal.press(key, quiet=2 * _SOON)
        terminal.press("U", until="nothing is marked", quiet=_REST)
    for columns, rows in ((200, 60), (60, 12), (120, 40)):
        _resize(terminals.large, columns, rows, quiet=2 * _REST)
        _resize(terminals.small, columns, rows, until=_cells(terminals.large))
        assert _cells(terminals.small) == _cells(terminals.large)
    _resize(terminals.small, 80, 24)
    _page(terminals.small)
