"""`vnet-tui schema`: the JSON Schema of the file, for editors that complete and check while one types.

Invariant: what the schema allows, the loader takes; unknown keys are allowed, as they are in the file.
"""

from __future__ import annotations

import argparse

from tui.cli.output import say_json
from tui.storage.schema import file_schema


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    say_json(file_schema())
    return 0
