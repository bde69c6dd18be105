"""How deep a text may nest, and that what is deeper is refused before a parser sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tomledit import Document

from tui.errors import FileError
from tui.storage.nesting import MAX_DEPTH, check_nesting

DECOYS = ['"[[[["', "'{{{'", '"""[[\n"[["""', '"""a\\"""[[[""""', "'''[['\n'[[''''", "1.5", "[1, 2]", "{ x.y = '[' }"]


def nested(opened: str, closed: str, depth: int) -> str:
    return "a = " + opened * depth + "1" + closed * depth


@pytest.mark.timeout(60)
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 1000, 100_000])
@pytest.mark.parametrize(
    "deep",
    [
        lambda n: nested("[", "]", n),
        lambda n: nested("{a=", "}", n),
        lambda n: nested("[\n{'a' =", "},]", n),
        lambda n: "[[[[" + "[" * n,
        lambda n: "a" + ".a" * n + " = 1",
        lambda n: "[a" + " . 'a'" * n + "]",
        lambda n: "a = {" + "a." * n + "a = 1}",
        lambda n: "a = [\n'''\n''', # [\n" * n,
    ],
)
def test_deep_texts_are_refused_at_once(deep: Callable[[int], str], depth: int) -> None:
    text = deep(depth)
    with pytest.raises(FileError, match="more than 64 deep"):
        check_nesting(text, "x")


def test_the_line_of_the_nesting_is_named() -> None:
    text = 'a = """\n\n"""\n# [[[[\n' + nested("[", "]", 70)
    with pytest.raises(FileError, match=r"^x:5: "):
        check_nesting(text, "x")


def test_depth_adds_up_over_header_keys_and_brackets() -> None:
    def text(brackets: int) -> str:
        return f"[{'.'.join('h' * 20)}]\n{'.'.join('k' * 20)} = {'[' * brackets}{']' * brackets}"

    check_nesting(text(24), "x")
    with pytest.raises(FileError):
        check_nesting(text(25), "x")


@pytest.mark.parametrize("decoy", DECOYS)
def test_brackets_in_strings_and_comments_do_not_count(decoy: str) -> None:
    check_nesting(f"[a.'b[[['.c]\nk = {decoy} # [[[[\n" * 200, "x")
    check_nesting("k = [" + f"{decoy},\n" * 200 + "]", "x")
    Document.parse(f"k = [{decoy}, {decoy}]")


def test_one_forgotten_bracket_is_left_to_the_parser() -> None:
    check_nesting("a = [1,\n" + "[x.y]\nb = 2\nc.d = [3]\n" * 500, "x")


@settings(max_examples=40)
@given(st.integers(1, 90), st.data())
def test_nesting_is_refused_exactly_beyond_the_limit(depth: int, data: st.DataObject) -> None:
    text = "1"
    for _ in range(depth):
        decoy = data.draw(st.sampled_from(DECOYS[:5]))
        text = f"[{decoy}, # [{{\n{text}, {decoy}]"
    if depth <= MAX_DEPTH - 1:
        check_nesting(f"a = {text}", "x")
    else:
        with pytest.raises(FileError):
            check_nesting(f"a = {text}", "x")


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["[", "]", "{", "}", "a.", ".", "a=", ",", "\n", '"', "'", '"""', "'''", "\\", "#", "1", "{a.b=", "[["]
            ),
            st.sampled_from([1, 1, 1, 2, 30, 90]),
        ),
        max_size=25,
    )
)
def test_what_passes_never_recurses_too_deep(tokens: list[tuple[str, int]]) -> None:
    text = "".join(token * count for token, count in tokens)
    try:
        check_nesting(text, "x")
        value = Document.parse(text).value
    except (FileError, ValueError):
        return
    assert isinstance(value, dict)
