"""The form that gives a VNet its VPN gateway, and what any form says about gateways that it adds.

Invariant: what can be written down is accepted; what Azure would not have is said as the rules say it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tui.app.forms.foreseeing import Notes, foresee, meters, say_found
from tui.app.forms.form import Field, Form, Judgement, Values
from tui.checks.rule import listed
from tui.connectivity.budgets import sku_record
from tui.connectivity.links import neighbours
from tui.errors import EditError, PrefixError
from tui.topology import catalog
from tui.topology.derived import gateways
from tui.topology.edits import add_gateway, free_gateway_subnet
from tui.topology.model import Gateway, Topology, VNet
from tui.topology.naming import is_gateway_subnet
from tui.topology.prefix import Prefix, nearest_prefix
from tui.topology.subnet_sizes import GATEWAY_SUBNET_LENGTH

YES_NO = ("yes", "no")
_USUAL_SKU = "VpnGw1AZ"
_PRIVATE_ASNS = (range(64512, 65515), range(65521, 65535), range(4200000000, 4294967295))
_VPN_TYPES = ("RouteBased", "PolicyBased")
_LARGEST_ASN = 4294967295

_FIELDS = {
    "CON003": "sku",
    "GWY003": "sku",
    "GWY004": "sku",
    "GWY006": "sku",
    "GWY007": "vpn_type",
    "GWY008": "sku",
    "GWY011": "sku",
    "GWY002": "vpn_type",
    "GWY009": "asn",
    "GWY010": "asn",
    "SUB001": "gateway_subnet",
    "SUB002": "gateway_subnet",
    "SUB003": "gateway_subnet",
    "SUB005": "gateway_subnet",
}
"""The rules that a gateway is tried on, and the field that each speaks of."""


def usual_sku(topology: Topology) -> str:
    """Return the SKU that most gateways of the topology have and that can still be had, else VpnGw1AZ."""
    counts = Counter(gateway.sku for _, gateway in gateways(topology) if gateway.sku)
    for name, _ in counts.most_common():
        record = catalog.sku(name)
        if record is not None and record.creatable and record.lifecycle == "available":
            return name
    return _USUAL_SKU


def sku_choices(topology: Topology, values: Values) -> Sequence[str]:
    """Return the SKUs that a new gateway may have, and those for which the file has figures of its own."""
    offered = [name for name in catalog.sku_names() if (sku := catalog.sku(name)) is not None and sku.creatable]
    return (*offered, *(name for name in topology.limits.skus if name not in offered))


def say_sku(notes: Notes, topology: Topology, sku: str) -> None:
    """Say what there is to say of a SKU by itself: that it is unknown, going, or not meant for production."""
    record = catalog.sku(sku)
    if record is None:
        if sku not in topology.limits.skus:
            nearest = catalog.nearest(sku, sku_choices(topology, {}))
            notes.refuse(
                "sku", f"{sku} is no SKU of a VPN gateway{f'; did you mean {nearest}?' if nearest else ''}", nearest
            )
    elif not record.creatable or record.lifecycle != "available":
        notes.say("sku", "warning", f"{sku}: {record.retirement or record.lifecycle}", record.successor)
    elif not record.production:
        notes.say("sku", "info", f"{_basics(Gateway(sku=sku))}; {record.retirement or 'not meant for production'}")


def say_small(notes: Notes, key: str, name: str, gateway: Gateway) -> None:
    """Say of a gateway at the end of a new tunnel that it is a small one: Basic, or of static routing."""
    record = sku_record(gateway)
    if gateway.vpn_type == "PolicyBased":
        notes.say(key, "info", f"the gateway of {name} is PolicyBased (static routing): one tunnel, to a site")
    elif record is not None and not record.bgp:
        notes.say(key, "info", f"the gateway of {name} is {_basics(gateway)}")


def _basics(gateway: Gateway) -> str:
    record = sku_record(gateway)
    if record is None:
        return gateway.sku or catalog.DEFAULT_SKU
    tunnels = 1 if gateway.vpn_type == "PolicyBased" else record.tunnels.get("RouteBased", 0)
    lacks = "" if record.bgp else ", no BGP"
    return f"{record.name}, with {tunnels} tunnel{'s' * (tunnels != 1)} and {record.bandwidth_mbps} Mbps in all{lacks}"


def yes_no(notes: Notes, values: Values, key: str, *, default: bool) -> bool:
    """Return what a field says that holds yes or no, and `default` for an empty one; refuse anything else."""
    text = values.get(key, "").strip().casefold()
    if text and text not in YES_NO:
        notes.refuse(key, "write yes or no", "yes" if text.startswith(("y", "t")) else "no")
    return default if text not in YES_NO else text == "yes"


def one_of(notes: Notes, values: Values, key: str, words: Sequence[str]) -> str:
    """Return the word that a field holds, the first of `words` for an empty one; refuse any other."""
    text = values.get(key, "").strip()
    if text and text not in words:
        nearest = catalog.nearest(text, words)
        notes.refuse(key, f"write {' or '.join(words)}", nearest or words[0])
    return text if text in words else words[0]


def free_asns(topology: Topology) -> Iterator[int]:
    """Yield the private ASNs that no gateway, site or device of the topology has, lowest first."""
    taken = {gateway.asn for _, gateway in gateways(topology)}
    for site in topology.sites.values():
        taken |= {asn for asn in (site.asn, *(device.asn for device in site.devices.values())) if asn is not None}
    return (asn for numbers in _PRIVATE_ASNS for asn in numbers if asn not in taken)


def no_room(name: str) -> str:
    """Return why a VNet cannot have a gateway that has no room for its GatewaySubnet."""
    return (
        f"no /{GATEWAY_SUBNET_LENGTH} is free in {name} for its GatewaySubnet: move or shrink a subnet, or add a "
        "prefix to the address space"
    )


def gateway(topology: Topology, vnet: str) -> Form:
    """Return the form that gives a VNet a gateway. Raises EditError if there is no such VNet, or it has one."""
    part = topology.vnets.get(vnet)
    if part is None:
        raise EditError(f"there is no VNet {vnet}")
    if part.gateway is not None:
        raise EditError(f"{vnet} has a VPN gateway already", "a VNet has one; edit it instead")
    fields = [
        Field("sku", "SKU", "its size: tunnels and bandwidth; empty: counted as Basic", choices=sku_choices),
        Field("generation", "Generation", "where the SKU exists in both; empty: Azure's default", choices=_generations),
        _choice("vpn_type", "VPN type", "RouteBased = dynamic routing; PolicyBased = static routing", _VPN_TYPES),
        Field("asn", "ASN", "for BGP; empty: Azure's default 65515", choices=_asn_choices),
        _choice("active_active", "Active-active", "two instances, each with tunnels of its own", YES_NO[::-1]),
        Field("note", "Note", "free text"),
    ]
    initial = {"sku": usual_sku(topology), "vpn_type": _VPN_TYPES[0], "active_active": "no"}
    if not any(map(is_gateway_subnet, part.subnets)):
        help_text = "the prefix of the subnet that the gateway lives in; /27 or larger"
        fields.insert(
            5, Field("gateway_subnet", "GatewaySubnet", help_text, "prefixes", partial(_subnet_choices, vnet))
        )
        free = free_gateway_subnet(part)
        initial["gateway_subnet"] = str(free) if free else ""

    def next_free(topology: Topology, values: Values, key: str) -> str | None:
        return next(iter(_subnet_choices(vnet, topology, values)), None) if key == "gateway_subnet" else None

    return Form(f"Add a VPN gateway to {vnet}", tuple(fields), partial(_judge, vnet), initial, next_free)


def _choice(key: str, label: str, help_text: str, words: Sequence[str]) -> Field:
    return Field(key, label, help_text, "choice", lambda topology, values: words)


def _generations(topology: Topology, values: Values) -> Sequence[str]:
    return [str(number) for number in catalog.generations(values.get("sku", "").strip() or catalog.DEFAULT_SKU)]


def _asn_choices(topology: Topology, values: Values) -> Sequence[str]:
    return [str(next(free_asns(topology)))]


def _subnet_choices(name: str, topology: Topology, values: Values) -> Sequence[str]:
    vnet = topology.vnets.get(name)
    free = free_gateway_subnet(vnet) if vnet is not None else None
    return [str(free)] if free is not None else []


def _judge(name: str, topology: Topology, values: Values) -> Judgement:
    notes = Notes()
    vnet = topology.vnets.get(name)
    if vnet is None or vnet.gateway is not None:
        notes.refuse("sku", f"{name} has a VPN gateway already" if vnet else f"there is no VNet {name}")
        return notes.judged()
    fields: dict[str, Any] = {}
    vpn_type = one_of(notes, values, "vpn_type", _VPN_TYPES)
    if vpn_type != _VPN_TYPES[0]:  # what nobody chose is not written
        fields["vpn_type"] = vpn_type
    sku = values.get("sku", "").strip()
    if sku:
        say_sku(notes, topology, sku)
        fields["sku"] = sku
    fields |= _numbers(notes, values, sku or catalog.DEFAULT_SKU)
    if yes_no(notes, values, "active_active", default=False):
        fields["active_active"] = True
    if note := values.get("note", "").strip():
        fields["note"] = note
    prefix = _gateway_subnet(notes, name, vnet, values)
    if notes.refused:
        return notes.judged()
    new = Gateway.model_validate(fields)
    edit = add_gateway(name, new, prefix)
    # Of a neighbour only whether it shares the ASN is asked; its own meters do not change.
    foresight = foresee(topology, edit, [name], _FIELDS)
    own_subnet = any(map(is_gateway_subnet, vnet.subnets))
    places = {code: "sku" if own_subnet and key == "gateway_subnet" else key for code, key in _FIELDS.items()}
    say_found(notes, foresight, places, "sku")
    notes.offer("vpn_type", _VPN_TYPES[0])
    notes.offer("asn", _asn_choices(topology, values)[0])
    free = free_gateway_subnet(vnet)
    if free is not None:
        notes.offer("gateway_subnet", str(free))
    effects = [f"{name}  {_brings(new)}"]
    if neighbours(topology).get(name):
        effects += meters(foresight)
    return notes.judged(effects, edit, ("vnets", name, "gateway"))


def _numbers(notes: Notes, values: Values, sku: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    offered = catalog.generations(sku)
    if generation := values.get("generation", "").strip():
        found["generation"] = _number(generation, offered[-1] if offered else 99) or 0
        if offered and found["generation"] not in offered:
            notes.refuse("generation", f"{sku} exists in generation {listed(offered)}", str(offered[0]))
        elif not found["generation"]:
            notes.refuse("generation", "a generation is a number, 1 or 2")
    if asn := values.get("asn", "").strip():
        number = _number(asn, _LARGEST_ASN)
        if number is None:
            notes.refuse("asn", f"an ASN is a number from 1 to {_LARGEST_ASN}")
        else:
            found["asn"] = number
    return found


def _number(text: str, largest: int) -> int | None:
    digits = text.isascii() and text.isdigit() and len(text) < 11
    return int(text) if digits and int(text) <= largest else None


def _gateway_subnet(notes: Notes, name: str, vnet: VNet, values: Values) -> Prefix | None:
    if any(map(is_gateway_subnet, vnet.subnets)):
        return None
    text, free = values.get("gateway_subnet", "").strip(), free_gateway_subnet(vnet)
    if not text:
        if free is None:
            notes.refuse("gateway_subnet", no_room(name))
        return free
    try:
        return Prefix.parse(text)
    except PrefixError as error:
        meant = nearest_prefix(text)
        notes.refuse("gateway_subnet", str(error), str(meant or free) if meant or free else None)
        return None


def _brings(gateway: Gateway) -> str:
    """What a gateway brings: tunnels, bandwidth and SLA, from the catalogue."""
    record = sku_record(gateway)
    if record is None:
        return "its limits are not known"
    sla = f", SLA {record.sla_percent:g} %" if record.sla_percent is not None else ""
    return f"{_basics(gateway)}{sla}"
