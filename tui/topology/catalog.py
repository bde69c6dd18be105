"""What Azure offers and reserves: gateway SKUs, regions, limits, address ranges and AS numbers.

Invariant: every fact has a source and a date, lies in `data/*.toml` or a constant of this module, and never changes
while the program runs. A table is read when it is first asked for, so that a command pays only for what it uses; that
reading of packaged data is the only input of this package. Each entry is made once, so entries compare by identity.
Sources are named by the title of the public article.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

Severity = Literal["error", "warning", "info", "off"]
RangeKind = Literal["refused", "private", "special", "clash", "workload", "explained"]
Workload = Literal["aks", "container-apps", "docker"]
Table = Literal["gateway_skus", "regions", "ranges"]
LimitName = Literal[
    "vnets_per_region", "subnets_per_vnet", "peerings_per_vnet", "prefixes_per_gateway", "prefixes_per_device"
]

DEFAULT_SKU: Final = "Basic"
"""What a gateway without a SKU is counted as: the smallest tunnel budget, so that a plan is never too hopeful."""

DEFAULT_ASN: Final = 65515
"""The AS number that Azure gives every gateway (Microsoft Learn, "About BGP and VPN Gateway")."""

WORKLOADS: Final[tuple[Workload, ...]] = ("aks", "container-apps", "docker")


class Provenance(NamedTuple):
    """Where a table comes from: the day its facts stood so, and what was read."""

    as_of: datetime.date
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GatewaySku:
    """One size of VPN gateway in one generation (Microsoft Learn, "About gateway SKUs").

    `Classic` is the gateway of the classic deployment model, whose dynamic and static routing are `RouteBased` and
    `PolicyBased`. `legacy` says that the SKU is of the time before VpnGw; `production` that Microsoft means it for
    production, which excludes Basic as well as everything legacy.
    """

    name: str
    generation: int
    tunnels: Mapping[str, int]
    """Site-to-site and VNet-to-VNet connections together, by `vpn_type`; a type that is missing does not exist."""
    bandwidth_mbps: int
    """Benchmark of all tunnels together, in Mbit/s; Microsoft does not guarantee it."""
    per_tunnel_mbps: int | None = None
    """Measured for one tunnel with GCMAES256, in Mbit/s, never above `bandwidth_mbps`; None where not published."""
    bgp: bool
    active_active: bool
    zone_redundant: bool
    expressroute_coexistence: bool
    sla_percent: float | None = None
    """Uptime in percent; None where no figure was found. From a secondary source, see `provenance`."""
    lifecycle: Literal["available", "retiring", "retired"]
    creatable: bool
    """Whether Azure still lets a new gateway have it."""
    retirement: str = ""
    """What Microsoft has said about its end, in words."""
    retires: datetime.date | None = None
    """The latest day given for its end, so that nothing is called retired too early; None where there is none."""
    successor: str | None = None
    """The SKU that takes its place; None where none is named."""
    legacy: bool
    production: bool
    min_gateway_subnet: int
    """The longest prefix length that the GatewaySubnet may have: 27 means /27 or shorter."""
    source: str
    as_of: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """A region of the public Azure cloud; the national clouds are not in the catalog.

    `paired_region` may name a region that has another pair, or one that is in no list (swedensouth). `zones`: it has
    availability zones. `restricted`: not every subscription may deploy there. `production` is False for the canary
    and staging regions of Microsoft. Source and date: `provenance("regions")`.
    """

    name: str
    display_name: str
    geography: str
    paired_region: str | None = None
    zones: bool = False
    restricted: bool = False
    production: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpecialRange:
    """An address range with a meaning of its own, as text in CIDR notation.

    `reason` is a noun phrase for what it is. `severity` is what overlapping it amounts to by default. `workload` says
    whose range it is, for the kind "workload". `only_equal`: reported for exactly this prefix, not for any overlap.
    """

    prefix: str
    kind: RangeKind
    reason: str
    severity: Severity
    source: str
    workload: Workload | None = None
    only_equal: bool = False


class Limit(NamedTuple):
    """How many of a thing Azure allows; `raised` is the higher figure that `raised_by` gives, where there is one."""

    value: int
    what: str
    source: str
    raised: int | None = None
    raised_by: str = ""


_NETWORKING_LIMITS: Final = "Microsoft Learn, Azure subscription and service limits: networking (16 October 2025)"
_GATEWAY_LIMITS: Final = "Microsoft Learn, Azure subscription and service limits: VPN Gateway (2026)"

LIMITS: Final[Mapping[LimitName, Limit]] = MappingProxyType(
    {
        "vnets_per_region": Limit(value=1000, what="VNets of a subscription in one region", source=_NETWORKING_LIMITS),
        "subnets_per_vnet": Limit(value=3000, what="subnets in one VNet", source=_NETWORKING_LIMITS),
        "peerings_per_vnet": Limit(
            value=500,
            what="peerings of one VNet",
            source="Microsoft Learn, Azure Virtual Network peering (16 July 2025)",
            raised=1000,
            raised_by="Azure Virtual Network Manager",
        ),
        "prefixes_per_gateway": Limit(
            value=600, what="VNet address prefixes of one VPN gateway", source=_GATEWAY_LIMITS
        ),
        "prefixes_per_device": Limit(value=1000, what="prefixes of one local network gateway", source=_GATEWAY_LIMITS),
    }
)


@cache
def _table(name: Table) -> dict[str, Any]:
    import tomllib  # a command that asks for no table does not pay for it

    # Not pathlib or importlib.resources: importing either costs more than reading all tables.
    with open(f"{__file__.rpartition('catalog')[0]}data/{name}.toml", "rb") as file:
        return tomllib.load(file)


def provenance(table: Table) -> Provenance:
    """Where a table comes from, and the day its facts stood so."""
    data = _table(table)
    return Provenance(as_of=data["as_of"], sources=tuple(data["sources"]))


# Gateway SKUs


@cache
def _skus() -> Mapping[str, Mapping[int, GatewaySku]]:
    data = _table("gateway_skus")
    found: dict[str, dict[int, GatewaySku]] = {}
    for family, rows in data["skus"].items():
        for row in rows:
            fields = {"as_of": data["as_of"]} | data["families"][family] | row
            fields["tunnels"] = MappingProxyType(fields["tunnels"])
            if "per_tunnel_mbps" in fields:
                # Published from different tests: one tunnel of a VpnGw2 was measured at more than all together.
                fields["per_tunnel_mbps"] = min(fields["per_tunnel_mbps"], fields["bandwidth_mbps"])
            entry = GatewaySku(**fields)
            found.setdefault(entry.name, {})[entry.generation] = entry
    return found


def sku(name: str, generation: int | None = None) -> GatewaySku | None:
    """The SKU of exactly this name; without a generation the older of those it has, which is Azure's default.

    None where there is no such name, or not in this generation. A word that is nearly right: `nearest`.
    """
    by_generation = _skus().get(name)
    if by_generation is None:
        return None
    return by_generation.get(min(by_generation) if generation is None else generation)


def skus() -> tuple[GatewaySku, ...]:
    """Every SKU in every generation, those first that one would take today."""
    return tuple(entry for by_generation in _skus().values() for entry in by_generation.values())


def sku_names() -> tuple[str, ...]:
    """The names of all SKUs, those first that one would take today."""
    return tuple(_skus())


def generations(name: str) -> tuple[int, ...]:
    """The generations in which a SKU exists, ascending; empty where the name is unknown."""
    return tuple(sorted(_skus().get(name, ())))


# Regions


@cache
def _regions() -> Mapping[str, Region]:
    data = _table("regions")
    entries = [
        Region(name=name, production=group == "production", **row)
        for group in ("production", "other")
        for name, row in data[group].items()
    ]
    return {entry.name: entry for entry in entries}


def region(name: str) -> Region | None:
    """The region of exactly this name (`westeurope`), those of Microsoft's own use included."""
    return _regions().get(name)


def regions() -> tuple[Region, ...]:
    """All regions by name: first those for production, then those of Microsoft's own use."""
    return tuple(_regions().values())


def region_names() -> tuple[str, ...]:
    """The names that one may be offered: production regions only."""
    return tuple(entry.name for entry in _regions().values() if entry.production)


def canonical_region(text: str) -> str | None:
    """The name of the region that `text` means, written as Azure's portal or tools do: `West Europe`, `WestEurope`.

    None where it means none; a typing error is for `nearest`.
    """
    name = text.replace(" ", "").replace("-", "").replace("_", "").lower()
    return name if text.isascii() and name in _regions() else None


def region_key(text: str) -> str:
    """What is the same for all ways to write one region; a word that means no region of Azure is itself, folded."""
    return canonical_region(text) or text.casefold()


def same_region(one: str | None, other: str | None) -> bool:
    """True if both are the same region, however they are written."""
    return one is not None and other is not None and region_key(one) == region_key(other)


def region_name(text: str) -> str:
    """A region as Azure's tools name it, or as it is written where it is none that is known."""
    return canonical_region(text) or text


# Address ranges


@cache
def _ranges() -> tuple[SpecialRange, ...]:
    return tuple(
        SpecialRange(**({key: value for key, value in group.items() if key != "ranges"} | row))
        for group in _table("ranges")["groups"]
        for row in group["ranges"]
    )


@cache
def special_ranges(kind: RangeKind | None = None) -> tuple[SpecialRange, ...]:
    """The ranges of one kind, or all. Ranges of different kinds overlap each other on purpose."""
    return _ranges() if kind is None else tuple(entry for entry in _ranges() if entry.kind == kind)


LARGEST_ASN: Final = 4294967295
_AZURE_ASNS: Final = frozenset({8074, 8075, 12076, DEFAULT_ASN, 65517, 65518, 65519, 65520})
_IANA_ASNS: Final = ((0, 0), (23456, 23456), (64496, 64511), (65535, 65551), (LARGEST_ASN, LARGEST_ASN))


def asn_problem(asn: int, *, gateway: bool) -> str | None:
    """Why a network may not have this AS number, as the rest of a sentence; None where it may.

    `gateway`: it is a VNet's gateway, which may keep Azure's default of 65515; a site's device may not have it.
    Microsoft Learn, "VPN Gateway FAQ", section on BGP; IANA, Special-Purpose AS Numbers.
    """
    if not 0 <= asn <= LARGEST_ASN:
        return f"is no AS number: those run from 1 to {LARGEST_ASN}"
    if asn == DEFAULT_ASN:
        return None if gateway else "is reserved by Azure for its gateways"
    if asn in _AZURE_ASNS:
        return "is reserved by Azure"
    if any(first <= asn <= last for first, last in _IANA_ASNS):
        return "is reserved by IANA"
    return None


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` was most likely meant to be, whatever its case; None where none is near."""
    from difflib import get_close_matches  # only a finding needs it

    folded: dict[str, str] = {}
    for candidate in words:
        folded.setdefault(candidate.casefold(), candidate)
    close = get_close_matches(word.casefold(), folded, n=1)
    return folded[close[0]] if close else None
