"""Nasty TOML documents for property tests: every way of writing tables, with comments everywhere.

Owns the generator. Invariant: each piece of a document says which path it belongs to, by the generator's own
bookkeeping, not by the scanner under test.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tui.topology.keypath import toml_key

Path = tuple[str, ...]

NAMES = ["a", "b", "C", "d-1", "e", "f", "", "a.b", "é", "x y", 'q"', "\n", "1", "#", "[z]", "\U0001f600", "\x1b"]
SCALARS = [
    "1", "0x1F", "1_000", "true", "1.5", "-inf", "nan", '""', "''", '""""""', '"s # ["', "'l # ]'",
    '"\\"]"', '"""\nx # y\n[no]\n"q" "",\n"""', '"""a\\"""b"""', '""""q"""""', "'''\n# b = 1\n[c]\n''''",
    "1979-05-27 07:32:00Z", "1979-05-27T07:32:00.5+01:00", "2027-04-30", "07:32:00", '"\\e[0m\\x41"', '"10.0.0.0/8"',
    '"""\\\n   cut"""',
]  # fmt: skip


@dataclass
class Piece:
    """Some whole lines, and the path that they belong to."""

    owner: Path
    text: str
    header: bool = False


@dataclass
class TomlDocument:
    """A document in pieces."""

    bom: bool = False
    pieces: list[Piece] = field(default_factory=list)
    comments: dict[str, Path] = field(default_factory=dict)
    """Each comment's text, and the path that it belongs to."""
    bracketed: set[str] = field(default_factory=set)
    """The comments inside brackets."""

    @property
    def text(self) -> str:
        return ("\ufeff" if self.bom else "") + "".join(piece.text for piece in self.pieces)


def toml_document(seed: int) -> TomlDocument:
    """Return one document."""
    return _Writer(random.Random(seed)).document()


class _Writer:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.result = TomlDocument()

    def document(self) -> TomlDocument:
        rng = self.rng
        self._opening()
        sections: list[list[Piece]] = []
        top = self._body((), 0, sections)
        rng.shuffle(sections)
        pieces = [*self.result.pieces, *top, *(piece for section in sections for piece in section)]
        if rng.random() < 0.3:
            pieces.append(Piece((), self._blank() + self._comment_lines(())))
        ending = rng.choice(["lf", "lf", "crlf", "mixed"])
        for piece in pieces:
            piece.text = self._with_ends(piece.text, ending)
        if pieces and rng.random() < 0.3:
            pieces[-1].text = pieces[-1].text.rstrip("\r\n")
        self.result.pieces = pieces
        self.result.bom = rng.random() < 0.2
        return self.result

    def _opening(self) -> None:
        if self.rng.random() < 0.3:
            self.result.pieces.append(Piece((), self._comment_lines(()) + "\n"))

    def _with_ends(self, text: str, ending: str) -> str:
        if ending == "lf":
            return text
        if ending == "crlf":
            return text.replace("\n", "\r\n")
        return "".join(self.rng.choice(["\n", "\r\n"]) if c == "\n" else c for c in text)

    # Sections.

    def _body(self, path: Path, depth: int, sections: list[list[Piece]]) -> list[Piece]:
        """Return the statements of a table; what needs a header of its own goes to `sections`."""
        rng = self.rng
        statements: list[Piece] = []
        for name in self._names(4):
            here = (*path, name)
            kind = rng.choice(["scalar", "array", "inline", "dotted", "table", "table", "tables"])
            if kind in ("table", "tables") and depth < 3:
                self._table(here, depth + 1, sections, kind == "tables" and rng.random() < 0.5)
            elif kind == "dotted":
                self._dotted(here, (name,), 2, statements)
            else:
                self._statement(here, (name,), statements)
        rng.shuffle(statements)
        return statements

    def _table(self, path: Path, depth: int, sections: list[list[Piece]], many: bool) -> None:
        rng = self.rng
        if many:
            group: list[Piece] = []
            for _ in range(rng.randint(1, 2)):
                group += [self._header(path, "[[", "]]"), *self._statements_only(path)]
            group += [self._header((*path, "sub"), "[", "]", path), *self._statements_only((*path, "sub"), path)]
            sections.append(group)
            return
        below: list[list[Piece]] = []
        body = self._body(path, depth, below)
        if body or not below or rng.random() < 0.5:
            sections.append([self._header(path, "[", "]"), *body])
        sections += below

    def _statements_only(self, path: Path, owner: Path | None = None) -> list[Piece]:
        statements: list[Piece] = []
        for name in self._names(2):
            self._statement(owner or path, (name,), statements, owner or path)
        return statements

    def _header(self, path: Path, opening: str, closing: str, owner: Path | None = None) -> Piece:
        rng, owner = self.rng, owner or path
        dot = rng.choice([".", ".", " . "])
        space = rng.choice(["", "", " "])
        indent = rng.choice(["", "", "  "])
        line = f"{indent}{opening}{space}{dot.join(map(self._key, path))}{space}{closing}{self._line_rest(owner)}"
        above = rng.choice(["", "\n", "\n"]) + self._trivia(()) + self._attached(owner)
        return Piece(owner, above + line, header=True)

    def _dotted(self, path: Path, keys: Path, depth: int, statements: list[Piece]) -> None:
        for name in self._names(2) or ["x"]:
            if depth and self.rng.random() < 0.3:
                self._dotted((*path, name), (*keys, name), depth - 1, statements)
            else:
                self._statement((*path, name), (*keys, name), statements)

    def _statement(self, path: Path, keys: Path, statements: list[Piece], table: Path | None = None) -> None:
        rng = self.rng
        dot = rng.choice([".", ".", " . "])
        equals = rng.choice([" = ", "=", "  =\t"])
        indent = rng.choice(["", "", "", "  ", "\t"])
        key = dot.join(map(self._key, keys))
        above = self._trivia(path[: -len(keys)] if table is None else table) + self._attached(path)
        line = f"{indent}{key}{equals}{self._value(path, 2)}{self._line_rest(path)}"
        statements.append(Piece(path, above + line))

    # Values.

    def _value(self, owner: Path, depth: int) -> str:
        kind = self.rng.choice(["scalar", "scalar", "array", "inline"]) if depth else "scalar"
        if kind == "scalar":
            return self.rng.choice(SCALARS)
        if kind == "array":
            return self._bracketed(
                "[", "]", [self._value(owner, depth - 1) for _ in range(self.rng.randint(0, 4))], owner
            )
        entries: list[str] = []
        for name in self._names(3):
            if self.rng.random() < 0.3:
                inner = self._names(2)
                entries += [f"{self._key(name)}.{self._key(sub)}={self._value(owner, depth - 1)}" for sub in inner]
            else:
                entries.append(f"{self._key(name)} = {self._value(owner, depth - 1)}")
        self.rng.shuffle(entries)
        return self._bracketed("{", "}", entries, owner)

    def _bracketed(self, opening: str, closing: str, items: list[str], owner: Path) -> str:
        many_lines = self.rng.random() < 0.5
        text = opening + self._gap(owner, many_lines)
        for index, item in enumerate(items):
            text += item
            if index < len(items) - 1 or self.rng.random() < 0.4:
                text += self.rng.choice(["", "", "", " ", self._gap(owner, many_lines)]) + ","
            text += self._gap(owner, many_lines)
        return text + closing

    def _gap(self, owner: Path, many_lines: bool) -> str:
        if not many_lines:
            return self.rng.choice(["", " "])
        line = f"{self._comment(owner, True)}\n" if self.rng.random() < 0.4 else "\n"
        return self.rng.choice(
            ["", " ", line + "  ", line + "  ", line + "    ", f"{line}\n  {self._comment(owner, True)}\n  "]
        )

    # Keys and comments.

    def _names(self, most: int) -> list[str]:
        return self.rng.sample(NAMES, self.rng.randint(0, most))

    def _key(self, name: str) -> str:
        if name.isprintable() and "'" not in name and self.rng.random() < 0.2:
            return f"'{name}'"
        if self.rng.random() < 0.1:
            return '"' + "".join(f"\\U{ord(character):08x}" for character in name) + '"'
        return toml_key(name)

    def _comment(self, owner: Path, bracketed: bool = False) -> str:
        text = f"# c{len(self.result.comments)};"
        if bracketed:
            self.result.bracketed.add(text)
        self.result.comments[text] = owner
        return text + self.rng.choice(["", " [x]", ' "', " a = 1", " '''"])

    def _comment_lines(self, owner: Path) -> str:
        return "".join(f"{self._comment(owner)}\n" for _ in range(self.rng.randint(1, 2)))

    def _attached(self, owner: Path) -> str:
        return self._comment_lines(owner) if self.rng.random() < 0.3 else ""

    def _line_rest(self, owner: Path) -> str:
        return self.rng.choice(["", "", "", " ", f" {self._comment(owner)}"]) + "\n"

    def _blank(self) -> str:
        return self.rng.choice(["\n", "\n", "  \n", "\n\n"])

    def _trivia(self, owner: Path) -> str:
        """Return blank lines, or a comment block that stands alone."""
        if self.rng.random() < 0.7:
            return self.rng.choice(["", "", "\n"])
        return self._blank() + self._comment_lines(owner) + self._blank()
