"""Reading and saving where nothing goes wrong, what is refused as text, and how a change by others is noticed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tui.errors import FileError
from tui.storage import files
from tui.storage.files import (
    ABSENT,
    FileChangedError,
    FileMissingError,
    decode,
    fingerprint_of,
    read_text,
    write_atomically,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "contoso.toml"
    path.write_bytes(b"schema = 1\n")
    return path


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# --- reading ---


@pytest.mark.parametrize(
    "data",
    [b"", b"a = 1", b"a = 1\r\nb = 2\n\r", b"\xef\xbb\xbfa = 1\n", "ü = '😀\u202e'\n".encode(), b"\x1b[31m\x7f"],
    ids=["empty", "no final newline", "mixed line endings", "BOM", "not ASCII", "control characters"],
)
def test_a_text_comes_back_as_the_very_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    contents = read_text(path)
    assert contents.text.encode() == data
    assert contents.path == path
    assert contents.fingerprint.size == len(data)


def test_a_file_of_exactly_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"#" * files.MAX_BYTES)
    assert len(read_text(path).text) == files.MAX_BYTES
    with path.open("ab") as more:
        more.write(b"#")
    with pytest.raises(FileError, match="larger than 40 MiB"):
        read_text(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a = 1\nb = '\xc3\xa4\xff'\n", "s:2:7: not UTF-8 text (byte 0xff)"),
        (b"\xe4", "s:1:1: not UTF-8 text (byte 0xe4)"),
        (b"ok\n\xc3", "s:2:1: not UTF-8 text (byte 0xc3)"),
        (b"\xed\xa0\x80", "s:1:1: not UTF-8 text (byte 0xed)"),
        (b"\x89PNG\x0d\n\0", "s looks like a binary file (a NUL at byte 7)"),
        (b"a\0", "s looks like a binary file (a NUL at byte 2)"),
        ("a = 1".encode("utf-16"), "s is UTF-16 text"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(FileError) as caught:
        decode(data, "s")
    assert caught.value.message == message
    assert caught.value.hint


def test_a_missing_file_names_the_nearest_one(file: Path) -> None:
    (file.parent / "contosa").mkdir()
    with pytest.raises(FileMissingError) as caught:
        read_text(file.with_name("Contosa.toml"))
    assert caught.value.message == f"cannot read {file.with_name('Contosa.toml')}: there is no such file"
    assert caught.value.hint == f"Did you mean {file}?"


def test_a_missing_file_unlike_any_other_offers_none(file: Path) -> None:
    with pytest.raises(FileMissingError) as caught:
        read_text(file.with_name("zzz"))
    assert caught.value.hint == "Check the path."


def test_a_missing_file_is_looked_for_with_relative_paths_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    with pytest.raises(FileMissingError) as caught:
        read_text(Path("contoso"))
    assert caught.value.hint == "Did you mean contoso.toml?"
    with pytest.raises(FileError):
        read_text(Path("gone/.."))


def test_a_dangling_link_names_its_target(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to("contoso.tml")
    with pytest.raises(FileMissingError) as caught:
        read_text(link)
    assert f"a link to {file.with_name('contoso.tml')}, which does not exist" in caught.value.message
    assert caught.value.hint == f"Did you mean {file}?"


def test_a_missing_folder_is_no_file_to_create(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_text(tmp_path / "gone" / "a.toml")
    assert not isinstance(caught.value, FileMissingError)
    assert f"the folder {tmp_path / 'gone'} does not exist" in caught.value.message


@pytest.mark.parametrize("name", ["nul\0", "x" * 300, "lone\ud800surrogate", "file/below"])
def test_impossible_names_are_file_errors(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    for attempt in (read_text, fingerprint_of, lambda path: write_atomically(path, b"new")):
        with pytest.raises(FileError) as caught:
            attempt(tmp_path / name)
        assert name in caught.value.message
    assert names(tmp_path) == ["file"]


# --- saving ---


def test_a_save_returns_the_fingerprint_that_a_read_would(file: Path) -> None:
    written = write_atomically(file, "ü\r\n".encode())
    assert file.read_bytes() == "ü\r\n".encode()
    assert read_text(file).fingerprint == written == fingerprint_of(file)
    assert names(file.parent) == ["contoso.toml"]


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_gets_the_mode_that_the_umask_allows(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "new", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_an_existing_file_keeps_its_mode(file: Path, mode: int) -> None:
    file.chmod(mode)
    write_atomically(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_links_stay_and_their_target_is_replaced(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "target").write_text("old")
    (tmp_path / "second").symlink_to("elsewhere/target")
    (tmp_path / "first").symlink_to("second")
    write_atomically(tmp_path / "first", b"new")
    assert (elsewhere / "target").read_text() == "new"
    assert (tmp_path / "first").is_symlink()
    assert (tmp_path / "second").is_symlink()
    assert names(elsewhere) == ["target"]


def test_a_dangling_link_creates_its_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    write_atomically(tmp_path / "link", b"new", ABSENT)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_other_names_of_the_file_keep_the_old_content(file: Path) -> None:
    other = file.with_name("other")
    other.hardlink_to(file)
    write_atomically(file, b"new")
    assert other.read_bytes() == b"schema = 1\n"


def test_a_name_of_the_greatest_length_can_be_saved(tmp_path: Path) -> None:
    write_atomically(tmp_path / ("x" * 255), b"new")
    assert names(tmp_path) == ["x" * 255]


# --- what others did ---


def test_saves_in_a_row_expect_one_another(file: Path) -> None:
    last = read_text(file).fingerprint
    for number in range(3):
        last = write_atomically(file, b"%d" % number, last)
    assert file.read_bytes() == b"2"


def test_a_file_larger_than_can_be_read_is_known_again(file: Path) -> None:
    written = write_atomically(file, b"#" * (files.MAX_BYTES + 100))
    assert write_atomically(file, b"small", written).size == 5


def test_a_changed_file_is_not_overwritten(file: Path) -> None:
    seen = read_text(file).fingerprint
    file.write_bytes(b"schema = 2\n")
    os.utime(file, ns=(seen.mtime_ns, seen.mtime_ns))
    with pytest.raises(FileChangedError, match="was changed by somebody else"):
        write_atomically(file, b"mine", seen)
    assert file.read_bytes() == b"schema = 2\n"
    assert names(file.parent) == ["contoso.toml"]


def test_a_file_that_was_only_touched_has_not_changed(file: Path) -> None:
    seen = read_text(file).fingerprint
    os.utime(file, ns=(1, 1))
    write_atomically(file, b"mine", seen)
    assert file.read_bytes() == b"mine"


def test_a_removed_file_is_not_made_again(file: Path) -> None:
    seen = read_text(file).fingerprint
    file.unlink()
    with pytest.raises(FileChangedError, match="was removed"):
        write_atomically(file, b"mine", seen)
    assert names(file.parent) == []


def test_a_file_that_appeared_is_not_replaced(file: Path) -> None:
    with pytest.raises(FileChangedError, match="was created"):
        write_atomically(file, b"mine", ABSENT)
    assert file.read_bytes() == b"schema = 1\n"


def test_a_change_during_the_save_is_noticed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = read_text(file).fingerprint
    real = os.fsync

    def meanwhile(descriptor: int) -> None:
        file.write_bytes(b"theirs")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(FileChangedError):
        write_atomically(file, b"mine", seen)
    assert file.read_bytes() == b"theirs"
    assert names(file.parent) == ["contoso.toml"]


def test_a_fingerprint_that_is_known_is_not_read_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = read_text(file).fingerprint
    with monkeypatch.context() as patched:
        patched.setattr(os, "read", lambda *_: pytest.fail("read again"))
        assert fingerprint_of(file, known) is known
    file.write_bytes(b"schema = 22\n")
    assert not fingerprint_of(file, known).same_content(known)
    file.unlink()
    assert fingerprint_of(file, known) == ABSENT
