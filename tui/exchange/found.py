"""What was found: resources of Azure as every format tells them, before they become a topology.

Owns the words that the formats and the assembling share: identities, places and notices. A reader of a format fills
these; nothing here knows a format, and nothing here knows the names that a topology will use.
Invariant: no secret is in it, a prefix in it is a prefix, and everything says where it was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from tui.topology.prefix import Prefix

NoticeKind: TypeAlias = Literal["not understood", "left out", "assumed", "missing", "differs", "secret"]
"""What a notice is: a thing that could not be read; one that a topology has no place for; one that was read as more
than it says; one that is referred to and not there; two halves that disagree; one that is never kept."""


class Place(NamedTuple):
    """Where in which source: a JSON path such as "value[3].properties", "line 12", or nothing for all of it."""

    source: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.source}: {self.where}" if self.where else self.source


class _Unread(str):
    __slots__ = ()


UNREAD: Final = _Unread()
"""What stands in a list, as this very object, for an item that could not be made out and of which that was told."""


class Notice(NamedTuple):
    """Something that the person is to be told about the import."""

    kind: NoticeKind
    text: str
    place: Place


class Identity(NamedTuple):
    """Which resource: what its resource id says. Parts that a format does not tell are empty."""

    subscription: str
    """The id of the subscription."""
    resource_group: str
    name: str
    """Its name in Azure, as it was written first."""

    @property
    def folded(self) -> tuple[str, str, str]:
        """The same for every spelling: Azure compares ids without regard to case."""
        return self.subscription.casefold(), self.resource_group.casefold(), self.name.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSubscription:
    """A subscription, from a list of accounts."""

    id: str
    name: str | None = None
    cloud: Literal["public", "usgov", "china"] | None = None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSubnet:
    """A subnet, in the table of its VNet."""

    name: str
    prefixes: tuple[Prefix, ...] = ()
    is_partial: bool = False
    """Whether the source has more prefixes, which could not be read: here, and in all that follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVNet:
    """A virtual network."""

    identity: Identity
    region: str | None = None
    """As Azure's tools name it (`westeurope`), or as it was written where it is no region that is known."""
    prefixes: tuple[Prefix, ...] = ()
    subnets: tuple[FoundSubnet, ...] = ()
    dns_servers: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    is_partial: bool = False
    emptied: frozenset[str] = frozenset()
    """Fields that the source says to be empty: here, and in all that follows. Another that is empty it may not tell."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGateway:
    """A virtual network gateway."""

    identity: Identity
    kind: Literal["vpn", "expressroute"] = "vpn"
    vnet: Identity | None = None
    """The VNet in whose GatewaySubnet it lies; None where the source does not say."""
    sku: str | None = None
    generation: int | None = None
    vpn_type: Literal["RouteBased", "PolicyBased"] = "RouteBased"
    asn: int | None = None
    active_active: bool = False
    p2s_pools: tuple[Prefix, ...] = ()
    is_partial: bool = False
    emptied: frozenset[str] = frozenset()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLocalGateway:
    """A local network gateway: one VPN device of an on-premises network, with the prefixes behind it."""

    identity: Identity
    region: str | None = None
    prefixes: tuple[Prefix, ...] = ()
    address: str | None = None
    """Its public IP address or FQDN."""
    asn: int | None = None
    bgp_peer: str | None = None
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    is_partial: bool = False
    emptied: frozenset[str] = frozenset()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCircuit:
    """An ExpressRoute circuit."""

    identity: Identity
    region: str | None = None
    prefixes: tuple[Prefix, ...] = ()
    """What lies behind it, where the source tells: Azure itself does not."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundConnection:
    """A connection resource, which Azure has once for each direction of a VNet-to-VNet link."""

    identity: Identity
    kind: Literal["Vnet2Vnet", "IPsec", "ExpressRoute"]
    gateway: Identity
    """virtualNetworkGateway1."""
    other: Identity
    """virtualNetworkGateway2, localNetworkGateway2, or the circuit."""
    bgp: bool = False
    routing_weight: int | None = None
    ipsec_policy: Mapping[str, Any] | None = None
    """As Azure writes it; it holds no secret."""
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPeering:
    """One side of a VNet peering, which Azure has once for each direction."""

    identity: Identity
    """Subscription and resource group of its VNet, and its own name."""
    vnet: Identity
    remote: Identity
    allows_gateway_transit: bool = False
    uses_remote_gateways: bool = False
    state: str | None = None
    """`Connected`, `Initiated` or `Disconnected`, where it is told."""
    place: Place


ListedKind: TypeAlias = Literal["vnets", "gateways", "sites", "circuits", "connections", "subnets", "peerings"]
"""What a list is of. "sites" are local network gateways; subnets and peerings are listed for one VNet."""


class Listing(NamedTuple):
    """A list in which everything of its kind stands: what is not in it is not in Azure."""

    kind: ListedKind
    within: Identity
    """The resource group, with an empty name; of subnets and peerings, their VNet."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that sources tell."""

    subscriptions: tuple[FoundSubscription, ...] = ()
    vnets: tuple[FoundVNet, ...] = ()
    gateways: tuple[FoundGateway, ...] = ()
    local_gateways: tuple[FoundLocalGateway, ...] = ()
    circuits: tuple[FoundCircuit, ...] = ()
    connections: tuple[FoundConnection, ...] = ()
    peerings: tuple[FoundPeering, ...] = ()
    notices: tuple[Notice, ...] = ()
    planned: tuple[str, ...] = ()
    """The sources that tell of what is to be, not of what is there."""
    listings: tuple[Listing, ...] = ()
    """What sources tell completely."""
    cut_off: tuple[Listing, ...] = ()
    """Lists that break off, or of which something was not understood: others of their kind may be such parts, too."""


def together(parts: Iterable[Found]) -> Found:
    """Return what several sources tell, in their order."""
    known = list(parts)
    return Found(
        **{one.name: tuple(item for part in known for item in getattr(part, one.name)) for one in fields(Found)}
    )
