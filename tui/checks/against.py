"""Against: which findings of one topology another one does not have.

Owns when two findings of different topologies are the same one. Messages do not count: they hold figures that change
while what is wrong stays.
Invariant: what is waived counts on neither side, and as many findings of one kind and place are new as there are more;
what came with a waiver of its own is neither new nor hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from tui.checks.rule import Finding
from tui.topology.parts import Path

Key: TypeAlias = tuple[str, str, frozenset[Path]]
"""What findings of two topologies are known by: code, severity and places."""


class Turnover(NamedTuple):
    """What became of the findings from one topology to the next; each in the order in which it was found."""

    new: tuple[Finding, ...]
    """What the later one has and the earlier one has not."""
    accepted: tuple[Finding, ...]
    """Likewise, but a waiver accepts it."""
    gone: tuple[Finding, ...]
    """What the earlier one had, and the later one has not, or accepts."""


def turnover(before: Iterable[Finding], after: Iterable[Finding]) -> Turnover:
    """Return what became of the findings of the earlier topology in the later one."""
    earlier, later = list(before), list(after)
    # What was there already, waived or not, came with no waiver: it is the one that is still there, or it was accepted.
    there = Counter(map(key_of, earlier)) - known_of(later)
    return Turnover(
        tuple(beyond(later, known_of(earlier))),
        tuple(_more((one for one in later if one.waived is not None), there)),
        tuple(beyond(earlier, known_of(later))),
    )


def key_of(finding: Finding) -> Key:
    """Return what `finding` is known by."""
    return finding.code, finding.severity, frozenset(finding.where)


def known_of(findings: Iterable[Finding]) -> Counter[Key]:
    """Return how often each of `findings` that is not waived is there."""
    return Counter(key_of(finding) for finding in findings if finding.waived is None)


def beyond(findings: Iterable[Finding], known: Counter[Key]) -> list[Finding]:
    """Return those of `findings` that are not waived and not in `known`, in their order."""
    return list(_more((one for one in findings if one.waived is None), known))


def _more(findings: Iterable[Finding], known: Counter[Key]) -> Iterator[Finding]:
    left = Counter(known)
    for finding in findings:
        key = key_of(finding)
        left[key] -= 1
        if left[key] < 0:
            yield finding
