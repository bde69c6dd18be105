"""A thing as a form would make it: what its typed texts mean, and what there is to say about each of them.

Owns reading a form's fields into fields of the model, and the errors that stand in the way of that.
Invariant: a field whose text is the one that stood there to begin with is not read, and never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from tui.app.forms.addresses import Space, default_length, judge_space, next_space
from tui.app.forms.fields import YES, shape, value_of
from tui.app.forms.foreseeing import Notes
from tui.app.forms.form import Judgement, Notice, Values
from tui.app.forms.kinds import NAME, KindOfThing, Line
from tui.app.forms.prefix_text import Judged, plain, words_of
from tui.app.forms.subnet_space import Room, judge_subnet, next_subnet_space
from tui.errors import EditError
from tui.topology import catalog
from tui.topology.edits import free_name
from tui.topology.keypath import key_path
from tui.topology.model import Gateway, Part, Peering, Pool, Site, Subnet, Topology, VNet
from tui.topology.parts import Path, entry_at, table_at, with_fields

_ADDRESSES: Mapping[str, Literal["address_space", "growth", "p2s_pools"]] = {
    "address_space": "address_space",
    "growth": "growth",
    "p2s_pools": "p2s_pools",
}
_MEANT_BY: Mapping[str, tuple[str, ...]] = {"address_space": ("pool", "isolated"), "prefixes": (NAME,)}
"""Which other fields change what is to be said about prefixes."""
_NO_LENGTH = "what is used there is a fact, or a decision; write the prefix"


@dataclass(frozen=True, slots=True)
class Thing:
    """What a form is about."""

    kind: KindOfThing
    place: Path
    """The table in which it stands; for a thing without a name its own path."""
    stood: Values
    """What stands in the fields, by key, of the thing that the form changes, the name included."""
    name: str | None = None
    """Under which it stands now; None for one that does not exist yet."""

    @property
    def exists(self) -> bool:
        """True if it stands in the topology."""
        return self.name is not None or not self.kind.named

    @property
    def path(self) -> Path | None:
        """Where it stands now, or None."""
        if not self.kind.named:
            return self.place
        return (*self.place, self.name) if self.name is not None else None

    def renamed(self, values: Values) -> str:
        """Return the name that is typed; the one that it has, where the text was left alone."""
        typed = values.get(NAME, "")
        return self.name if self.name is not None and typed == self.stood.get(NAME) else typed.strip()


@dataclass(slots=True)
class Draft:
    """What is read out of a form."""

    thing: Thing
    name: str
    values: Values
    notes: Notes
    before: Part | None
    """What stands in the topology, or what is copied; None for a new thing."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Fields of the model that were typed anew."""
    part: Any = None
    """What it would become; None while it cannot be made."""

    def changed(self, key: str) -> bool:
        """True if something was typed into the field."""
        return self.values.get(key, "") != self.thing.stood.get(key, "")

    @property
    def path(self) -> Path:
        """Where it would stand."""
        return (*self.thing.place, self.name) if self.thing.kind.named else self.thing.place


def read(topology: Topology, thing: Thing, values: Values, before: Part | None) -> Draft:
    """Read a form, with notices about whatever cannot be understood."""
    draft = Draft(thing, thing.renamed(values) if thing.kind.named else "", values, Notes(), before)
    if thing.kind.named:
        _read_name(topology, draft)
    for line in thing.kind.own_lines:
        text = values.get(line.field.key, "")
        if line.field.kind == "prefixes":
            _read_prefixes(topology, draft, line, text)
        elif draft.changed(line.field.key):
            read_value(draft, line, text)
        if thing.kind.model.model_fields[line.of].is_required() and not text.strip():
            draft.notes.refuse(line.field.key, "it cannot be empty")
    if not draft.notes.refused:
        build(draft)
    return draft


def _read_name(topology: Topology, draft: Draft) -> None:
    thing, name = draft.thing, draft.name
    if not name and thing.kind.model is Peering and not thing.exists:
        ends = [word.strip() for word in draft.values.get("between", "").split(",") if word.strip()]
        if len(ends) == 2:
            draft.name = name = free_name(table_at(topology, thing.place), f"{ends[0]}-to-{ends[1]}")
    if not name:
        draft.notes.refuse(NAME, "it needs a name")
    elif "\0" in name:
        draft.notes.refuse(NAME, "a name cannot hold a NUL character")
    elif name != thing.name:
        if name in table_at(topology, thing.place):
            draft.notes.refuse(NAME, f"{key_path((*thing.place, name))} exists already; choose another name")
        for mine, other in (("vnets", "sites"), ("sites", "vnets")):
            if thing.place == (mine,) and name in table_at(topology, (other,)):
                what = "a site" if other == "sites" else "a VNet"
                draft.notes.refuse(NAME, f"{what} has this name already, and connections could not tell them apart")


def read_value(draft: Draft, line: Line, text: str) -> None:
    """Read a text that is no list of prefixes, with a notice if it cannot be understood."""
    if draft.thing.kind.model is Pool and line.of == "default_size" and text.strip():
        length = text.strip().removeprefix("/")
        if not (length.isascii() and length.isdigit() and len(length) < 4 and int(length) <= 128):
            draft.notes.refuse(line.field.key, "it is a prefix length, such as /22")
            return
        text = f"/{int(length)}"
    try:
        draft.fields[line.of] = value_of(draft.thing.kind.model, line.of, text)
    except EditError as error:
        offers = shape(draft.thing.kind.model, line.of) in ("choice", "flag", "words")
        draft.notes.refuse(line.field.key, error.message, error.hint if offers and error.hint else None)


def _read_prefixes(topology: Topology, draft: Draft, line: Line, text: str) -> None:
    key = line.field.key
    if draft.changed(key):
        judged = _judged(topology, draft, line, text, draft.values, draft.name)
        if judged.prefixes is not None:
            draft.fields[line.of] = judged.prefixes or None
        for notice in judged.notices:
            draft.notes.say(key, notice.severity, notice.text, notice.offer)
        draft.notes.refused |= judged.prefixes is None
    elif draft.thing.exists and any(map(draft.changed, _MEANT_BY.get(line.of, ()))):
        stood = _judged(topology, draft, line, text, draft.thing.stood, draft.thing.name or "")
        known = {notice.text for notice in stood.notices}
        for notice in _judged(topology, draft, line, text, draft.values, draft.name).notices:
            if notice.text not in known:
                draft.notes.say(key, notice.severity, notice.text, notice.offer)


def _judged(topology: Topology, draft: Draft, line: Line, text: str, values: Values, name: str) -> Judged:
    thing = draft.thing
    if line.of in _ADDRESSES:
        return judge_space(topology, text, space_of(thing, line.of, values))
    if thing.kind.model is Subnet:
        return judge_subnet(topology, text, room_of(topology, thing, name))
    return plain(text, lengths=_NO_LENGTH)


def space_of(thing: Thing, of: str, values: Values) -> Space:
    """Return what is to be known for judging the prefixes of a network's field."""
    if thing.kind.model is Gateway:
        return Space("p2s_pools", thing.place[1])
    other = {"address_space": "growth", "growth": "address_space"}[of]
    beside = tuple(word.prefix for word in words_of(values.get(other, "")) if word.prefix is not None)
    return Space(
        _ADDRESSES[of],
        thing.name,
        site=thing.kind.model is Site,
        isolated=values.get("isolated", "").strip() == YES,
        speaks_bgp=bool(values.get("asn", "").strip()),
        pool=values.get("pool", "").strip() or None,
        region=values.get("region", "").strip() or None,
        beside=beside,
    )


def room_of(topology: Topology, thing: Thing, name: str) -> Room:
    """Return the VNet in which a subnet that is to be called `name` finds room. Raises EditError if it is gone."""
    vnet: VNet = entry_at(topology, thing.place[:-1])
    return Room(thing.place[1], vnet, name, thing.name)


def next_free(topology: Topology, thing: Thing, values: Values, key: str) -> str | None:
    """Return what stands in the field after the next free block was taken, None where there is nothing to be had."""
    text = values.get(key, "")
    if key in _ADDRESSES and key in {line.of for line in thing.kind.own_lines}:
        return next_space(topology, text, space_of(thing, key, values))
    if thing.kind.model is Subnet and key == "prefixes":
        return next_subnet_space(text, room_of(topology, thing, thing.renamed(values)))
    return None


def plan(topology: Topology, thing: Thing, values: Values, key: str) -> str | None:
    """Return what the planner is asked for a field of prefixes: the size that was typed last, in its pool or region."""
    if key not in _ADDRESSES or key not in {line.of for line in thing.kind.own_lines}:
        return None
    words, space = words_of(values.get(key, "")), space_of(thing, key, values)
    last = words[-1] if words else None
    length = (last.length or (last.meant.length if last.meant is not None else None)) if last is not None else None
    where = ""
    if space.pool in topology.planning.pools:
        where = f" in {space.pool}"
    elif space.region is not None and catalog.canonical_region(space.region) is not None:
        where = f" {space.region}"
    return f"/{length or default_length(topology, space)}{where}"


def build(draft: Draft) -> None:
    """Make the part; whatever the model refuses stands in the way."""
    model = draft.thing.kind.model
    try:
        if draft.before is None:
            draft.part = model.model_validate({name: one for name, one in draft.fields.items() if one is not None})
        else:
            draft.part = with_fields(draft.before, **draft.fields)
    except ValidationError as error:
        first = error.errors()[0]
        _refuse(draft, str(first["loc"][0]), first["msg"])
    except EditError as error:
        place, _, said = error.message.partition(" cannot be set so: ")
        _refuse(draft, place.partition(".")[0], said or error.message)


def _refuse(draft: Draft, of: str, said: str) -> None:
    keys = {line.of: line.field.key for line in draft.thing.kind.own_lines}
    key = keys.get(of, draft.thing.kind.lines[0].field.key)
    said = said.removeprefix("Value error, ").replace("Input should be", "it should be")
    draft.notes.refuse(key, said)


def impossible(thing: Thing, error: EditError) -> Judgement:
    """Return the judgement of a form whose thing is gone."""
    text = f"{error.message}; {error.hint}" if error.hint else error.message
    return Judgement({thing.kind.lines[0].field.key: (Notice("error", text),)})
