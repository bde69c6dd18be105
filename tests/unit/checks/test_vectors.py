"""Cases of shared vectors that concern topologies: those printed in Microsoft's documentation, and peers' bug reports.

Owns which are run as what. A case is ok when the rules that it is about find no error. Where the issue's table and a
case disagree the table wins, and the case stands in LEFT_OUT.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.checks import TODAY
from tui.checks.engine import check
from tui.checks.rule import Finding
from tui.topology.model import Topology

VECTORS = Path(__file__).parents[2] / "data" / "vectors"
FILES = ("azure_docs_topologies.json", "issue_regressions.json")

TABLE_WINS = "SUB005: below /27 is a warning on every SKU, for Microsoft's FAQ only recommends it"
PREFIXES = "about prefixes alone: tests/unit/topology"
PLANNER = "the planner's: first fit and hierarchies are not part of the checks"

LEFT_OUT = {
    "gws-size-VpnGw1-29": TABLE_WINS,
    "gws-size-VpnGw1-28": TABLE_WINS,
    "nat-example-mapped": "NAT rules are not modelled: an overlap is an overlap",
    "doc-typo-five-octets": PREFIXES,
    "high-half": PREFIXES,
    "phpipam-1741": PLANNER,
    "phpipam-3115": PLANNER,
}


def cases() -> dict[str, dict[str, Any]]:
    """Every case of the files, by its id."""
    return {one["id"]: one for file in FILES for one in json.loads((VECTORS / file).read_text("utf-8"))["cases"]}


def drawn(given: Mapping[str, Any]) -> dict[str, Any]:
    """The VNets, sites and tunnels of `topology_ok`."""
    ends = [end for tunnel in given["tunnels"] for end in tunnel]
    vnets = {
        one["name"]: {"address_space": one["space"], "subnets": one["subnets"], "gateway": {"sku": "VpnGw2AZ"}}
        for one in given["vnets"]
    }
    for vnet in vnets.values():
        vnet["subnets"] = {"GatewaySubnet": []} | vnet["subnets"]
    sites = {
        one["name"]: {"address_space": one["prefixes"], "vpn_device": "203.0.113.1"} for one in given.get("sites", ())
    }
    assert set(ends) <= vnets.keys() | sites.keys()
    links = {f"c{number}": {"between": tunnel} for number, tunnel in enumerate(given["tunnels"])}
    return {"vnets": vnets, "sites": sites, "connections": links}


def subnetted(given: Mapping[str, Any]) -> dict[str, Any]:
    """The one VNet of `validate_vnet`."""
    subnets = {f"subnet{number}": prefix for number, prefix in enumerate(given["subnets"])}
    return {"vnets": {"v": {"address_space": given["address_space"], "subnets": subnets}}}


def gateway_subnet(given: Mapping[str, Any]) -> dict[str, Any]:
    """The gateway of `gateway_subnet_size`."""
    subnets = {"GatewaySubnet": f"10.1.0.0/{given['length']}"}
    return {"vnets": {"v": {"address_space": ["10.1.0.0/16"], "subnets": subnets, "gateway": {"sku": given["sku"]}}}}


def several_prefixes(given: Mapping[str, Any]) -> dict[str, Any]:
    """The VNet of `subnet_prefixes_ok`."""
    return {"vnets": {"v": {"address_space": given["space"], "subnets": given["subnets"]}}}


def devices(given: Mapping[str, Any]) -> dict[str, Any]:
    """The site of `same_site_devices`, connected to a gateway."""
    ends = {name: {"address": "203.0.113.1", "asn": 64900} for name in given["devices"]}
    return {
        "vnets": {"hub": {"address_space": ["10.1.0.0/16"], "gateway": {"sku": "VpnGw1AZ"}}},
        "sites": {given["site"]: {"address_space": given["prefixes"], "devices": ends}},
        "connections": {"c": {"between": ["hub", given["site"]], "bgp": given["bgp"]}},
    }


def side_by_side(given: Mapping[str, Any]) -> dict[str, Any]:
    """The prefixes of `overlap_pairs` and `overlapping_with`, peered each with each."""
    spaces = given["cidrs"] if "cidrs" in given else [given["cidr"], *given["against"]]
    pairs = itertools.combinations(spaces, 2)
    return {
        "vnets": {cidr: {"address_space": [cidr]} for cidr in spaces},
        "peerings": {f"p{number}": {"between": pair} for number, pair in enumerate(pairs)},
    }


OPS: dict[str, tuple[Callable[[Mapping[str, Any]], dict[str, Any]], str]] = {
    "topology_ok": (drawn, "REF ADR SUB GWY CON"),
    "validate_vnet": (subnetted, "ADR SUB"),
    "gateway_subnet_size": (gateway_subnet, "SUB GWY"),
    "subnet_prefixes_ok": (several_prefixes, "ADR SUB"),
    "same_site_devices": (devices, "REF ADR CON GWY"),
    "overlap_pairs": (side_by_side, "ADR"),
    "overlapping_with": (side_by_side, "ADR"),
}
"""How each operation becomes a topology, and the families of rules that it is about."""

RUN = [name for name in cases() if name not in LEFT_OUT]


def errors(one: Mapping[str, Any]) -> Iterator[Finding]:
    """The errors of the rules that the case is about."""
    build, families = OPS[one["op"]]
    for finding in check(Topology.model_validate(build(one["in"])), TODAY):
        if finding.severity == "error" and finding.code[:3] in families.split():
            yield finding


def test_what_is_left_out_exists_and_has_a_reason() -> None:
    assert LEFT_OUT.keys() <= cases().keys()
    assert all(LEFT_OUT.values())
    assert all(cases()[name]["op"] in OPS for name in RUN)
    assert len(RUN) == 20


@pytest.mark.parametrize("name", RUN)
def test_case(name: str) -> None:
    one = cases()[name]
    expect = one["expect"]
    found = list(errors(one))
    conflicts = expect.get("pairs", [])
    if "hits" in expect:
        conflicts = [[one["in"]["cidr"], hit] for hit in expect["hits"]]
    if "conflict" in expect:
        conflicts = [expect["conflict"]]
    ok = expect["ok"] if "ok" in expect else not (conflicts or expect["issues"])
    assert (not found) is ok, [finding.message for finding in found]
    if conflicts:
        overlaps = [finding for finding in found if finding.code == "ADR001"]
        assert [[path[1] for path in finding.where] for finding in overlaps] == conflicts


@pytest.mark.parametrize("name", [name for name, why in LEFT_OUT.items() if why == TABLE_WINS])
def test_where_the_table_wins_a_small_gateway_subnet_is_a_warning(name: str) -> None:
    one = cases()[name]
    build, _ = OPS[one["op"]]
    found = check(Topology.model_validate(build(one["in"])), TODAY)
    assert [finding.severity for finding in found if finding.code == "SUB005"] == ["warning"]


def test_two_devices_of_one_site_take_two_tunnels_and_do_not_overlap() -> None:
    found = check(Topology.model_validate(devices(cases()["same-site-two-devices"]["in"])), TODAY)
    assert not [finding for finding in found if finding.code in ("ADR001", "ADR002", "CON004", "REF003")]


def test_the_raw_nat_example_is_three_overlaps() -> None:
    found = [finding for finding in errors(cases()["nat-example-raw"]) if finding.code == "ADR001"]
    assert [[path[1] for path in finding.where] for finding in found] == [
        ["VNet", "Branch1"],
        ["VNet", "Branch2"],
        ["Branch1", "Branch2"],
    ]
