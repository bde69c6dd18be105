"""Reading and saving when the system fails: each fault is made for real where that is possible.

A root user passes every permission test, and a full disk stops nobody in the process of the tests: what needs
another user or a limit runs in a child process, which reports what came out of each attempt.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import pytest

from tui.errors import FileError
from tui.storage import files
from tui.storage.files import read_text, write_atomically

AS_ROOT = os.geteuid() == 0
OLD, NEW = b"old" * 1000, b"new" * 100_000

CHILD = """
import difflib, errno, json, os, random, resource, signal, sys, time  # all of it before the permissions are gone
from pathlib import Path
from tui.errors import FileError
from tui.storage.files import FileMissingError, read_text, write_atomically
folder = Path(sys.argv[1])
NEW = b"new" * 100_000
def attempt(action, *arguments):
    try:
        action(*arguments)
        outcome = ["", "", ""]
    except FileError as error:
        outcome = [type(error).__name__, error.message, error.hint]
    print(json.dumps(outcome), flush=True)
def drop_privileges():
    if os.geteuid() == 0:
        os.setgroups([]); os.setgid(65534); os.setuid(65534)
    sealed = folder / "sealed"
    try:
        sealed.open().close()
    except PermissionError:
        return
    sys.exit("permissions do not bind this user, and no other user can be taken on")
"""


class Outcome(NamedTuple):
    """What came of one attempt in a child; `error` is empty where it went well."""

    error: str
    message: str
    hint: str


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """Fail what waits for a pipe, instead of waiting with it."""

    def too_long(_number: int, _frame: FrameType | None) -> None:
        pytest.fail("hangs")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, 25)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may use (pytest's own are closed to others), with one file that nobody may read."""
    folder = Path(tempfile.mkdtemp(prefix="vnet-tui-test-"))
    folder.chmod(0o777)
    (folder / "sealed").touch(0o000)
    yield folder
    for inner in folder.iterdir():
        if inner.is_dir():
            inner.chmod(0o777)
    shutil.rmtree(folder)


def in_child(body: str, folder: Path, *prefix: str) -> list[Outcome]:
    command = [*prefix, sys.executable, "-c", CHILD + body, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr
    return [Outcome(*json.loads(line)) for line in done.stdout.splitlines()]


def leftovers(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(".vnet-tui-")]


# --- what is no regular file ---


@pytest.mark.parametrize("kind", ["folder", "named pipe", "socket", "device", "linked pipe"])
def test_no_regular_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "it"
    with socket.socket(socket.AF_UNIX) as listener:
        if kind == "folder":
            path.mkdir()
        elif kind == "socket":
            listener.bind(os.path.relpath(path))
        elif kind == "device":
            path.symlink_to("/dev/zero")
        elif kind == "named pipe":
            os.mkfifo(path)
        else:
            os.mkfifo(tmp_path / "pipe")
            path.symlink_to("pipe")
    before = path.stat().st_mode
    expected = f"it is a {'named pipe' if 'pipe' in kind else kind}"
    with pytest.raises(FileError, match=expected):
        read_text(path)
    with pytest.raises(FileError, match=expected) as caught:
        write_atomically(path, NEW)
    assert "still in memory" in caught.value.hint
    assert path.stat().st_mode == before
    assert leftovers(tmp_path) == []


def test_a_pipe_put_in_the_place_of_a_file_at_the_last_moment_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    status = os.stat(__file__)
    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", lambda _: status)
        with pytest.raises(FileError, match="it is a named pipe"):
            read_text(tmp_path / "pipe")


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(FileError, match="lead in a circle"):
        read_text(tmp_path / "a")
    with pytest.raises(FileError, match="lead in a circle"):
        write_atomically(tmp_path / "a", NEW)
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


@pytest.mark.timeout(60)
def test_a_huge_file_is_refused_in_bounded_time_and_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    path.touch()
    os.truncate(path, 50_000_000)
    body = "resource.setrlimit(resource.RLIMIT_AS, (200 << 20, -1)); attempt(read_text, folder / 'huge')"
    assert in_child(body, tmp_path)[0].message == f"{path} is larger than 40 MiB"


def test_no_size_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that grows, or one as in /proc that claims to be empty, is read no further than one byte too far."""
    path = tmp_path / "growing"
    path.touch()
    os.truncate(path, 50_000_000)
    real_read, real_fstat, taken = os.read, os.fstat, 0

    def counted(descriptor: int, count: int) -> bytes:
        nonlocal taken
        data = real_read(descriptor, count)
        taken += len(data)
        return data

    def empty(descriptor: int) -> os.stat_result:
        status = list(real_fstat(descriptor))
        status[stat.ST_SIZE] = 0
        return os.stat_result(status)

    with monkeypatch.context() as patched:
        patched.setattr(os, "read", counted)
        patched.setattr(os, "fstat", empty)
        with pytest.raises(FileError, match="larger than 40 MiB"):
            read_text(path)
    assert taken == files.MAX_BYTES + 1


# --- the disk is full ---


def check_that_nothing_was_lost(outcome: Outcome, reason: str) -> None:
    assert outcome.error == "FileError"
    assert reason in outcome.message
    assert "untouched, and your edits are still in memory" in outcome.hint


def test_a_limit_on_the_size_of_files(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(OLD)
    body = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
attempt(write_atomically, folder / "file", NEW)
attempt(write_atomically, folder / "not there yet", NEW)
attempt(write_atomically, folder / "small", b"small")
"""
    existing, new, small = in_child(body, tmp_path)
    check_that_nothing_was_lost(existing, "larger than a file may be here")
    check_that_nothing_was_lost(new, "larger than a file may be here")
    assert small.error == ""
    assert (tmp_path / "file").read_bytes() == OLD
    assert sorted(os.listdir(tmp_path)) == ["file", "small"]


def test_a_full_disk(tmp_path: Path) -> None:
    """On a disk of 64 KiB, where one can be mounted; else said, and the limit on the size of files stands for it."""
    private = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"', str(tmp_path)]
    mountable = subprocess.run([*private, "true"], capture_output=True, text=True, timeout=20)
    if mountable.returncode != 0:
        pytest.skip(f"no disk can be mounted here, test_a_limit_on_the_size_of_files does it: {mountable.stderr}")
    body = """
write_atomically(folder / "file", b"old")
attempt(write_atomically, folder / "file", NEW)
attempt(write_atomically, folder / "not there yet", NEW)
assert (folder / "file").read_bytes() == b"old" and os.listdir(folder) == ["file"], os.listdir(folder)
attempt(write_atomically, folder / "file", b"small")
"""
    existing, new, small = in_child(body, tmp_path, *private)
    check_that_nothing_was_lost(existing, "the disk is full")
    check_that_nothing_was_lost(new, "the disk is full")
    assert small.error == ""


@pytest.mark.parametrize(
    ("function", "number", "reason"),
    [
        ("write", errno.EDQUOT, "the disk quota is used up"),
        ("fsync", errno.EIO, "Input/output error"),
        ("replace", errno.EBUSY, "the system keeps it in use"),
        ("replace", errno.EPERM, "no permission to write to its folder"),
    ],
)
def test_faults_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, number: int, reason: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, function, fail)
        with pytest.raises(FileError) as caught:
            write_atomically(path, NEW)
    check_that_nothing_was_lost(Outcome("FileError", caught.value.message, caught.value.hint), reason)
    assert path.read_bytes() == OLD
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_cannot_be_synced_does_not_make_the_save_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    written = write_atomically(tmp_path / "file", NEW)
    assert read_text(tmp_path / "file").fingerprint == written


# --- permissions ---


def test_what_another_user_may_not_read(open_folder: Path) -> None:
    (open_folder / "closed").mkdir(0o000)
    body = """
drop_privileges()
attempt(read_text, folder / "sealed")
attempt(read_text, folder / "closed" / "file")
"""
    sealed, closed = in_child(body, open_folder)
    assert sealed.error == closed.error == "FileError"
    assert sealed.message == f"cannot read {open_folder / 'sealed'}: permission denied"
    assert closed.message == f"cannot read {open_folder / 'closed' / 'file'}: permission denied"
    assert "Ask for the permission" in sealed.hint


def test_a_read_only_file_is_respected_in_a_folder_that_is_writable(open_folder: Path) -> None:
    (open_folder / "file").write_bytes(OLD)
    (open_folder / "file").chmod(0o444)
    (outcome,) = in_child("drop_privileges(); attempt(write_atomically, folder / 'file', NEW)", open_folder)
    check_that_nothing_was_lost(outcome, "the file is read-only")
    assert "chmod u+w" in outcome.hint
    assert (open_folder / "file").read_bytes() == OLD
    assert leftovers(open_folder) == []


def test_a_read_only_folder(open_folder: Path) -> None:
    inner = open_folder / "inner"
    inner.mkdir()
    (inner / "file").write_bytes(OLD)
    (inner / "file").chmod(0o666)
    inner.chmod(0o555)
    body = """
drop_privileges()
attempt(write_atomically, folder / "inner" / "file", NEW)
attempt(write_atomically, folder / "inner" / "new", NEW)
"""
    for outcome in in_child(body, open_folder):
        check_that_nothing_was_lost(outcome, "no permission to write to its folder")
    assert (inner / "file").read_bytes() == OLD
    assert os.listdir(inner) == ["file"]


def test_a_read_only_file_system(tmp_path: Path) -> None:
    """Where a file system can be mounted; the test of a read-only folder stands for it elsewhere, and this is said."""
    script = 'mount -t tmpfs tmpfs "$0" && echo old >"$0/file" && mount -o remount,ro "$0" && exec "$@"'
    private = ["unshare", "--mount", "sh", "-c", script, str(tmp_path)]
    mountable = subprocess.run([*private, "true"], capture_output=True, text=True, timeout=20)
    if mountable.returncode != 0:
        pytest.skip(f"nothing can be mounted here, test_a_read_only_folder does it: {mountable.stderr}")
    body = "attempt(write_atomically, folder / 'file', NEW); attempt(write_atomically, folder / 'new', NEW)"
    for outcome in in_child(body, tmp_path, *private):
        check_that_nothing_was_lost(outcome, "the file system is read-only")


def test_another_group_gains_nothing_by_a_save(open_folder: Path) -> None:
    (open_folder / "file").write_bytes(OLD)
    (open_folder / "file").chmod(0o676)
    (outcome,) = in_child("drop_privileges(); attempt(write_atomically, folder / 'file', NEW)", open_folder)
    assert outcome.error == ""
    status = (open_folder / "file").stat()
    # The child of root is in another group: that gets what everybody had. Any other child keeps its own group.
    assert (stat.S_IMODE(status.st_mode), status.st_uid) == ((0o666, 65534) if AS_ROOT else (0o676, os.geteuid()))
    assert (open_folder / "file").read_bytes() == NEW


def test_root_leaves_a_file_to_its_owner(tmp_path: Path) -> None:
    """As another user than root there is only one's own id, which a save has to keep just as well."""
    path = tmp_path / "file"
    path.write_bytes(OLD)
    owner, group = (65534, 65533) if AS_ROOT else (os.geteuid(), path.stat().st_gid)
    os.chown(path, owner, group)
    path.chmod(0o640)
    write_atomically(path, NEW)
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (owner, group, 0o640)


# --- what goes away ---


def test_a_folder_that_vanished(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    path.parent.mkdir()
    path.write_bytes(OLD)
    seen = read_text(path).fingerprint
    (tmp_path / "link").symlink_to("folder/file")
    shutil.rmtree(path.parent)
    for gone in (path, tmp_path / "link"):
        with pytest.raises(FileError, match="its folder does not exist") as caught:
            write_atomically(gone, NEW)
        assert "still in memory" in caught.value.hint
    with pytest.raises(files.FileChangedError):
        write_atomically(path, NEW, seen)
    assert os.listdir(tmp_path) == ["link"]


def test_a_folder_that_vanishes_during_the_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder" / "file"
    path.parent.mkdir()
    monkeypatch.setattr(os, "fsync", lambda _: shutil.rmtree(path.parent, ignore_errors=True))
    with pytest.raises(FileError, match="its folder does not exist"):
        write_atomically(path, NEW)
    assert os.listdir(tmp_path) == []


def test_interrupts_leave_one_whole_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    chance = random.Random(1)
    signal.signal(signal.SIGALRM, interrupt)  # no_hang puts its own handler back
    for round_ in range(150):
        seen: bytes | None = None
        try:
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.0001, 0.003))
            while True:
                for seen in (NEW, OLD):
                    write_atomically(path, seen)
        except KeyboardInterrupt:
            pass
        assert path.read_bytes() in (OLD, NEW), round_
        assert os.listdir(tmp_path) == ["file"], round_


def test_kills_leave_one_whole_file(tmp_path: Path) -> None:
    """A writer that alternates between two contents is killed at 40 random moments."""
    body = """
OLD = b"old" * 1000
path, chance = folder / "file", random.Random(2)
path.write_bytes(OLD)
for kill in range(40):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        while True:
            for data in (NEW, OLD):
                write_atomically(path, data)
                os.write(writer, b".")
    os.close(writer)
    started = os.read(reader, 1)
    time.sleep(chance.uniform(0, 0.008))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    left = [name for name in os.listdir(folder) if name != "file"]
    assert started == b"." and path.read_bytes() in (OLD, NEW), (kill, path.stat().st_size)
    assert len(left) <= kill + 1 and all(name.startswith(".vnet-tui-") for name in left), left
write_atomically(path, NEW)
attempt(read_text, path)
"""
    (last,) = in_child(body, tmp_path)
    assert last.error == ""
    assert (tmp_path / "file").read_bytes() == NEW
