"""Listings: of what a source tells all there is, so that what is missing in it is missing in Azure.

Owns when an answer of Azure's tools is complete: a list (of `az`, PowerShell, the REST API or Resource Graph) that
does not break off and of which everything was understood tells all of its kind in every resource group that occurs in
it; a VNet that was printed with its subnets and its peerings tells all of them, also where there are none.
Invariant: one resource by itself says nothing about others, and a list says nothing about groups that are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from tui.exchange.found import Found, FoundVNet, Identity, ListedKind, Listing

_ITEM: Final = re.compile(r"(?:^|[.\] ])(?:value|data|rows)?\[\d+\]\Z", re.IGNORECASE)
"""The JSON path of an item of a list, as opposed to that of a thing within another one."""

_TABLES: Final[tuple[tuple[ListedKind, str], ...]] = (
    ("vnets", "vnets"),
    ("gateways", "gateways"),
    ("sites", "local_gateways"),
    ("circuits", "circuits"),
    ("connections", "connections"),
)


def inside(vnet: FoundVNet, subnets: Any, peerings: Any, understood: int) -> Iterator[Listing]:
    """Yield of what within `vnet` a source tells all, given the lists in it and how many of its peerings were read."""
    if not all(vnet.identity):
        return
    if isinstance(subnets, list) and len(subnets) == len(vnet.subnets):
        yield Listing("subnets", vnet.identity, vnet.place.source)
    if isinstance(peerings, list) and len(peerings) == understood:
        yield Listing("peerings", vnet.identity, vnet.place.source)


def with_listings(found: Found) -> Found:
    """Return what one answer of Azure's tools tells, with the lists in it."""
    lists = tuple(listed(found, items_only=True))
    if any(notice.kind in ("missing", "not understood") for notice in found.notices):
        return replace(found, cut_off=(*found.cut_off, *lists))
    return replace(found, listings=(*found.listings, *lists))


def listed(found: Found, *, items_only: bool) -> Iterator[Listing]:
    """Yield the lists that what was found makes, each once. `items_only`: of what stood in a list in its source."""
    # Most things of a list lie in a group of which it has told some already.
    known: set[tuple[str, str, str, str]] = set()
    for kind, table in _TABLES:
        for thing in getattr(found, table):
            (subscription, group, _), (source, where) = thing.identity, thing.place
            key = (kind, subscription, group, source)
            if key not in known and subscription and group and (not items_only or _ITEM.search(where)):
                known.add(key)
                yield Listing(kind, Identity(subscription, group, ""), source)
    sides = (one for one in found.peerings if all(one.vnet) and (not items_only or _ITEM.search(one.place.where)))
    yield from dict.fromkeys(Listing("peerings", one.vnet, one.place.source) for one in sides)
