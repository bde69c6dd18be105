"""A CIDR block: what is one, how it is printed, and what a person is told about a text that is none.

Invariant: expected values are written out here; `test_prefix_properties.py` has the random ones.
"""

from __future__ import annotations

import copy
import pickle

import pytest
from pydantic import TypeAdapter, ValidationError

from tui.errors import PrefixError, VnetTuiError
from tui.topology.prefix import Prefix, address_text, nearest_prefix


def p(text: str) -> Prefix:
    return Prefix.parse(text)


def refusal(text: str) -> PrefixError:
    with pytest.raises(PrefixError) as caught:
        Prefix.parse(text)
    return caught.value


# What a block is


@pytest.mark.parametrize(
    ("text", "version", "first", "last", "length"),
    [
        ("10.0.0.0/16", 4, 0x0A000000, 0x0A00FFFF, 16),
        ("0.0.0.0/0", 4, 0, 0xFFFFFFFF, 0),
        ("0.0.0.0/32", 4, 0, 0, 32),
        ("128.0.0.0/1", 4, 0x80000000, 0xFFFFFFFF, 1),
        ("192.168.255.0/24", 4, 0xC0A8FF00, 0xC0A8FFFF, 24),
        ("255.255.255.255/32", 4, 0xFFFFFFFF, 0xFFFFFFFF, 32),
        ("::/0", 6, 0, 2**128 - 1, 0),
        ("::1/128", 6, 1, 1, 128),
        ("8000::/1", 6, 2**127, 2**128 - 1, 1),
        ("fd00:10::/48", 6, 0xFD000010 << 96, (0xFD000010 << 96) + 2**80 - 1, 48),
    ],
)
def test_a_block_has_a_first_and_a_last_address(text: str, version: int, first: int, last: int, length: int) -> None:
    block = p(text)
    assert (block.version, block.first, block.last, block.length) == (version, first, last, length)
    assert block.size == last - first + 1
    assert str(block) == text
    assert repr(block) == f"Prefix('{text}')"


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("FD00:0010:0:0:0:0:0:0/48", "fd00:10::/48"),
        ("2001:0DB8:0000:CD30::/60", "2001:db8:0:cd30::/60"),
        ("0:0:0:0:0:0:0:0/0", "::/0"),
        ("1:0:0:2:0:0:0:3/128", "1:0:0:2::3/128"),  # the longer run of zeros
        ("1:0:0:2:3:0:0:4/128", "1::2:3:0:0:4/128"),  # the first of two equal ones
        ("1:0:2:3:4:5:6:7/128", "1:0:2:3:4:5:6:7/128"),  # a single zero group stays
        ("::2:3:4:5:6:7:8/128", "0:2:3:4:5:6:7:8/128"),
        ("1:2:3:4:5:6:7::/112", "1:2:3:4:5:6:7:0/112"),
        ("::ffff:10.0.0.1/128", "::ffff:a00:1/128"),
        ("::ffff:0.0.0.0/96", "::ffff:0:0/96"),  # as IANA writes it
        ("::192.168.0.1/128", "::c0a8:1/128"),
    ],
)
def test_ipv6_is_printed_as_rfc_5952_says_whatever_its_spelling(spelling: str, canonical: str) -> None:
    assert str(p(spelling)) == canonical
    assert p(canonical) == p(spelling)
    assert hash(p(canonical)) == hash(p(spelling))


def test_one_address_is_a_block_of_full_length() -> None:
    assert Prefix.of_address("10.0.0.4") == p("10.0.0.4/32")
    assert Prefix.of_address("FD00::1") == p("fd00::1/128")


@pytest.mark.parametrize("text", ["", "a", "10.0.0.0/8", "::/0", " 10.0.0.1", "10.0.0.1\n", "10.0.0.1/32", "fe80::1%1"])
def test_what_is_no_address_is_refused_as_an_address(text: str) -> None:
    with pytest.raises(PrefixError, match="is no IP address") as caught:
        Prefix.of_address(text)
    assert caught.value.message == f'"{text}" is no IP address'
    assert caught.value.hint == "write an address such as 10.0.0.4"


def test_an_address_alone_is_printed_too() -> None:
    assert address_text(4, 0xFFFFFF00) == "255.255.255.0"
    assert address_text(6, 0xFD00 << 112) == "fd00::"


def test_a_block_is_a_value() -> None:
    block = p("fd00::/48")
    with pytest.raises(AttributeError):
        block.length = 64  # type: ignore[misc]
    assert copy.deepcopy(block) == block
    assert pickle.loads(pickle.dumps(block)) == block


# What is no block


MISSING = "the prefix length is missing"
NO_NUMBER = "the prefix length is no number"
LENGTH_DIGITS = "the prefix length has a leading zero or too many digits"
NUMBER_DIGITS = "a number has leading zeros or too many digits"
NETMASK = "a netmask stands where the prefix length belongs"
SPACES = "it holds spaces"
LETTERS = "it holds characters other than digits, letters, dots, colons and a slash"
NO_IPV6 = "the address is no IPv6 address"
HOST_BITS = "host bits are set"


@pytest.mark.parametrize(
    ("text", "reason", "meant"),
    [
        ("10.0.0.5/16", HOST_BITS, "10.0.0.0/16"),
        ("10.0.0.0/0", HOST_BITS, "0.0.0.0/0"),
        ("255.255.255.255/1", HOST_BITS, "128.0.0.0/1"),
        ("FD00::1/48", HOST_BITS, "fd00::/48"),
        ("::ffff:1.2.3.4/96", HOST_BITS, "::ffff:0:0/96"),
        ("10.0.0.0/255.255.0.0", NETMASK, "10.0.0.0/16"),
        ("10.0.0.5/255.255.0.0", NETMASK, "10.0.0.0/16"),
        ("10.0.0.0/255.255.255.255", NETMASK, "10.0.0.0/32"),
        ("10.0.0.0 /16", SPACES, "10.0.0.0/16"),
        ("10.0.0.0/ 16", SPACES, "10.0.0.0/16"),
        (" 10.0.0.0/16", SPACES, "10.0.0.0/16"),
        ("10.0.0.0/16 ", SPACES, "10.0.0.0/16"),
        ("10.0.0.0/16\n", SPACES, "10.0.0.0/16"),
        ("\t10.0.0.0/16\r\n", SPACES, "10.0.0.0/16"),
        ("fd00::/48\n", SPACES, "fd00::/48"),
        ("010.0.0.0/8", NUMBER_DIGITS, "10.0.0.0/8"),
        ("10.000.0.0/8", NUMBER_DIGITS, "10.0.0.0/8"),
        ("10.0.0.0/08", LENGTH_DIGITS, "10.0.0.0/8"),
        ("fd00::/048", LENGTH_DIGITS, "fd00::/48"),
    ],
)
def test_a_text_that_can_be_guessed_is_refused_with_what_was_meant(text: str, reason: str, meant: str) -> None:
    error = refusal(text)
    assert error.message == f'"{text}" is no CIDR block: {reason}'
    assert error.hint == f"did you mean {meant}?"
    assert nearest_prefix(text) == p(meant)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", MISSING),
        ("10.0.0.0", MISSING),
        ("10.0.0.0/", MISSING),
        ("fd00::", MISSING),
        ("10.51.255.0.0/27", "an IPv4 address has four numbers, this one has 5"),
        ("10.0.0/8", "an IPv4 address has four numbers, this one has 3"),
        ("10/8", "an IPv4 address has four numbers, this one has 1"),
        ("/8", "an IPv4 address has four numbers, this one has 1"),
        ("not-a-cidr", MISSING),
        ("0x0a.0.0.0/8", "the address is no IPv4 address"),
        ("-1.0.0.0/8", "the address is no IPv4 address"),
        ("10.0.0.0\0/8", "the address is no IPv4 address"),
        ("256.0.0.0/8", "a number is above 255"),
        ("10.0.0.99999/8", NUMBER_DIGITS),
        ("10.0.0.0/33", "the prefix length of an IPv4 block is at most 32"),
        ("fd00::/129", "the prefix length of an IPv6 block is at most 128"),
        ("10.0.0.0/+8", NO_NUMBER),
        ("10.0.0.0/-8", NO_NUMBER),
        ("10.0.0.0/8/8", NO_NUMBER),
        ("10.0.0.0/8_0", NO_NUMBER),
        ("10.0.0.0/99999", LENGTH_DIGITS),
        ("10.0.0.0/255.0.255.0", NETMASK),
        ("10.0.0.0/0.0.255.255", NETMASK),
        ("10.0.0.0/300.0.0.0", NETMASK),
        ("١٠.0.0.0/8", LETTERS),  # Arabic digits, which Python's int would take
        ("10.0.0.0/٨", LETTERS),
        ("10.0.0.0\u00a0/8", LETTERS),
        ("10.0.0.0/8\u200b", LETTERS),
        ("fe80::1%eth0/64", NO_IPV6),
        ("fe80::%1/64", NO_IPV6),
        ("1::2::3/64", NO_IPV6),
        (":::/64", NO_IPV6),
        ("fe80:/64", NO_IPV6),
        ("12345::/64", NO_IPV6),
        ("1:2:3:4:5:6:7:8:9/128", NO_IPV6),
        ("::1.2.3/128", NO_IPV6),
        ("::01.2.3.4/128", NO_IPV6),
        ("1.2.3.4::/128", NO_IPV6),
        ("[fd00::]/48", NO_IPV6),
    ],
)
def test_a_text_that_cannot_be_guessed_is_refused_with_the_reason_and_an_example(text: str, reason: str) -> None:
    error = refusal(text)
    assert error.message == f'"{text}" is no CIDR block: {reason}'
    assert error.hint == "write it as ADDRESS/LENGTH, such as 10.0.0.0/16"
    assert nearest_prefix(text) is None


def test_a_refusal_is_for_people_and_for_pydantic_alike() -> None:
    assert isinstance(refusal("x"), VnetTuiError)
    assert isinstance(refusal("x"), ValueError)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "1" * 1_000_000,
        "1" * 1_000_000 + "/8",
        "10.0.0.0/" + "1" * 1_000_000,
        "10.0.0.0/" + "0" * 1_000_000 + "8",
        "1." * 500_000 + "/8",
        ":" * 1_000_000 + "/8",
        "0:" * 500_000 + "/8",
        "::" + "1" * 1_000_000 + "/64",
        " " * 1_000_000 + "10.0.0.0/8",
        "/" * 1_000_000,
        "١" * 1_000_000,
    ],
    ids=lambda text: f"{text[:12]}…",
)
def test_a_megabyte_is_refused_at_once_and_quoted_in_part(text: str) -> None:
    error = refusal(text)
    assert error.message.startswith(f'"{text[:60]}…" is no CIDR block: ')
    assert len(error.message) < 200


# What one can ask


def test_a_block_contains_itself_and_what_lies_in_it() -> None:
    assert p("10.0.0.0/16").contains(p("10.0.0.0/16"))
    assert p("10.0.0.0/16").contains(p("10.0.255.255/32"))
    assert not p("10.0.0.0/16").contains(p("10.1.0.0/24"))
    assert not p("10.0.0.0/16").contains(p("10.0.0.0/15"))
    assert p("0.0.0.0/0").contains(p("255.255.255.255/32"))


def test_the_families_never_meet() -> None:
    assert not p("::/0").contains(p("0.0.0.0/0"))
    assert not p("0.0.0.0/0").overlaps(p("::/0"))
    assert not p("255.255.255.255/32").adjacent(p("::1:0:0/128"))


def test_blocks_overlap_either_way_round() -> None:
    assert p("128.0.0.0/1").overlaps(p("192.168.0.0/16"))
    assert p("192.168.0.0/16").overlaps(p("128.0.0.0/1"))
    assert not p("10.0.0.0/17").overlaps(p("10.0.128.0/17"))


def test_neighbours_are_adjacent_either_way_round() -> None:
    assert p("10.0.0.0/24").adjacent(p("10.0.1.0/25"))
    assert p("10.0.1.0/25").adjacent(p("10.0.0.0/24"))
    assert not p("10.0.0.0/24").adjacent(p("10.0.0.0/24"))
    assert not p("10.0.0.0/24").adjacent(p("10.0.2.0/24"))
    assert not p("255.255.255.255/32").adjacent(p("0.0.0.0/32"))


def test_the_sibling_is_the_other_half_of_the_parent() -> None:
    for text in ("10.1.0.0/16", "255.255.255.255/32", "128.0.0.0/1", "8000::/1", "fd00::/64"):
        one = p(text)
        assert {one, one.sibling()} == set(one.parent().split(one.length))
        assert one.sibling().sibling() == one
    with pytest.raises(ValueError, match=r"::/0 has no sibling"):
        p("::/0").sibling()


def test_the_parent_is_twice_the_size() -> None:
    assert p("10.1.0.0/16").parent() == p("10.0.0.0/15")
    assert p("255.255.255.255/32").parent() == p("255.255.255.254/31")
    assert p("8000::/1").parent() == p("::/0")
    with pytest.raises(ValueError, match=r"0\.0\.0\.0/0 has no parent"):
        p("0.0.0.0/0").parent()


def test_a_block_splits_into_equal_parts_lowest_first() -> None:
    assert list(p("192.168.0.0/23").split(24)) == [p("192.168.0.0/24"), p("192.168.1.0/24")]
    assert list(p("192.168.0.0/23").split(23)) == [p("192.168.0.0/23")]
    assert list(p("::/0").split(1)) == [p("::/1"), p("8000::/1")]


@pytest.mark.parametrize(("text", "length"), [("10.0.0.0/16", 15), ("10.0.0.0/16", 33), ("fd00::/48", 129)])
def test_a_split_that_cannot_be_is_refused(text: str, length: int) -> None:
    with pytest.raises(ValueError, match=f"{text} cannot be split into /{length}"):
        list(p(text).split(length))


def test_blocks_sort_by_family_then_address_then_the_larger_first() -> None:
    texts = ["::/0", "10.0.0.0/8", "10.0.0.0/24", "9.0.0.0/8", "128.0.0.0/1", "10.0.1.0/24"]
    assert [str(block) for block in sorted(map(p, texts))] == [
        "9.0.0.0/8",
        "10.0.0.0/8",
        "10.0.0.0/24",
        "10.0.1.0/24",
        "128.0.0.0/1",
        "::/0",
    ]


# In a file


def test_a_field_of_a_model_takes_text_or_a_block_and_writes_text() -> None:
    field = TypeAdapter(Prefix)
    assert field.validate_python("10.0.0.0/8") == p("10.0.0.0/8")
    assert field.validate_python(p("10.0.0.0/8")) == p("10.0.0.0/8")
    assert field.dump_json(p("10.0.0.0/8")) == b'"10.0.0.0/8"'
    assert field.json_schema()["type"] == "string"


@pytest.mark.parametrize("value", [10, None, ["10.0.0.0/8"], (4, 0, 8), b"10.0.0.0/8", True])
def test_a_field_of_a_model_refuses_what_is_no_text(value: object) -> None:
    with pytest.raises(ValidationError, match="not a CIDR block"):
        TypeAdapter(Prefix).validate_python(value)
