"""Merging: a thing of the file with what Azure says about it.

Owns which field is whose. Azure's are those of the tables below, which say how the values of each are compared;
everything else is the file's, and stays. What a source leaves empty it does not say, so that an empty list never
empties one of the file, unless the source says that there is nothing. A list that could be read in part only adds to
that of the file; every list keeps the order that the file has.
Invariant: merging once more changes nothing, and what needs no change is the very same object.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from tui.topology.catalog import same_region
from tui.topology.model import Connection, Device, Gateway, Part, Peering, Site, Subnet, VNet
from tui.topology.parts import Path, with_fields
from tui.topology.prefix import Prefix
from tui.topology.table import Table

P = TypeVar("P", bound=Part)
_Fields: TypeAlias = dict[str, Any]
_Compared: TypeAlias = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How sources tell things, beside what they tell of them."""

    unset: Collection[tuple[Path, str]] = ()
    """Fields of which they say that they are empty, or as Azure's default is."""
    partial: Collection[tuple[Path, str]] = ()
    """Fields of which they have more than could be read."""


def merged_part(before: P, told: P, path: Path, telling: Telling) -> P:
    """Return the thing of the file at `path` with what the sources tell; itself if that changes nothing."""
    match before, told:
        case VNet() as mine, VNet() as theirs:
            values = _vnet(mine, theirs, path, telling)
        case Site() as mine, Site() as theirs:
            values = _site(mine, theirs, path, telling)
        case Connection() as mine, Connection() as theirs:
            values = _connection(mine, theirs, path, telling)
        case Peering() as mine, Peering() as theirs:
            values = _own(mine, theirs, path) | _merged(mine, theirs, path, telling, _PEERING)
        case _:
            values = _merged(before, told, path, telling, _SUBSCRIPTION)
            if getattr(before, "name", None) is not None:
                # The name of a subscription is the file's where it has one.
                values.pop("name", None)
    return _with(before, values)


def _exact(mine: Any, theirs: Any) -> bool:
    return bool(mine == theirs)


def _alike(mine: str | None, theirs: str) -> bool:
    return mine is not None and mine.casefold() == theirs.casefold()


def _same_set(mine: Iterable[Any] | None, theirs: Iterable[Any]) -> bool:
    return mine is not None and set(mine) == set(theirs)


_PLACE: Mapping[str, _Compared] = {"subscription": _exact, "resource_group": _alike}
_SUBSCRIPTION: Mapping[str, _Compared] = {"id": _alike, "name": _exact, "cloud": _exact}
_VNET: Mapping[str, _Compared] = {
    **_PLACE,
    "region": same_region,
    "address_space": _same_set,
    "dns_servers": _exact,
}
_GATEWAY: Mapping[str, _Compared] = {
    "resource_group": _alike,
    "sku": _alike,
    "generation": _exact,
    "vpn_type": _exact,
    "active_active": _exact,
    "asn": _exact,
    "p2s_pools": _same_set,
}
_SITE: Mapping[str, _Compared] = {
    **_PLACE,
    "region": same_region,
    "vpn_device": _alike,
    "asn": _exact,
    "bgp_peer": _exact,
    "local_gateways": _same_set,
}
_DEVICE: Mapping[str, _Compared] = {"address": _alike, "asn": _exact, "bgp_peer": _exact, "local_gateways": _same_set}
_CONNECTION: Mapping[str, _Compared] = {
    **_PLACE,
    "between": _same_set,
    "kind": _exact,
    "bgp": _exact,
    "devices": _same_set,
    "ipsec_policy": _exact,
}
_PEERING: Mapping[str, _Compared] = {"between": _same_set, "gateway_transit": _exact}
_ALWAYS_TOLD = frozenset({"vpn_type", "active_active", "kind", "bgp"})
"""Fields whose default is what a source says by leaving them out."""


def _merged(before: Part, told: Part, path: Path, telling: Telling, fields: Mapping[str, _Compared]) -> _Fields:
    """What changes of the `fields` that Azure decides."""
    values: _Fields = {}
    for name, same in fields.items():
        mine, theirs = getattr(before, name), getattr(told, name)
        if name in _ALWAYS_TOLD or (name in told.model_fields_set and theirs not in (None, ())):
            if (path, name) in telling.partial:
                theirs = (*mine, *theirs)
            if not same(mine, theirs):
                values[name] = _in_order(mine or (), theirs) if same is _same_set and name != "between" else theirs
        elif (path, name) in telling.unset and mine != type(before).model_fields[name].default:
            values[name] = None
    return values


def _own(before: Part, told: Part, path: Path) -> _Fields:
    """What changes of the fields that all things in Azure have: name, state and tags."""
    values: _Fields = {}
    mine, theirs = getattr(before, "azure_name", None), getattr(told, "azure_name", None)
    if not _alike(mine or path[1], theirs or path[1]):
        values["azure_name"] = theirs
    # A thing that the person retires exists in Azure until it is gone.
    if getattr(before, "state", None) == "planned" != getattr(told, "state", None):
        values["state"] = getattr(told, "state", None)
    tags = _tags(getattr(before, "tags", Table()), getattr(told, "tags", Table()))
    return values if tags is None else {**values, "tags": tags}


def _vnet(before: VNet, told: VNet, path: Path, telling: Telling) -> _Fields:
    values = _own(before, told, path) | _merged(before, told, path, telling, _VNET)
    subnets = _subnets(before.subnets, told.subnets, path, telling)
    if subnets is not None:
        values["subnets"] = subnets
    if told.gateway is not None:
        gateway = told.gateway if before.gateway is None else _gateway(before, before.gateway, told, path, telling)
        if gateway is not before.gateway:
            values["gateway"] = gateway
    return values


def _gateway(vnet: VNet, before: Gateway, told_vnet: VNet, path: Path, telling: Telling) -> Gateway:
    told = told_vnet.gateway or before
    values = _merged(before, told, (*path, "gateway"), telling, _GATEWAY)
    if not _alike(before.name or path[1], told.name or path[1]):
        values["name"] = told.name
    group = told_vnet.resource_group
    leaves_group_out = told.resource_group is None and before.resource_group is not None
    if leaves_group_out and group is not None and not _alike(before.resource_group, group):
        # It lies in the group of its VNet, which is what leaving it out means.
        values["resource_group"] = None
    return _with(before, values)


def _site(before: Site, told: Site, path: Path, telling: Telling) -> _Fields:
    """What changes of a site.

    What is used at a site stays in the file where it lies within a summary, or where no prefixes are told (BGP tells
    them, or they lie behind a circuit): Azure cannot know it.
    """
    values = _own(before, told, path) | _merged(before, told, path, telling, _SITE)
    if told.address_space or told.advertises:
        is_partial = (path, "address_space") in telling.partial
        routed = (*before.advertises, *told.advertises) if is_partial else told.advertises
        within = [one for one in before.address_space if any(o != one and o.contains(one) for o in routed)]
        here = (*told.address_space, *within, *(one for one in before.address_space if is_partial))
        for name, theirs in (
            ("advertises", routed),
            ("address_space", tuple(one for one in here if one not in routed or one in told.address_space)),
        ):
            if not _same_set(getattr(before, name), theirs):
                values[name] = _in_order(getattr(before, name), theirs) or None
    devices = dict(before.devices.items())
    for name, device in told.devices.items():
        if name in devices:
            devices[name] = _device(devices[name], device, (*path, "devices", name), telling, before.asn)
        else:
            devices[name] = device
    if list(devices.items()) != list(before.devices.items()):
        values["devices"] = Table(devices)
    return values


def _device(before: Device, told: Device, path: Path, telling: Telling, site_asn: int | None) -> Device:
    values = _merged(before, told, path, telling, _DEVICE)
    if before.asn is None and values.get("asn") == site_asn:
        values.pop("asn", None)
    return _with(before, values)


def _connection(before: Connection, told: Connection, path: Path, telling: Telling) -> _Fields:
    values = _own(before, told, path) | _merged(before, told, path, telling, _CONNECTION)
    if "between" in values and told.devices is None:
        # Which devices it lists is told of a site that it no longer leads to.
        values.pop("devices", None)
    return values


def _tags(before: Table[Any], told: Table[Any]) -> Table[Any] | None:
    # Azure's names of tags know no case, the values do.
    spelt = {name.casefold(): name for name in before}
    changed = dict(before.items())
    for name, value in told.items():
        changed[spelt.get(name.casefold(), name)] = value
    return None if changed == dict(before.items()) else Table(changed)


def _subnets(before: Table[Subnet], told: Table[Subnet], path: Path, telling: Telling) -> Table[Subnet] | None:
    if not told:
        return None
    spelt = {name.casefold(): name for name in before}
    changed = dict(before.items())
    for name, subnet in told.items():
        mine = spelt.get(name.casefold(), name)
        known = changed.get(mine)
        place = (*path, "subnets", name.casefold())
        changed[mine] = subnet if known is None else _with(known, _merged(known, subnet, place, telling, _SUBNET))
    return None if list(changed.items()) == list(before.items()) else Table(changed)


_SUBNET: Mapping[str, _Compared] = {"prefixes": _same_set}


def _with(before: P, values: _Fields) -> P:
    changed: P = with_fields(before, **values) if values else before
    return changed


def _in_order(before: Iterable[Prefix], told: Iterable[Prefix]) -> tuple[Prefix, ...]:
    """What is told, in the order of the file as far as the file has it."""
    theirs = dict.fromkeys(told)
    return tuple(dict.fromkeys((*(prefix for prefix in before if prefix in theirs), *theirs)))
