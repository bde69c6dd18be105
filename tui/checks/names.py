"""NAM, REG: names that Azure would refuse or confuse, and regions that it does not have.

Invariant: what is judged is the name that Azure would see: `azure_name`, else the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.checks.rule import Day, Found, listed, rule
from tui.topology import catalog
from tui.topology.derived import LINKS, SERVICES, SITES, SUBSCRIPTIONS
from tui.topology.edits import change
from tui.topology.model import Planning, Topology, VNet
from tui.topology.naming import NameKind, name_problem
from tui.topology.parts import Path

_NAMING = "Microsoft: Naming rules and restrictions for Azure resources"

NAM001 = rule(
    "NAM001",
    "error",
    "a name that Azure would refuse",
    why="A name holds letters, digits, underscores, periods and hyphens, begins with a letter or digit, ends with one "
    "of these or an underscore, and is limited in length by kind.",
    source=_NAMING,
    help="rename it, or give it an azure_name that Azure accepts",
)


@NAM001.in_vnet
def refused_name_of_vnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Names of a VNet, its resource group, gateway and subnets."""
    path = ("vnets", name)
    yield from _judge(path, "vnet", vnet.azure_name or name, "VNet")
    if vnet.resource_group is not None:
        yield from _judge(path, "resource_group", vnet.resource_group, "resource group")
    if vnet.gateway is not None and (vnet.gateway.name is not None or vnet.azure_name):
        # Its default is the VNet's key, which is judged above unless an azure_name hides it.
        own = name if vnet.gateway.name is None else vnet.gateway.name
        yield from _judge((*path, "gateway"), "gateway", own, "gateway")
    if vnet.gateway is not None and vnet.gateway.resource_group is not None:
        yield from _judge((*path, "gateway"), "resource_group", vnet.gateway.resource_group, "resource group")
    for subnet in vnet.subnets:
        yield from _judge((*path, "subnets", subnet), "subnet", subnet, "subnet")


@NAM001.reading(*LINKS, SITES)
def refused_name(topology: Topology, day: Day) -> Iterator[Found]:
    """Names of sites, connections and peerings, and of their resource groups."""
    for name, site in topology.sites.items():
        yield from _judge(("sites", name), "site", site.azure_name or name, "site")
        yield from _judge_group(("sites", name), site.resource_group)
    for name, connection in topology.connections.items():
        yield from _judge(("connections", name), "connection", connection.azure_name or name, "connection")
        yield from _judge_group(("connections", name), connection.resource_group)
    for name, peering in topology.peerings.items():
        yield from _judge(("peerings", name), "peering", peering.azure_name or name, "peering")


def _judge_group(path: Path, name: str | None) -> Iterator[Found]:
    if name is not None:
        yield from _judge(path, "resource_group", name, "resource group")


def _judge(path: Path, kind: NameKind, name: str, noun: str) -> Iterator[Found]:
    problem = name_problem(kind, name)
    if problem:
        whose = "" if name == path[1] else f" of {path[1]}"
        yield Found((path,), f'the {noun} name "{name}"{whose} {problem}')


NAM002 = rule(
    "NAM002",
    "error",
    "names that cannot be told apart",
    why="Connections name networks, so a VNet and a site cannot share a name; Azure does not tell upper and lower case "
    "apart.",
    source=_NAMING,
    help="rename one of them",
)


@NAM002.in_vnet
def alike_subnets(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Subnets of one VNet that differ in case alone."""
    return _alike(("vnets", name, "subnets"), vnet.subnets, f"subnets of {name}")


@NAM002.reading(*LINKS, SUBSCRIPTIONS, SERVICES)
def alike(topology: Topology, day: Day) -> Iterator[Found]:
    """Names of one kind that differ in case alone, and names that a VNet and a site share."""
    for name in topology.sites:
        if name in topology.vnets:
            yield Found((("vnets", name), ("sites", name)), f"{name} names both a VNet and a site")
    for kind in ("subscriptions", "vnets", "sites", "connections", "peerings", "services"):
        yield from _alike((kind,), getattr(topology, kind), kind)


def _alike(place: Path, names: Iterable[str], what: str) -> Iterator[Found]:
    folded: dict[str, list[str]] = {}
    for name in names:
        folded.setdefault(name.casefold(), []).append(name)
    for same in folded.values():
        if len(same) > 1:
            yield Found(tuple((*place, name) for name in same), f"the {what} {listed(same)} differ in case alone")


REG001 = rule(
    "REG001",
    "warning",
    "unknown region",
    why="A VNet lives in a region of its cloud; a name that the public cloud does not have cannot be deployed.",
    source="Microsoft: List of Azure regions (as of March 2026; newer regions may be missing)",
    help="correct the region, or waive it if it is newer than this program",
)


@REG001.in_topology
def unknown_region(topology: Topology, day: Day) -> Iterator[Found]:
    """Regions of VNets, sites and pools that the public cloud does not have."""
    elsewhere = {name for name, subscription in topology.subscriptions.items() if subscription.cloud != "public"}
    for place, table in (("vnets", topology.vnets), ("sites", topology.sites)):
        for name, part in table.items():
            if part.region is not None and part.subscription not in elsewhere and catalog.region(part.region) is None:
                yield _unknown_region((place, name), part.region, name)
    for name, pool in topology.planning.pools.items() if not elsewhere else ():
        if pool.region is not None and catalog.region(pool.region) is None:
            yield _unknown_region(("planning", "pools", name), pool.region, f"pool {name}")


def _unknown_region(path: Path, region: str, who: str) -> Found:
    nearest = catalog.canonical_region(region) or catalog.nearest(region, catalog.region_names())
    hint = f"; did you mean {nearest}?" if nearest else ""
    fixes = (change(path, region=nearest),) if nearest else ()
    return Found((path,), f"{who} is in {region}, and there is no such region{hint}", fixes=fixes)
