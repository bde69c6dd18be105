"""Settling: from values in which things may be not known to plain JSON, with a notice for each that is not.

Owns what of a resource is looked at: what a topology has no place for is left out unread, so that nobody is told of
expressions that do not matter here. Invariant: what comes out is plain JSON of bounded depth without secrets.
"""

from __future__ import annotations

import re
from typing import Any

from tui.exchange.arm.values import MAX_VALUE_DEPTH, NotKnown, Value, Work, has_mark, without_marks
from tui.exchange.found import Notice, Place
from tui.exchange.secrets import secret_by_key

MAX_NOTICES = 1_000
_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$-]{0,80}", re.ASCII)
_NO_MATTER = frozenset(
    [
        "networksecuritygroup",
        "routetable",
        "natgateway",
        "publicipaddress",
        "publicipaddresses",
        "serviceendpoints",
        "delegations",
        "ddosprotectionplan",
        "serviceendpointpolicies",
        "applicationgatewayipconfigurations",
        "privateendpoints",
        "ipconfiguration",
        "vpnclientrootcertificates",
        "vpnclientrevokedcertificates",
        "radiusservers",
        "aadtenant",
        "aadaudience",
        "aadissuer",
        "extendedlocation",
        "natrules",
        "customroutes",
    ]
)
_UNTOLD = object()


class Notices:
    """The notices of one source, each once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._told: dict[object, Notice] = {}

    def tell(self, notice: Notice, once: object = None) -> None:
        """Add a notice; of those with the same `once`, the first stays."""
        if len(self._told) < MAX_NOTICES:
            self._told.setdefault(once or notice, notice)
        elif once not in self._told and notice not in self._told:
            text = "more is not understood than is listed here"
            self._told.setdefault(_UNTOLD, Notice("not understood", text, Place(self.source)))

    def unknown(self, value: NotKnown, path: str, what: str = "") -> None:
        """Tell that the value at `path` is not known; `what` begins the sentence where more is left out than it."""
        place = Place(self.source, path)
        sentence = f"{what}: {value.why}" if what else f"its value is not known: {value.why}"
        if value.kind == "secret":
            self.tell(Notice("secret", sentence if what else f"{value.why} and is not read", place), (what, value.why))
        elif value.kind == "region" and not what and path.endswith("location"):
            self.tell(Notice("missing", value.why, place), value.why)
        else:
            self.tell(Notice("not understood", sentence, place))

    def all(self) -> tuple[Notice, ...]:
        """Return the notices in the order of their discovery."""
        return tuple(self._told.values())


def step_into(path: str, key: str) -> str:
    """Return the JSON path of a member: "a.b", or "a['b c']" for a name that is no plain word."""
    if _PLAIN_KEY.fullmatch(key):
        return f"{path}.{key}" if path else key
    return f"{path}['{key[:80]}']"


def settled(value: Value, path: str, notices: Notices, work: Work, depth: int = 0) -> Any:
    """Return `value` without what is not known and what does not matter here, or the NotKnown that it is itself."""
    work.step()
    if isinstance(value, NotKnown):
        return value
    if isinstance(value, str):
        return without_marks(value)
    if not isinstance(value, dict | list):
        return value
    if depth > MAX_VALUE_DEPTH:
        return NotKnown("it nests too deep")
    if isinstance(value, list):
        items = []
        for index, item in enumerate(value):
            result = settled(item, f"{path}[{index}]", notices, work, depth + 1)
            if isinstance(result, NotKnown):
                notices.unknown(result, f"{path}[{index}]")
            else:
                items.append(result)
        return items
    table = {}
    for key, item in value.items():
        if key.casefold() in _NO_MATTER or (_is_secret(key, item) and not path.endswith("tags")):
            continue
        within = step_into(path, key)
        result = settled(item, within, notices, work, depth + 1)
        if isinstance(result, NotKnown):
            notices.unknown(result, within)
        elif not has_mark(key):
            table[key] = result
    return table


def _is_secret(key: str, value: Value) -> bool:
    """A shared key or a certificate; the tags are left to whoever keeps them. "key" alone is half of a pair."""
    return isinstance(value, str | NotKnown) and key.casefold() != "key" and secret_by_key(key)
