from __future__ import annotations

import json

import pytest

from tests.unit.exchange.arm.evaluating import made, template, vnet
from tui.exchange.arm.document import is_parameters
from tui.exchange.arm.parameters import parameters_of
from tui.exchange.source import ExchangeError, Source

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"
_VAULT = {"keyVault": {"id": "/subscriptions/x"}, "secretName": "hunter2"}


def _file(**parameters: object) -> Source:
    return Source("p.json", json.dumps({"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "parameters": parameters}))


def test_the_values_of_a_parameters_file_are_taken_as_they_are() -> None:
    given = parameters_of(_file(a={"value": "[x]"}, b={"value": {"c": [1, None]}}, d={"value": None}, e={}))
    assert given == {"a": "[x]", "b": {"c": [1, None]}, "d": None}


def test_what_a_key_vault_keeps_is_told_and_no_default_takes_its_place() -> None:
    given = parameters_of(_file(name={"reference": _VAULT}))
    document = template([vnet("[parameters('name')]"), vnet("b")], parameters={"name": {"defaultValue": "x"}})
    result = made(document, dict(given))
    assert [one["name"] for _, one in result.resources] == ["b"]
    assert [notice.kind for notice in result.notices] == ["secret", "secret"]
    assert "hunter2" not in repr((given, result))


@pytest.mark.parametrize("text", ["[]", "{}", '{"parameters": {"a": {"type": "string"}}}', json.dumps(template())])
def test_what_is_no_parameters_file_is_refused(text: str) -> None:
    with pytest.raises(ExchangeError, match=r"p\.json: this is no parameters file"):
        parameters_of(Source("p.json", text))


def test_broken_json_is_refused_with_its_place() -> None:
    with pytest.raises(ExchangeError, match=r"p\.json: line 2, column"):
        parameters_of(Source("p.json", "{\n"))


def test_templates_and_parameters_files_are_told_apart() -> None:
    parameters = json.loads(_file(a={"value": 1}).text)
    assert is_parameters(parameters)
    assert not is_parameters(template())
    assert not is_parameters({"value": []})
