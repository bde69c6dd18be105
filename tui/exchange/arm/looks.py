"""What an ARM template, a parameters file and the answer of an export look like, before anything of them is read.

Invariant: a text that is taken for one of them by mistake is refused by its reader, with a reason.
"""

from __future__ import annotations

import re

from tui.exchange.json_outline import Outline

_OF_PARAMETERS = frozenset({"value", "reference", "metadata", "expression", "keyvault", "secretname"})
_EXPORT = re.compile(r'\s*\{\s*"(template|output|error)"\s*:', re.IGNORECASE)


def looks_like_parameters(outline: Outline) -> bool:
    """Return whether a JSON text looks like a parameters file: by its schema, else by what stands in its only key."""
    if "deploymentparameters.json" in outline.schema:
        return True
    if "parameters" not in outline.top or not outline.top <= {"$schema", "contentversion", "parameters"}:
        return False
    inner = {path[2] for path in outline.keys if len(path) > 2}
    return bool(inner) and inner <= _OF_PARAMETERS


def looks_like_template(outline: Outline) -> bool:
    """Return whether a JSON text looks like a template, alone or in the answer or the request of a deployment."""
    if "deploymenttemplate.json" in outline.schema or {("template",), ("properties", "template")} & outline.keys:
        return True
    return {"contentversion", "resources"} <= outline.top


def looks_like_export(text: str) -> bool:
    """Return whether a template is the answer of `exportTemplate`, which tells of what is there: it is a part of it."""
    return _EXPORT.match(text) is not None
