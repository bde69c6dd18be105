from __future__ import annotations

import contextlib
import json
from typing import Any

import netaddr
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.exchange.arm.evaluating import made, template, value, vnet, why
from tui.exchange.arm.functions import FUNCTIONS
from tui.exchange.arm.functions import apply as applied
from tui.exchange.arm.values import FunctionError, NotKnown, Work
from tui.exchange.found import UNREAD

# Values from Microsoft's reference of the template functions, or from what it says in words.
_DOCUMENTED: list[tuple[str, Any]] = [
    ("concat('prefix', '-', 5, '-', true())", "prefix-5-True"),
    ("concat(createArray(1, 2), createArray(3))", [1, 2, 3]),
    ("format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
     "Hello, User. Formatted number: 8,175,133"),
    ("format('{0:D3}|{1,4}|{1,-4}|{2:00}|{3:X2}|{{0}}', 7, 'ab', 5, 255)", "007|  ab|ab  |05|FF|{0}"),
    ("format('{0}', true())", "True"),
    ("split('one,two,three', ',')", ["one", "two", "three"]),
    ("split('one;two,three', createArray(',', ';'))", ["one", "two", "three"]),
    ("join(createArray('one', 'two'), ',')", "one,two"),
    ("replace('123-123-1234', '-', '')", "1231231234"),
    ("toLower('One Two')", "one two"),
    ("toUpper('One Two')", "ONE TWO"),
    ("trim('  a b  ')", "a b"),
    ("substring('one two three', 4, 3)", "two"),
    ("substring('one two', 4)", "two"),
    ("indexOf('test', 'T')", 0),
    ("indexOf('abcdef', 'CD')", 2),
    ("indexOf('abcdef', 'z')", -1),
    ("lastIndexOf('test', 'T')", 3),
    ("indexOf(createArray('one', 'two', 'three'), 'two')", 1),
    ("lastIndexOf(createArray(1, 2, 1), 1)", 2),
    ("startsWith('abcdef', 'AB')", True),
    ("endsWith('abcdef', 'EF')", True),
    ("contains('OneTwoThree', 'one')", False),
    ("contains(createObject('one', 1), 'ONE')", True),
    ("contains(createArray('one'), 'One')", False),
    ("contains(createArray(1, 2), 2)", True),
    ("string(createObject('valueA', 10, 'valueB', 'Example Text'))", '{"valueA":10,"valueB":"Example Text"}'),
    ("string(createArray('a', 'b'))", '["a","b"]'),
    ("string(5)", "5"),
    ("int('4')", 4),
    ("bool('True')", True),
    ("bool(0)", False),
    ("json('{\"a\": [1, null, true]}')", {"a": [1, None, True]}),
    ("json('{''a'': ''b''}').a", "b"),
    ("json('null')", None),
    ("padLeft('123', 10, '0')", "0000000123"),
    ("padLeft(7, 3)", "  7"),
    ("base64('one, two, three')", "b25lLCB0d28sIHRocmVl"),
    ("base64ToString('b25lLCB0d28sIHRocmVl')", "one, two, three"),
    ("base64ToJson('eyJvbmUiOiAiYSJ9')", {"one": "a"}),
    ("uriComponent('http://a b')", "http%3A%2F%2Fa%20b"),
    ("uriComponentToString('a%20b')", "a b"),
    ("createArray()", []),
    ("createObject('a', 1, 'b', createArray())", {"a": 1, "b": []}),
    ("array(createObject('a', 1))", [{"a": 1}]),
    ("array('x')", ["x"]),
    ("length('One Two Three')", 13),
    ("length(createObject('a', 1))", 1),
    ("empty('')", True),
    ("empty(null())", True),
    ("empty(createArray(0))", False),
    ("first('One Two Three')", "O"),
    ("first(createArray('one', 'two'))", "one"),
    ("last('One Two Three')", "e"),
    ("last(createArray('one', 'two'))", "two"),
    ("take('one two', 2)", "on"),
    ("take(createArray(1, 2, 3), 2)", [1, 2]),
    ("take(createArray(1), 9)", [1]),
    ("skip('one two', 4)", "two"),
    ("skip(createArray(1, 2, 3), -1)", [1, 2, 3]),
    ("range(5, 3)", [5, 6, 7]),
    ("min(1, 0, 3)", 0),
    ("max(createArray(0, 3, 2))", 3),
    ("union(createArray('one', 'two'), createArray('three', 'two'))", ["one", "two", "three"]),
    ("union(json('{\"p\":{\"a\":1,\"b\":2},\"n\":[1,2]}'), json('{\"p\":{\"b\":3},\"n\":[3]}'))",
     {"p": {"a": 1, "b": 3}, "n": [3]}),
    ("shallowMerge(createArray(createObject('a', 1), createObject('A', 2, 'b', 3)))", {"a": 2, "b": 3}),
    ("intersection(createArray('one', 'two', 'three'), createArray('two', 'three'))", ["two", "three"]),
    ("intersection(createObject('one', 'a', 'two', 'b'), createObject('one', 'a', 'two', 'z'))", {"one": "a"}),
    ("items(createObject('b', 1, 'a', 2))", [{"key": "a", "value": 2}, {"key": "b", "value": 1}]),
    ("objectKeys(createObject('b', 1, 'a', 2))", ["a", "b"]),
    ("flatten(createArray(createArray(1, 2), createArray(3)))", [1, 2, 3]),
    ("tryGet(createObject('a', createArray(5)), 'a', 0)", 5),
    ("tryGet(createObject('a', 1), 'b')", None),
    ("coalesce(null(), 'x', 'y')", "x"),
    ("coalesce(null())", None),
    ("add(5, 3)", 8),
    ("sub(3, 5)", -2),
    ("mul(5, 3)", 15),
    ("div(8, 3)", 2),
    ("div(-8, 3)", -2),
    ("mod(7, 3)", 1),
    ("mod(-7, 3)", -1),
    ("equals(1, 1)", True),
    ("equals('a', 'A')", False),
    ("equals(1, true())", False),
    ("equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))", True),
    ("less(1, 2)", True),
    ("lessOrEquals('a', 'B')", False),
    ("greater('b', 'a')", True),
    ("greaterOrEquals(2, 2)", True),
    ("not(false())", True),
    ("and(true(), true(), false())", False),
    ("or(false(), true())", True),
    ("if(equals('a', 'a'), 'yes', uniqueString('x'))", "yes"),
    ("parseCidr('10.144.0.0/20')",
     {"network": "10.144.0.0", "netmask": "255.255.240.0", "broadcast": "10.144.15.255",
      "firstUsable": "10.144.0.1", "lastUsable": "10.144.15.254", "cidr": 20}),
    ("parseCidr('fdad:3236:5555::/48')",
     {"network": "fdad:3236:5555::", "netmask": "ffff:ffff:ffff::", "firstUsable": "fdad:3236:5555::",
      "lastUsable": "fdad:3236:5555:ffff:ffff:ffff:ffff:ffff", "cidr": 48}),
    ("cidrSubnet('10.144.0.0/20', 24, 1)", "10.144.1.0/24"),
    ("cidrSubnet('fdad:3236:5555::/48', 52, 1)", "fdad:3236:5555:1000::/52"),
    ("cidrHost('10.144.3.0/24', 0)", "10.144.3.1"),
    ("cidrHost('fdad:3236:5555:3000::/52', 4)", "fdad:3236:5555:3000::5"),
    ("map(createArray(1, 2), lambda('x', 'i', add(lambdaVariables('x'), lambdaVariables('I'))))", [1, 3]),
    ("filter(createArray(5, 1, 7), lambda('n', greater(lambdaVariables('n'), 4)))", [5, 7]),
    ("reduce(createArray(1, 2, 3), 0, lambda('cur', 'next', add(lambdaVariables('cur'), lambdaVariables('next'))))", 6),
    ("sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))", [1, 2, 3]),
    ("toObject(createArray('a', 'b'), lambda('k', lambdaVariables('k')), lambda('k', length(lambdaVariables('k'))))",
     {"a": 1, "b": 1}),
    ("mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))", {"a": 2}),
    ("resourceId('Microsoft.Network/virtualNetworks/subnets/', 'v', 's')",
     "/subscriptions//resourceGroups//providers/Microsoft.Network/virtualNetworks/v/subnets/s"),
    ("resourceId('rg', 'Microsoft.Network/connections', 'c')",
     "/subscriptions//resourceGroups/rg/providers/Microsoft.Network/connections/c"),
    ("resourceId('s1', 'rg', 'Microsoft.Network/connections', 'c')",
     "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Network/connections/c"),
    ("subscriptionResourceId('Microsoft.X/y', 'z')", "/subscriptions//providers/Microsoft.X/y/z"),
    ("subscriptionResourceId('s1', 'Microsoft.X/y', 'z')", "/subscriptions/s1/providers/Microsoft.X/y/z"),
    ("tenantResourceId('Microsoft.X/y', 'z')", "/providers/Microsoft.X/y/z"),
    ("extensionResourceId(resourceGroup().id, 'Microsoft.X/y', 'z')",
     "/subscriptions//resourceGroups//providers/Microsoft.X/y/z"),
    ("concat(subscription().id, '/resourceGroups/', resourceGroup().name, '/x')", "/subscriptions//resourceGroups//x"),
    ("last(split(resourceId('Microsoft.X/y', 'z'), '/'))", "z"),
    ("createObject('a', createArray(1, createObject('B', 'deep'))).A[1]['b']", "deep"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), _DOCUMENTED, ids=[text for text, _ in _DOCUMENTED])
def test_a_function_gives_what_azure_documents(expression: str, expected: Any) -> None:
    assert json.dumps(value(expression)) == json.dumps(expected)


def test_every_function_of_the_table_is_in_the_documented_cases() -> None:
    told = " ".join(text.lower() for text, _ in _DOCUMENTED)
    assert [name for name in FUNCTIONS if f"{name}(" not in told] == []


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("uniqueString('a')", "uniqueString() cannot be evaluated"),
        ("concat('x', newGuid())", "newGuid() cannot be evaluated"),
        ("utcNow()", "utcNow()"),
        ("parameters('p')", 'the parameter "p" is not declared'),
        ("variables('v')", 'the variable "v" is not defined'),
        ("environment().suffixes", "environment()"),
        ("resourceGroup().tags.x", "resourceGroup() is not told"),
        ("concat('vnet-', resourceGroup().name)", "resourceGroup().name is not told"),
        ("length(subscription().subscriptionId)", "does not tell"),
        ("substring(resourceGroup().id, 0, 4)", "is not told by a template"),
        ("equals(resourceGroup().name, 'prod')", "is not told by a template"),
        ("deployment().name", "deployment() is not told"),
        ("createObject('a', 1).b", 'no property or element "b"'),
        ("createArray(1)[1]", "no property or element"),
        ("add('a', 1)", "add() cannot be evaluated: it takes an integer"),
        ("add(9223372036854775807, 1)", "too large"),
        ("div(1, 0)", "divides by zero"),
        ("first(5)", "first()"),
        ("split('a')", "that number of arguments"),
        ("json('{')", "no JSON"),
        ("format('{1}', 'a')", "not given"),
        ("format('{0:C}', 1)", "a format that is not read"),
        ("format('{', 'a')", "brace"),
        ("cidrSubnet('10.0.0.0/16', 8, 0)", "does not fit"),
        ("cidrSubnet('10.0.0.0/16', 24, 256)", "no subnet of that index"),
        ("cidrSubnet('10.0.0.5/16', 24, 0)", "no CIDR block"),
        ("cidrHost('10.0.0.0/30', 2)", "no host of that index"),
        ("resourceId('Microsoft.Network/virtualNetworks/subnets', 'v')", "do not match"),
        ("resourceId('v')", "no resource type"),
        ("copyIndex()", "no such copy loop"),
        ("if('x', 1, 2)", "a boolean"),
        ("map(5, lambda('x', 1))", "an array"),
        ("map(createArray(1), 5)", "a lambda"),
        ("lambda('x', 1)", "lambda() cannot be evaluated"),
        ("lambdaVariables('x')", "of a lambda is not defined"),
        ("reference('other').x", "not in the template"),
        ("listKeys('x', '2020-01-01').key", "listKeys()"),
        ("f(", "the expression is not understood: it ends too early"),
    ],
)
def test_what_cannot_be_evaluated_is_told_with_its_reason_and_the_property_is_missing(
    expression: str, reason: str
) -> None:
    assert reason in why(expression)


def test_choices_need_only_what_they_choose() -> None:
    assert value("and(false(), equals(utcNow(), 'x'))") is False
    assert value("or(equals(utcNow(), 'x'), true())") is True
    assert "utcNow" in why("and(true(), equals(utcNow(), 'x'))")
    assert "utcNow" in why("if(equals(utcNow(), 'x'), 1, 1)")
    assert "utcNow" in why("coalesce(utcNow(), 'x')")


def test_an_element_that_is_not_known_does_not_spoil_the_others() -> None:
    result = made(template([vnet(x="[createArray('a', utcNow(), 'c')]", n="[length(createArray(utcNow()))]")]))
    [(_, only)] = result.resources
    assert only["properties"] == {"x": ["a", UNREAD, "c"], "n": 1}
    assert only["properties"]["x"][1] is UNREAD
    assert [notice.place.where for notice in result.notices] == ["resources[0].properties.x[1]"]


def test_a_function_that_looks_inside_does_not_overlook_what_is_not_known() -> None:
    assert "utcNow" in why("string(createArray(createArray(utcNow())))")
    assert "utcNow" in why("equals(createArray(utcNow()), createArray(1))")
    assert "utcNow" in why("contains(createArray(1, utcNow()), 1)")
    assert "utcNow" in why("union(createArray(1), createArray(utcNow()))")


_SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8) | st.just(1.5)
_ANY = st.recursive(
    _SCALARS | st.just(NotKnown("it is not known")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(_ANY, max_size=4))
def test_no_function_raises_anything_but_its_own_error(name: str, arguments: list[Any]) -> None:
    before = repr(arguments)
    with contextlib.suppress(FunctionError):
        applied(FUNCTIONS[name], arguments, Work("t"))
    assert repr(arguments) == before


def _called(name: str, *arguments: Any) -> Any:
    return applied(FUNCTIONS[name], list(arguments), Work("t"))


@given(st.text(max_size=20), st.text(min_size=1, max_size=3))
def test_joining_what_was_split_gives_the_text_again(text: str, mark: str) -> None:
    assert _called("join", _called("split", text, mark), mark) == text


@given(st.lists(st.text(max_size=6), min_size=1, max_size=5))
def test_format_with_plain_holes_is_concat(parts: list[str]) -> None:
    pattern = "".join(f"{{{index}}}" for index in range(len(parts)))
    assert _called("format", pattern, *parts) == _called("concat", *parts) == "".join(parts)


@given(st.text(max_size=20))
def test_format_gives_back_an_escaped_pattern(text: str) -> None:
    assert _called("format", text.replace("{", "{{").replace("}", "}}")) == text


@given(st.lists(st.integers(0, 5), max_size=8), st.integers(-2, 9))
def test_take_and_skip_divide_an_array(items: list[int], count: int) -> None:
    assert _called("take", items, count) + _called("skip", items, count) == items


@given(st.integers(-50, 50), st.integers(-7, 7))
def test_quotient_and_rest_give_the_number_again(number: int, divisor: int) -> None:
    assume(divisor)
    assert _called("div", number, divisor) * divisor + _called("mod", number, divisor) == number


@given(st.booleans(), st.data())
def test_subnets_are_those_of_netaddr(old: bool, data: st.DataObject) -> None:
    bits = 32 if old else 128
    length = data.draw(st.integers(0, bits))
    first = data.draw(st.integers(0, 2**bits - 1)) >> (bits - length) << (bits - length)
    block = netaddr.IPNetwork((first, length), version=4 if old else 6)
    new = data.draw(st.integers(length, min(bits, length + 6)))
    index = data.draw(st.integers(0, 2 ** (new - length) - 1))
    assert netaddr.IPNetwork(_called("cidrsubnet", str(block.cidr), new, index)) == list(block.subnet(new))[index]
    if length < bits - 1:
        host = data.draw(st.integers(0, min(2 ** (bits - length) - 3, 1000)))
        assert netaddr.IPAddress(_called("cidrhost", str(block.cidr), host)) == block[host + 1]
