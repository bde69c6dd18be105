"""Sites of an import: local network gateways, several of which may be the devices of one site.

Owns which local gateways make one site. Several make one where they lie in one resource group, have the same prefixes
and different addresses, and lead to a common VNet; those that the file has already stay where it has them.
Invariant: the identity of every local gateway can be found again in the site that it became.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.exchange.assembling.identities import Folded, Unified
from tui.exchange.assembling.networks import New, Ref, Slot
from tui.exchange.found import FoundLocalGateway, Identity

Local = Unified[FoundLocalGateway]


@dataclass(slots=True)
class SiteDraft:
    """A site that local gateways make together."""

    key: str | None
    """Its key in the file, or None where the file does not have it."""
    devices: dict[Folded, tuple[str | None, FoundLocalGateway]] = field(default_factory=dict)
    """The name of the device that each local gateway is (None: that of the short form), in the order of names."""

    @property
    def ref(self) -> Ref:
        """The site as the other parts of an import name it."""
        return self.key if self.key is not None else New("site", next(iter(self.devices)))

    @property
    def first(self) -> FoundLocalGateway:
        """The local gateway that speaks for the site."""
        return next(iter(self.devices.values()))[1]

    @property
    def identity(self) -> Identity:
        """The identity under which a new site looks for a key: several devices go by what their names begin with."""
        names = [one.identity.name for _, one in self.devices.values()]
        return self.first.identity._replace(name=_shared_name(names))


def site_drafts(
    found: Sequence[Local], slots: Mapping[Folded, Slot], linked: Mapping[Folded, set[Ref]]
) -> list[SiteDraft]:
    """Return the sites that local gateways make, sorted by the identity of their first.

    `slots`: where the file has them. `linked`: the VNets that connections lead to from each.
    """
    by_site: dict[str, SiteDraft] = {}
    new: list[SiteDraft] = []
    for group in _groups(found, linked):
        homes = {slots[one.folded].site for one in group if one.folded in slots}
        strangers: list[Local] = []
        for one in group:
            slot = slots.get(one.folded)
            if slot is not None:
                by_site.setdefault(slot.site, SiteDraft(slot.site)).devices[one.folded] = (slot.device, one.thing)
            elif len(homes) == 1:
                (site,) = homes
                by_site.setdefault(site, SiteDraft(site)).devices[one.folded] = (one.thing.identity.name, one.thing)
            else:
                strangers.append(one)
        # What the file has taken apart is not put together by a newcomer.
        for members in [[one] for one in strangers] if homes else [strangers]:
            if members:
                several = len(members) > 1
                draft = SiteDraft(None)
                for one in members:
                    draft.devices[one.folded] = (one.thing.identity.name if several else None, one.thing)
                new.append(draft)
    return [by_site[key] for key in sorted(by_site)] + new


def _groups(found: Sequence[Local], linked: Mapping[Folded, set[Ref]]) -> list[list[Local]]:
    """The local gateways that make one site each, in the order of their identities."""
    alike: dict[Any, list[Local]] = {}
    for one in found:
        subscription, group, _ = one.folded
        prefixes = frozenset(one.thing.prefixes)
        # Without prefixes nothing says that two of them are one place.
        alike.setdefault((subscription, group, prefixes or one.folded), []).append(one)
    groups: list[list[Local]] = []
    for members in alike.values():
        groups += _together(members, linked) if len(members) > 1 else [members]
    return sorted(groups, key=lambda group: group[0].folded)


def _together(members: list[Local], linked: Mapping[Folded, set[Ref]]) -> list[list[Local]]:
    """The members that lead to a common VNet, directly or through one another, put together."""
    leader = list(range(len(members)))

    def top(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    first_at: dict[Ref, int] = {}
    for number, one in enumerate(members):
        for vnet in linked.get(one.folded, ()):
            leader[top(number)] = top(first_at.setdefault(vnet, number))
    joined: dict[int, list[Local]] = {}
    for number, one in enumerate(members):
        joined.setdefault(top(number), []).append(one)
    return [part for group in joined.values() for part in ([group] if _are_devices(group) else [[m] for m in group])]


def _are_devices(group: Sequence[Local]) -> bool:
    """Whether each has an address of its own, and a name of its own."""
    addresses = {(one.thing.address or "").casefold() for one in group}
    return len(addresses) == len(group) and (len(group) == 1 or "" not in addresses)


def _shared_name(names: Sequence[str]) -> str:
    """What the names begin with, up to a sign between words; the first of them where that is hardly anything."""
    if len(names) == 1:
        return names[0]
    low, high = min(names), max(names)
    length = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    if length < len(low) or length < len(high):
        while length and low[length - 1] not in "-_. ":
            length -= 1
    shared = low[:length].rstrip("-_. ")
    return shared if len(shared) > 2 else low
