"""Output: what goes to stdout and stderr, and in which form.

Invariant: no foreign text reaches the terminal but through `displayable`, and JSON is plain ASCII.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from tui.display import displayable, padded, width
from tui.topology.prefix import Prefix


def say(line: str = "") -> None:
    """Print one line of data."""
    print(displayable(line))


def complain(line: str) -> None:
    """Print one message for the person at the keyboard."""
    print(displayable(line), file=sys.stderr)


def say_json(document: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(document, indent=2))


def say_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with aligned columns; what is a number stands at the right."""
    body = [[displayable(_cell(value)) for value in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(columns, *body, strict=True)]
    numeric = [_are_numbers([row[index] for row in body]) for index in range(len(columns))]
    for row in ([column.upper() for column in columns], *body):
        cells = (
            " " * (room - width(cell)) + cell if right else padded(cell, room)
            for cell, room, right in zip(row, widths, numeric, strict=True)
        )
        print("  ".join(cells).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple) and not isinstance(value, Prefix):
        return ", ".join(map(str, value)) or "–"
    return str(value)


def _are_numbers(texts: Sequence[str]) -> bool:
    """True if the column holds figures, some of them perhaps missing."""
    given = [text for text in texts if text != "–"]
    return bool(given) and all(text.replace(".", "", 1).lstrip("-").isdigit() for text in given)
