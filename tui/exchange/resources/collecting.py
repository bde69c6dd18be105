"""Collecting: the resources of one source, one at a time, until they are a Found.

Owns what belongs together within a source: child resources and their VNet, two tellings of one resource, and the
counting of what has no place in a topology. Invariant: a resource that cannot be read becomes a notice with its
place, and the others go on; a resource is in the result once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from tui.exchange.addresses import cut_short
from tui.exchange.found import (
    Found,
    FoundCircuit,
    FoundConnection,
    FoundGateway,
    FoundLocalGateway,
    FoundPeering,
    FoundSubnet,
    FoundSubscription,
    FoundVNet,
    Identity,
    Listing,
)
from tui.exchange.json_paths import within
from tui.exchange.listings import inside
from tui.exchange.resource_ids import ResourceId
from tui.exchange.resources.connections import circuit, connection
from tui.exchange.resources.fields import CUT_SHORT, NotUnderstoodError, fields_of, id_of, name
from tui.exchange.resources.gateways import gateway, local_gateway
from tui.exchange.resources.kinds import TOLD, Kind, kind_of, type_of
from tui.exchange.resources.report import Report
from tui.exchange.resources.subscriptions import subscription
from tui.exchange.resources.vnets import inline_peerings, merged, owner_of, peering, subnet_named, vnet

_Resource = TypeVar(
    "_Resource", FoundVNet, FoundGateway, FoundLocalGateway, FoundCircuit, FoundConnection, FoundPeering
)
_Key = tuple[str, ...]

_COMMANDS: dict[Kind, tuple[str, str]] = {
    "vnet": ("VNets", "az network vnet list -o json"),
    "subnet": ("subnets", "az network vnet list -o json"),
    "peering": ("peerings", "az network vnet peering list -g GROUP --vnet-name VNET -o json"),
    "gateway": ("gateways", "az network vnet-gateway list -g GROUP -o json"),
    "local gateway": ("local network gateways", "az network local-gateway list -g GROUP -o json"),
    "connection": ("connections", "az network vpn-connection list -g GROUP -o json"),
}
_NAMED = {
    "microsoft.network/virtualhubs": "Virtual WAN hubs, without place in a topology ({})",
    "microsoft.network/vpngateways": "VPN gateways of Virtual WAN, without place in a topology ({})",
    "microsoft.network/expressroutegateways": "ExpressRoute gateways of Virtual WAN, without place in a topology ({})",
    "microsoft.network/p2svpngateways": "point-to-site gateways of Virtual WAN, without place in a topology ({})",
    "microsoft.network/vpnsites": "VPN sites of Virtual WAN, without place in a topology ({})",
    "microsoft.classicnetwork/virtualnetworks": "classic VNets, which are read from the network configuration ({})",
}
_DEEPEST = 3
"""Levels of resources within resources; Azure has two for what is read here."""


def found_in(elements: Iterable[tuple[str, Any]], source_name: str) -> Found:
    """Return what resources of Azure tell: objects with "id" or "type" and "name", nested or flattened, in any case.

    `elements` are (JSON path, object); one is looked at after the other and none is kept. Never raises for what an
    object holds: that becomes a notice.
    """
    gathered = _Gathered(source_name)
    for where, resource in elements:
        gathered.add(where, resource)
    return gathered.found()


class _Gathered:
    """What the resources of one source have told so far."""

    def __init__(self, source: str) -> None:
        self.report = Report(source)
        self.subscriptions: dict[str, FoundSubscription] = {}
        self.vnets: dict[_Key, FoundVNet] = {}
        self.gateways: dict[_Key, FoundGateway] = {}
        self.local_gateways: dict[_Key, FoundLocalGateway] = {}
        self.circuits: dict[_Key, FoundCircuit] = {}
        self.connections: dict[_Key, FoundConnection] = {}
        self.peerings: dict[_Key, FoundPeering] = {}
        self.loose: list[tuple[Identity, FoundSubnet, str]] = []
        self.listings: list[Listing] = []

    def add(self, where: str, resource: Any, depth: int = 0) -> None:
        """Read one resource, and those within it."""
        if not isinstance(resource, dict):
            if cut_short(resource):
                self.report.gather("missing", CUT_SHORT, where)
            else:
                self.report.say("not understood", "this is no resource of Azure", where)
            return
        fields = fields_of(resource)
        own_id = id_of(fields)
        kind = kind_of(fields, own_id)
        try:
            self._add(kind, fields, own_id, where)
        except NotUnderstoodError as error:
            self.report.say("not understood", str(error), where)
        children = fields.get("resources") if kind not in (None, "other") else None
        if children and depth < _DEEPEST:
            self._add_children(children, fields, own_id, where, depth)

    def _add(self, kind: Kind | None, fields: dict[str, Any], own_id: ResourceId | None, where: str) -> None:
        if kind is None:
            raise NotUnderstoodError("nothing tells what kind of resource this is")
        told = TOLD.get(kind)
        if told is not None and told.isdisjoint(fields):
            what, command = _COMMANDS[kind]
            self.report.gather("missing", f"{what} without their properties, which `{command}` prints ({{}})", where)
        elif kind == "vnet":
            self._add_vnet(fields, own_id, where)
        elif kind == "subnet":
            self._add_subnet(fields, own_id, where)
        elif kind == "peering":
            self._add_peering(peering(fields, own_id, where, self.report))
        elif kind == "gateway":
            self._keep(self.gateways, gateway(fields, own_id, where, self.report), "gateway")
        elif kind == "local gateway":
            self._keep(self.local_gateways, local_gateway(fields, own_id, where, self.report), "local network gateway")
        elif kind == "connection":
            self._keep(self.connections, connection(fields, own_id, where, self.report), "connection")
        elif kind == "circuit":
            self._keep(self.circuits, circuit(fields, own_id, where, self.report), "ExpressRoute circuit")
        elif kind == "subscription":
            account = subscription(fields, own_id, where, self.report)
            self.subscriptions.setdefault(account.id.casefold(), account)
        else:
            self._leave_out(fields, own_id, where)

    def _add_vnet(self, fields: dict[str, Any], own_id: ResourceId | None, where: str) -> None:
        one = vnet(fields, own_id, where, self.report)
        self._keep(self.vnets, one, "VNet")
        listed = fields.get("virtualnetworkpeerings")
        sides = list(inline_peerings(listed, one.identity, where, self.report)) if listed else []
        for side in sides:
            self._add_peering(side)
        self.listings += inside(one, fields.get("subnets"), listed, len(sides))

    def _add_subnet(self, fields: dict[str, Any], own_id: ResourceId | None, where: str) -> None:
        owner = owner_of(fields, own_id)
        own = name(fields.get("name")) or (own_id.names[-1] if own_id and own_id.names else None)
        if owner is None or own is None:
            raise NotUnderstoodError("a subnet that does not say which VNet it belongs to")
        one = subnet_named(own.rpartition("/")[2] or own, fields, where, self.report)
        self.loose.append((owner, one, where))

    def _add_peering(self, side: FoundPeering) -> None:
        self._keep(self.peerings, side, "peering", (*side.vnet.folded, side.identity.name.casefold()))

    def _keep(self, table: dict[_Key, _Resource], one: _Resource | None, what: str, key: _Key | None = None) -> None:
        if one is None:
            return
        held = table.setdefault(key or one.identity.folded, one)
        if held is not one and replace(held, place=one.place) != one:
            text = f'the {what} "{one.identity.name[:60]}" stands twice with different values: the first was read'
            self.report.say("differs", text, one.place.where)

    def _leave_out(self, fields: dict[str, Any], own_id: ResourceId | None, where: str) -> None:
        named = type_of(fields, own_id) or "unknown"
        text = _NAMED.get(named.lower())
        if text is not None:
            self.report.gather("left out", text, where, name(fields.get("name")) or "")
        elif len(self.report.types_left_out) < 1000 or named in self.report.types_left_out:
            self.report.types_left_out[named] += 1
        else:
            self.report.types_left_out["other"] += 1

    def _add_children(
        self, children: Any, parent: dict[str, Any], parent_id: ResourceId | None, where: str, depth: int
    ) -> None:
        """Read resources that stand within another one, whose type and name go before theirs."""
        items = (
            children.items()
            if isinstance(children, dict)
            else enumerate(children)
            if isinstance(children, list)
            else ()
        )
        parent_type, parent_name = type_of(parent, parent_id), name(parent.get("name"))
        for key, child in items:
            path = within(where, f"resources[{str(key)[:60]}]")
            if isinstance(child, dict):
                child = _with_parent(child, parent_type, parent_name, parent)
            self.add(path, child, depth + 1)

    def found(self) -> Found:
        """Return everything, with the subnets that stood outside of their VNet in it."""
        self._place_loose_subnets()
        return Found(
            subscriptions=tuple(self.subscriptions.values()),
            vnets=tuple(self.vnets.values()),
            gateways=tuple(self.gateways.values()),
            local_gateways=tuple(self.local_gateways.values()),
            circuits=tuple(self.circuits.values()),
            connections=tuple(self.connections.values()),
            peerings=tuple(self.peerings.values()),
            notices=tuple(self.report.told()),
            listings=tuple(self.listings),
        )

    def _place_loose_subnets(self) -> None:
        by_name: dict[str, list[_Key]] = {}
        added: dict[_Key, dict[str, FoundSubnet]] = {}
        if self.loose:
            for one in self.vnets.values():
                by_name.setdefault(one.identity.name.casefold(), []).append(one.identity.folded)
        for owner, subnet, where in self.loose:
            same_name = by_name.get(owner.name.casefold(), [])
            key: _Key = owner.folded
            if key not in self.vnets and len(same_name) == 1 and (not owner.subscription or not same_name[0][0]):
                key = same_name[0]
            if key not in self.vnets:
                text = "subnets of VNets that this source does not hold ({})"
                self.report.gather("missing", text, where, f"{owner.name}/{subnet.name}")
                continue
            if key not in added:
                added[key] = {held.name.casefold(): held for held in self.vnets[key].subnets}
            held = added[key].get(subnet.name.casefold())
            added[key][subnet.name.casefold()] = merged(held, subnet, where, self.report) if held else subnet
        for of, subnets in added.items():
            self.vnets[of] = replace(self.vnets[of], subnets=tuple(subnets.values()))


def _with_parent(
    child: dict[str, Any], parent_type: str | None, parent_name: str | None, parent: dict[str, Any]
) -> dict[str, Any]:
    """The child resource as it would stand at the top: "subnets" in a VNet becomes ".../virtualNetworks/subnets"."""
    own = {key.lower(): key for key in child}
    kind, title = child.get(own.get("type", "type")), child.get(own.get("name", "name"))
    complete = dict(child)
    if parent_type and isinstance(kind, str) and "." not in kind:
        complete[own.get("type", "type")] = f"{parent_type}/{kind}"
    if parent_name and isinstance(title, str) and "/" not in title:
        complete[own.get("name", "name")] = f"{parent_name}/{title}"
    for key in ("subscriptionId", "resourceGroup", "resourceGroupName"):
        value = parent.get(key.lower())
        if value is not None and key.lower() not in own:
            complete[key] = value
    return complete
