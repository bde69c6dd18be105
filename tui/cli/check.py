"""`vnet-tui check`: the findings of topologies, as text that editors read and as JSON.

Invariant: the exit status depends on findings that are not waived, and on files that could not be used, alone.
"""

from __future__ import annotations

import argparse
import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tui.checks.against import Key, beyond, known_of
from tui.checks.engine import check, summary
from tui.checks.finding_document import finding_document
from tui.checks.rule import Finding, listed
from tui.cli.opening import complain_of, open_topology
from tui.cli.output import complain, say, say_json
from tui.errors import FileError
from tui.storage.problems import Problem, UnreadableTopologyError

_FOLDED_FROM = 6
"""So many findings of one kind become one line."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with the place of its first offender in the file."""

    finding: Finding
    line: int | None
    column: int | None


def run(options: argparse.Namespace) -> int:
    """Check each file, print what was found, and return the worst exit status."""
    today = datetime.date.today()
    if [*options.files, options.against].count("-") > 1:
        complain("the standard input can be read only once: give - for one file")
        return 2
    known = _known(options.against, today) if options.against else None
    if options.against and known is None:
        return 2
    status, documents = 0, []
    for argument in options.files:
        try:
            placed = _check(argument, today)
        except UnreadableTopologyError as error:
            status, problems = 2, error.problems
            if options.format == "text":
                complain_of(argument, error)
        except FileError as error:
            status, problems = 2, (Problem(None, None, "", "", "", None, error.message),)
            if options.format == "text":
                complain(error.message)
                complain(error.hint)
        else:
            status = max(status, _status(placed, known, strict=options.strict))
            documents.append(_document(argument, placed))
            if options.format == "text":
                _say(argument, placed, known, verbose=options.verbose)
            continue
        documents.append({"file": argument, "problems": [asdict(problem) for problem in problems]})
    if options.format == "json":
        say_json(documents if len(options.files) > 1 else documents[0])
    return status


def _known(argument: str, today: datetime.date) -> Counter[Key] | None:
    """What the older file was found to have already, or None if it cannot be used."""
    try:
        topology, _ = open_topology(argument)
    except UnreadableTopologyError as error:
        complain_of(argument, error)
        return None
    return known_of(check(topology, today))


def _new(placed: Iterable[Placed], known: Counter[Key] | None) -> list[Finding]:
    """The findings that count: not waived, and not in the older file, which may have fewer of one kind and place."""
    return beyond((one.finding for one in placed), known or Counter())


def _check(argument: str, today: datetime.date) -> list[Placed]:
    topology, text = open_topology(argument)
    findings = check(topology, today)
    if not findings:
        return []
    from tui.storage.layout import Layout

    layout = Layout(text)
    placed = [Placed(finding, *layout.position(finding.where[0])) for finding in findings]
    return sorted(placed, key=lambda one: (one.line or 0, one.column or 0))


def _status(placed: Iterable[Placed], known: Counter[Key] | None, *, strict: bool) -> int:
    grave = {"error", "warning"} if strict else {"error"}
    return int(any(finding.severity in grave for finding in _new(placed, known)))


def _document(argument: str, placed: Sequence[Placed]) -> dict[str, Any]:
    return {
        "file": argument,
        "findings": [finding_document(one.finding, one.line, one.column) for one in placed],
        "summary": summary(one.finding for one in placed),
    }


def _say(argument: str, placed: Sequence[Placed], known: Counter[Key] | None, *, verbose: bool) -> None:
    for group in _groups(placed) if not verbose else ([one] for one in placed):
        first = group[0]
        finding = first.finding
        text = finding.message if len(group) == 1 else _folded(group)
        tail = f" [waived: {finding.waived}]" if finding.waived is not None else ""
        say(f"{argument}:{first.line or 1}:{first.column or 1}: {finding.severity} {finding.code} {text}{tail}")
        if verbose and finding.waived is None:
            say(f"    {finding.help}")
            for fix in finding.fixes:
                say(f"    fix: {fix.title}")
    if placed:
        say()
    counts = summary(one.finding for one in placed)
    words = ((counts["error"], "error"), (counts["warning"], "warning"), (counts["info"], "info"))
    parts = [f"{count} {word}{'s' if count != 1 and word != 'info' else ''}" for count, word in words]
    parts += [f"{counts['waived']} waived"] if counts["waived"] else []
    if known is not None:
        parts.append(f"{len(_new(placed, known))} new")
    say(f"{argument}: {', '.join(parts)}")


def _groups(placed: Sequence[Placed]) -> list[list[Placed]]:
    """Findings of one kind together where they are many, each group in the place of its first."""
    kinds: dict[tuple[object, ...], list[Placed]] = {}
    for one in placed:
        finding = one.finding
        kinds.setdefault((finding.code, finding.severity, finding.waived, finding.subject), []).append(one)
    groups: list[list[Placed]] = []
    for members in kinds.values():
        groups += [members] if len(members) >= _FOLDED_FROM else [[one] for one in members]
    return sorted(groups, key=lambda group: (group[0].line or 0, group[0].column or 0))


def _folded(group: Sequence[Placed]) -> str:
    """One line for many findings of one kind."""
    finding = group[0].finding
    things = list(dict.fromkeys(path for one in group for path in one.finding.where))
    if finding.code in ("ADR001", "ADR002"):
        kinds = {path[0] for path in things}
        noun = "VNets" if kinds == {"vnets"} else "sites" if kinds == {"sites"} else "networks"
        joined = "" if finding.code == "ADR001" else " that are not joined"
        return f"{len(things)} {noun}{joined} share {finding.subject}: {len(group)} pairs"
    names = listed(".".join(path[1:] or path) for path in dict.fromkeys(one.finding.where[0] for one in group))
    return f"{len(group)} times, at {names}: {finding.message}"
