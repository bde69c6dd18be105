"""Connections and ExpressRoute circuits, out of the fields of a resource.

Invariant: shared keys and authorization keys are never read; that a source holds some is told, so that the person
knows what else lies in that file.
"""

from __future__ import annotations

from typing import Any, Literal

from tui.exchange.addresses import cut_short
from tui.exchange.found import FoundCircuit, FoundConnection, Place
from tui.exchange.resource_ids import ResourceId
from tui.exchange.resources.fields import (
    CUT_SHORT,
    NotUnderstoodError,
    flag,
    identity_of,
    number,
    referred_identity,
    region,
)
from tui.exchange.resources.ipsec_policies import policy_in
from tui.exchange.resources.report import Report
from tui.exchange.secrets import kept_tags

_KEYS = ("sharedkey", "authorizationkey")
_LARGEST_WEIGHT = 32000
"""Of a connection: Azure's REST API, routingWeight."""
_OTHER_ENDS: dict[str, tuple[str, Literal["Vnet2Vnet", "IPsec", "ExpressRoute"]]] = {
    "Vnet2Vnet": ("virtualnetworkgateway2", "Vnet2Vnet"),
    "IPsec": ("localnetworkgateway2", "IPsec"),
    "ExpressRoute": ("peer", "ExpressRoute"),
}


def connection(fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report) -> FoundConnection | None:
    """Return the connection that a resource is; None for one of VPN clients, which are no link of a topology.

    Raises NotUnderstoodError where its name, its type or one of its ends is not told.
    """
    if any(fields.get(key) for key in _KEYS):
        report.gather("secret", "connections whose shared key lies in the source and was not read ({})", where)
    identity = identity_of(fields, own_id, "a connection")
    kind = report.word("connectionType", fields.get("connectiontype"), where)
    if kind == "VPNClient":
        report.gather("left out", "connections of VPN clients, which are no link of a topology ({})", where)
        return None
    if kind is None:
        raise NotUnderstoodError("a connection without a connectionType that is known")
    end, known_kind = _OTHER_ENDS[kind]
    if cut_short(fields.get("virtualnetworkgateway1")) or cut_short(fields.get(end)):
        report.gather("missing", CUT_SHORT, where)
    begin = referred_identity(fields.get("virtualnetworkgateway1"))
    other = referred_identity(fields.get(end))
    if begin is None:
        raise NotUnderstoodError("a connection that does not say which gateway it begins at")
    if other is None:
        raise NotUnderstoodError("a connection that does not say where it leads to")
    weight = number(fields.get("routingweight"), _LARGEST_WEIGHT)
    if fields.get("routingweight") is not None and weight is None:
        report.say("not understood", "the routing weight is no number that Azure allows", where)
    bgp = flag(fields.get("enablebgp"))
    if fields.get("enablebgp") is not None and bgp is None:
        report.say("not understood", "enableBgp is neither true nor false", where)
    tags, notices = kept_tags(fields.get("tags") or fields.get("tag"), Place(report.source, where))
    report.extend(notices)
    return FoundConnection(
        identity=identity,
        kind=known_kind,
        gateway=begin,
        other=other,
        bgp=bgp or False,
        routing_weight=weight,
        ipsec_policy=policy_in(fields.get("ipsecpolicies"), where, report),
        tags=tags,
        place=Place(report.source, where),
    )


def circuit(fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report) -> FoundCircuit:
    """Return the ExpressRoute circuit that a resource is. Raises NotUnderstoodError for one without a name."""
    identity = identity_of(fields, own_id, "an ExpressRoute circuit")
    return FoundCircuit(identity=identity, region=region(fields.get("location")), place=Place(report.source, where))
