"""Sites of an import: local network gateways, several of which may be the devices of one site.

Owns which local gateways make one site: those with the same prefixes, in whatever resource group or subscription they
lie, and those with the same device. Each VNet's gateway needs local gateways of its own resource group or region in
practice, so that one device has several; the same address is the same device. Where nothing but the prefixes says that
two are one place, that is told. Those that the file has already stay where it has them.
Invariant: the identity of every local gateway can be found again in the site that it became.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.exchange.assembling.identities import Folded, Unified
from tui.exchange.assembling.keys import keys_for, wishes_of
from tui.exchange.assembling.ledger import Ledger, described
from tui.exchange.assembling.networks import New, Ref, Slot, sites_by_prefixes
from tui.exchange.assembling.summaries import Summaries
from tui.exchange.found import FoundLocalGateway, Identity
from tui.exchange.resource_ids import local_gateway_id, parsed_id
from tui.topology.keypath import key_path
from tui.topology.model import Site, Topology

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
    found: Sequence[Local],
    slots: Mapping[Folded, Slot],
    linked: Mapping[Folded, set[Ref]],
    file: Topology,
    summaries: Summaries,
    ledger: Ledger,
) -> list[SiteDraft]:
    """Return the sites that local gateways make, sorted by the identity of their first.

    `slots`: where the file has them. `linked`: the VNets that connections lead to from each. What is taken for one
    site without being certain goes into the ledger.
    """
    placing = _Placing(slots, file, summaries, ledger)
    for group in _groups(found):
        placing.place(group, _together(group, linked))
    return placing.drafts()


class _Placing:
    """Puts groups of local gateways with the same prefixes into the sites of the file, or into new ones."""

    def __init__(self, slots: Mapping[Folded, Slot], file: Topology, summaries: Summaries, ledger: Ledger) -> None:
        self._slots = slots
        self._file = file
        self._summaries = summaries
        self._ledger = ledger
        self._by_site: dict[str, SiteDraft] = {}
        self._new: list[SiteDraft] = []
        self._alike = sites_by_prefixes(file)

    def drafts(self) -> list[SiteDraft]:
        known = [self._by_site[key] for key in sorted(self._by_site)]
        return known + sorted(self._new, key=lambda draft: next(iter(draft.devices)))

    def place(self, group: Sequence[Local], certain: Sequence[Sequence[Local]]) -> None:
        """Place a group; `certain`: those of it that are together for another reason than their prefixes."""
        homes: dict[str, list[Local]] = {}
        for one in group:
            slot = self._slots.get(one.folded)
            if slot is not None:
                self._into(slot.site, [one], slot.device)
                homes.setdefault(slot.site, []).append(one)
        if all(one.folded in self._slots for one in group):
            return
        prefixes = frozenset(group[0].thing.prefixes)
        tells_a_place = bool(prefixes) and not all(map(self._summaries, prefixes))
        fresh: list[list[Local]] = []
        for part in certain:
            strangers = [one for one in part if one.folded not in self._slots]
            there = {key for key, members in homes.items() for one in members if one in part}
            there = there or self._with_device(strangers, {*homes, *self._alike.get(prefixes, ())})
            if len(there) == 1:
                self._into(there.pop(), strangers)
            elif there:
                # What the file has taken apart is not put together by a newcomer.
                fresh += ([one] for one in strangers)
            elif strangers:
                fresh.append(strangers)
        known = {*homes, *(self._alike.get(prefixes, ()) if tells_a_place else ())}
        if not tells_a_place or len(known) > 1:
            for strangers in fresh:
                self._as_new(strangers)
        elif known:
            (site,) = known
            for strangers in fresh:
                self._doubt(strangers[0], key_path(("sites", site)) + " of the file")
                self._into(site, strangers)
        elif fresh:
            if len(fresh) > 1:
                self._doubt(fresh[0][0], described(fresh[1][0].thing.identity))
            self._as_new([one for strangers in fresh for one in strangers])

    def _doubt(self, one: Local, other: str) -> None:
        text = (
            f"local gateway {described(one.thing.identity)} has the same prefixes as {other}, and another device: they "
            "are taken for one site; if they are two places, make two sites of them in the file"
        )
        self._ledger.notice("assumed", text, one.thing.place)

    def _with_device(self, strangers: Iterable[Local], sites: Iterable[str]) -> set[str]:
        """Those of `sites` of the file that have the device of one of `strangers`."""
        addresses = {address for one in strangers if (address := _address(one))}
        return {key for key in sites if not addresses.isdisjoint(_devices_at(self._file.sites[key]))}

    def _into(self, site: str, members: Sequence[Local], device: str | None = "") -> None:
        """Put local gateways into a site of the file, as the device that they are there or as new ones (empty)."""
        draft = self._by_site.setdefault(site, SiteDraft(site))
        if device != "":
            draft.devices.update((one.folded, (device, one.thing)) for one in members)
            return
        at = dict(_devices_at(self._file.sites[site]))
        for name, thing in draft.devices.values():
            if thing.address:
                at.setdefault(thing.address.casefold(), name)
        taken = ["vpn_device", *self._file.sites[site].devices, *(name for name, _ in draft.devices.values() if name)]
        draft.devices |= _named(members, at, taken)

    def _as_new(self, members: Sequence[Local]) -> None:
        ordered = sorted(members, key=lambda one: one.folded)
        is_one = len({_address(one) or one.folded for one in ordered}) == 1
        names = {} if is_one else _named(ordered, {}, ["vpn_device"])
        draft = SiteDraft(None, {one.folded: names.get(one.folded, (None, one.thing)) for one in ordered})
        self._new.append(draft)


def _named(
    members: Iterable[Local], at: Mapping[str, str | None], taken: Iterable[str]
) -> dict[Folded, tuple[str | None, FoundLocalGateway]]:
    """The devices that local gateways are: those of `at` at their address, else new ones, each under a name of its own.

    The name is that of the local gateway, where others do not have it.
    """
    first_at: dict[object, Local] = {}
    members = list(members)
    for one in members:
        if _address(one) not in at:
            first_at.setdefault(_address(one) or one.folded, one)
    wanted = {one.folded: wishes_of(one.thing.identity, None) for one in first_at.values()}
    names = keys_for(wanted, taken)
    devices: dict[Folded, tuple[str | None, FoundLocalGateway]] = {}
    for one in members:
        address = _address(one)
        name = at[address] if address in at else names[first_at[address or one.folded].folded]
        devices[one.folded] = name, one.thing
    return devices


def _devices_at(site: Site) -> dict[str, str | None]:
    """The devices of a site of the file by their addresses without case; None is that of the short form."""
    found: dict[str, str | None] = {}
    if site.vpn_device is not None:
        found[site.vpn_device.casefold()] = None
    for name, device in site.devices.items():
        if device.address is not None:
            found.setdefault(device.address.casefold(), name)
    return found


def _address(one: Local) -> str:
    return (one.thing.address or "").casefold()


def _groups(found: Sequence[Local]) -> list[list[Local]]:
    """The local gateways that may make one site each, in the order of their identities."""
    alike: dict[Any, list[Local]] = {}
    for one in found:
        # Without prefixes nothing but the device says that two of them are one place.
        what = frozenset(one.thing.prefixes) or _address(one) or one.folded
        own_id = parsed_id(local_gateway_id(one.thing.identity))
        if own_id is None or own_id.identity != one.thing.identity:
            # It could not be found again in a site that others speak for.
            what = one.folded
        alike.setdefault(what, []).append(one)
    return sorted(alike.values(), key=lambda group: group[0].folded)


def _together(members: Sequence[Local], linked: Mapping[Folded, set[Ref]]) -> list[list[Local]]:
    """The members with the same device or behind a common VNet, directly or through one another, put together."""
    leader = list(range(len(members)))

    def top(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    first_at: dict[object, int] = {}
    for number, one in enumerate(members):
        for what in (*linked.get(one.folded, ()), *([("address", _address(one))] if _address(one) else [])):
            leader[top(number)] = top(first_at.setdefault(what, number))
    joined: dict[int, list[Local]] = {}
    for number, one in enumerate(members):
        joined.setdefault(top(number), []).append(one)
    return list(joined.values())


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
