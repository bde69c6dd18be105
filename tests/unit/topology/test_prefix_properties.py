"""Blocks against netaddr and the standard library, on random input.

Invariant: no expected value comes from the code under test.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from typing import TypeAlias

import netaddr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.errors import PrefixError
from tui.topology.prefix import Prefix, nearest_prefix

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

often = settings(max_examples=150)

UNIVERSE = [
    block for length in range(28, 33) for block in ipaddress.ip_network("192.0.2.240/28").subnets(new_prefix=length)
]
"""Every block within 192.0.2.240/28, in the upper half of the address space."""


def network_at(version: int, address: int, length: int) -> Network:
    if version == 4:
        return ipaddress.IPv4Network((address, length), strict=False)
    return ipaddress.IPv6Network((address, length), strict=False)


# Few set bits and long runs of zeros and ones beside anything at all: that is where spellings differ.
ADDRESSES_6 = st.one_of(
    st.integers(0, 2**128 - 1),
    st.lists(st.sampled_from([0, 0, 0, 1, 0xFFFF, 0xABC]), min_size=8, max_size=8).map(
        lambda groups: int.from_bytes(b"".join(group.to_bytes(2, "big") for group in groups), "big")
    ),
    st.integers(0, 2**32 - 1).map(lambda low: 0xFFFF << 32 | low),
    st.integers(0, 2**32 - 1),
)
IPV4 = st.builds(network_at, st.just(4), st.integers(0, 2**32 - 1), st.integers(0, 32))
IPV6 = st.builds(network_at, st.just(6), ADDRESSES_6, st.integers(0, 128))
NETWORKS: st.SearchStrategy[Network] = IPV4 | IPV6


@st.composite
def spelled(draw: st.DrawFn, network: Network) -> str:
    """One of the ways to write an IPv6 block."""
    address = network.network_address
    assert isinstance(address, ipaddress.IPv6Address)
    groups = [int(group, 16) for group in address.exploded.split(":")]
    written = [draw(st.sampled_from([f"{group:x}", f"{group:04x}", f"{group:X}"])) for group in groups]
    if draw(st.booleans()):
        written[6:] = [str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))]
    zeros = [
        (start, end)
        for start, end in itertools.combinations(range(len(written) + 1), 2)
        if all(re.fullmatch("0+", group) for group in written[start:end])
    ]
    text = ":".join(written)
    start, end = draw(st.sampled_from([(0, 0), *zeros]))
    if end:
        text = f"{':'.join(written[:start])}::{':'.join(written[end:])}"
    return f"{text}/{network.prefixlen}"


def refusal(text: str) -> PrefixError | None:
    try:
        Prefix.parse(text)
    except PrefixError as error:
        return error
    return None


def of(network: Network) -> Prefix:
    return Prefix(network.version, int(network.network_address), network.prefixlen)


@often
@given(NETWORKS)
def test_what_netaddr_reads_is_read_the_same(network: Network) -> None:
    block, known = Prefix.parse(str(network)), netaddr.IPNetwork(str(network))
    assert (block.version, block.first, block.last, block.length, block.size) == (
        known.version,
        known.first,
        known.last,
        known.prefixlen,
        known.size,
    )


@often
@given(IPV4)
def test_ipv4_is_printed_as_it_was_read(network: Network) -> None:
    assert str(Prefix.parse(str(network))) == str(network)


@often
@given(st.data(), IPV6)
def test_every_spelling_of_an_ipv6_block_is_the_same_block(data: st.DataObject, network: Network) -> None:
    text = data.draw(spelled(network))
    assert Prefix.parse(text) == of(network), text
    assert netaddr.IPNetwork(text) == netaddr.IPNetwork(str(network))


@often
@given(IPV6)
@example(network_at(6, 0xFFFF01020304, 128))
@example(network_at(6, 0x01020304, 128))
@example(network_at(6, 0, 0))
def test_ipv6_is_printed_as_rfc_5952_says(network: Network) -> None:
    text = str(of(network))
    address, _, length = text.partition("/")
    assert int(length) == network.prefixlen
    assert ipaddress.ip_address(address) == network.network_address
    expected = str(network.network_address)
    if "." not in expected:  # Python 3.13 and later write ::ffff:1.2.3.4
        assert address == expected
    assert re.fullmatch("[0-9a-f:]+", address)


ALMOST = st.text("0123456789./:abf+- \n٨", max_size=24)
NUMBERS = st.integers(-1, 300).map(str) | st.sampled_from(["", "00", "08", "+8", "999", "٨", " 1"])
DOTTED = st.lists(NUMBERS, min_size=3, max_size=5).map(".".join)
TEXTS = st.text(max_size=40) | ALMOST | st.tuples(DOTTED, NUMBERS | DOTTED).map("/".join)


@often
@given(TEXTS)
def test_any_text_is_a_block_or_a_prefix_error(text: str) -> None:
    error = refusal(text)
    if error is None:
        assert Prefix.parse(text) == of(ipaddress.ip_network(text, strict=True))
        return
    meant = nearest_prefix(text)
    assert re.fullmatch(f"{re.escape(chr(34) + text + chr(34))} is no CIDR block: .+", error.message)
    assert error.hint == (f"did you mean {meant}?" if meant else "write it as ADDRESS/LENGTH, such as 10.0.0.0/16")


@often
@given(TEXTS)
def test_what_is_offered_is_itself_a_block(text: str) -> None:
    meant = nearest_prefix(text)
    assert meant is None or Prefix.parse(str(meant)) == meant


@often
@given(NETWORKS, st.data())
def test_host_bits_are_refused_and_the_block_around_is_offered(network: Network, data: st.DataObject) -> None:
    if network.num_addresses == 1:
        return
    inside = network.network_address + data.draw(st.integers(1, network.num_addresses - 1))
    text = f"{inside}/{network.prefixlen}"
    error = refusal(text)
    assert error is not None
    assert error.message == f'"{text}" is no CIDR block: host bits are set'
    assert error.hint == f"did you mean {of(network)}?"


@often
@given(IPV4)
def test_a_netmask_is_refused_and_the_length_is_offered(network: Network) -> None:
    error = refusal(network.with_netmask)
    assert error is not None
    assert error.hint == f"did you mean {network}?"


def test_relations_of_all_blocks_in_a_small_universe() -> None:
    for a, b in itertools.product(UNIVERSE, repeat=2):
        ours_a, ours_b, addresses_a, addresses_b = of(a), of(b), set(map(int, a)), set(map(int, b))
        assert ours_a.contains(ours_b) == (addresses_b <= addresses_a)
        assert ours_a.overlaps(ours_b) == bool(addresses_a & addresses_b)
        assert ours_a.adjacent(ours_b) == (
            max(addresses_a) + 1 == min(addresses_b) or max(addresses_b) + 1 == min(addresses_a)
        )


@often
@given(NETWORKS, NETWORKS, st.integers(0, 128))
def test_relations_of_any_two_blocks(a: Network, b: Network, length: int) -> None:
    # Half of the time the second block is one around the first: random ones hardly ever meet.
    other = b if length > a.prefixlen else a.supernet(new_prefix=length)
    same = a.version == other.version
    assert of(a).overlaps(of(other)) == of(other).overlaps(of(a)) == (same and a.overlaps(other))
    assert of(other).contains(of(a)) == (same and int(other[0]) <= int(a[0]) and int(a[-1]) <= int(other[-1]))
    assert (of(a) < of(other)) == (
        (a.version, a.network_address, a.prefixlen) < (other.version, other.network_address, other.prefixlen)
    )


@often
@given(NETWORKS)
def test_parents_up_to_the_whole_space(network: Network) -> None:
    block = of(network)
    while block.length:
        block, network = block.parent(), network.supernet()
        assert block == of(network)
    assert block == (Prefix.parse("0.0.0.0/0") if network.version == 4 else Prefix.parse("::/0"))


@often
@given(NETWORKS, st.integers(0, 6))
def test_splits(network: Network, bits: int) -> None:
    length = min(network.prefixlen + bits, network.max_prefixlen)
    parts = list(of(network).split(length))
    assert parts == [of(part) for part in network.subnets(new_prefix=length)]
    assert parts == sorted(parts)


@often
@given(st.lists(NETWORKS, max_size=20))
def test_order_is_that_of_the_standard_library(networks: list[Network]) -> None:
    assert sorted(map(of, networks)) == list(map(of, sorted(networks, key=ipaddress.get_mixed_type_key)))
