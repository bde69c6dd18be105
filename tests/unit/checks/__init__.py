"""Tests of the rules: each file has one table of cases, and test_engine.py walks them all.

Owns what a case is and how it is judged. Invariant: a case looks at the findings of its own code alone, all of them,
in the order in which the engine gives them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.building import topology
from tui.checks.engine import check
from tui.checks.rule import Finding, Severity

TODAY = datetime.date(2026, 8, 1)
"""The day on which the cases are judged."""


class Want(NamedTuple):
    """A finding that a case expects."""

    severity: Severity
    places: tuple[str, ...]
    says: tuple[str, ...]
    """What the message must hold besides the names of the offenders."""


@dataclass(frozen=True)
class Case:
    """A topology and what one rule finds in it; nothing, for a near miss."""

    code: str
    title: str
    text: str
    wanted: tuple[Want, ...]
    follow_up: Mapping[str, str] = field(default_factory=dict)
    """Codes of errors that the fixes of the findings bring to light, each with the reason why that is right."""

    def __str__(self) -> str:
        return f"{self.code}-{self.title}".replace(" ", "_")


def case(code: str, title: str, text: str, *wanted: Want, follow_up: Mapping[str, str] | None = None) -> Case:
    """Return a case; without `wanted`, a near miss."""
    return Case(code, title, text, wanted, follow_up or {})


def error(*places: str, says: str | tuple[str, ...] = ()) -> Want:
    """Expect an error."""
    return Want("error", places, (says,) if isinstance(says, str) else says)


def warning(*places: str, says: str | tuple[str, ...] = ()) -> Want:
    """Expect a warning."""
    return Want("warning", places, (says,) if isinstance(says, str) else says)


def info(*places: str, says: str | tuple[str, ...] = ()) -> Want:
    """Expect an info."""
    return Want("info", places, (says,) if isinstance(says, str) else says)


def of_code(code: str, text: str) -> list[Finding]:
    """Return the findings of one rule."""
    return [finding for finding in check(topology(text), TODAY) if finding.code == code]


def offenders(finding: Finding) -> list[str]:
    """Return the names of the things at the finding's places."""
    return [path[1] if path[-1] == "gateway" else path[-1] for path in finding.where]


def assert_holds(one: Case) -> None:
    """Assert that the rule finds what the case wants, and names the offenders and the figures."""
    found = of_code(one.code, one.text)
    seen = [(finding.severity, finding.places) for finding in found]
    assert seen == [(want.severity, want.places) for want in one.wanted], [finding.message for finding in found]
    for finding, want in zip(found, one.wanted, strict=True):
        unsaid = [word for word in (*offenders(finding), *want.says) if word not in finding.message]
        assert not unsaid, f"{unsaid} not in: {finding.message}"
        assert finding.help
        assert finding.waived is None
