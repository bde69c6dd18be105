"""Waiving: accepting a finding on purpose, with a reason, an owner and a last day."""

from __future__ import annotations

import datetime

import pytest

from tests.building import topology
from tui.app.forms.form import Judgement
from tui.app.forms.waiving import patterns, waive
from tui.checks.engine import check
from tui.checks.rule import Finding
from tui.topology.model import Topology

TODAY = datetime.date(2026, 7, 1)

ESTATE = topology(
    """
    [vnets.app]
    address_space = ["10.0.0.0/24"]
    [vnets."web, old"]
    address_space = ["10.0.0.0/24"]
    [waivers.first]
    code = "NAM001"
    owner = "network team"
    [waivers.second]
    code = "NAM001"
    owner = "platform"
    [waivers.third]
    code = "NAM001"
    owner = "platform"
    """
)


def overlap(of: Topology = ESTATE) -> Finding:
    """The finding that two VNets overlap."""
    return next(finding for finding in check(of, TODAY) if finding.code == "ADR002")


def waiving(before: Topology = ESTATE, **values: str) -> Judgement:
    """What is said of the form with some fields filled in."""
    form = waive(before, overlap(before), TODAY)
    return form.judge(before, {**form.initial, **values})


def accepted(judgement: Judgement) -> Topology:
    """The topology once the form is accepted."""
    assert judgement.edit is not None
    return judgement.edit.apply(ESTATE)


def test_a_waiver_as_it_is_first_offered_waives_the_finding() -> None:
    judgement = waiving(reason="web is switched off in spring")
    assert not judgement.notices
    assert overlap(accepted(judgement)).waived == "web is switched off in spring"
    assert judgement.path == ("waivers", "adr002-app")


def test_all_that_is_typed_is_written_down() -> None:
    judgement = waiving(reason="known", owner="me", expires="2026-12-31", name="mine")
    made = accepted(judgement).waivers["mine"]
    assert (made.code, made.reason, made.owner, made.expires) == ("ADR002", "known", "me", datetime.date(2026, 12, 31))
    assert made.where == ("vnets.app", 'vnets."web, old"')


def test_a_waiver_without_a_reason_is_warned_about_and_may_be() -> None:
    judgement = waiving(reason=" ")
    assert [notice.severity for notice in judgement.notices["reason"]] == ["warning"]
    assert accepted(judgement).waivers["adr002-app"].reason is None


def test_the_reason_comes_first_and_the_usual_owners_are_offered() -> None:
    form = waive(ESTATE, overlap(), TODAY)
    assert [field.key for field in form.fields] == ["reason", "owner", "expires", "where", "name"]
    assert list(form.fields[1].choices(ESTATE, form.initial)) == ["platform", "network team"]


def test_ninety_days_from_today_are_offered() -> None:
    form = waive(ESTATE, overlap(), TODAY)
    assert list(form.fields[2].choices(ESTATE, form.initial)) == ["2026-09-29"]


@pytest.mark.parametrize("text", ["2026-06-30", "20260801", "2026-02-30", "soon", "2026-W30-1"])
def test_a_day_that_is_past_or_none_is_refused_and_another_offered(text: str) -> None:
    judgement = waiving(reason="x", expires=text)
    (notice,) = judgement.notices["expires"]
    assert (notice.severity, notice.offer) == ("error", "2026-09-29")
    assert judgement.edit is None


def test_a_waiver_may_end_today_or_never() -> None:
    assert waiving(reason="x", expires="2026-07-01").edit is not None
    assert accepted(waiving(reason="x", expires="")).waivers["adr002-app"].expires is None


@pytest.mark.parametrize(
    ("where", "left"), [("vnets.app", "web, old"), ('vnets."web, *"', "vnets.app"), ("", "covers nothing")]
)
def test_a_where_that_no_longer_covers_the_finding_is_warned_about(where: str, left: str) -> None:
    judgement = waiving(reason="x", where=where)
    (notice,) = judgement.notices["where"]
    assert notice.severity == "warning"
    assert left in notice.text
    assert notice.offer == 'vnets.app, vnets."web, old"'
    assert judgement.edit is not None


def test_a_glob_that_covers_the_finding_is_fine() -> None:
    judgement = waiving(reason="x", where="vnets.*")
    assert not judgement.notices
    assert overlap(accepted(judgement)).waived == "x"


def test_a_name_that_is_taken_is_refused_and_a_free_one_offered() -> None:
    judgement = waiving(reason="x", name="first")
    assert judgement.edit is None
    assert judgement.notices["name"][0].offer == "first-2"


def test_the_name_that_is_offered_is_free() -> None:
    once = accepted(waiving(reason="x"))
    assert waive(once, overlap(once), TODAY).initial["name"] == "adr002-app-2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" , ,", ()),
        ("a, b ,a", ("a", "b")),
        ('vnets."a, b", c', ('vnets."a, b"', "c")),
        (r'vnets."a\", b", c', (r'vnets."a\", b"', "c")),
    ],
)
def test_key_paths_are_parted_by_commas_that_stand_outside_quotes(text: str, expected: tuple[str, ...]) -> None:
    assert patterns(text) == expected
