"""The engine: runs the rules on a topology and applies its settings and waivers.

Owns the order of things: rules find, `[checks]` sets severities, waivers accept. What concerns one VNet only
is remembered with that (immutable) VNet, so that after an edit only what it touched is asked again.
Invariant: the same topology on the same day has the same findings, in the order of the codes and the file.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from tui.checks import (
    addresses,
    collisions,
    connections,
    gateways,
    limits,
    names,
    references,
    reserved,
    services,
    subnets,
    waivers,
)
from tui.checks.rule import SEVERITIES, Day, Finding, Found, Rule, Severity, TopologyCheck, registered
from tui.topology.keypath import key_path
from tui.topology.model import Planning, Topology, VNet, Waiver

FAMILIES = (
    references,
    collisions,
    addresses,
    reserved,
    subnets,
    gateways,
    connections,
    services,
    names,
    limits,
    waivers,
)

_Remembered = dict[int, tuple[VNet, str, tuple[tuple[str, Found], ...]]]
_remembered: tuple[Planning | None, _Remembered] = (None, {})


_answered: dict[str, tuple[Day, tuple[Any, ...], tuple[Found, ...]]] = {}
"""The last answer of each rule that says what it reads, with what it read."""


def rules() -> Mapping[str, Rule]:
    """Return every rule by its code."""
    return registered()


def check(topology: Topology, today: datetime.date) -> tuple[Finding, ...]:
    """Return the findings of every rule, waived ones included and marked."""
    found: dict[str, list[Found]] = {code: [] for code in registered()}
    off = {code for code, setting in topology.checks.items() if setting == "off"}
    for code, result in _about_vnets(topology):
        found[code].append(result)
    day = Day(today)
    for code, one in registered().items():
        if one.of_topology is not None and code not in off:
            found[code].extend(_across(one, one.of_topology, topology, day))
    findings = [
        _finding(one, result, topology.checks.get(code))
        for code, one in registered().items()
        if code not in off
        for result in found[code]
    ]
    findings, matched = _with_waivers(findings, topology, today)
    if waivers.CODE not in off:
        findings += _about_waivers(topology, matched, today)
    return tuple(findings)


def _across(one: Rule, finds: TopologyCheck, topology: Topology, day: Day) -> Iterable[Found]:
    """What a rule finds across the topology: its last answer, where nothing that it reads has changed."""
    if not one.reads:
        return finds(topology, day)
    read = tuple([aspect(topology) for aspect in one.reads])
    known = _answered.get(one.code)
    if known is None or known[0] != day or any(a is not b for a, b in zip(known[1], read, strict=True)):
        known = (day, read, tuple(finds(topology, day)))
        _answered[one.code] = known
    return known[2]


def summary(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are of each severity, and how many are waived (counted there only)."""
    counts = Counter("waived" if finding.waived is not None else finding.severity for finding in findings)
    return {kind: counts[kind] for kind in (*SEVERITIES, "waived")}


def _about_vnets(topology: Topology) -> Iterator[tuple[str, Found]]:
    """The findings about single VNets: remembered ones where the VNet is the same object as before."""
    global _remembered
    planning, before = _remembered
    if planning is not topology.planning:
        before = {}
    now: _Remembered = {}
    asked = [(code, one.of_vnet) for code, one in registered().items() if one.of_vnet is not None]
    off = {code for code, setting in topology.checks.items() if setting == "off"}
    for name, vnet in topology.vnets.items():
        known = before.get(id(vnet))
        if known is None or known[0] is not vnet or known[1] != name:
            results = tuple((code, result) for code, finds in asked for result in finds(name, vnet, topology.planning))
            known = (vnet, name, results)
        now[id(vnet)] = known
        for code, result in known[2]:
            if code not in off:
                yield code, result
    _remembered = (topology.planning, now)


def _about_waivers(topology: Topology, matched: frozenset[str], today: datetime.date) -> list[Finding]:
    """The findings about waivers; those about waivers of these findings last, for nothing can waive them."""
    own, setting = registered()[waivers.CODE], topology.checks.get(waivers.CODE)
    of_waivers = frozenset(name for name, waiver in topology.waivers.items() if waiver.code == waivers.CODE)

    def useless(done: frozenset[str], names: frozenset[str]) -> list[Finding]:
        found = waivers.useless(topology, done, today)
        return [_finding(own, result, setting) for result in found if result.where[0][1] in names]

    marked, done = _with_waivers(useless(matched, frozenset(topology.waivers) - of_waivers), topology, today)
    return [*marked, *useless(done, of_waivers)]


def _finding(one: Rule, result: Found, setting: str | None) -> Finding:
    severity: Severity = result.severity or one.severity
    for known in SEVERITIES:
        if setting == known:
            severity = known
    return Finding(
        one.code, severity, result.where, result.message, result.help or one.help, result.fixes, None, result.subject
    )


def _with_waivers(
    findings: Sequence[Finding], topology: Topology, today: datetime.date
) -> tuple[list[Finding], frozenset[str]]:
    """The findings, the waived ones marked, and the names of the waivers that matched something."""
    by_code: dict[str, list[tuple[str, Waiver]]] = {}
    for name, waiver in topology.waivers.items():
        by_code.setdefault(waiver.code, []).append((name, waiver))
    if not by_code:
        return list(findings), frozenset()
    marked: list[Finding] = []
    matched: set[str] = set()
    for finding in findings:
        reasons = []
        for name, waiver in by_code.get(finding.code, ()):
            if matches(waiver, finding):
                matched.add(name)
                if waiver.expires is None or today <= waiver.expires:
                    reasons.append(waiver.reason or name)
        marked.append(_waived(finding, reasons[0]) if reasons else finding)
    return marked, frozenset(matched)


def _waived(finding: Finding, reason: str) -> Finding:
    return Finding(
        finding.code,
        finding.severity,
        finding.where,
        finding.message,
        finding.help,
        finding.fixes,
        reason,
        finding.subject,
    )


def matches(waiver: Waiver, finding: Finding) -> bool:
    """True if the waiver names the finding's code, and each of its places by a key path or a glob."""
    return waiver.code == finding.code and all(
        any(text == place or fnmatchcase(place, text) for text in waiver.where)
        for place in map(key_path, finding.where)
    )
