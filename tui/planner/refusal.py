"""Refusal: what is said where no address space can be had, with the ways out.

Invariant: a refusal names what is free instead, and every way out that has an edit makes room when that edit is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.planner.request import Request
from tui.topology.edits import Edit
from tui.topology.prefix import Prefix


@dataclass(frozen=True, slots=True)
class WayOut:
    """Something that would make room."""

    text: str
    edit: Edit | None = None
    """What does it; None where the person has to choose, a smaller block for example."""
    request: Request | None = None
    """What to ask for instead, where that is the way out."""
    moves: str | None = None
    """The VNet that has to move, where that is the way out; without an edit the person chooses where to."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is handed out."""

    message: str
    largest_free: Prefix | None = None
    """The largest free block where it was looked for; of several the lowest."""
    ways: tuple[WayOut, ...] = ()
    """The smallest change first."""
