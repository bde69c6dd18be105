"""A Terraform file as a whole: which of its instances are read, and what is said about the others.

Owns the choice: managed instances of network types, and of data sources those that a managed instance leads to, because
they exist although Terraform does not own them.
Invariant: a resource that is managed in the file is never taken from a data source, and nothing that a plan deletes is
read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, TypeAlias

from tui.exchange.found import Found, Notice, Place, together
from tui.exchange.notices import Notices
from tui.exchange.resource_ids import ResourceId, parsed_id
from tui.exchange.resources import found_in
from tui.exchange.source import Source
from tui.exchange.terraform.azapi import is_network
from tui.exchange.terraform.instances import Instance, Instances, cut, instances
from tui.exchange.terraform.references import References
from tui.exchange.terraform.translating import AZURE_TYPES, Translation, referred_ids

_OTHER_NETWORK_TYPES: Final = (
    *("application_gateway", "application_security_group", "bastion_host", "dns_", "express_route_", "firewall"),
    *("ip_group", "lb", "local_network_", "nat_gateway", "network_", "private_dns_", "private_endpoint"),
    *("private_link_", "public_ip", "route", "subnet_", "traffic_manager_", "virtual_hub_", "virtual_network_"),
    *("virtual_wan", "vpn_", "web_application_firewall_"),
)
"""How the names of azurerm's other network resources begin, after `azurerm_`."""

_DATA_TYPES: Final = frozenset(AZURE_TYPES) - {
    "azurerm_virtual_network_peering",
    "azurerm_virtual_network_gateway_connection",
    "azurerm_virtual_hub",
}
_GONE_TYPES: Final = (*AZURE_TYPES, "azapi_resource")
_TOLD: Final = 5

_Key: TypeAlias = tuple[str, str, str]


def read(source: Source) -> Found:
    """Return what a Terraform state or plan tells.

    Raises ExchangeError for HCL, for a state older than version 4, and for JSON that is neither state nor plan.
    """
    details: list[Notice] = []
    whole = instances(source, details)
    place = Place(source.name)
    managed = [one for one in whole.found if not one.data and _is_read(one)]
    data = [one for one in whole.found if one.data and one.type in _DATA_TYPES]
    translation = Translation(whole.found, References(whole), details.append)
    resources = [(one, made) for one in managed if (made := translation.resource(one)) is not None]
    led_to = _led_to(resources, data, translation, details) if data else []
    resources += led_to
    notices: list[Notice] = []
    if whole.planned:
        notices.append(Notice("assumed", "this is a plan: it is read as if it had been applied", place))
    _tell_of_others(whole, len(led_to), place, notices)
    found = found_in(((one.place.where, made) for one, made in resources), source.name)
    # A state knows its own resources, and of a VNet the subnets that were there when it was refreshed.
    found = replace(found, listings=())
    bounded = Notices(source.name)
    for notice in details:
        bounded.tell(notice)
    planned = (source.name,) if whole.planned else ()
    return together([Found(notices=(*notices, *bounded.all()), planned=planned), found])


def _is_read(instance: Instance) -> bool:
    return instance.type in AZURE_TYPES or is_network(instance)


def _led_to(
    resources: Iterable[tuple[Instance, dict[str, Any]]],
    data: Iterable[Instance],
    translation: Translation,
    notices: list[Notice],
) -> list[tuple[Instance, dict[str, Any]]]:
    """The data sources that resources lead to, at once or over each other, each once."""
    there: dict[_Key, set[str]] = {}
    wanted: list[ResourceId] = []
    for _, made in resources:
        own = parsed_id(made["id"])
        if own is not None and len(own.names) == 1:
            there.setdefault(_key(own), set()).add(own.subscription.lower())
        wanted += referred_ids(made)
    offered: dict[_Key, list[tuple[Instance, dict[str, Any], str]]] = {}
    for one in data:
        made_of_it = translation.resource(one)
        own = parsed_id(made_of_it["id"]) if made_of_it is not None else None
        if made_of_it is not None and own is not None and own.names:
            offered.setdefault(_key(own), []).append((one, made_of_it, own.subscription.lower()))
    taken: dict[str, tuple[Instance, dict[str, Any]]] = {}
    while wanted:
        target = wanted.pop()
        key, subscription = _key(target), target.subscription.lower()
        if any(_can_be(subscription, other) for other in there.get(key, ())):
            continue
        fitting = [entry for entry in offered.get(key, ()) if _can_be(subscription, entry[2])]
        for one, made, _ in fitting:
            taken.setdefault(str(made["id"]).lower(), (one, made))
            wanted += referred_ids(made) if len(_names(made)) == 1 else ()
        there.setdefault(key, set()).update(entry[2] for entry in fitting)
    for one, made in taken.values():
        if len(_names(made)) == 1:
            text = "a data source, which this Terraform does not own, is read because a link ends there"
            notices.append(Notice("assumed", text, one.place))
    return list(taken.values())


def _names(made: dict[str, Any]) -> tuple[str, ...]:
    """The names in the id of a translated resource: one, or that of its VNet before its own."""
    own = parsed_id(made["id"])
    return own.names if own is not None else ()


def _key(own: ResourceId) -> _Key:
    """What a resource is known by, whatever its subscription; a part of a VNet goes by its VNet."""
    return "/".join(own.type.split("/")[:2]), own.resource_group.lower(), (own.names[0] if own.names else "").lower()


def _can_be(one: str, other: str) -> bool:
    return one == other or not one or not other


def _tell_of_others(whole: Instances, taken: int, place: Place, notices: list[Notice]) -> None:
    managed: Counter[str] = Counter()
    read_only = -taken
    for one in whole.found:
        if one.data:
            read_only += one.type in _DATA_TYPES
        elif one.type not in AZURE_TYPES and one.type.removeprefix("azurerm_").startswith(_OTHER_NETWORK_TYPES):
            managed[one.type] += 1
    if managed:
        common = sorted(managed.items(), key=lambda entry: (-entry[1], entry[0]))
        listed = ", ".join(f"{number} × {kind}" for kind, number in common[:_TOLD])
        listed += f" and {len(common) - _TOLD} other types" if len(common) > _TOLD else ""
        text = f"resources of types that a topology has no place for: {managed.total()} ({listed})"
        notices.append(Notice("left out", text, place))
    if read_only > 0:
        notices.append(Notice("left out", f"data sources of networks that no link leads to: {read_only}", place))
    gone = [address for change in whole.changes if (address := _gone(change)) is not None]
    if gone:
        listed = ", ".join(gone[:_TOLD]) + (f" and {len(gone) - _TOLD} more" if len(gone) > _TOLD else "")
        text = f"network resources that the plan deletes, or that Terraform forgets: {listed}"
        notices.append(Notice("left out", text, place))


def _gone(change: Any) -> str | None:
    """The address of a network resource that is not there any more after a plan; None for every other change."""
    if not isinstance(change, dict) or change.get("type") not in _GONE_TYPES or "deposed" in change:
        return None
    inner = change.get("change")
    actions = inner.get("actions") if isinstance(inner, dict) else None
    address = change.get("address")
    if actions in (["delete"], ["forget"]) and isinstance(address, str):
        return cut(address)
    return None
