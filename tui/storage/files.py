"""Bytes in, bytes out: reads a file that may be anything, and replaces one so that nothing can be lost.

Owns what is refused before a parser sees it, how a change made by others is noticed, and the save.
Invariant: at every instant, a kill included, a file that is being saved holds the whole old or the whole
new content; and every failure is a FileError. Messages hold paths raw: who shows them makes them displayable.
A save breaks hard links: the other names of the file keep the old content.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import stat
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from tui.errors import FileError

MAX_BYTES: Final = 40 * 1024 * 1024
"""Room for a hundred thousand VNets; a file beyond it is not read to its end."""

_NOT_LOST: Final = "What was on disk is untouched, and your edits are still in memory."
_REASONS: Final = {
    errno.ENOSPC: ("the disk is full", "Free some space there, or save to another disk."),
    errno.EDQUOT: ("the disk quota is used up", "Free some of the quota, or save to another disk."),
    errno.EFBIG: ("it would be larger than a file may be here", "Raise the limit (ulimit -f), or save elsewhere."),
    errno.EROFS: ("the file system is read-only", "Save to another place."),
    errno.ENOENT: ("its folder does not exist", "Make the folder first, or use another place."),
    errno.ENOTDIR: ("a part of its path is not a folder", "Check the path."),
    errno.ELOOP: ("its symbolic links lead in a circle", "Check where the links lead (ls -l)."),
    errno.ENAMETOOLONG: ("the name is too long", "Use a shorter name."),
    errno.EBUSY: ("the system keeps it in use", "A file that is a mount point cannot be replaced; save elsewhere."),
}
_KINDS: Final = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}
_OWN: Final = re.compile(r"/(?:dev/fd|proc/self/fd)/(\d{1,9})")
"""What shells call an open file of one's own: what `<(command)` becomes."""
_ACL: Final = "system.posix_acl_access"


class FileMissingError(FileError):
    """There is no such file, but its folder exists: the file could be created."""


class FileChangedError(FileError):
    """Somebody changed, removed or created the file since it was read or saved here."""


@dataclass(frozen=True)
class Fingerprint:
    """What a file was when it was read or written; its content alone decides whether it changed."""

    digest: str
    size: int
    mtime_ns: int
    inode: int

    def same_content(self, other: Fingerprint) -> bool:
        """Tell whether both stand for the same bytes, or both for no file."""
        return (self.digest, self.size) == (other.digest, other.size)


ABSENT: Final = Fingerprint(digest="", size=-1, mtime_ns=0, inode=0)
"""The fingerprint of no file: what a save expects that must not replace anything."""


@dataclass(frozen=True)
class Contents:
    """The text of a file, byte for byte (BOM and line endings too), and what it was when it was read."""

    path: Path
    text: str
    fingerprint: Fingerprint


def read_text(path: Path) -> Contents:
    """Read the text file at `path`, or raise a FileError; waits for no pipe and no device, and reads bounded bytes."""
    try:
        data, fingerprint = _read(path)
    except FileNotFoundError as error:
        raise _missing(path) from error
    except (OSError, ValueError) as error:
        raise _failure("read", path, error) from error
    return Contents(path, decode(data, str(path)), fingerprint)


def read_bytes(path: Path, most: int) -> bytes:
    """Read the file at `path`, of at most `most` bytes, or raise a FileError.

    It waits for no device, and for no pipe but one that a shell has opened for this process: `<(command)`.
    """
    try:
        pipe = _own_pipe(path)
        data = _bytes(path, most)[0] if pipe is None else _up_to(pipe, most + 1)
    except FileNotFoundError as error:
        raise _missing(path) from error
    except (OSError, ValueError) as error:
        raise _failure("read", path, error) from error
    if len(data) > most:
        raise FileError(f"{path} is larger than {most >> 20} MiB", "Is it the right file? Split it if it is.")
    return data


def decode(data: bytes, source: str) -> str:
    """Return the UTF-8 text that `data` is, or raise a FileError that calls it `source`."""
    if len(data) > MAX_BYTES:
        raise FileError(
            f"{source} is larger than {MAX_BYTES // 1024**2} MiB", "No topology is that large; is it the right file?"
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError(f"{source} is UTF-16 text", "Save it as UTF-8 (iconv -f UTF-16 -t UTF-8).")
    if (at := data.find(b"\0")) >= 0:
        raise FileError(f"{source} looks like a binary file (a NUL at byte {at + 1})", "Give a text file.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise FileError(
            f"{source}:{line}:{column}: not UTF-8 text (byte 0x{data[error.start]:02x})",
            "Save it as UTF-8; where it is Latin-1: iconv -f LATIN1 -t UTF-8.",
        ) from error


def fingerprint_of(path: Path, known: Fingerprint | None = None) -> Fingerprint:
    """Return what the file at `path` is now, or ABSENT; `known` itself, unread, where time, size and inode are its."""
    try:
        now = os.stat(path)
        if known and (now.st_mtime_ns, now.st_size, now.st_ino) == (known.mtime_ns, known.size, known.inode):
            return known
        return _read(path)[1]
    except FileNotFoundError:
        return ABSENT
    except (OSError, ValueError) as error:
        raise _failure("read", path, error) from error


def write_atomically(path: Path, data: bytes, expected: Fingerprint | None = None) -> Fingerprint:
    """Replace the file at `path`, or the target of the link there, by `data`; return the new fingerprint.

    Owner, mode and ACL stay where that is permitted. With `expected`, a file that has another
    content by now (or that exists, for ABSENT) raises FileChangedError and is left alone.
    """
    try:
        target = Path(os.path.realpath(path))
        old = _status_to_replace(path, target)
        _refuse_changed(path, target, expected)
        # Not named after the target, whose name may already be as long as a name can be.
        temporary = target.parent / f".vnet-tui-{os.urandom(8).hex()}.tmp"
        try:
            file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600 if old else 0o666)
            try:
                if old:
                    _keep_access(file, target, old)
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(file, rest) :]
                os.fsync(file)
                written = _fingerprint(data, os.fstat(file))
            finally:
                os.close(file)  # network file systems may report a full disk only here
            _refuse_changed(path, target, expected)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except (OSError, ValueError) as error:
        raise _failure("save", path, error) from error
    # The new content is in place: a folder that cannot be synced must not make it look unsaved.
    with contextlib.suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return written


def _read(path: Path) -> tuple[bytes, Fingerprint]:
    data, status = _bytes(path, MAX_BYTES)
    return data, _fingerprint(data, status)


def _bytes(path: Path, most: int) -> tuple[bytes, os.stat_result]:
    """What the file holds, cut behind one byte more than `most`, and its status."""
    _refuse_special("read", path, os.stat(path))  # opening a device may already do something to it
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        status = os.fstat(file)
        _refuse_special("read", path, status)
        return _up_to(file, most + 1), status
    finally:
        os.close(file)


def _up_to(file: int, most: int) -> bytes:
    """What is still to be read of an open file, cut behind `most` bytes."""
    parts, size = [], 0
    while part := os.read(file, min(most - size, 1 << 20)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _own_pipe(path: Path) -> int | None:
    """The number under which this process was given the pipe at `path` to read; None for anything else."""
    match = _OWN.fullmatch(str(path))
    number = int(match[1]) if match else 0
    if number < 3 or not stat.S_ISFIFO(os.fstat(number).st_mode):
        return None
    return number if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY else None


def _fingerprint(data: bytes, status: os.stat_result) -> Fingerprint:
    # No more than _read reads, so that a larger file that was written here is known again.
    digest = hashlib.sha256(memoryview(data)[: MAX_BYTES + 1]).hexdigest()
    return Fingerprint(digest, status.st_size, status.st_mtime_ns, status.st_ino)


def _status_to_replace(path: Path, target: Path) -> os.stat_result | None:
    """Return the status of the file to replace, None where there is none; refuse what must not be replaced."""
    try:
        status = os.stat(target)
    except FileNotFoundError:
        return None
    _refuse_special("save", path, status)
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC))
    except PermissionError as error:
        hint = f"Make it writable (chmod u+w), or save under another name. {_NOT_LOST}"
        raise FileError(f"cannot save {path}: the file is read-only", hint) from error
    return status


def _keep_access(file: int, target: Path, old: os.stat_result) -> None:
    mode = old.st_mode & 0o777
    for owner in (old.st_uid, -1):
        with contextlib.suppress(OSError):
            os.fchown(file, owner, old.st_gid)
            break
    else:
        # Its group is now another one, which must not gain more than everybody has; nor by an ACL.
        with contextlib.suppress(OSError):
            os.fchmod(file, mode & 0o707 | (mode & 0o007) << 3)
        return
    with contextlib.suppress(OSError):
        os.fchmod(file, mode)
    with contextlib.suppress(OSError):  # not every file has one, not every file system knows them
        os.setxattr(file, _ACL, os.getxattr(target, _ACL))


def _refuse_changed(path: Path, target: Path, expected: Fingerprint | None) -> None:
    if expected is None or (now := fingerprint_of(target)).same_content(expected):
        return
    what = "was removed" if now == ABSENT else "was created" if expected == ABSENT else "was changed"
    raise FileChangedError(
        f"{path} {what} by somebody else in the meantime",
        f"Look at it before you overwrite it, or save under another name. {_NOT_LOST}",
    )


def _refuse_special(action: str, path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "a device")
        hint = f"Give the name of a regular file.{f' {_NOT_LOST}' if action == 'save' else ''}"
        raise FileError(f"cannot {action} {path}: it is {kind}", hint)


def _missing(path: Path) -> FileError:
    import difflib  # only here: it costs every start otherwise

    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        return FileError(f"cannot read {path}: the folder {target.parent} does not exist", "Check the path.")
    names: dict[str, str] = {}
    with contextlib.suppress(OSError), os.scandir(target.parent) as entries:
        names = {entry.name.lower(): entry.name for entry in islice(entries, 5000) if entry.is_file()}
    linked = os.path.islink(path)
    nearest = difflib.get_close_matches(target.name.lower(), names, n=1)
    hint = f"Did you mean {(target if linked else path).parent / names[nearest[0]]}?" if nearest else "Check the path."
    what = f"it is a link to {target}, which does not exist" if linked else "there is no such file"
    return FileMissingError(f"cannot read {path}: {what}", hint)


def _failure(action: str, path: Path, error: OSError | ValueError) -> FileError:
    if isinstance(error, ValueError):
        reason, hint = "the path holds a character that no path can hold", "Check the path."
    elif isinstance(error, PermissionError):
        reason = "permission denied" if action == "read" else "no permission to write to its folder"
        hint = "Ask for the permission (see ls -l), or use another place."
    else:
        reason, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), "Try another place."))
    return FileError(f"cannot {action} {path}: {reason}", f"{hint} {_NOT_LOST}" if action == "save" else hint)
