"""What a person may write to ask for address space."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.errors import VnetTuiError
from tui.planner.request import Request, checked, parse_request, request_text
from tui.topology.prefix import BITS

PLAN = topology("""
    [planning.pools]
    weu-prod = { prefixes = ["10.64.0.0/21"], region = "westeurope" }
    "lab 2" = ["172.20.0.0/16"]
    six = ["fd00::/40"]
    weu-ipv6 = ["fd01::/40"]
    both = ["10.1.0.0/16", "fd02::/40"]
    "2x4" = ["10.2.0.0/16"]
    "grow 20" = ["10.3.0.0/16"]
    mars = { prefixes = ["10.5.0.0/16"], region = "Olympus-Mons" }
""")


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("/22", Request(22)),
        ("22", Request(22)),
        (" / 22 ", Request(22)),
        ("500 hosts", Request(23, hosts=500)),
        ("500hosts", Request(23, hosts=500)),
        ("1 host", Request(29, hosts=1)),
        ("500 IPs", Request(23, hosts=500)),
        ("22 hosts in lab 2", Request(27, pool="lab 2", hosts=22)),
        ("22 hosts in  LAB  2", Request(27, pool="lab 2", hosts=22)),
        ("500 hosts ipv6", Request(64, family=6, hosts=500)),
        ("500 hosts in six", Request(64, family=6, pool="six", hosts=500)),
        ("/24 in weu-prod", Request(24, pool="weu-prod")),
        ("/24 WEU-PROD", Request(24, pool="weu-prod")),
        ("/24 from 10.0.0.0/9", Request(24, pool="10.0.0.0/9")),
        ("/24 10.0.0.0/9", Request(24, pool="10.0.0.0/9")),
        ("/64 in fd00::/48", Request(64, family=6, pool="fd00::/48")),
        ("/24 northeurope", Request(24, region="northeurope")),
        ("/24 in West Europe", Request(24, region="westeurope")),
        ("/24 for north-europe", Request(24, region="northeurope")),
        ("/24 olympus-mons", Request(24, region="Olympus-Mons")),
        ("/48", Request(48, family=6)),
        ("/48 in six", Request(48, family=6, pool="six")),
        ("/24 ipv6", Request(24, family=6)),
        ("/24 IP v4", Request(24)),
        ("/48 in both", Request(48, family=6, pool="both")),
        ("/24 in both", Request(24, pool="both")),
        ("/24 ipv6 in both", Request(24, family=6, pool="both")),
        ("3 x /24", Request(24, count=3)),
        ("3x24", Request(24, count=3)),
        ("3 × 500 hosts", Request(23, count=3, hosts=500)),
        ("/24 x 3", Request(24, count=3)),
        ("/24 x3 westeurope", Request(24, count=3, region="westeurope")),
        ("/24 grow /22", Request(24, growth=22)),
        ("/24 growth 22 in weu-prod", Request(24, growth=22, pool="weu-prod")),
        ("/24 in weu-prod to grow to /22", Request(24, growth=22, pool="weu-prod")),
        ("2 x /56 northeurope grow /48 ipv6", Request(56, 2, 6, region="northeurope", growth=48)),
        ("/64 in weu-ipv6", Request(64, family=6, pool="weu-ipv6")),
        ("2 x /64 in weu-ipv6 grow /60", Request(64, 2, 6, pool="weu-ipv6", growth=60)),
        ("3 x /24 in 2x4", Request(24, count=3, pool="2x4")),
        ("/24 in grow 20", Request(24, pool="grow 20")),
        ("/24 in weu-prod northeurope", Request(24, pool="weu-prod", region="northeurope")),
        ("/24 northeurope in weu-prod", Request(24, pool="weu-prod", region="northeurope")),
        ("/24 weu-prod north europe", Request(24, pool="weu-prod", region="northeurope")),
        ("/24 North Europe weu-prod", Request(24, pool="weu-prod", region="northeurope")),
        ("/24 in lab 2 for olympus-mons", Request(24, pool="lab 2", region="Olympus-Mons")),
        ("/24 in grow 20 northeurope", Request(24, pool="grow 20", region="northeurope")),
        ("/24 northeurope in 10.0.0.0/9", Request(24, pool="10.0.0.0/9", region="northeurope")),
        ("/24 in 10.0.0.0/9 northeurope", Request(24, pool="10.0.0.0/9", region="northeurope")),
        ("/26 in weu-prod northeurope grow /24", Request(26, growth=24, pool="weu-prod", region="northeurope")),
        ("50 ipv6", Request(50, family=6)),
        ("48 in six", Request(48, family=6, pool="six")),
    ],
)
def test_a_size_a_place_and_what_else_is_wanted_are_understood(text: str, request_: Request) -> None:
    assert parse_request(text, PLAN) == request_


@pytest.mark.parametrize(
    ("text", "wrong", "hint"),
    [
        ("", "no size is given", '"/22" or "500 hosts"'),
        ("   ", "no size is given", '"/22" or "500 hosts"'),
        ("big", '"big" is no size', '"/22" or "500 hosts"'),
        ("24abc", '"24abc" is no size', '"/22" or "500 hosts"'),
        ("10.0.0.0/16", '"10.0.0.0/16" is no size', '"/22" or "500 hosts"'),
        ("500", "an IPv4 prefix length is at most 32, /500 is none", '"500 hosts"'),
        ("50", "an IPv4 prefix length is at most 32, 50 is none", '"50 hosts"'),
        ("50 northeurope", "an IPv4 prefix length is at most 32, 50 is none", 'IPv6 prefix length "/50"'),
        ("/24 zzzzzz in weu-prod", '"zzzzzz" is no region', "name a region"),
        ("/24 northeurop in weu-prod", '"northeurop" is no region', "did you mean northeurope?"),
        ("/129", "an IPv4 prefix length is at most 32, /129 is none", "hosts"),
        ("/129 ipv6", "an IPv6 prefix length is at most 128, /129 is none", "hosts"),
        ("/33 in weu-prod", "an IPv4 prefix length is at most 32, /33 is none", "hosts"),
        ("/24 in weu-prd", '"weu-prd" is no pool and no region', "did you mean weu-prod?"),
        ("/24 northeurop", '"northeurop" is no pool and no region', "did you mean northeurope?"),
        ("/24 in zzzzzz", '"zzzzzz" is no pool and no region', "weu-prod, lab 2, six, weu-ipv6, both, 2x4, …"),
        ("/24 in 10.0.0.1/8", '"10.0.0.1/8" is no pool, no region and no CIDR block', "did you mean 10.0.0.0/8?"),
        ("0 hosts", "a subnet is for one host or more", "500"),
        ("9999999999 hosts", "no subnet has room for 9999999999 hosts", "the largest"),
        ("0 x /24", "0 blocks cannot be asked for at once", "ask for 1 to 1000"),
        ("1001 x /24", "1001 blocks cannot be asked for at once", "ask for 1 to 1000"),
        ("/24 grow /26", "a /24 cannot grow to a /26, which is smaller", "grow /20"),
        ("/24 grow /99", "a /24 cannot grow to a /99, which is smaller", "grow /20"),
    ],
)
def test_what_is_not_understood_is_said_with_what_may_be_typed(text: str, wrong: str, hint: str) -> None:
    with pytest.raises(VnetTuiError) as caught:
        parse_request(text, PLAN)
    assert caught.value.message == wrong
    assert hint in caught.value.hint


def read(text: str) -> Request | VnetTuiError:
    try:
        return parse_request(text, PLAN)
    except VnetTuiError as error:
        return error


@given(
    st.text(max_size=24)
    | st.from_regex(
        r"([0-9]{1,4} ?[x×*] ?)?/?[0-9]{1,14} ?(hosts)?( ipv6)?( in .{0,8})?( grow /?[0-9]{1,3})?", fullmatch=True
    )
)
def test_whatever_is_typed_is_a_request_that_can_be_answered_or_an_error_that_helps(text: str) -> None:
    request = read(text)
    if isinstance(request, VnetTuiError):
        assert request.message
        assert request.hint
        return
    assert checked(request) is request
    assert 0 <= request.searched <= request.length <= BITS[request.family]
    assert 1 <= request.count <= 1000


@given(
    st.builds(
        Request,
        st.integers(20, 32),
        st.integers(1, 9),
        st.just(4),
        st.sampled_from([None, "weu-prod", "lab 2", "grow 20", "2x4", "10.0.0.0/9"]),
        st.sampled_from([None, "northeurope", "Olympus-Mons"]),
        st.sampled_from([None, 18, 20]),
    )
    | st.builds(
        Request, st.integers(33, 64), st.integers(1, 9), st.just(6), st.sampled_from([None, "six"]), growth=st.just(30)
    )
)
def test_a_request_is_written_as_a_person_would_type_it(request_: Request) -> None:
    assert parse_request(request_text(request_), PLAN) == request_


def test_what_is_searched_is_the_larger_one_of_block_and_growth() -> None:
    assert Request(24).searched == 24
    assert Request(24, growth=22).searched == 22
    assert Request(24, growth=24).searched == 24
