"""Findings rolled up: how many errors and warnings each thing has, and how they are shown.

Invariant: a waived finding counts nowhere, and the figure tells the severity by a sign and a letter, not by colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui.app.widgets.rows import Cell
from tui.checks.rule import Finding
from tui.topology.parts import Path

_EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Count:
    """Errors, warnings and infos at one place."""

    error: int = 0
    warning: int = 0
    info: int = 0

    def plus(self, other: Count) -> Count:
        """Both together."""
        return Count(self.error + other.error, self.warning + other.warning, self.info + other.info)

    def cell(self) -> Cell:
        """The figure of the gravest kind: "E2" for two errors, "W1" for a warning, "i3" for infos."""
        if self.error:
            return Cell(f"E{self.error}", "error")
        if self.warning:
            return Cell(f"W{self.warning}", "warning")
        return Cell(f"i{self.info}", "info") if self.info else _EMPTY


NONE = Count()


def by_thing(findings: Iterable[Finding]) -> Mapping[Path, Count]:
    """Return the counts of each thing that findings name, by the first two steps of its key path."""
    counts: dict[Path, Count] = {}
    for finding in findings:
        if finding.waived is not None:
            continue
        one = Count(**{finding.severity: 1})
        for thing in {path[:2] for path in finding.where}:
            counts[thing] = counts.get(thing, NONE).plus(one)
    return counts


def total(findings: Iterable[Finding]) -> Count:
    """Return the counts of all findings together."""
    result = NONE
    for finding in findings:
        if finding.waived is None:
            result = result.plus(Count(**{finding.severity: 1}))
    return result
