"""ADR001, ADR002, ADR008, ADR010, ADR011: address space that collides across networks.

Invariant: whether an overlap is an error depends on whether the two networks are joined, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.checks.rule import Day, Found, Severity, listed, rule
from tui.connectivity.collisions import MOST_PAIRS, Collision, SharedBlock, collisions
from tui.connectivity.domains import areas_of, bgp_domains
from tui.connectivity.joined import in_words, meeting
from tui.connectivity.links import neighbours, network_order, network_path, networks
from tui.connectivity.reach import reachable
from tui.topology.derived import derived
from tui.topology.edits import Edit, change
from tui.topology.intervals import PrefixIndex
from tui.topology.model import Site, Topology, VNet
from tui.topology.prefix import Prefix

_FAQ = "Microsoft: VPN Gateway FAQ (VNet-to-VNet connections)"
_MOST_NAMED = 4

ADR001 = rule(
    "ADR001",
    "error",
    "two joined networks overlap",
    why="Address ranges must not overlap between VNets that are to be connected, nor with on-premises networks: "
    "a route can lead to one of two only.",
    source=_FAQ,
    help="give one of the two other addresses, or part them",
)


@ADR001.in_topology
def joined_overlap(topology: Topology, day: Day) -> Iterator[Found]:
    """Overlaps between joined networks."""
    for collision in collisions(topology).pairs:
        if collision.joined:
            yield _joined_pair(topology, collision)
    for shared in collisions(topology).blocks:
        if shared.joined:
            yield _shared(topology, shared, "that are joined")


def _joined_pair(topology: Topology, collision: Collision) -> Found:
    a, b = collision.networks
    met = meeting(topology, a, b)
    way = f"; {in_words(met)}" if met is not None else ""
    fixes = tuple(_moves_to_advertised(topology, collision))
    help_text = (
        "" if not fixes else "a summary that the site routes belongs in advertises; else give one other addresses"
    )
    return Found(_paths(topology, a, b), f"{_overlap(collision)}{way}", None, help_text, fixes, _outer(collision))


def _moves_to_advertised(topology: Topology, collision: Collision) -> Iterator[Edit]:
    """The edit that takes a site's summary out of its address space, where it strictly contains a VNet's prefix."""
    known = networks(topology)
    for index, name in enumerate(collision.networks):
        site, other = known[name], known[collision.networks[1 - index]]
        if not isinstance(site, Site) or not isinstance(other, VNet):
            continue
        wide = [
            pair[index]
            for pair in collision.overlaps
            if pair[index] != pair[1 - index] and pair[index].contains(pair[1 - index])
        ]
        if wide:
            kept = tuple(prefix for prefix in site.address_space if prefix not in wide)
            added = tuple(dict.fromkeys((*site.advertises, *wide)))
            yield Edit(
                f"Move {listed(dict.fromkeys(wide))} of {name} to advertises",
                change(("sites", name), address_space=kept, advertises=added).apply,
            )


ADR002 = rule(
    "ADR002",
    "warning",
    "two networks overlap that are not joined",
    why="Networks whose addresses overlap can never be connected, by VPN or by peering; an isolated one may overlap.",
    source=_FAQ,
    help="give one of the two other addresses, mark one isolated = true, or waive it",
)


@ADR002.in_topology
def apart_overlap(topology: Topology, day: Day) -> Iterator[Found]:
    """Overlaps between networks that are not joined."""
    known = networks(topology)
    for collision in collisions(topology).pairs:
        if not collision.joined:
            isolated = [name for name in collision.networks if getattr(known[name], "isolated", False)]
            severity: Severity | None = "info" if isolated else None
            tail = f"; {listed(isolated)} is isolated" if isolated else "; they can never be connected"
            where = _paths(topology, *collision.networks)
            yield Found(where, _overlap(collision) + tail, severity, subject=_outer(collision))
    for shared in collisions(topology).blocks:
        if not shared.joined:
            lively = [name for name in shared.networks if not getattr(known[name], "isolated", False)]
            # Where all but one are isolated, each pair has an isolated one.
            severity = "info" if len(lively) < 2 else None
            yield _shared(topology, shared, "that are not joined")._replace(severity=severity)


def _paths(topology: Topology, *names: str) -> tuple[tuple[str, ...], ...]:
    return tuple(network_path(topology, name) for name in names)


def _overlap(collision: Collision) -> str:
    a, b = collision.networks
    named = [f"both use {p}" if p == q else f"{p} and {q}" for p, q in collision.overlaps[:_MOST_NAMED]]
    more = len(collision.overlaps) - len(named)
    return f"{a} and {b} overlap: {', '.join(named)}{f' (and {more} more)' if more else ''}"


def _outer(collision: Collision) -> str:
    mine, theirs = collision.overlaps[0]
    return str(min(mine, theirs))


def _shared(topology: Topology, shared: SharedBlock, which: str) -> Found:
    most = "" if shared.exact else "up to "
    return Found(
        _paths(topology, *shared.networks),
        f"{len(shared.networks)} networks share {shared.block}: {most}{shared.overlaps} overlaps between networks "
        f"{which} (counted together, for there are more than {MOST_PAIRS} in all)",
        subject=str(shared.block),
    )


@derived
def _spaces(topology: Topology) -> PrefixIndex[str]:
    """The address space of every network."""
    return PrefixIndex(
        (prefix, name) for name, network in networks(topology).items() for prefix in network.address_space
    )


_MOST_EACH = 100
"""Overlaps of one block that are reported one by one."""

ADR008 = rule(
    "ADR008",
    "error",
    "held growth overlaps another network or another growth",
    why="Space held for a VNet is taken for everybody else; given out twice, neither can grow into it.",
    source="vnet-tui: the file, growth",
    help="hold another block, or give the other network other addresses",
)


@ADR008.in_topology
def growth_overlap(topology: Topology, day: Day) -> Iterator[Found]:
    """Growth that collides with address space or with other growth."""
    held = [(prefix, name) for name, vnet in topology.vnets.items() for prefix in vnet.growth]
    growths, order = PrefixIndex(held), network_order(topology)
    for prefix, name in held:
        taken = [entry for entry in _spaces(topology).overlapping(prefix) if entry[1] != name]
        for theirs, other in taken[:_MOST_EACH]:
            yield Found(
                _paths(topology, name, other),
                f"growth {prefix} of {name} overlaps {theirs} of {other}",
                subject=str(prefix),
            )
        if len(taken) > _MOST_EACH:
            rest = _paths(topology, name)
            yield Found(rest, f"growth {prefix} of {name} overlaps {len(taken) - _MOST_EACH} more prefixes of others")
        for theirs, other in growths.overlapping(prefix):
            # Each pair once: from the wider block, and for equal ones from the first in the file.
            if other != name and (prefix, order[name]) < (theirs, order[other]):
                where = _paths(topology, name, other)
                yield Found(
                    where, f"growth {prefix} of {name} overlaps growth {theirs} of {other}", subject=str(prefix)
                )


ADR010 = rule(
    "ADR010",
    "error",
    "addresses of VPN clients overlap a network",
    why="Point-to-site clients get addresses from p2s_pools; where these overlap a network, its gateway cannot tell "
    "whom an answer is for.",
    source="Microsoft: About Point-to-Site VPN",
    help="choose a pool that overlaps nothing that the clients are to reach",
)


@ADR010.in_topology
def client_pool_overlap(topology: Topology, day: Day) -> Iterator[Found]:
    """Pools of VPN clients that collide with their VNet, its neighbours, or another pool of the domain."""
    pools = {
        name: vnet.gateway.p2s_pools for name, vnet in topology.vnets.items() if vnet.gateway and vnet.gateway.p2s_pools
    }
    if not pools:
        return
    known, near = networks(topology), neighbours(topology)
    for name, mine in pools.items():
        around = (name, *near.get(name, ()))
        for other in around:
            for prefix in mine:
                for theirs in known[other].address_space:
                    if prefix.overlaps(theirs):
                        yield _pool_clash(topology, name, prefix, f"{theirs} of {other}", network_path(topology, other))
        for index, prefix in enumerate(mine):
            for twin in mine[index + 1 :]:
                if prefix.overlaps(twin):
                    yield _pool_clash(topology, name, prefix, f"{twin}, another pool of its own", None)
    order = {name: place for place, name in enumerate(pools)}
    for domain in bgp_domains(topology):
        members = [name for name in domain.members if name in pools]
        index_of_pools = PrefixIndex((prefix, name) for name in members for prefix in pools[name])
        for name in members:
            for prefix in pools[name]:
                for theirs, other in index_of_pools.overlapping(prefix):
                    if other != name and (prefix, order[name]) < (theirs, order[other]):
                        yield _pool_clash(
                            topology, name, prefix, f"the client pool {theirs} of {other}", ("vnets", other, "gateway")
                        )


def _pool_clash(topology: Topology, name: str, prefix: Prefix, what: str, other: tuple[str, ...] | None) -> Found:
    mine = ("vnets", name, "gateway")
    return Found((mine, other) if other else (mine,), f"client pool {prefix} of {name} overlaps {what}")


ADR011 = rule(
    "ADR011",
    "error",
    "a site advertises a VNet's own range",
    why="A site may advertise a summary that contains a VNet, for more specific routes win; what equals a VNet's "
    "prefix or lies inside it competes with the VNet itself and is not taken over.",
    source="Microsoft: VPN Gateway FAQ (BGP, address prefixes)",
    help="advertise a wider summary, or leave out what belongs to the VNet",
)


@ADR011.in_topology
def advertised_overlap(topology: Topology, day: Day) -> Iterator[Found]:
    """Advertised ranges that equal, lie inside or contain the prefixes of VNets that the site reaches."""
    spaces = None
    for name, site in topology.sites.items():
        if not site.advertises:
            continue
        spaces = spaces or _vnet_spaces(topology)
        near = set(neighbours(topology).get(name, ()))
        reached = reachable(topology, name) if name in areas_of(topology) or near else {}
        for prefix in site.advertises:
            # A default route is not passed on: it matters to direct neighbours alone.
            heard = near if prefix.length == 0 else reached
            contained: dict[str, Prefix] = {}
            for theirs, other in spaces.overlapping(prefix):
                if other not in heard:
                    continue
                if theirs.contains(prefix):
                    how = "equals" if theirs == prefix else "lies inside"
                    where = _paths(topology, name, other)
                    yield Found(
                        where, f"{name} advertises {prefix}, which {how} {theirs} of {other}, and it reaches {other}"
                    )
                else:
                    contained.setdefault(other, theirs)
            yield from _summaries(topology, name, prefix, contained)


def _summaries(topology: Topology, site: str, prefix: Prefix, contained: dict[str, Prefix]) -> Iterator[Found]:
    for other, theirs in list(contained.items())[:_MOST_EACH]:
        yield Found(
            _paths(topology, site, other),
            f"{site} advertises {prefix}, which contains {theirs} of {other}: more specific routes win",
            "info",
            "nothing, if the summary is meant",
            subject=f"{site} {prefix}",
        )
    if len(contained) > _MOST_EACH:
        message = f"{site} advertises {prefix}, which contains {len(contained) - _MOST_EACH} more VNets that it reaches"
        yield Found(_paths(topology, site), message, "info", "nothing, if the summary is meant")


@derived
def _vnet_spaces(topology: Topology) -> PrefixIndex[str]:
    return PrefixIndex((prefix, name) for name, vnet in topology.vnets.items() for prefix in vnet.address_space)
