"""The pictures of the README, drawn by the program itself: `python -m tests.pictures`, or `make pictures`.

Invariant: the same program draws the same bytes; a test compares them with what lies in docs/pictures.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.ui.driving import enter, press, settled
from tui.app.app import VnetTuiApp
from tui.app.store import Store
from tui.paths import samples

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"

PICTURES: dict[str, tuple[str, Sequence[str]]] = {
    "overview": ("corporate-wan", ("2", "j", "5")),
    "form": ("hub-and-spoke", ("2", "a", "type:web", "tab", "type:10.64.17.0/24")),
    "problems": ("inherited-estate", ("6",)),
}
"""The sample that each shows, and the keys that lead there."""


async def draw(name: str) -> str:
    """Return the picture as SVG."""
    sample, keys = PICTURES[name]
    app = VnetTuiApp(Store.sample(samples()[sample]))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        for key in keys:
            if key.startswith("type:"):
                await enter(pilot, key.removeprefix("type:"))
            else:
                await press(pilot, key)
        await pilot.pause(0.3)
        await settled(pilot)
        return app.export_screenshot(title=f"vnet-tui {sample}") + "\n"


def main() -> None:
    """Draw all of them anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as nobody:
        os.environ |= {"XDG_STATE_HOME": nobody, "XDG_CONFIG_HOME": nobody}
        for name in PICTURES:
            (FOLDER / f"{name}.svg").write_text(asyncio.run(draw(name)))


if __name__ == "__main__":
    main()
