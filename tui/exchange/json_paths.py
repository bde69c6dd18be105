"""JSON paths: how a message says where in a document something stands.

Invariant: a path is bounded by the depth of the document; a key of any length and form stands in it shortened.
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[\w$][\w$-]{0,80}(?:\[[^\[\]'\n]{0,60}\])?", re.ASCII)
_LONGEST = 80


def within(path: str, key: str) -> str:
    """Return the path of a member of what stands at `path`: "a.b", or "a['b c']" for a name that is no plain word.

    `key` may say which item of a list in it is meant: "subnets[3]".
    """
    if _PLAIN.fullmatch(key):
        return f"{path}.{key}" if path else key
    return f"{path}['{key[:_LONGEST]}']"
