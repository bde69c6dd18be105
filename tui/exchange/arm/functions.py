"""Functions: the table of what Azure's template language can compute from arguments alone.

Owns which function takes how many arguments, and which can work with arguments that are not known in part. Functions
that need the template (parameters, reference, lambda and so on) are in the module of special forms.
Invariant: a function gives a value or raises FunctionError, whatever its arguments are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tui.exchange.arm import address_functions as addresses
from tui.exchange.arm import collection_functions as collections
from tui.exchange.arm import number_functions as numbers
from tui.exchange.arm import text_functions as texts
from tui.exchange.arm.values import FunctionError, NotKnown, Value, Work, unknown_in

MANY = 10_000


class Function(NamedTuple):
    """How to compute one function."""

    apply: Callable[[list[Value], Work], Value]
    least: int
    """Arguments, at least."""
    most: int
    looks_inside: bool = True
    """False for one that moves elements about: something not known within an argument stays where it is."""
    keeps_marks: bool = False
    """True where the mark of the subscription or group that is deployed to stays whole in the result."""
    takes_unknown: bool = False
    """True for one that makes a container of its arguments, known or not."""


def apply(function: Function, arguments: list[Value], work: Work) -> Value:
    """Return the value of a function, or a NotKnown that came with an argument. Raises FunctionError."""
    if not function.least <= len(arguments) <= function.most:
        raise FunctionError("it does not take that number of arguments")
    for argument in arguments if not function.takes_unknown else ():
        if isinstance(argument, NotKnown):
            return argument.plain()
        if function.looks_inside and (unknown := unknown_in(argument, work, marks=not function.keeps_marks)):
            return unknown
    return function.apply(arguments, work)


def _moving(apply: Callable[[list[Value], Work], Value], least: int, most: int) -> Function:
    return Function(apply, least, most, looks_inside=False, keeps_marks=True)


def _creating(apply: Callable[[list[Value], Work], Value]) -> Function:
    return Function(apply, 0, MANY, looks_inside=False, keeps_marks=True, takes_unknown=True)


FUNCTIONS: dict[str, Function] = {
    "concat": _moving(collections.concat, 0, MANY),
    "format": Function(texts.format_text, 1, MANY, keeps_marks=True),
    "split": Function(texts.split, 2, 2, keeps_marks=True),
    "join": Function(texts.join, 2, 2, keeps_marks=True),
    "replace": Function(texts.replace, 3, 3),
    "tolower": Function(texts.lower, 1, 1, keeps_marks=True),
    "toupper": Function(texts.upper, 1, 1, keeps_marks=True),
    "trim": Function(texts.trim, 1, 1, keeps_marks=True),
    "substring": Function(texts.substring, 2, 3),
    "startswith": Function(texts.starts_with, 2, 2),
    "endswith": Function(texts.ends_with, 2, 2),
    "padleft": Function(texts.pad_left, 2, 3),
    "string": Function(texts.string, 1, 1, keeps_marks=True),
    "json": Function(texts.from_json, 1, 1, keeps_marks=True),
    "base64": Function(texts.to_base64, 1, 1),
    "base64tostring": Function(texts.from_base64, 1, 1),
    "base64tojson": Function(texts.json_from_base64, 1, 1),
    "uricomponent": Function(texts.uri_component, 1, 1),
    "uricomponenttostring": Function(texts.from_uri_component, 1, 1),
    "createarray": _creating(collections.create_array),
    "createobject": _creating(collections.create_object),
    "array": _moving(collections.array, 1, 1),
    "length": _moving(collections.length, 1, 1),
    "empty": _moving(collections.empty, 1, 1),
    "first": _moving(collections.first, 1, 1),
    "last": _moving(collections.last, 1, 1),
    "take": _moving(collections.take, 2, 2),
    "skip": _moving(collections.skip, 2, 2),
    "range": Function(collections.numbers, 2, 2),
    "contains": _moving(collections.contains, 2, 2),
    "indexof": Function(collections.index_of, 2, 2),
    "lastindexof": Function(collections.last_index_of, 2, 2),
    "union": _moving(collections.union, 1, MANY),
    "shallowmerge": _moving(collections.shallow_merge, 1, 1),
    "intersection": Function(collections.intersection, 1, MANY),
    "items": _moving(collections.items_of, 1, 1),
    "objectkeys": _moving(collections.object_keys, 1, 1),
    "flatten": _moving(collections.flatten, 1, 1),
    "tryget": _moving(collections.try_get, 2, MANY),
    "add": Function(numbers.add, 2, 2),
    "sub": Function(numbers.subtract, 2, 2),
    "mul": Function(numbers.multiply, 2, 2),
    "div": Function(numbers.divide, 2, 2),
    "mod": Function(numbers.modulo, 2, 2),
    "min": Function(numbers.smallest, 1, MANY),
    "max": Function(numbers.largest, 1, MANY),
    "int": Function(numbers.to_integer, 1, 1),
    "bool": Function(numbers.to_boolean, 1, 1),
    "not": Function(numbers.negated, 1, 1),
    "less": Function(numbers.less, 2, 2),
    "lessorequals": Function(numbers.less_or_equal, 2, 2),
    "greater": Function(numbers.greater, 2, 2),
    "greaterorequals": Function(numbers.greater_or_equal, 2, 2),
    "true": Function(lambda arguments, work: True, 0, 0),
    "false": Function(lambda arguments, work: False, 0, 0),
    "null": Function(lambda arguments, work: None, 0, 0),
    "cidrsubnet": Function(addresses.cidr_subnet, 3, 3),
    "cidrhost": Function(addresses.cidr_host, 2, 2),
    "parsecidr": Function(addresses.parse_cidr, 1, 1),
}
"""By folded name. `equals`, `if`, `and`, `or` and `coalesce` are special forms: they may not need every argument."""
