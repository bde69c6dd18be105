"""Writing: which files a command may write to.

Invariant: standard input and the samples that ship with vnet-tui are never written to.
"""

from __future__ import annotations

import os
from pathlib import Path

from tui.errors import VnetTuiError
from tui.paths import resolve_topology, samples


def writable(argument: str, option: str) -> Path:
    """Return the file that `argument` names, to be written to because of `option`. Raises VnetTuiError."""
    if argument == "-":
        raise VnetTuiError("standard input cannot be written to", f"give the name of a file, or leave {option} out")
    path = resolve_topology(argument)
    shipped = [os.path.realpath(sample) for sample in samples().values()]
    if os.path.realpath(path) in shipped:
        raise VnetTuiError(
            f"{argument} is a sample that ships with vnet-tui, and is not written to",
            f"copy it first: cp {path} {Path(path.name)}",
        )
    return path
