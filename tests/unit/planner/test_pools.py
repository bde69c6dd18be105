"""Where a request finds its pools: the named one, else those of the region, else all, else the private ranges."""

from __future__ import annotations

from typing import Any

import pytest

from tests.building import topology
from tui.errors import VnetTuiError
from tui.planner.pools import RFC1918, Source, default_length, sources
from tui.topology.catalog import same_region
from tui.topology.parts import with_fields
from tui.topology.prefix import Prefix
from tui.topology.table import Table

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
    assert [one.choice for one in sources(PLAN, region="westeurope")] == [0, 1]
    assert named(region="westeurope", family=6) == ["fd00:1::/48 (weu, westeurope)"]


@pytest.mark.parametrize("written", ["northeurope", "North Europe", "north-europe", "NORTHEUROPE"])
def test_a_region_is_meant_however_it_is_written(written: str) -> None:
    assert named(region=written) == ["10.4.0.0/16 (neu, North Europe)"]


def test_all_pools_are_looked_into_from_the_lowest_prefix_on_each_prefix_once() -> None:
    assert named() == [
        "10.1.0.0/16 (weu, westeurope)",
        "10.2.0.0/16 (lab)",
        "10.3.0.0/16 (lab)",
        "10.4.0.0/16 (neu, North Europe)",
    ]


def test_a_region_without_a_pool_comes_to_the_pools_of_no_region_before_those_of_others() -> None:
    found = [(str(one), one.choice) for one in sources(PLAN, region="eastus")]
    assert found == [
        ("10.2.0.0/16 (lab)", 0),
        ("10.3.0.0/16 (lab)", 0),
        ("10.1.0.0/16 (weu, westeurope)", 1),
        ("10.4.0.0/16 (neu, North Europe)", 1),
    ]


def test_a_region_whose_pools_lack_a_family_comes_to_the_others_for_it() -> None:
    assert named(region="northeurope", family=6) == ["fd00:6::/40 (six)", "fd00:1::/48 (weu, westeurope)"]
    assert named(region="northeurope") == ["10.4.0.0/16 (neu, North Europe)"]


@pytest.mark.parametrize("where", [{}, {"region": "eastus"}, {"region": "westeurope"}, {"region": "x", "family": 6}])
def test_the_order_of_the_file_does_not_matter(where: dict[str, Any]) -> None:
    pools = PLAN.planning.pools
    back = Table(
        (name, with_fields(pool, prefixes=pool.prefixes[::-1])) for name, pool in reversed(list(pools.items()))
    )
    turned = with_fields(PLAN, planning=with_fields(PLAN.planning, pools=back))
    assert sources(turned, **where) == sources(PLAN, **where)


def test_without_pools_the_private_ranges_are_where_one_looks() -> None:
    assert sources(topology("")) == tuple(
        Source(prefix, None, None, choice) for prefix, choice in zip(RFC1918, (0, 0, 1), strict=True)
    ), "home routers have the last one"
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


@pytest.mark.parametrize(
    ("pool", "region", "family", "length"),
    [
        ("both", None, 4, 22),
        ("both", None, 6, None),
        ("long", None, 4, None),
        ("long", None, 6, 56),
        ("only6", None, 6, 24),
        ("only6", None, 4, None),
        ("plain", "westeurope", 4, None),
        (None, "westeurope", 4, 24),
        (None, "West Europe", 6, None),
        (None, "northeurope", 4, None),
        (None, None, 4, None),
        ("none", "westeurope", 4, 24),
    ],
)
def test_the_size_that_pools_say_is_that_of_one_family(
    pool: str | None, region: str | None, family: int, length: int | None
) -> None:
    plan = topology("""
        [planning.pools]
        both = { prefixes = ["10.0.0.0/16", "fd00::/20"], default_size = "/22" }
        long = { prefixes = ["10.1.0.0/16", "fd01::/20"], default_size = "/56" }
        only6 = { prefixes = ["fd02::/20"], default_size = "/24" }
        plain = { prefixes = ["10.2.0.0/16"], region = "westeurope" }
        weu = { prefixes = ["10.3.0.0/16"], region = "westeurope", default_size = "/24" }
    """)
    assert default_length(plan, pool, region, family) == length
