"""A finding as one JSON document, which is a contract.

Invariant: wherever a finding is written in JSON it has these keys; what is not known of its place is null.
"""

from __future__ import annotations

from typing import Any

from tui.checks.rule import Finding


def finding_document(finding: Finding, line: int | None = None, column: int | None = None) -> dict[str, Any]:
    """Return `finding` as JSON has it; `line` and `column` are where its first offender stands in the file."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "where": list(finding.places),
        "line": line,
        "column": column,
        "message": finding.message,
        "help": finding.help,
        "waived": finding.waived,
    }
