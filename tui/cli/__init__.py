"""The command line. Owns the way in, where `--version` answers before anything else is imported, and the way out.

Invariant: a command imports what it uses and nothing more; textual is imported to open the editor only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


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


def process() -> NoReturn:
    """Run vnet-tui as a process of its own, and end it with its exit status.

    A command has written and flushed what it had to; taking ten thousand VNets apart one by one before the process
    ends would cost a tenth of its time. The editor ends as any program does: it has threads.
    """
    status = main()
    if "textual" in sys.modules:
        raise SystemExit(status)
    if sys.stderr is not None:
        sys.stderr.flush()
    os._exit(status)
