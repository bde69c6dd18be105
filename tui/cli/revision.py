"""Revisions: a file as git has it at some revision.

Owns how git is asked: without a shell, a pager, a prompt or the network, with a time limit, and free of what the
environment says to git. Nothing here changes a repository.
Invariant: a revision is resolved to the id of a commit first, so that no text of a person is anything else to git.
"""

from __future__ import annotations

import os
import re
import subprocess
from typing import Final, NamedTuple

from tui.errors import FileError, VnetTuiError
from tui.exchange.source import MAX_BYTES

_SECONDS: Final = 20
_COMMIT: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_LISTED: Final = re.compile(rb"(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t", re.DOTALL)
_LINK: Final = b"120000"


class Past(NamedTuple):
    """What a file was at a revision."""

    data: bytes
    other_name: str | None
    """The path that it had then, from the folder in which it is now; None where it had the name that it has."""


def at_revision(file: str, revision: str) -> Past | None:
    """Return what `file` was at `revision`, under whatever name; None if it was not there then.

    Raises VnetTuiError if git, the repository or the revision is missing, FileError for what is no file of text.
    """
    if revision.startswith("-") or "\0" in revision:
        raise VnetTuiError(f"{revision} is no revision", "give a commit, a branch or a tag, such as HEAD~1 or main")
    # What a link leads to has a history of its own.
    folder, name = os.path.split(os.path.realpath(file))
    _refuse_no_repository(folder, file)
    sha = _commit(folder, revision)
    held = _held(folder, sha, revision, name)
    if held is not None:
        return Past(_contents(folder, held, file, revision), None)
    old = _name_before(folder, sha, name)
    held = _held(folder, sha, revision, old) if old is not None else None
    return Past(_contents(folder, held, file, revision), old) if held is not None else None


def _commit(folder: str, revision: str) -> str:
    ran = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    sha = ran.stdout.decode(errors="replace").strip()
    if ran.returncode or not _COMMIT.fullmatch(sha):
        hint = "see git log, git branch and git tag"
        if ".." in revision:
            a, _, b = revision.partition("...") if "..." in revision else revision.partition("..")
            hint = f"a range is two of them; for where they parted: --git $(git merge-base {a or 'HEAD'} {b or 'HEAD'})"
        raise VnetTuiError(f"git knows no revision {revision} in {folder}", hint)
    return sha


def _held(folder: str, sha: str, revision: str, path: str) -> re.Match[bytes] | None:
    """What stands at `path`, seen from `folder`, in a commit: mode, kind, id and size; None for nothing."""
    listed = _git(folder, "ls-tree", "-z", "-l", sha, "--", path)
    if listed.returncode:
        raise FileError(f"git cannot say what {revision} holds: {_complaint(listed)}", "try git fsck")
    return _LISTED.match(listed.stdout) if listed.stdout else None


def _contents(folder: str, held: re.Match[bytes], file: str, revision: str) -> bytes:
    mode, kind, blob, size = held.groups()
    if kind != b"blob" or mode == _LINK:
        raise FileError(f"{file} was no file at {revision}", "name the file that it was then")
    if size != b"-" and int(size) > MAX_BYTES:
        raise FileError(f"{file} was larger than {MAX_BYTES >> 20} MiB at {revision}", "is it the right file?")
    contents = _git(folder, "cat-file", "blob", blob.decode())
    if contents.returncode:
        raise FileError(f"git cannot read {file} at {revision}: {_complaint(contents)}", "try git fsck, or git fetch")
    return contents.stdout


def _name_before(folder: str, sha: str, name: str) -> str | None:
    """The path, from `folder`, that what git has as `name` now had in the commit, where it was renamed since."""
    prefix = _git(folder, "rev-parse", "--show-prefix")
    # The index, not the work tree: looking into that may run filters.
    renamed = _git(folder, "diff-index", "--cached", "-r", "-z", "-M", "--name-status", "--diff-filter=R", sha, "--")
    if prefix.returncode or renamed.returncode:
        return None
    here = os.fsdecode(prefix.stdout.removesuffix(b"\n"))
    fields = renamed.stdout.split(b"\0")
    for old, new in zip(fields[1::3], fields[2::3], strict=False):
        if os.fsdecode(new) == here + name:
            return os.path.relpath(os.fsdecode(old), here or ".")
    return None


def _refuse_no_repository(folder: str, file: str) -> None:
    found = _git(folder, "rev-parse", "--git-dir")
    if found.returncode:
        complaint = _complaint(found)
        if "not a git repository" in complaint:
            raise VnetTuiError(f"{file} is in no git repository", "compare two files instead: vnet-tui diff A B")
        raise VnetTuiError(f"git cannot use the repository of {file}: {complaint}", "see git status there")


def _git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ("git", "--no-pager", "--no-replace-objects", "--literal-pathspecs", "-C", folder, *arguments)
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=_environment(), timeout=_SECONDS, check=False
        )
    except FileNotFoundError:
        raise VnetTuiError("git is not installed, or not in PATH", "compare two files: vnet-tui diff A B") from None
    except subprocess.TimeoutExpired:
        raise VnetTuiError(f"git did not answer within {_SECONDS} seconds", f"see git status in {folder}") from None
    except (OSError, ValueError) as error:
        raise VnetTuiError(f"git cannot be run: {error}", "compare two files: vnet-tui diff A B") from None


def _environment() -> dict[str, str]:
    """The environment without what would send git to another repository, and with what keeps it quiet and offline."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    return {**own, **quiet, "LC_ALL": "C", "LANGUAGE": "C"}


def _complaint(ran: subprocess.CompletedProcess[bytes]) -> str:
    lines = ran.stderr.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"exit status {ran.returncode}"
