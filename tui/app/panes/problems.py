"""Tab 6: what is wrong, gravest first; findings of one rule stand under a line that can be folded.

Owns the order and the groups. Invariant: a row's key tells its finding from every other, whatever else is found, and
every finding is under exactly one line or stands by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tui.app.widgets.rows import Cell, Column, Row
from tui.checks.rule import SEVERITIES, Finding, registered
from tui.topology.parts import Path

COLUMNS = (Column("", 9), Column("rule", 6), Column("what is wrong", 20, 1), Column("", 5))

Key = tuple[str, tuple[Path, ...], str]

WAIVED = "waived"
"""What the group of waived findings is folded by, where the others have their rule's code."""

_SMALLEST_GROUP = 3
_LARGEST_OPEN = 20
_RANK = {severity: place for place, severity in enumerate(SEVERITIES)}


class _Group(NamedTuple):
    """Findings that stand together; `name` is empty where they need no line above them."""

    name: str
    findings: list[Finding]


def key_of(finding: Finding) -> Key:
    """Return what tells a finding from every other."""
    return (finding.code, finding.where, finding.message)


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings as the list shows them when nothing is folded: gravest first, then what is waived."""
    return [finding for group in _groups(findings) for finding in group.findings]


def default_folded(findings: Sequence[Finding]) -> frozenset[str]:
    """Return what is folded until somebody unfolds it: what is waived, and codes with more than 20 findings."""
    large = (group.name for group in _groups(findings) if group.name and len(group.findings) > _LARGEST_OPEN)
    return frozenset({WAIVED, *large})


def rows(
    findings: Sequence[Finding],
    *,
    folded: Collection[str] = (),
    everything_flat: bool = False,
    ascii_only: bool = False,
) -> list[Row]:
    """Return one row for each finding, and one for each group, whose key is ("group", code).

    Three findings or more of one code are a group; what is waived is one at the end. `folded`: the groups of which
    only that line is shown. `everything_flat`: no groups, the same order.
    """
    lines: list[Row] = []
    for group in _groups(findings):
        grouped = bool(group.name) and not everything_flat
        if grouped:
            lines.append(_heading(group, group.name in folded, ascii_only))
        if not (grouped and group.name in folded):
            lines += (_row(finding, "  " if grouped else "") for finding in group.findings)
    return lines


def help_of(finding: Finding) -> str:
    """Return in one line what to do about a finding, and what the key for the fix would do."""
    if finding.waived is not None:
        return f"waived: {finding.waived}"
    fix = f"fix x: {finding.fixes[0].title}" if finding.fixes else ""
    return "; ".join(filter(None, (f"what to do: {finding.help}" if finding.help else "", fix)))


def _groups(findings: Sequence[Finding]) -> Iterator[_Group]:
    """The groups in their order; few findings of one code each make one without a name."""
    by_code: dict[str, list[Finding]] = {}
    waived: list[Finding] = []
    for finding in findings:
        (waived if finding.waived is not None else by_code.setdefault(finding.code, [])).append(finding)
    placed: list[tuple[int, str, _Group]] = []
    for code, of_code in by_code.items():
        of_code.sort(key=_rank)
        if len(of_code) >= _SMALLEST_GROUP:
            placed.append((_rank(of_code[0]), code, _Group(code, of_code)))
        else:
            placed += ((_rank(finding), code, _Group("", [finding])) for finding in of_code)
    placed.sort(key=lambda entry: entry[:2])
    yield from (group for _, _, group in placed)
    if waived:
        yield _Group(WAIVED, sorted(waived, key=lambda finding: (_rank(finding), finding.code)))


def _rank(finding: Finding) -> int:
    return _RANK[finding.severity]


def _heading(group: _Group, is_folded: bool, ascii_only: bool) -> Row:
    sign = (">" if is_folded else "v") if ascii_only else ("▸" if is_folded else "▾")
    # The sign of multiplication is no ASCII; a terminal that lacks triangles may lack it too.
    count = f"{len(group.findings)} {'x' if ascii_only else '×'}"
    if group.name == WAIVED:
        cells = (Cell(f"{sign} waived", "waived"), Cell(""), Cell(f"{count} accepted on purpose", "waived"), Cell(""))
        return Row(("group", WAIVED), cells, group=True)
    severity, rule = group.findings[0].severity, registered().get(group.name)
    title = rule.title if rule is not None else group.findings[0].message
    cells = (Cell(f"{sign} {severity}", severity), Cell(group.name), Cell(f"{count} {title}"), Cell(""))
    return Row(("group", group.name), cells, group=True)


def _row(finding: Finding, indent: str) -> Row:
    waived = finding.waived is not None
    return Row(
        key_of(finding),
        (
            Cell(indent + ("waived" if waived else finding.severity), "waived" if waived else finding.severity),
            Cell(finding.code),
            Cell(finding.message, "waived" if waived else ""),
            Cell("fix x" if finding.fixes and not waived else "", "muted"),
        ),
    )
