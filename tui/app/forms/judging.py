"""What there is to say about a thing as it would be: words that mean nothing, and what the rules would find in it.

Owns which field a finding belongs to. What is said about address space is said elsewhere.
Invariant: nothing here stands in the way of accepting a form: a finding is no refusal.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tui.app.forms.addresses import set_severity
from tui.app.forms.fields import text_of
from tui.app.forms.foreseeing import foresee, meters
from tui.app.forms.kinds import NAME
from tui.app.forms.naming_networks import nearest_name
from tui.app.forms.thing import Draft
from tui.checks.engine import rules
from tui.checks.rule import Day, Found, Severity
from tui.connectivity.links import networks
from tui.errors import EditError
from tui.topology import catalog
from tui.topology.derived import derived
from tui.topology.edits import Edit
from tui.topology.model import (
    Connection,
    Gateway,
    Part,
    Peering,
    Service,
    Site,
    Subnet,
    Topology,
    VNet,
    Waiver,
)
from tui.topology.naming import GATEWAY_SUBNET, NameKind, name_problem
from tui.topology.parts import entry_at
from tui.topology.table import Table

_NAMED: Mapping[type[Part], NameKind] = {
    VNet: "vnet",
    Subnet: "subnet",
    Peering: "peering",
    Site: "site",
    Connection: "connection",
    Gateway: "gateway",
}
_SAID_BEFORE = frozenset({"NAM001", "REF004", "ADR003", "ADR004", "ADR009"})
"""Rules about a VNet whose findings are said here in other words, or are about nothing that can be typed."""
_SAID_OF_SUBNET = frozenset({"SUB001", "SUB002", "SUB003", "SUB007"})
_FIELD_OF: Mapping[type[Part], Mapping[str, str]] = {
    VNet: {"ADR": "address_space", "SUB": "address_space"},
    Subnet: {"SUB": "prefixes", "SUB006": NAME, "NAM": NAME},
    Gateway: {"GWY": "sku", "SUB": "sku", "GWY009": "asn", "GWY010": "asn", "GWY003": "sku"},
}
_OF_GATEWAY = frozenset({"GWY002", "GWY003", "GWY004", "GWY005", "GWY006", "GWY008", "GWY009", "SUB005"})
_OF_CONNECTION = frozenset(
    {"REF002", "REF003", "REF005", "CON001", "CON002", "CON003", "CON004", "CON005", "ADR001"} | _OF_GATEWAY
)
_DAY = Day(datetime.date.min)


def say_words(topology: Topology, draft: Draft) -> None:
    """Say which of the typed words name nothing, and which the naming rules or the catalog refuse."""
    _say_names(topology, draft)
    fields, kind = draft.fields, draft.thing.kind.model
    subscription = fields.get("subscription", getattr(draft.before, "subscription", None))
    if fields.get("region") is not None:
        _say_region(topology, draft, fields["region"], subscription)
    if fields.get("subscription") is not None:
        _say_unknown(topology, draft, "subscription", topology.subscriptions, "subscription", "warning")
    if fields.get("pool") is not None:
        _say_unknown(topology, draft, "pool", topology.planning.pools, "pool", "warning")
    if fields.get("asn") is not None:
        problem = catalog.asn_problem(fields["asn"], gateway=kind is Gateway)
        _say(topology, draft, "GWY010", "asn", "error", f"ASN {fields['asn']} {problem}" if problem else None)
    if kind is Service and fields.get("vnets") is not None:
        _say_unknown(topology, draft, "vnets", topology.vnets, "VNet", "error")
    if kind in (Connection, Peering) and fields.get("between") is not None:
        known: Collection[str] = topology.vnets if kind is Peering else networks(topology)
        _say_unknown(topology, draft, "between", known, "VNet" if kind is Peering else "network", "error")
        a, b = fields["between"]
        _say(topology, draft, "REF002", "between", "error", f"it joins {a} to itself" if a == b else None)
    between = fields.get("between", getattr(draft.before, "between", ())) or ()
    if kind is Peering and fields.get("gateway_transit") is not None:
        _say_unknown(topology, draft, "gateway_transit", between, "end of this peering", "error")
    if kind is Connection and fields.get("devices") is not None:
        sites = [network for end in between if isinstance(network := networks(topology).get(end), Site)]
        devices = [device for site in sites for device, _ in site.tunnel_ends()]
        _say_unknown(topology, draft, "devices", devices, "device", "error")
    if kind is Waiver and fields.get("code") is not None:
        _say_unknown(topology, draft, "code", rules(), "rule", "warning")
    for code in fields.get("checks") or () if kind is Topology else ():
        if code not in rules():
            _say(topology, draft, "REF004", "checks", "info", f"there is no rule {code}")


def _say(
    topology: Topology,
    draft: Draft,
    code: str,
    key: str,
    severity: Severity,
    text: str | None,
    offer: str | None = None,
) -> None:
    set_to = set_severity(topology, code, severity)
    if text is not None and set_to is not None:
        draft.notes.say(key, set_to, text, offer)


def _say_names(topology: Topology, draft: Draft) -> None:
    kind, fields = draft.thing.kind.model, draft.fields
    azure_name = fields.get("azure_name", getattr(draft.before, "azure_name", None))
    judged: list[tuple[str, NameKind, str]] = []
    if kind in _NAMED and kind is not Gateway:
        if azure_name is None and draft.name and (draft.name != draft.thing.name or "azure_name" in fields):
            judged.append((NAME, _NAMED[kind], draft.name))
        elif fields.get("azure_name") is not None:
            judged.append(("azure_name", _NAMED[kind], fields["azure_name"]))
    if kind is Gateway and fields.get("name") is not None:
        judged.append(("name", "gateway", fields["name"]))
    if fields.get("resource_group") is not None:
        judged.append(("resource_group", "resource_group", fields["resource_group"]))
    for key, named, name in judged:
        problem = name_problem(named, name)
        _say(topology, draft, "NAM001", key, "error", f"in Azure this name {problem}" if problem else None)
    if draft.thing.kind.named and len(draft.thing.place) == 1 and draft.name != draft.thing.name:
        alike = _folded_names(topology).get(draft.thing.place[0], {}).get(draft.name.casefold(), ())
        others = [one for one in alike if one not in (draft.name, draft.thing.name)]
        if others:
            _say(topology, draft, "NAM002", NAME, "error", f"it differs from {others[0]} in case alone")


@derived
def _folded_names(topology: Topology) -> dict[str, dict[str, tuple[str, ...]]]:
    """The names of each table by what they are when case does not matter."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for place in ("subscriptions", "vnets", "sites", "connections", "peerings", "services"):
        names = found.setdefault(place, {})
        for name in getattr(topology, place):
            folded = name.casefold()
            names[folded] = (*names.get(folded, ()), name)
    return found


def _say_region(topology: Topology, draft: Draft, region: str, subscription: str | None) -> None:
    owner = topology.subscriptions.get(subscription) if subscription is not None else None
    if catalog.region(region) is None and (owner is None or owner.cloud == "public"):
        nearest = catalog.canonical_region(region) or catalog.nearest(region, catalog.region_names())
        _say(topology, draft, "REG001", "region", "warning", f"there is no region {region}", nearest)


def _say_unknown(
    topology: Topology, draft: Draft, of: str, known: Collection[str], what: str, severity: Severity
) -> None:
    """Say which of the names in a field there are not, and offer the nearest ones in their place."""
    value = draft.fields[of]
    names: tuple[str, ...] = (value,) if isinstance(value, str) else value
    for name in dict.fromkeys(names):
        if name not in known:
            nearest = nearest_name(name, [one for one in known if one not in names] if len(known) < 64 else known)
            right = None
            if nearest is not None:
                put = nearest if isinstance(value, str) else tuple(nearest if one == name else one for one in names)
                right = text_of(draft.thing.kind.model, of, put)
            _say(topology, draft, "REF001", of, severity, f"there is no {what} {name}", right)


def say_found(topology: Topology, draft: Draft) -> None:
    """Say what the rules would find in the thing that they do not find now."""
    kind, part = draft.thing.kind.model, draft.part
    if part is None or not (draft.fields or draft.name != draft.thing.name):
        return
    if kind in (VNet, Subnet, Gateway):
        _say_of_vnet(topology, draft)
    if kind is Site and "address_space" in draft.fields:
        alike = VNet(address_space=part.address_space)
        before = VNet(address_space=getattr(draft.before, "address_space", ()))
        known = {found.message for found in _clashes(topology, draft.name, before)}
        for found in _clashes(topology, draft.name, alike):
            if found.message not in known:
                severity = found.severity or "warning"
                _say(topology, draft, "ADR006", "address_space", severity, found.message)
    if kind is Service:
        alone = Topology().model_copy(update={"services": Table({draft.name: part})})
        finds = rules()["SVC001"].of_topology
        for found in finds(alone, _DAY) if finds is not None and {"kind", "vnets"} & draft.fields.keys() else ():
            _say(topology, draft, "SVC001", "vnets", "error", found.message)


def _clashes(topology: Topology, name: str, vnet: VNet) -> Iterator[Found]:
    finds = rules()["ADR006"].of_vnet
    for found in finds(name, vnet, topology.planning) if finds is not None else ():
        if not _about_avoided(topology, "ADR006", found):
            yield found


def _about_avoided(topology: Topology, code: str, found: Found) -> bool:
    return code == "ADR006" and found.subject in {str(prefix) for prefix, _ in topology.planning.avoided()}


def _say_of_vnet(topology: Topology, draft: Draft) -> None:
    name, before, after = _vnets(topology, draft)
    known = {found.message for _, found in _of_vnet(topology, name, before)} if before is not None else set()
    for code, found in _of_vnet(topology, name, after):
        if found.message in known or (draft.thing.kind.model is Subnet and code in _SAID_OF_SUBNET):
            continue
        key, offer = _mended(name, after, draft, found) or (_field_of(draft, code), None)
        if code == "SUB006":
            offer = GATEWAY_SUBNET
        _say(topology, draft, code, key, found.severity or rules()[code].severity, found.message, offer)


def _vnets(topology: Topology, draft: Draft) -> tuple[str, VNet | None, VNet]:
    """The VNet that the thing is or belongs to: its name to be, as it is now, and as it would be."""
    thing = draft.thing
    if thing.kind.model is VNet:
        before = draft.before if thing.exists and isinstance(draft.before, VNet) else None
        return draft.name, before, draft.part
    vnet: VNet = topology.vnets[thing.place[1]]
    if thing.kind.model is Gateway:
        return thing.place[1], vnet, vnet.model_copy(update={"gateway": draft.part})
    table: Table[Any] = vnet.subnets
    if thing.name is not None and thing.name in table:
        table = table.renamed(thing.name, draft.name, draft.part)
    else:
        table = table.set(draft.name, draft.part)
    return thing.place[1], vnet, vnet.model_copy(update={"subnets": table})


def new_in_vnet(topology: Topology, edit: Edit, name: str) -> list[tuple[Severity, str]]:
    """Return what the rules would find in the VNet `name` after `edit` that they do not find now.

    Raises EditError if the edit cannot be made.
    """
    codes = {code for code, one in rules().items() if one.of_vnet is not None or code == "SUB005"}
    return [(severity, found.message) for _, severity, found in foresee(topology, edit, (name,), codes).found]


def _of_vnet(topology: Topology, name: str, vnet: VNet) -> Iterator[tuple[str, Found]]:
    for code, one in rules().items():
        if one.of_vnet is not None and code not in _SAID_BEFORE:
            for found in one.of_vnet(name, vnet, topology.planning):
                if not _about_avoided(topology, code, found):
                    yield code, found


def _mended(name: str, vnet: VNet, draft: Draft, found: Found) -> tuple[str, str] | None:
    """The field that the finding's first fix would change, and what the fix would put there."""
    alone = Topology().model_copy(update={"vnets": Table({name: vnet})})
    path = (*draft.thing.place, draft.name) if draft.thing.kind.named else draft.thing.place
    for fix in found.fixes[:1]:
        try:
            mended = entry_at(fix.apply(alone), path)
        except EditError:
            return None
        if isinstance(mended, Part):
            was, now = draft.thing.kind.texts(draft.part), draft.thing.kind.texts(mended)
            return next(((key, now[key]) for key in now if now[key] != was[key]), None)
    return None


def _field_of(draft: Draft, code: str) -> str:
    fields = _FIELD_OF.get(draft.thing.kind.model, {})
    return fields.get(code) or fields.get(code[:3]) or draft.thing.kind.lines[0].field.key


def say_foreseen(topology: Topology, draft: Draft, edit: Edit) -> tuple[str, ...]:
    """Say what changing a gateway or a connection would do to the links; return how the meters would change."""
    kind, path = draft.thing.kind.model, draft.thing.path
    if path is None or not draft.fields or draft.part is None:
        return ()
    if kind is Gateway:
        names, codes, first = (path[1],), _OF_GATEWAY, "sku"
    elif kind is Connection:
        ends = dict.fromkeys((*getattr(draft.before, "between", ()), *draft.part.between))
        if any(end not in networks(topology) for end in ends):
            return ()
        names, codes, first = tuple(ends), _OF_CONNECTION, "between"
    else:
        return ()
    try:
        foresight = foresee(topology, edit, names, codes)
    except EditError:
        return ()
    keys = {line.of: line.field.key for line in draft.thing.kind.own_lines}
    for one, severity, found in foresight.found:
        key = _field_of(draft, one.code) if kind is Gateway else first
        draft.notes.say(keys.get(key, key), severity, found.message)
    return tuple(meters(foresight))
