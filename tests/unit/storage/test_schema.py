"""The JSON Schema of the file: it takes what the loader takes, and refuses wrong types as the loader does."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.storage.test_problems import WRONG
from tui.paths import samples
from tui.storage.schema import file_schema

SCHEMA = file_schema()
KNOWN = {
    "$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default", "description", "enum", "examples",
    "format", "items", "maxItems", "maximum", "minItems", "minimum", "pattern", "prefixItems", "properties",
    "required", "title", "type",
}  # fmt: skip
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def accepts(schema: Any, value: Any) -> bool:
    """Tell whether `value` is valid, for the keywords of KNOWN."""
    if isinstance(schema, bool):
        return schema
    if "$ref" in schema and not accepts(SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]], value):
        return False
    if "anyOf" in schema and not any(accepts(one, value) for one in schema["anyOf"]):
        return False
    if "type" in schema:
        wanted = TYPES[schema["type"]]
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            return False
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        return False
    if isinstance(value, dict):
        return _accepts_object(schema, value)
    if isinstance(value, list):
        return _accepts_array(schema, value)
    if isinstance(value, str):
        day = schema.get("format") == "date"
        return bool(re.search(schema.get("pattern", ""), value)) and (not day or bool(re.fullmatch(r"[\d-]+", value)))
    if isinstance(value, int | float):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _accepts_object(schema: Mapping[str, Any], value: dict[str, Any]) -> bool:
    properties = schema.get("properties", {})
    return set(schema.get("required", ())) <= set(value) and all(
        accepts(properties.get(key, schema.get("additionalProperties", True)), item) for key, item in value.items()
    )


def _accepts_array(schema: Mapping[str, Any], value: list[Any]) -> bool:
    first = schema.get("prefixItems", [])
    rest = schema.get("items", True)
    return schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)) and all(
        accepts(first[index] if index < len(first) else rest, item) for index, item in enumerate(value)
    )


def data(text: str) -> dict[str, Any]:
    """The data of a TOML text as JSON has it: days as text."""
    parsed: dict[str, Any] = json.loads(json.dumps(tomllib.loads(text), default=_day))
    return parsed


def _day(value: Any) -> str:
    assert isinstance(value, datetime.date | datetime.time)
    return value.isoformat()


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(item)


def keywords(schema: Any) -> Iterator[str]:
    """Every keyword in use; names of properties and definitions are none."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            if key in ("properties", "$defs"):
                for inner in value.values():
                    yield from keywords(inner)
            elif key in ("anyOf", "prefixItems"):
                for inner in value:
                    yield from keywords(inner)
            elif key in ("items", "additionalProperties"):
                yield from keywords(value)


def test_the_checker_of_this_test_knows_every_keyword() -> None:
    assert set(keywords(SCHEMA)) <= KNOWN


def test_nothing_of_the_programs_own_is_in_it() -> None:
    text = json.dumps(SCHEMA)
    assert "\\u0000" not in text
    assert "identity" not in text
    assert "sites_first" not in text
    for node in nodes(SCHEMA):
        assert not any("\0" in key for key in node)


def test_every_reference_leads_somewhere() -> None:
    references = {node["$ref"] for node in nodes(SCHEMA) if isinstance(node.get("$ref"), str)}
    assert references
    assert references <= {f"#/$defs/{name}" for name in SCHEMA["$defs"]}


def test_each_call_gives_a_schema_of_its_own() -> None:
    file_schema()["$defs"].clear()
    assert file_schema() == SCHEMA


@pytest.mark.parametrize("path", samples().values(), ids=samples())
def test_every_sample_is_accepted(path: Path) -> None:
    assert accepts(SCHEMA, data(path.read_text()))


DESIGN = """
schema = 1
name = "Contoso WAN"
[planning]
own_public = ["203.0.112.0/22"]
workloads = ["aks"]
[planning.pools]
weu-prod = { prefixes = ["10.64.0.0/12"], region = "westeurope", default_size = "/22" }
lab = ["172.20.0.0/14"]
[planning.avoid]
"10.244.0.0/16" = "AKS pods"
[checks]
ADR006 = "info"
[subscriptions.prod]
name = "Contoso Production"
id = "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10"
cloud = "public"
[vnets.hub-weu]
subscription = "prod"
region = "westeurope"
resource_group = "rg-network"
address_space = ["10.64.0.0/16"]
growth = ["10.65.0.0/16"]
pool = "weu-prod"
azure_name = "vnet-hub"
isolated = false
renumber = true
transit = true
state = "deployed"
note = "shared services"
tags = { owner = "network team", ticket = "NET-12" }
[vnets.hub-weu.subnets]
GatewaySubnet = "10.64.0.0/27"
two = ["10.64.2.0/24", "10.64.3.0/24"]
app = { prefixes = ["10.64.1.0/24"], note = "web tier" }
[vnets.hub-weu.gateway]
sku = "VpnGw1AZ"
generation = 1
vpn_type = "RouteBased"
asn = 65010
active_active = true
tunnel_budget = 20
p2s_pools = ["172.16.100.0/24"]
[sites.dublin]
address_space = ["192.168.10.0/24"]
advertises = ["10.0.0.0/8", "0.0.0.0/0"]
vpn_device = "203.0.113.10"
asn = 64900
[sites.dublin2.devices]
fw1 = { address = "203.0.113.20", asn = 64901, bgp_peer = "192.168.20.1" }
fw2 = "203.0.113.21"
[connections.hub-weu-to-dublin]
between = ["hub-weu", "dublin"]
bandwidth_mbps = 200
bgp = true
[connections.hub-weu-to-dublin2]
between = ["hub-weu", "dublin2"]
devices = ["fw1"]
[connections.hub-weu-to-hq]
between = ["hub-weu", "hq"]
kind = "expressroute"
[peerings.hub-to-app]
between = ["hub-weu", "app-weu"]
gateway_transit = "hub-weu"
[services.shop]
kind = "cloud-service"
vnets = ["hub-weu"]
[waivers.legacy-overlap]
code = "ADR002"
where = ["vnets.hub-weu", "vnets.legacy-*"]
reason = "legacy is switched off in spring"
owner = "network team"
expires = 2027-04-30
[limits]
vnets_per_region = 5
[limits.skus.VpnGw1]
tunnels = 40
bandwidth_mbps = 700.5
"""


def test_the_designs_example_is_accepted() -> None:
    assert accepts(SCHEMA, data(DESIGN))


@pytest.mark.parametrize("text", ["schema = 1\nx = [1]\n[vnets.a]\nx = { y = 1 }", "schema = 1\n[vnets.a]\nzones = 5"])
def test_unknown_and_carried_keys_are_accepted(text: str) -> None:
    assert accepts(SCHEMA, data(text))


# JSON has no infinite numbers, and a day is text in it.
IN_JSON = [case for case in WRONG if case[2] not in ("inf", "nan") and case[0] != "waivers.w.expires"]


@pytest.mark.parametrize(("key", "above", "written", "found", "allowed"), IN_JSON)
def test_what_the_loader_refuses_for_its_type_is_refused(
    key: str, above: str, written: str, found: str, allowed: str
) -> None:
    name = '"10.0.0.0/8"' if key.endswith('/8"') else key.rsplit(".", 1)[-1]
    assert not accepts(SCHEMA, data(f"schema = 1\n{above}\n{name} = {written}\n"))


@pytest.mark.parametrize(
    "text", ["", "schema = 2", 'schema = "1"', "schema = 1\n[connections.c]", "schema = 1\n[services.s]"]
)
def test_what_must_be_there_is_required(text: str) -> None:
    assert not accepts(SCHEMA, data(text))
