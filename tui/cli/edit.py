"""`vnet-tui FILE`: opens the editor.

Invariant: this is the one command that imports the screen.
"""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

from tui.cli.opening import complain_of
from tui.cli.output import complain
from tui.errors import FileError
from tui.paths import resolve_topology
from tui.storage.problems import UnreadableTopologyError


def run(options: argparse.Namespace) -> int:
    """Open a topology, or a new one where the file is not there yet."""
    gc.enable()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain("the editor needs a terminal; try: vnet-tui check FILE, or vnet-tui --help")
        return 2
    from tui.app.app import VnetTuiApp
    from tui.app.store import Store

    path = resolve_topology(options.file) if options.file else None
    try:
        if path is None or not path.exists():
            if path is not None and not path.parent.is_dir():
                raise FileError(f"the folder of {options.file} does not exist", "make the folder first")
            store = Store.new(path)
        elif not Path(options.file).exists():
            store = Store.sample(path)
        else:
            store = Store.open(path, read_only=options.read_only)
    except UnreadableTopologyError as error:
        complain_of(options.file, error)
        return 2
    VnetTuiApp(store, theme=options.theme, ascii_only=options.ascii).run()
    return 0
