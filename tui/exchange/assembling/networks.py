"""Networks of an import: which VNet, local gateway or gateway of the file or of the sources an identity means.

Owns the step from resource ids to networks. A network that the file has goes by its key, one that is new by its
identity until it gets a key. Invariant: an identity that can mean two things means none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from tui.exchange.assembling.identities import Folded, InFile, Lookup, Matches, Unified, matched
from tui.exchange.assembling.subscriptions import SubscriptionKeys
from tui.exchange.found import FoundCircuit, FoundGateway, FoundLocalGateway, FoundVNet
from tui.exchange.resource_ids import parsed_id
from tui.topology.model import Topology
from tui.topology.prefix import Prefix


class New(NamedTuple):
    """A network that the file does not have. A VNet and a site may have the same name in Azure."""

    kind: Literal["vnet", "site", "circuit"]
    folded: Folded


Ref: TypeAlias = str | New
"""A network: the key that it has in the file, or what it is if the file does not have it."""


class Slot(NamedTuple):
    """Where the file has a local gateway: a site, and which of its devices (None: that of the short form)."""

    site: str
    device: str | None
    number: int = 0
    """Which of the local gateways of that device."""

    @property
    def end(self) -> str:
        """The name under which connections list the device."""
        return device_end(self.device)


class End(NamedTuple):
    """What a gateway stands for: its VNet, and whether it is the VPN gateway."""

    vnet: Ref
    kind: Literal["vpn", "expressroute"]


def vnets_of_file(file: Topology, subscriptions: SubscriptionKeys) -> list[InFile[str]]:
    """Return the VNets of the file with their identities."""
    return [
        InFile(key, *subscriptions.of_file(vnet.subscription, vnet.resource_group, vnet.azure_name or key))
        for key, vnet in file.vnets.items()
    ]


def slots_of_file(file: Topology, subscriptions: SubscriptionKeys) -> list[InFile[Slot]]:
    """Return the devices of the file with the identities of their local gateways.

    A site without any device is a local gateway as well, unless ExpressRoute leads there: then it is a circuit.
    """
    circuits = _behind_circuits(file)
    known: list[InFile[Slot]] = []
    for key, site in file.sites.items():
        ends: list[tuple[str | None, str, tuple[str, ...]]] = []
        if site.vpn_device is not None or (not site.devices and key not in circuits):
            ends.append((None, site.azure_name or key, site.local_gateways))
        ends += ((name, name, device.local_gateways) for name, device in site.devices.items())
        for device, name, ids in ends:
            if not ids:
                identity = subscriptions.of_file(site.subscription, site.resource_group, name)
                known.append(InFile(Slot(key, device), *identity))
            for number, one in enumerate(ids):
                told = parsed_id(one)
                if told is not None and told.names:
                    folded = subscriptions.fold(told.identity)
                    known.append(InFile(Slot(key, device, number), folded, folded))
    return known


def device_end(device: str | None) -> str:
    """Return the name under which connections list a device of a site; None is that of the short form."""
    return device or "vpn_device"


def sites_by_prefixes(file: Topology) -> dict[frozenset[Prefix], list[str]]:
    """Return the sites of the file that stand for local gateways in Azure, by the prefixes that these have."""
    circuits = _behind_circuits(file)
    found: dict[frozenset[Prefix], list[str]] = {}
    for key, site in file.sites.items():
        if key not in circuits and (site.subscription or site.resource_group):
            found.setdefault(frozenset((*site.address_space, *site.advertises)), []).append(key)
    return found


def circuits_of_file(file: Topology, subscriptions: SubscriptionKeys) -> list[InFile[str]]:
    """Return the sites of the file that stand for ExpressRoute circuits, with their identities."""
    return [
        InFile(key, *subscriptions.of_file(site.subscription, site.resource_group, site.azure_name or key))
        for key in sorted(_behind_circuits(file))
        if (site := file.sites[key]).vpn_device is None and not site.devices
    ]


def vnet_refs(found: Iterable[Unified[FoundVNet]], matches: Matches[str], file: Iterable[InFile[str]]) -> Lookup[Ref]:
    """Return the VNets of the sources and of the file, ready to be asked for by identity."""
    lookup: Lookup[Ref] = Lookup()
    for one in found:
        lookup.add(one.folded, matches.keys.get(one.folded, New("vnet", one.folded)))
    for known in file:
        lookup.add(known.folded, known.key, known.loose)
    return lookup


def gateway_ends(
    found: Iterable[Unified[FoundGateway]],
    vnets: Lookup[Ref],
    file: Topology,
    subscriptions: SubscriptionKeys,
) -> Lookup[End]:
    """Return what each gateway of the sources and of the file stands for; those of unknown VNets are left out."""
    lookup: Lookup[End] = Lookup()
    file_ends: Lookup[End] = Lookup()
    entries: list[InFile[End]] = []
    for key, vnet in file.vnets.items():
        if vnet.gateway is not None:
            group = vnet.gateway.resource_group or vnet.resource_group
            identity = subscriptions.of_file(vnet.subscription, group, vnet.gateway.name or key)
            entries.append(InFile(End(key, "vpn"), *identity))
    for entry in entries:
        file_ends.add(entry.folded, entry.key, entry.loose)
    for one in found:
        if one.thing.vnet is None:
            end = file_ends.find(one.folded)
        else:
            ref = vnets.find(subscriptions.fold(one.thing.vnet))
            end = End(ref, one.thing.kind) if ref is not None else None
        if end is not None:
            lookup.add(one.folded, end)
    for entry in entries:
        # What the sources say about a gateway stands before what the file says.
        lookup.add(entry.folded, entry.key, entry.loose)
    return lookup


def locals_in_file(
    found: Iterable[Unified[FoundLocalGateway]], file: Topology, subscriptions: SubscriptionKeys
) -> Matches[Slot]:
    """Return which local gateways the file has, and where."""
    return matched((one.folded for one in found), slots_of_file(file, subscriptions))


def circuits_in_file(
    found: Iterable[Unified[FoundCircuit]], file: Topology, subscriptions: SubscriptionKeys
) -> Matches[str]:
    """Return which circuits the file has as sites."""
    return matched((one.folded for one in found), circuits_of_file(file, subscriptions))


def _behind_circuits(file: Topology) -> set[str]:
    return {
        end
        for connection in file.connections.values()
        if connection.kind == "expressroute"
        for end in connection.between
        if end in file.sites and end not in file.vnets
    }
