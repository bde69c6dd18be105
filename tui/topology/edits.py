"""Edits: pure functions from one topology to the next, each with a title that undo can show.

Owns what a change takes with it: a rename carries every reference, a deletion what depends on it.
Invariant: an edit either gives a topology whose every field is of the right type, or raises EditError and
gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from tui.errors import EditError
from tui.topology.intervals import free_blocks, outermost
from tui.topology.keypath import key_path
from tui.topology.model import Connection, Gateway, Part, Peering, Subnet, Topology, VNet
from tui.topology.naming import GATEWAY_SUBNET, is_gateway_subnet
from tui.topology.parts import Path, entry_at, part_class, replace_part, table_at, with_fields, with_table
from tui.topology.prefix import BITS, Prefix
from tui.topology.references import referrers, without_references
from tui.topology.subnet_sizes import GATEWAY_SUBNET_LENGTH


@dataclass(frozen=True, slots=True)
class Edit:
    """A change with its title ("Rename VNet app to app-weu"). `apply` raises EditError if it cannot be made."""

    title: str
    apply: Callable[[Topology], Topology]


def combined(title: str, edits: Sequence[Edit]) -> Edit:
    """Return one edit that makes all of `edits`, one after another; one undo step."""

    def apply(topology: Topology) -> Topology:
        for edit in edits:
            topology = edit.apply(topology)
        return topology

    return Edit(title, apply)


def add(path: Path, part: Part) -> Edit:
    """Add `part` under `path`, such as ("vnets", "app") or ("vnets", "app", "subnets", "web")."""

    def apply(topology: Topology) -> Topology:
        *place, name = path
        if _is_gateway(path):
            if entry_at(topology, path) is not None:
                raise EditError(f"{key_path(path)} exists: a VNet has one VPN gateway")
            return replace_part(topology, path[:-1], gateway=part)
        table = table_at(topology, tuple(place))
        if name in table:
            raise EditError(f"{key_path(path)} exists already", "choose another name")
        _refuse_second_network(topology, path)
        if not isinstance(part, part_class(path)):
            raise EditError(f"{key_path(path)} cannot hold a {type(part).__name__}")
        # A new thing is nobody's continuation, even where it takes a name that a renamed one left.
        return with_table(topology, tuple(place), table.set(name, part.model_copy(update={"identity": _fresh()})))

    return Edit(f"Add {noun(path)}", apply)


def change(path: Path, **fields: Any) -> Edit:
    """Set fields of the part at `path`; None takes a field away. Raises EditError for a field that does not exist."""

    def apply(topology: Topology) -> Topology:
        return replace_part(topology, path, **fields)

    return Edit(f"Change {', '.join(fields)} of {noun(path)}", apply)


def rename(path: Path, new_name: str) -> Edit:
    """Rename the entry at `path`, with every reference to it, waivers included.

    Azure cannot rename: a thing that exists there (its state is "deployed" or "retiring") keeps the name it has
    there as `azure_name`.
    """

    def apply(topology: Topology) -> Topology:
        *place, name = path
        table, part = table_at(topology, tuple(place)), entry_at(topology, path)
        if new_name == name:
            return topology
        if new_name in table:
            raise EditError(f"{key_path((*place, new_name))} exists already", "choose another name")
        if not isinstance(part, Part):
            raise EditError(f"{key_path(path)} cannot be renamed")
        _refuse_second_network(topology, (*place, new_name))
        renamed = _keep_azure_name(part, name).model_copy(update={"identity": part.identity or name or "\0"})
        topology = with_table(topology, tuple(place), table.renamed(name, new_name, renamed))
        for referrer in referrers(topology, path):
            topology = referrer.renamed(topology, new_name)
        return topology

    return Edit(f"Rename {noun(path)} to {new_name}", apply)


def delete(path: Path) -> Edit:
    """Delete the part at `path` with what cannot be without it: links, empty services, waivers of it alone."""

    def apply(topology: Topology) -> Topology:
        if entry_at(topology, path) is None:
            raise EditError(f"there is no {key_path(path)}")
        if _is_gateway(path):
            return replace_part(without_references(topology, path), path[:-1], gateway=None)
        if path[:-1] == ("subscriptions",):
            owned = [("vnets", name) for name, vnet in topology.vnets.items() if vnet.subscription == path[-1]]
            topology = _deleted(topology, *owned) if owned else topology
        return _deleted(topology, path)

    return Edit(f"Delete {noun(path)}", apply)


def _deleted(topology: Topology, *paths: Path) -> Topology:
    """The topology without the entries at `paths`, which stand in one table, and without what needs them."""
    place = paths[0][:-1]
    table_at(topology, place)
    topology = without_references(topology, *paths)
    table = table_at(topology, place)
    for path in paths:
        table = table.without(path[-1])
    return with_table(topology, place, table)


def connect(a: str, b: str, *, name: str | None = None, **fields: Any) -> Edit:
    """Connect the networks `a` and `b` by VPN, or by ExpressRoute with kind="expressroute"."""
    return _link("connections", Connection, a, b, name, fields, f"Connect {a} and {b}")


def peer(a: str, b: str, *, name: str | None = None, **fields: Any) -> Edit:
    """Peer the VNets `a` and `b`."""
    return _link("peerings", Peering, a, b, name, fields, f"Peer {a} and {b}")


def move_to_subscription(vnet: str, subscription: str) -> Edit:
    """Move a VNet to another subscription. Raises EditError if the subscription does not exist."""

    def apply(topology: Topology) -> Topology:
        if subscription not in topology.subscriptions:
            raise EditError(f"there is no subscription {subscription}", "add it first")
        return replace_part(topology, ("vnets", vnet), subscription=subscription)

    return Edit(f"Move VNet {vnet} to subscription {subscription}", apply)


def add_gateway(vnet: str, gateway: Gateway, gateway_subnet: Prefix | None = None) -> Edit:
    """Give a VNet a gateway, and a GatewaySubnet if it has none: `gateway_subnet`, or what suits it best."""

    def apply(topology: Topology) -> Topology:
        topology = add(("vnets", vnet, "gateway"), gateway).apply(topology)
        if any(map(is_gateway_subnet, topology.vnets[vnet].subnets)):
            return topology
        return add_gateway_subnet(vnet, gateway_subnet).apply(topology)

    return Edit(f"Add a VPN gateway to {vnet}", apply)


def add_gateway_subnet(vnet: str, prefix: Prefix | None = None) -> Edit:
    """Give a VNet a GatewaySubnet: `prefix`, or the highest free /27. Raises EditError if nothing is free."""

    def apply(topology: Topology) -> Topology:
        if any(map(is_gateway_subnet, table_at(topology, ("vnets", vnet, "subnets")))):
            raise EditError(f"{vnet} has a GatewaySubnet already")
        block = prefix or free_gateway_subnet(entry_at(topology, ("vnets", vnet)))
        if block is None:
            raise EditError(
                f"no /{GATEWAY_SUBNET_LENGTH} is free in {vnet} for its GatewaySubnet",
                "make room: move or shrink a subnet, or add a prefix to the address space",
            )
        return add(("vnets", vnet, "subnets", GATEWAY_SUBNET), Subnet(prefixes=(block,))).apply(topology)

    return Edit(f"Add GatewaySubnet to {vnet}", apply)


def free_gateway_subnet(vnet: VNet) -> Prefix | None:
    """Return the highest free IPv4 /27 of the VNet, out of the way of its other subnets, or None."""
    return next(gateway_subnet_places(vnet, GATEWAY_SUBNET_LENGTH), None)


def gateway_subnet_places(vnet: VNet, length: int) -> Iterator[Prefix]:
    """Yield where an IPv4 GatewaySubnet of prefix length `length` may lie: the end of each free block, highest first.

    Each place lies within one prefix of the address space; of nested prefixes the widest counts.
    """
    used = [prefix for subnet in vnet.subnets.values() for prefix in subnet.prefixes]
    spaces = outermost(prefix for prefix in vnet.address_space if prefix.version == 4)
    for block in sorted((block for space in spaces for block in free_blocks(space, used)), reverse=True):
        if block.length <= length <= BITS[4]:
            yield Prefix(4, block.last + 1 - (1 << BITS[4] - length), length)


def _link(place: str, kind: type[Part], a: str, b: str, name: str | None, fields: dict[str, Any], title: str) -> Edit:
    def apply(topology: Topology) -> Topology:
        if a == b:
            raise EditError(f"{a} cannot be linked to itself", "name two different networks")
        for end in (a, b):
            if end not in topology.vnets and end not in topology.sites:
                raise EditError(f"there is no network {end}")
            if kind is Peering and end not in topology.vnets:
                raise EditError(f"{end} is a site", "a peering joins two VNets; connect it instead")
        table = table_at(topology, (place,))
        chosen = name or free_name(table, f"{a}-to-{b}")
        try:
            part = kind.model_validate({"between": (a, b), **fields})
        except ValidationError as error:
            raise EditError(f"{a} and {b} cannot be linked so: {error.errors()[0]['msg']}") from None
        if part.unknown:
            raise EditError(f"a {kind.__name__} has no field {', '.join(part.unknown)}")
        return add((place, chosen), part).apply(topology)

    return Edit(title, apply)


def _is_gateway(path: Path) -> bool:
    return len(path) == 3 and path[0] == "vnets" and path[2] == "gateway"


def _refuse_second_network(topology: Topology, path: Path) -> None:
    """VNets and sites share one name space: `between` names either, and could not tell them apart."""
    for place, other in (("vnets", "sites"), ("sites", "vnets")):
        if path[:-1] == (place,) and path[-1] in table_at(topology, (other,)):
            raise EditError(f"{key_path((other, path[-1]))} has this name already", "choose another name")


def free_name(table: Container[str], wanted: str) -> str:
    """Return `wanted`, with the lowest number from 2 up that makes it a name that is not in `table`."""
    number, name = 1, wanted
    while name in table:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _keep_azure_name(part: Part, name: str) -> Part:
    if getattr(part, "state", "planned") == "planned" or "azure_name" not in type(part).model_fields:
        return part
    fields: dict[str, Any] = {}
    if getattr(part, "azure_name", None) is None:
        fields["azure_name"] = name
    gateway = getattr(part, "gateway", None)
    if isinstance(gateway, Gateway) and gateway.name is None:
        fields["gateway"] = with_fields(gateway, name=name)
    return with_fields(part, **fields) if fields else part


_created = 0


def _fresh() -> str:
    global _created
    _created += 1
    return f"\0{_created}"


_NOUNS = {
    "subscriptions": "subscription",
    "vnets": "VNet",
    "subnets": "subnet",
    "sites": "site",
    "devices": "device",
    "connections": "connection",
    "peerings": "peering",
    "services": "service",
    "waivers": "waiver",
    "pools": "pool",
}


def noun(path: Path) -> str:
    """Return what stands at `path` as a title says it: "VNet app", "the gateway of hub"."""
    if not path:
        return "the topology"
    if _is_gateway(path):
        return f"the gateway of {path[1]}"
    if len(path) == 1:
        return path[0]
    owner = f" of {path[1]}" if len(path) == 4 and path[0] in ("vnets", "sites") else ""
    return f"{_NOUNS.get(path[-2], path[-2])} {path[-1]}{owner}"
