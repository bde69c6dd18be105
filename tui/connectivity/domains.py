"""Groups of networks that routing joins: BGP domains and transit areas.

Owns rules 3 and 4 of who is joined with whom. A BGP domain is a connected component of VNets over
VNet-to-VNet connections with BGP, with the sites that VPN connections link to it and the spokes that use its
gateways; a gateway announces its sites to its BGP neighbours (Microsoft: "About BGP with VPN Gateway").
A single VNet is a domain when its gateway speaks BGP with a site: without any session nothing is announced.
A transit area is a connected component of VNets with `transit = true`, with all that is linked to it.
Invariant: every area comes with a tree over its own links, so that any two members have a path in it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tui.connectivity.links import Link, is_vnet, links, links_of, neighbours, networks, spokes
from tui.topology.derived import LINKS, derived_from, forwarding
from tui.topology.model import Topology


@dataclass(frozen=True, slots=True)
class Area:
    """Networks that routing joins, each with each."""

    kind: Literal["bgp", "transit"]
    core: tuple[str, ...]
    """The VNets that pass routes or traffic on."""
    edge: tuple[str, ...]
    """What hangs on them: sites, spokes, neighbours. Nothing transits these."""
    parents: Mapping[str, str]
    """A tree over the members; the first of `core` is its root."""

    @property
    def members(self) -> tuple[str, ...]:
        """All networks of the area."""
        return self.core + self.edge

    def path(self, a: str, b: str) -> tuple[str, ...]:
        """Return the way from `a` to `b` along the tree, both included."""
        up_a, up_b = list(self._ancestry(a)), list(self._ancestry(b))
        shared = set(up_a)
        meeting = next(name for name in up_b if name in shared)
        down = up_b[: up_b.index(meeting)]
        return (*up_a[: up_a.index(meeting) + 1], *reversed(down))

    def _ancestry(self, name: str) -> Iterator[str]:
        while True:
            yield name
            if name not in self.parents:
                return
            name = self.parents[name]


@derived_from(*LINKS)
def bgp_domains(topology: Topology) -> tuple[Area, ...]:
    """Return the BGP domains, in the order of the file."""
    speaking: dict[str, list[str]] = {}
    with_sites: set[str] = set()
    for link in links(topology):
        if link.kind == "vpn" and link.bgp:
            a, b = link.ends
            if is_vnet(topology, a) and is_vnet(topology, b):
                speaking.setdefault(a, []).append(b)
                speaking.setdefault(b, []).append(a)
            else:
                with_sites.update(end for end in link.ends if is_vnet(topology, end))
    starts = [name for name in topology.vnets if name in speaking or name in with_sites]
    hanging = _sites_and_spokes(topology, speaking.keys() | with_sites)
    return tuple(_areas("bgp", starts, lambda name: speaking.get(name, ()), lambda name: hanging.get(name, ())))


def _sites_and_spokes(topology: Topology, cores: Iterable[str]) -> dict[str, list[str]]:
    """The sites on VPN connections of each of `cores`, and the spokes that use its gateway."""
    at = links_of(topology)
    hanging = {
        core: [
            end for link in at.get(core, ()) if link.kind == "vpn" and not is_vnet(topology, end := link.other(core))
        ]
        for core in cores
    }
    for spoke, hubs in spokes(topology).items():
        for hub in hubs:
            if hub in hanging:
                hanging[hub].append(spoke)
    return hanging


@derived_from(*LINKS, forwarding)
def transit_areas(topology: Topology) -> tuple[Area, ...]:
    """Return the transit areas, in the order of the file."""
    passing = set(forwarding(topology))
    if not passing:
        return ()
    near = neighbours(topology)
    starts = [name for name in networks(topology) if name in passing and name in near]
    return tuple(
        _areas(
            "transit",
            starts,
            lambda name: [other for other in near.get(name, ()) if other in passing],
            lambda name: [other for other in near.get(name, ()) if other not in passing],
        )
    )


def _areas(
    kind: Literal["bgp", "transit"],
    starts: Iterable[str],
    onward: Callable[[str], Iterable[str]],
    hanging: Callable[[str], Iterable[str]],
) -> Iterator[Area]:
    """Yield one area for each connected component of cores over `onward`, with what hangs on them."""
    seen: set[str] = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        core, parents = [start], {}
        for name in core:
            for other in onward(name):
                if other not in seen:
                    seen.add(other)
                    parents[other] = name
                    core.append(other)
        inside, edge = set(core), []
        for name in core:
            for other in hanging(name):
                if other not in inside:
                    inside.add(other)
                    parents[other] = name
                    edge.append(other)
        yield Area(kind, tuple(core), tuple(edge), parents)


@derived_from(*LINKS, forwarding)
def areas_of(topology: Topology) -> dict[str, list[Area]]:
    """Return the areas that each network is in, by its name."""
    found: dict[str, list[Area]] = {}
    for area in (*bgp_domains(topology), *transit_areas(topology)):
        for name in area.members:
            found.setdefault(name, []).append(area)
    return found


def shared_areas(topology: Topology, a: str, b: str) -> list[Area]:
    """Return the areas that both `a` and `b` are in, BGP domains first."""
    areas = areas_of(topology)
    mine = areas.get(b, [])
    return [area for area in areas.get(a, ()) if any(area is other for other in mine)]


def statically_linked(topology: Topology, name: str, core: Container[str]) -> bool:
    """True for a site none of whose connections to the VNets of `core` speaks BGP: it learns nothing from them."""

    def teaches(link: Link) -> bool:
        return link.kind == "vpn" and link.bgp and link.other(name) in core

    return not is_vnet(topology, name) and not any(map(teaches, links_of(topology).get(name, ())))
