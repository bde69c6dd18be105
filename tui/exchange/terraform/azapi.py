"""Instances of azapi, whose body is what Azure's REST API takes.

Invariant: only types of Microsoft.Network are looked at, and of an instance only its id, name, place and body.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tui.exchange.found import Notice
from tui.exchange.json_elements import document
from tui.exchange.resource_ids import parsed_id
from tui.exchange.source import ExchangeError, Source
from tui.exchange.terraform.instances import Instance

_NETWORK: Final = "microsoft.network/"


def is_network(instance: Instance) -> bool:
    """Whether an instance of azapi is a network resource."""
    kind = instance.values.get("type")
    return instance.type == "azapi_resource" and isinstance(kind, str) and kind.lower().startswith(_NETWORK)


def azapi_object(instance: Instance, tell: Callable[[Notice], None]) -> dict[str, Any] | None:
    """Return an instance of azapi as an object of Azure's REST API; None where its body is not known, which is told."""
    values = instance.values
    kind = str(values.get("type")).partition("@")[0]
    name, parent = values.get("name"), values.get("parent_id")
    body = _body(values.get("body"), instance)
    if body is None:
        tell(Notice("not understood", "an azapi_resource whose body is not in the file, or is no JSON", instance.place))
        return None
    own_id = values.get("id")
    if parsed_id(own_id) is None and isinstance(name, str):
        own_id = _made_id(kind, name, parent if isinstance(parent, str) else "")
    if own_id is None:
        tell(
            Notice("missing", "an azapi_resource whose name is known only after apply; it is not read", instance.place)
        )
        return None
    return {
        **{key: value for key, value in body.items() if key in ("properties", "sku")},
        "id": own_id,
        "type": kind,
        "name": name,
        "location": values.get("location") or body.get("location"),
        "tags": values.get("tags") or body.get("tags"),
    }


def _made_id(kind: str, name: str, parent: str) -> str | None:
    if kind.count("/") == 1:
        return f"{parent}/providers/{kind}/{name}"
    # A part of another resource, such as a subnet, stands below the id of that one.
    return f"{parent}/{kind.rpartition('/')[2]}/{name}" if parent else None


def _body(body: Any, instance: Instance) -> dict[str, Any] | None:
    if isinstance(body, str):
        try:
            body = document(Source(str(instance.place), body), [])
        except ExchangeError:
            return None
    if isinstance(body, dict) and set(body) == {"value", "type"}:
        # A state writes a value of any type together with that type.
        body = body["value"]
    return body if isinstance(body, dict) else None
