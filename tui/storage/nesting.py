"""How deep a TOML text nests, found before a parser sees it.

Owns the guard against texts that a parser takes minutes or its whole stack for.
Invariant: one pass, linear in the text, whatever the text is; valid TOML within the limit always passes.
"""

from __future__ import annotations

import re
from typing import Final

from tui.errors import FileError

MAX_DEPTH: Final = 64

# Strings and comments of TOML: what nests nothing, whatever it holds. Possessive, so that no input makes it backtrack.
_INERT: Final = re.compile(
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+(?:"{3,5}+|\\?\Z)'''
    r"""|'''(?:[^']++|'(?!''))*+(?:'{3,5}+|\Z)"""
    r"""|"(?:[^"\\\n]++|\\[^\n])*+["\\]?"""
    r"""|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)
_NO_STRUCTURE: Final = bytes(set(range(256)) - set(b".=,[]{}\n"))


def check_nesting(text: str, source: str) -> None:
    """Raise a FileError for TOML in which keys, tables and arrays lie more than MAX_DEPTH deep in each other.

    Linear, for the parser is not: tomledit needs over 20 s to refuse 100,000 brackets, and `.value` ends in a
    RecursionError where long dotted keys lie in many inline tables.
    """
    if _too_deep(_INERT.sub("", text)):
        line = _too_deep(_INERT.sub(lambda inert: "\n" * inert[0].count("\n"), text))
        raise FileError(
            f"{source}:{line}: keys, tables and arrays lie more than {MAX_DEPTH} deep in each other",
            "No topology is that deep; is it the right file?",
        )


def _too_deep(skeleton: str) -> int:
    """Return the line at which TOML without its strings and comments is too deep, 0 where it nowhere is."""
    inside: list[int] = []  # of each open bracket: the depth of what lies in it
    table = 0
    structure = skeleton.encode("utf-8", "replace").translate(None, _NO_STRUCTURE)
    for number, line in enumerate(structure.split(b"\n"), 1):
        header = not inside and line.startswith(b"[")
        depth = inside[-1] if inside else 0 if header else table
        for character in line:
            if character in b"]}":
                depth = inside.pop() - 1 if inside else depth
            elif character in b",":
                depth = inside[-1] if inside else table
            else:
                depth += 1
                if character in b"[{" and not header:
                    inside.append(depth)
                if depth > MAX_DEPTH:
                    return number
        table = depth if header else table
    return 0
