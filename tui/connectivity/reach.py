"""Reach: whether one network can talk to another, over which path, or why not.

Owns the stricter sibling of "joined": two networks that merely hang on the same one must not overlap, but
do not reach each other. Routing makes the difference: a direct link, a BGP domain, a chain of VNets that
forward, or a hub that lends its gateway to a spoke.
Invariant: reach is symmetric, and whoever reaches another is joined with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tui.connectivity.domains import Area, areas_of, shared_areas, statically_linked
from tui.connectivity.links import Link, links_between, links_of, neighbours, networks, spokes
from tui.topology.model import Site, Topology, VNet

STATIC_RETURN_ROUTE = "needs a static return route"


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
    if a == b:
        return Route("linked", (a,))
    if links_between(topology, a, b):
        return Route("linked", (a, b))
    for hub in _hubs_between(topology, a, b):
        return Route("gateway-transit", (a, hub, b))
    for area in shared_areas(topology, a, b):
        return Route(area.kind, _shortest_in(topology, area, a, b), _conditions(topology, area, a, b))
    return None


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
    return {name: found for name in candidates if (found := route(topology, a, name))}


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


def _conditions(topology: Topology, area: Area, a: str, b: str) -> tuple[str, ...]:
    if area.kind != "bgp":
        return ()
    return tuple(
        f"{end} {STATIC_RETURN_ROUTE}"
        for end in (a, b)
        if isinstance(networks(topology)[end], Site) and statically_linked(topology, end, area)
    )


def _shortest_in(topology: Topology, area: Area, a: str, b: str) -> tuple[str, ...]:
    """The shortest path from `a` to `b` whose inner networks are of the area's core, over links that it may use."""
    core = set(area.core)

    def usable(link: Link) -> bool:
        if area.kind == "transit":
            return True
        inside = core.issuperset(link.ends)
        return (link.kind == "vpn" and (link.bgp or not inside)) or link.gateway_transit in core

    return _shortest(topology, a, b, lambda name: name in core, usable) or area.path(a, b)


def _shortest(
    topology: Topology, a: str, b: str, inner: Callable[[str], bool], usable: Callable[[Link], bool]
) -> tuple[str, ...] | None:
    at = links_of(topology)
    came_from: dict[str, str] = {a: a}
    waiting = deque([a])
    while waiting:
        name = waiting.popleft()
        if name == b:
            path = [b]
            while path[-1] != a:
                path.append(came_from[path[-1]])
            return tuple(reversed(path))
        if name != a and not inner(name):
            continue
        for link in at.get(name, ()):
            other = link.other(name)
            if other not in came_from and usable(link):
                came_from[other] = name
                waiting.append(other)
    return None


def why_not(topology: Topology, a: str, b: str) -> Blocked:
    """Return why `a` does not reach `b`: what is missing on the shortest chain of links, or that there is none."""
    path = _shortest(topology, a, b, lambda name: True, lambda link: True)
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
    return Blocked(
        f"both ends are linked to {stops}, which passes nothing on: that needs BGP on the VPN connections along the "
        f"way, gateway transit on the peering, or a firewall or router in {stops} (transit = true)"
        if len(path) == 3
        else f"{stops} passes nothing on: that needs BGP on every connection along the way, or transit = true",
        path,
    )


def _forwards(topology: Topology, name: str) -> bool:
    network = networks(topology)[name]
    return isinstance(network, VNet) and network.transit
