"""The catalog and the naming rules against the figures of Azure's articles and of two peers' validators.

Invariant: expected values are written out here or lie in tests/data/vectors, never computed from the catalog itself.
"""

from __future__ import annotations

import dataclasses
import datetime
import ipaddress
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from tui.topology import catalog, naming
from tui.topology.catalog import GatewaySku, RangeKind, asn_problem, nearest, region, sku, special_ranges
from tui.topology.naming import NameKind, fixed_subnet_length, is_gateway_subnet, name_problem

VECTORS = Path(__file__).parents[2] / "data" / "vectors"
DATA = Path(catalog.__file__).with_name("data")
EVERY_SKU = catalog.skus()


def adopted(source: str, op: str) -> list[Any]:
    cases = json.loads((VECTORS / f"{source}.json").read_text(encoding="utf-8"))["cases"]
    found = [
        pytest.param(case["in"], case["expect"], id=case["id"])
        for case in cases
        if case["op"] == op and case["class"] == "adopt"
    ]
    assert found, f"{source} has no case of {op}"
    return found


def known(name: str, generation: int | None = None) -> GatewaySku:
    entry = sku(name, generation)
    assert entry is not None
    return entry


# What peers assert


@pytest.mark.parametrize(("given", "expect"), adopted("psrule_azure", "name_ok"))
def test_vector_name_ok(given: dict[str, Any], expect: dict[str, bool]) -> None:
    assert (name_problem(given["kind"], given["name"]) is None) is expect["ok"]


@pytest.mark.parametrize(("given", "expect"), adopted("psrule_azure", "sku_not_legacy"))
def test_vector_sku_not_legacy_is_our_production(given: dict[str, str], expect: dict[str, bool]) -> None:
    assert known(given["sku"]).production is expect["ok"]


@pytest.mark.parametrize(("given", "expect"), adopted("psrule_azure", "sku_zone_redundant"))
def test_vector_sku_zone_redundant(given: dict[str, str], expect: dict[str, bool]) -> None:
    assert known(given["sku"]).zone_redundant is expect["ok"]


@pytest.mark.parametrize(("given", "expect"), adopted("azurerm_provider", "sku_generations"))
def test_vector_sku_generations(given: dict[str, str], expect: dict[str, Any]) -> None:
    assert list(catalog.generations(given["sku"])) == expect["generations"]
    assert ("PolicyBased" in known(given["sku"]).tunnels) is expect["policy_based"]


@pytest.mark.parametrize(("given", "expect"), adopted("azurerm_provider", "is_gateway_subnet"))
def test_vector_is_gateway_subnet(given: dict[str, str], expect: dict[str, bool]) -> None:
    assert is_gateway_subnet(given["name"]) is expect["ok"]


@pytest.mark.parametrize(("given", "expect"), adopted("azurerm_provider", "azure_apipa"))
def test_vector_azure_apipa(given: dict[str, str], expect: dict[str, bool]) -> None:
    apipa = [ipaddress.ip_network(r.prefix) for r in special_ranges("explained") if "APIPA" in r.reason]
    assert len(apipa) == 2
    assert any(ipaddress.ip_address(given["ip"]) in block for block in apipa) is expect["ok"]


# Gateway SKUs

FIGURES = [
    # name, generation, tunnels, Mbit/s of all, Mbit/s of one, BGP, active-active, zones, ExpressRoute, SLA, subnet
    ("Basic", 1, {"RouteBased": 10, "PolicyBased": 1}, 100, None, False, False, False, False, 99.9, 29),
    ("VpnGw1AZ", 1, {"RouteBased": 30}, 650, 650, True, True, True, True, 99.95, 27),
    ("VpnGw2AZ", 1, {"RouteBased": 30}, 1000, 1000, True, True, True, True, 99.95, 27),
    ("VpnGw2AZ", 2, {"RouteBased": 30}, 1250, 1250, True, True, True, True, 99.95, 27),
    ("VpnGw3AZ", 1, {"RouteBased": 30}, 1250, 1250, True, True, True, True, 99.95, 27),
    ("VpnGw3AZ", 2, {"RouteBased": 30}, 2500, 1500, True, True, True, True, 99.95, 27),
    ("VpnGw4AZ", 2, {"RouteBased": 100}, 5000, 2300, True, True, True, True, 99.95, 27),
    ("VpnGw5AZ", 2, {"RouteBased": 100}, 10000, 2300, True, True, True, True, 99.95, 27),
    ("VpnGw1", 1, {"RouteBased": 30}, 650, 650, True, True, False, True, 99.95, 27),
    ("VpnGw2", 1, {"RouteBased": 30}, 1000, 1000, True, True, False, True, 99.95, 27),
    ("VpnGw2", 2, {"RouteBased": 30}, 1250, 1250, True, True, False, True, 99.95, 27),
    ("VpnGw3", 1, {"RouteBased": 30}, 1250, 1250, True, True, False, True, 99.95, 27),
    ("VpnGw3", 2, {"RouteBased": 30}, 2500, 1500, True, True, False, True, 99.95, 27),
    ("VpnGw4", 2, {"RouteBased": 100}, 5000, 2300, True, True, False, True, 99.95, 27),
    ("VpnGw5", 2, {"RouteBased": 100}, 10000, 2300, True, True, False, True, 99.95, 27),
    ("Standard", 1, {"RouteBased": 10}, 100, None, True, False, False, True, None, 29),
    ("HighPerformance", 1, {"RouteBased": 30}, 200, None, True, True, False, True, None, 29),
    ("Classic", 1, {"RouteBased": 10, "PolicyBased": 1}, 100, None, False, False, False, False, None, 29),
]


def test_skus_are_exactly_those_of_the_articles() -> None:
    found = [
        (
            entry.name,
            entry.generation,
            dict(entry.tunnels),
            entry.bandwidth_mbps,
            entry.per_tunnel_mbps,
            entry.bgp,
            entry.active_active,
            entry.zone_redundant,
            entry.expressroute_coexistence,
            entry.sla_percent,
            entry.min_gateway_subnet,
        )
        for entry in EVERY_SKU
    ]
    assert found == FIGURES


@pytest.mark.parametrize("entry", EVERY_SKU, ids=lambda entry: f"{entry.name}-{entry.generation}")
def test_every_sku_is_whole_and_of_the_right_types(entry: GatewaySku) -> None:
    types: dict[str, tuple[type, ...]] = {
        "str": (str,),
        "int": (int,),
        "bool": (bool,),
        "int | None": (int, type(None)),
        "float | None": (float, type(None)),
        "str | None": (str, type(None)),
        "datetime.date": (datetime.date,),
        "datetime.date | None": (datetime.date, type(None)),
    }
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        if str(field.type) in types:
            assert type(value) in types[str(field.type)], field.name
    assert entry.lifecycle in ("available", "retiring", "retired")
    assert set(entry.tunnels) <= {"RouteBased", "PolicyBased"}
    assert entry.per_tunnel_mbps is None or entry.per_tunnel_mbps <= entry.bandwidth_mbps
    assert entry.source
    assert not (entry.legacy and entry.production)
    assert (entry.retires is not None) is (entry.lifecycle != "available")
    assert entry.retirement or entry.lifecycle == "available"
    assert entry.creatable is (entry.lifecycle == "available")


@pytest.mark.parametrize("entry", EVERY_SKU, ids=lambda entry: f"{entry.name}-{entry.generation}")
def test_successors_exist_in_some_generation_and_can_be_had(entry: GatewaySku) -> None:
    if entry.successor is None:
        assert entry.lifecycle == "available" or entry.name == "Classic"
    else:
        assert known(entry.successor).creatable
        assert max(entry.tunnels.values()) <= max(known(entry.successor).tunnels.values())


def test_no_field_in_the_data_is_misspelt() -> None:
    data = tomllib.loads((DATA / "gateway_skus.toml").read_text(encoding="utf-8"))
    fields = {field.name for field in dataclasses.fields(GatewaySku)}
    for family, rows in data["skus"].items():
        for row in rows:
            assert set(data["families"][family]) | set(row) <= fields


def test_retirement_days() -> None:
    assert known("VpnGw1").retires == datetime.date(2026, 9, 30)
    assert known("Standard").retires == known("HighPerformance").retires == datetime.date(2026, 6, 30)
    assert known("Classic").retires == datetime.date(2024, 8, 31)
    assert known("Basic").retires is None
    assert [entry.name for entry in EVERY_SKU if entry.legacy] == ["Standard", "HighPerformance", "Classic"]
    assert not known("Basic").production
    assert not known("Classic").production


@pytest.mark.parametrize(
    ("name", "generation", "bandwidth"),
    [
        ("VpnGw2AZ", None, 1000),
        ("VpnGw2AZ", 2, 1250),
        ("VpnGw3", None, 1250),
        ("VpnGw4AZ", None, 5000),
        ("VpnGw5", None, 10000),
        ("Basic", None, 100),
    ],
)
def test_sku_without_a_generation_is_the_older_one(name: str, generation: int | None, bandwidth: int) -> None:
    assert known(name, generation).bandwidth_mbps == bandwidth


def test_sku_is_none_for_what_azure_does_not_have() -> None:
    assert sku("vpngw1az") is None
    assert sku("") is None
    assert sku("VpnGw1AZ", 2) is None
    assert sku("VpnGw4AZ", 1) is None
    assert sku("VpnGw2AZ", 3) is None
    assert catalog.generations("nonsense") == ()


def test_skus_are_immutable_and_can_be_keys() -> None:
    entry = known("Basic")
    assert {entry: 1}[known("Basic", 1)] == 1
    assert entry is known("Basic", 1)
    with pytest.raises(TypeError):
        entry.tunnels["RouteBased"] = 99  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        entry.bgp = True  # type: ignore[misc]


def test_default_sku_exists_and_names_are_unique() -> None:
    assert catalog.DEFAULT_SKU in catalog.sku_names()
    assert len(set(catalog.sku_names())) == len(catalog.sku_names()) == 14


# Regions


def test_there_are_58_production_regions_and_4_others() -> None:
    assert len(catalog.region_names()) == 58
    assert [r.name for r in catalog.regions() if not r.production] == [
        "centraluseuap",
        "eastus2euap",
        "eastusstg",
        "southcentralusstg",
    ]


def test_pairs_exist_or_are_known_to_be_unlisted() -> None:
    unlisted = {
        r.paired_region for r in catalog.regions() if r.paired_region is not None and region(r.paired_region) is None
    }
    assert unlisted == {"swedensouth"}
    assert unlisted == set(tomllib.loads((DATA / "regions.toml").read_text(encoding="utf-8"))["unlisted_pairs"])


def test_pairs_are_mutual_but_for_four() -> None:
    one_way = {
        r.name
        for r in catalog.regions()
        if r.paired_region and (pair := region(r.paired_region)) and pair.paired_region != r.name
    }
    assert one_way == {"westindia", "brazilsouth", "brazilsoutheast", "westus3"}


def test_some_regions() -> None:
    europe = region("westeurope")
    assert europe is not None
    assert (europe.display_name, europe.geography, europe.paired_region) == ("West Europe", "Europe", "northeurope")
    assert europe.zones
    assert not europe.restricted
    poland = region("polandcentral")
    assert poland is not None
    assert poland.paired_region is None
    assert sum(r.restricted for r in catalog.regions()) == 11
    assert sum(r.zones for r in catalog.regions() if r.production) == 38
    assert region("West Europe") is None


def test_a_display_name_leads_to_its_region() -> None:
    for entry in catalog.regions():
        assert catalog.canonical_region(entry.display_name) == entry.name
        assert catalog.canonical_region(entry.name.upper()) == entry.name


@pytest.mark.parametrize("text", ["West Europe", "WestEurope", "westeurope", " west-europe ", "WEST_EUROPE"])
def test_canonical_region(text: str) -> None:
    assert catalog.canonical_region(text) == "westeurope"


@pytest.mark.parametrize("text", ["", "west", "westeurop", "\N{KELVIN SIGN}oreacentral", "u\N{KELVIN SIGN}south"])
def test_canonical_region_does_not_guess(text: str) -> None:
    assert catalog.canonical_region(text) is None


# Address ranges


def test_every_range_is_canonical_and_explained() -> None:
    for entry in special_ranges():
        assert str(ipaddress.ip_network(entry.prefix)) == entry.prefix or entry.prefix == "::ffff:0:0/96"
        assert entry.reason
        assert entry.source
        assert (entry.workload is not None) is (entry.kind == "workload")
        assert entry.severity in ("error", "warning", "info", "off")
    assert len({(r.kind, r.workload, r.prefix) for r in special_ranges()}) == len(special_ranges())


def test_every_kind_and_workload_has_ranges() -> None:
    kinds: tuple[RangeKind, ...] = get_args(RangeKind)
    assert {r.kind for r in special_ranges()} == set(kinds)
    assert sum(len(special_ranges(kind)) for kind in kinds) == len(special_ranges())
    assert {r.workload for r in special_ranges("workload")} == set(catalog.WORKLOADS)


def test_refused_ranges() -> None:
    assert {r.prefix for r in special_ranges("refused")} == {
        "224.0.0.0/4",
        "255.255.255.255/32",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "168.63.129.16/32",
        "::/128",
        "::1/128",
        "fe80::/10",
        "ff00::/8",
    }, "IPv6 of the same kinds as IPv4"
    assert {r.severity for r in special_ranges("refused")} == {"error"}


def test_clash_ranges() -> None:
    assert {(r.prefix, r.severity, r.only_equal) for r in special_ranges("clash")} == {
        ("172.17.0.0/16", "warning", False),
        ("192.168.0.0/24", "warning", False),
        ("192.168.1.0/24", "warning", False),
        ("10.0.0.0/16", "info", True),
    }


def test_private_ranges_are_never_special_or_refused() -> None:
    blocked = [ipaddress.ip_network(r.prefix) for r in (*special_ranges("special"), *special_ranges("refused"))]
    for entry in special_ranges("private"):
        block = ipaddress.ip_network(entry.prefix)
        assert not any(block.version == other.version and block.overlaps(other) for other in blocked)


def test_aks_and_container_apps_refuse_the_same_four() -> None:
    for workload in ("aks", "container-apps"):
        refused = {r.prefix for r in special_ranges("workload") if r.workload == workload and r.severity == "error"}
        assert refused == {"169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"}


def test_docker_covers_its_pools() -> None:
    docker = [ipaddress.IPv4Network(r.prefix) for r in special_ranges("workload") if r.workload == "docker"]
    for second in range(17, 32):
        assert any(ipaddress.IPv4Network(f"172.{second}.0.0/16").subnet_of(pool) for pool in docker)
    assert not any(pool.overlaps(ipaddress.IPv4Network("172.16.0.0/16")) for pool in docker)


# AS numbers


@pytest.mark.parametrize(
    "asn", [1, 8073, 8076, 12075, 23455, 23457, 64495, 64512, 65010, 65514, 65516, 65521, 65534, 65552, 4294967294]
)
@pytest.mark.parametrize("gateway", [False, True])
def test_usable_asns(asn: int, gateway: bool) -> None:
    assert asn_problem(asn, gateway=gateway) is None


@pytest.mark.parametrize(
    ("asn", "why"),
    [
        (-1, "no AS number"),
        (0, "IANA"),
        (8074, "Azure"),
        (8075, "Azure"),
        (12076, "Azure"),
        (23456, "IANA"),
        (64496, "IANA"),
        (64511, "IANA"),
        (65517, "Azure"),
        (65520, "Azure"),
        (65535, "IANA"),
        (65551, "IANA"),
        (4294967295, "IANA"),
        (4294967296, "no AS number"),
    ],
)
@pytest.mark.parametrize("gateway", [False, True])
def test_reserved_asns(asn: int, why: str, gateway: bool) -> None:
    assert why in (asn_problem(asn, gateway=gateway) or "")


def test_only_a_gateway_keeps_65515() -> None:
    assert asn_problem(catalog.DEFAULT_ASN, gateway=True) is None
    assert "Azure" in (asn_problem(catalog.DEFAULT_ASN, gateway=False) or "")


# Names


@pytest.mark.parametrize(
    ("kind", "name", "why"),
    [
        ("vnet", "v", "2 to 64 characters, has 1"),
        ("subnet", "", "1 to 80 characters, has 0"),
        ("site", "-a", "begin"),
        ("peering", "a-", "end"),
        ("peering", "a b", "only"),
        ("gateway", "gw\n", "only"),
        ("connection", "zürich", "only"),
        ("gateway", "gw\N{ARABIC-INDIC DIGIT ONE}", "only"),
        ("subnet", "rg(a)", "only"),
        ("resource_group", "rg.", "end"),
        ("resource_group", "rg a", "only"),
        ("resource_group", "rg\n", "only"),
        ("resource_group", "", "1 to 90"),
        ("resource_group", "r" * 91, "1 to 90"),
    ],
)
def test_name_problem_says_why(kind: NameKind, name: str, why: str) -> None:
    assert why in (name_problem(kind, name) or "")


@pytest.mark.parametrize("name", ["rg-network", "(rg)", "_rg-", "rg.a", "rg-zürich", "r" * 90])
def test_resource_groups_are_freer(name: str) -> None:
    assert name_problem("resource_group", name) is None


def test_every_kind_of_name_has_lengths() -> None:
    assert set(naming.NAME_LENGTHS) == set(get_args(NameKind))
    for kind, (shortest, longest) in naming.NAME_LENGTHS.items():
        assert name_problem(kind, "a" * shortest) is None
        assert name_problem(kind, "a" * longest) is None
        assert name_problem(kind, "a" * (longest + 1)) is not None


def test_fixed_subnets() -> None:
    assert fixed_subnet_length("AzureBastionSubnet") == 26
    assert fixed_subnet_length("azurefirewallsubnet") == 26
    assert fixed_subnet_length("RouteServerSubnet") == 26
    assert fixed_subnet_length("GatewaySubnet") is None
    assert fixed_subnet_length("app") is None
    assert not is_gateway_subnet("Gateway\N{LATIN SMALL LETTER LONG S}ubnet")


# The rest


def test_limits() -> None:
    assert {name: limit.value for name, limit in catalog.LIMITS.items()} == {
        "vnets_per_region": 1000,
        "subnets_per_vnet": 3000,
        "peerings_per_vnet": 500,
        "prefixes_per_gateway": 600,
        "prefixes_per_device": 1000,
    }
    assert catalog.LIMITS["peerings_per_vnet"].raised == 1000
    assert all(limit.source for limit in catalog.LIMITS.values())


@pytest.mark.parametrize("table", get_args(catalog.Table))
def test_every_table_has_a_date_and_sources(table: catalog.Table) -> None:
    origin = catalog.provenance(table)
    assert origin.as_of >= datetime.date(2026, 3, 1)
    assert origin.sources
    assert all(origin.sources)


def test_nearest() -> None:
    assert nearest("vpngw1az", catalog.sku_names()) == "VpnGw1AZ"
    assert nearest("VpnGw1A", catalog.sku_names()) in ("VpnGw1", "VpnGw1AZ")
    assert nearest("highperformence", catalog.sku_names()) == "HighPerformance"
    assert nearest("westeruope", catalog.region_names()) == "westeurope"
    assert nearest("eastus22", catalog.region_names()) == "eastus2"
    assert nearest("zzz", catalog.region_names()) is None
    assert nearest("", ["a"]) is None
    assert nearest("a", []) is None


def test_importing_reads_nothing() -> None:
    script = (
        "import sys, tui.topology.catalog as c; "
        "sys.exit(c._table.cache_info().currsize or not sys.modules.keys().isdisjoint({'difflib', 'tomllib'}))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
