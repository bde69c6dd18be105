"""Foreseeing: what the rules and the meters would say if a form were accepted, before it is.

Owns trying an edit in the excerpt of a topology that it touches, and saying what is new afterwards in the words of
the rules themselves. Also owns the gathering of notices.
Invariant: the topology itself is not changed, and no rule is asked about more than the excerpt.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tui.app.forms.form import Judgement, Notice
from tui.app.meters import load, tunnels
from tui.checks.engine import rules
from tui.checks.rule import SEVERITIES, Day, Found, Rule, Severity
from tui.connectivity.budgets import budgets
from tui.connectivity.joined import joined_groups
from tui.connectivity.weighing import Weighed, excerpt, weigh
from tui.topology.edits import Edit
from tui.topology.model import Topology
from tui.topology.parts import Path

_NO_DAY = Day(datetime.date.min)
"""For rules that do not ask what day it is."""

_OVERLAP = "ADR001"
_MOST_OVERLAPS = 3


class Notes:
    """The notices about a form as they are found."""

    def __init__(self) -> None:
        self._by_field: dict[str, list[Notice]] = {}
        self.refused = False
        """True if an error stands in the way of accepting the form."""

    def say(self, key: str, severity: Severity, text: str, offer: str | None = None) -> None:
        """Add a notice to a field; one that is there already is not said twice."""
        notice = Notice(severity, text, offer)
        if notice not in self._by_field.setdefault(key, []):
            self._by_field[key].append(notice)

    def refuse(self, key: str, text: str, offer: str | None = None) -> None:
        """Add an error that stands in the way."""
        self.refused = True
        self.say(key, "error", text, offer)

    def offer(self, key: str, text: str) -> None:
        """Make the notices of a field that offer nothing offer `text`."""
        self._by_field[key] = [
            replace(notice, offer=text) if notice.offer is None else notice for notice in self._by_field.get(key, ())
        ]

    @property
    def by_field(self) -> Mapping[str, tuple[Notice, ...]]:
        """The notices by field, the gravest first."""
        return {
            key: tuple(sorted(notices, key=lambda notice: SEVERITIES.index(notice.severity)))
            for key, notices in self._by_field.items()
            if notices
        }

    def judged(self, effects: Iterable[str] = (), edit: Edit | None = None, path: Path | None = None) -> Judgement:
        """Return the judgement: with `edit` only where nothing stands in its way."""
        return Judgement(self.by_field, tuple(effects), None if self.refused else edit, path)


@dataclass(frozen=True, slots=True)
class Foresight:
    """What an edit would bring."""

    weighed: tuple[Weighed, ...]
    """The budgets of the named VNets."""
    found: tuple[tuple[Rule, Severity, Found], ...]
    """What the rules would find that they do not find now."""


def foresee(topology: Topology, edit: Edit, names: Iterable[str], codes: Collection[str]) -> Foresight:
    """Return what `edit`, which touches the networks `names` and links between them, would bring.

    Only the rules with one of `codes` are asked, with the severities that the file sets. Raises EditError if the edit
    cannot be made.
    """
    named = tuple(dict.fromkeys(names))
    before, known = _as_it_is(topology, named, frozenset(codes))
    after = edit.apply(before)
    new = [found for found in _found(after, codes, named) if _identity(found) not in known]
    # What is remembered of an excerpt must not push out what is known of the topology.
    budgets(topology)
    joined = joined_groups(topology)

    def joined_before(found: Found) -> bool:
        return len(found.where) == 2 and joined.joined(found.where[0][1], found.where[1][1])

    return Foresight(
        weigh(before, after, named),
        tuple(
            (one, _severity(topology, one, found), found)
            for one, found in new
            if one.code != _OVERLAP or not joined_before(found)
        ),
    )


_Identity = tuple[str, tuple[Path, ...], str]


_Known = tuple[Topology, tuple[str, ...], frozenset[str], Topology, frozenset[_Identity]]
_last: _Known | None = None
"""What was last found of a topology as it is: from one key to the next it does not change."""


def _as_it_is(
    topology: Topology, names: tuple[str, ...], codes: frozenset[str]
) -> tuple[Topology, frozenset[_Identity]]:
    """The excerpt about `names`, and what the rules find in it before anything is done."""
    global _last
    if _last is None or _last[0] is not topology or _last[1:3] != (names, codes):
        before = excerpt(topology, names)
        _last = (topology, names, codes, before, frozenset(map(_identity, _found(before, codes, names))))
    return _last[3:]


def _found(topology: Topology, codes: Collection[str], names: Collection[str]) -> Iterator[tuple[Rule, Found]]:
    for code, one in rules().items():
        if code not in codes or topology.checks.get(code) == "off":
            continue
        if one.of_topology is not None:
            yield from ((one, found) for found in one.of_topology(topology, _NO_DAY))
        if one.of_vnet is not None:
            for name in names:
                if name in topology.vnets:
                    vnet_found = one.of_vnet(name, topology.vnets[name], topology.planning)
                    yield from ((one, found) for found in vnet_found)


def _identity(found: tuple[Rule, Found]) -> _Identity:
    return found[0].code, found[1].where, found[1].message


def _severity(topology: Topology, one: Rule, found: Found) -> Severity:
    setting = topology.checks.get(one.code)
    return next((known for known in SEVERITIES if known == setting), found.severity or one.severity)


def say_found(notes: Notes, foresight: Foresight, fields: Mapping[str, str], first: str) -> None:
    """Add what the rules would find to the fields that `fields` names by code; the rest goes to the field `first`.

    Overlaps are many at once or none: after a few the rest are counted.
    """
    overlaps = 0
    gravity: Severity = "error"
    for one, severity, found in foresight.found:
        if one.code == _OVERLAP:
            overlaps, gravity = overlaps + 1, severity
            if overlaps > _MOST_OVERLAPS:
                continue
        notes.say(fields.get(one.code, first), severity, found.message)
    if overlaps > _MOST_OVERLAPS:
        notes.say(first, gravity, f"{overlaps - _MOST_OVERLAPS} more overlaps between networks that this would join")


def meters(foresight: Foresight) -> Iterator[str]:
    """Yield a line for each VNet whose meters would change: the tunnels, and the bandwidth where that changes."""
    for weighed in foresight.weighed:
        before, after = weighed.before, weighed.after
        expected = any(budget.bandwidth_used for budget in (before, after) if budget is not None)
        for words in (tunnels, load) if expected else (tunnels,):
            was, would_be = (words(budget) if budget is not None else "no gateway" for budget in (before, after))
            if was != would_be:
                yield f"{weighed.name}  {was} → {would_be}"
