"""What a rule is, and what it finds.

Owns the register of rules: a rule is data, declared once, plus the functions that find its offenders.
Invariant: a code names one rule, and a rule's function reports places, messages and fixes, never severity
settings or waivers; those are the engine's.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from tui.topology.derived import Aspect
from tui.topology.edits import Edit
from tui.topology.keypath import key_path
from tui.topology.model import Planning, Topology, VNet
from tui.topology.parts import Path

Severity: TypeAlias = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class Found(NamedTuple):
    """What a rule reports of one place."""

    where: tuple[Path, ...]
    message: str
    """What is wrong: the offenders by name, and the exact prefix or figure."""
    severity: Severity | None = None
    """Where it differs from the rule's own."""
    help: str = ""
    """What to do, where it differs from the rule's own."""
    fixes: tuple[Edit, ...] = ()
    subject: str = ""
    """What findings of one kind have in common (a block that many share); they are folded by it."""


@dataclass(frozen=True, slots=True)
class Day:
    """What rules about the whole topology may ask besides it."""

    today: datetime.date


VNetCheck: TypeAlias = Callable[[str, VNet, Planning], Iterable[Found]]
TopologyCheck: TypeAlias = Callable[[Topology, Day], Iterable[Found]]
V = TypeVar("V", bound=VNetCheck)
T = TypeVar("T", bound=TopologyCheck)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a code, what it says, why it is so, and the function that finds its offenders."""

    code: str
    severity: Severity
    """As a finding has it unless the rule says otherwise of one."""
    title: str
    why: str
    """Why it is so, in Azure's words."""
    source: str
    help: str
    """What to do."""
    of_vnet: VNetCheck | None = None
    """What it finds in one VNet, looked at by itself."""
    of_topology: TopologyCheck | None = None
    """What it finds across the topology."""
    reads: tuple[Aspect, ...] = ()
    """What of the topology `of_topology` reads, where it reads only so much; empty: anything."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check."""

    code: str
    severity: Severity
    where: tuple[Path, ...]
    message: str
    help: str
    fixes: tuple[Edit, ...] = ()
    waived: str | None = None
    """The reason of the waiver that accepts it, or None."""
    subject: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """Its places as key paths."""
        return tuple(map(key_path, self.where))


_registered: dict[str, Rule] = {}


class rule:  # noqa: N801 - a declaration, read as a word
    """Registers a rule; its two methods decorate the functions that find its offenders."""

    def __init__(
        self,
        code: str,
        severity: Severity,
        title: str,
        *,
        why: str,
        source: str,
        help: str,  # noqa: A002 - the word that the findings use
    ) -> None:
        if code in _registered:
            raise ValueError(f"two rules are called {code}")
        self._code = code
        _registered[code] = Rule(code, severity, title, why, source, help)

    def in_vnet(self, finds: V) -> V:
        """Decorate a function that is asked (name, vnet, planning); the answer is remembered with that VNet."""
        _registered[self._code] = replace(_registered[self._code], of_vnet=finds)
        return finds

    def in_topology(self, finds: T) -> T:
        """Decorate a function that is asked (topology, day), for every new topology."""
        return self.reading()(finds)

    def reading(self, *aspects: Aspect) -> Callable[[T], T]:
        """Decorate a function as `in_topology` does that reads nothing but `aspects`: asked when they change."""

        def register(finds: T) -> T:
            _registered[self._code] = replace(_registered[self._code], of_topology=finds, reads=aspects)
            return finds

        return register


def registered() -> dict[str, Rule]:
    """Return the rules registered so far, by code, in the order of their codes."""
    return dict(sorted(_registered.items()))


def listed(names: Iterable[Any], most: int = 4) -> str:
    """Return names as a sentence lists them: "a, b and c", or "a, b, c and 17 others"."""
    texts = [str(name) for name in names]
    if len(texts) > most + 1:
        return f"{', '.join(texts[:most])} and {len(texts) - most} others"
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1]))) if texts else "none"
