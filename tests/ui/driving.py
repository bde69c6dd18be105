"""The workbench driven as a person drives it: keys in, the screen as text, the store and the file out.

Invariant: every step waits until what it began is done, the checks included.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from tui.app.app import VnetTuiApp
from tui.app.screens.workbench import WorkbenchScreen

HUB = """\
# The hub and what hangs on it.
schema = 1

[subscriptions.prod]

[vnets.app]            # the shop
subscription = "prod"
region = "westeurope"
address_space = ["10.1.0.0/22"]

[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.0.0.0/22"]
gateway.sku = "VpnGw1AZ"

[sites.office]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.1"
"""


@asynccontextmanager
async def workbench(
    text: str, folder: Path, size: tuple[int, int] = (120, 40), *, read_only: bool = False
) -> AsyncIterator[tuple[Pilot[None], WorkbenchScreen, Path]]:
    """Open a file that holds `text`."""
    path = folder / "plan.toml"
    path.write_text(text)
    app = VnetTuiApp(path, read_only=read_only)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, WorkbenchScreen)
        yield pilot, screen, path


async def settled(pilot: Pilot[None]) -> None:
    """Wait until everything is shown, what the checks find included."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each when the one before it has done its work."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def lines(screen: Screen[Any]) -> str:
    """The screen as text."""
    return "\n".join(
        "".join(segment.text for segment in strip) for strip in screen._compositor.render_strips(screen.size)
    )


_NAMES = {
    " ": "space",
    "/": "slash",
    ".": "full_stop",
    "-": "minus",
    ",": "comma",
    ":": "colon",
    "*": "asterisk",
    "=": "equals_sign",
    '"': "quotation_mark",
}


async def enter(pilot: Pilot[None], text: str) -> None:
    """Type a text."""
    for character in text:
        await pilot.press(_NAMES.get(character, character))
    await settled(pilot)


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type a text and press Enter."""
    await enter(pilot, text)
    await press(pilot, "enter")


async def fill(pilot: Pilot[None], screen: WorkbenchScreen, **fields: str) -> None:
    """Go to each field of the open form and type its text instead of what stands there."""
    for key, text in fields.items():
        assert key in screen.form.values, f"no field {key} in {list(screen.form.values)}\n{lines(screen)}"
        while screen.form.field is not None and screen.form.field.key != key:
            await press(pilot, "tab")
        await press(pilot, "ctrl+u")
        await enter(pilot, text)
