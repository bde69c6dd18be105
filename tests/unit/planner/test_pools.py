"""Where a request finds its pools: the named one, else those of the region, else all, else the private ranges."""

from __future__ import annotations

import pytest

from tests.building import topology
from tui.errors import VnetTuiError
from tui.planner.pools import RFC1918, Source, sources
from tui.topology.catalog import same_region
from tui.topology.prefix import Prefix

P = Prefix.parse

PLAN = topology("""
    [planning.pools]
    weu = { prefixes = ["10.1.0.0/16", "10.3.0.0/16", "fd00:1::/48"], region = "westeurope" }
    lab = ["10.2.0.0/16", "10.3.0.0/16"]
    neu = { prefixes = ["10.4.0.0/16"], region = "North Europe" }
    six = ["fd00:6::/40"]
    [vnets.app]
    region = "West Europe"
    address_space = ["10.3.7.0/24"]
""")


def named(**where: str | int) -> list[str]:
    return list(map(str, sources(PLAN, **where)))  # type: ignore[arg-type]


def test_a_named_pool_stands_alone() -> None:
    assert named(pool="lab") == ["10.2.0.0/16 (lab)", "10.3.0.0/16 (lab)"]
    assert named(pool="lab", region="westeurope") == named(pool="lab")
    assert named(pool="six") == []
    assert named(pool="six", family=6) == ["fd00:6::/40 (six)"]


def test_any_block_may_be_named_instead() -> None:
    assert sources(PLAN, pool="10.3.128.0/17") == (Source(P("10.3.128.0/17"), None),)
    assert named(pool="10.3.128.0/17", family=6) == []


def test_of_a_region_the_prefixes_come_first_in_which_it_has_networks() -> None:
    assert named(region="westeurope") == ["10.3.0.0/16 (weu, westeurope)", "10.1.0.0/16 (weu, westeurope)"]
    assert named(region="westeurope", family=6) == ["fd00:1::/48 (weu, westeurope)"]


@pytest.mark.parametrize("written", ["northeurope", "North Europe", "north-europe", "NORTHEUROPE"])
def test_a_region_is_meant_however_it_is_written(written: str) -> None:
    assert named(region=written) == ["10.4.0.0/16 (neu, North Europe)"]


def test_a_region_without_a_pool_may_use_all_of_them_each_prefix_once() -> None:
    every = ["10.1.0.0/16 (weu, westeurope)", "10.3.0.0/16 (weu, westeurope)", "10.2.0.0/16 (lab)"]
    assert named(region="eastus") == named() == [*every, "10.4.0.0/16 (neu, North Europe)"]


def test_without_pools_the_private_ranges_are_where_one_looks() -> None:
    assert sources(topology("")) == tuple(Source(prefix, None) for prefix in RFC1918)
    assert list(map(str, sources(topology("")))) == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
    assert sources(topology(""), family=6) == ()
    assert sources(topology("planning.pools.none = []")) == ()


@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        ("wue", "there is no pool wue", "did you mean weu?"),
        ("zzzzzz", "there is no pool zzzzzz", "the pools are: weu, lab, neu, six; or write a block such as"),
        ("10.0.0.1/8", '"10.0.0.1/8" is no CIDR block: host bits are set', "did you mean 10.0.0.0/8?"),
    ],
)
def test_a_pool_that_is_not_there_is_an_error(asked: str, message: str, hint: str) -> None:
    with pytest.raises(VnetTuiError) as caught:
        sources(PLAN, pool=asked)
    assert caught.value.message == message
    assert caught.value.hint.startswith(hint)


def test_regions_are_the_same_by_meaning_and_unknown_ones_by_name() -> None:
    assert same_region("West Europe", "westeurope")
    assert same_region("moonbase", "MoonBase")
    assert not same_region("moonbase", "Moonbase 2")
    assert not same_region("westeurope", "northeurope")
    assert not same_region(None, None)
    assert not same_region("westeurope", None)
