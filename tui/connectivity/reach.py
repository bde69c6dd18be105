"""Reach: whether one network can talk to another, over which path, or why not.

Owns the stricter sibling of "joined": two networks that merely hang on the same one must not overlap, but
do not reach each other. Routing makes the difference: a direct link, a BGP domain, a chain of VNets that
forward, or a hub that lends its gateway to a spoke.
Invariant: reach is symmetric, and whoever reaches another is joined with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from tui.connectivity.domains import Area, areas_of, shared_areas, statically_linked
from tui.connectivity.links import Link, links_between, links_of, neighbours, networks, spokes
from tui.topology.model import Site, Topology, VNet

STATIC_RETURN_ROUTE = "needs a static return route"
SPOKES_OF_ONE_HUB = "each need a route table that leads to the gateway of their hub"


RULE_WORDS = {
    "linked": "a direct link",
    "bgp": "one BGP domain",
    "transit": "VNets that forward (transit = true)",
    "gateway-transit": "the hub's gateway",
}
"""What each rule is called in a sentence."""


@dataclass(frozen=True, slots=True)
class Route:
    """How one network reaches another."""

    rule: Literal["linked", "bgp", "transit", "gateway-transit"]
    path: tuple[str, ...]
    """From the one to the other, both included."""
    conditions: tuple[str, ...] = ()
    """What must be seen to outside of Azure for it to work."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why one network does not reach another."""

    reason: str
    path: tuple[str, ...] = ()
    """The shortest chain of links between them, if there is one."""


def route(topology: Topology, a: str, b: str) -> Route | None:
    """Return how the network `a` reaches the network `b`, or None."""
    return _Origin(topology, a).route(b)


def reachable(topology: Topology, a: str) -> dict[str, Route]:
    """Return how `a` reaches every network that it reaches, by name: neighbours first, then the rest."""
    near = neighbours(topology).get(a, ())
    candidates = dict.fromkeys(near)
    for hub in spokes(topology).get(a, ()):
        candidates |= dict.fromkeys(_behind_gateway(topology, hub))
    for neighbour in near:
        if any(link.kind != "peering" for link in links_between(topology, a, neighbour)):
            candidates |= dict.fromkeys(_spokes_of(topology, neighbour))
    for area in areas_of(topology).get(a, ()):
        candidates |= dict.fromkeys(area.members)
    candidates.pop(a, None)
    origin = _Origin(topology, a)
    return {name: found for name in candidates if (found := origin.route(name))}


class _Origin:
    """A network and its ways to others; each of its areas is walked once, however many are asked for."""

    def __init__(self, topology: Topology, name: str) -> None:
        self._topology, self._name = topology, name
        self._walked: dict[int, tuple[frozenset[str], Mapping[str, str]]] = {}

    def route(self, other: str) -> Route | None:
        """Return how the network reaches `other`, or None."""
        topology, name = self._topology, self._name
        if name == other:
            return Route("linked", (name,))
        if links_between(topology, name, other):
            return Route("linked", (name, other))
        for hub in _hubs_between(topology, name, other):
            return Route("gateway-transit", (name, hub, other))
        ways = [self._through(area, other) for area in shared_areas(topology, name, other)]
        # What works without further ado is the better answer.
        return min(ways, key=lambda way: len(way.conditions), default=None)

    def _through(self, area: Area, other: str) -> Route:
        topology, name = self._topology, self._name
        core, came_from = self._walk(area)
        path = _path(came_from, other) or area.path(name, other)
        if area.kind == "transit":
            return Route("transit", path)
        conditions = [f"{end} {STATIC_RETURN_ROUTE}" for end in (name, other) if statically_linked(topology, end, core)]
        if len(path) == 3 and all(path[1] in spokes(topology).get(end, ()) for end in (name, other)):
            # A gateway announces a spoke to its BGP neighbours, not to the other spokes of its hub.
            conditions.append(f"{name} and {other} {SPOKES_OF_ONE_HUB} {path[1]}")
        return Route("bgp", path, tuple(conditions))

    def _walk(self, area: Area) -> tuple[frozenset[str], Mapping[str, str]]:
        known = self._walked.get(id(area))
        if known is None:
            core = frozenset(area.core)
            usable = _usable_in_domain(self._topology, core) if area.kind == "bgp" else _any_link
            known = core, _shortest_ways(self._topology, self._name, core.__contains__, usable)
            self._walked[id(area)] = known
        return known


def _hubs_between(topology: Topology, a: str, b: str) -> list[str]:
    """The hubs whose gateway one of the two uses, and leads to the other directly."""
    lent = spokes(topology)
    return [
        hub
        for spoke, far in ((a, b), (b, a))
        for hub in lent.get(spoke, ())
        if any(link.kind != "peering" for link in links_between(topology, hub, far))
    ]


def _behind_gateway(topology: Topology, hub: str) -> list[str]:
    return [link.other(hub) for link in links_of(topology).get(hub, ()) if link.kind != "peering"]


def _spokes_of(topology: Topology, hub: str) -> list[str]:
    return [link.other(hub) for link in links_of(topology).get(hub, ()) if link.gateway_transit == hub]


def _any_link(link: Link) -> bool:
    return True


def _usable_in_domain(topology: Topology, core: frozenset[str]) -> Callable[[Link], bool]:
    """Which links the traffic of a BGP domain may take: sessions, VPN connections to sites, and lent gateways."""
    known = networks(topology)

    def usable(link: Link) -> bool:
        if core.issuperset(link.ends):
            return link.kind == "vpn" and link.bgp
        to_site = link.kind == "vpn" and not all(isinstance(known[end], VNet) for end in link.ends)
        return to_site or link.gateway_transit in core

    return usable


def _shortest_ways(
    topology: Topology, a: str, inner: Callable[[str], bool], usable: Callable[[Link], bool]
) -> Mapping[str, str]:
    """From where each network is reached on the shortest way from `a`, by its name; only `inner` ones pass on."""
    at = links_of(topology)
    came_from: dict[str, str] = {a: a}
    waiting = deque([a])
    while waiting:
        name = waiting.popleft()
        if name != a and not inner(name):
            continue
        for link in at.get(name, ()):
            other = link.other(name)
            if other not in came_from and usable(link):
                came_from[other] = name
                waiting.append(other)
    return came_from


def _path(came_from: Mapping[str, str], b: str) -> tuple[str, ...] | None:
    if b not in came_from:
        return None
    path = [b]
    while came_from[path[-1]] != path[-1]:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))


def why_not(topology: Topology, a: str, b: str) -> Blocked:
    """Return why `a` does not reach `b`: what is missing on the shortest chain of links, or that there is none."""
    path = _path(_shortest_ways(topology, a, lambda name: True, _any_link), b)
    if path is None:
        linked = links_of(topology)
        lonely = [name for name in (a, b) if name not in linked]
        if lonely:
            return Blocked(f"{' and '.join(lonely)} {'is' if len(lonely) == 1 else 'are'} not linked to anything")
        return Blocked(f"no chain of links leads from {a} to {b}")
    known = networks(topology)
    inner_site = next((name for name in path[1:-1] if isinstance(known[name], Site)), None)
    if inner_site is not None:
        return Blocked(
            f"the way leads through the site {inner_site}, and nothing transits an on-premises network", path
        )
    stops = next((name for name in path[1:-1] if not _forwards(topology, name)), path[1])
    place = path.index(stops)
    around = [link for end in path[place - 1 : place + 2 : 2] for link in links_between(topology, stops, end)]
    router = f"a firewall or router in {stops} (transit = true)"
    if all(link.kind == "peering" for link in around):
        way_out = f"peering is not transitive; that needs {router}, or a link of their own"
    else:
        way_out = f"that needs BGP on the VPN connections along the way, gateway transit on a peering, or {router}"
    return Blocked(f"{stops} passes nothing on between {path[place - 1]} and {path[place + 1]}: {way_out}", path)


def _forwards(topology: Topology, name: str) -> bool:
    network = networks(topology)[name]
    return isinstance(network, VNet) and network.transit
