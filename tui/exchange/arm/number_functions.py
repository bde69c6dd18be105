"""Number functions: arithmetic, comparisons, truth and conversions, as Azure documents them.

Owns what is equal, what is less, and what an integer of Azure can hold.
Invariant: a number is an integer of 64 bits; what would not fit is refused as Azure refuses it.
"""

from __future__ import annotations

import re

from tui.exchange.arm.text_functions import text_of, whole
from tui.exchange.arm.values import FunctionError, Value, Work, json_text

_LARGEST = (1 << 63) - 1


def fitting(number: int) -> int:
    """Return the number. Raises FunctionError for one that 64 bits do not hold."""
    if -_LARGEST - 1 <= number <= _LARGEST:
        return number
    raise FunctionError("the number is too large")


def add(arguments: list[Value], work: Work) -> Value:
    return fitting(whole(arguments[0]) + whole(arguments[1]))


def subtract(arguments: list[Value], work: Work) -> Value:
    return fitting(whole(arguments[0]) - whole(arguments[1]))


def multiply(arguments: list[Value], work: Work) -> Value:
    return fitting(fitting(whole(arguments[0])) * fitting(whole(arguments[1])))


def divide(arguments: list[Value], work: Work) -> Value:
    number, divisor = whole(arguments[0]), whole(arguments[1])
    if not divisor:
        raise FunctionError("it divides by zero")
    # Azure rounds towards zero, Python down.
    quotient = abs(number) // abs(divisor)
    return fitting(quotient if (number < 0) == (divisor < 0) else -quotient)


def modulo(arguments: list[Value], work: Work) -> Value:
    number, divisor = whole(arguments[0]), whole(arguments[1])
    if not divisor:
        raise FunctionError("it divides by zero")
    rest = abs(number) % abs(divisor)
    return fitting(-rest if number < 0 else rest)


def smallest(arguments: list[Value], work: Work) -> Value:
    return min(_numbers(arguments, work))


def largest(arguments: list[Value], work: Work) -> Value:
    return max(_numbers(arguments, work))


def _numbers(arguments: list[Value], work: Work) -> list[int]:
    items = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
    if not items:
        raise FunctionError("the array is empty")
    work.step(len(items))
    return [whole(item) for item in items]


def same(one: Value, other: Value, work: Work) -> bool:
    """True for equal values: strings by case, objects whatever the order of their keys; 1 is not true."""
    if isinstance(one, str) and isinstance(other, str):
        work.text(min(len(one), len(other)))
        return one == other
    if type(one) is not type(other):
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return numbers and not isinstance(one, bool) and not isinstance(other, bool) and one == other
    return json_text(one, work, in_order=True) == json_text(other, work, in_order=True)


def compared(one: Value, other: Value, work: Work) -> int:
    """Return -1, 0 or 1 for two integers or two strings; strings by the codes of their characters."""
    if isinstance(one, str) and isinstance(other, str):
        work.text(min(len(one), len(other)))
        return (one > other) - (one < other)
    number, second = whole(one), whole(other)
    return (number > second) - (number < second)


def less(arguments: list[Value], work: Work) -> Value:
    return compared(arguments[0], arguments[1], work) < 0


def less_or_equal(arguments: list[Value], work: Work) -> Value:
    return compared(arguments[0], arguments[1], work) <= 0


def greater(arguments: list[Value], work: Work) -> Value:
    return compared(arguments[0], arguments[1], work) > 0


def greater_or_equal(arguments: list[Value], work: Work) -> Value:
    return compared(arguments[0], arguments[1], work) >= 0


def truth(value: Value) -> bool:
    """Return an argument that must be a boolean."""
    if isinstance(value, bool):
        return value
    raise FunctionError("it takes a boolean where something else is given")


def negated(arguments: list[Value], work: Work) -> Value:
    return not truth(arguments[0])


def to_boolean(arguments: list[Value], work: Work) -> Value:
    value = arguments[0]
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    if value in (0, 1):
        return value == 1
    raise FunctionError("the value is neither true nor false")


def to_integer(arguments: list[Value], work: Work) -> Value:
    value = arguments[0]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if re.fullmatch(r"\s*[-+]?[0-9]{1,19}\s*", text_of(value), re.ASCII):
        return fitting(int(value))
    raise FunctionError("the string is no integer")
