"""Scope: the names that one template knows, and the evaluation of whatever is written in it.

Owns how JSON with expressions in it becomes a value: strings in brackets, copy loops of properties and variables,
names that are themselves expressions. A nested template with a scope of its own has a scope here too.
Invariant: evaluation gives a value or a NotKnown; nothing but an ExchangeError is ever raised.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from tui.exchange.arm.collection_functions import found_at
from tui.exchange.arm.expressions import (
    Access,
    Call,
    ExpressionError,
    Literal,
    Node,
    is_expression,
    literal_text,
    parsed,
)
from tui.exchange.arm.functions import FUNCTIONS, apply
from tui.exchange.arm.special_forms import SPECIAL_FORMS
from tui.exchange.arm.values import MAX_DEPTH, Declared, FunctionError, Lazy, NotKnown, Value, Work, has_mark

MAX_COPIES = 5_000
"""Copies that all copy loops of a template may make; Azure allows 800 resources."""
TOO_DEEP = NotKnown("it nests too deep")
TOO_MANY_COPIES = NotKnown(f"the copy loops make more than {MAX_COPIES} copies")
_NO_INDEXES: Mapping[str, int] = MappingProxyType({})
_NO_VALUES: Mapping[str, Value] = MappingProxyType({})


class Target(NamedTuple):
    """Where a template is deployed to: texts, which may be marks, and the group's region."""

    subscription: str
    group: str
    location: Value


class Reachable(NamedTuple):
    """A resource that reference() finds."""

    id: str
    full: Lazy
    """{"id", "name", "type", "location", "properties"}."""
    whole: bool = False
    """True for a deployment, to whose outputs Azure adds nothing."""


class UserFunction(NamedTuple):
    """A function that the template defines."""

    parameters: tuple[str, ...]
    output: Any


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What changes within one template: indexes of the copy loops around, and variables of lambdas."""

    loops: Mapping[str, int] = field(default_factory=lambda: _NO_INDEXES)
    """By folded name."""
    resource_loop: int | None = None
    nearest_loop: int | None = None
    lambdas: Mapping[str, Value] = field(default_factory=lambda: _NO_VALUES)

    def within(self, loop: str, index: int, *, of_resource: bool = False) -> Surroundings:
        """Return the surroundings within one turn of a copy loop."""
        loops = {**self.loops, loop.casefold(): index}
        return replace(
            self, loops=loops, nearest_loop=index, resource_loop=index if of_resource else self.resource_loop
        )

    def binding(self, values: Mapping[str, Value]) -> Surroundings:
        """Return the surroundings within a lambda."""
        return replace(self, lambdas={**self.lambdas, **values})


NOWHERE = Surroundings()


@dataclass(slots=True)
class Scope:
    """The names that a template knows; every table is by folded name."""

    work: Work
    target: Target
    ids: dict[str, Reachable]
    """Every resource of the source, by folded id."""
    parameters: Mapping[str, Lazy] = field(default_factory=dict)
    variables: MutableMapping[str, Lazy] = field(default_factory=dict)
    functions: Mapping[str, UserFunction] = field(default_factory=dict)
    names: MutableMapping[str, Reachable | None] = field(default_factory=dict)
    """The resources of this template; None for a name that several have."""
    symbols: MutableMapping[str, Reachable] = field(default_factory=dict)
    """The resources of this template by symbolic name."""
    unnamed: MutableMapping[tuple[str, Node], Reachable | None] = field(default_factory=dict)
    """The resources whose name is not known, by type and by the expression of the name; None for several."""
    _nodes: dict[str, Node | NotKnown] = field(default_factory=dict)

    def for_nested(self) -> Scope:
        """Return the scope of a nested template whose expressions are evaluated out here."""
        return replace(self, names=ChainMap({}, self.names), symbols=ChainMap({}, self.symbols), unnamed={})

    def define_variables(self, raw: Any) -> None:
        """Add the variables that a template defines, copy loops included."""
        for name, item in raw.items() if isinstance(raw, dict) else ():
            if name.casefold() == "copy" and isinstance(item, list):
                for loop in item:
                    if isinstance(loop, dict) and isinstance(loop.get("name"), str):
                        self._define(loop["name"], None, loop)
            else:
                self._define(name, item, None)

    def _define(self, name: str, raw: Any, loop: dict[str, Any] | None) -> None:
        def compute() -> Value:
            return self.expanded(raw, NOWHERE) if loop is None else self.repeated(loop, NOWHERE)

        self.variables[name.casefold()] = Lazy(compute, f'the variable "{name[:80]}"')

    def expanded(self, raw: Any, around: Surroundings) -> Value:
        """Return the value of a piece of a template."""
        self.work.step()
        if isinstance(raw, str):
            if not is_expression(raw):
                return literal_text(raw)
            node = self.node_of(raw)
            return node if isinstance(node, NotKnown) else self.value_of(node, around)
        if not isinstance(raw, dict | list):
            return raw
        if self.work.depth > MAX_DEPTH:
            return TOO_DEEP
        self.work.depth += 1
        try:
            if isinstance(raw, list):
                items = []
                for item in raw:
                    items.append(self.expanded(item, around))
                return items
            result: dict[str, Value] = {}
            for key, item in raw.items():
                if key.casefold() == "copy" and _are_loops(item):
                    for loop in item:
                        result[loop["name"]] = self.repeated(loop, around)
                    continue
                if is_expression(key):
                    name = self.expanded(key, around)
                    if not isinstance(name, str) or has_mark(name):
                        result[key] = name if isinstance(name, NotKnown) else NotKnown("its name is no string")
                        continue
                    key = name
                result[key] = self.expanded(item, around)
            return result
        finally:
            self.work.depth -= 1

    def repeated(self, loop: dict[str, Any], around: Surroundings) -> Value:
        """Return the array that a copy loop of a property or a variable makes."""
        count = self.count_of(loop, around)
        if isinstance(count, NotKnown):
            return count
        if self.work.depth > MAX_DEPTH:
            return TOO_DEEP
        self.work.depth += 1
        try:
            name = loop.get("name")
            items = []
            for index in range(count):
                within = around.within(name if isinstance(name, str) else "", index)
                items.append(self.expanded(loop.get("input"), within))
            return items
        finally:
            self.work.depth -= 1

    def count_of(self, loop: dict[str, Any], around: Surroundings) -> int | NotKnown:
        """Return how many copies a loop makes, having counted them."""
        count = self.expanded(loop.get("count"), around)
        if isinstance(count, NotKnown):
            return count
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            return NotKnown("the count of the copy loop is no number of copies")
        if self.work.copies + count > MAX_COPIES:
            return TOO_MANY_COPIES
        self.work.copies += count
        return count

    def node_of(self, text: str) -> Node | NotKnown:
        """Return an expression as it was understood, once for each text."""
        node = self._nodes.get(text)
        if node is None:
            self.work.step(len(text) // 8)
            try:
                node = parsed(text)
            except ExpressionError as error:
                node = NotKnown(f"the expression is not understood: {error}")
            self._nodes[text] = node
        return node

    def value_of(self, node: Node, around: Surroundings) -> Value:
        """Return the value of an expression."""
        if isinstance(node, Literal):
            return node.value
        self.work.step()
        if self.work.depth > MAX_DEPTH:
            return TOO_DEEP
        self.work.depth += 1
        try:
            if isinstance(node, Access):
                return self._reached(node, around)
            special = SPECIAL_FORMS.get(node.name)
            if special is not None:
                return special(self, node.arguments, around)
            function = FUNCTIONS.get(node.name)
            user = self.functions.get(node.name) if function is None else None
            if function is None and user is None:
                return NotKnown(f"{node.written[:80]}() cannot be evaluated", _kind_of(node))
            arguments = []
            for argument in node.arguments:
                arguments.append(self.value_of(argument, around))
            if user is not None:
                return self._user_value(user, arguments)
            return apply(function, arguments, self.work) if function else None
        except FunctionError as error:
            name = node.written if isinstance(node, Call) else "a property"
            return NotKnown(f"{name[:80]}{'()' if isinstance(node, Call) else ''} cannot be evaluated: {error}")
        finally:
            self.work.depth -= 1

    def _user_value(self, user: UserFunction, arguments: list[Value]) -> Value:
        self.work.step(10)
        if len(arguments) != len(user.parameters):
            raise FunctionError("it does not take that number of arguments")
        values = {
            name.casefold(): Lazy(lambda value=value: value, name)  # type: ignore[misc]
            for name, value in zip(user.parameters, arguments, strict=True)
        }
        return replace(self, parameters=values, variables={}, names={}, symbols={}, unnamed={}).expanded(
            user.output, NOWHERE
        )

    def _reached(self, node: Access, around: Surroundings) -> Value:
        value = self.value_of(node.target, around)
        for key_node in node.keys:
            if isinstance(value, NotKnown) and not isinstance(value, Declared):
                return value
            key = self.value_of(key_node, around)
            if isinstance(key, NotKnown):
                return key
            if isinstance(value, Declared):
                value = value.at(key, self.work)
                continue
            found = found_at(value, key, self.work)
            if found is None:
                name = (
                    f'"{key[:80]}"' if isinstance(key_node, Literal) and isinstance(key, str) else "that is asked for"
                )
                return NotKnown(f"there is no property or element {name}")
            value = found[0]
        return value


def _are_loops(raw: Any) -> bool:
    return (
        isinstance(raw, list)
        and bool(raw)
        and all(isinstance(loop, dict) and isinstance(loop.get("name"), str) and "count" in loop for loop in raw)
    )


def _kind_of(node: Call) -> Any:
    return "secret" if node.name.startswith("list") or node.name == "getsecret" else "not understood"
