"""VNets, their subnets and their peerings, out of the fields of a resource.

Owns every place in which Azure's tools write a prefix of a VNet or a subnet. Invariant: a subnet is a part of one VNet,
told once, whatever number of times and in whatever form the source tells it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tui.exchange.addresses import cut_short, exact_prefixes, ip_address, prefixes_in
from tui.exchange.found import UNREAD, FoundPeering, FoundSubnet, FoundVNet, Identity, Place
from tui.exchange.json_paths import within
from tui.exchange.resource_ids import ResourceId, parsed_id
from tui.exchange.resources.fields import (
    CUT_SHORT,
    NotUnderstoodError,
    fields_of,
    flag,
    folded,
    id_of,
    identity_of,
    name,
    referred_identity,
    region,
    says_none,
    text,
)
from tui.exchange.resources.report import Report
from tui.exchange.secrets import kept_tags
from tui.topology.prefix import Prefix


def vnet(fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report) -> FoundVNet:
    """Return the VNet that a resource is. Raises NotUnderstoodError for one without a name."""
    identity = identity_of(fields, own_id, "a VNet")
    prefixes, is_partial = _address_space(fields, identity, where, report)
    tags, notices = kept_tags(fields.get("tags") or fields.get("tag"), Place(report.source, where))
    if notices:
        report.extend(notices)
    return FoundVNet(
        identity=identity,
        region=region(fields.get("location")),
        prefixes=prefixes,
        subnets=subnets(fields.get("subnets"), where, report),
        dns_servers=_dns_servers(fields.get("dhcpoptions"), where, report),
        tags=tags,
        is_partial=is_partial,
        emptied=frozenset(("dns_servers",)) if _has_no_dns_servers(fields) else frozenset(),
        place=Place(report.source, where),
    )


def subnets(values: Any, where: str, report: Report) -> tuple[FoundSubnet, ...]:
    """Return the subnets of the list `values`, each name once."""
    if not isinstance(values, list):
        if cut_short(values):
            report.gather("missing", CUT_SHORT, where)
        elif values is not None:
            report.say("not understood", "the subnets are no list", where)
        return ()
    found: dict[str, FoundSubnet] = {}
    for number, value in enumerate(values):
        if not isinstance(value, dict):
            if cut_short(value):
                report.gather("missing", CUT_SHORT, where)
            elif value is not UNREAD:
                report.say("not understood", "a subnet is no object", within(where, f"subnets[{number}]"))
            continue
        one = _plain_subnet(value)
        if one is None:
            fields, place = fields_of(value), within(where, f"subnets[{number}]")
            named = _subnet_name(fields)
            if named is None:
                report.say("not understood", "a subnet without a name", place)
                continue
            one = subnet_named(named, fields, place, report)
        key = one.name.casefold()
        held = found.get(key)
        found[key] = one if held is None else merged(held, one, within(where, f"subnets[{number}]"), report)
    return tuple(found.values())


def _plain_subnet(value: dict[str, Any]) -> FoundSubnet | None:
    """A subnet as the API and `az` write nearly all of them, in half the time: most of an estate is subnets."""
    inner = value.get("properties", value)
    one = value.get("name")
    if not (
        isinstance(inner, dict) and isinstance(one, str) and one.isascii() and 0 < len(one) < 81 and "/" not in one
    ):
        return None
    prefix = inner.get("addressPrefix")
    if not isinstance(prefix, str) or inner.get("addressPrefixes") or not one.strip() or cut_short(one):
        return None
    prefixes = exact_prefixes(prefix)
    return None if prefixes is None else FoundSubnet(name=one, prefixes=prefixes)


def _subnet_name(fields: dict[str, Any]) -> str | None:
    one = name(fields.get("name"))
    if one is None:
        own_id = parsed_id(fields.get("id"))
        one = own_id.names[-1] if own_id and own_id.names else None
    return None if one is None else one.rpartition("/")[2] or one


def merged(held: FoundSubnet, other: FoundSubnet, where: str, report: Report) -> FoundSubnet:
    """Return a subnet that stands twice: what the first told, or the second where the first told no prefix."""
    if held.prefixes and other.prefixes and set(held.prefixes) != set(other.prefixes):
        report.say("differs", f'the subnet "{held.name[:60]}" stands twice: the first prefixes were read', where)
    return held if held.prefixes else replace(other, name=held.name)


def subnet_named(title: str, fields: dict[str, Any], where: str, report: Report) -> FoundSubnet:
    """Return a subnet with its prefixes: `addressPrefix`, `addressPrefixes`, or what an IPAM pool has given it."""
    value = fields.get("addressprefixes") or fields.get("addressprefix")
    exact = exact_prefixes(value)
    if exact is not None and len(exact) == 1:
        return FoundSubnet(name=title, prefixes=exact)
    if not value:
        value = _from_ipam(fields)
    if cut_short(value):
        report.gather("missing", CUT_SHORT, where)
        return FoundSubnet(name=title, is_partial=True)
    prefixes, notices, is_partial = prefixes_in(value, Place(report.source, where))
    report.extend(notices)
    return FoundSubnet(name=title, prefixes=prefixes, is_partial=is_partial)


def inline_peerings(values: Any, of: Identity, where: str, report: Report) -> Iterable[FoundPeering]:
    """Yield the peerings that a VNet lists."""
    if not isinstance(values, list):
        if cut_short(values):
            report.gather("missing", CUT_SHORT, where)
        elif values is not None:
            report.say("not understood", "the peerings are no list", where)
        return
    for number, value in enumerate(values):
        place = within(where, f"virtualNetworkPeerings[{number}]")
        if isinstance(value, dict):
            fields = fields_of(value)
            try:
                yield peering(fields, id_of(fields), place, report, of)
            except NotUnderstoodError as error:
                report.say("not understood", str(error), place)
        elif cut_short(value):
            report.gather("missing", CUT_SHORT, where)
        elif value is not UNREAD:
            report.say("not understood", "a peering is no object", place)


def peering(
    fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report, of: Identity | None = None
) -> FoundPeering:
    """Return the side of a peering that a resource is. Raises NotUnderstoodError where one of its ends is not told."""
    identity = identity_of(fields, own_id, "a peering")
    owner = of or owner_of(fields, own_id)
    if owner is None:
        raise NotUnderstoodError("a peering that does not say which VNet it belongs to")
    remote = fields.get("remotevirtualnetwork")
    if cut_short(remote):
        report.gather("missing", CUT_SHORT, where)
    target = referred_identity(remote)
    if target is None:
        raise NotUnderstoodError("a peering that does not say which VNet it leads to")
    return FoundPeering(
        identity=Identity(owner.subscription, owner.resource_group, identity.name),
        vnet=owner,
        remote=target,
        allows_gateway_transit=flag(fields.get("allowgatewaytransit")) or False,
        uses_remote_gateways=flag(fields.get("useremotegateways")) or False,
        state=report.word("peeringState", fields.get("peeringstate"), where),
        place=Place(report.source, where),
    )


def owner_of(fields: dict[str, Any], own_id: ResourceId | None) -> Identity | None:
    """Return the VNet that a subnet or peering of its own belongs to, by its id or by its name "vnet/subnet"."""
    if own_id is not None and len(own_id.names) > 1:
        return own_id.top
    owner = name(fields.get("virtualnetworkname")) or (name(fields.get("name")) or "").rpartition("/")[0]
    if not owner:
        return None
    group = text(fields.get("resourcegroup")) or text(fields.get("resourcegroupname")) or ""
    return Identity(text(fields.get("subscriptionid")) or "", group, owner.rpartition("/")[2])


def _address_space(
    fields: dict[str, Any], identity: Identity, where: str, report: Report
) -> tuple[tuple[Prefix, ...], bool]:
    """The prefixes of a VNet, and whether there are more."""
    space = fields.get("addressspace")
    value = space
    if isinstance(space, dict):
        table = folded(space)
        value = table.get("addressprefixes") or table.get("addressprefix") or _from_ipam(table)
    exact = exact_prefixes(value)
    if exact is not None and len(exact) == 1:
        return exact, False
    if cut_short(value) or (isinstance(value, list) and any(map(cut_short, value))):
        report.gather("missing", CUT_SHORT, where)
        return (), True
    prefixes, notices, is_partial = prefixes_in(value, Place(report.source, within(where, "addressSpace")))
    report.extend(notices)
    if not prefixes:
        report.gather("missing", "VNets of which this source tells no address space ({})", where, identity.name)
    return prefixes, is_partial


def _from_ipam(fields: dict[str, Any]) -> list[Any]:
    """The prefixes that an IPAM pool of Azure Virtual Network Manager has allocated."""
    allocations = fields.get("ipampoolprefixallocations")
    if not isinstance(allocations, list):
        return []
    allocated = [folded(one).get("allocatedaddressprefixes") for one in allocations]
    return [prefix for prefixes in allocated if isinstance(prefixes, list) for prefix in prefixes]


def _has_no_dns_servers(fields: dict[str, Any]) -> bool:
    options = fields.get("dhcpoptions")
    if isinstance(options, dict):
        return folded(options).get("dnsservers") == []
    return says_none(fields, "dhcpoptions", "subnets")


def _dns_servers(options: Any, where: str, report: Report) -> tuple[str, ...]:
    servers = folded(options).get("dnsservers") if options else None
    if not isinstance(servers, list):
        return ()
    found = dict.fromkeys(map(ip_address, servers))
    if None in found:
        del found[None]
        if not any(cut_short(server) or server is UNREAD for server in servers):
            report.say("not understood", "a DNS server is no IP address", where)
    return tuple(address for address in found if address is not None)
