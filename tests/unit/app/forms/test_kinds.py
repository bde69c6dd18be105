"""The fields of each kind of thing: none is missing, and each helps to fill it in."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.building import topology
from tui.app.forms.fields import shape
from tui.app.forms.kinds import KINDS, NAME, KindOfThing, kind_of
from tui.errors import EditError
from tui.topology.model import (
    Connection,
    Gateway,
    Part,
    Peering,
    Pool,
    Service,
    Site,
    Subscription,
    Topology,
    VNet,
    Waiver,
)

FORMS_OF_THEIR_OWN = {
    "subnets",
    "gateway",
    "devices",
    "pools",
    "planning",
    "limits",
    "skus",
    "subscriptions",
    "vnets",
    "sites",
    "connections",
    "peerings",
    "services",
    "waivers",
}
NOT_FOR_PEOPLE = {"identity", "sites_first", "schema_number"}
KINDS_BY_NAME = {model.__name__: kind for model, kind in KINDS.items()}


def every_model(of: type[Part] = Part) -> list[type[Part]]:
    return [one for model in of.__subclasses__() for one in (model, *every_model(model))]


def test_there_is_a_form_for_every_model() -> None:
    assert {model for model in every_model() if model.__module__ == Part.__module__} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS_BY_NAME.values(), ids=KINDS_BY_NAME)
def test_every_field_of_a_model_can_be_typed_in_its_form(kind: KindOfThing) -> None:
    typed = [line.of for line in kind.own_lines]
    nested = {name for name in kind.model.model_fields if shape(kind.model, name) == "part"}
    assert nested <= FORMS_OF_THEIR_OWN
    assert sorted(typed) == sorted(set(kind.model.model_fields) - nested - NOT_FOR_PEOPLE)


@pytest.mark.parametrize("kind", KINDS_BY_NAME.values(), ids=KINDS_BY_NAME)
def test_each_field_has_a_key_and_a_label_of_its_own_and_one_line_of_help(kind: KindOfThing) -> None:
    assert len({field.key for field in kind.fields}) == len({field.label for field in kind.fields}) == len(kind.fields)
    for field in kind.fields:
        assert field.label[0].isupper()
        assert 0 < len(field.help) <= 80
        assert "\n" not in field.help


def test_the_name_comes_first_where_a_thing_has_one() -> None:
    nameless = {"Gateway", "Planning", "Topology", "Limits"}
    for name, kind in KINDS_BY_NAME.items():
        assert kind.named == (name not in nameless)
        assert (kind.fields[0].key == NAME and not kind.lines[0].of) == kind.named or name == "Topology"


def test_a_display_name_is_not_mixed_up_with_the_name_in_the_file() -> None:
    assert [line.field.key for line in kind_of(Subscription).own_lines if line.of == "name"] == ["display_name"]


def test_a_model_without_a_form_is_refused() -> None:
    with pytest.raises(EditError, match="no form"):
        kind_of(Part)


# What is completed

PLAN = """
    [planning.pools]
    lab = ["172.20.0.0/14"]
    [subscriptions]
    prod = {}
    dev = {}
    [vnets]
    hub = { region = "uksouth", resource_group = "rg-net", tags = { "cost centre" = "1", owner = "me" } }
    app = { region = "uksouth" }
    [sites.dublin]
    region = "northeurope"
    resource_group = "rg-sites"
    vpn_device = "203.0.113.1"
    devices = { fw1 = "203.0.113.2" }
    tags = { owner = "you" }
"""


def choices(model: type[Part], key: str, **values: str) -> Sequence[str]:
    plan: Topology = topology(PLAN)
    (field,) = [field for field in kind_of(model).fields if field.key == key]
    return field.choices(plan, values)


@pytest.mark.parametrize(
    ("model", "key", "values", "words"),
    [
        (VNet, "subscription", {}, ["prod", "dev"]),
        (VNet, "pool", {}, ["lab"]),
        (VNet, "state", {}, ["planned", "deployed", "retiring"]),
        (VNet, "isolated", {}, ["yes", "no"]),
        (VNet, "resource_group", {}, ["rg-net", "rg-sites"]),
        (VNet, "tags", {}, ["owner = ", '"cost centre" = ']),
        (Gateway, "generation", {"sku": "VpnGw2AZ"}, ["1", "2"]),
        (Gateway, "generation", {"sku": "none"}, []),
        (Connection, "between", {}, ["hub", "app", "dublin"]),
        (Connection, "devices", {"between": "hub, dublin"}, ["vpn_device", "fw1"]),
        (Connection, "devices", {"between": "hub, "}, []),
        (Peering, "between", {}, ["hub", "app"]),
        (Peering, "gateway_transit", {"between": "hub, dublin"}, ["hub"]),
        (Service, "vnets", {}, ["hub", "app"]),
        (Service, "kind", {}, ["cloud-service", "load-balanced-endpoint", "online-backup"]),
    ],
)
def test_what_there_is_can_be_completed(model: type[Part], key: str, values: dict[str, str], words: list[str]) -> None:
    assert list(choices(model, key, **values)) == words


def test_regions_in_use_come_before_all_others() -> None:
    for model in (VNet, Site, Pool):
        found = choices(model, "region")
        assert list(found[:2]) == ["uksouth", "northeurope"]
        assert len(found) == len(set(found)) > 50


def test_what_azure_and_the_rules_know_can_be_completed() -> None:
    assert "VpnGw1AZ" in choices(Gateway, "sku")
    assert "ADR002" in choices(Waiver, "code")
    assert {"vnets.hub", "sites.dublin"} <= set(choices(Waiver, "where"))
    assert 'ADR002 = "off"' in choices(Topology, "checks")
