"""The command line. Owns the way in: `--version` answers before anything else is imported.

Invariant: a command imports what it uses and nothing more; textual is imported to open the editor only.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run vnet-tui with `arguments` (those of the process by default) and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        from tui import __version__

        try:
            print(f"vnet-tui {__version__}", flush=True)
            return 0
        except OSError:
            pass  # a closed pipe or a full disk: what follows knows what to say
    from tui.cli.arguments import run

    return run(given)
