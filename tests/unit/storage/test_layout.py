"""The layout tells where each key and value of a text stands."""

from __future__ import annotations

import pytest

from tui.storage.layout import Layout, scan

TEXT = """\
schema = 1

[vnets.hub]
address_space = [
  "10.0.0.0/16", # one
  "10.1.0.0/16",
]
tags = { owner = "net", x.y = 1 }

  [vnets.hub.subnets]
  app = "10.0.0.0/24"
dotted.a = 1
dotted.b = 2

[[things]]
a = 1
[things.below]
b = 1
[[things]]
a = 2
"""


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ((), (1, 1)),
        (("schema",), (1, 1)),
        (("vnets",), (3, 2)),
        (("vnets", "hub"), (3, 1)),
        (("vnets", "hub", "address_space"), (4, 1)),
        (("vnets", "hub", "address_space", 1), (6, 3)),
        (("vnets", "hub", "tags", "owner"), (8, 10)),
        (("vnets", "hub", "tags", "x"), (8, 25)),
        (("vnets", "hub", "tags", "x", "y"), (8, 27)),
        (("vnets", "hub", "subnets"), (10, 3)),
        (("vnets", "hub", "subnets", "app"), (11, 3)),
        (("vnets", "hub", "subnets", "dotted"), (12, 1)),
        (("vnets", "hub", "subnets", "dotted", "b"), (13, 8)),
        (("things",), (15, 1)),
        (("things", 1), (19, 1)),
        (("things", 0, "below", "b"), (18, 1)),
    ],
)
def test_a_path_has_a_line_and_a_column(path: tuple[str | int, ...], position: tuple[int, int]) -> None:
    assert Layout(TEXT).position(path) == position


@pytest.mark.parametrize(
    ("path", "position"),
    [
        (("vnets", "hub", "subnets", "app", "prefixes", 0), (11, 3)),
        (("vnets", "hub", "gateway", "sku"), (3, 1)),
        (("vnets", "hub", "address_space", 7), (4, 1)),
        (("sites", "x"), (1, 1)),
    ],
)
def test_a_path_that_goes_deeper_than_the_text_is_where_the_text_ends(
    path: tuple[str | int, ...], position: tuple[int, int]
) -> None:
    assert Layout(TEXT).position(path) == position


def test_columns_count_characters_and_no_byte_order_mark() -> None:
    layout = Layout('\ufeff"ä" = { "😀" = 1, b = 2 }\r\nc = 3\r\n')
    assert layout.position(("ä",)) == (1, 1)
    assert layout.position(("ä", "b")) == (1, 18)
    assert layout.position(("c",)) == (2, 1)


def test_a_value_on_several_lines_counts_as_lines() -> None:
    layout = Layout('a = """\n# [x]\n"\n"""\nb = [ # ]\n  1,\n]\n"c d" = 1\n')
    assert layout.position(("b", 0)) == (6, 3)
    assert layout.position(("c d",)) == (8, 1)


def test_every_place_of_a_key_is_known() -> None:
    text = "[a.b]\nx = 1\n[ a . 'b' . c ]\n[a]\nz.q = 1\nz.r = 2\n"
    root = scan(text)
    a = root.children["a"]
    assert [text[start:end] for start, end in a.children["b"].key_spans] == ["b", "'b'"]
    assert len(a.key_spans) == 3
    assert [text[s.start : s.end] for s in a.children["z"].statements] == ["z.q = 1\n", "z.r = 2\n"]


def test_a_statement_is_its_whole_lines() -> None:
    text = "# c\n  a = [\r\n 1 ] # t\r\nb = 2"
    root = scan(text)
    statements = [root.children[name].statements[0] for name in "ab"]
    assert [text[s.start : s.end] for s in statements] == ["  a = [\r\n 1 ] # t\r\n", "b = 2"]
    assert text[statements[0].trivia : statements[0].start] == "# c\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('a = """"q"""""', '""""q"""""'),
        ("a = '''x''''", "'''x''''"),
        (r'a = "\"]" # "', r'"\"]"'),
        ("a = 1979-05-27 07:32:00Z # t", "1979-05-27 07:32:00Z"),
        ("a = 2027-04-30 # t", "2027-04-30"),
        ("a = {\n b = 1, # }\n}\n", "{\n b = 1, # }\n}"),
    ],
)
def test_a_value_ends_where_toml_ends_it(text: str, value: str) -> None:
    span = scan(text).children["a"].value
    assert span
    assert text[slice(*span)] == value


@pytest.mark.parametrize(
    ("written", "name"), [(r'"\x41\e\u00e9"', "A\x1bé"), ("''", ""), ('""', ""), (r"'\n'", "\\n"), ("-", "-")]
)
def test_a_key_is_known_by_its_name(written: str, name: str) -> None:
    assert list(scan(f"{written} = 1").children) == [name]


@pytest.mark.parametrize("text", ["a", "a = ", "[a", "a = [1", "a = {b = 1", "a = 1 2", "= 1", "a = [1 2]", 'a = """x'])
def test_what_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        scan(text)
