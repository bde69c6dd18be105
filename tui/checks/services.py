"""SVC: what stays within one VNet, and what VPN cannot carry.

Invariant: services are judged by the VNets they name; a name that does not exist is REF001's.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from tui.checks.rule import Day, Found, listed, rule
from tui.connectivity.domains import shared_areas
from tui.connectivity.links import links_between
from tui.topology.model import Topology

SVC001 = rule(
    "SVC001",
    "error",
    "a service that spans VNets",
    why="A cloud service or a load-balanced endpoint cannot span VNets, even if they are connected.",
    source="Microsoft: VPN Gateway FAQ (VNet-to-VNet connections)",
    help="put all of it into one VNet, or make it two services behind a global load balancer",
)


@SVC001.in_topology
def spanning(topology: Topology, day: Day) -> Iterator[Found]:
    """Cloud services and load-balanced endpoints in more than one VNet."""
    for name, service in topology.services.items():
        if service.kind != "online-backup" and len(set(service.vnets)) > 1:
            what = service.kind.replace("-", " ", 1) if service.kind == "cloud-service" else "load-balanced endpoint"
            text = f"{name} is a {what} and spans {listed(dict.fromkeys(service.vnets))}"
            yield Found((("services", name),), text)


SVC002 = rule(
    "SVC002",
    "warning",
    "online backup across VPN",
    why="VNet-to-VNet serves workloads inside VNets; online backup cannot ride on it, ExpressRoute is the way.",
    source="Petri: VNet-to-VNet VPNs in Microsoft Azure (14 July 2014)",
    help="plan ExpressRoute for it, or back up each VNet by itself",
)


@SVC002.in_topology
def backup_over_vpn(topology: Topology, day: Day) -> Iterator[Found]:
    """Online backups over VNets that VPN joins."""
    for name, service in topology.services.items():
        if service.kind != "online-backup":
            continue
        vnets = [vnet for vnet in dict.fromkeys(service.vnets) if vnet in topology.vnets]
        joined = [pair for pair in combinations(vnets, 2) if _by_vpn(topology, *pair)]
        if joined:
            a, b = joined[0]
            text = (
                f"{name} is an online backup over {listed(vnets)}; {a} and {b} are joined by VPN, which cannot carry it"
            )
            yield Found((("services", name),), text)


def _by_vpn(topology: Topology, a: str, b: str) -> bool:
    return _vpn_between(topology, a, b) or any(
        area.kind == "bgp" or any(_vpn_between(topology, *hop) for hop in pairwise(area.path(a, b)))
        for area in shared_areas(topology, a, b)
    )


def _vpn_between(topology: Topology, a: str, b: str) -> bool:
    return any(link.kind == "vpn" for link in links_between(topology, a, b))
