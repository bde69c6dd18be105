"""A TOML text is edited in place: what is written where, and what goes with what."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import tomledit

from tui.storage.splice import Change, Delete, Insert, Rename, SetValue, splice

FILE = """\
# Title

schema = 1
name = "x"   # the name

# about hub
[vnets.hub]
region = "westeurope"  # a comment
address_space = ["10.0.0.0/16"] # space

[vnets.hub.subnets]
GatewaySubnet = "10.0.0.0/27"
web = { prefixes = ["10.0.1.0/24"] }

# standing alone

# about spoke
[vnets.spoke]
region = "we"
"""


def check(before: str, changes: list[Change], after: str, **options: Any) -> None:
    assert splice(before, changes, **options) == after
    tomledit.Document.parse(after)


# Values


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('a\n"b"', r'"a\n\"b\""'),
        (True, "true"),
        (2, "2"),
        (1.5, "1.5"),
        (datetime.date(2027, 4, 30), "2027-04-30"),
        (["a", 1], '["a", 1]'),
        ({"p": ["a"], "a b": {}}, '{ p = ["a"], "a b" = {} }'),
    ],
)
def test_a_value_takes_the_place_of_the_old_one_and_no_more(value: Any, written: str) -> None:
    check("  a   = 'old' # c\nb = 1", [SetValue(("a",), value)], f"  a   = {written} # c\nb = 1")


def test_an_equal_value_is_not_written_anew() -> None:
    text = "a = 0x1F\nb = [ 1,2 ]\nc.d = '''x'''\n"
    assert splice(text, [SetValue(("a",), 31), SetValue(("b",), [1, 2]), SetValue(("c",), {"d": "x"})]) == text


def test_one_and_true_are_not_equal() -> None:
    check("a = 1\nb = [1]\n", [SetValue(("a",), True), SetValue(("b",), [1.0])], "a = true\nb = [1.0]\n")


def test_a_new_array_of_more_than_three_items_stands_one_a_line() -> None:
    check("  a = 1\n", [SetValue(("a",), [1, 2, 3, 4])], "  a = [\n    1,\n    2,\n    3,\n    4,\n  ]\n")
    check("a = 1\n", [SetValue(("a",), [1, 2, 3])], "a = [1, 2, 3]\n")


def test_a_new_array_is_indented_as_the_others_of_the_file() -> None:
    text = "a = [\n    1\n]\n"
    check(text, [SetValue(("b",), [1, 2, 3, 4])], f"{text}b = [\n    1,\n    2,\n    3,\n    4,\n]\n")


# Arrays


def test_a_removed_item_takes_the_comment_on_its_line_and_no_other() -> None:
    before = "a = [ # open\n  1, # one\n  # between\n  2, # two\n\n  3, # three\n  # end\n]\n"
    after = "a = [ # open\n  1, # one\n  # between\n\n  3, # three\n  # end\n]\n"
    check(before, [SetValue(("a",), [1, 3])], after)


@pytest.mark.parametrize(
    ("before", "items", "after"),
    [
        ("[1, 2, 3]", [1, 3], "[1, 3]"),
        ("[1, 2, 3]", [3], "[3]"),
        ("[ 1, 2 ]", [1], "[ 1 ]"),
        ("[1,2,]", [2, 5], "[2, 5,]"),
        ("[1]", [0, 1], "[0, 1]"),
        ("[]", [1], "[1]"),
        ("[1, 2]", [], "[]"),
        ("[]", [1, 2, 3, 4], "[\n  1,\n  2,\n  3,\n  4,\n]"),
        ("[\n]", [1], "[\n  1,\n]"),
        ("[\n\t1,\n\t2\n]", [1, 2, 3], "[\n\t1,\n\t2,\n\t3\n]"),
        ("[\n  1,\n  2]", [1], "[\n  1]"),
        ("[\n  1 # one\n  , 2\n]", [1], "[\n  1 # one\n]"),
        ("[\n  1, # one\n  2, # two\n]", [1, 9, 2], "[\n  1, # one\n  9,\n  2, # two\n]"),
        ("[\n  1, # one\n  2, # two\n]", [0, 1, 2], "[\n  0,\n  1, # one\n  2, # two\n]"),
        ("[\n  1, 2, # row\n  3,\n]", [1, 3], "[\n  1, # row\n  3,\n]"),
        ("[\n  1, 2, # row\n  3,\n]", [3], "[\n  3,\n]"),
        ("[\n  1\n  ,\n  2\n  ,\n]", [1, 2, 3], "[\n  1\n  ,\n  2,\n  3,\n]"),
        ("[\n  1, # one\n]", [7], "[\n  7, # one\n]"),
        ("[{ a = 1 }, { b = 2 }]", [{"b": 2}, {"c": 3}], "[{ b = 2 }, { c = 3 }]"),
    ],
)
def test_an_array_keeps_its_layout(before: str, items: list[Any], after: str) -> None:
    check(f"a = {before} # c\n", [SetValue(("a",), items)], f"a = {after} # c\n")


# Inline tables


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("{ b = 1, c = 2 }", [Delete(("a", "b"))], "{ c = 2 }"),
        ("{ b = 1, c = 2 }", [Delete(("a", "c")), SetValue(("a", "d"), [1])], "{ b = 1, d = [1] }"),
        ("{b=1}", [SetValue(("a", "b"), 2)], "{b=2}"),
        ("{}", [SetValue(("a", "b"), {"c": 1})], "{ b = { c = 1 } }"),
        ("{ b = 1 }", [Delete(("a", "b"))], "{ }"),
        ("{ b.c = 1, d = 2 }", [SetValue(("a", "b", "e"), 3)], "{ b.c = 1, b.e = 3, d = 2 }"),
        ("{ b.c = 1, d = 2, b.e = 3 }", [Delete(("a", "b"))], "{ d = 2 }"),
        ("{ b = 1, c = 2 }", [Rename(("a", "b"), "x y")], '{ "x y" = 1, c = 2 }'),
        ("{\n  b = 1, # b\n}", [SetValue(("a", "c"), 2)], "{\n  b = 1, # b\n  c = 2,\n}"),
        ("{\n  b = 1 # b\n}", [SetValue(("a", "c"), 2)], "{\n  b = 1, # b\n  c = 2\n}"),
        ("{\n  # on b\n  b = 1, # b\n  c = 2\n}", [Delete(("a", "b"))], "{\n  c = 2\n}"),
        ("{ b = { c = 1 } }", [SetValue(("a",), {"b": {"c": 2, "d": 3}})], "{ b = { c = 2, d = 3 } }"),
    ],
)
def test_an_inline_table_keeps_its_layout(before: str, changes: list[Change], after: str) -> None:
    check(f"a = {before} # c\n", changes, f"a = {after} # c\n")


# New keys


def test_a_new_key_goes_below_the_last_pair_of_its_table_as_it_is_indented() -> None:
    check(
        "[t]\n  a = 1 # a\n\n  # rest\n\n[u]\n",
        [SetValue(("t", "b"), 2)],
        "[t]\n  a = 1 # a\n  b = 2\n\n  # rest\n\n[u]\n",
    )
    check("[t] # t\n# rest\n[u]\n", [SetValue(("t", "b"), 2)], "[t] # t\nb = 2\n# rest\n[u]\n")


def test_a_new_key_of_a_dotted_table_goes_below_its_last_statement() -> None:
    before = "[t]\nsub.a = 1\nz = 2\nsub.n.b = 3 # b\ny = 4\n"
    after = '[t]\nsub.a = 1\nz = 2\nsub.n.b = 3 # b\nsub."x.y" = 5\ny = 4\n'
    check(before, [SetValue(("t", "sub", "x.y"), 5)], after)


def test_a_table_with_no_header_gets_one_before_its_sub_tables() -> None:
    before = "x = 1\n\n# about c\n[a.b.c]\ny = 1\n"
    check(before, [SetValue(("a", "b", "n"), 2)], "x = 1\n\n[a.b]\nn = 2\n\n# about c\n[a.b.c]\ny = 1\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1\n\n# about t\n[t]\n", "a = 1\nn = 2\n\n# about t\n[t]\n"),
        ("# title\n\n# about t\n[t]\n", "# title\n\nn = 2\n\n# about t\n[t]\n"),
        ("# about t\n[t]\n", "n = 2\n\n# about t\n[t]\n"),
        ("# title\n", "# title\nn = 2\n"),
        ("\ufeff[t]\n", "\ufeffn = 2\n\n[t]\n"),
        ("a = 1", "a = 1\nn = 2\n"),
        ("", "n = 2\n"),
    ],
)
def test_a_new_top_level_key_goes_above_the_first_header(before: str, after: str) -> None:
    check(before, [SetValue(("n",), 2)], after)


def test_a_key_whose_table_is_not_there_brings_the_table() -> None:
    check("[v.a]\nr = 1\n", [SetValue(("v", "a", "gw", "sku"), "x")], '[v.a]\nr = 1\ngw = { sku = "x" }\n')


# New tables


def test_a_new_table_is_a_pair_where_its_siblings_are_pairs() -> None:
    check("[s]\nb = { x = 1 }\n", [SetValue(("s", "c"), {"x": 2})], "[s]\nb = { x = 1 }\nc = { x = 2 }\n")


def test_a_new_table_is_a_section_where_its_siblings_are_sections() -> None:
    check("[a.b.c.d]\nx = 1\n", [SetValue(("a", "b", "c", "e"), {"x": 2})], "[a.b.c.d]\nx = 1\n\n[a.b.c.e]\nx = 2\n")


def test_a_new_table_goes_before_the_next_name_and_its_comments() -> None:
    after = FILE.replace("# about spoke", '[vnets.Mid]\nregion = "n"\n\n# about spoke')
    check(FILE, [SetValue(("vnets", "Mid"), {"region": "n"})], after)


def test_a_new_table_goes_below_the_last_section_of_its_parent() -> None:
    before = "[v.b]\nx = 1\n\n[v.a]\nx = 1\n[v.a.s]\ny = 1\n# end of a\n\n# about z\n[z]\n"
    after = "[v.b]\nx = 1\n\n[v.a]\nx = 1\n[v.a.s]\ny = 1\n# end of a\n\n[v.aa]\nx = 2\n\n# about z\n[z]\n"
    check(before, [SetValue(("v", "aa"), {"x": 2})], after)


def test_a_new_pair_goes_beside_its_alphabetical_neighbour() -> None:
    before = "[s]\na = { x = 1 }\n# about c\nc = { x = 1 }\n"
    after = "[s]\na = { x = 1 }\nB = { x = 2 }\n# about c\nc = { x = 1 }\n"
    check(before, [SetValue(("s", "B"), {"x": 2})], after)


def test_several_new_tables_stand_in_order() -> None:
    before = "[v.a]\nx = 1\n\n[v.d]\nx = 1\n"
    changes: list[Change] = [SetValue(("v", name), {"x": 2}) for name in ("e", "c", "b")]
    after = "[v.a]\nx = 1\n\n[v.b]\nx = 2\n\n[v.c]\nx = 2\n\n[v.d]\nx = 1\n\n[v.e]\nx = 2\n"
    check(before, changes, after)


def test_a_new_table_of_a_new_parent_goes_to_the_end() -> None:
    check("a = 1", [SetValue(("v", "b"), {"x": [1]})], "a = 1\n\n[v.b]\nx = [1]\n")
    check("a = 1\r\n", [SetValue(("v", "b"), {})], "a = 1\r\n\r\n[v.b]\r\n")


def test_a_table_in_a_new_table_is_inline_or_has_a_header_as_the_caller_says() -> None:
    value = {"subnets": {"web": {"p": 1}}, "region": "we", "tags": {"o": "p"}}
    after = '[v.a]\nregion = "we"\ntags = { o = "p" }\n\n[v.a.subnets]\nweb = { p = 1 }\n'
    check("", [SetValue(("v", "a"), value)], after, inline=lambda path: len(path) > 2 and path[-1] != "subnets")


# Tables set as a whole


def test_a_table_is_set_key_by_key() -> None:
    value = {"region": "westeurope", "address_space": ["10.0.0.0/16", "10.1.0.0/16"], "subnets": {"web": "10.0.1.0/24"}}
    after = (
        FILE.replace('["10.0.0.0/16"]', '["10.0.0.0/16", "10.1.0.0/16"]')
        .replace('GatewaySubnet = "10.0.0.0/27"\n', "")
        .replace('{ prefixes = ["10.0.1.0/24"] }', '"10.0.1.0/24"')
    )
    check(FILE, [SetValue(("vnets", "hub"), value)], after)


def test_a_short_form_becomes_a_table() -> None:
    value = {"prefixes": ["10.0.0.0/27"], "note": "gw"}
    after = FILE.replace('"10.0.0.0/27"', '{ prefixes = ["10.0.0.0/27"], note = "gw" }')
    check(FILE, [SetValue(("vnets", "hub", "subnets", "GatewaySubnet"), value)], after)


def test_a_table_becomes_a_value() -> None:
    check("[a]\nx = 1\n\n[a.b]\ny = 1\n\n[a.b.c]\nz = 1\n", [SetValue(("a", "b"), 2)], "[a]\nx = 1\nb = 2\n")
    check("[a]\nb.c = 1\nx = 1\n", [SetValue(("a", "b"), [2])], "[a]\nb = [2]\nx = 1\n")


# Deleting


def test_a_pair_goes_with_its_line_and_the_comments_right_above() -> None:
    before = "a = 1\n\n# alone\n\n# one\n  # two\nb = [\n 1, # x\n] # end\n# next\nc = 2\n"
    check(before, [Delete(("b",))], "a = 1\n\n# alone\n\n# next\nc = 2\n")


def test_a_comment_sign_at_the_end_of_a_text_is_no_comment() -> None:
    check('a = """\n# x"""\nb = 1\n', [Delete(("b",))], 'a = """\n# x"""\n')


def test_a_table_goes_with_all_its_sections_and_the_comments_right_above() -> None:
    after = FILE[: FILE.index("# about hub")] + FILE[FILE.index("# standing") :]
    check(FILE, [Delete(("vnets", "hub"))], after)


def test_sections_of_one_table_go_wherever_they_stand() -> None:
    before = "[a]\nx = 1\n\n[b]\nx = 1\n# of b\n\n[a.s]\nx = 1\n# of c\n[c]\nx = 1\n"
    check(before, [Delete(("a",))], "[b]\nx = 1\n# of b\n\n# of c\n[c]\nx = 1\n")


def test_a_deletion_leaves_no_double_blank_line() -> None:
    before = "[a]\nx = 1\n\n[b]\nx = 1\n\n[c]\nx = 1\n"
    check(before, [Delete(("a",))], "[b]\nx = 1\n\n[c]\nx = 1\n")
    check(before, [Delete(("b",))], "[a]\nx = 1\n\n[c]\nx = 1\n")
    check(before, [Delete(("c",))], "[a]\nx = 1\n\n[b]\nx = 1\n")
    check(before, [Delete(("a",)), Delete(("b",))], "[c]\nx = 1\n")
    check(before, [Delete(("b",)), Delete(("c",))], "[a]\nx = 1\n")


def test_a_header_stays_when_its_last_pair_goes() -> None:
    check("[a]\nx = 1\n", [Delete(("a", "x"))], "[a]\n")


def test_deleting_what_is_not_there_does_nothing() -> None:
    check(FILE, [Delete(("vnets", "nowhere")), Delete(("sites", "x"))], FILE)


# Renaming


def test_a_rename_reaches_every_place_of_the_key_and_nothing_else() -> None:
    check(FILE, [Rename(("vnets", "hub"), "h.b")], FILE.replace("[vnets.hub", '[vnets."h.b"'))


def test_a_rename_reaches_dotted_keys() -> None:
    check("a . 'b'.c = 1\nz = 1\na.b.d = 2\n", [Rename(("a", "b"), "")], 'a . "".c = 1\nz = 1\na."".d = 2\n')


def test_changes_below_a_renamed_table_use_its_old_name() -> None:
    changes: list[Change] = [Rename(("v", "a"), "b"), SetValue(("v", "a", "s", "y"), 1), SetValue(("v", "a", "x"), 2)]
    check("[v.a]\nx = 1\n[v.a.s]\n", changes, "[v.b]\nx = 2\n[v.b.s]\ny = 1\n")
    check("v.a.x = 1\n", [Rename(("v", "a"), "b"), SetValue(("v", "a", "y"), 1)], "v.b.x = 1\nv.b.y = 1\n")


def test_two_names_can_be_swapped() -> None:
    check("a = 1\nb = 2\n", [Rename(("a",), "b"), Rename(("b",), "a")], "b = 1\na = 2\n")


def test_a_new_entry_may_take_the_name_that_a_rename_frees() -> None:
    check("[v.a]\nx = 1\n", [Rename(("v", "a"), "b"), Insert(("v", "a"), {"x": 2})], "[v.b]\nx = 1\n\n[v.a]\nx = 2\n")


def test_a_deletion_and_an_insertion_of_one_path_replace() -> None:
    check("a = 1\nb = 2\n", [Delete(("a",)), Insert(("a",), 3)], "a = 3\nb = 2\n")
    check("[v.a]\nx = 1\n", [Delete(("v", "a")), SetValue(("v", "a"), {"y": 2})], "[v.a]\ny = 2\n")


# Line ends


def test_new_lines_end_as_their_neighbours_do() -> None:
    before = "\ufeff[a]\r\nx = '''\r\n\n'''\r\n[b]\ny = 1\n"
    after = "\ufeff[a]\r\nx = '''\r\n\n'''\r\nz = 1\r\n[b]\ny = 1\nz = [\n  1,\n  2,\n  3,\n  4,\n]\n"
    check(before, [SetValue(("a", "z"), 1), SetValue(("b", "z"), [1, 2, 3, 4])], after)


# What cannot be done


@pytest.mark.parametrize(
    "changes",
    [
        [SetValue(("a", "x"), 1)],
        [Rename(("z",), "y")],
        [Rename(("a",), "b")],
        [Rename(("a",), "n"), SetValue(("n",), 1)],
        [Delete(("t",)), SetValue(("t", "x"), 1)],
        [Delete(())],
        [SetValue((), 1)],
    ],
)
def test_what_has_no_meaning_is_refused(changes: list[Change]) -> None:
    with pytest.raises(ValueError, match=r"is|would|neither"):
        splice("a = 1\nb = 2\n[t]\nx = 1\n", changes)


def test_the_whole_document_can_be_set() -> None:
    check("# t\n\na = 1 # a\nb = 2\n", [SetValue((), {"a": 1, "c": {"d": 1}})], "# t\n\na = 1 # a\n\n[c]\nd = 1\n")
