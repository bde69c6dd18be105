"""Table: an immutable mapping that keeps its order and shares what an edit did not touch.

Owns how a topology of ten thousand VNets can have a thousand versions in memory: the entries lie in
chunks, and a changed table shares all chunks but one with the table that it came from.
Invariant: a Table never changes, and iterating over it gives the order of the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from itertools import chain
from typing import Any, TypeVar, overload

V = TypeVar("V")
D = TypeVar("D")

_CHUNK = 128
"""Entries a chunk: an edit copies one chunk (about 9 KB) and the list of chunks."""

_MOST_INDEXES = 32
"""Tables of several chunks that keep an index: a version that nobody looks into needs none."""

_with_index: deque[Table[Any]] = deque()


class Table(Mapping[str, V]):
    """An ordered, immutable mapping from names to `V`."""

    __slots__ = ("_chunks", "_index", "_length", "names")

    _chunks: tuple[dict[str, V], ...]
    _length: int
    _index: dict[str, V] | None
    """All entries in one dict, for looking up; only the tables looked into last have one."""
    names: object
    """A mark that tables share only if they have the same names in the same order."""

    def __init__(self, entries: Mapping[str, V] | Iterable[tuple[str, V]] = ()) -> None:
        chunk = dict(entries)
        self._chunks = (chunk,) if chunk else ()
        self._length = len(chunk)
        self._index = chunk
        self.names = object()

    @classmethod
    def _of_chunks(cls, chunks: Iterable[dict[str, V]], names: object = None) -> Table[V]:
        table: Table[V] = cls.__new__(cls)
        table._chunks = tuple(chunk for chunk in chunks if chunk)
        table._length = sum(map(len, table._chunks))
        table._index = table._chunks[0] if len(table._chunks) == 1 else None
        table.names = names if names is not None else object()
        return table

    def __getitem__(self, name: str) -> V:
        index = self._index
        return (index if index is not None else self._indexed())[name]

    def __contains__(self, name: object) -> bool:
        index = self._index
        return name in (index if index is not None else self._indexed())

    @overload
    def get(self, name: str, default: None = None, /) -> V | None: ...
    @overload
    def get(self, name: str, default: V | D, /) -> V | D: ...
    def get(self, name: str, default: V | D | None = None, /) -> V | D | None:
        """Return the entry under `name`, or `default`."""
        index = self._index
        return (index if index is not None else self._indexed()).get(name, default)

    def _indexed(self) -> dict[str, V]:
        index = {name: entry for chunk in self._chunks for name, entry in chunk.items()}
        self._index = index
        _with_index.append(self)
        while len(_with_index) > _MOST_INDEXES:
            _with_index.popleft()._index = None
        return index

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._chunks)

    def __len__(self) -> int:
        return self._length

    def keys(self) -> KeysView[str]:
        """The names in order."""
        return self._chunks[0].keys() if len(self._chunks) == 1 else KeysView(self)

    def values(self) -> ValuesView[V]:
        """The entries in order."""
        return self._chunks[0].values() if len(self._chunks) == 1 else _Values(self)

    def items(self) -> ItemsView[str, V]:
        """The names with their entries in order."""
        return self._chunks[0].items() if len(self._chunks) == 1 else _Items(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Table):
            # In order, as the file is: dicts alone would not tell.
            return self._chunks is other._chunks or (
                len(self) == len(other) and list(self.items()) == list(other.items())
            )
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Table({dict(self)!r})"

    def __copy__(self) -> Table[V]:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Table[V]:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Table, (dict(self),)

    def set(self, name: str, entry: V) -> Table[V]:
        """Return a table with `entry` under `name`: in the place of the old one, else at the end."""
        chunks = self._split()
        for index, chunk in enumerate(chunks):
            if name in chunk:
                chunks[index] = {**chunk, name: entry}
                return Table._of_chunks(chunks, self.names)
        if chunks and len(chunks[-1]) < _CHUNK:
            chunks[-1] = {**chunks[-1], name: entry}
        else:
            chunks.append({name: entry})
        return Table._of_chunks(chunks)

    def without(self, name: str) -> Table[V]:
        """Return a table that lacks `name`. Raises KeyError if it is not there."""
        return self._replace(name, {})

    def renamed(self, name: str, new_name: str, entry: V) -> Table[V]:
        """Return a table in which `name` gives its place to `new_name`. Raises KeyError if it is not there.

        Raises ValueError if `new_name` is another entry's.
        """
        if new_name != name and new_name in self:
            raise ValueError(f"{new_name!r} is in the table already")
        return self._replace(name, {new_name: entry})

    def _replace(self, name: str, replacement: dict[str, V]) -> Table[V]:
        chunks = self._split()
        for index, chunk in enumerate(chunks):
            if name in chunk:
                changed: dict[str, V] = {}
                for key, value in chunk.items():
                    changed |= replacement if key == name else {key: value}
                chunks[index] = changed
                return Table._of_chunks(chunks)
        raise KeyError(name)

    def _split(self) -> list[dict[str, V]]:
        """The chunks, none longer than twice the usual length. Small chunks stay whole."""
        pieces: list[dict[str, V]] = []
        for chunk in self._chunks:
            if len(chunk) <= 2 * _CHUNK:
                pieces.append(chunk)
            else:
                entries = list(chunk.items())
                pieces += (dict(entries[start : start + _CHUNK]) for start in range(0, len(entries), _CHUNK))
        return pieces

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from typing import get_args

        from pydantic_core import core_schema

        (entry_type,) = get_args(source) or (Any,)
        return core_schema.no_info_wrap_validator_function(
            _validate_table,
            core_schema.dict_schema(core_schema.str_schema(), handler.generate_schema(entry_type)),
        )


class _Values(ValuesView[V]):
    _mapping: Table[V]

    def __iter__(self) -> Iterator[V]:
        return chain.from_iterable(chunk.values() for chunk in self._mapping._chunks)


class _Items(ItemsView[str, V]):
    _mapping: Table[V]

    def __iter__(self) -> Iterator[tuple[str, V]]:
        return chain.from_iterable(chunk.items() for chunk in self._mapping._chunks)


def _validate_table(value: Any, handler: Any) -> Table[Any]:
    if not isinstance(value, Table):
        return Table(handler(value))
    entries = dict(value.items())
    checked = handler(entries)
    return value if checked == entries else Table(checked)
