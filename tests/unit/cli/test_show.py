"""`show`: the tables, and their JSON contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli import CLEAN, run, written
from tui.cli.show import usable_ipv4_addresses
from tui.topology.model import Subnet
from tui.topology.prefix import Prefix

PLAN = """\
schema = 1

[subscriptions.prod]
name = "Contoso Production"
id = "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10"

[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.64.0.0/16", "fd00::/48"]
azure_name = "vnet-hub"
state = "deployed"

[vnets.hub.subnets]
GatewaySubnet = "10.64.0.0/27"
app = ["10.64.1.0/24", "fd00::/64"]

[vnets.hub.gateway]
sku = "VpnGw1AZ"
tunnel_budget = 20
active_active = true

[vnets.app]

[sites.dublin]
address_space = ["192.168.10.0/24"]
advertises = ["10.0.0.0/8"]
asn = 64900

[sites.dublin.devices]
fw1 = "203.0.113.20"
fw2 = { asn = 64901 }

[connections.hub-to-dublin]
between = ["hub", "dublin"]
bandwidth_mbps = 100
bgp = true

[connections.line]
between = ["app", "dublin"]
kind = "expressroute"
bandwidth_mbps = 2.5

[peerings.hub-to-app]
between = ["hub", "app"]
"""

SECTIONS: dict[str, list[dict[str, Any]]] = {
    "subscriptions": [
        {
            "subscription": "prod",
            "name": "Contoso Production",
            "id": "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10",
            "cloud": "public",
            "vnets": 1,
        }
    ],
    "vnets": [
        {
            "vnet": "hub",
            "subscription": "prod",
            "region": "westeurope",
            "address_space": ["10.64.0.0/16", "fd00::/48"],
            "state": "deployed",
            "subnets": 2,
            "gateway": True,
            "azure_name": "vnet-hub",
        },
        {
            "vnet": "app",
            "subscription": None,
            "region": None,
            "address_space": [],
            "state": "planned",
            "subnets": 0,
            "gateway": False,
            "azure_name": "app",
        },
    ],
    "subnets": [
        {"vnet": "hub", "subnet": "GatewaySubnet", "prefixes": ["10.64.0.0/27"], "usable_addresses": 27},
        {"vnet": "hub", "subnet": "app", "prefixes": ["10.64.1.0/24", "fd00::/64"], "usable_addresses": 251},
    ],
    "gateways": [
        {
            "vnet": "hub",
            "sku": "VpnGw1AZ",
            "vpn_type": "RouteBased",
            "tunnels_used": 2,
            "tunnels_limit": 20,
            "tunnels_left": 18,
            "bandwidth_used_mbps": 100,
            "bandwidth_limit_mbps": 650,
            "sla_percent": 99.95,
            "connections": ["hub-to-dublin"],
        }
    ],
    "sites": [
        {
            "site": "dublin",
            "address_space": ["192.168.10.0/24"],
            "advertises": ["10.0.0.0/8"],
            "devices": ["203.0.113.20", "fw2"],
            "asn": 64900,
            "azure_name": "dublin",
        }
    ],
    "connections": [
        {
            "connection": "hub-to-dublin",
            "between": ["hub", "dublin"],
            "kind": "site-to-site",
            "bgp": True,
            "tunnels": 2,
            "bandwidth_mbps": 100,
        },
        {
            "connection": "line",
            "between": ["app", "dublin"],
            "kind": "expressroute",
            "bgp": False,
            "tunnels": 0,
            "bandwidth_mbps": 2.5,
        },
        {
            "connection": "hub-to-app",
            "between": ["hub", "app"],
            "kind": "peering",
            "bgp": False,
            "tunnels": 0,
            "bandwidth_mbps": None,
        },
    ],
}


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return written(tmp_path, PLAN)


@pytest.mark.parametrize("section", SECTIONS)
def test_json_of_a_section_is_a_list_of_its_rows(plan: str, section: str) -> None:
    ran = run("show", plan, section, "--format", "json")
    assert ran.json == SECTIONS[section]
    assert [list(row) for row in ran.json] == [list(row) for row in SECTIONS[section]]
    assert (ran.status, ran.err) == (0, "")


def test_json_of_all_sections_is_one_document(plan: str) -> None:
    assert run("show", plan, "--format", "json").json == SECTIONS
    assert list(run("show", plan, "--format", "json").json) == list(SECTIONS)


def test_json_of_an_empty_file_has_empty_lists(tmp_path: Path) -> None:
    assert run("show", written(tmp_path, "schema = 1"), "--format", "json").json == {name: [] for name in SECTIONS}


def test_a_table_has_aligned_columns_with_figures_at_the_right(plan: str) -> None:
    assert run("show", plan, "subnets").out.splitlines() == [
        "VNET  SUBNET         PREFIXES                 USABLE ADDRESSES",
        "hub   GatewaySubnet  10.64.0.0/27                           27",
        "hub   app            10.64.1.0/24, fd00::/64               251",
    ]


def test_what_is_not_there_is_a_dash(plan: str) -> None:
    *_, app = run("show", plan, "vnets").out.splitlines()
    assert app.split() == ["app", "–", "–", "–", "planned", "0", "no"]


def test_below_the_gateways_stands_what_is_not_azures_own(plan: str) -> None:
    header, row, *notes = run("show", plan, "gateways").out.splitlines()
    assert " ".join(header.split()) == (
        "VNET SKU VPN TYPE TUNNELS USED TUNNELS LIMIT TUNNELS LEFT "
        "BANDWIDTH USED MBPS BANDWIDTH LIMIT MBPS SLA PERCENT CONNECTIONS"
    )
    assert row.split()[:6] == ["hub", "VpnGw1AZ", "RouteBased", "2", "20", "18"]
    assert notes[0] == "hub: tunnels: tunnel_budget of this gateway"
    assert notes[1].startswith("hub: 4 IPsec tunnels; ")


def test_all_sections_stand_one_below_the_other_with_their_number(plan: str) -> None:
    lines = run("show", plan).out.splitlines()
    titles = [f"{name} ({len(rows)})" for name, rows in SECTIONS.items()]
    assert [line for line in lines if line in titles] == titles


def test_an_empty_section_prints_nothing(tmp_path: Path) -> None:
    ran = run("show", written(tmp_path, "schema = 1"), "gateways")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_a_gateway_of_unknown_sku_is_shown_without_figures(tmp_path: Path) -> None:
    path = written(tmp_path, 'schema = 1\n[vnets.a.gateway]\nsku = "Huge"\n[vnets.b.gateway]\n')
    unknown, none = run("show", path, "gateways", "--format", "json").json
    assert (unknown["sku"], unknown["tunnels_limit"], unknown["tunnels_left"]) == ("Huge", None, None)
    assert (none["sku"], none["tunnels_limit"], none["tunnels_left"]) == ("Basic", 10, 10)


def test_usable_addresses_are_those_that_azure_leaves() -> None:
    def subnet(*texts: str) -> Subnet:
        return Subnet(prefixes=tuple(map(Prefix.parse, texts)))

    assert usable_ipv4_addresses(subnet("10.0.0.0/29")) == 3
    assert usable_ipv4_addresses(subnet("10.0.0.0/29", "10.1.0.0/24")) == 254
    assert usable_ipv4_addresses(subnet("10.0.0.0/31")) == 0
    assert usable_ipv4_addresses(subnet("fd00::/64")) == 0


def test_a_section_that_does_not_exist_is_refused(plan: str) -> None:
    ran = run("show", plan, "gatways")
    assert (ran.status, ran.out) == (2, "")
    assert "'gatways'" in ran.err


def test_a_file_that_does_not_load_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "schema = 1\nname = 5\n")
    for form in ("text", "json"):
        ran = run("show", path, "--format", form)
        assert (ran.status, bool(ran.out)) == (2, form == "json")
        assert f"{path}:2:1: error: name is 5" in ran.err
    assert run("show", str(tmp_path / "none")).status == 2


def test_a_dash_is_standard_input() -> None:
    ran = run("show", "-", "vnets", "--format", "json", stdin=CLEAN.encode())
    assert [row["vnet"] for row in ran.json] == ["hub"]
