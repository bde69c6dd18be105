"""Items put into and taken out of an array or an inline table that stands in a text.

Owns commas, and the layout inside brackets. Invariant: an item that stays keeps its own text and the comment on its
line; the space between two items is touched only where an item came, went, or lost or gained a comma.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tui.storage.layout import Span

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_TAIL = re.compile(r"[ \t]*(?:#[^\r\n]*)?\r?\n")
_EMPTY_LINE = re.compile(r"[ \t]*\r?\n")
_COMMENTS_ABOVE = re.compile(r"(?:[ \t]*#[^\n]*\n)+\Z")


class Frame(NamedTuple):
    """The brackets that are edited, and how what is new in them is to look."""

    text: str
    span: Span
    items: Sequence[Span]
    newline: str
    indent: str
    """The indentation of an item on a line of its own, where no other item shows it."""
    padding: str = ""
    """What parts a first item from its brackets, in brackets that were empty."""
    trailing: bool = True
    """Whether a comma follows the last item, in brackets on several lines that were empty."""
    comments_above: bool = False
    """Whether the comment lines right above an item go with it."""


class _Unit:
    """An item with what precedes it (`lead`) and the rest of its line (`tail`); the first one is the bracket."""

    def __init__(self, start: int, end: int, new: str = "") -> None:
        self.start = start
        self.end = end
        self.new = new
        self.lead = ""
        self.tail = ""

    @property
    def ends_line(self) -> bool:
        return self.tail.endswith("\n")

    @property
    def indent(self) -> str:
        return self.lead[self.lead.rfind("\n") + 1 :]


def edit_items(frame: Frame, removed: set[int], inserted: Mapping[int, Sequence[str]]) -> list[tuple[int, int, str]]:
    """Return the edits (start, end, new text) that take items out and put new ones in before the item of an index.

    The index after the last item stands for the end.
    """
    return _Sequence(frame).edited(removed, inserted)


class _Sequence:
    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.closing = ""  # what stands before the closing bracket
        opening = frame.span[0] + 1
        self.units = [_Unit(opening, opening), *(_Unit(*span) for span in frame.items)]
        self.trailing = self._read()
        self.original = {pair[:2]: pair[2] for pair in self._gaps(self.units)}
        if not frame.items and self.units[0].ends_line:
            self.trailing = frame.trailing

    def _read(self) -> bool:
        """Part each gap between items at its first line end; return whether a comma follows the last item."""
        text, comma = self.frame.text, False
        for index, unit in enumerate(self.units):
            end = self._next_start(index)
            middle = _BLANK.match(text, unit.end)
            assert middle is not None
            comma = text.startswith(",", middle.end())
            blank = _without_comma(middle[0], text[middle.end() + 1 : end]) if comma else middle[0]
            tail = _TAIL.match(blank)
            unit.tail = tail[0] if tail else ""
            self._lead(index, blank[len(unit.tail) :])
        return comma

    def _next_start(self, index: int) -> int:
        return self.units[index + 1].start if index + 1 < len(self.units) else self.frame.span[1] - 1

    def _lead(self, index: int, lead: str) -> None:
        """Set what precedes the unit after `index`, or the closing bracket."""
        if index + 1 < len(self.units):
            self.units[index + 1].lead = lead
        else:
            self.closing = lead

    def _gaps(self, units: list[_Unit]) -> list[tuple[_Unit, _Unit | None, str]]:
        """Return what stands between each unit and the next one, or the closing bracket."""
        gaps: list[tuple[_Unit, _Unit | None, str]] = []
        for unit, after in zip(units, [*units[1:], None], strict=True):
            comma = "," if unit is not units[0] and (after or self.trailing) else ""
            gaps.append((unit, after, comma + unit.tail + (after.lead if after else self.closing)))
        return gaps

    def edited(self, removed: set[int], inserted: Mapping[int, Sequence[str]]) -> list[tuple[int, int, str]]:
        leaving = {self.units[index + 1] for index in removed}
        for index in sorted(inserted, reverse=True):
            for place, new in enumerate(inserted[index], index):
                self._insert(place, new)
        return self._edits(self._remaining(leaving))

    def _edits(self, units: list[_Unit]) -> list[tuple[int, int, str]]:
        edits: list[tuple[int, int, str]] = []
        anchor, written = units[0], ""
        for _, after, gap in self._gaps(units):
            written += gap
            if after and after.new:
                written += after.new
                continue
            if self.original.get((anchor, after)) != written:
                end = after.start if after else self.frame.span[1] - 1
                edits.append((anchor.end, end, written))
            if after:
                anchor, written = after, ""
        return edits

    def _insert(self, index: int, new: str) -> None:
        """Put a new unit after the unit at `index`, in the manner of its neighbours."""
        unit, before = _Unit(-1, -1, new), self.units[index]
        after = self.units[index + 1] if index + 1 < len(self.units) else None
        if index == 0:
            self._insert_first(unit, before, after)
        elif self.units[index - 1].ends_line and (before.ends_line or not after):
            unit.lead = before.indent
            unit.tail = self.frame.newline if before.ends_line else ""
            before.tail = before.tail or self.frame.newline
        else:
            unit.lead, unit.tail, before.tail = " ", before.tail, ""
        self.units.insert(index + 1, unit)

    def _insert_first(self, unit: _Unit, opening: _Unit, after: _Unit | None) -> None:
        if opening.ends_line:
            unit.tail = self.frame.newline
            if after:
                unit.lead = after.indent
            else:
                cut = self.closing.rfind("\n") + 1
                unit.lead, self.closing = self.closing[:cut] + self.frame.indent, self.closing[cut:]
        elif after:
            unit.lead, after.lead = after.lead, " "
        else:
            unit.lead = self.closing = self.frame.padding

    def _remaining(self, leaving: set[_Unit]) -> list[_Unit]:
        kept = [self.units[0]]
        for index, unit in enumerate(self.units):
            if unit in leaving:
                self._remove(kept[-1], kept[-1] is kept[0], unit, index)
            elif index:
                kept.append(unit)
        return kept

    def _remove(self, before: _Unit, first: bool, unit: _Unit, index: int) -> None:
        """Take a unit out: hand what is to stay of its lead and its tail to its neighbours."""
        after = self.units[index + 1] if index + 1 < len(self.units) else None
        following = after.lead if after else self.closing
        comments = unit.lead[: len(unit.lead) - len(unit.indent)]
        if before.ends_line and unit.ends_line:
            if self.frame.comments_above:
                comments = _COMMENTS_ABOVE.sub("", comments)
            self._lead(index, comments + following)
        elif before.ends_line and after:
            after.lead = unit.lead
        elif before.ends_line:
            if not comments and not before.tail.strip():
                before.tail = ""
            self.closing = comments + following
        elif unit.ends_line:
            before.tail = self.frame.newline if first else unit.tail
        elif first and after:
            after.lead = unit.lead


def _without_comma(before: str, after: str) -> str:
    """Join what stands on both sides of a comma, without the line that it may have had for itself."""
    line = before.rfind("\n") + 1
    rest = _EMPTY_LINE.match(after)
    return before[:line] + after[rest.end() :] if line and rest else before + after
