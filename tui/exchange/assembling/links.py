"""Links of an import: connection resources, which Azure has once for each direction or device, paired.

Owns which of them are one connection: the two halves of a VNet-to-VNet link, the connections of one VNet to the
devices of one site. Azure has at most one such link between two gateways, and between a gateway and a device, so a
link of the file with the same ends is this one, whatever it is called.
Invariant: every connection that was found is in exactly one draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal, NamedTuple

from tui.exchange.assembling.identities import Folded, InFile, Lookup, Unified, matched
from tui.exchange.assembling.ledger import Ledger, contradiction, described
from tui.exchange.assembling.networks import End, Ref
from tui.exchange.assembling.subscriptions import SubscriptionKeys
from tui.exchange.found import FoundConnection
from tui.topology.keypath import key_path
from tui.topology.model import Topology

Kind = Literal["vpn", "expressroute"]

_KINDS: Mapping[str, Kind] = {"Vnet2Vnet": "vpn", "IPsec": "vpn", "ExpressRoute": "expressroute"}


class Half(NamedTuple):
    """A connection resource with its ends."""

    connection: FoundConnection
    a: Ref
    b: Ref
    device: str | None
    """The device of the site that it leads to, or None where it leads to none."""


@dataclass(slots=True)
class ConnectionDraft:
    """A connection that one or several connection resources make together."""

    key: str | None
    """Its key in the file, or None where the file does not have it."""
    first: FoundConnection
    """The resource that it is named after."""
    between: tuple[Ref, Ref] | None = None
    halves: list[Half] = field(default_factory=list)
    bgp: bool = False
    keeps_identity: bool = False
    """Whether only other halves or devices were found than the resource that the file names: they do not rename it."""
    why: str = ""
    """Why it cannot be put in; empty where it can."""

    @property
    def kind(self) -> Kind:
        """The kind of the connection in the topology."""
        return _KINDS[self.first.kind]


class Remotes(NamedTuple):
    """What a connection can lead to beside a VNet."""

    devices: Lookup[tuple[Ref, str]]
    """The site and the device that a local gateway is."""
    circuits: Lookup[Ref]
    """The site that an ExpressRoute circuit is."""


def connection_drafts(
    found: Sequence[Unified[FoundConnection]],
    ends: Lookup[End],
    remotes: Remotes,
    file: Topology,
    subscriptions: SubscriptionKeys,
    ledger: Ledger,
) -> list[ConnectionDraft]:
    """Return the connections that were found, in the order of their identities."""
    known = _Known(file, subscriptions, (one.folded for one in found))
    drafts: list[ConnectionDraft] = []
    links: dict[object, list[Half]] = {}
    for one in found:
        half = _half(one, ends, remotes, subscriptions, known)
        if isinstance(half, str):
            drafts.append(ConnectionDraft(known.keys.get(one.folded), one.thing, why=half))
        else:
            links.setdefault((one.thing.kind, frozenset((half.a, half.b))), []).append(half)
    groups: list[list[Half]] = []
    for halves in links.values():
        if halves[0].connection.kind == "Vnet2Vnet":
            groups += _pairs(halves)
        elif halves[0].connection.kind == "IPsec":
            groups += known.by_device(halves, subscriptions)
        else:
            groups += ([half] for half in halves)
    # Those that the file knows by their identity choose before those that it knows by their ends.
    groups.sort(key=lambda group: not any(known.key_of(half, subscriptions) for half in group))
    for group in groups:
        drafts.append(_draft(group, known, subscriptions, ledger))
    return sorted(drafts, key=lambda draft: subscriptions.fold(draft.first.identity))


class _Known:
    """The connections of the file, by identity and by ends; each is given away once."""

    def __init__(self, file: Topology, subscriptions: SubscriptionKeys, found: Iterable[Folded]) -> None:
        self.file = file
        self._free = dict.fromkeys(file.connections)
        self._at: dict[tuple[Kind, frozenset[str]], list[str]] = {}
        entries: list[InFile[str]] = []
        for key, part in file.connections.items():
            identity = subscriptions.of_file(part.subscription, part.resource_group, part.azure_name or key)
            entries.append(InFile(key, *identity))
            self._at.setdefault((part.kind, frozenset(part.between)), []).append(key)
        self.keys = matched(found, entries).keys

    def key_of(self, half: Half, subscriptions: SubscriptionKeys) -> str | None:
        return self.keys.get(subscriptions.fold(half.connection.identity))

    def take(self, keys: Iterable[str | None], half: Half) -> str | None:
        """Return the key in the file that nobody has yet: one of `keys`, else that of the only link with these ends."""
        for key in keys:
            if key is not None and key in self._free:
                del self._free[key]
                return key
        there = [key for key in self._between(half) if key in self._free and self._covers(key, half)]
        if len(there) == 1:
            del self._free[there[0]]
            return there[0]
        return None

    def by_device(self, halves: Sequence[Half], subscriptions: SubscriptionKeys) -> list[list[Half]]:
        """Return the connections of one VNet to the devices of one site, those of one link of the file together."""
        groups: dict[str, list[Half]] = {}
        others: list[Half] = []
        for half in halves:
            key = self.key_of(half, subscriptions)
            if key is not None:
                groups.setdefault(key, []).append(half)
            else:
                others.append(half)
        new: list[Half] = []
        led_to = {key: {half.device for half in group} for key, group in groups.items()}
        for half in others:
            for key in self._between(half):
                there = led_to.setdefault(key, set())
                if half.device not in there and self._covers(key, half):
                    groups.setdefault(key, []).append(half)
                    there.add(half.device)
                    break
            else:
                new.append(half)
        seen: set[str | None] = set()
        parts: list[list[Half]] = [*groups.values()]
        together: list[Half] = []
        for half in new:
            if half.device in seen:
                parts.append([half])
            else:
                together.append(half)
                seen.add(half.device)
        return [*parts, together] if together else parts

    def lacks(self, key: str, group: Sequence[Half]) -> bool:
        """Whether a connection of the file has another half, or devices, beside those of `group`."""
        if group[0].connection.kind == "Vnet2Vnet":
            return len(group) < 2
        if group[0].connection.kind == "ExpressRoute":
            return False
        part = self.file.connections[key]
        sites = [self.file.sites[end] for end in part.between if end in self.file.sites]
        every = part.devices if part.devices is not None else [name for one in sites for name, _ in one.tunnel_ends()]
        return not {half.device for half in group}.issuperset(every)

    def is_named(self, key: str) -> bool:
        """Whether the file says which resource the connection is in Azure."""
        part = self.file.connections[key]
        return bool(part.azure_name or part.subscription or part.resource_group)

    def ends(self, key: str | None, a: Ref | None, b: Ref | None) -> tuple[Ref | None, Ref | None]:
        """Return the ends, with what is not known of them as the file has it."""
        if key is None or (a is not None and b is not None):
            return a, b
        between = self.file.connections[key].between
        if a is None and b is None:
            return between
        left = [end for end in between if end != (a if a is not None else b)]
        other = left[0] if len(left) == 1 else None
        return (a, other) if a is not None else (other, b)

    def _between(self, half: Half) -> list[str]:
        if not isinstance(half.a, str) or not isinstance(half.b, str):
            return []
        return self._at.get((_KINDS[half.connection.kind], frozenset((half.a, half.b))), [])

    def _covers(self, key: str, half: Half) -> bool:
        devices = self.file.connections[key].devices
        return half.device is None or devices is None or half.device in devices


def _half(
    one: Unified[FoundConnection],
    ends: Lookup[End],
    remotes: Remotes,
    subscriptions: SubscriptionKeys,
    known: _Known,
) -> Half | str:
    """The resource with its ends, or why it has none."""
    found = one.thing
    if one.differing:
        return contradiction(one.differing)
    gateway = ends.find(subscriptions.fold(found.gateway))
    a = gateway.vnet if gateway is not None else None
    b: Ref | None = None
    device: str | None = None
    if found.kind == "Vnet2Vnet":
        other = ends.find(subscriptions.fold(found.other))
        b = other.vnet if other is not None else None
    elif found.kind == "IPsec":
        remote = remotes.devices.find(subscriptions.fold(found.other))
        b, device = remote if remote is not None else (None, None)
    else:
        b = remotes.circuits.find(subscriptions.fold(found.other))
    a, b = known.ends(known.keys.get(one.folded), a, b)
    for end, identity, what in ((a, found.gateway, "gateway"), (b, found.other, _OTHERS[found.kind])):
        if end is None:
            return (
                f"its {what} {described(identity)} is neither in the file nor in the sources: import what it belongs "
                "to as well"
            )
    if a == b or a is None or b is None:
        return "both its ends are the same network: a link needs two"
    return Half(found, a, b, device)


_OTHERS = {"Vnet2Vnet": "other gateway", "IPsec": "local gateway", "ExpressRoute": "circuit"}


def _pairs(halves: Sequence[Half]) -> Iterator[list[Half]]:
    """The halves of each link between the same two VNets, forth and back."""
    forth = [half for half in halves if half.a == halves[0].a]
    back = [half for half in halves if half.a != halves[0].a]
    for pair in zip_longest(forth, back):
        yield [half for half in pair if half is not None]


def _draft(group: Sequence[Half], known: _Known, subscriptions: SubscriptionKeys, ledger: Ledger) -> ConnectionDraft:
    ordered = sorted(group, key=lambda half: (half.connection.identity.name.casefold(), half.connection.identity))
    keys = [known.key_of(half, subscriptions) for half in ordered]
    first = next((half for half, key in zip(ordered, keys, strict=True) if key is not None), ordered[0])
    key = known.take(keys, first)
    flags = {half.connection.bgp for half in group}
    draft = ConnectionDraft(key, first.connection, (first.a, first.b), ordered, bgp=flags == {True})
    if key is not None and known.lacks(key, group):
        draft.keeps_identity = key not in keys and known.is_named(key)
        if draft.bgp and not known.file.connections[key].bgp:
            # One half can take BGP away; it takes both to have it.
            draft.bgp = False
            text = (
                f"connection {described(first.connection.identity)} has BGP, {key_path(('connections', key))} of the "
                "file has none, and the rest of the link is not in the sources: it stays without, import both"
            )
            ledger.notice("differs", text, first.connection.place)
    names = " and ".join(f'"{half.connection.identity.name}"' for half in ordered[:2])
    place = first.connection.place
    if first.connection.kind == "Vnet2Vnet" and len(ordered) == 1:
        text = (
            f"connection {described(first.connection.identity)} is one half of a link: the other is not in the sources"
        )
        ledger.notice("missing", text, place)
    if len(flags) > 1:
        ledger.notice("differs", f"connections {names} differ in BGP: both need it, so the link has none", place)
    weights = {half.connection.routing_weight or 0 for half in group}
    if len(weights) > 1 and first.connection.kind == "Vnet2Vnet":
        ledger.notice("differs", f"connections {names} differ in their routing weight", place)
    policies = [half.connection.ipsec_policy for half in group if half.connection.ipsec_policy]
    if any(policy != policies[0] for policy in policies):
        ledger.notice("differs", f"connections {names} differ in their IPsec policy: that of the first is kept", place)
    return draft
