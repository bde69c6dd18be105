"""Links: connections and peerings whose two ends exist, as a graph over networks.

Owns which links count. A link counts when both its ends exist, whatever else is wrong with it; one that
joins a network to itself links nothing.
Invariant: neighbours are listed in the order of the file, each once.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from tui.topology.derived import LINKS, NAMES, derived, derived_from
from tui.topology.model import Network, Site, Topology, VNet


class Link(NamedTuple):
    """One connection or peering."""

    name: str
    ends: tuple[str, str]
    kind: Literal["vpn", "expressroute", "peering"]
    bgp: bool
    gateway_transit: str | None
    """The VNet at one end whose gateway the other end uses (peerings only)."""

    @property
    def where(self) -> tuple[str, str]:
        """The key path of the link in the file."""
        return ("peerings" if self.kind == "peering" else "connections", self.name)

    def other(self, end: str) -> str:
        """The end that is not `end`."""
        return self.ends[1] if self.ends[0] == end else self.ends[0]


@derived
def networks(topology: Topology) -> dict[str, Network]:
    """Return VNets and sites by name, in the order of the file. Where both have a name, the VNet has it."""
    tables: tuple[dict[str, Network], dict[str, Network]] = (dict(topology.vnets.items()), dict(topology.sites.items()))
    if topology.sites_first:
        return {**tables[1], **tables[0]}
    return (
        {**tables[0], **{name: site for name, site in tables[1].items() if name not in tables[0]}}
        if tables[1]
        else tables[0]
    )


@derived_from(*NAMES)
def network_order(topology: Topology) -> dict[str, int]:
    """Return the place of every network in the file, by name."""
    return {name: place for place, name in enumerate(networks(topology))}


def network_path(topology: Topology, name: str) -> tuple[str, str]:
    """Return the key path of the network `name`."""
    return ("sites" if isinstance(networks(topology)[name], Site) else "vnets", name)


@derived_from(*LINKS)
def links(topology: Topology) -> tuple[Link, ...]:
    """Return every link that counts: connections, then peerings."""
    known = networks(topology)
    found: list[Link] = []
    for name, connection in topology.connections.items():
        a, b = connection.between
        if a in known and b in known and a != b:
            found.append(Link(name, (a, b), connection.kind, connection.bgp, None))
    for name, peering in topology.peerings.items():
        a, b = peering.between
        if a in known and b in known and a != b:
            # A site has no VPN gateway that it could lend.
            lender = next(
                (end for end in (a, b) if end == peering.gateway_transit and isinstance(known[end], VNet)), None
            )
            found.append(Link(name, (a, b), "peering", False, lender))
    return tuple(found)


@derived_from(*LINKS)
def links_of(topology: Topology) -> dict[str, list[Link]]:
    """Return the links at each linked network, by its name."""
    at: dict[str, list[Link]] = {}
    for link in links(topology):
        at.setdefault(link.ends[0], []).append(link)
        at.setdefault(link.ends[1], []).append(link)
    return at


@derived_from(*LINKS)
def neighbours(topology: Topology) -> dict[str, tuple[str, ...]]:
    """Return the networks that each linked network is directly linked to, by its name."""
    return {name: tuple(dict.fromkeys(link.other(name) for link in at)) for name, at in links_of(topology).items()}


def links_between(topology: Topology, a: str, b: str) -> list[Link]:
    """Return the links that join `a` and `b` directly."""
    at = links_of(topology)
    fewer = min(at.get(a, []), at.get(b, []), key=len)
    return [link for link in fewer if link.ends in ((a, b), (b, a))]


def is_vnet(topology: Topology, name: str) -> bool:
    """True if `name` is a VNet."""
    return isinstance(networks(topology).get(name), VNet)


@derived_from(*LINKS)
def spokes(topology: Topology) -> dict[str, tuple[str, ...]]:
    """Return the hubs whose gateway each spoke uses (`gateway_transit`), by the spoke's name."""
    hubs: dict[str, dict[str, None]] = {}
    for link in links(topology):
        if link.gateway_transit is not None:
            hubs.setdefault(link.other(link.gateway_transit), {})[link.gateway_transit] = None
    return {spoke: tuple(lenders) for spoke, lenders in hubs.items()}
