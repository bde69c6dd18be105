"""Memory for what follows from a topology: computed once, forgotten with the topology.

Owns how derived facts are kept. They hang on the identity of an immutable value, so they can never be stale.
Invariant: a remembered result belongs to the very object it was computed from, which is kept alive with it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TypeVar

from tui.topology.model import Topology

R = TypeVar("R")

_KEPT = 3
"""Topologies whose facts are remembered: the current one, the saved one, and one that is being weighed."""


def derived(function: Callable[[Topology], R]) -> Callable[[Topology], R]:
    """Make `function` compute its result once per topology, for the last few topologies."""
    known: OrderedDict[int, tuple[Topology, R]] = OrderedDict()

    @wraps(function)
    def remembered(topology: Topology) -> R:
        entry = known.get(id(topology))
        if entry is None or entry[0] is not topology:
            entry = (topology, function(topology))
            known[id(topology)] = entry
            while len(known) > _KEPT:
                with suppress(KeyError):
                    known.popitem(last=False)
        else:
            # A check in another thread may have pushed it out meanwhile: it is computed anew then.
            with suppress(KeyError):
                known.move_to_end(id(topology))
        return entry[1]

    return remembered
