"""The lines of an import's rehearsal: groups, marks, what would be wrong, and what is said about each line."""

from __future__ import annotations

import datetime
import json
from typing import Any

from tests.building import topology
from tui.app.panes.importing import Judgement, Proposal
from tui.app.panes.tree import View
from tui.checks.engine import check
from tui.checks.rule import Finding
from tui.exchange.assembling.assembly import assembled
from tui.exchange.gathering import gathered
from tui.exchange.rehearsing.rehearsal import merged
from tui.topology.model import Topology

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
PLAN = topology(f"""
    [subscriptions.prod]
    id = "{SUBSCRIPTION}"
    [vnets.app]
    subscription = "prod"
    region = "westeurope"
    resource_group = "rg"
    azure_name = "app"
    address_space = ["10.1.0.0/22"]
    state = "deployed"
    [vnets.old]
    subscription = "prod"
    resource_group = "rg"
    address_space = ["10.2.0.0/22"]
    state = "deployed"
""")


def vnet(name: str, *prefixes: str, region: str = "westeurope") -> dict[str, Any]:
    """A VNet as the tools print it."""
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network"
    return {
        "id": f"{group}/virtualNetworks/{name}",
        "name": name,
        "location": region,
        "resourceGroup": "rg",
        "addressSpace": {"addressPrefixes": list(prefixes)},
    }


def proposal(*vnets: dict[str, Any], existing: Topology = PLAN, prune: bool = False) -> Proposal:
    """The lines of the import of a list of VNets."""
    found = gathered([("~/azure/list.json", json.dumps(vnets).encode(), True)])
    return Proposal(merged(existing, assembled(found.found, existing), prune=prune))


NOTHING = Judgement((), 0, frozenset())
SOME = proposal(vnet("app", "10.1.0.0/22", region="eastus"), vnet("web", "10.4.0.0/24"), vnet("db", "10.5.0.0/24"))
WEB, DB, APP = (("vnets", name) for name in ("web", "db", "app"))


def texts(one: Proposal, *left_out: tuple[str, ...], judgement: Judgement | None = NOTHING) -> list[str]:
    """Each line, with a star where it is marked."""
    rows = one.rows(left_out, judgement, View(ascii_only=True))
    return [f"{'*' if row.marked else ' '}{'|'.join(cell.text for cell in row.cells)}" for row in rows]


def test_what_is_new_stands_before_what_is_changed_and_both_are_marked() -> None:
    assert texts(SOME) == [
        " 2 new, 1 changed, 1 identical; new findings: none",
        "*v new VNets (2)",
        "*  > db|10.5.0.0/24, westeurope, prod|list.json: [2]",
        "*  > web|10.4.0.0/24, westeurope, prod|list.json: [1]",
        "*v changed VNets (1)",
        "*  v app|1 field|list.json: [0]",
        "       region: westeurope → eastus",
        " v not in Azure any more: stays, p takes it out (1)",
        "   old|VNet old|",
    ]


def test_what_is_left_out_is_not_marked_nor_is_its_group_and_the_group_counts() -> None:
    lines = texts(SOME, WEB)
    assert " v new VNets (1 of 2)" in lines
    assert "*  > db|10.5.0.0/24, westeurope, prod|list.json: [2]" in lines
    assert "   > web|10.4.0.0/24, westeurope, prod|list.json: [1]" in lines
    assert "*v changed VNets (1)" in lines


def test_a_line_stands_for_its_thing_and_a_group_for_all_in_it() -> None:
    assert SOME.taken_by(("item", WEB)) == {WEB}
    assert SOME.taken_by(("field", APP, 0)) == {APP}
    assert SOME.taken_by(("group", "new vnets")) == {WEB, DB}
    assert SOME.takeable == {WEB, DB, APP}
    for key in (("head",), ("group", "absent"), ("absent", ("vnets", "old")), ("notice", 0), ("finding", 0), None):
        assert SOME.taken_by(key) == frozenset()


def test_what_is_gone_can_be_taken_when_it_is_to_go() -> None:
    pruned = proposal(vnet("app", "10.1.0.0/22"), prune=True)
    assert pruned.taken_by(("group", "gone vnets")) == {("vnets", "old")}
    assert "*  old|not in Azure any more|" in texts(pruned)


def test_a_conflict_is_never_marked_and_says_why() -> None:
    found = gathered(
        [
            (name, json.dumps([vnet("web", prefix)]).encode(), True)
            for name, prefix in (("a", "10.4.0.0/24"), ("b", "10.6.0.0/24"))
        ]
    )
    one = Proposal(merged(PLAN, assembled(found.found, PLAN)))
    (conflict,) = [item for item in one.rehearsal.items if item.status == "conflict"]
    assert one.takeable == frozenset()
    assert f"   web: {conflict.why}" in texts(one)
    assert one.why_not(("item", WEB)) == f"it is in conflict and stays as it is: {conflict.why}"
    assert one.why_not(("group", "conflict")) == "what is in conflict stays as it is"
    assert one.explained(("item", WEB), (), NOTHING).startswith(f"vnets.web is in conflict; {conflict.why}; from ")


def test_findings_are_counted_by_severity_and_named_up_to_fifty() -> None:
    many = topology(
        "".join(f'[vnets.v{n}]\naddress_space = ["10.0.{n}.0/24"]\nsubnets.x = "172.16.0.0/24"\n' for n in range(60))
    )
    found = tuple(one for one in check(many, datetime.date(2026, 1, 1)) if one.severity == "error")
    assert len(found) >= 60
    judgement = Judgement(found, 2, frozenset())
    assert SOME.summary(judgement).endswith(f"; new findings: {len(found)} errors, 2 of the present ones go")
    assert SOME.summary(None).endswith("; checking what would be wrong then")
    rows = SOME.rows((), judgement, View({"findings"}))
    keys = [row.key for row in rows]
    assert ("finding", 49) in keys
    assert ("finding", 50) not in keys
    (more,) = [row.cells[0].text for row in rows if row.key == ("more",)]
    assert more.strip().startswith(f"and {len(found) - 50} more")
    assert SOME.explained(("finding", 3), (), judgement).startswith(f"error {found[3].code} {found[3].message}")
    assert SOME.explained(("finding", 3), (), NOTHING) == "", "it is there no more"


def test_what_was_left_out_and_comes_along_says_so() -> None:
    needed = Judgement((), 0, frozenset({WEB}))
    assert "   > web|comes along: what is taken leads to it|list.json: [1]" in texts(SOME, WEB, judgement=needed)
    assert "comes along" in SOME.explained(("item", WEB), {WEB}, needed)
    assert SOME.explained(("item", WEB), {WEB}, NOTHING).startswith("vnets.web is left out; ")
    assert "comes along" not in "".join(texts(SOME, judgement=needed)), "what is taken is taken"


def test_a_large_group_is_folded_until_somebody_unfolds_it() -> None:
    many = proposal(*(vnet(f"v{number}", f"10.7.{number}.0/24") for number in range(30)))
    assert many.is_folded("new vnets", NOTHING, View()) is True
    assert many.is_folded("new vnets", NOTHING, View({"new vnets"})) is False
    folded, unfolded = len(many.rows((), NOTHING)), len(many.rows((), NOTHING, View({"new vnets"})))
    assert unfolded == folded + 30


def test_notices_stand_at_the_end_by_their_kind() -> None:
    one = proposal(vnet("web", "10.4.0.0/24", "nonsense"))
    notices = one.rehearsal.notices
    lines = texts(one)[-2 * len(notices) :]
    for kind, line, notice in zip(lines[::2], lines[1::2], notices, strict=True):
        assert (kind, line) == (f" v {notice.kind} (1)", f"   {notice.text} (list.json: {notice.place.where})")
    notice = notices[0]
    assert one.explained(("notice", 0), (), NOTHING) == f"{notice.kind}: {notice.text}; {notice.place}"


def test_where_there_is_nothing_it_says_so() -> None:
    assert proposal(existing=topology("")).summary(None) == "there is nothing that could be imported"


def test_a_new_thing_unfolds_into_all_that_was_understood_of_it() -> None:
    view = View({("item", WEB)}, ascii_only=True)
    lines = ["|".join(cell.text for cell in row.cells) for row in SOME.rows((), NOTHING, view)]
    place = lines.index("  v web|10.4.0.0/24, westeurope, prod|list.json: [1]")
    assert "      address_space: [10.4.0.0/24]" in lines[place:]
    assert SOME.is_folded(("item", WEB), NOTHING, view) is False
    said = SOME.explained(("item", WEB), (), NOTHING)
    for field in ("subscription: prod", "region: westeurope", "resource_group: rg", "state: deployed"):
        assert f"; {field}; " in said


def test_the_line_of_a_field_explains_that_field_alone() -> None:
    one = proposal(vnet("app", "10.1.0.0/22", "10.9.0.0/24", region="eastus"))
    said = [one.explained(("field", APP, number), (), NOTHING) for number in range(2)]
    assert said == [
        "vnets.app is changed; region: westeurope → eastus",
        "vnets.app is changed; address_space: +10.9.0.0/24",
    ]


def test_every_group_says_what_it_is() -> None:
    judgement = Judgement(
        (Finding("ADR001", "error", (WEB,), "it is wrong", "mend it", waived="so be it"),), 0, frozenset()
    )
    one = proposal(vnet("web", "10.4.0.0/24", "nonsense"), vnet("app", "10.1.0.0/22", region="eastus"))
    groups = [row.key for row in one.rows((), judgement) if row.group]
    assert len(groups) > 4
    for key in groups:
        assert one.explained(key, (), judgement), key
    assert one.explained(("finding", 0), (), judgement).endswith("it is accepted: so be it")
    assert one.summary(judgement).endswith("new findings: none"), "what is accepted does not count"


def test_a_filter_finds_things_in_folded_groups() -> None:
    many = proposal(*(vnet(f"v{number}", f"10.7.{number}.0/24") for number in range(30)))
    rows = many.rows((), NOTHING, View(wanted="V29", ascii_only=True))
    assert [row.key for row in rows if not row.group] == [("item", ("vnets", "v29"))]
    assert [row.key for row in many.rows((), NOTHING, View(wanted="nowhere"))] == [("head",)]


def test_a_thing_says_from_which_file_below_the_folder_of_all_it_is() -> None:
    sources = {"/home/me/azure/prod/list.json": vnet("web", "10.4.0.0/24"), "/home/me/azure/dev.json": vnet("db")}
    found = gathered([(name, json.dumps([one]).encode(), True) for name, one in sources.items()])
    both = Proposal(merged(PLAN, assembled(found.found, PLAN)))
    assert both.explained(("item", WEB), (), NOTHING).endswith("; from prod/list.json: [0]")
    assert both.explained(("item", DB), (), NOTHING).endswith("; from dev.json: [0]")
