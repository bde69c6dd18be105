"""Fields of a resource, whatever tool wrote them: nested under `properties` or flattened, in any case.

Owns how a text, a truth value, a number or a reference is read from foreign JSON. Invariant: nothing here raises on any
JSON value; what is not of the expected form is None, and the caller says so where it matters.
"""

from __future__ import annotations

from typing import Any, Literal

from tui.exchange.addresses import cut_short
from tui.exchange.found import Identity
from tui.exchange.resource_ids import ResourceId, parsed_id
from tui.topology.catalog import region_name

CUT_SHORT = "parts that PowerShell has cut off ({}): print them with `ConvertTo-Json -Depth 10`"
"""The notice of what `cut_short` is true for, gathered for all of a source."""

_PRINTED_BY_AZURE = frozenset({"provisioningstate", "etag", "resourceguid"})
"""Fields that nobody writes: Azure gives them with all others of a resource."""

_LONGEST_NAME = 256
"""Characters of a name; Azure's own limit for network resources is 80."""


class _Lowered(dict[str, str]):
    """Keys in lower case, each computed once: the same few stand in every resource of a file."""

    def __missing__(self, key: str) -> str:
        lowered = key.lower()
        if len(self) < 4096 and len(key) < 100:
            self[key] = lowered
        return lowered


_LOWERED = _Lowered()


def folded(table: Any) -> dict[str, Any]:
    """Return a JSON object with its keys in lower case; empty for all else."""
    if not isinstance(table, dict):
        return {}
    return {_LOWERED[key]: value for key, value in table.items()}


def fields_of(resource: Any) -> dict[str, Any]:
    """Return the fields of a resource by lower-case name; those under `properties` stand beside the others."""
    fields = folded(resource)
    properties = fields.pop("properties", None)
    if isinstance(properties, dict):
        for key, value in properties.items():
            key = _LOWERED[key]
            if fields.get(key) is None:
                fields[key] = value
    return fields


def text(value: Any) -> str | None:
    """Return a text that is not empty and no mark of PowerShell's that something was cut off; else None."""
    if not isinstance(value, str) or not value or value.isspace() or cut_short(value):
        return None
    # JSON can name half of a surrogate pair, which no file can hold.
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def name(value: Any) -> str | None:
    """Return a name: a text of bounded length."""
    found = text(value)
    return found if found is not None and len(found) <= _LONGEST_NAME else None


def region(value: Any) -> str | None:
    """Return a region as Azure's tools name it, or as it is written where it is none that is known."""
    written = name(value)
    return None if written is None else region_name(written)


def is_changing(fields: dict[str, Any]) -> bool:
    """Whether Azure is making or changing a resource, so that it may not have yet what it will have."""
    state = fields.get("provisioningstate")
    return isinstance(state, str) and state.casefold() != "succeeded"


def says_none(fields: dict[str, Any], field: str, beside: str) -> bool:
    """Whether a resource has nothing in `field`: it says so, or Azure printed it in full, `beside` too, without it.

    Of one that is being made or changed, nothing is sure.
    """
    if is_changing(fields):
        return False
    if field in fields:
        return fields[field] is None
    return beside in fields and not _PRINTED_BY_AZURE.isdisjoint(fields)


def flag(value: Any) -> bool | None:
    """Return a truth value, which some tools write as a text ("false") or a number."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return bool(value) if value in (0, 1) and isinstance(value, int) else None


def number(value: Any, largest: int) -> int | None:
    """Return a whole number from 0 to `largest`, which some tools write as a text."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= largest else None


def id_of(fields: dict[str, Any]) -> ResourceId | None:
    """Return the id of a resource, if it has one."""
    return parsed_id(fields.get("id")) or parsed_id(fields.get("resourceid"))


class NotUnderstoodError(Exception):
    """A resource that cannot be read; the text says why. It ends as a notice, the others go on."""


def identity_of(fields: dict[str, Any], own_id: ResourceId | None, what: str) -> Identity:
    """Return who a resource is, by its id or by the fields that stand in for it.

    Raises NotUnderstoodError for one without a name; `what` says which sort of thing that is, "a VNet".
    """
    found = _identity(fields, own_id)
    if found is None:
        raise NotUnderstoodError(f"{what} without id and name")
    return found


def _identity(fields: dict[str, Any], own_id: ResourceId | None) -> Identity | None:
    own_name = name(fields.get("name"))
    if own_name is not None:
        own_name = own_name.rpartition("/")[2] or None
    if own_id is not None and own_id.names:
        # Resource Graph writes ids in lower case, and the name as it is.
        same = own_name is not None and own_name.casefold() == own_id.names[-1].casefold()
        found = own_name if same else name(own_id.names[-1])
        return Identity(own_id.subscription, own_id.resource_group, found) if found is not None else None
    if own_name is None:
        return None
    group = text(fields.get("resourcegroup")) or text(fields.get("resourcegroupname")) or ""
    return Identity(text(fields.get("subscriptionid")) or "", group, own_name)


def referred_identity(value: Any) -> Identity | None:
    """Return what `{"id": …}` refers to: by its id, or by its name where the source has no ids."""
    table = folded(value)
    target = parsed_id(table.get("id")) if table else parsed_id(value)
    if target is not None and target.names:
        return target.identity
    plain = name(table.get("id")) or name(table.get("name")) if table else name(value)
    return Identity("", "", plain) if plain is not None and "/" not in plain else None


def choice(value: Any, *words: str) -> str | None:
    """Return the one of `words` that `value` means in any case; None where it means none of them."""
    if isinstance(value, str):
        wanted = value.strip().casefold()
        return next((word for word in words if word.casefold() == wanted), None)
    return None


NumberedWord = Literal["gatewayType", "vpnType", "connectionType", "vpnGatewayGeneration", "peeringState"]
_NUMBERED: dict[str, tuple[str, ...]] = {
    "gatewayType": ("Vpn", "ExpressRoute", "LocalGateway"),
    "vpnType": ("PolicyBased", "RouteBased"),
    "connectionType": ("IPsec", "Vnet2Vnet", "ExpressRoute", "VPNClient"),
    "vpnGatewayGeneration": ("None", "Generation1", "Generation2"),
    "peeringState": ("Initiated", "Connected", "Disconnected"),
}


def numbered_word(field: NumberedWord, value: Any) -> str | None:
    """Return the word for a number that PowerShell printed in its place: the order of the words in Azure's REST API."""
    words = _NUMBERED[field]
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(words):
        return words[value]
    return None


def known_word(field: NumberedWord, value: Any) -> str | None:
    """Return the word of a field as Azure spells it, whatever its case; None where it is none that is known."""
    return choice(value, *_NUMBERED[field])
