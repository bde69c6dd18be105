"""LIM: how many of a thing Azure allows.

Invariant: every figure is Azure's published one unless `[limits]` overrides it, and then it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tui.checks.rule import Day, Found, rule
from tui.connectivity.links import links, links_of
from tui.topology import catalog
from tui.topology.model import Topology

LIM001 = rule(
    "LIM001",
    "warning",
    "more of a thing than Azure allows",
    why="Azure limits VNets per subscription and region, subnets and peerings per VNet, prefixes per gateway and per "
    "local network gateway; some limits can be raised by support.",
    source="Microsoft: Azure subscription and service limits (networking)",
    help="spread it over another subscription, region or hub, or have the limit raised and say so in [limits]",
)


def _limit(topology: Topology, name: catalog.LimitName) -> tuple[int, str]:
    own = getattr(topology.limits, name, None)
    return (own, f"limits.{name} of this file") if own is not None else (catalog.LIMITS[name].value, "Azure's figure")


@LIM001.in_topology
def too_many(topology: Topology, day: Day) -> Iterator[Found]:
    """VNets, subnets, peerings and prefixes beyond their limits."""
    yield from _vnets(topology)
    most, source = _limit(topology, "subnets_per_vnet")
    for name, vnet in topology.vnets.items():
        if len(vnet.subnets) > most:
            yield Found((("vnets", name),), f"{name} has {len(vnet.subnets)} subnets; {most} are allowed ({source})")
    yield from _peerings(topology)
    yield from _prefixes(topology)


def _vnets(topology: Topology) -> Iterator[Found]:
    most, source = _limit(topology, "vnets_per_region")
    counts = Counter(
        (vnet.subscription, vnet.region) for vnet in topology.vnets.values() if vnet.subscription and vnet.region
    )
    for (subscription, region), count in counts.items():
        if count > most and subscription is not None:
            text = f"{subscription} has {count} VNets in {region}; {most} are allowed ({source})"
            yield Found((("subscriptions", subscription),), text)


def _peerings(topology: Topology) -> Iterator[Found]:
    most, source = _limit(topology, "peerings_per_vnet")
    figure = catalog.LIMITS["peerings_per_vnet"]
    counts = Counter(end for link in links(topology) if link.kind == "peering" for end in link.ends)
    for name, count in counts.items():
        if count > most and name in topology.vnets:
            raised = max(most, figure.raised or 0)
            more = f", {raised} with {figure.raised_by}" if raised > most else ""
            hint = f"{most} are allowed ({source}){more}"
            over = count > raised
            yield Found((("vnets", name),), f"{name} has {count} peerings; {hint}", "error" if over else None)


def _prefixes(topology: Topology) -> Iterator[Found]:
    most, source = _limit(topology, "prefixes_per_gateway")
    for name, vnet in topology.vnets.items():
        if vnet.gateway is None:
            continue
        served = {name} | {
            link.other(name) for link in links_of(topology).get(name, ()) if link.gateway_transit == name
        }
        count = sum(len(topology.vnets[one].address_space) for one in served if one in topology.vnets)
        if count > most:
            text = (
                f"the gateway of {name} serves {count} prefixes of its VNet and spokes; {most} are allowed ({source})"
            )
            yield Found((("vnets", name, "gateway"),), text)
    allowed = catalog.LIMITS["prefixes_per_device"].value
    for name, site in topology.sites.items():
        if len(site.address_space) > allowed:
            text = (
                f"{name} has {len(site.address_space)} prefixes; {allowed} are allowed for each device (Azure's figure)"
            )
            yield Found((("sites", name),), text)
