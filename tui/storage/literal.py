"""TOML values as text, and text as values.

Owns how a value that is written anew looks. Invariant: a TOML parser reads each text written here as the value
that it was written for, and but for `array_lines` it stands on one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import tomledit
import tomli_w

from tui.storage.layout import Node
from tui.topology.keypath import toml_key

Value: TypeAlias = object
"""A plain value: str, int, bool, float, a date or time, a list of them, or a dict with str keys."""


def literal(value: Value) -> str:
    """Return `value` on one line."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{toml_key(key)} = {literal(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    return tomli_w.dumps({"v": value})[len("v = ") : -1]


def array_lines(items: list[Value], indent: str, step: str) -> str:
    """Return an array with one item a line, each `step` further in than `indent`."""
    rows = "".join(f"{indent}{step}{literal(item)},\n" for item in items)
    return f"[\n{rows}{indent}]"


def value_of(text: str, node: Node) -> Value:
    """Return the plain value of a node of `text`."""
    if node.value:
        start, end = node.value
        value: Value = tomledit.Document.parse(f"v = {text[start:end]}").value["v"]
        return value
    if node.kind == "tables":
        return [value_of(text, item) for item in node.items]
    return {name: value_of(text, child) for name, child in node.children.items()}


def same(one: Value, other: Value) -> bool:
    """Say whether two values are equal in TOML, where 1, 1.0 and true are three values."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and (one == other or literal(one) == literal(other))
