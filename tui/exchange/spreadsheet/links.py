"""The links of a table: peerings, VPN connections and sites, once all its rows are known.

Owns which VNet or site a name in a cell means, and the gateways that the links need. A table tells a link once, where
Azure has a resource for each direction: here both are made.
Invariant: a name that can mean two VNets is told and makes no link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from tui.exchange.found import (
    FoundConnection,
    FoundGateway,
    FoundLocalGateway,
    FoundPeering,
    FoundSubnet,
    FoundVNet,
    Identity,
    Notice,
    Place,
)
from tui.topology.prefix import Prefix

LinkKind: TypeAlias = Literal["peering", "connected to", "site"]


@dataclass(slots=True)
class SubnetRow:
    """A subnet as the rows of its VNet have told it so far."""

    name: str
    prefixes: dict[Prefix, None] = field(default_factory=dict)
    is_partial: bool = False
    """Whether a cell has prefixes that could not be read: here, and in all that follows."""

    def found(self) -> FoundSubnet:
        """What is found of it."""
        return FoundSubnet(name=self.name, prefixes=tuple(self.prefixes), is_partial=self.is_partial)


@dataclass(slots=True)
class VNetRow:
    """A VNet as its rows have told it so far."""

    identity: Identity
    place: Place
    line: int
    region: str | None = None
    prefixes: dict[Prefix, None] = field(default_factory=dict)
    is_partial: bool = False
    subnets: dict[str, SubnetRow] = field(default_factory=dict)
    dns_servers: dict[str, None] = field(default_factory=dict)
    vpn: bool = False
    sku: str | None = None
    expressroute: bool = False
    expressroute_sku: str | None = None
    asn: int | None = None

    def add_gateway(self, sku: str | None) -> None:
        """Take a gateway of this SKU, which tells its kind; the first of a kind counts."""
        if sku is not None and sku.casefold().startswith(("ergw", "ultraperformance")):
            self.expressroute_sku = self.expressroute_sku or sku
            self.expressroute = True
        else:
            self.sku = self.sku or sku
            self.vpn = True

    def found(self) -> FoundVNet:
        """The VNet as all its rows tell it."""
        return FoundVNet(
            identity=self.identity,
            region=self.region,
            prefixes=tuple(self.prefixes),
            is_partial=self.is_partial,
            subnets=tuple(subnet.found() for subnet in self.subnets.values()),
            dns_servers=tuple(self.dns_servers),
            place=self.place,
        )


class VNetIndex:
    """The VNets of a table by as much of their identity as a row tells."""

    def __init__(self) -> None:
        # None stands for a part that a row does not tell. A few VNets are enough to know that it is not clear.
        self._views: dict[tuple[str | None, str | None, str], list[VNetRow]] = {}
        self._exact: dict[tuple[str, str, str], VNetRow] = {}

    def add(self, vnet: VNetRow) -> None:
        """Enter a VNet that is not there yet."""
        subscription, group, name = vnet.identity.folded
        self._exact[vnet.identity.folded] = vnet
        for view in {(one, other, name) for one in (subscription, None) for other in (group, None)}:
            there = self._views.setdefault(view, [])
            if len(there) < 3:
                there.append(vnet)

    def named_by(self, identity: Identity) -> Sequence[VNetRow]:
        """The VNet of exactly this identity, else those that it can mean by the parts that it tells."""
        exact = self._exact.get(identity.folded)
        if exact is not None:
            return [exact]
        subscription, group, name = identity.folded
        return self._views.get((subscription or None, group or None, name), ())

    def meant_by(self, vnet: VNetRow, name: str) -> Sequence[VNetRow]:
        """The VNets that a name in a row of `vnet` can mean: one nearby goes before one far off."""
        subscription, group, _ = vnet.identity.folded
        name = name.casefold()
        views = [(subscription, group, name), (subscription, None, name), (None, None, name)]
        found = [[one for one in self._views.get(view, ()) if one is not vnet] for view in views]
        return next((near for near in found if len(near) == 1), found[-1])


@dataclass(slots=True)
class SiteRow:
    """A site as its rows have told it so far."""

    name: str
    place: Place
    prefixes: dict[Prefix, None] = field(default_factory=dict)
    is_partial: bool = False
    address: str | None = None


class Linked(NamedTuple):
    """What the links of a table come to."""

    gateways: tuple[FoundGateway, ...]
    local_gateways: tuple[FoundLocalGateway, ...]
    connections: tuple[FoundConnection, ...]
    peerings: tuple[FoundPeering, ...]


class Links:
    """Collects what the rows say about links."""

    def __init__(self, index: VNetIndex, tell: Callable[[Notice], None]) -> None:
        self.index = index
        self.tell = tell
        self.wanted: list[tuple[VNetRow, LinkKind, str, Place]] = []
        self.sites: dict[str, SiteRow] = {}
        self.connections: dict[tuple[Identity, str, Identity], FoundConnection] = {}
        self.named: Counter[tuple[str, Identity]] = Counter()
        self.peerings: dict[tuple[Identity, Identity], FoundPeering] = {}

    def site(self, name: str, place: Place) -> SiteRow:
        """The site of this name, which is new if no row has named it."""
        return self.sites.setdefault(name.casefold(), SiteRow(name, place))

    def made(self, vnets: Sequence[VNetRow]) -> Linked:
        """Return the links of all rows; `vnets`: all VNets of the table."""
        for vnet, kind, name, place in self.wanted:
            self._link(vnet, kind, name, place)
        for vnet in vnets:
            if vnet.asn is not None and not vnet.vpn:
                text = f'the AS number of the VNet "{vnet.identity.name}", which has no gateway in the table'
                self.tell(Notice("left out", text, vnet.place))
        return Linked(
            tuple(gateway for vnet in vnets for gateway in _gateways(vnet)),
            tuple(
                FoundLocalGateway(
                    identity=Identity("", "", site.name),
                    prefixes=tuple(site.prefixes),
                    is_partial=site.is_partial,
                    address=site.address,
                    place=site.place,
                )
                for site in self.sites.values()
            ),
            tuple(self.connections.values()),
            tuple(self.peerings.values()),
        )

    def _link(self, vnet: VNetRow, kind: LinkKind, name: str, place: Place) -> None:
        if kind == "site":
            self._connect(vnet, "IPsec", Identity("", "", self.sites[name.casefold()].name), place)
            return
        candidates = self.index.meant_by(vnet, name)
        if len(candidates) > 1:
            text = f'which of several VNets "{name}" is meant, to which the VNet "{vnet.identity.name}" is linked'
            self.tell(Notice("not understood", text, place))
        elif kind == "peering":
            remote = candidates[0].identity if candidates else Identity("", "", name)
            self._peer(vnet.identity, remote, place)
            if candidates:
                self._peer(remote, vnet.identity, place)
        elif candidates:
            self._connect(vnet, "Vnet2Vnet", candidates[0].identity, place, candidates[0])
            self._connect(candidates[0], "Vnet2Vnet", vnet.identity, place, vnet)
        elif name.casefold() in self.sites:
            self._connect(vnet, "IPsec", Identity("", "", self.sites[name.casefold()].name), place)
        else:
            text = f'the VNet "{vnet.identity.name}" is connected to "{name}", which is neither a VNet nor a site here'
            self.tell(Notice("missing", text, place))

    def _connect(
        self,
        vnet: VNetRow,
        kind: Literal["IPsec", "Vnet2Vnet"],
        other: Identity,
        place: Place,
        other_vnet: VNetRow | None = None,
    ) -> None:
        for end in (vnet, other_vnet):
            if end is not None and not end.vpn:
                end.vpn = True
                text = (
                    f'the VNet "{end.identity.name}" has a VPN connection and no gateway in the table; one is assumed'
                )
                self.tell(Notice("assumed", text, place))
        if (vnet.identity, kind, other) not in self.connections:
            identity = self._name("connection", vnet.identity, other)
            self.connections[vnet.identity, kind, other] = FoundConnection(
                identity=identity, kind=kind, gateway=vnet.identity, other=other, place=place
            )

    def _peer(self, vnet: Identity, remote: Identity, place: Place) -> None:
        if (vnet, remote) not in self.peerings:
            identity = self._name("peering", vnet, remote)
            self.peerings[vnet, remote] = FoundPeering(identity=identity, vnet=vnet, remote=remote, place=place)

    def _name(self, kind: str, of: Identity, to: Identity) -> Identity:
        """The identity of a link, which lies where its first VNet does; two links of a kind have two."""
        made = of._replace(name=f"{of.name}-to-{to.name}")
        self.named[kind, made] += 1
        number = self.named[kind, made]
        return made if number == 1 else made._replace(name=f"{made.name}-{number}")


def _gateways(vnet: VNetRow) -> list[FoundGateway]:
    gateways: list[FoundGateway] = []
    if vnet.vpn:
        gateways.append(
            FoundGateway(identity=vnet.identity, vnet=vnet.identity, sku=vnet.sku, asn=vnet.asn, place=vnet.place)
        )
    if vnet.expressroute:
        subscription, group, name = vnet.identity
        gateways.append(
            FoundGateway(
                identity=Identity(subscription, group, f"{name} ExpressRoute"),
                kind="expressroute",
                vnet=vnet.identity,
                sku=vnet.expressroute_sku,
                place=vnet.place,
            )
        )
    return gateways
