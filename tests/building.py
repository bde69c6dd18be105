"""Topologies for tests, from the text of a file."""

from __future__ import annotations

import textwrap
import tomllib

from tui.topology.model import Topology


def topology(text: str) -> Topology:
    """Return the topology that `text` says; `schema = 1` may be left out."""
    data = tomllib.loads(textwrap.dedent(text))
    return Topology.model_validate({"schema": 1, **data})
