"""`rules` and `schema`: what they print, and their JSON contracts."""

from __future__ import annotations

import pytest

from tests.unit.cli import run
from tui.checks.engine import rules

KEYS = ["code", "severity", "title", "why", "help", "source"]


def test_every_rule_has_its_line_in_the_order_of_the_codes() -> None:
    header, *lines = run("rules").out.splitlines()
    assert header.split() == ["CODE", "SEVERITY", "HOLDS", "WHEN"]
    assert [line.split()[0] for line in lines] == sorted(rules())
    for line, rule in zip(lines, rules().values(), strict=True):
        assert line.split(maxsplit=2) == [rule.code, rule.severity, rule.title]


def test_json_of_the_rules() -> None:
    documents = run("rules", "--format", "json").json
    assert [one["code"] for one in documents] == sorted(rules())
    for one in documents:
        assert list(one) == KEYS
        assert all(isinstance(value, str) and value for value in one.values())
        assert one["severity"] in ("error", "warning", "info")


@pytest.mark.parametrize("code", ["ADR001", "adr001"])
def test_one_rule_is_explained(code: str) -> None:
    rule = rules()["ADR001"]
    ran = run("rules", code)
    lines = ran.out.splitlines()
    assert lines[0] == f"ADR001 (error): {rule.title}"
    assert [line for line in lines if line and not line.startswith(" ")][1:] == ["Why", "What to do", "Source"]
    assert rule.why.split() == " ".join(lines[3 : lines.index("What to do")]).split()
    assert (ran.status, ran.err) == (0, "")


def test_every_rule_is_explained_within_80_columns_but_for_its_title() -> None:
    for code in rules():
        _, *lines = run("rules", code).out.splitlines()
        assert all(len(line) <= 80 for line in lines if " " in line.strip()), code


def test_json_of_one_rule_is_one_document() -> None:
    rule = rules()["GWY003"]
    assert run("rules", "GWY003", "--format", "json").json == {key: getattr(rule, key) for key in KEYS}


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_unknown_rule_offers_the_nearest(form: str) -> None:
    ran = run("rules", "ADR0O1", "--format", form)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("there is no rule ADR0O1; did you mean ADR")
    assert run("rules", "zzz").err == "there is no rule zzz\n"


def test_schema_prints_one_json_document() -> None:
    ran = run("schema")
    assert ran.json["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (ran.status, ran.err) == (0, "")
