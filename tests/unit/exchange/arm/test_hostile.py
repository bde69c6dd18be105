from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.exchange.arm.evaluating import VNET, made, template, vnet
from tui.exchange.arm.scope import MAX_COPIES
from tui.exchange.arm.template import Evaluated, evaluated
from tui.exchange.source import ExchangeError, Source


def _laughs(function: str, times: int = 10, levels: int = 40) -> dict[str, Any]:
    variables: dict[str, Any] = {"v0": "lol", "a0": ["lol"], "o0": {"k": "lol"}}
    for level in range(1, levels):
        for kind in "vao":
            variables[f"{kind}{level}"] = f"[{function}(" + ",".join([f"variables('{kind}{level - 1}')"] * times) + ")]"
    last = [f"{kind}{levels - 1}" for kind in "vao"]
    texts = {name: f"[string(variables('{name}'))]" for name in last}
    values = {f"{name}2": f"[variables('{name}')]" for name in last}
    return template([vnet(**texts, **values)], variables=variables)


def _loop(count: Any, inner: Any, name: str = "l") -> list[dict[str, Any]]:
    return [{"name": name, "count": count, "input": inner}]


def _nested_loops() -> dict[str, Any]:
    inner: Any = "x"
    for level in range(6):
        inner = {"copy": _loop(1000, inner, f"l{level}")}
    return template([vnet(**inner)])


def _nested_templates(levels: int) -> dict[str, Any]:
    inner = template([vnet()])
    for _ in range(levels):
        properties = {"template": inner, "expressionEvaluationOptions": {"scope": "inner"}}
        inner = template([{"type": "Microsoft.Resources/deployments", "name": "d", "properties": properties}])
    return inner


def _nested_children(levels: int) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "x", "name": "n"}
    for _ in range(levels):
        one = {"type": "x", "name": "n", "resources": [one]}
    return template([{**vnet(), "resources": [one]}])


def _deep_value() -> dict[str, Any]:
    deep = "reduce(range(0, 9000), createArray(), lambda('c', 'n', createArray(lambdaVariables('c'))))"
    return template([vnet(x=f"[{deep}]", y=f"[string({deep})]", z=f"[union({deep}, {deep})]")])


def _chain(levels: int) -> dict[str, Any]:
    variables = {f"v{level}": f"[concat(variables('v{level + 1}'), '')]" for level in range(levels)}
    return template([vnet(x="[variables('v0')]")], variables={**variables, f"v{levels}": "end"})


def _own_function() -> dict[str, Any]:
    output = {"value": "[concat(c.f(parameters('p')), c.f(parameters('p')))]"}
    member = {"parameters": [{"name": "p", "type": "string"}], "output": output}
    return template([vnet(x="[c.f('x')]")], functions=[{"namespace": "c", "members": {"f": member}}])


def _doubling() -> dict[str, Any]:
    double = "createArray(lambdaVariables('c'), lambdaVariables('c'))"
    shared = f"reduce(range(0, 60), 'x', lambda('c', 'n', {double}))"
    return template([vnet(x=f"[{shared}]", y=f"[equals({shared}, 1)]", z=f"[string({shared})]")])


def _many_comparisons() -> dict[str, Any]:
    big = "padLeft('x', 1000000)"
    filtered = f"filter(range(0, 10000), lambda('i', equals(variables('a'), {big})))"
    return template([vnet(**{f"x{n}": f"[{filtered}]" for n in range(50)})], variables={"a": f"[{big}]"})


def _many_fields() -> dict[str, Any]:
    wide = {f"f{index}": 0 for index in range(50_000)}
    return template(
        [{**wide, "type": VNET, "name": "[concat('v', copyIndex())]", "copy": {"name": "c", "count": 4000}}]
    )


def _outputs_in_circles() -> dict[str, Any]:
    def one(name: str, other: str) -> dict[str, Any]:
        inner = template([vnet("[parameters('n')]")], parameters={"n": {"type": "string"}},
                         outputs={"n": {"value": "[parameters('n')]"}})  # fmt: skip
        given = {"n": {"value": f"[reference('{other}').outputs.n.value]"}}
        properties = {"template": inner, "parameters": given, "expressionEvaluationOptions": {"scope": "inner"}}
        return {"type": "Microsoft.Resources/deployments", "name": name, "properties": properties}

    return template([one("a", "b"), one("b", "a")])


_HOSTILE: dict[str, Callable[[], dict[str, Any]]] = {
    "strings that grow by concat": lambda: _laughs("concat"),
    "arrays that share themselves": lambda: _laughs("createArray"),
    "unions of unions": lambda: _laughs("union"),
    "loops within loops": _nested_loops,
    "templates within templates": lambda: _nested_templates(60),
    "children within children": lambda: _nested_children(200),
    "a value that nests deep": _deep_value,
    "a long chain of variables": lambda: _chain(3000),
    "a function that calls itself twice": _own_function,
    "a value that doubles": _doubling,
    "long strings compared often": _many_comparisons,
    "a wide resource copied often": _many_fields,
    "outputs in circles": _outputs_in_circles,
    "a range of ranges": lambda: template(
        [vnet(x="[map(range(0, 10000), lambda('i', range(0, 10000)))]", y="[range(0, 10000000)]")]
    ),
    "padding": lambda: template([vnet(**{f"x{n}": "[length(padLeft('', 1000000))]" for n in range(500)})]),
    "replacing": lambda: template([vnet(x="[replace(padLeft('',100000,'x'),'x',padLeft('',100000,'y'))]")]),
    "a sort without an order": lambda: template(
        [vnet(x="[sort(range(0, 10000), lambda('a', 'b', true()))]")]
    ),
    "more copies than fit": lambda: template([{**vnet("[concat('v', copyIndex())]"),
                                               "copy": {"name": "c", "count": 10**15}}]),
}  # fmt: skip


_HARMLESS = ("a wide resource copied often", "a sort without an order")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_template_ends_soon_and_is_told(name: str) -> None:
    document = _HOSTILE[name]()
    result, refusal = _read(document)
    if result is None:
        assert refusal.startswith("t.json: ")
    else:
        assert result.notices or name in _HARMLESS
        assert len(json.dumps([one for _, one in result.resources])) < 50_000_000


def _read(document: dict[str, Any]) -> tuple[Evaluated | None, str]:
    try:
        return made(document), ""
    except ExchangeError as error:
        return None, error.message


def test_hostile_depth_is_survived_where_little_of_pythons_stack_is_left() -> None:
    def deeper(levels: int) -> None:
        if levels:
            deeper(levels - 1)
            return
        for name in ("a long chain of variables", "templates within templates", "children within children"):
            assert made(_HOSTILE[name]()).notices

    assert sys.getrecursionlimit() == 1000
    deeper(250)


def test_json_that_nests_too_deep_is_refused() -> None:
    text = '{"$schema": "deploymentTemplate.json", "resources": ' + "[" * 100_000
    with pytest.raises(ExchangeError, match=r"t\.json"):
        evaluated(Source("t.json", text))


def test_the_characters_that_stand_for_what_is_not_told_are_refused() -> None:
    for text in (json.dumps(template([vnet("\ufdd0")])), json.dumps(template([vnet("\ufdd1")]), ensure_ascii=False)):
        with pytest.raises(ExchangeError, match="stands for none"):
            evaluated(Source("t.json", text))


def test_no_more_than_so_many_copies_are_made_of_everything_together() -> None:
    loop = {"name": "c", "count": MAX_COPIES}
    result = made(template([{**vnet("[concat('v', copyIndex())]"), "copy": loop}, {**vnet("w"), "copy": loop}]))
    assert len(result.resources) == MAX_COPIES
    assert str(MAX_COPIES) in result.notices[0].text


@pytest.mark.parametrize(
    "broken",
    [
        {"parameters": [], "variables": 5, "outputs": "x", "functions": {}},
        {"functions": [None, {"namespace": 1}, {"namespace": "n", "members": {"m": 1}}], "parameters": {"a": 1}},
        {"variables": {"copy": [1, {"name": 2}, {"name": "x"}]}, "outputs": {"o": 1}, "parameters": {"a": None}},
    ],
)
def test_parts_of_the_wrong_form_do_not_end_the_reading(broken: dict[str, Any]) -> None:
    wrong: list[Any] = [1, None, [], {}, {"type": 1}, {"type": VNET}, {"type": VNET, "name": 1}]
    wrong += [{"type": "x", "name": ""}, {"type": VNET, "name": "a/b"}, {"type": VNET, "copy": {}}]
    wrong += [{"type": VNET, "name": "a", "condition": 5}]
    empty: list[Any] = [1, [], {}]
    wrong += [{"type": "Microsoft.Resources/deployments", "name": "d", "properties": one} for one in empty]
    result = made(template([*wrong, vnet("b", x="[parameters('a')]")], **broken))
    assert [one["name"] for _, one in result.resources if one["type"] == VNET] == ["b"]


_EXPRESSIONS = """
    [parameters('a')] [variables('b')] [copyIndex()] [reference('n').x] [concat(variables('b'),'x')] [utcNow()] n n/m
    [[x] [ inner Microsoft.Network/virtualNetworks Microsoft.Resources/deployments [resourceGroup().id]
"""
_FIELDS = """
    type name properties copy count input condition resources template parameters value variables defaultValue b a
    existing resourceGroup expressionEvaluationOptions scope outputs
"""
_TEXTS = st.sampled_from(_EXPRESSIONS.split())
_KEYS = st.sampled_from(_FIELDS.split())
_JSON = st.recursive(
    _TEXTS | st.integers(-1, 4) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=150)
@given(_JSON, _JSON, _JSON, _JSON)
def test_whatever_a_template_holds_it_is_read_or_refused_properly(one: Any, two: Any, three: Any, four: Any) -> None:
    document = template([one, {"type": VNET, "name": "n", "properties": two}], parameters=three, variables=four)
    result = made(document)
    assert json.loads(json.dumps(result.resources))
    assert all(notice.text and notice.place.source == "t.json" for notice in result.notices)
