"""What the planner answers while somebody types, and what its rows stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import topology
from tui.app.panes.planner import COLUMNS, answer, chosen, rows, way_out
from tui.app.widgets.rows import Row
from tui.errors import VnetTuiError
from tui.planner.placement import STRATEGIES
from tui.planner.suggest import suggestions

PLAN = topology("""
    [planning.pools]
    weu-prod = { prefixes = ["10.64.0.0/21"], region = "westeurope" }
    "lab 2" = ["172.20.0.0/16"]
    six = ["fd00::/40"]
    [vnets.app]
    address_space = ["10.64.0.0/22"]
    [vnets.db]
    address_space = ["10.64.6.0/24"]
    growth = ["10.64.7.0/24"]
""")


def texts(lines: list[Row]) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in lines]


def test_the_first_line_says_how_much_is_free_and_the_orders_stand_below_each_other() -> None:
    head, *lines = rows(PLAN, "/24 in weu-prod")
    assert head.group
    assert texts([head]) == [["/24 (251 usable) in pool weu-prod: 2 free, the largest block 10.64.4.0/23"]]
    assert [row.key for row in lines] == [("block", "10.64.4.0/24", strategy) for strategy in STRATEGIES]
    assert [row[:3] for row in texts(lines)] == [
        ["tightest", "10.64.4.0/24", "1 × /24, a /24"],
        ["in order", "10.64.4.0/24", "1 × /24, a /24"],
        ["room to grow", "10.64.4.0/24", "1 × /24, a /24"],
    ]
    assert (
        lines[1].cells[3].text.startswith("lowest free /24 in 10.64.0.0/21 (weu-prod, westeurope); between app and db;")
    )
    assert all(len(row.cells) == len(COLUMNS) for row in lines)


def test_of_several_blocks_each_order_is_a_group_that_says_what_it_leaves() -> None:
    lines = rows(PLAN, "2 x /18 in lab 2")
    assert texts(lines[:1]) == [
        [
            "2 × /18 (16379 usable) in pool lab 2: 4 free, the largest block 172.20.0.0/16",
        ]
    ]
    groups = [row for row in lines[1:] if row.group]
    assert texts(groups) == [
        ["tightest: 2 blocks, 172.20.0.0/18 to 172.20.64.0/18; leaves 2 × /18, a /17"],
        ["in order: 2 blocks, 172.20.0.0/18 to 172.20.64.0/18; leaves 2 × /18, a /17"],
        ["room to grow: 2 blocks, 172.20.0.0/18 to 172.20.128.0/18; leaves 2 × /18, a /18"],
    ]
    assert [row.key for row in lines[2:4]] == [
        ("block", "172.20.0.0/18", "tightest"),
        ("block", "172.20.64.0/18", "tightest"),
    ]


def test_of_very_many_blocks_some_are_listed_and_the_rest_counted() -> None:
    lines = rows(PLAN, "100 x /28 in lab 2")
    assert [row.cells[0].text for row in lines if row.key == ("more", "tightest")] == ["and 36 more"]
    assert sum(row.key[0] == "block" for row in lines if isinstance(row.key, tuple)) == 3 * 64
    found = chosen(PLAN, "100 x /28 in lab 2", ("placement", "tightest"))
    assert found is not None
    assert (len(found.blocks), found.whole) == (100, True)


def test_many_blocks_are_folded_so_that_the_three_placements_stand_below_each_other() -> None:
    text = "10 x /24 in lab 2"
    _, *lines = rows(PLAN, text, toggled=())
    assert [row.key for row in lines] == [("placement", strategy) for strategy in STRATEGIES]
    assert texts(lines)[0] == [
        "▸ tightest: 10 blocks, 172.20.0.0/24 to 172.20.9.0/24; leaves 246 × /24, a /17; space lists them"
    ]
    unfolded = rows(PLAN, text, toggled={"in-order"})
    assert sum(row.key[0] == "block" for row in unfolded if isinstance(row.key, tuple)) == 10
    assert texts(unfolded)[2][0].startswith("▾ in order: 10 blocks")
    few = rows(PLAN, "2 x /24 in lab 2", toggled=())
    assert sum(row.key[0] == "block" for row in few if isinstance(row.key, tuple)) == 6
    assert rows(PLAN, text, toggled=(), ascii_only=True)[1].cells[0].text.startswith("> tightest")


def test_where_fewer_are_free_than_were_asked_for_the_refusal_comes_first() -> None:
    keys = [row.key for row in rows(PLAN, "3 x /24 in weu-prod")]
    assert keys[1] == ("planner", "why")
    assert keys.index(("way", 0)) < keys.index(("placement", "tightest"))
    (one,) = [row for row in rows(PLAN, "2 x /23 in weu-prod") if row.key == ("placement", "tightest")]
    assert one.cells[0].text == "tightest: 1 block, 10.64.4.0/23; leaves 0 × /23"


def test_what_is_made_is_in_the_region_that_was_asked_for_and_else_in_that_of_the_pool() -> None:
    for text, region in (
        ("/24 northeurope", "northeurope"),
        ("/24 northeurope in weu-prod", "northeurope"),
        ("/24 in weu-prod", "westeurope"),
        ("/24 in lab 2", None),
    ):
        found = chosen(PLAN, text, rows(PLAN, text)[1].key)
        assert found is not None
        assert found.region(found.blocks[0]) == region


def test_hosts_growth_and_huge_numbers_are_told() -> None:
    assert (
        rows(PLAN, "500 hosts in weu-prod")[0].cells[0].text.startswith("500 hosts need a /23 in pool weu-prod: 1 free")
    )
    head, first, *_ = rows(PLAN, "/24 grow /23 in weu-prod")
    assert head.cells[0].text.startswith("/24 (251 usable), to grow to a /23 in pool weu-prod: 1 free")
    assert "10.64.5.0/24 held for it to grow to 10.64.4.0/23" in first.cells[3].text
    assert first.cells[2].text == "0 × /23"
    assert rows(PLAN, "/128 in six")[0].cells[0].text == "/128 in pool six: 2^88 free, the largest block fd00::/40"


def test_a_region_without_a_pool_and_a_size_that_azure_has_no_subnet_for_are_said() -> None:
    assert " for northeurope, which has no pool of its own: " in rows(PLAN, "/24 northeurope")[0].cells[0].text
    assert " for westeurope: " in rows(PLAN, "/24 westeurope")[0].cells[0].text
    assert rows(PLAN, "/30")[0].cells[0].text.endswith("; Azure's smallest subnet is a /29")
    assert " in 10.0.0.0/9: " in rows(PLAN, "/24 in 10.0.0.0/9")[0].cells[0].text


@pytest.mark.parametrize("text", ["", "big", "/24 in nowhere", "/24 grow /28", "0 x /24"])
def test_what_is_not_understood_is_said_with_what_may_be_typed(text: str) -> None:
    with pytest.raises(VnetTuiError) as caught:
        answer(PLAN, text)
    head, hint = rows(PLAN, text)
    assert head.group
    assert texts([head, hint]) == [[caught.value.message], [caught.value.hint]]
    assert chosen(PLAN, text, head.key) is None
    assert way_out(PLAN, text, hint.key) is None


def test_a_refusal_is_one_line_and_its_ways_out_are_rows_of_their_own() -> None:
    every = rows(PLAN, "/23 x 2 in weu-prod")
    assert every[0].cells[0].text.startswith("2 × /23")
    said = next(row for row in every if row.key == ("planner", "why"))
    assert said.group
    assert said.cells[0].text.startswith(
        "only 1 of 2 × /23 are free in pool weu-prod: the largest free block is 10.64.4.0/23"
    )
    ways = [row for row in every if isinstance(row.key, tuple) and row.key[0] == "way"]
    found = [way_out(PLAN, "/23 x 2 in weu-prod", row.key) for row in ways]
    assert len(ways) > 1
    for row, way in zip(ways, found, strict=True):
        assert way is not None
        does = way.edit or way.request or way.moves
        assert row.cells[0].text == f"{way.text}{'; Enter does it' if does else ''}"
    assert any(way is not None and way.request is not None for way in found)


def test_a_way_out_that_is_an_edit_makes_room_for_what_was_typed() -> None:
    text = "/24 x 3 in weu-prod"
    keys = [row.key for row in rows(PLAN, text)]
    way = way_out(PLAN, text, ("way", 0))
    assert ("way", 0) in keys
    assert way is not None
    assert way.text == "release 10.64.7.0/24, which is held for db"
    assert way.edit is not None
    after = way.edit.apply(PLAN)
    request, found = answer(after, text)
    assert all(one.refusal is None for one in found)
    assert suggestions(after, request).blocks == found[0].blocks


def test_a_row_stands_for_its_block_and_a_group_for_all_of_its_order() -> None:
    text = "2 x /18 in lab 2"
    grow = chosen(PLAN, text, ("placement", "room-to-grow"))
    assert grow is not None
    assert [str(one.prefix) for one in grow.blocks] == ["172.20.0.0/18", "172.20.128.0/18"]
    block = chosen(PLAN, text, ("block", "172.20.128.0/18", "room-to-grow"))
    assert block is not None
    assert ([str(one.prefix) for one in block.blocks], block.whole) == (["172.20.128.0/18"], False)
    assert chosen(PLAN, text, ("block", "172.20.128.0/18", "tightest")) is None
    assert chosen(PLAN, text, ("planner", "asked")) is None
    assert chosen(PLAN, text, None) is None
    assert way_out(PLAN, text, ("block", "172.20.128.0/18", "tightest")) is None


@given(
    st.text(max_size=24)
    | st.from_regex(
        r"([0-9]{1,2} ?x ?)?/?[0-9]{1,14} ?(hosts)?( ipv6)?( in .{0,8})?( grow /[0-9]{1,2})?", fullmatch=True
    )
)
def test_whatever_is_typed_gives_rows_with_keys_of_their_own_and_each_can_be_chosen(text: str) -> None:
    lines = rows(PLAN, text)
    assert lines
    assert len({row.key for row in lines}) == len(lines)
    for row in lines:
        if isinstance(row.key, tuple) and row.key[0] == "block":
            found = chosen(PLAN, text, row.key)
            assert found is not None
            assert len(found.blocks) == 1
