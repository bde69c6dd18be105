"""Settling: from values in which things may be not known to plain JSON, with a notice for each that is not.

Owns what of a resource is looked at: what a topology has no place for is left out unread, so that nobody is told of
expressions that do not matter here. Invariant: what comes out is plain JSON of bounded depth without secrets.
"""

from __future__ import annotations

from typing import Any

from tui.exchange.arm.values import MAX_VALUE_DEPTH, NotKnown, Value, Work, has_mark, without_marks
from tui.exchange.found import UNREAD, Notice, Place
from tui.exchange.json_paths import within
from tui.exchange.notices import Notices
from tui.exchange.secrets import secret_by_key

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


class TemplateNotices(Notices):
    """The notices of one template."""

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


def settled(value: Value, path: str, notices: TemplateNotices, work: Work, depth: int = 0) -> Any:
    """Return `value` without what is not known and what does not matter here, or the NotKnown that it is itself.

    An item of a list that is not known is UNREAD there, so that nobody takes the list for complete.
    """
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
                result = UNREAD
            items.append(result)
        return items
    table = {}
    for key, item in value.items():
        if key.casefold() in _NO_MATTER or (_is_secret(key, item) and not path.endswith("tags")):
            continue
        where = within(path, key)
        result = settled(item, where, notices, work, depth + 1)
        if isinstance(result, NotKnown):
            notices.unknown(result, where)
        elif not has_mark(key):
            table[key] = result
    return table


def _is_secret(key: str, value: Value) -> bool:
    """A shared key or a certificate; the tags are left to whoever keeps them. "key" alone is half of a pair."""
    return isinstance(value, str | NotKnown) and key.casefold() != "key" and secret_by_key(key)
