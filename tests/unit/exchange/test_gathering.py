"""Several sources together: who reads which, which parameters belong to which template, and what cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui.exchange.found import Found, Notice, Place
from tui.exchange.gathering import About, Gathered, gathered
from tui.exchange.source import ExchangeError

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
PARAMETERS = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"
NETWORK = "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.Network"

AZURE = json.dumps([{"id": f"{NETWORK}/virtualNetworks/there", "addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}])
CSV = "VNet,Prefix\nlisted,10.8.0.0/16\n"
NETCFG = (
    '<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">'
    '<VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="classic" Location="West Europe">'
    "<AddressSpace><AddressPrefix>10.7.0.0/16</AddressPrefix></AddressSpace></VirtualNetworkSite></VirtualNetworkSites>"
    "</VirtualNetworkConfiguration></NetworkConfiguration>"
)
TOPOLOGY = 'schema = 1\n[vnets.hub]\naddress_space = ["10.64.0.0/16"]\n'


def template(default: str | None = "default", **more: Any) -> dict[str, Any]:
    """A template that makes one VNet, whose name is a parameter."""
    declared = {"type": "string"} if default is None else {"type": "string", "defaultValue": default}
    made = {
        "type": "Microsoft.Network/virtualNetworks",
        "apiVersion": "2023-04-01",
        "name": "[parameters('vnet')]",
        "location": "[resourceGroup().location]",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
    }
    whole = {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "parameters": {"vnet": declared}, "resources": [made]}
    return {**whole, **more}


def parameters(name: str, **more: str) -> str:
    given = {key: {"value": value} for key, value in {"vnet": name, **more}.items()}
    return json.dumps({"$schema": PARAMETERS, "contentVersion": "1.0.0.0", "parameters": given})


def terraform(*, plan: bool) -> str:
    values = {"name": "made", "resource_group_name": "rg", "location": "westeurope", "address_space": ["10.6.0.0/16"]}
    kind = {"mode": "managed", "type": "azurerm_virtual_network", "name": "made"}
    if plan:
        one = {"address": "azurerm_virtual_network.made", **kind, "values": values}
        root = {"root_module": {"resources": [one]}}
        return json.dumps({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": root})
    block = {
        **kind,
        "provider": "x",
        "instances": [{"attributes": {"id": f"{NETWORK}/virtualNetworks/made", **values}}],
    }
    return json.dumps({"version": 4, "terraform_version": "1.9.0", "serial": 1, "resources": [block]})


def read(**sources: Any) -> Gathered:
    """Read sources that are named; underscores stand for the dots in their names."""
    return gathered([(name.replace("_", "."), _bytes(source), True) for name, source in sources.items()])


def _bytes(source: Any) -> bytes:
    return (source if isinstance(source, str) else json.dumps(source)).encode()


def names(result: Gathered) -> list[str]:
    return sorted(vnet.identity.name for vnet in result.found.vnets)


def left_out(result: Gathered) -> list[Notice]:
    return [notice for notice in result.found.notices if notice.kind == "left out"]


# Formats


def test_every_format_goes_to_its_reader_and_all_belong_together() -> None:
    result = read(a_json=AZURE, b_csv=CSV, c_netcfg=NETCFG, d_json=template(), e_tfstate=terraform(plan=False), f=CSV)
    assert names(result) == ["classic", "default", "listed", "listed", "made", "there"]
    assert [form for _, form in result.formats] == ["azure-json", "csv", "netcfg", "arm", "terraform", "csv"]
    assert {one.place.source for one in result.found.vnets} == {
        "a.json",
        "b.csv",
        "c.netcfg",
        "d.json",
        "e.tfstate",
        "f",
    }


def test_the_order_of_sources_makes_no_difference_to_what_is_found() -> None:
    sources = [("a.json", AZURE), ("b.parameters.json", parameters("given")), ("b.json", json.dumps(template()))]
    one, other = (gathered([(name, _bytes(text), True) for name, text in order]) for order in (sources, sources[::-1]))
    assert names(one) == names(other) == ["given", "there"]
    assert one.state == other.state


def test_a_forced_format_is_the_format_of_all() -> None:
    text = json.dumps(template())
    assert names(gathered([("a", text.encode(), True)], forced="arm")) == ["default"]
    assert names(gathered([("a", CSV.encode(), True)], forced="csv")) == ["listed"]
    as_json = gathered([("a", text.encode(), True)], forced="azure-json")
    assert (names(as_json), as_json.formats) == ([], (("a", "azure-json"),))
    with pytest.raises(ExchangeError, match=r"a: "):
        gathered([("a", CSV.encode(), True)], forced="azure-json")


def test_every_name_is_told_before_its_source_is_read() -> None:
    said: list[str] = []

    def sources() -> Any:
        for name in ("a.csv", "b.csv"):
            yield name, CSV.encode(), True
            said.append(f"{name} done")

    gathered(sources(), reading=said.append)
    assert said == ["a.csv", "a.csv done", "b.csv", "b.csv done"]


def test_no_source_tells_nothing() -> None:
    assert gathered([]) == Gathered(Found(), ())
    assert gathered([]).state == "deployed"


# Templates and parameters


def test_parameters_go_to_the_template_that_their_name_begins_with() -> None:
    result = gathered(
        [
            ("x/main.json", _bytes(template("a")), True),
            ("x/main.dev.json", _bytes(template("b")), True),
            ("x/Main.dev.parameters.json", parameters("for-dev").encode(), True),
            ("x/other.json", _bytes(template("c")), True),
            ("x/other.parameters.json", parameters("for-other").encode(), True),
        ]
    )
    assert names(result) == ["a", "for-dev", "for-other"]
    assert left_out(result) == []


def test_the_only_template_takes_parameters_of_any_name() -> None:
    assert names(read(azuredeploy_json=template(), values_json=parameters("given"))) == ["given"]


def test_the_parameters_of_several_environments_each_make_networks_of_their_own() -> None:
    result = read(azuredeploy_json=template(), dev_json=parameters("dev"), prod_json=parameters("prod"))
    assert names(result) == ["dev", "prod"]
    assert [notice.text for notice in result.found.notices if notice.kind == "assumed"] == [
        "it was read once for each of its files of parameters, which differ: dev.json, prod.json"
    ]


def test_files_of_parameters_that_do_not_contradict_each_other_belong_together() -> None:
    more = json.dumps({"$schema": PARAMETERS, "parameters": {"location": {"value": "northeurope"}}})
    (vnet,) = read(azuredeploy_json=template(), a_json=parameters("given"), b_json=more).found.vnets
    assert (vnet.identity.name, vnet.region) == ("given", "northeurope")


def test_parameters_that_make_one_network_in_two_ways_are_refused() -> None:
    dev, prod = (parameters("hub", location=region) for region in ("westeurope", "northeurope"))
    with pytest.raises(ExchangeError, match=r'prod.json: .* makes another "hub" than with dev.json') as raised:
        read(azuredeploy_json=template(), dev_json=dev, prod_json=prod)
    assert "one after the other" in raised.value.hint


def test_a_table_as_excel_saves_it_is_read_in_its_encoding_and_told() -> None:
    text = "VNet,Prefix,Resource group\nhub,10.0.0.0/16,rg-zürich\n"
    result = gathered([("plan.csv", text.encode("cp1252"), True)])
    assert result.found.vnets[0].identity.resource_group == "rg-zürich"
    assert [(notice.kind, "Windows-1252" in notice.text) for notice in result.found.notices] == [("assumed", True)]


@pytest.mark.parametrize("text", ['[{"id": "x", "name": "zürich"}]', "Notizen über Netze\n"])
def test_what_is_no_table_and_no_utf8_says_how_to_save_it(text: str) -> None:
    with pytest.raises(ExchangeError, match="no UTF-8 text") as raised:
        gathered([("x.txt", text.encode("cp1252"), True)])
    assert "UTF-8" in raised.value.hint


@pytest.mark.parametrize("templates", [0, 2])
def test_parameters_whose_template_nobody_knows_are_told(templates: int) -> None:
    sources = [(f"t{number}.json", _bytes(template(f"v{number}")), True) for number in range(templates)]
    result = gathered([*sources, ("values.json", parameters("given").encode(), True)])
    assert names(result) == [f"v{number}" for number in range(templates)]
    text = "parameters without the template that they are for"
    assert left_out(result) == [Notice("left out", text, Place("values.json"))]


def test_a_parameter_without_a_value_is_told_and_never_guessed() -> None:
    result = read(azuredeploy_json=template(None))
    assert names(result) == []
    assert any('"vnet" has no value' in one.text for one in result.found.notices)


def test_what_is_said_about_templates_holds_unless_the_parameters_say_otherwise() -> None:
    about = About("West Europe", "rg-net", "11111111-0000-4000-8000-000000000001")
    sources = [("t.json", _bytes(template()), True)]
    (vnet,) = gathered(sources, about=about).found.vnets
    assert (vnet.region, vnet.identity.resource_group) == ("westeurope", "rg-net")
    assert vnet.identity.subscription == "11111111-0000-4000-8000-000000000001"
    given = ("t.parameters.json", parameters("given", location="northeurope").encode(), True)
    (vnet,) = gathered([*sources, given], about=about).found.vnets
    assert (vnet.region, vnet.identity.name) == ("northeurope", "given")


# State


@pytest.mark.parametrize(
    ("sources", "state"),
    [
        ({"a_json": template()}, "planned"),
        ({"a_json": template(), "a_parameters_json": parameters("x")}, "planned"),
        ({"a_json": template(), "b_json": template("b")}, "planned"),
        ({"a_json": terraform(plan=True)}, "planned"),
        ({"a_json": terraform(plan=True), "b_json": template()}, "planned"),
        ({"a_json": terraform(plan=False)}, "deployed"),
        ({"a_json": {"template": template()}}, "deployed"),
        ({"a_json": {"error": {"code": "ExportTemplateCompletedWithErrors"}, "template": template()}}, "deployed"),
        ({"a_json": AZURE}, "deployed"),
        ({"a_json": AZURE, "b_json": template()}, "deployed"),
        ({"a_json": template(), "b_csv": CSV}, "deployed"),
        ({"a_json": terraform(plan=True), "b_json": terraform(plan=False)}, "deployed"),
        ({"a_netcfg": NETCFG}, "deployed"),
    ],
)
def test_templates_and_plans_are_planned_and_all_else_exists(sources: dict[str, Any], state: str) -> None:
    assert read(**sources).state == state


# What cannot be read


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n", b"# Notes\nabout the network\n", b"<html><body>Sign in</body></html>", b"\xff\xfe\x00",
     b"# Notes\n\nAn answer looks like this:\n\n    {\"value\": [..]}\n",
     TOPOLOGY.encode(), b"resource \"azurerm_subnet\" \"a\" {\n}\n", b"\xc3\x28 {}"],
)  # fmt: skip
def test_what_is_no_source_is_left_out_of_a_folder_and_stops_all_where_it_was_named(data: bytes) -> None:
    good = ("net/vnets.csv", CSV.encode(), False)
    result = gathered([good, ("net/other", data, False)])
    assert names(result) == ["listed"]
    assert result.formats == (("net/vnets.csv", "csv"),)
    (notice,) = result.found.notices
    assert (notice.kind, notice.place.source) == ("left out", "net/other")
    assert not notice.text.startswith("net/other")
    with pytest.raises(ExchangeError, match="net/other") as raised:
        gathered([good, ("net/other", data, True)])
    assert raised.value.hint


def test_a_source_that_breaks_off_stops_all_even_in_a_folder() -> None:
    """Half a list would look as if the rest of it were gone from Azure."""
    broken = AZURE.encode()[:-20]
    with pytest.raises(ExchangeError, match=r"net/vnets.json: line 1"):
        gathered([("net/list.csv", CSV.encode(), False), ("net/vnets.json", broken, False)])


def test_what_is_left_out_does_not_make_templates_deployed() -> None:
    sources = [("net/t.json", _bytes(template()), False), ("net/README.md", b"# A template\n\nRead me.\n", False)]
    assert gathered(sources).state == "planned"
