"""Editing through forms, as a person does it: what is typed, what is said meanwhile, and what the file holds then."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.ui.driving import HUB, enter, fill, lines, press, settled, typed, workbench
from tui.app.screens.workbench import WorkbenchScreen
from tui.app.widgets import form_view
from tui.display import displayable

ESTATE = """\
# Everything once.
schema = 1
name = "Everything"

[planning]
workloads = ["aks"]

[planning.pools]
weu = { prefixes = ["10.0.0.0/12"], region = "westeurope" }

[subscriptions.prod]   # pays

[subscriptions.test]

[vnets.app]            # the shop
subscription = "prod"
region = "westeurope"
address_space = ["10.1.0.0/22"]

[vnets.app.subnets]
web = "10.1.0.0/24"    # faces the internet

[vnets.hub]
subscription = "prod"
region = "westeurope"
address_space = ["10.0.0.0/22"]
gateway.sku = "VpnGw1AZ"

[vnets.hub.subnets]
GatewaySubnet = "10.0.3.224/27"

[sites.office]
address_space = ["192.168.8.0/24"]

[sites.office.devices]
fw1 = { address = "203.0.113.1" }

[connections.hub-to-office]
between = ["hub", "office"]

[peerings.app-to-hub]
between = ["app", "hub"]
gateway_transit = "hub"

[services.shop]
kind = "cloud-service"
vnets = ["app"]

[waivers.later]
code = "GWY002"
where = ["vnets.hub"]
reason = "later"
"""


async def add(pilot: Pilot[None], kind: str) -> None:
    """Choose what to add from all that can be added."""
    await press(pilot, "A")
    await typed(pilot, kind)


async def edit_row(pilot: Pilot[None], screen: WorkbenchScreen, text: str) -> None:
    """Go to the row of the pane that holds the text, and edit it."""
    await press(pilot, "home")
    rows = screen.overview.current.list
    for _ in rows.rows:
        row = next((row for row in rows.rows if row.key == rows.cursor_key), None)
        if row is not None and any(text in cell.text for cell in row.cells):
            await press(pilot, "e")
            assert screen.form.is_open, lines(screen)
            return
        await press(pilot, "down")
    raise AssertionError(f"no row holds {text}\n{lines(screen)}")


async def choose_and_fill(pilot: Pilot[None], screen: WorkbenchScreen, fields: dict[str, str]) -> None:
    """Fill in fields; in those with a few words to choose from, go through the words."""
    for key, text in fields.items():
        await go_to_field(pilot, screen, key)
        if screen.form.field is not None and screen.form.field.kind == "choice":
            for _ in range(9):
                if screen.form.values[key] != text:
                    await press(pilot, "space")
        else:
            await fill(pilot, screen, **{key: text})
        assert screen.form.values[key] == text


async def go_to_field(pilot: Pilot[None], screen: WorkbenchScreen, key: str) -> None:
    """Go to a field of the open form."""
    assert key in screen.form.values, f"no field {key} in {list(screen.form.values)}"
    while screen.form.field is not None and screen.form.field.key != key:
        await press(pilot, "tab")


async def paste(pilot: Pilot[None], text: str) -> None:
    """Paste, as a terminal does."""
    pilot.app.post_message(events.Paste(text))
    await settled(pilot)


def notes(screen: WorkbenchScreen) -> str:
    """What is said below the fields."""
    shown = lines(screen)
    return shown[shown.index("─" * 40) :] if "─" * 40 in shown else shown


def lines_added(before: str, after: str) -> str:
    """The lines that a text has more than another, which has none that it has not."""
    compared = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    assert [line for line in compared if line.startswith("- ")] == []
    return "\n".join(line[2:] for line in compared if line.startswith("+ "))


# One long way from beginning to end.


async def test_add_in_a_taken_range_take_the_suggestion_connect_undo_and_save(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "a")
        await fill(pilot, screen, name="data", address_space="10.0.0.0/24")
        assert "10.0.0.0/24 overlaps 10.0.0.0/22 of hub" in notes(screen)
        await press(pilot, "ctrl+t")
        assert screen.form.values["address_space"] == "10.0.4.0/24"
        assert "overlaps" not in lines(screen)
        await press(pilot, "enter")
        assert screen.selected == ("vnets", "data")

        await press(pilot, "c")
        await enter(pilot, "hub")
        assert "0/30 30 left" in notes(screen)
        assert "1/30 29 left" in notes(screen)
        await press(pilot, "enter")
        assert screen.store.topology.vnets["data"].gateway is not None
        assert lines(screen).count("1/30 29 left") >= 2

        await press(pilot, "2", "home", "down", "c")
        await typed(pilot, "office")
        assert "2/30 28 left" in lines(screen)
        await press(pilot, "2", "home", "d")
        assert sorted(screen.store.topology.vnets) == ["data", "hub"]

        await press(pilot, "u", "u", "u")
        assert sorted(screen.store.topology.vnets) == ["app", "data", "hub"]
        assert not screen.store.topology.connections
        assert "0/30 30 left" in lines(screen)
        await press(pilot, "ctrl+s")
        before, after = HUB.split("[vnets.hub]")
        new = '[vnets.data]\nsubscription = "prod"\nregion = "westeurope"\naddress_space = ["10.0.4.0/24"]\n\n'
        assert path.read_text() == f"{before}{new}[vnets.hub]{after}"
        assert not screen.store.unsaved
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == HUB


# Every kind of thing.


Way = tuple[str, ...]
TO_THE_SITE: Way = ("2", "end")

ADDED: dict[str, tuple[Way, dict[str, str], list[str]]] = {
    "subscription": (
        ("1",),
        {"name": "dev", "display_name": "Development", "cloud": "usgov"},
        ["[subscriptions.dev]", 'name = "Development"', 'cloud = "usgov"'],
    ),
    "vnet": (
        ("2", "home"),
        {"name": "data", "address_space": "10.5.0.0/24", "state": "deployed", "tags": "owner = data team"},
        [
            "[vnets.data]",
            'subscription = "prod"',
            'region = "westeurope"',
            'address_space = ["10.5.0.0/24"]',
            'state = "deployed"',
            'tags = { owner = "data team" }',
        ],
    ),
    "site": (
        ("2", "home"),
        {"name": "plant", "address_space": "192.168.9.0/24", "vpn_device": "203.0.113.9", "asn": "64900"},
        ["[sites.plant]", 'address_space = ["192.168.9.0/24"]', 'vpn_device = "203.0.113.9"', "asn = 64900"],
    ),
    "subnet": (("2", "home"), {"name": "db", "prefixes": "/26", "note": "rows"}, ["10.1.1.0/26", "rows"]),
    "gateway": (("2", "home"), {"sku": "VpnGw2AZ"}, ['sku = "VpnGw2AZ"', 'GatewaySubnet = "10.1.3.224/27"']),
    "device": (TO_THE_SITE, {"name": "fw2", "address": "203.0.113.2"}, ['fw2 = "203.0.113.2"']),
    "connection": (
        ("2", "home"),
        {"to": "office", "gateways": "no", "bandwidth_mbps": "200", "note": "slow"},
        ['between = ["app", "office"]', "bandwidth_mbps = 200", 'note = "slow"'],
    ),
    "peering": (("2", "home"), {"to": "far", "note": "both ways"}, ['between = ["app", "far"]', 'note = "both ways"']),
    "service": (
        ("2", "home"),
        {"name": "backup", "kind": "online-backup", "vnets": "hub"},
        ["[services.backup]", 'kind = "online-backup"', 'vnets = ["hub"]'],
    ),
    "pool": (
        ("2", "home"),
        {"name": "lab", "prefixes": "172.20.0.0/14", "default_size": "24"},
        ['lab = { prefixes = ["172.20.0.0/14"], default_size = "/24" }'],
    ),
    "waiver": (
        ("2", "home"),
        {"name": "known", "code": "ADR006", "where": "vnets.*", "reason": "ok", "owner": "us", "expires": "2099-12-31"},
        [
            "[waivers.known]",
            'code = "ADR006"',
            'where = ["vnets.*"]',
            'reason = "ok"',
            'owner = "us"',
            "expires = 2099-12-31",
        ],
    ),
}
"""By kind: how one gets to where it is added, what is typed, and what the file then holds more than before."""


@pytest.mark.parametrize("kind", ADDED)
async def test_every_kind_of_thing_is_added_by_filling_in_its_form(kind: str, tmp_path: Path) -> None:
    text = ESTATE + '\n[vnets.far]\naddress_space = ["10.9.0.0/24"]\n'
    way, fields, expected = ADDED[kind]
    async with workbench(text, tmp_path) as (pilot, screen, path):
        await press(pilot, *way)
        await add(pilot, kind)
        assert screen.form.is_open, lines(screen)
        await choose_and_fill(pilot, screen, fields)
        await press(pilot, "enter")
        assert not screen.form.is_open, lines(screen)
        await press(pilot, "ctrl+s")
        more = lines_added(text, path.read_text())
        assert [part for part in expected if part not in more] == [], more
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == text


HUB_GATEWAY = 'gateway.sku = "VpnGw1AZ"\n'
WHOLE: Way = ("1", "down", "home", "4")

EDITED: dict[str, tuple[Way, str, dict[str, str], str, str]] = {
    "subscription": (
        ("1",),
        "prod",
        {"display_name": "Production"},
        "[subscriptions.prod]   # pays\n",
        '[subscriptions.prod]   # pays\nname = "Production"\n',
    ),
    "vnet": (
        ("2",),
        "app",
        {"note": "moves in spring", "isolated": "yes"},
        'address_space = ["10.1.0.0/22"]\n',
        'address_space = ["10.1.0.0/22"]\nisolated = true\nnote = "moves in spring"\n',
    ),
    "subnet": (
        ("2", "home", "down", "up", "4"),
        "10.1.0.0/24",
        {"prefixes": "10.1.0.0/25"},
        'web = "10.1.0.0/24"    # faces the internet',
        'web = "10.1.0.0/25"    # faces the internet',
    ),
    "site": (
        ("2",),
        "office",
        {"asn": "64900"},
        'address_space = ["192.168.8.0/24"]\n',
        'address_space = ["192.168.8.0/24"]\nasn = 64900\n',
    ),
    "device": (
        (*TO_THE_SITE, "up", "down", "4"),
        "fw1",
        {"address": "vpn.example.com"},
        '{ address = "203.0.113.1" }',
        '{ address = "vpn.example.com" }',
    ),
    "connection": (
        ("1", "down", "home", "5"),
        "hub-to-office",
        {"bandwidth_mbps": "200"},
        'between = ["hub", "office"]\n',
        'between = ["hub", "office"]\nbandwidth_mbps = 200\n',
    ),
    "peering": (("1", "down", "home", "5"), "app-to-hub", {"gateway_transit": ""}, 'gateway_transit = "hub"\n', ""),
    "service": (WHOLE, "shop", {"kind": "load-balanced-endpoint"}, '"cloud-service"', '"load-balanced-endpoint"'),
    "pool": (
        WHOLE,
        "weu",
        {"prefixes": "10.0.0.0/12, 172.16.0.0/16"},
        '"10.0.0.0/12"',
        '"10.0.0.0/12", "172.16.0.0/16"',
    ),
    "waiver": (
        WHOLE,
        "later",
        {"owner": "network team"},
        'reason = "later"\n',
        'reason = "later"\nowner = "network team"\n',
    ),
}
"""By kind: how one gets to its list, the row, what is typed, and what becomes of which piece of the file."""


@pytest.mark.parametrize("kind", EDITED)
async def test_every_kind_of_thing_is_edited_where_it_stands(kind: str, tmp_path: Path) -> None:
    way, row, fields, old, new = EDITED[kind]
    async with workbench(ESTATE, tmp_path) as (pilot, screen, path):
        await press(pilot, *way)
        await edit_row(pilot, screen, row)
        await choose_and_fill(pilot, screen, fields)
        await press(pilot, "enter")
        assert not screen.form.is_open, lines(screen)
        await press(pilot, "ctrl+s")
        assert ESTATE.count(old) == 1
        assert path.read_text() == ESTATE.replace(old, new)
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == ESTATE


async def test_the_gateway_is_edited_with_the_key_that_adds_one(tmp_path: Path) -> None:
    async with workbench(ESTATE, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "home", "down", "v")
        await fill(pilot, screen, tunnel_budget="1")
        await press(pilot, "enter", "ctrl+s")
        assert screen.store.topology.vnets["hub"].gateway is not None
        assert "1/1" in lines(screen)
        assert path.read_text() == ESTATE.replace(HUB_GATEWAY, f"{HUB_GATEWAY}gateway.tunnel_budget = 1\n")


@pytest.mark.parametrize(
    ("command", "fields", "old", "new"),
    [
        ("Planning", {"workloads": "aks, docker"}, '["aks"]', '["aks", "docker"]'),
        ("Name and note", {"name": "All of it"}, 'name = "Everything"', 'name = "All of it"'),
    ],
)
async def test_what_has_no_key_is_edited_from_the_palette(
    command: str, fields: dict[str, str], old: str, new: str, tmp_path: Path
) -> None:
    async with workbench(ESTATE, tmp_path) as (pilot, screen, path):
        await press(pilot, "colon")
        await typed(pilot, command)
        await fill(pilot, screen, **fields)
        await press(pilot, "enter", "ctrl+s")
        assert path.read_text() == ESTATE.replace(old, new)


async def test_editing_begins_in_the_field_that_the_cursor_is_on(tmp_path: Path) -> None:
    text = ESTATE.replace("[subscriptions.prod]   # pays\n", '[subscriptions.prod]\nname = "Production"\n')
    async with workbench(text, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home", "e")
        assert screen.form.field is not None
        assert screen.form.field.key == "address_space"
        await press(pilot, "escape", "down", "up", "4")
        await edit_row(pilot, screen, "westeurope")
        assert screen.form.field.key == "region"
        await press(pilot, "escape", "1", "home", "down", "4")
        await edit_row(pilot, screen, "Production")
        assert screen.form.values[screen.form.field.key] == "Production"


# Renaming, duplicating, several at once.


async def test_renaming_in_the_form_carries_every_reference(tmp_path: Path) -> None:
    async with workbench(ESTATE, tmp_path) as (pilot, screen, path):
        await press(pilot, "2")
        await edit_row(pilot, screen, "hub")
        await fill(pilot, screen, name="hub-weu", note="renamed")
        await press(pilot, "enter")
        topology = screen.store.topology
        assert screen.selected == ("vnets", "hub-weu")
        assert topology.connections["hub-to-office"].between == ("hub-weu", "office")
        assert topology.peerings["app-to-hub"].gateway_transit == "hub-weu"
        assert topology.waivers["later"].where == ("vnets.hub-weu",)
        await press(pilot, "ctrl+s")
        expected = ESTATE.replace('"hub"', '"hub-weu"').replace("vnets.hub", "vnets.hub-weu")
        expected = expected.replace(HUB_GATEWAY, f'{HUB_GATEWAY}note = "renamed"\n')
        assert path.read_text() == expected
        await press(pilot, "u")
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert not screen.store.topology.vnets["hub"].note


async def test_renaming_to_a_name_that_is_taken_stays_and_says_why(tmp_path: Path) -> None:
    async with workbench(ESTATE, tmp_path) as (pilot, screen, _):
        await press(pilot, "2")
        await edit_row(pilot, screen, "hub")
        await fill(pilot, screen, name="office")
        await press(pilot, "enter")
        assert screen.form.is_open
        assert "a site has this name already" in notes(screen)
        await fill(pilot, screen, name="app")
        await press(pilot, "enter")
        assert screen.form.is_open
        assert "vnets.app exists already" in notes(screen)
        assert not screen.store.unsaved


async def test_a_duplicate_lies_on_free_space_and_takes_its_subnets_along(tmp_path: Path) -> None:
    async with workbench(ESTATE, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "home", "D")
        assert screen.form.values["name"] == "app-2"
        assert screen.form.values["address_space"] == "10.0.4.0/22"
        assert "subnets that move along: web" in notes(screen)
        await press(pilot, "enter")
        copy = screen.store.topology.vnets["app-2"]
        assert [str(prefix) for prefix in copy.subnets["web"].prefixes] == ["10.0.4.0/24"]
        assert screen.selected == ("vnets", "app-2")
        await press(pilot, "ctrl+s")
        assert 'web = "10.0.4.0/24"' in path.read_text()
        await press(pilot, "u")
        assert list(screen.store.topology.vnets) == ["app", "hub"]


async def test_one_field_of_all_marked_vnets_is_one_undo_step(tmp_path: Path) -> None:
    async with workbench(ESTATE, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "home", "space", "space", "e")
        assert "2 VNets" in lines(screen)
        assert "name" not in screen.form.values
        await fill(pilot, screen, region="northeurope", tags="owner = network")
        await press(pilot, "enter")
        vnets = screen.store.topology.vnets
        assert {vnet.region for vnet in vnets.values()} == {"northeurope"}
        assert [str(vnet.address_space[0]) for vnet in vnets.values()] == ["10.1.0.0/22", "10.0.0.0/22"]
        assert all(dict(vnet.tags) == {"owner": "network"} for vnet in vnets.values())
        await press(pilot, "u", "ctrl+s")
        assert path.read_text() == ESTATE


async def test_marked_things_of_several_kinds_have_no_form_in_common(tmp_path: Path) -> None:
    async with workbench(ESTATE, tmp_path) as (pilot, screen, _):
        await press(pilot, *TO_THE_SITE, "space", "home", "space", "e")
        assert not screen.form.is_open
        assert "several kinds" in lines(screen)


# Addresses while they are typed.


@pytest.mark.parametrize(
    ("typed_text", "canonical"),
    [
        ("10.9.0.5/24", "10.9.0.0/24"),
        ("10.9.0.0/255.255.255.0", "10.9.0.0/24"),
        ("10.9.0.0 255.255.254.0", "10.9.0.0/23"),
        ("10.9.1.7/22, 10.20.0.0/24", "10.9.0.0/22, 10.20.0.0/24"),
    ],
)
async def test_an_address_written_otherwise_is_offered_in_canonical_form(
    typed_text: str, canonical: str, tmp_path: Path
) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "a")
        await fill(pilot, screen, name="data", address_space=typed_text)
        assert f"[ctrl+t: {canonical}]" in notes(screen)
        await press(pilot, "enter")
        assert screen.form.is_open
        await press(pilot, "ctrl+t", "enter")
        assert not screen.form.is_open, lines(screen)
        assert ", ".join(map(str, screen.store.topology.vnets["data"].address_space)) == canonical


async def test_s_walks_through_the_free_blocks_and_a_length_takes_the_next(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "a")
        await fill(pilot, screen, address_space="/23")
        assert "10.0.4.0/23" in notes(screen)
        walked = []
        for _ in range(3):
            await press(pilot, "s")
            walked.append(screen.form.values["address_space"])
        assert walked == ["10.0.4.0/23", "10.0.6.0/23", "10.0.8.0/23"]
        await fill(pilot, screen, name="ss", address_space="/24")
        assert screen.form.values["name"] == "ss"
        await press(pilot, "enter")
        assert str(screen.store.topology.vnets["ss"].address_space[0]) == "10.0.4.0/24"


async def test_s_walks_through_the_gaps_between_subnets(tmp_path: Path) -> None:
    async with workbench(ESTATE, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "home")
        await add(pilot, "subnet of")
        assert screen.form.values["prefixes"] == "10.1.1.0/26"
        await go_to_field(pilot, screen, "prefixes")
        await press(pilot, "s")
        assert screen.form.values["prefixes"] == "10.1.1.64/26"
        await fill(pilot, screen, prefixes="10.1.0.128/25")
        assert "overlaps subnet web (10.1.0.0/24)" in notes(screen)
        await fill(pilot, screen, prefixes="10.77.0.0/24")
        assert "lies outside the address space of app" in notes(screen)


async def test_growth_is_taken_for_everybody_else(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2")
        await edit_row(pilot, screen, "app")
        await fill(pilot, screen, growth="10.0.0.0/23")
        assert "overlaps 10.0.0.0/22 of hub" in notes(screen)
        await fill(pilot, screen, growth="/22")
        await press(pilot, "s", "enter", "ctrl+s")
        assert 'growth = ["10.0.4.0/22"]' in path.read_text()
        await press(pilot, "a")
        await fill(pilot, screen, name="data", address_space="10.0.4.0/24")
        assert "10.0.4.0/22" in notes(screen)
        assert "app" in notes(screen)


async def test_pasted_lines_of_prefixes_become_a_list(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "a")
        await fill(pilot, screen, name="data", address_space="")
        await paste(pilot, "10.4.0.0/24\r\n  10.5.0.0/24\n\n10.6.0.0/24\n")
        assert screen.form.values["address_space"] == "10.4.0.0/24, 10.5.0.0/24, 10.6.0.0/24"
        await press(pilot, "enter")
        assert len(screen.store.topology.vnets["data"].address_space) == 3


async def test_pasted_escape_sequences_are_nothing_but_text(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2")
        await edit_row(pilot, screen, "app")
        await fill(pilot, screen, note="")
        await paste(pilot, "\x1b[31mred\x1b]52;c;aGk=\x07 \u202eevil\u200b [@click=app.quit]x[/]\n\x9b2J\tlast")
        shown = lines(screen)
        assert [line for line in shown.split("\n") if line != displayable(line)] == []
        assert screen.form.values["note"].startswith("\\x1b[31mred\\x1b]52;c;aGk=\\x07 \\u202eevil")
        assert "[@click=app.quit]x[/] \\x9b2J last" in shown
        await press(pilot, "enter", "ctrl+s")
        note = screen.store.topology.vnets["app"].note
        assert note is not None
        assert note == displayable(note)
        assert "[@click=app.quit]x[/]" in note
        assert "\x1b" not in path.read_text()
        assert screen.app.is_running


# Words.


async def test_regions_and_skus_are_completed(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "a")
        await fill(pilot, screen, name="data", region="northeu")
        assert "→ northeurope" in notes(screen)
        await press(pilot, "right")
        assert screen.form.values["region"] == "northeurope"
        await fill(pilot, screen, region="germanywest")
        await press(pilot, "ctrl+t", "enter")
        assert screen.store.topology.vnets["data"].region == "germanywestcentral"
        await press(pilot, "v")
        await fill(pilot, screen, sku="VpnGw3")
        await press(pilot, "right")
        assert screen.form.values["sku"] == "VpnGw3AZ"


async def test_a_word_that_is_almost_right_is_mended_with_one_key(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "a")
        await fill(pilot, screen, name="data", region="westeurop", subscription="prd")
        assert "[ctrl+t: prod]" in notes(screen)
        await press(pilot, "ctrl+t")
        assert screen.form.values["subscription"] == "prod"


async def test_in_a_choice_a_letter_and_the_space_bar_choose(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2")
        await edit_row(pilot, screen, "app")
        await go_to_field(pilot, screen, "state")
        seen = [screen.form.values["state"]]
        for _ in range(3):
            await press(pilot, "space")
            seen.append(screen.form.values["state"])
        assert seen == ["planned", "deployed", "retiring", "planned"]
        await press(pilot, "r", "enter")
        assert screen.store.topology.vnets["app"].state == "retiring"


# Leaving and accepting.


async def test_escape_asks_once_before_what_was_typed_is_dropped(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "a", "escape")
        assert not screen.form.is_open
        await press(pilot, "a")
        await fill(pilot, screen, name="data")
        await press(pilot, "escape")
        assert screen.form.is_open
        assert screen.form.values["name"] == "data"
        assert "Escape again leaves without this" in notes(screen)
        await enter(pilot, "2")
        await press(pilot, "escape")
        assert screen.form.is_open
        await press(pilot, "escape")
        assert not screen.form.is_open
        assert list(screen.store.topology.vnets) == ["app", "hub"]
        assert not screen.store.unsaved
        assert path.read_text() == HUB
        await press(pilot, "down")
        assert screen.selected == ("vnets", "hub")


async def test_enter_with_an_error_stays_goes_there_and_says_why(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "a")
        await fill(pilot, screen, name="data", address_space="10.300.0.0/24")
        await go_to_field(pilot, screen, "note")
        await press(pilot, "enter")
        assert screen.form.is_open
        assert screen.form.field is not None
        assert screen.form.field.key == "address_space"
        assert "10.300.0.0/24" in notes(screen)
        assert "error" in notes(screen)
        assert list(screen.store.topology.vnets) == ["app", "hub"]


async def test_accepting_a_form_in_which_nothing_was_typed_changes_nothing(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, path):
        await press(pilot, "2", "e", "enter", "ctrl+s")
        assert not screen.store.unsaved
        assert path.read_text() == HUB


# Room.


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("keys", [("2", "a"), ("2", "down", "v"), ("2", "end", "e"), ("2", "c")])
async def test_every_field_can_be_reached_and_is_seen_when_it_is(
    size: tuple[int, int], keys: Way, tmp_path: Path
) -> None:
    async with workbench(HUB, tmp_path, size=size) as (pilot, screen, _):
        await press(pilot, *keys)
        assert screen.form.is_open
        for key in ("tab", "shift+tab"):
            reached = []
            for _ in screen.form.values:
                field = screen.form.field
                assert field is not None
                reached.append(field.key)
                assert screen.focused is not None
                assert_typed_into_its_own_line(screen)
                assert re.search(rf"{re.escape(field.label)}: {re.escape(field.help[:20])}", notes(screen))
                await press(pilot, key)
            assert sorted(reached) == sorted(screen.form.values)
        assert "enter takes it" in lines(screen)


def assert_typed_into_its_own_line(screen: WorkbenchScreen) -> None:
    """The cursor of the input is on the line that begins with the label of its field."""
    field, focused = screen.form.field, screen.focused
    assert field is not None
    assert focused is not None
    line = lines(screen).split("\n")[focused.region.y]
    assert field.label in line, f"{field.label} is not typed into in: {line}"
    assert screen.form.region.contains_region(focused.region)


async def test_a_form_lives_through_any_change_of_the_terminal(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "a")
        await fill(pilot, screen, name="data", note="kept")
        for size in ((80, 24), (200, 60), (20, 6), (1, 1), (79, 15), (120, 40)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            await press(pilot, "tab", "shift+tab")
        assert_typed_into_its_own_line(screen)
        await enter(pilot, "!")
        await press(pilot, "enter")
        assert screen.store.topology.vnets["data"].note is not None


async def test_what_is_typed_in_a_small_terminal_is_seen(tmp_path: Path) -> None:
    async with workbench(HUB, tmp_path, size=(80, 24)) as (pilot, screen, _):
        await press(pilot, "2", "a")
        for key in screen.form.values:
            await go_to_field(pilot, screen, key)
            if screen.form.field is not None and screen.form.field.kind == "text":
                await fill(pilot, screen, **{key: "xyz"})
                assert_typed_into_its_own_line(screen)
                assert "xyz" in lines(screen).split("\n")[screen.focused.region.y if screen.focused else 0]


async def test_what_is_taken_is_for_what_stands_there_however_slow_judging_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_view, "_TOO_LONG", -1.0)
    monkeypatch.setattr(form_view, "_PAUSE", 60.0)
    async with workbench(HUB, tmp_path) as (pilot, screen, _):
        await press(pilot, "2", "a")
        await fill(pilot, screen, name="data", address_space="10.9.0.5/24")
        await press(pilot, "ctrl+t")
        assert screen.form.values["address_space"] == "10.9.0.0/24"
        await press(pilot, "enter")
        assert "data" in screen.store.topology.vnets
