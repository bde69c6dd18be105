"""Text functions: concat, format, split and their kin, as Azure documents them.

Owns how a text is cut, joined and padded, and which comparisons of texts are without regard to case.
Invariant: a text is counted before it is made, and no message quotes one.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from tui.exchange.arm.values import FunctionError, Value, Work, has_mark, json_text

_HOLE = re.compile(r"\{\{|\}\}|\{(?P<index>[0-9]{1,3})(?P<width>,-?[0-9]{1,4})?(?::(?P<how>[^{}]*+))?\}|[{}]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
_WHITE = " \t\r\n\v\f\u0085\u00a0"


def text_of(value: Value) -> str:
    """Return an argument that must be a string."""
    if isinstance(value, str):
        return value
    raise FunctionError("it takes a string where something else is given")


def whole(value: Value) -> int:
    """Return an argument that must be an integer."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise FunctionError("it takes an integer where something else is given")


def printed(value: Value, work: Work) -> str:
    """Return a value as Azure writes it into a text: True and False are capitalised, structures are JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, float):
        raise FunctionError("how Azure writes a fraction is not documented")
    return json_text(value, work)


def concat_texts(arguments: list[Value], work: Work) -> Value:
    parts = [printed(part, work) for part in arguments]
    work.text(sum(map(len, parts)))
    return "".join(parts)


def format_text(arguments: list[Value], work: Work) -> Value:
    """The composite formats of .NET, as far as templates use them: {0}, {0,5}, {0:D3}, {0:N0}, {0:X2}, {0:00}."""
    pattern = text_of(arguments[0])
    parts: list[str] = []
    at = 0
    for hole in _HOLE.finditer(pattern):
        parts.append(pattern[at : hole.start()])
        at = hole.end()
        if hole[0] in ("{{", "}}"):
            parts.append(hole[0][0])
            continue
        if hole["index"] is None:
            raise FunctionError("its pattern has a brace that stands alone")
        index = int(hole["index"]) + 1
        if index >= len(arguments):
            raise FunctionError("its pattern asks for an argument that is not given")
        part = _formatted(arguments[index], hole["how"], work)
        width = int((hole["width"] or ",0")[1:])
        part = part.ljust(-width) if width < 0 else part.rjust(width)
        work.text(len(part))
        parts.append(part)
    parts.append(pattern[at:])
    work.text(sum(map(len, parts)))
    return "".join(parts)


def _formatted(value: Value, how: str | None, work: Work) -> str:
    if not how or isinstance(value, str):
        return printed(value, work)
    if isinstance(value, int) and not isinstance(value, bool):
        match = re.fullmatch(r"([DdXxNn])([0-9]{0,2})|(0{1,20})", how)
        if match is not None:
            letter, digits, zeros = match[1] or "D", int(match[2] or 0), len(match[3] or "")
            if letter in "Dd":
                number = str(abs(value)).rjust(digits or zeros, "0")
                return f"-{number}" if value < 0 else number
            if letter in "Xx" and value >= 0:
                return format(value, letter).rjust(digits, "0")
            if letter in "Nn" and match[2]:
                return f"{value:,}" + ("." + "0" * digits if digits else "")
    raise FunctionError("its pattern has a format that is not read here")


def split(arguments: list[Value], work: Work) -> Value:
    text, delimiters = text_of(arguments[0]), arguments[1]
    marks = [text_of(mark) for mark in (delimiters if isinstance(delimiters, list) else [delimiters])]
    marks = [mark for mark in marks if mark]
    if not marks:
        return [text]
    work.step(len(text) // 8 + len(marks))
    if len(marks) == 1:
        parts = text.split(marks[0])
    else:
        work.step(len(text) * len(marks) // 8)
        parts = re.split("|".join(map(re.escape, marks)), text)
    work.elements(len(parts))
    return parts


def join(arguments: list[Value], work: Work) -> Value:
    if not isinstance(arguments[0], list):
        raise FunctionError("it takes an array where something else is given")
    between = text_of(arguments[1])
    parts = [printed(part, work) for part in arguments[0]]
    work.text(sum(map(len, parts)) + len(between) * len(parts))
    return between.join(parts)


def replace(arguments: list[Value], work: Work) -> Value:
    text, old, new = map(text_of, arguments)
    if not old:
        raise FunctionError("the string to replace is empty")
    work.text(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def lower(arguments: list[Value], work: Work) -> Value:
    text = text_of(arguments[0])
    work.text(len(text))
    return text.lower()


def upper(arguments: list[Value], work: Work) -> Value:
    text = text_of(arguments[0])
    work.text(len(text))
    return text.upper()


def trim(arguments: list[Value], work: Work) -> Value:
    text = text_of(arguments[0])
    work.text(len(text))
    return text.strip(_WHITE)


def substring(arguments: list[Value], work: Work) -> Value:
    text, start = text_of(arguments[0]), whole(arguments[1])
    length = whole(arguments[2]) if len(arguments) > 2 else len(text) - start
    if start < 0 or length < 0 or start + length > len(text):
        raise FunctionError("it asks for characters beyond the end of the string")
    work.text(length)
    return text[start : start + length]


def starts_with(arguments: list[Value], work: Work) -> Value:
    text, part = map(text_of, arguments)
    work.text(len(text))
    return text.lower().startswith(part.lower())


def ends_with(arguments: list[Value], work: Work) -> Value:
    text, part = map(text_of, arguments)
    work.text(len(text))
    return text.lower().endswith(part.lower())


def pad_left(arguments: list[Value], work: Work) -> Value:
    value = arguments[0]
    text = value if isinstance(value, str) else str(whole(value))
    length = whole(arguments[1])
    filler = text_of(arguments[2]) if len(arguments) > 2 else " "
    if len(filler) != 1:
        raise FunctionError("it takes one character to pad with")
    work.text(max(length, len(text)))
    return text.rjust(length, filler)


def string(arguments: list[Value], work: Work) -> Value:
    if arguments[0] is None:
        raise FunctionError("how Azure writes null is not documented")
    return printed(arguments[0], work)


def from_json(arguments: list[Value], work: Work) -> Value:
    return _json(text_of(arguments[0]), work)


def _json(text: str, work: Work) -> Value:
    work.text(len(text))
    work.step(len(text) // 16 + text.count("[") + text.count("{"))
    try:
        # Azure's reader takes strings in single quotes too; only a text without double quotes can be turned.
        return json.loads(text if '"' in text else text.replace("'", '"'), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise FunctionError("the text is no JSON") from None


def _no_number(_: str) -> Any:
    raise ValueError


def to_base64(arguments: list[Value], work: Work) -> Value:
    data = text_of(arguments[0]).encode("utf-8", "surrogatepass")
    work.text(len(data) * 2)
    return base64.b64encode(data).decode()


def from_base64(arguments: list[Value], work: Work) -> Value:
    text = text_of(arguments[0])
    work.text(len(text))
    try:
        result = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        raise FunctionError("the text is no base64 of UTF-8") from None
    if has_mark(result):
        raise FunctionError("the text holds a character that is none")
    return result


def json_from_base64(arguments: list[Value], work: Work) -> Value:
    return _json(from_base64(arguments, work), work)


def uri_component(arguments: list[Value], work: Work) -> Value:
    data = text_of(arguments[0]).encode("utf-8", "replace")
    work.text(len(data) * 3)
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in data)


def from_uri_component(arguments: list[Value], work: Work) -> Value:
    text = text_of(arguments[0])
    work.text(len(text))
    try:
        result = _ESCAPED.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode(), text)
    except ValueError:
        raise FunctionError("the text is no escaped UTF-8") from None
    if has_mark(result):
        raise FunctionError("the text holds a character that is none")
    return result
