"""A TOML text edited in place, by key path.

Owns where a new entry goes, in which form, and what goes with a deleted one. Invariant: what the changes do not
speak of comes out character for character as it was, and the result parses to the data with the changes made.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from tui.storage.changes import NOTHING, Change, Delete, Insert, Path, Plan, Rename, SetValue, plan, replacing
from tui.storage.layout import Layout, Node, Section, Span, Statement
from tui.storage.literal import Value, array_lines, literal, same, value_of
from tui.storage.patch import Patch
from tui.storage.sequence import Frame, edit_items
from tui.topology.keypath import key_path, toml_key

__all__ = ["Change", "Delete", "Insert", "Rename", "SetValue", "splice"]

_COMMENT_LINE = re.compile(r"[ \t]*#[^\n]*(?:\n|\Z)")
_SPACES = re.compile(r"[ \t]*")
_BLANK_LINE = re.compile(r"[ \t]*\r?\n")
_ITEM_ON_A_LINE = re.compile(r"=[ \t]*\[[ \t]*\r?\n( {4}| {2})[^ \t\r\n]")
_ONE_LINE_ITEMS = 3


def _below_entries(path: Path) -> bool:
    return len(path) > 2


def splice(text: str, changes: Sequence[Change], *, inline: Callable[[Path], bool] = _below_entries) -> str:
    """Return `text`, which must be valid TOML, with all `changes` made.

    All paths use the names of `text`. `inline` says whether a new table at a path is written in braces, where the
    tables beside it do not show it. A table without a header of its own vanishes with its last entry. ValueError
    if a path leads through a value that is no table, or if two entries would have one name.
    """
    if not changes:
        return text
    editor = _Editor(text, inline)
    editor.edit(plan(changes))
    return editor.patch.applied()


class _Entries:
    """What happens to the entries of an inline table."""

    def __init__(self, node: Node, path: Path) -> None:
        self.node = node
        self.path = path
        self.places = {id(entry): place for place, entry in enumerate(node.entries)}
        self.removed: set[int] = set()
        self.inserted: dict[int, list[str]] = {}

    def remove(self, node: Node) -> None:
        self.removed.update(self.places[id(entry)] for entry in node.statements)

    def insert(self, node: Node, path: Path, new: Mapping[str, Value]) -> None:
        """Add entries to `node`, which is the inline table or one that dotted keys define in it."""
        place = len(self.places) if node is self.node else self.places[id(node.statements[-1])] + 1
        entries = (f"{_dotted((*path, name)[len(self.path) :])} = {literal(value)}" for name, value in new.items())
        self.inserted.setdefault(place, []).extend(entries)


class _Editor:
    """Turns a plan into edits of one text."""

    def __init__(self, text: str, inline: Callable[[Path], bool]) -> None:
        self.text = text
        self.inline = inline
        self.layout = Layout(text)
        self.patch = Patch(text)

    def edit(self, whole: Plan) -> None:
        root = self.layout.root
        below = whole.below
        if whole.value is not NOTHING:
            if not isinstance(whole.value, Mapping):
                raise ValueError("a document is a table")
            below = replacing(root.children, whole.value)
        self._table(root, below, (), None)

    # Tables and what is in them. `path` has the new names; `entries` is None outside of braces.

    def _table(self, node: Node, below: Mapping[str, Plan], path: Path, entries: _Entries | None) -> None:
        new: dict[str, Value] = {}
        staying = [name for name in node.children if name not in below]
        for name, change in below.items():
            child = node.children.get(name)
            if child:
                staying += self._child(child, (*path, name), change, new, entries)
            elif change.new_name is not None:
                raise ValueError(f"{key_path((*path, name))} is to be renamed, and is not there")
            elif (value := change.created()) is not NOTHING:
                new[name] = value
        names = [*staying, *new]
        if len(names) != len(set(names)):
            raise ValueError(f"two entries of {key_path(path) or 'the document'} would have one name")
        if new and entries:
            entries.insert(node, path, new)
        elif new:
            self._insert(node, path, new)

    def _child(
        self, child: Node, path: Path, change: Plan, new: dict[str, Value], entries: _Entries | None
    ) -> list[str]:
        """Make one change; return the name under which the child stays, if it does."""
        name = path[-1] if change.new_name is None else change.new_name
        if change.inserted is not NOTHING:
            new[path[-1]] = change.inserted
        path = (*path[:-1], name)
        if change.delete:
            self._remove(child, entries)
            return []
        if change.value is not NOTHING and not self._set(child, change.value, path, entries):
            self._remove(child, entries)
            new[name] = change.value
            return []
        if change.new_name is not None:
            for span in child.key_spans:
                self.patch.replace(*span, toml_key(name))
        if change.below:
            self._descend(child, change.below, path, entries)
        return [name]

    def _descend(self, node: Node, below: Mapping[str, Plan], path: Path, entries: _Entries | None) -> None:
        if node.kind == "inline":
            inner = _Entries(node, path)
            self._table(node, below, path, inner)
            self._bracketed(node, [(entry.start, entry.end) for entry in node.entries], inner.removed, inner.inserted)
        elif node.kind == "table":
            self._table(node, below, path, entries)
        else:
            raise ValueError(f"{key_path(path)} is no table")

    def _set(self, node: Node, value: Value, path: Path, entries: _Entries | None) -> bool:
        """Give a node a new value where it stands; return False if it must be taken out and put in anew."""
        if isinstance(value, Mapping) and _can_become(node, value):
            self._descend(node, replacing(node.children, value), path, entries)
        elif same(value_of(self.text, node), value):
            return True
        elif node.value is None:
            return False
        elif node.kind == "array" and isinstance(value, list | tuple) and not self._is_bare(node, value):
            self._items(node, value)
        else:
            start, end = node.value
            written = literal(value) if entries else self._written(value, self._indent(start))
            self.patch.replace(start, end, written.replace("\n", self.patch.newline(start)))
        return True

    def _is_bare(self, node: Node, value: Sequence[Value]) -> bool:
        """Say whether an array shows no layout that its new items could follow."""
        start, end = node.value or (0, 0)
        return not node.items and len(value) > _ONE_LINE_ITEMS and "\n" not in self.text[start:end]

    def _items(self, node: Node, value: Sequence[Value]) -> None:
        spans = [item.value or (0, 0) for item in node.items]
        old = [literal(value_of(self.text, item)) for item in node.items]
        new = [literal(item) for item in value]
        removed: set[int] = set()
        inserted: dict[int, list[str]] = {}
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            both = min(i2 - i1, j2 - j1)
            for span, item in zip(spans[i1 : i1 + both], new[j1 : j1 + both], strict=True):
                self.patch.replace(*span, item)
            removed.update(range(i1 + both, i2))
            if j1 + both < j2:
                inserted[i2] = new[j1 + both : j2]
        self._bracketed(node, spans, removed, inserted)

    def _bracketed(self, node: Node, spans: list[Span], removed: set[int], inserted: Mapping[int, list[str]]) -> None:
        if not removed and not inserted:
            return
        assert node.value is not None
        start = node.value[0]
        table = node.kind == "inline"
        frame = Frame(
            text=self.text,
            span=node.value,
            items=spans,
            newline=self.patch.newline(start),
            indent=self._indent(start) + self._step,
            padding=" " if table else "",
            trailing=not table,
            comments_above=table,
        )
        for edit in edit_items(frame, removed, inserted):
            self.patch.replace(*edit)

    # Lines taken out.

    def _remove(self, node: Node, entries: _Entries | None) -> None:
        if entries:
            entries.remove(node)
            return
        for statement in node.statements:
            self.patch.delete(self._with_comments(statement), statement.end)
        for section in node.sections():
            self.patch.delete(self._with_comments(section), self._close(section))

    def _with_comments(self, lines: Statement | Section) -> int:
        """Return where the comment lines right above a statement or a header begin."""
        start = lines.start
        while start > lines.trivia:
            line = max(self.text.rfind("\n", lines.trivia, start - 1) + 1, lines.trivia)
            if not self.text[line:start].lstrip(" \t").startswith("#"):
                break
            start = line
        return start

    def _close(self, section: Section) -> int:
        """Return where a section's lines end: comments right below them count, unless the next header has them."""
        end = self._skip_comments(section.pairs_end)
        return section.pairs_end if end == section.end < len(self.text) else end

    def _skip_comments(self, pos: int) -> int:
        while pos < len(self.text) and (match := _COMMENT_LINE.match(self.text, pos)):
            pos = match.end()
        return pos

    # Lines put in.

    def _insert(self, node: Node, path: Path, new: Mapping[str, Value]) -> None:
        dotted = bool(node.statements) and not node.headers
        sections: dict[str, Mapping[str, Value]] = {}
        if not dotted:
            form = _form(node)
            for name, value in new.items():
                if isinstance(value, Mapping) and not (
                    self.inline((*path, name)) if form is None else form == "inline"
                ):
                    sections[name] = value
        pairs = {name: value for name, value in new.items() if name not in sections}
        if pairs and dotted:
            self._insert_dotted(node, path, pairs)
        elif pairs and node.headers:
            self._insert_pairs(node, pairs)
        elif pairs:
            first = min(node.sections(), key=_start)
            self._insert_section(self._with_comments(first), path, pairs, inline=True)
        if sections:
            self._insert_sections(node, path, sections)

    def _insert_dotted(self, node: Node, path: Path, pairs: Mapping[str, Value]) -> None:
        last = node.statements[-1]
        for name, value in pairs.items():
            self._insert_pair(last.end, last, (*path, name)[last.depth :], value)

    def _insert_pairs(self, node: Node, pairs: Mapping[str, Value]) -> None:
        section = node.headers[0]
        beside = {name: child.statements[0] for name, child in node.children.items() if child.statements}
        # A single pair shows no order: a table's own fields should not be parted by a table that joins them.
        for name, follower in _followers(pairs, beside if len(beside) > 1 else ()):
            if follower is not None:
                at = beside[follower]
                self._insert_pair(self._with_comments(at), at, (name,), pairs[name])
            elif section.last:
                self._insert_pair(section.last.end, section.last, (name,), pairs[name])
            elif node is self.layout.root:
                line = f"{toml_key(name)} = {self._written(pairs[name], '')}\n"
                self.patch.insert(self._opening(), line, parted=True)
            else:
                self._insert_pair(section.body, section, (name,), pairs[name])

    def _insert_pair(self, at: int, beside: Statement | Section, keys: Path, value: Value) -> None:
        indent = self._indent(beside.start)
        self.patch.insert(at, f"{indent}{_dotted(keys)} = {self._written(value, indent)}\n")

    def _opening(self) -> int:
        """Return where the first pair of a document goes: below an opening comment block that stands alone."""
        end = self._skip_comments(self.layout.start)
        if end == len(self.text):
            return end
        blank = _BLANK_LINE.match(self.text, end)
        return blank.end() if blank and end > self.layout.start else self.layout.start

    def _insert_sections(self, node: Node, path: Path, new: Mapping[str, Mapping[str, Value]]) -> None:
        root = node is self.layout.root
        beside = {name: child for name, child in node.children.items() if any(child.sections())}
        end = len(self.text) if root else self._close(max(node.sections(), key=_start))
        for name, follower in _followers(new, () if root else beside):
            at = end
            if follower is not None:
                at = self._with_comments(min(beside[follower].sections(), key=_start))
            self._insert_section(at, (*path, name), new[name])

    def _insert_section(self, at: int, path: Path, value: Mapping[str, Value], *, inline: bool = False) -> None:
        self.patch.insert(at, "\n".join(self._sections(path, value, inline)), section=True)

    def _sections(self, path: Path, value: Mapping[str, Value], inline: bool = False) -> Iterator[str]:
        """Write a table as a header with its pairs, and a header for each table in it that is not to be inline."""
        below = {
            name: item
            for name, item in value.items()
            if isinstance(item, Mapping) and not inline and not self.inline((*path, name))
        }
        pairs = [f"{toml_key(name)} = {self._written(item, '')}\n" for name, item in value.items() if name not in below]
        if pairs or not below:
            yield f"[{_dotted(path)}]\n{''.join(pairs)}"
        for name, item in below.items():
            yield from self._sections((*path, name), item)

    # How new text looks.

    def _written(self, value: Value, indent: str) -> str:
        if isinstance(value, list | tuple) and len(value) > _ONE_LINE_ITEMS:
            return array_lines(list(value), indent, self._step)
        return literal(value)

    @cached_property
    def _step(self) -> str:
        """How much further in the items of an array stand, where each has a line."""
        shown = _ITEM_ON_A_LINE.search(self.text)
        return shown[1] if shown else "  "

    def _indent(self, at: int) -> str:
        """Return the spaces at the start of the line of `at`."""
        line = max(self.text.rfind("\n", 0, at) + 1, self.layout.start)
        spaces = _SPACES.match(self.text, line)
        return spaces[0] if spaces else ""


def _can_become(node: Node, value: Mapping[str, Value]) -> bool:
    """Say whether a node turns into a table entry by entry; without header or braces it cannot be empty."""
    return node.kind == "inline" or (node.kind == "table" and bool(value or node.headers))


def _form(node: Node) -> str | None:
    """Return how the tables in a table are written, "inline" or "section"; None if there are none, or of both."""
    beside = (child for child in node.children.values() if child.kind in ("table", "inline"))
    forms = {"section" if any(child.sections()) else "inline" for child in beside}
    return forms.pop() if len(forms) == 1 else None


def _dotted(keys: Path) -> str:
    return ".".join(map(toml_key, keys))


def _start(section: Section) -> int:
    return section.start


def _followers(new: Iterable[str], beside: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """Yield each new name with the one that it goes before; None where it is the last, or `beside` is not sorted."""
    names = list(beside)
    if any(one.casefold() > other.casefold() for one, other in pairwise(names)):
        yield from ((name, None) for name in new)
        return
    for name in sorted(new, key=str.casefold) if names else new:
        place = bisect_right(names, name.casefold(), key=str.casefold)
        yield name, names[place] if place < len(names) else None
