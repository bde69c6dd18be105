"""What the README says of keys is so: the table of keys is the table of commands, and the first minutes work."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from tests.ui.driving import enter, press, settled
from tui.app.app import VnetTuiApp
from tui.app.commands import commands
from tui.app.keys import shown
from tui.app.screens.workbench import WorkbenchScreen
from tui.checks.engine import check
from tui.connectivity.budgets import budgets
from tui.storage.load import load

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")

_NAMED = {"ctrl+t", "ctrl+s", "ctrl+r", "tab", "enter", "right", "space"}
"""Keys in the walk that have a name; whatever else is longer than a character is typed."""


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the table below the head row `heading`."""
    body = README.split(f"\n{heading}\n", 1)[1].split("\n\n", 1)[0]
    cells = (re.split(r"(?<!\\)\|", line.strip("|")) for line in body.splitlines()[1:])
    return [[cell.strip().replace(r"\|", "|") for cell in row] for row in cells]


def test_the_table_has_every_command_that_has_a_key_with_just_its_keys() -> None:
    found: dict[str, list[str]] = {}
    for _, cell in rows_of("| to | keys |"):
        for entry in cell.split(" · "):
            match = re.fullmatch(r"((?:`[^`]+` )+)([^`]+)", entry)
            assert match, entry
            found[match[2]] = re.findall(r"`([^`]+)`", match[1])
    assert found == {one.title: [shown(key) for key in one.keys] for one in commands().values() if one.keys}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_first_minutes_lead_from_a_blank_file_to_a_hub_and_spoke(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "plan.toml"
    app = VnetTuiApp(path)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for keys, _ in rows_of("| press | what it does |"):
            for key in re.findall(r"`([^`]+)`", keys):
                if len(key) == 1 or key in _NAMED:
                    await press(pilot, key)
                else:
                    await enter(pilot, key)
                if key == "10.64.2.0/24":
                    bench = app.screen
                    assert isinstance(bench, WorkbenchScreen)
                    [notice] = bench.form.judgement.notices["address_space"]
                    assert "hub-weu" in notice.text
                    assert notice.offer
    topology = load(path).topology
    ends = {frozenset(link.between) for link in topology.connections.values()}
    assert ends == {frozenset(("hub-weu", spoke)) for spoke in ("app-weu", "data-weu", "office")}
    assert budgets(topology)["hub-weu"].used == 3
    assert topology.sites["office"].address_space != ()
    assert check(topology, datetime.date(2026, 1, 1)) == ()
