"""Addresses as other people's files write them: prefixes, IP addresses and host names.

Owns what is read from `addressPrefix`, `addressPrefixes` and their relatives, in whatever form a tool wrote them.
Invariant: what comes out is a prefix or an address; what was read as more than it says is told in a notice, and no
notice quotes a text that does not look like an address.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from tui.errors import PrefixError
from tui.exchange.found import UNREAD, Notice, Place
from tui.topology.prefix import Prefix, nearest_prefix

_QUOTABLE = re.compile(r"(?=[^.:]*[.:])[0-9A-Fa-f.:/ %]{1,50}")
_HOST_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)+(?!\d+\Z)[A-Za-z0-9-]{2,63}"
)
_SEPARATORS = re.compile(r"[\s,;]+")
_CUT_SHORT = re.compile(r"\s*(?:@\{|System\.|Microsoft\.|\{?System\.Object\[\])")
_CUT_BEGINS = frozenset("@SM{ \n")
_MOST = 4096
"""Prefixes of one list: beyond Azure's own limits, so that a hostile text stays bounded."""


class PrefixesRead(NamedTuple):
    """What was read from a list of prefixes."""

    prefixes: tuple[Prefix, ...]
    notices: list[Notice]
    is_partial: bool
    """Whether there are more, which could not be read."""


def cut_short(value: object) -> bool:
    """True for what PowerShell's `ConvertTo-Json` prints of a part that lies deeper than its `-Depth`."""
    return isinstance(value, str) and value[:1] in _CUT_BEGINS and _CUT_SHORT.match(value) is not None


def exact_prefixes(value: Any) -> tuple[Prefix, ...] | None:
    """Return the prefixes of a text or a list of texts that are all written as CIDR blocks; None for all else."""
    try:
        if isinstance(value, str):
            return (Prefix.parse(value),)
        if isinstance(value, list) and len(value) <= _MOST:
            return tuple([Prefix.parse(item) for item in value])
    except (PrefixError, TypeError):
        pass
    return None


def prefixes_in(value: Any, place: Place) -> PrefixesRead:
    """Return the prefixes that `value` means, each once and in its order, and what there is to say about them.

    It takes a text ("10.0.0.0/24", several with commas or spaces between), a list of such, None, or anything at all.
    """
    exact = exact_prefixes(value)
    if exact is not None and len(exact) < 2:
        return PrefixesRead(exact, [], False)
    found: dict[Prefix, None] = {}
    notices: list[Notice] = []
    texts = value if isinstance(value, list) else [] if value is None else [value]
    is_partial = any(text is UNREAD for text in texts)
    for text in texts[:_MOST]:
        if isinstance(text, str) and not cut_short(text):
            for prefix in _meant(text, place, notices):
                found[prefix] = None
        elif text is UNREAD:
            continue
        elif isinstance(text, str):
            notices.append(Notice("missing", "PowerShell has cut the prefixes off here", place))
        else:
            notices.append(Notice("not understood", "a prefix is no text here", place))
    if len(texts) > _MOST:
        notices.append(Notice("left out", f"only the first {_MOST} of {len(texts)} prefixes were read", place))
    is_partial = is_partial or any(notice.kind != "assumed" for notice in notices)
    return PrefixesRead(tuple(found), notices, is_partial)


def ip_address(value: object) -> str | None:
    """Return an IP address in its canonical spelling, or None where `value` is none."""
    return _ip_address(value) if isinstance(value, str) and 1 < len(value) < 46 else None


@lru_cache(maxsize=1024)
def _ip_address(text: str) -> str | None:
    try:
        return str(Prefix.of_address(text.strip())).rpartition("/")[0]
    except PrefixError:
        return None


def device_address(value: object) -> str | None:
    """Return the address of a VPN device, an IP address or a host name, or None where `value` is neither."""
    address = ip_address(value)
    if address is None and isinstance(value, str) and _HOST_NAME.fullmatch(value.strip()):
        return value.strip()
    return address


def quoted(text: str) -> str:
    """Return `text` as a message may show it: in quotes where it looks like an address, without it otherwise."""
    return f'"{text}"' if _QUOTABLE.fullmatch(text) else "a text"


def _meant(text: str, place: Place, notices: list[Notice]) -> list[Prefix]:
    try:
        return [Prefix.parse(text)]
    except PrefixError:
        pass
    nearest = nearest_prefix(text)
    if nearest is not None:
        if "".join(text.split()) != str(nearest):
            notices.append(Notice("assumed", f"{quoted(text)} was read as {nearest}", place))
        return [nearest]
    pieces = [piece for piece in _SEPARATORS.split(text, _MOST) if piece]
    if len(pieces) > 1 and all("/" in piece for piece in pieces):
        return [prefix for piece in pieces[:_MOST] for prefix in _meant_piece(piece, place, notices)]
    if pieces:
        notices.append(Notice("not understood", f"{quoted(text)} is no CIDR block such as 10.0.0.0/16", place))
    return []


def _meant_piece(piece: str, place: Place, notices: list[Notice]) -> list[Prefix]:
    nearest = nearest_prefix(piece)
    if nearest is None:
        notices.append(Notice("not understood", f"{quoted(piece)} is no CIDR block such as 10.0.0.0/16", place))
        return []
    if piece != str(nearest):
        notices.append(Notice("assumed", f"{quoted(piece)} was read as {nearest}", place))
    return [nearest]
