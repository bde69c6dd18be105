"""Real files of Terraform, where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.exchange.terraform.estate_files import found, refusal, told

REAL = os.environ.get("VNET_TUI_REAL")


@pytest.mark.skipif(not REAL, reason="VNET_TUI_REAL names no folder")
def test_the_real_plan_gives_two_hubs_and_both_gateways_of_one() -> None:
    text = (Path(REAL or "") / "terraform" / "planned_values.test_003.network-only.json").read_text("utf-8-sig")
    result = found(text)
    spaces = {one.identity.name: [str(prefix) for prefix in one.prefixes] for one in result.vnets}
    assert spaces == {"root-id-1-hub-northeurope": ["10.100.0.0/22"], "root-id-1-hub-westeurope": ["10.101.0.0/22"]}
    assert all({one.name for one in each.subnets} == {"AzureFirewallSubnet", "GatewaySubnet"} for each in result.vnets)
    assert {(one.kind, one.sku) for one in result.gateways} == {("expressroute", "ErGw1AZ"), ("vpn", "VpnGw1AZ")}
    assert {one.vnet for one in result.gateways} == {result.vnets[0].identity}
    assert any(
        "root-id-1-hub-northeurope, root-id-1-hub-westeurope" in notice.text for notice in told(result, "left out")
    )
    assert told(result, "not understood") == told(result, "missing") == []


@pytest.mark.skipif(not REAL, reason="VNET_TUI_REAL names no folder")
def test_the_real_configuration_is_refused_as_hcl() -> None:
    text = (Path(REAL or "") / "terraform" / "azurerm-example-gateway-basic.tf").read_text("utf-8-sig")
    assert "HCL" in (refusal(text) or "")
