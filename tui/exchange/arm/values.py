"""Values: what an expression gives, and what it gives when nobody can know.

Owns the values that are not known, each with the reason that a person is told, the marks that stand for the
subscription and the resource group of the deployment, and the limits that keep a hostile template small.
Invariant: no work on values goes uncounted, so that whatever a template says, evaluating it ends soon.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tui.exchange.source import ExchangeError

Value: TypeAlias = Any
"""JSON (dict, list, str, int, float, bool, None), or a NotKnown, which may also lie within a dict or a list."""
Kind: TypeAlias = Literal["not understood", "missing", "secret", "region"]

MAX_STEPS = 1_500_000
"""Nodes and elements that are looked at in one template, besides one for each of its characters: two seconds."""
MAX_CHARACTERS = 64 << 20
MAX_TEXT = 1 << 20
"""Characters of one string."""
MAX_ELEMENTS = 100_000
"""Elements of one array."""
MAX_VALUE_DEPTH = 80
MAX_DEPTH = 150
"""Evaluations within evaluations; each takes up to three of the thousand calls that Python allows."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A value that cannot be known, and why: a clause such as 'the parameter "x" has no value'."""

    why: str
    kind: Kind = "not understood"

    def plain(self) -> NotKnown:
        """Return this for a result that was computed from it: nothing of that is known, whatever is declared."""
        return self


@dataclass(frozen=True, slots=True)
class Declared(NotKnown):
    """What reference() tells of a resource: what the template declares is known, what Azure adds is not."""

    properties: dict[str, Value] = field(default_factory=dict, compare=False)
    whole: bool = False
    """True where Azure adds nothing within the properties, as with the outputs of a deployment."""

    def plain(self) -> NotKnown:
        return NotKnown(self.why, self.kind)

    def at(self, key: Value, work: Work) -> Value:
        """Return a property, or why it is not known."""
        found = property_of(self.properties, key, work) if isinstance(key, str) else None
        if found is None:
            return self.plain()
        return found[1] if self.whole else self._as_declared(found[1])

    def _as_declared(self, value: Value) -> Value:
        if isinstance(value, dict):
            return Declared(self.why, self.kind, value)
        if isinstance(value, list):
            return [Declared(self.why, self.kind, item) if isinstance(item, dict) else item for item in value]
        return value


class Lazy:
    """A value that is computed when it is first asked for; one that asks for itself is not known."""

    __slots__ = ("_compute", "_value")

    def __init__(self, compute: Callable[[], Value], what: str) -> None:
        self._compute: Callable[[], Value] | None = compute
        self._value: Value = NotKnown(f"{what} refers to itself")

    def value(self) -> Value:
        if self._compute is not None:
            compute, self._compute = self._compute, None
            self._value = compute()
        return self._value


class FunctionError(Exception):
    """Arguments that a function does not take. Never quotes a value: it might be a secret."""


class Work:
    """Counts the work on one source, and ends it with an ExchangeError when it is out of all proportion."""

    def __init__(self, source: str, length: int = 0) -> None:
        """`length` is that of the source's text: what is long may take long."""
        self.source = source
        self._most_steps = MAX_STEPS + length
        self.depth = 0
        self.copies = 0
        """Copies that all copy loops have made."""
        self._steps = 0
        self._characters = 0

    def step(self, count: int = 1) -> None:
        """Count so many nodes."""
        self._steps += count
        if self._steps > self._most_steps:
            raise self._too_much()

    def text(self, length: int) -> None:
        """Count a string of so many characters, before it is made. Raises FunctionError for one that is too long."""
        if length > MAX_TEXT:
            raise FunctionError(f"the text would be longer than {MAX_TEXT} characters")
        self._characters += length
        if self._characters > MAX_CHARACTERS:
            raise self._too_much()

    def elements(self, count: int) -> None:
        """Count an array or object of so many elements, before it is made."""
        if count > MAX_ELEMENTS:
            raise FunctionError(f"it would have more than {MAX_ELEMENTS} elements")
        self.step(count)

    def _too_much(self) -> ExchangeError:
        return ExchangeError(
            f"{self.source}: the template makes too much of too little: evaluating it was given up",
            "look for copy loops and variables that multiply each other, or deploy it and import what Azure answers",
        )


SUBSCRIPTION_MARK = "\ufdd0"
GROUP_MARK = "\ufdd1"
"""Two characters that no text may hold: they stand for the subscription and the group that are deployed to, which a
template does not tell. In an id they become nothing; everywhere else the value is not known."""
_MARK = re.compile(f"[{SUBSCRIPTION_MARK}{GROUP_MARK}]")
_MARK_IN_ID = re.compile(
    rf"(?<=/subscriptions/){SUBSCRIPTION_MARK}(?=/|$)|(?<=/resourcegroups/){GROUP_MARK}(?=/|$)",
    re.IGNORECASE,
)
NO_SUBSCRIPTION = NotKnown("subscription() is not told by a template")
NO_GROUP = NotKnown("resourceGroup().name is not told by a template")


def has_mark(text: str) -> bool:
    """True for a text with the subscription or group in it that is deployed to."""
    return GROUP_MARK in text or SUBSCRIPTION_MARK in text


def without_marks(text: str) -> str | NotKnown:
    """Return the text with empty parts for what an id leaves open, or why it is not known."""
    if not has_mark(text):
        return text
    text = _MARK_IN_ID.sub("", text)
    match = _MARK.search(text)
    if match is None:
        return text
    return NO_SUBSCRIPTION if match[0] == SUBSCRIPTION_MARK else NO_GROUP


def unknown_in(value: Value, work: Work, *, marks: bool = True) -> NotKnown | None:
    """Return the first thing in `value`, however deep, that is not known; with `marks`, a text with a mark too.

    Raises FunctionError for a value that nests too deep.
    """
    if isinstance(value, str):
        work.step(len(value) >> 10)
        return NO_GROUP if marks and has_mark(value) else None
    if isinstance(value, NotKnown):
        return value.plain()
    if not isinstance(value, dict | list):
        return None
    level = [value]
    for _ in range(MAX_VALUE_DEPTH):
        following: list[Any] = []
        for container in level:
            work.step(len(container) + 1)
            for item in container.values() if isinstance(container, dict) else container:
                if isinstance(item, dict | list):
                    following.append(item)
                elif isinstance(item, NotKnown):
                    return item.plain()
                elif isinstance(item, str):
                    work.step(len(item) >> 10)
                    if marks and has_mark(item):
                        return NO_GROUP
        if not following:
            return None
        level = following
    raise FunctionError(f"a value nests deeper than {MAX_VALUE_DEPTH} levels")


def json_text(value: Value, work: Work, *, in_order: bool = False) -> str:
    """Return a value that is known as JSON without blanks; `in_order` sorts the keys, so that equal objects agree.

    Raises FunctionError where the text would be too long or the value nests too deep.
    """
    _weigh(value, work)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=in_order)


def _weigh(value: Value, work: Work) -> None:
    """Count the characters of `value` as JSON before they are made: what is shared in memory is not in a text."""
    level = [value]
    total = 0
    for _ in range(MAX_VALUE_DEPTH):
        following: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                work.step(len(item))
                total += sum(len(key) + 4 for key in item)
                following.extend(item.values())
            elif isinstance(item, list):
                work.step(len(item))
                total += len(item)
                following.extend(item)
            elif isinstance(item, str):
                total += len(item)
            if total > MAX_TEXT:
                raise FunctionError(f"the text would be longer than {MAX_TEXT} characters")
        if not following:
            work.text(total)
            return
        level = following
    raise FunctionError(f"a value nests deeper than {MAX_VALUE_DEPTH} levels")


def property_of(value: dict[str, Value], key: str, work: Work) -> tuple[str, Value] | None:
    """Return the key as it is written and the value of a property, found without regard to case; None if absent."""
    if key in value:
        return key, value[key]
    folded = key.casefold()
    work.step(len(value))
    for written, item in value.items():
        if written.casefold() == folded:
            return written, item
    return None
