"""Recognition: the format of a text by what stands in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.recognition import recognised
from tui.exchange.source import ExchangeError, Source

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[]", "azure-json"),
        ("{}", "azure-json"),
        ('[{"id": "x"}]', "azure-json"),
        ('{"value": [], "nextLink": "https://x"}', "azure-json"),
        ('{"error": {"code": "NotFound"}}', "azure-json"),
        ('{"id": "x", "properties": {"addressSpace": {}}}', "azure-json"),
        ('"[{}]"', "azure-json"),
        ('vnet list, of today\n[{"id": "x"}]', "azure-json"),
        ('WARNING: something\n\n{"id": "x"}', "azure-json"),
        ('{"parameters": {"a": {}}, "responses": {"200": {"body": {}}}}', "azure-json"),
        (f'{{"$schema": "{SCHEMA}/deploymentTemplate.json#", "resources": []}}', "arm"),
        (f'{{"resources": [], "parameters": {{}}, "$schema": "{SCHEMA}/subscriptionDeploymentTemplate.json#"}}', "arm"),
        ('{"contentVersion": "1.0.0.0", "resources": {}}', "arm"),
        ('{"template": {"resources": []}}', "arm"),
        ('{"properties": {"mode": "Incremental", "template": {}}}', "arm"),
        (f'{{"$schema": "{SCHEMA}/deploymentParameters.json#", "parameters": {{}}}}', "arm-parameters"),
        ('{"parameters": {"a": {"value": 1}, "b": {"reference": {"keyVault": {"id": "x"}}}}}', "arm-parameters"),
        ('{"version": 4, "terraform_version": "1.5.0", "serial": 3, "resources": []}', "terraform"),
        ('{"format_version": "1.0", "values": {"root_module": {}}}', "terraform"),
        ('{"format_version": "1.2", "terraform_version": "1.5", "planned_values": {}}', "terraform"),
        ('{"child_modules": [{"resources": []}]}', "terraform"),
        ('<?xml version="1.0"?>\n<NetworkConfiguration xmlns="x">', "netcfg"),
        ("  <VirtualNetworkSite name='a'>", "netcfg"),
        ("VNet,Prefix\nhub,10.0.0.0/16\n", "csv"),
        ("subscription;region;vnet\n", "csv"),
        ("Name\tAddress space\n", "csv"),
        ("# my list\n\nvnet,prefix\n", "csv"),
        ('"VNet","Prefix"\n"hub","10.0.0.0/16"\n', "csv"),
        ('"VNet";"Address ""space"""\n', "csv"),
        ('#TYPE Selected.System.Management\n"VNet","Prefix"\n"hub","10.0.0.0/16"\n', "csv"),
        ('"VNet"\n"hub"\n', "csv"),
        ("IP plan of Contoso;;\n\nVNet;Prefix;Owner\n", "csv"),
        ('"vnet"', "azure-json"),
        ('{"version": 3, "modules": [{"path": ["root"]}]}', "terraform"),
        ("schema = 1\nname = 'x'\n", "vnet-tui"),
        ("# a comment\n\n[vnets.hub]\naddress_space = []\n", "vnet-tui"),
        ("[vnets.hub]\nschema = 1\n", "vnet-tui"),
    ],
)
def test_a_format_is_known_by_its_content(text: str, wanted: str) -> None:
    assert recognised(Source("x", text)) == wanted


@pytest.mark.parametrize(
    ("text", "what", "way"),
    [
        ('resource "azurerm_virtual_network" "hub" {\n  name = "hub"\n}\n', "Terraform", "terraform show -json"),
        ("terraform {\n required_version = 1\n}\n", "Terraform", "terraform show -json"),
        (
            "param location string = 'x'\nresource v 'Microsoft.Network/virtualNetworks@2023-01-01' = {\n",
            "Bicep",
            "build",
        ),
        ("- addressSpace:\n    addressPrefixes:\n    - 10.0.0.0/16\n", "YAML", "-o json"),
        ("Name    ResourceGroup\n------  -------------\nhub     rg\n", "table", "-o json"),
        ("hub\trg\t/subscriptions/x/y\tFalse\n", "table", "-o json"),
        ("\x1b[1m[\n{", "colours", "-o json"),
        ("<note>hello</note>", "XML", "netcfg"),
        ("Please see the wiki.", "not known", "--help"),
    ],
)
def test_what_cannot_be_read_says_how_to_print_it(text: str, what: str, way: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        recognised(Source("net.txt", text))
    assert caught.value.message.startswith("net.txt: ")
    assert what in caught.value.message
    assert way in caught.value.hint


def format_or_hint(text: str) -> str:
    try:
        return recognised(Source("x", text))
    except ExchangeError as error:
        return error.hint


@given(st.text(alphabet='{}[]":,\\ \nab$<=-\t'))
def test_any_text_is_known_or_refused(text: str) -> None:
    assert format_or_hint(text)


@pytest.mark.parametrize(
    "piece", ['"\\', "{", "[", '{"a":', "\\", '"', " ", "a,", "[vnets.", "<!--", "-", "{ ", 'resource "']
)
def test_hostile_repetition_takes_no_time(piece: str) -> None:
    begin = time.process_time()
    for start in ("", "{", "["):
        for end in ("", "\\"):
            try:
                recognised(Source("x", start + piece * 300_000 + end))
            except ExchangeError:
                continue
    assert time.process_time() - begin < 5
