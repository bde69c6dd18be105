"""Azure JSON: the envelopes around resources, and what is told of those that do not hold all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.azure_json import read
from tui.exchange.found import Found, Notice
from tui.exchange.resources import found_in
from tui.exchange.source import ExchangeError, Source

NETWORK = "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.Network"
SECRET = "Pl4nted-s3cret-V4lue"


def vnet(name: str = "hub", prefix: str = "10.0.0.0/16") -> dict[str, Any]:
    return {
        "id": f"{NETWORK}/virtualNetworks/{name}",
        "name": name,
        "type": "Microsoft.Network/virtualNetworks",
        "location": "West Europe",
        "properties": {"addressSpace": {"addressPrefixes": [prefix]}, "subnets": [], "virtualNetworkPeerings": []},
    }


def found(value: Any) -> Found:
    return read(Source("x.json", value if isinstance(value, str) else json.dumps(value)))


def names(result: Found) -> list[str]:
    return [one.identity.name for one in result.vnets]


def places(result: Found) -> list[str]:
    return [one.place.where for one in result.vnets]


def told(result: Found) -> list[tuple[str, str]]:
    return [(notice.kind, notice.place.where) for notice in result.notices]


@pytest.mark.parametrize(
    ("shape", "where"),
    [
        (lambda it: it, ""),
        (lambda it: [it], "[0]"),
        (lambda it: {"value": [it]}, "value[0]"),
        (lambda it: {"data": [it], "count": 1, "totalRecords": 1, "resultTruncated": "false"}, "data[0]"),
        (lambda it: {"Data": [it], "SkipToken": None}, "Data[0]"),
        (lambda it: {"value": [it], "Count": 1}, "value[0]"),
        (lambda it: {"newVNet": it}, "newVNet"),
        (lambda it: [[it]], "[0][0]"),
        (lambda it: {"parameters": {"api-version": "1"}, "responses": {"200": {"body": {"value": [it]}}}},
         "responses.200.body.value[0]"),
        (lambda it: json.dumps({"value": [it]}), "value[0]"),
        (lambda it: [{"value": [it]}], "[0].value[0]"),
        (lambda it: {"data": {"columns": [{"name": key, "type": "x"} for key in it], "rows": [list(it.values())]}},
         "data.rows[0]"),
    ],
)  # fmt: skip
def test_every_envelope_holds_its_resource(shape: Any, where: str) -> None:
    result = found(shape(vnet()) if not isinstance(shape(vnet()), str) else json.dumps(shape(vnet())))
    assert (names(result), places(result), result.notices) == (["hub"], [where], ())
    assert result.vnets[0].region == "westeurope"


@pytest.mark.parametrize("empty", ["[]", '{"value": []}', '{"data": [], "count": 0}', '[{"value": []}]'])
def test_an_empty_list_is_no_news(empty: str) -> None:
    assert found(empty) == Found()


def test_documents_with_labels_are_all_read() -> None:
    text = f"vnet1:\n{json.dumps(vnet('a'))}\nothers:\n{json.dumps([vnet('b')], indent=1)}\n"
    result = found(text)
    assert (names(result), places(result)) == (["a", "b"], ["", "line 4: [0]"])


def test_further_pages_are_told_as_missing() -> None:
    result = found({"value": [vnet()], "nextLink": f"https://management.azure.com/?$skiptoken={SECRET}"})
    assert names(result) == ["hub"]
    assert told(result) == [("missing", "")]
    assert "nextLink" in result.notices[0].text
    assert SECRET not in repr(result)


@pytest.mark.parametrize(
    ("extra", "missing"),
    [({"resultTruncated": "true"}, True), ({"resultTruncated": "false"}, False), ({"resultTruncated": True}, True),
     ({"$skipToken": "abc"}, True), ({"skip_token": None}, False), ({"skip_token": "abc"}, True)],
)  # fmt: skip
def test_a_cut_answer_of_resource_graph_is_told(extra: dict[str, Any], missing: bool) -> None:
    assert [notice.kind for notice in found({"data": [vnet()], **extra}).notices] == ["missing"] * missing


def test_an_error_of_azure_is_told_and_not_quoted() -> None:
    result = found({"error": {"code": "ResourceNotFound", "message": SECRET}})
    assert told(result) == [("missing", "")]
    assert "error" in result.notices[0].text
    assert SECRET not in repr(result)
    assert names(found([{"error": {"code": "x"}}, vnet()])) == ["hub"]


def test_a_list_without_properties_says_which_command_prints_them() -> None:
    bare = [{key: value for key, value in vnet(name).items() if key != "properties"} | {"sku": None} for name in "ab"]
    result = found(bare)
    assert names(result) == []
    assert [notice.kind for notice in result.notices] == ["missing"]
    assert "az network vnet list" in result.notices[0].text
    assert "(2)" in result.notices[0].text


@pytest.mark.parametrize(
    "printed",
    [
        {"name": "hub", "prefix": ["10.0.0.0/16"], "rg": "rg-net"},
        {"name": "hub", "space": {"prefixes": ["10.0.0.0/16"]}},
        {"Name": "hub", "subnets": [{"name": "app", "prefix": "10.0.0.0/24"}]},
    ],
)
def test_what_a_query_has_left_without_type_and_id_is_told_once_for_all(printed: dict[str, Any]) -> None:
    (notice,) = found([printed]).notices
    assert (notice.kind, notice.place.where) == ("not understood", "[0]")
    assert "without `--query` (1)" in notice.text
    assert len(found([printed] * 50).notices) == 1


def test_resources_without_a_place_are_counted_in_one_notice() -> None:
    other = [
        {"id": f"{NETWORK}/networkInterfaces/n{n}", "type": "Microsoft.Network/networkInterfaces"} for n in range(40)
    ]
    other.append({"id": f"{NETWORK}/futureThings/x", "type": "Microsoft.Network/futureThings"})
    (notice,) = found([*other, vnet()]).notices
    assert notice.kind == "left out"
    assert "41" in notice.text
    assert "40 × Microsoft.Network/networkInterfaces" in notice.text
    assert "Microsoft.Network/futureThings" in notice.text


def test_virtual_wan_hubs_are_named() -> None:
    hubs = [
        {"id": f"{NETWORK}/virtualHubs/hub{n}", "name": f"hub{n}", "type": "Microsoft.Network/virtualHubs"}
        for n in (1, 2)
    ]
    (notice,) = found(hubs).notices
    assert (notice.kind, "hub1, hub2" in notice.text) == ("left out", True)


def test_a_shared_key_alone_in_an_answer_is_not_read() -> None:
    result = found({"value": SECRET})
    assert told(result) == [("secret", "")]
    assert SECRET not in repr(result)


@pytest.mark.parametrize(
    "template", [{"$schema": "x", "resources": []}, {"template": {}}, {"properties": {"template": {"resources": []}}}]
)
def test_a_template_is_told_as_one(template: dict[str, Any]) -> None:
    (notice,) = found(template).notices
    assert "--from arm" in notice.text


def test_a_resource_that_cannot_be_read_does_not_stop_the_others() -> None:
    result = found(
        [
            7,
            vnet("a"),
            {"what": "ever"},
            None,
            "text",
            {"type": "Microsoft.Network/virtualNetworks", "properties": {"subnets": 7}},
            vnet("b"),
        ]
    )
    assert names(result) == ["a", "b"]
    assert [where for kind, where in told(result) if kind == "not understood"] == ["[0]", "[2]", "[3]", "[4]", "[5]"]


def test_a_mistake_in_the_json_is_an_error_with_its_place() -> None:
    with pytest.raises(ExchangeError, match=r"^x\.json: line 1, column \d+: .*cut off"):
        found(json.dumps([vnet()])[:-20])


def test_a_repeated_key_is_told() -> None:
    text = json.dumps(vnet()).replace('"name":', '"name": "old", "name":', 1)
    assert told(found(text)) == [("assumed", "")] or told(found(f"[{text}]")) == [("assumed", "[0]")]


def test_notices_are_bounded() -> None:
    result = found([7] * 5000)
    assert len(result.notices) < 1000
    assert result.notices[-1].text.startswith("4500 more")


FIELDS = st.sampled_from(
    [
    "id", "type", "name", "location", "tags", "properties", "addressSpace", "addressPrefixes", "addressPrefix",
    "subnets", "dhcpOptions", "dnsServers", "virtualNetworkPeerings", "remoteVirtualNetwork", "peeringState",
    "gatewayType", "vpnType", "sku", "bgpSettings", "asn", "ipConfigurations", "subnet", "vpnClientConfiguration",
    "vpnClientAddressPool", "connectionType", "virtualNetworkGateway1", "localNetworkGateway2", "peer",
    "enableBgp", "routingWeight", "ipsecPolicies", "localNetworkAddressSpace", "gatewayIpAddress",
    "bgpPeeringAddress", "resources", "value", "data", "error", "columns", "rows", "responses", "cloudName",
    "tenantId", "natRules", "ipamPoolPrefixAllocations", "active", "nextLink", "template"
    ]
)  # fmt: skip
TEXTS = [
    "10.0.0.0/8", "Microsoft.Network/virtualNetworks", "Microsoft.Network/connections", "false", "System.Object[]",
    f"{NETWORK}/virtualNetworks/a", f"{NETWORK}/virtualNetworks/a/subnets/b", f"{NETWORK}/virtualNetworkGateways/g",
    "Microsoft.Network/virtualNetworkGateways", "Microsoft.Network/localNetworkGateways", "Vpn", "IPSec", "\ud800",
    "microsoft.network/virtualnetworks/virtualnetworkpeerings", "microsoft.network/virtualnetworks/subnets",
]  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-1, 2**70)
    | st.floats(allow_nan=True)
    | st.text(max_size=4)
    | st.sampled_from(TEXTS)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(max_size=3), inner, max_size=8),
    max_leaves=40,
)


@given(JSON)
def test_any_json_is_read(value: Any) -> None:
    result = found_in([("here", value)], "x")
    repr(result).encode("utf-8", "strict")
    assert all(isinstance(notice, Notice) for notice in result.notices)
    assert isinstance(found(json.dumps([value])), Found)
    if not isinstance(value, str):
        assert isinstance(found(json.dumps(value)), Found)


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_the_source_stays(order: list[str]) -> None:
    assert names(found([vnet(name) for name in order])) == order
