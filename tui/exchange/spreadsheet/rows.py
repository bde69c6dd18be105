"""The rows of a table in a text file, below its header: the cells of each, by the columns that they stand in.

Owns the limits of a row. Invariant: the rows come in the order of the file, each with the line it begins on, and a
table whose quotes do not match is refused, because a cell would swallow all that follows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Final, NamedTuple

from tui.exchange.found import Notice, Place
from tui.exchange.source import ExchangeError, Source
from tui.exchange.spreadsheet.header import Column, Header, columns_of, header_of, plain

MAX_ROW: Final = 1 << 20
"""Characters of one row, over all the lines that its quotes hold together."""


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
    """Return the table in a text. What stands above its header is told and not read.

    Raises ExchangeError, now or while the rows are read, for quotes that do not match, a row that is too long, and a
    header that names neither VNets nor sites.
    """
    nul = source.text.find("\0")
    if nul >= 0:
        line = source.text.count("\n", 0, nul) + 1
        raise ExchangeError(f"{source.name}: line {line}: a NUL character, which no table has", "save it as CSV, UTF-8")
    header = header_of(source.text)
    rows = _cells(source, header)
    line, cells = next(rows, (header.line, []))
    place = Place(source.name, f"line {line}")
    columns, notices = columns_of(cells, place)
    if header.above:
        what = "the line" if header.above == 1 else f"the {header.above} lines"
        notices.insert(0, Notice("left out", f"{what} above the header of the table: not read", place))
    return Table(frozenset(columns.values()), _rows(source.name, rows, columns, len(cells)), tuple(notices))


def _cells(source: Source, header: Header) -> Iterator[tuple[int, list[str]]]:
    """Each row from the header on that is not empty, with its first line."""
    taken = 0
    above = header.line - 1

    def lines() -> Iterator[str]:
        nonlocal taken
        text = StringIO(source.text, newline="")
        text.seek(header.begin)
        for line in text:
            taken += len(line)
            if taken > MAX_ROW:
                raise ExchangeError(
                    f"{source.name}: line {above + reader.line_num + 1}: a row of more than {MAX_ROW} characters",
                    "look for a quote that is not closed, or choose another file",
                )
            yield line

    reader = csv.reader(lines(), delimiter=header.delimiter, strict=True, skipinitialspace=header.delimiter != "\t")
    first = header.line
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield first, cells
            taken, first = 0, above + reader.line_num + 1
    except csv.Error:
        raise ExchangeError(
            f"{source.name}: line {first}: the quotes of this row do not match, or a cell is too long",
            'a cell with a quote in it is written "like ""this"""',
        ) from None


def _rows(
    name: str, rows: Iterator[tuple[int, list[str]]], columns: Mapping[int, Column], width: int
) -> Iterator[Row | Notice]:
    for line, cells in rows:
        if any(cell.strip() for cell in cells[width:]):
            yield Notice(
                "not understood", "the row has more cells than the header has columns", Place(name, f"line {line}")
            )
            continue
        told = ((columns.get(number), plain(cell)) for number, cell in enumerate(cells))
        yield Row(line, {column: cell for column, cell in told if column is not None and cell})
