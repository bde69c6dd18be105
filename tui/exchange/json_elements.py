"""JSON in bounds: what a text holds is handed out element by element, never as one whole.

Owns the JSON that Azure's tools and the people who copy it leave behind: a list of resources, a list under "value" or
"data", several documents in one text with labels between, JSON within a JSON text. Invariant: a list is never held
decoded as a whole, and every failure, deep nesting included, is an ExchangeError with its line and column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from typing import Any, TypeAlias

from tui.exchange.found import Notice, Place
from tui.exchange.source import ExchangeError, Source

_LISTS = frozenset({"value", "data"})
_SPACE = re.compile(r"[ \t\r\n]*")
_BEGIN = re.compile(r"\{\s*+[\"}]|\[\s*+[\[{\"\]]")
_LABEL = re.compile(r"\[(?!true|false|null|NaN)[A-Za-z]")
DEEPEST = 500
"""Levels of a document that is handed out as a whole: half of what Python's stack bears in later walks."""
_MOST_NOTICES = 20
_EDITED_BY_HAND = 1 << 20
"""Characters up to which repeated keys are looked for, which takes a third of the time: only people write such."""
_MESSAGES = {
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Invalid control character at": "a line break or control character stands within a text",
}


class Envelope(dict[str, Any]):
    """What stands around a list that was handed out: the other members of its object, `nextLink` for example."""


def elements(source: Source, notices: list[Notice]) -> Iterator[tuple[str, Any]]:
    """Yield what the JSON of a text holds, each with its JSON path ("value[3]", "[0]", "" for the whole).

    The items of a list at the top, or under "value" or "data" at the top, come one by one, and after them the rest of
    their object as an Envelope; anything else comes whole. Adds what is odd to `notices`. Raises ExchangeError.
    """
    yield from _Reader(source, notices).documents()


def document(source: Source, notices: list[Notice]) -> Any:
    """Return the only document of a text as a whole, at most DEEPEST levels deep, so that it can be walked safely.

    Raises ExchangeError, also where there are several documents.
    """
    reader = _Reader(source, notices)
    begin = reader.begin()
    value, end = reader.value(begin)
    reader.told_of_repeated("")
    if reader.text[end:].strip(" \t\r\n'\""):
        raise reader.error("the JSON ends here, and more text follows", end, "keep one JSON document in the file")
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return value
    raise reader.error("the JSON is nested too deeply", begin, "Azure's tools print no such thing")


_Handing: TypeAlias = Generator[tuple[str, Any], None, int]
"""Hands out elements, and returns where in the text they end."""


class _Reader:
    """One text, and the decoder that reads parts of it."""

    def __init__(self, source: Source, notices: list[Notice]) -> None:
        self.source = source
        self.text = source.text
        self.notices = notices
        self.repeated: list[str] = []
        self.told = 0
        looked_at = len(source.text) <= _EDITED_BY_HAND
        self.decoder = json.JSONDecoder(object_pairs_hook=self._object if looked_at else None, parse_constant=str)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs) and len(self.repeated) <= _MOST_NOTICES:
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.repeated.append(key)
                    break
                seen.add(key)
        return table

    def documents(self) -> Iterator[tuple[str, Any]]:
        """Yield what every document of the text holds."""
        begin = self.begin()
        told = self._told_of_text(0, begin, 1)
        end = yield from self._document(begin, "")
        line, counted = 1, 0
        while True:
            match = _BEGIN.search(self.text, end)
            line, counted = line + self.text.count("\n", counted, end), end
            told = told or self._told_of_text(end, match.start() if match else len(self.text), line)
            if match is None:
                return
            line, counted = line + self.text.count("\n", counted, match.start()), match.start()
            end = yield from self._document(counted, f"line {line}: ")

    def _told_of_text(self, begin: int, end: int, line: int) -> bool:
        """Tell of text between documents, if there is any."""
        if not self.text[begin:end].strip(" \t\r\n,'\""):
            return False
        place = Place(self.source.name, f"line {line}")
        self.notices.append(Notice("left out", "text outside of the JSON was not read", place))
        return True

    def begin(self) -> int:
        """Where the first document begins. JSON that is itself a JSON text takes the place of the text."""
        for _ in range(2):
            at = self._space(0)
            if self.text.startswith('"', at):
                try:
                    inner, end = self.decoder.raw_decode(self.text, at)
                except ValueError:
                    break
                if self.text[end:].strip():
                    break
                if not isinstance(inner, str) or not _BEGIN.match(inner.lstrip()):
                    return at
                self.text = inner
        at = self._space(0)
        if self.text[at : at + 1] in ("{", "[") and not _LABEL.match(self.text, at):
            return at
        match = _BEGIN.search(self.text, at)
        return match.start() if match else at

    def _document(self, at: int, prefix: str) -> _Handing:
        if self.text.startswith("[", at):
            return (yield from self._items(at, prefix))
        if self.text.startswith("{", at):
            return (yield from self._members(at, prefix))
        value, at = self.value(at)
        yield prefix.removesuffix(": "), value
        return at

    def _items(self, at: int, path: str) -> _Handing:
        """Yield the items of the list that begins at `at`; return where it ends."""
        at = self._space(at + 1)
        if self.text.startswith("]", at):
            return at + 1
        number = 0
        while True:
            value, at = self.value(at)
            where = f"{path}[{number}]"
            if self.repeated:
                self.told_of_repeated(where)
            yield where, value
            number += 1
            at = self._space(at)
            if self.text.startswith("]", at):
                return at + 1
            if not self.text.startswith(",", at):
                raise self.error("a comma is missing between two items of a list", at)
            at = self._space(at + 1)

    def _members(self, at: int, prefix: str) -> _Handing:
        """Yield what the object that begins at `at` holds; return where it ends."""
        rest: dict[str, Any] = {}
        lists = False
        at = self._space(at + 1)
        if self.text.startswith("}", at):
            yield prefix.removesuffix(": "), rest
            return at + 1
        while True:
            if not self.text.startswith('"', at):
                raise self.error("a key in double quotes is missing", at)
            key, at = self.value(at)
            at = self._space(at)
            if not self.text.startswith(":", at):
                raise self.error("a colon is missing after a key", at)
            at = self._space(at + 1)
            if key.lower() in _LISTS and self.text.startswith("[", at):
                lists = True
                at = yield from self._items(at, f"{prefix}{key}")
            else:
                if key in rest:
                    self.repeated.append(key)
                rest[key], at = self.value(at)
            at = self._space(at)
            if self.text.startswith("}", at):
                break
            if not self.text.startswith(",", at):
                raise self.error("a comma is missing between two members of an object", at)
            at = self._space(at + 1)
        where = prefix.removesuffix(": ")
        self.told_of_repeated(where)
        yield where, Envelope(rest) if lists else rest
        return at + 1

    def value(self, at: int) -> tuple[Any, int]:
        """Return the value that begins at `at`, and where it ends."""
        try:
            return self.decoder.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            message = _MESSAGES.get(error.msg, error.msg[:1].lower() + error.msg[1:].removesuffix(" at"))
            unclosed = error.msg.startswith("Unterminated string")
            raise self.error(message, len(self.text) if unclosed else error.pos) from None
        except RecursionError:
            raise self.error("the JSON is nested too deeply", at, "Azure's tools print no such thing") from None
        except ValueError:
            raise self.error("a number has too many digits", at) from None

    def told_of_repeated(self, where: str) -> None:
        """Tell of keys that stood twice in what was decoded last, of which the last one counts."""
        room = max(_MOST_NOTICES - self.told, 0)
        if len(self.repeated) > room and self.told <= _MOST_NOTICES:
            text = "more keys stand twice in one object than are named: of each, the last one was read"
            self.notices.append(Notice("assumed", text, Place(self.source.name)))
            self.told += 1
        for key in self.repeated[:room]:
            self.told += 1
            shown = key if len(key) <= 60 else f"{key[:60]}…"
            text = f'the key "{shown}" stands twice in one object: the last one was read'
            self.notices.append(Notice("assumed", text, Place(self.source.name, where)))
        self.repeated.clear()

    def error(self, message: str, at: int, hint: str = "") -> ExchangeError:
        """The error of this text at an offset, which says so where the text has ended too early."""
        if at >= len(self.text.rstrip()):
            message = "the JSON ends too early: the file is cut off"
            hint = "write it again, and see that the command ended without an error"
        column = at - self.text.rfind("\n", 0, at)
        hint = hint or "it is no valid JSON: write it again with `-o json`"
        return ExchangeError(f"{self.source.name}: line {self._line_number(at)}, column {column}: {message}", hint)

    def _space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _line_number(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1
