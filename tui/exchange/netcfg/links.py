"""Which links a classic Network Configuration means: to on-premises sites, over ExpressRoute, and between its VNets.

Owns the recognition of VNet-to-VNet links, which that format cannot write: each VNet names a local site that has the
address space of the other one (Microsoft Learn, "Configure a VNet-to-VNet connection (classic)").
Invariant: every reference of a VNet to a site of the file becomes exactly one connection, and a site is left out only
where nothing but such links, or ExpressRoute, refers to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, islice
from operator import itemgetter
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.exchange.found import (
    FoundCircuit,
    FoundConnection,
    FoundGateway,
    FoundLocalGateway,
    FoundVNet,
    Identity,
    Notice,
    Place,
)
from tui.topology.intervals import merged
from tui.topology.prefix import Prefix

SKU: Final = "Classic"
"""The catalog's name for the gateway of the classic deployment model: ten tunnels with dynamic routing."""

Report: TypeAlias = Callable[[Notice], None]
ConnectionKind: TypeAlias = Literal["Vnet2Vnet", "IPsec", "ExpressRoute"]
Space: TypeAlias = tuple[tuple[int, int, int], ...]
"""Addresses, whatever the blocks are that they were written in."""


_LOOK_AT: Final = 16
"""VNets that are looked at for each stretch of a site, so that no file takes long."""


class Reference(NamedTuple):
    """A VNet's reference to a local site; `dedicated`: over ExpressRoute."""

    site: str
    dedicated: bool
    place: Place


@dataclass(slots=True)
class ClassicVNet:
    """A VNet of the file with what its Gateway element says; `gateway` is None where it has none."""

    vnet: FoundVNet
    gateway: Place | None = None
    p2s_pools: tuple[Prefix, ...] = ()
    references: list[Reference] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.vnet.identity.name


class Links(NamedTuple):
    """The gateways and links of a file, and those of its local sites that are on-premises networks."""

    gateways: tuple[FoundGateway, ...]
    connections: tuple[FoundConnection, ...]
    circuits: tuple[FoundCircuit, ...]
    sites: tuple[FoundLocalGateway, ...]


def links(vnets: Sequence[ClassicVNet], sites: Sequence[FoundLocalGateway], report: Report) -> Links:
    """Return what the VNets' references to the sites mean; what is doubtful goes to `report`."""
    return _Linking(vnets, sites, report).links()


class _Linking:
    def __init__(self, vnets: Sequence[ClassicVNet], sites: Sequence[FoundLocalGateway], report: Report) -> None:
        self.vnets = vnets
        self.sites = {site.identity.name.casefold(): site for site in sites}
        self.report = report
        self.by_space: dict[Space, list[ClassicVNet]] = {}
        for vnet in vnets:
            if vnet.vnet.prefixes:
                self.by_space.setdefault(_space(vnet.vnet.prefixes), []).append(vnet)
        self.spaces = {key: _space(site.prefixes) for key, site in self.sites.items()}
        self.named_spaces = {vnet.name: self._spaces_named_by(vnet) for vnet in vnets}
        self.by_start = sorted(
            ((space[0], vnet.name, space) for space, those in self.by_space.items() for vnet in those),
            key=itemgetter(0, 1),
        )
        self.examined: set[str] = set()
        self.gateways: dict[Identity, FoundGateway] = {}
        self.connections: dict[str, FoundConnection] = {}
        self.linked: set[tuple[ConnectionKind, Identity, Identity]] = set()
        self.circuits: dict[Identity, FoundCircuit] = {}
        self.on_premises: set[str] = set()
        self.absorbed: set[str] = set()

    def links(self) -> Links:
        for vnet in self.vnets:
            if vnet.gateway is not None:
                self._gateways(vnet, vnet.gateway)
        if self.gateways:
            self._say_that_routing_is_assumed()
        for vnet in self.vnets:
            for reference in vnet.references:
                self._connection(vnet, reference)
        for key, site in self.sites.items():
            if key not in self.absorbed and key not in self.on_premises:
                self._unused(key, site)
        return Links(
            tuple(self.gateways.values()),
            tuple(self.connections.values()),
            tuple(self.circuits.values()),
            tuple(site for key, site in self.sites.items() if key in self.on_premises),
        )

    def _spaces_named_by(self, vnet: ClassicVNet) -> set[Space]:
        named = {self.spaces.get(one.site.casefold(), ()) for one in vnet.references if not one.dedicated}
        return named - {()}

    def _gateways(self, vnet: ClassicVNet, place: Place) -> None:
        dedicated = [reference.dedicated for reference in vnet.references]
        if vnet.p2s_pools or not dedicated or not all(dedicated):
            self._vpn_gateway(vnet, place)
        if any(dedicated):
            identity = _expressroute_gateway(vnet)
            self.gateways[identity] = FoundGateway(
                identity=identity, kind="expressroute", vnet=vnet.vnet.identity, place=place
            )

    def _vpn_gateway(self, vnet: ClassicVNet, place: Place) -> None:
        self.gateways[vnet.vnet.identity] = FoundGateway(
            identity=vnet.vnet.identity, vnet=vnet.vnet.identity, sku=SKU, p2s_pools=vnet.p2s_pools, place=place
        )

    def _say_that_routing_is_assumed(self) -> None:
        vpn = [gateway for gateway in self.gateways.values() if gateway.kind == "vpn"]
        if vpn:
            what = "its gateway is" if len(vpn) == 1 else f"its {len(vpn)} VPN gateways are"
            text = f"the file does not tell the kind of routing: {what} read as dynamic (route-based), with ten tunnels"
            self.report(Notice("assumed", text, Place(vpn[0].place.source)))

    def _connection(self, vnet: ClassicVNet, reference: Reference) -> None:
        key = reference.site.casefold()
        site = self.sites.get(key)
        if site is None:
            text = f'the VNet "{vnet.name}" refers to the local site "{reference.site}", which is not in the file'
            self.report(Notice("missing", text, reference.place))
        elif reference.dedicated:
            self._expressroute(vnet, site, reference)
        elif (peer := self._peer(vnet, site, reference)) is not None:
            self.absorbed.add(key)
            self._vnet_to_vnet(vnet, peer, reference)
        else:
            self.on_premises.add(key)
            self._add(
                vnet, reference, "IPsec", vnet.vnet.identity, site.identity, f"{vnet.name} to {site.identity.name}"
            )

    def _peer(self, vnet: ClassicVNet, site: FoundLocalGateway, reference: Reference) -> ClassicVNet | None:
        """The VNet that a local site stands for in a reference of `vnet`; None where it is an on-premises network."""
        same = [
            other for other in self.by_space.get(self.spaces[site.identity.name.casefold()], ()) if other is not vnet
        ]
        if len(same) > 1:
            own = _space(vnet.vnet.prefixes)
            mutual = [other for other in same if own in self.named_spaces[other.name]]
            if len(mutual) != 1:
                text = (
                    f'the local site "{site.identity.name}" has the address space of {len(same)} VNets, and it cannot '
                    "be told which one it stands for; it is read as an on-premises network"
                )
                self.report(Notice("assumed", text, reference.place))
                return None
            same = mutual
        if not same:
            self._say_that_it_holds_vnets(vnet, site)
        return same[0] if same else None

    def _say_that_it_holds_vnets(self, vnet: ClassicVNet, site: FoundLocalGateway) -> None:
        key = site.identity.name.casefold()
        if key in self.examined:
            return
        self.examined.add(key)
        held = [name for name in self._held(self.spaces[key]) if name != vnet.name]
        if held:
            text = (
                f'the local site "{site.identity.name}" holds the address space of the VNet "{held[0]}" and more than '
                "that; it is read as an on-premises network, but may stand for VNets that are reached over another one"
            )
            self.report(Notice("assumed", text, site.place))

    def _held(self, space: Space) -> list[str]:
        """VNets whose address space lies within `space`: some of those that there are, in the order of addresses."""
        names: list[str] = []
        for stretch in space:
            version, first, last = stretch
            start = bisect_left(self.by_start, (version, first), key=lambda entry: entry[0][:2])
            for lowest, name, whole in islice(self.by_start, start, start + _LOOK_AT):
                if lowest[:2] > (version, last):
                    break
                if all(_within(each, space) for each in whole):
                    names.append(name)
            if names:
                break
        return names

    def _vnet_to_vnet(self, vnet: ClassicVNet, peer: ClassicVNet, reference: Reference) -> None:
        if peer.vnet.identity not in self.gateways:
            text = (
                f'the VNet "{peer.name}" has no VPN gateway in the file; one is assumed for its link to "{vnet.name}"'
            )
            self.report(Notice("assumed", text, reference.place))
            self._vpn_gateway(peer, peer.vnet.place)
        if _space(vnet.vnet.prefixes) not in self.named_spaces[peer.name]:
            text = (
                f'the VNet "{vnet.name}" has a link to the VNet "{peer.name}", which names no local site with the '
                f'address space of "{vnet.name}" in return'
            )
            self.report(Notice("missing", text, reference.place))
        name = f"{vnet.name} to {peer.name}"
        self._add(vnet, reference, "Vnet2Vnet", vnet.vnet.identity, peer.vnet.identity, name)

    def _expressroute(self, vnet: ClassicVNet, site: FoundLocalGateway, reference: Reference) -> None:
        identity = site.identity
        if identity not in self.circuits:
            self.circuits[identity] = FoundCircuit(identity=identity, prefixes=site.prefixes, place=site.place)
        self.absorbed.add(site.identity.name.casefold())
        name = f"{vnet.name} to {site.identity.name} over ExpressRoute"
        self._add(vnet, reference, "ExpressRoute", _expressroute_gateway(vnet), identity, name)

    def _add(
        self,
        vnet: ClassicVNet,
        reference: Reference,
        kind: ConnectionKind,
        gateway: Identity,
        other: Identity,
        name: str,
    ) -> None:
        if (kind, gateway, other) in self.linked:
            text = f'the VNet "{vnet.name}" has a second link to "{other.name}"; only the first one is read'
            self.report(Notice("differs", text, reference.place))
            return
        self.linked.add((kind, gateway, other))
        # Names with blanks and "to" in them could make two links look the same.
        candidates = chain([name], (f"{name} ({number})" for number in count(2)))
        free = next(each for each in candidates if each not in self.connections)
        self.connections[free] = FoundConnection(
            identity=Identity("", "", free), kind=kind, gateway=gateway, other=other, place=reference.place
        )

    def _unused(self, key: str, site: FoundLocalGateway) -> None:
        same = self.by_space.get(self.spaces[key])
        if same:
            text = f'the local site "{site.identity.name}" stands for the VNet "{same[0].name}"; nothing refers to it'
            self.report(Notice("left out", text, site.place))
        else:
            self.on_premises.add(key)


def _expressroute_gateway(vnet: ClassicVNet) -> Identity:
    return Identity("", "", f"{vnet.name} ExpressRoute")


def _within(stretch: tuple[int, int, int], space: Space) -> bool:
    version, first, last = stretch
    at = bisect_left(space, (version, first + 1)) - 1
    return at >= 0 and space[at][0] == version and space[at][1] <= first and last <= space[at][2]


def _space(prefixes: Sequence[Prefix]) -> Space:
    return tuple(merged(prefixes))
