"""Which links a classic Network Configuration means: to on-premises sites, over ExpressRoute, and between its VNets.

Owns the recognition of VNet-to-VNet links, which that format cannot write: each VNet names a local site that has the
address space of the other one (Microsoft Learn, "Configure a VNet-to-VNet connection (classic)").
Invariant: every reference of a VNet to a site of the file becomes exactly one connection, and a site is left out only
where nothing but such links, or ExpressRoute, refers to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, islice
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
from tui.exchange.netcfg.spaces import Space, Spaces, is_within, names_whole, size, space_of
from tui.topology.prefix import Prefix

SKU: Final = "Classic"
"""The catalog's name for the gateway of the classic deployment model: ten tunnels with dynamic routing."""

Report: TypeAlias = Callable[[Notice], None]
ConnectionKind: TypeAlias = Literal["Vnet2Vnet", "IPsec", "ExpressRoute"]

_MOST_LINKS: Final = 64
"""Local sites of one VNet among which a reference back is looked for; its gateway carries ten tunnels."""


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
    space: Space = field(init=False)

    @property
    def name(self) -> str:
        """Its name in Azure."""
        return self.vnet.identity.name

    @property
    def identity(self) -> Identity:
        """Its identity, and that of its VPN gateway."""
        return self.vnet.identity

    def __post_init__(self) -> None:
        self.space = space_of(self.vnet.prefixes)


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
                self.by_space.setdefault(vnet.space, []).append(vnet)
        self.spaces = {key: space_of(site.prefixes) for key, site in self.sites.items()}
        self.named_spaces = {vnet.identity: self._spaces_named_by(vnet) for vnet in vnets}
        self.vnets_by_space = Spaces(
            (space, vnet.name, vnet) for space, those in self.by_space.items() for vnet in those
        )
        self.named_whole: dict[str, list[ClassicVNet]] = {}
        self.named_back: dict[tuple[Identity, Identity], int] = {}
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
                vnet, reference, "IPsec", vnet.vnet.identity, site.identity, f"{vnet.name}-to-{site.identity.name}"
            )

    def _peer(self, vnet: ClassicVNet, site: FoundLocalGateway, reference: Reference) -> ClassicVNet | None:
        """The VNet that a local site stands for in a reference of `vnet`; None where it is an on-premises network."""
        same = [
            other for other in self.by_space.get(self.spaces[site.identity.name.casefold()], ()) if other is not vnet
        ]
        if len(same) > 1:
            mutual = [other for other in same if vnet.space in self.named_spaces[other.identity]]
            if len(mutual) != 1:
                text = (
                    f'the local site "{site.identity.name}" has the address space of {len(same)} VNets, and it cannot '
                    "be told which one it stands for; it is read as an on-premises network"
                )
                self.report(Notice("assumed", text, reference.place))
                return None
            same = mutual
        if not same:
            same = self._neighbours(vnet, site)
        if not same:
            self._say_that_it_holds_vnets(vnet, site)
        return same[0] if same else None

    def _neighbours(self, vnet: ClassicVNet, site: FoundLocalGateway) -> list[ClassicVNet]:
        """The VNet for which a site stands that names what lies behind that VNet as well; none where it is not clear.

        It names `vnet` in return, and no site of `vnet` has its address space alone. Those behind it may name `vnet`
        as well: they do so together with what lies between.
        """
        near: dict[Identity, tuple[int, ClassicVNet]] = {}
        for other in self._named_whole(site):
            named = self._named_back(vnet, other) if other is not vnet else 0
            if named and other.space not in self.named_spaces[vnet.identity]:
                near[other.identity] = named, other
        least = min((named for named, _ in near.values()), default=0)
        nearest = [other for named, other in near.values() if named == least]
        if len(nearest) == 1:
            rest = [prefix for prefix in site.prefixes if not is_within(space_of([prefix]), nearest[0].space)]
            shown = ", ".join(map(str, rest[:3])) + (f" and {len(rest) - 3} more" if len(rest) > 3 else "")
            text = (
                f'the local site "{site.identity.name}" stands for the VNet "{nearest[0].name}", which names '
                f'"{vnet.name}" in return; what it says to lie behind that VNet is not kept: {shown}'
            )
            self.report(Notice("assumed", text, site.place))
        return nearest if len(nearest) == 1 else []

    def _named_whole(self, site: FoundLocalGateway) -> list[ClassicVNet]:
        """VNets of which a site names the whole address space, among others."""
        key = site.identity.name.casefold()
        if key not in self.named_whole:
            held = islice(self.vnets_by_space.within(self.spaces[key]), _MOST_LINKS)
            self.named_whole[key] = [other for other in held if names_whole(site.prefixes, other.space)]
        return self.named_whole[key]

    def _named_back(self, vnet: ClassicVNet, by: ClassicVNet) -> int:
        """The size of the smallest space with that of `vnet` in it that `by` names; 0 where it names none."""
        pair = vnet.identity, by.identity
        if pair not in self.named_back:
            named = self.named_spaces[by.identity]
            own = vnet.space
            few = named if own and len(named) <= _MOST_LINKS else {own} & named
            self.named_back[pair] = min((size(space) for space in few if is_within(own, space)), default=0)
        return self.named_back[pair]

    def _say_that_it_holds_vnets(self, vnet: ClassicVNet, site: FoundLocalGateway) -> None:
        key = site.identity.name.casefold()
        if key in self.examined:
            return
        self.examined.add(key)
        held = next((other for other in self.vnets_by_space.within(self.spaces[key]) if other is not vnet), None)
        if held is not None:
            text = (
                f'the local site "{site.identity.name}" holds the address space of the VNet "{held.name}" and more '
                "than that; it is read as an on-premises network, but may stand for VNets that are reached over "
                "another one"
            )
            self.report(Notice("assumed", text, site.place))

    def _vnet_to_vnet(self, vnet: ClassicVNet, peer: ClassicVNet, reference: Reference) -> None:
        if peer.vnet.identity not in self.gateways:
            text = (
                f'the VNet "{peer.name}" has no VPN gateway in the file; one is assumed for its link to "{vnet.name}"'
            )
            self.report(Notice("assumed", text, reference.place))
            self._vpn_gateway(peer, peer.vnet.place)
        if not self._named_back(vnet, peer):
            text = (
                f'the VNet "{vnet.name}" has a link to the VNet "{peer.name}", which names no local site with the '
                f'address space of "{vnet.name}" in return'
            )
            self.report(Notice("missing", text, reference.place))
        name = f"{vnet.name}-to-{peer.name}"
        self._add(vnet, reference, "Vnet2Vnet", vnet.vnet.identity, peer.vnet.identity, name)

    def _expressroute(self, vnet: ClassicVNet, site: FoundLocalGateway, reference: Reference) -> None:
        identity = site.identity
        if identity not in self.circuits:
            self.circuits[identity] = FoundCircuit(identity=identity, prefixes=site.prefixes, place=site.place)
        self.absorbed.add(site.identity.name.casefold())
        name = f"{vnet.name}-to-{site.identity.name}-expressroute"
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
        # Names with "-to-" in them could make two links look the same.
        candidates = chain([name], (f"{name}-{number}" for number in count(2)))
        free = next(each for each in candidates if each.casefold() not in self.connections)
        self.connections[free.casefold()] = FoundConnection(
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
    return vnet.identity._replace(name=f"{vnet.name} ExpressRoute")
