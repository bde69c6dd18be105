"""Subnets that are wanted: their names and sizes, as a person types them in one line.

Owns the line's grammar (`GatewaySubnet, web 100 hosts, db /26, v6 /64`) and which sizes Azure takes.
Invariant: a SubnetWanted has a size that Azure takes for a subnet of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tui.errors import VnetTuiError
from tui.topology.naming import fixed_subnet_length, is_gateway_subnet
from tui.topology.prefix import BITS
from tui.topology.subnet_sizes import (
    GATEWAY_SUBNET_LENGTH,
    IPV6_SUBNET,
    LARGEST_SUBNET,
    SMALLEST_SUBNET,
    length_for_hosts,
)

_EXAMPLE = "web /26, or web 50 hosts"
_WORD = re.compile(r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<comma>,)|(?P<bare>[^\s,]+))""")
_NAME_AND_LENGTH = re.compile(r"(.+)(/[0-9]+)")
_LENGTH = re.compile(r"/([0-9]{1,3})")
_HOSTS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class SubnetWanted:
    """A subnet that is to get a place: its name, its prefix length, and 4 or 6.

    Raises VnetTuiError for a size that Azure does not take (see `size_problem`).
    """

    name: str
    length: int
    family: int = 4

    def __post_init__(self) -> None:
        problem = size_problem(self.name, self.length, self.family)
        if problem is not None:
            raise VnetTuiError(f"{self.name} cannot be a /{self.length}: {problem[0]}", problem[1])


def size_problem(name: str, length: int, family: int = 4) -> tuple[str, str] | None:
    """Return why Azure takes no subnet of this name and prefix length, and what to do; None where it does.

    IPv4 subnets are /29 to /2, IPv6 subnets exactly /64 (Microsoft: Virtual network FAQ); the services that insist on
    a name need IPv4, and a size of their own (see `tui.topology.naming`).
    """
    reserved = is_reserved(name)
    if family == 6 and not reserved:
        wrong = length != IPV6_SUBNET
        return (f"an IPv6 subnet is exactly /{IPV6_SUBNET}", f"write /{IPV6_SUBNET}") if wrong else None
    longest = fixed_subnet_length(name) or SMALLEST_SUBNET
    if family == 6 or length > longest:
        if reserved:
            return f"its service needs an IPv4 range of /{longest} or larger", f"write /{usual_length(name)}"
        return f"the smallest IPv4 subnet is /{SMALLEST_SUBNET}", f"write /{SMALLEST_SUBNET} or larger"
    if length < LARGEST_SUBNET:
        return f"the largest IPv4 subnet is /{LARGEST_SUBNET}", f"write a length from /{LARGEST_SUBNET} to /{longest}"
    return None


def is_reserved(name: str) -> bool:
    """Whether a service insists on a subnet of this name, so that a VNet has one of it."""
    return is_gateway_subnet(name) or fixed_subnet_length(name) is not None


def usual_length(name: str) -> int | None:
    """Return the prefix length of a subnet of this name that nobody gave a size: of reserved names only."""
    return GATEWAY_SUBNET_LENGTH if is_gateway_subnet(name) else fixed_subnet_length(name)


def parse_wanted(text: str) -> tuple[SubnetWanted, ...]:
    """Return the subnets that a line names: `GatewaySubnet /27, web 100 hosts, db /26, v6 /64`.

    After each name, a prefix length or a number of hosts, with that word; over /32 it is IPv6. A number alone is a
    prefix length of IPv4, as everywhere. A name with spaces, commas or a slash stands in quotes.
    GatewaySubnet and the subnets of Azure Firewall, Bastion and Route Server need no size.
    Raises VnetTuiError that says which word is wrong and what would be right.
    """
    wanted: dict[str, SubnetWanted] = {}
    for words in _items(text):
        one = _wanted(words)
        # Azure's names do not tell upper and lower case apart.
        other = wanted.setdefault(one.name.casefold(), one)
        if other is not one:
            raise VnetTuiError(f'"{one.name}" is asked for twice', "give each subnet a name of its own")
    if not wanted:
        raise VnetTuiError("no subnet is named", f"write a name and a size: {_EXAMPLE}")
    return tuple(wanted.values())


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    quoted: bool


def _items(text: str) -> Iterator[list[_Word]]:
    """The words between the commas; nothing for what is empty, as after a last comma."""
    words: list[_Word] = []
    for match in _WORD.finditer(text):
        if match["comma"]:
            if words:
                yield words
            words = []
        elif match["bare"] is None:
            words.append(_Word(match["double"] if match["double"] is not None else match["single"], True))
        elif match["bare"][0] in "\"'":
            raise VnetTuiError(f"the quote before {match['bare'][1:]} is not closed", "close it after the name")
        else:
            words.append(_Word(match["bare"], False))
    if words:
        yield words


def _wanted(words: list[_Word]) -> SubnetWanted:
    first, *rest = words
    together = _NAME_AND_LENGTH.fullmatch(first.text) if not first.quoted else None
    name, size = first.text, [word.text for word in rest]
    if together:
        name, size = together[1], [together[2], *size]
    only_a_size = _HOSTS.fullmatch(name) and (not size or _means_hosts(size[0]))
    if not first.quoted and (name.startswith("/") or only_a_size):
        raise VnetTuiError(f'a name is missing before "{name}"', f"write the name first: {_EXAMPLE}")
    if not name.strip():
        raise VnetTuiError("a name is empty", f"write a name and a size: {_EXAMPLE}")
    length = _length(name, size)
    return SubnetWanted(name, length, 6 if length > BITS[4] else 4)


def _length(name: str, size: list[str]) -> int:
    usual = usual_length(name)
    if not size:
        if usual is None:
            raise VnetTuiError(f'"{name}" has no size', f"write a prefix length or a number of hosts: {_EXAMPLE}")
        return usual
    first, *more = size
    prefix_length = _LENGTH.fullmatch(first)
    if not prefix_length and not _HOSTS.fullmatch(first):
        hint = "write a prefix length such as /26, or a number such as 50 hosts"
        raise VnetTuiError(f'"{first}" is no size for {name}', f"{hint}; a name with spaces stands in quotes")
    hosts = not prefix_length and bool(more) and _means_hosts(more[0])
    more = more[1:] if hosts else more
    if more:
        raise VnetTuiError(f'"{more[0]}" is too much after the size of {name}', "put a comma before the next subnet")
    if prefix_length:
        length = int(prefix_length[1])
        if length > BITS[6]:
            raise VnetTuiError(f'"{first}" is no prefix length', f"/{SMALLEST_SUBNET} is the smallest subnet")
        return length
    if not hosts:
        if int(first) > BITS[4]:
            hint = f'for a number of hosts write "{name} {first} hosts", for an IPv6 subnet "{name} /{IPV6_SUBNET}"'
            raise VnetTuiError(f'"{first}" is no prefix length of IPv4', hint)
        return int(first)
    length = length_for_hosts(int(first))
    # A service that has a size of its own does not do with less, however few addresses are asked for.
    return length if usual is None else min(length, usual)


def _means_hosts(word: str) -> bool:
    return word.casefold() in ("host", "hosts")
