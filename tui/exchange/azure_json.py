"""Azure JSON: what `az`, Azure's REST API, Resource Graph and PowerShell print, down to the resources in it.

Owns the envelopes around resources: lists and their further pages, query answers, error answers, wrappers.
Invariant: what is no resource is told and never taken for one; a key that stands alone in an answer is never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tui.exchange.found import Found, Notice
from tui.exchange.json_elements import Envelope, elements
from tui.exchange.json_paths import within
from tui.exchange.listings import with_listings
from tui.exchange.resource_ids import parsed_id
from tui.exchange.resources import found_in
from tui.exchange.resources.fields import fields_of, flag, folded
from tui.exchange.resources.kinds import kind_of
from tui.exchange.resources.report import Report
from tui.exchange.source import Source

_DEEPEST = 6
"""Levels of wrapping around resources: the examples of Azure's own API have four."""
_PAGES = ("nextlink", "@odata.nextlink", "odata.nextlink")
_TOKENS = ("$skiptoken", "skip_token", "skiptoken")
_WITHOUT_TYPE = "objects that have no type and no id: print them without `--query` ({})"
_TEMPLATE = frozenset({"$schema", "template", "templatelink"})


def read(source: Source) -> Found:
    """Return what the JSON of one source tells, with a notice for each thing that it does not tell.

    Raises ExchangeError where the text is no JSON, with line and column.
    """
    notices: list[Notice] = []
    report = Report(source.name)
    found = found_in(_resources(source, notices, report), source.name)
    return with_listings(replace(found, notices=(*notices, *report.told(), *found.notices)))


def _resources(source: Source, notices: list[Notice], report: Report) -> Iterator[tuple[str, Any]]:
    for where, element in elements(source, notices):
        if isinstance(element, Envelope):
            _tell_of_the_rest(folded(element), where, report)
        else:
            yield from _unwrapped(where, element, 0, report)


def _unwrapped(where: str, element: Any, depth: int, report: Report) -> Iterator[tuple[str, Any]]:
    """Yield the resources in `element`, which may be one; what holds none is yielded itself, to be told of."""
    if isinstance(element, list) and depth < _DEEPEST:
        for number, item in enumerate(element):
            yield from _unwrapped(f"{where}[{number}]", item, depth + 1, report)
        return
    if not isinstance(element, dict) or "type" in element or _is_resource(element):
        yield where, element
        return
    table = folded(element)
    if isinstance(table.get("error"), dict):
        report.gather("missing", "answers in which Azure tells an error instead of resources ({})", where)
    elif not _TEMPLATE.isdisjoint(table) or "template" in folded(table.get("properties")):
        report.say("left out", "an ARM template or deployment, which is read as such with `--from arm`", where)
    elif isinstance(table.get("value"), str):
        report.say("secret", "a single text, such as a shared key, which was not read", where)
    elif isinstance(table.get("columns"), list) and isinstance(table.get("rows"), list):
        for number, row in enumerate(_rows(table)):
            yield from _unwrapped(within(where, f"rows[{number}]"), row, depth + 1, report)
    elif isinstance(table.get("name"), str) and not any(map(_holds_resources, element.values())):
        report.gather("not understood", _WITHOUT_TYPE, where)
    else:
        _tell_of_the_rest(table, where, report)
        inner = [(key, value) for key, value in element.items() if isinstance(value, (dict, list))]
        answers = [(key, value) for key, value in inner if key.lower() == "responses"]
        for key, value in (answers or inner) if depth < _DEEPEST else ():
            yield from _unwrapped(within(where, key[:60]), value, depth + 1, report)
        if not inner or depth >= _DEEPEST:
            yield where, element


def _holds_resources(value: Any) -> bool:
    """Whether a value is a resource, or a list that begins with one."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and ("type" in first or _is_resource(first))


def _is_resource(element: dict[str, Any]) -> bool:
    if parsed_id(element.get("id")) is not None:
        return True
    return kind_of(fields_of(element), None) is not None


def _rows(table: dict[str, Any]) -> Iterator[Any]:
    """The rows of a Resource Graph answer in the form of a table, each as an object."""
    names = [folded(column).get("name") for column in table["columns"]]
    for row in table["rows"]:
        if isinstance(row, list):
            yield {key: value for key, value in zip(names, row, strict=False) if isinstance(key, str)}
        else:
            yield row


def _tell_of_the_rest(table: dict[str, Any], where: str, report: Report) -> None:
    """Tell of further pages that are not in the source."""
    if any(table.get(key) for key in _PAGES):
        text = "the list goes on at its nextLink: the further pages are not in this source"
        report.say("missing", f"{text}; `az network vnet list -o json` fetches all pages", where)
    total, count = table.get("total_records", table.get("totalrecords")), table.get("count")
    lacks_some = isinstance(total, int) and isinstance(count, int) and count < total
    if lacks_some or flag(table.get("resulttruncated")) or any(table.get(key) for key in _TOKENS):
        text = "the answer of Resource Graph was cut off: its further pages are not in this source"
        report.say("missing", f"{text}; ask for them with `--first 1000` and `--skip-token`", where)
    if isinstance(table.get("error"), dict):
        report.gather("missing", "answers in which Azure tells an error instead of resources ({})", where)
