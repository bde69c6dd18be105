"""Resources of azapi are read by their body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.exchange.terraform.estate_files import SUB, P, block, found, own, state, told


@pytest.mark.parametrize("form", ["text", "object", "typed"])
def test_a_resource_of_azapi_is_read_by_its_body(form: str) -> None:
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "sharedKey": "s3cret-key"}
    body: Any = {"properties": properties}
    body = {"text": json.dumps(body), "object": body, "typed": {"value": body, "type": ["object", {}]}}[form]
    values = {
        "type": "Microsoft.Network/virtualNetworks@2024-05-01",
        "name": "hub",
        "location": "West Europe",
        "body": body,
    }
    parent = f"/subscriptions/{SUB}/resourceGroups/rg"
    result = found(
        state(
            block("azapi_resource", "a", {**values, "parent_id": parent, "output": "s3cret-output"}),
            block("azapi_resource", "b", {"type": "Microsoft.Storage/storageAccounts@2024", "name": "x"}),
            block("azapi_resource", "c", {**values, "name": "none", "body": "{"}),
        )
    )
    assert [(one.identity, one.region, one.prefixes) for one in result.vnets] == [
        (own("hub"), "westeurope", (P("10.0.0.0/16"),))
    ]
    assert [notice.place.where for notice in told(result, "not understood")] == ["azapi_resource.c"]
    assert "s3cret" not in repr(result)
