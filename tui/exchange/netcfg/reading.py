"""The classic Network Configuration: the XML file of 2014 that holds every VNet of one subscription.

Owns how that file is read: VNets with subnets, DNS servers and P2S pools; local network sites; gateways, which carry
the classic SKU; and the links, which the file writes as references from a VNet to a local site. Whether such a site
stands for another VNet is decided in `links`. The file names no subscription; a resource group stands in the names of
VNets that were made in the portal, all other identities are names alone.
Invariant: the order of elements never matters, and what is not understood is a notice with the line it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeVar

from tui.exchange.addresses import ip_address, prefixes_in
from tui.exchange.allowed_names import with_allowed_names
from tui.exchange.found import (
    Found,
    FoundLocalGateway,
    FoundSubnet,
    FoundVNet,
    Identity,
    Notice,
    NoticeKind,
    Place,
)
from tui.exchange.netcfg.links import ClassicVNet, Reference, links
from tui.exchange.netcfg.xml_elements import Element, parse
from tui.exchange.notices import Notices
from tui.exchange.source import ExchangeError, Source
from tui.topology.catalog import region_name
from tui.topology.prefix import Prefix

T = TypeVar("T", FoundLocalGateway, ClassicVNet)

NAMESPACES: Final = frozenset(
    f"{scheme}://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration" for scheme in ("http", "https")
)
"""The schema's name; with https where a web page was rewritten."""

_LONGEST_PREFIX: Final = 200
_OF_PORTAL: Final = re.compile(r"Group (\S+) (\S+)")

_CHILDREN: Final = {
    "NetworkConfiguration": {"VirtualNetworkConfiguration"},
    "VirtualNetworkConfiguration": {"Dns", "LocalNetworkSites", "VirtualNetworkSites"},
    "Dns": {"DnsServers"},
    "DnsServers": {"DnsServer"},
    "LocalNetworkSites": {"LocalNetworkSite"},
    "LocalNetworkSite": {"AddressSpace", "VPNGatewayAddress"},
    "AddressSpace": {"AddressPrefix"},
    "VirtualNetworkSites": {"VirtualNetworkSite"},
    "VirtualNetworkSite": {"Label", "AddressSpace", "Subnets", "DnsServersRef", "Gateway"},
    "Subnets": {"Subnet"},
    "Subnet": {"AddressPrefix"},
    "DnsServersRef": {"DnsServerRef"},
    "Gateway": {"VPNClientAddressPool", "ConnectionsToLocalNetwork"},
    "VPNClientAddressPool": {"AddressPrefix"},
    "ConnectionsToLocalNetwork": {"LocalNetworkSiteRef"},
    "LocalNetworkSiteRef": {"Connection"},
}
"""The elements of the format, each with those that may stand in it."""


def read(source: Source) -> Found:
    """Return what a Network Configuration file tells.

    Raises ExchangeError, with line and column, for what is no such file. Format: Microsoft Learn, "Azure Virtual
    Network Configuration Schema".
    """
    root = parse(source)
    if root.name != "NetworkConfiguration":
        raise ExchangeError(
            f"{source.name}: line {root.line}: the outermost element is no NetworkConfiguration",
            "choose the file that Get-AzureVNetConfig exported, whole",
        )
    return _Reader(source.name).found(root)


class _Reader:
    """Reads one file; keeps the notices, which come in the order of the file."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.notices = Notices(source)

    def found(self, root: Element) -> Found:
        if root.namespace not in NAMESPACES:
            self.notice("assumed", "the namespace is not that of a Network Configuration; it is read as one", root)
        self.report_unknown(root)
        configurations = list(root.named("VirtualNetworkConfiguration"))
        dns = self.dns_servers(_deep(configurations, "Dns", "DnsServers", "DnsServer"))
        sites = self.each(_deep(configurations, "LocalNetworkSites", "LocalNetworkSite"), "local site", self.site)
        vnets = self.each(
            _deep(configurations, "VirtualNetworkSites", "VirtualNetworkSite"), "VNet", lambda one: self.vnet(one, dns)
        )
        if not vnets and not sites:
            self.notice("missing", "the file holds no VNet and no local site", root)
        linked = links(vnets, sites, self.notices.tell)
        found = Found(
            vnets=tuple(one.vnet for one in vnets),
            gateways=linked.gateways,
            local_gateways=linked.sites,
            circuits=linked.circuits,
            connections=linked.connections,
        )
        found = with_allowed_names(found, self.notices.tell)
        return replace(found, notices=self.notices.all())

    def notice(self, kind: NoticeKind, text: str, element: Element) -> None:
        self.notices.tell(Notice(kind, text, self.place(element)))

    def place(self, element: Element) -> Place:
        return Place(self.source, f"line {element.line}")

    def report_unknown(self, root: Element) -> None:
        """Name each kind of element that the format does not know, once."""
        reported: set[tuple[str, str]] = set()
        below = [root]
        while below:
            element = below.pop()
            known = _CHILDREN.get(element.name, set())
            for child in element.children:
                if child.name not in known and (element.name, child.name) not in reported:
                    reported.add((element.name, child.name))
                    self.notice("not understood", f'the element "{child.name}" in "{element.name}"', child)
            below += [child for child in reversed(element.children) if child.name in known]

    def each(self, elements: Iterable[Element], what: str, make: Callable[[Element], T]) -> list[T]:
        """What `make` makes of each element that has a name; the first of those that have the same."""
        made: dict[str, T] = {}
        for element in elements:
            name = element.attribute("name")
            if not name:
                self.notice("not understood", f"a {what} without a name", element)
            elif name.casefold() in made:
                self.notice("differs", f'a second {what} "{name}"; only the first one is read', element)
            else:
                made[name.casefold()] = make(element)
        return list(made.values())

    def dns_servers(self, elements: Iterable[Element]) -> dict[str, str]:
        found: dict[str, str] = {}
        for element in elements:
            address = ip_address(element.attribute("IPAddress"))
            if address is not None:
                found[element.attribute("name").casefold()] = address
            else:
                self.notice("not understood", "a DNS server without an IP address", element)
        return found

    def site(self, element: Element) -> FoundLocalGateway:
        addresses = [child.text for child in element.named("VPNGatewayAddress") if child.text]
        address = ip_address(addresses[0]) if addresses else None
        if addresses and address is None:
            self.notice("not understood", "the VPNGatewayAddress is no IP address", element)
        name = element.attribute("name")
        prefixes, is_partial = self.prefixes(_deep([element], "AddressSpace", "AddressPrefix"))
        return FoundLocalGateway(
            identity=Identity("", "", name),
            prefixes=prefixes,
            is_partial=is_partial,
            address=address,
            place=self.place(element),
        )

    def vnet(self, element: Element, dns: dict[str, str]) -> ClassicVNet:
        name = element.attribute("name")
        what = f'the VNet "{name}"'
        gateways = list(element.named("Gateway"))
        prefixes, is_partial = self.prefixes(_deep([element], "AddressSpace", "AddressPrefix"))
        if not prefixes:
            self.notice("missing", f"{what} has no address space", element)
        vnet = FoundVNet(
            identity=_identity(name),
            region=self.region(element, what),
            prefixes=prefixes,
            is_partial=is_partial,
            subnets=self.subnets(_deep([element], "Subnets", "Subnet"), what),
            dns_servers=self.dns_of(_deep([element], "DnsServersRef", "DnsServerRef"), dns),
            place=self.place(element),
        )
        pools, _ = self.prefixes(_deep(gateways, "VPNClientAddressPool", "AddressPrefix"))
        return ClassicVNet(
            vnet=vnet,
            gateway=self.place(gateways[0]) if gateways else None,
            p2s_pools=pools,
            references=[
                reference
                for each in _deep(gateways, "ConnectionsToLocalNetwork", "LocalNetworkSiteRef")
                for reference in self.references(each)
            ],
        )

    def region(self, element: Element, what: str) -> str | None:
        written = element.attribute("Location")
        if written:
            return region_name(written)
        group = element.attribute("AffinityGroup")
        why = f'it belongs to the affinity group "{group}"' if group else "it has no Location"
        self.notice("missing", f"the region of {what} is not told: {why}", element)
        return None

    def subnets(self, elements: Iterable[Element], what: str) -> tuple[FoundSubnet, ...]:
        found: dict[str, FoundSubnet] = {}
        for element in elements:
            name = element.attribute("name")
            if not name:
                self.notice("not understood", f"a subnet without a name in {what}", element)
            elif name.casefold() in found:
                self.notice("differs", f'a second subnet "{name}" in {what}; only the first one is read', element)
            else:
                prefixes, is_partial = self.prefixes(element.named("AddressPrefix"))
                found[name.casefold()] = FoundSubnet(name=name, prefixes=prefixes, is_partial=is_partial)
        return tuple(found.values())

    def dns_of(self, elements: Iterable[Element], dns: dict[str, str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for element in elements:
            address = dns.get(element.attribute("name").casefold())
            if address is None:
                self.notice("missing", f'the DNS server "{element.attribute("name")}" is not in the file', element)
            else:
                found[address] = None
        return tuple(found)

    def references(self, element: Element) -> Iterable[Reference]:
        """The links that a LocalNetworkSiteRef stands for: one for each of its kinds of connection."""
        name = element.attribute("name")
        kinds = [child.attribute("type").casefold() for child in element.named("Connection")] or ["ipsec"]
        for kind in dict.fromkeys(kinds):
            if kind in ("ipsec", "dedicated"):
                yield Reference(name, dedicated=kind == "dedicated", place=self.place(element))
            else:
                self.notice("not understood", f'the type of the connection to the local site "{name}"', element)

    def prefixes(self, elements: Iterable[Element]) -> tuple[tuple[Prefix, ...], bool]:
        """The prefixes, and whether there are more, which could not be read."""
        found: dict[Prefix, None] = {}
        is_partial = False
        for element in elements:
            text = element.text
            if len(text) > _LONGEST_PREFIX:
                self.notice("not understood", "a text that is longer than any prefix", element)
                is_partial = True
                continue
            prefixes, notices, unread = prefixes_in(text, self.place(element))
            is_partial |= unread
            found |= dict.fromkeys(prefixes)
            for notice in notices:
                self.notices.tell(notice)
        return tuple(found), is_partial


def _identity(name: str) -> Identity:
    """The identity of a VNet. What the portal made is written "Group RESOURCEGROUP NAME".

    (Microsoft Learn, "Connect virtual networks from different deployment models".)
    """
    portal = _OF_PORTAL.fullmatch(name)
    return Identity("", portal[1], portal[2]) if portal is not None else Identity("", "", name)


def _deep(elements: Iterable[Element], *names: str) -> list[Element]:
    """The elements at the end of a path of names."""
    found = list(elements)
    for name in names:
        found = [child for element in found for child in element.named(name)]
    return found
