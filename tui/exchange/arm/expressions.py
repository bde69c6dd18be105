"""Expressions: the language between the brackets of "[concat('a', variables('b').c)]".

Owns which strings of a template are expressions, and their grammar: quoted strings, integers, calls, and access to
properties and elements. What a function does is not known here.
Invariant: parsing takes time linear in the text and never raises anything but ExpressionError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

MAX_LENGTH = 24_576
"""Characters of one expression: Azure's own limit."""
MAX_NESTING = 60
"""Calls within calls. Bicep makes a dozen of a long ternary."""


class ExpressionError(Exception):
    """A text between brackets that is no expression; says at which character, and never quotes the text."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A quoted string, an integer, true, false or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; `name` is folded, and holds the namespace of a user's own function."""

    name: str
    arguments: tuple[Node, ...]
    written: str
    """The name as it is written, for messages."""


@dataclass(frozen=True, slots=True)
class Access:
    """`target.key`, `target['key']` or `target[0]`, one after another."""

    target: Node
    keys: tuple[Node, ...]


Node: TypeAlias = Literal | Call | Access


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"\s*+(?:(?P<text>'(?:[^']|'')*+')|(?P<number>[-+]?[0-9]++(?![.\w]))|(?P<word>[A-Za-z_]\w*+)|(?P<mark>[()\[\].,]))",
    re.ASCII,
)
_SPACE = re.compile(r"\s*", re.ASCII)
_CONSTANTS = {"true": True, "false": False, "null": None}


def is_expression(text: str) -> bool:
    """True for a string that Azure evaluates: one in brackets whose first bracket is not doubled."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def literal_text(text: str) -> str:
    """Return what a string means that is no expression: "[[x]" stands for "[x]"."""
    return text[1:] if text.startswith("[[") and text.endswith("]") else text


def parsed(text: str) -> Node:
    """Return the expression that `text` is, brackets included. Raises ExpressionError."""
    if not is_expression(text):
        raise ExpressionError("it is not in brackets")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"it is longer than {MAX_LENGTH} characters")
    parser = _Parser(_tokens(text[1:-1]))
    node = parser.expression(0)
    if parser.peek().kind != "end":
        raise parser.unexpected()
    return node


def _tokens(text: str) -> list[_Token]:
    tokens = []
    at = 0
    while match := _TOKEN.match(text, at):
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match[kind], match.start(kind) + 2))
        at = match.end()
    blank = _SPACE.match(text, at)
    end = blank.end() if blank else at
    if end < len(text):
        what = (
            "a string without its closing quote" if text[end] == "'" else "something that is no part of an expression"
        )
        raise ExpressionError(f"there is {what} at character {end + 2}")
    return [*tokens, _Token("end", "", end + 2)]


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        if token.kind != "end":
            self._next += 1
        return token

    def _skipped(self, mark: str) -> bool:
        token = self._tokens[self._next]
        if token.kind == "mark" and token.text == mark:
            self._next += 1
            return True
        return False

    def unexpected(self) -> ExpressionError:
        token = self.peek()
        if token.kind == "end":
            return ExpressionError("it ends too early")
        return ExpressionError(f"there is something unexpected at character {token.at}")

    def expression(self, nesting: int) -> Node:
        if nesting > MAX_NESTING:
            raise ExpressionError(f"it nests deeper than {MAX_NESTING} levels")
        node = self._primary(nesting)
        keys: list[Node] = []
        while True:
            if self._skipped("."):
                if self.peek().kind != "word":
                    raise self.unexpected()
                keys.append(Literal(self._take().text))
            elif self._skipped("["):
                keys.append(self.expression(nesting + 1))
                if not self._skipped("]"):
                    raise self.unexpected()
            else:
                return Access(node, tuple(keys)) if keys else node

    def _primary(self, nesting: int) -> Node:
        token = self.peek()
        if token.kind == "text":
            self._take()
            return Literal(token.text[1:-1].replace("''", "'"))
        if token.kind == "number":
            self._take()
            if len(token.text) > 20:
                raise ExpressionError(f"the number at character {token.at} is too large")
            return Literal(int(token.text))
        if token.kind != "word":
            raise self.unexpected()
        name = self._take().text
        while self._skipped("."):
            if self.peek().kind != "word":
                raise self.unexpected()
            name += f".{self._take().text}"
        if not self._skipped("("):
            if name.lower() in _CONSTANTS:
                return Literal(_CONSTANTS[name.lower()])
            raise ExpressionError(f"there is a name that is no function before character {self.peek().at}")
        return Call(name.lower(), self._arguments(nesting), name)

    def _arguments(self, nesting: int) -> tuple[Node, ...]:
        if self._skipped(")"):
            return ()
        arguments = [self.expression(nesting + 1)]
        while self._skipped(","):
            arguments.append(self.expression(nesting + 1))
        if not self._skipped(")"):
            raise self.unexpected()
        return tuple(arguments)
