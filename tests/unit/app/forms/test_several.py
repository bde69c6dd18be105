"""One form for several things: what is typed is set on all of them, and nothing else is touched."""

from __future__ import annotations

import pytest

from tests.building import topology
from tui.app.forms.form import Form, Judgement
from tui.app.forms.things import edit, edit_many
from tui.errors import EditError
from tui.topology.model import Topology
from tui.topology.parts import Path

PLAN = """
    [vnets]
    a = { region = "uksouth", note = "one", state = "deployed", gateway = { sku = "VpnGw1AZ" } }
    b = { region = "ukwest", note = "two", state = "deployed", gateway = { sku = "VpnGw2AZ" } }
    c = { region = "ukwest", note = "two", state = "deployed", transit = true }
    [services]
    x = { kind = "cloud-service" }
    y = { kind = "online-backup" }
"""
VNETS: list[Path] = [("vnets", "a"), ("vnets", "b"), ("vnets", "c")]


@pytest.fixture
def plan() -> Topology:
    return topology(PLAN)


def judged(form: Form, plan: Topology, **typed: str) -> Judgement:
    return form.judge(plan, {**form.initial, **typed})


def edited(form: Form, plan: Topology, title: str, **typed: str) -> Topology:
    made = judged(form, plan, **typed).edit
    assert made is not None
    assert made.title == title
    return made.apply(plan)


def test_what_they_share_stands_there_and_where_they_differ_it_says_so(plan: Topology) -> None:
    form = edit_many(plan, VNETS)
    assert form.title == "3 VNets"
    assert (form.initial["state"], form.initial["region"], form.initial["note"]) == ("deployed", "", "")
    notices = judged(form, plan).notices
    assert set(notices) == {"region", "note", "transit"}
    assert {notice.severity for one in notices.values() for notice in one} == {"info"}


def test_what_no_two_things_can_share_is_not_in_it(plan: Topology) -> None:
    keys = {field.key for field in edit_many(plan, VNETS).fields}
    assert not keys & {"name", "address_space", "growth", "azure_name"}


def test_a_field_that_is_typed_is_set_on_all_of_them_in_one_step(plan: Topology) -> None:
    after = edited(edit_many(plan, VNETS), plan, "Change region of 3 VNets", region="westeurope")
    assert {vnet.region for vnet in after.vnets.values()} == {"westeurope"}
    assert [vnet.note for vnet in after.vnets.values()] == ["one", "two", "two"]
    assert after.vnets["c"].transit


def test_accepted_as_it_is_it_changes_nothing(plan: Topology) -> None:
    assert edited(edit_many(plan, VNETS), plan, "Change nothing of 3 VNets") is plan


def test_a_dash_takes_a_field_away_and_so_does_emptying_a_common_one(plan: Topology) -> None:
    after = edited(edit_many(plan, VNETS), plan, "Change state, note of 3 VNets", note="-", state="")
    assert {(vnet.note, vnet.state) for vnet in after.vnets.values()} == {(None, "planned")}


def test_a_choice_in_which_they_differ_offers_to_take_it_away(plan: Topology) -> None:
    fields = {field.key: field for field in edit_many(plan, VNETS).fields}
    assert list(fields["transit"].choices(plan, {})) == ["yes", "no", "-"]
    assert list(fields["state"].choices(plan, {})) == ["planned", "deployed", "retiring"]


def test_what_a_thing_cannot_be_without_stays(plan: Topology) -> None:
    form = edit_many(plan, [("services", "x"), ("services", "y")])
    assert judged(form, plan, kind="-").edit is None
    after = edited(form, plan, "Change kind of 2 services", kind="cloud-service")
    assert {service.kind for service in after.services.values()} == {"cloud-service"}


def test_gateways_are_changed_together_too_and_judged_each(plan: Topology) -> None:
    form = edit_many(plan, [("vnets", "a", "gateway"), ("vnets", "b", "gateway")])
    after = edited(form, plan, "Change sku of 2 gateways", sku="VpnGw3AZ")
    skus = [vnet.gateway.sku for vnet in after.vnets.values() if vnet.gateway]
    assert skus == ["VpnGw3AZ", "VpnGw3AZ"]
    texts = [notice.text for notice in judged(form, plan, sku="VpnGw9").notices["sku"]]
    assert len(texts) == 2
    assert all("unknown SKU VpnGw9" in text for text in texts)


def test_a_word_that_means_nothing_is_said_once_and_what_cannot_be_stands_in_the_way(plan: Topology) -> None:
    form = edit_many(plan, VNETS)
    assert [one.offer for one in judged(form, plan, region="uksoth").notices["region"]] == ["uksouth"]
    assert judged(form, plan, state="live").edit is None
    assert judged(form, plan, tags="owner").edit is None


def test_many_findings_are_counted_after_the_first_few() -> None:
    vnets = "\n".join(f"v{number} = {{ gateway = {{ sku = 'VpnGw1AZ' }} }}" for number in range(9))
    plan = topology(f"[vnets]\n{vnets}")
    form = edit_many(plan, [("vnets", f"v{number}", "gateway") for number in range(9)])
    texts = [notice.text for notice in judged(form, plan, sku="none").notices["sku"]]
    assert len(texts) == 4
    assert texts[-1] == "and 6 more of this kind"


def test_one_thing_has_its_whole_form(plan: Topology) -> None:
    assert edit_many(plan, VNETS[:1]).fields == edit(plan, VNETS[0]).fields


def test_things_of_several_kinds_have_no_form(plan: Topology) -> None:
    with pytest.raises(EditError, match="several kinds"):
        edit_many(plan, [("vnets", "a"), ("services", "x")])
    with pytest.raises(EditError):
        edit_many(plan, [])


def test_one_that_went_away_meanwhile_stands_in_the_way(plan: Topology) -> None:
    assert edit_many(plan, VNETS).judge(topology("vnets.a = {}"), {"region": "ukwest"}).edit is None
