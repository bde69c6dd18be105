"""What is named for an import is read: files, whole folders, and standard input; what cannot be is a message."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from tui.errors import FileError
from tui.storage import sources
from tui.storage.sources import SourceBytes, read_sources

MOST = 100


def read(*names: str | Path) -> list[SourceBytes]:
    return list(read_sources([str(name) for name in names], MOST))


def test_a_folder_means_every_file_in_it_and_below_but_nothing_hidden(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "deep/er/c.json", ".git/config", "deep/.hidden"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = read(tmp_path)
    assert [one.data.decode() for one in found] == ["a.json", "b.json", "deep/er/c.json"]
    assert not any(one.asked_for for one in found)


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[]")
    (tmp_path / "link.json").symlink_to(path)
    assert read(path, tmp_path, path) == [SourceBytes(str(path), b"[]", True)]


def test_a_dash_is_standard_input_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"[1]")))
    assert read("-", "-") == [SourceBytes("-", b"[1]", True)]


def test_no_more_is_read_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.json"
    path.write_bytes(b"x" * (MOST + 1))
    with pytest.raises(FileError, match="larger than"):
        read(path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * 1000)))
    with pytest.raises(FileError, match="larger than"):
        read("-")


def test_what_is_not_there_or_empty_or_a_pipe_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("gone.json", "no such file"), ("empty", "no file in"), ("pipe", "named pipe")):
        with pytest.raises(FileError, match=said):
            read(tmp_path / name)


def test_a_folder_of_far_too_many_files_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_FILES", 2)
    for number in range(3):
        (tmp_path / str(number)).write_text("")
    with pytest.raises(FileError, match="more than 2 files"):
        read(tmp_path)
