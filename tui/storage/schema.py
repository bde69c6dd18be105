"""The JSON Schema of the file.

Invariant: it is made from the model, with the short forms that the loader takes beside the long ones.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind

from tui.topology.model import Device, Pool, Subnet, Topology

_SHORT_FORMS: dict[str, list[dict[str, Any]]] = {
    Subnet.__name__: [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    Pool.__name__: [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    Device.__name__: [{"type": "string"}],
}


class _Generator(GenerateJsonSchema):
    # A table's default is an empty table, which is no value of JSON and says nothing that the type does not.
    ignored_warning_kinds: set[JsonSchemaWarningKind] = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012 - declared so by pydantic


def file_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a topology file."""
    schema = Topology.model_json_schema(schema_generator=_Generator)
    definitions: dict[str, Any] = schema["$defs"]
    for part in (schema, *definitions.values()):
        # Fields that follow a thing through a session stand in no file.
        for name in [name for name in part.get("properties", {}) if name.startswith("\0")]:
            del part["properties"][name]
    for name, forms in _SHORT_FORMS.items():
        definitions[name] = {"anyOf": [definitions[name], *forms]}
    schema["required"] = ["schema"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "vnet-tui topology",
    }
