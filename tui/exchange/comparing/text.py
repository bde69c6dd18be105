"""A difference as text for a terminal, and as Markdown for a pull request.

Owns the words and the layout of both, and how foreign text stays text in Markdown: it stands in code spans alone, in
which neither Markdown nor HTML nor a mention or a link of the forge means anything.
Invariant: every line is one line, told apart by signs and words, never by colour.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from tui.checks.rule import Finding
from tui.display import displayable
from tui.exchange.comparing.difference import Changed, Difference, Meter, MeterChange, Renamed, Thing
from tui.exchange.comparing.document import plain, whole
from tui.exchange.comparing.fields import FieldChange
from tui.topology.keypath import key_path
from tui.topology.model import Part
from tui.topology.parts import Path
from tui.topology.prefix import Prefix

NOTHING = "–"
_WIDEST = 44
"""Columns for the names of things; a longer one pushes its line to the right."""

_TELLING = ("between", "address_space", "prefixes", "sku", "code", "kind", "address", "name", "region", "subscription")
"""The fields that say in a few words what a thing is, where it has them."""

_PLAIN = re.compile(r"[\w./:@+-]+( [\w./:@+-]+)*")
_OTHER = re.compile(
    r"true|false|none|null|[+-]?(nan|inf|\d+(\.\d+)?(e[+-]?\d+)?)|\d+-\d+-\d+.*|\d+:\d+.*|[–-]", re.IGNORECASE
)
"""Texts that would be read as a number, a day or a word of the file format."""

_MOST_BACKTICKS = 60
"""Longer runs are written out: renderers stop looking for the end of a code span that begins with some 80."""


def text(difference: Difference, before: str, after: str) -> Iterator[str]:
    """Yield the difference of what is called `before` and `after`, line by line, for a terminal."""
    if difference.same:
        yield "no difference"
        return
    yield displayable(f"{before} → {after}")
    yield ""
    rows = list(_rows(difference))
    width = min(_WIDEST, max(len(name) for _, name, _ in rows))
    for sign, name, told in rows:
        for number, line in enumerate(told or [""]):
            head = f"{sign} {name:{width}}" if not number else " " * (max(width, len(name)) + 2)
            yield f"{head}  {line}".rstrip()
    if difference.findings_new or difference.findings_gone:
        yield ""
        yield "findings"
        yield from (_finding_line("+", finding) for finding in difference.findings_new)
        yield from (_finding_line("-", finding) for finding in difference.findings_gone)
    if difference.meters:
        yield ""
        yield "gateways"
        yield from _meter_lines(difference.meters)
    yield ""
    yield summary(difference)


def summary(difference: Difference) -> str:
    """Return how much differs, in one line."""
    found = (
        (len(difference.added), "added"),
        (len(difference.removed), "removed"),
        (len(difference.changed), "changed"),
        (len(difference.renamed), "renamed"),
    )
    words = [f"{count} {word}" for count, word in found if count]
    findings = ((len(difference.findings_new), "new"), (len(difference.findings_gone), "gone"))
    told = [f"{count} {word}" for count, word in findings if count]
    return f"{', '.join(words)}; findings: {', '.join(told) or 'none new, none gone'}"


def _rows(difference: Difference) -> Iterator[tuple[str, str, list[str]]]:
    """Sign, name and lines of each thing."""
    for thing in difference.added:
        yield "+", name_of(thing.path), [says(thing.part)]
    for renamed in difference.renamed:
        yield "~", name_of(renamed.new), [f"was {name_of(renamed.old)}"]
    for path, fields in difference.changed:
        width = max(len(displayable(one.field)) for one in fields)
        yield "~", name_of(path), [f"{displayable(one.field):{width}}  {field_text(one)}" for one in fields]
    for thing in difference.removed:
        yield "-", name_of(thing.path), [says(thing.part)]


def name_of(path: Path) -> str:
    """Return what the thing at `path` is called, displayable: its key path."""
    return displayable(key_path(path)) if path else "the topology"


def says(part: Part) -> str:
    """Return in a few words what a thing is, displayable."""
    told: list[str] = []
    for name in _TELLING:
        value = getattr(part, name, None)
        told += map(shown, value) if isinstance(value, tuple) else [shown(value)] if value else ()
    return ", ".join(told)


def shown(value: object) -> str:
    """Return a value as one reads it, displayable: a text in quotes where it could be taken for something else."""
    if value is None:
        return NOTHING
    if isinstance(value, tuple) and not isinstance(value, Prefix):
        return f"[{', '.join(map(shown, value))}]"
    form = plain(value)
    if isinstance(form, str) and (not isinstance(value, str) or _is_plain(form)):
        return displayable(form)
    return displayable(json.dumps(form, ensure_ascii=False))


def _is_plain(given: str) -> bool:
    return _PLAIN.fullmatch(given) is not None and not _OTHER.fullmatch(given)


def field_text(change: FieldChange) -> str:
    """Return what became of a field, displayable: what a list gained and lost, else both values."""
    if change.came or change.went:
        signed = [f"+{shown(item)}" for item in change.came] + [f"-{shown(item)}" for item in change.went]
        return "  ".join(signed)
    return f"{shown(change.before)} → {shown(change.after)}"


def _finding_line(sign: str, finding: Finding) -> str:
    waived = f" [waived: {finding.waived}]" if finding.waived is not None else ""
    return displayable(f"{sign} {finding.severity} {finding.code} {finding.message}{waived}")


def _meter_lines(meters: Sequence[MeterChange]) -> Iterator[str]:
    names = [displayable(one.vnet) for one in meters]
    width = min(_WIDEST, max(map(len, names)))
    for name, one in zip(names, meters, strict=True):
        sign = "+" if one.before is None else "-" if one.after is None else "~"
        tunnels = f"tunnels {tunnels_of(one.before)} → {tunnels_of(one.after)}"
        yield f"{sign} {name:{width}}  {tunnels}, bandwidth {bandwidth_of(one.before)} → {bandwidth_of(one.after)} Mbps"


def tunnels_of(meter: Meter | None) -> str:
    """Return the tunnels of a meter, used and allowed."""
    return NOTHING if meter is None else f"{meter.tunnels}/{_limit(meter.tunnels_limit)}"


def bandwidth_of(meter: Meter | None) -> str:
    """Return the bandwidth of a meter, used and there, in Mbps."""
    return NOTHING if meter is None else f"{whole(meter.bandwidth_mbps)}/{_limit(meter.bandwidth_limit_mbps)}"


def _limit(value: float | None) -> str:
    return "?" if value is None else str(whole(value))


def markdown(difference: Difference, before: str, after: str) -> Iterator[str]:
    """Yield the difference of what is called `before` and `after`, line by line, as Markdown for a pull request."""
    yield f"## Difference of {code(before, in_table=False)} and {code(after, in_table=False)}"
    yield ""
    if difference.same:
        yield "No difference."
        return
    yield f"{summary(difference)}."
    yield from _table("Added", ("thing", "what it is"), map(_thing_row, difference.added))
    yield from _table("Renamed", ("before", "after"), map(_renamed_row, difference.renamed))
    yield from _table("Changed", ("thing", "field", "before", "after"), _changed_rows(difference.changed))
    yield from _table("Removed", ("thing", "what it was"), map(_thing_row, difference.removed))
    yield from _table("New findings", ("severity", "code", "finding"), map(_finding_row, difference.findings_new))
    yield from _table("Findings gone", ("severity", "code", "finding"), map(_finding_row, difference.findings_gone))
    columns = ("gateway", "tunnels before", "tunnels after", "Mbps before", "Mbps after")
    yield from _table("Gateways", columns, map(_meter_row, difference.meters))


def code(foreign: str, *, in_table: bool = True) -> str:
    """Return foreign text as a code span of Markdown, or the word for an empty one."""
    foreign = displayable(foreign)
    if not foreign:
        return NOTHING
    longest = max(map(len, re.findall("`+", foreign)), default=0)
    if longest > _MOST_BACKTICKS:
        foreign, longest = foreign.replace("`", "\\x60"), 0
    # One space at either end is the fence's own, where there is one at both.
    pad = " " if foreign[0] == "`" or foreign[-1] == "`" or (foreign[0] == foreign[-1] == " " != foreign) else ""
    if in_table:
        foreign = foreign.replace("|", "\\|")
    fence = "`" * (longest + 1)
    return f"{fence}{pad}{foreign}{pad}{fence}"


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    body = [f"| {' | '.join(row)} |" for row in rows]
    if body:
        yield from ("", f"### {title}", "", f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}", *body)


def _thing_row(thing: Thing) -> tuple[str, str]:
    return code(name_of(thing.path)), code(says(thing.part))


def _renamed_row(renamed: Renamed) -> tuple[str, str]:
    return code(name_of(renamed.old)), code(name_of(renamed.new))


def _changed_rows(changed: Iterable[Changed]) -> Iterator[tuple[str, str, str, str]]:
    for path, fields in changed:
        thing = code(name_of(path)) if path else name_of(path)
        for one in fields:
            yield thing, code(one.field), *_before_and_after(one)


def _before_and_after(change: FieldChange) -> tuple[str, str]:
    if change.came or change.went:
        went = ", ".join(f"− {code(shown(item))}" for item in change.went)
        came = ", ".join(f"+ {code(shown(item))}" for item in change.came)
        return went or NOTHING, came or NOTHING
    before, after = (NOTHING if value is None else code(shown(value)) for value in (change.before, change.after))
    return before, after


def _finding_row(finding: Finding) -> tuple[str, str, str]:
    waived = f", waived now: {code(finding.waived)}" if finding.waived is not None else ""
    return finding.severity, finding.code, f"{code(finding.message)}{waived}"


def _meter_row(change: MeterChange) -> tuple[str, ...]:
    meters = (change.before, change.after)
    return (code(change.vnet), *map(tunnels_of, meters), *map(bandwidth_of, meters))
