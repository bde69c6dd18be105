"""The workbench driven as a person drives it: keys in, the screen as text, the store and the file out.

Invariant: every step waits until what it began is done, the checks included.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App
from textual.keys import REPLACED_KEYS, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerCancelled

from tui.app.app import VnetTuiApp
from tui.app.keys_in_order import KeysInOrderApp
from tui.app.screens.workbench import WorkbenchScreen
from tui.app.widgets.form_view import FormView

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
    """Wait until everything is shown, what the checks find included.

    Textual's own pause sleeps until the processor is idle, which takes a tenth of a second for every key.
    """
    calm = 0
    while calm < 2:
        # A check may be overtaken by the next one, and is cancelled then.
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
        if not await pilot._wait_for_screen():
            return  # the app has ended
        calm = calm + 1 if _is_calm(pilot.app) else 0
        await asyncio.sleep(0 if calm else 0.002)


def _is_calm(app: App[None]) -> bool:
    """True if no message waits, and nothing is to be laid out or drawn."""
    if not app.is_running or not app.screen_stack:
        return True
    if isinstance(app, KeysInOrderApp) and app.is_at_work:
        return False
    screen = app.screen
    if screen._layout_required or screen._repaint_required or screen._dirty_widgets or screen._callbacks:
        return False
    if not all(form.is_judged for form in screen.query(FormView)):
        return False
    return not any(pump.message_queue_size for pump in (app, *screen.walk_children(with_self=True)))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each when the one before it has done its work."""
    for key in keys:
        _send(pilot, key)
        await settled(pilot)


def _send(pilot: Pilot[None], key: str) -> None:
    name = REPLACED_KEYS.get(key, key)
    try:
        character: str | None = unicodedata.lookup(_get_unicode_name_from_key(name))
    except KeyError:
        character = key if len(key) == 1 else None
    event = events.Key(key, character)
    event.set_sender(pilot.app)
    assert pilot.app._driver is not None
    pilot.app._driver.send_message(event)


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
        _send(pilot, _NAMES.get(character, character))
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
