"""Duplicates: a thing once more under another name, at other addresses.

Owns what a copy takes along and what it cannot have twice. Names and ids that Azure gave, addresses of devices and
VPN clients, held growth and what only a deployed thing has stay with the original.
Invariant: what lies inside an address space keeps its distance from the beginning of its prefix, or is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.errors import EditError
from tui.topology.edits import Edit, add, noun
from tui.topology.keypath import key_path
from tui.topology.model import Device, Gateway, Part, Pool, Site, Subnet, Topology, VNet
from tui.topology.parts import Path, entry_at, with_fields
from tui.topology.prefix import Prefix
from tui.topology.table import Table

_ITS_OWN = ("azure_name", "state", "growth", "vpn_device", "bgp_peer", "local_gateways")
"""What a copy of any kind does not have, besides the id and the display name of a subscription."""


def duplicate(path: Path, new_name: str, address_space: Sequence[Prefix] | None = None) -> Edit:
    """Add a copy of the thing at `path` under `new_name`, with `address_space` for its own.

    `address_space`: its prefixes, those of a subnet or a pool too; None keeps the prefixes that the original has. A
    VNet's subnets move along with the prefix that holds them.
    Raises EditError if there is no such thing, if it is no entry of a table, or if the name is taken.
    """

    def apply(topology: Topology) -> Topology:
        return add((*path[:-1], new_name), duplicate_of(topology, path, address_space)).apply(topology)

    return Edit(f"Duplicate {noun(path)} as {new_name}", apply)


def duplicate_of(topology: Topology, path: Path, address_space: Sequence[Prefix] | None = None) -> Any:
    """Return the copy that `duplicate` adds. Raises EditError."""
    part = entry_at(topology, path)
    if not isinstance(part, Part) or len(path) < 2 or isinstance(part, Gateway):
        raise EditError(f"{key_path(path)} cannot be duplicated", "choose a thing that may be there several times")
    fields: dict[str, Any] = {name: None for name in _ITS_OWN if name in type(part).model_fields}
    if path[:-1] == ("subscriptions",):
        fields |= {"id": None, "name": None}
    if isinstance(part, Device):
        fields["address"] = None
    if isinstance(part, Subnet | Pool) and address_space is not None:
        fields["prefixes"] = tuple(address_space)
    if isinstance(part, VNet | Site) and address_space is not None:
        fields["address_space"] = tuple(address_space)
    if isinstance(part, VNet):
        fields["subnets"] = _moved(part, part.address_space if address_space is None else address_space) or None
        if part.gateway is not None:
            fields["gateway"] = with_fields(part.gateway, name=None, public_ips=None, p2s_pools=None)
    if isinstance(part, Site):
        devices = part.devices.items()
        fields["devices"] = (
            Table((name, with_fields(one, address=None, bgp_peer=None, local_gateways=None)) for name, one in devices)
            or None
        )
    return with_fields(part, **fields)


def _moved(vnet: VNet, address_space: Sequence[Prefix]) -> Table[Subnet]:
    """The subnets, each as far into the new prefixes as it lies in the old ones; without those that find no place."""
    kept: list[tuple[str, Subnet]] = []
    for name, subnet in vnet.subnets.items():
        prefixes = tuple(
            moved
            for prefix in subnet.prefixes
            if (moved := _moved_prefix(prefix, vnet.address_space, address_space)) is not None
        )
        if prefixes or not subnet.prefixes:
            kept.append((name, with_fields(subnet, prefixes=prefixes) if prefixes else subnet))
    return Table(kept)


def _moved_prefix(prefix: Prefix, old: Sequence[Prefix], new: Sequence[Prefix]) -> Prefix | None:
    for before, after in zip(old, new, strict=False):
        if before.contains(prefix) and before.version == after.version:
            moved = Prefix(prefix.version, prefix.first - before.first + after.first, prefix.length)
            # A new prefix that is aligned to less than the subnet's size would put it at host bits.
            return moved if after.contains(moved) and moved == moved.shortened(moved.length) else None
    return None
