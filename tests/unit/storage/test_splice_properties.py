"""What a splice promises for every document and every set of changes."""

from __future__ import annotations

import datetime
import os
import random
from collections.abc import Iterator, Mapping
from typing import Any

import tomledit
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.storage.toml_documents import NAMES, Path, TomlDocument, toml_document
from tui.storage.layout import Layout
from tui.storage.literal import same, value_of
from tui.storage.splice import Change, Delete, Insert, Rename, SetValue, splice

SEEDS = st.integers(0, 2**32)
EXAMPLES = settings(max_examples=int(os.environ.get("SPLICE_EXAMPLES", "150")))
VALUES: list[Any] = [
    0, True, -1.5, "x", "# [\"]\n'''", "", datetime.date(2027, 4, 30), [], [1], ["10.0.0.0/8", "x"], [1, 2, 3, 4, 5],
    [[1], {"a": 2}, "y"], {}, {"a": 1}, {"é.": [1, 2, 3, 4], "n": {"m": {"k": 1}, "": "s"}}, {"a": {}, "b": {"c": {}}},
]  # fmt: skip


def parse(text: str) -> dict[str, Any]:
    value: dict[str, Any] = tomledit.Document.parse(text).value
    return value


def paths(table: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    for name, value in table.items():
        yield (*path, name), value
        if isinstance(value, dict):
            yield from paths(value, (*path, name))


def starts(path: Path, with_path: Path) -> bool:
    return path[: len(with_path)] == with_path


def edited_list(rng: random.Random, items: list[Any]) -> list[Any]:
    items = [item for item in items if rng.random() < 0.7]
    for _ in range(rng.randint(0, 3)):
        items.insert(rng.randint(0, len(items)), rng.choice(VALUES))
    return items


def new_value(rng: random.Random, old: Any) -> Any:
    if isinstance(old, list) and rng.random() < 0.8:
        return edited_list(rng, old)
    if isinstance(old, dict) and rng.random() < 0.8:
        kept = {
            name: new_value(rng, value) if rng.random() < 0.3 else value
            for name, value in old.items()
            if rng.random() < 0.7
        }
        return kept | ({rng.choice(NAMES): rng.choice(VALUES)} if rng.random() < 0.5 else {})
    return rng.choice(VALUES)


def random_changes(seed: int, data: dict[str, Any]) -> list[Change]:
    """Return changes none of which is below another's value or deletion, and no two of which give one name."""
    rng = random.Random(seed)
    every = list(paths(data))
    closed: list[Path] = []
    touched: set[Path] = set()
    changes: list[Change] = []
    taken: set[Path] = {path for path, _ in every}
    for _ in range(rng.randint(1, 6)):
        tables = [((), data), *((path, value) for path, value in every if isinstance(value, dict))]
        if every and rng.random() < 0.7:
            path, old = rng.choice(every)
            fresh = False
        else:
            parent, _ = rng.choice(tables)
            path, old, fresh = (*parent, rng.choice(NAMES)), None, True
        if path in touched or any(starts(path, done) for done in closed):
            continue
        if fresh and path in taken:
            continue
        kind = "set" if fresh else rng.choice(["set", "set", "delete", "rename", "rename", "move"])
        target = (*path[:-1], rng.choice(NAMES))
        if kind in ("rename", "move"):
            if target in taken:
                continue
            taken.add(target)
            changes.append(Rename(path, target[-1]))
            if kind == "move":
                changes.append(Insert(path, rng.choice(VALUES)))
        else:
            if any(starts(done, path) for done in touched):
                continue
            closed.append(path)
            taken.add(path)
            changes.append(Delete(path) if kind == "delete" else SetValue(path, new_value(rng, old)))
        touched.add(path)
    return changes


def changed(table: Mapping[str, Any], changes: list[Change], path: Path = ()) -> dict[str, Any]:
    """Make the changes on plain data."""
    result: dict[str, Any] = {}
    values = {change.path: change.value for change in changes if isinstance(change, SetValue)}
    deleted = {change.path for change in changes if isinstance(change, Delete)}
    renamed = {change.path: change.new_name for change in changes if isinstance(change, Rename)}
    for name, value in table.items():
        here = (*path, name)
        if here in values:
            result[renamed.get(here, name)] = values[here]
        elif here not in deleted:
            new = changed(value, changes, here) if isinstance(value, dict) else value
            result[renamed.get(here, name)] = new
    for change in changes:
        if change.path[:-1] == path and change.path:
            name = change.path[-1]
            if isinstance(change, Insert) or (isinstance(change, SetValue) and name not in table):
                result[name] = change.value
    return result


def pruned(value: Any) -> Any:
    """Leave out empty tables: one without header or braces vanishes with its last entry."""
    if not isinstance(value, dict):
        return value
    entries = {name: pruned(item) for name, item in value.items()}
    return {name: item for name, item in entries.items() if item != {}}


def touches(change: Change, owner: Path) -> bool:
    return starts(owner, change.path) or starts(change.path, owner)


@EXAMPLES
@given(SEEDS)
def test_the_scanner_sees_what_the_parser_sees(seed: int) -> None:
    text = toml_document(seed).text
    assert same(value_of(text, Layout(text).root), parse(text))


@EXAMPLES
@given(SEEDS)
def test_no_change_changes_nothing(seed: int) -> None:
    text = toml_document(seed).text
    assert splice(text, []) == text


@EXAMPLES
@given(SEEDS)
def test_what_is_already_so_changes_nothing(seed: int) -> None:
    text = toml_document(seed).text
    assert splice(text, [SetValue((), parse(text))]) == text


@EXAMPLES
@given(SEEDS, SEEDS)
def test_the_result_has_the_changed_data(seed: int, change_seed: int) -> None:
    document = toml_document(seed)
    data = parse(document.text)
    changes = random_changes(change_seed, data)
    result = splice(document.text, changes)
    assert same(pruned(parse(result)), pruned(changed(data, changes))), (document.text, changes, result)
    if "\n" in document.text.replace("\r\n", "") or "\r\n" not in document.text:
        return
    assert "\n" not in result.replace("\r\n", ""), "a line end of another kind came in"


@EXAMPLES
@given(SEEDS, SEEDS)
def test_any_table_can_become_any_other(seed: int, other: int) -> None:
    text = toml_document(seed).text
    wanted = parse(toml_document(other).text)
    assert same(pruned(parse(splice(text, [SetValue((), wanted)]))), pruned(wanted))


@EXAMPLES
@given(SEEDS, SEEDS)
def test_untouched_lines_stay_as_they_were_and_in_order(seed: int, change_seed: int) -> None:
    document = toml_document(seed)
    changes = random_changes(change_seed, parse(document.text))
    result = splice(document.text, changes)
    lines = iter(result.removeprefix("\ufeff").split("\n"))
    for piece in document.pieces:
        if not any(is_touched(piece.owner, piece.header, change) for change in changes):
            for line in filter(str.strip, piece.text.split("\n")):
                assert any(line.rstrip("\r") == other.rstrip("\r") for other in lines), (document.text, result, line)


def is_touched(owner: Path, header: bool, change: Change) -> bool:
    if header and not isinstance(change, Insert):
        return starts(owner, change.path)
    return touches(change, owner)


@EXAMPLES
@given(SEEDS, SEEDS)
def test_a_comment_goes_only_with_what_it_belongs_to(seed: int, change_seed: int) -> None:
    document = toml_document(seed)
    changes = random_changes(change_seed, parse(document.text))
    result = splice(document.text, changes)
    for comment, owner in document.comments.items():
        if comment in document.text and not is_lost_rightly(owner, changes, comment in document.bracketed):
            assert comment in result, (document.text, changes, result, comment)


def is_lost_rightly(owner: Path, changes: list[Change], bracketed: bool) -> bool:
    paths = [change.path for change in changes if isinstance(change, Delete | SetValue)]
    return any(starts(owner, path) or (bracketed and starts(path, owner)) for path in paths)


@EXAMPLES
@given(SEEDS, SEEDS)
def test_a_rename_keeps_order_and_every_comment(seed: int, change_seed: int) -> None:
    document = toml_document(seed)
    data = parse(document.text)
    changes: list[Change] = [c for c in random_changes(change_seed, data) if isinstance(c, Rename)]
    result = splice(document.text, changes)
    assert list(map(repr, paths(parse(result)))) == list(map(repr, paths(changed(data, changes))))
    assert result.count("\n") == document.text.count("\n")
    assert all(comment in result for comment in comments_of(document))


def comments_of(document: TomlDocument) -> list[str]:
    return [comment for comment in document.comments if comment in document.text]


@EXAMPLES
@given(SEEDS, SEEDS)
def test_a_rename_and_its_reverse_give_the_same_data(seed: int, change_seed: int) -> None:
    text = toml_document(seed).text
    table = parse(text)
    rename = next((c for c in random_changes(change_seed, table) if isinstance(c, Rename)), None)
    if rename:
        back = Rename((*rename.path[:-1], rename.new_name), rename.path[-1])
        assert same(parse(splice(splice(text, [rename]), [back])), table)
