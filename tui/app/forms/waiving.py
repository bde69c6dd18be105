"""The form that accepts a finding on purpose: with a reason, an owner and a day on which it ends.

Owns what a waiver is offered to say. Whether it covers the finding is asked of the engine, not guessed here.
Invariant: a waiver that is accepted as it was first offered covers exactly the places of its finding.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from functools import partial

from tui.app.forms.foreseeing import Notes
from tui.app.forms.form import Field, Form, Judgement, Values
from tui.app.forms.naming_networks import free_name
from tui.checks.engine import matches
from tui.checks.rule import Finding, listed
from tui.topology.edits import add
from tui.topology.keypath import key_path
from tui.topology.model import Topology, Waiver

_USUAL_DAYS = 90


def waive(topology: Topology, finding: Finding, today: datetime.date) -> Form:
    """Return the form that waives `finding`; `today` decides which days are past."""
    fields = (
        Field("reason", "Reason", "why it is accepted; shown wherever the finding is"),
        Field("owner", "Owner", "who answers for it", choices=_owners),
        Field("expires", "Until", "the last day it holds, YYYY-MM-DD; empty: for ever", choices=partial(_days, today)),
        Field(
            "where", "Where", "key paths, parted by commas; * stands for anything", choices=partial(_places, finding)
        ),
        Field("name", "Name", "of the waiver in the file", choices=partial(_names, finding)),
    )
    initial = {"where": ", ".join(finding.places), "name": free_name(topology.waivers, set(), _name(finding))}
    title = f"Waive {finding.code}: {finding.message}"
    return Form(title, fields, partial(_judge, finding, today), initial, first="reason")


def _owners(topology: Topology, values: Values) -> Sequence[str]:
    counts = Counter(waiver.owner for waiver in topology.waivers.values() if waiver.owner)
    return [owner for owner, _ in counts.most_common()]


def _days(today: datetime.date, topology: Topology, values: Values) -> Sequence[str]:
    return [(today + datetime.timedelta(days=_USUAL_DAYS)).isoformat()]


def _places(finding: Finding, topology: Topology, values: Values) -> Sequence[str]:
    return finding.places


def _names(finding: Finding, topology: Topology, values: Values) -> Sequence[str]:
    return [free_name(topology.waivers, set(), _name(finding))]


def _name(finding: Finding) -> str:
    """The rule and what it is about, as in "adr002-app": what the first place is called, not what part of it."""
    thing = finding.where[0][1] if finding.where and len(finding.where[0]) > 1 else ""
    return "-".join(filter(None, (finding.code.lower(), thing)))


def patterns(text: str) -> tuple[str, ...]:
    """Return the key paths and globs of a list parted by commas; a comma within quotes parts nothing."""
    found, quoted, escaped = [""], False, False
    for sign in text:
        if sign == "," and not quoted:
            found.append("")
            continue
        if sign == '"' and not escaped:
            quoted = not quoted
        escaped = quoted and sign == "\\" and not escaped
        found[-1] += sign
    return tuple(dict.fromkeys(filter(None, (pattern.strip() for pattern in found))))


def _judge(finding: Finding, today: datetime.date, topology: Topology, values: Values) -> Judgement:
    notes = Notes()
    reason, owner = values.get("reason", "").strip(), values.get("owner", "").strip()
    if not reason:
        notes.say("reason", "warning", "without a reason nobody can tell later whether it still holds")
    expires = _expires(notes, values.get("expires", "").strip(), today)
    where = patterns(values.get("where", ""))
    name = values.get("name", "").strip() or free_name(topology.waivers, set(), _name(finding))
    if name in topology.waivers:
        notes.refuse("name", f"there is a waiver {name} already", free_name(topology.waivers, set(), name))
    fields = {"reason": reason or None, "owner": owner or None, "expires": expires}
    given = {key: value for key, value in fields.items() if value is not None}
    waiver = Waiver.model_validate({"code": finding.code, "where": where, **given})
    if not matches(waiver, finding):
        left = [place for place in map(key_path, finding.where) if not _covers(finding, place, where)]
        text = f"it no longer covers this finding, which is also about {listed(left)}" if where else "it covers nothing"
        notes.say("where", "warning", text, ", ".join(finding.places))
    path = ("waivers", name)
    return notes.judged((), add(path, waiver), path)


def _covers(finding: Finding, place: str, where: Sequence[str]) -> bool:
    """True if `where` covers the one place."""
    (path,) = (path for path in dict.fromkeys(finding.where) if key_path(path) == place)
    alone = Finding(finding.code, finding.severity, (path,), finding.message, finding.help)
    return matches(Waiver(code=finding.code, where=tuple(where)), alone)


def _expires(notes: Notes, text: str, today: datetime.date) -> datetime.date | None:
    """The day that is typed; None for none, and for one that cannot be."""
    if not text:
        return None
    usual = (today + datetime.timedelta(days=_USUAL_DAYS)).isoformat()
    day: datetime.date | None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    # Python reads "20260801" and "2026-W31-6" as well, TOML does not.
    if day is None or day.isoformat() != text:
        notes.refuse("expires", f"write a day as YYYY-MM-DD, such as {usual}", usual)
        return None
    if day < today:
        notes.refuse("expires", f"{day.isoformat()} is past: the waiver would never hold", usual)
    return day
