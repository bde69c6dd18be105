"""Parts of a topology as a text to edit, and the text that came back as an edit.

Owns what is shown of an object that is opened by itself, and how two such texts compare: what was renamed, taken
out, added or changed. References follow a rename, as they do on the screen.
Invariant: what the text that came back does not say otherwise stays as it is, down to unknown keys and the hidden
identity by which a save finds the comments of the file again.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tui.display import displayable
from tui.errors import EditError
from tui.storage.file_form import part_form, value_form
from tui.storage.layout import Layout
from tui.storage.literal import same
from tui.storage.load import Loaded, parse, plain
from tui.storage.nesting import check_nesting
from tui.storage.problems import Problem, UnreadableTopologyError
from tui.storage.save import edited_text, new_text
from tui.topology import catalog
from tui.topology.edits import Edit, add, delete, rename
from tui.topology.keypath import key_path
from tui.topology.model import Part, Topology
from tui.topology.parts import Path, entry_at, replace_part, table_at, with_table
from tui.topology.table import Table

_TABLES: Final = ("subscriptions", "vnets", "sites", "connections", "peerings", "services", "waivers")
_FIXED: Final = ("planning", "limits", "checks")
_TABLES_BELOW: Final = ("subnets", "devices", "pools", "skus")
_SOURCE: Final = "the text"
_SCHEMA: Final = "schema = 1\n"
_HEAD: Final = """\
# Save and leave the editor: what is below becomes {what}, in one step that undo takes back.
# A new name in a header renames it everywhere; lines taken out delete it, with what depends on it.
# Comments written here are not kept; those in the file stay as they are.

"""
_ABSENT: Final[Any] = object()


def whole_text(loaded: Loaded | None, topology: Topology) -> str:
    """Return the text of the file as a save would write it now, comments included; of a new file without `loaded`."""
    return new_text(topology) if loaded is None else edited_text(loaded.text, loaded.topology, topology)


def objects_at(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the objects that are opened for `paths`: the network of a subnet, `planning` for a pool; each once.

    Raises EditError for what cannot be opened by itself, or if there is nothing to open.
    """
    if not paths:
        raise EditError("there is nothing to open", "select something first")
    found: dict[Path, None] = {}
    for path in paths:
        if path and path[0] in _FIXED:
            found[path[:1]] = None
        elif len(path) > 1 and path[0] in _TABLES:
            found[path[:2]] = None
        else:
            raise EditError(f"{key_path(path) or 'the topology'} cannot be opened by itself", "open the whole file")
    return tuple(found)


def text_of(topology: Topology, paths: Sequence[Path]) -> str:
    """Return the TOML of the objects at `paths`, as a new file would have it, below a comment that says what it is.

    Raises EditError for a path where nothing is, or that cannot be opened by itself.
    """
    opened = objects_at(paths)
    fields: dict[str, Any] = {"sites_first": topology.sites_first}
    for path in opened:
        entry = entry_at(topology, path)
        if len(path) == 1:
            fields[path[0]] = entry
        else:
            fields[path[0]] = fields.get(path[0], Table()).set(path[1], entry)
    body = new_text(Topology().model_copy(update=fields))
    what = displayable(key_path(opened[0]), 60) if len(opened) == 1 else f"these {len(opened)} things"
    return _HEAD.format(what=what) + body.removeprefix(_SCHEMA).lstrip("\n")


def edit_of(topology: Topology, paths: Sequence[Path], before: str, after: str) -> Edit | None:
    """Return the edit that makes of `topology` what was made of `before`, its `text_of`; None if that is nothing.

    Raises UnreadableTopologyError with every problem by its line in `after`, and EditError for an edit that cannot
    be made.
    """
    old, new = _read(before), _read(after)
    problems = list(_misplaced(topology, objects_at(paths), old, new, Layout(after.removeprefix("\ufeff"))))
    if problems:
        raise UnreadableTopologyError(_SOURCE, sorted(problems, key=lambda problem: problem.line or 0))
    changed = [path for kind in _TABLES for path in _changed((kind,), getattr(old, kind), getattr(new, kind))]
    changed += [(name,) for name in _FIXED if not same(value_form(getattr(old, name)), value_form(getattr(new, name)))]
    if not changed:
        return None
    what = key_path(changed[0]) if len(changed) == 1 else f"{len(changed)} things"
    edit = Edit(f"Edit {what} in the editor", lambda topology: _applied(topology, old, new))
    edit.apply(topology)  # what cannot be made is said while the text is still at hand
    return edit


def carried_over(old: Topology, new: Topology) -> Topology:
    """Return `new`, which was read from a text, with the parts of `old` wherever they say the same; `old` if all do.

    A part that keeps its name keeps its identity. A new one whose name is another's identity gets one of its own.
    """
    carried = _carried(old, new)
    assert isinstance(carried, Topology)
    return carried


# Reading.


def _read(text: str) -> Topology:
    text = text.removeprefix("\ufeff")
    check_nesting(text, _SOURCE)
    if "schema" in plain(text, _SOURCE):
        return parse(text, _SOURCE)
    try:
        return parse(_SCHEMA + text, _SOURCE)
    except UnreadableTopologyError as error:
        problems = [replace(one, line=one.line - 1 if one.line else one.line) for one in error.problems]
        raise UnreadableTopologyError(_SOURCE, problems) from None


def _misplaced(
    topology: Topology, opened: Sequence[Path], old: Topology, new: Topology, layout: Layout
) -> Iterator[Problem]:
    """What the text names that is not its to name."""
    for key in new.unknown:
        nearest = catalog.nearest(key, (*_TABLES, *_FIXED))
        hint = f"; did you mean {nearest}?" if nearest else ""
        yield _problem(layout, (key,), f"is no kind of object; allowed are {', '.join((*_TABLES, *_FIXED))}{hint}")
    for key in ("name", "note"):
        if getattr(new, key) is not None:
            yield _problem(layout, (key,), "belongs to the whole file: open that to change it")
    for key in _FIXED:
        there, said = getattr(topology, key), getattr(new, key)
        if (key,) not in opened and value_form(said) and value_form(there):
            yield _problem(layout, (key,), "exists already and was not opened here: open it to change it")
    for kind in _TABLES:
        for name in getattr(new, kind):
            path = (kind, name)
            if path in opened:
                continue
            if name in getattr(topology, kind):
                yield _problem(layout, path, "exists already and was not opened here: choose another name, or open it")
            elif kind in _OTHER_NETWORKS and _taken(topology, old, new, _OTHER_NETWORKS[kind], name):
                yield _problem(
                    layout, path, f"has the name of {key_path((_OTHER_NETWORKS[kind], name))}: choose another"
                )


_OTHER_NETWORKS: Final = {"vnets": "sites", "sites": "vnets"}


def _taken(topology: Topology, old: Topology, new: Topology, kind: str, name: str) -> bool:
    """Say whether the other kind of network has this name once the text is taken over."""
    return name in getattr(new, kind) or (name in getattr(topology, kind) and name not in getattr(old, kind))


def _problem(layout: Layout, path: Path, what: str) -> Problem:
    line, column = layout.position(path)
    key = displayable(key_path(path))
    return Problem(line, column, key, "", "", None, f"{key} {displayable(what)}")


# Comparing.


@dataclass(frozen=True, slots=True)
class _Tables:
    """One table of things, as it was shown and as it came back."""

    place: Path
    old: Table[Any]
    new: Table[Any]
    renamed: Mapping[str, str]

    @classmethod
    def compared(cls, place: Path, old: Table[Any], new: Table[Any]) -> _Tables:
        """Find out what was renamed: what says the same under another name, and else what stands in its stead."""
        gone = [name for name in old if name not in new]
        came = [name for name in new if name not in old]
        renamed: dict[str, str] = {}
        for name in gone:
            alike = (other for other in came if same(part_form(old[name]), part_form(new[other])))
            if other := next(alike, None):
                renamed[name] = other
                came.remove(other)
        gone = [name for name in gone if name not in renamed]
        if len(gone) == len(came):
            renamed |= zip(gone, came, strict=True)
        return cls(place, old, new, renamed)

    @property
    def kept(self) -> dict[str, str]:
        """The names, as they were, of what stays, with those that they have now."""
        return {name: self.renamed.get(name, name) for name in self.old if name in self.new or name in self.renamed}

    @property
    def gone(self) -> list[str]:
        """The names of what was taken out."""
        return [name for name in self.old if name not in self.kept]

    @property
    def came(self) -> list[str]:
        """The names of what is new."""
        names = set(self.kept.values())
        return [name for name in self.new if name not in names]


def _changed(place: Path, old: Table[Any], new: Table[Any]) -> Iterator[Path]:
    table = _Tables.compared(place, old, new)
    for name in (*table.gone, *table.came):
        yield (*place, name)
    for name, now in table.kept.items():
        if name != now or not same(part_form(old[name]), part_form(new[now])):
            yield (*place, name)


# Taking over.


def _applied(topology: Topology, old: Topology, new: Topology) -> Topology:
    before = topology
    for name in ("planning", "limits"):
        topology = _with_part(topology, (name,), getattr(old, name), getattr(new, name))
    if not same(value_form(old.checks), value_form(new.checks)):
        topology = with_table(topology, ("checks",), new.checks)
    tables = [_Tables.compared((kind,), getattr(old, kind), getattr(new, kind)) for kind in _TABLES]
    return _with_tables(topology, before, tables)


def _with_tables(topology: Topology, before: Topology, tables: Sequence[_Tables]) -> Topology:
    """Take over what became of `tables`; what the text still has stays, even where a deletion would take it along."""
    for table in tables:
        for name in table.gone:
            topology = _without(topology, (*table.place, name), tables)
    for table in tables:
        topology = _restored(topology, before, table.place, table.kept)
    for table in tables:
        for name, now in table.renamed.items():
            topology = rename((*table.place, name), now).apply(topology)
    for table in tables:
        for name in table.came:
            topology = add((*table.place, name), table.new[name]).apply(topology)
    named = topology
    for table in tables:
        topology = _restored(topology, named, table.place, table.kept.values())
        for name, now in table.kept.items():
            topology = _with_part(topology, (*table.place, now), table.old[name], table.new[now])
    return topology


def _without(topology: Topology, path: Path, tables: Sequence[_Tables]) -> Topology:
    *place, name = path
    table = table_at(topology, tuple(place))
    if name not in table:
        return topology  # it went with what was taken out before
    other = _OTHER_NETWORKS.get(place[0]) if len(place) == 1 else None
    if any(one.place == (other,) and name in one.new for one in tables):
        # A VNet that became a site, or the other way round, under its name: what is linked to it stays linked.
        return with_table(topology, tuple(place), table.without(name))
    return delete(path).apply(topology)


def _restored(topology: Topology, before: Topology, place: Path, names: Collection[str]) -> Topology:
    """Put back which of `names` went with something else since `before`, each in its place."""
    left = table_at(topology, place)
    if all(name in left for name in names):
        return topology
    entries = {name: left.get(name, part) for name, part in table_at(before, place).items()}
    return with_table(topology, place, Table((n, part) for n, part in entries.items() if n in left or n in names))


def _with_part(topology: Topology, path: Path, old: Part, new: Part) -> Topology:
    """Take over which fields of the part at `path` differ between `old` and `new`; its other fields stay."""
    before, after = part_form(old), part_form(new)
    changed: dict[str, Any] = {}
    for key in (*before, *(key for key in after if key not in before)):
        if key in before and key in after and same(before[key], after[key]):
            continue
        was, now = _field(old, key), _field(new, key)
        if key in _TABLES_BELOW and key in type(old).model_fields:
            place = (*path, key)
            topology = _with_tables(topology, topology, [_Tables.compared(place, was, now)])
        elif isinstance(was, Part) and isinstance(now, Part):
            topology = _with_part(topology, (*path, key), was, now)
        elif isinstance(was, Part):
            topology = delete((*path, key)).apply(topology)
        elif isinstance(now, Part):
            topology = add((*path, key), now).apply(topology)
        else:
            changed[key] = now if key in after else _ABSENT
    return _put(topology, path, changed) if changed else topology


def _field(part: Part, key: str) -> Any:
    return getattr(part, key) if key in type(part).model_fields else part.unknown.get(key)


def _put(topology: Topology, path: Path, changed: Mapping[str, Any]) -> Topology:
    """Set or take away fields of the part at `path`, those with unknown keys too."""
    part = entry_at(topology, path)
    kind = type(part)
    values = dict(part.__pydantic_extra__ or {})
    values |= {
        field.alias or name: getattr(part, name)
        for name, field in kind.model_fields.items()
        if name in part.model_fields_set
    }
    values |= changed
    # Every value was read by the same model before: this cannot fail.
    part = kind.model_validate({key: value for key, value in values.items() if value is not _ABSENT})
    *place, name = path
    owner = entry_at(topology, tuple(place))
    if isinstance(owner, Table):
        return with_table(topology, tuple(place), owner.set(name, part))
    return replace_part(topology, tuple(place), **{name: part})


# Carrying over.


def _carried(old: Part, new: Part) -> Part:
    names = new.model_fields_set - {"identity"}
    extra = _carried_table(Table(old.__pydantic_extra__ or {}), Table(new.__pydantic_extra__ or {}))
    alike = names == old.model_fields_set - {"identity"} and _same_entries(extra, old.__pydantic_extra__ or {})
    fields = {name: _carried_value(getattr(old, name), getattr(new, name)) for name in names}
    if alike and all(value is getattr(old, name) for name, value in fields.items()):
        return old
    return new.model_copy(update=fields | ({"identity": old.identity} if old.identity else {}))


def _carried_value(old: Any, new: Any) -> Any:
    """Return `old` if it is written as `new` is, else `new` with what of it is in `old`."""
    if type(old) is not type(new):
        return new
    if isinstance(new, Part):
        return _carried(old, new)
    if isinstance(new, Table):
        return _carried_table(old, new)
    if isinstance(new, tuple):
        items = tuple(map(_carried_value, old, new))
        return old if len(old) == len(new) and all(map(operator.is_, items, old)) else new
    return old if old == new else new


def _carried_table(old: Table[Any], new: Table[Any]) -> Table[Any]:
    entries = {name: _carried_value(old[name], part) if name in old else part for name, part in new.items()}
    identities = {part.identity for part in old.values() if isinstance(part, Part)} - {""}
    for name in identities.intersection(entries).difference(old):
        mark = f"\0new {name}"
        while mark in identities:
            mark += "+"
        entries[name] = entries[name].model_copy(update={"identity": mark})
    if list(entries) != list(old):
        return Table(entries)
    for name, entry in entries.items():  # one after another: the table shares with the old one what stays
        if entry is not old[name]:
            old = old.set(name, entry)
    return old


def _same_entries(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return list(one) == list(other) and all(one[name] is other[name] for name in one)
