"""The topology: everything that one file says, as immutable values.

Owns the names, types and defaults of the file's keys. The same models serve the file, the rules and the
screen; what follows from them (findings, budgets, reach) is computed elsewhere and never stored here.
Invariant: nothing in a topology changes; an edit makes a new one that shares what it did not touch.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator

from tui.topology.prefix import Prefix
from tui.topology.table import Table

SCHEMA = 1
"""The number of the file format that this program reads and writes."""

VpnType: TypeAlias = Literal["RouteBased", "PolicyBased"]
State: TypeAlias = Literal["planned", "deployed", "retiring"]
Cloud: TypeAlias = Literal["public", "usgov", "china"]
Workload: TypeAlias = Literal["aks", "container-apps", "docker"]
RuleSetting: TypeAlias = Literal["off", "info", "warning", "error"]

Flag: TypeAlias = Annotated[bool, Strict()]
Day: TypeAlias = Annotated[datetime.date, Strict()]
Count: TypeAlias = Annotated[int, Strict(), Field(ge=0)]
Asn: TypeAlias = Annotated[int, Strict(), Field(ge=0, le=4294967295)]
Mbps: TypeAlias = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)] | Annotated[int, Strict(), Field(ge=0)]
Percent: TypeAlias = Annotated[float, Strict(), Field(ge=0, le=100)] | Annotated[int, Strict(), Field(ge=0, le=100)]


def frozen(value: Any) -> Any:
    """Return plain data with its lists and dicts made read-only."""
    if isinstance(value, dict):
        return Table((key, frozen(item)) for key, item in value.items())
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


Carried: TypeAlias = Annotated[Any, AfterValidator(frozen)]
"""A known key without rules: any value, kept as it is."""


def _with_prefix_keys(table: Table[str]) -> Table[str]:
    for text in table:
        Prefix.parse(text)
    return table


def _long_form(value: Any, key: str) -> Any:
    if isinstance(value, str):
        return {key: [value]}
    return {key: value} if isinstance(value, list) else value


class Part(BaseModel):
    """A piece of the topology. Unknown keys are kept in `unknown`."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)
    __pydantic_extra__: dict[str, Carried] = Field(init=False)

    short_key: ClassVar[str] = ""
    """The key that the short form in the file stands for, if there is a short form."""

    # Follows a thing through renames; the NUL keeps the alias apart from every key that people write.
    identity: str = Field(default="", alias="\0identity", exclude=True, repr=False)

    @property
    def unknown(self) -> Table[Any]:
        """The keys of the file that this program does not know, with their values."""
        return Table(self.__pydantic_extra__ or {})


class Subscription(Part):
    """An Azure subscription; owns VNets."""

    name: str | None = None
    id: str | None = None
    cloud: Cloud = "public"
    note: str | None = None
    tags: Table[Carried] = Table()


class Subnet(Part):
    """A named part of a VNet's address space. Short form: its prefix, or the list of its prefixes."""

    short_key: ClassVar[str] = "prefixes"

    prefixes: tuple[Prefix, ...] = ()
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_short_form(cls, value: Any) -> Any:
        return _long_form(value, "prefixes")


class Gateway(Part):
    """The VNet's VPN gateway. All its tunnels share its bandwidth and its SLA."""

    name: str | None = None
    sku: str | None = None
    generation: Annotated[int, Strict()] | None = None
    vpn_type: VpnType = "RouteBased"
    asn: Asn = 65515
    active_active: Flag = False
    tunnel_budget: Count | None = None
    p2s_pools: tuple[Prefix, ...] = ()
    resource_group: str | None = None
    zones: Carried = None
    public_ips: Carried = None
    note: str | None = None


class VNet(Part):
    """A virtual network: isolated until it is linked."""

    subscription: str | None = None
    region: str | None = None
    resource_group: str | None = None
    address_space: tuple[Prefix, ...] = ()
    growth: tuple[Prefix, ...] = ()
    pool: str | None = None
    azure_name: str | None = None
    isolated: Flag = False
    renumber: Flag = True
    transit: Flag = False
    state: State = "planned"
    note: str | None = None
    tags: Table[Carried] = Table()
    dns_servers: Carried = None
    subnets: Table[Subnet] = Table()
    gateway: Gateway | None = None


class Device(Part):
    """A VPN device of a site: a local network gateway in Azure. Short form: its address or FQDN."""

    short_key: ClassVar[str] = "address"

    address: str | None = None
    asn: Asn | None = None
    bgp_peer: str | None = None
    local_gateways: tuple[str, ...] = ()
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_short_form(cls, value: Any) -> Any:
        return {"address": value} if isinstance(value, str) else value


class Site(Part):
    """An on-premises network with its VPN devices."""

    address_space: tuple[Prefix, ...] = ()
    advertises: tuple[Prefix, ...] = ()
    vpn_device: str | None = None
    devices: Table[Device] = Table()
    asn: Asn | None = None
    bgp_peer: str | None = None
    local_gateways: tuple[str, ...] = ()
    subscription: str | None = None
    region: str | None = None
    resource_group: str | None = None
    azure_name: str | None = None
    state: State = "planned"
    note: str | None = None
    tags: Table[Carried] = Table()

    def tunnel_ends(self) -> Iterator[tuple[str, Device]]:
        """Yield (name, device) of every VPN device, the one of the short form as `vpn_device`."""
        if self.vpn_device is not None:
            yield "vpn_device", Device(address=self.vpn_device, asn=self.asn, bgp_peer=self.bgp_peer)
        yield from self.devices.items()

    def asn_of(self, device: Device) -> int | None:
        """The ASN that `device` speaks BGP with: its own, else the site's."""
        return device.asn if device.asn is not None else self.asn


class Connection(Part):
    """A VPN or ExpressRoute link between two networks; their kinds say whether it is VNet-to-VNet or site-to-site."""

    between: tuple[str, str]
    kind: Literal["vpn", "expressroute"] = "vpn"
    bandwidth_mbps: Mbps | None = None
    bgp: Flag = False
    devices: tuple[str, ...] | None = None
    azure_name: str | None = None
    subscription: str | None = None
    resource_group: str | None = None
    state: State = "planned"
    ipsec_policy: Carried = None
    note: str | None = None
    tags: Table[Carried] = Table()


class Peering(Part):
    """A VNet peering: takes no tunnel, forbids overlap all the same."""

    between: tuple[str, str]
    gateway_transit: str | None = None
    azure_name: str | None = None
    state: State = "planned"
    note: str | None = None
    tags: Table[Carried] = Table()


class Service(Part):
    """A cloud service, load-balanced endpoint or online backup; lives in a single VNet."""

    kind: Literal["cloud-service", "load-balanced-endpoint", "online-backup"]
    vnets: tuple[str, ...] = ()
    state: State = "planned"
    note: str | None = None
    tags: Table[Carried] = Table()


class Waiver(Part):
    """A finding accepted on purpose, until it expires."""

    code: str
    where: tuple[str, ...] = ()
    reason: str | None = None
    owner: str | None = None
    expires: Day | None = None


class Pool(Part):
    """Address space from which the planner may hand out blocks. Short form: the list of its prefixes."""

    short_key: ClassVar[str] = "prefixes"

    prefixes: tuple[Prefix, ...] = ()
    region: str | None = None
    default_size: Annotated[str, Field(pattern=r"^/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])$")] | None = None
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_short_form(cls, value: Any) -> Any:
        return _long_form(value, "prefixes")


class Planning(Part):
    """What the planner may hand out, and what it must leave alone."""

    own_public: tuple[Prefix, ...] = ()
    workloads: tuple[Workload, ...] = ()
    pools: Table[Pool] = Table()
    avoid: Annotated[Table[str], AfterValidator(_with_prefix_keys)] = Table()

    def avoided(self) -> Iterator[tuple[Prefix, str]]:
        """Yield each block that is never handed out, with the reason."""
        return ((Prefix.parse(text), reason) for text, reason in self.avoid.items())


class SkuLimits(Part):
    """One's own figures for a gateway SKU, where Azure's pages disagree with what one was told."""

    tunnels: Count | None = None
    tunnels_policy_based: Count | None = None
    bandwidth_mbps: Mbps | None = None
    sla_percent: Percent | None = None


class Limits(Part):
    """Overrides of Azure's limits."""

    skus: Table[SkuLimits] = Table()
    vnets_per_region: Count | None = None
    subnets_per_vnet: Count | None = None
    peerings_per_vnet: Count | None = None
    prefixes_per_gateway: Count | None = None


class Topology(Part):
    """Everything in one file."""

    # Which of the two kinds of networks the file names first; kept apart from the file's keys like `identity`.
    sites_first: bool = Field(default=False, alias="\0sites_first", exclude=True, repr=False)

    schema_number: Annotated[Literal[1], Field(alias="schema")] = 1
    name: str | None = None
    note: str | None = None
    planning: Planning = Field(default_factory=Planning)
    checks: Table[RuleSetting] = Table()
    limits: Limits = Field(default_factory=Limits)
    subscriptions: Table[Subscription] = Table()
    vnets: Table[VNet] = Table()
    sites: Table[Site] = Table()
    connections: Table[Connection] = Table()
    peerings: Table[Peering] = Table()
    services: Table[Service] = Table()
    waivers: Table[Waiver] = Table()


Network: TypeAlias = VNet | Site
