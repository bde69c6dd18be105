"""Every command of the table is run through its key, or through the palette if it has none, and does what it says.

Owns one scenario for each command. Invariant: a command that is added needs a scenario here.
"""

from __future__ import annotations

import base64
import re
import shlex
import sys
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.ui.driving import enter, fill, lines, press, settled, typed, workbench
from tui.app.app import VnetTuiApp
from tui.app.commands import commands
from tui.app.screens.workbench import WorkbenchScreen
from tui.paths import samples
from tui.topology.edits import add, change
from tui.topology.model import Peering
from tui.topology.parts import Path as KeyPath

TEXT: Final = """\
schema = 1

[planning]
workloads = ["aks"]

[subscriptions.prod]

[subscriptions.test]

[vnets.app]   # the shop
subscription = "prod"
region = "westeurope"
address_space = ["10.1.0.0/22"]
tags = { owner = "shop" }

[vnets.app.subnets]
web = "10.1.0.0/24"

[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.64.0.0/22"]
gateway.sku = "VpnGw1AZ"

[sites.office]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.1"
"""
ORDER: Final[list[KeyPath]] = [("vnets", "app"), ("vnets", "hub")]


@dataclass
class Desk:
    """A person before the workbench."""

    pilot: Pilot[None]
    screen: WorkbenchScreen
    path: Path
    patch: pytest.MonkeyPatch

    async def keys(self, *keys: str) -> None:
        """Press keys."""
        await press(self.pilot, *keys)

    async def run(self, name: str) -> None:
        """Run a command by its first key, or through the palette."""
        command = commands()[name]
        if command.keys:
            await press(self.pilot, command.keys[0])
            return
        await press(self.pilot, "colon")
        await typed(self.pilot, command.title)

    @property
    def shown(self) -> str:
        """The screen as text."""
        return lines(self.pilot.app.screen)

    @property
    def rows(self) -> list[object]:
        """The keys of the rows of the pane that the cursor is in."""
        return [row.key for row in self.screen.overview.current.list.rows]


Scenario = Callable[[Desk], Awaitable[None]]
SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str) -> Callable[[Scenario], Scenario]:
    """Enter a scenario into the table."""

    def kept(one: Scenario) -> Scenario:
        assert name not in SCENARIOS
        SCENARIOS[name] = one
        return one

    return kept


def test_every_command_has_a_scenario() -> None:
    assert set(SCENARIOS) == set(commands())


@pytest.mark.parametrize("name", commands())
async def test_every_command_does_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with workbench(TEXT, tmp_path) as (pilot, screen, path):
        await SCENARIOS[name](Desk(pilot, screen, path, monkeypatch))


# Going.


def _goes_to(name: str, number: str) -> None:
    @scenario(name)
    async def _(desk: Desk) -> None:
        await desk.keys("1" if number != "1" else "2")
        await desk.run(name)
        assert desk.screen.overview.current is desk.screen.overview.by_key[number]
        assert desk.screen.focused is desk.screen.overview.by_key[number].list
        assert (f"▸{number} " if name.startswith("pane") else f"▸[{number} ") in desk.shown


for _number in "123":
    _goes_to(f"pane-{_number}", _number)
for _number in "4567":
    _goes_to(f"tab-{_number}", _number)


@scenario("find")
async def _(desk: Desk) -> None:
    await desk.run("find")
    await typed(desk.pilot, "10.1.0.9")
    assert desk.screen.selected == ("vnets", "app", "subnets", "web")


@scenario("back")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "f")
    await typed(desk.pilot, "office")
    assert desk.screen.selected == ("sites", "office")
    await desk.run("back")
    assert desk.screen.selected == ("vnets", "app")


@scenario("filter")
async def _(desk: Desk) -> None:
    await desk.keys("2")
    await desk.run("filter")
    await typed(desk.pilot, "hub")
    assert desk.rows == [("vnets", "hub")]


@scenario("next-match")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("next-match")
    assert "filter for something first" in desk.shown
    await desk.keys("slash", "o", "f", "f", "enter", "slash", "escape", "home")
    assert desk.screen.selected == ("vnets", "app")
    await desk.run("next-match")
    assert desk.screen.selected == ("sites", "office")


@scenario("previous-match")
async def _(desk: Desk) -> None:
    await desk.keys("2", "slash", "h", "u", "b", "enter", "slash", "escape", "home")
    assert desk.screen.selected == ("vnets", "app")
    await desk.run("previous-match")
    assert desk.screen.selected == ("vnets", "hub")


@scenario("next-problem")
async def _(desk: Desk) -> None:
    await desk.run("next-problem")
    assert "1 of 1: error SUB004" in desk.shown
    assert desk.screen.selected == ("vnets", "hub")


@scenario("previous-problem")
async def _(desk: Desk) -> None:
    await desk.run("previous-problem")
    assert "SUB004" in desk.shown.splitlines()[-1]
    assert desk.screen.selected == ("vnets", "hub")


@scenario("mark")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("mark")
    await desk.run("mark")
    assert desk.screen.marked == tuple(ORDER)
    assert "2 marked" in desk.shown
    await desk.keys("home")
    await desk.run("mark")
    assert desk.screen.marked == (("vnets", "hub"),)


@scenario("unmark-all")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "space", "space")
    await desk.run("unmark-all")
    assert desk.screen.marked == ()


# Changing.


@scenario("add")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("add")
    await fill(desk.pilot, desk.screen, name="data")
    await desk.keys("enter")
    assert desk.screen.selected == ("vnets", "data")


@scenario("add-any")
async def _(desk: Desk) -> None:
    await desk.run("add-any")
    await typed(desk.pilot, "pool")
    await fill(desk.pilot, desk.screen, name="lab", prefixes="172.20.0.0/14")
    await desk.keys("enter")
    assert "lab" in desk.screen.store.topology.planning.pools


@scenario("edit")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("edit")
    await fill(desk.pilot, desk.screen, note="sells")
    await desk.keys("enter")
    assert desk.screen.store.topology.vnets["app"].note == "sells"


@scenario("rename")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("rename")
    await typed(desk.pilot, "-weu")
    assert list(desk.screen.store.topology.vnets) == ["app-weu", "hub"]


@scenario("duplicate")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("duplicate")
    await desk.keys("enter")
    assert "web" in desk.screen.store.topology.vnets["app-2"].subnets


@scenario("delete")
async def _(desk: Desk) -> None:
    for key in commands()["delete"].keys:
        await desk.keys("2", "home", key)
        assert list(desk.screen.store.topology.vnets) == ["hub"]
        await desk.keys("u")
    await desk.keys("home", "space", "space")
    await desk.run("delete")
    assert not desk.screen.store.topology.vnets


@scenario("move")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "space", "space")
    await desk.run("move")
    await typed(desk.pilot, "test")
    assert {vnet.subscription for vnet in desk.screen.store.topology.vnets.values()} == {"test"}
    await desk.keys("u")
    assert {vnet.subscription for vnet in desk.screen.store.topology.vnets.values()} == {"prod"}


@scenario("undo")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "d")
    await desk.run("undo")
    assert "app" in desk.screen.store.topology.vnets
    assert not desk.screen.store.unsaved
    await desk.run("undo")
    assert "app" in desk.screen.store.topology.vnets


@scenario("redo")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "d", "u")
    await desk.run("redo")
    assert "app" not in desk.screen.store.topology.vnets


@scenario("edit-topology")
async def _(desk: Desk) -> None:
    await desk.run("edit-topology")
    await fill(desk.pilot, desk.screen, name="Shops")
    await desk.keys("enter")
    assert desk.screen.store.topology.name == "Shops"


@scenario("edit-planning")
async def _(desk: Desk) -> None:
    await desk.run("edit-planning")
    await fill(desk.pilot, desk.screen, own_public="203.0.112.0/22")
    await desk.keys("enter")
    assert [str(prefix) for prefix in desk.screen.store.topology.planning.own_public] == ["203.0.112.0/22"]


# Linking.


@scenario("connect")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "down")
    await desk.run("connect")
    await typed(desk.pilot, "office")
    (connection,) = desk.screen.store.topology.connections.values()
    assert connection.between == ("hub", "office")


@scenario("peer")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("peer")
    await typed(desk.pilot, "hub")
    (peering,) = desk.screen.store.topology.peerings.values()
    assert peering.between == ("app", "hub")


@scenario("gateway")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("gateway")
    await desk.keys("enter")
    assert desk.screen.store.topology.vnets["app"].gateway is not None
    assert "GatewaySubnet" in desk.screen.store.topology.vnets["app"].subnets


@scenario("fix")
async def _(desk: Desk) -> None:
    await desk.keys("6", "home")
    await desk.run("fix")
    assert "GatewaySubnet" in desk.screen.store.topology.vnets["hub"].subnets
    assert "nothing wrong" in desk.shown


@scenario("waive")
async def _(desk: Desk) -> None:
    await desk.keys("6", "home")
    await desk.run("waive")
    await typed(desk.pilot, "later")
    (waiver,) = desk.screen.store.topology.waivers.values()
    assert (waiver.code, waiver.reason) == ("SUB004", "later")


# Planning.


@scenario("next-free")
async def _(desk: Desk) -> None:
    await desk.run("next-free")
    await enter(desk.pilot, "/25")
    assert "10.0.0.0/25" in desk.shown, "live, before Enter"
    await desk.keys("enter")
    assert desk.screen.overview.current is desk.screen.overview.planner
    assert "10.0.0.0/25" in desk.shown


@scenario("address-map")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("address-map")
    assert "Map of 10.1.0.0/16" in desk.shown
    assert "app's 10.1.0.0/22" in desk.shown
    await desk.keys("escape")
    assert desk.pilot.app.screen is desk.screen


@scenario("plan-subnets")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("plan-subnets")
    await typed(desk.pilot, "db 100 hosts, cache /27")
    assert list(desk.screen.store.topology.vnets["app"].subnets) == ["web", "db", "cache"]


def _web(desk: Desk) -> str:
    """Where the subnet is, of which the next scenarios are."""
    return ", ".join(map(str, desk.screen.store.topology.vnets["app"].subnets["web"].prefixes))


@scenario("split")
async def _(desk: Desk) -> None:
    desk.screen.go_to(("vnets", "app", "subnets", "web"))
    await desk.run("split")
    assert list(desk.screen.store.topology.vnets["app"].subnets) == ["web", "web-2"]
    assert _web(desk) == "10.1.0.0/25"


@scenario("join")
async def _(desk: Desk) -> None:
    desk.screen.go_to(("vnets", "app", "subnets", "web"))
    await desk.run("join")
    assert "web has no other half" in desk.shown
    await desk.keys("vertical_line")
    await desk.run("join")
    assert list(desk.screen.store.topology.vnets["app"].subnets) == ["web"]
    assert _web(desk) == "10.1.0.0/24"


@scenario("resize")
async def _(desk: Desk) -> None:
    desk.screen.go_to(("vnets", "app", "subnets", "web"))
    await desk.run("resize")
    await fill(desk.pilot, desk.screen, size="/23")
    await desk.keys("enter")
    assert _web(desk) == "10.1.0.0/23"
    await desk.keys("2", "home")
    await desk.run("resize")
    await desk.keys("enter")
    assert [str(one) for one in desk.screen.store.topology.vnets["app"].address_space] == ["10.1.0.0/21"]


@scenario("relocate")
async def _(desk: Desk) -> None:
    desk.screen.go_to(("vnets", "app", "subnets", "web"))
    await desk.run("relocate")
    await desk.keys("enter")
    assert _web(desk) == "10.1.1.0/24"
    await desk.keys("2", "home")
    await desk.run("relocate")
    moved, *_ = re.findall(r"; subnets: web to (10\.[0-9.]+/24);", desk.shown)
    await desk.keys("enter")
    assert _web(desk) == moved != "10.1.1.0/24"


@scenario("renumber")
async def _(desk: Desk) -> None:
    before = desk.screen.store.topology.vnets["hub"].address_space
    desk.screen.make(change(("vnets", "app"), address_space=before))
    await settled(desk.pilot)
    desk.screen.make(add(("peerings", "a"), Peering(between=("app", "hub"))))
    await settled(desk.pilot)
    await desk.run("renumber")
    assert "1 collision; the cheapest way out: 1 network moves" in desk.shown
    await desk.keys("enter")
    app, hub = (desk.screen.store.topology.vnets[name].address_space for name in ("app", "hub"))
    assert app != hub
    assert before in (app, hub), "one of them moved"


# Asking and looking.


@scenario("reach")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    await desk.run("reach")
    await typed(desk.pilot, "hub")
    assert "app does not reach hub" in desk.shown


def _listened(desk: Desk) -> Callable[[], str]:
    """Listen to the terminal, and return what its clipboard was given last."""
    for name in ("TMUX", "STY"):
        desk.patch.delenv(name, raising=False)
    desk.patch.setenv("TERM", "xterm-256color")
    sent: list[str] = []
    driver = desk.screen.app._driver
    assert driver is not None
    desk.patch.setattr(driver, "write", sent.append)

    def last() -> str:
        found = re.findall(r"\x1b\]52;c;([^\x07]*)\x07", "".join(sent))
        return base64.b64decode(found[-1]).decode()

    return last


@scenario("copy")
async def _(desk: Desk) -> None:
    last = _listened(desk)
    await desk.keys("2", "home")
    await desk.run("copy")
    assert last() == "10.1.0.0/22"
    assert "copied 10.1.0.0/22" in desk.shown
    await desk.keys("space", "space")
    await desk.run("copy")
    assert last() == "10.1.0.0/22\n10.64.0.0/22"


@scenario("copy-toml")
async def _(desk: Desk) -> None:
    last = _listened(desk)
    await desk.keys("2", "home")
    await desk.run("copy-toml")
    assert "[vnets.app]" in last()
    assert 'address_space = ["10.1.0.0/22"]' in last()


@scenario("sort")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home")
    seen = []
    for _ in range(6):
        await desk.run("sort")
        seen.append(next(key for key in desk.rows if isinstance(key, tuple) and key[0] == "vnets"))
    assert set(seen) == set(ORDER)
    assert not desk.screen.store.unsaved


@scenario("tags")
async def _(desk: Desk) -> None:
    # Only a wide list has room for a tag.
    await desk.keys("2", "z")
    assert not re.search(r"app .*shop", desk.shown)
    await desk.run("tags")
    await typed(desk.pilot, "owner")
    assert re.search(r"name .*owner", desk.shown)
    assert re.search(r"app .*shop", desk.shown)
    await desk.run("tags")
    await typed(desk.pilot, "owner")
    assert not re.search(r"app .*shop", desk.shown)


@scenario("zoom")
async def _(desk: Desk) -> None:
    await desk.keys("2")
    await desk.run("zoom")
    assert desk.screen.overview.vnets.size.width == desk.screen.size.width
    assert "3 Gateways" not in desk.shown
    await desk.run("zoom")
    assert "3 Gateways" in desk.shown


@scenario("narrower")
async def _(desk: Desk) -> None:
    await desk.keys("1")
    width = desk.screen.overview.subscriptions.size.width
    await desk.run("narrower")
    assert desk.screen.overview.subscriptions.size.width < width


@scenario("wider")
async def _(desk: Desk) -> None:
    await desk.keys("4")
    height = desk.screen.overview.details.size.height
    await desk.run("wider")
    assert desk.screen.overview.details.size.height > height


@scenario("even")
async def _(desk: Desk) -> None:
    await desk.keys("3")
    width = desk.screen.overview.gateways.size.width
    await desk.keys("less_than_sign", "less_than_sign")
    assert desk.screen.overview.gateways.size.width < width
    await desk.run("even")
    assert desk.screen.overview.gateways.size.width == width


@scenario("theme")
async def _(desk: Desk) -> None:
    app = desk.screen.app
    assert isinstance(app, VnetTuiApp)
    before = app.theme
    other = next(name for name in app.theme_names if name != before)
    await desk.run("theme")
    await enter(desk.pilot, other)
    assert app.theme == other
    await desk.keys("escape")
    assert app.theme == before
    await desk.run("theme")
    await typed(desk.pilot, other)
    assert app.theme == other


# Files.


@scenario("save")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "d")
    await desk.run("save")
    assert "vnets.app" not in desk.path.read_text()
    assert not desk.screen.store.unsaved


@scenario("save-as")
async def _(desk: Desk) -> None:
    other = desk.path.with_name("other.toml")
    await desk.keys("2", "home", "d")
    await desk.run("save-as")
    await desk.keys("ctrl+u")
    await typed(desk.pilot, str(other))
    assert "vnets.app" not in other.read_text()
    assert desk.path.read_text() == TEXT
    assert desk.screen.store.path == other


@scenario("save-and-quit")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "d")
    left = _exits(desk)
    await desk.run("save-and-quit")
    assert "vnets.app" not in desk.path.read_text()
    assert left == [1]


@scenario("quit-now")
async def _(desk: Desk) -> None:
    await desk.keys("2", "home", "d")
    left = _exits(desk)
    await desk.run("quit-now")
    assert desk.path.read_text() == TEXT
    assert left == [1]


@scenario("quit")
async def _(desk: Desk) -> None:
    left = _exits(desk)
    await desk.keys("2", "home", "d")
    await desk.run("quit")
    assert desk.screen.prompt.is_open
    assert left == []
    await desk.keys("escape", "u")
    await desk.run("quit")
    assert left == [1]


def _exits(desk: Desk) -> list[int]:
    """Count how often the app is left; it stays, so that the screen can be looked at."""
    left: list[int] = []
    desk.patch.setattr(desk.screen.app, "exit", lambda *arguments, **options: left.append(1))
    return left


def _editor(desk: Desk, code: str) -> None:
    """Let $EDITOR be a script that gets the file's name as its argument, on a terminal that can be given away."""
    script = desk.path.with_name("editor.py")
    script.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n{code}\n")
    desk.patch.setenv("VISUAL", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")
    desk.patch.setattr(App, "suspend", lambda app: nullcontext())


@scenario("editor")
async def _(desk: Desk) -> None:
    _editor(desk, "path.write_text(text.replace('10.1.0.0/22', '10.1.0.0/21'))")
    await desk.keys("2", "home")
    await desk.run("editor")
    assert str(desk.screen.store.topology.vnets["app"].address_space[0]) == "10.1.0.0/21"
    await desk.keys("ctrl+s")
    assert desk.path.read_text() == TEXT.replace("10.1.0.0/22", "10.1.0.0/21")
    await desk.keys("u", "ctrl+s")
    assert desk.path.read_text() == TEXT


@scenario("edit-file")
async def _(desk: Desk) -> None:
    _editor(desk, "path.write_text(text.replace('# the shop', '# the shops').replace('10.64.', '10.65.'))")
    await desk.run("edit-file")
    assert str(desk.screen.store.topology.vnets["hub"].address_space[0]) == "10.65.0.0/22"
    await desk.keys("ctrl+s")
    assert desk.path.read_text() == TEXT.replace("# the shop", "# the shops").replace("10.64.", "10.65.")


@scenario("open")
async def _(desk: Desk) -> None:
    await desk.run("open")
    await typed(desk.pilot, sorted(samples())[0])
    await settled(desk.pilot)
    screen = desk.pilot.app.screen
    assert isinstance(screen, WorkbenchScreen)
    assert screen is not desk.screen
    assert screen.store.topology.vnets


@scenario("new")
async def _(desk: Desk) -> None:
    await desk.run("new")
    await settled(desk.pilot)
    screen = desk.pilot.app.screen
    assert isinstance(screen, WorkbenchScreen)
    assert not screen.store.topology.vnets
    assert "no VNets yet: a adds one" in desk.shown


@scenario("import")
async def _(desk: Desk) -> None:
    path = desk.path.parent / "list.csv"
    path.write_text("vnet,prefix\nweb,10.9.0.0/24\n")
    await desk.run("import")
    await typed(desk.pilot, str(path))
    assert "new VNets (1)" in desk.shown
    await desk.keys("enter")
    assert "web" in desk.screen.store.topology.vnets
    assert desk.pilot.app.screen is desk.screen


@scenario("diff")
async def _(desk: Desk) -> None:
    path = desk.path.parent / "other.toml"
    path.write_text(TEXT.replace("10.64.0.0/22", "10.65.0.0/22"))
    await desk.run("diff")
    await typed(desk.pilot, str(path))
    assert "1 changed" in desk.shown
    assert "+10.64.0.0/22" in desk.shown
    await desk.keys("escape")
    assert desk.pilot.app.screen is desk.screen


@scenario("reload")
async def _(desk: Desk) -> None:
    desk.path.write_text(TEXT.replace("10.64.", "10.66."))
    await desk.run("reload")
    assert str(desk.screen.store.topology.vnets["hub"].address_space[0]) == "10.66.0.0/22"
    await desk.keys("u")
    assert str(desk.screen.store.topology.vnets["hub"].address_space[0]) == "10.64.0.0/22"


@scenario("help")
async def _(desk: Desk) -> None:
    await desk.run("help")
    for command in ("Subscriptions", "Find", "Undo", "Rename"):
        assert command in desk.shown
    await enter(desk.pilot, "waive")
    assert "not now: go to a problem first (6)" in desk.shown
    await desk.keys("escape")
    assert desk.pilot.app.screen is desk.screen


@scenario("palette")
async def _(desk: Desk) -> None:
    for key in commands()["palette"].keys:
        await desk.keys("2", "home", "d", key)
        await typed(desk.pilot, "undo")
        assert "app" in desk.screen.store.topology.vnets
    await desk.keys("2", "home", "d", "colon")
    await typed(desk.pilot, "w")
    assert "vnets.app" not in desk.path.read_text()


@scenario("suspend")
async def _(desk: Desk) -> None:
    asked: list[str] = []
    desk.patch.setattr(desk.screen.app, "action_suspend_process", lambda: asked.append("suspend"))
    await desk.run("suspend")
    assert asked == ["suspend"]
    assert desk.pilot.app.screen is desk.screen
