"""Carried to other addresses: what a network is when blocks of its address space have moved.

Owns the mapping of everything that lies in a block by the offset of that block, and what becomes of held growth.
Invariant: what lies in no block that moves stays what it is, and sizes never change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from tui.topology.model import Network, Site, Subnet, VNet
from tui.topology.parts import with_fields
from tui.topology.prefix import Prefix

Blocks: TypeAlias = tuple[tuple[Prefix, Prefix], ...]
"""Blocks before and after, of equal lengths; none before overlaps another, nor after."""


def shifted(prefix: Prefix, blocks: Blocks) -> Prefix:
    """Return `prefix` moved by the offset of the block that it lies in; itself where it lies in none."""
    for old, new in blocks:
        if old.contains(prefix):
            return Prefix(prefix.version, prefix.first - old.first + new.first, prefix.length)
    return prefix


def mapped(network: Network, blocks: Blocks) -> Any:
    """Return the VNet or site as it is when `blocks` have moved.

    Each prefix of the address space, of a subnet, of held growth and of what a site advertises that lies in an old
    block moves by that block's offset; others stay. Growth that adjoined the network, and adjoins nothing of it any
    more, is released. The addresses of VPN clients, of devices and of DNS servers stay: `consequences`
    names them.
    """
    fields: dict[str, Any] = {"address_space": _all_shifted(network.address_space, blocks)}
    if isinstance(network, Site):
        fields["advertises"] = _all_shifted(network.advertises, blocks)
    else:
        let_go = released(network, blocks)
        fields["growth"] = _all_shifted((one for one in network.growth if one not in let_go), blocks)
        fields["subnets"] = network.subnets
        for name, subnet in network.subnets.items():
            prefixes = _all_shifted(subnet.prefixes, blocks)
            if prefixes != subnet.prefixes:
                changed: Subnet = with_fields(subnet, prefixes=prefixes)
                fields["subnets"] = fields["subnets"].set(name, changed)
    # What is held no more leaves no empty key behind.
    changes = {key: value or None for key, value in fields.items() if value != getattr(network, key)}
    return with_fields(network, **changes) if changes else network


def _all_shifted(prefixes: Iterable[Prefix], blocks: Blocks) -> tuple[Prefix, ...]:
    return tuple(shifted(prefix, blocks) for prefix in prefixes)


def released(vnet: VNet, blocks: Blocks) -> tuple[Prefix, ...]:
    """Return the held growth that adjoins the VNet now, and would adjoin nothing of it when `blocks` have moved."""
    before = _adjoining(vnet.address_space, vnet.growth)
    after = _adjoining(_all_shifted(vnet.address_space, blocks), _all_shifted(vnet.growth, blocks))
    return tuple(one for one in vnet.growth if one in before and shifted(one, blocks) not in after)


def _adjoining(space: Iterable[Prefix], growth: Iterable[Prefix]) -> set[Prefix]:
    """The growth that touches the address space, directly or over other growth."""
    reached, rest = list(space), set(growth)
    found: set[Prefix] = set()
    for block in reached:
        touching = {one for one in rest if one.adjacent(block) or one.overlaps(block)}
        found |= touching
        rest -= touching
        reached += touching
    return found
