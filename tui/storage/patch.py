"""Edits gathered against one text and applied at once.

Owns blank lines and line ends at the seams. Invariant: what no edit covers comes out as it was, but for one blank
line where a deletion would leave two, and one line end that the last line needs before something follows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_BLANK_LINE = re.compile(r"[ \t]*\r?\n")
_ENDS_BLANK = re.compile(r"(?:\A\ufeff?|\n)[ \t]*\r?\n\Z")
_LAST_BLANK = re.compile(r"(?<=\n)[ \t]*\r?\n\Z")
_NEARBY = 400

# What stands at one place is done in this order.
PAIR, SECTION, DELETE, REPLACE = range(4)


class _Edit(NamedTuple):
    start: int
    kind: int
    end: int
    order: int
    new: str
    parted: bool

    def rank(self) -> tuple[int, int, bool, int, int]:
        """Order the edits: at one place, what only puts in comes first, and what takes out most next."""
        return self.start, self.kind, self.end > self.start, -self.end, self.order


class Patch:
    """What is to change in a text: spans of values, whole lines taken out, whole lines put in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._edits: list[_Edit] = []
        self._windows = text.count("\r\n") * 2 > text.count("\n")

    def replace(self, start: int, end: int, new: str) -> None:
        """Put `new`, as it is, in the place of a span within lines."""
        if self.text[start:end] != new:
            self._add(start, REPLACE, end, new)

    def delete(self, start: int, end: int) -> None:
        """Take out a run of whole lines."""
        self._add(start, DELETE, end, "")

    def insert(self, at: int, lines: str, *, section: bool = False, parted: bool = False) -> None:
        """Put whole lines in at the start of a line, with the line ends of the place.

        A section gets a blank line before and after it; `parted` lines get one after them.
        """
        self._add(at, SECTION if section else PAIR, at, lines, parted or section)

    def newline(self, at: int) -> str:
        """Return the line end of the lines around `at`; the document's usual one if there is none."""
        found = self.text.rfind("\n", 0, at)
        if found < 0:
            found = self.text.find("\n", at)
        if found < 0:
            return "\r\n" if self._windows else "\n"
        return "\r\n" if self.text[found - 1 : found] == "\r" else "\n"

    def applied(self) -> str:
        """Return the text with every edit made."""
        return _Application(self, sorted(self._edits, key=_Edit.rank)).result() if self._edits else self.text

    def _add(self, start: int, kind: int, end: int, new: str, parted: bool = False) -> None:
        self._edits.append(_Edit(start, kind, end, len(self._edits), new, parted))


class _Application:
    """One walk over the text and its edits."""

    def __init__(self, patch: Patch, edits: list[_Edit]) -> None:
        self.patch = patch
        self.edits = edits
        self.out: list[str] = []
        self.cursor = 0
        self.cut = False  # lines were taken out just before the cursor
        self.part = False  # what was put in just before the cursor wants a blank line after it

    def result(self) -> str:
        text = self.patch.text
        for edit in self.edits:
            self.copy(edit.start)
            if edit.kind == REPLACE:
                if edit.start < self.cursor:
                    continue  # a key in what is taken out
                self.out.append(edit.new)
            elif edit.kind == DELETE:
                self.cut = True
            else:
                self._insert(edit)
            self.cursor = max(self.cursor, edit.end)
        self.copy(len(text))
        result = "".join(self.out)
        return _LAST_BLANK.sub("", result) if self.cut else result

    def copy(self, end: int) -> None:
        text = self.patch.text
        if end <= self.cursor:
            return
        blank = _BLANK_LINE.match(text, self.cursor, end)
        if self.cut and blank and self._after_blank():
            self.cursor = blank.end()
            self.cut = False
        elif self.part and not blank and not self._after_blank():
            self.out.append(self.patch.newline(self.cursor))
        self.part = False
        if end > self.cursor:
            self.cut = False
            self.out.append(text[self.cursor : end])
            self.cursor = end

    def _insert(self, edit: _Edit) -> None:
        newline = self.patch.newline(edit.start)
        if self.out and not self._tail().endswith(("\n", "\ufeff")):
            self.out.append(newline)
        if (edit.kind == SECTION or self.part) and self.out and not self._after_blank():
            self.out.append(newline)
        self.out.append(edit.new.replace("\n", newline))
        self.part = edit.parted
        self.cut = False

    def _after_blank(self) -> bool:
        tail = self._tail()
        return tail in ("", "\ufeff") or bool(_ENDS_BLANK.search(tail))

    def _tail(self) -> str:
        tail = ""
        for piece in reversed(self.out):
            tail = piece[-_NEARBY:] + tail
            if len(tail) >= _NEARBY:
                break
        return tail
