"""What may be typed into the planner, and what it answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.app.panes.planner import COLUMNS, Request, parse_request, rows
from tui.errors import VnetTuiError

PLAN = topology("""
    [planning.pools]
    weu-prod = { prefixes = ["10.64.0.0/21"], region = "westeurope" }
    "lab 2" = ["172.20.0.0/16"]
    six = ["fd00::/40"]
    [vnets.app]
    address_space = ["10.64.0.0/22"]
""")


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("/22", Request(22)),
        ("22", Request(22)),
        (" / 22 ", Request(22)),
        ("500 hosts", Request(23, hosts=500)),
        ("1 host", Request(29, hosts=1)),
        ("22 hosts in lab 2", Request(27, pool="lab 2", hosts=22)),
        ("/24 in weu-prod", Request(24, pool="weu-prod")),
        ("/24 WEU-PROD", Request(24, pool="weu-prod")),
        ("/24 northeurope", Request(24, region="northeurope")),
        ("/24 in West Europe", Request(24, region="westeurope")),
        ("/48", Request(48, family=6)),
        ("/48 in six", Request(48, family=6, pool="six")),
        ("/24 ipv6", Request(24, family=6)),
    ],
)
def test_a_size_and_a_place_are_understood(text: str, request_: Request) -> None:
    assert parse_request(text, PLAN) == request_


@pytest.mark.parametrize(
    ("text", "wrong", "hint"),
    [
        ("", "no size is given", '"/22" or "500 hosts"'),
        ("big", '"big" is no size', '"/22" or "500 hosts"'),
        ("500", "an IPv4 prefix length is at most 32", '"500 hosts"'),
        ("/33 in weu-prod", "an IPv4 prefix length is at most 32", "hosts"),
        ("/24 in weu-prd", '"weu-prd" is no pool and no region', "did you mean weu-prod?"),
        ("/24 northeurop", '"northeurop" is no pool and no region', "did you mean northeurope?"),
        ("/24 in zzzzzz", '"zzzzzz" is no pool and no region', "weu-prod, lab 2, six"),
        ("0 hosts", "a subnet is for one host or more", "500"),
        ("9999999999 hosts", "no subnet has room for 9999999999 hosts", "the largest"),
    ],
)
def test_what_is_not_understood_is_said_with_what_may_be_typed(text: str, wrong: str, hint: str) -> None:
    with pytest.raises(VnetTuiError) as caught:
        parse_request(text, PLAN)
    assert caught.value.message == wrong
    assert hint in caught.value.hint
    assert [row.cells[0].text for row in rows(PLAN, text)] == [wrong, caught.value.hint]


def test_the_first_line_says_how_much_is_free_and_each_block_is_a_row() -> None:
    head, first, second = rows(PLAN, "/23 in weu-prod")
    assert head.group
    assert head.cells[0].text == "2 free /23 in pool weu-prod; the largest free block is 10.64.4.0/22"
    assert (first.key, second.key) == (("block", "10.64.4.0/23"), ("block", "10.64.6.0/23"))
    assert [cell.text for cell in first.cells] == [
        "10.64.4.0/23",
        "507",
        "weu-prod",
        "lowest free /23 of pool weu-prod; follows app's 10.64.0.0/22",
    ]
    assert len(first.cells) == len(COLUMNS)


def test_hosts_are_told_as_a_size() -> None:
    assert rows(PLAN, "500 hosts in weu-prod")[0].cells[0].text.startswith("500 hosts need a /23: 2 free /23")


def test_nothing_fits_says_why() -> None:
    head, why = rows(PLAN, "/21 in weu-prod")
    assert head.cells[0].text == "no free /21 in pool weu-prod"
    assert why.cells[0].text == "no /21 is free in pool weu-prod: the largest free block is 10.64.4.0/22"


def test_a_region_without_a_pool_and_a_size_that_azure_has_no_subnet_for_are_said() -> None:
    assert "northeurope, which has no pool of its own" in rows(PLAN, "/24 northeurope")[0].cells[0].text
    assert "Azure's smallest subnet is a /29" in rows(PLAN, "/30")[0].cells[0].text


@given(st.text(max_size=24) | st.from_regex(r"/?[0-9]{1,14} ?(hosts)?( ipv6)?( in .{0,8})?", fullmatch=True))
def test_whatever_is_typed_gives_rows_with_keys_of_their_own(text: str) -> None:
    lines = rows(PLAN, text)
    assert lines
    assert len({row.key for row in lines}) == len(lines)
