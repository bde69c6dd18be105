"""Keys and key paths as TOML writes them.

Owns when a name needs quotes. Invariant: what `toml_key` returns, read by a TOML parser, is the name again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_UNSAFE = re.compile(r'["\\\x00-\x1f\x7f]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def toml_key(name: str) -> str:
    """Return `name` as a TOML key: bare where it may be, else a basic string."""
    return name if _BARE.match(name) else f'"{_UNSAFE.sub(_escape, name)}"'


def key_path(path: Iterable[str | int]) -> str:
    """Return `path` in TOML, `vnets."a.b".subnets`; an array index follows in brackets, `[0]`."""
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            written += f".{toml_key(step)}" if written else toml_key(step)
    return written


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0], f"\\u{ord(match[0]):04x}")
