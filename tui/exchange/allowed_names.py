"""Allowed names: what people call their networks, as names that Azure would accept.

Owns how a name of a spreadsheet or of the classic network configuration, which may hold blanks and any letter, becomes
one of Azure's that reads alike. Invariant: a name that Azure allows stays as it is, no two things of one kind and
resource group get one name, and the names depend on the set of things and not on their order.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from tui.exchange.found import Found, FoundSubnet, Identity, Notice, Place
from tui.topology.naming import NAME_LENGTHS, NameKind, name_problem

_OTHER = re.compile(r"[^A-Za-z0-9_.-]+")

Names: TypeAlias = Mapping[Identity, Identity]
"""The identities that things get instead of those with the names that they have."""


def with_allowed_names(found: Found, tell: Callable[[Notice], None]) -> Found:
    """Return `found` with names that Azure allows; tells of each that a person gave and that is another one now.

    A name of which nothing is left, and one that is too short, stays as it is.
    """
    vnets = _renamed("vnet", ((one.identity, one.place) for one in found.vnets), tell)
    sites = _renamed("site", ((one.identity, one.place) for one in found.local_gateways), tell)
    circuits = _renamed("site", ((one.identity, one.place) for one in found.circuits), lambda notice: None)
    ends = {"Vnet2Vnet": vnets, "IPsec": sites, "ExpressRoute": circuits}
    links = _renamed("connection", ((one.identity, one.place) for one in found.connections), lambda notice: None)
    sides = _renamed("peering", ((one.identity, one.place) for one in found.peerings), lambda notice: None)
    return replace(
        found,
        vnets=tuple(
            replace(one, identity=_of(vnets, one.identity), subnets=_subnets(one.subnets, one.place, tell))
            for one in found.vnets
        ),
        gateways=tuple(
            replace(one, identity=_of(vnets, one.identity), vnet=_of(vnets, one.vnet) if one.vnet else None)
            for one in found.gateways
        ),
        local_gateways=tuple(replace(one, identity=_of(sites, one.identity)) for one in found.local_gateways),
        circuits=tuple(replace(one, identity=_of(circuits, one.identity)) for one in found.circuits),
        connections=tuple(
            replace(
                one,
                identity=_of(links, one.identity),
                gateway=_of(vnets, one.gateway),
                other=_of(ends[one.kind], one.other),
            )
            for one in found.connections
        ),
        peerings=tuple(
            replace(
                one,
                identity=_of(sides, one.identity),
                vnet=_of(vnets, one.vnet),
                remote=_of(vnets, one.remote),
            )
            for one in found.peerings
        ),
    )


def allowed(kind: NameKind, name: str) -> str:
    """Return a name that Azure allows and that reads like `name`; `name` itself where there is none."""
    if name_problem(kind, name) is None:
        return name
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    made = _OTHER.sub("-", plain).strip(".-_")[: NAME_LENGTHS[kind][1]].rstrip(".-")
    return name if name_problem(kind, made) else made


def _of(names: Names, identity: Identity) -> Identity:
    return names.get(identity, identity)


def _renamed(kind: NameKind, things: Iterable[tuple[Identity, Place]], tell: Callable[[Notice], None]) -> Names:
    places: dict[Identity, Place] = {}
    for identity, place in things:
        places.setdefault(identity, place)
    wanted = {one: name for one in places if (name := allowed(kind, one.name)) != one.name}
    if not wanted:
        return {}
    used = {one.folded for one in places if one not in wanted}
    numbers: Counter[tuple[str, str, str]] = Counter()
    names: dict[Identity, Identity] = {}
    for one in sorted(wanted, key=lambda one: (one.folded, one)):
        made = first = one._replace(name=wanted[one])
        while made.folded in used:
            numbers[first.folded] += 1
            end = f"-{numbers[first.folded] + 1}"
            made = first._replace(name=first.name[: NAME_LENGTHS[kind][1] - len(end)] + end)
        names[one] = made
        used.add(made.folded)
        tell(_notice(one.name, made.name, places[one]))
    return names


def _subnets(subnets: tuple[FoundSubnet, ...], place: Place, tell: Callable[[Notice], None]) -> tuple[FoundSubnet, ...]:
    if all(allowed("subnet", one.name) == one.name for one in subnets):
        return subnets
    names = _renamed("subnet", ((Identity("", "", one.name), place) for one in subnets), tell)
    return tuple(replace(one, name=_of(names, Identity("", "", one.name)).name) for one in subnets)


def _notice(given: str, made: str, place: Place) -> Notice:
    shown = given if len(given) <= 60 else f"{given[:59]}…"
    return Notice("assumed", f'Azure allows no name like "{shown}": it is read as "{made}"', place)
