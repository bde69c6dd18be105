"""The pictures of the README, drawn by the program itself: `python -m tests.pictures`, or `make pictures`.

Owns which sample each shows, the keys that lead there, and what must be seen in it.
Invariant: the same program draws the same bytes, on every machine and every day; a test holds docs/pictures to that.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tests.ui.driving import enter, press, settled
from tui.app.app import VnetTuiApp
from tui.app.store import Store
from tui.paths import samples

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SIZE = (120, 36)

_FONT = re.compile(r"^ *@font-face \{.*?\n *\}\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture."""

    sample: str
    keys: Sequence[str]
    """Keys that lead there; what begins with "type:" is typed."""
    seen: str
    """What must be seen in it, for whoever looks at a new drawing."""


PICTURES: Mapping[str, Picture] = {
    "workbench": Picture(
        "full-mesh",
        ("2", "j"),
        "the three panes with counts, findings and the tunnel meter of each gateway; below them a VNet in full",
    ),
    "form": Picture(
        "hub-and-spoke",
        ("2", "j", "e", "end", "type:, 10.64.17.0/24"),
        "a form whose address space collides: with whom, why it matters, and the block that is free nearby",
    ),
    "planner": Picture(
        "two-hubs-with-firewalls",
        ("z", "s", "ctrl+u", "type:2 x /22 grow /20"),
        "what is asked for in the last line, and live above it three placements of two blocks with their reasons",
    ),
    "map": Picture(
        "hub-and-spoke",
        ("8", "plus", "l", "l", "j", "j"),
        "the address map of a pool: who has which block, what is held, what is free, and the cursor on a free one",
    ),
    "problems": Picture(
        "inherited-estate",
        ("6", "j"),
        "the problems with severity, rule and sentence, which of them a key mends, and what to do about the chosen one",
    ),
}


@contextmanager
def nobody() -> Iterator[None]:
    """Make it the machine of somebody without settings, with a terminal of all colours."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ):
        for name in ("NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "VNET_TUI_THEME"):
            os.environ.pop(name, None)
        os.environ |= {
            "XDG_STATE_HOME": folder,
            "XDG_CONFIG_HOME": folder,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        yield


async def draw(name: str) -> str:
    """Return the picture as SVG. It names no font of a server: a README is not to fetch one."""
    picture = PICTURES[name]
    app = VnetTuiApp(Store.sample(samples()[picture.sample]))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for key in picture.keys:
            if key.startswith("type:"):
                await enter(pilot, key.removeprefix("type:"))
            else:
                await press(pilot, key)
        return _FONT.sub("", app.export_screenshot(title=f"vnet-tui {picture.sample}")) + "\n"


def main() -> None:
    """Draw all of them anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with nobody():
        for name in PICTURES:
            (FOLDER / f"{name}.svg").write_text(asyncio.run(draw(name)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
