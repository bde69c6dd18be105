"""The lines of a comparison: everything that differs has one, and leads to its place."""

from __future__ import annotations

import datetime

from tests.building import topology
from tui.app.panes.comparing import Comparison
from tui.app.panes.tree import View
from tui.exchange.comparing.difference import difference

BEFORE = topology("""
    name = "a plan"
    [vnets.hub]
    address_space = ["10.0.0.0/22"]
    subnets.GatewaySubnet = "10.0.0.0/27"
    gateway.sku = "VpnGw1AZ"
    [vnets.app]
    address_space = ["10.1.0.0/24"]
    subnets.far = "172.16.0.0/24"
    [vnets.dropped]
    address_space = ["10.2.0.0/24"]
    [vnets.once]
    address_space = ["10.5.0.0/24"]
    region = "westeurope"
    note = "the very same"
""")
AFTER = topology("""
    name = "the plan"
    [vnets.hub]
    address_space = ["10.0.0.0/22"]
    subnets.GatewaySubnet = "10.0.0.0/27"
    gateway.sku = "VpnGw2AZ"
    [vnets.app]
    address_space = ["10.1.0.0/24", "10.3.0.0/24"]
    region = "westeurope"
    [vnets.more]
    address_space = ["10.4.0.0/24"]
    subnets.outside = "172.17.0.0/24"
    [vnets.now]
    address_space = ["10.5.0.0/24"]
    region = "westeurope"
    note = "the very same"
""")
DIFFERENCE = difference(BEFORE, AFTER, datetime.date(2026, 1, 1))
FOUND = Comparison(DIFFERENCE, title="from a to b")


def texts(one: Comparison) -> list[str]:
    """Each line."""
    return ["|".join(cell.text for cell in row.cells) for row in one.rows(View(ascii_only=True))]


def test_everything_that_differs_has_a_line() -> None:
    lines = texts(FOUND)
    for thing in DIFFERENCE.added:
        assert any(line.startswith(f"  > {'.'.join(thing.path)}|") for line in lines), thing.path
    for thing in DIFFERENCE.removed:
        assert any(line.startswith(f"  > {'.'.join(thing.path)}|") for line in lines), thing.path
    for changed in DIFFERENCE.changed:
        for field in changed.fields:
            assert any(line.startswith(f"      {field.field}|") for line in lines), field
    for finding in (*DIFFERENCE.findings_new, *DIFFERENCE.findings_gone):
        assert f"  {finding.severity} {finding.code} {finding.message}" in lines
    assert DIFFERENCE.findings_new
    assert DIFFERENCE.findings_gone
    assert "  vnets.now|was vnets.once" in lines
    assert "      address_space|+10.3.0.0/24" in lines
    assert "  v the topology|1 field" in lines
    assert any(line.startswith("  hub|tunnels 0/") for line in lines)


def test_a_line_leads_to_the_place_of_what_it_is_about() -> None:
    places = {}
    for row in FOUND.rows():
        if row.key != ("head",) and not row.group:
            places[row.cells[0].text.strip(" >▸▾")] = FOUND.paths(row.key)
    assert places["vnets.more"] == (("vnets", "more"),)
    assert places["vnets.dropped"] == (("vnets", "dropped"),)
    assert places["vnets.now"] == (("vnets", "now"), ("vnets", "once")), "whichever of them is open"
    assert places["address_space"] == (("vnets", "app"),)
    assert places["hub"] == (("vnets", "hub", "gateway"),)
    assert places["the topology"] == ((),)
    for finding in DIFFERENCE.findings_new:
        assert places[f"{finding.severity} {finding.code} {finding.message}"] == finding.where
    for key in (("head",), ("group", "added"), None):
        assert FOUND.paths(key) == ()


def test_a_line_says_in_full_what_it_is_about() -> None:
    said = {row.cells[0].text.strip(" >"): FOUND.explained(row.key) for row in FOUND.rows(View(ascii_only=True))}
    assert (
        said["vnets.more"]
        == "vnets.more was added; address_space: [10.4.0.0/24]; subnets.outside.prefixes: [172.17.0.0/24]"
    )
    assert said["vnets.dropped"] == "vnets.dropped was removed; address_space: [10.2.0.0/24]"
    assert said["vnets.now"] == "vnets.now was vnets.once"
    assert said["address_space"] == "vnets.app has changed; address_space: +10.3.0.0/24"
    assert said["v vnets.app"] == "vnets.app has changed; region: – → westeurope; address_space: +10.3.0.0/24"
    assert said["hub"].startswith("the gateway of hub: tunnels ")
    new = DIFFERENCE.findings_new[0]
    assert said[f"{new.severity} {new.code} {new.message}"].endswith(f"; what to do: {new.help}")
    assert said["v added (1)"] == "from a to b"


def test_groups_fold() -> None:
    everything = len(FOUND.rows())
    folded = View({"added"})
    assert len(FOUND.rows(folded)) == everything - len(DIFFERENCE.added)
    assert FOUND.is_folded("added", folded) is True
    assert FOUND.is_folded("added", View()) is False
    assert FOUND.is_folded("nothing", View()) is None


def test_a_thing_that_was_added_unfolds_into_all_that_it_says() -> None:
    (key,) = [row.key for row in FOUND.rows() if FOUND.paths(row.key) == (("vnets", "more"),)]
    unfolded = View({key}, ascii_only=True)
    lines = ["|".join(cell.text for cell in row.cells) for row in FOUND.rows(unfolded)]
    place = lines.index("  v vnets.more|10.4.0.0/24, subnets outside")
    assert lines[place + 1 : place + 3] == [
        "      address_space|[10.4.0.0/24]",
        "      subnets.outside.prefixes|[172.17.0.0/24]",
    ]
    field = FOUND.rows(unfolded)[place + 2].key
    assert FOUND.explained(field) == "vnets.more was added; subnets.outside.prefixes: [172.17.0.0/24]"
    assert FOUND.paths(field) == (("vnets", "more"),)


def test_a_filter_leaves_what_holds_it_in_its_group_whatever_is_folded() -> None:
    view = View({"changed"}, "10.3.0.0", ascii_only=True)
    lines = ["|".join(cell.text for cell in row.cells) for row in FOUND.rows(view)]
    assert lines[1:4] == ["v changed (3)", "  v vnets.app|2 fields", "      address_space|+10.3.0.0/24"]
    assert not any("vnets.more" in line for line in lines[:4])
    assert [row.key for row in FOUND.rows(View(wanted="nothing at all"))] == [("head",)]


def test_where_nothing_differs_it_says_so() -> None:
    same = Comparison(difference(BEFORE, BEFORE, datetime.date(2026, 1, 1)), title="from a to a")
    assert texts(same) == ["no difference"]
    assert same.explained(("head",)) == "from a to a"
