"""`space`: the outlook as tables, its JSON contract, and its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli import run, written

PLAN = """\
schema = 1
[planning.pools]
weu = { prefixes = ["10.64.0.0/22"], region = "westeurope" }
lab = ["172.20.0.0/24", "fd00::/48"]
[planning.avoid]
"10.64.3.0/24" = "pods"
[vnets.hub]
region = "westeurope"
address_space = ["10.64.0.0/24"]
growth = ["10.64.1.0/25"]
[vnets.away]
region = "westeurope"
address_space = ["172.20.0.0/24"]
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return written(tmp_path, PLAN)


def test_the_tables(plan: str) -> None:
    ran = run("space", plan)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "POOL  REGION      PREFIXES       SIZE  USED %  USED  HELD  AVOIDED  FREE  LARGEST FREE  NETWORKS\n"
        "weu   westeurope  10.64.0.0/22   1024    25.0   256   128      256   384  10.64.2.0/24         1\n"
        "lab   –           172.20.0.0/24   256   100.0   256     0        0     0  –                    1\n"
        "lab   –           fd00::/48      2^80     0.0     0     0        0  2^80  fd00::/48            0\n"
        "\n"
        "weu fits: 1 × /24, 6 × /26, 24 × /28\n"
        "lab fits: nothing, not even a /29\n"
        "lab fits: 1 × /48, 16 × /52, 256 × /56, 4096 × /60, 65536 × /64\n"
        "\n"
        "REGION      POOLS  SIZE  USED %  USED  HELD  AVOIDED  FREE  LARGEST FREE  NETWORKS\n"
        "westeurope  weu    1024    25.0   256   128      256   384  10.64.2.0/24         1\n"
        "\n"
        "westeurope: away lies outside of its IPv4 pools\n"
    )


def test_json_of_pools_and_regions(plan: str) -> None:
    ran = run("space", plan, "--format", "json")
    figures = {
        "family": 4,
        "size": 1024,
        "used": 256,
        "held": 128,
        "avoided": 256,
        "free": 384,
        "free_blocks": 2,
        "largest_free": "10.64.2.0/24",
        "fits": {"/24": 1, "/25": 3, "/26": 6, "/27": 12, "/28": 24, "/29": 48},
        "networks": 1,
    }
    assert ran.json["pools"][0] == {"name": "weu", "region": "westeurope", "prefixes": ["10.64.0.0/22"], **figures}
    assert ran.json["regions"] == [
        {"region": "westeurope", "pools": ["weu"], "prefixes": ["10.64.0.0/22"], **figures, "outside": ["away"]}
    ]
    assert [pool["largest_free"] for pool in ran.json["pools"]] == ["10.64.2.0/24", None, "fd00::/48"]
    assert ran.json["pools"][2]["size"] == 1 << 80
    assert list(ran.json) == ["pools", "regions"]
    assert (ran.status, ran.err) == (0, "")


def test_one_pool_or_any_block_stands_alone(plan: str) -> None:
    assert [pool["family"] for pool in run("space", plan, "--pool", "lab", "--format", "json").json["pools"]] == [4, 6]
    ran = run("space", plan, "--pool", "10.64.0.0/23", "--format", "json")
    assert (ran.json["pools"][0]["name"], ran.json["pools"][0]["free"], ran.json["regions"]) == (None, 128, [])
    assert "10.64.0.0/23 fits: 1 × /25, 2 × /26, 8 × /28\n" in run("space", plan, "--pool", "10.64.0.0/23").out


def test_a_region_of_several_pools_says_what_fits_in_them_together(tmp_path: Path) -> None:
    text = "schema = 1\nplanning.pools.{0} = {{ prefixes = ['10.{1}.0.0/24'], region = 'westeurope' }}\n"
    both = text.format("a", 1) + text.format("b", 2).split("\n", 1)[1]
    out = run("space", written(tmp_path, both)).out
    assert "\nwesteurope fits: 2 × /24, 8 × /26, 32 × /28\n" in out


def test_without_pools_the_private_ranges_are_shown(tmp_path: Path) -> None:
    ran = run("space", written(tmp_path, "schema = 1\n"))
    assert ran.status == 0
    assert "10.0.0.0/8 fits: 1 × /8, 16 × /12, 256 × /16," in ran.out
    assert "REGION" not in ran.out.split("\n", 1)[1]


def test_a_percentage_is_never_rounded_up_and_a_huge_number_is_a_power_of_two(tmp_path: Path) -> None:
    plan = written(
        tmp_path,
        """\
schema = 1
planning.pools.p = ["10.0.0.0/16", "fd00::/40"]
[vnets.a]
address_space = ["10.0.0.0/17", "10.0.128.0/18", "10.0.192.0/19", "10.0.224.0/20", "10.0.240.0/21", "10.0.248.0/22",
    "10.0.252.0/23", "10.0.254.0/24", "10.0.255.0/25", "10.0.255.128/26", "10.0.255.192/27", "fd00::/41"]
""",
    )
    four, six = run("space", plan).out.splitlines()[1:3]
    assert four.split()[3:6] == ["65536", "99.9", "65504"]
    assert six.split()[3:6] == ["2^88", "50.0", "2^87"]
    ran = run("space", written(tmp_path, 'schema = 1\nplanning.pools.p=["fd00::/40"]\nvnets.a.growth=["fd00::/42"]\n'))
    assert "≈2^87.6" in ran.out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("wue", "there is no pool wue\ndid you mean weu?\n"),
        ("10.0.0.1/8", '"10.0.0.1/8" is no CIDR block: host bits are set\ndid you mean 10.0.0.0/8?\n'),
    ],
)
def test_a_pool_that_is_not_there_is_wrong_input(plan: str, asked: str, said: str) -> None:
    ran = run("space", plan, "--pool", asked)
    assert (ran.status, ran.out, ran.err) == (2, "", said)


def test_a_file_that_does_not_load_is_wrong_input(tmp_path: Path) -> None:
    ran = run("space", written(tmp_path, "schema = 1\nvnets.a.address_space = ['10.0.0.1/8']\n"))
    assert (ran.status, ran.out) == (2, "")
    assert "error" in ran.err


def test_the_names_of_pools_are_shown_as_text(tmp_path: Path) -> None:
    ran = run("space", written(tmp_path, 'schema = 1\nplanning.pools."a\\u001b[31m" = ["10.0.0.0/24"]\n'))
    assert "a\\x1b[31m fits:" in ran.out
