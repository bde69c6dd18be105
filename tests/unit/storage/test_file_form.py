"""The file form: which keys are written, and that loading the form gives the topology again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building import topology
from tests.unit.storage.test_schema import DESIGN
from tui.paths import samples
from tui.storage.file_form import file_form, part_form, short_form, value_form
from tui.storage.load import load, plain
from tui.topology.model import Device, Gateway, Pool, Subnet, Topology, VNet
from tui.topology.prefix import Prefix
from tui.topology.table import Table


def ps(*texts: str) -> tuple[Prefix, ...]:
    return tuple(map(Prefix.parse, texts))


def test_the_number_of_the_format_comes_first() -> None:
    assert list(file_form(topology('name = "x"'))) == ["schema", "name"]
    assert file_form(Topology()) == {"schema": 1}


def test_the_form_of_the_designs_example_is_its_data() -> None:
    assert file_form(topology(DESIGN)) == plain(DESIGN, "x")


@pytest.mark.parametrize("path", samples().values(), ids=samples())
def test_the_form_of_a_sample_loads_as_the_sample(path: Path) -> None:
    sample = load(path).topology
    form = file_form(sample)
    assert Topology.model_validate(form) == sample.model_copy(update={"sites_first": False})
    assert form == plain(path.read_text(), "x")


def test_no_default_is_written_that_nobody_wrote() -> None:
    assert part_form(VNet()) == {}
    assert part_form(VNet(isolated=False)) == {"isolated": False}
    assert part_form(Gateway(vpn_type="RouteBased", asn=65515)) == {"vpn_type": "RouteBased", "asn": 65515}


def test_what_was_taken_away_is_not_written_nor_are_empty_tables() -> None:
    assert part_form(VNet(note=None, tags=Table(), subnets=Table())) == {}
    assert part_form(VNet(address_space=())) == {"address_space": []}


def test_a_gateway_without_fields_is_written() -> None:
    assert part_form(VNet(gateway=Gateway())) == {"gateway": {}}


def test_unknown_keys_come_last_as_they_are() -> None:
    vnet = topology("vnets.a = { zzz = [1, { b = [] }], region = 'x', aaa = {} }").vnets["a"]
    assert part_form(vnet) == {"region": "x", "zzz": [1, {"b": []}], "aaa": {}}
    assert list(part_form(vnet)) == ["region", "zzz", "aaa"]


def test_a_part_that_says_nothing_else_has_its_short_form() -> None:
    assert short_form(Subnet(prefixes=ps("10.0.0.0/24"))) == "10.0.0.0/24"
    assert short_form(Subnet(prefixes=ps("10.0.0.0/24", "fd00::/64"))) == ["10.0.0.0/24", "fd00::/64"]
    assert short_form(Subnet(prefixes=())) == []
    assert short_form(Subnet(prefixes=ps("10.0.0.0/24"), note="x")) == {"prefixes": ["10.0.0.0/24"], "note": "x"}
    assert short_form(Subnet()) == {}
    assert short_form(Subnet(note="x")) == {"note": "x"}
    assert short_form(Subnet.model_validate({"prefixes": [], "x": 1})) == {"prefixes": [], "x": 1}
    assert short_form(Pool(prefixes=ps("10.0.0.0/8"))) == ["10.0.0.0/8"]
    assert short_form(Device(address="203.0.113.1")) == "203.0.113.1"
    assert short_form(Device(address="203.0.113.1", asn=1)) == {"address": "203.0.113.1", "asn": 1}
    assert short_form(Pool(prefixes=ps("10.0.0.0/8", "10.0.0.0/9"))) == ["10.0.0.0/8", "10.0.0.0/9"]


def test_each_short_form_loads_as_the_part() -> None:
    for part in (Subnet(), Subnet(prefixes=()), Subnet(prefixes=ps("10.0.0.0/8")), Device(address=""), Pool(region="")):
        assert type(part).model_validate(short_form(part)) == part


def test_values_are_plain_data() -> None:
    form = value_form((Prefix.parse("10.0.0.0/8"), Table({"a": (1, Table({"b": ()}))})))
    assert form == ["10.0.0.0/8", {"a": [1, {"b": []}]}]
    assert type(form[1]) is dict
    assert type(form[0]) is str
