"""Against: which findings of one topology another one does not have.

Owns when two findings of different topologies are the same one. Messages do not count: they hold figures that change
while what is wrong stays.
Invariant: what is waived counts on neither side, and as many findings of one kind and place are new as there are more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from tui.checks.rule import Finding
from tui.topology.parts import Path

Key: TypeAlias = tuple[str, str, frozenset[Path]]
"""What findings of two topologies are known by: code, severity and places."""


def key_of(finding: Finding) -> Key:
    """Return what `finding` is known by."""
    return finding.code, finding.severity, frozenset(finding.where)


def known_of(findings: Iterable[Finding]) -> Counter[Key]:
    """Return how often each of `findings` that is not waived is there."""
    return Counter(key_of(finding) for finding in findings if finding.waived is None)


def beyond(findings: Iterable[Finding], known: Counter[Key]) -> list[Finding]:
    """Return those of `findings` that are not waived and not in `known`, in their order."""
    left = Counter(known)
    new = []
    for finding in findings:
        if finding.waived is None:
            key = key_of(finding)
            left[key] -= 1
            if left[key] < 0:
                new.append(finding)
    return new
