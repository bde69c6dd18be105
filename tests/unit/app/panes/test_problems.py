"""The findings, grouped and folded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import tui.checks.engine as engine  # the rules' titles
from tui.app.panes.problems import default_folded, help_of, key_of, ordered, rows
from tui.app.widgets.rows import Row
from tui.checks.rule import SEVERITIES, Finding, Severity
from tui.topology.edits import delete


def found(code: str, number: int, severity: Severity = "error", waived: str | None = None) -> Finding:
    return Finding(code, severity, (("vnets", f"v{number}"),), f"{code} at v{number}", "mend it", waived=waived)


def many(code: str, count: int, severity: Severity = "error") -> list[Finding]:
    return [found(code, number, severity) for number in range(count)]


def texts(lines: list[Row]) -> list[str]:
    return [" ".join(cell.text for cell in row.cells).strip() for row in lines]


FINDINGS = [
    found("ADR006", 1, "info"),
    *many("ADR002", 3, "warning"),
    found("ADR005", 1, "warning", "agreed"),
    *many("ADR001", 2),
    *many("SUB001", 4),
]


def test_three_findings_of_one_code_stand_under_a_line_of_their_own() -> None:
    assert texts(rows(FINDINGS, folded={"waived"})) == [
        "error ADR001 ADR001 at v0",
        "error ADR001 ADR001 at v1",
        f"▾ error SUB001 4 × {engine.rules()['SUB001'].title}",
        "error SUB001 SUB001 at v0",
        "error SUB001 SUB001 at v1",
        "error SUB001 SUB001 at v2",
        "error SUB001 SUB001 at v3",
        "▾ warning ADR002 3 × two networks overlap that are not joined",
        "warning ADR002 ADR002 at v0",
        "warning ADR002 ADR002 at v1",
        "warning ADR002 ADR002 at v2",
        "info ADR006 ADR006 at v1",
        "▸ waived  1 × accepted on purpose",
    ]


def test_a_folded_group_is_one_line_with_a_key_by_which_it_is_folded() -> None:
    lines = rows(FINDINGS, folded={"SUB001", "ADR002", "waived"})
    groups = [row.key for row in lines if row.group]
    assert groups == [("group", "SUB001"), ("group", "ADR002"), ("group", "waived")]
    assert len(lines) == 2 + 3 + 1


def test_a_terminal_without_fine_characters_gets_plain_ones() -> None:
    lines = texts(rows(FINDINGS, folded={"SUB001"}, ascii_only=True))
    assert any(line.startswith("> error SUB001 4 x ") for line in lines)
    assert any(line.startswith("v warning ADR002 3 x ") for line in lines)
    assert all(line.isascii() for line in lines)


def test_waived_findings_and_large_groups_are_folded_at_first() -> None:
    assert default_folded([*many("SUB001", 20), *many("SUB002", 21)]) == {"waived", "SUB002"}


def test_flat_is_every_finding_without_a_group() -> None:
    lines = rows(FINDINGS, folded={"SUB001", "waived"}, everything_flat=True)
    assert [row.key for row in lines] == [key_of(finding) for finding in ordered(FINDINGS)]
    assert not any(row.group for row in lines)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A1", "B1", "C1"]), st.sampled_from(SEVERITIES), st.sampled_from([None, None, "agreed"])
        ),
        max_size=12,
    )
)
def test_every_finding_is_shown_once_gravest_first_in_the_order_of_the_file(
    drawn: list[tuple[str, Severity, str | None]],
) -> None:
    findings = [found(code, number, severity, waived) for number, (code, severity, waived) in enumerate(drawn)]
    shown = [row.key for row in rows(findings) if not row.group]
    assert shown == [key_of(finding) for finding in ordered(findings)]
    assert sorted(shown, key=str) == sorted(map(key_of, findings), key=str)
    listed = ordered(findings)
    assert [one.waived is not None for one in listed] == sorted(one.waived is not None for one in listed)
    for code in ("A1", "B1", "C1"):
        mine = [one for one in listed if one.code == code and one.waived is None]
        assert mine == sorted(mine, key=lambda one: (SEVERITIES.index(one.severity), findings.index(one)))
    gravest = [group_gravity(row, findings) for row in rows(findings, folded={"A1", "B1", "C1", "waived"})]
    assert gravest == sorted(gravest)
    assert all(
        sum(one.code == code and one.waived is None for one in findings) >= 3 for code in codes_of_groups(findings)
    )


def group_gravity(row: Row, findings: list[Finding]) -> int:
    if row.key == ("group", "waived"):
        return 9
    word = row.cells[0].text.split()[-1]
    return SEVERITIES.index(word)


def codes_of_groups(findings: list[Finding]) -> list[str]:
    return [
        str(row.key[1]) for row in rows(findings) if row.group and isinstance(row.key, tuple) and row.key[1] != "waived"
    ]


def test_the_help_says_what_to_do_and_what_the_fix_would_do() -> None:
    fix = delete(("vnets", "v1"))
    finding = Finding("SUB001", "error", (("vnets", "v1"),), "wrong", "mend it", fixes=(fix,))
    assert help_of(finding) == f"what to do: mend it; fix x: {fix.title}"
    assert help_of(found("SUB001", 1)) == "what to do: mend it"
    assert help_of(found("SUB001", 1, waived="agreed with the team")) == "waived: agreed with the team"
