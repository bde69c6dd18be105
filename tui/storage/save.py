"""Saving: what was edited, into the file that is there.

Owns the comparison of two topologies into changes of a document, so that only what differs is touched, in the
form that the file already uses. A renamed thing is known by its identity, and keeps its place and comments.
Invariant: what is written loads as the topology that was to be saved; this is checked before the file is touched.
"""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator
from typing import Any

from tui.errors import FileError, PrefixError
from tui.storage.changes import Change, Delete, Insert, Path, Rename, SetValue
from tui.storage.file_form import file_form, part_form, short_form, value_form
from tui.storage.files import ABSENT, Fingerprint, write_atomically
from tui.storage.literal import same
from tui.storage.load import Loaded, parse, plain
from tui.storage.splice import splice
from tui.topology.model import Part, Topology
from tui.topology.prefix import Prefix
from tui.topology.table import Table

_BRACES = {"tags", "subnets", "devices", "pools", "avoid", "skus"}
"""Tables whose entries are written in braces where the file does not show another form."""


def save(path: pathlib.Path, loaded: Loaded, topology: Topology) -> Loaded:
    """Write `topology` over the file at `path` that `loaded` was read from, and return what is loaded now.

    Raises FileError if it cannot be written (the old file is whole then), FileChangedError if the file is no
    longer what it was when it was read.
    """
    text = edited_text(loaded.text, loaded.topology, topology)
    fingerprint = write_atomically(path, text.encode(), expected=loaded.fingerprint)
    return Loaded(topology, text, fingerprint)


def save_new(path: pathlib.Path, topology: Topology, expected: Fingerprint | None = ABSENT) -> Loaded:
    """Write `topology` to a file that has no layout to keep. Raises as `save` does."""
    text = new_text(topology)
    return Loaded(topology, text, write_atomically(path, text.encode(), expected=expected))


def new_text(topology: Topology) -> str:
    """Return the text of a new file."""
    number = f"schema = {topology.schema_number}\n"
    form = {key: value for key, value in file_form(topology).items() if key != "schema"}
    if topology.sites_first and "vnets" in form:
        rest = list(form)[list(form).index("vnets") :]
        form |= {key: form.pop(key) for key in sorted(rest, key=lambda key: key != "sites")}
    return splice(number, [SetValue((key,), value) for key, value in form.items()], inline=_in_braces)


def edited_text(text: str, old: Topology, new: Topology) -> str:
    """Return `text`, which loads as `old`, changed so that it loads as `new`; unchanged where nothing differs.

    Raises FileError if the layout of the file allows no such change, which would be a fault of this program.
    """
    if old is new:
        return text
    document = plain(text, "the file")
    for keep_emptied in (False, True):
        changes = list(_Comparison(document, keep_emptied=keep_emptied).parts((), old, new))
        if not changes:
            return text
        try:
            edited = splice(text, changes, inline=_in_braces)
        except ValueError:
            # A place that the document has no room for: the error below keeps the session and its edits alive.
            continue
        if same(file_form(parse(edited, "the edited text")), file_form(new)):
            return edited
    raise FileError(
        "this file is laid out in a way that the changes cannot be written into",
        "save under another name: the edits are still here, and the file is untouched",
    )


def _in_braces(path: tuple[str, ...]) -> bool:
    return path[-1] == "tags" or (len(path) > 1 and path[-2] in _BRACES)


class _Comparison:
    """Two topologies compared, one of which is what `document` says."""

    def __init__(self, document: dict[str, Any], *, keep_emptied: bool) -> None:
        self._document = document
        # A part of dotted keys alone (`vnets.a.region = "x"`) would go with its last field; `vnets.a = {}` stays. It is
        # written so only where it must be: what else the table holds, headers and their comments, goes with it.
        self._keep_emptied = keep_emptied

    def parts(self, path: Path, old: Part, new: Part) -> Iterator[Change]:
        """The changes that make the part at `path` (by its names in the document) say what `new` says."""
        if old is new:
            return
        if path and self._keep_emptied and part_form(old) and not part_form(new):
            yield SetValue(path, {})
            return
        before, after = _fields(old), _fields(new)
        for key in (*before, *(key for key in after if key not in before)):
            yield from self._field((*path, key), before.get(key), after.get(key))

    def _field(self, path: Path, before: Any, after: Any) -> Iterator[Change]:
        if before is after:
            return
        if after is None:
            yield Delete(path)
        elif isinstance(before, Part) and isinstance(after, Part):
            yield from self.parts(path, before, after)
        elif isinstance(before, Table) and isinstance(after, Table) and _holds_parts(before, after):
            yield from self._tables(path, before, after)
        elif not _says_nothing(after) if before is None else not same(value_form(before), value_form(after)):
            yield SetValue(path, _as_spelt(value_form(after), self._at(path)))

    def _tables(self, path: Path, old: Table[Any], new: Table[Any]) -> Iterator[Change]:
        """The changes between two tables of parts: renamed ones keep their place, the rest comes and goes."""
        origin = {_identity(name, part): name for name, part in old.items()}
        identities = {_identity(name, part) for name, part in new.items()}
        stays: set[str] = set()
        for name, part in new.items():
            before = origin.get(_identity(name, part))
            if before is None and name in old and _identity(name, old[name]) not in identities:
                # Deleted and added again under its name: a change in place, comments and all.
                before = name
            if before is None:
                yield Insert((*path, name), short_form(part))
                continue
            stays.add(before)
            yield from self._entry((*path, before), old[before], part)
            if before != name:
                yield Rename((*path, before), name)
        yield from (Delete((*path, name)) for name in old if name not in stays)

    def _entry(self, path: Path, old: Part, new: Part) -> Iterator[Change]:
        if old is new:
            return
        written = self._at(path)
        if isinstance(written, dict):
            yield from self.parts(path, old, new)
        elif part_form(old) != part_form(new):
            form = short_form(new)
            if isinstance(written, list) and isinstance(form, str):
                form = [form]
            yield SetValue(path, _as_spelt(form, written))

    def _at(self, path: Path) -> Any:
        """What the document says at `path`, or None."""
        found: Any = self._document
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        return found


def _fields(part: Part) -> dict[str, Any]:
    """What is written of a part: the fields that were set, by their keys in the file."""
    fields = {
        field.alias or name: getattr(part, name)
        for name, field in type(part).model_fields.items()
        if name in part.model_fields_set and not field.exclude
    }
    return {**fields, **(part.__pydantic_extra__ or {})}


def _holds_parts(before: Table[Any], after: Table[Any]) -> bool:
    return all(isinstance(entry, Part) for table in (before, after) for entry in table.values())


def _says_nothing(value: Any) -> bool:
    """True for a table without entries; a part without fields says that it is there."""
    return isinstance(value, Table) and not value


def _identity(name: str, part: Part) -> str:
    return part.identity or name or "\0"  # the same word as `rename` has for what has no name


def _as_spelt(form: Any, written: Any) -> Any:
    """The form with the prefixes that stand in the document already spelt as they are there."""
    if not isinstance(form, list) or not isinstance(written, list):
        return form
    spelling: dict[str, str] = {}
    for text in written:
        if isinstance(text, str):
            with contextlib.suppress(PrefixError):
                spelling.setdefault(str(Prefix.parse(text)), text)
    return [spelling.get(item, item) if isinstance(item, str) else item for item in form]
