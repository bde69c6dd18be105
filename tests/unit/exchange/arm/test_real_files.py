"""The templates that others published: how much of each is read. The folder is in VNET_TUI_REAL."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.exchange import arm
from tui.exchange.arm.parameters import parameters_of
from tui.exchange.arm.template import evaluated
from tui.exchange.source import Source

_FOLDER = os.environ.get("VNET_TUI_REAL", "")
_QUICKSTARTS = "arm/azure-quickstart-templates"
_BICEP = "arm/azure-bicep-samples/vnet-to-vnet-bgp"

pytestmark = pytest.mark.skipif(not _FOLDER, reason="VNET_TUI_REAL names no folder of real files")


def _source(path: Path) -> Source:
    return Source(path.name, path.read_text(encoding="utf-8-sig"))


@pytest.mark.parametrize(
    ("path", "vnets", "subnets", "gateways", "connections", "peerings", "local_gateways"),
    [
        (f"{_BICEP}/main.json", 2, 4, 2, 2, 0, 0),
        (f"{_BICEP}/main.symbolicnames.json", 2, 4, 2, 2, 0, 0),
        (f"{_QUICKSTARTS}/101-hub-and-spoke-sandbox/azuredeploy.json", 3, 6, 1, 0, 4, 0),
        (f"{_QUICKSTARTS}/101-point-to-site/azuredeploy.json", 1, 1, 1, 0, 0, 0),
        (f"{_QUICKSTARTS}/101-vnet-two-subnets/azuredeploy.json", 1, 2, 0, 0, 0, 0),
        (f"{_QUICKSTARTS}/201-site-to-site-vpn/azuredeploy.json", 1, 2, 1, 1, 0, 1),
        (f"{_QUICKSTARTS}/201-vnet-to-vnet/azuredeploy.json", 2, 4, 2, 2, 0, 0),
        (f"{_QUICKSTARTS}/201-vnet-transitive-bgp/azuredeploy.json", 3, 6, 3, 4, 0, 0),
        (f"{_QUICKSTARTS}/arm-asm-s2s/azuredeploy.json", 1, 2, 1, 0, 0, 1),
        ("azure-rest/resource_group_export_skip_all_params/005_exportTemplate_api2019-07-01.json", 1, 0, 0, 0, 0, 0),
        ("azure-rest/vpn_gateway/390_put_deployment_request_api2019-07-01.json", 0, 0, 0, 1, 0, 0),
        ("azure-rest/vpn_gateway/400_put_deployment_request_api2019-07-01.json", 0, 0, 0, 1, 0, 0),
    ],
)
def test_everything_in_a_published_template_is_found(
    path: str, vnets: int, subnets: int, gateways: int, connections: int, peerings: int, local_gateways: int
) -> None:
    file = Path(_FOLDER, path)
    beside = file.with_name("azuredeploy.parameters.json")
    given = dict(parameters_of(_source(beside))) if beside.exists() else {}
    found = arm.read(_source(file), {**given, "location": "westeurope"})
    assert len(found.vnets) == vnets
    assert sum(len(vnet.subnets) for vnet in found.vnets) == subnets
    assert len(found.gateways) == gateways
    assert all(gateway.vnet in [vnet.identity for vnet in found.vnets] for gateway in found.gateways)
    assert len(found.connections) == connections
    assert len(found.peerings) == peerings
    assert len(found.local_gateways) == local_gateways
    assert [notice.text for notice in found.notices if notice.kind == "not understood"] == []


def test_every_published_template_is_read_without_any_parameter() -> None:
    files = [*Path(_FOLDER, "arm").rglob("azuredeploy.json"), *Path(_FOLDER, "arm").rglob("main*.json")]
    files += Path(_FOLDER, "azure-rest").rglob("*exportTemplate*.json")
    assert len(files) >= 10
    for file in files:
        result = evaluated(_source(file))
        assert result.resources or result.notices
        assert "secretKey" not in repr(result)
