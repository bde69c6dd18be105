"""Linking networks, and what is done about problems, as a person does it: what is foreseen, and what comes of it."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest

from tests.ui.driving import HUB, enter, fill, lines, press, settled, typed, workbench
from tui.app.screens.workbench import WorkbenchScreen
from tui.checks.rule import Finding
from tui.connectivity.budgets import budgets
from tui.topology.edits import change

FIVE = """\
schema = 1

[subscriptions.prod]

[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.0.0.0/22"]
gateway = { sku = "VpnGw1AZ", tunnel_budget = 2 }

[vnets.hub.subnets]
GatewaySubnet = "10.0.3.224/27"

[vnets.a]
subscription = "prod"
region = "westeurope"
address_space = ["10.1.0.0/22"]

[vnets.b]
subscription = "prod"
region = "westeurope"
address_space = ["10.2.0.0/22"]

[vnets.c]
subscription = "prod"
region = "westeurope"
address_space = ["10.3.0.0/22"]

[sites.office]
address_space = ["192.168.8.0/24"]
vpn_device = "203.0.113.1"
"""


def used(screen: WorkbenchScreen) -> dict[str, int]:
    """How many tunnels each gateway has."""
    return {name: budget.used for name, budget in budgets(screen.store.topology).items()}


async def test_a_star_shows_its_effect_before_it_is_made_and_is_one_step(tmp_path: Path) -> None:
    async with workbench(FIVE, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "home", "space", "space", "space", "c")
        shown = lines(screen)
        assert screen.form.values["networks"] == "hub, a, b"
        for line in (
            "hub  0/2 2 left → 2/2 0 left",
            "a  no gateway → 1/30 29 left",
            "b  no gateway → 1/30 29 left",
            "a gets VpnGw1AZ and GatewaySubnet 10.1.3.224/27",
            "b gets VpnGw1AZ and GatewaySubnet 10.2.3.224/27",
        ):
            assert line in shown
        assert not screen.store.unsaved
        await press(pilot, "enter")
        topology = screen.store.topology
        assert [connection.between for connection in topology.connections.values()] == [("hub", "a"), ("hub", "b")]
        assert [str(topology.vnets[name].subnets["GatewaySubnet"].prefixes[0]) for name in "ab"] == [
            "10.1.3.224/27",
            "10.2.3.224/27",
        ]
        assert used(screen) == {"hub": 2, "a": 1, "b": 1}
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == FIVE


async def test_a_mesh_connects_each_with_each(tmp_path: Path) -> None:
    async with workbench(FIVE, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "home", "down", "space", "space", "space", "c", "space")
        assert screen.form.values["shape"] == "mesh"
        assert "b  no gateway → 2/30 28 left" in lines(screen)
        await press(pilot, "enter")
        assert used(screen) == {"hub": 0, "a": 2, "b": 2, "c": 2}
        assert len(screen.store.topology.connections) == 3
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == FIVE


async def test_a_budget_that_would_be_exceeded_is_warned_about_with_figures(tmp_path: Path) -> None:
    async with workbench(FIVE, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "space", "space", "space", "space", "c")
        assert "hub  0/2 2 left → 3/2 1 over" in lines(screen)
        await press(pilot, "tab")
        shown = lines(screen)
        assert "warning the gateway of hub has 3 tunnels (3 VNet-to-VNet, 0 site-to-site)" in shown
        assert "its own tunnel_budget is 2" in shown
        assert not screen.store.unsaved
        await press(pilot, "enter")
        assert used(screen)["hub"] == 3
        assert "3/2" in lines(screen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_all_effects_of_a_large_star_can_be_read_before_it_is_made(size: tuple[int, int], tmp_path: Path) -> None:
    more = "".join(f'\n[vnets.v{number}]\naddress_space = ["10.{number}.0.0/24"]\n' for number in range(10, 30))
    async with workbench(FIVE + more, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, "2", "home", "c")
        await enter(pilot, ", ".join(f"v{number}" for number in range(10, 30)))
        assert "pgdn reads on below" in lines(screen)
        read = lines(screen)
        for _ in range(9):
            await press(pilot, "pagedown")
            read += lines(screen)
        assert [number for number in range(10, 30) if f"v{number}  no gateway → 1/30 29 left" not in read] == []
        assert [number for number in range(10, 30) if f"v{number} gets VpnGw1AZ" not in read] == []
        await press(pilot, "pageup", "pageup", "pageup", "pageup", "pageup", "pageup", "pageup", "pageup")
        assert "0/2 2 left → 20/2 18 over" in lines(screen)


async def test_a_missing_gateway_is_offered_and_can_be_left_out(tmp_path: Path) -> None:
    async with workbench(FIVE, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "down", "c")
        await fill(pilot, screen, to="office")
        assert "a gets VpnGw1AZ and GatewaySubnet 10.1.3.224/27" in lines(screen)
        await fill(pilot, screen, sku="VpnGw2AZ")
        assert "a gets VpnGw2AZ" in lines(screen)
        await press(pilot, "shift+tab", "n", "enter")
        assert screen.store.topology.vnets["a"].gateway is None
        (connection,) = screen.store.topology.connections.values()
        assert connection.between == ("a", "office")
        await press(pilot, "6")
        assert "GWY001" in lines(screen)


async def test_several_others_are_connected_from_one_field(tmp_path: Path) -> None:
    async with workbench(FIVE, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "c")
        await enter(pilot, "a, of")
        assert "→ office" in lines(screen)
        await press(pilot, "right", "enter")
        ends = [connection.between for connection in screen.store.topology.connections.values()]
        assert ends == [("hub", "a"), ("hub", "office")]


async def test_what_is_linked_already_is_said(tmp_path: Path) -> None:
    text = FIVE + '\n[connections.ha]\nbetween = ["hub", "a"]\n'
    async with workbench(text, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "c")
        await enter(pilot, "a")
        assert "connected already, by ha" in lines(screen)


async def test_a_peering_lends_the_gateway_of_the_hub(tmp_path: Path) -> None:
    async with workbench(FIVE, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "home", "down", "p")
        await fill(pilot, screen, to="hub", gateway_transit="c")
        await press(pilot, "enter")
        assert screen.form.is_open
        assert "it must be an end of this peering: a or hub" in lines(screen)
        await fill(pilot, screen, gateway_transit="hub")
        await press(pilot, "enter", "ctrl+s")
        (peering,) = screen.store.topology.peerings.values()
        assert (peering.between, peering.gateway_transit) == (("a", "hub"), "hub")
        assert used(screen) == {"hub": 0}
        assert 'gateway_transit = "hub"' in path.read_text()


async def test_a_gateway_comes_with_the_subnet_that_it_lives_in(tmp_path: Path) -> None:
    async with workbench(FIVE, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "home", "down", "v")
        assert screen.form.values["gateway_subnet"] == "10.1.3.224/27"
        assert "VpnGw1AZ, with 30 tunnels and 650 Mbps in all, SLA 99.95 %" in lines(screen)
        await fill(pilot, screen, sku="Basic", asn="65010")
        await press(pilot, "tab", "y")
        assert screen.form.values["active_active"] == "yes"
        await fill(pilot, screen, sku="VpnGw2AZ", gateway_subnet="10.77.0.0/27")
        assert "10.77.0.0/27" in lines(screen)
        assert "[ctrl+t: 10.1.3.224/27]" in lines(screen)
        await press(pilot, "ctrl+t", "enter", "ctrl+s")
        gateway = screen.store.topology.vnets["a"].gateway
        assert gateway is not None
        assert (gateway.sku, gateway.asn, gateway.active_active) == ("VpnGw2AZ", 65010, True)
        assert 'GatewaySubnet = "10.1.3.224/27"' in path.read_text()
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == FIVE


# Problems.


async def test_of_several_fixes_one_is_picked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "6")
        found = screen.finding
        assert found is not None
        (fix,) = found.fixes
        other = change(("vnets", "hub"), gateway=None)
        both = dataclasses.replace(found, fixes=(fix, other))
        monkeypatch.setattr(WorkbenchScreen, "finding", property(lambda bench: both))
        await press(pilot, "x")
        shown = lines(pilot.app.screen)
        assert "Mend SUB004" in shown
        assert fix.title in shown
        assert other.title in shown
        await press(pilot, "down", "enter")
        await settled(pilot)
        assert screen.store.topology.vnets["hub"].gateway is None
        assert "GatewaySubnet" not in screen.store.topology.vnets["hub"].subnets


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    """The one finding of a rule."""
    (found,) = (finding for finding in findings if finding.code == code)
    return found


async def test_a_problem_is_waived_with_reason_owner_and_day(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "6", "W")
        assert "without a reason nobody can tell later" in lines(screen)
        day = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
        await fill(pilot, screen, reason="built in May", owner="network team", expires="2020-01-01")
        await press(pilot, "enter")
        assert screen.form.is_open
        assert "2020-01-01 is past" in lines(screen)
        await fill(pilot, screen, expires=day)
        await press(pilot, "enter")
        assert only(screen.store.findings, "SUB004").waived is not None
        assert "waived" in lines(screen)
        assert "nothing wrong" in lines(screen)
        await press(pilot, "6", "home", "space", "down", "W")
        assert "it is waived already: built in May" in lines(screen)
        await press(pilot, "ctrl+s")
        said = 'where = ["vnets.hub"]\nreason = "built in May"\nowner = "network team"\n'
        assert f'code = "SUB004"\n{said}expires = {day}\n' in path.read_text()
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == HUB


async def test_a_waiver_that_would_not_cover_its_problem_says_so(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "6", "W")
        await fill(pilot, screen, reason="later", where="vnets.app")
        assert "it no longer covers this finding" in lines(screen)
        await press(pilot, "ctrl+t")
        assert screen.form.values["where"] == "vnets.hub"
        await typed(pilot, "")
        assert only(screen.store.findings, "SUB004").waived is not None
