"""Collection functions: what Azure's template language does with arrays and objects.

Owns their order, their merging and their search. Most of them move elements without looking into them, so that an
element that is not known does not spoil the others.
Invariant: a result is counted before it is made, and no argument is changed.
"""

from __future__ import annotations

from tui.exchange.arm.number_functions import same
from tui.exchange.arm.text_functions import concat_texts, printed, text_of, whole
from tui.exchange.arm.values import (
    MAX_VALUE_DEPTH,
    FunctionError,
    NotKnown,
    Value,
    Work,
    has_mark,
    json_text,
    property_of,
    unknown_in,
)

MAX_RANGE = 10_000
"""Azure's own limit of range()."""
_NO_LENGTH = NotKnown("a template does not tell the name whose length is asked for")


def array_of(value: Value) -> list[Value]:
    """Return an argument that must be an array."""
    if isinstance(value, list):
        return value
    raise FunctionError("it takes an array where something else is given")


def object_of(value: Value) -> dict[str, Value]:
    """Return an argument that must be an object."""
    if isinstance(value, dict):
        return value
    raise FunctionError("it takes an object where something else is given")


def concat(arguments: list[Value], work: Work) -> Value:
    if any(isinstance(part, list) for part in arguments):
        arrays = [part if isinstance(part, list) else [part] for part in arguments]
        work.elements(sum(map(len, arrays)))
        return [item for part in arrays for item in part]
    for part in arguments:
        if unknown := unknown_in(part, work, marks=False):
            return unknown
    return concat_texts(arguments, work)


def create_array(arguments: list[Value], work: Work) -> Value:
    return arguments


def create_object(arguments: list[Value], work: Work) -> Value:
    if len(arguments) % 2:
        raise FunctionError("it takes a value for each key")
    return {text_of(key): value for key, value in zip(arguments[::2], arguments[1::2], strict=True)}


def array(arguments: list[Value], work: Work) -> Value:
    return arguments[0] if isinstance(arguments[0], list) else [arguments[0]]


def length(arguments: list[Value], work: Work) -> Value:
    if isinstance(arguments[0], str) and has_mark(arguments[0]):
        return _NO_LENGTH
    if isinstance(arguments[0], str | list | dict):
        return len(arguments[0])
    raise FunctionError("it takes an array, an object or a string where something else is given")


def empty(arguments: list[Value], work: Work) -> Value:
    if arguments[0] is None or isinstance(arguments[0], str | list | dict):
        return not arguments[0]
    raise FunctionError("it takes an array, an object or a string where something else is given")


def first(arguments: list[Value], work: Work) -> Value:
    items = _sequence(arguments[0])
    return items[0] if items else items if isinstance(items, str) else None


def last(arguments: list[Value], work: Work) -> Value:
    items = _sequence(arguments[0])
    return items[-1] if items else items if isinstance(items, str) else None


def take(arguments: list[Value], work: Work) -> Value:
    items, count = _sequence(arguments[0]), max(whole(arguments[1]), 0)
    work.elements(min(len(items), count) if isinstance(items, list) else 0)
    return items[:count]


def skip(arguments: list[Value], work: Work) -> Value:
    items, count = _sequence(arguments[0]), max(whole(arguments[1]), 0)
    work.elements(max(len(items) - count, 0) if isinstance(items, list) else 0)
    return items[count:]


def _sequence(value: Value) -> list[Value] | str:
    if isinstance(value, list):
        return value
    text = text_of(value)
    if has_mark(text):
        raise FunctionError("a name that a template does not tell is cut")
    return text


def numbers(arguments: list[Value], work: Work) -> Value:
    start, count = whole(arguments[0]), whole(arguments[1])
    if not 0 <= count <= MAX_RANGE or abs(start) > 2**31:
        raise FunctionError(f"it makes at most {MAX_RANGE} numbers")
    work.elements(count)
    return list(range(start, start + count))


def contains(arguments: list[Value], work: Work) -> Value:
    container, item = arguments
    if isinstance(container, dict):
        return property_of(container, printed(item, work), work) is not None
    for part in arguments:
        if unknown := unknown_in(part, work):
            return unknown
    if isinstance(container, list):
        work.step(len(container))
        return any(same(one, item, work) for one in container)
    work.text(len(text_of(container)))
    return printed(item, work) in container


def index_of(arguments: list[Value], work: Work) -> Value:
    container, item = arguments
    if isinstance(container, list):
        work.step(len(container))
        return next((index for index, one in enumerate(container) if same(one, item, work)), -1)
    work.text(len(text_of(container)))
    return container.lower().find(text_of(item).lower())


def last_index_of(arguments: list[Value], work: Work) -> Value:
    container, item = arguments
    if isinstance(container, list):
        work.step(len(container))
        found = [index for index, one in enumerate(container) if same(one, item, work)]
        return found[-1] if found else -1
    work.text(len(text_of(container)))
    return container.lower().rfind(text_of(item).lower())


def union(arguments: list[Value], work: Work) -> Value:
    """Arrays: each element once, by first appearance. Objects: merged into their depth, the later value wins."""
    if isinstance(arguments[0], list):
        known: dict[str, Value] = {}
        for part in arguments:
            work.elements(len(array_of(part)))
            for item in part:
                if unknown := unknown_in(item, work, marks=False):
                    return unknown
                known.setdefault(json_text(item, work, in_order=True), item)
        return list(known.values())
    merged: dict[str, Value] = {}
    for part in arguments:
        merged = _merged(merged, object_of(part), work, 0)
    return merged


def _merged(one: dict[str, Value], other: dict[str, Value], work: Work, depth: int) -> dict[str, Value]:
    if depth > MAX_VALUE_DEPTH:
        raise FunctionError(f"a value nests deeper than {MAX_VALUE_DEPTH} levels")
    work.elements(len(one) + len(other))
    result = dict(one)
    written = {key.casefold(): key for key in one}
    for key, value in other.items():
        key = written.setdefault(key.casefold(), key)
        before = result.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            value = _merged(before, value, work, depth + 1)
        elif isinstance(before, NotKnown) and isinstance(value, dict):
            value = before
        result[key] = value
    return result


def shallow_merge(arguments: list[Value], work: Work) -> Value:
    result: dict[str, Value] = {}
    written: dict[str, str] = {}
    for part in array_of(arguments[0]):
        if isinstance(part, NotKnown):
            return part.plain()
        work.elements(len(object_of(part)))
        for key, value in part.items():
            result[written.setdefault(key.casefold(), key)] = value
    return result


def intersection(arguments: list[Value], work: Work) -> Value:
    result = arguments[0]
    for part in arguments[1:]:
        if isinstance(result, list):
            others = {json_text(item, work, in_order=True) for item in array_of(part)}
            kept = {json_text(item, work, in_order=True): item for item in result}
            result = [item for text, item in kept.items() if text in others]
        else:
            both = [(key, value, property_of(object_of(part), key, work)) for key, value in object_of(result).items()]
            result = {key: value for key, value, other in both if other is not None and same(value, other[1], work)}
    return result


def items_of(arguments: list[Value], work: Work) -> Value:
    """An array of {"key", "value"}, in the order of the keys."""
    found = object_of(arguments[0])
    work.elements(3 * len(found))
    return [{"key": key, "value": found[key]} for key in sorted(found)]


def object_keys(arguments: list[Value], work: Work) -> Value:
    work.elements(len(object_of(arguments[0])))
    return sorted(arguments[0])


def flatten(arguments: list[Value], work: Work) -> Value:
    arrays = array_of(arguments[0])
    for part in arrays:
        if isinstance(part, NotKnown):
            return part.plain()
    work.elements(sum(len(array_of(part)) for part in arrays))
    return [item for part in arrays for item in part]


def found_at(target: Value, key: Value, work: Work) -> tuple[Value] | None:
    """Return the property or element `key` of `target` in a tuple, or None where there is none."""
    if isinstance(target, dict) and isinstance(key, str):
        entry = property_of(target, key, work)
        return (entry[1],) if entry else None
    if isinstance(target, list) and isinstance(key, int) and not isinstance(key, bool):
        return (target[key],) if 0 <= key < len(target) else None
    if target is None or isinstance(target, dict | list):
        return None
    raise FunctionError("it looks for a property of something that has none")


def try_get(arguments: list[Value], work: Work) -> Value:
    target = arguments[0]
    for key in arguments[1:]:
        if isinstance(target, NotKnown):
            return target
        found = found_at(target, key, work)
        if found is None:
            return None
        target = found[0]
    return target
