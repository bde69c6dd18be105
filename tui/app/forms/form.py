"""What a form is: fields of text, and one function that judges all of them together.

Owns the words that makers of forms and the screen share.
Invariant: a form holds no state; whatever is typed is passed to `judge`, and the same text is judged the same way
for the same topology.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from tui.checks.rule import Severity
from tui.topology.edits import Edit
from tui.topology.model import Topology
from tui.topology.parts import Path

Values: TypeAlias = Mapping[str, str]
"""What stands in each field, by its key."""

Kind: TypeAlias = Literal["text", "prefixes", "choice"]
"""What may be typed: any text; prefixes, parted by commas or blanks; or one of the field's choices."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form."""

    key: str
    label: str
    help: str
    """What it means, in one line, in Azure's words where there are any."""
    kind: Kind = "text"
    choices: Callable[[Topology, Values], Sequence[str]] = lambda topology, values: ()
    """What may be typed, or is likely to be; the last word of a list is completed."""
    joint: str = " "
    """What pasted lines are joined with."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be said about a field."""

    severity: Severity
    text: str
    offer: str | None = None
    """What one key would put into the field instead: the canonical form, a free block, the nearest known word."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What would come of a form as it is filled in."""

    notices: Mapping[str, tuple[Notice, ...]]
    """By field; the gravest first."""
    effects: tuple[str, ...] = ()
    """What it would change elsewhere: both meters as they would become, a gateway that is added."""
    edit: Edit | None = None
    """What accepting it does, or None if an error stands in its way."""
    path: Path | None = None
    """Where the cursor goes afterwards."""


@dataclass(frozen=True, slots=True)
class Form:
    """Something to fill in. Labels, values and notices may hold foreign text."""

    title: str
    fields: tuple[Field, ...]
    judge: Callable[[Topology, Values], Judgement]
    initial: Values = field(default_factory=lambda: MappingProxyType({}))
    """What stands in the fields to begin with; a field that is missing is empty."""
    next_free: Callable[[Topology, Values, str], str | None] = lambda topology, values, key: None
    """What "next free block" would put into the field with that key, or None where there is nothing to be had."""
    plan: Callable[[Topology, Values, str], str | None] = lambda topology, values, key: None
    """What the planner is asked to begin with, for the field with that key, or None where it plans nothing for it."""
    first: str = ""
    """The key of the field to begin in; the first one where it is empty."""
