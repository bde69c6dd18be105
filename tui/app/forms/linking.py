"""The forms that link networks: connect and peer, with their effect on every gateway shown before it happens.

Invariant: what the effects say is what the budgets say once the edit is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import combinations

from tui.app.forms.foreseeing import Notes, foresee, meters, say_found
from tui.app.forms.form import Field, Form, Judgement, Values
from tui.app.forms.gateway import YES_NO, gateway, one_of, say_small, sku_choices, usual_sku, yes_no
from tui.app.forms.link_plan import (
    Plan,
    added,
    connection_fields,
    link_names,
    link_title,
    missing_gateways,
    pairs_from,
    without_linked,
)
from tui.app.forms.naming_networks import free_name, named, not_yet_linked, pairs_text, words
from tui.checks.rule import listed
from tui.connectivity.links import networks
from tui.errors import EditError
from tui.topology import catalog, edits
from tui.topology.edits import add_gateway, combined
from tui.topology.model import Site, Topology, VNet

__all__ = ["connect", "gateway", "peer"]

_SHAPES = ("star", "mesh")
_KINDS = ("vpn", "expressroute")
_MOST_LINKS = 300
"""Links that one form makes: more than three gateways of the largest SKU have tunnels for."""

_LINK_FIELDS = {"ADR001": "", "CON002": "", "CON003": "", "CON005": "", "REF005": "", "GWY001": ""}
_CONNECTION_FIELDS = _LINK_FIELDS | {
    "CON001": "",
    "GWY002": "",
    "GWY003": "",
    "GWY004": "",
    "GWY001": "gateways",
    "CON003": "gateways",
    "SUB005": "gateways",
    "GWY006": "bandwidth_mbps",
    "GWY008": "bgp",
    "GWY009": "bgp",
    "CON004": "bgp",
}
_PEERING_FIELDS = _LINK_FIELDS | {"CON003": "gateway_transit", "GWY001": "gateway_transit", "LIM001": ""}
"""The rules that a link is tried on, and the field that each speaks of; "" is the field that names the ends."""


def connect(topology: Topology, names: Sequence[str]) -> Form:
    """Return the form that connects one network with others, or several in a star or a mesh.

    Raises EditError if one of `names` is no network, or there is none.
    """
    names = _existing(topology, names)
    one = names[0] if len(names) == 1 else None
    if one is not None:
        choices = partial(_unlinked, one)
        ends = [Field("to", "To", "the network at the other end, or several: each gets a connection", choices=choices)]
    else:
        shape_help = "star: all with the first named; mesh: each with each"
        ends = [
            Field("shape", "Shape", shape_help, "choice", lambda topology, values: _SHAPES),
            Field("networks", "Networks", "what to connect; a star has the first in its middle", choices=_every),
        ]
    rest = [
        Field("gateways", "Add gateways", "give a VNet without a gateway one", "choice", lambda *_: YES_NO),
        Field("sku", "SKU", "of the gateways that are added", choices=sku_choices),
        Field("bgp", "BGP", "exchange routes; each end needs an ASN of its own", "choice", lambda *_: YES_NO[::-1]),
        Field("bandwidth_mbps", "Mbps", "expected on each connection; drawn from the gateways at both ends"),
        Field("devices", "Devices", "of the site: a tunnel each; empty: all", choices=partial(_device_choices, one)),
        Field("kind", "Kind", "expressroute takes no tunnel", "choice", lambda *_: _KINDS),
        Field("name", "Name", "of a single connection; empty: from its two ends", choices=partial(_name_choices, one)),
        Field("note", "Note", "free text"),
    ]
    initial = {"gateways": "yes", "sku": usual_sku(topology), "bgp": "no", "kind": "vpn"}
    if one is None:
        initial |= {"shape": "star", "networks": ", ".join(names)}
    title = f"Connect {listed(names)}"
    return Form(title, (*ends, *rest), partial(_judge_connect, one), initial, first=ends[0].key)


def peer(topology: Topology, names: Sequence[str]) -> Form:
    """Return the form that peers a VNet with another, or with several: the first of `names` with the rest.

    Raises EditError if one of `names` is no VNet, or there is none.
    """
    origin, *others = _existing(topology, names)
    for name in (origin, *others):
        if not isinstance(networks(topology)[name], VNet):
            raise EditError(f"{name} is a site", "a peering joins two VNets; connect it instead")
    fields = (
        Field("to", "To", "the VNet at the other end, or several", choices=partial(_unpeered, origin)),
        Field(
            "gateway_transit",
            "Gateway of",
            "whose gateway the other side uses; empty: none",
            "text",
            partial(_lenders, origin),
        ),
        Field("name", "Name", "of a single peering; empty: from its two ends", choices=partial(_name_choices, origin)),
        Field("note", "Note", "free text"),
    )
    return Form(f"Peer {origin}", fields, partial(_judge_peer, origin), {"to": ", ".join(others)}, first="to")


def _existing(topology: Topology, names: Sequence[str]) -> tuple[str, ...]:
    unique = tuple(dict.fromkeys(names))
    for name in unique:
        if name not in networks(topology):
            raise EditError(f"there is no network {name}")
    if not unique:
        raise EditError("nothing is chosen", "choose a network first")
    return unique


def _unlinked(origin: str, topology: Topology, values: Values) -> Sequence[str]:
    return not_yet_linked(topology, origin)


def _unpeered(origin: str, topology: Topology, values: Values) -> Sequence[str]:
    return not_yet_linked(topology, origin, sites=False)


def _every(topology: Topology, values: Values) -> Sequence[str]:
    return list(networks(topology))


def _typed(origin: str | None, topology: Topology, values: Values) -> list[str]:
    """The networks that a form names, the unknown ones left out."""
    known = networks(topology)
    typed = words(values.get("to" if origin is not None else "networks", ""), known)
    return [name for name in dict.fromkeys([origin, *typed] if origin is not None else typed) if name in known]


def _lenders(origin: str, topology: Topology, values: Values) -> Sequence[str]:
    ends = _typed(origin, topology, values)
    return ends if len(ends) == 2 else ends[:1]


def _device_choices(origin: str | None, topology: Topology, values: Values) -> Sequence[str]:
    sites = [site for end in _typed(origin, topology, values) if isinstance(site := networks(topology)[end], Site)]
    return [name for name, _ in sites[0].tunnel_ends()] if len(sites) == 1 else []


def _name_choices(origin: str | None, topology: Topology, values: Values) -> Sequence[str]:
    ends = _typed(origin, topology, values)
    return [free_name(topology.connections, {}, f"{ends[0]}-to-{ends[1]}")] if len(ends) == 2 else []


def _judge_connect(origin: str | None, topology: Topology, values: Values) -> Judgement:
    notes = Notes()
    kind = one_of(notes, values, "kind", _KINDS)
    plan = _connected(notes, origin, topology, values, kind)
    bgp = yes_no(notes, values, "bgp", default=False)
    add = yes_no(notes, values, "gateways", default=True)
    connection_fields(notes, plan, topology, values, {"kind": kind} if kind != "vpn" else {}, bgp=bgp)
    if kind == "vpn":
        for end in plan.ends:
            network = networks(topology)[end]
            if isinstance(network, VNet) and network.gateway is not None:
                say_small(notes, plan.key, end, network.gateway)
        if add:
            missing_gateways(notes, plan, topology, values, bgp=bgp)
    names = link_names(notes, plan, topology.connections, values, "connection")
    if notes.refused:
        return notes.judged()
    title = link_title("Connect", origin, plan, mesh=origin is None and values.get("shape", "").strip() == "mesh")
    steps = [add_gateway(name, new, prefix) for name, (new, prefix) in plan.gateways.items()]
    steps += [edits.connect(a, b, name=name, **plan.fields) for (a, b), name in zip(plan.pairs, names, strict=True)]
    edit = combined(title, steps)
    foresight = foresee(topology, edit, plan.ends, _CONNECTION_FIELDS)
    say_found(notes, foresight, _fields(_CONNECTION_FIELDS, plan), plan.key)
    if not add:
        notes.offer("gateways", "yes")
    return notes.judged((*meters(foresight), *added(plan)), edit, ("connections", names[0]))


def _judge_peer(origin: str, topology: Topology, values: Values) -> Judgement:
    notes = Notes()
    others = named(notes, topology, "to", values.get("to", ""), sites=False)
    plan = Plan("to", pairs_from(notes, "to", origin, others))
    without_linked(notes, plan, topology, "peering", "peered")
    lender = values.get("gateway_transit", "").strip()
    if lender:
        lenders = _lenders(origin, topology, values)
        if lender not in lenders:
            nearest = catalog.nearest(lender, lenders)
            notes.refuse("gateway_transit", f"it must be an end of this peering: {' or '.join(lenders)}", nearest)
        plan.fields["gateway_transit"] = lender
    if note := values.get("note", "").strip():
        plan.fields["note"] = note
    names = link_names(notes, plan, topology.peerings, values, "peering")
    if notes.refused:
        return notes.judged()
    steps = [edits.peer(a, b, name=name, **plan.fields) for (a, b), name in zip(plan.pairs, names, strict=True)]
    edit = combined(link_title("Peer", origin, plan, mesh=False), steps)
    foresight = foresee(topology, edit, plan.ends, _PEERING_FIELDS)
    say_found(notes, foresight, _fields(_PEERING_FIELDS, plan), "to")
    return notes.judged(meters(foresight), edit, ("peerings", names[0]))


def _fields(fields: Mapping[str, str], plan: Plan) -> dict[str, str]:
    return {code: key or plan.key for code, key in fields.items()}


def _connected(notes: Notes, origin: str | None, topology: Topology, values: Values, kind: str) -> Plan:
    """The pairs that are to be connected; what cannot be, or is already, is said and left out."""
    if origin is not None:
        plan = Plan("to", pairs_from(notes, "to", origin, named(notes, topology, "to", values.get("to", ""))))
    else:
        plan = Plan("networks", [])
        ends = named(notes, topology, "networks", values.get("networks", ""))
        if len(ends) < 2:
            notes.refuse("networks", "name two networks at least")
        elif one_of(notes, values, "shape", _SHAPES) == "star":
            plan.pairs = [(ends[0], other) for other in ends[1:]]
        elif (count := len(ends) * (len(ends) - 1) // 2) > _MOST_LINKS:
            notes.refuse(
                "shape", f"a mesh of {len(ends)} networks has {count} connections; {_MOST_LINKS} at most", "star"
            )
        else:
            plan.pairs = list(combinations(ends, 2))
    if len(plan.pairs) > _MOST_LINKS:
        notes.refuse(plan.key, f"{len(plan.pairs)} connections at once; {_MOST_LINKS} at most")
        plan.pairs = []
    known = networks(topology)
    between_sites = [pair for pair in plan.pairs if all(isinstance(known[end], Site) for end in pair)]
    if between_sites and len(between_sites) == len(plan.pairs):
        notes.refuse(
            plan.key, f"a site is not connected with a site: {pairs_text(between_sites)}; one end must be a VNet"
        )
    elif between_sites:
        notes.say(
            plan.key, "warning", f"left out, for a site is not connected with a site: {pairs_text(between_sites)}"
        )
    left_out = set(between_sites)
    plan.pairs = [pair for pair in plan.pairs if pair not in left_out]
    without_linked(notes, plan, topology, kind, "connected")
    return plan
