"""What a person types for several subnets is read, or said to be wrong where it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import VnetTuiError
from tui.planner.subnets.wanted import SubnetWanted, parse_wanted


def test_a_line_of_names_and_sizes_is_read() -> None:
    assert parse_wanted("GatewaySubnet /27, web 100 hosts, db /26, app 23, v6 /64") == (
        SubnetWanted("GatewaySubnet", 27),
        SubnetWanted("web", 25),
        SubnetWanted("db", 26),
        SubnetWanted("app", 23),
        SubnetWanted("v6", 64, 6),
    )


@pytest.mark.parametrize(
    ("text", "name", "length"),
    [
        ("GatewaySubnet", "GatewaySubnet", 27),
        ("gatewaysubnet", "gatewaysubnet", 27),
        ("AzureFirewallSubnet", "AzureFirewallSubnet", 26),
        ("AzureBastionSubnet", "AzureBastionSubnet", 26),
        ("AzureBastionSubnet 5 hosts", "AzureBastionSubnet", 26),
        ("GatewaySubnet /29", "GatewaySubnet", 29),
        ("web 3 hosts", "web", 29),
        ("web 1 host", "web", 29),
        ("web 4 hosts", "web", 28),
        ("web 26", "web", 26),
        ("web 32 hosts", "web", 26),
        ("web/26", "web", 26),
        ("  web   /26 ,", "web", 26),
        ('"my web, too" /26', "my web, too", 26),
        ("'a/26' /27", "a/26", 27),
        ('"web"/26', "web", 26),
        ('"100" 26', "100", 26),
        ("100 /26", "100", 26),
        ("web /2", "web", 2),
    ],
)
def test_one_subnet_is_read(text: str, name: str, length: int) -> None:
    assert parse_wanted(text) == (SubnetWanted(name, length),)


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("", "no subnet is named", "web /26"),
        (" , ", "no subnet is named", "web /26"),
        ("web", '"web" has no size', "/26"),
        ("web big", '"big" is no size for web', "/26"),
        ("my web /26", '"web" is no size for my', "quotes"),
        ("web /26 db /27", '"db" is too much', "comma"),
        ("web 50 hosts 3", '"3" is too much', "comma"),
        ("web /26 hosts", '"hosts" is too much', "comma"),
        ("/26", 'a name is missing before "/26"', "name first"),
        ("100 hosts", 'a name is missing before "100"', "name first"),
        ("100", 'a name is missing before "100"', "name first"),
        ('"" /26', "a name is empty", "web /26"),
        ('"web /26', "quote before web is not closed", "close it"),
        ("web /30", "web cannot be a /30: the smallest IPv4 subnet is /29", "/29"),
        ("web /1", "web cannot be a /1: the largest IPv4 subnet is /2", "/2"),
        ("web /48", "web cannot be a /48: an IPv6 subnet is exactly /64", "/64"),
        ("web /999", '"/999" is no prefix length', "/29"),
        ("web 0 hosts", "one host or more", "500"),
        ("web 99999999999 hosts", "no subnet has room", "/2"),
        ("web 100", '"100" is no prefix length of IPv4', 'write "web 100 hosts"'),
        ("web 33", '"33" is no prefix length of IPv4', '"web /64"'),
        ("AzureFirewallSubnet /27", "needs an IPv4 range of /26 or larger", "/26"),
        ("GatewaySubnet /30", "needs an IPv4 range of /29 or larger", "/27"),
        ("GatewaySubnet /64", "needs an IPv4 range", "/27"),
        ("web /26, Web /27", '"Web" is asked for twice', "a name of its own"),
    ],
)
def test_what_is_wrong_is_named_with_what_would_be_right(text: str, wrong: str, right: str) -> None:
    with pytest.raises(VnetTuiError) as caught:
        parse_wanted(text)
    assert wrong in caught.value.message
    assert right in caught.value.hint


@given(st.text(alphabet="web 01269/,'\"hostsGé\n٣", max_size=40))
def test_any_line_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    found = outcome(text)
    if isinstance(found, VnetTuiError):
        assert found.hint
    else:
        assert found
        assert all(one.name.strip() for one in found)


def outcome(text: str) -> tuple[SubnetWanted, ...] | VnetTuiError:
    try:
        return parse_wanted(text)
    except VnetTuiError as error:
        return error


@given(st.lists(st.tuples(st.integers(2, 29), st.booleans()), min_size=1, max_size=6))
def test_a_written_plan_is_read_back(sizes: list[tuple[int, bool]]) -> None:
    wanted = tuple(
        SubnetWanted(f"subnet {number}", 64 if six else length, 6 if six else 4)
        for number, (length, six) in enumerate(sizes)
    )
    assert parse_wanted(", ".join(f'"{one.name}" /{one.length}' for one in wanted)) == wanted
