"""Special forms: functions that need the template around them, or not all of their arguments.

Owns parameters, variables, copyIndex, the ids of resources, reference, the lambdas, and choices such as `if`, which
evaluate only what they choose. Invariant: what a template does not tell is NotKnown, with the reason for a person.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from tui.exchange.arm.collection_functions import array_of, object_of
from tui.exchange.arm.expressions import Call, Literal, Node
from tui.exchange.arm.ids import extension_id, group_id, resource_id, subscription_id, tenant_id
from tui.exchange.arm.number_functions import same, truth
from tui.exchange.arm.text_functions import text_of, whole
from tui.exchange.arm.values import (
    NO_GROUP,
    Declared,
    FunctionError,
    NotKnown,
    Value,
    has_mark,
    unknown_in,
)

if TYPE_CHECKING:
    from tui.exchange.arm.scope import Reachable, Scope, Surroundings

Arguments: TypeAlias = tuple[Node, ...]
Form: TypeAlias = Callable[["Scope", Arguments, "Surroundings"], Value]


def _takes(arguments: Arguments, least: int, most: int) -> None:
    if not least <= len(arguments) <= most:
        raise FunctionError("it does not take that number of arguments")


def _values(scope: Scope, arguments: Arguments, around: Surroundings) -> list[Value] | NotKnown:
    values = []
    for argument in arguments:
        value = scope.value_of(argument, around)
        if isinstance(value, NotKnown):
            return value.plain()
        values.append(value)
    return values


def _if(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    _takes(arguments, 3, 3)
    condition = scope.value_of(arguments[0], around)
    if isinstance(condition, NotKnown):
        return condition.plain()
    return scope.value_of(arguments[1 if truth(condition) else 2], around)


def _decided(scope: Scope, arguments: Arguments, around: Surroundings, decisive: bool) -> Value:
    """`and` is decided by one false, `or` by one true, whatever the other arguments are."""
    _takes(arguments, 1, 1_000)
    unknown = None
    for argument in arguments:
        value = scope.value_of(argument, around)
        if isinstance(value, NotKnown):
            unknown = unknown or value.plain()
        elif truth(value) is decisive:
            return decisive
    return unknown or not decisive


def _and(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    return _decided(scope, arguments, around, False)


def _or(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    return _decided(scope, arguments, around, True)


def _equals(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    _takes(arguments, 2, 2)
    values = _values(scope, arguments, around)
    if isinstance(values, NotKnown):
        return values
    unknown = unknown_in(values, scope.work, marks=False)
    if unknown is not None:
        return unknown
    equal = same(values[0], values[1], scope.work)
    return equal if equal or not unknown_in(values, scope.work) else NO_GROUP


def _coalesce(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    _takes(arguments, 1, 1_000)
    value = None
    for argument in arguments:
        value = scope.value_of(argument, around)
        if value is not None:
            return value
    return value


def _parameters(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    name = _name(scope, arguments, around)
    if isinstance(name, NotKnown):
        return name
    found = scope.parameters.get(name.casefold())
    return found.value() if found else NotKnown(f'the parameter "{name[:80]}" is not declared')


def _variables(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    name = _name(scope, arguments, around)
    if isinstance(name, NotKnown):
        return name
    found = scope.variables.get(name.casefold())
    return found.value() if found else NotKnown(f'the variable "{name[:80]}" is not defined')


def _lambda_variables(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    name = _name(scope, arguments, around)
    if isinstance(name, NotKnown):
        return name
    if name.casefold() not in around.lambdas:
        return NotKnown(f'the variable "{name[:80]}" of a lambda is not defined')
    return around.lambdas[name.casefold()]


def _name(scope: Scope, arguments: Arguments, around: Surroundings) -> str | NotKnown:
    _takes(arguments, 1, 1)
    name = scope.value_of(arguments[0], around)
    return name if isinstance(name, NotKnown) else text_of(name)


def _copy_index(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    """copyIndex(), copyIndex(offset), copyIndex('loop'), copyIndex('loop', offset)."""
    _takes(arguments, 0, 2)
    values = _values(scope, arguments, around)
    if isinstance(values, NotKnown):
        return values
    if values and isinstance(values[0], str):
        index = around.loops.get(values.pop(0).casefold())
    else:
        index = around.nearest_loop if around.resource_loop is None else around.resource_loop
    if index is None:
        raise FunctionError("there is no such copy loop around it")
    if len(values) > 1:
        raise FunctionError("it does not take that number of arguments")
    return index + whole(values[0] if values else 0)


def _id(make: Callable[[Scope, list[str]], str]) -> Form:
    def form(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
        values = _values(scope, arguments, around)
        return values if isinstance(values, NotKnown) else make(scope, [text_of(value) for value in values])

    return form


def _resource_group(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    _takes(arguments, 0, 0)
    target = scope.target
    return Declared(
        "resourceGroup() is not told by a template",
        properties={
            "id": group_id(target.subscription, target.group),
            "name": target.group,
            "type": "Microsoft.Resources/resourceGroups",
            "location": target.location,
        },
    )


def _subscription(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    _takes(arguments, 0, 0)
    subscription = scope.target.subscription
    return Declared(
        "subscription() is not told by a template",
        properties={"id": f"/subscriptions/{subscription}", "subscriptionId": subscription},
    )


def _deployment(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    _takes(arguments, 0, 0)
    return Declared("deployment() is not told by a template", properties={"location": scope.target.location})


def _reference(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    _takes(arguments, 1, 3)
    which = scope.value_of(arguments[0], around)
    if isinstance(which, NotKnown):
        found = _unnamed(scope, arguments[0])
        if found is None:
            return which.plain()
        name = ""
    else:
        name = text_of(which).casefold()
        found = scope.symbols.get(name) or scope.names.get(name) or scope.ids.get(name)
    if found is None:
        several = ", or of one name for several" if name in scope.names else ""
        return NotKnown(f"reference() of a resource that is not in the template{several}")
    full = found.full.value()
    if isinstance(full, NotKnown):
        return full.plain()
    why = "reference() tells what only Azure knows once it is deployed"
    asked = arguments[2] if len(arguments) == 3 else None
    if isinstance(asked, Literal) and isinstance(asked.value, str) and asked.value.casefold() == "full":
        return Declared(why, properties=full, whole=found.whole)
    properties = full.get("properties")
    return Declared(why, properties=properties if isinstance(properties, dict) else {}, whole=found.whole)


def _unnamed(scope: Scope, node: Node) -> Reachable | None:
    """Find what resourceId('type', NAME) means where NAME is not known, but written as the resource writes it."""
    if not isinstance(node, Call) or node.name not in _IDS or len(node.arguments) < 2:
        return None
    type_, name = node.arguments[-2:]
    if not isinstance(type_, Literal) or not isinstance(type_.value, str):
        return None
    return scope.unnamed.get((type_.value.strip("/").casefold(), name))


_IDS = frozenset({"resourceid", "subscriptionresourceid", "extensionresourceid", "tenantresourceid"})


def _resource_info(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    name = _name(scope, arguments, around)
    if isinstance(name, NotKnown):
        return name
    found = scope.symbols.get(name.casefold())
    if found is None:
        return NotKnown("resourceInfo() of a resource that is not in the template")
    return Declared("resourceInfo() tells only ids that are known", properties={"id": found.id} if found.id else {})


def _lambda(node: Node, most: int) -> tuple[list[str], Node]:
    """Return the folded names and the body of an argument that must be a lambda."""
    if not isinstance(node, Call) or node.name != "lambda" or not 1 <= len(node.arguments) <= most + 1:
        raise FunctionError("it takes a lambda where something else is given")
    *names, body = node.arguments
    return [text_of(name.value if isinstance(name, Literal) else None).casefold() for name in names], body


def _elements(scope: Scope, arguments: Arguments, around: Surroundings, least: int, most: int) -> Value:
    _takes(arguments, least, most)
    items = scope.value_of(arguments[0], around)
    if isinstance(items, NotKnown):
        return items.plain()
    scope.work.elements(len(array_of(items)))
    return items


def _map(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    items = _elements(scope, arguments, around, 2, 2)
    if isinstance(items, NotKnown):
        return items
    names, body = _lambda(arguments[1], 2)
    result = []
    for index, item in enumerate(items):
        result.append(scope.value_of(body, around.binding(dict(zip(names, (item, index), strict=False)))))
    return result


def _filter(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    items = _elements(scope, arguments, around, 2, 2)
    if isinstance(items, NotKnown):
        return items
    names, body = _lambda(arguments[1], 2)
    result = []
    for index, item in enumerate(items):
        keeps = scope.value_of(body, around.binding(dict(zip(names, (item, index), strict=False))))
        if isinstance(keeps, NotKnown):
            return keeps.plain()
        if truth(keeps):
            result.append(item)
    return result


def _reduce(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    items = _elements(scope, arguments, around, 3, 3)
    if isinstance(items, NotKnown):
        return items
    names, body = _lambda(arguments[2], 3)
    value = scope.value_of(arguments[1], around)
    for index, item in enumerate(items):
        value = scope.value_of(body, around.binding(dict(zip(names, (value, item, index), strict=False))))
    return value


def _sort(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    items = _elements(scope, arguments, around, 2, 2)
    if isinstance(items, NotKnown):
        return items
    names, body = _lambda(arguments[1], 2)

    def before(one: Value, other: Value) -> bool:
        value = scope.value_of(body, around.binding(dict(zip(names, (one, other), strict=False))))
        if isinstance(value, NotKnown):
            raise FunctionError(value.why)
        return truth(value)

    return sorted(items, key=functools.cmp_to_key(lambda one, other: -before(one, other) or int(before(other, one))))


def _to_object(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    items = _elements(scope, arguments, around, 2, 3)
    if isinstance(items, NotKnown):
        return items
    keys, key_body = _lambda(arguments[1], 1)
    names, body = _lambda(arguments[2], 1) if len(arguments) == 3 else (keys, None)
    result: dict[str, Value] = {}
    for item in items:
        key = scope.value_of(key_body, around.binding(dict.fromkeys(keys, item)))
        if isinstance(key, NotKnown):
            return key.plain()
        if has_mark(text_of(key)):
            return NO_GROUP
        result[key] = item if body is None else scope.value_of(body, around.binding(dict.fromkeys(names, item)))
    return result


def _map_values(scope: Scope, arguments: Arguments, around: Surroundings) -> Value:
    _takes(arguments, 2, 2)
    found = scope.value_of(arguments[0], around)
    if isinstance(found, NotKnown):
        return found.plain()
    names, body = _lambda(arguments[1], 1)
    scope.work.elements(len(object_of(found)))
    result = {}
    for key, item in found.items():
        result[key] = scope.value_of(body, around.binding(dict.fromkeys(names, item)))
    return result


SPECIAL_FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "if": _if,
        "and": _and,
        "or": _or,
        "equals": _equals,
        "coalesce": _coalesce,
        "parameters": _parameters,
        "variables": _variables,
        "lambdavariables": _lambda_variables,
        "copyindex": _copy_index,
        "resourceid": _id(lambda scope, texts: resource_id(texts, scope.target.subscription, scope.target.group)),
        "subscriptionresourceid": _id(lambda scope, texts: subscription_id(texts, scope.target.subscription)),
        "extensionresourceid": _id(lambda scope, texts: extension_id(texts)),
        "tenantresourceid": _id(lambda scope, texts: tenant_id(texts)),
        "resourcegroup": _resource_group,
        "subscription": _subscription,
        "deployment": _deployment,
        "reference": _reference,
        "resourceinfo": _resource_info,
        "map": _map,
        "filter": _filter,
        "reduce": _reduce,
        "sort": _sort,
        "toobject": _to_object,
        "mapvalues": _map_values,
    }
)
