"""What is remembered between runs: what comes back, what is bounded, and that nothing bad is noticed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.storage import remembered
from tui.storage.remembered import MOST_FILES, MOST_RECENT, MOST_VALUES, recall, recent, remember


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is kept; not there yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "vnet-tui" / "remembered.json"


def files(folder: Path, count: int) -> list[Path]:
    """So many files that exist."""
    paths = [folder / f"plan{number:03}.toml" for number in range(count)]
    for path in paths:
        path.touch()
    return paths


def holding(place: Path, content: str | bytes) -> Path:
    """Let the file hold this."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


# What comes back.


def test_at_first_nothing_is_remembered(place: Path, tmp_path: Path) -> None:
    assert recent() == ()
    assert recall(tmp_path / "plan.toml") == {}
    assert not place.exists()


def test_the_state_of_a_file_comes_back(place: Path, tmp_path: Path) -> None:
    first, second = files(tmp_path, 2)
    assert remember(first, {"vnets": 40, "tab": "details", "zoomed": True})
    assert remember(second, {"vnets": 7})
    assert recall(first) == {"vnets": 40, "tab": "details", "zoomed": True}
    assert type(recall(first)["zoomed"]) is bool
    assert recall(second) == {"vnets": 7}


def test_new_values_are_laid_over_old_ones(place: Path, tmp_path: Path) -> None:
    (path,) = files(tmp_path, 1)
    remember(path, {"vnets": 40, "tab": "details"})
    remember(path, {"vnets": 50})
    remember(path)
    assert recall(path) == {"vnets": 50, "tab": "details"}


def test_the_newest_file_is_first_and_each_stands_there_once(place: Path, tmp_path: Path) -> None:
    first, second, third = files(tmp_path, 3)
    for path in (first, second, third, first):
        remember(path)
    assert recent() == (first, third, second)


def test_a_file_is_known_by_its_absolute_path(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = files(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    remember(Path("folder/../plan000.toml"), {"vnets": 1})
    assert recent() == (path,)
    assert recall(Path("plan000.toml")) == {"vnets": 1}


def test_what_is_no_file_any_more_is_not_listed_and_its_state_stays(place: Path, tmp_path: Path) -> None:
    first, second = files(tmp_path, 2)
    remember(first, {"vnets": 1})
    remember(second)
    first.unlink()
    assert recent() == (second,)
    assert recall(first) == {"vnets": 1}
    first.mkdir()
    assert recent() == (second,)


def test_names_that_are_no_text_are_remembered(place: Path, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"pl\xe4n \xf0\x9f\x98\x80\n.toml")
    path.touch()
    assert remember(path, {"é": "\ud800"})
    assert recent() == (path,)
    assert recall(path) == {"é": "\ud800"}


# What is bounded.


def test_at_most_so_many_files_are_listed_and_remembered(place: Path, tmp_path: Path) -> None:
    paths = files(tmp_path, MOST_FILES + 2)
    for number, path in enumerate(paths):
        remember(path, {"number": number})
    assert recent() == tuple(reversed(paths[-MOST_RECENT:]))
    assert [bool(recall(path)) for path in paths] == [False, False, *[True] * MOST_FILES]


def test_small_values_are_kept_and_others_are_not(place: Path, tmp_path: Path) -> None:
    (path,) = files(tmp_path, 1)
    state: dict[Any, Any] = {"long": "x" * 1000, "large": 10**30, "float": 1.5, "list": [1], "none": None, 3: 4, "a": 1}
    assert remember(path, state)
    assert recall(path) == {"a": 1}
    remember(path, {f"k{number}": number for number in range(MOST_VALUES + 5)})
    assert len(recall(path)) == MOST_VALUES
    assert recall(path)["k0"] == 0


def test_however_much_is_remembered_the_newest_comes_back(place: Path, tmp_path: Path) -> None:
    """Long names and long values, as many as may be, are more than the file may hold: the oldest go."""
    state = {f"{number:03}" + "\U0001f600" * 90: "\U0001f600" * 100 for number in range(MOST_VALUES)}
    paths = [tmp_path.joinpath(*["x" * 50] * 70, f"{number}.toml") for number in range(4)]
    for path in paths:
        assert remember(path, state)
        assert recall(path) == state
    assert not recall(paths[0])


# Who may read it, and who else writes it.


def test_nobody_else_may_read_it(place: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        remember(tmp_path / "plan.toml")
        assert place.stat().st_mode & 0o777 == 0o600
        assert place.parent.stat().st_mode & 0o777 == 0o700
        place.chmod(0o666)
        remember(tmp_path / "plan.toml")
        assert place.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
    assert [path.name for path in place.parent.iterdir()] == ["remembered.json"]


def test_what_another_session_wrote_in_between_is_kept(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = files(tmp_path, 2)
    remember(first, {"vnets": 1})
    write = remembered._write
    others: Iterator[Any] = iter([lambda: remember(second, {"vnets": 2})])

    def late(*arguments: Any) -> None:
        next(others, lambda: None)()
        write(*arguments)

    monkeypatch.setattr(remembered, "_write", late)
    assert remember(first, {"vnets": 3})
    assert recall(first) == {"vnets": 3}
    assert recall(second) == {"vnets": 2}


def test_two_sessions_at_once_leave_a_sound_file(place: Path, tmp_path: Path) -> None:
    paths = files(tmp_path, 2)
    together = Barrier(2)

    def session(path: Path) -> None:
        together.wait()
        for number in range(10):
            remember(path, {"number": number})

    threads = [Thread(target=session, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.loads(place.read_text())
    assert set(recent()) <= set(paths)
    assert recent()


# What is bad.


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "null",
        "[1]",
        '{"version": 2, "files": [{"path": "/etc/passwd"}]}',
        '{"version": 1, "files": {"path": "/etc/passwd"}}',
        '{"version": 1, "files": [1, null, {"path": 5}, {"path": "relative"}, {"path": "/a\\u0000b"}, {}]}',
        '{"version": 1, "files": [{"path": "/' + "x" * 5000 + '"}]}',
        "[" * 100_000,
        '{"version": ' + "1" * 10_000 + "}",
        b"\xff\xfe\xff",
        b"\0\0\0",
        '{"version": 1, "files": [{"path": "/etc/passwd"}]}' + " " * 300_000,
    ],
)
def test_a_bad_file_is_as_if_it_were_not_there(place: Path, tmp_path: Path, content: str | bytes) -> None:
    (path,) = files(tmp_path, 1)
    holding(place, content)
    assert recent() == ()
    assert recall(path) == {}
    assert remember(path, {"vnets": 1})
    assert recent() == (path,)


def test_what_is_sound_in_a_file_counts(place: Path, tmp_path: Path) -> None:
    first, second = files(tmp_path, 2)
    entries = [
        {"path": str(first), "state": {"a": 1, "b": [2], "c": 1e400}},
        {"path": str(second), "state": [1]},
        {"path": str(first), "state": {"a": 2}},
        {"path": "/dev/null", "state": {}},
    ]
    holding(place, json.dumps({"version": 1, "files": entries}))
    assert recent() == (first, second)
    assert recall(first) == {"a": 1}
    assert recall(second) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("/etc/passwd"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["version", "files", "path", "state", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.just(1) | JSON, JSON)
def test_no_content_raises(place: Path, version: Any, content: Any) -> None:
    holding(place, json.dumps({"version": version, "files": content}))
    for path in recent():
        assert path.is_absolute()
        assert all(isinstance(value, int | str | bool) for value in recall(path).values())


def test_a_place_that_cannot_be_written_is_silent(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    assert not remember(tmp_path / "plan.toml", {"vnets": 1})
    (tmp_path / "state").unlink()
    place.mkdir(parents=True)
    assert not remember(tmp_path / "plan.toml", {"vnets": 1})
    assert recent() == ()
    assert recall(tmp_path / "plan.toml") == {}
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "nowhere")
    assert not remember(tmp_path / "plan.toml", {"vnets": 1})
    assert recent() == ()
    assert recall(tmp_path / "plan.toml") == {}
    assert capfd.readouterr() == ("", "")


def test_a_path_that_cannot_be_is_not_remembered(place: Path) -> None:
    for path in (Path("/a\0b"), Path("/" + "x" * 5000)):
        assert not remember(path, {"vnets": 1})
        assert recall(path) == {}
    assert recent() == ()
