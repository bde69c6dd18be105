"""The outline of a JSON text: the keys of its outer levels, by which formats are told apart before anything is decoded.

Invariant: the time is linear in the text, whatever it holds, and a text that breaks off has an outline as well.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z)|[{}\[\]:,]', re.S)


class Outline(NamedTuple):
    """What stands on the outer levels of an object; nothing for a list."""

    keys: frozenset[tuple[str, ...]]
    """The paths of keys to the third level, in lower case."""
    schema: str
    """Its `$schema`, in lower case; empty where it has none."""

    @property
    def top(self) -> frozenset[str]:
        """The keys of the outermost level."""
        return frozenset(path[0] for path in self.keys)


def outline(text: str) -> Outline:
    """Return the outline of the object with which `text` begins."""
    keys: set[tuple[str, ...]] = set()
    path: list[str] = []
    schema = ""
    depth = 0
    """How many brackets are open; only while they are all objects does `path` grow."""
    word = ""
    schema_next = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in ("{", "["):
            depth += 1
            if depth == 1 and token == "[":
                break
            schema_next = False
        elif token in ("}", "]"):
            depth -= 1
            del path[max(depth - 1, 0) :]
            if depth <= 0:
                break
        elif token == ":":
            if depth <= 3 and len(path) >= depth - 1:
                del path[depth - 1 :]
                path.append(word[:100].lower())
                keys.add(tuple(path))
                schema_next = word == "$schema"
        elif token != ",":
            word = token[1:-1]
            if schema_next:
                schema, schema_next = word[:300], False
    return Outline(frozenset(keys), schema.lower())


def is_one_text(text: str) -> bool:
    """Return whether nothing follows the text in quotes with which `text` begins."""
    match = _TOKEN.match(text)
    return match is not None and match[0].startswith('"') and not text[match.end() :].strip()
