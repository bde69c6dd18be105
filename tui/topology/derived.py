"""Memory for what follows from a topology: computed once, forgotten with what it follows from.

Owns how derived facts are kept. They hang on the identity of immutable values, so they can never be stale.
Invariant: a remembered result belongs to the very objects it was computed from, which are kept alive with it.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from tui.topology.model import Gateway, Topology

A = TypeVar("A")
R = TypeVar("R")

Aspect: TypeAlias = Callable[[Topology], Any]
"""A part of a topology that stays the same object through every edit that does not touch it."""

_KEPT = 3
"""Results that are remembered: for the current topology, the saved one, and one that is being weighed."""

SITES: Aspect = attrgetter("sites")
LIMITS: Aspect = attrgetter("limits")
PLANNING: Aspect = attrgetter("planning")
SUBSCRIPTIONS: Aspect = attrgetter("subscriptions")
SERVICES: Aspect = attrgetter("services")
NAMES: tuple[Aspect, ...] = (attrgetter("vnets.names"), attrgetter("sites.names"), attrgetter("sites_first"))
LINKS: tuple[Aspect, ...] = (attrgetter("connections"), attrgetter("peerings"), *NAMES)


def derived(function: Callable[[Topology], R]) -> Callable[[Topology], R]:
    """Make `function` compute its result once per topology, for the last few topologies."""
    return derived_from(_whole)(function)


def derived_from(*aspects: Aspect) -> Callable[[Callable[[Topology], R]], Callable[[Topology], R]]:
    """Make a function compute its result anew only when one of `aspects` changed: it may read nothing else."""

    def decorate(function: Callable[[Topology], R]) -> Callable[[Topology], R]:
        known: OrderedDict[tuple[int, ...], tuple[tuple[Any, ...], R]] = OrderedDict()

        @wraps(function)
        def remembered(topology: Topology) -> R:
            read = tuple([aspect(topology) for aspect in aspects])
            key = tuple(map(id, read))
            # The objects of an entry live as long as it does, so their ids are nobody else's.
            entry = known.get(key)
            if entry is None:
                entry = (read, function(topology))
                known[key] = entry
                while len(known) > _KEPT:
                    # A check in another thread may be doing the same.
                    with suppress(KeyError):
                        known.popitem(last=False)
            else:
                with suppress(KeyError):
                    known.move_to_end(key)
            return entry[1]

        return remembered

    return decorate


def derived_with_argument(*, kept: int) -> Callable[[Callable[[Topology, A], R]], Callable[[Topology, A], R]]:
    """Make a function of a topology and one more (hashable) argument remember its last `kept` results per topology."""

    def decorate(function: Callable[[Topology, A], R]) -> Callable[[Topology, A], R]:
        @derived
        def known(topology: Topology) -> OrderedDict[A, R]:
            return OrderedDict()

        @wraps(function)
        def remembered(topology: Topology, argument: A) -> R:
            results = known(topology)
            if argument in results:
                return results[argument]
            result = results[argument] = function(topology, argument)
            while len(results) > kept:
                # A check in another thread may be doing the same.
                with suppress(KeyError):
                    results.popitem(last=False)
            return result

        return remembered

    return decorate


def aspect(function: Callable[[Topology], R]) -> Callable[[Topology], R]:
    """Make an aspect of a function whose result is cheap to compute: an equal result is the same object."""
    recent: deque[R] = deque(maxlen=_KEPT)

    @wraps(function)
    def same_object(topology: Topology) -> R:
        result = function(topology)
        for known in recent:
            if known == result:
                return known
        recent.append(result)
        return result

    return derived(same_object)


def _whole(topology: Topology) -> Topology:
    return topology


@aspect
def gateways(topology: Topology) -> tuple[tuple[str, Gateway], ...]:
    """Return the gateways with the names of their VNets, in the order of the file."""
    return tuple([(name, vnet.gateway) for name, vnet in topology.vnets.items() if vnet.gateway is not None])


@aspect
def forwarding(topology: Topology) -> tuple[str, ...]:
    """Return the names of the VNets with `transit = true`, in the order of the file."""
    return tuple([name for name, vnet in topology.vnets.items() if vnet.transit])
