"""What is opened and is no topology, but can be imported: said in words that lead there.

Invariant: nothing is imported here; what is not known to be a source is nothing that is spoken of.
"""

from __future__ import annotations

from pathlib import Path

from tui.errors import FileError
from tui.exchange.decoding import decoded
from tui.exchange.recognition import recognised
from tui.exchange.source import MAX_BYTES, ExchangeError
from tui.storage.files import read_bytes
from tui.storage.problems import Problem

_FORMATS = {
    "azure-json": "what Azure's tools print (JSON)",
    "arm": "an ARM template",
    "arm-parameters": "the parameters of an ARM template",
    "terraform": "a state or plan of Terraform",
    "netcfg": "a classic network configuration",
    "csv": "a table (CSV)",
}


def importable(path: Path) -> tuple[Problem, ...]:
    """Return what is to be said about a file that is no topology and can be imported; nothing about any other."""
    try:
        form = recognised(decoded(path.name, read_bytes(path, MAX_BYTES)))
    except (ExchangeError, FileError):
        return ()
    if form not in _FORMATS:
        return ()
    said = (
        f"this is {_FORMATS[form]}, which is imported and not opened: press I in an open topology, or choose "
        f"Import from Azure on the start screen; K compares it with a topology"
    )
    return (Problem(None, None, "", "", "TOML", None, said),)
