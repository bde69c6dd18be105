"""Documents: the JSON of a template, comments allowed, and where in it the template stands.

Owns the envelopes: a template alone, the answer of an export, a deployment as it is sent and answered.
Invariant: what is returned is JSON without the two characters that stand for what a template does not tell.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from tui.exchange.arm.values import has_mark
from tui.exchange.found import Notice, Place
from tui.exchange.json_elements import document
from tui.exchange.source import ExchangeError, Source

_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)', re.DOTALL)
_MOST_FIELDS = 1_000
"""Members of an object in which a field is looked for in any case: nothing that has fields has so many."""
_ESCAPED_MARK = re.compile(r"\\u[fF][dD][dD][01]")


class Template(NamedTuple):
    """A template within a document."""

    body: dict[str, Any]
    parameters: Any
    """What the envelope gives for the parameters: {name: {"value": …}}, or nothing."""
    path: str
    """The JSON path of the template, with a dot at the end where there is one."""


def json_of(source: Source, notices: list[Notice]) -> Any:
    """Return the JSON of a source; comments are read over, as Azure's tools do. Raises ExchangeError."""
    text = source.text
    if has_mark(text) or ("\\u" in text and _ESCAPED_MARK.search(text)):
        raise ExchangeError(f"{source.name}: there is a character in it that stands for none (U+FDD0 or U+FDD1)")
    told: list[Notice] = []
    try:
        found = document(source, told)
    except ExchangeError:
        plain = _COMMENT.sub(_blank, text)
        if plain == text:
            raise
        return document(Source(source.name, plain), notices)
    notices.extend(told)
    return found


def _blank(match: re.Match[str]) -> str:
    found = match[0]
    if found.startswith('"'):
        return found
    # The lines stay, so that messages name the right one.
    return "\n" * found.count("\n") or " "


def field(table: Any, name: str) -> Any:
    """Return a member of an object without regard to case; None where there is none, or where it is no object."""
    if not isinstance(table, dict):
        return None
    if name in table:
        return table[name]
    if len(table) > _MOST_FIELDS:
        return None
    folded = name.casefold()
    return next((value for key, value in table.items() if key.casefold() == folded), None)


def is_parameters(document: Any) -> bool:
    """True for a parameters file."""
    schema = field(document, "$schema")
    if isinstance(schema, str) and "deploymentparameters.json" in schema.casefold():
        return True
    given = field(document, "parameters")
    return (
        isinstance(given, dict)
        and bool(given)
        and field(document, "resources") is None
        and all(isinstance(one, dict) and ("value" in one or "reference" in one) for one in given.values())
    )


def template_in(document: Any) -> Template | None:
    """Return the template in a document, or None where there is none."""
    if _is_bare(document):
        return Template(document, None, "")
    inner = field(document, "template")
    if _is_bare(inner):
        return Template(inner, field(document, "parameters"), "template.")
    properties = field(document, "properties")
    inner = field(properties, "template")
    if _is_bare(inner):
        return Template(inner, field(properties, "parameters"), "properties.template.")
    return None


def _is_bare(table: Any) -> bool:
    if not isinstance(table, dict) or not isinstance(field(table, "resources"), list | dict):
        return False
    schema = field(table, "$schema")
    return (isinstance(schema, str) and "deploymenttemplate.json" in schema.casefold()) or (
        field(table, "contentVersion") is not None
    )


def told_of_export(document: Any, source: str) -> list[Notice]:
    """Return a notice where Azure itself says that an export is not complete."""
    error = field(document, "error")
    if error is None or field(document, "template") is None:
        return []
    return [Notice("missing", "Azure says that this export is not complete", Place(source, "error"))]
