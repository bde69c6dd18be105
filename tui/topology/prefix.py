"""Prefix: one CIDR block, IPv4 or IPv6, computed on integers.

Owns what counts as a CIDR block and how one is printed. IPv4 is parsed here (a property test holds it
equal to netaddr, which takes four times as long); IPv6 is parsed by netaddr.
Invariant: the host bits of a Prefix are zero, and two equal blocks are equal, whatever their spelling was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.errors import PrefixError

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

_OCTET = "(0|[1-9][0-9]{0,2})"
_IPV4 = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}")
_IPV4_PREFIX = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}/(0|[1-9][0-9]?)")
_IPV6_PREFIX = re.compile(r"([0-9A-Fa-f.]*+:[0-9A-Fa-f:.]*+)/(0|[1-9][0-9]{0,2})")
_ZERO_GROUPS = re.compile(r"\b0(?::0)+\b")
_HOST_MASKS = {4: [(1 << (32 - n)) - 1 for n in range(33)], 6: [(1 << (128 - n)) - 1 for n in range(129)]}
BITS = {4: 32, 6: 128}


class Prefix(NamedTuple):
    """A CIDR block. Ordered by family, then first address, then length: a block comes before what it contains."""

    version: int
    """4 or 6."""
    first: int
    """The lowest address of the block."""
    length: int
    """The prefix length in bits: 0 to 32, or 0 to 128."""

    @classmethod
    def parse(cls, text: str) -> Prefix:
        """Return the block that `text` names ("10.0.0.0/16", "fd00::/48").

        Raises PrefixError for everything else, with the canonical form in `hint` where one can be guessed.
        """
        match = _IPV4_PREFIX.fullmatch(text)
        if match:
            a, b, c, d, length = map(int, match.groups())
            if a < 256 and b < 256 and c < 256 and d < 256 and length < 33:
                first = a << 24 | b << 16 | c << 8 | d
                if not first & _HOST_MASKS[4][length]:
                    return cls(4, first, length)
        elif _IPV6_PREFIX.fullmatch(text):
            prefix = _parse_ipv6(text)
            if prefix is not None:
                return prefix
        raise _explain(text)

    @classmethod
    def of_address(cls, text: str) -> Prefix:
        """Return the single address `text` as a block of full length. Raises PrefixError."""
        version = 6 if ":" in text else 4
        try:
            return cls.parse(f"{text}/{BITS[version]}")
        except PrefixError:
            raise PrefixError(f'"{text}" is no IP address', "write an address such as 10.0.0.4") from None

    @property
    def last(self) -> int:
        """The highest address of the block."""
        return self.first | _HOST_MASKS[self.version][self.length]

    @property
    def size(self) -> int:
        """The number of addresses in the block."""
        return _HOST_MASKS[self.version][self.length] + 1

    def contains(self, other: Prefix) -> bool:
        """True if `other` lies within this block or equals it."""
        return (
            self.version == other.version
            and self.length <= other.length
            and self.first == other.first & ~_HOST_MASKS[self.version][self.length]
        )

    def overlaps(self, other: Prefix) -> bool:
        """True if the two blocks share an address; one of them then contains the other."""
        return self.contains(other) or other.contains(self)

    def adjacent(self, other: Prefix) -> bool:
        """True if one block begins where the other ends."""
        return self.version == other.version and (self.last + 1 == other.first or other.last + 1 == self.first)

    def parent(self) -> Prefix:
        """The block of twice the size that holds this one. Raises ValueError for /0."""
        if self.length == 0:
            raise ValueError(f"{self} has no parent")
        return self.shortened(self.length - 1)

    def sibling(self) -> Prefix:
        """The other half of the block of twice the size. Raises ValueError for /0."""
        if self.length == 0:
            raise ValueError(f"{self} has no sibling")
        return Prefix(self.version, self.first ^ self.size, self.length)

    def shortened(self, length: int) -> Prefix:
        """The block of prefix length `length`, at most this one's, that holds this one."""
        return Prefix(self.version, self.first & ~_HOST_MASKS[self.version][length], length)

    def split(self, length: int) -> Iterator[Prefix]:
        """Yield the blocks of prefix length `length` that make up this one, lowest first.

        Raises ValueError when `length` is shorter than this block's, or longer than the family has bits.
        """
        if not self.length <= length <= BITS[self.version]:
            raise ValueError(f"{self} cannot be split into /{length}")
        step = 1 << (BITS[self.version] - length)
        for first in range(self.first, self.last + 1, step):
            yield Prefix(self.version, first, length)

    def __str__(self) -> str:
        return f"{address_text(self.version, self.first)}/{self.length}"

    def __repr__(self) -> str:
        return f"Prefix({str(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            _from_file,
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "description": "a CIDR block", "examples": ["10.0.0.0/16", "fd00:10::/48"]}


def address_text(version: int, address: int) -> str:
    """Return the address (an integer) as text: dotted for IPv4, RFC 5952 for IPv6."""
    if version == 4:
        return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"
    return _ipv6_text(address)


def _from_file(value: object) -> Prefix:
    if isinstance(value, str):
        return Prefix.parse(value)
    if isinstance(value, Prefix):
        return value
    raise PrefixError("not a CIDR block", 'a CIDR block is written as text, such as "10.0.0.0/16"')


@lru_cache(maxsize=65536)
def _ipv6_text(address: int) -> str:
    # Not netaddr, which asks the C library: that writes ::ffff:0:0 as ::ffff:0.0.0.0, and not on every system.
    text = ":".join(f"{address >> shift & 0xFFFF:x}" for shift in range(112, -16, -16))
    zeros = max(_ZERO_GROUPS.finditer(text), key=lambda match: len(match[0]), default=None)
    return f"{text[: zeros.start()].rstrip(':')}::{text[zeros.end() :].lstrip(':')}" if zeros else text


def _parse_ipv6(text: str) -> Prefix | None:
    from netaddr import IPNetwork
    from netaddr.core import AddrFormatError

    try:
        network = IPNetwork(text, version=6)
    except (AddrFormatError, ValueError):
        return None
    value, length = int(network.ip), int(network.prefixlen)
    return None if value & _HOST_MASKS[6][length] else Prefix(6, value, length)


def _explain(text: str) -> PrefixError:
    """Say what is wrong with a text that is no CIDR block, and offer the canonical form if there is one."""
    shown = f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'
    canonical = nearest_prefix(text)
    hint = f"did you mean {canonical}?" if canonical else "write it as ADDRESS/LENGTH, such as 10.0.0.0/16"
    return PrefixError(f"{shown} is no CIDR block: {_reason(text)}", hint)


def _reason(text: str) -> str:
    address, _, length = text.partition("/")
    if not text.isascii():
        return "it holds characters other than digits, letters, dots, colons and a slash"
    if text != "".join(text.split()):
        return "it holds spaces"
    if not length:
        return "the prefix length is missing"
    bits = 128 if ":" in address else 32
    if "." in length:
        return "a netmask stands where the prefix length belongs"
    if not length.isdigit():
        return "the prefix length is no number"
    if length != str(int(length[:4])):
        return "the prefix length has a leading zero or too many digits"
    if int(length) > bits:
        return f"the prefix length of an IPv{6 if bits == 128 else 4} block is at most {bits}"
    if bits == 128:
        return "the address is no IPv6 address" if nearest_prefix(text) is None else "host bits are set"
    parts = address.split(".")
    if len(parts) != 4:
        return f"an IPv4 address has four numbers, this one has {len(parts)}"
    if not all(part.isdigit() for part in parts):
        return "the address is no IPv4 address"
    if any(part != str(int(part[:4])) for part in parts):
        return "a number has leading zeros or too many digits"
    if any(int(part) > 255 for part in parts):
        return "a number is above 255"
    return "host bits are set"


def nearest_prefix(text: str) -> Prefix | None:
    """Return the block that a person most likely meant by `text`, or None.

    Host bits are cut off, a netmask becomes a length, spaces and leading zeros go away.
    """
    if not text.isascii() or len(text) > 200:
        return None
    address, slash, length = "".join(text.split()).partition("/")
    if not slash:
        return None
    if ":" in address:
        return _nearest_ipv6(address, length)
    parts = address.split(".")
    if len(parts) != 4 or not all(part.isdigit() and len(part) < 5 for part in parts):
        return None
    match = _IPV4.fullmatch(".".join(str(int(part)) for part in parts))
    bits = _mask_length(length)
    if not match or bits is None or bits > 32 or any(int(octet) > 255 for octet in match.groups()):
        return None
    a, b, c, d = map(int, match.groups())
    first = (a << 24 | b << 16 | c << 8 | d) & ~_HOST_MASKS[4][bits]
    return Prefix(4, first, bits)


def _nearest_ipv6(address: str, length: str) -> Prefix | None:
    from netaddr import IPAddress
    from netaddr.core import AddrFormatError

    if not length.isdigit() or len(length) > 4 or int(length) > 128:
        return None
    try:
        value = int(IPAddress(address, 6))
    except (AddrFormatError, ValueError):
        return None
    return Prefix(6, value & ~_HOST_MASKS[6][int(length)], int(length))


def _mask_length(text: str) -> int | None:
    """The prefix length that `text` means: a number, or a dotted netmask without holes."""
    if text.isdigit() and len(text) < 5:
        return int(text)
    match = _IPV4.fullmatch(text)
    if not match or any(int(octet) > 255 for octet in match.groups()):
        return None
    a, b, c, d = map(int, match.groups())
    inverse = (a << 24 | b << 16 | c << 8 | d) ^ 0xFFFFFFFF
    return 32 - inverse.bit_length() if inverse & (inverse + 1) == 0 else None
