"""What the design says about links, joined, reach, collisions and tunnels, computed naively from its words.

Owns the second opinion that the properties compare with. It shares no code with `tui.connectivity`, compares
everything with everything and repeats itself until nothing changes: slow, and easy to check against the design.
Invariant: nothing here imports `tui.connectivity`.
"""

from __future__ import annotations

import ipaddress
from functools import cache
from itertools import combinations
from typing import NamedTuple, TypeAlias

from tui.topology.model import Topology
from tui.topology.prefix import Prefix

Overlaps: TypeAlias = tuple[tuple[Prefix, Prefix], ...]


class Edge(NamedTuple):
    """A link whose two ends exist and differ."""

    name: str
    ends: frozenset[str]
    kind: str
    bgp: bool


class Domain(NamedTuple):
    """A BGP domain."""

    core: frozenset[str]
    members: frozenset[str]


class Oracle:
    """The answers for one topology."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        vnets, sites = list(topology.vnets), list(topology.sites)
        self.names = sites + vnets if topology.sites_first else vnets + sites
        self.vnets, self.sites = set(vnets), set(sites)
        self.edges: list[Edge] = []
        self.lent: set[tuple[str, str]] = set()
        """(hub, spoke): the spoke uses the gateway of the hub, which is a VNet: sites have no VPN gateway."""
        for name, connection in topology.connections.items():
            if self._exists(connection.between):
                self.edges.append(Edge(name, frozenset(connection.between), connection.kind, connection.bgp))
        for name, peering in topology.peerings.items():
            if self._exists(peering.between):
                self.edges.append(Edge(name, frozenset(peering.between), "peering", False))
                for hub, spoke in (peering.between, peering.between[::-1]):
                    if peering.gateway_transit == hub and hub in self.vnets:
                        self.lent.add((hub, spoke))
        self.near = {
            name: {other for edge in self.edges if name in edge.ends for other in edge.ends - {name}}
            for name in self.names
        }
        self.domains = self._domains()

    def _exists(self, ends: tuple[str, str]) -> bool:
        return ends[0] != ends[1] and {*ends} <= {*self.names}

    def pairs(self) -> list[tuple[str, str]]:
        """Every two networks, in the order of the file."""
        return list(combinations(self.names, 2))

    def between(self, a: str, b: str) -> list[Edge]:
        """The links from `a` to `b`."""
        return [edge for edge in self.edges if edge.ends == {a, b}]

    def linked(self, a: str, b: str) -> bool:
        """Rule 1: directly linked."""
        return b in self.near[a]

    def common_neighbours(self, a: str, b: str) -> set[str]:
        """Rule 2: what both are directly linked to."""
        return self.near[a] & self.near[b]

    def _domains(self) -> list[Domain]:
        sessions = [edge for edge in self.edges if edge.kind == "vpn" and edge.bgp]
        cores = [{name} for name in self.names if name in self.vnets and any(name in edge.ends for edge in sessions)]
        for edge in sessions:
            if edge.ends <= self.vnets:
                touched = [core for core in cores if core & edge.ends]
                cores = [core for core in cores if not core & edge.ends] + [set().union(*touched)]
        return [Domain(frozenset(core), frozenset(core | self._hanging(core))) for core in cores]

    def _hanging(self, core: set[str]) -> set[str]:
        sites = {end for edge in self.edges if edge.kind == "vpn" and edge.ends & core for end in edge.ends}
        return (sites & self.sites) | {spoke for hub, spoke in self.lent if hub in core}

    def shared_domains(self, a: str, b: str) -> list[Domain]:
        """Rule 3: the BGP domains that both are in."""
        return [domain for domain in self.domains if {a, b} <= domain.members]

    def forwards(self, name: str) -> bool:
        """True for a VNet with `transit = true`."""
        return name in self.vnets and self.topology.vnets[name].transit

    def transit(self, a: str, b: str) -> bool:
        """Rule 4: the ends of a path of links with at least one inner network, all of them forwarding VNets."""
        inner = {name for name in self.near[a] - {a, b} if self.forwards(name)}
        while more := {name for known in inner for name in self.near[known] if self.forwards(name)} - inner - {a, b}:
            inner |= more
        return any(b in self.near[name] for name in inner)

    def through_hub(self, a: str, b: str) -> set[str]:
        """The hubs whose gateway one of the two uses, and whose VPN or ExpressRoute leads to the other."""
        return {
            hub
            for spoke, far in ((a, b), (b, a))
            for hub, user in self.lent
            if user == spoke and any(edge.kind in ("vpn", "expressroute") for edge in self.between(hub, far))
        }

    def joining_rules(self, a: str, b: str) -> list[str]:
        """The rules that join the two, in the order of the design."""
        by_rule = {
            "linked": self.linked(a, b),
            "neighbour": bool(self.common_neighbours(a, b)),
            "bgp": bool(self.shared_domains(a, b)),
            "transit": self.transit(a, b),
        }
        return [rule for rule, holds in by_rule.items() if holds]

    def reaching_rules(self, a: str, b: str) -> set[str]:
        """The rules by which the two reach each other."""
        by_rule = {
            "linked": self.linked(a, b),
            "gateway-transit": bool(self.through_hub(a, b)),
            "bgp": bool(self.shared_domains(a, b)),
            "transit": self.transit(a, b),
        }
        return {rule for rule, holds in by_rule.items() if holds}

    def learns(self, site: str, domain: Domain) -> bool:
        """True if a connection of the site into the domain speaks BGP."""
        return any(
            edge.kind == "vpn" and edge.bgp and site in edge.ends and edge.ends & domain.core for edge in self.edges
        )

    def conditions(self, domain: Domain, a: str, b: str) -> set[str]:
        """What traffic from `a` to `b` within the domain asks for."""
        return {f"{end} needs a static return route" for end in {a, b} & self.sites if not self.learns(end, domain)}

    def usable(self, domain: Domain, a: str, b: str) -> bool:
        """True if a link from `a` to `b` is one that the domain may use for traffic between its members."""
        if {a, b} <= domain.core:
            return any(edge.kind == "vpn" and edge.bgp for edge in self.between(a, b))
        core, other = (a, b) if a in domain.core else (b, a)
        if core not in domain.core:
            return False
        to_site = other in self.sites and any(edge.kind == "vpn" for edge in self.between(core, other))
        return to_site or (core, other) in self.lent

    def overlaps(self, a: str, b: str) -> Overlaps:
        """Each prefix of `a` with each prefix of `b` that shares an address with it."""
        return tuple((p, q) for p in self.space(a) for q in self.space(b) if overlap(p, q))

    def space(self, name: str) -> tuple[Prefix, ...]:
        """The address space, each prefix once."""
        network = self.topology.vnets[name] if name in self.vnets else self.topology.sites[name]
        return tuple(dict.fromkeys(network.address_space))

    def tunnels(self, name: str) -> tuple[int, int, int, list[str], float]:
        """At the gateway of `name`: tunnels to VNets, to sites, IPsec tunnels, the connections, and their Mbps."""
        to_vnets = to_sites = ipsec = 0
        mbps = 0.0
        names: list[str] = []
        for key, connection in self.topology.connections.items():
            if connection.kind == "expressroute" or name not in connection.between:
                continue
            if not self._exists(connection.between):
                continue
            names.append(key)
            mbps += connection.bandwidth_mbps or 0
            a, b = connection.between
            other = b if a == name else a
            if other in self.vnets:
                to_vnets += 1
                ipsec += self._halves(name) * self._halves(other)
                continue
            site = self.topology.sites[other]
            devices = {*site.devices, *(["vpn_device"] if site.vpn_device else [])}
            if connection.devices is not None:
                devices = {*connection.devices}
            to_sites += len(devices) or 1
            ipsec += (len(devices) or 1) * self._halves(name)
        return to_vnets, to_sites, ipsec, names, mbps

    def _halves(self, vnet: str) -> int:
        gateway = self.topology.vnets[vnet].gateway
        return 2 if gateway is not None and gateway.active_active else 1


@cache
def overlap(one: Prefix, other: Prefix) -> bool:
    """True if the two share an address, as the standard library sees it."""
    a, b = ipaddress.ip_network(str(one)), ipaddress.ip_network(str(other))
    if isinstance(a, ipaddress.IPv4Network) and isinstance(b, ipaddress.IPv4Network):
        return a.overlaps(b)
    return isinstance(a, ipaddress.IPv6Network) and isinstance(b, ipaddress.IPv6Network) and a.overlaps(b)


@cache
def within(inner: Prefix, outer: Prefix) -> bool:
    """True if every address of `inner` is one of `outer`, as the standard library sees it."""
    a, b = ipaddress.ip_network(str(inner)), ipaddress.ip_network(str(outer))
    if isinstance(a, ipaddress.IPv4Network) and isinstance(b, ipaddress.IPv4Network):
        return a.subnet_of(b)
    return isinstance(a, ipaddress.IPv6Network) and isinstance(b, ipaddress.IPv6Network) and a.subnet_of(b)
