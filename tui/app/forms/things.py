"""The forms: adding a thing, changing it, and making another one like it.

Owns what stands in a form to begin with, and the edit that accepting it makes: one undo step.
Invariant: a form that is opened and accepted as it is changes nothing that exists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from tui.app.forms.addresses import Space, next_space, space_like
from tui.app.forms.form import Form, Judgement, Values
from tui.app.forms.judging import say_foreseen, say_found, say_words
from tui.app.forms.kinds import NAME, KindOfThing, kind_of
from tui.app.forms.prefix_text import joined_text
from tui.app.forms.several import form_of_several
from tui.app.forms.subnet_space import Room, next_subnet_space, subnet_space_like
from tui.app.forms.thing import Thing, impossible, next_free, plan, read
from tui.checks.rule import listed
from tui.display import displayable
from tui.errors import EditError
from tui.topology.duplicate import duplicate as duplicated
from tui.topology.duplicate import duplicate_of
from tui.topology.edits import add, change, combined, free_name, noun, rename
from tui.topology.keypath import key_path
from tui.topology.model import (
    Device,
    Gateway,
    Part,
    Peering,
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
from tui.topology.parts import Path, entry_at, table_at
from tui.topology.prefix import Prefix

_NEW: Mapping[str, tuple[type[Part], Path]] = {
    "subscription": (Subscription, ("subscriptions",)),
    "vnet": (VNet, ("vnets",)),
    "site": (Site, ("sites",)),
    "subnet": (Subnet, ()),
    "device": (Device, ()),
    "service": (Service, ("services",)),
    "pool": (Pool, ("planning", "pools")),
    "peering": (Peering, ("peerings",)),
    "waiver": (Waiver, ("waivers",)),
    "sku": (SkuLimits, ("limits", "skus")),
}


def new(
    topology: Topology,
    kind: str,
    *,
    subscription: str | None = None,
    vnet: str | None = None,
    site: str | None = None,
    prefix: Prefix | None = None,
    growth: Sequence[Prefix] = (),
    region: str | None = None,
) -> Form:
    """Return the form for a new thing: "subscription", "vnet", "subnet" (of `vnet`), "device" (of `site`) and so on.

    `subscription`, `vnet`, `site`: where it is added, or what it is about; `prefix`: where it shall lie,
    `growth`: what is held for it, `region`: the VNet's, where it is known already. Raises
    EditError for a kind that is not known, and for a subnet or a device of nothing.
    """
    if kind not in _NEW:
        raise EditError(f"{kind} is nothing that a form adds", f"it adds {listed(_NEW, len(_NEW))}")
    model, place = _NEW[kind]
    if model is Subnet:
        place = ("vnets", _existing(topology, "vnets", vnet, "a subnet is part of a VNet"), "subnets")
    if model is Device:
        place = ("sites", _existing(topology, "sites", site, "a device stands at a site"), "devices")
    what = kind_of(model)
    thing = Thing(what, place, what.defaults())
    initial = {**thing.stood, **_suggested(topology, thing, subscription, vnet, prefix, region)}
    if growth:
        initial["growth"] = joined_text(growth)
    owner = f" in {displayable(place[1])}" if len(place) == 3 else ""
    return Form(
        f"New {what.noun}{owner}",
        what.fields,
        partial(_judge_new, thing),
        initial,
        lambda topology, values, key: next_free(topology, thing, values, key),
        lambda topology, values, key: plan(topology, thing, values, key),
    )


def _existing(topology: Topology, place: str, name: str | None, why: str) -> str:
    if name is None or name not in table_at(topology, (place,)):
        raise EditError(f"there is no {key_path((place, name or ''))}: {why}")
    return name


def _suggested(
    topology: Topology,
    thing: Thing,
    subscription: str | None,
    vnet: str | None,
    prefix: Prefix | None,
    region: str | None,
) -> dict[str, str]:
    """What stands in the fields of a new thing, besides the defaults."""
    model, found = thing.kind.model, dict[str, str]()
    if model in (VNet, Site) and subscription is not None:
        found["subscription"] = displayable(subscription)
    if model is VNet:
        region = region or _usual_region(topology, subscription)
        if region is not None:
            found["region"] = displayable(region)
        found["address_space"] = str(prefix or next_space(topology, "", Space(region=region)) or "")
    elif model is Site and prefix is not None:
        found["address_space"] = str(prefix)
    elif model is Subnet:
        room = Room(thing.place[1], topology.vnets[thing.place[1]], "")
        found["prefixes"] = str(prefix or next_subnet_space("", room) or "")
    elif model is Pool and prefix is not None:
        found["prefixes"] = str(prefix)
    elif model is Service and vnet is not None:
        found["vnets"] = displayable(vnet)
    elif model is Peering and vnet is not None:
        found["between"] = f"{displayable(vnet)}, "
    return found


def _usual_region(topology: Topology, subscription: str | None) -> str | None:
    """The region of most VNets of the subscription; None where no region has more than half of them."""
    regions = Counter(vnet.region for vnet in topology.vnets.values() if vnet.subscription == subscription)
    region, count = regions.most_common(1)[0] if regions else (None, 0)
    return region if 2 * count > regions.total() else None


def _judge_new(thing: Thing, topology: Topology, values: Values) -> Judgement:
    try:
        draft = read(topology, thing, values, None)
    except EditError as error:
        return impossible(thing, error)
    say_words(topology, draft)
    say_found(topology, draft)
    edit = add(draft.path, draft.part) if draft.part is not None else None
    return draft.notes.judged((), edit, draft.path)


def edit(topology: Topology, path: Path) -> Form:
    """Return the form for what stands at `path`: ("vnets", "app"), ("vnets", "app", "gateway"), () for the topology.

    Raises EditError if nothing stands there, or nothing that has a form.
    """
    part = entry_at(topology, path)
    if not isinstance(part, Part):
        raise EditError(f"there is no {key_path(path)}", "add it first")
    what = kind_of(type(part))
    stood = {**({NAME: displayable(path[-1])} if what.named else {}), **what.texts(part)}
    thing = Thing(what, path[:-1] if what.named else path, stood, path[-1] if what.named else None)
    first = NAME if what.named else ""
    if what.named and len(what.lines) > 1:
        first = what.lines[1].field.key
    return Form(
        _capital(displayable(noun(path))),
        what.fields,
        partial(_judge_edit, thing),
        stood,
        lambda topology, values, key: next_free(topology, thing, values, key),
        lambda topology, values, key: plan(topology, thing, values, key),
        first,
    )


def _judge_edit(thing: Thing, topology: Topology, values: Values) -> Judgement:
    path = thing.path
    assert path is not None
    try:
        before = entry_at(topology, path)
        if not isinstance(before, Part):
            raise EditError(f"there is no {key_path(path)} any more")
        draft = read(topology, thing, values, before)
    except EditError as error:
        return impossible(thing, error)
    say_words(topology, draft)
    say_found(topology, draft)
    if draft.part is None:
        return draft.notes.judged((), None, draft.path)
    steps = [change(path, **draft.fields)] if draft.fields else []
    title = steps[0].title if steps else f"Change nothing of {noun(path)}"
    # Effects on links are foreseen under the name that they know.
    effects = say_foreseen(topology, draft, combined(title, steps))
    if draft.name != (thing.name or ""):
        steps.append(rename(path, draft.name))
        title = f"{steps[-1].title}, change {', '.join(draft.fields)}" if draft.fields else steps[-1].title
    return draft.notes.judged(effects, combined(title, steps), draft.path)


def edit_many(topology: Topology, paths: Sequence[Path]) -> Form:
    """Return the form for what the things at `paths` have in common; of a single one its whole form.

    Raises EditError if there are none, if they are of several kinds, or if one is not there.
    """
    return edit(topology, paths[0]) if len(paths) == 1 else form_of_several(topology, paths)


def duplicate(topology: Topology, path: Path) -> Form:
    """Return the form for another thing like the one at `path`, at the next free addresses. Raises EditError."""
    copy = duplicate_of(topology, path)
    what = kind_of(type(copy))
    stood = {**what.texts(copy), **dict.fromkeys(_spaces(what), "")}
    thing = Thing(what, path[:-1], stood)
    name = free_name(_taken(topology, path), _numberless(path[-1]))
    initial = {**stood, NAME: displayable(name), **_free_again(topology, path, copy, name)}
    return Form(
        f"Duplicate of {displayable(noun(path))}",
        what.fields,
        partial(_judge_copy, thing, path, name),
        initial,
        lambda topology, values, key: next_free(topology, thing, values, key),
        lambda topology, values, key: plan(topology, thing, values, key),
    )


def _spaces(what: KindOfThing) -> tuple[str, ...]:
    """The fields of address space that a copy has anew."""
    return {VNet: ("address_space",), Site: ("address_space",), Subnet: ("prefixes",)}.get(what.model, ())


def _numberless(name: str) -> str:
    """The name whose numbered successors are tried: "app" of "app-2"."""
    stem, dash, number = name.rpartition("-")
    return stem if dash and stem and number.isdecimal() and number.isascii() and len(number) < 4 else name


def _taken(topology: Topology, path: Path) -> frozenset[str]:
    tables = [("vnets",), ("sites",)] if path[:-1] in (("vnets",), ("sites",)) else [path[:-1]]
    # The first number is 2, even where the name without one is free.
    return frozenset((*(name for table in tables for name in table_at(topology, table)), _numberless(path[-1])))


def _free_again(topology: Topology, path: Path, copy: Part, name: str) -> dict[str, str]:
    if isinstance(copy, Subnet):
        room = Room(path[1], topology.vnets[path[1]], name)
        return {"prefixes": joined_text(subnet_space_like(room, copy.prefixes) or ())}
    if isinstance(copy, VNet | Site):
        space = Space(pool=getattr(copy, "pool", None), region=copy.region)
        return {"address_space": joined_text(space_like(topology, space, copy.address_space) or ())}
    return {}


def _judge_copy(thing: Thing, origin: Path, suggested: str, topology: Topology, values: Values) -> Judgement:
    named = values.get(NAME, "")
    if named == displayable(suggested):
        values = {**values, NAME: suggested}
    keys = _spaces(thing.kind)
    try:
        # Once to know where it shall lie, and once more with all that moves along.
        space = next((read(topology, thing, values, None).fields.get(key) for key in keys), None)
        before = duplicate_of(topology, origin, (space or ()) if keys else None)
        draft = read(topology, thing, values, before)
    except EditError as error:
        return impossible(thing, error)
    say_words(topology, draft)
    say_found(topology, draft)
    if draft.part is None:
        return draft.notes.judged((), None, draft.path)
    original = entry_at(topology, origin)
    if isinstance(original, VNet):
        lost = [name for name in original.subnets if name not in draft.part.subnets]
        if lost:
            text = f"subnet{'s' if len(lost) > 1 else ''} {listed(lost)} of {origin[-1]} would find no place there"
            draft.notes.say("address_space", "warning", text)
    first = duplicated(origin, draft.name, (space or ()) if keys else None)
    rest = {name: value for name, value in draft.fields.items() if name not in keys}
    steps = [first, change(draft.path, **rest)] if rest else [first]
    return draft.notes.judged(_brought(original, draft.part), combined(first.title, steps), draft.path)


def _brought(original: Part, copy: Part) -> tuple[str, ...]:
    """What comes along that stands in no field."""
    found: list[str] = []
    if isinstance(copy, VNet) and copy.subnets:
        found.append(f"subnets that move along: {listed(copy.subnets)}")
    if isinstance(copy, VNet) and isinstance(copy.gateway, Gateway):
        clients = isinstance(original, VNet) and original.gateway is not None and original.gateway.p2s_pools
        found.append(f"with a VPN gateway like it{', without its addresses of VPN clients' if clients else ''}")
    if isinstance(copy, Site) and copy.devices:
        found.append(f"devices without their addresses: {listed(copy.devices)}")
    return tuple(found)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
