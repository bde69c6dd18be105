"""WAI001 and the settings of [checks]: findings accepted on purpose, made graver or lighter, or turned off."""

from __future__ import annotations

import datetime

import pytest

from tests.building import topology
from tests.unit.checks import TODAY, Case, assert_holds, case, of_code, warning
from tui.checks.engine import check, matches, rules, summary
from tui.checks.rule import Finding, Severity

OVERLAP = "vnets.a.address_space = ['10.0.0.0/16']\nsites.b.address_space = ['10.0.0.0/16']\n"

CASES = (
    case(
        "WAI001",
        "expired",
        OVERLAP + "waivers.w = { code = 'ADR002', where = ['vnets.a', 'sites.b'], expires = 2026-07-31 }",
        warning("waivers.w", says=("ADR002", "expired on 2026-07-31")),
    ),
    case(
        "WAI001",
        "matches nothing: another code, place, or one place of two",
        OVERLAP + "[waivers]\nu = { code = 'ADR001', where = ['vnets.a', 'sites.b'] }\n"
        "v = { code = 'ADR002', where = ['vnets.a', 'vnets.b'] }\nw = { code = 'ADR002', where = ['vnets.a'] }\n"
        "x = { code = 'ADR002' }\ny = { code = 'NOPE', where = ['*'] }",
        *(warning(f"waivers.{name}", says="matches no finding") for name in "uvwxy"),
    ),
    case(
        "WAI001",
        "expired and matching nothing is said once",
        "waivers.w = { code = 'ADR002', where = ['vnets.gone'], expires = 2020-01-01 }",
        warning("waivers.w", says="expired on 2020-01-01"),
    ),
    case(
        "WAI001",
        "a rule that is off finds nothing to waive",
        OVERLAP + "checks.ADR002 = 'off'\nwaivers.w = { code = 'ADR002', where = ['*'] }",
        warning("waivers.w", says="matches no finding"),
    ),
    case(
        "WAI001",
        "on its last day",
        OVERLAP + "waivers.w = { code = 'ADR002', where = ['vnets.a', 'sites.b'], expires = 2026-08-01 }",
    ),
    case("WAI001", "without a last day", OVERLAP + "waivers.w = { code = 'ADR002', where = ['vnets.a', 'sites.b'] }"),
    case(
        "WAI001",
        "a waiver of a waiver that lies in wait for nothing but itself",
        "waivers.w = { code = 'WAI001', where = ['waivers.*'] }",
        warning("waivers.w", says="matches no finding"),
    ),
)


@pytest.mark.parametrize("one", CASES, ids=str)
def test_cases(one: Case) -> None:
    assert_holds(one)


def waived(text: str, code: str = "ADR002", today: datetime.date = TODAY) -> list[str | None]:
    """By what each finding of one code is waived."""
    return [finding.waived for finding in check(topology(text), today) if finding.code == code]


@pytest.mark.parametrize(
    "where",
    [
        ["vnets.a", "sites.b"],
        ["sites.b", "vnets.a", "vnets.z"],
        ["vnets.*", "sites.?"],
        ["*"],
        ["[sv]*s.[ab]"],
        ["vnets.[!b]", "sites.b"],
    ],
)
def test_each_place_matches_exactly_or_by_a_glob(where: list[str]) -> None:
    assert waived(OVERLAP + f"waivers.w = {{ code = 'ADR002', where = {where}, reason = 'old' }}") == ["old"]


@pytest.mark.parametrize(
    "where", [["vnets.a"], ["sites.*"], [], ["vnets.a", "sites.B"], ["a", "b"], ["vnets", "sites"], ["vnets.a*b"]]
)
def test_one_place_that_does_not_match_is_enough(where: list[str]) -> None:
    assert waived(OVERLAP + f"waivers.w = {{ code = 'ADR002', where = {where} }}") == [None]


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("a.b", 'vnets."a.b"'),
        ("a.b", 'vnets."a*"'),
        ("a[1]", 'vnets."a[1]"'),
        ("a*", 'vnets."a*"'),
        ("[!x]", 'vnets."[!x]"'),
        ('say "hi"', 'vnets."say \\"hi\\""'),
        ("back\\slash", 'vnets."back\\\\slash"'),
        ("größe", 'vnets."größe"'),
        ("", 'vnets.""'),
        ("bell\a", 'vnets."bell\\u0007"'),
    ],
)
def test_names_that_need_quotes(name: str, where: str) -> None:
    data = topology("").model_validate(
        {
            "vnets": {name: {}, "other": {}},
            "waivers": {"w": {"code": "ADR007", "where": [where], "reason": "on purpose"}},
        }
    )
    found = {finding.where[0][1]: finding.waived for finding in check(data, TODAY) if finding.code == "ADR007"}
    assert found == {name: "on purpose", "other": None}


def test_without_a_reason_the_waivers_name_is_the_reason() -> None:
    assert waived(OVERLAP + "waivers.legacy = { code = 'ADR002', where = ['*'] }") == ["legacy"]


@pytest.mark.parametrize(("day", "accepted"), [(30, "old"), (31, "old"), (32, None)])
def test_the_day_is_an_argument(day: int, accepted: str | None) -> None:
    text = OVERLAP + "waivers.w = { code = 'ADR002', where = ['*'], reason = 'old', expires = 2026-03-31 }"
    today = datetime.date(2026, 3, 1) + datetime.timedelta(day - 1)
    assert waived(text, today=today) == [accepted]
    assert bool(waived(text, "WAI001", today)) is (accepted is None)


def test_an_expired_waiver_leaves_the_finding_to_a_valid_one() -> None:
    text = OVERLAP + "[waivers]\nold = { code = 'ADR002', where = ['*'], expires = 2020-01-01 }\n"
    assert waived(text) == [None]
    assert waived(text + "new = { code = 'ADR002', where = ['*'] }") == ["new"]


def test_a_waived_finding_keeps_its_severity_and_counts_as_waived_only() -> None:
    text = "vnets.a = {}\nvnets.b = {}\nwaivers.w = { code = 'ADR007', where = ['vnets.a'] }"
    found = check(topology(text), TODAY)
    assert [(finding.severity, finding.waived) for finding in found if finding.code == "ADR007"] == [
        ("error", "w"),
        ("error", None),
    ]
    before = summary(check(topology("vnets.a = {}\nvnets.b = {}"), TODAY))
    assert summary(found) == {**before, "error": before["error"] - 1, "waived": before["waived"] + 1}
    assert list(summary(())) == ["error", "warning", "info", "waived"]


def test_a_waiver_of_a_useless_waiver() -> None:
    text = "[waivers]\nold = { code = 'ADR001', where = ['x'] }\nw = { code = 'WAI001', where = ['waivers.old'] }"
    assert waived(text, "WAI001") == ["w"]


def test_a_waiver_matches_by_code_too() -> None:
    (finding,) = of_code("ADR002", OVERLAP)
    for code, expected in (("ADR002", True), ("ADR001", False), ("ADR*", False)):
        waiver = topology(f"waivers.w = {{ code = '{code}', where = ['*'] }}").waivers["w"]
        assert matches(waiver, finding) is expected


@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_a_setting_sets_the_severity_of_each_finding_of_the_rule(severity: Severity) -> None:
    text = OVERLAP + "vnets.c = { address_space = ['10.0.4.0/24'], isolated = true }\n"
    assert [finding.severity for finding in of_code("ADR002", text)] == ["info", "warning", "info"]
    found = of_code("ADR002", text + f"checks.ADR002 = '{severity}'")
    assert [finding.severity for finding in found] == [severity] * 3


def test_a_setting_leaves_other_rules_alone() -> None:
    text = OVERLAP + "vnets.c = {}\n"
    before, after = check(topology(text), TODAY), check(topology(text + "checks.ADR007 = 'info'"), TODAY)
    assert [f for f in before if f.code != "ADR007"] == [f for f in after if f.code != "ADR007"]


def bare(found: tuple[Finding, ...]) -> list[tuple[object, ...]]:
    """Findings without their fixes, which are functions and never equal."""
    return [(f.code, f.severity, f.where, f.message, f.help, f.waived, f.subject) for f in found]


@pytest.mark.parametrize("code", list(rules()))
def test_any_rule_can_be_turned_off_and_nothing_else_changes(code: str) -> None:
    # A rule of VNets alone, of the whole topology, and of waivers.
    text = OVERLAP + "vnets.c = { gateway = {} }\nwaivers.w = { code = 'SUB004', where = ['x'] }\n"
    before = [entry for entry in bare(check(topology(text), TODAY)) if entry[0] != code]
    assert bare(check(topology(text + f"checks.{code} = 'off'"), TODAY)) == before


def test_off_and_on_again_forgets_nothing() -> None:
    on = topology("vnets.c = {}")
    off = on.model_copy(update={"checks": topology("checks.ADR007 = 'off'").checks})
    codes = [[finding.code for finding in check(one, TODAY)] for one in (on, off, on)]
    assert ("ADR007" in codes[0], "ADR007" in codes[1], "ADR007" in codes[2]) == (True, False, True)
