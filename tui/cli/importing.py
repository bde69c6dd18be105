"""`vnet-tui import`: takes over what Azure's own tools print, after a rehearsal.

Invariant: nothing is written before every source was read and the whole was rehearsed; without `-o`, nothing is
written at all. Exit status 1 means that something is in conflict and was left as it is, 2 that a source is unusable.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tui.checks.against import Turnover, turnover
from tui.checks.engine import check
from tui.checks.finding_document import finding_document
from tui.checks.rule import listed
from tui.cli.opening import complain_of
from tui.cli.output import complain, say, say_json
from tui.cli.writing import writable
from tui.exchange.assembling.assembly import assembled
from tui.exchange.comparing.document import plain
from tui.exchange.comparing.fields import said
from tui.exchange.comparing.words import field_text, says, shown
from tui.exchange.found import Notice
from tui.exchange.gathering import About, Gathered, gathered
from tui.exchange.rehearsing.rehearsal import TABLES, Item, Rehearsal, merged
from tui.exchange.source import MAX_BYTES, ExchangeError
from tui.storage.files import FileMissingError
from tui.storage.load import load
from tui.storage.problems import UnreadableTopologyError
from tui.storage.save import save, save_new
from tui.storage.sources import read_sources
from tui.topology.keypath import key_path

if TYPE_CHECKING:
    from tui.storage.load import Loaded

_T = TypeVar("_T")

_SHOWN = ("new", "changed", "gone", "conflict")
_SIGNS = {"new": "+", "changed": "~", "gone": "-", "conflict": "!"}
_BELOW = " " * 14
_MOST_ALIKE, _NAMED_OF_MANY = 200, 20
"""Things of one kind that are named one by one, and how many of more are."""
_MOST_REASONS = 3
_THINGS = ("subscriptions", "vnets", "gateways", "local_gateways", "circuits", "connections", "peerings")
"""What can be found in a source, each thing with its place."""
_MOST_FINDINGS = 20
"""New findings that the text names one by one."""


def run(options: argparse.Namespace) -> int:
    """Rehearse, write it if that was asked for, and say what was done."""
    path = writable(options.output, "-o") if options.output is not None else None
    try:
        loaded = _loaded(path) if path is not None else None
    except UnreadableTopologyError as error:
        complain_of(options.output, error)
        return 2
    rehearsal = _rehearsed(options, loaded)
    found = _findings(rehearsal)
    written = _write(path, loaded, rehearsal) if path is not None and not options.dry_run else None
    if options.format == "json":
        say_json(_document(rehearsal, found, written=written is True))
    else:
        for line in _lines(rehearsal, found, verbose=options.verbose):
            say(line)
        say(_summary(rehearsal, options, written=written))
    return int(any(item.status == "conflict" for item in rehearsal.items))


def gather(sources: Sequence[str], options: argparse.Namespace | None = None) -> Gathered:
    """Read the sources, telling a person at a terminal which one. Raises FileError and ExchangeError."""
    about = None
    if options is not None:
        about = About(options.location, options.resource_group or "", options.subscription or "")
    watched = sys.stderr is not None and sys.stderr.isatty()
    return gathered(
        read_sources(sources, MAX_BYTES),
        forced=options.form if options is not None else None,
        about=about,
        reading=(lambda name: complain(f"reading {name}")) if watched else lambda name: None,
    )


def _loaded(path: Path) -> Loaded | None:
    """What the file holds; None where there is none yet."""
    try:
        return load(path)
    except FileMissingError:
        return None


def _rehearsed(options: argparse.Namespace, loaded: Loaded | None) -> Rehearsal:
    found = gather(options.sources, options)
    _refuse_fruitless(options.sources, found)
    existing = loaded.topology if loaded is not None else None
    assembly = assembled(found.found, existing, state=options.state or found.state)
    return merged(existing, assembly, prune=options.prune)


def _refuse_fruitless(named: Sequence[str], found: Gathered) -> None:
    """Raise ExchangeError where nothing was found, or nothing in a source that was named, which was no empty answer."""
    told = {thing.place.source for table in _THINGS for thing in getattr(found.found, table)}
    for notice in found.found.notices:
        source = notice.place.source
        if source in named and source not in told and notice.kind in ("missing", "not understood"):
            raise ExchangeError(
                f"{notice.place}: {notice.text}; there is nothing in it that can be imported", "nothing was written"
            )
    if not told:
        why = "; ".join(f"{one.place}: {one.text}" for one in found.found.notices[:_MOST_REASONS])
        raise ExchangeError(
            f"there is nothing that can be imported in {listed(named)}{f' ({why})' if why else ''}",
            "nothing was written; see `vnet-tui import --help` for what is read",
        )


def _write(path: Path, loaded: Loaded | None, rehearsal: Rehearsal) -> bool:
    """Write the result; False where the file says it already."""
    if loaded is None:
        save_new(path, rehearsal.after)
    elif rehearsal.after != rehearsal.before:
        save(path, loaded, rehearsal.after)
    else:
        return False
    return True


def _findings(rehearsal: Rehearsal) -> Turnover:
    """What becomes of the findings of the file."""
    today = datetime.date.today()
    return turnover(check(rehearsal.before, today), check(rehearsal.after, today))


def _lines(rehearsal: Rehearsal, found: Turnover, *, verbose: bool) -> Iterator[str]:
    shown = [item for item in rehearsal.items if item.status in _SHOWN]
    # What is alike stands together, so that it can be counted; the sort keeps the order within.
    shown.sort(key=lambda item: (_SHOWN.index(item.status), TABLES.index(item.path[0])))
    # Conflicts are told one by one: each asks for something to be done.
    for (status, table), items in groupby(shown, key=lambda item: (item.status, item.path[0])):
        alike = list(items)
        named = _named(alike, verbose=verbose or status == "conflict")
        for item in named:
            yield from _item(item, rehearsal, verbose=verbose)
        if len(alike) > len(named):
            yield f"{_SIGNS[status]} {status:8}  {table}: {len(alike) - len(named)} more (--verbose names them)"
    for kind, notices in _by_kind(rehearsal.notices).items():
        told = [f"{notice.place}: {notice.text}" for notice in notices]
        yield from _listed(f"{kind}:", told, verbose=verbose)
    yield from _finding_lines(found, verbose=verbose)
    if rehearsal.absent:
        title = "in the file, and not in Azure any more (--prune takes them out):"
        yield from _listed(title, list(map(key_path, rehearsal.absent)), verbose=verbose)
    yield ""


def _finding_lines(found: Turnover, *, verbose: bool) -> Iterator[str]:
    new = (*found.new, *found.accepted)
    if not new:
        return
    counts = ((len(found.accepted), "waived"), (len(found.gone), "gone"))
    more = "".join(f", {count} {word}" for count, word in counts if count)
    yield ""
    yield f"new findings ({len(found.new)}{more}):"
    named = new if verbose else new[:_MOST_FINDINGS]
    for one in named:
        waived = f" [waived: {one.waived}]" if one.waived is not None else ""
        yield f"  {one.severity} {one.code} {one.message}{waived}"
    if len(new) > len(named):
        yield f"  and {len(new) - len(named)} more (--verbose names them)"


def _listed(title: str, lines: Sequence[str], *, verbose: bool) -> Iterator[str]:
    named = _named(lines, verbose=verbose)
    yield ""
    yield title
    yield from (f"  {line}" for line in named)
    if len(lines) > len(named):
        yield f"  and {len(lines) - len(named)} more (--verbose names them)"


def _named(alike: Sequence[_T], *, verbose: bool) -> Sequence[_T]:
    """Those of many alike that are named one by one."""
    return alike if verbose or len(alike) <= _MOST_ALIKE else alike[:_NAMED_OF_MANY]


def _item(item: Item, rehearsal: Rehearsal, *, verbose: bool) -> Iterator[str]:
    part = rehearsal.parts[item.path] if item.status == "new" else None
    told = item.why or (says(part) if part is not None and not verbose else "")
    yield f"{_SIGNS[item.status]} {item.status:8}  {key_path(item.path)}{f': {told}' if told else ''}"
    if part is not None and verbose:
        yield from (f"{_BELOW}{one.field}: {shown(one.value)}" for one in said(part))
    yield from (f"{_BELOW}{change.field}: {field_text(change)}" for change in item.changes)


def _by_kind(notices: Sequence[Notice]) -> dict[str, list[Notice]]:
    kinds: dict[str, list[Notice]] = {}
    for notice in notices:
        kinds.setdefault(notice.kind, []).append(notice)
    return kinds


def _summary(rehearsal: Rehearsal, options: argparse.Namespace, *, written: bool | None) -> str:
    count: Counter[str] = Counter(item.status for item in rehearsal.items)
    statuses = ("new", "changed", "identical", "gone", "conflict")
    words = {"conflict": "in conflict", "gone": "taken out"}
    told = ", ".join(f"{count[one]} {words.get(one, one)}" for one in statuses if count[one]) or "nothing to import"
    if count["conflict"]:
        told += " (what is in conflict stays as it is)"
    if written is not None:
        return f"{told}; {options.output} {'is written' if written else 'says so already'}"
    if options.output is not None:
        return f"{told}; {options.output} is not written: this was a rehearsal"
    return f"{told}; this was a rehearsal: -o FILE writes it"


def _document(rehearsal: Rehearsal, found: Turnover, *, written: bool) -> dict[str, Any]:
    return {
        "items": [
            {
                "path": key_path(item.path),
                "status": item.status,
                "changes": [
                    {"field": change.field, "before": plain(change.before), "after": plain(change.after)}
                    for change in item.changes
                ],
                "why": item.why or None,
                "source": item.place.source if item.place is not None else None,
                "at": item.place.where or None if item.place is not None else None,
            }
            for item in rehearsal.items
        ],
        "absent": [key_path(path) for path in rehearsal.absent],
        "notices": [
            {"kind": one.kind, "text": one.text, "source": one.place.source, "at": one.place.where or None}
            for one in rehearsal.notices
        ],
        "findings": {
            "new": [finding_document(one) for one in (*found.new, *found.accepted)],
            "gone": len(found.gone),
        },
        "written": written,
    }
