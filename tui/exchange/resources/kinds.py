"""Kinds: what a resource is, by its type, else by its id, else by the fields that only such a resource has.

Invariant: a resource whose type is told is never taken for another because of its fields.
"""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from tui.exchange.resource_ids import PEERING, SUBNET, ResourceId

Kind: TypeAlias = Literal[
    "vnet", "subnet", "peering", "gateway", "local gateway", "connection", "circuit", "subscription", "other"
]

_TYPES: dict[str, Kind] = {
    "microsoft.network/virtualnetworks": "vnet",
    SUBNET: "subnet",
    PEERING: "peering",
    "microsoft.network/virtualnetworkgateways": "gateway",
    "microsoft.network/localnetworkgateways": "local gateway",
    "microsoft.network/connections": "connection",
    "microsoft.network/expressroutecircuits": "circuit",
    "microsoft.resources/subscriptions": "subscription",
}
_SHAPES: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("connection", frozenset({"connectiontype", "virtualnetworkgateway1"})),
    ("gateway", frozenset({"gatewaytype", "vpnclientconfiguration", "vpngatewaygeneration"})),
    ("local gateway", frozenset({"localnetworkaddressspace", "gatewayipaddress"})),
    ("peering", frozenset({"remotevirtualnetwork", "peeringstate"})),
    ("circuit", frozenset({"serviceproviderproperties", "circuitprovisioningstate"})),
    ("vnet", frozenset({"addressspace", "virtualnetworkpeerings"})),
)
TOLD: dict[Kind, frozenset[str]] = {
    "vnet": frozenset({"addressspace", "subnets", "dhcpoptions"}),
    "subnet": frozenset({"addressprefix", "addressprefixes", "ipampoolprefixallocations"}),
    "peering": frozenset({"remotevirtualnetwork"}),
    "gateway": frozenset({"gatewaytype", "vpntype", "ipconfigurations", "bgpsettings", "vpnclientconfiguration"}),
    "local gateway": frozenset({"localnetworkaddressspace", "gatewayipaddress", "fqdn", "bgpsettings"}),
    "connection": frozenset({"connectiontype", "virtualnetworkgateway1"}),
}
"""The fields that a resource of each kind has where its properties were printed at all."""

_TYPE = re.compile(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)+(?:/[A-Za-z0-9]+)+")


def kind_of(fields: dict[str, Any], own_id: ResourceId | None) -> Kind | None:
    """Return what a resource with these fields (names in lower case) is; None where nothing tells that it is one."""
    named = type_of(fields, own_id)
    if named is not None:
        return _TYPES.get(named.lower(), "other")
    if own_id is None or own_id.type == "microsoft.resources/subscriptions":
        for kind, marks in _SHAPES:
            if any(fields.get(mark) is not None for mark in marks):
                return kind
        if _is_account(fields):
            return "subscription"
    return None


def type_of(fields: dict[str, Any], own_id: ResourceId | None) -> str | None:
    """Return the type of a resource, such as `Microsoft.Network/virtualNetworks`; None where nothing tells it."""
    for key in ("type", "resourcetype"):
        named = fields.get(key)
        if isinstance(named, str) and len(named) < 200 and _TYPE.fullmatch(named):
            return named
    if own_id is not None and own_id.type != "microsoft.resources/subscriptions" and _TYPE.fullmatch(own_id.type):
        return own_id.type
    return None


def _is_account(fields: dict[str, Any]) -> bool:
    """`az account list`, `Get-AzSubscription` and the REST API each tell another set of fields."""
    named = isinstance(fields.get("name"), str) or isinstance(fields.get("displayname"), str)
    return named and any(key in fields for key in ("tenantid", "cloudname", "subscriptionpolicies", "isdefault"))
