"""What can be typed about each kind of thing: its fields, in the order in which a person fills them in.

Owns labels and the one line of help of each field.
Invariant: every field of the model has a line, but those that hold things with forms of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tui.app.forms import fields, words_in_use
from tui.app.forms.form import Field, Values
from tui.app.forms.form import Kind as Typed
from tui.errors import EditError
from tui.topology.model import (
    Connection,
    Device,
    Gateway,
    Limits,
    Part,
    Peering,
    Planning,
    Pool,
    Service,
    Site,
    SkuLimits,
    Subnet,
    Subscription,
    Topology,
    VNet,
    Waiver,
)

Words = Callable[[Topology, Values], Sequence[str]]

NAME: Final = "name"
"""The key of the field for the name under which a thing stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """A field of a form, and the field of the model that it stands for; `of` is empty for the name."""

    field: Field
    of: str
    one_each: bool = False
    """True for what no two things can share, so that it is not set on several at once."""


@dataclass(frozen=True, slots=True)
class KindOfThing:
    """What a form about one kind of thing holds."""

    model: type[Part]
    noun: str
    plural: str
    lines: tuple[Line, ...]

    @property
    def named(self) -> bool:
        """True if it stands under a name of its own."""
        return not self.lines[0].of

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of its form."""
        return tuple(line.field for line in self.lines)

    @property
    def own_lines(self) -> tuple[Line, ...]:
        """The lines that stand for fields of the model: all but the name."""
        return self.lines[1:] if self.named else self.lines

    def texts(self, part: Part) -> dict[str, str]:
        """Return what stands in its fields for a part, the name left out."""
        return {line.field.key: fields.text_of(self.model, line.of, getattr(part, line.of)) for line in self.own_lines}

    def defaults(self) -> dict[str, str]:
        """Return what stands in its fields while nothing is said."""
        return {line.field.key: fields.default_text(self.model, line.of) for line in self.own_lines}


_HELP_NAME: Final = "the name by which this file knows it; renaming carries every reference"

# Lines that several kinds have: of, label, help, words.
_SHARED: Final[Mapping[str, tuple[str, str, Words | None]]] = MappingProxyType(
    {
        "subscription": ("Subscription", "the Azure subscription that owns it", words_in_use.subscriptions),
        "region": ("Region", "the Azure region it lives in, such as westeurope", words_in_use.regions),
        "resource_group": ("Resource group", "the resource group it is deployed to", words_in_use.resource_groups),
        "azure_name": ("Name in Azure", "where Azure's name is not the name above", None),
        "state": ("State", "planned, deployed in Azure, or retiring", None),
        "note": ("Note", "anything worth knowing", None),
        "tags": ("Tags", 'pairs such as owner = "network team", ticket = NET-12', words_in_use.tags),
    }
)
_ONE_EACH: Final = frozenset({"azure_name"})

_Own = tuple[str, str, str] | tuple[str, str, str, Words]


def _line(model: type[Part], of: str, label: str, text: str, words: Words | None, key: str, one_each: bool) -> Line:
    shape = fields.shape(model, of)
    typed: Typed = "prefixes" if shape == "prefixes" else "choice" if shape in ("choice", "flag") else "text"
    fixed = fields.choices(model, of)
    chosen: Words = words or (lambda topology, values: fixed)
    return Line(Field(key, label, text, typed, chosen), of, one_each)


def _kind(
    model: type[Part], noun: str, plural: str, *lines: str | _Own, named: str = _HELP_NAME, one_each: str = ""
) -> KindOfThing:
    """Make a kind of its lines: the name of a shared one, or (field, label, help, words) of one of its own.

    `named` is the help of the name, empty for a kind without one; `one_each` lists what no two things share.
    """
    unique = _ONE_EACH | {*one_each.split()}

    def made() -> Iterator[Line]:
        if named:
            yield Line(Field(NAME, "Name", named), "", True)
        for line in lines:
            if isinstance(line, str):
                of, (label, text, words) = line, _SHARED[line]
            else:
                of, label, text = line[:3]
                words = line[3] if len(line) == 4 else None
            # A kind with a name of its own in Azure keeps that apart from the name in this file.
            key = "display_name" if named and of == NAME else of
            yield _line(model, of, label, text, words, key, of in unique)

    return KindOfThing(model, noun, plural, tuple(made()))


_BETWEEN = ("between", "Between", "the two networks that it joins, such as hub, dublin", words_in_use.ends)

KINDS: Final[Mapping[type[Part], KindOfThing]] = MappingProxyType(
    {
        kind.model: kind
        for kind in (
            _kind(
                Subscription,
                "subscription",
                "subscriptions",
                ("name", "Name in Azure", "its display name, where that is not the name above"),
                ("id", "Subscription ID", "the GUID that Azure gave it"),
                ("cloud", "Cloud", "public Azure, US Government or China; VNet-to-VNet stays within one"),
                "note",
                "tags",
                one_each="id name",
            ),
            _kind(
                VNet,
                "VNet",
                "VNets",
                (
                    "address_space",
                    "Address space",
                    "prefixes such as 10.64.0.0/16; /22 alone takes the next free block",
                ),
                "subscription",
                "region",
                "resource_group",
                ("pool", "Pool", "the pool of the planner that its space belongs to", words_in_use.pools),
                ("growth", "Growth", "prefixes held for this VNet; taken, for everybody else"),
                "state",
                "note",
                "tags",
                "azure_name",
                ("isolated", "Isolated", "yes: never to be linked"),
                ("renumber", "May move", "no: the planner may not give it other addresses"),
                ("transit", "Transit", "yes: a firewall or router in it forwards between its links"),
                ("dns_servers", "DNS servers", 'a TOML list, such as ["10.64.0.4", "10.64.0.5"]'),
                one_each="address_space growth",
            ),
            _kind(
                Subnet,
                "subnet",
                "subnets",
                ("prefixes", "Prefixes", "within the VNet, /29 or larger; /26 alone takes the next free block"),
                "note",
                one_each="prefixes",
                named="its name in Azure; a VPN gateway lives in GatewaySubnet",
            ),
            _kind(
                Gateway,
                "gateway",
                "gateways",
                ("sku", "SKU", "its size, such as VpnGw1AZ; decides tunnels and bandwidth", words_in_use.skus),
                ("generation", "Generation", "where the SKU exists in both", words_in_use.generations),
                ("vpn_type", "Routing", "RouteBased = dynamic routing, PolicyBased = static routing"),
                ("asn", "ASN", "its AS number for BGP; Azure's default is 65515"),
                ("active_active", "Active-active", "yes: two instances, and two IPsec tunnels a connection"),
                ("tunnel_budget", "Tunnel budget", "one's own limit of tunnels, below that of the SKU"),
                ("p2s_pools", "VPN clients", "prefixes from which point-to-site clients get addresses"),
                "resource_group",
                ("name", "Name in Azure", "where Azure's name is not that of the VNet"),
                ("zones", "Zones", 'a TOML list of availability zones, such as ["1", "2", "3"]'),
                ("public_ips", "Public IPs", "a TOML list of the names of its public IP addresses"),
                "note",
                one_each="name p2s_pools public_ips",
                named="",
            ),
            _kind(
                Site,
                "site",
                "sites",
                ("address_space", "Address space", "the prefixes that are really used there"),
                ("vpn_device", "VPN device", "public address or FQDN of its one VPN device"),
                ("asn", "ASN", "its AS number for BGP; empty without BGP"),
                ("bgp_peer", "BGP peer", "the address with which its device speaks BGP"),
                ("advertises", "Advertises", "summaries that it routes; they do not use up addresses"),
                "region",
                "subscription",
                "resource_group",
                "state",
                "note",
                "tags",
                "azure_name",
                (
                    "local_gateways",
                    "Local gateways",
                    "resource ids of the local network gateways, where several are it",
                ),
                one_each="address_space vpn_device bgp_peer local_gateways",
            ),
            _kind(
                Device,
                "device",
                "devices",
                ("address", "Address", "its public address or FQDN"),
                ("asn", "ASN", "its AS number for BGP, where it is not that of the site"),
                ("bgp_peer", "BGP peer", "the address with which it speaks BGP"),
                (
                    "local_gateways",
                    "Local gateways",
                    "resource ids of the local network gateways, where several are it",
                ),
                "note",
                one_each="address bgp_peer local_gateways",
            ),
            _kind(
                Connection,
                "connection",
                "connections",
                _BETWEEN,
                ("kind", "Kind", "vpn takes a tunnel of each gateway, expressroute takes none"),
                ("bgp", "BGP", "yes: routes are exchanged by BGP; both ends need an ASN"),
                ("bandwidth_mbps", "Bandwidth", "expected, in Mbps; drawn from both gateways"),
                ("devices", "Devices", "which of the site's devices; empty for all", words_in_use.devices),
                "subscription",
                "resource_group",
                "state",
                "note",
                "tags",
                "azure_name",
                ("ipsec_policy", "IPsec policy", "a TOML value, kept as it is"),
                one_each="between devices",
            ),
            _kind(
                Peering,
                "peering",
                "peerings",
                ("between", "Between", "the two VNets that it joins, such as hub, app", words_in_use.vnets),
                (
                    "gateway_transit",
                    "Gateway transit",
                    "the VNet whose gateway the other one uses",
                    words_in_use.lenders,
                ),
                "state",
                "note",
                "tags",
                "azure_name",
                one_each="between gateway_transit",
            ),
            _kind(
                Service,
                "service",
                "services",
                ("kind", "Kind", "cloud-service, load-balanced-endpoint or online-backup"),
                ("vnets", "VNets", "where it runs; it must live in a single VNet", words_in_use.vnets),
                "state",
                "note",
                "tags",
            ),
            _kind(
                Waiver,
                "waiver",
                "waivers",
                ("code", "Rule", "the code of the finding that is accepted, such as ADR002", words_in_use.codes),
                ("where", "Where", "key paths, with globs: vnets.hub, vnets.legacy-*", words_in_use.places),
                ("reason", "Reason", "why it is accepted"),
                ("owner", "Owner", "who accepted it"),
                ("expires", "Expires", "the last day on which it holds, such as 2027-04-30"),
            ),
            _kind(
                Pool,
                "pool",
                "pools",
                ("prefixes", "Prefixes", "from which the planner may hand out blocks"),
                ("region", "Region", "the region whose VNets it is for", words_in_use.regions),
                ("default_size", "Default size", "the size of a block where none is asked for, such as /22"),
                "note",
                one_each="prefixes",
            ),
            _kind(
                Planning,
                "planning",
                "planning",
                ("own_public", "Own public space", "public prefixes that are one's own"),
                ("workloads", "Workloads", "whose fixed ranges matter here", words_in_use.workloads),
                ("avoid", "Avoid", 'what is never handed out, with the reason: "10.244.0.0/16" = "AKS pods"'),
                named="",
            ),
            _kind(
                Topology,
                "topology",
                "topologies",
                ("name", "Name", "what this file plans"),
                "note",
                ("checks", "Checks", "severity of single rules: ADR006 = info, NAM001 = off", words_in_use.settings),
                named="",
            ),
            _kind(
                Limits,
                "limits",
                "limits",
                ("vnets_per_region", "VNets per region", "VNets of a subscription in one region"),
                ("subnets_per_vnet", "Subnets per VNet", "subnets in one VNet"),
                ("peerings_per_vnet", "Peerings per VNet", "peerings of one VNet"),
                ("prefixes_per_gateway", "Prefixes per gateway", "VNet address prefixes of one VPN gateway"),
                named="",
            ),
            _kind(
                SkuLimits,
                "SKU",
                "SKUs",
                ("tunnels", "Tunnels", "site-to-site and VNet-to-VNet together"),
                ("tunnels_policy_based", "Tunnels, static", "the same for PolicyBased"),
                ("bandwidth_mbps", "Bandwidth", "of all tunnels together, in Mbps"),
                ("sla_percent", "SLA", "uptime, in percent"),
                named="the name of the SKU, such as VpnGw1AZ",
            ),
        )
    }
)


def kind_of(model: type[Part]) -> KindOfThing:
    """Return the kind of thing that `model` describes. Raises EditError if there is no form for it."""
    if model not in KINDS:
        raise EditError(f"there is no form for a {model.__name__}")
    return KINDS[model]
