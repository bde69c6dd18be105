"""The rows of a table in a text file: which character parts the cells, which column means what, and the cells.

Owns the columns that a table of VNets may have, with every name that they go by, and the limits of a row.
Invariant: the rows come in the order of the file, each with the line it begins on, and a table whose quotes do not
match is refused, because a cell would swallow all that follows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.exchange.found import Notice, Place
from tui.exchange.source import ExchangeError, Source

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
            *("vnet prefix", "vnet cidr", "vnet address space"),
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
MAX_ROW: Final = 1 << 20
"""Characters of one row, over all the lines that its quotes hold together."""

_WORD_SIGNS: Final = re.compile(r"[\W_]+")
_LONE: Final = re.compile(r'="(.*)"', re.DOTALL)
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


def _folded(name: str) -> str:
    return _WORD_SIGNS.sub("", name.casefold())


_COLUMN_OF: Final = {_folded(name): column for column, names in NAMES.items() for name in names}
_VNET_IF_NOTHING_ELSE: Final = "name"


class Row(NamedTuple):
    """The cells of one row that lie in a column with a meaning and are not empty."""

    line: int
    cells: Mapping[Column, str]


class Table(NamedTuple):
    """The columns that have a meaning, and the rows below the header."""

    columns: frozenset[Column]
    rows: Iterator[Row | Notice]
    """A row that could not be read is a notice."""
    notices: tuple[Notice, ...]
    """About the header."""


def table(source: Source) -> Table:
    """Return the table in a text: its header is the first line that is not empty.

    The delimiter is the one with which the header has most columns that are known; a line `sep=;` before the header,
    which Excel understands, decides it. Raises ExchangeError, now or while the rows are read, for quotes that do not
    match, a row that is too long, and a header that names neither VNets nor sites.
    """
    nul = source.text.find("\0")
    if nul >= 0:
        line = source.text.count("\n", 0, nul) + 1
        raise ExchangeError(f"{source.name}: line {line}: a NUL character, which no table has", "save it as CSV, UTF-8")
    delimiter = _delimiter(source)
    rows = _cells(source, delimiter)
    header_line, header = next(rows, (1, []))
    if _SEPARATOR_LINE.fullmatch(delimiter.join(header)):
        header_line, header = next(rows, (header_line, []))
    columns, notices = _columns(header, Place(source.name, f"line {header_line}"))
    if not {"vnet", "id", "site"} & set(columns.values()):
        raise ExchangeError(
            f"{source.name}: line {header_line}: no column says which VNet a row is about",
            'the first line names the columns, for example "VNet,Subscription,Region,Prefix,Subnet,Subnet prefix"',
        )
    return Table(frozenset(columns.values()), _rows(source.name, rows, columns, len(header)), tuple(notices))


def _delimiter(source: Source) -> str:
    first = next((line for line in StringIO(source.text, newline="") if line.strip(" \t\r\n,;|")), "")[:MAX_ROW]
    told = _SEPARATOR_LINE.fullmatch(first)
    if told and told[1] in DELIMITERS:
        return told[1]

    def known(delimiter: str) -> int:
        return sum(_folded(cell) in _COLUMN_OF for cell in first.split(delimiter))

    return max(DELIMITERS, key=known)


def _cells(source: Source, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with its first line."""
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for line in StringIO(source.text, newline=""):
            taken += len(line)
            if taken > MAX_ROW:
                raise ExchangeError(
                    f"{source.name}: line {reader.line_num + 1}: a row of more than {MAX_ROW} characters",
                    "look for a quote that is not closed, or choose another file",
                )
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")
    first = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield first, cells
            taken, first = 0, reader.line_num + 1
    except csv.Error:
        raise ExchangeError(
            f"{source.name}: line {first}: the quotes of this row do not match, or a cell is too long",
            'a cell with a quote in it is written "like ""this"""',
        ) from None


def _columns(header: Sequence[str], place: Place) -> tuple[dict[int, Column], list[Notice]]:
    if len(header) > MAX_COLUMNS:
        raise ExchangeError(f"{place}: more than {MAX_COLUMNS} columns", "choose a table with one VNet or subnet a row")
    columns: dict[int, Column] = {}
    notices: list[Notice] = []
    names = [_folded(_plain(cell)) for cell in header]
    known = {_COLUMN_OF[name] for name in names if name in _COLUMN_OF}
    for number, name in enumerate(names):
        column = _COLUMN_OF.get(name)
        if name == _VNET_IF_NOTHING_ELSE and "vnet" not in known:
            column = "vnet"
        if column is not None and column not in columns.values():
            columns[number] = column
        elif header[number].strip():
            why = "is not known" if column is None else f"means the same as another one ({column})"
            shown = _plain(header[number])
            shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
            notices.append(Notice("not understood", f'the column "{shown}" {why}; it is not read', place))
    return columns, notices


def _rows(
    name: str, rows: Iterator[tuple[int, list[str]]], columns: Mapping[int, Column], width: int
) -> Iterator[Row | Notice]:
    for line, cells in rows:
        if any(cell.strip() for cell in cells[width:]):
            yield Notice(
                "not understood", "the row has more cells than the header has columns", Place(name, f"line {line}")
            )
            continue
        plain = ((columns.get(number), _plain(cell)) for number, cell in enumerate(cells))
        yield Row(line, {column: cell for column, cell in plain if column is not None and cell})


def _plain(cell: str) -> str:
    """What a cell says, without what guards it: the apostrophe before a formula's sign, or `="…"` around a text."""
    cell = cell.strip()
    if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r"):
        return cell[1:].strip()
    lone = _LONE.fullmatch(cell)
    return lone[1].strip() if lone else cell
