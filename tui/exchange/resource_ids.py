"""Resource ids of Azure: `/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…` taken apart.

Owns what in an id is the subscription, the resource group, the type and the names. Invariant: ids are compared without
regard to case, and the names in them stay as they were written.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tui.exchange.found import Identity

_LONGEST = 2048
"""Characters; Azure's own ids stay below."""

SUBNET = "microsoft.network/virtualnetworks/subnets"
PEERING = "microsoft.network/virtualnetworks/virtualnetworkpeerings"


class ResourceId(NamedTuple):
    """The parts of a resource id. What it does not tell is empty."""

    subscription: str
    resource_group: str
    type: str
    """In lower case: `microsoft.network/virtualnetworks/subnets`."""
    names: tuple[str, ...]
    """One for each part of the type after its provider: of a subnet, the name of its VNet and its own."""

    @property
    def identity(self) -> Identity:
        """The resource itself, by the last of its names."""
        return Identity(self.subscription, self.resource_group, self.names[-1] if self.names else "")

    @property
    def top(self) -> Identity:
        """The resource that it is a part of: of a subnet, the VNet."""
        return Identity(self.subscription, self.resource_group, self.names[0] if self.names else "")


def parsed_id(text: object) -> ResourceId | None:
    """Return the parts of a resource id, or None where `text` is none.

    An id without the subscription (`Microsoft.Network/virtualNetworks/a`) is understood too; templates hold such.
    Of an id with several providers (a lock on a VNet) the last one counts.
    """
    if not isinstance(text, str) or not 2 < len(text) <= _LONGEST or "/" not in text:
        return None
    segments = text.strip().rstrip("/").split("/")
    subscription = group = ""
    at = 0
    if not segments[0] and len(segments) > 2:
        at = 1
    if segments[at].lower() == "subscriptions" and len(segments) > at + 1:
        subscription, at = segments[at + 1], at + 2
    if at + 1 < len(segments) and segments[at].lower() == "resourcegroups":
        group, at = segments[at + 1], at + 2
    if at == len(segments):
        kind = "microsoft.resources/subscriptions" + ("/resourcegroups" if group else "")
        return ResourceId(subscription, group, kind, (group,) if group else ()) if subscription else None
    for last in range(len(segments) - 1, at - 1, -1):
        if segments[last].lower() == "providers":
            at = last + 1
            break
    rest = segments[at:]
    if len(rest) < 3 or len(rest) % 2 == 0 or "." not in rest[0] or not all(rest):
        return None
    return ResourceId(subscription, group, "/".join((rest[0], *rest[1::2])).lower(), tuple(rest[2::2]))


def local_gateway_id(identity: Identity) -> str:
    """Return the resource id of a local network gateway, as far as `identity` tells its parts."""
    subscription, group, name = identity
    scope = (f"/subscriptions/{subscription}" if subscription else "") + (f"/resourceGroups/{group}" if group else "")
    return f"{scope}/providers/Microsoft.Network/localNetworkGateways/{name}"


def referred(value: Any) -> ResourceId | None:
    """Return what a reference such as `{"id": "…"}` refers to, whatever the case of its key; None for none."""
    if isinstance(value, dict):
        for key in ("id", "Id", "ID"):
            if key in value:
                return parsed_id(value[key])
        return None
    return parsed_id(value)
