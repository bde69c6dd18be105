"""Loading: from the bytes of a file to a topology, or to the list of everything that is wrong with it.

Owns what stops a load and what does not: only what cannot be understood stops it, all else is a finding.
Invariant: a text that loads gives the same topology every time, and the text is kept as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomledit
from pydantic import ValidationError

from tui.collector import collector_paused
from tui.storage.files import Fingerprint, decode, read_text
from tui.storage.nesting import check_nesting
from tui.storage.problems import UnreadableTopologyError, name_problems, schema_problem, syntax_problem, type_problems
from tui.topology.model import SCHEMA, Topology

_BOM = "\ufeff"
_NUL = re.compile(r"\\(?:u0000|U00000000|x00)")
"""How TOML writes a NUL, which no text holds raw."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A topology with the text that it was read from."""

    topology: Topology
    text: str
    fingerprint: Fingerprint


def load(path: Path) -> Loaded:
    """Read the topology at `path`. Raises FileError, or UnreadableTopologyError with all problems."""
    contents = read_text(path)
    return Loaded(parse(contents.text, str(path)), contents.text, contents.fingerprint)


def parse_bytes(data: bytes, source: str) -> tuple[Topology, str]:
    """Return the topology that `data` (from standard input, say) holds, and its text. Raises as `load` does."""
    text = decode(data, source)
    return parse(text, source), text


def parse(text: str, source: str) -> Topology:
    """Return the topology that `text` says. Raises FileError or UnreadableTopologyError, naming `source`."""
    check_nesting(text, source)
    with collector_paused():
        data = plain(text, source)
        if unnameable := name_problems(text, data):
            raise UnreadableTopologyError(source, unnameable)
        problem = schema_problem(text, data, SCHEMA)
        if problem is not None:
            raise UnreadableTopologyError(source, [problem])
        try:
            return Topology.model_validate(_with_order(_without_nul_keys(data) if _NUL.search(text) else data))
        except ValidationError as error:
            raise UnreadableTopologyError(source, type_problems(text, data, error)) from None


def plain(text: str, source: str) -> dict[str, Any]:
    """Return the data of a TOML text. Raises UnreadableTopologyError for a text that is no TOML."""
    try:
        data: dict[str, Any] = tomledit.Document.parse(text.removeprefix(_BOM)).value
    except ValueError as error:
        raise UnreadableTopologyError(source, [syntax_problem(text, error)]) from None
    return data


def _without_nul_keys(data: Any) -> Any:
    """The data without keys that begin with NUL: the model keeps its own marks under such names.

    They stay in the file like every unknown key.
    """
    if isinstance(data, dict):
        return {key: _without_nul_keys(value) for key, value in data.items() if not key.startswith("\0")}
    return [_without_nul_keys(value) for value in data] if isinstance(data, list) else data


def _with_order(data: dict[str, Any]) -> dict[str, Any]:
    """The data, marked when its sites come before its VNets: pairs are named in the order of the file."""
    names = list(data)
    if "sites" in data and "vnets" in data and names.index("sites") < names.index("vnets"):
        return {**data, "\0sites_first": True}
    return data
