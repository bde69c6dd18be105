"""Where each key and each value of a TOML text stands.

Owns the scanner that finds, in a text which the parser has already accepted, the spans of its headers,
statements, keys and values. Invariant: every span is a pair of character offsets into that very text,
byte order mark and line ends included, and the spans of two statements or of two headers never overlap.
"""

from __future__ import annotations

import gc
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

import tomledit

Span: TypeAlias = tuple[int, int]
Kind: TypeAlias = Literal["table", "inline", "array", "scalar", "tables"]

_KEY = r"""([A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_PAIR_KEY = re.compile(_KEY + r"[ \t]*+([=.])[ \t]*+")
_HEADER_KEY = re.compile(_KEY + r"[ \t]*+([\].])[ \t]*+")
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_LINE_END = re.compile(r"[ \t]*+(?:#[^\n]*+)?\r?(?:\n|\Z)")
_SCALAR = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|\d{4}-\d\d-\d\d \d\d:[0-9:.]++(?:[Zz]|[+-]\d\d:\d\d)?"
    r"|[A-Za-z0-9_+.:-]++",
    re.DOTALL,
)


class Statement:
    """A `key = value`: a run of whole lines of a section, or an entry of an inline table."""

    __slots__ = ("depth", "end", "key", "start", "trivia", "value_end")

    def __init__(self, trivia: int, start: int, key: int, depth: int) -> None:
        self.trivia = trivia
        """Where the blank and comment lines above it begin."""
        self.start = start
        """The start of its first line; of an inline entry, its key."""
        self.key = key
        self.value_end = key
        self.end = key
        """After its last line's end; of an inline entry, the end of its value."""
        self.depth = depth
        """How many keys lead to the table in which it is written."""


class Section:
    """A `[header]` and the statements below it; or what stands above the first header."""

    __slots__ = ("body", "bracket", "depth", "end", "last", "start", "trivia")

    def __init__(self, trivia: int, start: int, bracket: int, depth: int) -> None:
        self.trivia = trivia
        """Where the blank and comment lines above the header begin."""
        self.start = start
        self.bracket = bracket
        self.body = bracket
        """After the header's line."""
        self.last: Statement | None = None
        self.end = bracket
        """Where the next header's line starts, or the end of the text."""
        self.depth = depth

    @property
    def pairs_end(self) -> int:
        """The end of the last statement; of the header's line where there is none."""
        return self.last.end if self.last else self.body


class Node:
    """A key or an item of the document, and all the places in the text that speak of it."""

    __slots__ = ("children", "entries", "headers", "items", "key_spans", "kind", "statements", "value")

    def __init__(self, kind: Kind, value: Span | None = None) -> None:
        self.kind: Kind = kind
        self.value = value
        """The span of the value; None for what headers and dotted keys define."""
        self.key_spans: list[Span] = []
        """Each place where this node's own key is written, in the order of the text."""
        self.statements: list[Statement] = []
        """Each statement (or inline entry) whose key names this node, for itself or for something below it."""
        scalar = kind == "scalar"
        self.children: dict[str, Node] = _NO_CHILDREN if scalar else {}
        self.items: list[Node] = _NO_NODES if scalar else []
        self.entries: list[Statement] = _NO_ENTRIES if scalar else []
        """The entries of an inline table, in order."""
        self.headers: list[Section] = _NO_SECTIONS if scalar else []
        """The sections whose header names exactly this table."""

    def sections(self) -> Iterator[Section]:
        """Yield every section of this table and of what is below it."""
        yield from self.headers
        for child in (*self.children.values(), *self.items):
            if child.kind in ("table", "tables"):
                yield from child.sections()


# Scalars share these, which stay empty: most nodes of a document are scalars.
_NO_CHILDREN: dict[str, Node] = {}
_NO_NODES: list[Node] = []
_NO_ENTRIES: list[Statement] = []
_NO_SECTIONS: list[Section] = []


class Layout:
    """A text, the tree of its nodes, and the line and column of each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = 1 if text.startswith("\ufeff") else 0
        """Where the document begins: after the byte order mark, if there is one."""
        self.root = _scanned(text, self.start)
        self._lines: list[int] | None = None

    def find(self, path: Sequence[str | int]) -> Node | None:
        """Return the node at `path`, or None."""
        node, depth = self._deepest(path)
        return node if depth == len(path) else None

    def position(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Return line and column, from 1, of `path`, or of the deepest part of it that the text has."""
        if self._lines is None:
            self._lines = [self.start, *(match.end() for match in re.finditer("\n", self.text))]
        offset = self._offset(self._deepest(path)[0])
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _deepest(self, path: Sequence[str | int]) -> tuple[Node, int]:
        node = self.root
        for depth, step in enumerate(path):
            if isinstance(step, str):
                below = node.children.get(step)
            else:
                below = node.items[step] if 0 <= step < len(node.items) else None
            if below is None:
                return node, depth
            node = below
        return node, len(path)

    def _offset(self, node: Node) -> int:
        if node is self.root:
            return self.start
        if node.kind == "tables":
            node = node.items[0]
        if node.headers:
            return node.headers[0].bracket
        if node.key_spans:
            return node.key_spans[0][0]
        return node.value[0] if node.value else self.start


def scan(text: str) -> Node:
    """Return the root of the tree of `text`, which must be valid TOML."""
    return Layout(text).root


def _scanned(text: str, start: int) -> Node:
    """Scan with the garbage collector paused: nothing here is garbage, and its rounds take as long as the scan."""
    running = gc.isenabled()
    gc.disable()
    try:
        return _Scanner(text, start).document()
    finally:
        if running:
            gc.enable()


class _Scanner:
    """One walk through a text; raises ValueError where the text is no TOML that it understands."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.keys: dict[str, str] = {}

    def document(self) -> Node:
        text, pos, root = self.text, self.start, Node("table")
        section, table = Section(pos, pos, pos, 0), root
        root.headers.append(section)
        while True:
            trivia = pos
            pos = self._blank(pos)
            if pos >= len(text):
                section.end = pos
                return root
            start = text.rfind("\n", trivia, pos) + 1 or trivia
            if text[pos] == "[":
                section.end = start
                table, depth, after = self._header(root, pos)
                section = Section(trivia, start, pos, depth)
                section.body = pos = self._line_end(after)
                table.headers.append(section)
            else:
                statement = Statement(trivia, start, pos, section.depth)
                pos = self._pair(table, statement)
                statement.end = pos = self._line_end(pos)
                section.last = statement

    def _header(self, root: Node, pos: int) -> tuple[Node, int, int]:
        """Read `[a.b]` or `[[a.b]]`; return its table, how many keys it has, and where it ends."""
        text, node, depth = self.text, root, 0
        many = text.startswith("[[", pos)
        pos = self._skip_spaces(pos + (2 if many else 1))
        while True:
            match = _HEADER_KEY.match(text, pos)
            if not match:
                raise self._lost(pos)
            if node.kind == "tables":
                node = node.items[-1]
            node = self._child(node, match)
            depth += 1
            pos = match.end()
            if match[2] == "]":
                break
        if many:
            node.kind = "tables"
            node.items.append(Node("table"))
            return node.items[-1], depth, pos + 1
        return node, depth, pos

    def _pair(self, table: Node, statement: Statement) -> int:
        """Read `key.key = value` into `table`; return where the value ends."""
        text, pos, node = self.text, statement.key, table
        while True:
            match = _PAIR_KEY.match(text, pos)
            if not match:
                raise self._lost(pos)
            pos = match.end()
            if match[2] == "=":
                break
            node = self._child(node, match)
            node.statements.append(statement)
        leaf = self._value(pos)
        leaf.key_spans.append(match.span(1))
        leaf.statements.append(statement)
        node.children[self._name(match[1])] = leaf
        assert leaf.value is not None
        statement.value_end = pos = leaf.value[1]
        return pos

    def _child(self, node: Node, match: re.Match[str]) -> Node:
        name = self._name(match[1])
        child = node.children.get(name)
        if child is None:
            child = node.children[name] = Node("table")
        child.key_spans.append(match.span(1))
        return child

    def _value(self, pos: int) -> Node:
        match = _SCALAR.match(self.text, pos)
        if match:
            return Node("scalar", match.span())
        opening = self.text[pos : pos + 1]
        if opening == "[":
            return self._array(pos)
        if opening == "{":
            return self._inline(pos)
        raise self._lost(pos)

    def _array(self, start: int) -> Node:
        node = Node("array")
        pos = self._blank(start + 1)
        while not self.text.startswith("]", pos):
            item = self._value(pos)
            node.items.append(item)
            assert item.value is not None
            pos = self._comma(item.value[1], "]")
        node.value = (start, pos + 1)
        return node

    def _inline(self, start: int) -> Node:
        node = Node("inline")
        pos = self._blank(start + 1)
        while not self.text.startswith("}", pos):
            entry = Statement(pos, pos, pos, 0)
            node.entries.append(entry)
            entry.end = self._pair(node, entry)
            pos = self._comma(entry.end, "}")
        node.value = (start, pos + 1)
        return node

    def _comma(self, pos: int, closing: str) -> int:
        """Go past the comma to the next item or to the closing bracket."""
        pos = self._blank(pos)
        if self.text.startswith(",", pos):
            return self._blank(pos + 1)
        if not self.text.startswith(closing, pos):
            raise self._lost(pos)
        return pos

    def _name(self, key: str) -> str:
        """Return what a written key means: quotes taken off, escapes resolved by the parser itself."""
        if key[0] == '"' and "\\" in key:
            if key not in self.keys:
                self.keys[key] = str(next(iter(tomledit.Document.parse(f"{key} = 0").value)))
            return self.keys[key]
        return key[1:-1] if key[0] in "\"'" else key

    def _blank(self, pos: int) -> int:
        match = _BLANK.match(self.text, pos)
        return match.end() if match else pos

    def _skip_spaces(self, pos: int) -> int:
        while self.text.startswith((" ", "\t"), pos):
            pos += 1
        return pos

    def _line_end(self, pos: int) -> int:
        match = _LINE_END.match(self.text, pos)
        if not match:
            raise self._lost(pos)
        return match.end()

    def _lost(self, pos: int) -> ValueError:
        line = self.text.count("\n", 0, pos) + 1
        return ValueError(f"line {line}: not the TOML that was expected here")
