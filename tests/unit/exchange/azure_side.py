"""What Azure would tell about a topology, and short ways to say what was found.

Owns the inverse of assembling: every thing of a topology as the resources that it is in Azure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

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
    ListedKind,
    Listing,
    Place,
)
from tui.exchange.listings import listed
from tui.topology.model import Connection, Topology
from tui.topology.prefix import Prefix

HERE = Place("azure.json")
ONE = "11111111-0000-4000-8000-000000000001"
TWO = "22222222-0000-4000-8000-000000000002"


def prefixes(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(Prefix.parse, texts))


def identity(name: str, group: str = "rg", subscription: str = ONE) -> Identity:
    return Identity(subscription, group, name)


def vnet(name: str, *space: str, group: str = "rg", subscription: str = ONE, **fields: Any) -> FoundVNet:
    fields.setdefault("place", HERE)
    return FoundVNet(identity=identity(name, group, subscription), prefixes=prefixes(*space), **fields)


def gateway(name: str, of: str, group: str = "rg", **fields: Any) -> FoundGateway:
    fields.setdefault("vnet", identity(of, group))
    return FoundGateway(identity=identity(name, group), place=HERE, **fields)


def local(name: str, *space: str, group: str = "rg", **fields: Any) -> FoundLocalGateway:
    return FoundLocalGateway(identity=identity(name, group), prefixes=prefixes(*space), place=HERE, **fields)


def connection(name: str, a: str, b: str, kind: Any = "Vnet2Vnet", **fields: Any) -> FoundConnection:
    return FoundConnection(
        identity=identity(name), gateway=identity(a), other=identity(b), kind=kind, place=HERE, **fields
    )


def peering(name: str, a: str, b: str, **fields: Any) -> FoundPeering:
    return FoundPeering(identity=identity(name), vnet=identity(a), remote=identity(b), place=HERE, **fields)


def in_azure(topology: Topology) -> Found:
    """Return what Azure tells about what `topology` says is deployed or retiring."""
    azure = _Azure(topology)
    return Found(
        subscriptions=tuple(
            FoundSubscription(id=part.id, name=part.name, place=HERE)
            for part in topology.subscriptions.values()
            if part.id is not None
        ),
        vnets=tuple(azure.vnets()),
        gateways=tuple(azure.gateways()),
        local_gateways=tuple(azure.local_gateways()),
        circuits=tuple(azure.circuits()),
        connections=tuple(azure.connections()),
        peerings=tuple(azure.peerings()),
    )


def in_whole_lists(found: Found) -> Found:
    """Return what was found as if every list of it were whole, and every VNet told with all that is in it."""
    within = (Listing(kind, one.identity, HERE.source) for one in found.vnets for kind in _INSIDE)
    return replace(found, listings=(*found.listings, *listed(found, items_only=False), *within))


_INSIDE: tuple[ListedKind, ...] = ("subnets", "peerings")


class _Azure:
    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self._with_circuit = {
            end for part in topology.connections.values() if part.kind == "expressroute" for end in part.between
        }

    def _identity(self, part: Any, name: str) -> Identity:
        subscription = self.topology.subscriptions.get(part.subscription or "")
        return Identity(subscription.id or "" if subscription else "", part.resource_group or "", name)

    def _vnet(self, key: str) -> Identity:
        part = self.topology.vnets[key]
        return self._identity(part, part.azure_name or key)

    def _gateway(self, key: str, kind: str = "vpn") -> Identity:
        part = self.topology.vnets[key]
        if kind == "expressroute" or part.gateway is None:
            return self._vnet(key)._replace(name=f"er-{key}")
        whose = self._identity(part, part.gateway.name or key)
        return whose._replace(resource_group=part.gateway.resource_group or whose.resource_group)

    def vnets(self) -> Iterator[FoundVNet]:
        for key, part in self.topology.vnets.items():
            if part.state != "planned":
                yield FoundVNet(
                    identity=self._vnet(key),
                    region=part.region,
                    prefixes=part.address_space,
                    subnets=tuple(FoundSubnet(name=name, prefixes=one.prefixes) for name, one in part.subnets.items()),
                    tags={name: value for name, value in part.tags.items() if isinstance(value, str)},
                    dns_servers=part.dns_servers or (),
                    place=HERE,
                )

    def gateways(self) -> Iterator[FoundGateway]:
        for key, part in self.topology.vnets.items():
            if part.state == "planned":
                continue
            if part.gateway is not None:
                yield FoundGateway(
                    identity=self._gateway(key),
                    vnet=self._vnet(key),
                    sku=part.gateway.sku,
                    generation=part.gateway.generation,
                    vpn_type=part.gateway.vpn_type,
                    asn=part.gateway.asn,
                    active_active=part.gateway.active_active,
                    p2s_pools=part.gateway.p2s_pools,
                    place=HERE,
                )
            if any(
                one.kind == "expressroute" and key in one.between and one.state != "planned"
                for one in self.topology.connections.values()
            ):
                whose = self._gateway(key, "expressroute")
                yield FoundGateway(identity=whose, vnet=self._vnet(key), kind="expressroute", place=HERE)

    def local_gateways(self) -> Iterator[FoundLocalGateway]:
        for key, part in self.topology.sites.items():
            if part.state == "planned" or key in self._with_circuit:
                continue
            for name, device in part.tunnel_ends() if part.devices or part.vpn_device else [("vpn_device", None)]:
                yield FoundLocalGateway(
                    identity=self._local(key, name),
                    region=part.region,
                    prefixes=part.address_space + part.advertises,
                    address=device.address if device else None,
                    asn=part.asn_of(device) if device else part.asn,
                    bgp_peer=device.bgp_peer if device else part.bgp_peer,
                    tags={name: value for name, value in part.tags.items() if isinstance(value, str)},
                    place=HERE,
                )

    def _local(self, key: str, device: str) -> Identity:
        part = self.topology.sites[key]
        return self._identity(part, part.azure_name or key if device == "vpn_device" else device)

    def circuits(self) -> Iterator[FoundCircuit]:
        for key in self._with_circuit & set(self.topology.sites):
            part = self.topology.sites[key]
            if part.state != "planned":
                yield FoundCircuit(
                    identity=self._identity(part, part.azure_name or key), region=part.region, place=HERE
                )

    def connections(self) -> Iterator[FoundConnection]:
        for key, part in self.topology.connections.items():
            if part.state != "planned":
                yield from self._halves(part, self._identity(part, part.azure_name or key))

    def _halves(self, part: Connection, first: Identity) -> Iterator[FoundConnection]:
        a, b = part.between if part.between[0] in self.topology.vnets else part.between[::-1]
        told: dict[str, Any] = {"bgp": part.bgp, "ipsec_policy": part.ipsec_policy, "place": HERE}
        told["tags"] = {name: value for name, value in part.tags.items() if isinstance(value, str)}
        back = first._replace(name=f"{first.name}-back")
        if part.kind == "expressroute":
            site = self.topology.sites[b]
            whose = self._gateway(a, "expressroute")
            circuit = self._identity(site, site.azure_name or b)
            yield FoundConnection(identity=first, kind="ExpressRoute", gateway=whose, other=circuit, **told)
        elif b in self.topology.vnets:
            here, there = self._gateway(a), self._gateway(b)
            if here.subscription != there.subscription:
                # A connection lies in the subscription of the gateway that it begins at.
                back = back._replace(subscription=there.subscription, resource_group=there.resource_group)
            yield FoundConnection(identity=first, kind="Vnet2Vnet", gateway=here, other=there, **told)
            yield FoundConnection(identity=back, kind="Vnet2Vnet", gateway=there, other=here, **told)
        else:
            every = [name for name, _ in self.topology.sites[b].tunnel_ends()] or ["vpn_device"]
            names = first, *(first._replace(name=f"{first.name}-{number}") for number in range(1, len(every)))
            for one, device in zip(names, every if part.devices is None else part.devices, strict=False):
                yield FoundConnection(
                    identity=one, kind="IPsec", gateway=self._gateway(a), other=self._local(b, device), **told
                )

    def peerings(self) -> Iterator[FoundPeering]:
        for key, part in self.topology.peerings.items():
            if part.state == "planned":
                continue
            name = part.azure_name or key
            for side, (a, b) in enumerate((part.between, part.between[::-1])):
                yield FoundPeering(
                    identity=self._vnet(a)._replace(name=f"{name}-back" if side else name),
                    vnet=self._vnet(a),
                    remote=self._vnet(b),
                    allows_gateway_transit=part.gateway_transit == a,
                    uses_remote_gateways=part.gateway_transit == b,
                    state="Connected",
                    place=HERE,
                )
