from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.exchange.arm.evaluating import VNET, made, names, resources, template, value, vnet, why
from tui.exchange import arm
from tui.exchange.arm.template import evaluated
from tui.exchange.found import UNREAD
from tui.exchange.source import ExchangeError, Source

_DEPLOYMENT = "Microsoft.Resources/deployments"


def _string(default: str | None = None) -> dict[str, Any]:
    return {"type": "String"} if default is None else {"type": "string", "defaultValue": default}


def _deployment(inner: dict[str, Any], scope: str = "inner", **more: Any) -> dict[str, Any]:
    properties = {"expressionEvaluationOptions": {"scope": scope}, "template": inner, **more.pop("properties", {})}
    return {"type": _DEPLOYMENT, "name": more.pop("name", "d"), "properties": properties, **more}


def test_a_resource_comes_in_the_form_of_azures_answers() -> None:
    vnet_of_it = vnet("[concat('v', 1)]", addressSpace={"addressPrefixes": ["10.0.0.0/16"]})
    document = template([{**vnet_of_it, "tags": {"[concat('a', 'b')]": "[string(1)]"}, "dependsOn": ["[utcNow()]"]}])
    assert made(document).resources == (
        (
            "resources[0]",
            {
                "id": f"/subscriptions//resourceGroups//providers/{VNET}/v1",
                "type": VNET,
                "name": "v1",
                "location": "westeurope",
                "tags": {"ab": "1"},
                "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
            },
        ),
    )


@pytest.mark.parametrize("envelope", ["", "template", "properties"])
def test_templates_are_read_in_every_envelope(envelope: str) -> None:
    inner = template([vnet("[parameters('n')]")], parameters={"n": _string()})
    given = {"n": {"value": "given"}}
    document = {
        "": inner,
        "template": {"template": inner, "parameters": given},
        "properties": {"properties": {"template": inner, "parameters": given, "mode": "Incremental"}},
    }[envelope]
    assert names(document, {"N": "told"} if not envelope else {}) == ["told" if not envelope else "given"]


def test_an_export_that_azure_calls_incomplete_is_told() -> None:
    result = made({"template": template([vnet()]), "error": {"code": "ExportTemplateCompletedWithErrors"}})
    assert [(notice.kind, notice.place.where) for notice in result.notices] == [("missing", "error")]


@pytest.mark.parametrize("document", [[], {}, "x", None, {"resources": []}, {"properties": {"template": []}}])
def test_what_is_no_template_is_refused(document: Any) -> None:
    with pytest.raises(ExchangeError, match=r"t\.json: this is no ARM template"):
        made(document)


def test_a_parameters_file_alone_is_refused_with_the_way_out() -> None:
    with pytest.raises(ExchangeError) as caught:
        made({"$schema": "https://x/2019-04-01/deploymentParameters.json#", "parameters": {}})
    assert "azuredeploy.json" in caught.value.hint


def test_comments_are_read_over_and_strings_with_slashes_are_not() -> None:
    text = json.dumps(template([vnet("n", url="http://x/*y*/")]), indent=1)
    text = "// first\n" + text.replace('"resources"', '/* the\n* resources */ "resources"')
    [(_, only)] = evaluated(Source("t", text), {}).resources
    assert only["properties"] == {"url": "http://x/*y*/"}


def test_variables_use_each_other_and_parameters_in_any_case() -> None:
    document = template(
        [vnet("[VARIABLES('Cfg').NAME]")],
        parameters={"Site": _string("west")},
        variables={"cfg": {"name": "[format('{0}-{1}', variables('base'), parameters('sITE'))]"}, "base": "v"},
    )
    assert names(document) == ["v-west"]
    assert names(document, {"SITE": "east"}) == ["v-east"]


def test_values_that_are_given_are_not_evaluated() -> None:
    document = template([vnet("[parameters('n')]")], parameters={"n": _string()})
    assert names(document, {"n": "[utcNow()]"}) == ["[utcNow()]"]


def test_variables_that_refer_to_themselves_are_told() -> None:
    parts: dict[str, Any] = {"variables": {"a": "[variables('b')]", "b": "[concat('x', variables('a'))]"}}
    assert 'the variable "a" refers to itself' in why("variables('a')", **parts)


def test_children_are_found_in_all_three_forms() -> None:
    subnet = {"properties": {"addressPrefix": "10.0.0.0/24"}}
    document = template(
        [
            {
                **vnet("v", subnets=[{"name": "inline", **subnet}]),
                "resources": [
                    {"type": "subnets", "name": "short", **subnet},
                    {"type": f"{VNET}/subnets", "name": "v/full", **subnet},
                    {"type": "virtualNetworkPeerings", "name": "peer", "properties": {}},
                ],
            },
            {"type": f"{VNET}/subnets", "name": "[concat('v', '/top')]", **subnet},
        ]
    )
    assert [(path, one["id"].partition("Networks/")[2]) for path, one in made(document).resources] == [
        ("resources[0]", "v"),
        ("resources[0].resources[0]", "v/subnets/short"),
        ("resources[0].resources[1]", "v/subnets/full"),
        ("resources[0].resources[2]", "v/virtualNetworkPeerings/peer"),
        ("resources[1]", "v/subnets/top"),
    ]
    found = arm.read(Source("t", json.dumps(document)))
    assert [subnet.name for subnet in found.vnets[0].subnets] == ["inline", "short", "full", "top"]


def test_symbolic_names_existing_resources_and_their_references() -> None:
    document = template(
        {
            "hub": {"existing": True, "type": VNET, "name": "hub", "resourceGroup": "rg-hub"},
            "all": {
                **vnet("[format('v{0}', copyIndex())]", n="[copyIndex()]"),
                "copy": {"name": "all", "count": 2},
            },
            "last one": vnet("w", n="[reference('all[1]').n]", hub="[resourceInfo('hub').id]"),
        },
        languageVersion="2.0",
    )
    result = made(document)
    assert result.notices == ()
    assert [(path, one["name"], one["properties"]["n"]) for path, one in result.resources] == [
        ("resources.all", "v0", 0),
        ("resources.all", "v1", 1),
        ("resources['last one']", "w", 1),
    ]
    assert result.resources[-1][1]["properties"]["hub"] == (
        f"/subscriptions//resourceGroups/rg-hub/providers/{VNET}/hub"
    )


def test_copy_loops_of_resources_properties_variables_and_outputs() -> None:
    subnets = {
        "name": "subnets",
        "count": "[length(variables('sizes'))]",
        "input": {
            "name": "[format('s{0}-{1}', copyIndex('loop'), copyIndex('subnets', 1))]",
            "size": "[variables('sizes')[copyIndex('subnets')]]",
        },
    }
    document = template(
        [{**vnet("[concat('v', copyIndex(10))]", copy=[subnets]), "copy": {"name": "loop", "count": 2}}],
        variables={"copy": [{"name": "sizes", "count": 2, "input": "[add(24, copyIndex('sizes'))]"}]},
    )
    assert [(one["name"], one["properties"]["subnets"]) for one in resources(document)] == [
        ("v10", [{"name": "s0-1", "size": 24}, {"name": "s0-2", "size": 25}]),
        ("v11", [{"name": "s1-1", "size": 24}, {"name": "s1-2", "size": 25}]),
    ]
    assert names(template([{**vnet(), "copy": {"name": "l", "count": 0}}])) == []
    nested: dict[str, Any] = {"o": {"copy": [{"name": "i", "count": 2, "input": "[copyIndex('i')]"}]}}
    assert value("variables('o').i", variables=nested) == [0, 1]


def test_a_loop_whose_count_is_not_known_makes_nothing_and_is_told() -> None:
    result = made(template([{**vnet(), "copy": {"name": "l", "count": "[parameters('n')]"}}], parameters={"n": {}}))
    assert result.resources == ()
    assert [(notice.kind, notice.place.where) for notice in result.notices] == [("not understood", "resources[0].copy")]


def test_a_condition_decides_before_anything_else_is_evaluated() -> None:
    one = {**vnet("[utcNow()]"), "condition": "[equals(parameters('deploy'), 'Yes')]"}
    assert names(template([one, vnet("b")], parameters={"deploy": _string("No")})) == ["b"]
    assert names(template([{**vnet("b"), "condition": True}])) == ["b"]
    result = made(template([{**vnet(), "condition": "[equals(utcNow(), '')]"}]))
    assert result.resources == ()
    assert [notice.place.where for notice in result.notices] == ["resources[0].condition"]


def test_a_resource_without_a_known_name_is_left_out_and_the_others_stay() -> None:
    result = made(template([vnet("[concat('v', uniqueString('x'))]"), vnet("b")]))
    assert [one["name"] for _, one in result.resources] == ["b"]
    [notice] = result.notices
    assert notice.text == (f"a {VNET} is left out, because its name is not known: uniqueString() cannot be evaluated")


def test_nobody_is_told_of_what_has_no_place_in_a_topology() -> None:
    storage = {"type": "Microsoft.Storage/storageAccounts", "name": "[uniqueString('x')]", "properties": "[utcNow()]"}
    gateway = {
        "type": "Microsoft.Network/virtualNetworkGateways",
        "name": "g",
        "properties": {"ipConfigurations": [{"properties": {"publicIPAddress": {"id": "[utcNow()]"}}}]},
    }
    assert resources(template([storage, gateway])) == [
        {"type": "Microsoft.Storage/storageAccounts"},
        {
            "id": "/subscriptions//resourceGroups//providers/Microsoft.Network/virtualNetworkGateways/g",
            "type": "Microsoft.Network/virtualNetworkGateways",
            "name": "g",
            "properties": {"ipConfigurations": [{"properties": {}}]},
        },
    ]


def test_the_region_is_asked_for_once_and_taken_from_the_parameter_location() -> None:
    parts: dict[str, Any] = {"parameters": {"location": _string("[resourceGroup().location]")}}
    two = [{**vnet(name), "location": "[parameters('location')]"} for name in ("a", "b")]
    result = made(template(two, **parts))
    assert all("location" not in one for _, one in result.resources)
    assert [(notice.kind, notice.place.where) for notice in result.notices] == [("missing", "resources[0].location")]
    assert 'the parameter "location"' in result.notices[0].text
    assert [one["location"] for one in resources(template(two, **parts), {"location": "uksouth"})] == ["uksouth"] * 2
    plain = template([{**vnet(), "location": "[resourceGroup().location]"}])
    assert resources(plain, {"location": "UK South"})[0]["location"] == "uksouth"


def test_ids_hold_what_is_known_of_the_target() -> None:
    document = template([vnet(x="[resourceId('Microsoft.X/y', 'z')]", n="[resourceGroup().name]")])
    [only] = resources(document, subscription="S", resource_group="RG")
    assert only["id"] == f"/subscriptions/S/resourceGroups/RG/providers/{VNET}/a"
    assert only["properties"] == {"x": "/subscriptions/S/resourceGroups/RG/providers/Microsoft.X/y/z", "n": "RG"}


def test_reference_knows_what_the_template_declares_and_no_more() -> None:
    first = vnet("a", addressSpace={"addressPrefixes": ["10.0.0.0/16"]}, subnets=[{"name": "s"}])

    def of(expression: str) -> Any:
        return made(template([vnet("b", x=f"[{expression}]"), first]))

    for name in ("'a'", f"resourceId('{VNET}', 'a')"):
        result = of(f"reference({name}).addressSpace.addressPrefixes[0]")
        assert result.resources[0][1]["properties"] == {"x": "10.0.0.0/16"}
    assert of("reference('a', '2023-09-01', 'Full').location").resources[0][1]["properties"] == {"x": "westeurope"}
    for unknown in ("reference('a').resourceGuid", "reference('a').subnets[0].id", "length(reference('a'))"):
        result = of(unknown)
        assert result.resources[0][1]["properties"] == {}
        assert "only Azure knows" in result.notices[0].text


def test_a_resource_that_refers_to_itself_is_told() -> None:
    result = made(template([vnet("a", x="[reference('a').x]")]))
    assert "refers to itself" in result.notices[0].text


def test_one_name_for_several_resources_is_not_guessed() -> None:
    other = {"type": "Microsoft.Network/connections", "name": "a", "properties": {"y": 1}}
    result = made(template([vnet("a", y=2), other, vnet("b", x="[reference('a').y]")]))
    assert "one name for several" in result.notices[0].text


def test_a_nested_template_with_its_own_scope_sees_only_its_own_names() -> None:
    inner = template(
        [vnet("[concat(parameters('n'), variables('v'))]")],
        parameters={"n": _string()},
        variables={"v": "-inner"},
    )
    outer = template(
        [_deployment(inner, properties={"parameters": {"n": {"value": "[variables('v')]"}}})], variables={"v": "outer"}
    )
    result = made(outer)
    assert [(path, one["name"]) for path, one in result.resources] == [
        ("resources[0].properties.template.resources[0]", "outer-inner")
    ]


@pytest.mark.parametrize("options", [{}, {"expressionEvaluationOptions": {"scope": "outer"}}])
def test_a_nested_template_is_evaluated_outside_unless_it_says_otherwise(options: dict[str, Any]) -> None:
    inner = template([vnet("[variables('v')]")], variables={"v": "inner"})
    nested = {"type": _DEPLOYMENT, "name": "d", "properties": {"template": inner, **options}}
    assert names(template([nested], variables={"v": "outer"})) == ["outer"]


def test_a_nested_deployment_into_another_group_says_so_in_its_ids() -> None:
    inner = template([vnet("v", group="[resourceGroup().name]")])
    nested = _deployment(inner, resourceGroup="[parameters('rg')]", subscriptionId="S2")
    document = template([nested], parameters={"rg": _string("rg-net")})
    [only] = resources(document)
    assert only["id"] == f"/subscriptions/S2/resourceGroups/rg-net/providers/{VNET}/v"
    assert only["properties"] == {"group": "rg-net"}
    result = made(template([nested, vnet("b")], parameters={"rg": _string()}))
    assert [one["name"] for _, one in result.resources] == ["b"]
    assert 'the parameter "rg" has no value' in result.notices[0].text


def test_a_group_that_the_template_makes_tells_its_region() -> None:
    group = {"type": "Microsoft.Resources/resourceGroups", "name": "rg-net", "location": "norwayeast"}
    inner = template([{**vnet("v"), "location": "[resourceGroup().location]"}])
    assert resources(template([_deployment(inner, resourceGroup="rg-net"), group]))[0]["location"] == "norwayeast"


def test_outputs_of_a_nested_deployment_are_known_outside_whatever_the_order() -> None:
    inner = template(
        [vnet("v")],
        outputs={
            "id": {"type": "string", "value": f"[resourceId('{VNET}', 'v')]"},
            "all": {"type": "array", "copy": {"count": 2, "input": "[copyIndex()]"}},
            "key": {"type": "securestring", "value": "hunter2"},
        },
    )
    outputs = f"reference(resourceId('{_DEPLOYMENT}', 'd')).outputs"
    result = made(
        template(
            [vnet("w", x=f"[{outputs}.id.value]", n=f"[length({outputs}.all.value)]", k=f"[{outputs}.key.value]"),
             _deployment(inner)]
        )
    )  # fmt: skip
    assert result.resources[0][1]["properties"] == {"x": f"/subscriptions//resourceGroups//providers/{VNET}/v", "n": 2}
    assert [notice.kind for notice in result.notices] == ["secret"]


def test_a_deployment_that_needs_the_outputs_of_a_later_one_is_planned_all_the_same() -> None:
    first = _deployment(
        template([vnet("[parameters('n')]")], parameters={"n": _string()}),
        name="one",
        properties={"parameters": {"n": {"value": "[reference('two').outputs.n.value]"}}},
    )
    second = _deployment(template(outputs={"n": {"type": "string", "value": "late"}}), name="two")
    assert names(template([first, second])) == ["late"]


def test_a_deployment_whose_name_is_not_known_is_read_all_the_same() -> None:
    inner = template([vnet("v")], outputs={"n": {"value": 5}})
    name = "format('net-{0}', uniqueString(deployment().name, 'x'))"
    outputs = f"reference(resourceId('{_DEPLOYMENT}', {name}), '2022-09-01').outputs"
    other = f"reference(resourceId('{_DEPLOYMENT}', {name.replace('x', 'y')})).outputs"
    result = made(
        template([vnet("w", n=f"[{outputs}.n.value]", o=f"[{other}.n.value]"), _deployment(inner, name=f"[{name}]")])
    )
    assert [(one["name"], one["properties"]) for _, one in result.resources] == [("w", {"n": 5}), ("v", {})]
    [notice] = result.notices
    assert notice.place.where == "resources[0].properties.o"


def test_a_linked_template_is_missing() -> None:
    linked = {"type": _DEPLOYMENT, "name": "d", "properties": {"templateLink": {"uri": "https://x/?sig=hunter2"}}}
    [notice] = made(template([linked])).notices
    assert (notice.kind, notice.place.where) == ("missing", "resources[0].properties.templateLink")
    assert "hunter2" not in notice.text


def test_functions_that_the_template_defines_are_called() -> None:
    member = {
        "parameters": [{"name": "p", "type": "string"}],
        "output": {"type": "string", "value": "[concat('vnet-', parameters('p'))]"},
    }
    functions = [{"namespace": "contoso", "members": {"Named": member}}]
    assert value("Contoso.named('x')", functions=functions) == "vnet-x"
    assert "number of arguments" in why("contoso.named()", functions=functions)


def test_secrets_stay_out_of_everything() -> None:
    connection = {
        "type": "Microsoft.Network/connections",
        "name": "c",
        "properties": {
            "sharedKey": "[parameters('sharedKey')]",
            "authorizationKey": "hunter2",
            "a": "[parameters('sharedKey')]",
            "b": "[concat('x', parameters('adminPassword'))]",
            "c": "[parameters('settings').key]",
        },
    }
    document = template(
        [connection],
        parameters={
            "sharedKey": {"type": "string"},
            "adminPassword": {"type": "securestring", "defaultValue": "hunter2"},
            "settings": {"type": "secureObject"},
        },
    )
    result = made(document, {"sharedKey": "hunter2", "settings": {"key": "hunter2"}})
    assert "hunter2" not in repr(result)
    assert "hunter2" not in repr(arm.read(Source("t", json.dumps(document)), {"sharedKey": "hunter2"}))
    assert result.resources[0][1]["properties"] == {}
    assert {notice.kind for notice in result.notices} == {"secret"}
    assert len(result.notices) == 3


def test_a_missing_parameter_is_told_at_each_place_that_needs_it() -> None:
    document = template([vnet("a", x="[parameters('p')]", y=["[parameters('p')]", 1])], parameters={"p": _string()})
    result = made(document)
    assert result.resources[0][1]["properties"] == {"y": [UNREAD, 1]}
    assert [(notice.kind, notice.place.where) for notice in result.notices] == [
        ("not understood", "resources[0].properties.x"),
        ("not understood", "resources[0].properties.y[0]"),
    ]
    assert all('the parameter "p" has no value' in notice.text for notice in result.notices)


def test_a_nullable_parameter_is_null() -> None:
    assert value("coalesce(parameters('p'), 'x')", parameters={"p": {"type": "string", "nullable": True}}) == "x"
