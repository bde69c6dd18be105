"""Addresses as other people's files write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.addresses import cut_short, device_address, exact_prefixes, ip_address, prefixes_in
from tui.exchange.found import UNREAD, Place
from tui.topology.prefix import Prefix

PLACE = Place("x", "addressSpace")


def told(value: Any) -> tuple[list[str], list[str]]:
    prefixes, notices, is_partial = prefixes_in(value, PLACE)
    assert is_partial == any(notice.kind != "assumed" for notice in notices)
    assert all(notice.place == PLACE for notice in notices)
    return [str(prefix) for prefix in prefixes], [notice.kind for notice in notices]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("10.0.0.0/16", ["10.0.0.0/16"]),
        (["10.0.0.0/16", "fd00::/48"], ["10.0.0.0/16", "fd00::/48"]),
        (["10.0.0.0/16", "10.0.0.0/16"], ["10.0.0.0/16"]),
        ("10.0.0.0/16,10.1.0.0/16", ["10.0.0.0/16", "10.1.0.0/16"]),
        ("10.0.0.0/16 fd00::/48", ["10.0.0.0/16", "fd00::/48"]),
        (["10.0.0.0/16; 10.1.0.0/16"], ["10.0.0.0/16", "10.1.0.0/16"]),
        (" 10.0.0.0/16 ", ["10.0.0.0/16"]),
        (["FD00:0::/48"], ["fd00::/48"]),
        (None, []),
        ([], []),
        ("", []),
    ],
)
def test_prefixes_in_every_form_are_read(value: Any, wanted: list[str]) -> None:
    assert told(value) == (wanted, [])


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("192.168.0.00/24", "192.168.0.0/24"), ("10.0.0.5/24", "10.0.0.0/24"), ("10.1.0.0/255.255.0.0", "10.1.0.0/16")],
)
def test_a_prefix_written_otherwise_is_read_and_told(value: str, wanted: str) -> None:
    assert told([value]) == ([wanted], ["assumed"])
    assert told(f"{value},10.9.0.0/16") == ([wanted, "10.9.0.0/16"], ["assumed"])
    assert wanted in prefixes_in(value, PLACE)[1][0].text


@pytest.mark.parametrize("value", ["10.0.0.0", "10.0.0.0/33", "hello", ["x/y"], 7, [None], {"a": 1}, [["10.0.0.0/8"]]])
def test_what_is_no_prefix_is_told_and_left_out(value: Any) -> None:
    assert told(value) == ([], ["not understood"])


def test_one_bad_prefix_does_not_cost_the_others() -> None:
    assert told(["10.0.0.0/16", "oops", "10.1.0.0/16"]) == (["10.0.0.0/16", "10.1.0.0/16"], ["not understood"])


def test_what_another_reader_could_not_make_out_is_passed_over_and_the_list_is_known_to_be_partial() -> None:
    assert prefixes_in([UNREAD, "10.1.0.0/16"], PLACE) == ((Prefix.parse("10.1.0.0/16"),), [], True)


def test_only_what_looks_like_an_address_is_quoted() -> None:
    assert "hunter2" not in repr(prefixes_in(["hunter2", "hunter2/16", "a=b hunter2"], PLACE))
    assert "deadbeefdeadbeef" not in repr(prefixes_in("deadbeefdeadbeef", PLACE))
    assert '"10.0.0.0/33"' in prefixes_in("10.0.0.0/33", PLACE)[1][0].text


@pytest.mark.parametrize(
    "text",
    ["System.Object[]", "Microsoft.Azure.Commands.Network.Models.PSSubnet", "@{AddressPrefixes=System.Object[]}"],
)
def test_what_powershell_cut_off_is_missing(text: str) -> None:
    assert cut_short(text)
    assert told(text) == ([], ["missing"])
    assert exact_prefixes(text) is None


def test_addresses_of_devices_are_ip_addresses_or_host_names() -> None:
    assert device_address("203.0.113.5") == "203.0.113.5"
    assert device_address("2001:DB8::1") == "2001:db8::1"
    assert device_address(" vpn.example.com ") == "vpn.example.com"
    for value in ("x.x.x.x", "10.0.0.256", "vpn", "", None, 7, "a b.com", "-----BEGIN", "$(ip)", "1.2.3"):
        assert device_address(value) is None


def test_ip_addresses_are_canonical() -> None:
    assert ip_address("10.0.0.4 ") == "10.0.0.4"
    assert ip_address("FD00::0:1") == "fd00::1"
    assert ip_address("10.0.0.4/32") is ip_address("") is ip_address(None) is ip_address("hello") is None


PREFIXES = st.builds(
    lambda length, bits: Prefix(4, bits >> (32 - length) << (32 - length), length),
    st.integers(0, 32),
    st.integers(0, 2**32 - 1),
) | st.builds(
    lambda length, bits: Prefix(6, bits >> (128 - length) << (128 - length), length),
    st.integers(0, 128),
    st.integers(0, 2**128 - 1),
)


@given(st.lists(PREFIXES, unique=True))
def test_every_list_of_prefixes_comes_back(prefixes: list[Prefix]) -> None:
    assert prefixes_in([str(prefix) for prefix in prefixes], PLACE) == (tuple(prefixes), [], False)


@given(st.recursive(st.none() | st.integers() | st.text(alphabet="0123456789./:,; ax", max_size=30), st.lists))
def test_any_value_gives_prefixes_or_notices(value: Any) -> None:
    prefixes = prefixes_in(value, PLACE).prefixes
    assert len(set(prefixes)) == len(prefixes)
