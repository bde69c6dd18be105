"""Renames: of the things that went and those that came, which are the same under another name.

Owns by what a thing is known again: the resource that it is in Azure, else the same content.
Invariant: a pair is made only where both sides have one candidate alone; in doubt one thing went and another came.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeAlias

from tui.exchange.comparing.fields import content
from tui.topology.model import Connection, Part, Peering, Site, Subscription, Topology, VNet

_Known: TypeAlias = Callable[[str, Part], Hashable | None]
"""By what a thing is known again, from its name and itself; None: by nothing."""

_TELLING: Mapping[str, tuple[str, ...]] = {
    "subscriptions": ("id", "name"),
    "vnets": ("address_space",),
    "subnets": ("prefixes",),
    "sites": ("address_space", "devices", "vpn_device"),
    "devices": ("address",),
    "connections": ("between",),
    "peerings": ("between",),
    "services": ("vnets",),
    "waivers": ("where",),
    "pools": ("prefixes",),
}
"""Without one of these a thing says too little to be known by its content. The name of a SKU is no name of its own."""


def renames(
    table: str,
    gone: Mapping[str, Part],
    come: Mapping[str, Part],
    before: Topology,
    after: Topology,
    networks: Mapping[str, str],
) -> dict[str, str]:
    """Return the old name of each thing in `come` that is one of `gone`.

    `table` is the last step of their place ("vnets", "subnets"); `networks` are the new names of VNets and sites by
    their old ones, as the links of `gone` name them.
    """
    found: dict[str, str] = {}
    ways: tuple[tuple[_Known, _Known], ...] = (
        (lambda name, part: _resource(name, part, before), lambda name, part: _resource(name, part, after)),
        (lambda _, part: _ends(part, networks), lambda _, part: _ends(part, {})),
        (lambda _, part: _said(table, part, networks), lambda _, part: _said(table, part, {})),
    )
    for of_gone, of_come in ways:
        taken = set(found.values())
        old = _alone({name: part for name, part in gone.items() if name not in taken}, of_gone)
        new = _alone({name: part for name, part in come.items() if name not in found}, of_come)
        found |= {name: old[known] for known, name in new.items() if known in old}
    return found


def _alone(things: Mapping[str, Part], known_by: _Known) -> dict[Hashable, str]:
    """The names of the things by what they are known by, where it is known of one alone."""
    names: dict[Hashable, list[str]] = {}
    for name, part in things.items():
        known = known_by(name, part)
        if known is not None:
            names.setdefault(known, []).append(name)
    return {known: named[0] for known, named in names.items() if len(named) == 1}


def _resource(name: str, part: Part, topology: Topology) -> Hashable | None:
    """What a resource id says. Azure compares ids without regard to case."""
    if isinstance(part, Subscription):
        return part.id.casefold() if part.id else None
    if not isinstance(part, VNet | Site | Connection):
        return None
    owner = topology.subscriptions.get(part.subscription or "")
    subscription = owner.id if owner is not None and owner.id else part.subscription
    parts = (subscription, part.resource_group, part.azure_name or name)
    return tuple((text or "").casefold() for text in parts)


def _ends(part: Part, networks: Mapping[str, str]) -> Hashable | None:
    """Two VNets have one peering at most, so its ends tell which it is."""
    return frozenset(networks.get(end, end) for end in part.between) if isinstance(part, Peering) else None


def _said(table: str, part: Part, networks: Mapping[str, str]) -> Hashable | None:
    if not any(getattr(part, field) for field in _TELLING.get(table, ())):
        return None
    if networks and isinstance(part, Connection):
        a, b = part.between
        part = part.model_copy(update={"between": (networks.get(a, a), networks.get(b, b))})
    return content(part)
