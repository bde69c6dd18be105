"""What a form about links comes to: which pairs, with which fields, and which gateways are added for it.

Owns the parts that the forms of `linking` share. What cannot be done is said, and what can is kept.
Invariant: every pair of a plan names two different networks that exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.app.forms.foreseeing import Notes
from tui.app.forms.form import Values
from tui.app.forms.gateway import free_asns, no_room, say_sku, usual_sku
from tui.app.forms.naming_networks import free_name, pairs_text, words
from tui.checks.engine import rules
from tui.checks.rule import listed
from tui.connectivity.links import links_between, networks
from tui.topology import catalog
from tui.topology.edits import free_gateway_subnet
from tui.topology.model import Gateway, Site, Topology, VNet
from tui.topology.naming import is_gateway_subnet, name_problem
from tui.topology.prefix import Prefix

Pair = tuple[str, str]


@dataclass(slots=True)
class Plan:
    """What a form comes to, as far as it can be understood."""

    key: str
    """The field that names the ends."""
    pairs: list[Pair]
    fields: dict[str, Any] = field(default_factory=dict)
    gateways: dict[str, tuple[Gateway, Prefix | None]] = field(default_factory=dict)
    """The gateways that are added, by VNet, each with its GatewaySubnet unless the VNet has one."""

    @property
    def ends(self) -> list[str]:
        """The networks that are linked, each once."""
        return list(dict.fromkeys(end for pair in self.pairs for end in pair))


def pairs_from(notes: Notes, key: str, origin: str, others: Sequence[str]) -> list[Pair]:
    """Return the pairs of `origin` with each of `others`; refuse it itself, and that there are none."""
    if origin in others:
        rest = ", ".join(name for name in others if name != origin)
        notes.refuse(key, f"{origin} cannot be linked to itself; name two different networks", rest or None)
    elif not others and not notes.refused:
        notes.refuse(key, "name the network at the other end")
    return [(origin, other) for other in others if other != origin]


def without_linked(notes: Notes, plan: Plan, topology: Topology, kind: str, done: str) -> None:
    """Leave out the pairs that have a link of this kind already; a single pair is warned about, and stays."""
    by_pair = {
        pair: names
        for pair in plan.pairs
        if (names := [link.name for link in links_between(topology, *pair) if link.kind == kind])
    }
    if not by_pair:
        return
    if len(plan.pairs) == 1:
        ((a, b), names), *_ = by_pair.items()
        notes.say(plan.key, "warning", f"{a} and {b} are {done} already, by {listed(names)}. {rules()['REF003'].why}")
        return
    plan.pairs = [pair for pair in plan.pairs if pair not in by_pair]
    if not plan.pairs:
        notes.refuse(plan.key, f"all of these are {done} already: {pairs_text(by_pair)}")
    else:
        notes.say(plan.key, "info", f"{done} already, left out: {pairs_text(by_pair)}")


def connection_fields(
    notes: Notes, plan: Plan, topology: Topology, values: Values, fields: dict[str, Any], *, bgp: bool
) -> None:
    """Put the fields that each connection is to have into the plan."""
    if bgp:
        fields["bgp"] = True
    if text := values.get("bandwidth_mbps", "").strip():
        mbps = _mbps(text)
        if mbps is None:
            notes.refuse("bandwidth_mbps", "write the expected bandwidth in Mbps as a number, such as 200")
        fields["bandwidth_mbps"] = mbps
    sites = {end: site for end in plan.ends if isinstance(site := networks(topology)[end], Site)}
    wanted = words(values.get("devices", ""), ())
    if wanted and len(sites) != 1:
        notes.say("devices", "warning", "left out: devices are those of one site, and not one site is connected here")
    elif wanted:
        ((name, site),) = sites.items()
        offered = [device for device, _ in site.tunnel_ends()]
        for device in wanted:
            if device not in offered:
                nearest = catalog.nearest(device, (other for other in offered if other not in wanted))
                offer = ", ".join(nearest if word == device else word for word in wanted) if nearest else None
                which = f"it has {listed(offered)}" if offered else "it has none"
                notes.refuse("devices", f"{name} has no device {device}; {which}", offer)
        # A connection between two VNets has no devices: with a site among many ends, only some would.
        if len({*plan.ends} - {name}) > 1 and any(name not in pair for pair in plan.pairs):
            notes.say("devices", "warning", "left out: not every connection made here ends at the site")
        else:
            fields["devices"] = tuple(wanted)
    if note := values.get("note", "").strip():
        fields["note"] = note
    plan.fields = fields


def _mbps(text: str) -> int | float | None:
    if not text.isascii() or len(text) > 12:
        return None
    try:
        return int(text) if text.isdigit() else number if 0 <= (number := float(text)) < 1e12 else None
    except ValueError:
        return None


def missing_gateways(notes: Notes, plan: Plan, topology: Topology, values: Values, *, bgp: bool) -> None:
    """Put the gateways that the ends lack into the plan, or say why one cannot be added."""
    sku = values.get("sku", "").strip() or usual_sku(topology)
    asns = free_asns(topology)
    for end in plan.ends:
        vnet = networks(topology)[end]
        if not isinstance(vnet, VNet) or vnet.gateway is not None:
            continue
        if not plan.gateways:
            say_sku(notes, topology, sku)
        prefix = None if any(map(is_gateway_subnet, vnet.subnets)) else free_gateway_subnet(vnet)
        if prefix is None and not any(map(is_gateway_subnet, vnet.subnets)):
            notes.refuse("gateways", no_room(end), "no")
        # Left to Azure, both ends would have the ASN 65515, and BGP would drop every route.
        new = Gateway(sku=sku, asn=next(asns)) if bgp else Gateway(sku=sku)
        plan.gateways[end] = (new, prefix)


def added(plan: Plan) -> list[str]:
    """Return a line for each gateway that is added: "app gets VpnGw1AZ and GatewaySubnet 10.65.3.224/27"."""
    lines = []
    for name, (new, prefix) in plan.gateways.items():
        asn = f", ASN {new.asn}" if plan.fields.get("bgp") else ""
        lines.append(f"{name} gets {new.sku}{asn}" + (f" and GatewaySubnet {prefix}" if prefix else ""))
    return lines


def link_names(notes: Notes, plan: Plan, table: Mapping[str, object], values: Values, noun: str) -> list[str]:
    """Return the names of the links, one for each pair: the one that is typed for a single link, else free ones."""
    text = values.get("name", "").strip()
    names: dict[str, None] = {}
    for a, b in plan.pairs:
        names[free_name(table, set(names), f"{a}-to-{b}")] = None
    if not text:
        return list(names)
    if len(plan.pairs) != 1:
        notes.say("name", "info", f"left out: only a single {noun} takes a name, these are named after their ends")
        return list(names)
    problem = name_problem("connection", text)
    if text in table:
        notes.refuse("name", f"there is a {noun} {text} already", free_name(table, set(), text))
    elif problem:
        notes.say("name", "warning", f"Azure would refuse it: it {problem}", next(iter(names)))
    return [text]


def link_title(verb: str, origin: str | None, plan: Plan, *, mesh: bool) -> str:
    """Return what undo shows."""
    if len(plan.pairs) == 1:
        a, b = plan.pairs[0]
        return f"{verb} {a} and {b}"
    if mesh:
        return f"Mesh {len(plan.ends)} networks ({len(plan.pairs)} connections)"
    return f"{verb} {origin or plan.pairs[0][0]} to {len(plan.pairs)} networks"
