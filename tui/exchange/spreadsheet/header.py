"""The header of a table in a text file: in which line it stands, which character parts its cells, what they mean.

Owns the columns that a table of VNets may have, with every name that they go by, and by what such a table is known.
Invariant: only the first lines of a text are looked at, and the line with most columns that are known is the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.exchange.found import Notice, Place
from tui.exchange.source import ExchangeError

Column: TypeAlias = Literal[
    "vnet",
    "id",
    "subscription",
    "subscription id",
    "resource group",
    "region",
    "prefix",
    "subnet",
    "subnet prefix",
    "dns servers",
    "gateway",
    "asn",
    "site",
    "site prefix",
    "vpn device",
    "peering",
    "connected to",
]

NAMES: Final[Mapping[Column, tuple[str, ...]]] = MappingProxyType(
    {
        "vnet": ("vnet", "vnet name", "virtual network", "virtual network name"),
        "id": ("id", "resource id", "vnet id"),
        "subscription": ("subscription", "subscription name", "sub"),
        "subscription id": ("subscription id",),
        "resource group": ("resource group", "resource group name", "rg"),
        "region": ("region", "location", "azure region"),
        "prefix": (
            *("prefix", "prefixes", "address space", "address prefix", "address prefixes", "cidr", "address range"),
            *("vnet prefix", "vnet cidr", "vnet address space", "properties address space address prefixes"),
        ),
        "subnet": ("subnet", "subnet name"),
        "subnet prefix": (
            *("subnet prefix", "subnet prefixes", "subnet cidr", "subnet range", "subnet address prefix"),
            *("subnet address range", "subnet address space"),
        ),
        "dns servers": ("dns", "dns server", "dns servers"),
        "gateway": ("gateway", "gateway sku", "vpn gateway", "vpn gateway sku", "sku"),
        "asn": ("asn", "bgp asn", "gateway asn"),
        "site": ("site", "sites", "on-premises", "on-prem", "local network gateway", "local gateway", "branch"),
        "site prefix": (
            *("site prefix", "site prefixes", "site cidr", "site address space", "on-premises prefix"),
            *("on-premises address space", "on-premises cidr", "on-prem cidr"),
        ),
        "vpn device": ("vpn device", "device", "device address", "gateway address"),
        "peering": ("peering", "peerings", "peered with", "peered to", "peer", "peers"),
        "connected to": (
            *("connected to", "connection", "connections", "connected vnets", "vpn connection", "vpn connections"),
            *("linked to", "links", "vnet-to-vnet"),
        ),
    }
)
"""Each column with the names that it is known by, in any case and with any blanks and signs between the words."""

DELIMITERS: Final = (",", ";", "\t", "|")
MAX_COLUMNS: Final = 1000
MAX_ABOVE: Final = 20
"""Lines that are not empty in which the header is looked for: people write a title above their tables."""

_LONGEST: Final = 1 << 16
"""Characters of a line that are looked at: a header of all columns that there may be is shorter."""
_WORD_SIGNS: Final = re.compile(r"[\W_]+")
_LONE: Final = re.compile(r'="(.*)"', re.DOTALL)
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n?|\n")
_WORDS_OF_COLUMNS: Final = re.compile(
    r"vnet|network|subscription|region|location|prefix|cidr|address|subnet|resource[ _-]?group|name", re.IGNORECASE
)
_VALUE: Final = re.compile(r"\d+(?:\.\d+){0,3}(?:/\d+)?|/subscriptions/.*|true|false|none|null", re.IGNORECASE)
_NO_WORDS: Final = re.compile(r"[{}=:<>]")


def _folded(name: str) -> str:
    return _WORD_SIGNS.sub("", name.casefold())


_COLUMN_OF: Final = {_folded(name): column for column, names in NAMES.items() for name in names}
_VNET_IF_NOTHING_ELSE: Final = "name"
_NAMING: Final = frozenset({"vnet", "id", "site"})


class Header(NamedTuple):
    """Where the header of a text stands."""

    line: int
    """Its number, from 1."""
    begin: int
    """Where in the text it begins."""
    delimiter: str
    above: int
    """Lines above it that are not empty, and none that a program wrote there."""
    known: int
    """How many of its columns are known; 0 where none says which VNet or site a row is about."""


def header_of(text: str) -> Header:
    """Return the header of a table: the first of the lines that have most columns that are known.

    Where none of the first lines has any, it is the first one that is not empty. A line `sep=;` above it, which Excel
    understands, decides the delimiter.
    """
    found: Header | None = None
    told: str | None = None
    above = 0
    for number, begin, line in _first_lines(text):
        separator = _SEPARATOR_LINE.fullmatch(line)
        if separator is not None and separator[1] in DELIMITERS:
            told = separator[1]
            continue
        if line.startswith("#"):
            continue  # a remark, or the type of the rows as PowerShell writes it
        delimiter = told or max(DELIMITERS, key=lambda each: _known(line, each))
        one = Header(number, begin, delimiter, above, _known(line, delimiter))
        if found is None or one.known > found.known:
            found = one
        above += 1
    return found or Header(1, 0, told or DELIMITERS[0], 0, 0)


def looks_like_table(text: str) -> bool:
    """Return whether a text is a table of VNets or sites, by the words of its header."""
    header = header_of(text)
    if header.known > 1:
        return True
    line = _LINE_END.split(text[header.begin : header.begin + _LONGEST], maxsplit=1)[0]
    delimiter = max(DELIMITERS, key=line.count)
    cells = [cell.strip().strip('"').strip() for cell in line.split(delimiter)]
    if any(len(cell) > 60 or _VALUE.fullmatch(cell) or _NO_WORDS.search(cell) for cell in cells):
        return False
    named = any(_WORDS_OF_COLUMNS.search(cell) for cell in cells)
    return named and (len(cells) > 1 or (" " not in line and len(line) < 30))


def columns_of(cells: Sequence[str], place: Place) -> tuple[dict[int, Column], list[Notice]]:
    """Return what the cells of a header mean, by their numbers, with a notice for each that means nothing.

    Raises ExchangeError for too many columns, and where none says which VNet or site a row is about.
    """
    if len(cells) > MAX_COLUMNS:
        raise ExchangeError(f"{place}: more than {MAX_COLUMNS} columns", "choose a table with one VNet or subnet a row")
    columns: dict[int, Column] = {}
    notices: list[Notice] = []
    names = [_folded(plain(cell)) for cell in cells]
    known = {_COLUMN_OF[name] for name in names if name in _COLUMN_OF}
    for number, name in enumerate(names):
        column = _COLUMN_OF.get(name)
        if name == _VNET_IF_NOTHING_ELSE and "vnet" not in known:
            column = "vnet"
        if column is not None and column not in columns.values():
            columns[number] = column
        elif cells[number].strip():
            why = "is not known" if column is None else f"means the same as another one ({column})"
            shown = plain(cells[number])
            shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
            notices.append(Notice("not understood", f'the column "{shown}" {why}; it is not read', place))
    if _NAMING.isdisjoint(columns.values()):
        raise ExchangeError(
            f"{place}: no column says which VNet a row is about",
            f"one of the first {MAX_ABOVE} lines names the columns, for example "
            '"VNet,Subscription,Region,Prefix,Subnet,Subnet prefix"',
        )
    return columns, notices


def plain(cell: str) -> str:
    """What a cell says, without what guards it: the apostrophe before a formula's sign, or `="…"` around a text."""
    cell = cell.strip()
    if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r"):
        return cell[1:].strip()
    lone = _LONE.fullmatch(cell)
    return lone[1].strip() if lone else cell


def _first_lines(text: str) -> Iterator[tuple[int, int, str]]:
    """The first lines that are not empty: number, where they begin, and what stands in them."""
    number, begin, left = 0, 0, MAX_ABOVE
    while left and begin < len(text):
        match = _LINE_END.search(text, begin)
        end, after = match.span() if match else (len(text), len(text))
        number += 1
        line = text[begin : min(end, begin + _LONGEST)]
        if line.strip(" \t,;|"):
            left -= 1
            yield number, begin, line.lstrip("\ufeff")
        begin = after


def _known(line: str, delimiter: str) -> int:
    """How many cells of a line are known as columns; 0 where none of them says what a row is about."""
    names = {_folded(cell) for cell in line.split(delimiter)[: MAX_COLUMNS + 1]}
    columns = {_COLUMN_OF[name] for name in names if name in _COLUMN_OF}
    if _VNET_IF_NOTHING_ELSE in names:
        columns.add("vnet")
    return len(columns) if not _NAMING.isdisjoint(columns) else 0
