"""The header of a table is the line with most columns that are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.spreadsheet.header import MAX_ABOVE, header_of, looks_like_table


@pytest.mark.parametrize(
    ("text", "line", "delimiter", "above"),
    [
        ("VNet,Prefix\n", 1, ",", 0),
        ("Plan\nVNet;Prefix\n", 2, ";", 1),
        ("\n\r\n;;;\nVNet\tPrefix\n", 4, "\t", 0),
        ("sep=|\nVNet|Prefix, Subnet\n", 2, "|", 0),
        ('#TYPE x\n"VNet","Prefix"\n', 2, ",", 0),
        ("VNet\nVNet,Prefix,Region\n", 2, ",", 1),
        ("VNet,Prefix\nsite,subnet\n", 1, ",", 0),
        ("no,column,is,known\nof,these\n", 1, ",", 0),
        ("x\n" * MAX_ABOVE + "VNet,Prefix\n", 1, ",", 0),
        ("a\rVNet,Prefix\rhub,10.0.0.0/16", 2, ",", 1),
    ],
)
def test_the_header_is_looked_for_in_the_first_lines(text: str, line: int, delimiter: str, above: int) -> None:
    found = header_of(text)
    assert (found.line, found.delimiter, found.above) == (line, delimiter, above)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("IP plan\n\nVNet;Prefix\n", True),
        ("my network\n", False),
        ("10.0.0.0/16,hub\n", False),
        ("Name,Owner\n", True),
        ("resource = subnet,vnet\n", False),
        ("", False),
    ],
)
def test_a_table_is_known_by_the_words_of_its_header(text: str, wanted: bool) -> None:
    assert looks_like_table(text) is wanted


@given(st.text(alphabet='VNetPrefix,;|\t"\n\r#= '))
def test_the_header_of_any_text_begins_where_its_line_does(text: str) -> None:
    found = header_of(text)
    before = text[: found.begin]
    assert found.begin == 0 or before.endswith(("\n", "\r"))
    assert found.line == before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
