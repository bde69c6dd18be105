"""Revisions: a file as git has it at some revision.

Owns how git is asked: without a shell, a pager, a prompt or the network, with a time limit, and free of what the
environment says to git. Nothing here changes a repository.
Invariant: a revision is resolved to the id of a commit first, so that no text of a person is anything else to git.
"""

from __future__ import annotations

import os
import re
import subprocess
from typing import Final

from tui.errors import FileError, VnetTuiError
from tui.storage.files import MAX_BYTES

_SECONDS: Final = 20
_COMMIT: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_LISTED: Final = re.compile(rb"(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t", re.DOTALL)
_LINK: Final = b"120000"


def at_revision(file: str, revision: str) -> bytes | None:
    """Return what `file` held at `revision`; None if it was not there then.

    Raises VnetTuiError if git, the repository or the revision is missing, FileError for what is no file of text.
    """
    if revision.startswith("-") or "\0" in revision:
        raise VnetTuiError(f"{revision} is no revision", "give a commit, a branch or a tag, such as HEAD~1 or main")
    # What a link leads to has a history of its own.
    folder, name = os.path.split(os.path.realpath(file))
    _refuse_no_repository(folder, file)
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    sha = commit.stdout.decode(errors="replace").strip()
    if commit.returncode or not _COMMIT.fullmatch(sha):
        raise VnetTuiError(f"git knows no revision {revision} in {folder}", "see git log, git branch and git tag")
    listed = _git(folder, "ls-tree", "-z", "-l", sha, "--", name)
    if listed.returncode:
        raise FileError(f"git cannot say what {revision} holds: {_complaint(listed)}", "try git fsck")
    if not listed.stdout:
        return None
    match = _LISTED.match(listed.stdout)
    mode, kind, blob, size = match.groups() if match else (b"", b"", b"", b"-")
    if kind != b"blob" or mode == _LINK:
        raise FileError(f"{file} was no file at {revision}", "name the file that it was then")
    if size != b"-" and int(size) > MAX_BYTES:
        raise FileError(f"{file} was larger than {MAX_BYTES // 1024**2} MiB at {revision}", "is it the right file?")
    contents = _git(folder, "cat-file", "blob", blob.decode())
    if contents.returncode:
        raise FileError(f"git cannot read {file} at {revision}: {_complaint(contents)}", "try git fsck, or git fetch")
    return contents.stdout


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
