"""Budgets: what each gateway's tunnels, bandwidth and SLA allow, and how much of it is spoken for.

Owns the counting. Each VPN connection takes one tunnel from the gateway at each of its VNet ends; a site
with several devices takes one for each (Microsoft: "Highly available gateway connections"). ExpressRoute and
peerings take none. An active-active gateway builds two IPsec tunnels a connection; Azure's pages call them
parts of one connection and nowhere charge the limit twice, so the budget counts connections.
Invariant: `left` is what may still be added before the lower of Azure's limit and one's own is reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui.connectivity.links import Link, links_of
from tui.topology import catalog
from tui.topology.derived import LIMITS, LINKS, SITES, derived_from, gateways
from tui.topology.model import Connection, Gateway, Network, Site, SkuLimits, Topology, VNet

ACTIVE_ACTIVE_ASSUMPTION = (
    "an active-active gateway builds two IPsec tunnels for each connection; "
    "the budget counts connections, as Azure's pages describe it"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """A figure with where it comes from."""

    value: float | None
    source: str

    @property
    def whole(self) -> int | None:
        """The figure as a whole number."""
        return None if self.value is None else int(self.value)


@dataclass(frozen=True, slots=True)
class Budget:
    """What one VNet's gateway may carry, and what it is to carry."""

    vnet: str
    sku: str
    connections: tuple[str, ...]
    """The VPN connections at this gateway, in the order of the file."""
    vnet_to_vnet: int
    """Tunnels to other VNets."""
    site_to_site: int
    """Tunnels to sites, one for each device."""
    ipsec_tunnels: int
    """IPsec tunnels that Azure builds for them: two at an active-active end, four between two such ends."""
    azure_limit: Limit
    """Tunnels that Azure allows (or an override in the file)."""
    own_limit: int | None
    """`tunnel_budget` of the gateway."""
    bandwidth_used: float
    """Expected Mbps of all connections together."""
    bandwidth: Limit
    """Aggregate Mbps of the SKU, shared by all tunnels."""
    sla: Limit
    """SLA in percent, shared by all tunnels."""

    @property
    def used(self) -> int:
        """Tunnels taken."""
        return self.vnet_to_vnet + self.site_to_site

    @property
    def limit(self) -> Limit:
        """Tunnels allowed: the lower of Azure's limit and one's own."""
        azure = self.azure_limit.whole
        if self.own_limit is not None and (azure is None or self.own_limit < azure):
            return Limit(self.own_limit, "tunnel_budget of this gateway")
        return self.azure_limit

    @property
    def left(self) -> int | None:
        """Tunnels that may be added; negative when there are too many, None when the limit is not known."""
        limit = self.limit.whole
        return None if limit is None else limit - self.used


def sku_record(gateway: Gateway) -> catalog.GatewaySku | None:
    """Return the catalogue's record of the gateway's SKU; none given counts as Basic."""
    return catalog.sku(gateway.sku or catalog.DEFAULT_SKU, gateway.generation) or catalog.sku(
        gateway.sku or catalog.DEFAULT_SKU
    )


def tunnels_of(connection: Connection, topology: Topology) -> int:
    """Return how many tunnels the connection takes at each gateway: one, or one for each device of a site."""
    for end in connection.between:
        site = _network(topology, end)
        if isinstance(site, Site):
            if connection.devices is not None:
                return max(1, len(set(connection.devices)))
            return max(1, sum(1 for _ in site.tunnel_ends()))
    return 1


@derived_from(*LINKS, SITES, LIMITS, gateways)
def budgets(topology: Topology) -> Mapping[str, Budget]:
    """Return the budget of every VNet that has a gateway, by the VNet's name, in the order of the file."""
    at = links_of(topology)
    return {name: _budget(topology, name, gateway, at.get(name, ())) for name, gateway in gateways(topology)}


def budgets_of(topology: Topology, names: Iterable[str]) -> dict[str, Budget]:
    """Return the budgets of those of `names` that are VNets with a gateway, by name.

    What `budgets` says of them, in one pass over the connections and with nothing remembered: for a topology that is
    only being weighed.
    """
    found = {name: vnet.gateway for name in names if (vnet := topology.vnets.get(name)) and vnet.gateway is not None}
    at: dict[str, list[Link]] = {name: [] for name in found}
    for name, connection in topology.connections.items():
        a, b = connection.between
        if (a in at or b in at) and a != b and _network(topology, a) and _network(topology, b):
            for end in (a, b):
                if end in at:
                    at[end].append(Link(name, (a, b), connection.kind, connection.bgp, None))
    return {name: _budget(topology, name, gateway, at[name]) for name, gateway in found.items()}


def _network(topology: Topology, name: str) -> Network | None:
    return topology.vnets.get(name) or topology.sites.get(name)


def _budget(topology: Topology, name: str, gateway: Gateway, at: Iterable[Link]) -> Budget:
    sku_name = gateway.sku or catalog.DEFAULT_SKU
    sku, override = sku_record(gateway), topology.limits.skus.get(sku_name)
    names: list[str] = []
    vnet_to_vnet = site_to_site = ipsec_tunnels = 0
    bandwidth = 0.0
    for link in at:
        if link.kind != "vpn":
            continue
        connection, other = topology.connections[link.name], _network(topology, link.other(name))
        names.append(link.name)
        bandwidth += connection.bandwidth_mbps or 0
        if isinstance(other, VNet):
            vnet_to_vnet += 1
            ipsec_tunnels += 2 if other.gateway is not None and other.gateway.active_active else 1
        else:
            tunnels = tunnels_of(connection, topology)
            site_to_site += tunnels
            ipsec_tunnels += tunnels
    if gateway.active_active:
        ipsec_tunnels *= 2
    return Budget(
        vnet=name,
        sku=sku_name,
        connections=tuple(names),
        vnet_to_vnet=vnet_to_vnet,
        site_to_site=site_to_site,
        ipsec_tunnels=ipsec_tunnels,
        azure_limit=_tunnel_limit(gateway, sku_name, sku, override),
        own_limit=gateway.tunnel_budget,
        bandwidth_used=bandwidth,
        bandwidth=_limit("bandwidth_mbps", sku_name, override, sku.bandwidth_mbps if sku else None),
        sla=_limit("sla_percent", sku_name, override, sku.sla_percent if sku else None),
    )


def _tunnel_limit(gateway: Gateway, sku_name: str, sku: catalog.GatewaySku | None, override: SkuLimits | None) -> Limit:
    policy_based = gateway.vpn_type == "PolicyBased"
    key = "tunnels_policy_based" if policy_based else "tunnels"
    # A static-routing gateway has one tunnel, on whatever SKU it is drawn.
    azure = 1 if policy_based else sku.tunnels.get("RouteBased") if sku else None
    return _limit(key, f"{sku_name} {gateway.vpn_type}", override, azure, override_of=sku_name)


def _limit(
    key: str, label: str, override: SkuLimits | None, azure: float | None, *, override_of: str | None = None
) -> Limit:
    own = getattr(override, key) if override else None
    if own is not None:
        return Limit(own, f"limits.skus.{override_of or label}.{key} of this file")
    return Limit(azure, f"Azure's figure for {label}" if azure is not None else f"no figure known for {label}")
