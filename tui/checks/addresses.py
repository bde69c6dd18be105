"""ADR003, ADR007, ADR009: a network's address space looked at by itself.

Invariant: nothing here depends on any other network.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.checks.rule import Day, Found, listed, rule
from tui.connectivity.links import links_of
from tui.topology.derived import LINKS, SITES, derived
from tui.topology.edits import change
from tui.topology.intervals import Stretches, collapsed, nested_pairs
from tui.topology.model import Planning, Topology, VNet
from tui.topology.parts import Path
from tui.topology.prefix import Prefix

ADR003 = rule(
    "ADR003",
    "error",
    "prefixes of one network overlap each other",
    why="Azure refuses an address space whose prefixes overlap. At a BGP site an old /32 for the peer is common.",
    source="Microsoft: Virtual network FAQ; VPN Gateway FAQ (BGP peer address)",
    help="keep the wider of the two",
)


@ADR003.in_vnet
def own_overlap_of_vnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Prefixes of a VNet that overlap each other."""
    if len(vnet.address_space) > 1:
        yield from _own_overlaps(("vnets", name), vnet.address_space)


@ADR003.reading(*LINKS, SITES)
def own_overlap_of_site(topology: Topology, day: Day) -> Iterator[Found]:
    """Prefixes of a site that overlap each other."""
    for name, site in topology.sites.items():
        if len(site.address_space) > 1:
            for found in _own_overlaps(("sites", name), site.address_space):
                yield found._replace(severity="info") if name in bgp_sites(topology) else found


def _own_overlaps(path: Path, prefixes: tuple[Prefix, ...]) -> Iterator[Found]:
    inner = dict.fromkeys((wide, narrow) for (wide, _), (narrow, _) in nested_pairs((p, None) for p in prefixes))
    kept = tuple(prefix for prefix in collapsed(prefixes)) if inner else ()
    # The fix keeps what is written: only where the narrower ones go away does nothing else change.
    outermost = tuple(dict.fromkeys(p for p in prefixes if not any(q != p and q.contains(p) for q in prefixes)))
    fix = (change(path, address_space=outermost),) if kept else ()
    for wide, narrow in inner:
        what = f"{wide} stands twice" if wide == narrow else f"{narrow} lies within {wide}"
        yield Found((path,), f"the prefixes of {path[1]} overlap each other: {what}", fixes=fix)


@derived
def bgp_sites(topology: Topology) -> frozenset[str]:
    """The sites that speak BGP: by an ASN of theirs, or on a connection with BGP."""
    speaking = {
        name
        for name, site in topology.sites.items()
        if site.asn is not None or any(device.asn is not None for device in site.devices.values())
    }
    at = links_of(topology)
    return frozenset(speaking | {name for name in topology.sites if any(link.bgp for link in at.get(name, ()))})


ADR007 = rule(
    "ADR007",
    "error",
    "a network without address space",
    why="A VNet needs at least one prefix; a site without BGP is known by the prefixes of its local network gateway "
    "alone. A BGP site may have none: it announces its routes itself, unseen by a plan.",
    source="Microsoft: Virtual network FAQ; VPN Gateway FAQ (BGP)",
    help="give it an address space",
)


@ADR007.in_vnet
def empty_vnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """A VNet without a prefix."""
    if not vnet.address_space:
        yield Found((("vnets", name),), f"VNet {name} has no address space")


@ADR007.reading(*LINKS, SITES)
def empty_site(topology: Topology, day: Day) -> Iterator[Found]:
    """A site without a prefix."""
    for name, site in topology.sites.items():
        if site.address_space:
            continue
        if name in bgp_sites(topology):
            text = f"site {name} has no address space: what it announces by BGP cannot be checked"
            yield Found((("sites", name),), text, "info", "write down the prefixes that are in use there")
        else:
            yield Found((("sites", name),), f"site {name} has no address space, and no BGP to announce one")


ADR009 = rule(
    "ADR009",
    "warning",
    "a VNet lies outside its pool",
    why="A pool is one stretch per region or purpose so that routes can be summarised; a stray VNet breaks that.",
    source="Microsoft: Cloud Adoption Framework, Plan for IP addressing",
    help="move the VNet into the pool, add the block to the pool, or name another pool",
)


@ADR009.in_vnet
def outside_pool(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Prefixes of a VNet that its pool does not contain."""
    if vnet.pool is None or vnet.pool not in planning.pools:
        return
    pool = planning.pools[vnet.pool].prefixes
    strays = [prefix for prefix in vnet.address_space if not Stretches(pool).cover(prefix)]
    if strays:
        yield Found(
            (("vnets", name),), f"{listed(strays)} of {name} lies outside its pool {vnet.pool} ({listed(pool)})"
        )
