"""The strip: a prefix of a VNet as one line, with every subnet and every gap in the order of their addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.building import topology
from tui.app.panes.strip import strip_line, strip_rows
from tui.planner.subnets.layout import GapOrSubnet, strip
from tui.topology.model import VNet
from tui.topology.prefix import Prefix


def vnet(text: str) -> VNet:
    """The one VNet of a file."""
    (found,) = topology(text).vnets.values()
    return found


def drawn(text: str) -> dict[str, str]:
    """Each prefix of the one VNet of a file, with its line."""
    return {row.cells[0].text: row.cells[1].text for row in strip_rows(vnet(text))}


def test_a_subnet_has_its_name_and_a_gap_has_dots_each_as_wide_as_it_is_large() -> None:
    (line,) = drawn("""
        [vnets.a]
        address_space = ["10.0.0.0/24"]
        subnets = { second = "10.0.0.128/25", first = "10.0.0.0/26" }
    """).values()
    first, gap, second, end = line.split("|")[1:]
    assert (first.strip("-"), set(gap), second.strip("-"), end) == ("first", {"."}, "second", "")
    assert abs(len(first) - len(gap)) <= 1
    assert abs(len(second) - 2 * len(first)) <= 2


def test_each_prefix_has_a_line_of_its_own_also_where_it_stands_twice_or_is_empty() -> None:
    lines = drawn("""
        [vnets.a]
        address_space = ["10.2.0.0/24", "10.1.0.0/24", "10.2.0.0/24", "fd00::/56"]
        subnets = { web = ["10.2.0.0/25", "fd00:0:0:1::/64"], tiny = "10.2.0.128/29" }
    """)
    assert set(lines) == {"10.1.0.0/24", "10.2.0.0/24", "fd00::/56"}
    assert set(lines["10.1.0.0/24"].strip("|")) == {"."}
    assert [piece[:1] for piece in lines["10.2.0.0/24"].split("|")[1:-1]] == ["w", "t", *"...."]
    assert [piece[:1] for piece in lines["fd00::/56"].split("|")[1:3]] == [".", "w"]


def test_a_vnet_without_address_space_has_no_strip() -> None:
    assert drawn("[vnets.a]\n") == {}


def test_where_there_are_more_pieces_than_cells_the_line_says_how_full_it_is() -> None:
    subnets = ", ".join(f's{number} = "10.0.{number}.0/26"' for number in range(64))
    lines = drawn(f'[vnets.a]\naddress_space = ["10.0.0.0/16"]\nsubnets = {{ {subnets} }}\n')
    assert lines == {"10.0.0.0/16": "[#-----] 64 subnets, 6 % used"}


@pytest.mark.parametrize("name", ["\x1b[31mred", "東京ネットワーク", "a\u202eb", "[red]x[/]", "é" * 60, ""])
def test_a_name_is_text_of_no_more_cells_than_its_piece_has(name: str) -> None:
    space = Prefix.parse("10.0.0.0/24")
    low, high = space.split(25)
    line = strip_line(space, [GapOrSubnet(low, name), GapOrSubnet(high, None)])
    assert cell_len(line) == cell_len(strip_line(space, [GapOrSubnet(low, "web"), GapOrSubnet(high, None)]))
    assert not set(line) & {"\x1b", "\u202e"}


def test_names_that_differ_at_their_ends_can_be_told_apart_where_they_are_cut() -> None:
    space = Prefix.parse("10.0.0.0/24")
    low, high = space.split(25)
    line = strip_line(space, [GapOrSubnet(low, "application-tier-1"), GapOrSubnet(high, "application-tier-2")], 24)
    assert line == "|appli~ier-1|appli~ier-2|"


@st.composite
def vnets(draw: st.DrawFn) -> VNet:
    """A VNet of one /24 with subnets that do not overlap."""
    laid = {}
    at = 0
    while at < 256:
        size = draw(st.sampled_from([8, 16, 32, 64, 128]))
        at += -at % size
        if at + size > 256:
            break
        if draw(st.booleans()):
            laid[f"s{at}"] = f"10.0.0.{at}/{32 - (size.bit_length() - 1)}"
        at += size
    subnets = "".join(f'{name} = "{prefix}"\n' for name, prefix in laid.items())
    return vnet(f'[vnets.a]\naddress_space = ["10.0.0.0/24"]\n[vnets.a.subnets]\n{subnets}')


@given(vnets(), st.integers(20, 80))
def test_every_piece_is_in_the_line_in_order_and_none_has_fewer_cells_than_a_smaller_one(one: VNet, cells: int) -> None:
    ((space, pieces),) = strip(one)
    line = strip_line(space, pieces, cells)
    if 2 * len(pieces) > cells:
        assert line.endswith("% used")
        return
    assert len(line) == cells + 1
    parts = line.split("|")[1:-1]
    assert len(parts) == len(pieces)
    for part, piece in zip(parts, pieces, strict=True):
        assert part
        if piece.name is None:
            assert set(part) == {"."}
        else:
            assert part.rstrip("-") == piece.name[: len(part)]
    for part, piece in zip(parts, pieces, strict=True):
        for other, smaller in zip(parts, pieces, strict=True):
            if smaller.prefix.size < piece.prefix.size:
                assert len(part) >= len(other) - 1  # where the cells do not divide
