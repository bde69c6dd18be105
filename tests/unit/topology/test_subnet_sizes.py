"""How large a subnet is for so many hosts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import VnetTuiError
from tui.topology.prefix import Prefix
from tui.topology.subnet_sizes import IPV6_SUBNET, SMALLEST_SUBNET, length_for_hosts, usable_addresses


@given(st.integers(1, (1 << 30) - 5))
def test_a_subnet_for_so_many_hosts_has_room_for_them_and_half_of_it_has_not(hosts: int) -> None:
    length = length_for_hosts(hosts)
    assert usable_addresses(Prefix(4, 0, length)) >= hosts
    assert length == SMALLEST_SUBNET or usable_addresses(Prefix(4, 0, length + 1)) < hosts


def test_azure_keeps_five_addresses_of_each_subnet() -> None:
    assert [length_for_hosts(hosts) for hosts in (1, 3, 4, 11, 12, 251, 252, 500)] == [29, 29, 28, 28, 27, 24, 23, 23]
    assert [usable_addresses(Prefix(4, 0, length)) for length in (24, 29, 30, 31, 32)] == [251, 3, 0, 0, 0]


def test_an_ipv6_subnet_is_a_64_whatever_is_in_it() -> None:
    assert {length_for_hosts(hosts, family=6) for hosts in (1, 500, 1 << 40)} == {IPV6_SUBNET}


def test_the_largest_subnet_is_a_2() -> None:
    assert length_for_hosts((1 << 30) - 5) == 2
    with pytest.raises(VnetTuiError, match="no subnet has room for 1073741820 hosts") as caught:
        length_for_hosts((1 << 30) - 4)
    assert caught.value.hint == "the largest, a /2, holds 1073741819"


@pytest.mark.parametrize("hosts", [0, -1])
@pytest.mark.parametrize("family", [4, 6])
def test_a_subnet_is_for_somebody(hosts: int, family: int) -> None:
    with pytest.raises(VnetTuiError, match="one host or more"):
        length_for_hosts(hosts, family)
