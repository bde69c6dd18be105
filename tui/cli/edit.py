"""`vnet-tui FILE`: opens the editor.

Invariant: this is the one command that imports the screen.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from tui.cli.output import complain
from tui.errors import FileError
from tui.paths import resolve_topology


def run(options: argparse.Namespace) -> int:
    """Open a topology, a new one where the file is not there yet, or what the person chooses on the start screen."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("the editor needs a terminal; try: vnet-tui check FILE, or vnet-tui --help")
        return 2
    path = resolve_topology(options.file) if options.file else None
    if path is not None and not os.path.lexists(path) and not os.path.isdir(path.parent):
        raise FileError(f"the folder of {options.file} does not exist", "make the folder first")
    if path is not None and os.path.isdir(path):
        raise FileError(f"{options.file} is a folder", "name a file in it")
    # A picture waits for the next frame: at Textual's usual 60 a second, half of a key's time is waiting.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    from tui.app.app import VnetTuiApp
    from tui.app.keys import resolve
    from tui.app.mouse import driver_for
    from tui.storage.in_force import in_force, own_settings

    settings, problems = own_settings()
    looks = in_force(settings, os.environ, theme=options.theme, mouse=options.mouse, ascii_only=options.ascii)
    app = VnetTuiApp(
        path,
        sample=path is not None and not os.path.lexists(Path(options.file)) and os.path.exists(path),
        read_only=options.read_only,
        looks=looks,
        keymap=resolve(settings.keys, settings.places) if settings is not None else None,
        notices=problems,
        driver_class=driver_for(looks.mouse),
        when_ready=_collect_garbage,
    )
    app.run(mouse=looks.mouse != "off")
    return app.return_code or 0


def _collect_garbage() -> None:
    """Collect from now on: what was made to start with stays, and is not looked at again and again."""
    gc.freeze()
    gc.enable()
