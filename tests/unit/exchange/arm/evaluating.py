"""Templates and expressions for tests, evaluated."""

from __future__ import annotations

import json
from typing import Any

from tui.exchange.arm.template import Evaluated, evaluated
from tui.exchange.source import Source

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
VNET = "Microsoft.Network/virtualNetworks"


def template(resources: Any = (), **parts: Any) -> dict[str, Any]:
    """Return a template with these resources and parts."""
    resources = resources if isinstance(resources, dict) else list(resources)
    return {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": resources, **parts}


def vnet(name: str = "a", **properties: Any) -> dict[str, Any]:
    """Return a VNet as templates write it."""
    return {"type": VNET, "apiVersion": "2023-09-01", "name": name, "location": "westeurope", "properties": properties}


def made(document: Any, parameters: dict[str, Any] | None = None, **target: str) -> Evaluated:
    """Return what a document makes."""
    return evaluated(Source("t.json", json.dumps(document)), parameters or {}, **target)


def resources(document: Any, parameters: dict[str, Any] | None = None, **target: str) -> list[dict[str, Any]]:
    """Return the resources that a document makes, without their paths; nothing of it may be unknown."""
    result = made(document, parameters, **target)
    assert result.notices == ()
    return [resource for _, resource in result.resources]


def names(document: Any, parameters: dict[str, Any] | None = None) -> list[str]:
    """Return the names of the resources that a document makes."""
    return [resource["name"] for resource in resources(document, parameters)]


def value(expression: str, **parts: Any) -> Any:
    """Return the value of an expression, given without its outer brackets."""
    [only] = resources(template([vnet(x=f"[{expression}]")], **parts))
    return only["properties"]["x"]


def why(expression: str, **parts: Any) -> str:
    """Return why an expression is not known; the property must be missing, at its place."""
    result = made(template([vnet(x=f"[{expression}]", y=1)], **parts))
    [(_, only)] = result.resources
    assert only["properties"] == {"y": 1}
    [notice] = result.notices
    assert str(notice.place) == "t.json: resources[0].properties.x"
    assert notice.kind in ("not understood", "secret")
    return notice.text
