"""Whatever a file says is shown as nothing but text: markup, escape sequences, invisible and overlong names do nothing.

Invariant: no character that `displayable` would not let through reaches the screen, the terminal or the clipboard.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.ui.driving import HUB, fill, lines, press, settled, workbench
from tests.ui.pty import Terminal
from tui.app.app import VnetTuiApp
from tui.app.screens.workbench import WorkbenchScreen
from tui.display import displayable

HOSTILE = {
    "all in brief": (
        "[@click=app.quit]x[/]\x1b[31m\x9b2J\x07\u202e\u200b\ue000\n東🙂[/]\u0301\x1b]52;c;aGk=\x07\x7f\u2028\U000e0041end"
    ),
    "markup": "[@click=app.quit]x[/] [/] [bold [red]r[/red] [link=http://evil.example]l[/link] $primary {0} %s",
    "escapes": "\x1b[31mred\x1b[0m\x1b[2J\x1b[?1049l\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x07\x1bP+q\x1b\\",
    "C1": "\x9b31m\x9d52;c;ZXZpbA==\x9c\x90q\x9c\x85next",
    "controls": "a\x08\x08b\x7fc\x07d\x0be\x0cf\x0eg\x1ah",
    "bidi": "\u202egnp.exe\u202c \u2066iso\u2069 \u200f\u061c",
    "invisible": "a\u200bb\u200cc\u200dd\ufeffe\u00adf\u2060g\u3164h\ufe0fi\U000e0041j",
    "lines": "one\ntwo\r\nthree\u2028four\u2029five\tsix",
    "wide": "東京ネットワーク 한국 🙂👩\u200d👩\u200d👧🏽🇩🇪 ﷽",
    "combining": "Z͑ͫ̓ͪ̂ͫ̽\u034f̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "private": "\ue000\uf8ff\U000f0000 \ud7ff \ufffe",
    "long": "n" * 10_000,
    "long and wide": "界" * 5_000 + "é" * 5_000,
    "blank": " ",
    "quotes": "\"'`\\#=[a.b].c",
}


def estate(text: str) -> str:
    """A file in which everything that can be called something is called `text`."""
    said = "".join(character if ord(character) > 0xFF else _toml(character) for character in text)
    return f'''\
schema = 1
name = "{said}"
note = "{said}"

[planning.pools]
"{said}" = {{ prefixes = ["10.0.0.0/12"], note = "{said}", region = "{said}" }}

[planning.avoid]
"10.9.0.0/16" = "{said}"

[subscriptions."{said}"]
name = "{said}"
note = "{said}"

[vnets."{said}"]
subscription = "{said}"
region = "{said}"
resource_group = "{said}"
address_space = ["10.1.0.0/22"]
azure_name = "{said}"
note = "{said}"
pool = "{said}"
tags = {{ "{said}" = "{said}", owner = "{said}" }}
"{said}" = "{said}"

[vnets."{said}".subnets]
"{said}" = {{ prefixes = ["10.1.0.0/24"], note = "{said}" }}

[vnets."{said}".gateway]
sku = "{said}"
name = "{said}"
note = "{said}"

[vnets.hub]
subscription = "nowhere {said}"
address_space = ["10.1.0.0/24"]
gateway.sku = "VpnGw1AZ"

[sites."s{said}"]
address_space = ["192.168.8.0/24"]
vpn_device = "{said}"
note = "{said}"

[sites."s{said}2".devices]
"{said}" = {{ address = "{said}", note = "{said}" }}

[connections."{said}"]
between = ["{said}", "hub"]
note = "{said}"
tags = {{ a = "{said}" }}

[connections."broken {said}"]
between = ["{said}", "no such {said}"]

[peerings."{said}"]
between = ["{said}", "hub"]
note = "{said}"

[services."{said}"]
kind = "cloud-service"
vnets = ["{said}", "hub"]
note = "{said}"

[waivers."{said}"]
code = "ADR001"
where = ["*"]
reason = "{said}"
owner = "{said}"

[waivers."other {said}"]
code = "{said}"
where = ["vnets.{said}"]
reason = "{said}"
'''


def _toml(character: str) -> str:
    return json.dumps(character)[1:-1] if character < "\x80" and character != "\x7f" else f"\\u{ord(character):04x}"


def assert_only_text(pilot: Pilot[None]) -> str:
    """The screen holds nothing but displayable text, in lines of the screen's width; return it."""
    screen = pilot.app.screen
    shown = lines(screen)
    assert [line for line in shown.split("\n") if line != displayable(line)] == []
    strips = screen._compositor.render_strips(screen.size)
    assert {strip.cell_length for strip in strips} == {screen.size.width}
    assert not [segment for strip in strips for segment in strip if segment.style is not None and segment.style.link]
    assert not [meta for strip in strips for segment in strip if (meta := _clicks(segment.style))]
    return shown


def _clicks(style: object) -> list[str]:
    meta = getattr(style, "meta", None) or {}
    return [key for key in meta if key == "@click"]


LOOKS: dict[str, tuple[str, ...]] = {
    "subscriptions": ("1", "home", "down", "4", "1"),
    "vnets": ("2", "home", "down", "down", "home", "4", "down", "down", "pagedown", "end"),
    "gateways": ("3", "down", "4"),
    "the whole": ("1", "home", "4", "end"),
    "connections": ("5", "down", "space", "U"),
    "problems": ("6", "down", "down", "space", "pagedown", "end"),
    "planner": ("7", "down"),
    "next and previous problem": ("right_square_bracket", "right_square_bracket", "left_square_bracket", "ctrl+o"),
    "edit a VNet": ("2", "home", "e", *("tab",) * 15, "escape"),
    "edit a site": ("2", "end", "e", "tab", "tab", "escape"),
    "edit a connection": ("5", "home", "e", "tab", "x", "escape", "escape"),
    "edit a subscription": ("1", "home", "down", "e", "tab", "escape"),
    "edit all": ("2", "home", "space", "space", "e", "tab", "tab", "escape", "U"),
    "edit the gateway": ("2", "home", "v", "tab", "escape"),
    "connect": ("2", "home", "c", "a", "ctrl+u", "tab", "escape", "escape"),
    "connect several": ("2", "home", "space", "space", "c", "space", "tab", "escape", "escape", "U"),
    "peer": ("2", "home", "p", "ctrl+t", "tab", "escape", "escape"),
    "duplicate": ("2", "home", "D", "escape", "escape"),
    "add": ("2", "home", "a", "tab", "tab", "tab", "x", "escape", "escape"),
    "waive": ("6", "home", "down", "W", "tab", "escape", "escape"),
    "rename": ("2", "home", "r", "escape"),
    "a rename that is refused": ("2", "end", "r", "ctrl+u", "h", "u", "b", "enter"),
    "find": ("f", "down", "1", "0", "full_stop", "escape"),
    "find by name": ("f", "h", "u", "down", "enter", "ctrl+o"),
    "move": ("2", "home", "m", "down", "up", "enter"),
    "reach": ("2", "home", "R", "down", "up", "enter"),
    "tags": ("t", "enter", "2", "t", "enter"),
    "help": ("question_mark", "down", "escape"),
    "palette": ("colon", "x", "escape"),
    "open": ("O", "x", "escape"),
    "filter": ("2", "slash", "x", "escape"),
    "mark": ("2", "home", "space", "U"),
    "delete and undo": ("2", "home", "d", "u", "ctrl+r", "u"),
    "undo a mend": ("6", "home", "down", "x", "u"),
    "planner with typing": ("s", "slash", "1", "8", "escape", "7", "home", "down", "down", "end"),
    "a refusal": ("s", "slash", "9", "enter", "down", "down", "end", "enter", "s", "slash", "2", "2", "enter"),
    "what is no request": ("s", "x", "enter", "s", "slash", "2", "2", "enter"),
    "the names of several": (
        "s",
        "2",
        "x",
        "slash",
        "2",
        "4",
        "enter",
        "enter",
        "x",
        "escape",
        "7",
        "enter",
        "enter",
        "u",
    ),
    "planner in a form": (
        "2",
        "home",
        "e",
        "p",
        "down",
        "slash",
        "8",
        "down",
        "down",
        "enter",
        "escape",
        "escape",
        "escape",
    ),
    "strip": ("2", "home", "4", *("down",) * 12, "end"),
    "split and join": ("2", "home", "4", *("down",) * 15, "vertical_line", "J", "u", "u"),
    "plan subnets": ("2", "home", "P", "a", "space", "slash", "2", "6", "escape", "escape"),
    "grow": ("2", "home", "B", "ctrl+u", "slash", "8", "escape", "escape"),
    "relocate": ("2", "home", "M", "down", "down", "escape"),
    "relocate a site": ("2", "end", "M", "down", "escape"),
    "renumber": ("X", "down", "down", "space", "space", "s", "down", "end", "escape"),
    "renumber, made": ("X", "enter", "u"),
    "map": ("2", "home", "8", "down", "right", "plus", "minus", "escape"),
    "sort": ("2", "o", "o", "o", "o", "o"),
}
"""Every place in which something of the file is shown, and the keys that lead there."""


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("all in brief", (120, 40)),
        ("all in brief", (80, 24)),
        *((kind, (120, 40)) for kind in ("markup", "combining", "long and wide")),
    ],
)
async def test_hostile_text_is_only_text_wherever_it_is_shown(kind: str, size: tuple[int, int], tmp_path: Path) -> None:
    async with workbench(estate(HOSTILE[kind]), tmp_path, size=size) as (pilot, screen, _):
        assert screen.store.findings
        seen = ""
        for place, keys in LOOKS.items():
            for key in keys:
                await press(pilot, key)
                seen += assert_only_text(pilot)
            await settled(pilot)
            seen += assert_only_text(pilot)
            assert pilot.app.screen is screen, f"{place} leaves something open"
            assert not screen.form.is_open, f"{place} leaves a form open"
            assert not screen.prompt.is_open, f"{place} leaves a question open"
        assert displayable(HOSTILE[kind])[:6] in seen


@pytest.mark.parametrize("kind", ["all in brief", "markup", "escapes", "lines", "combining", "long and wide"])
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_hostile_text_of_a_source_is_only_text_in_the_rehearsal_and_in_the_comparison(
    kind: str, size: tuple[int, int], tmp_path: Path
) -> None:
    text = HOSTILE[kind][:200]  # longer ones are no names to the reader
    source, other = tmp_path / "[@click=app.quit]x[b].json", tmp_path / "other.json"
    source.write_text(json.dumps([_foreign_vnet(text), {**_foreign_vnet("app"), "location": text}]))
    other.write_text(json.dumps([{**_foreign_vnet(text), "location": "eastus", "addressSpace": {}}]))
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        seen = ""
        for command in ("I", "K"):
            await press(pilot, command)
            pilot.app.post_message(events.Paste(f"'{source}' '{other}'"))
            await settled(pilot)
            await press(pilot, "enter")
            assert pilot.app.screen is not screen, lines(screen)
            for key in ("right", *("down",) * 25, "space", "p", "home", "down", "left", "right", "end"):
                await press(pilot, key)
                seen += assert_only_text(pilot)
            await press(pilot, "escape")
            assert pilot.app.screen is screen
        assert displayable(text)[:6] in seen
        await press(pilot, "I", "enter", "enter")
        assert pilot.app.screen is screen
        assert screen.store.unsaved
        assert_only_text(pilot)


def _foreign_vnet(name: str) -> dict[str, object]:
    """A VNet as the tools print it, in which everything is called `name`."""
    group = f"/subscriptions/{name}/resourceGroups/{name}/providers/Microsoft.Network"
    return {
        "id": f"{group}/virtualNetworks/{name}",
        "name": name,
        "type": "Microsoft.Network/virtualNetworks",
        "location": name,
        "resourceGroup": name,
        "addressSpace": {"addressPrefixes": ["10.7.0.0/16", name]},
        "subnets": [{"name": name, "addressPrefix": "10.7.0.0/24"}, {"name": f"{name}2", "addressPrefix": name}],
        "tags": {name: name, "a": name},
        "dhcpOptions": {"dnsServers": [name]},
    }


@pytest.mark.parametrize("kind", HOSTILE)
async def test_every_kind_of_hostile_text_is_only_text_in_panes_forms_and_pickers(kind: str, tmp_path: Path) -> None:
    async with workbench(estate(HOSTILE[kind]), tmp_path) as (pilot, _, _):
        assert displayable(HOSTILE[kind])[:6] in assert_only_text(pilot)
        for key in ("1", "down", "4", "2", "home", "4", "5", "6", "2", "e", "tab", "escape", "f", "down", "escape"):
            await press(pilot, key)
            assert_only_text(pilot)


@pytest.mark.parametrize("kind", ["all in brief", "escapes", "lines", "long"])
async def test_hostile_text_is_copied_without_a_raw_control_character(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    async with workbench(estate(HOSTILE[kind]), tmp_path) as (pilot, screen, _):
        sent: list[str] = []
        driver = screen.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", sent.append)
        ways = (
            ("1", "home", "down", "y"),
            ("1", "Y"),
            ("2", "home", "y"),
            ("2", "Y"),
            ("2", "end", "Y"),
            ("5", "home", "Y"),
        )
        for keys in (*ways, ("6", "home", "down", "Y"), ("2", "home", "space", "space", "Y")):
            await press(pilot, *keys)
            assert_only_text(pilot)
        copied = [re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", data) for data in sent if "\x1b]52" in data]
        assert len(copied) >= (0 if len(HOSTILE[kind]) > 1000 else 5)
        for one in copied:
            assert one is not None
            text = base64.b64decode(one[1]).decode()
            assert [line for line in text.split("\n") if line != displayable(line)] == []


@pytest.mark.parametrize("kind", ["all in brief", "lines", "long"])
async def test_hostile_text_that_is_pasted_is_kept_as_text(kind: str, tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "home", "e")
        for key in ("name", "note", "tags", "region", "address_space"):
            await fill(pilot, screen, **{key: ""})
            screen.app.post_message(events.Paste(HOSTILE[kind]))
            await settled(pilot)
            assert_only_text(pilot)
            assert screen.form.values[key] == displayable(screen.form.values[key])
        await press(pilot, "enter", "escape", "escape")
        for keys in (("f",), ("slash",), ("colon",), ("O",), ("s",), ("2", "r")):
            await press(pilot, *keys)
            pilot.app.post_message(events.Paste(HOSTILE[kind][:200]))
            await settled(pilot)
            assert_only_text(pilot)
            await press(pilot, "escape", "escape")
            assert_only_text(pilot)
        assert path.read_text() == HUB


async def test_a_file_with_a_hostile_name_is_shown_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\u202e[@click=app.quit]x[b]\n.toml"
    path.write_text(HUB)
    app = VnetTuiApp(path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, WorkbenchScreen)
        assert "a\\x1b[31m\\u202e[@click=app.quit]x[b]\\x0a.toml" in assert_only_text(pilot)
        for keys in (("S", "escape"), ("O", "escape"), ("2", "d", "ctrl+s"), ("T", "enter"), ("2", "d", "q", "escape")):
            for key in keys:
                await press(pilot, key)
                assert_only_text(pilot)
        assert "vnets.app" not in path.read_text()


@pytest.mark.parametrize("kind", ["all in brief", "lines", "long and wide"])
async def test_a_file_that_does_not_load_shows_its_hostile_text_as_text(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(estate(HOSTILE[kind]).replace('["10.1.0.0/22"]', "12").replace('["10.1.0.0/24"]', "true"))
    app = VnetTuiApp(path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert not isinstance(app.screen, WorkbenchScreen)
        for key in ("down", "down", "end", "home"):
            assert_only_text(pilot)
            await press(pilot, key)


def test_no_hostile_sequence_reaches_a_real_terminal(tmp_path: Path) -> None:
    text = " ".join(HOSTILE[kind] for kind in ("markup", "escapes", "C1", "controls", "bidi", "invisible"))
    path = tmp_path / "plan.toml"
    path.write_text(estate(text), encoding="utf-8")
    env = {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with Terminal((sys.executable, "-m", "tui", str(path)), columns=120, rows=40, env=env) as terminal:
        terminal.wait_for("? Help")
        for key in ("2", "4", "5", "6", "]", "1", "2", "r", "escape", "f", "escape", "e", "escape", "t", "escape", "d"):
            assert terminal.press(key, quiet=0.4).alive
        received = bytes(terminal.received)
    assert b"[@click=app.quit]x[/]" in received
    # Textual's own: the shape of the mouse pointer.
    written = re.sub(r"\x1b\]22;[a-z-]*\x07", "", received.decode())
    for sequence in ("\x1b[31mred", "\x1b]52", "\x1b]0;", "\x1b]8;", "\x1bP+q", "\x07", "\x9b", "\x9d", "\x9c", "\x90"):
        assert sequence not in written
    for (
        hidden
    ) in "\u202e\u202c\u2066\u2069\u200f\u061c\u200b\u200c\u200d\ufeff\u00ad\u2060\u3164\ufe0f\U000e0041\x85\x7f":
        assert hidden not in written
    controls = set(
        re.findall(r"[\x00-\x1f]", re.sub(r"\x1b\[[0-9;?<>=:]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>78M]", "", written))
    )
    assert controls <= {"\r", "\n", "\x08", "\x1b"}
    assert written.count("\x1b[?1049l") <= 1
