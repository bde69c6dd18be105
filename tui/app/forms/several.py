"""One form for several things of the same kind: a field that is typed is set on all of them, in one undo step.

Owns what "they differ" means. What no two things can share (names, addresses) is not in the form.
Invariant: a field in which nothing was typed stays as it is in each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from tui.app.forms.foreseeing import Notes
from tui.app.forms.form import Field, Form, Judgement, Values
from tui.app.forms.judging import say_found, say_words
from tui.app.forms.kinds import KindOfThing, kind_of
from tui.app.forms.prefix_text import plain
from tui.app.forms.thing import Draft, Thing, build, impossible, read_value
from tui.errors import EditError
from tui.topology.edits import change, combined
from tui.topology.keypath import key_path
from tui.topology.model import Part, Topology
from tui.topology.parts import Path, entry_at

CLEAR: Final = "-"
"""The word that takes a field away from all of them."""
_LOOKED_AT = 50
"""Things that the rules are asked about: a key must not wait for ten thousand."""
_MOST_SAID = 3
_THEY_DIFFER = f"they differ: empty leaves each as it is, {CLEAR} takes it away from all"


def form_of_several(topology: Topology, paths: Sequence[Path]) -> Form:
    """Return the form for what the things at `paths` have in common. Raises EditError as `things.edit_many` does."""
    parts = [_part(topology, path) for path in paths]
    if len({type(part) for part in parts}) != 1:
        raise EditError("these are things of several kinds", "choose things of one kind")
    what = _shared(kind_of(type(parts[0])))
    texts = [what.texts(part) for part in parts]
    differing = frozenset(key for key, text in texts[0].items() if any(other[key] != text for other in texts))
    stood = {key: "" if key in differing else text for key, text in texts[0].items()}
    fields = tuple(_may_differ(field) if field.key in differing else field for field in what.fields)
    title = f"{len(paths)} {what.plural}"
    return Form(title, fields, partial(_judge, what, tuple(paths), stood, differing), stood)


def _part(topology: Topology, path: Path) -> Part:
    part = entry_at(topology, path)
    if not isinstance(part, Part):
        raise EditError(f"there is no {key_path(path)}")
    return part


def _shared(what: KindOfThing) -> KindOfThing:
    return replace(what, lines=tuple(line for line in what.own_lines if not line.one_each))


def _may_differ(field: Field) -> Field:
    words: Callable[[Topology, Values], Sequence[str]] = field.choices
    choices = field.choices
    if field.kind == "choice":
        words = lambda topology, values: (*choices(topology, values), CLEAR)  # noqa: E731 - a field holds a function
    return replace(field, help=f"{field.help}; {_THEY_DIFFER}", choices=words)


def _judge(
    what: KindOfThing,
    paths: tuple[Path, ...],
    stood: Values,
    differing: frozenset[str],
    topology: Topology,
    values: Values,
) -> Judgement:
    notes = Notes()
    try:
        drafts = [_draft(topology, what, path, stood, values, notes) for path in paths]
    except EditError as error:
        return impossible(Thing(what, paths[0], stood), error)
    for key in stood:
        if key in differing and not values.get(key, ""):
            notes.say(key, "info", _THEY_DIFFER)
    first = drafts[0]
    _read(first, notes)
    if not notes.refused:
        for draft in drafts:
            draft.fields = first.fields
            build(draft)
            notes.refused |= draft.notes.refused
        _say(topology, drafts, notes)
    title = f"Change {', '.join(first.fields) or 'nothing'} of {len(paths)} {what.plural}"
    steps = [change(path, **first.fields) for path in paths] if first.fields else []
    return notes.judged((), combined(title, steps), paths[0])


def _draft(topology: Topology, what: KindOfThing, path: Path, stood: Values, values: Values, notes: Notes) -> Draft:
    named = kind_of(what.model).named
    thing = Thing(kind_of(what.model), path[:-1] if named else path, stood, path[-1] if named else None)
    return Draft(thing, path[-1] if named else "", values, Notes(), _part(topology, path))


def _read(draft: Draft, notes: Notes) -> None:
    """Read the fields that were typed into the first of the drafts, for all of them."""
    draft.notes = notes
    for line in draft.thing.kind.own_lines:
        key = line.field.key
        text = draft.values.get(key, "").strip()
        if line.one_each or not draft.changed(key):
            continue
        if text in ("", CLEAR):
            draft.fields[line.of] = None
            if draft.thing.kind.model.model_fields[line.of].is_required():
                notes.refuse(key, "it cannot be taken away")
        elif line.field.kind == "prefixes":
            judged = plain(text, lengths="write the prefix")
            draft.fields[line.of] = judged.prefixes
            notes.refused |= judged.prefixes is None
            for notice in judged.notices:
                notes.say(key, notice.severity, notice.text, notice.offer)
        else:
            read_value(draft, line, text)


def _say(topology: Topology, drafts: Sequence[Draft], notes: Notes) -> None:
    """Say what each of them would be found to have, a few in words and the others counted."""
    say_words(topology, drafts[0])
    for draft in drafts[1:]:
        draft.notes = Notes()
    found = Notes()
    for draft in drafts[:_LOOKED_AT]:
        draft.notes = found
        say_found(topology, draft)
    for key, notices in found.by_field.items():
        for notice in notices[:_MOST_SAID]:
            notes.say(key, notice.severity, notice.text, notice.offer)
        if len(notices) > _MOST_SAID:
            notes.say(key, notices[_MOST_SAID].severity, f"and {len(notices) - _MOST_SAID} more of this kind")
