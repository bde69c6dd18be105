"""Real answers of Azure: every file is read, with the figures that were verified by eye.

The files are other people's and not part of this project: their folder is named by VNET_TUI_REAL.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tui.exchange.azure_json import read
from tui.exchange.decoding import decoded
from tui.exchange.found import Found
from tui.exchange.recognition import recognised

REAL = Path(os.environ.get("VNET_TUI_REAL", "/nowhere"))
pytestmark = pytest.mark.skipif("VNET_TUI_REAL" not in os.environ, reason="VNET_TUI_REAL does not name the folder")

ARM = {"144_put_dep", "206_put_dep", "390_put_dep", "400_put_dep", "005_exportT"}
"""By the beginning of their names: deployments and templates, which another reader takes."""


def found(path: str) -> Found:
    (file,) = REAL.glob(path)
    return read(decoded(file.name, file.read_bytes()))


def figures(path: str) -> list[str]:
    """What a file tells, in short."""
    it = found(path)
    told = [notice.kind for notice in it.notices]
    vnets = []
    for one in it.vnets:
        subnets = [f"{subnet.name} {_list(subnet.prefixes)}" for subnet in one.subnets]
        vnets.append(f"vnet {one.identity.name} {one.region} {_list(one.prefixes)} {subnets}")
    gateways = [
        f"gateway {one.identity.name} {one.vnet.name} {one.sku} {one.generation} {one.asn} {one.active_active}"
        for one in it.gateways
        if one.vnet is not None
    ]
    local_gateways = [
        f"local {one.identity.name} {_list(one.prefixes)} {one.address} {one.asn} {one.bgp_peer}"
        for one in it.local_gateways
    ]
    connections = [
        f"{one.kind} {one.identity.name} {one.gateway.name}-{one.other.name} {one.bgp} {one.routing_weight}"
        for one in it.connections
    ]
    peerings = [
        f"peering {one.vnet.name}-{one.remote.name} {one.state} {one.allows_gateway_transit} {one.uses_remote_gateways}"
        for one in it.peerings
    ]
    return [*vnets, *gateways, *local_gateways, *connections, *peerings, *told]


def _list(prefixes: tuple[object, ...]) -> str:
    return ",".join(map(str, prefixes))


def test_every_answer_is_recognised_and_read() -> None:
    files = sorted(file for folder in ("azure-rest", "azure-resourcegraph") for file in (REAL / folder).rglob("*.json"))
    assert len(files) == 58
    (answer,) = REAL.glob("azure-rest/*/196_get_vpn-connection-sharedkey_*")
    key = json.loads(answer.read_text())["value"]
    for file in files:
        source = decoded(file.name, file.read_bytes())
        wanted = "arm" if file.name[:11] in ARM else "azure-json"
        assert recognised(source) == wanted, file
        assert key not in repr(read(source)), file


GW = "azure-rest/vpn_gateway/{}_*"
XP = "azure-rest/active_active_cross_premise_connection/{}_*"
PE = "azure-rest/vnet_peering/{}_*"
SPEC = "azure-rest/azure-rest-api-specs/*.{}.json"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (XP.format("003"), ["vnet vnet1 westus 10.11.0.0/16,10.12.0.0/16 ['GatewaySubnet 10.12.255.0/27']"]),
        (XP.format("013"), ["not understood"]),
        (XP.format("137"), ["gateway gw1 vnet1 HighPerformance 1 65010 True"]),
        (XP.format("139"), ["gateway gw1 vnet1 HighPerformance 1 65010 False"]),
        (XP.format("140"), ["not understood"]),
        (XP.format("142"), ["local lgw2 10.52.255.253/32 131.107.72.22 65050 10.52.255.253"]),
        (XP.format("196"), ["secret"]),
        (XP.format("197"), ["IPsec Vnet1toSite5_1 gw1-lgw2 True 10", "secret"]),
        (XP.format("200"), ["secret"]),
        (XP.format("204"), ["local lgw3 10.52.255.254/32 131.107.72.23 65050 10.52.255.254"]),
        ("azure-rest/local_gateway/003_*", ["local lgw1  10.1.1.1 None None"]),
        ("azure-rest/local_gateway/013_*",
         ["local lgw1  10.1.1.1 None None", "local lgw2 10.0.1.0/24 10.1.1.2 None None"]),
        ("azure-rest/local_gateway/016_*", ["local lgw2 10.0.1.0/24 10.1.1.2 None None"]),
        ("azure-rest/vnet_ids_query/009_*", ["vnet vnet1 westus 10.0.0.0/16 []", "vnet vnet2 westus 10.0.0.0/16 []"]),
        (PE.format("175"), ["vnet vnet2 westus 11.0.0.0/16 ['GatewaySubnet 11.0.0.0/24']"]),
        (PE.format("173"), ["gateway gateway1 vnet2 Basic 1 65515 False"]),
        (PE.format("178"), ["peering vnet2-vnet1 Initiated True False"]),
        (PE.format("182"), ["peering vnet1-vnet2 Connected False True"]),
        (PE.format("184"), ["peering vnet2-vnet1 Connected True False"]),
        (PE.format("191"), []),
        (GW.format("015"), ["vnet myvnet1 westus 10.0.0.0/16 ['GatewaySubnet 10.0.0.0/24']"]),
        (GW.format("031"), ["gateway gateway1 myvnet1 Basic 1 None False"]),
        (GW.format("101"), ["gateway gateway1 myvnet1 Basic 1 65515 False"]),
        (GW.format("103"), ["gateway gateway3 myvnet3 Standard 1 12345 False"]),
        (GW.format("386"), ["gateway gateway1 myvnet1 Standard 1 65515 False"]),
        (GW.format("393"), ["Vnet2Vnet conn1to2 gateway1-gateway2 False 10", "secret"]),
        (GW.format("398"), ["Vnet2Vnet conn1to2 gateway1-gateway2 False 25", "secret"]),
        (GW.format("390"), ["left out"]),
        (SPEC.format("LocalNetworkGatewayList"),
         ["local localgw1 10.1.0.0/16 None None None", "local localgw2 10.2.0.0/16 None None None",
          "not understood", "not understood"]),
        (SPEC.format("VirtualNetworkGatewayConnectionsList"),
         ["IPsec conn1 vpngw1-localgw1 False 0", "IPsec conn2 vpngw2-localgw2 False 0"]),
        (SPEC.format("VirtualNetworkGatewayGet"), ["gateway vpngw vnet1 VpnGw1 None 65514 False", "left out"]),
        (SPEC.format("VirtualNetworkListAll"),
         ["vnet vnet1 westus 10.0.0.0/8 ['test-1 10.0.0.0/24']", "vnet vnet2 westus 10.0.0.0/16 []"]),
        (SPEC.format("VirtualNetworkGatewayList"),
         ["gateway vpngw1 vnet1 VpnGw1 None 65515 False", "gateway vpngw2 vnet2 VpnGw1 None 65515 False", "left out"]),
        ("azure-resourcegraph/*/*.json", ["missing", "left out"]),
    ],
)  # fmt: skip
def test_a_real_answer_tells_what_stands_in_it(path: str, wanted: list[str]) -> None:
    assert figures(path) == wanted
