from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.arm.expressions import (
    MAX_LENGTH,
    MAX_NESTING,
    Access,
    Call,
    ExpressionError,
    Literal,
    is_expression,
    literal_text,
    parsed,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("[[not evaluated]", "[not evaluated]"),
        ("[[starts only", "[[starts only"),
        ("[a] b", "[a] b"),
        ("", ""),
    ],
)
def test_a_string_without_an_expression_means_itself_or_loses_its_escaping_bracket(text: str, expected: str) -> None:
    assert not is_expression(text)
    assert literal_text(text) == expected


def test_calls_properties_and_elements_nest() -> None:
    assert parsed("[ Concat( 'it''s' , variables('v').x['y'][0] , -7 ) ]") == Call(
        "concat",
        (
            Literal("it's"),
            Access(Call("variables", (Literal("v"),), "variables"), (Literal("x"), Literal("y"), Literal(0))),
            Literal(-7),
        ),
        "Concat",
    )


def test_constants_and_functions_of_a_namespace_are_read() -> None:
    assert parsed("[ns.f(true, NULL)]") == Call("ns.f", (Literal(True), Literal(None)), "ns.f")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "ends too early"),
        ("[f(]", "ends too early"),
        ("[f(1,)]", "unexpected at character 6"),
        ("[f(1) g()]", "unexpected at character 7"),
        ("[f('x]", "closing quote at character 4"),
        ("[x]", "a name that is no function"),
        ("[1.5]", "no part of an expression at character 2"),
        ("[f(#)]", "no part of an expression at character 4"),
        ("[f().]", "ends too early"),
        ("[f()[0]", "ends too early"),
        ("[99999999999999999999999]", "too large"),
        ("[" + "f(" * (MAX_NESTING + 2) + ")" * (MAX_NESTING + 2) + "]", "deeper"),
        ("['" + "x" * MAX_LENGTH + "']", "longer"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        parsed(text)


def test_no_message_quotes_a_string() -> None:
    with pytest.raises(ExpressionError) as caught:
        parsed("[f('hunter2' 'hunter2')]")
    assert "hunter2" not in str(caught.value)


@given(st.text(alphabet="f('x)],[.0 \n-é", max_size=40) | st.text(max_size=40))
def test_nothing_but_its_own_error_is_ever_raised(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        assert parsed(f"[{text}]") == parsed(f"[ {text} ]")


@given(st.text(max_size=60))
def test_any_string_survives_quoting(text: str) -> None:
    quoted = text.replace("'", "''")
    assert parsed(f"['{quoted}']") == Literal(text)
