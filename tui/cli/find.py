"""`vnet-tui find`: who owns this address or prefix, and what has this name.

Invariant: an answer names the place by its key path, and says how it holds what was asked for.
"""

from __future__ import annotations

import argparse

from tui.cli.opening import open_topology, telling_problems
from tui.cli.output import complain, say_json, say_table
from tui.connectivity.search import Hit, by_name, by_prefix, prefix_of
from tui.topology.keypath import key_path
from tui.topology.prefix import Prefix, nearest_prefix


@telling_problems
def run(options: argparse.Namespace) -> int:
    """Print every place that holds what was asked for; exit 1 if there is none."""
    topology, _ = open_topology(options.file)
    prefix = prefix_of(options.what)
    hits = list(by_prefix(topology, prefix)) if prefix else list(by_name(topology, options.what))
    if not hits and prefix is None and nearest_prefix(options.what):
        Prefix.parse(options.what)  # no name of anything here, and so nearly a block: raises what is wrong with it
    if options.format == "json":
        say_json([_document(hit) for hit in hits])
    elif hits:
        say_table(("where", "prefix", "how"), [(key_path(hit.where), hit.prefix, hit.how) for hit in hits])
    else:
        complain(f"nothing in {options.file} holds {options.what}" if prefix else f"nothing is called {options.what}")
    return 0 if hits else 1


def _document(hit: Hit) -> dict[str, str | None]:
    return {"where": key_path(hit.where), "prefix": str(hit.prefix) if hit.prefix else None, "how": hit.how}
