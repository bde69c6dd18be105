"""`vnet-tui FILE`: opens the editor.

Invariant: this is the one command that imports the screen.
"""

from __future__ import annotations

import argparse

from tui.cli.output import complain


def run(options: argparse.Namespace) -> int:
    """Say that this version has no editor yet."""
    complain("this version has no editor yet; try: vnet-tui check FILE, or vnet-tui --help")
    return 2
