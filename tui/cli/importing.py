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

from tui.checks.against import beyond, known_of
from tui.checks.engine import check
from tui.checks.rule import Finding
from tui.cli.opening import complain_of
from tui.cli.output import complain, say, say_json
from tui.cli.writing import writable
from tui.exchange.assembling.assembly import assembled
from tui.exchange.found import Notice
from tui.exchange.gathering import About, Gathered, gathered
from tui.exchange.rehearsing.rehearsal import TABLES, Item, Rehearsal, merged
from tui.exchange.source import MAX_BYTES
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
_MOST_ALIKE, _NAMED_OF_MANY = 200, 20
"""Things of one kind that are named one by one, and how many of more are."""
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
    new, gone = _findings(rehearsal)
    written = _write(path, loaded, rehearsal) if path is not None and not options.dry_run else None
    if options.format == "json":
        say_json(_document(rehearsal, new, gone, written=written is True))
    else:
        for line in _lines(rehearsal, new, gone, verbose=options.verbose):
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
    existing = loaded.topology if loaded is not None else None
    assembly = assembled(found.found, existing, state=options.state or found.state)
    return merged(existing, assembly, prune=options.prune)


def _write(path: Path, loaded: Loaded | None, rehearsal: Rehearsal) -> bool:
    """Write the result; False where the file says it already."""
    if loaded is None:
        save_new(path, rehearsal.after)
    elif rehearsal.after != rehearsal.before:
        save(path, loaded, rehearsal.after)
    else:
        return False
    return True


def _findings(rehearsal: Rehearsal) -> tuple[list[Finding], int]:
    """The findings that the result has and the file has not, and how many the result has no more."""
    today = datetime.date.today()
    after = check(rehearsal.after, today)
    before = check(rehearsal.before, today)
    return beyond(after, known_of(before)), len(beyond(before, known_of(after)))


def _lines(rehearsal: Rehearsal, new: Sequence[Finding], gone: int, *, verbose: bool) -> Iterator[str]:
    shown = [item for item in rehearsal.items if item.status in _SHOWN]
    # What is alike stands together, so that it can be counted; the sort keeps the order within.
    shown.sort(key=lambda item: (_SHOWN.index(item.status), TABLES.index(item.path[0])))
    # Conflicts are told one by one: each asks for something to be done.
    for (status, table), items in groupby(shown, key=lambda item: (item.status, item.path[0])):
        alike = list(items)
        named = _named(alike, verbose=verbose or status == "conflict")
        for item in named:
            yield from _item(item)
        if len(alike) > len(named):
            yield f"{_SIGNS[status]} {status:8}  {table}: {len(alike) - len(named)} more (--verbose names them)"
    for kind, notices in _by_kind(rehearsal.notices).items():
        told = [f"{notice.place}: {notice.text}" for notice in notices]
        yield from _listed(f"{kind}:", told, verbose=verbose)
    if new:
        yield ""
        yield f"new findings ({len(new)}{f', {gone} others go' if gone else ''}):"
        for finding in new[:_MOST_FINDINGS]:
            yield f"  {finding.severity} {finding.code} {finding.message}"
        if len(new) > _MOST_FINDINGS:
            yield f"  and {len(new) - _MOST_FINDINGS} more: vnet-tui check names them"
    if rehearsal.absent:
        title = "in the file, and not in Azure any more (--prune takes them out):"
        yield from _listed(title, list(map(key_path, rehearsal.absent)), verbose=verbose)
    yield ""


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


def _item(item: Item) -> Iterator[str]:
    yield f"{_SIGNS[item.status]} {item.status:8}  {key_path(item.path)}{f': {item.why}' if item.why else ''}"
    for change in item.changes if item.status == "changed" else ():
        yield f"              {change.field}: {change.before or 'nothing'} -> {change.after or 'nothing'}"


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


def _document(rehearsal: Rehearsal, new: Sequence[Finding], gone: int, *, written: bool) -> dict[str, Any]:
    return {
        "items": [
            {
                "path": key_path(item.path),
                "status": item.status,
                "changes": [
                    {"field": change.field, "before": change.before, "after": change.after} for change in item.changes
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
            "new": [
                {
                    "code": one.code,
                    "severity": one.severity,
                    "where": list(one.places),
                    "message": one.message,
                    "help": one.help,
                }
                for one in new
            ],
            "gone": gone,
        },
        "written": written,
    }
