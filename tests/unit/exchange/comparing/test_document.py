"""The JSON document of a difference, which is a contract."""

from __future__ import annotations

import datetime
import json

from tests.building import topology
from tui.exchange.comparing.difference import difference
from tui.exchange.comparing.document import document
from tui.topology.parts import Path

TODAY = datetime.date(2026, 11, 23)
BEFORE = """
[vnets.hub]
address_space = ["10.64.0.0/16"]
region = "nowhere"
[vnets.hub.gateway]
sku = "VpnGw1AZ"
[vnets.old-name]
address_space = ["10.1.0.0/16"]
[vnets.gone]
"""
AFTER = """
x = [1, nan, inf, 2020-01-01, { a = 1.5 }]
[vnets.hub]
address_space = ["10.65.0.0/16"]
region = "westeurope"
[vnets.hub.gateway]
sku = "VpnGw2AZ"
tunnel_budget = 7
[vnets.new-name]
address_space = ["10.1.0.0/16"]
[vnets."a.b"]
region = "elsewhere"
"""


def _at(path: Path) -> tuple[int | None, int | None]:
    return len(path), 1


def test_the_document_has_these_keys_and_forms() -> None:
    found = difference(topology(BEFORE), topology(AFTER), TODAY)
    made = document(found, "a.toml", "HEAD:b.toml", after_at=_at)
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert list(made) == [
        *("before", "after", "same", "untold", "in_conflict"),
        *("added", "removed", "renamed", "changed", "findings", "meters"),
    ]
    assert (made["before"], made["after"], made["same"]) == ("a.toml", "HEAD:b.toml", False)
    assert made["added"] == [{"path": 'vnets."a.b"', "value": {"region": "elsewhere"}}]
    assert made["removed"] == [{"path": "vnets.gone", "value": {}}]
    assert made["renamed"] == [{"from": "vnets.old-name", "to": "vnets.new-name"}]
    assert made["changed"] == [
        {
            "path": "",
            "fields": [{"field": "x", "before": None, "after": [1, "nan", "inf", "2020-01-01", {"a": 1.5}]}],
        },
        {
            "path": "vnets.hub",
            "fields": [
                {"field": "region", "before": "nowhere", "after": "westeurope"},
                {"field": "address_space", "before": ["10.64.0.0/16"], "after": ["10.65.0.0/16"]},
            ],
        },
        {
            "path": "vnets.hub.gateway",
            "fields": [
                {"field": "sku", "before": "VpnGw1AZ", "after": "VpnGw2AZ"},
                {"field": "tunnel_budget", "before": None, "after": 7},
            ],
        },
    ]
    assert made["meters"] == [
        {
            "vnet": "hub",
            "before": {
                "tunnels_used": 0,
                "tunnels_limit": 30,
                "bandwidth_used_mbps": 0,
                "bandwidth_limit_mbps": 650,
            },
            "after": {
                "tunnels_used": 0,
                "tunnels_limit": 7,
                "bandwidth_used_mbps": 0,
                "bandwidth_limit_mbps": 1000,
            },
        }
    ]
    (new,) = (one for one in made["findings"]["new"] if one["code"] == "REG001")
    assert new == {
        "code": "REG001",
        "severity": "warning",
        "where": ['vnets."a.b"'],
        "line": 2,
        "column": 1,
        "message": new["message"],
        "help": new["help"],
        "waived": None,
    }
    assert {(one["line"], one["column"]) for one in made["findings"]["gone"]} == {(None, None)}


def test_two_that_are_the_same_have_an_empty_document() -> None:
    made = document(difference(topology(AFTER), topology(AFTER), TODAY), "a", "b")
    empty: list[object] = []
    assert made == {
        "before": "a",
        "after": "b",
        "same": True,
        "untold": 0,
        "in_conflict": 0,
        "added": empty,
        "removed": empty,
        "renamed": empty,
        "changed": empty,
        "findings": {"new": empty, "gone": empty},
        "meters": empty,
    }


def test_what_came_and_went_is_told_as_plain_data() -> None:
    after = topology("""
        [vnets.new]
        address_space = ["10.0.0.0/16"]
        subnets.app = "10.0.1.0/24"
        gateway = { sku = "VpnGw1AZ", active_active = false }
        state = "planned"
        "a key" = 1
        [waivers.w]
        code = "ADR002"
        expires = 2030-01-01
    """)
    expected = [
        {
            "path": "vnets.new",
            "value": {
                "address_space": ["10.0.0.0/16"],
                "subnets": {"app": {"prefixes": ["10.0.1.0/24"]}},
                "gateway": {"sku": "VpnGw1AZ"},
                "a key": 1,
            },
        },
        {"path": "waivers.w", "value": {"code": "ADR002", "expires": "2030-01-01"}},
    ]
    assert document(difference(topology(""), after, TODAY), "a", "b")["added"] == expected
    assert document(difference(after, topology(""), TODAY), "a", "b")["removed"] == expected


def test_a_finding_that_comes_with_its_own_waiver_has_its_reason() -> None:
    before = '[vnets.a]\naddress_space = ["10.0.0.0/20"]\n'
    waiver = '[waivers.w]\ncode = "ADR002"\nwhere = ["vnets.*"]\nreason = "on purpose"\n'
    after = topology(before + before.replace("[vnets.a]", "[vnets.b]") + waiver)
    made = document(difference(topology(before), after, TODAY), "a", "b")
    assert [one["waived"] for one in made["findings"]["new"] if one["code"] == "ADR002"] == ["on purpose"]
