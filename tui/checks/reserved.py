"""ADR004, ADR005, ADR006: ranges that Azure refuses, that belong to others, or that are known to clash.

Invariant: the ranges and their reasons are the catalogue's; nothing is listed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tui.checks.rule import Day, Found, Severity, rule
from tui.topology import catalog
from tui.topology.derived import PLANNING, SITES
from tui.topology.intervals import PrefixIndex, Stretches
from tui.topology.model import Planning, Topology, VNet
from tui.topology.parts import Path
from tui.topology.prefix import Prefix

_FAQ = "Microsoft: Virtual network FAQ (address ranges)"


@cache
def _special(version: int, kinds: tuple[catalog.RangeKind, ...]) -> tuple[tuple[Prefix, catalog.SpecialRange], ...]:
    """The ranges of one family: a file without IPv6 should not pay for what parses it."""
    known = (one for kind in kinds for one in catalog.special_ranges(kind))
    return tuple((Prefix.parse(one.prefix), one) for one in known if (":" in one.prefix) == (version == 6))


@cache
def _ranges(version: int, *kinds: catalog.RangeKind) -> PrefixIndex[catalog.SpecialRange]:
    return PrefixIndex(_special(version, kinds))


@cache
def _stretches(version: int, *kinds: catalog.RangeKind) -> Stretches:
    return Stretches(prefix for prefix, _ in _special(version, kinds))


ADR004 = rule(
    "ADR004",
    "error",
    "a VNet uses a range that Azure refuses",
    why="Multicast, broadcast, loopback, link-local and Azure's own 168.63.129.16 cannot be added to a VNet.",
    source=_FAQ,
    help="use another range, from RFC 1918 for instance",
)


@ADR004.in_vnet
def refused(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Prefixes that hold refused addresses."""
    for prefix in vnet.address_space:
        for block, reason in (
            _ranges(prefix.version, "refused").overlapping(prefix)
            if _stretches(prefix.version, "refused").touch(prefix)
            else ()
        ):
            what = "is" if block == prefix else "lies in" if block.contains(prefix) else "contains"
            text = f"{prefix} of {name} {what} {block}, which Azure refuses: {reason.reason}"
            yield Found((("vnets", name),), text)


ADR005 = rule(
    "ADR005",
    "warning",
    "a VNet uses public address space",
    why="Public addresses that belong to somebody else become unreachable from the VNet; Azure advises ranges of "
    "RFC 1918 or RFC 6598.",
    source="Microsoft: Cloud Adoption Framework, Plan for IP addressing; Virtual network FAQ",
    help="use private space; if the range is your own, name it in planning.own_public",
)


@ADR005.in_vnet
def public(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """Prefixes that are not wholly private, special or one's own."""
    for prefix in vnet.address_space:
        if _stretches(prefix.version, "private", "special", "refused").cover(prefix):
            continue
        if Stretches(planning.own_public).cover(prefix):
            continue
        yield Found((("vnets", name),), f"{prefix} of {name} is public address space")


ADR006 = rule(
    "ADR006",
    "warning",
    "a range that is known to clash, or that is to be avoided",
    why="Some ranges are defaults of Docker, home routers, Kubernetes or Azure's own tools: they turn up again where "
    "one wants to connect to later.",
    source="Docker: default address pools; OpenVPN: Numbering private subnets; Microsoft: AKS and Container Apps "
    "networking",
    help="choose another range while it is still easy",
)


@ADR006.in_vnet
def clashing_vnet(name: str, vnet: VNet, planning: Planning) -> Iterator[Found]:
    """A VNet's prefixes within ranges known to clash, or over ranges to be avoided."""
    return _clashes(("vnets", name), vnet.address_space, planning)


@ADR006.reading(SITES, PLANNING)
def clashing_site(topology: Topology, day: Day) -> Iterator[Found]:
    """A site's prefixes within ranges known to clash, or over ranges to be avoided."""
    for name, site in topology.sites.items():
        yield from _clashes(("sites", name), site.address_space, topology.planning)


def _clashes(path: Path, prefixes: tuple[Prefix, ...], planning: Planning) -> Iterator[Found]:
    for prefix in prefixes:
        if _stretches(prefix.version, "clash", "workload").touch(prefix):
            yield from _known_clash(path, prefix, planning)
        for avoided, reason in planning.avoided() if planning.avoid else ():
            if avoided.overlaps(prefix):
                text = f"{prefix} of {path[1]} overlaps {avoided}, which planning.avoid keeps clear: {reason}"
                yield Found((path,), text, subject=str(avoided))


def _known_clash(path: Path, prefix: Prefix, planning: Planning) -> Iterator[Found]:
    """The gravest clash of one prefix; where several ranges are as grave, the widest."""
    clashes = [
        (block, known)
        for block, known in _ranges(prefix.version, "clash", "workload").overlapping(prefix)
        if known.workload is None or known.workload in planning.workloads
        if block == prefix or (block.contains(prefix) and not known.only_equal)
    ]
    if clashes:
        block, known = min(clashes, key=lambda clash: clash[1].severity == "info")
        what = "is" if block == prefix else f"lies within {block},"
        severity: Severity = "info" if known.severity == "info" else "warning"
        yield Found((path,), f"{prefix} of {path[1]} {what} {known.reason}", severity, subject=str(block))
