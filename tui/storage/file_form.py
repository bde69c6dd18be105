"""File form: a topology as the plain data of a TOML document.

Owns which keys are written: those that the file had or an edit set, never a default that nobody wrote, nor
a table without entries.
Invariant: loading the form of a topology gives that topology again.
"""

from __future__ import annotations

from typing import Any

from tui.topology.model import Part, Subnet, Topology
from tui.topology.prefix import Prefix
from tui.topology.table import Table


def file_form(topology: Topology) -> dict[str, Any]:
    """Return the plain data of a whole topology, `schema` first."""
    return {"schema": topology.schema_number, **part_form(topology)}


def part_form(part: Part) -> dict[str, Any]:
    """Return the plain data of one part, in the order of its fields; unknown keys come last, as they are."""
    form: dict[str, Any] = {}
    for name, field in type(part).model_fields.items():
        if name in part.model_fields_set and not field.exclude:
            value = getattr(part, name)
            if value is not None and not (isinstance(value, Table) and not value):
                form[field.alias or name] = value_form(value)
    for key, value in (part.__pydantic_extra__ or {}).items():
        form[key] = value_form(value)
    return form


def value_form(value: Any) -> Any:
    """Return the plain data of a field's value."""
    if isinstance(value, Prefix):
        return str(value)
    if isinstance(value, Part):
        return short_form(value)
    if isinstance(value, Table | dict):
        return {name: value_form(entry) for name, entry in value.items()}
    if isinstance(value, tuple | list):
        return [value_form(item) for item in value]
    return value


def short_form(part: Part) -> Any:
    """Return the plain data of a part, in its short form if it has one and says nothing else."""
    form = part_form(part)
    key = part.short_key
    if key and set(form) == {key}:
        value = form[key]
        return value[0] if isinstance(part, Subnet) and len(value) == 1 else value
    return form
