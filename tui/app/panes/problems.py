"""Tab 6: what is wrong, gravest first.

Invariant: a row's key tells its finding from every other, whatever else is found.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.app.widgets.rows import Cell, Column, Row
from tui.checks.rule import SEVERITIES, Finding
from tui.topology.parts import Path

COLUMNS = (Column("", 7), Column("rule", 6), Column("what is wrong", 20, 1), Column("", 4))

Key = tuple[str, tuple[Path, ...], str]


def key_of(finding: Finding) -> Key:
    """Return what tells a finding from every other."""
    return (finding.code, finding.where, finding.message)


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings as the list shows them: errors, warnings, infos, then what is waived."""
    rank = {severity: place for place, severity in enumerate(SEVERITIES)}
    return sorted(findings, key=lambda finding: (finding.waived is not None, rank[finding.severity]))


def rows(findings: Sequence[Finding]) -> list[Row]:
    """Return one row for each finding."""
    return [
        Row(
            key_of(finding),
            (
                Cell("waived", "waived") if finding.waived is not None else Cell(finding.severity, finding.severity),
                Cell(finding.code),
                Cell(finding.message, "waived" if finding.waived is not None else ""),
                Cell("fix x" if finding.fixes and finding.waived is None else "", "muted"),
            ),
        )
        for finding in ordered(findings)
    ]
